//! The record of acts: who did what to what, and when. Contents are not shown, and the audit administrator sees nothing of an
//! inspection before its month is published: neither acts nor, by gaps in their numbers, that there are any.

use askama::Template;
use assessment::case::life::Kind;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::called::People;
use super::error::Result;
use super::page::Page;
use crate::store::act::Act;

/// Acts on a page.
const SHOWN: i64 = 100;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Acts before this number.
    before: Option<i64>,
    /// Acts after so many of the newest: where numbers are sealed.
    #[serde(default)]
    skip: u32,
    #[serde(default)]
    noun: String,
    #[serde(default)]
    who: String,
}

/// An act without its body.
#[derive(Debug, Serialize)]
pub struct ActLine {
    /// Place in the record; none as long as it would tell how much was done under the seal.
    pub seq: Option<i64>,
    /// When, in the host's civil time.
    pub at: String,
    /// Login of who did it.
    pub who: String,
    /// The kind of thing.
    pub noun: String,
    /// The thing; left out where it would tell what is not published.
    pub id: Option<String>,
    /// What was done.
    pub kind: String,
    /// SHA-256 over the whole act.
    pub leaf: String,
}

/// Things that exist for everybody who works here; of all others the record shows no id.
const OPEN_NOUNS: [&str; 7] = [
    "account",
    "host",
    "standard",
    "scheme",
    "unit",
    "round",
    "reference_picture",
];

/// What the record holds, in the words of the interface: each noun with what is done to it. Of a case it is whatever can be
/// done to one.
const SAID: &[(&str, &[&str])] = &[
    (
        "account",
        &[
            "created",
            "changed",
            "password_set",
            "reset_made",
            "disabled",
            "enabled",
            "handed_over",
        ],
    ),
    ("agency", &["set"]),
    ("area", &["set"]),
    (
        "assignment",
        &["changed", "replaced", "visited", "visit_rejected"],
    ),
    ("board", &["copied"]),
    ("bulletin", &["published"]),
    ("case", &[]),
    ("case_batch", &["begun", "went"]),
    ("case_correction", &["sent"]),
    ("case_rules", &["adopted", "applied", "counted"]),
    ("citizen", &["sent", "followed"]),
    ("evidence", &["taken", "withdrawn"]),
    ("field", &["received", "settled"]),
    ("field-photo", &["uploaded", "previewed", "developed"]),
    ("grid", &["drawn", "assigned"]),
    ("host", &["founded", "changed"]),
    ("import", &["taken"]),
    ("inspector", &["set"]),
    ("key", &["made", "revoked"]),
    (
        "observation",
        &["accepted", "rejected", "duplicate", "reopened"],
    ),
    ("patrol", &["recorded"]),
    (
        "plan",
        &[
            "drawn",
            "assigned",
            "released",
            "withdrawn",
            "release_hour_set",
            "discarded",
        ],
    ),
    ("reference_picture", &["set", "removed"]),
    ("result", &["published", "imported"]),
    (
        "round",
        &["opened", "frozen", "reopen_asked", "reopened", "published"],
    ),
    ("saved_view", &["kept", "dropped"]),
    ("scheme", &["adopted", "withdrawn"]),
    ("site", &["spanned"]),
    ("standard", &["adopted"]),
    ("unit", &["set", "ended"]),
    ("visit", &["accepted", "rejected"]),
    (
        "webhook",
        &[
            "made",
            "secret_made",
            "replayed",
            "stopped",
            "started",
            "removed",
            "tested",
        ],
    ),
];

/// A noun of the record, as it is said; one that has no words stands as it is.
fn noun_said(page: &Page, noun: &str) -> String {
    match SAID.iter().any(|(known, _)| *known == noun) {
        true => page.t(&format!("acts-noun-{}", noun.replace('_', "-"))),
        false => noun.to_owned(),
    }
}

/// What was done to a noun, as it is said.
pub fn kind_said(page: &Page, noun: &str, kind: &str) -> String {
    let word = kind.replace('_', "-");
    let known = SAID
        .iter()
        .any(|(known, kinds)| *known == noun && kinds.contains(&kind));
    match noun {
        "case" if kind == "reported" => page.t(Kind::Report.key()),
        "case" => Kind::parse(&word).map_or_else(|| kind.to_owned(), |kind| page.t(kind.key())),
        _ if known => page.t(&format!("act-{}-{word}", noun.replace('_', "-"))),
        _ => kind.to_owned(),
    }
}

impl ActLine {
    fn of(act: Act, page: &Page, sealed: Option<Timestamp>) -> Self {
        Self {
            seq: Some(act.seq).filter(|_| sealed.is_none_or(|since| act.at < since)),
            at: page.moment(&act.at),
            who: act.who,
            id: OPEN_NOUNS.contains(&act.noun.as_str()).then_some(act.id),
            noun: act.noun,
            kind: act.kind,
            leaf: act.leaf,
        }
    }
}

