//! Grids, their duties and patrols; and what lies at a point on a day.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use assessment::grid::{CellCode, Duty, Holder, Kind, Level, Span, Tenure, Thing};
use assessment::message::Message;
use assessment::month::Month;
use assessment::place::{Point, Side};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use tokio::sync::Mutex;

use super::act::Deed;
use super::dialect::within;
use super::writer::Tx;
use super::{Error, Result, Store};
use crate::ground::{At, Drawing, Ground, Parts, UnitAt, duties};
use crate::viewer::{Role, Viewer};

/// A grid as it was drawn in a span of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    pub id: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day; open without one.
    pub valid_to: Option<String>,
    pub name: String,
    /// Code of the unit that it lies in.
    pub unit: String,
    /// `area`, `street` or `cell`.
    pub kind: String,
    /// The 15 digits of a survey cell.
    pub cell: Option<String>,
    /// MultiPolygon or MultiLineString in WGS 84, as GeoJSON text.
    pub geometry: String,
    /// Whole square metres, or whole metres of a street.
    pub size: i64,
    /// It is made up.
    pub synthetic: bool,
    /// Where it comes from.
    pub source: String,
}

impl GridRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            valid_from: row.try_get("valid_from")?,
            valid_to: row.try_get("valid_to")?,
            name: row.try_get("name")?,
            unit: row.try_get("unit")?,
            kind: row.try_get("kind")?,
            cell: row.try_get("cell")?,
            geometry: row.try_get("geometry")?,
            size: row.try_get("size")?,
            synthetic: row.try_get::<i64, _>("synthetic")? == 1,
            source: row.try_get("source")?,
        })
    }

    /// How it is drawn.
    ///
    /// Errors: [`Error::Damaged`] if the text is no geometry.
    pub fn drawing(&self) -> Result<Drawing> {
        Drawing::parse(&self.geometry).ok_or_else(|| Error::damaged(format!("grid {}", self.id)))
    }

    /// Its days.
    ///
    /// Errors: [`Error::Damaged`] if they are none.
    pub fn span(&self) -> Result<Span> {
        span(&self.valid_from, self.valid_to.as_deref())
    }

    /// What it is.
    ///
    /// Errors: [`Error::Damaged`] if the word or the code is unknown.
    pub fn kind(&self) -> Result<Kind> {
        Ok(match (self.kind.as_str(), &self.cell) {
            ("area", None) => Kind::Area,
            ("street", None) => Kind::Street,
            ("cell", Some(code)) => {
                Kind::Cell(code.parse::<CellCode>().map_err(|_| Error::damaged(code))?)
            }
            _ => return Err(Error::damaged(format!("grid {}", self.id))),
        })
    }
}

fn span(from: &str, to: Option<&str>) -> Result<Span> {
    let day = |text: &str| text.parse::<Date>().map_err(Error::damaged);
    Ok(Span {
        from: day(from)?,
        to: to.map(day).transpose()?,
    })
}

/// A duty of a grid in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    pub grid: String,
    /// `management`, `operation`, `enforcement` or `responsibility`.
    pub duty: String,
    /// A stretch of the grid; empty: the whole.
    pub part: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day; open without one.
    pub valid_to: Option<String>,
    /// `chief`, `unit`, `frontage` or `stewardship`.
    pub holder_kind: String,
    /// Login of a chief or code of a unit; empty: known by name only.
    pub holder: String,
    /// The name that is shown.
    pub name: String,
    /// Level of a chief, 1 to 5.
    pub level: Option<i64>,
    /// What a frontage contract covers, words with blanks between.
    pub things: String,
    pub patrols_per_week: i64,
}

impl DutyRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            grid: row.try_get("grid")?,
            duty: row.try_get("duty")?,
            part: row.try_get("part")?,
            valid_from: row.try_get("valid_from")?,
            valid_to: row.try_get("valid_to")?,
            holder_kind: row.try_get("holder_kind")?,
            holder: row.try_get("holder")?,
            name: row.try_get("name")?,
            level: row.try_get("level")?,
            things: row.try_get("things")?,
            patrols_per_week: row.try_get("patrols_per_week")?,
        })
    }

    /// A tenure as a row of a grid; `name` is shown where the holder is known by a code.
    pub fn of(grid: &str, tenure: &Tenure, name: &str) -> Self {
        let (holder, name, level, things) = match &tenure.holder {
            Holder::Chief { login, name, level } => (
                login.clone().unwrap_or_default(),
                name.as_str(),
                Some(level.number()),
                String::new(),
            ),
            Holder::Unit { code } => (code.clone(), name, None, String::new()),
            Holder::Frontage { party, things } => {
                let things: Vec<_> = things.iter().map(|thing| thing.word()).collect();
                (String::new(), party.as_str(), None, things.join(" "))
            }
            Holder::Stewardship { party } => (String::new(), party.as_str(), None, String::new()),
        };
        Self {
            grid: grid.to_owned(),
            duty: tenure.duty.word().to_owned(),
            part: tenure.part.clone().unwrap_or_default(),
            valid_from: tenure.span.from.to_string(),
            valid_to: tenure.span.to.map(|to| to.to_string()),
            holder_kind: tenure.holder.word().to_owned(),
            holder,
            name: name.to_owned(),
            level,
            things,
            patrols_per_week: tenure.patrols_per_week.into(),
        }
    }

    /// The tenure of the row.
    ///
    /// Errors: [`Error::Damaged`] if a word, a level or a day is none.
    pub fn tenure(&self) -> Result<Tenure> {
        let wrong = || Error::damaged(format!("a duty of grid {}", self.grid));
        let holder = match self.holder_kind.as_str() {
            "chief" => Holder::Chief {
                login: Some(self.holder.clone()).filter(|login| !login.is_empty()),
                name: self.name.clone(),
                level: self.level.and_then(Level::new).ok_or_else(wrong)?,
            },
            "unit" => Holder::Unit {
                code: self.holder.clone(),
            },
            "frontage" => Holder::Frontage {
                party: self.name.clone(),
                things: self
                    .things
                    .split_whitespace()
                    .map(|word| Thing::of(word).ok_or_else(wrong))
                    .collect::<Result<BTreeSet<_>>>()?,
            },
            "stewardship" => Holder::Stewardship {
                party: self.name.clone(),
            },
            _ => return Err(wrong()),
        };
        Ok(Tenure {
            duty: Duty::of(&self.duty).ok_or_else(wrong)?,
            part: Some(self.part.clone()).filter(|part| !part.is_empty()),
            holder,
            span: span(&self.valid_from, self.valid_to.as_deref())?,
            patrols_per_week: u8::try_from(self.patrols_per_week).map_err(|_| wrong())?,
        })
    }
}

