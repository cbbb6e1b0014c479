//! Webhooks: addresses of other systems, and the last act that each has taken. What is sent is made from the acts: see
//! [`crate::webhook`].

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::{Act, Deed};
use super::bulletin::BulletinDeed;
use super::case::CaseDeed;
use super::plan::CLOCK;
use super::writer::Tx;
use super::{Error, Result, Store, moment, secret};

/// Acts that are looked through at once.
const AT_ONCE: i64 = 100;
/// A cursor that only passed by acts is written when it has come so far.
const FAR: i64 = 1000;
/// So long a server keeps others from sending to the same address.
const TAKEN: SignedDuration = SignedDuration::from_secs(60);
/// After so long without success nothing more is tried.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(72);
/// First pause after a failure, and the longest.
const PAUSES: (i64, i64) = (10, 4 * 3600);

/// What can be sent.
pub const KINDS: [&str; 2] = ["cases", "publications"];

/// An address as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    pub id: String,
    pub new: NewWebhook,
    /// Signs what is sent; empty: nothing can be sent before a new one is made.
    pub secret: String,
    pub made_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    /// The last act that was taken there, or is not sent.
    pub done: i64,
    /// Failures since the last success.
    pub tries: i64,
    pub failing_since: Option<Timestamp>,
    /// Not tried before.
    pub next_at: Timestamp,
    pub last_at: Option<Timestamp>,
    /// Status of the last answer, or `timeout`, `unreachable`; `damaged`: nothing was sent of an act that does not read.
    pub last_answer: Option<String>,
}

impl WebhookRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let time = |name: &str| -> Result<Option<Timestamp>> {
            row.try_get::<Option<i64>, _>(name)?.map(moment).transpose()
        };
        let kinds: String = row.try_get("kinds")?;
        Ok(Self {
            id: row.try_get("id")?,
            new: NewWebhook {
                name: row.try_get("name")?,
                url: row.try_get("url")?,
                kinds: kinds.split(' ').map(str::to_owned).collect(),
                site: row.try_get("site")?,
            },
            secret: row.try_get("secret")?,
            made_at: moment(row.try_get("made_at")?)?,
            stopped_at: time("stopped_at")?,
            done: row.try_get("done")?,
            tries: row.try_get("tries")?,
            failing_since: time("failing_since")?,
            next_at: moment(row.try_get("next_at")?)?,
            last_at: time("last_at")?,
            last_answer: row.try_get("last_answer")?,
        })
    }

    /// Whether something may be sent there at a moment.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.stopped_at.is_none() && !self.secret.is_empty() && self.next_at <= now
    }

    /// Whether acts of this noun are sent there.
    pub fn wants(&self, noun: &str) -> bool {
        let kind = match noun {
            CaseDeed::NOUN => KINDS[0],
            BulletinDeed::NOUN => KINDS[1],
            _ => return false,
        };
        self.new.kinds.iter().any(|wanted| wanted == kind)
    }
}

/// An address as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWebhook {
    /// Whose it is.
    pub name: String,
    pub url: String,
    /// Some of [`KINDS`].
    pub kinds: Vec<String>,
    /// What links to this site begin with.
    pub site: String,
}

/// What can be done to a webhook. The secret is no part of the record.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookDeed {
    /// It was registered; what happens from here on is sent.
    Made(NewWebhook),
    /// It signs with another secret.
    SecretMade {},
    /// Everything from an act on is sent again.
    Replayed { from: i64 },
    /// It failed for too long, or the office wants nothing sent.
    Stopped {},
    /// It goes on where it stopped.
    Started {},
    /// Nothing is sent there any more.
    Removed {},
    /// A test was sent there; how far it has come stays as it is.
    Tested {
        /// Status of the answer, or `timeout`, `unreachable`.
        answer: String,
    },
}

