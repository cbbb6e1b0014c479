//! Areas in which units are evaluated, with their months.

use assessment::month::Month;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Result, Store};

/// The area of a unit in a span of months. A unit without one is shown as a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaRow {
    /// Code of the unit.
    pub unit: String,
    /// First month of the span, `YYYY-MM`.
    pub valid_from: String,
    /// Last month of the span; open without one.
    pub valid_to: Option<String>,
    /// Polygon or MultiPolygon in WGS 84, as GeoJSON text.
    pub geometry: String,
    /// Where it comes from.
    pub source: String,
}

impl AreaRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            unit: row.try_get("unit")?,
            valid_from: row.try_get("valid_from")?,
            valid_to: row.try_get("valid_to")?,
            geometry: row.try_get("geometry")?,
            source: row.try_get("source")?,
        })
    }
}

/// What can be done to the area of a unit; the unit's code is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaDeed {
    /// A span was written, new or instead of the one that begins in the same month.
    Set(AreaRow),
}

impl Deed for AreaDeed {
    const NOUN: &'static str = "area";

    async fn apply(&self, tx: &mut Tx<'_>, _unit: &str, _at: Timestamp) -> Result<()> {
        let Self::Set(area) = self;
        sqlx::query(
            "INSERT INTO unit_area (unit, valid_from, valid_to, geometry, source)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (unit, valid_from) DO UPDATE SET valid_to = excluded.valid_to,
                geometry = excluded.geometry, source = excluded.source",
        )
        .bind(&area.unit)
        .bind(&area.valid_from)
        .bind(area.valid_to.as_deref())
        .bind(&area.geometry)
        .bind(&area.source)
        .execute(tx.conn())
        .await?;
        tx.ground_moved().await
    }
}

impl Store {
    /// Writes spans of areas, all or none.
    pub async fn set_areas(&self, at: Timestamp, who: &str, areas: Vec<AreaRow>) -> Result<()> {
        let who = who.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                for area in areas {
                    let unit = area.unit.clone();
                    tx.act(at, &who, &unit, &AreaDeed::Set(area)).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Every span of every area, by unit and month.
    pub async fn areas(&self) -> Result<Vec<AreaRow>> {
        let rows = sqlx::query("SELECT * FROM unit_area ORDER BY unit, valid_from")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(AreaRow::from_row).collect()
    }

    /// The areas as they were in a month, by unit.
    pub async fn areas_in(&self, month: Month) -> Result<Vec<AreaRow>> {
        let rows = sqlx::query(
            "SELECT * FROM unit_area WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
             ORDER BY unit, valid_from",
        )
        .bind(month.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(AreaRow::from_row).collect()
    }
}
