//! Acts: what was done, append-only, one row for each, in the transaction that changes the tables.

use assessment::month::Month;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{Database, Row as _};

use super::evidence::milliseconds;
use super::plain;
use super::plan::PlanRow;
use super::rows::{self, Cell, Rows};
use super::writer::Tx;
use super::{Error, Result, Store};

/// What can be done to one noun: an enum whose variants are the kinds of acts and whose fields are
/// their bodies. The tables are changed by [`Deed::apply`] and by nothing else, so they can be
/// rebuilt from the acts.
///
/// Secrets (password hashes, session and reset tokens) are never part of a deed.
pub trait Deed: Serialize + DeserializeOwned + Sync {
    /// The noun in the act table.
    const NOUN: &'static str;

    /// Changes the tables as the deed says.
    ///
    /// Errors: a refusal if the deed cannot be done, or the database's.
    fn apply(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        at: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// One row of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Place in the record, from 1, without gaps.
    pub seq: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Login of who did it, or `console` for the command line.
    pub who: String,
    /// The kind of thing it was done to: `account`, `scheme`, `round`, …
    pub noun: String,
    /// The thing.
    pub id: String,
    /// What was done.
    pub kind: String,
    /// How: a JSON document.
    pub body: String,
    /// Random text that keeps a short body from being guessed from its leaf.
    pub salt: String,
    /// SHA-256 (hex) over salt and all fields before it.
    pub leaf: String,
}

impl Act {
    /// The leaf as it must be: SHA-256 over the fields, each preceded by its length in bytes.
    pub fn computed_leaf(&self) -> String {
        let seq = self.seq.to_string();
        let at = self.at.as_millisecond().to_string();
        let fields = [
            &self.salt, &seq, &at, &self.who, &self.noun, &self.id, &self.kind, &self.body,
        ];
        hex::encode(super::digest_of(fields.map(String::as_str)))
    }

    pub(super) fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            seq: row.try_get("seq")?,
            at: super::moment(row.try_get("at")?)?,
            who: row.try_get("who")?,
            noun: row.try_get("noun")?,
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            body: row.try_get("body")?,
            salt: row.try_get("salt")?,
            leaf: row.try_get("leaf")?,
        })
    }

    /// The deed that this act records.
    ///
    /// Errors: [`Error::Damaged`] if kind and body are not one of this noun's deeds.
    pub fn deed<D: Deed>(&self) -> Result<D> {
        read(&self.kind, &self.body)
    }
}

/// A deed of its kind and body. Its texts are plain, also where the record of an earlier version has others.
fn read<D: Deed>(kind: &str, body: &str) -> Result<D> {
    let mut value: Value = serde_json::from_str(body).map_err(Error::damaged)?;
    if plain::is_odd(body) {
        plain::make_plain(&mut value);
    }
    serde_json::from_value(serde_json::json!({ kind: value })).map_err(Error::damaged)
}

impl Tx<'_> {
    /// Does a deed: appends its act and changes the tables. Returns the act's number.
    ///
    /// `at` is the moment it is done, `who` the login that does it, `id` what it is done to.
    pub async fn act<D: Deed>(
        &mut self,
        at: Timestamp,
        who: &str,
        id: &str,
        deed: &D,
    ) -> Result<i64> {
        let (kind, body) = kind_and_body(deed);
        if plain::is_odd(&body) {
            let deed: D = read(&kind, &body)?;
            let (kind, body) = kind_and_body(&deed);
            return self.do_written(at, who, id, &deed, &kind, body).await;
        }
        self.do_written(at, who, id, deed, &kind, body).await
    }

    async fn do_written<D: Deed>(
        &mut self,
        at: Timestamp,
        who: &str,
        id: &str,
        deed: &D,
        kind: &str,
        body: String,
    ) -> Result<i64> {
        let act = self.next_act_written(at, who, D::NOUN, id, kind, body)?;
        let seq = act.seq;
        self.append(vec![act]).await?;
        deed.apply(self, id, at).await?;
        Ok(seq)
    }

    /// Does again what an act of another store records, keeping its number, moment and leaf.
    ///
    /// Errors: [`Error::Damaged`] if its number is not the next one or its leaf is not its own.
    pub async fn repeat<D: Deed>(&mut self, act: &Act) -> Result<()> {
        if act.seq != self.next_seq() || act.leaf != act.computed_leaf() {
            return Err(Error::damaged(format!(
                "act {} does not fit the record",
                act.seq
            )));
        }
        self.append(vec![act.clone()]).await?;
        act.deed::<D>()?.apply(self, &act.id, act.at).await
    }
}

