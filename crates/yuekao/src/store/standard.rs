//! Adopted standards: catalogues of indicators, by their id.

use assessment::message::Message;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store, digest, moment};

/// A standard as it was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedStandard {
    /// Its id; another edition has another id.
    pub id: String,
    /// The file.
    pub text: String,
    /// SHA-256 of the file, as hex.
    pub digest: String,
    /// When it was adopted.
    pub adopted_at: Timestamp,
}

impl AdoptedStandard {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            text: row.try_get("text")?,
            digest: row.try_get("digest")?,
            adopted_at: moment(row.try_get("adopted_at")?)?,
        })
    }
}

/// What can be done to a standard.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandardDeed {
    /// Its text was adopted, for good.
    Adopted {
        /// The file.
        text: String,
    },
}

impl Deed for StandardDeed {
    const NOUN: &'static str = "standard";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let Self::Adopted { text } = self;
        sqlx::query("INSERT INTO standard (id, text, digest, adopted_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(text)
            .bind(digest(text))
            .bind(at.as_millisecond())
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}

impl Store {
    /// Adopts a standard; the same text again changes nothing.
    ///
    /// Errors: refused if another text has this id.
    pub async fn adopt_standard(
        &self,
        at: Timestamp,
        who: &str,
        id: &str,
        text: String,
    ) -> Result<()> {
        let (who, id) = (who.to_owned(), id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let known: Option<String> =
                    sqlx::query_scalar("SELECT digest FROM standard WHERE id = $1")
                        .bind(&id)
                        .fetch_optional(tx.conn())
                        .await?;
                match known {
                    None => tx
                        .act(at, &who, &id, &StandardDeed::Adopted { text })
                        .await
                        .map(drop),
                    Some(known) if known == digest(&text) => Ok(()),
                    Some(_) => Err(Error::Refused(
                        Message::new("standard-text-is-fixed").with("id", id),
                    )),
                }
            })
        })
        .await
    }

    /// One adopted standard.
    pub async fn standard(&self, id: &str) -> Result<Option<AdoptedStandard>> {
        let row = sqlx::query("SELECT * FROM standard WHERE id = $1")
            .bind(id)
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(AdoptedStandard::from_row).transpose()
    }

    /// All adopted standards.
    pub async fn standards(&self) -> Result<Vec<AdoptedStandard>> {
        let rows = sqlx::query("SELECT * FROM standard ORDER BY id")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(AdoptedStandard::from_row).collect()
    }
}