impl Deed for WebhookDeed {
    const NOUN: &'static str = "webhook";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let at = at.as_millisecond();
        let changed = match self {
            Self::Made(new) => {
                let seq = tx.seq();
                sqlx::query(
                    "INSERT INTO webhook (id, name, url, kinds, site, secret, made_at, done, tries, next_at, taken_until)
                     VALUES ($1, $2, $3, $4, $5, '', $6, $7, 0, 0, 0)",
                )
                .bind(id)
                .bind(&new.name)
                .bind(&new.url)
                .bind(new.kinds.join(" "))
                .bind(&new.site)
                .bind(at)
                .bind(seq)
                .execute(tx.conn())
                .await?
            }
            Self::SecretMade {} => {
                sqlx::query("UPDATE webhook SET next_at = 0 WHERE id = $1")
                    .bind(id)
                    .execute(tx.conn())
                    .await?
            }
            Self::Replayed { from } => {
                sqlx::query(
                    "UPDATE webhook SET done = $2, tries = 0, failing_since = NULL, next_at = 0, stopped_at = NULL
                     WHERE id = $1",
                )
                .bind(id)
                .bind(from - 1)
                .execute(tx.conn())
                .await?
            }
            Self::Stopped {} => {
                sqlx::query("UPDATE webhook SET stopped_at = $2 WHERE id = $1 AND stopped_at IS NULL")
                    .bind(id)
                    .bind(at)
                    .execute(tx.conn())
                    .await?
            }
            Self::Started {} => {
                sqlx::query(
                    "UPDATE webhook SET tries = 0, failing_since = NULL, next_at = 0, stopped_at = NULL WHERE id = $1",
                )
                .bind(id)
                .execute(tx.conn())
                .await?
            }
            // Nothing of it is kept but the act.
            Self::Tested { .. } => {
                sqlx::query("UPDATE webhook SET tries = tries WHERE id = $1")
                    .bind(id)
                    .execute(tx.conn())
                    .await?
            }
            Self::Removed {} => {
                sqlx::query("DELETE FROM webhook WHERE id = $1")
                    .bind(id)
                    .execute(tx.conn())
                    .await?
            }
        };
        match changed.rows_affected() {
            0 => Err(Error::refused("webhook-missing")),
            _ => Ok(()),
        }
    }
}

/// Acts after a cursor.
#[derive(Debug)]
pub struct Ahead {
    /// Those that may be sent, in order.
    pub acts: Vec<Act>,
    /// Nothing that may be sent stands between the last of them and this one.
    pub until: i64,
    /// There is more behind them.
    pub more: bool,
}

impl Store {
    /// Every webhook, the oldest first.
    pub async fn webhooks(&self) -> Result<Vec<WebhookRow>> {
        let rows = sqlx::query("SELECT * FROM webhook ORDER BY made_at, id")
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(WebhookRow::from_row).collect()
    }

    /// One webhook.
    pub async fn webhook(&self, id: &str) -> Result<Option<WebhookRow>> {
        let row = sqlx::query("SELECT * FROM webhook WHERE id = $1")
            .bind(id)
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(WebhookRow::from_row).transpose()
    }

    /// Registers an address; returns its id and its secret.
    pub async fn make_webhook(
        &self,
        at: Timestamp,
        who: &str,
        new: NewWebhook,
    ) -> Result<(String, String)> {
        let id = secret()[..12].to_owned();
        let made = self
            .with_secret(at, who, &id, WebhookDeed::Made(new))
            .await?;
        Ok((id, made))
    }

    /// Makes another secret; the old one signs nothing any more.
    ///
    /// Errors: refused if there is no such webhook.
    pub async fn renew_webhook_secret(&self, at: Timestamp, who: &str, id: &str) -> Result<String> {
        self.with_secret(at, who, id, WebhookDeed::SecretMade {})
            .await
    }

