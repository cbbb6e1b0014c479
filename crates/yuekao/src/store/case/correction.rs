//! Corrections: what another system hands in under a number that is known, other than before. It is kept beside the case for
//! the dispatcher, and changes nothing of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row as _};

use super::{CaseDeed, NewCase, message};
use crate::store::act::{self, Deed};
use crate::store::writer::Tx;
use crate::store::{Error, Result, Store, moment};

/// What a source says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Code of its category.
    pub category: String,
    pub place: String,
    pub description: String,
    pub county: Option<String>,
    /// WGS 84, 1e-7 degree.
    pub lng: Option<i64>,
    pub lat: Option<i64>,
}

impl Said {
    pub fn of(new: &NewCase) -> Said {
        Said {
            category: new.category.clone(),
            place: new.place.clone(),
            description: new.description.clone(),
            county: new.county.clone(),
            lng: new.lng,
            lat: new.lat,
        }
    }

    /// Whether it says the same as before. A county that it leaves open was looked up then.
    fn is_as(&self, before: &Said) -> bool {
        let county = self.county.clone().or_else(|| before.county.clone());
        *before
            == Said {
                county,
                ..self.clone()
            }
    }

    fn from_row(row: &AnyRow) -> Result<Said> {
        Ok(Said {
            category: row.try_get("category")?,
            place: row.try_get("place")?,
            description: row.try_get("description")?,
            county: row.try_get("county")?,
            lng: row.try_get("lng")?,
            lat: row.try_get("lat")?,
        })
    }
}

/// What is done beside a case; its id is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionDeed {
    /// Its source says this of it now.
    Sent(Said),
}

impl Deed for CorrectionDeed {
    const NOUN: &'static str = "case_correction";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let Self::Sent(said) = self;
        let seq = tx.seq();
        sqlx::query(
            "INSERT INTO case_correction (case_id, seq, at, category, place, description, county, lng, lat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(seq)
        .bind(at.as_millisecond())
        .bind(&said.category)
        .bind(&said.place)
        .bind(&said.description)
        .bind(said.county.as_deref())
        .bind(said.lng)
        .bind(said.lat)
        .execute(tx.conn())
        .await?;
        message::corrected(tx, id, at).await
    }
}

impl Store {
    /// A case as it was reported. Asked after [`Store::case`] has shown it, or by its source.
    ///
    /// # Errors
    /// The store's.
    pub async fn case_reported(&self, id: &str) -> Result<NewCase> {
        let reported =
            sqlx::query("SELECT * FROM act WHERE noun = 'case' AND id = $1 AND kind = 'reported'")
                .bind(id)
                .fetch_one(self.reading())
                .await?;
        match act::Act::from_row(&reported)?.deed()? {
            CaseDeed::Reported(new) => Ok(new),
            _ => Err(Error::damaged("a case begins with its report")),
        }
    }

    /// Holds what a source says of a case again against what it said first; what is other than the last time is kept.
    /// Returns whether it differs from how the case was taken in. Most say the same: that waits for no writer.
    pub async fn said_again(&self, at: Timestamp, who: &str, id: &str, said: Said) -> Result<bool> {
        let first = Said::of(&self.case_reported(id).await?);
        let differs = !said.is_as(&first);
        let last = last_said(self.reading(), id).await?;
        if said.is_as(last.as_ref().unwrap_or(&first)) {
            return Ok(differs);
        }
        let (who, id) = (who.to_owned(), id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let last = last_said(tx.conn(), &id).await?;
                if !said.is_as(last.as_ref().unwrap_or(&first)) {
                    tx.act(at, &who, &id, &CorrectionDeed::Sent(said)).await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(differs)
    }

    /// What the source of a case has said of it since, the oldest first. Asked after [`Store::case`] has shown it.
    pub async fn corrections(&self, id: &str) -> Result<Vec<(Timestamp, Said)>> {
        let rows = sqlx::query("SELECT * FROM case_correction WHERE case_id = $1 ORDER BY seq")
            .bind(id)
            .fetch_all(self.reading())
            .await?;
        rows.iter()
            .map(|row| Ok((moment(row.try_get("at")?)?, Said::from_row(row)?)))
            .collect()
    }
}

async fn last_said<'e>(
    database: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Option<Said>> {
    let last =
        sqlx::query("SELECT * FROM case_correction WHERE case_id = $1 ORDER BY seq DESC LIMIT 1")
            .bind(id)
            .fetch_optional(database)
            .await?;
    last.as_ref().map(Said::from_row).transpose()
}
