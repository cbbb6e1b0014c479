//! The inspectors' phones: the app, what it works by, and where it hands in. The app itself holds
//! nothing secret and opens for everybody; what it asks for answers inspectors only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use sha2::Digest as _;

use super::App;
use super::answer::html;
use super::assets::Built;
use super::attempts::Load;
use super::error::{Error, Result};
use super::forms::SetToken;
use super::page::Page;
use super::photos;
use crate::casework;
use crate::field::darkroom::Darkroom;
use crate::field::item::{Inbox, MOST, Parcel, Task, assignments, is_sha256, is_uuid};
use crate::field::photo::{LARGEST, LARGEST_PREVIEW, media_type};
use crate::field::rules::{RuleSheet, RuleShelf};
use crate::store::field::{Item, Looked, Reason, Said, Sight, Verdict};
use crate::store::field_photo::Hand;
use crate::store::incoming::Incoming;
use crate::viewer::Viewer;
use crate::words::Language;
use assessment::message::Message;
use assessment::place::{Bounds, Point};

/// What the field needs at hand.
#[derive(Debug, Default)]
pub struct Field {
    /// Where photos are looked at.
    pub darkroom: Arc<Darkroom>,
    /// Rules that have been read.
    pub rules: RuleShelf,
    /// What inspectors sent of late.
    pub load: Load,
}

/// The largest parcel of items, in bytes.
pub const LARGEST_PARCEL: usize = 4 << 20;

// The app ------------------------------------------------------------------------------------------

/// What a phone keeps to open the app without a network.
const SHELL: [&str; 6] = [
    "/field",
    "/field/manifest.webmanifest",
    "/assets/field.js",
    "/assets/field.css",
    "/assets/field-icon-192.png",
    "/assets/icon.svg",
];

/// Names exactly what the shell consists of: a phone that has another one fetches it anew.
static SHELL_VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = sha2::Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(include_str!("../../templates/field/app.html"));
    for path in SHELL.iter().chain(&["/assets/field-worker.js"]) {
        if let Some(file) = path.strip_prefix("/assets/").and_then(Built::get) {
            hash.update(file.metadata.sha256_hash());
        }
    }
    hex::encode(&hash.finalize()[..8])
});

#[derive(Template)]
#[template(path = "field/app.html")]
struct AppPage {
    version: &'static str,
}

/// The app.
pub async fn app() -> Result<Response> {
    html(&AppPage {
        version: &SHELL_VERSION,
    })
}

/// What makes the app installable.
pub async fn manifest() -> Response {
    let manifest = json!({
        "id": "/field",
        "name": "月考外业",
        "short_name": "外业",
        "description": "暗访外业记录 · Field inspection",
        "lang": "zh-CN",
        "start_url": "/field",
        "scope": "/field",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#ffffff",
        "theme_color": "#0d5468",
        "icons": [
            { "src": "/assets/field-icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any" },
            { "src": "/assets/field-icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any" },
            { "src": "/assets/field-icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable" },
        ],
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, manifest.to_string()).into_response()
}

/// The service worker, with the version of the shell before it: another shell is another worker.
pub async fn worker() -> Result<Response> {
    let built = Built::get("field-worker.js").ok_or_else(Error::not_found)?;
    let code = String::from_utf8_lossy(&built.data);
    let text = format!(
        "self.SHELL = {};\n{code}",
        json!({ "version": *SHELL_VERSION, "files": SHELL })
    );
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (
            header::HeaderName::from_static("service-worker-allowed"),
            "/field",
        ),
    ];
    Ok((headers, text).into_response())
}

/// Who is signed in on this phone, and the token that it posts with.
pub async fn session(State(app): State<App>, page: Page) -> Response {
    let session = json!({
        "login": page.viewer.login,
        "name": page.viewer.name,
        "host": page.site_name(),
        "synthetic": page.synthetic(),
        "form_token": page.form_token,
        "now": app.clock.now().as_millisecond(),
        "version": *SHELL_VERSION,
    });
    let mut response = Json(session).into_response();
    response.extensions_mut().insert(SetToken);
    response
}

