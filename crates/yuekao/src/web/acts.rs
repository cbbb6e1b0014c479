//! The record of acts: who did what to what, and when. Contents are not shown, and the audit administrator sees nothing of an
//! inspection before its month is published: neither acts nor, by gaps in their numbers, that there are any.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
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
    asked: Asked,
    older: Option<String>,
    sealed: bool,
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
    let acts: Vec<ActLine> = acts
        .into_iter()
        .map(|act| ActLine::of(act, &page, sealed))
        .collect();
    html_or_json(&page, acts, |acts| ListPage {
        page: page.clone(),
        acts,
        asked,
        older,
        sealed: !insider,
    })
}
