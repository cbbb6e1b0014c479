//! Photos that come with a form, of those who handle a case and of citizens: the original is kept as it came, and the
//! darkroom makes the copy that is shown, like those from the field.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use tokio::time::{Instant, sleep};

use super::App;
use super::error::{Error, Result};
use crate::field::photo::{LARGEST, media_type};
use crate::store::field::Sight;
use crate::store::field_photo::Hand;

/// So long a form waits for the darkroom to say whether there is a picture. After that it is taken as it is.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOKED_AGAIN: Duration = Duration::from_millis(40);

/// Keeps a photo and returns its digest, or the key of what is wrong with it. Nothing is decoded here: the darkroom looks.
pub async fn keep(
    app: &App,
    hand: Hand<'_>,
    bytes: Bytes,
    largest: usize,
) -> Result<std::result::Result<String, &'static str>> {
    if bytes.len() > largest.min(LARGEST) {
        return Ok(Err("photo-large"));
    }
    let kind = match media_type(&bytes) {
        Some(kind @ ("image/jpeg" | "image/png")) => kind,
        _ => return Ok(Err("photo-kind")),
    };
    let store = app.store.clone();
    let incoming = tokio::task::spawn_blocking(move || {
        let mut incoming = store.incoming()?;
        incoming.take(&bytes)?;
        std::io::Result::Ok(incoming)
    });
    let incoming = incoming.await.map_err(Error::broken)?;
    let incoming = incoming.map_err(Error::broken)?;
    let digest = incoming.digest();
    let now = app.clock.now();
    app.store
        .keep_original(now, hand, incoming, kind, true)
        .await?;
    app.field.darkroom.ring_at_once();
    let until = Instant::now() + PATIENCE;
    loop {
        let photo = app.store.field_photo(Sight::All, &digest).await?;
        let photo = photo.ok_or_else(Error::not_found)?;
        match photo.reason.as_deref() {
            Some("too-large") => return Ok(Err("photo-pixels")),
            Some(_) => return Ok(Err("photo-damaged")),
            None if photo.state == "ready" || Instant::now() > until => return Ok(Ok(digest)),
            None => sleep(LOOKED_AGAIN).await,
        }
    }
}

/// The copy of a photo, for whom the caller has found it may be shown to.
pub async fn show(app: &App, digest: &str) -> Result<Response> {
    let photo = app.store.photo(digest).await?;
    let photo = photo.ok_or_else(Error::not_found)?;
    let bytes = tokio::fs::read(app.store.photo_path(digest)).await;
    let headers = [
        (header::CONTENT_TYPE, photo.media_type),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    Ok((headers, bytes.map_err(|_| Error::not_found())?).into_response())
}
