//! Photos of cases: shown to whom the case exists.

use assessment::case::life::Act;
use axum::extract::{Path, State};
use axum::response::Response;

use super::super::App;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::super::photos;
use crate::casework::Opened;

/// A photo of a case.
pub async fn photo(
    State(app): State<App>,
    page: Page,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response> {
    let opened = Opened::find(&app.store, &page.viewer, app.clock.now(), &id).await?;
    let of_acts = opened.steps.iter().any(|step| match &step.act {
        Act::Check { photos, .. } | Act::Feedback { photos, .. } | Act::Verify { photos, .. } => {
            photos.contains(&digest)
        }
        _ => false,
    });
    if !of_acts && !opened.row.new.photos.contains(&digest) {
        return Err(Error::not_found());
    }
    photos::show(&app, &digest).await
}

/// A photo that the viewer has handed in at the desk, before and after it belongs to a case.
pub async fn own(
    State(app): State<App>,
    page: Page,
    Path(digest): Path<String>,
) -> Result<Response> {
    let login = &page.viewer.login;
    match app.store.handed_in_at_desk(login, &digest).await? {
        true => photos::show(&app, &digest).await,
        false => Err(Error::not_found()),
    }
}
