//! Citizens report: photo, place, category, where it will go, perhaps the same problem reported before; then a link by which
//! the report is followed. No account, no script needed.
//!
//! One address holds all of it: `/report/{token}` is the draft until it is sent, and the report from then on. Nothing is
//! shown here but what citizens reported themselves, and nothing else is looked at to show it.

use std::time::Duration;

use askama::Template;
use assessment::case::duplicate::radius;
use assessment::case::life::{Act, Stage};
use assessment::case::route::route;
use assessment::place::Point;
use axum::extract::multipart::Field;
use axum::extract::{Form, Multipart, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::App;
use super::answer::{html, html_or_json};
use super::cases::category_name;
use super::error::{Error, Result};
use super::headers;
use super::page::Page;
use super::photos;
use super::public::part::Island;
use super::signing::From;
use crate::bulletin::text::moment_words;
use crate::casework::{self, Practice};
use crate::clock::day_of;
use crate::datum;
use crate::ground::month_of;
use crate::store::case::{CaseRow, NewCase};
use crate::store::citizen::{Draft, Followed};
use crate::store::field_photo::Hand;
use crate::store::plain::plain;
use crate::store::unit::UnitRow;
use crate::store::{digest, secret};
use crate::words::Language;

/// Largest form: three photos.
pub const LARGEST: usize = 48 << 20;
/// Forms that are taken in at the same time; of one network fewer.
pub const AT_ONCE: usize = 16;
/// So long another one waits for room.
const PATIENCE: Duration = Duration::from_secs(3);
/// So long a form may be on its way: three photos on a slow phone.
const LONGEST_WAY: Duration = Duration::from_secs(300);
/// Largest photo.
const LARGEST_PHOTO: usize = 15 << 20;
const MOST_PHOTOS: usize = 3;
const LONGEST_PLACE: usize = 120;
const LONGEST_TEXT: usize = 1000;
/// Bytes of a text that are read.
const LARGEST_TEXT: usize = 8 << 10;

/// What people report most; offered first, where the practice has a condition for it.
const FIRST: [&str; 9] = [
    "gb30428/event/0110",
    "gb30428/event/0113",
    "gb30428/component/0123",
    "gb30428/component/0137",
    "gb30428/event/0405",
    "gb30428/event/0136",
    "gb30428/event/0201",
    "gb30428/event/0410",
    "gb30428/event/0506",
];

#[derive(Template)]
#[template(path = "report/form.html")]
struct FormPage {
    page: Page,
    /// Where the form goes.
    action: String,
    draft: Draft,
    first: Vec<(String, String)>,
    rest: Vec<(String, String)>,
    counties: Vec<(String, String)>,
    lng: String,
    lat: String,
    /// Where the place can be picked instead of written.
    map: Option<Island>,
}

impl FormPage {
    fn is_county(&self, code: &str) -> bool {
        self.draft.county.as_deref() == Some(code)
    }

    /// A category was chosen that is not among the first.
    fn is_other(&self) -> bool {
        let chosen = &self.draft.category;
        !chosen.is_empty() && !self.first.iter().any(|(code, _)| code == chosen)
    }

    fn lacks(&self, fault: &str) -> bool {
        self.draft.faults.iter().any(|key| key == fault)
    }
}

/// The categories that can become a case, the common ones first.
fn categories(practice: &Practice, language: Language) -> [Vec<(String, String)>; 2] {
    let known: std::collections::BTreeSet<&str> = practice
        .conditions
        .iter()
        .map(|condition| condition.category.as_str())
        .collect();
    let first = FIRST
        .into_iter()
        .filter(|code| known.contains(code))
        .map(|code| {
            let name = match code {
                "gb30428/component/0123" => language.word("citizen-cover"),
                code => category_name(code, language),
            };
            (code.to_owned(), name)
        })
        .collect();
    let mut rest: Vec<(String, String)> = known
        .into_iter()
        .filter(|code| !FIRST.contains(code))
        .map(|code| (code.to_owned(), category_name(code, language)))
        .collect();
    rest.dedup();
    [first, rest]
}

pub(super) fn unit_name(unit: &UnitRow, language: Language) -> String {
    match (language, &unit.name_en) {
        (Language::English, Some(name)) => name.clone(),
        _ => unit.name.clone(),
    }
}

async fn units(app: &App, now: Timestamp) -> Result<Vec<UnitRow>> {
    Ok(app.store.units_in(month_of(day_of(now))).await?)
}

fn is_county(unit: &UnitRow) -> bool {
    matches!(unit.kind.as_str(), "county" | "district" | "zone" | "area")
}

fn degrees(value: Option<i64>) -> String {
    value.map_or(String::new(), |value| format!("{:.6}", value as f64 / 1e7))
}

async fn form(app: &App, page: &Page, action: String, draft: Draft) -> Result<Response> {
    let practice = Practice::of(&app.store).await?;
    let [first, rest] = categories(&practice, page.language);
    let counties = units(app, app.clock.now())
        .await?
        .iter()
        .filter(|unit| is_county(unit))
        .map(|unit| (unit.code.clone(), unit_name(unit, page.language)))
        .collect();
    let outlines = super::public::evidence::outlines(app).await.is_some();
    let tiles = page
        .host
        .as_ref()
        .and_then(|host| host.settings.tile_source.as_ref());
    // Without outlines and tiles there is nothing on which a place could be found.
    let map = (outlines || tiles.is_some()).then(|| {
        let title = page.t("citizen-map-title");
        Island::pick(
            page,
            &title,
            ("lng", "lat"),
            outlines,
            page.t("citizen-map-caption"),
        )
    });
    let mut answer = html(&FormPage {
        page: page.clone(),
        action,
        first,
        rest,
        counties,
        lng: degrees(draft.lng),
        lat: degrees(draft.lat),
        map,
        draft,
    })?;
    headers::let_ask_position(&mut answer);
    Ok(answer)
}

/// An empty report.
pub async fn blank(State(app): State<App>, page: Page) -> Result<Response> {
    form(&app, &page, "/report".into(), Draft::default()).await
}

/// Takes a report's form; what is missing is asked for on the next page, and what was given stays.
pub async fn begin(State(app): State<App>, from: From, body: Multipart) -> Result<Redirect> {
    let now = pace(&app, &from)?;
    let form = filled(&app, now, &from, Draft::default(), body);
    let draft = in_turn(&app, &from, form).await?;
    let token = secret();
    app.store.keep_draft(now, &token, &draft).await?;
    Ok(Redirect::to(&format!("/report/{token}")))
}

/// Changes a report that has not been sent; one that was sent meanwhile stays, and its page says so.
pub async fn change(
    State(app): State<App>,
    from: From,
    Path(token): Path<String>,
    body: Multipart,
) -> Result<Redirect> {
    let now = pace(&app, &from)?;
    let draft = app.store.draft(now, &token).await?;
    let draft = draft.ok_or_else(Error::not_found)?;
    let draft = in_turn(&app, &from, filled(&app, now, &from, draft, body)).await?;
    let to = match app.store.keep_draft(now, &token, &draft).await? {
        true => format!("/report/{token}"),
        false => format!("/report/{token}?late=yes"),
    };
    Ok(Redirect::to(&to))
}

fn pace(app: &App, from: &From) -> Result<Timestamp> {
    let now = app.clock.now();
    match app.pace.form(now, from.address()) {
        Some(minutes) => Err(Error::too_many_reports(minutes)),
        None => Ok(now),
    }
}

/// Takes a form in when there is room, for its network and for the whole city, and for not longer than an honest one needs.
async fn in_turn(
    app: &App,
    from: &From,
    form: impl Future<Output = Result<Draft>>,
) -> Result<Draft> {
    let own = app.pace.room(from.address());
    let room = timeout(PATIENCE, async {
        let own = own.acquire().await?;
        app.reports.acquire().await.map(|all| (own, all))
    });
    let _room = room
        .await
        .map_err(|_| Error::busy_with_reports())?
        .map_err(Error::broken)?;
    let whole = timeout(LONGEST_WAY, form).await;
    whole.map_err(|_| Error::busy_with_reports())?
}

/// The beginning of a text, so much of it that nothing of an honest one is missing; the rest is read past.
async fn text(mut field: Field<'_>) -> Result<String> {
    let mut bytes = vec![];
    while bytes.len() < LARGEST_TEXT
        && let Some(chunk) = field.chunk().await?
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(LARGEST_TEXT);
    Ok(plain(&String::from_utf8_lossy(&bytes)).into_owned())
}

/// The draft with what a form says.
async fn filled(
    app: &App,
    now: Timestamp,
    from: &From,
    mut draft: Draft,
    mut body: Multipart,
) -> Result<Draft> {
    draft.faults.clear();
    let (mut taken, mut chosen, mut other) = (vec![], String::new(), String::new());
    let (mut lng, mut lat) = (String::new(), String::new());
    while let Some(field) = body.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let short =
            |text: String, most: usize| -> String { text.trim().chars().take(most).collect() };
        match name.as_str() {
            "photo" => {
                let kept = match photos::taken(app, field, LARGEST_PHOTO).await? {
                    Ok(None) => continue,
                    Ok(Some(_)) if taken.len() == MOST_PHOTOS => Err("citizen-photos-many"),
                    Ok(Some(incoming)) => {
                        let bytes = incoming.length();
                        if let Some(minutes) = app.pace.photo(now, from.address(), bytes) {
                            return Err(Error::too_many_reports(minutes));
                        }
                        photos::keep(app, Hand::Citizen, incoming).await?
                    }
                    Err(fault) => Err(fault),
                };
                match kept {
                    Ok(photo) => taken.push(photo),
                    Err(fault) => draft.faults.push(fault.into()),
                }
            }
            "place" => draft.place = short(text(field).await?, LONGEST_PLACE),
            "description" => draft.description = short(text(field).await?, LONGEST_TEXT),
            "county" => draft.county = Some(text(field).await?).filter(|code| !code.is_empty()),
            "category" => chosen = text(field).await?,
            "other" => other = text(field).await?,
            "lng" => lng = text(field).await?,
            "lat" => lat = text(field).await?,
            _ => {}
        }
    }
    if !taken.is_empty() {
        draft.photos = taken;
    }
    draft.category = if chosen.is_empty() { other } else { chosen };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let position = number(&lng)
        .zip(number(&lat))
        .filter(|(lng, lat)| datum::in_china([*lng, *lat]).is_ok());
    let fixed = |value: f64| (value * 1e7).round() as i64;
    draft.lng = position.map(|(lng, _)| fixed(lng));
    draft.lat = position.map(|(_, lat)| fixed(lat));
    if position.is_none() && !(lng.trim().is_empty() && lat.trim().is_empty()) {
        draft.faults.push("citizen-position-unreadable".into());
    }
    let units = units(app, now).await?;
    if let (Some(lng), Some(lat)) = (draft.lng, draft.lat) {
        let found = app.store.locate(Point { lng, lat }, day_of(now)).await?;
        if let Some(county) = found.at.county {
            draft.county = Some(county.code);
        }
    }
    if !draft.county.as_ref().is_some_and(|code| {
        units
            .iter()
            .any(|unit| unit.code == *code && is_county(unit))
    }) {
        draft.county = None;
        if units.iter().any(is_county) {
            draft.faults.push("citizen-county-missing".into());
        }
    }
    let practice = Practice::of(&app.store).await?;
    if practice.conditions_of(&draft.category).next().is_none() {
        draft.category.clear();
        draft.faults.push("citizen-category-missing".into());
    }
    if draft.place.is_empty() {
        draft.faults.push("citizen-place-missing".into());
    }
    if draft.photos.is_empty() {
        draft.faults.push("citizen-photo-missing".into());
    }
    draft.faults.dedup();
    Ok(draft)
}

