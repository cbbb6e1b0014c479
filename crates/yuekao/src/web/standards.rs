//! A catalogue of indicators at the desk, and the reference pictures that inspectors are shown beside them.

use std::collections::HashMap;

use askama::Template;
use assessment::indicator::{Indicator, Standard};
use assessment::message::Message;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::answer::html_or_json;
use super::called::People;
use super::error::{Error, Result};
use super::page::Page;
use super::{App, photos};
use crate::store::field_photo::Hand;
use crate::store::picture::ReferencePicture;

/// Largest picture, in bytes: phones carry its copy, not this file.
const LARGEST_PICTURE: usize = 10 << 20;
/// Largest form with a picture.
pub const LARGEST: usize = LARGEST_PICTURE + (1 << 20);

/// A catalogue as its page shows it.
#[derive(Debug, Serialize)]
pub struct StandardView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the text.
    pub digest: String,
    /// How many of its indicators have a picture.
    pub with_picture: usize,
    /// How many indicators it has.
    pub count: usize,
    /// Its indicators under the headings of the bulletin.
    pub groups: Vec<Group>,
}

/// The indicators of a heading.
#[derive(Debug, Serialize)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// Its indicators, in the order of the catalogue.
    pub indicators: Vec<IndicatorLine>,
}

/// An indicator with its picture.
#[derive(Debug, Serialize)]
pub struct IndicatorLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is required.
    pub requirement: String,
    /// Its picture, if it has one.
    pub picture: Option<PictureLine>,
}

/// A reference picture.
#[derive(Debug, Serialize)]
pub struct PictureLine {
    /// Its digest.
    pub photo: String,
    /// Who set it.
    pub login: String,
    /// When, in the host's civil time.
    pub set_at: String,
    /// It can be shown.
    pub ready: bool,
}

#[derive(Template)]
#[template(path = "standard/one.html")]
struct OnePage {
    page: Page,
    standard: StandardView,
    people: People,
}

async fn read(app: &App, id: &str) -> Result<Standard> {
    let adopted = app.store.standard(id).await?;
    let adopted = adopted.ok_or_else(Error::not_found)?;
    Standard::parse(&adopted.text)
        .0
        .ok_or_else(Error::not_found)
}

/// One adopted catalogue: its indicators, each with its picture.
pub async fn one(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let standard = read(&app, &id).await?;
    let pictures = app.store.reference_pictures().await?.into_iter();
    let mut pictures: HashMap<String, ReferencePicture> =
        pictures.map(|one| (one.indicator.clone(), one)).collect();
    let mut line = |one: &Indicator| IndicatorLine {
        id: one.id.clone(),
        title: page.language.of(&one.title).to_owned(),
        requirement: page.language.of(&one.requirement).to_owned(),
        picture: pictures.remove(&one.id).map(|picture| PictureLine {
            photo: picture.photo,
            login: picture.login,
            set_at: page.moment(&picture.set_at),
            ready: picture.ready,
        }),
    };
    let groups: Vec<Group> = standard
        .headings
        .iter()
        .map(|heading| Group {
            title: page.language.of(&heading.title).to_owned(),
            indicators: standard
                .indicators
                .iter()
                .filter(|one| one.heading == heading.id)
                .map(&mut line)
                .collect(),
        })
        .filter(|group| !group.indicators.is_empty())
        .collect();
    let lines = || groups.iter().flat_map(|group| &group.indicators);
    let view = StandardView {
        title: page.language.of(&standard.title).to_owned(),
        digest: standard.digest.to_string(),
        with_picture: lines().filter(|one| one.picture.is_some()).count(),
        count: lines().count(),
        groups,
        id,
    };
    let indicators = view.groups.iter().flat_map(|group| &group.indicators);
    let logins = indicators.filter_map(|one| Some(one.picture.as_ref()?.login.as_str()));
    let people = People::of(&app, &page, logins).await?;
    html_or_json(&page, view, |standard| OnePage {
        page: page.clone(),
        standard,
        people,
    })
}

/// The indicator of an adopted catalogue.
async fn known(app: &App, id: &str, indicator: &str) -> Result<()> {
    let standard = read(app, id).await?;
    let found = standard.indicator(indicator).map(drop);
    found.ok_or_else(|| {
        Error::missing(Message::new("picture-no-indicator").with("indicator", indicator))
    })
}

fn back(id: &str, indicator: &str) -> Redirect {
    Redirect::to(&format!("/desk/standards/{id}#{indicator}"))
}

/// Gives an indicator a picture, or another one.
pub async fn set_picture(
    State(app): State<App>,
    page: Page,
    Path((id, indicator)): Path<(String, String)>,
    mut form: Multipart,
) -> Result<Redirect> {
    known(&app, &id, &indicator).await?;
    let refused = |key| match key {
        "photo-large" => Error::refused(
            Message::new("picture-large").with("megabytes", (LARGEST_PICTURE >> 20) as i64),
        ),
        key => Error::refused(Message::new(key)),
    };
    let mut kept = None;
    while let Some(field) = form.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        let taken = photos::taken(&app, field, LARGEST_PICTURE).await?;
        if let Some(incoming) = taken.map_err(refused)? {
            let hand = Hand::Desk(&page.viewer.login);
            kept = Some(photos::keep(&app, hand, incoming).await?.map_err(refused)?);
        }
    }
    let photo = kept.ok_or_else(|| Error::refused(Message::new("picture-missing")))?;
    let now = app.clock.now();
    app.store
        .set_picture(now, &page.viewer.login, &indicator, photo)
        .await?;
    Ok(back(&id, &indicator))
}

/// The picture that was seen when it was to be taken away.
#[derive(Deserialize)]
pub struct Seen {
    photo: String,
}

/// Takes the picture of an indicator away.
pub async fn remove_picture(
    State(app): State<App>,
    page: Page,
    Path((id, indicator)): Path<(String, String)>,
    Form(seen): Form<Seen>,
) -> Result<Redirect> {
    known(&app, &id, &indicator).await?;
    let now = app.clock.now();
    app.store
        .remove_picture(now, &page.viewer.login, &indicator, &seen.photo)
        .await?;
    Ok(back(&id, &indicator))
}

/// A reference picture: its copy, or the thumbnail of it.
pub async fn picture(
    State(app): State<App>,
    Path((digest, size)): Path<(String, String)>,
) -> Result<Response> {
    let pictures = app.store.reference_pictures().await?;
    if !pictures.iter().any(|one| one.photo == digest && one.ready) {
        return Err(Error::not_found());
    }
    match size.as_str() {
        "copy" => photos::show(&app, &digest).await,
        // What was not handed in as a file, as in a demo, has no thumbnail.
        "thumb" => match tokio::fs::read(app.store.thumb_path(&digest)).await {
            Err(_) => photos::show(&app, &digest).await,
            Ok(bytes) => {
                let headers = [
                    (header::CONTENT_TYPE, "image/jpeg"),
                    (header::CACHE_CONTROL, "private, max-age=3600"),
                ];
                Ok((headers, bytes).into_response())
            }
        },
        _ => Err(Error::not_found()),
    }
}
