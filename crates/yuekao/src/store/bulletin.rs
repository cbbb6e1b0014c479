//! Bulletins: what was published stays as it was; a correction is a further edition.

use assessment::facts::PastResult;
use assessment::message::Message;
use assessment::month::Month;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::evidence::ResultDeed;
use super::round::{RoundDeed, round_id};
use super::writer::Tx;
use super::{Error, Result, Store, digest, moment};

/// What a bulletin is made of when it comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBulletin {
    /// The document number printed on it.
    pub number: String,
    /// The scheme.
    pub scheme_id: String,
    /// Digest of the scheme's adopted text.
    pub scheme_digest: String,
    /// Digest of the frozen evidence.
    pub frozen_digest: String,
    /// The assessment in its canonical text; its SHA-256 is the digest that is printed.
    pub assessment: String,
    /// What the page, the PDF and the files show: a JSON document.
    pub content: String,
}

/// A published bulletin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulletinRow {
    /// The evaluation.
    pub series: String,
    /// The month.
    pub month: Month,
    /// 1, and one more for each correction.
    pub edition: i64,
    /// The edition that this one corrects.
    pub corrects: Option<i64>,
    /// Its parts.
    pub bulletin: NewBulletin,
    /// SHA-256 of the assessment, as hex.
    pub assessment_digest: String,
    /// When it came out.
    pub published_at: Timestamp,
    /// Login of who published it.
    pub who: String,
}

impl BulletinRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let month: String = row.try_get("month")?;
        Ok(Self {
            series: row.try_get("series")?,
            month: month
                .parse()
                .map_err(|_| Error::damaged(format!("{month:?} is not a month")))?,
            edition: row.try_get("edition")?,
            corrects: row.try_get("corrects")?,
            bulletin: NewBulletin {
                number: row.try_get("number")?,
                scheme_id: row.try_get("scheme_id")?,
                scheme_digest: row.try_get("scheme_digest")?,
                frozen_digest: row.try_get("frozen_digest")?,
                assessment: row.try_get("assessment")?,
                content: row.try_get("content")?,
            },
            assessment_digest: row.try_get("assessment_digest")?,
            published_at: moment(row.try_get("published_at")?)?,
            who: row.try_get("who")?,
        })
    }
}

/// What can be done to a bulletin; `series/month` is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulletinDeed {
    /// It came out.
    Published {
        /// 1, and one more for each correction.
        edition: i64,
        /// Who published it.
        who: String,
        /// Its parts.
        bulletin: NewBulletin,
    },
}

impl Deed for BulletinDeed {
    const NOUN: &'static str = "bulletin";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let Self::Published {
            edition,
            who,
            bulletin,
        } = self;
        let (series, month) = id.split_once('/').ok_or_else(|| Error::damaged(id))?;
        sqlx::query(
            "INSERT INTO bulletin (series, month, edition, number, corrects, scheme_id, scheme_digest,
                frozen_digest, assessment_digest, assessment, content, published_at, who)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(series)
        .bind(month)
        .bind(*edition)
        .bind(&bulletin.number)
        .bind((*edition > 1).then_some(*edition - 1))
        .bind(&bulletin.scheme_id)
        .bind(&bulletin.scheme_digest)
        .bind(&bulletin.frozen_digest)
        .bind(digest(&bulletin.assessment))
        .bind(&bulletin.assessment)
        .bind(&bulletin.content)
        .bind(at.as_millisecond())
        .bind(who)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

impl Store {
    /// Publishes the bulletin of a frozen round, or a correction of a published one that was
    /// frozen anew, with the values that later rounds look back at. Returns the edition.
    ///
    /// Errors: refused if the round is not frozen, or the bulletin speaks of other evidence than
    /// the frozen one or of another text of the scheme than the adopted one.
    pub async fn publish_bulletin(
        &self,
        at: Timestamp,
        who: &str,
        series: &str,
        month: Month,
        bulletin: NewBulletin,
        results: Vec<PastResult>,
    ) -> Result<i64> {
        let (who, series) = (who.to_owned(), series.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let refuse = |key| {
                    Error::Refused(Message::new(key).with("series", series.as_str()).with("month", month))
                };
                let bound: i64 = sqlx::query_scalar(
                    "SELECT count(*) FROM round r JOIN scheme s ON s.id = r.scheme_id
                     WHERE r.series = $1 AND r.month = $2 AND r.frozen_digest = $3
                       AND s.id = $4 AND s.digest = $5",
                )
                .bind(&series)
                .bind(month.to_string())
                .bind(&bulletin.frozen_digest)
                .bind(&bulletin.scheme_id)
                .bind(&bulletin.scheme_digest)
                .fetch_one(tx.conn())
                .await?;
                if bound == 0 {
                    return Err(refuse("bulletin-not-of-this-round"));
                }
                let last: i64 = sqlx::query_scalar(
                    "SELECT COALESCE(MAX(edition), 0) FROM bulletin WHERE series = $1 AND month = $2",
                )
                .bind(&series)
                .bind(month.to_string())
                .fetch_one(tx.conn())
                .await?;
                let id = round_id(&series, month);
                let published = RoundDeed::Published { assessment_digest: digest(&bulletin.assessment) };
                tx.act(at, &who, &id, &published).await?;
                let deed = BulletinDeed::Published { edition: last + 1, who: who.clone(), bulletin };
                tx.act(at, &who, &id, &deed).await?;
                tx.act(at, &who, &id, &ResultDeed::of(&results)).await?;
                Ok(last + 1)
            })
        })
        .await
    }

    /// Every edition of a month's bulletin, the newest first.
    pub async fn bulletins_of(&self, series: &str, month: Month) -> Result<Vec<BulletinRow>> {
        let rows = sqlx::query(
            "SELECT * FROM bulletin WHERE series = $1 AND month = $2 ORDER BY edition DESC",
        )
        .bind(series)
        .bind(month.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(BulletinRow::from_row).collect()
    }

    /// The newest edition for each month of a series, the latest month first.
    pub async fn newest_bulletins(&self, series: &str) -> Result<Vec<BulletinRow>> {
        let rows = sqlx::query(
            "SELECT * FROM bulletin b WHERE series = $1 AND edition = (
                SELECT MAX(edition) FROM bulletin n WHERE n.series = b.series AND n.month = b.month)
             ORDER BY month DESC",
        )
        .bind(series)
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(BulletinRow::from_row).collect()
    }
}
