//! Files that were taken in: the same file again changes nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::writer::Tx;
use super::{Result, Store, moment};

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
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
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
        let rows =
            sqlx::query("SELECT * FROM import_file WHERE series = $1 ORDER BY at DESC, kind, sha256")
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

impl Tx<'_> {
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