/// What can be done to a grid; its id is the id. Every deed says why.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridDeed {
    /// A span was drawn, new or instead of the one that begins on the same day.
    Drawn { grid: GridRow, reason: String },
    /// A duty was given, new or instead of what began on the same day.
    Assigned { duty: DutyRow, reason: String },
}

impl Deed for GridDeed {
    const NOUN: &'static str = "grid";

    async fn apply(&self, tx: &mut Tx<'_>, _id: &str, _at: Timestamp) -> Result<()> {
        match self {
            Self::Drawn { grid, .. } => draw(tx, grid).await,
            Self::Assigned { duty, .. } => assign(tx, duty).await,
        }
    }
}

async fn draw(tx: &mut Tx<'_>, grid: &GridRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO grid (id, valid_from, valid_to, name, unit, kind, cell, geometry, size, synthetic, source)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id, valid_from) DO UPDATE SET
            valid_to = excluded.valid_to, name = excluded.name, unit = excluded.unit,
            kind = excluded.kind, cell = excluded.cell, geometry = excluded.geometry,
            size = excluded.size, synthetic = excluded.synthetic, source = excluded.source",
    )
    .bind(&grid.id)
    .bind(&grid.valid_from)
    .bind(grid.valid_to.as_deref())
    .bind(&grid.name)
    .bind(&grid.unit)
    .bind(&grid.kind)
    .bind(grid.cell.as_deref())
    .bind(&grid.geometry)
    .bind(grid.size)
    .bind(i64::from(grid.synthetic))
    .bind(&grid.source)
    .execute(tx.conn())
    .await?;
    tx.ground_moved().await
}

async fn assign(tx: &mut Tx<'_>, duty: &DutyRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO grid_duty (grid, duty, part, valid_from, valid_to, holder_kind, holder, name, level, things,
                                patrols_per_week)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (grid, duty, part, valid_from) DO UPDATE SET
            valid_to = excluded.valid_to, holder_kind = excluded.holder_kind, holder = excluded.holder,
            name = excluded.name, level = excluded.level, things = excluded.things,
            patrols_per_week = excluded.patrols_per_week",
    )
    .bind(&duty.grid)
    .bind(&duty.duty)
    .bind(&duty.part)
    .bind(&duty.valid_from)
    .bind(duty.valid_to.as_deref())
    .bind(&duty.holder_kind)
    .bind(&duty.holder)
    .bind(&duty.name)
    .bind(duty.level)
    .bind(&duty.things)
    .bind(duty.patrols_per_week)
    .execute(tx.conn())
    .await?;
    Ok(())
}

impl Tx<'_> {
    /// Grids, areas or units have changed: whoever keeps an index of them has to make it again.
    pub(super) async fn ground_moved(&mut self) -> Result<()> {
        sqlx::query("UPDATE ground_version SET version = version + 1 WHERE one = 1")
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

/// A patrol that a chief recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatrolRow {
    pub grid: String,
    /// Login of the chief.
    pub chief: String,
    /// Epoch milliseconds.
    pub at: i64,
    /// Where the phone said it was, in ten-millionths of a degree of WGS 84.
    pub place: Option<(i64, i64)>,
    /// How exact it said that was, in metres.
    pub accuracy_m: Option<i64>,
    /// Whether the place lies in the grid.
    pub inside: Option<bool>,
    pub note: String,
}

/// What can be done to a patrol; the id that the phone made is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatrolDeed {
    /// It was recorded.
    Recorded(PatrolRow),
}

