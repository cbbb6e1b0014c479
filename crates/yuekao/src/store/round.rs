//! Rounds: one scheme in one month, open, then frozen, then published.

use assessment::message::Message;
use assessment::month::Month;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store, moment};

/// How far a round has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Evidence comes in.
    Open,
    /// The month's facts are closed.
    Frozen,
    /// The bulletin is out.
    Published,
    /// The bulletin is out and a correction of it is prepared from facts frozen anew.
    Correcting,
}

impl Stage {
    /// The word in the database and in `round-stage-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Frozen => "frozen",
            Self::Published => "published",
            Self::Correcting => "correcting",
        }
    }

    fn read(word: &str) -> Result<Self> {
        [Self::Open, Self::Frozen, Self::Published, Self::Correcting]
            .into_iter()
            .find(|stage| stage.word() == word)
            .ok_or_else(|| Error::damaged(format!("{word:?} is not a stage")))
    }
}

/// One scheme in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundRow {
    /// The evaluation.
    pub series: String,
    /// The month.
    pub month: Month,
    /// The scheme it is evaluated by.
    pub scheme_id: String,
    /// How far it has come.
    pub stage: Stage,
    /// Digest of the frozen evidence.
    pub frozen_digest: Option<String>,
    /// When it was frozen.
    pub frozen_at: Option<Timestamp>,
    /// Digest of the published assessment.
    pub assessment_digest: Option<String>,
    /// Who asked to open the frozen month again; somebody else has to agree.
    pub reopen_asked_by: Option<String>,
    /// When its last bulletin came out.
    pub published_at: Option<Timestamp>,
}

impl RoundRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let month: String = row.try_get("month")?;
        Ok(Self {
            series: row.try_get("series")?,
            month: month
                .parse()
                .map_err(|_| Error::damaged(format!("{month:?} is not a month")))?,
            scheme_id: row.try_get("scheme_id")?,
            stage: Stage::read(row.try_get("stage")?)?,
            frozen_digest: row.try_get("frozen_digest")?,
            frozen_at: row
                .try_get::<Option<i64>, _>("frozen_at")?
                .map(moment)
                .transpose()?,
            assessment_digest: row.try_get("assessment_digest")?,
            reopen_asked_by: row.try_get("reopen_asked_by")?,
            published_at: row
                .try_get::<Option<i64>, _>("published_at")?
                .map(moment)
                .transpose()?,
        })
    }
}

/// What can be done to a round; `series/month` is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundDeed {
    /// It began.
    Opened {
        /// The scheme it is evaluated by.
        scheme_id: String,
    },
    /// Its facts were closed; those of a published round, for a correction.
    Frozen {
        /// Digest of the frozen evidence.
        digest: String,
    },
    /// Somebody asked to open it again.
    ReopenAsked {
        /// Who asked.
        by: String,
    },
    /// A second person agreed and it is open again.
    Reopened {},
    /// Its bulletin, or a correction of it, came out.
    Published {
        /// Digest of the assessment.
        assessment_digest: String,
    },
}

impl Deed for RoundDeed {
    const NOUN: &'static str = "round";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let (series, month) = id.split_once('/').ok_or_else(|| Error::damaged(id))?;
        let at = at.as_millisecond();
        let done = match self {
            Self::Opened { scheme_id } => {
                sqlx::query(
                    "INSERT INTO round (series, month, scheme_id, stage) VALUES ($1, $2, $3, 'open')
                     ON CONFLICT (series, month) DO NOTHING",
                )
                .bind(series)
                .bind(month)
                .bind(scheme_id)
                .execute(tx.conn())
                .await?
            }
            Self::Frozen { digest } => {
                sqlx::query(
                    "UPDATE round SET frozen_digest = $3, frozen_at = $4, reopen_asked_by = NULL,
                        stage = CASE stage WHEN 'open' THEN 'frozen' ELSE 'correcting' END
                     WHERE series = $1 AND month = $2 AND stage IN ('open', 'published', 'correcting')",
                )
                .bind(series)
                .bind(month)
                .bind(digest)
                .bind(at)
                .execute(tx.conn())
                .await?
            }
            Self::ReopenAsked { by } => {
                sqlx::query(
                    "UPDATE round SET reopen_asked_by = $3
                     WHERE series = $1 AND month = $2 AND stage = 'frozen'",
                )
                .bind(series)
                .bind(month)
                .bind(by)
                .execute(tx.conn())
                .await?
            }
            Self::Reopened {} => {
                sqlx::query(
                    "UPDATE round SET stage = 'open', frozen_digest = NULL, frozen_at = NULL,
                        reopen_asked_by = NULL
                     WHERE series = $1 AND month = $2 AND stage = 'frozen'",
                )
                .bind(series)
                .bind(month)
                .execute(tx.conn())
                .await?
            }
            Self::Published { assessment_digest } => {
                sqlx::query(
                    "UPDATE round SET stage = 'published', assessment_digest = $3,
                        published_at = $4, reopen_asked_by = NULL
                     WHERE series = $1 AND month = $2 AND stage IN ('frozen', 'correcting')",
                )
                .bind(series)
                .bind(month)
                .bind(assessment_digest)
                .bind(at)
                .execute(tx.conn())
                .await?
            }
        };
        match (self, done.rows_affected()) {
            (_, 1) => Ok(()),
            (Self::Opened { .. }, _) => Err(about("round-exists", series, month)),
            (Self::Frozen { .. }, _) => Err(about("round-not-open", series, month)),
            (_, _) => Err(about("round-not-frozen", series, month)),
        }
    }
}

