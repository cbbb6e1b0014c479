//! Published boards of the past, as they were printed, with what contradicts itself in them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::writer::Tx;
use super::{Result, Store};

/// A board, or one table of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardTable {
    /// The evaluation.
    pub series: String,
    /// The month that it reports, `YYYY-MM`.
    pub month: String,
    /// `boards` for scores and ranks, `shares` or `shares:<block>` for categories.
    pub name: String,
    /// Where it was published.
    pub source: String,
    /// A JSON document: `rows` as printed, and `contradictions` in both languages.
    pub body: String,
}

/// What can be done to a board; `series/month/name` is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardDeed {
    /// It was copied from where it was published, new or instead of an earlier copy.
    Copied(BoardTable),
}

impl Deed for BoardDeed {
    const NOUN: &'static str = "board";

    async fn apply(&self, tx: &mut Tx<'_>, _id: &str, _at: Timestamp) -> Result<()> {
        let Self::Copied(board) = self;
        sqlx::query(
            "INSERT INTO board (series, month, name, source, body) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (series, month, name) DO UPDATE SET source = excluded.source, body = excluded.body",
        )
        .bind(&board.series)
        .bind(&board.month)
        .bind(&board.name)
        .bind(&board.source)
        .bind(&board.body)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

impl Store {
    /// The boards of a series, by month and name.
    pub async fn boards(&self, series: &str) -> Result<Vec<BoardTable>> {
        let rows = sqlx::query("SELECT * FROM board WHERE series = $1 ORDER BY month, name")
            .bind(series)
            .fetch_all(self.reading())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(BoardTable {
                    series: row.try_get("series")?,
                    month: row.try_get("month")?,
                    name: row.try_get("name")?,
                    source: row.try_get("source")?,
                    body: row.try_get("body")?,
                })
            })
            .collect()
    }
}