    async fn with_secret(
        &self,
        at: Timestamp,
        who: &str,
        id: &str,
        deed: WebhookDeed,
    ) -> Result<String> {
        let made = secret();
        let (who, id, kept) = (who.to_owned(), id.to_owned(), made.clone());
        self.write(move |tx| {
            Box::pin(async move {
                tx.act(at, &who, &id, &deed).await?;
                sqlx::query("UPDATE webhook SET secret = $2 WHERE id = $1")
                    .bind(&id)
                    .bind(kept)
                    .execute(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await?;
        Ok(made)
    }

    /// Does something to a webhook.
    ///
    /// Errors: refused if there is no such webhook.
    pub async fn change_webhook(
        &self,
        at: Timestamp,
        who: &str,
        id: &str,
        deed: WebhookDeed,
    ) -> Result<()> {
        let (who, id) = (who.to_owned(), id.to_owned());
        self.write(move |tx| Box::pin(async move { tx.act(at, &who, &id, &deed).await }))
            .await?;
        Ok(())
    }

    /// The next acts after one that may be sent anywhere.
    pub async fn acts_ahead(&self, after: i64) -> Result<Ahead> {
        let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM act")
            .fetch_one(self.reading())
            .await?;
        let rows = sqlx::query(
            "SELECT * FROM act WHERE seq > $1 AND seq <= $2 AND noun IN ('case', 'bulletin') ORDER BY seq LIMIT $3",
        )
        .bind(after)
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(self.reading())
        .await?;
        let acts = rows.iter().map(Act::from_row).collect::<Result<Vec<_>>>()?;
        let more = acts.len() as i64 == AT_ONCE;
        let until = match acts.last() {
            Some(act) if more => act.seq,
            _ => last.max(after),
        };
        Ok(Ahead { acts, until, more })
    }

    /// The last acts that may be sent anywhere, the newest first.
    pub async fn acts_to_send(&self) -> Result<Vec<Act>> {
        let rows = sqlx::query(
            "SELECT * FROM act WHERE noun IN ('case', 'bulletin') ORDER BY seq DESC LIMIT $1",
        )
        .bind(AT_ONCE)
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Act::from_row).collect()
    }

    /// Lets this server alone send to an address for a while; `false`: another one does.
    pub async fn take_webhook(&self, now: Timestamp, hook: &WebhookRow) -> Result<bool> {
        let (id, now) = (hook.id.clone(), now.as_millisecond());
        self.write(move |tx| {
            Box::pin(async move {
                let taken = sqlx::query(
                    "UPDATE webhook SET taken_until = $2 WHERE id = $1 AND taken_until <= $3",
                )
                .bind(id)
                .bind(now + TAKEN.as_millis() as i64)
                .bind(now)
                .execute(tx.conn())
                .await?;
                Ok(taken.rows_affected() == 1)
            })
        })
        .await
    }

    /// An act was taken there; `false`: meanwhile somebody set the webhook to something else.
    pub async fn webhook_took(
        &self,
        now: Timestamp,
        hook: &WebhookRow,
        seq: i64,
        answer: &str,
    ) -> Result<bool> {
        let (id, done, answer) = (hook.id.clone(), hook.done, answer.to_owned());
        let now = now.as_millisecond();
        self.write(move |tx| {
            Box::pin(async move {
                let moved = sqlx::query(
                    "UPDATE webhook SET done = $3, tries = 0, failing_since = NULL, next_at = 0, last_at = $4,
                        last_answer = $5, taken_until = $6 WHERE id = $1 AND done = $2 AND stopped_at IS NULL",
                )
                .bind(id)
                .bind(done)
                .bind(seq)
                .bind(now)
                .bind(answer)
                .bind(now + TAKEN.as_millis() as i64)
                .execute(tx.conn())
                .await?;
                Ok(moved.rows_affected() == 1)
            })
        })
        .await
    }

    /// An act was not taken there: it is tried again after a pause, each longer than the one before, and given up at last.
    pub async fn webhook_failed(
        &self,
        now: Timestamp,
        hook: &WebhookRow,
        answer: &str,
    ) -> Result<()> {
        let (id, done, answer) = (hook.id.clone(), hook.done, answer.to_owned());
        let (first, longest) = PAUSES;
        let pause = (0..hook.tries).fold(first, |pause, _| (pause * 3).min(longest));
        let next = now + SignedDuration::from_secs(pause);
        let since = hook.failing_since.unwrap_or(now);
        let given_up = now.duration_since(since) >= GIVEN_UP;
        self.write(move |tx| {
            Box::pin(async move {
                let failed = sqlx::query(
                    "UPDATE webhook SET tries = tries + 1, failing_since = $3, next_at = $4, last_at = $5, last_answer = $6
                     WHERE id = $1 AND done = $2 AND stopped_at IS NULL",
                )
                .bind(&id)
                .bind(done)
                .bind(since.as_millisecond())
                .bind(next.as_millisecond())
                .bind(now.as_millisecond())
                .bind(answer)
                .execute(tx.conn())
                .await?;
                if given_up && failed.rows_affected() == 1 {
                    tx.act(now, CLOCK, &id, &WebhookDeed::Stopped {}).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Lets others send to an address again; acts up to `until` are not sent there.
    pub async fn leave_webhook(&self, hook: &WebhookRow, until: i64) -> Result<()> {
        let (id, done) = (hook.id.clone(), hook.done);
        self.write(move |tx| {
            Box::pin(async move {
                sqlx::query("UPDATE webhook SET done = $3 WHERE id = $1 AND done = $2")
                    .bind(&id)
                    .bind(done)
                    .bind(until)
                    .execute(tx.conn())
                    .await?;
                sqlx::query("UPDATE webhook SET taken_until = 0 WHERE id = $1")
                    .bind(&id)
                    .execute(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

impl Ahead {
    /// Whether it is worth taking the webhook: something may have to be sent, or the cursor is far behind.
    pub fn is_worth(&self, hook: &WebhookRow) -> bool {
        self.acts.iter().any(|act| hook.wants(&act.noun))
            || self.more
            || self.until - hook.done >= FAR
    }
}
