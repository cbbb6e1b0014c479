//! Photos of cases: the copy is shown to whom the case exists; what is known of the original, and the original itself, to those who
//! may settle what it shows.

use std::path::PathBuf;

use askama::Template;
use assessment::case::life::Act;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::super::App;
use super::super::answer::html_or_json;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::super::photos;
use super::category_name;
use crate::casework::Opened;
use crate::datum::{decimal, metres};
use crate::store::field::Sight;
use crate::store::field_photo::{FieldPhoto, Giver, HandedIn};

/// The photos of a case.
#[derive(Debug, Serialize)]
pub struct Pictures {
    pub before: Vec<String>,
    /// The last that somebody took after the handling: the handler's, or the verifier's if there are any.
    pub after: Vec<String>,
    /// Those, of the whole history, of which a part is missing.
    pub cut_off: Vec<String>,
    /// Cases, this one or others, whose finding has such a photo as was handed in after the handling.
    pub same_photos: Vec<String>,
}

impl Pictures {
    /// As far as they exist for the viewer.
    pub(super) async fn of(
        app: &App,
        page: &Page,
        opened: &Opened,
        now: Timestamp,
    ) -> Result<Self> {
        let row = &opened.row;
        let (mut before, mut afterwards) = (row.new.photos.clone(), vec![]);
        for step in &opened.steps {
            match &step.act {
                Act::Check { photos, .. } => before.extend_from_slice(photos),
                Act::Feedback { photos, .. } | Act::Verify { photos, .. } => {
                    afterwards.push(photos);
                }
                _ => {}
            }
        }
        let after = afterwards.iter().rfind(|photos| !photos.is_empty());
        let after = after.map_or_else(Vec::new, |photos| photos.to_vec());
        let all = afterwards.into_iter().flatten().chain(&before);
        let cut_off = app.store.cut_off(all.cloned().collect()).await?;
        let mut same_photos = Vec::new();
        for id in app.store.cases_with_photos_like(&after, &row.id).await? {
            // Of a case that this viewer may not see there is nothing.
            if app.store.case(&page.viewer, now, &id).await?.is_some() {
                same_photos.push(id);
            }
        }
        Ok(Self {
            before,
            after,
            cut_off,
            same_photos,
        })
    }
}

/// Where in a case a photo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// In its report.
    Report,
    /// In a check, the handling or a verification.
    Act,
}

/// The case, if it exists for the viewer and has this photo.
async fn found(app: &App, page: &Page, id: &str, digest: &str) -> Result<(Opened, Part)> {
    let opened = Opened::find(&app.store, &page.viewer, app.clock.now(), id).await?;
    let holds = |photos: &[String]| photos.iter().any(|photo| photo == digest);
    let of_acts = opened.steps.iter().any(|step| match &step.act {
        Act::Check { photos, .. } | Act::Feedback { photos, .. } | Act::Verify { photos, .. } => {
            holds(photos)
        }
        _ => false,
    });
    match (holds(&opened.row.new.photos), of_acts) {
        (true, _) => Ok((opened, Part::Report)),
        (false, true) => Ok((opened, Part::Act)),
        (false, false) => Err(Error::not_found()),
    }
}