/// A report of a citizen that may be the same problem.
struct Same {
    /// Tells it apart within this draft and means nothing elsewhere.
    key: String,
    photo: Option<String>,
    day: String,
    distance: Option<u64>,
    stage: String,
}

/// Open reports of citizens that may be the same problem, as near as the host's rules say; with their distance.
async fn same_problem(
    app: &App,
    now: Timestamp,
    draft: &Draft,
) -> Result<Vec<(CaseRow, Option<u64>)>> {
    let practice = Practice::of(&app.store).await?;
    let within = radius(&practice.citizen_radii, &draft.category);
    Ok(app.store.same_problem(now, draft, within).await?)
}

fn key_of(token: &str, case: &str) -> String {
    digest(format!("{token}:{case}"))[..24].to_owned()
}

#[derive(Template)]
#[template(path = "report/check.html")]
struct CheckPage {
    page: Page,
    token: String,
    draft: Draft,
    category: String,
    county: Option<String>,
    /// Where it will be sent.
    to: Option<String>,
    same: Vec<Same>,
}

/// A step of a report in plain words.
#[derive(Debug, Serialize)]
pub struct Step {
    pub at: String,
    pub says: String,
}

/// How a report stands.
#[derive(Debug, Serialize)]
pub struct Progress {
    /// Its number, for whoever reported it.
    pub number: Option<String>,
    pub category: String,
    pub place: Option<String>,
    pub stage: &'static str,
    pub says: String,
    pub with: Option<String>,
    pub due: Option<String>,
    pub steps: Vec<Step>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// It can be said that it is not solved.
    pub again: bool,
}

