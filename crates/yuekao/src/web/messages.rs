//! Messages about cases: what somebody has to know, the newest first.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::cases::category_name;
use super::error::Result;
use super::page::Page;

/// Messages on the page.
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

/// The messages, and until when they go.
#[derive(Debug, Serialize)]
pub struct Messages {
    pub unread: i64,
    pub messages: Vec<Line>,
    /// Epoch milliseconds.
    pub until: i64,
}

#[derive(Template)]
#[template(path = "desk/messages.html")]
struct MessagesPage {
    page: Page,
    list: Messages,
}

/// The viewer's messages.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let now = app.clock.now();
    let found = app.store.case_messages(&page.viewer, now, SHOWN).await?;
    let list = Messages {
        unread: app.store.unread_messages(&page.viewer, now).await?,
        until: now.as_millisecond(),
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
    })
}

/// Until when messages were seen.
#[derive(Deserialize)]
pub struct Seen {
    until: i64,
}

/// Marks what was on the page as read; what came since stays unread.
pub async fn read(State(app): State<App>, page: Page, Form(seen): Form<Seen>) -> Result<Redirect> {
    let now = app.clock.now();
    let until = Timestamp::from_millisecond(seen.until).map_or(now, |until| until.min(now));
    app.store.read_messages(&page.viewer, until).await?;
    Ok(Redirect::to("/desk/messages"))
}