#[derive(Template)]
#[template(path = "act/list.html")]
struct ListPage {
    page: Page,
    acts: Vec<ActLine>,
    people: People,
    asked: Asked,
    older: Option<String>,
    sealed: bool,
}

impl ListPage {
    /// Nouns to choose from: word and name.
    fn nouns(&self) -> Vec<(&'static str, String)> {
        let said = SAID.iter();
        said.map(|(noun, _)| (*noun, noun_said(&self.page, noun)))
            .collect()
    }

    fn noun(&self, act: &ActLine) -> String {
        noun_said(&self.page, &act.noun)
    }

    fn kind(&self, act: &ActLine) -> String {
        kind_said(&self.page, &act.noun, &act.kind)
    }
}

/// The record, newest first.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (noun, who) = (asked.noun.trim(), asked.who.trim());
    let insider = page.viewer.sees_unpublished();
    let (acts, sealed) = match insider {
        true => {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let (noun, who) = (some(noun), some(who));
            let before = asked.before.unwrap_or(i64::MAX);
            let acts = app
                .store
                .acts_before(before, noun.as_deref(), who.as_deref(), SHOWN);
            (acts.await?, None)
        }
        false => {
            let sealed = app.store.sealed_since().await?;
            let (now, skip) = (app.clock.now(), asked.skip.into());
            let acts = app.store.unsealed_acts(now, sealed, noun, who, skip, SHOWN);
            (acts.await?, sealed)
        }
    };
    let older = acts
        .last()
        .filter(|last| last.seq > 1 && acts.len() as i64 == SHOWN)
        .map(|last| {
            let from = match insider {
                true => ("before", last.seq.to_string()),
                false => ("skip", (i64::from(asked.skip) + SHOWN).to_string()),
            };
            let query = [from, ("noun", noun.to_owned()), ("who", who.to_owned())];
            let query = serde_urlencoded::to_string(query);
            format!("/desk/acts?{}", query.unwrap_or_default())
        });
    let people = People::of(&app, &page, acts.iter().map(|act| act.who.as_str())).await?;
    let acts: Vec<ActLine> = acts
        .into_iter()
        .map(|act| ActLine::of(act, &page, sealed))
        .collect();
    html_or_json(&page, acts, |acts| ListPage {
        page: page.clone(),
        people,
        acts,
        asked,
        older,
        sealed: !insider,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// Nouns of the deeds in the sources of the store, each with the kinds of its acts.
    fn deeds(folder: &Path, deeds: &mut BTreeMap<String, BTreeSet<String>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self::deeds(&path, deeds);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for implemented in text.split("impl Deed for ").skip(1) {
                let (deed, rest) = implemented.split_once(' ').unwrap();
                let (_, noun) = rest.split_once("const NOUN: &'static str = \"").unwrap();
                let (noun, _) = noun.split_once('"').unwrap();
                // What is done to cases is said in the words of the case desk.
                let begin = format!("pub enum {deed} {{\n");
                let variants = match noun {
                    "case" => "",
                    _ => text.split_once(&begin).unwrap().1,
                };
                let variants = variants.split("\n}").next().unwrap().lines();
                let variants = variants.filter_map(|line| {
                    let name = line.strip_prefix("    ")?;
                    let name = name.split(|c: char| !c.is_alphanumeric()).next()?;
                    name.starts_with(|c: char| c.is_uppercase())
                        .then(|| snake(name))
                });
                deeds.insert(noun.to_owned(), variants.collect());
            }
        }
    }

    fn snake(name: &str) -> String {
        let mut word = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !word.is_empty() {
                word.push('_');
            }
            word.extend(letter.to_lowercase());
        }
        word
    }

    #[test]
    fn whatever_is_recorded_has_words() {
        let mut known = BTreeMap::new();
        deeds(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"),
            &mut known,
        );
        let said = SAID.iter().map(|(noun, kinds)| {
            let kinds = kinds.iter().map(|kind| (*kind).to_owned());
            ((*noun).to_owned(), kinds.collect())
        });
        assert_eq!(said.collect::<BTreeMap<String, BTreeSet<String>>>(), known);
        for (noun, kinds) in SAID {
            let noun = noun.replace('_', "-");
            let mut keys = vec![format!("acts-noun-{noun}")];
            keys.extend(
                kinds
                    .iter()
                    .map(|kind| format!("act-{noun}-{}", kind.replace('_', "-"))),
            );
            for key in keys {
                let word = crate::words::Language::Chinese.word(&key);
                assert!(!word.contains("Unknown localization"), "{key}: {word}");
            }
        }
    }
}