impl Deed for PatrolDeed {
    const NOUN: &'static str = "patrol";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, _at: Timestamp) -> Result<()> {
        let Self::Recorded(patrol) = self;
        sqlx::query(
            "INSERT INTO chief_patrol (id, grid, chief, at, lng, lat, accuracy_m, inside, note)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(&patrol.grid)
        .bind(&patrol.chief)
        .bind(patrol.at)
        .bind(patrol.place.map(|(lng, _)| lng))
        .bind(patrol.place.map(|(_, lat)| lat))
        .bind(patrol.accuracy_m)
        .bind(patrol.inside.map(i64::from))
        .bind(&patrol.note)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

impl PatrolRow {
    /// Whether it is done: the phone said that it was in the grid. Another, or one without a position, is kept and shown.
    pub fn counts(&self) -> bool {
        self.inside == Some(true)
    }

    fn from_row(row: &AnyRow) -> Result<Self> {
        let (lng, lat): (Option<i64>, Option<i64>) = (row.try_get("lng")?, row.try_get("lat")?);
        Ok(Self {
            grid: row.try_get("grid")?,
            chief: row.try_get("chief")?,
            at: row.try_get("at")?,
            place: lng.zip(lat),
            accuracy_m: row.try_get("accuracy_m")?,
            inside: row
                .try_get::<Option<i64>, _>("inside")?
                .map(|inside| inside == 1),
            note: row.try_get("note")?,
        })
    }
}

/// What whoever changes grids has looked at. If it has changed since, nothing is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The ground, by its version: [`Store::ground_version`].
    Ground(i64),
    /// One grid with its duties, by the number of its last act; 0 if there was none.
    Grid(String, i64),
}

impl Seen {
    async fn check(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (seen, now): (i64, i64) = match self {
            Self::Ground(version) => {
                let now = sqlx::query_scalar("SELECT version FROM ground_version WHERE one = 1");
                (*version, now.fetch_one(tx.conn()).await?)
            }
            Self::Grid(id, act) => {
                let last = "SELECT COALESCE(MAX(seq), 0) FROM act WHERE noun = 'grid' AND id = $1";
                let now = sqlx::query_scalar(last).bind(id);
                (*act, now.fetch_one(tx.conn()).await?)
            }
        };
        match seen == now {
            true => Ok(()),
            false => Err(Error::refused("grid-moved-on")),
        }
    }
}

/// Lays a duty among those of its grid: it takes the place of what began on the same day, and whoever held it before without
/// a last day ends the day before. Returns who ended.
pub fn lay(rows: &mut Vec<DutyRow>, duty: &DutyRow) -> Result<Option<DutyRow>> {
    rows.retain(|row| {
        (&row.duty, &row.part, &row.valid_from) != (&duty.duty, &duty.part, &duty.valid_from)
    });
    let before = rows
        .iter_mut()
        .filter(|row| {
            row.duty == duty.duty && row.part == duty.part && row.valid_from < duty.valid_from
        })
        .max_by_key(|row| row.valid_from.clone());
    let mut ended = None;
    if let Some(before) = before.filter(|before| before.valid_to.is_none()) {
        let last = duty.tenure()?.span.from.yesterday();
        before.valid_to = Some(last.map_err(Error::damaged)?.to_string());
        ended = Some(before.clone());
    }
    rows.push(duty.clone());
    Ok(ended)
}

/// Says who else holds a duty on some of its days, among the rows that it was laid in.
pub fn held_twice(rows: &[DutyRow], duty: &DutyRow) -> Result<Option<Message>> {
    let own = duty.tenure()?;
    for row in rows {
        let same = row.duty == duty.duty && row.part == duty.part;
        if same
            && row.valid_from != duty.valid_from
            && let Some(common) = row.tenure()?.span.common(own.span)
        {
            let (first, second) = match row.valid_from < duty.valid_from {
                true => (row, duty),
                false => (duty, row),
            };
            let said = duties::held_twice(own.duty, &first.name, &second.name, &common);
            return Ok(Some(duties::of_grid(&duty.grid, said)));
        }
    }
    Ok(None)
}

/// Id and name of the grids that lie in a unit, or have a duty in its hands, after its last month.
pub(super) async fn left_to(
    tx: &mut Tx<'_>,
    unit: &str,
    last: Month,
) -> Result<Vec<(String, String)>> {
    let mut left: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT id, name FROM grid
         WHERE (valid_to IS NULL OR valid_to > $2) AND (unit = $1 OR EXISTS (
            SELECT 1 FROM grid_duty WHERE grid_duty.grid = grid.id AND grid_duty.holder_kind = 'unit'
                AND grid_duty.holder = $1 AND (grid_duty.valid_to IS NULL OR grid_duty.valid_to > $2)))
         ORDER BY id",
    )
    .bind(unit)
    .bind(last.last_day().to_string())
    .fetch_all(tx.conn())
    .await?;
    left.dedup_by(|one, other| one.0 == other.0);
    Ok(left)
}

/// Which grids are asked for: one query for list, count and map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// As they were on this day, `YYYY-MM-DD`.
    pub day: String,
    /// Of this kind; any if empty.
    pub kind: String,
    /// In this unit or below it; anywhere if empty.
    pub unit: String,
    /// With this in the name or id; any if empty.
    pub text: String,
    /// Only those with a duty that nobody holds.
    pub gaps: bool,
}

