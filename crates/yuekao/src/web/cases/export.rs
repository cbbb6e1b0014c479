//! The list as a file, under the same filter: all of it, not the page.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::super::App;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::super::public::bulletin::XLSX;
use super::super::public::evidence::file;
use super::{Asked, Desk, Light, category_name};
use crate::bulletin::table::{Cell, Table, csv_words};
use crate::bulletin::xlsx;
use crate::casework::Practice;
use crate::clock::{day_of, zone};
use crate::datum::decimal;
use crate::store::case::CaseRow;
use crate::store::case::list::{CaseCell, CaseFilter, Within};
use crate::store::case::map::{CasePoint, Shown};
use crate::viewer::Viewer;
use assessment::message::Message;

/// Rows of a workbook: it is made as a whole in memory. CSV and GeoJSON have no end.
pub const LARGEST_BOOK: i64 = 50_000;
/// Rows that are read at once.
const STEP: i64 = 1000;

/// Columns: code, key of the label.
const COLUMNS: [(&str, &str, u8, bool); 22] = [
    ("id", "case-number", 16, false),
    ("category", "case-category-code", 20, false),
    ("category_name", "case-category", 14, false),
    ("place", "case-place", 24, true),
    ("description", "case-description", 24, true),
    ("stage", "case-stage", 10, false),
    ("source", "case-source", 10, false),
    ("source_number", "report-number", 12, false),
    ("unit", "case-unit", 12, false),
    ("holder", "case-holder", 12, false),
    ("department", "case-department", 12, false),
    ("reported_at", "case-reported", 16, false),
    ("dispatched_at", "case-dispatched-at", 16, false),
    ("due_at", "case-due", 16, false),
    ("handled_at", "case-handled-at", 16, false),
    ("closed_at", "case-closed-at", 16, false),
    ("reworks", "case-reworks", 8, false),
    ("dispatches", "case-dispatches", 8, false),
    ("returns", "case-returns", 8, false),
    ("relapse", "case-relapse", 8, false),
    ("lng", "report-lng", 12, false),
    ("lat", "report-lat", 12, false),
];