// What is worked by --------------------------------------------------------------------------------

/// An inspector's day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Day {
    /// The day in the host's civil time, `2022-03-31`.
    pub day: String,
    /// Login of the inspector whom it is for.
    pub login: String,
    /// What was released to them for the day.
    pub tasks: Vec<DayTask>,
    /// Rules that the tasks name, by their key.
    pub rules: BTreeMap<String, RuleSheet>,
    /// Outlines of the units, GeoJSON geometries by code.
    #[schema(value_type = Object)]
    pub outlines: BTreeMap<String, serde_json::Value>,
    /// Streets within a kilometre of a site, for the map.
    pub streets: Vec<DayStreet>,
}

/// A street of the map.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DayStreet {
    /// Its name.
    pub name: String,
    /// MultiLineString, WGS 84.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
}

/// A site to be visited.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DayTask {
    /// Id of the assignment: items name it.
    pub id: String,
    /// The evaluation.
    pub series: String,
    /// The month drawn for.
    pub month: String,
    /// The site.
    pub site: DaySite,
    /// Code of the unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Kind of place.
    pub stratum: String,
    /// A visit to it has arrived already.
    pub visited: bool,
    /// Key of its rules; none if no scheme with a catalogue holds.
    pub rules: Option<String>,
}

/// A place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DaySite {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Metres, as decimal text.
    pub length_m: Option<String>,
    /// Longitude, WGS 84, decimal text.
    pub lng: Option<String>,
    /// Latitude.
    pub lat: Option<String>,
}

/// The tasks that are released to the inspector for today, with all that is needed to work on them
/// without a network.
#[utoipa::path(get, path = "/field/tasks", tag = "field", responses((status = 200, body = Day), (status = 401), (status = 403)))]
pub async fn tasks(State(app): State<App>, page: Page) -> Result<Json<Day>> {
    let day = app.clock.today();
    let released = app.store.released_to(&page.viewer.login, day).await?;
    let mut rules = BTreeMap::new();
    let mut tasks = Vec::new();
    for task in released {
        let known = app
            .field
            .rules
            .rules(&app.store, &task.series, &task.month)
            .await?;
        let key = known.map(|known| {
            let key = known.sheet.key.clone();
            rules
                .entry(key.clone())
                .or_insert_with(|| known.sheet.clone());
            key
        });
        let (lng, lat) = task.position.unzip();
        tasks.push(DayTask {
            id: task.id,
            series: task.series,
            month: task.month,
            site: DaySite {
                id: task.site,
                name: task.name,
                length_m: task.length_m,
                lng,
                lat,
            },
            unit: task.unit,
            unit_name: task.unit_name,
            stratum: task.stratum,
            visited: task.visited,
            rules: key,
        });
    }
    Ok(Json(Day {
        day: day.to_string(),
        login: page.viewer.login.clone(),
        outlines: outlines(&app, &tasks).await,
        streets: streets(&app, day, &tasks).await?,
        tasks,
        rules,
    }))
}

/// Some kilometre, in 1e-7 degree of latitude.
const AROUND: i64 = 90_000;

/// The streets around the sites of some tasks.
async fn streets(app: &App, day: Date, tasks: &[DayTask]) -> Result<Vec<DayStreet>> {
    let around: Vec<Bounds> = tasks
        .iter()
        .filter_map(|task| {
            let (lng, lat) = (task.site.lng.as_ref()?, task.site.lat.as_ref()?);
            let at = Point::of_degrees(lng.parse().ok()?, lat.parse().ok()?);
            Some(Bounds {
                west: at.lng - AROUND,
                south: at.lat - AROUND,
                east: at.lng + AROUND,
                north: at.lat + AROUND,
            })
        })
        .collect();
    let mut near = Vec::new();
    if around.is_empty() {
        return Ok(near);
    }
    for street in app.store.streets_on(day).await? {
        let bounds = street.drawing()?.bounds();
        if bounds.is_some_and(|bounds| around.iter().any(|one| one.meets(&bounds))) {
            near.push(DayStreet {
                geometry: serde_json::from_str(&street.geometry).map_err(Error::broken)?,
                name: street.name,
            });
        }
    }
    Ok(near)
}