/// The rows that a question is answered with, for whoever may see them: $1 the day, $2 kind, $3 unit, $4 [a text within](dialect::within),
/// $5 `yes` for gaps, $6 the viewer's unit, $7 the viewer's login if they are a chief. A unit that has ended stays below the one
/// that was above it last: its grids are somebody's to give to others.
macro_rules! asked_for {
    ($columns:literal, $rest:literal) => {
        concat!(
            "WITH RECURSIVE asked (code) AS (
                SELECT CAST($3 AS TEXT)
                UNION SELECT unit.code FROM unit JOIN asked ON unit.parent = asked.code
                WHERE unit.valid_from <= substr($1, 1, 7) AND NOT EXISTS (
                    SELECT 1 FROM unit AS later WHERE later.code = unit.code
                        AND later.valid_from > unit.valid_from AND later.valid_from <= substr($1, 1, 7))
             ), seen (code) AS (
                SELECT CAST($6 AS TEXT)
                UNION SELECT unit.code FROM unit JOIN seen ON unit.parent = seen.code
                WHERE unit.valid_from <= substr($1, 1, 7) AND NOT EXISTS (
                    SELECT 1 FROM unit AS later WHERE later.code = unit.code
                        AND later.valid_from > unit.valid_from AND later.valid_from <= substr($1, 1, 7))
             )
             SELECT ", $columns, " FROM grid
             WHERE grid.valid_from <= $1 AND (grid.valid_to IS NULL OR grid.valid_to >= $1)
               AND ($2 = '' OR grid.kind = $2)
               AND ($3 = '' OR grid.unit IN (SELECT code FROM asked))
               AND ($4 = '' OR LOWER(grid.name) LIKE LOWER($4) ESCAPE '!' OR LOWER(grid.id) LIKE LOWER($4) ESCAPE '!')
               AND ($5 = '' OR (grid.kind <> 'cell' AND (
                    SELECT count(DISTINCT grid_duty.duty) FROM grid_duty
                    WHERE grid_duty.grid = grid.id AND grid_duty.part = '' AND grid_duty.valid_from <= $1
                      AND (grid_duty.valid_to IS NULL OR grid_duty.valid_to >= $1)
                      AND NOT (grid_duty.holder_kind = 'chief' AND grid_duty.holder IN (
                        SELECT login FROM account WHERE disabled_at IS NOT NULL))
                      AND NOT (grid_duty.holder_kind = 'unit' AND grid_duty.holder NOT IN (
                        SELECT unit.code FROM unit WHERE unit.valid_from <= substr($1, 1, 7)
                            AND (unit.valid_to IS NULL OR unit.valid_to >= substr($1, 1, 7))))) < 4))
               AND ($6 = '' OR grid.unit IN (SELECT code FROM seen) OR grid.id IN (
                    SELECT grid_duty.grid FROM grid_duty
                    WHERE grid_duty.holder_kind = 'unit' AND grid_duty.holder = $6
                      AND grid_duty.valid_from <= $1
                      AND (grid_duty.valid_to IS NULL OR grid_duty.valid_to >= $1)))
               AND ($7 = '' OR grid.id IN (
                    SELECT grid_duty.grid FROM grid_duty
                    WHERE grid_duty.holder_kind = 'chief' AND grid_duty.holder = $7
                      AND grid_duty.valid_from <= $1
                      AND (grid_duty.valid_to IS NULL OR grid_duty.valid_to >= $1)))
             ", $rest)
    };
}

const LIST: &str = asked_for!("*", "ORDER BY grid.id LIMIT $8 OFFSET $9");
const COUNT: &str = asked_for!("count(*)", "");
const IDS: &str = asked_for!("grid.id", "");

/// What narrows the view: the unit of whoever handles for one, the login of a chief. `None`: they may see none.
fn sight(viewer: &Viewer) -> Option<(String, String)> {
    match viewer.role {
        Role::Unit => Some((viewer.unit.clone()?, String::new())),
        Role::Chief => Some((String::new(), viewer.login.clone())),
        Role::Host | Role::Auditor | Role::Leader | Role::Dispatcher | Role::Verifier => {
            Some(Default::default())
        }
        _ => None,
    }
}

/// A case that is open in a grid, or came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenCase {
    pub id: String,
    pub grid: String,
    pub stage: String,
    /// Epoch milliseconds.
    pub due_at: Option<i64>,
    pub place: String,
    pub category: String,
    /// It was reworked, or is a relapse of one that had been closed.
    pub came_back: bool,
}

/// What became of the cases of a grid, as its chief's place counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct GridCases {
    /// Handled in the span.
    pub handled: u32,
    /// Of these, by their due time.
    pub in_time: u32,
    /// Open now, not handled, and past their due time.
    pub overdue: u32,
    /// Came in within the span and repeat one that had been closed at the same place.
    pub relapsed: u32,
}

/// What lies at a point on a day, and who answers for its grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Located {
    #[serde(flatten)]
    pub at: At,
    pub holders: Vec<DutyRow>,
}

/// Indexes of the ground that are kept at hand.
#[derive(Debug, Default)]
pub struct Grounds {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    version: i64,
    grounds: Vec<Arc<Ground>>,
}

/// More indexes than this are not kept: people ask for today, and for the month that is evaluated.
const KEPT: usize = 4;

impl Store {
    /// What lies at a point on a day. Later changes of grids and holders do not change the answer for earlier days.
    pub async fn locate(&self, point: Point, day: Date) -> Result<Located> {
        let at = self.ground(day).await?.at(point);
        let holders = match &at.grid {
            Some(grid) => self.duties_on(&grid.code, day).await?,
            None => Vec::new(),
        };
        Ok(Located { at, holders })
    }

    /// The ground as it was on a day. The index is kept until an act changes grids, areas or units.
    pub async fn ground(&self, day: Date) -> Result<Arc<Ground>> {
        let version = sqlx::query_scalar("SELECT version FROM ground_version WHERE one = 1")
            .fetch_one(self.reading())
            .await?;
        // Whoever comes while the index is made waits for it instead of making another.
        let mut kept = self.grounds().kept.lock().await;
        if kept.version != version {
            *kept = Kept {
                version,
                grounds: Vec::new(),
            };
        }
        if let Some(found) = kept.grounds.iter().find(|ground| ground.span.holds(day)) {
            return Ok(found.clone());
        }
        let (span, parts) = (self.unchanged_around(day).await?, self.parts(day).await?);
        let made = tokio::task::spawn_blocking(move || Ground::new(span, parts))
            .await
            .map_err(Error::damaged)?;
        let made = Arc::new(made);
        kept.grounds.insert(0, made.clone());
        kept.grounds.truncate(KEPT);
        Ok(made)
    }

