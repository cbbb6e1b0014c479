//! Photos of cases: kept under their digest, shown to whom the case exists.

use assessment::case::life::Act;
use assessment::message::Message;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::super::App;
use super::super::error::{Error, Result};
use super::super::page::Page;
use crate::casework::Opened;

/// Largest photo.
const LARGEST: usize = 30 << 20;

/// Keeps a photo and returns its digest. It is known by its first bytes; nothing is decoded here.
pub(super) async fn keep(app: &App, bytes: Vec<u8>) -> Result<String> {
    let refuse = |key| Error::refused(Message::new(key));
    if bytes.len() > LARGEST {
        return Err(refuse("case-photo-too-large"));
    }
    let media_type = match bytes.as_slice() {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        _ => return Err(refuse("case-not-a-photo")),
    };
    let synthetic = app.store.is_synthetic().await?;
    Ok(app.store.keep_photo(bytes, media_type, synthetic).await?)
}

/// A photo of a case.
pub async fn photo(
    State(app): State<App>,
    page: Page,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response> {
    let opened = Opened::find(&app.store, &page.viewer, app.clock.now(), &id).await?;
    let of_acts = opened.steps.iter().any(|step| match &step.act {
        Act::Feedback { photos, .. } | Act::Verify { photos, .. } => photos.contains(&digest),
        _ => false,
    });
    if !of_acts && !opened.row.new.photos.contains(&digest) {
        return Err(Error::not_found());
    }
    let photo = app
        .store
        .photo(&digest)
        .await?
        .ok_or_else(Error::not_found)?;
    let bytes = tokio::fs::read(app.store.photo_path(&digest))
        .await
        .map_err(|_| Error::not_found())?;
    let headers = [
        (header::CONTENT_TYPE, photo.media_type),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