/// The outlines of the units of some tasks, as far as there are any.
async fn outlines(app: &App, tasks: &[DayTask]) -> BTreeMap<String, serde_json::Value> {
    let mut found = BTreeMap::new();
    let Some(text) = super::public::evidence::outlines(app).await else {
        return found;
    };
    let Ok(all) = serde_json::from_str::<serde_json::Value>(&text) else {
        return found;
    };
    // A site lies in a community; it is the county around it that has an outline.
    let parents: HashMap<String, String> = app
        .store
        .units()
        .await
        .unwrap_or_default()
        .into_iter()
        .filter_map(|unit| Some((unit.code, unit.parent?)))
        .collect();
    let mut around = std::collections::BTreeSet::new();
    for task in tasks {
        let mut code = Some(&task.unit);
        while let Some(unit) = code.filter(|unit| around.insert((*unit).clone())) {
            code = parents.get(unit);
        }
    }
    for feature in all["features"].as_array().into_iter().flatten() {
        let code = feature["properties"]["code"].as_str().unwrap_or_default();
        if around.contains(code) {
            found.insert(code.to_owned(), feature["geometry"].clone());
        }
    }
    found
}

/// A picture that shows how an indicator is judged.
pub async fn picture(State(app): State<App>, Path(indicator): Path<String>) -> Result<Response> {
    let picture = app.store.reference_picture(&indicator).await?;
    let picture = picture.ok_or_else(Error::not_found)?;
    let mut answer = photos::show(&app, &picture.photo).await?;
    // Another picture has the same address: nobody keeps this one for later.
    let keep = header::HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, keep);
    Ok(answer)
}

// What is handed in --------------------------------------------------------------------------------

/// The answer to a parcel.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ParcelAnswer {
    /// Our clock, epoch milliseconds.
    pub received_at: i64,
    /// How far the phone's clock is ahead of ours, milliseconds.
    pub ahead_ms: i64,
    /// One for each item, in their order.
    pub answers: Vec<ItemAnswer>,
}

/// What became of one item.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ItemAnswer {
    /// The id that was sent.
    pub id: String,
    /// `taken`, `known`, `conflict`, `refused`; all of them are kept.
    pub answer: &'static str,
    /// Why, and what to do: a sentence in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The agency of somebody in the field.
fn agency(viewer: &Viewer) -> Result<&str> {
    viewer
        .unit
        .as_deref()
        .filter(|agency| !agency.is_empty())
        .ok_or_else(|| Error::refused(Message::new("field-no-agency")))
}

/// Takes a parcel of items. What is answered is on the disk.
#[utoipa::path(post, path = "/field/items", tag = "field", request_body(content = Object, description = "See the manual, field.md"),
    responses((status = 200, body = ParcelAnswer), (status = 401), (status = 403), (status = 422)))]