/// A moment with its offset, for programs and spreadsheets alike.
fn time(at: Option<&Timestamp>) -> String {
    at.map_or(String::new(), |at| {
        at.to_zoned(zone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    })
}

fn cells(desk: &Desk<'_>, row: &CaseRow) -> Vec<String> {
    let name = |code: &Option<String>| {
        code.as_deref()
            .map_or(String::new(), |code| desk.unit_name(code))
    };
    let line = desk.line(row);
    vec![
        row.id.clone(),
        row.new.category.clone(),
        line.category_name,
        row.new.place.clone(),
        row.new.description.clone(),
        line.stage_name,
        desk.page.t(&format!("case-source-{}", row.new.source)),
        row.new.source_number.clone().unwrap_or_default(),
        name(&row.unit),
        name(&row.holder),
        name(&row.department),
        time(Some(&row.reported_at)),
        time(row.dispatched_at.as_ref()),
        time(row.due_at.as_ref()),
        time(row.handled_at.as_ref()),
        time(row.closed_at.as_ref()),
        row.reworks.to_string(),
        row.dispatches.to_string(),
        row.returns.to_string(),
        i64::from(row.new.relapse_of.is_some()).to_string(),
        row.new.lng.map(decimal).unwrap_or_default(),
        row.new.lat.map(decimal).unwrap_or_default(),
    ]
}

/// The filter of a file, with what it needs of the rules: a file holds all that there is.
async fn resolved(app: &App, filter: CaseFilter) -> Result<CaseFilter> {
    let practice = Practice::of(&app.store).await?;
    let filter = practice.resolved(filter, app.clock.now())?;
    Ok(CaseFilter {
        every_hit: true,
        ..filter
    })
}

/// The list as a workbook.
pub async fn book(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let filter = resolved(&app, asked.filter).await?;
    let count = app
        .store
        .count_cases(&page.viewer, desk.now, &filter)
        .await?;
    if count > LARGEST_BOOK {
        let message = Message::new("export-too-many")
            .with("count", count)
            .with("most", LARGEST_BOOK);
        return Err(Error::refused(message));
    }
    let mut table = Table::new(
        page.language,
        &COLUMNS.map(|(_, key, width, prose)| (key, width, prose)),
    );
    let mut after = None;
    loop {
        let (rows, next) = app
            .store
            .cases_after(&page.viewer, desk.now, &filter, after.as_deref(), STEP)
            .await?;
        for row in &rows {
            let words = cells(&desk, row).into_iter().map(Cell::text);
            table.rows.push(words.collect());
        }
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let day = day_of(desk.now).to_string();
    let title = page.t("cases-title");
    let synthetic = page.synthetic();
    let language = page.language;
    let print = move || xlsx::one_table(&title, &title, &table, synthetic, &day, language);
    let bytes = tokio::task::spawn_blocking(print)
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)?;
    Ok(file(
        &format!("cases-{}.xlsx", stamp(desk.now)),
        XLSX,
        bytes,
    ))
}

fn stamp(now: Timestamp) -> String {
    now.to_zoned(zone()).strftime("%Y%m%d-%H%M").to_string()
}

/// What a stream of rows needs while it is read.
struct Reading {
    app: App,
    page: Page,
    viewer: Viewer,
    filter: CaseFilter,
    after: Option<String>,
    over: bool,
    rows: VecDeque<CaseRow>,
    begun: bool,
}

impl Reading {
    fn new(app: App, page: Page, filter: CaseFilter) -> Self {
        Self {
            viewer: page.viewer.clone(),
            app,
            page,
            filter,
            after: None,
            over: false,
            rows: VecDeque::new(),
            begun: false,
        }
    }

    /// The next rows; none when it is over.
    async fn step(&mut self, now: Timestamp) -> std::result::Result<Vec<CaseRow>, std::io::Error> {
        if self.over {
            return Ok(vec![]);
        }
        let (rows, next) = self
            .app
            .store
            .cases_after(&self.viewer, now, &self.filter, self.after.as_deref(), STEP)
            .await
            .map_err(std::io::Error::other)?;
        self.over = next.is_none();
        self.after = next;
        Ok(rows)
    }
}

/// The list as CSV: a row of codes, a row of their meanings, then the cases.
pub async fn csv(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let now = app.clock.now();
    let filter = resolved(&app, asked.filter).await?;
    let mut reading = Reading::new(app, page.clone(), filter);
    // The first rows are read before anything is answered: what goes wrong there is said in words.
    reading.rows = reading.step(now).await.map_err(Error::broken)?.into();
    let body = stream::try_unfold(reading, move |mut reading| async move {
        let (app, page) = (reading.app.clone(), reading.page.clone());
        let desk = Desk::open(&app, &page)
            .await
            .map_err(|_| std::io::Error::other("the desk does not open"))?;
        let mut text = String::new();
        if !reading.begun {
            reading.begun = true;
            text.push('\u{feff}');
            text.push_str(&line(COLUMNS.map(|(code, ..)| code.to_owned()).into()));
            text.push_str(&line(COLUMNS.map(|(_, key, ..)| page.t(key)).into()));
        } else if reading.rows.is_empty() {
            reading.rows = reading.step(now).await?.into();
            if reading.rows.is_empty() {
                return Ok::<_, std::io::Error>(None);
            }
        }
        for row in std::mem::take(&mut reading.rows) {
            text.push_str(&line(cells(&desk, &row)));
        }
        Ok(Some((Bytes::from(text), reading)))
    });
    let name = format!("cases-{}.csv", stamp(now));
    Ok(file(
        &name,
        "text/csv; charset=utf-8",
        Body::from_stream(body),
    ))
}

fn line(cells: Vec<String>) -> String {
    let words: Vec<String> = cells.iter().map(|cell| csv_words(cell)).collect();
    words.join(",") + "\r\n"
}

/// What the map asks for: how near it is, and what it shows.
#[derive(Debug, Default, Deserialize)]
pub struct AskedMap {
    #[serde(flatten)]
    asked: Asked,
    /// Zoom of the map, 0 to 22; without it the whole list is meant, as a file.
    #[serde(default)]
    zoom: String,
    /// `west,south,east,north` in degrees.
    #[serde(default)]
    bbox: String,
}

/// So many points are drawn one by one; where there are more, the server counts them.
const POINTS: i64 = 2000;

/// Cases as GeoJSON in WGS 84. For a map: single points, or counts by cells where they are many, which add up to the count of
/// the filter. Without a zoom: all of them, as a file.
pub async fn points(
    State(app): State<App>,
    page: Page,
    Query(map): Query<AskedMap>,
) -> Result<Response> {
    let zoom: i64 = match map.zoom.trim() {
        "" => return whole(app, page, map.asked.filter).await,
        text => text
            .split('.')
            .next()
            .and_then(|whole| whole.parse().ok())
            .filter(|zoom| (0..=24).contains(zoom))
            .ok_or_else(|| Error::refused(Message::new("map-bad-zoom")))?,
    };
    let within = match map.bbox.trim() {
        "" => None,
        text => Some(within(text).ok_or_else(|| Error::refused(Message::new("map-bad-box")))?),
    };
    let desk = Desk::open(&app, &page).await?;
    let filter = &desk.practice.resolved(map.asked.filter, desk.now)?;
    let (store, viewer) = (&app.store, &page.viewer);
    let found = store
        .case_map(viewer, desk.now, filter, within, zoom, POINTS)
        .await?;
    let features: Vec<_> = match &found.shown {
        Shown::Cases(rows) => rows.iter().map(|row| point(&desk, row)).collect(),
        Shown::Cells(cells) => cells.iter().map(cell).collect(),
    };
    let mut body = json!({
        "type": "FeatureCollection",
        "count": found.count,
        "nowhere": found.nowhere,
        "features": features,
    });
    if found.cut {
        body["cut"] = true.into();
    }
    Ok(([(header::CONTENT_TYPE, GEOJSON)], body.to_string()).into_response())
}

const GEOJSON: &str = "application/geo+json";

/// So many cases, where they lie on average.
fn cell(cell: &CaseCell) -> serde_json::Value {
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [cell.lng as f64 / 1e7, cell.lat as f64 / 1e7] },
        "properties": { "n": cell.n },
    })
}