impl<DB: Database> Tx<'_, DB>
where
    Self: Rows,
{
    /// The act that records a deed whose kind and body are written already; it is appended by [`Tx::append`].
    pub(super) fn next_act_written(
        &mut self,
        at: Timestamp,
        who: &str,
        noun: &str,
        id: &str,
        kind: &str,
        body: String,
    ) -> Result<Act> {
        let mut act = Act {
            seq: self.next_seq(),
            at: super::moment(at.as_millisecond())?,
            who: who.to_owned(),
            noun: noun.to_owned(),
            id: id.to_owned(),
            kind: kind.to_owned(),
            body,
            salt: super::secret(),
            leaf: String::new(),
        };
        act.leaf = act.computed_leaf();
        Ok(act)
    }

    /// Writes acts down, in their order.
    pub(super) async fn append(&mut self, acts: Vec<Act>) -> Result<()> {
        let row = |act: Act| -> [Cell; 9] {
            [
                act.seq.into(),
                act.at.as_millisecond().into(),
                act.who.into(),
                act.noun.into(),
                act.id.into(),
                act.kind.into(),
                act.body.into(),
                act.salt.into(),
                act.leaf.into(),
            ]
        };
        let head = "act (seq, at, who, noun, id, kind, body, salt, leaf)";
        rows::insert(self, head, acts.into_iter().map(row).collect(), "").await
    }
}

/// `{"kind":body}`, taken apart as text: parcels of many findings are long.
fn kind_and_body<D: Deed>(deed: &D) -> (String, String) {
    let text = serde_json::to_string(deed).expect("a deed is plain data");
    let parts = text
        .strip_prefix("{\"")
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|rest| rest.split_once("\":"));
    match parts {
        Some((kind, body)) => (kind.to_owned(), body.to_owned()),
        None => panic!("a deed is an enum whose variants have fields, not {text}"),
    }
}

impl Store {
    /// What was done to one thing, oldest first.
    pub async fn acts_of(&self, noun: &str, id: &str) -> Result<Vec<Act>> {
        let rows = sqlx::query("SELECT * FROM act WHERE noun = $1 AND id = $2 ORDER BY seq")
            .bind(noun)
            .bind(id)
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(Act::from_row).collect()
    }