#[derive(Template)]
#[template(path = "report/progress.html")]
struct ProgressPage {
    page: Page,
    token: String,
    link: String,
    progress: Progress,
    late: bool,
}

/// Whether the form is asked for once more.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    edit: Option<String>,
    /// A change came after the report had been sent.
    #[serde(default)]
    late: Option<String>,
}

/// A draft to look over and send, or a report to follow.
pub async fn one(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let now = app.clock.now();
    if let Some(draft) = app.store.draft(now, &token).await? {
        if asked.edit.is_some() || !draft.faults.is_empty() {
            return form(&app, &page, format!("/report/{token}"), draft).await;
        }
        return check(&app, page, now, token, draft).await;
    }
    let followed = app.store.followed(now, &token).await?;
    let followed = followed.ok_or_else(Error::not_found)?;
    let progress = progress(&app, &page, now, &followed).await?;
    html_or_json(&page, progress, |progress| ProgressPage {
        page: page.clone(),
        link: format!("{}/report/{token}", app.outside.address(&headers)),
        late: asked.late.is_some(),
        token,
        progress,
    })
}

/// As a case.
fn new_case(draft: &Draft) -> NewCase {
    NewCase {
        source: "citizen".into(),
        category: draft.category.clone(),
        place: draft.place.clone(),
        description: draft.description.clone(),
        lng: draft.lng,
        lat: draft.lat,
        photos: draft.photos.clone(),
        county: draft.county.clone(),
        ..NewCase::default()
    }
}

