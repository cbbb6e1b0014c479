//! Photos on their way in. Those that come with a form, of those who handle a case and of citizens, are kept as they came,
//! and the darkroom makes the copy that is shown, like those from the field.

use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::Field;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use tokio::time::{Instant, sleep};

use super::App;
use super::error::{Error, Result};
use crate::field::photo::{LARGEST, media_type};
use crate::store::field::Sight;
use crate::store::field_photo::Hand;
use crate::store::incoming::Incoming;

/// So long a form waits for the darkroom to say whether there is a picture. After that it is taken as it is.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOKED_AGAIN: Duration = Duration::from_millis(40);

/// Streams a photo into a file beside; writing happens away from the threads that answer. `None`: it has more than so many
/// bytes.
pub async fn taken_in(
    app: &App,
    stream: impl Stream<Item = Result<Bytes>>,
    most: usize,
) -> Result<Option<Incoming>> {
    let mut incoming = app.store.incoming();
    let mut stream = pin!(stream);
    while let Some(bytes) = stream.next().await {
        let bytes = bytes?;
        if incoming.length() as usize + bytes.len() > most {
            return Ok(None);
        }
        let mut others = incoming.take(&bytes);
        while !others.is_empty() {
            incoming = written(incoming).await?;
            others = incoming.take(others);
        }
    }
    Ok(Some(incoming))
}

async fn written(mut incoming: Incoming) -> Result<Incoming> {
    tokio::task::spawn_blocking(move || incoming.write().map(|()| incoming))
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)
}

/// Takes the file of a form in, at most so many bytes of it; `None`: none was chosen. The rest of one that is too large is
/// read past.
pub async fn taken(
    app: &App,
    field: Field<'_>,
    most: usize,
) -> Result<std::result::Result<Option<Incoming>, &'static str>> {
    let stream = field.map_err(Error::from);
    Ok(match taken_in(app, stream, most.min(LARGEST)).await? {
        Some(incoming) => Ok((incoming.length() > 0).then_some(incoming)),
        None => Err("photo-large"),
    })
}

/// Keeps a photo and returns its digest, or the key of what is wrong with it. Nothing is decoded here: the darkroom looks.
pub async fn keep(
    app: &App,
    hand: Hand<'_>,
    incoming: Incoming,
) -> Result<std::result::Result<String, &'static str>> {
    let kind = match media_type(incoming.head()) {
        Some(kind @ ("image/jpeg" | "image/png")) => kind,
        _ => return Ok(Err("photo-kind")),
    };
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
            None if photo.cut_off => return Ok(Err("photo-damaged")),
            None if photo.state == "ready" || Instant::now() > until => return Ok(Ok(digest)),
            None => sleep(LOOKED_AGAIN).await,
        }
    }
}

/// A file as it was handed in, to be kept, for whom the caller has found it may be given to.
pub async fn original(path: PathBuf, digest: &str, media_type: &str) -> Result<Response> {
    let bytes = tokio::fs::read(path)
        .await
        .map_err(|_| Error::not_found())?;
    let ending = media_type.rsplit('/').next().unwrap_or("bin");
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{digest}.{ending}\""),
        ),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    Ok((headers, bytes).into_response())
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