pub async fn items(
    State(app): State<App>,
    page: Page,
    body: axum::body::Bytes,
) -> Result<Json<ParcelAnswer>> {
    let agency = agency(&page.viewer)?;
    let unreadable = || Error::refused(Message::new("field-unreadable"));
    let parcel: Parcel = serde_json::from_slice(&body).map_err(|_| unreadable())?;
    if !is_uuid(&parcel.phone) || parcel.items.len() > MOST {
        return Err(unreadable());
    }
    let (mut tasks, mut agencies) = (HashMap::new(), HashMap::new());
    let named = assignments(&parcel);
    let released = app.store.released_ever(&page.viewer.login, &named);
    for (drawn, spans) in released.await? {
        let rules = app
            .field
            .rules
            .rules(&app.store, &drawn.series, &drawn.month)
            .await?;
        let begun = match spans.iter().any(|span| span.until.is_some()) {
            true => {
                app.store
                    .visits_begun(&page.viewer.login, &drawn.id)
                    .await?
            }
            false => HashMap::new(),
        };
        agencies.insert(drawn.id.clone(), drawn.agency);
        let task = Task {
            begun,
            assignment: drawn.id.clone(),
            series: drawn.series,
            month: drawn.month,
            site: drawn.site,
            unit: drawn.unit,
            spans,
            rules,
        };
        tasks.insert(drawn.id, task);
    }
    let now =
        Timestamp::from_millisecond(app.clock.now().as_millisecond()).map_err(Error::broken)?;
    let inbox = Inbox {
        login: &page.viewer.login,
        agency,
        now: now.as_millisecond(),
        tasks: &tasks,
    };
    let ahead_ms = parcel.sent_at.saturating_sub(now.as_millisecond());
    let looked = inbox.look(parcel);
    let (ended, told) = (
        looked.received.visits_ended(),
        looked.received.visits_told(),
    );
    let said = receive(&app, now, looked, &agencies).await?;
    let here = |id: &str| {
        said.iter()
            .any(|said| said.id == id && matches!(said.verdict, Verdict::Taken | Verdict::Known))
    };
    for (_, assignment) in ended.iter().filter(|(id, _)| here(id)) {
        let visited = app
            .store
            .visit_assignment(now, &page.viewer.login, assignment);
        match visited.await {
            // Taken back or given to somebody else in the meantime: the visit is recorded all the same.
            Ok(()) | Err(crate::store::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut visits: Vec<String> = told
        .into_iter()
        .filter_map(|(id, visit)| here(&id).then_some(visit))
        .collect();
    visits.sort();
    visits.dedup();
    casework::keep_secret(&app.store, now, &visits).await?;
    let answers = said
        .into_iter()
        .map(|said| ItemAnswer {
            why: match said.verdict.word() {
                "conflict" => Some(page.t("field-conflict")),
                _ => said.reason.map(|reason| why(page.language, &reason)),
            },
            id: said.id,
            answer: said.verdict.word(),
        })
        .collect();
    Ok(Json(ParcelAnswer {
        received_at: now.as_millisecond(),
        ahead_ms,
        answers,
    }))
}

/// Keeps a parcel, what belongs to a plan with the agency that carries it out: an account may work for another one by the time
/// at which its phone has a network again.
async fn receive(
    app: &App,
    now: Timestamp,
    mut looked: Looked,
    agencies: &HashMap<String, String>,
) -> Result<Vec<Said>> {
    let items = std::mem::take(&mut looked.received.items);
    let own = looked.received.agency.clone();
    let agency_of = |item: &Item| {
        let assignment = item.content["assignment"].as_str();
        let known = assignment.and_then(|assignment| agencies.get(assignment));
        known.unwrap_or(&own).clone()
    };
    let whose: Vec<String> = items.iter().map(agency_of).collect();
    let mut parcels: BTreeMap<&str, Looked> = BTreeMap::new();
    for (agency, item) in whose.iter().zip(items) {
        let parcel = parcels.entry(agency).or_insert_with(|| {
            let mut parcel = looked.clone();
            parcel.received.agency.clone_from(agency);
            parcel
        });
        parcel.received.items.push(item);
    }
    if parcels.is_empty() {
        // A phone that hands nothing in tells how far it has numbered.
        return Ok(app.store.receive(now, looked).await?);
    }
    let mut said = BTreeMap::new();
    for (agency, parcel) in parcels {
        said.insert(agency, app.store.receive(now, parcel).await?.into_iter());
    }
    let in_order = whose.iter().map(String::as_str);
    Ok(in_order
        .filter_map(|agency| said.get_mut(agency)?.next())
        .collect())
}

/// Why an item was refused, as a sentence.
pub fn why(language: Language, reason: &Reason) -> String {
    language.say(&reason.key, [("detail", reason.detail.as_str().into())])
}

/// What is here of a photo.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhotoAnswer {
    /// SHA-256 of the original.
    pub sha256: String,
    /// The original is on the disk.
    pub original: bool,
    /// The phone's preview is on the disk.
    pub preview: bool,
}

/// What is here of a photo that this agency has handed in: a phone asks before it sends again.
#[utoipa::path(get, path = "/field/photos/{sha256}", tag = "field", params(("sha256", description = "SHA-256 of the original")),
    responses((status = 200, body = PhotoAnswer)))]
