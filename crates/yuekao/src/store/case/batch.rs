//! One act done to many cases at once: each case has its own act, and the batch says which they were and what was refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use crate::store::act::Deed;
use crate::store::writer::Tx;
use crate::store::{Error, Result, Store, moment};

/// What is done to a batch; its id is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseBatchDeed {
    /// It began.
    Begun {
        /// Word of the act.
        act: String,
        /// The batch that it takes back.
        undoes: Option<String>,
    },
    /// So far it went.
    Went { rows: Vec<BatchRow> },
}

/// What became of one case of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRow {
    pub case: String,
    /// Number of the act that was done to it.
    pub seq: Option<i64>,
    /// Otherwise why not, as it was said to whoever tried.
    pub refusal: Option<String>,
}

/// A batch with its rows, in the order of the cases' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub id: String,
    pub who: String,
    pub at: Timestamp,
    /// Word of the act.
    pub act: String,
    pub undoes: Option<String>,
    pub undone_by: Option<String>,
    pub rows: Vec<BatchRow>,
}

impl Deed for CaseBatchDeed {
    const NOUN: &'static str = "case_batch";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        match self {
            Self::Begun { act, undoes } => {
                // Whoever began it stands in the act that is being written, or done again.
                let who: String = sqlx::query_scalar(
                    "SELECT who FROM act WHERE noun = 'case_batch' AND id = $1 ORDER BY seq LIMIT 1",
                )
                .bind(id)
                .fetch_one(tx.conn())
                .await?;
                sqlx::query(
                    "INSERT INTO case_batch (id, who, at, kind, undoes) VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(id)
                .bind(who)
                .bind(at.as_millisecond())
                .bind(act)
                .bind(undoes.as_deref())
                .execute(tx.conn())
                .await?;
                if let Some(undone) = undoes {
                    let done = sqlx::query(
                        "UPDATE case_batch SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL",
                    )
                    .bind(undone)
                    .bind(id)
                    .execute(tx.conn())
                    .await?;
                    if done.rows_affected() == 0 {
                        return Err(Error::refused("batch-undone-already"));
                    }
                }
            }
            Self::Went { rows } => {
                for row in rows {
                    sqlx::query(
                        "INSERT INTO case_batch_row (batch, case_id, seq, refusal) VALUES ($1, $2, $3, $4)",
                    )
                    .bind(id)
                    .bind(&row.case)
                    .bind(row.seq)
                    .bind(row.refusal.as_deref())
                    .execute(tx.conn())
                    .await?;
                }
            }
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// The number of the last act that was done to a case.
    pub async fn last_act_on_case(&mut self, id: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "SELECT COALESCE(MAX(seq), 0) FROM act WHERE noun = 'case' AND id = $1",
        )
        .bind(id)
        .fetch_one(self.conn())
        .await?)
    }

    /// The act by which a batch was done to a case: `None`, the batch does not name it; `Some(None)`, it was refused there.
    ///
    /// Errors: the database's.
    pub async fn went_in_batch(&mut self, batch: &str, case: &str) -> Result<Option<Option<i64>>> {
        let row = sqlx::query("SELECT seq FROM case_batch_row WHERE batch = $1 AND case_id = $2")
            .bind(batch)
            .bind(case)
            .fetch_optional(self.conn())
            .await?;
        Ok(row.map(|row| row.try_get("seq")).transpose()?)
    }

    /// Notes in its batch what became of a case.
    ///
    /// Errors: the database's.
    pub async fn note_in_batch(
        &mut self,
        at: Timestamp,
        who: &str,
        batch: &str,
        rows: Vec<BatchRow>,
    ) -> Result<()> {
        self.act(at, who, batch, &CaseBatchDeed::Went { rows })
            .await
            .map(drop)
    }
}

impl Store {
    /// Begins a batch, or goes on with one that the same person began.
    ///
    /// Errors: refused if it is somebody else's, or if what it takes back was taken back by another one.
    pub async fn begin_case_batch(
        &self,
        at: Timestamp,
        who: &str,
        id: &str,
        act: &str,
        undoes: Option<&str>,
    ) -> Result<()> {
        let (who, id) = (who.to_owned(), id.to_owned());
        let begun = CaseBatchDeed::Begun {
            act: act.to_owned(),
            undoes: undoes.map(str::to_owned),
        };
        self.write(move |tx| {
            Box::pin(async move {
                let by: Option<String> =
                    sqlx::query_scalar("SELECT who FROM case_batch WHERE id = $1")
                        .bind(&id)
                        .fetch_optional(tx.conn())
                        .await?;
                match by {
                    Some(by) if by == who => Ok(()),
                    Some(_) => Err(Error::refused("batch-not-yours")),
                    None => tx.act(at, &who, &id, &begun).await.map(drop),
                }
            })
        })
        .await
    }

    /// Notes which cases of a batch were refused; what it says of a case already stays.
    pub async fn refuse_in_case_batch(
        &self,
        at: Timestamp,
        who: &str,
        batch: &str,
        refused: Vec<BatchRow>,
    ) -> Result<()> {
        let (who, batch) = (who.to_owned(), batch.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let mut rows = vec![];
                for row in refused {
                    if tx.went_in_batch(&batch, &row.case).await?.is_none() {
                        rows.push(row);
                    }
                }
                match rows.is_empty() {
                    true => Ok(()),
                    false => tx.note_in_batch(at, &who, &batch, rows).await,
                }
            })
        })
        .await
    }

    /// A batch.
    pub async fn case_batch(&self, id: &str) -> Result<Option<Batch>> {
        let Some(row) = sqlx::query("SELECT * FROM case_batch WHERE id = $1")
            .bind(id)
            .fetch_optional(self.reading())
            .await?
        else {
            return Ok(None);
        };
        let rows = sqlx::query(
            "SELECT case_id, seq, refusal FROM case_batch_row WHERE batch = $1 ORDER BY case_id",
        )
        .bind(id)
        .fetch_all(self.reading())
        .await?;
        Ok(Some(Batch {
            id: row.try_get("id")?,
            who: row.try_get("who")?,
            at: moment(row.try_get("at")?)?,
            act: row.try_get("kind")?,
            undoes: row.try_get("undoes")?,
            undone_by: row.try_get("undone_by")?,
            rows: rows
                .iter()
                .map(|row| {
                    Ok(BatchRow {
                        case: row.try_get("case_id")?,
                        seq: row.try_get("seq")?,
                        refusal: row.try_get("refusal")?,
                    })
                })
                .collect::<Result<_>>()?,
        }))
    }

    /// The last batches of a login: id, moment and word of the act.
    pub async fn case_batches(
        &self,
        who: &str,
        limit: i64,
    ) -> Result<Vec<(String, Timestamp, String)>> {
        let rows = sqlx::query(
            "SELECT id, at, kind FROM case_batch WHERE who = $1 ORDER BY at DESC, id LIMIT $2",
        )
        .bind(who)
        .bind(limit)
        .fetch_all(self.reading())
        .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row.try_get("id")?,
                    moment(row.try_get("at")?)?,
                    row.try_get("kind")?,
                ))
            })
            .collect()
    }
}
