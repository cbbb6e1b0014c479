//! One act for many cases: chosen in the list, tried first, then done to each for itself; and what became of each.

use std::collections::BTreeMap;

use askama::Template;
use assessment::case::life::Kind;
use assessment::message::Message;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::super::App;
use super::super::answer::{html, html_or_json};
use super::super::called::People;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::{Desk, condition_text, query_of, views};
use crate::casework::bulk::{self as work, MOST};
use crate::casework::{self, Ask};
use crate::store::case::batch::Batch;
use crate::viewer::Role;

/// What this viewer can do to many cases: word and name.
pub fn offered(page: &Page) -> Vec<(&'static str, String)> {
    let Some(post) = casework::post(page.viewer.role) else {
        return vec![];
    };
    work::KINDS
        .into_iter()
        .filter(|kind| kind.is_for(post))
        .map(|kind| (kind.word(), page.t(kind.key())))
        .collect()
}

#[derive(Template)]
#[template(path = "case/bulk.html")]
struct BulkPage {
    page: Page,
    kind: &'static str,
    name: String,
    /// What is sent under this name is done once.
    form: String,
    /// Ids of the cases, all of them.
    cases: Vec<String>,
    able: usize,
    /// Why not, with the cases that it stands against.
    refused: Vec<(String, Vec<String>)>,
    needs_reason: bool,
    /// What takes the batch back, or why nothing does.
    undo: Option<String>,
    no_undo: Option<String>,
    ask: Ask,
    query: String,
    conditions: Vec<(String, String)>,
    units: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    fault: Option<String>,
}

impl BulkPage {
    fn is(&self, kinds: &str) -> bool {
        kinds.split(' ').any(|kind| kind == self.kind)
    }
}

/// What would become of the chosen cases; with `sure`, does it.
pub async fn bulk(State(app): State<App>, page: Page, RawForm(body): RawForm) -> Result<Response> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
        .map_err(|_| Error::refused(Message::new("batch-none")))?;
    let field = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found.map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    let kind =
        Kind::parse(&field("act")).ok_or_else(|| Error::refused(Message::new("batch-no-act")))?;
    let ask = Ask {
        text: field("text"),
        told: field("told"),
        condition: field("condition"),
        unit: field("unit"),
        department: field("department"),
        ..Ask::default()
    };
    let (now, query) = (app.clock.now(), field("query"));
    let practice = casework::Practice::of(&app.store).await?;
    let filter = practice.resolved(views::filter_of(&query)?, now)?;
    let cases: Vec<String> = match field("all").as_str() {
        "yes" => {
            let count = app.store.count_cases(&page.viewer, now, &filter).await?;
            if count > MOST as i64 {
                return Err(Error::refused(
                    Message::new("batch-too-many").with("most", MOST as i64),
                ));
            }
            let all = app
                .store
                .cases_after(&page.viewer, now, &filter, None, MOST as i64);
            all.await?.0.into_iter().map(|row| row.id).collect()
        }
        _ => pairs
            .iter()
            .filter(|(key, _)| key == "case")
            .map(|(_, id)| id.clone())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect(),
    };
    let sure = field("sure") == "yes";
    let missing = match () {
        () if kind.needs_reason() && ask.text.is_empty() => {
            Some(Message::new("case-reason-missing").with("act", Message::new(kind.key())))
        }
        () if kind == Kind::Register && ask.condition.is_empty() => {
            Some(Message::new("case-condition-missing"))
        }
        () if kind == Kind::PassDown && ask.unit.is_empty() => {
            Some(Message::new("case-unit-not-below"))
        }
        () => None,
    };
    let form = field("form");
    if sure && missing.is_none() {
        let run = work::run(
            &app.store,
            now,
            &page.viewer,
            kind,
            &ask,
            &cases,
            &form,
            page.language,
        );
        let id = run.await?;
        return Ok(Redirect::to(&format!("/desk/cases/batches/{id}")).into_response());
    }
    // Before the form is filled in, only what stands against the act itself can be said.
    let looked = work::look(
        &app.store,
        now,
        &page.viewer,
        kind,
        &ask,
        &cases,
        missing.is_none(),
    )
    .await?;
    let mut refused: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, why) in &looked {
        if let Some(why) = why {
            let why = page.language.message(why);
            refused.entry(why).or_default().push(id.clone());
        }
    }
    let desk = Desk::open(&app, &page).await?;
    let fault = missing.filter(|_| sure);
    let status = match fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let named = |kinds: &[&str]| -> Vec<(String, String)> {
        let units = desk.units.iter();
        let units = units.filter(|unit| kinds.contains(&unit.kind.as_str()));
        units
            .map(|unit| (unit.code.clone(), desk.unit_name(&unit.code)))
            .collect()
    };
    let units = match kind {
        Kind::PassDown => desk
            .units
            .iter()
            .filter(|unit| unit.parent.is_some() && unit.parent == page.viewer.unit)
            .map(|unit| (unit.code.clone(), desk.unit_name(&unit.code)))
            .collect(),
        _ => named(&[
            "county",
            "township",
            "community",
            "village",
            "area",
            "zone",
            "department",
        ]),
    };
    let body = html(&BulkPage {
        kind: kind.word(),
        name: page.t(kind.key()),
        form: match form.as_str() {
            "" => work::fresh_form(now),
            _ => form,
        },
        able: looked.iter().filter(|(_, why)| why.is_none()).count(),
        refused: refused.into_iter().collect(),
        needs_reason: kind.needs_reason(),
        undo: way_back(&page, kind).ok().map(|kind| page.t(kind.key())),
        no_undo: why_not(&page, kind),
        conditions: desk
            .practice
            .conditions
            .iter()
            .filter(|_| kind == Kind::Register)
            .filter(|condition| filter.category.is_empty() || condition.category == filter.category)
            .map(|condition| {
                let category = super::category_name(&condition.category, page.language);
                let text = condition_text(condition, page.language);
                (condition.id.clone(), format!("{category} · {text}"))
            })
            .collect(),
        departments: named(&["department"]),
        units,
        cases,
        ask,
        query: query_of(&filter),
        fault: fault.map(|message| page.language.message(&message)),
        page,
    })?;
    Ok((status, body).into_response())
}