    /// The days around one in which no span of a grid, an area or a unit begins or ends.
    async fn unchanged_around(&self, day: Date) -> Result<Span> {
        let mut span = Span {
            from: Date::MIN,
            to: None,
        };
        let rows = sqlx::query(
            "SELECT DISTINCT valid_from, valid_to FROM grid
             UNION SELECT DISTINCT valid_from, valid_to FROM unit_area
             UNION SELECT DISTINCT valid_from, valid_to FROM unit",
        )
        .fetch_all(self.reading())
        .await?;
        for row in rows {
            let from: String = row.try_get("valid_from")?;
            let to: Option<String> = row.try_get("valid_to")?;
            let after = to.as_deref().map(day_after).transpose()?.flatten();
            for change in [Some(first_day(&from)?), after].into_iter().flatten() {
                if change <= day {
                    span.from = span.from.max(change);
                } else {
                    let before = change - 1.day();
                    span.to = Some(span.to.map_or(before, |to| to.min(before)));
                }
            }
        }
        Ok(span)
    }

    async fn parts(&self, day: Date) -> Result<Parts> {
        let month = crate::ground::month_of(day);
        let mut parts = Parts::default();
        for unit in self.units_in(month).await? {
            let at = UnitAt {
                name: unit.name,
                kind: unit.kind,
                parent: unit.parent,
            };
            parts.units.insert(unit.code, at);
        }
        for grid in self.grids_on(day).await? {
            let drawing = grid.drawing()?;
            parts
                .grids
                .push((grid.id, grid.name, grid.unit, grid.cell, drawing));
        }
        for area in self.areas_in(month).await? {
            if let Some(Drawing::Area(shape)) = Drawing::parse(&area.geometry) {
                parts.areas.push((area.unit, shape));
            }
        }
        Ok(parts)
    }

