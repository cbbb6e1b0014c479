//! Keys of other systems: made and revoked by the system administrator.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Form, Path, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

use super::App;
use super::answer::html;
use super::error::{Error, Result};
use super::page::Page;
use crate::intake::SOURCES;
use crate::store::key::KeyRow;

#[derive(Template)]
#[template(path = "desk/keys.html")]
struct KeysPage {
    page: Page,
    keys: Vec<KeyRow>,
    sources: [&'static str; 2],
    /// The key that has just been made, shown this once.
    made: Option<String>,
}

async fn show(app: &App, page: Page, made: Option<String>) -> Result<Response> {
    html(&KeysPage {
        keys: app.store.keys().await?,
        sources: SOURCES,
        made,
        page,
    })
}

/// The keys.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    show(&app, page, None).await
}

/// For which system a key is made.
#[derive(Deserialize)]
pub struct New {
    source: String,
    name: String,
}

/// Makes a key and shows it once.
pub async fn make(State(app): State<App>, page: Page, Form(new): Form<New>) -> Result<Response> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 60 || !SOURCES.contains(&new.source.as_str()) {
        return Err(Error::refused(Message::new("key-name-missing")));
    }
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let key = app.store.make_key(now, &who, &new.source, name).await?;
    show(&app, page, Some(key)).await
}

/// Revokes a key.
pub async fn revoke(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Redirect> {
    let now = app.clock.now();
    app.store.revoke_key(now, &page.viewer.login, &id).await?;
    Ok(Redirect::to("/desk/keys"))
}