/// A photo of a case.
pub async fn photo(
    State(app): State<App>,
    page: Page,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response> {
    found(&app, &page, &id, &digest).await?;
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

/// What is known of a photo.
#[derive(Debug, Serialize)]
pub struct PhotoView {
    pub case: String,
    pub category_name: String,
    /// SHA-256 of the original.
    pub digest: String,
    pub media_type: String,
    /// Bytes.
    pub length: i64,
    /// Pixels, upright.
    pub size: Option<(i64, i64)>,
    /// When, and by whom; nothing is known of one that came in a file of evidence.
    pub handed_in: Vec<HandedInView>,
    /// When it was taken, as the file says.
    pub taken_at: Option<String>,
    /// Longitude and latitude, as the file says.
    pub position: Option<(String, String)>,
    /// Metres from there to the case.
    pub metres: Option<u64>,
    /// The file ends before the picture does.
    pub cut_off: bool,
}

/// When a photo was handed in, and by whom.
#[derive(Debug, Serialize)]
pub struct HandedInView {
    pub at: String,
    pub by: String,
}

#[derive(Template)]
#[template(path = "case/photo.html")]
struct AboutPage {
    page: Page,
    photo: PhotoView,
}

/// The file of a photo as it was handed in.
struct Original {
    path: PathBuf,
    media_type: String,
    /// Bytes.
    length: i64,
    /// What the darkroom found; nothing of one that came in a file of evidence, which is its own original.
    known: Option<FieldPhoto>,
}

impl Original {
    async fn of(app: &App, digest: &str) -> Result<Self> {
        if let Some(known) = app.store.field_photo(Sight::All, digest).await? {
            return Ok(Self {
                path: app.store.original_path(digest),
                media_type: known.media_type.clone(),
                length: known.length,
                known: Some(known),
            });
        }
        let photo = app.store.photo(digest).await?;
        let photo = photo.ok_or_else(Error::not_found)?;
        Ok(Self {
            path: app.store.photo_path(digest),
            media_type: photo.media_type,
            length: photo.length,
            known: None,
        })
    }
}

/// What is known of a photo of a case.
pub async fn about(
    State(app): State<App>,
    page: Page,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response> {
    let (opened, part) = found(&app, &page, &id, &digest).await?;
    let original = Original::of(&app, &digest).await?;
    let new = &opened.row.new;
    let known = original.known.as_ref();
    let position = known.and_then(|known| known.place);
    let view = PhotoView {
        category_name: category_name(&new.category, page.language),
        media_type: original.media_type,
        length: original.length,
        size: known.and_then(|known| known.size),
        handed_in: handed_in(&app, &page, &opened, part, &digest).await?,
        taken_at: known
            .and_then(|known| known.taken_at)
            .map(|at| page.moment(&at)),
        position: position.map(|(lng, lat)| (decimal(lng), decimal(lat))),
        metres: position
            .zip(new.lng.zip(new.lat))
            .map(|(taken, reported)| metres(taken, reported)),
        cut_off: known.is_some_and(|known| known.cut_off),
        case: id,
        digest,
    };
    html_or_json(&page, view, |photo| AboutPage {
        page: page.clone(),
        photo,
    })
}

/// When the photo was handed in, and by whom. That an inspector has the same one too is said to those who see what is still
/// secret, and where the case is the inspector's.
async fn handed_in(
    app: &App,
    page: &Page,
    opened: &Opened,
    part: Part,
    digest: &str,
) -> Result<Vec<HandedInView>> {
    let inspectors = part == Part::Report && opened.row.new.source == "agency";
    let shown =
        |one: &HandedIn| one.by != Giver::Inspector || inspectors || page.viewer.sees_unpublished();
    let mut all = app.store.photo_handed_in(digest).await?;
    all.retain(shown);
    let logins = all.iter().filter_map(|one| match &one.by {
        Giver::Desk(login) => Some(login.as_str()),
        _ => None,
    });
    let names = app.store.names(logins).await?;
    let view = |one: &HandedIn| HandedInView {
        at: page.moment(&one.at),
        by: match &one.by {
            Giver::Inspector => page.t("case-photo-by-inspector"),
            Giver::Citizen => page.t("case-photo-by-citizen"),
            Giver::Desk(login) => names.get(login).unwrap_or(login).clone(),
        },
    };
    Ok(all.iter().map(view).collect())
}

/// The original of a photo of a case, to be kept.
pub async fn original(
    State(app): State<App>,
    page: Page,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response> {
    found(&app, &page, &id, &digest).await?;
    let original = Original::of(&app, &digest).await?;
    photos::original(original.path, &digest, &original.media_type).await
}
