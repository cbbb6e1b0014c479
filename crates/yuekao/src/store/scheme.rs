//! Adopted schemes. The text of an adopted scheme never changes: what is published is bound to it.

use assessment::message::Message;
use assessment::month::Month;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store, digest, moment};

/// What is said about a scheme when it is adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeText {
    /// The evaluation that it is an edition of.
    pub series: String,
    /// The file.
    pub text: String,
    /// First month in which it holds, `YYYY-MM`.
    pub valid_from: String,
    /// Last month in which it holds; open without one.
    pub valid_to: Option<String>,
}

/// A scheme as it was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedScheme {
    /// Its id.
    pub id: String,
    /// Series, file and months.
    pub scheme: SchemeText,
    /// SHA-256 of the file, as hex.
    pub digest: String,
    /// When it was adopted.
    pub adopted_at: Timestamp,
    /// When it was withdrawn; rounds that have begun under it go on.
    pub withdrawn_at: Option<Timestamp>,
}

impl AdoptedScheme {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            scheme: SchemeText {
                series: row.try_get("series")?,
                text: row.try_get("text")?,
                valid_from: row.try_get("valid_from")?,
                valid_to: row.try_get("valid_to")?,
            },
            digest: row.try_get("digest")?,
            adopted_at: moment(row.try_get("adopted_at")?)?,
            withdrawn_at: row
                .try_get::<Option<i64>, _>("withdrawn_at")?
                .map(moment)
                .transpose()?,
        })
    }
}

/// What can be done to a scheme.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeDeed {
    /// Its text was adopted, for good.
    Adopted(SchemeText),
    /// No more rounds begin under it.
    Withdrawn {},
}

impl Deed for SchemeDeed {
    const NOUN: &'static str = "scheme";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let done = match self {
            Self::Adopted(scheme) => sqlx::query(
                "INSERT INTO scheme (id, series, text, digest, valid_from, valid_to, adopted_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(&scheme.series)
            .bind(&scheme.text)
            .bind(digest(&scheme.text))
            .bind(&scheme.valid_from)
            .bind(scheme.valid_to.as_deref())
            .bind(at.as_millisecond())
            .execute(tx.conn())
            .await?,
            Self::Withdrawn {} => {
                sqlx::query(
                    "UPDATE scheme SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL",
                )
                .bind(id)
                .bind(at.as_millisecond())
                .execute(tx.conn())
                .await?
            }
        };
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(about("scheme-not-in-force", id))
        }
    }
}

fn about(key: &'static str, id: &str) -> Error {
    Error::Refused(Message::new(key).with("id", id))
}

impl Store {
    /// Adopts a scheme; the same text again changes nothing.
    ///
    /// Errors: refused if another text has this id, or another scheme of the series that is not
    /// withdrawn holds in one of its months.
    pub async fn adopt_scheme(
        &self,
        at: Timestamp,
        who: &str,
        id: &str,
        scheme: SchemeText,
    ) -> Result<()> {
        let (who, id) = (who.to_owned(), id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                match standing(tx.conn(), &id, &scheme).await? {
                    Standing::Adopted => return Ok(()),
                    Standing::Hindered(refusal) => return Err(Error::Refused(refusal)),
                    Standing::Free => {}
                }
                tx.act(at, &who, &id, &SchemeDeed::Adopted(scheme))
                    .await
                    .map(drop)
            })
        })
        .await
    }

    /// Why a scheme could not be adopted now; `None`: it could, or it is adopted with this very text.
    pub async fn scheme_hindrance(&self, id: &str, scheme: &SchemeText) -> Result<Option<Message>> {
        let mut conn = self.reading().acquire().await?;
        Ok(match standing(&mut conn, id, scheme).await? {
            Standing::Hindered(refusal) => Some(refusal),
            Standing::Adopted | Standing::Free => None,
        })
    }

    /// Withdraws a scheme.
    ///
    /// Errors: refused if it is not in force.
    pub async fn withdraw_scheme(&self, at: Timestamp, who: &str, id: &str) -> Result<()> {
        self.act(at, who, id, SchemeDeed::Withdrawn {}).await
    }

    /// One adopted scheme.
    pub async fn scheme(&self, id: &str) -> Result<Option<AdoptedScheme>> {
        let row = sqlx::query("SELECT * FROM scheme WHERE id = $1")
            .bind(id)
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(AdoptedScheme::from_row).transpose()
    }

    /// All adopted schemes, by series and month.
    pub async fn schemes(&self) -> Result<Vec<AdoptedScheme>> {
        let rows = sqlx::query("SELECT * FROM scheme ORDER BY series, valid_from, id")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(AdoptedScheme::from_row).collect()
    }

    /// The number of the last act that changed a scheme or a catalogue: as long as it is the same, so are they.
    pub async fn last_change_of_rules(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "SELECT COALESCE(MAX(seq), 0) FROM act WHERE noun IN ('scheme', 'standard')",
        )
        .fetch_one(self.reading())
        .await?)
    }

    /// The scheme of a series that holds in a month, if one does.
    pub async fn scheme_in(&self, series: &str, month: Month) -> Result<Option<AdoptedScheme>> {
        let row = sqlx::query(
            "SELECT * FROM scheme WHERE series = $1 AND withdrawn_at IS NULL
             AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)",
        )
        .bind(series)
        .bind(month.to_string())
        .fetch_optional(self.reading())
        .await?;
        row.as_ref().map(AdoptedScheme::from_row).transpose()
    }
}

/// How a text stands to those that are adopted.
enum Standing {
    /// It is one of them.
    Adopted,
    Hindered(Message),
    Free,
}

async fn standing(conn: &mut AnyConnection, id: &str, scheme: &SchemeText) -> Result<Standing> {
    let known: Option<String> = sqlx::query_scalar("SELECT digest FROM scheme WHERE id = $1")
        .bind(id)
        .fetch_optional(&mut *conn)
        .await?;
    match known {
        Some(known) if known == digest(&scheme.text) => return Ok(Standing::Adopted),
        Some(_) => {
            let fixed = Message::new("scheme-text-is-fixed").with("id", id);
            return Ok(Standing::Hindered(fixed));
        }
        None => {}
    }
    let other = overlapping(conn, scheme).await?;
    Ok(other.map_or(Standing::Free, |other| {
        let refusal = Message::new("scheme-overlaps")
            .with("id", id)
            .with("other", other);
        Standing::Hindered(refusal)
    }))
}

/// A scheme in force of the same series that shares a month with this one.
async fn overlapping(conn: &mut AnyConnection, scheme: &SchemeText) -> Result<Option<String>> {
    // '9999-12' stands for an open end: PostgreSQL cannot tell the type of a bare NULL.
    let last = scheme.valid_to.as_deref().unwrap_or("9999-12");
    Ok(sqlx::query_scalar(
        "SELECT id FROM scheme WHERE series = $1 AND withdrawn_at IS NULL
         AND valid_from <= $2 AND COALESCE(valid_to, '9999-12') >= $3
         ORDER BY valid_from LIMIT 1",
    )
    .bind(&scheme.series)
    .bind(last)
    .bind(&scheme.valid_from)
    .fetch_optional(conn)
    .await?)
}