async fn check(
    app: &App,
    page: Page,
    now: Timestamp,
    token: String,
    draft: Draft,
) -> Result<Response> {
    let language = page.language;
    let practice = Practice::of(&app.store).await?;
    let units = units(app, now).await?;
    let name = |code: &str| {
        let unit = units.iter().find(|unit| unit.code == code);
        unit.map_or(code.to_owned(), |unit| unit_name(unit, language))
    };
    let new = casework::placed(&app.store, now, new_case(&draft)).await?;
    let place = casework::place_of(&app.store, &new, now).await?;
    let routed = route(&practice.routes, &draft.category, &place, day_of(now));
    let to = routed.map(|routed| match &routed.department {
        Some(department) => format!("{} · {}", name(&routed.unit), name(department)),
        None => name(&routed.unit),
    });
    let same = same_problem(app, now, &draft).await?;
    let same = same
        .into_iter()
        .map(|(row, distance)| Same {
            key: key_of(&token, &row.id),
            photo: row.new.photos.first().cloned(),
            day: day(row.reported_at),
            distance,
            stage: stage_words(&row, language),
        })
        .collect();
    html(&CheckPage {
        category: category_name(&draft.category, language),
        county: draft.county.as_deref().map(name),
        to,
        same,
        token,
        draft,
        page,
    })
}

