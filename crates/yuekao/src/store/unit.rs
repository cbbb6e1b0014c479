//! Units with their months: a renaming or a new parent opens a new span, the old one stays.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use assessment::message::Message;
use assessment::month::Month;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store};

/// Kinds of units that have a word of their own; a host may name others.
pub const KINDS: [&str; 9] = [
    "prefecture",
    "county",
    "zone",
    "township",
    "community",
    "village",
    "compound",
    "department",
    "unit",
];

/// A unit as it was in a span of months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its code; the same through all spans.
    pub code: String,
    /// First month of the span, `YYYY-MM`.
    pub valid_from: String,
    /// Last month of the span; open without one.
    pub valid_to: Option<String>,
    /// Its name.
    pub name: String,
    /// Its English name, where it has one.
    pub name_en: Option<String>,
    /// `prefecture`, `county`, `township`, `community`, `department`, `compound`, …
    pub kind: String,
    /// Code of the unit above it.
    pub parent: Option<String>,
    /// Longitude of a point of it, as decimal text.
    pub lon: Option<String>,
    /// Latitude of the point, as decimal text.
    pub lat: Option<String>,
    /// Reference system of the point: `wgs84`, `gcj02`, `bd09`.
    pub datum: Option<String>,
    /// What else schemes ask about it: a JSON object of texts.
    pub attributes: serde_json::Map<String, serde_json::Value>,
}

impl UnitRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let attributes: String = row.try_get("attributes")?;
        Ok(Self {
            code: row.try_get("code")?,
            valid_from: row.try_get("valid_from")?,
            valid_to: row.try_get("valid_to")?,
            name: row.try_get("name")?,
            name_en: row.try_get("name_en")?,
            kind: row.try_get("kind")?,
            parent: row.try_get("parent")?,
            lon: row.try_get("lon")?,
            lat: row.try_get("lat")?,
            datum: row.try_get("datum")?,
            attributes: serde_json::from_str(&attributes).map_err(Error::damaged)?,
        })
    }
}

/// What can be done to a unit; its code is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitDeed {
    /// A span was written, new or instead of the one that begins in the same month.
    Set(UnitRow),
    /// Its last span ends, and with it the unit: this is its last month.
    Ended { last: String, reason: String },
}

impl Deed for UnitDeed {
    const NOUN: &'static str = "unit";

    async fn apply(&self, tx: &mut Tx<'_>, code: &str, _at: Timestamp) -> Result<()> {
        match self {
            Self::Set(unit) => set(tx, unit).await?,
            Self::Ended { last, .. } => end(tx, code, last).await?,
        }
        tx.ground_moved().await
    }
}

async fn set(tx: &mut Tx<'_>, unit: &UnitRow) -> Result<()> {
    let attributes = serde_json::to_string(&unit.attributes).map_err(Error::damaged)?;
    sqlx::query(
        "INSERT INTO unit (code, valid_from, valid_to, name, name_en, kind, parent,
                               lon, lat, datum, attributes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (code, valid_from) DO UPDATE SET
                valid_to = excluded.valid_to, name = excluded.name, name_en = excluded.name_en,
                kind = excluded.kind, parent = excluded.parent, lon = excluded.lon,
                lat = excluded.lat, datum = excluded.datum, attributes = excluded.attributes",
    )
    .bind(&unit.code)
    .bind(&unit.valid_from)
    .bind(unit.valid_to.as_deref())
    .bind(&unit.name)
    .bind(unit.name_en.as_deref())
    .bind(&unit.kind)
    .bind(unit.parent.as_deref())
    .bind(unit.lon.as_deref())
    .bind(unit.lat.as_deref())
    .bind(unit.datum.as_deref())
    .bind(attributes)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn end(tx: &mut Tx<'_>, code: &str, last: &str) -> Result<()> {
    sqlx::query(
        "UPDATE unit SET valid_to = $2
         WHERE code = $1 AND valid_from = (SELECT max(span.valid_from) FROM unit AS span WHERE span.code = $1)",
    )
    .bind(code)
    .bind(last)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The units of months that were asked for of late.
#[derive(Debug, Default)]
pub struct UnitMonths(Mutex<(i64, BTreeMap<Month, Arc<[UnitRow]>>)>);

/// More months than this are not kept.
const MONTHS: usize = 36;

impl UnitMonths {
    /// What is known of a month, if nothing has changed since.
    fn get(&self, version: i64, month: Month) -> Option<Arc<[UnitRow]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, months) = &*kept;
        months.get(&month).filter(|_| *known == version).cloned()
    }

    fn keep(&self, version: i64, month: Month, units: &[UnitRow]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != version || kept.1.len() >= MONTHS {
            *kept = (version, BTreeMap::new());
        }
        kept.1.insert(month, units.into());
    }
}

/// A unit and those above it, the finest first; empty if there is no such unit. A line that turns back on itself ends there.
pub fn above<'u>(units: &'u [UnitRow], code: &str) -> Vec<&'u UnitRow> {
    let mut line: Vec<&UnitRow> = vec![];
    let mut next = Some(code);
    while let Some(code) = next
        && line.iter().all(|below| below.code != code)
        && let Some(unit) = units.iter().find(|unit| unit.code == code)
    {
        line.push(unit);
        next = unit.parent.as_deref();
    }
    line
}

/// The units that would still hang below one after its last month.
pub fn left_below<'u>(spans: &'u [UnitRow], code: &str, last: Month) -> Vec<&'u UnitRow> {
    let last = last.to_string();
    let left = spans.iter().filter(|span| {
        span.parent.as_deref() == Some(code) && span.valid_to.as_ref().is_none_or(|to| *to > last)
    });
    let mut left: Vec<&UnitRow> = left.collect();
    left.dedup_by(|one, other| one.code == other.code);
    left
}

