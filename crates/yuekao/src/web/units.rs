//! Units: the tree as it was in a month, and units that come in files.

use std::collections::HashMap;

use askama::Template;
use assessment::message::Message;
use assessment::month::Month;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{html, html_or_json};
use super::error::{Error, Result};
use super::fields::{Fields, filled, month_of};
use super::imports::{self, Door, Said, WaitingLine};
use super::page::Page;
use crate::evidence::Refusal;
use crate::evidence::divisions::{self, LEVELS};
use crate::evidence::file::Handed;
use crate::store::evidence::unit_of;
use crate::store::unit::{KINDS, UnitRow};

const UNITS: Door = Door {
    purpose: "units",
    path: "/desk/units/import",
    title: "units-import",
    units: true,
};

/// More lines than this are counted, not shown: a search can be said more exactly.
const SHOWN: usize = 500;

/// A unit as lists show it.
#[derive(Debug, Clone, Serialize)]
pub struct UnitLine {
    pub code: String,
    pub name: String,
    pub kind: String,
    /// The kind in words.
    #[serde(skip)]
    called: String,
    pub parent: Option<String>,
    /// Names of the units above, from the top.
    pub above: Vec<String>,
    /// First month of the span.
    pub from: String,
    /// Last month of the span; open without one.
    pub to: Option<String>,
    /// `population`, `management`, `name_en`, …
    pub attributes: Vec<(String, String)>,
    /// The same in words.
    #[serde(skip)]
    pub told: Vec<String>,
    /// How many units are directly below.
    pub below: usize,
}

/// What is asked of the tree.
#[derive(Debug, Default, Deserialize)]
pub struct Question {
    /// The month; this month if left out.
    #[serde(default)]
    month: String,
    /// Part of a name, or the beginning of a code.
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    /// Code of the unit whose inside is shown.
    #[serde(default)]
    under: String,
}

/// The answer.
#[derive(Debug, Serialize)]
pub struct Units {
    pub month: String,
    /// The unit that was opened.
    pub unit: Option<UnitLine>,
    /// All its spans of months.
    pub spans: Vec<UnitLine>,
    /// What lies directly below it, or what was found.
    pub units: Vec<UnitLine>,
    /// How many more were found.
    pub more: usize,
    /// How many units there are in the month.
    pub count: usize,
}

#[derive(Template)]
#[template(path = "unit/list.html")]
struct ListPage {
    page: Page,
    answer: Units,
    question: Question,
    /// Kinds of the month, with their words.
    kinds: Vec<(String, String)>,
    /// Codes and names of the units above the opened one.
    path: Vec<(String, String)>,
}

/// The units of a month, by code.
struct Tree<'a> {
    rows: &'a [UnitRow],
    by_code: HashMap<&'a str, &'a UnitRow>,
    below: HashMap<&'a str, usize>,
    page: &'a Page,
}

impl<'a> Tree<'a> {
    fn new(rows: &'a [UnitRow], page: &'a Page) -> Self {
        let mut below: HashMap<&str, usize> = HashMap::new();
        for parent in rows.iter().filter_map(|row| row.parent.as_deref()) {
            *below.entry(parent).or_default() += 1;
        }
        Self {
            rows,
            by_code: rows.iter().map(|row| (row.code.as_str(), row)).collect(),
            below,
            page,
        }
    }

    /// The units above one, from the top. A circle, which the store should not hold, ends it.
    fn above(&self, row: &UnitRow) -> Vec<&'a UnitRow> {
        let mut above = vec![];
        let mut parent = row.parent.as_deref();
        while let Some(row) = parent.and_then(|code| self.by_code.get(code)) {
            if above.len() > 12 {
                break;
            }
            above.push(*row);
            parent = row.parent.as_deref();
        }
        above.reverse();
        above
    }

    fn line(&self, row: &UnitRow) -> UnitLine {
        let attributes: Vec<(String, String)> =
            unit_of(row.clone()).attributes.into_iter().collect();
        let told = attributes
            .iter()
            .filter_map(|(name, value)| told(self.page, name, value));
        UnitLine {
            code: row.code.clone(),
            name: row.name.clone(),
            called: kind_word(&row.kind, self.page),
            kind: row.kind.clone(),
            parent: row.parent.clone(),
            above: self
                .above(row)
                .into_iter()
                .map(|above| above.name.clone())
                .collect(),
            from: row.valid_from.clone(),
            to: row.valid_to.clone(),
            told: told.collect(),
            attributes,
            below: self.below.get(row.code.as_str()).copied().unwrap_or(0),
        }
    }

    /// Whether it stands at the top: no unit of the month is above it.
    fn tops(&self, row: &UnitRow) -> bool {
        row.parent
            .as_deref()
            .is_none_or(|parent| !self.by_code.contains_key(parent))
    }
}

/// The kind in words; a word of the host's own stays as it is.
fn kind_word(kind: &str, page: &Page) -> String {
    match KINDS.contains(&kind) {
        true => page.t(&format!("unit-kind-{kind}")),
        false => kind.to_owned(),
    }
}

fn this_month(app: &App) -> Result<Month> {
    Month::of(app.clock.today()).ok_or_else(Error::not_found)
}