/// A batch as its page shows it.
#[derive(Debug, Serialize)]
pub struct BatchView {
    pub id: String,
    pub at: String,
    pub who: String,
    pub act: String,
    pub done: Vec<String>,
    /// Case and why not.
    pub refused: Vec<(String, String)>,
    pub undoes: Option<String>,
    pub undone_by: Option<String>,
    /// Cases that are still to be taken back; where it was taken back already, that broke off.
    pub left_to_undo: usize,
    /// What would take it back, or why nothing does.
    pub undo: Option<String>,
    pub no_undo: Option<String>,
}

/// What takes an act of the viewer back, or why nothing does.
fn way_back(page: &Page, kind: Kind) -> std::result::Result<Kind, Message> {
    work::way_back(kind, casework::post(page.viewer.role))
}

/// Why an act has no way back; `None`: it has one.
fn why_not(page: &Page, kind: Kind) -> Option<String> {
    way_back(page, kind)
        .err()
        .map(|why| page.language.message(&why))
}

#[derive(Template)]
#[template(path = "case/batch.html")]
struct BatchPage {
    page: Page,
    batch: BatchView,
    people: People,
    own: bool,
}

/// The batch, if it is the viewer's own or they read everything.
async fn find(app: &App, page: &Page, id: &str) -> Result<Batch> {
    let batch = app.store.case_batch(id).await?;
    batch
        .filter(|batch| {
            batch.who == page.viewer.login || page.viewer.is_any(&[Role::Host, Role::Auditor])
        })
        .ok_or_else(|| Error::missing(Message::new("batch-missing")))
}

/// What became of each case of a batch.
pub async fn batch(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let batch = find(&app, &page, &id).await?;
    let kind = Kind::parse(&batch.act);
    let own = batch.who == page.viewer.login;
    let left_to_undo = work::left_to_undo(&app.store, &batch).await?;
    let people = People::of(&app, &page, [batch.who.as_str()]).await?;
    let (done, refused): (Vec<_>, Vec<_>) = batch
        .rows
        .into_iter()
        .partition(|row| row.refusal.is_none());
    let view = BatchView {
        at: page.moment(&batch.at),
        who: batch.who,
        act: kind.map_or(batch.act, |kind| page.t(kind.key())),
        done: done.into_iter().map(|row| row.case).collect(),
        refused: refused
            .into_iter()
            .map(|row| (row.case, row.refusal.unwrap_or_default()))
            .collect(),
        undo: kind
            .filter(|_| left_to_undo > 0)
            .and_then(|kind| way_back(&page, kind).ok())
            .map(|kind| page.t(kind.key())),
        no_undo: kind.and_then(|kind| why_not(&page, kind)),
        left_to_undo,
        undoes: batch.undoes,
        undone_by: batch.undone_by,
        id: batch.id,
    };
    html_or_json(&page, view, |batch| BatchPage {
        page: page.clone(),
        batch,
        people,
        own,
    })
}

/// Takes a batch back.
pub async fn undo(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Redirect> {
    let batch = find(&app, &page, &id).await?;
    let undone = work::undo(
        &app.store,
        app.clock.now(),
        &page.viewer,
        &batch,
        page.language,
    );
    let id = undone.await?;
    Ok(Redirect::to(&format!("/desk/cases/batches/{id}")))
}
