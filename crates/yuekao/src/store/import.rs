//! Files that were taken in: the same file again changes nothing.

use std::collections::BTreeMap;

use assessment::facts::PastResult;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::area::{AreaDeed, AreaRow};
use super::board::{BoardDeed, BoardTable};
use super::evidence::{EvidenceDeed, EvidenceRow, ResultDeed};
use super::round::round_id;
use super::unit::{UnitDeed, UnitRow};
use super::writer::Tx;
use super::{Error, Result, Store, moment};

/// A file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFile {
    /// The evaluation whose evidence it holds.
    pub series: String,
    /// What it holds: `units`, `findings`, …
    pub kind: String,
    /// SHA-256 of the file, as hex.
    pub sha256: String,
    /// Its name when it came.
    pub name: String,
    /// How many rows were taken.
    pub rows: i64,
}

/// What can be done to an import; the digest of the file is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportDeed {
    /// The file was taken in.
    Taken {
        /// Who took it.
        who: String,
        /// The file.
        file: ImportFile,
    },
}

impl Deed for ImportDeed {
    const NOUN: &'static str = "import";

    async fn apply(&self, tx: &mut Tx<'_>, _id: &str, at: Timestamp) -> Result<()> {
        let Self::Taken { who, file } = self;
        sqlx::query(
            "INSERT INTO import_file (series, kind, sha256, name, at, who, row_count)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (series, kind, sha256) DO UPDATE SET
                at = excluded.at, who = excluded.who, row_count = excluded.row_count",
        )
        .bind(&file.series)
        .bind(&file.kind)
        .bind(&file.sha256)
        .bind(&file.name)
        .bind(at.as_millisecond())
        .bind(who)
        .bind(file.rows)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

impl Store {
    /// The files that were taken in for a series, newest first, each with when and by whom.
    pub async fn imports(&self, series: &str) -> Result<Vec<(Timestamp, String, ImportFile)>> {
        let rows = sqlx::query(
            "SELECT * FROM import_file WHERE series = $1 ORDER BY at DESC, kind, sha256",
        )
        .bind(series)
        .fetch_all(self.reading())
        .await?;
        rows.iter()
            .map(|row| {
                let file = ImportFile {
                    series: row.try_get("series")?,
                    kind: row.try_get("kind")?,
                    sha256: row.try_get("sha256")?,
                    name: row.try_get("name")?,
                    rows: row.try_get("row_count")?,
                };
                Ok((moment(row.try_get("at")?)?, row.try_get("who")?, file))
            })
            .collect()
    }
}

/// What files bring: rows that are new, or other than those that are kept.
#[derive(Debug, Clone, Default)]
pub struct Taking {
    pub units: Vec<UnitRow>,
    pub rows: Vec<EvidenceRow>,
    pub results: Vec<PastResult>,
    pub boards: Vec<BoardTable>,
    pub areas: Vec<AreaRow>,
}

impl Taking {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        let Self {
            units,
            rows,
            results,
            boards,
            areas,
        } = self;
        units.len() + rows.len() + results.len() + boards.len() + areas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Store {
    /// Takes what files bring, all or nothing. `looked` is the last act that whoever decided could know of.
    ///
    /// Errors: refused if evidence of the series has changed since, or what all evidence rests on; the database's.
    pub async fn take_import(
        &self,
        at: Timestamp,
        who: &str,
        series: &str,
        looked: i64,
        files: Vec<ImportFile>,
        taking: Taking,
    ) -> Result<()> {
        let (who, series) = (who.to_owned(), series.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                if tx.evidence_moved_since(looked, &series).await? {
                    return Err(Error::refused("evidence-moved-on"));
                }
                let Taking {
                    units,
                    rows,
                    results,
                    boards,
                    areas,
                } = taking;
                for unit in units {
                    let code = unit.code.clone();
                    tx.act(at, &who, &code, &UnitDeed::Set(unit)).await?;
                }
                if !rows.is_empty() {
                    tx.act(at, &who, &series, &EvidenceDeed::Taken { rows })
                        .await?;
                }
                for (round, values) in by_round(results) {
                    tx.act(at, &who, &round, &ResultDeed::Imported { values })
                        .await?;
                }
                for board in boards {
                    let id = format!("{}/{}/{}", board.series, board.month, board.name);
                    tx.act(at, &who, &id, &BoardDeed::Copied(board)).await?;
                }
                for area in areas {
                    let unit = area.unit.clone();
                    tx.act(at, &who, &unit, &AreaDeed::Set(area)).await?;
                }
                for file in files {
                    let id = file.sha256.clone();
                    tx.act(
                        at,
                        &who,
                        &id,
                        &ImportDeed::Taken {
                            who: who.clone(),
                            file,
                        },
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }
}

type Values = Vec<(String, String, String)>;

fn by_round(results: Vec<PastResult>) -> BTreeMap<String, Values> {
    let mut rounds: BTreeMap<String, Values> = BTreeMap::new();
    for result in results {
        let value = (result.name, result.unit, result.value.to_exact_text());
        rounds
            .entry(round_id(&result.series, result.month))
            .or_default()
            .push(value);
    }
    rounds
}

impl Tx<'_> {
    /// Whether an act has changed evidence of a series since another act, or what all evidence rests on.
    pub(super) async fn evidence_moved_since(&mut self, seq: i64, series: &str) -> Result<bool> {
        let moved: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM act WHERE seq > $1
             AND (noun IN ('unit', 'result', 'board', 'area', 'scheme', 'standard') OR noun = 'evidence' AND id = $2)",
        )
        .bind(seq)
        .bind(series)
        .fetch_one(self.conn())
        .await?;
        Ok(moved > 0)
    }

    /// Whether a file was taken in before.
    pub async fn import_taken(&mut self, series: &str, kind: &str, sha256: &str) -> Result<bool> {
        let known: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM import_file WHERE series = $1 AND kind = $2 AND sha256 = $3",
        )
        .bind(series)
        .bind(kind)
        .bind(sha256)
        .fetch_one(self.conn())
        .await?;
        Ok(known > 0)
    }
}