/// Says which units are still below one that ends, the first few by name.
pub fn still_below(name: &str, last: Month, left: &[&UnitRow]) -> Message {
    let some: Vec<&str> = left.iter().take(5).map(|unit| unit.name.as_str()).collect();
    Message::new("units-end-below")
        .with("unit", name)
        .with("last", last)
        .with("count", left.len())
        .with("names", some.join("、"))
}

/// Says which grids are still in a unit that ends or have a duty in its hands, the first few by name.
fn still_held(name: &str, last: Month, left: &[(String, String)]) -> Message {
    let some = left.iter().take(5);
    let some: Vec<String> = some.map(|(id, name)| format!("{name} {id}")).collect();
    Message::new("units-end-grids")
        .with("unit", name)
        .with("last", last)
        .with("count", left.len())
        .with("names", some.join("、"))
}

impl Store {
    /// Every span of every unit, by code and month.
    pub async fn units(&self) -> Result<Vec<UnitRow>> {
        let rows = sqlx::query("SELECT * FROM unit ORDER BY code, valid_from")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(UnitRow::from_row).collect()
    }

    /// The units as they were in a month, by code.
    ///
    /// They are kept at hand until an act changes units: nearly every page of the desk asks for them.
    pub async fn units_in(&self, month: Month) -> Result<Vec<UnitRow>> {
        Ok(self.units_at_hand(month).await?.to_vec())
    }

    /// A unit and those above it as they were in a month, the finest first; empty if there was no such unit.
    pub async fn above(&self, code: &str, month: Month) -> Result<Vec<UnitRow>> {
        let units = self.units_at_hand(month).await?;
        Ok(above(&units, code).into_iter().cloned().collect())
    }

    /// All units as they were in a month, as they are kept for those who ask often.
    pub(crate) async fn units_at_hand(&self, month: Month) -> Result<Arc<[UnitRow]>> {
        let version = self.ground_version().await?;
        if let Some(known) = self.unit_months().get(version, month) {
            return Ok(known);
        }
        let rows = sqlx::query(
            "SELECT * FROM unit WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
             ORDER BY code, valid_from",
        )
        .bind(month.to_string())
        .fetch_all(self.reading())
        .await?;
        let units = rows
            .iter()
            .map(UnitRow::from_row)
            .collect::<Result<Vec<_>>>()?;
        self.unit_months().keep(version, month, &units);
        Ok(units.into())
    }

    /// The last spans of units that ended before a month, by code: what happened in them keeps their names.
    pub async fn units_ended_before(&self, month: Month) -> Result<Vec<UnitRow>> {
        let rows = sqlx::query(
            "SELECT * FROM unit WHERE valid_to < $1 AND NOT EXISTS (
                SELECT 1 FROM unit AS later
                WHERE later.code = unit.code AND later.valid_from > unit.valid_from)
             ORDER BY code",
        )
        .bind(month.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(UnitRow::from_row).collect()
    }

    /// Ends a unit with a month: before, it stays what it was; afterwards it is no more. Another month, later or earlier,
    /// takes the place of the one that was said before.
    ///
    /// Errors: refused if there is no such unit, its last span begins later, units would be left below it, or grids in it or
    /// duties in its hands.
    pub async fn end_unit(
        &self,
        at: Timestamp,
        who: &str,
        code: &str,
        last: Month,
        reason: &str,
    ) -> Result<()> {
        let (who, code, reason) = (who.to_owned(), code.to_owned(), reason.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let rows = sqlx::query("SELECT * FROM unit ORDER BY code, valid_from")
                    .fetch_all(tx.conn())
                    .await?;
                let spans: Vec<UnitRow> =
                    rows.iter().map(UnitRow::from_row).collect::<Result<_>>()?;
                let unknown = || Message::new("units-unknown").with("code", code.as_str());
                let newest = spans.iter().rfind(|span| span.code == code);
                let newest = newest.ok_or_else(|| Error::Refused(unknown()))?;
                let text = last.to_string();
                if newest.valid_from > text {
                    return Err(Error::Refused(
                        Message::new("units-end-too-early")
                            .with("unit", newest.name.as_str())
                            .with("from", newest.valid_from.as_str()),
                    ));
                }
                let left = left_below(&spans, &code, last);
                if !left.is_empty() {
                    return Err(Error::Refused(still_below(&newest.name, last, &left)));
                }
                let left = super::grid::left_to(tx, &code, last).await?;
                if !left.is_empty() {
                    return Err(Error::Refused(still_held(&newest.name, last, &left)));
                }
                if newest.valid_to.as_ref() != Some(&text) {
                    let ended = UnitDeed::Ended { last: text, reason };
                    tx.act(at, &who, &code, &ended).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Writes spans of units, all or none; spans that are already so cost no act. Returns how many
    /// were written.
    pub async fn set_units(&self, at: Timestamp, who: &str, units: Vec<UnitRow>) -> Result<usize> {
        let who = who.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let mut written = 0;
                for unit in units {
                    let known =
                        sqlx::query("SELECT * FROM unit WHERE code = $1 AND valid_from = $2")
                            .bind(&unit.code)
                            .bind(&unit.valid_from)
                            .fetch_optional(tx.conn())
                            .await?;
                    if known.as_ref().map(UnitRow::from_row).transpose()?.as_ref() != Some(&unit) {
                        let code = unit.code.clone();
                        tx.act(at, &who, &code, &UnitDeed::Set(unit)).await?;
                        written += 1;
                    }
                }
                Ok(written)
            })
        })
        .await
    }
}