fn day(at: Timestamp) -> String {
    day_of(at).to_string()
}

fn stage_words(row: &CaseRow, language: Language) -> String {
    language.word(&format!("citizen-stage-{}", row.stage.word()))
}

/// Sends a report.
pub async fn send(
    State(app): State<App>,
    from: From,
    Path(token): Path<String>,
) -> Result<Redirect> {
    let now = pace(&app, &from)?;
    // Sent already: its link shows so.
    if let Some(draft) = app.store.draft(now, &token).await?
        && draft.faults.is_empty()
    {
        let new = casework::looked_up(&app.store, now, new_case(&draft)).await?;
        app.store.send_draft(now, &token, &draft, new).await?;
    }
    Ok(Redirect::to(&format!("/report/{token}")))
}

/// Which of the same problems.
#[derive(Deserialize)]
pub struct Chosen {
    same: String,
}

/// It is the same: nothing new is reported, the link follows the other report.
pub async fn follow(
    State(app): State<App>,
    from: From,
    Path(token): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Redirect> {
    let now = pace(&app, &from)?;
    if let Some(draft) = app.store.draft(now, &token).await? {
        let same = same_problem(&app, now, &draft).await?;
        let found = same
            .into_iter()
            .find(|(row, _)| key_of(&token, &row.id) == chosen.same);
        let (row, _) = found.ok_or_else(Error::not_found)?;
        app.store.follow(now, &token, &draft, row.id).await?;
    }
    Ok(Redirect::to(&format!("/report/{token}")))
}

/// What is still wrong.
#[derive(Deserialize)]
pub struct Still {
    #[serde(default)]
    text: String,
}

/// It is not solved: a new report that names the old one, for the dispatcher.
pub async fn again(
    State(app): State<App>,
    page: Page,
    from: From,
    Path(token): Path<String>,
    Form(still): Form<Still>,
) -> Result<Redirect> {
    let now = pace(&app, &from)?;
    let followed = app.store.followed(now, &token).await?;
    let followed = followed.ok_or_else(Error::not_found)?;
    if !may_say_again(followed.row.stage) {
        return Err(Error::refused(assessment::message::Message::new(
            "citizen-still-open",
        )));
    }
    let said: String = plain(&still.text)
        .trim()
        .chars()
        .take(LONGEST_TEXT)
        .collect();
    let marked = page.t1("citizen-again-mark", "number", &followed.row.id);
    let relapsed = followed.row.stage == Stage::Closed;
    let old = followed.row.new;
    let new = NewCase {
        source: "citizen".into(),
        description: format!("{marked}{said}"),
        // Only what was closed can come back; of the rest the words tell.
        relapse_of: relapsed.then_some(followed.row.id),
        source_number: None,
        series: None,
        finding: None,
        condition: None,
        secret_until: None,
        ..old
    };
    // The same however often it is asked for while nothing has happened.
    let fresh = digest(format!("{token}:{}", followed.steps.len()));
    app.store.send_again(now, &fresh, followed.own, new).await?;
    Ok(Redirect::to(&format!("/report/{fresh}")))
}

fn may_say_again(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Handled | Stage::Verified | Stage::Closed | Stage::Rejected
    )
}

/// Photos that show it fixed: of the last feedback, once somebody else has looked.
fn after(followed: &Followed) -> Vec<String> {
    if !matches!(followed.row.stage, Stage::Verified | Stage::Closed) {
        return vec![];
    }
    let photos = followed
        .steps
        .iter()
        .rev()
        .find_map(|step| match &step.act {
            Act::Feedback { photos, .. } => Some(photos.clone()),
            _ => None,
        });
    photos.unwrap_or_default()
}

