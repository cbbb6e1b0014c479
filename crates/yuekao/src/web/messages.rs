//! Messages about cases: what somebody has to know, the newest first.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::cases::category_name;
use super::error::Result;
use super::page::Page;
use crate::store::case::message::{Mark, Place};
use crate::store::seal::Seal;

/// Messages on a page.
const SHOWN: i64 = 100;

/// A message on the page.
#[derive(Debug, Serialize)]
pub struct Line {
    pub at: String,
    pub kind: String,
    pub says: String,
    pub case: String,
    pub category: String,
    pub place: String,
    pub unread: bool,
}

/// The messages of a page, and how far the list goes of which it is one.
#[derive(Debug, Serialize)]
pub struct Messages {
    pub unread: i64,
    pub messages: Vec<Line>,
    /// How far the list goes, under seal.
    pub mark: String,
    /// Address of the next page.
    pub next: Option<String>,
    /// Some below this page are unread.
    pub unread_below: bool,
}

#[derive(Template)]
#[template(path = "desk/messages.html")]
struct MessagesPage {
    page: Page,
    list: Messages,
    /// There are newer ones than those of this page.
    below: bool,
}

/// The list that a page goes on with, and the last message of the page before it; both under seal.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    mark: String,
    #[serde(default)]
    below: String,
}

impl Asked {
    fn list(&self, seal: &Seal) -> Option<(Mark, Place)> {
        let (seq, at) = seal.open(&self.below)?;
        let at = Timestamp::from_millisecond(at).ok()?;
        Some((mark(seal, &self.mark)?, (at, seq)))
    }
}

fn mark(seal: &Seal, text: &str) -> Option<Mark> {
    let (seq, until) = seal.open(text)?;
    let until = Timestamp::from_millisecond(until).ok()?;
    Some(Mark { seq, until })
}

/// The viewer's messages.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (store, now) = (&app.store, app.clock.now());
    let seal = store.seal().await?;
    let (mark, place) = match asked.list(&seal) {
        Some((mark, place)) => (mark, Some(place)),
        None => (store.newest_message(&page.viewer, now).await?, None),
    };
    let mut found = store
        .case_messages(&page.viewer, now, place, SHOWN + 1)
        .await?;
    let more = found.len() > SHOWN as usize;
    found.truncate(SHOWN as usize);
    let last = found.last().filter(|_| more);
    let last = last.map(|message| (message.at, message.seq));
    let unread_below = match last {
        Some(last) => store.unread_messages(&page.viewer, now, Some(last)).await? > 0,
        None => false,
    };
    let mark = seal.close((mark.seq, mark.until.as_millisecond()));
    let list = Messages {
        unread: store.unread_messages(&page.viewer, now, None).await?,
        next: last.map(|(at, seq)| {
            let below = seal.close((seq, at.as_millisecond()));
            format!("/desk/messages?mark={mark}&below={below}")
        }),
        mark,
        unread_below,
        messages: found
            .into_iter()
            .map(|message| Line {
                at: page.moment(&message.at),
                says: page.t(&format!("message-{}", message.kind)),
                kind: message.kind,
                case: message.case,
                category: category_name(&message.category, page.language),
                place: message.place,
                unread: message.unread,
            })
            .collect(),
    };
    html_or_json(&page, list, |list| MessagesPage {
        page: page.clone(),
        list,
        below: place.is_some(),
    })
}

/// How far messages were shown.
#[derive(Deserialize)]
pub struct Seen {
    mark: String,
}

/// Marks what was on the pages as read; what came since, or shows since, stays unread.
pub async fn read(State(app): State<App>, page: Page, Form(seen): Form<Seen>) -> Result<Redirect> {
    let seal = app.store.seal().await?;
    if let Some(mark) = mark(&seal, &seen.mark) {
        app.store.read_messages(&page.viewer, mark).await?;
    }
    Ok(Redirect::to("/desk/messages"))
}