    /// Every grid as it was on a day, by id.
    pub async fn grids_on(&self, day: Date) -> Result<Vec<GridRow>> {
        let rows = sqlx::query(
            "SELECT * FROM grid WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY id",
        )
        .bind(day.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(GridRow::from_row).collect()
    }

    /// Every street as it was on a day, by id.
    pub async fn streets_on(&self, day: Date) -> Result<Vec<GridRow>> {
        let rows = sqlx::query(
            "SELECT * FROM grid WHERE kind = 'street' AND valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
             ORDER BY id",
        )
        .bind(day.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(GridRow::from_row).collect()
    }

    /// Every span of every grid, by id and day.
    pub async fn grids(&self) -> Result<Vec<GridRow>> {
        let rows = sqlx::query("SELECT * FROM grid ORDER BY id, valid_from")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(GridRow::from_row).collect()
    }

    /// The grids that are asked for and that the viewer may see, by id, and how many there are.
    pub async fn asked_grids(
        &self,
        viewer: &Viewer,
        asked: &Asked,
        limit: i64,
        offset: i64,
    ) -> Result<(Vec<GridRow>, i64)> {
        let Some((unit, chief)) = sight(viewer) else {
            return Ok((Vec::new(), 0));
        };
        let gaps = if asked.gaps { "yes" } else { "" };
        let rows = sqlx::query(LIST)
            .bind(&asked.day)
            .bind(&asked.kind)
            .bind(&asked.unit)
            .bind(within(&asked.text))
            .bind(gaps)
            .bind(&unit)
            .bind(&chief)
            .bind(limit)
            .bind(offset)
            .fetch_all(self.reading())
            .await?;
        let count = sqlx::query_scalar(COUNT)
            .bind(&asked.day)
            .bind(&asked.kind)
            .bind(&asked.unit)
            .bind(within(&asked.text))
            .bind(gaps)
            .bind(&unit)
            .bind(&chief)
            .fetch_one(self.reading())
            .await?;
        Ok((
            rows.iter().map(GridRow::from_row).collect::<Result<_>>()?,
            count,
        ))
    }

    /// Every span of one grid, newest first, if the viewer may see it as it is on the day or was last.
    pub async fn grid_seen(&self, viewer: &Viewer, id: &str, day: Date) -> Result<Vec<GridRow>> {
        let rows = sqlx::query("SELECT * FROM grid WHERE id = $1 ORDER BY valid_from DESC")
            .bind(id)
            .fetch_all(self.reading())
            .await?;
        let spans: Vec<GridRow> = rows.iter().map(GridRow::from_row).collect::<Result<_>>()?;
        let Some((unit, chief)) = sight(viewer) else {
            return Ok(Vec::new());
        };
        if unit.is_empty() && chief.is_empty() {
            return Ok(spans);
        }
        // Narrowed by the same query as the list, on the day or on the last one that the grid was there.
        let Some(newest) = spans.first() else {
            return Ok(spans);
        };
        let day = match &newest.valid_to {
            Some(to) if *to < day.to_string() => to.clone(),
            _ => day.to_string(),
        };
        let asked = Asked {
            day,
            text: id.to_owned(),
            ..Asked::default()
        };
        let (seen, _) = self.asked_grids(viewer, &asked, i64::MAX, 0).await?;
        let visible = seen.iter().any(|grid| grid.id == id);
        Ok(if visible { spans } else { Vec::new() })
    }

    /// Everybody who ever held a duty of a grid, by duty, part and day.
    pub async fn duties_of(&self, grid: &str) -> Result<Vec<DutyRow>> {
        let rows =
            sqlx::query("SELECT * FROM grid_duty WHERE grid = $1 ORDER BY duty, part, valid_from")
                .bind(grid)
                .fetch_all(self.reading())
                .await?;
        rows.iter().map(DutyRow::from_row).collect()
    }

    /// Who holds the duties of a grid on a day, in the order of the duties, the whole grid before its parts.
    pub async fn duties_on(&self, grid: &str, day: Date) -> Result<Vec<DutyRow>> {
        let mut held = self.held("grid = $2", grid, day).await?;
        held.sort_by_key(|row| (Duty::of(&row.duty), row.part.clone()));
        Ok(held)
    }

    /// What each grid is called, by its newest span.
    pub async fn grid_names(&self) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, name FROM grid ORDER BY id, valid_from")
                .fetch_all(self.reading())
                .await?;
        Ok(rows.into_iter().collect())
    }

    /// The duties that a chief holds on a day, by grid.
    pub async fn duties_of_chief(&self, login: &str, day: Date) -> Result<Vec<DutyRow>> {
        self.held(
            "holder_kind = 'chief' AND holder = $2 AND holder <> ''",
            login,
            day,
        )
        .await
    }

    /// The ids of the grids that are asked for and that a viewer may see.
    pub async fn asked_grid_ids(&self, viewer: &Viewer, asked: &Asked) -> Result<HashSet<String>> {
        let Some((unit, chief)) = sight(viewer) else {
            return Ok(HashSet::new());
        };
        let ids: Vec<String> = sqlx::query_scalar(IDS)
            .bind(&asked.day)
            .bind(&asked.kind)
            .bind(&asked.unit)
            .bind(within(&asked.text))
            .bind(if asked.gaps { "yes" } else { "" })
            .bind(&unit)
            .bind(&chief)
            .fetch_all(self.reading())
            .await?;
        Ok(ids.into_iter().collect())
    }

    /// The duties that a chief will hold after a day, by grid and first day.
    pub async fn duties_of_chief_after(&self, login: &str, day: Date) -> Result<Vec<DutyRow>> {
        let rows = sqlx::query(
            "SELECT * FROM grid_duty WHERE holder_kind = 'chief' AND holder = $1 AND holder <> '' AND valid_from > $2
             ORDER BY grid, duty, part, valid_from",
        )
        .bind(login)
        .bind(day.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(DutyRow::from_row).collect()
    }

    /// Every duty of chiefs, with an account or without, on a day.
    pub async fn duties_of_chiefs(&self, day: Date) -> Result<Vec<DutyRow>> {
        self.held("holder_kind = 'chief' AND $2 = ''", "", day)
            .await
    }

    /// Every duty that chiefs of a level with an account hold on a day.
    pub async fn duties_of_level(&self, level: i64, day: Date) -> Result<Vec<DutyRow>> {
        self.held(
            "holder_kind = 'chief' AND holder <> '' AND CAST(level AS TEXT) = $2",
            &level.to_string(),
            day,
        )
        .await
    }

    /// Every duty of every grid on a day.
    pub async fn all_duties_on(&self, day: Date) -> Result<Vec<DutyRow>> {
        self.held("$2 = ''", "", day).await
    }

    /// Whatever chiefs of a level with an account ever held.
    pub async fn tenures_of_level(&self, level: i64) -> Result<Vec<DutyRow>> {
        self.tenures("CAST(d.level AS TEXT) = $1", &level.to_string())
            .await
    }

    /// Whatever a chief ever held.
    pub async fn tenures_of_chief(&self, login: &str) -> Result<Vec<DutyRow>> {
        self.tenures("d.holder = $1", login).await
    }

    /// Duties of chiefs with an account, each once for every span of its grid, with the days that they have in common: a grid
    /// that has ended is nobody's.
    async fn tenures(&self, which: &'static str, what: &str) -> Result<Vec<DutyRow>> {
        let sql = format!(
            "SELECT d.*, g.valid_from AS drawn_from, g.valid_to AS drawn_to FROM grid_duty d JOIN grid g ON g.id = d.grid
             WHERE d.holder_kind = 'chief' AND d.holder <> '' AND {which}
                AND (d.valid_to IS NULL OR d.valid_to >= g.valid_from)
                AND (g.valid_to IS NULL OR g.valid_to >= d.valid_from)
             ORDER BY d.holder, d.grid, d.duty, d.part, d.valid_from, g.valid_from"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(what)
            .fetch_all(self.reading())
            .await?;
        let tenure = |row: &AnyRow| {
            let mut duty = DutyRow::from_row(row)?;
            let (from, to): (String, Option<String>) =
                (row.try_get("drawn_from")?, row.try_get("drawn_to")?);
            duty.valid_from = duty.valid_from.max(from);
            duty.valid_to = match (duty.valid_to, to) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            };
            Ok(duty)
        };
        rows.iter().map(tenure).collect()
    }

    async fn held(&self, which: &'static str, what: &str, day: Date) -> Result<Vec<DutyRow>> {
        let sql = format!(
            "SELECT * FROM grid_duty
             WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) AND {which}
                AND EXISTS (SELECT 1 FROM grid WHERE grid.id = grid_duty.grid AND grid.valid_from <= $1
                    AND (grid.valid_to IS NULL OR grid.valid_to >= $1))
             ORDER BY grid, duty, part"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(day.to_string())
            .bind(what)
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(DutyRow::from_row).collect()
    }

    /// Every duty of every grid, ever.
    pub async fn all_duties(&self) -> Result<Vec<DutyRow>> {
        let rows = sqlx::query("SELECT * FROM grid_duty ORDER BY grid, duty, part, valid_from")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(DutyRow::from_row).collect()
    }

    /// Draws grids and gives duties, all or none; what is already so costs no act. A new span ends the one that was
    /// open before it. Returns how many spans and duties were written.
    ///
    /// Errors: refused if what was `seen` has changed since, if that is given; or if somebody else holds a duty on some of the
    /// same days.
    pub async fn set_grids(
        &self,
        at: Timestamp,
        who: &str,
        reason: &str,
        grids: Vec<GridRow>,
        duties: Vec<DutyRow>,
        seen: Option<Seen>,
    ) -> Result<(usize, usize)> {
        let (who, reason) = (who.to_owned(), reason.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(seen) = seen {
                    seen.check(tx).await?;
                }
                let mut written = (0, 0);
                for grid in grids {
                    written.0 += usize::from(draw_if_new(tx, at, &who, &reason, grid).await?);
                }
                for duty in duties {
                    written.1 += usize::from(assign_if_new(tx, at, &who, &reason, duty).await?);
                }
                Ok(written)
            })
        })
        .await
    }

    /// Changes with every act on grids, areas or units.
    pub async fn ground_version(&self) -> Result<i64> {
        Ok(
            sqlx::query_scalar("SELECT version FROM ground_version WHERE one = 1")
                .fetch_one(self.reading())
                .await?,
        )
    }

    /// Records a patrol under an id that the phone made; the same again changes nothing. Says whether the position
    /// lies in the grid, if there is one.
    ///
    /// Errors: refused if the chief does not hold the grid on that day, or the id belongs to another patrol.
    pub async fn record_patrol(
        &self,
        at: Timestamp,
        day: Date,
        id: &str,
        mut patrol: PatrolRow,
    ) -> Result<Option<bool>> {
        let held = self.duties_of_chief(&patrol.chief, day).await?;
        if !held.iter().any(|duty| duty.grid == patrol.grid) {
            return Err(Error::refused("chief-not-your-grid"));
        }
        let row = sqlx::query(
            "SELECT * FROM grid WHERE id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)",
        )
        .bind(&patrol.grid)
        .bind(day.to_string())
        .fetch_optional(self.reading())
        .await?;
        let grid = row.as_ref().map(GridRow::from_row).transpose()?;
        let drawing = grid.as_ref().map(GridRow::drawing).transpose()?;
        patrol.at = at.as_millisecond();
        patrol.inside = patrol
            .place
            .zip(drawing)
            .map(|((lng, lat), drawing)| lies_in(&drawing, Point { lng, lat }));
        let inside = patrol.inside;
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let known = sqlx::query("SELECT * FROM chief_patrol WHERE id = $1")
                    .bind(&id)
                    .fetch_optional(tx.conn())
                    .await?;
                if let Some(known) = known.as_ref().map(PatrolRow::from_row).transpose()? {
                    let same = PatrolRow {
                        at: known.at,
                        ..patrol
                    };
                    return match same == known {
                        true => Ok(inside),
                        false => Err(Error::refused("chief-patrol-id-taken")),
                    };
                }
                let who = patrol.chief.clone();
                tx.act(at, &who, &id, &PatrolDeed::Recorded(patrol)).await?;
                Ok(inside)
            })
        })
        .await
    }

    /// The patrols of a chief since a moment, newest first.
    pub async fn patrols_of(&self, chief: &str, since: Timestamp) -> Result<Vec<PatrolRow>> {
        let rows = sqlx::query(
            "SELECT * FROM chief_patrol WHERE chief = $1 AND at >= $2 ORDER BY at DESC, id",
        )
        .bind(chief)
        .bind(since.as_millisecond())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(PatrolRow::from_row).collect()
    }

    /// The newest patrols in a grid.
    pub async fn patrols_in(&self, grid: &str, limit: i64) -> Result<Vec<PatrolRow>> {
        let rows =
            sqlx::query("SELECT * FROM chief_patrol WHERE grid = $1 ORDER BY at DESC, id LIMIT $2")
                .bind(grid)
                .bind(limit)
                .fetch_all(self.reading())
                .await?;
        rows.iter().map(PatrolRow::from_row).collect()
    }

    /// The cases that are open in these grids, the most urgent first: those that were served on a unit and are no secret
    /// at the moment.
    pub async fn open_cases_of_grids(
        &self,
        grids: &[String],
        now: Timestamp,
    ) -> Result<Vec<OpenCase>> {
        if grids.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..grids.len() + 2)
            .map(|place| format!("${place}"))
            .collect();
        let sql = format!(
            "SELECT f.id, f.grid, f.stage, f.due_at, f.place, f.category, f.reworks, f.relapse_of
             FROM case_file f JOIN case_unit u ON u.case_id = f.id AND u.unit = '*'
             WHERE f.is_open = 1 AND (f.secret_until IS NULL OR f.secret_until <= $1) AND f.grid IN ({})
             ORDER BY COALESCE(f.due_at, 9223372036854775807), f.id",
            places.join(", ")
        );
        // Nothing but numbered places goes into the text; what was asked for is bound.
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.as_millisecond());
        for grid in grids {
            query = query.bind(grid);
        }
        let rows = query.fetch_all(self.reading()).await?;
        let case = |row: &AnyRow| {
            Ok(OpenCase {
                id: row.try_get("id")?,
                grid: row.try_get("grid")?,
                stage: row.try_get("stage")?,
                due_at: row.try_get("due_at")?,
                place: row.try_get("place")?,
                category: row.try_get("category")?,
                came_back: row.try_get::<i64, _>("reworks")? > 0
                    || row.try_get::<Option<String>, _>("relapse_of")?.is_some(),
            })
        };
        rows.iter().map(case).collect()
    }
}

