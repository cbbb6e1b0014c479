//! What lies behind a published month: its evidence as files, its photos, the outlines of the map.

use std::io::Write as _;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::published::{InEdition, Published};
use crate::round::Assessed;
use crate::web::App;
use crate::web::error::{Error, Result};

/// Outlines that come with the program; a file `boundaries.geojson` in the data folder takes their place.
const OUTLINES: &str = include_str!("../../../../../data/boundaries.web.geojson");

/// The outlines, unless the host has put an empty file in their place.
pub async fn outlines(app: &App) -> Option<String> {
    let own = tokio::fs::read_to_string(app.store.folder().join("boundaries.geojson")).await;
    Some(own.unwrap_or_else(|_| OUTLINES.to_owned())).filter(|outlines| !outlines.trim().is_empty())
}

/// The outlines of units, GeoJSON in WGS 84.
#[utoipa::path(get, path = "/boundaries.geojson", tag = "evidence", responses((status = 200, content_type = "application/geo+json"), (status = 404)))]
pub async fn boundaries(State(app): State<App>) -> Result<Response> {
    let outlines = outlines(&app).await.ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "application/geo+json"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, outlines).into_response())
}

/// A file to be kept under a name of its own.
pub fn file(name: &str, media_type: &'static str, bytes: impl Into<axum::body::Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes.into(),
    )
        .into_response()
}

/// The evidence of a published month with its rules: all that is needed to evaluate it again.
#[utoipa::path(get, path = "/evidence/{series}/{month}", tag = "evidence", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12.zip`")),
    responses((status = 200, content_type = "application/zip"), (status = 404)))]
pub async fn evidence(
    State(app): State<App>,
    Path((series, name)): Path<(String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    let month = name.strip_suffix(".zip").ok_or_else(Error::not_found)?;
    let published = Published::find(&app.store, &series, month, query?.edition).await?;
    let assessed = published.assessed(&app).await?;
    let scheme = app
        .store
        .scheme(&published.row.bulletin.scheme_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let standard = match &assessed.rules.scheme.standard {
        Some(id) => app.store.standard(id).await?.map(|standard| standard.text),
        None => None,
    };
    let bytes = tokio::task::spawn_blocking(move || {
        packed(&assessed, &scheme.scheme.text, standard.as_deref())
    })
    .await
    .map_err(Error::broken)?
    .map_err(Error::broken)?;
    Ok(file(
        &format!("{series}-{month}.zip"),
        "application/zip",
        bytes,
    ))
}

fn packed(
    assessed: &Assessed,
    scheme: &str,
    standard: Option<&str>,
) -> zip::result::ZipResult<Vec<u8>> {
    let canonical = assessed.frozen.canonical();
    let round = format!(
        "month {}\nfacts {}\nassessment {}\n",
        assessed.frozen.month(),
        canonical.digest,
        assessed.assessment.digest
    );
    let mut files: Vec<(&str, &str)> = canonical
        .files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    files.push(("scheme.toml", scheme));
    files.extend(standard.map(|standard| ("standard.toml", standard)));
    files.push(("round.txt", &round));
    files.push(("assessment.txt", &assessed.assessment.text));
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// A photo of a published finding.
#[utoipa::path(get, path = "/months/{series}/{month}/photos/{digest}", tag = "evidence", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("digest", description = "SHA-256 of the file")),
    responses((status = 200, content_type = "image/jpeg"), (status = 404)))]
pub async fn photo(
    State(app): State<App>,
    Path((series, month, digest)): Path<(String, String, String)>,
) -> Result<Response> {
    let published = Published::find(&app.store, &series, &month, None).await?;
    let assessed = published.assessed(&app).await?;
    if !assessed
        .frozen
        .facts()
        .findings
        .iter()
        .any(|finding| finding.photos.contains(&digest))
    {
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
    // Named by its digest, it can never change.
    let headers = [
        (header::CONTENT_TYPE, photo.media_type),
        (
            header::CACHE_CONTROL,
            "public, max-age=31536000, immutable".to_owned(),
        ),
    ];
    Ok((headers, bytes).into_response())
}