async fn progress(app: &App, page: &Page, now: Timestamp, followed: &Followed) -> Result<Progress> {
    let (language, row) = (page.language, &followed.row);
    let units = units(app, now).await?;
    let name = |code: &str| {
        let unit = units.iter().find(|unit| unit.code == code);
        unit.map_or(code.to_owned(), |unit| unit_name(unit, language))
    };
    let minute = |at: &jiff::civil::DateTime| {
        let text = at.strftime("%Y-%m-%d %H:%M").to_string();
        moment_words(&text, language)
    };
    let say = |key: &str, value: String| language.say(key, [("value", value.into())]);
    // The reason that was written down is the office's own.
    let why = |key: &str, told: &Option<String>| match told {
        Some(told) => say(key, told.clone()),
        None => language.word(&format!("{key}-plain")),
    };
    let steps = followed
        .steps
        .iter()
        .filter_map(|step| {
            let says = match &step.act {
                Act::Report { .. } => language.word("citizen-step-received"),
                Act::Accept => language.word("citizen-step-accepted"),
                Act::OrderCheck => language.word("citizen-step-checking"),
                Act::Reject { told, .. } => why("citizen-step-rejected", told),
                Act::Register { .. } => language.word("citizen-step-registered"),
                Act::Dispatch { unit, due_at, .. } => language.say(
                    "citizen-step-dispatched",
                    [("unit", name(unit).into()), ("due", minute(due_at).into())],
                ),
                Act::PassDown { unit } => say("citizen-step-passed", name(unit)),
                Act::Return { .. } => language.word("citizen-step-returned"),
                Act::Recall { .. } => language.word("citizen-step-recalled"),
                Act::Feedback { .. } => language.word("citizen-step-handled"),
                Act::GrantExtension { due_at, .. } => say("citizen-step-extended", minute(due_at)),
                Act::GrantSuspension { .. } => language.word("citizen-step-rests"),
                Act::Resume { due_at, .. } => say("citizen-step-resumed", minute(due_at)),
                Act::Verify { passed: true, .. } => language.word("citizen-step-passed-check"),
                Act::Verify { passed: false, .. } => language.word("citizen-step-failed-check"),
                Act::Close => language.word("citizen-step-closed"),
                Act::Void { told, .. } => why("citizen-step-voided", told),
                _ => return None,
            };
            Some(Step {
                at: page.moment(&step.at),
                says,
            })
        })
        .collect();
    let open = !row.stage.is_over();
    Ok(Progress {
        number: followed.own.then(|| row.id.clone()),
        category: category_name(&row.new.category, language),
        place: followed.own.then(|| row.new.place.clone()),
        stage: row.stage.word(),
        says: stage_words(row, language),
        with: row.holder.as_deref().filter(|_| open).map(name),
        due: row
            .due_at
            .as_ref()
            .filter(|_| open)
            .map(|at| page.moment(at)),
        steps,
        before: row.new.photos.clone(),
        after: after(followed),
        again: may_say_again(row.stage),
    })
}

/// A photo of a draft, of a report like it, or of the report that is followed: without what it tells beside the picture.
pub async fn photo(
    State(app): State<App>,
    Path((token, digest)): Path<(String, String)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut shown = vec![];
    if let Some(draft) = app.store.draft(now, &token).await? {
        for (row, _) in same_problem(&app, now, &draft).await? {
            shown.extend(row.new.photos.first().cloned());
        }
        shown.extend(draft.photos);
    } else if let Some(followed) = app.store.followed(now, &token).await? {
        shown.extend(after(&followed));
        shown.extend(followed.row.new.photos);
    }
    if !shown.contains(&digest) {
        return Err(Error::not_found());
    }
    photos::show(&app, &digest).await
}
