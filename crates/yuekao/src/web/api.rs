//! Cases from other systems, by program: handed in with their numbers, and asked after by them. A key opens it; no session does.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use super::App;
use super::error::{Error, Result};
use super::page::Page;
use crate::intake::{Desk, Item, Outcome};
use crate::store::key::KeyRow;
use assessment::message::Message;
use jiff::Timestamp;

/// Largest batch.
pub const LARGEST: usize = 4 << 20;
/// Most cases of a batch.
const MOST: usize = 500;

/// Whoever has shown a key: `Authorization: Bearer …`.
pub struct Caller(KeyRow);

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let shown = parts.headers.get(header::AUTHORIZATION);
        let key = shown
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let found = match key {
            Some(key) => app.store.key_of(key.trim()).await?,
            None => None,
        };
        found.map(Caller).ok_or_else(Error::key_missing)
    }
}

/// A batch.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Batch {
    /// At most 500.
    pub cases: Vec<Given>,
}

/// A case as it is handed in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Given {
    /// Its number where it comes from; handed in twice, it is one case.
    pub number: String,
    /// Code of its category, such as `gb30428/event/0110`.
    pub category: String,
    /// Place in words.
    pub place: String,
    #[serde(default)]
    pub description: String,
    /// Code of the county in which it lies.
    #[serde(default)]
    pub county: String,
    /// WGS 84, degrees; both or none.
    pub lng: Option<f64>,
    pub lat: Option<f64>,
}

/// What became of a case that was handed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Answer {
    /// Its number where it comes from.
    pub number: String,
    /// `taken`, `known`, `differs` or `refused`.
    #[schema(value_type = String)]
    pub result: &'static str,
    /// Our number.
    pub case: Option<String>,
    /// Why it was refused, or what became of what differs, and what to do.
    pub why: Option<String>,
}

/// The answers, in the order of the cases.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Answers {
    pub answers: Vec<Answer>,
}

/// How a case stands: nothing but stage and times.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Standing {
    /// Its number where it comes from.
    pub number: String,
    /// Our number.
    pub case: String,
    /// `reported`, `accepted`, `checking`, `registered`, `dispatched`, `suspended`, `handled`, `verified`, `closed`,
    /// `rejected` or `voided`.
    #[schema(value_type = String)]
    pub stage: &'static str,
    /// Moments as RFC 3339, in UTC.
    pub reported_at: String,
    pub dispatched_at: Option<String>,
    pub due_at: Option<String>,
    pub handled_at: Option<String>,
    pub closed_at: Option<String>,
}

/// Hands cases in.
#[utoipa::path(post, path = "/api/cases", tag = "cases", request_body = Batch,
    responses((status = 200, description = "One answer for each case; what is known changes nothing, what differs from what was taken is kept for the dispatcher", body = Answers),
        (status = 401, description = "No key, or one that is revoked"), (status = 422, description = "Not a batch of cases")))]
pub async fn hand_in(
    State(app): State<App>,
    page: Page,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Answers>> {
    let batch: Batch = serde_json::from_slice(&body).map_err(|why| {
        Error::refused(Message::new("intake-unreadable").with("value", why.to_string()))
    })?;
    if batch.cases.len() > MOST {
        return Err(Error::refused(Message::new("intake-too-many")));
    }
    let now = app.clock.now();
    let desk = Desk::open(&app.store, now).await?;
    let who = format!("key:{}", caller.0.id);
    let mut answers = vec![];
    for given in batch.cases {
        let half = given.lng.is_some() != given.lat.is_some();
        let item = Item {
            number: given.number,
            category: given.category,
            place: given.place,
            description: given.description,
            county: given.county,
            position: given.lng.zip(given.lat).map(|(lng, lat)| [lng, lat]),
        };
        let outcome = match half {
            true => Outcome::Refused(
                Message::new("intake-position").with("value", item.number.as_str()),
            ),
            false => {
                desk.take(&app.store, now, &who, &caller.0.source, &item)
                    .await?
            }
        };
        let (result, case, why) = match outcome {
            Outcome::Taken(id) => ("taken", Some(id), None),
            Outcome::Known(id) => ("known", Some(id), None),
            Outcome::Differs(id) => {
                let why = Message::new("intake-differs").with("value", item.number.as_str());
                ("differs", Some(id), Some(page.language.message(&why)))
            }
            Outcome::Refused(why) => ("refused", None, Some(page.language.message(&why))),
        };
        answers.push(Answer {
            number: item.number,
            result,
            case,
            why,
        });
    }
    Ok(Json(Answers { answers }))
}

/// How a case stands, by its number where it comes from.
#[utoipa::path(get, path = "/api/cases/{number}", tag = "cases", params(("number", description = "Its number where it comes from")),
    responses((status = 200, body = Standing), (status = 401, description = "No key, or one that is revoked"),
        (status = 404, description = "This source has handed in no case of this number")))]
pub async fn standing(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Json<Standing>> {
    let row = app.store.case_of_source(&caller.0.source, &number).await?;
    let row = row.ok_or_else(|| Error::missing(Message::new("case-missing")))?;
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    Ok(Json(Standing {
        number,
        case: row.id,
        stage: row.stage.word(),
        reported_at: row.reported_at.to_string(),
        dispatched_at: text(row.dispatched_at),
        due_at: text(row.due_at),
        handled_at: text(row.handled_at),
        closed_at: text(row.closed_at),
    }))
}