fn about(key: &'static str, series: &str, month: &str) -> Error {
    Error::Refused(
        Message::new(key)
            .with("series", series)
            .with("month", month),
    )
}

/// Why facts were not closed: they were read at several moments, and something came in between.
pub const MOVED: &str = "round-evidence-moved";

/// Facts that are to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The series whose evidence they are.
    pub evidence: String,
    /// The last act before they were read.
    pub looked: i64,
    /// SHA-256 of their canonical text.
    pub digest: String,
    /// The text.
    pub text: String,
}

/// The id of a round in the record.
pub fn round_id(series: &str, month: Month) -> String {
    format!("{series}/{month}")
}

impl Store {
    /// Begins a round under an adopted scheme.
    ///
    /// Errors: refused if it has begun already.
    pub async fn open_round(
        &self,
        at: Timestamp,
        who: &str,
        series: &str,
        month: Month,
        scheme_id: &str,
    ) -> Result<()> {
        let deed = RoundDeed::Opened {
            scheme_id: scheme_id.to_owned(),
        };
        self.act(at, who, &round_id(series, month), deed).await
    }

    /// Closes the facts of a month: keeps their canonical text under their digest. A published
    /// round is frozen anew when a correction is prepared.
    ///
    /// Errors: refused if the round is frozen or has not begun, or if evidence has changed while it was read
    /// ([`MOVED`]).
    pub async fn freeze_round(
        &self,
        at: Timestamp,
        who: &str,
        series: &str,
        month: Month,
        closing: Closing,
    ) -> Result<()> {
        let (who, id) = (who.to_owned(), round_id(series, month));
        let Closing {
            evidence,
            looked,
            digest,
            text,
        } = closing;
        self.write(move |tx| {
            Box::pin(async move {
                if tx.evidence_moved_since(looked, &evidence).await? {
                    return Err(Error::refused(MOVED));
                }
                tx.keep_frozen(&digest, &text, at).await?;
                tx.act(at, &who, &id, &RoundDeed::Frozen { digest })
                    .await
                    .map(drop)
            })
        })
        .await
    }

    /// Opens a frozen month again: the first person asks, a second one agrees. Returns whether it
    /// is open now.
    ///
    /// Errors: refused if the round is not frozen or the same person asks twice.
    pub async fn reopen_round(
        &self,
        at: Timestamp,
        who: &str,
        series: &str,
        month: Month,
    ) -> Result<bool> {
        let (who, series) = (who.to_owned(), series.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let id = round_id(&series, month);
                let row = sqlx::query(
                    "SELECT reopen_asked_by FROM round
                     WHERE series = $1 AND month = $2 AND stage = 'frozen'",
                )
                .bind(&series)
                .bind(month.to_string())
                .fetch_optional(tx.conn())
                .await?
                .ok_or_else(|| about("round-not-frozen", &series, &month.to_string()))?;
                match row.try_get::<Option<String>, _>("reopen_asked_by")? {
                    None => {
                        tx.act(at, &who, &id, &RoundDeed::ReopenAsked { by: who.clone() })
                            .await?;
                        Ok(false)
                    }
                    Some(first) if first == who => Err(about(
                        "round-reopen-needs-another",
                        &series,
                        &month.to_string(),
                    )),
                    Some(_) => {
                        tx.act(at, &who, &id, &RoundDeed::Reopened {}).await?;
                        Ok(true)
                    }
                }
            })
        })
        .await
    }

    /// One round.
    pub async fn round(&self, series: &str, month: Month) -> Result<Option<RoundRow>> {
        let row = sqlx::query("SELECT * FROM round WHERE series = $1 AND month = $2")
            .bind(series)
            .bind(month.to_string())
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(RoundRow::from_row).transpose()
    }

    /// All rounds, the latest month first.
    pub async fn rounds(&self) -> Result<Vec<RoundRow>> {
        let rows = sqlx::query("SELECT * FROM round ORDER BY month DESC, series")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(RoundRow::from_row).collect()
    }

    /// The canonical text of frozen evidence.
    pub async fn frozen(&self, digest: &str) -> Result<Option<String>> {
        Ok(
            sqlx::query_scalar("SELECT text FROM frozen WHERE digest = $1")
                .bind(digest)
                .fetch_optional(self.reading())
                .await?,
        )
    }
}

impl Tx<'_> {
    /// Keeps a text under its digest, once.
    pub(super) async fn keep_frozen(
        &mut self,
        digest: &str,
        text: &str,
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO frozen (digest, text, at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest)
        .bind(text)
        .bind(at.as_millisecond())
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
