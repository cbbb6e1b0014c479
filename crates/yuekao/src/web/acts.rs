//! The record of acts: who did what to what, and when. Contents are not shown: an open month stays secret here too.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
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
    #[serde(default)]
    noun: String,
    #[serde(default)]
    who: String,
}

/// An act without its body.
#[derive(Debug, Serialize)]
pub struct ActLine {
    /// Place in the record.
    pub seq: i64,
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
    fn of(act: Act, page: &Page) -> Self {
        Self {
            seq: act.seq,
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
}

/// The record, newest first.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (noun, who) = (asked.noun.trim(), asked.who.trim());
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let acts: Vec<ActLine> = app
        .store
        .acts_before(
            asked.before.unwrap_or(i64::MAX),
            some(noun).as_deref(),
            some(who).as_deref(),
            SHOWN,
        )
        .await?
        .into_iter()
        .map(|act| ActLine::of(act, &page))
        .collect();
    let older = acts
        .last()
        .filter(|last| last.seq > 1 && acts.len() as i64 == SHOWN)
        .map(|last| {
            let query = serde_urlencoded::to_string([
                ("before", last.seq.to_string().as_str()),
                ("noun", noun),
                ("who", who),
            ]);
            format!("/desk/acts?{}", query.unwrap_or_default())
        });
    html_or_json(&page, acts, |acts| ListPage {
        page: page.clone(),
        acts,
        asked,
        older,
    })
}