fn within(text: &str) -> Option<Within> {
    let degrees: Vec<i64> = text
        .split(',')
        .map(|part| {
            let degree: f64 = part.trim().parse().ok()?;
            (degree.abs() <= 360.0).then_some((degree * 1e7).round() as i64)
        })
        .collect::<Option<_>>()?;
    Some(Within(degrees.try_into().ok()?))
}

/// A case as a point of a map: of its line in the list, what a map shows.
pub(super) fn point(desk: &Desk<'_>, row: &CasePoint) -> serde_json::Value {
    let language = desk.page.language;
    let light = Light::of(row.clocked(), &desk.practice, desk.now, language);
    let stage = language.word(row.stage.key());
    json!({
        "type": "Feature",
        "id": row.id,
        "geometry": row.position.map(|(lng, lat)| json!({ "type": "Point", "coordinates": [lng as f64 / 1e7, lat as f64 / 1e7] })),
        "properties": {
            "title": category_name(&row.category, language),
            "detail": format!("{} · {stage} · {}", row.place, light.says),
            "lamp": light.lamp, "href": format!("/desk/cases/{}", row.id),
        },
    })
}

/// All of them as one collection; a case without a position has no geometry.
async fn whole(app: App, page: Page, filter: CaseFilter) -> Result<Response> {
    let now = app.clock.now();
    let filter = resolved(&app, filter).await?;
    let mut reading = Reading::new(app, page, filter);
    reading.rows = reading.step(now).await.map_err(Error::broken)?.into();
    let body = stream::try_unfold((reading, false), move |(mut reading, ended)| async move {
        if ended {
            return Ok::<_, std::io::Error>(None);
        }
        let mut text = String::new();
        if !reading.begun {
            text.push_str("{\"type\":\"FeatureCollection\",\"features\":[");
        } else if reading.rows.is_empty() {
            reading.rows = reading.step(now).await?.into();
            if reading.rows.is_empty() {
                return Ok(Some((Bytes::from("\n]}\n"), (reading, true))));
            }
        }
        let (app, page) = (reading.app.clone(), reading.page.clone());
        let desk = Desk::open(&app, &page)
            .await
            .map_err(|_| std::io::Error::other("the desk does not open"))?;
        for (place, row) in std::mem::take(&mut reading.rows).into_iter().enumerate() {
            let first = !reading.begun && place == 0;
            text.push_str(if first { "\n" } else { ",\n" });
            let mut feature = point(&desk, &CasePoint::from(&row));
            let codes = COLUMNS.iter().map(|(code, ..)| (*code).to_owned());
            let values = cells(&desk, &row).into_iter().map(serde_json::Value::from);
            feature["properties"] = serde_json::Value::Object(codes.zip(values).collect());
            text.push_str(&feature.to_string());
        }
        reading.begun = true;
        Ok(Some((Bytes::from(text), (reading, false))))
    });
    let name = format!("cases-{}.geojson", stamp(now));
    Ok(file(&name, GEOJSON, Body::from_stream(body)))
}