impl Store {
    /// What became of the cases of grids from one moment to another, and which are overdue `now`, by the day on which a case
    /// was handled, fell due or came in again: those that were served on a unit and are no secret. Grids without any are left
    /// out.
    pub async fn cases_by_grid(
        &self,
        grids: &[String],
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<HashMap<String, BTreeMap<Date, GridCases>>> {
        let mut found: HashMap<String, BTreeMap<Date, GridCases>> = HashMap::new();
        for grids in grids.chunks(500) {
            let places: Vec<String> = (4..grids.len() + 4)
                .map(|place| format!("${place}"))
                .collect();
            let sql = format!(
                "SELECT f.grid, f.due_at,
                    CASE WHEN f.handled_at >= $1 AND f.handled_at < $2 THEN f.handled_at END AS handled_at,
                    CASE WHEN f.is_open = 1 AND f.handled_at IS NULL AND f.due_at < $3 THEN f.due_at END AS overdue_at,
                    CASE WHEN f.relapse_of IS NOT NULL AND f.reported_at >= $1 AND f.reported_at < $2
                        THEN f.reported_at END AS relapsed_at
                 FROM case_file f JOIN case_unit u ON u.case_id = f.id AND u.unit = '*'
                 WHERE f.stage NOT IN ('voided', 'rejected') AND (f.secret_until IS NULL OR f.secret_until <= $3)
                    AND f.grid IN ({})
                    AND (f.handled_at >= $1 AND f.handled_at < $2
                        OR f.is_open = 1 AND f.handled_at IS NULL AND f.due_at < $3
                        OR f.relapse_of IS NOT NULL AND f.reported_at >= $1 AND f.reported_at < $2)",
                places.join(", ")
            );
            // Nothing but numbered places goes into the text; what was asked for is bound.
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(from.as_millisecond())
                .bind(to.as_millisecond())
                .bind(now.as_millisecond());
            for grid in grids {
                query = query.bind(grid);
            }
            for row in query.fetch_all(self.reading()).await? {
                let days = found.entry(row.try_get("grid")?).or_default();
                let due_at: Option<i64> = row.try_get("due_at")?;
                let mut count = |at: Option<i64>, count: fn(&mut GridCases)| -> Result<()> {
                    if let Some(at) = at {
                        let day = crate::clock::day_of(super::moment(at)?);
                        count(days.entry(day).or_default());
                    }
                    Ok(())
                };
                let handled: Option<i64> = row.try_get("handled_at")?;
                count(handled, |cases| cases.handled += 1)?;
                let in_time = handled.filter(|at| due_at.is_some_and(|due| *at <= due));
                count(in_time, |cases| cases.in_time += 1)?;
                count(row.try_get("overdue_at")?, |cases| cases.overdue += 1)?;
                count(row.try_get("relapsed_at")?, |cases| cases.relapsed += 1)?;
            }
        }
        Ok(found)
    }
}

/// Whether a point lies in an area or on its border, or within reach of a street.
fn lies_in(drawing: &Drawing, point: Point) -> bool {
    match drawing {
        Drawing::Area(shape) => shape.side(point) != Side::Outside,
        Drawing::Street(lines) => {
            let streets =
                crate::ground::streets::Streets::new(vec![(String::new(), lines.clone())]);
            streets
                .nearest(point, crate::ground::STREET_WITHIN)
                .is_some()
        }
    }
}

async fn draw_if_new(
    tx: &mut Tx<'_>,
    at: Timestamp,
    who: &str,
    reason: &str,
    grid: GridRow,
) -> Result<bool> {
    let rows = sqlx::query("SELECT * FROM grid WHERE id = $1 ORDER BY valid_from")
        .bind(&grid.id)
        .fetch_all(tx.conn())
        .await?;
    let spans: Vec<GridRow> = rows.iter().map(GridRow::from_row).collect::<Result<_>>()?;
    if spans.contains(&grid) {
        return Ok(false);
    }
    let before = spans
        .into_iter()
        .rev()
        .find(|span| span.valid_from < grid.valid_from);
    let id = grid.id.clone();
    if let Some(mut before) = before
        && before
            .valid_to
            .as_ref()
            .is_none_or(|to| *to >= grid.valid_from)
    {
        let last = grid.span()?.from - 1.day();
        before.valid_to = Some(last.to_string());
        let ended = GridDeed::Drawn {
            grid: before,
            reason: reason.to_owned(),
        };
        tx.act(at, who, &id, &ended).await?;
    }
    let drawn = GridDeed::Drawn {
        grid,
        reason: reason.to_owned(),
    };
    tx.act(at, who, &id, &drawn).await?;
    Ok(true)
}

async fn assign_if_new(
    tx: &mut Tx<'_>,
    at: Timestamp,
    who: &str,
    reason: &str,
    duty: DutyRow,
) -> Result<bool> {
    let rows = sqlx::query(
        "SELECT * FROM grid_duty WHERE grid = $1 AND duty = $2 AND part = $3 ORDER BY valid_from",
    )
    .bind(&duty.grid)
    .bind(&duty.duty)
    .bind(&duty.part)
    .fetch_all(tx.conn())
    .await?;
    let mut held: Vec<DutyRow> = rows.iter().map(DutyRow::from_row).collect::<Result<_>>()?;
    if held.contains(&duty) {
        return Ok(false);
    }
    let id = duty.grid.clone();
    let before = lay(&mut held, &duty)?;
    if let Some(twice) = held_twice(&held, &duty)? {
        return Err(Error::Refused(twice));
    }
    if let Some(before) = before {
        let ended = GridDeed::Assigned {
            duty: before,
            reason: reason.to_owned(),
        };
        tx.act(at, who, &id, &ended).await?;
    }
    let given = GridDeed::Assigned {
        duty,
        reason: reason.to_owned(),
    };
    tx.act(at, who, &id, &given).await?;
    Ok(true)
}

/// The first day that a text of a day or a month names.
fn first_day(text: &str) -> Result<Date> {
    let text = if text.len() == 7 {
        format!("{text}-01")
    } else {
        text.to_owned()
    };
    text.parse().map_err(Error::damaged)
}

/// The day after the last one that a text of a day or a month names; none after the last of the calendar.
fn day_after(text: &str) -> Result<Option<Date>> {
    let first = first_day(text)?;
    let last = if text.len() == 7 {
        first.last_of_month()
    } else {
        first
    };
    Ok(last.tomorrow().ok())
}