    /// What was done to a plan or to one of its assignments since it was drawn as it stands: nothing of one of the same month
    /// that was thrown away.
    pub async fn acts_since_drawn(&self, plan: &PlanRow, noun: &str, id: &str) -> Result<Vec<Act>> {
        let rows = sqlx::query(
            "SELECT * FROM act WHERE noun = $1 AND id = $2 AND seq >= (
                SELECT MAX(seq) FROM act WHERE noun = 'plan' AND id = $3 AND kind = 'drawn')
             ORDER BY seq",
        )
        .bind(noun)
        .bind(id)
        .bind(format!("{}/{}", plan.series, plan.month))
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Act::from_row).collect()
    }

    /// At most `limit` acts after number `seq`, oldest first: a feed that can be replayed.
    pub async fn acts_after(&self, seq: i64, limit: i64) -> Result<Vec<Act>> {
        let rows = sqlx::query("SELECT * FROM act WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(limit)
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(Act::from_row).collect()
    }

    /// At most `limit` acts before number `before`, newest first, of one noun or one login if these are given.
    pub async fn acts_before(
        &self,
        before: i64,
        noun: Option<&str>,
        who: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Act>> {
        let rows = sqlx::query(
            "SELECT * FROM act
             WHERE seq < $1 AND ($2 = '' OR noun = $2) AND ($3 = '' OR who = $3)
             ORDER BY seq DESC LIMIT $4",
        )
        .bind(before)
        .bind(noun.unwrap_or_default())
        .bind(who.unwrap_or_default())
        .bind(limit)
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Act::from_row).collect()
    }

    /// From when on the record is sealed for those who see nothing unpublished: since the first plan was drawn that stands
    /// and whose month is not published, nor a later one of its evaluation; and since the first day of which there is evidence
    /// of a month that is not, which may have come by file, without a plan.
    pub async fn sealed_since(&self) -> Result<Option<Timestamp>> {
        let drawn: Option<i64> = sqlx::query_scalar(
            "SELECT MIN(drawn_at) FROM plan WHERE NOT EXISTS (
                SELECT 1 FROM round WHERE round.series = plan.series AND round.month >= plan.month
                AND round.published_at IS NOT NULL)",
        )
        .fetch_one(self.reading())
        .await?;
        let mut since = drawn;
        for series in self.evidence_series().await? {
            let published: Option<String> = sqlx::query_scalar(
                "SELECT MAX(month) FROM round WHERE series = $1 AND published_at IS NOT NULL",
            )
            .bind(&series)
            .fetch_one(self.reading())
            .await?;
            let open = match published {
                // What is of no day, such as sites, begins at 0.
                None => 1,
                Some(month) => {
                    let month: Month = month.parse().map_err(Error::damaged)?;
                    milliseconds(month.plus(1).first_day().at(0, 0, 0, 0))
                }
            };
            for kind in ["visits", "findings", "measures"] {
                let first: Option<i64> = sqlx::query_scalar(
                    "SELECT MIN(starts_at) FROM evidence
                     WHERE series = $1 AND kind = $2 AND starts_at >= $3",
                )
                .bind(&series)
                .bind(kind)
                .bind(open)
                .fetch_one(self.reading())
                .await?;
                since = since.into_iter().chain(first).min();
            }
        }
        since.map(super::moment).transpose()
    }

    /// At most `limit` acts, newest first, after so many of them, for those who see nothing unpublished: without what the
    /// seal covers, which are the inspection's acts since a moment, and the cases that it made as long as they or their month
    /// are secret.
    pub async fn unsealed_acts(
        &self,
        now: Timestamp,
        since: Option<Timestamp>,
        noun: &str,
        who: &str,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<Act>> {
        let rows = sqlx::query(
            "SELECT * FROM act
             WHERE ($1 = '' OR noun = $1) AND ($2 = '' OR who = $2)
             AND NOT (at >= $3 AND noun IN ('plan', 'assignment', 'field', 'field-photo', 'observation', 'visit', 'evidence', 'import',
                'site', 'inspector'))
             AND NOT (noun = 'case' AND EXISTS (SELECT 1 FROM case_file WHERE case_file.id = act.id
                AND secret_until IS NOT NULL AND (act.at >= $3 OR secret_until > $4)))
             ORDER BY seq DESC LIMIT $5 OFFSET $6",
        )
        .bind(noun)
        .bind(who)
        .bind(since.map_or(i64::MAX, |since| since.as_millisecond()))
        .bind(now.as_millisecond())
        .bind(limit)
        .bind(skip)
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Act::from_row).collect()
    }

    /// The latest moment at which something was done; `None` in an empty store.
    pub async fn latest(&self) -> Result<Option<Timestamp>> {
        let at: Option<i64> = sqlx::query_scalar("SELECT MAX(at) FROM act")
            .fetch_one(self.reading())
            .await?;
        at.map(super::moment).transpose()
    }

    /// The number of the last act; 0 in an empty store.
    pub async fn last_act(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM act")
            .fetch_one(self.reading())
            .await?)
    }
}
