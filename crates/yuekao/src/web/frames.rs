//! The sampling frame of a series: how many sites of which kind each unit has, and when each can be visited.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use assessment::inspection::frame::{Frame, Place};
use assessment::month::Month;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::called::Evaluations;
use super::error::{Error, Result};
use super::page::Page;
use crate::store::frame::Counties;

/// More sites than this are counted, not listed.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "frame/list.html")]
struct ListPage {
    page: Page,
    titles: Evaluations,
    series: Vec<String>,
}

/// The series that have a frame.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let series = app.store.evidence_series().await?;
    let titles = Evaluations::of(&app, &page).await?;
    html_or_json(&page, series, |series| ListPage {
        page: page.clone(),
        titles,
        series,
    })
}

/// The frame as a table: a line for each unit, a column for each kind of place.
#[derive(Debug, Serialize)]
pub struct FrameTable {
    /// Kinds of places, the columns.
    pub strata: Vec<String>,
    /// Lines, by county and unit.
    pub units: Vec<UnitLine>,
    /// Digest of the frame.
    pub digest: String,
    /// How many sites.
    pub sites: usize,
}

/// A unit's line.
#[derive(Debug, Serialize)]
pub struct UnitLine {
    /// Code.
    pub unit: String,
    /// Name.
    pub name: String,
    /// Name of its county, if it is not one itself.
    pub county: Option<String>,
    /// A count for each column.
    pub counts: Vec<Count>,
}

/// How many sites of a unit and kind can be drawn.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Count {
    /// Open all month; not those that every round looks at.
    pub open: usize,
    /// Those that every round looks at.
    pub must_check: usize,
    /// Not open all month.
    pub closed: usize,
}

impl Count {
    /// Whether there is no site at all.
    pub fn is_empty(self) -> bool {
        self.open + self.must_check + self.closed == 0
    }
}

impl FrameTable {
    /// Counts a frame for the draw of a month.
    pub fn of(frame: &Frame, month: Month, counties: &Counties) -> Self {
        let strata: BTreeSet<&str> = frame
            .places
            .iter()
            .map(|place| place.site.stratum.as_str())
            .collect();
        let mut units: BTreeMap<(&str, &str), BTreeMap<&str, Count>> = BTreeMap::new();
        for place in &frame.places {
            let unit = place.area.as_str();
            let counts = units.entry((counties.county(unit), unit)).or_default();
            let count = counts.entry(&place.site.stratum).or_default();
            match (place.is_open_in(month), place.must_check) {
                (false, _) => count.closed += 1,
                (true, true) => count.must_check += 1,
                (true, false) => count.open += 1,
            }
        }
        let line = |((county, unit), counts): ((&str, &str), BTreeMap<&str, Count>)| UnitLine {
            unit: unit.to_owned(),
            name: counties.name(unit).to_owned(),
            county: (county != unit).then(|| counties.name(county).to_owned()),
            counts: strata
                .iter()
                .map(|stratum| counts.get(stratum).copied().unwrap_or_default())
                .collect(),
        };
        Self {
            units: units.into_iter().map(line).collect(),
            strata: strata.iter().map(|&stratum| stratum.to_owned()).collect(),
            digest: frame.digest(),
            sites: frame.places.len(),
        }
    }
}

/// Which sites are listed.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    stratum: String,
}

#[derive(Template)]
#[template(path = "frame/one.html")]
struct OnePage {
    page: Page,
    titles: Evaluations,
    series: String,
    table: FrameTable,
    asked: Asked,
    places: Vec<Place>,
    more: usize,
}

/// One frame, and the sites of a unit and kind if they are asked for.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path(series): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if !app.store.evidence_series().await?.contains(&series) {
        return Err(Error::not_found());
    }
    let month = Month::of(app.clock.today()).ok_or_else(Error::not_found)?;
    let frame = app.store.frame(&series, month).await?;
    let counties = app.store.counties_in(month).await?;
    let table = FrameTable::of(&frame, month, &counties);
    let mut places: Vec<Place> = frame.places;
    places.retain(|place| place.area == asked.unit && place.site.stratum == asked.stratum);
    let more = places.len().saturating_sub(SHOWN);
    places.truncate(SHOWN);
    let titles = Evaluations::of(&app, &page).await?;
    html_or_json(&page, table, |table| OnePage {
        page: page.clone(),
        titles,
        series,
        table,
        asked,
        places,
        more,
    })
}

/// The form of a site's days.
#[derive(Deserialize)]
pub struct SpanForm {
    #[serde(default)]
    opens: String,
    #[serde(default)]
    closes: String,
    reason: String,
}

/// Says from when to when a site can be visited.
pub async fn set_span(
    State(app): State<App>,
    page: Page,
    Path((series, id)): Path<(String, String)>,
    Form(form): Form<SpanForm>,
) -> Result<Redirect> {
    app.store
        .set_site_span(
            app.clock.now(),
            &page.viewer.login,
            (&series, &id),
            (&form.opens, &form.closes),
            &form.reason,
        )
        .await?;
    Ok(Redirect::to(&format!("/desk/frames/{series}")))
}