pub async fn photo_known(
    State(app): State<App>,
    page: Page,
    Path(digest): Path<String>,
) -> Result<Json<PhotoAnswer>> {
    Ok(Json(known(&app, &page.viewer, &digest).await?))
}

async fn known(app: &App, viewer: &Viewer, digest: &str) -> Result<PhotoAnswer> {
    if !is_sha256(digest) {
        return Err(Error::not_found());
    }
    let sight = Sight::Agency(agency(viewer)?);
    let photo = app.store.field_photo(sight, digest).await?;
    Ok(PhotoAnswer {
        sha256: digest.to_owned(),
        original: photo.is_some(),
        preview: photo.is_some_and(|photo| photo.preview),
    })
}

/// Takes the original of a photo: its bytes as they came from the camera. Sent again, nothing changes.
/// Nothing is decoded here. A phone that cannot make a preview says so with the header `x-preview: none`.
#[utoipa::path(post, path = "/field/photos/{sha256}", tag = "field", params(("sha256", description = "SHA-256 of the bytes")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = PhotoAnswer), (status = 413), (status = 422), (status = 429)))]
pub async fn photo(
    State(app): State<App>,
    page: Page,
    Path(digest): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PhotoAnswer>> {
    if !is_sha256(&digest) {
        return Err(Error::not_found());
    }
    let agency = agency(&page.viewer)?;
    // Read to its end first: a connection that is closed over half a photo looks like a lost network.
    let incoming = taken_in(&app, &headers, body, LARGEST).await?;
    let (now, bytes) = (app.clock.now(), incoming.length());
    if let Some(minutes) = app.field.load.photo(now, &page.viewer.login, bytes) {
        return Err(Error::too_many_photos(minutes));
    }
    if incoming.digest() != digest {
        return Err(Error::refused(Message::new("field-photo-digest")));
    }
    let kind = media_type(incoming.head())
        .ok_or_else(|| Error::refused(Message::new("field-photo-kind")))?;
    let login = &page.viewer.login;
    let no_preview = headers
        .get("x-preview")
        .is_some_and(|said| said.as_bytes() == b"none");
    let hand = Hand::Agency { login, agency };
    let preview = app
        .store
        .keep_original(now, hand, incoming, kind, no_preview)
        .await?;
    app.field.darkroom.ring();
    Ok(Json(PhotoAnswer {
        sha256: digest,
        original: true,
        preview,
    }))
}

/// Takes the preview that the phone made of a photo, a JPEG; the original comes first.
#[utoipa::path(post, path = "/field/photos/{sha256}/preview", tag = "field", params(("sha256", description = "SHA-256 of the original")),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 200, body = PhotoAnswer), (status = 413), (status = 422)))]
pub async fn preview(
    State(app): State<App>,
    page: Page,
    Path(digest): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PhotoAnswer>> {
    let here = known(&app, &page.viewer, &digest).await?;
    let incoming = taken_in(&app, &headers, body, LARGEST_PREVIEW).await?;
    if !here.original {
        return Err(Error::refused(Message::new("field-preview-first")));
    }
    if here.preview {
        return Ok(Json(here));
    }
    if media_type(incoming.head()) != Some("image/jpeg") {
        return Err(Error::refused(Message::new("field-preview-kind")));
    }
    app.store
        .keep_preview(app.clock.now(), &page.viewer.login, &digest, incoming)
        .await?;
    app.field.darkroom.ring();
    Ok(Json(PhotoAnswer {
        preview: true,
        ..here
    }))
}

/// Streams a body of at most so many bytes into a file beside.
async fn taken_in(app: &App, headers: &HeaderMap, body: Body, most: usize) -> Result<Incoming> {
    let too_large = || Error::photo_too_large(most >> 20);
    let said = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let broken_off = |_| Error::refused(Message::new("field-photo-broken-off"));
    let stream = body.into_data_stream().map_err(broken_off);
    let incoming = photos::taken_in(app, stream, most).await?;
    incoming.ok_or_else(too_large)
}