/// The tree of a month, opened at a unit, or what a search found in it.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(mut question): Query<Question>,
) -> Result<Response> {
    let month = match filled(&question.month) {
        Some(month) => month_of(&month)?,
        None => this_month(&app)?,
    };
    question.month = month.to_string();
    let rows = app.store.units_in(month).await?;
    let tree = Tree::new(&rows, &page);
    let (q, under) = (question.q.trim(), question.under.trim());
    let searched = !q.is_empty() || !question.kind.is_empty();
    let inside =
        |row: &UnitRow| under.is_empty() || tree.above(row).iter().any(|above| above.code == under);
    let wanted = |row: &&UnitRow| match searched {
        true => {
            (row.name.contains(q) || row.code.starts_with(q))
                && (question.kind.is_empty() || row.kind == question.kind)
                && inside(row)
        }
        false if under.is_empty() => tree.tops(row),
        false => row.parent.as_deref() == Some(under),
    };
    let found: Vec<&UnitRow> = tree.rows.iter().filter(wanted).collect();
    let all = app.store.units().await?;
    let spans: Vec<UnitLine> = all
        .iter()
        .filter(|row| row.code == under)
        .map(|row| tree.line(row))
        .collect();
    if !under.is_empty() && spans.is_empty() {
        let unknown = Message::new("units-unknown").with("code", under);
        return Err(Error::missing(unknown));
    }
    let unit = tree.by_code.get(under).map(|row| tree.line(row));
    let path = tree.by_code.get(under).map(|row| tree.above(row));
    let path = path.unwrap_or_default().into_iter();
    let path = path.map(|row| (row.code.clone(), row.name.clone()));
    let path = path.collect();
    let mut kinds: Vec<(String, String)> = vec![];
    for row in &rows {
        if !kinds.iter().any(|(kind, _)| *kind == row.kind) {
            kinds.push((row.kind.clone(), kind_word(&row.kind, &page)));
        }
    }
    let answer = Units {
        month: month.to_string(),
        unit,
        spans,
        units: found.iter().take(SHOWN).map(|row| tree.line(row)).collect(),
        more: found.len().saturating_sub(SHOWN),
        count: rows.len(),
    };
    html_or_json(&page, answer, |answer| ListPage {
        page: page.clone(),
        answer,
        question,
        kinds,
        path,
    })
}

/// The form that ends a unit.
#[derive(Debug, Deserialize)]
pub struct End {
    code: String,
    /// Its last month.
    last: String,
    reason: String,
}

/// Ends a unit with a month; before, it stays what it was.
pub async fn end(State(app): State<App>, page: Page, Form(form): Form<End>) -> Result<Redirect> {
    let (code, reason) = (form.code.trim(), form.reason.trim());
    if reason.is_empty() {
        return Err(Error::refused(Message::new("grid-no-reason")));
    }
    let last = month_of(&form.last)?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store.end_unit(now, who, code, last, reason).await?;
    let opened = serde_urlencoded::to_string([("month", &*last.to_string()), ("under", code)]);
    let opened = opened.map_err(Error::broken)?;
    Ok(Redirect::to(&format!("/desk/units?{opened}")))
}

#[derive(Template)]
#[template(path = "unit/import.html")]
struct ImportPage {
    page: Page,
    month: String,
    /// Codes and names of the regions that ship with the program.
    regions: Vec<(String, String)>,
    levels: [&'static str; 4],
    waiting: Vec<WaitingLine>,
}

/// The forms that units come in by.
pub async fn import_page(State(app): State<App>, page: Page) -> Result<Response> {
    let regions = divisions::shipped().into_iter();
    let regions = regions
        .filter(|division| matches!(division.level.as_str(), "prefecture" | "county"))
        .map(|division| (division.code, division.name));
    html(&ImportPage {
        month: this_month(&app)?.to_string(),
        regions: regions.collect(),
        levels: LEVELS,
        waiting: imports::waiting(&app, &page, &UNITS).await?,
        page,
    })
}

/// Keeps files of units, and leads to what they would do.
pub async fn hand_in(State(app): State<App>, page: Page, fields: Fields) -> Result<Redirect> {
    imports::receive(&app, &page, &UNITS, Said::of(&fields), fields.files).await
}

/// Picks a region out of the divisions that ship with the program, or of a file of divisions, and goes on as if it had
/// been handed in as a file of units.
pub async fn hand_in_divisions(
    State(app): State<App>,
    page: Page,
    fields: Fields,
) -> Result<Redirect> {
    let (region, down_to) = (
        fields.text("region").to_owned(),
        fields.text("down_to").to_owned(),
    );
    let said = Said::of(&fields);
    let files = fields.files;
    let pick = move || -> std::result::Result<Handed, Refusal> {
        let divisions = match files.first() {
            Some(file) => divisions::read(file)?,
            None => divisions::shipped(),
        };
        divisions::units_of(&divisions, &region, &down_to)
    };
    let picked = tokio::task::spawn_blocking(pick)
        .await
        .map_err(Error::broken)?
        .map_err(|Refusal(message)| Error::refused(message))?;
    imports::receive(&app, &page, &UNITS, said, vec![picked]).await
}

/// What units that wait would do.
pub async fn look(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response> {
    imports::look_at(&app, page, &UNITS, token).await
}

/// Takes units that wait, looks at them again for another month, or throws them away.
pub async fn decide(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Response> {
    imports::decide_on(&app, page, &UNITS, token, fields).await
}

/// An attribute in words, if it has any; as it is written otherwise. The other name of a unit is no property of it.
fn told(page: &Page, name: &str, value: &str) -> Option<String> {
    let word = match (name, value) {
        ("name_en", _) => return None,
        ("management", "professional" | "entrusted" | "self-managed") => {
            page.t(&format!("units-management-{value}"))
        }
        ("households" | "population" | "area_km2", _) => {
            page.t1(&format!("units-attribute-{name}"), "value", value)
        }
        _ => format!("{name}={value}"),
    };
    Some(word)
}
