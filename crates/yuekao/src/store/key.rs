//! Keys by which programs of other systems hand cases in: each bound to where its cases come from. The key itself is shown
//! once; here is its SHA-256.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::case::CaseRow;
use super::writer::Tx;
use super::{Error, Result, Store, digest, moment, secret};

/// A key as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub id: String,
    /// `hotline` or `platform`.
    pub source: String,
    /// Whose it is.
    pub name: String,
    pub made_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

impl KeyRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let revoked: Option<i64> = row.try_get("revoked_at")?;
        Ok(Self {
            id: row.try_get("id")?,
            source: row.try_get("source")?,
            name: row.try_get("name")?,
            made_at: moment(row.try_get("made_at")?)?,
            revoked_at: revoked.map(moment).transpose()?,
        })
    }
}

/// What can be done to a key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyDeed {
    /// It was made. `digest`: SHA-256 of thirty-two random bytes as hex, by which the key cannot be found.
    Made {
        source: String,
        name: String,
        digest: String,
    },
    /// It no longer opens anything.
    Revoked {},
}

impl Deed for KeyDeed {
    const NOUN: &'static str = "key";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        match self {
            Self::Made {
                source,
                name,
                digest,
            } => {
                sqlx::query(
                    "INSERT INTO api_key (id, source, name, digest, made_at) VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(id)
                .bind(source)
                .bind(name)
                .bind(digest)
                .bind(at.as_millisecond())
                .execute(tx.conn())
                .await?;
            }
            Self::Revoked {} => {
                let done = sqlx::query(
                    "UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
                )
                .bind(id)
                .bind(at.as_millisecond())
                .execute(tx.conn())
                .await?;
                if done.rows_affected() == 0 {
                    return Err(Error::refused("key-not-open"));
                }
            }
        }
        Ok(())
    }
}

impl Store {
    /// Every key, the newest first.
    pub async fn keys(&self) -> Result<Vec<KeyRow>> {
        let rows = sqlx::query("SELECT * FROM api_key ORDER BY made_at DESC, id")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(KeyRow::from_row).collect()
    }

    /// Makes a key and returns it; it is kept nowhere.
    pub async fn make_key(
        &self,
        at: Timestamp,
        who: &str,
        source: &str,
        name: &str,
    ) -> Result<String> {
        let key = secret();
        let deed = KeyDeed::Made {
            source: source.to_owned(),
            name: name.to_owned(),
            digest: digest(&key),
        };
        let (id, who) = (secret()[..12].to_owned(), who.to_owned());
        self.write(move |tx| Box::pin(async move { tx.act(at, &who, &id, &deed).await }))
            .await?;
        Ok(key)
    }

    /// Lets a key open nothing any more.
    ///
    /// Errors: refused if it does not open anything now.
    pub async fn revoke_key(&self, at: Timestamp, who: &str, id: &str) -> Result<()> {
        let (id, who) = (id.to_owned(), who.to_owned());
        self.write(move |tx| {
            Box::pin(async move { tx.act(at, &who, &id, &KeyDeed::Revoked {}).await })
        })
        .await?;
        Ok(())
    }

    /// The open key of this text.
    pub async fn key_of(&self, key: &str) -> Result<Option<KeyRow>> {
        let row = sqlx::query("SELECT * FROM api_key WHERE digest = $1 AND revoked_at IS NULL")
            .bind(digest(key))
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(KeyRow::from_row).transpose()
    }

    /// The case that has this number where it came from.
    pub async fn case_of_source(&self, source: &str, number: &str) -> Result<Option<CaseRow>> {
        let row = sqlx::query("SELECT * FROM case_file WHERE source = $1 AND source_number = $2")
            .bind(source)
            .bind(number)
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(CaseRow::from_row).transpose()
    }
}
