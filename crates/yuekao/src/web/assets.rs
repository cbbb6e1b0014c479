//! Styles, scripts and fonts, embedded in the program.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::error::Error;

/// What `npm run build` made in `frontend/dist`.
#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
pub(super) struct Built;

/// One embedded file. Its name stays the same from version to version, so browsers ask whether it
/// is still what they have.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let EmbeddedFile { data, metadata } = Built::get(&path).ok_or_else(Error::not_found)?;
    let tag = format!("\"{}\"", hex::encode(&metadata.sha256_hash()[..16]));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
        known.to_str().is_ok_and(|known| {
            known
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        })
    });
    let caching = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(header::CONTENT_TYPE, media_type(&path))], data).into_response())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map" | "geojson") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
