//! How cases are handled here, in versions: calendar, filing conditions, routes, and what the host allows.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use assessment::case::life::Stage;
use assessment::message::Message;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::case::CountedIn;
use super::writer::Tx;
use super::{Error, Result, Store};

/// How long what was found stays secret after a visit, in minutes, until the host says otherwise.
pub const SERVE_DELAY_MINUTES: u32 = 240;

/// One version, as texts and numbers. [`crate::casework::Practice`] is what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRules {
    /// Working hours, TOML, and the table of days, CSV.
    pub calendar: String,
    pub days: String,
    /// Filing conditions with their limits, CSV.
    pub conditions: String,
    /// Which unit a case goes to, CSV.
    pub routes: String,
    pub most_returns: u32,
    pub most_dispatches: u32,
    pub most_extensions: u32,
    pub most_suspensions: u32,
    pub most_rest_days: u32,
    /// Handling has to be shown by a photo.
    pub photo_needed: bool,
    /// How long after a visit what was found there stays unknown to everybody who dispatches, in minutes.
    pub serve_delay_minutes: u32,
    /// How many times the limit is gross overrun.
    pub gross_factor: u32,
    /// A case of the same category so near and so soon after one that was closed is its relapse.
    pub relapse_days: u32,
    pub relapse_metres: u32,
    /// Working hours for the stages before dispatch and after handling, and for a unit's first step.
    #[serde(deserialize_with = "stage_hours")]
    pub stage_hours: StageHours,
    /// Evaluations in which cases are counted.
    pub counted: Vec<CountedIn>,
    /// Open cases of the same category so near are shown before a new one is reported.
    #[serde(default = "same_metres")]
    pub same_metres: u32,
    /// Texts that can be taken over when something is done to a case.
    #[serde(default)]
    pub replies: Vec<Reply>,
    /// How near two findings of a category may be the same, CSV; older versions of the rules do not say.
    #[serde(default = "duplicates")]
    pub duplicates: String,
    /// The same for what citizens report: they place it less exactly.
    #[serde(default = "citizen_duplicates")]
    pub citizen_duplicates: String,
}

/// Working hours that the office has at each stage where it is to act, and a unit for its first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageHours {
    pub reported: u32,
    pub accepted: u32,
    pub checking: u32,
    pub registered: u32,
    /// Until the unit that has got a case signs for it, passes it down, returns it or begins otherwise; 0: not reckoned, as
    /// in versions that do not say it.
    #[serde(default)]
    pub dispatched: u32,
    pub handled: u32,
    pub verified: u32,
}

/// Reads hours by stage; older versions of the rules have one number for all.
fn stage_hours<'d, D: Deserializer<'d>>(written: D) -> std::result::Result<StageHours, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        All(u32),
        Each(StageHours),
    }
    Ok(match Written::deserialize(written)? {
        Written::All(hours) => StageHours::all(hours),
        Written::Each(hours) => hours,
    })
}

impl StageHours {
    /// The same at each where it is the office's turn.
    pub fn all(hours: u32) -> Self {
        Self {
            reported: hours,
            accepted: hours,
            checking: hours,
            registered: hours,
            dispatched: 0,
            handled: hours,
            verified: hours,
        }
    }

    /// At a stage; `None`: no such time is reckoned there.
    pub fn of(&self, stage: Stage) -> Option<u32> {
        match stage {
            Stage::Reported => Some(self.reported),
            Stage::Accepted => Some(self.accepted),
            Stage::Checking => Some(self.checking),
            Stage::Registered => Some(self.registered),
            Stage::Dispatched => Some(self.dispatched).filter(|hours| *hours > 0),
            Stage::Handled => Some(self.handled),
            Stage::Verified => Some(self.verified),
            Stage::Suspended | Stage::Closed | Stage::Rejected | Stage::Voided => None,
        }
    }
}

fn same_metres() -> u32 {
    50
}

fn duplicates() -> String {
    crate::casework::default::DUPLICATES.into()
}

fn citizen_duplicates() -> String {
    crate::casework::default::CITIZEN_DUPLICATES.into()
}

/// A text to begin with, for one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Word of the act, as in [`assessment::case::life::Kind::word`].
    pub act: String,
    pub text: String,
}

/// A version in the history of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRulesVersion {
    pub version: i64,
    pub adopted_at: Timestamp,
    /// When the due times of running cases followed.
    pub applied_at: Option<Timestamp>,
    /// When all cases stood in the evaluations that it names.
    pub counted_at: Option<Timestamp>,
    /// Login of who adopted it.
    pub who: String,
}

/// What can be done to the rules for cases; the id is `case-rules`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRulesDeed {
    /// A new version holds from here on.
    Adopted(CaseRules),
    /// The due times of all running cases were worked out under a version.
    Applied {
        /// The version.
        version: i64,
    },
    /// Cases stand in the evaluations that a version names, and in no others.
    Counted {
        /// The version.
        version: i64,
        /// Up to this one, in the order of their ids; `None`: all.
        to: Option<String>,
    },
}

impl Deed for CaseRulesDeed {
    const NOUN: &'static str = "case_rules";

    async fn apply(&self, tx: &mut Tx<'_>, _id: &str, at: Timestamp) -> Result<()> {
        match self {
            Self::Adopted(rules) => {
                sqlx::query(
                    "INSERT INTO case_rules (version, body, adopted_at)
                 SELECT COALESCE(MAX(version), 0) + 1, $1, $2 FROM case_rules",
                )
                .bind(serde_json::to_string(rules).map_err(Error::damaged)?)
                .bind(at.as_millisecond())
                .execute(tx.conn())
                .await?
            }
            Self::Applied { version } => {
                sqlx::query("UPDATE case_rules SET applied_at = $2 WHERE version = $1")
                    .bind(*version)
                    .bind(at.as_millisecond())
                    .execute(tx.conn())
                    .await?
            }
            Self::Counted { version, to } => {
                sqlx::query(
                    "UPDATE case_rules SET counted_to = COALESCE($2, counted_to), counted_at = $3 WHERE version = $1",
                )
                .bind(*version)
                .bind(to.as_deref())
                .bind(to.is_none().then(|| at.as_millisecond()))
                .execute(tx.conn())
                .await?
            }
        };
        Ok(())
    }
}

/// The version that was read last, with what it means to who read it.
#[derive(Default)]
pub(super) struct ReadRules(Mutex<Option<(i64, Arc<dyn Any + Send + Sync>)>>);

impl Tx<'_> {
    /// The number of the version that holds; 0: none was adopted.
    ///
    /// Errors: the database's.
    pub async fn case_rules_version(&mut self) -> Result<i64> {
        Ok(
            sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM case_rules")
                .fetch_one(self.conn())
                .await?,
        )
    }
}

impl Store {
    /// What the rules that hold now mean. They are read when their version has changed, and kept at hand from then on;
    /// version 0: none was adopted.
    ///
    /// Errors: those of `read`, or the database's.
    pub async fn rules_in_force<T, E>(
        &self,
        read: impl FnOnce(i64, Option<CaseRules>) -> std::result::Result<T, E>,
    ) -> std::result::Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        E: From<Error>,
    {
        let version: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM case_rules")
            .fetch_one(self.reading())
            .await
            .map_err(Error::from)?;
        let kept = || {
            self.read_rules
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let known = kept().clone().filter(|(known, _)| *known == version);
        if let Some(Ok(known)) = known.map(|(_, means)| means.downcast::<T>()) {
            return Ok(known);
        }
        let (version, rules) = match self.case_rules().await? {
            Some((version, rules)) => (version, Some(rules)),
            None => (0, None),
        };
        let means = Arc::new(read(version, rules)?);
        *kept() = Some((version, means.clone()));
        Ok(means)
    }

    /// The rules that hold now, with the number of their version; `None`: none was adopted.
    pub async fn case_rules(&self) -> Result<Option<(i64, CaseRules)>> {
        let row = sqlx::query("SELECT version, body FROM case_rules ORDER BY version DESC LIMIT 1")
            .fetch_optional(self.reading())
            .await?;
        row.map(|row| {
            let body: String = row.try_get("body")?;
            let rules = serde_json::from_str(&body).map_err(Error::damaged)?;
            Ok((row.try_get("version")?, rules))
        })
        .transpose()
    }

    /// A version that was adopted.
    pub async fn case_rules_version(&self, version: i64) -> Result<Option<CaseRules>> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM case_rules WHERE version = $1")
                .bind(version)
                .fetch_optional(self.reading())
                .await?;
        body.map(|body| serde_json::from_str(&body).map_err(Error::damaged))
            .transpose()
    }

    /// Every version, the newest first.
    pub async fn case_rules_versions(&self) -> Result<Vec<CaseRulesVersion>> {
        let who: Vec<String> = self
            .acts_of("case_rules", "case-rules")
            .await?
            .into_iter()
            .filter(|act| act.kind == "adopted")
            .map(|act| act.who)
            .collect();
        let rows = sqlx::query(
            "SELECT version, adopted_at, applied_at, counted_at FROM case_rules ORDER BY version DESC",
        )
        .fetch_all(self.reading())
        .await?;
        rows.iter()
            .map(|row| {
                let version: i64 = row.try_get("version")?;
                let applied: Option<i64> = row.try_get("applied_at")?;
                let counted: Option<i64> = row.try_get("counted_at")?;
                Ok(CaseRulesVersion {
                    version,
                    adopted_at: super::moment(row.try_get("adopted_at")?)?,
                    applied_at: applied.map(super::moment).transpose()?,
                    counted_at: counted.map(super::moment).transpose()?,
                    // Versions are numbered in the order in which they were adopted.
                    who: who.get(version as usize - 1).cloned().unwrap_or_default(),
                })
            })
            .collect()
    }

    /// Whether the due times of running cases are those of a version.
    pub async fn case_rules_applied(&self, version: i64) -> Result<bool> {
        let applied: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM case_rules WHERE version = $1 AND applied_at IS NOT NULL",
        )
        .bind(version)
        .fetch_one(self.reading())
        .await?;
        Ok(applied > 0)
    }

    /// Notes that they are.
    pub async fn case_rules_apply(&self, at: Timestamp, who: &str, version: i64) -> Result<()> {
        self.act(at, who, "case-rules", CaseRulesDeed::Applied { version })
            .await
    }

    /// The last version before one in whose evaluations all cases stood, 0: none that was adopted; `None`: all stand in those
    /// of this one.
    pub async fn counted_since(&self, version: i64) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT (SELECT COALESCE(MAX(version), 0) FROM case_rules WHERE counted_at IS NOT NULL)
             FROM case_rules WHERE version = $1 AND counted_at IS NULL",
        )
        .bind(version)
        .fetch_optional(self.reading())
        .await?)
    }

    /// How many cases have been counted anew under a version, of how many that were ever dispatched.
    pub async fn recounted(&self, version: i64) -> Result<(i64, i64)> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(sum(CASE WHEN id <= (SELECT counted_to FROM case_rules WHERE version = $1)
                THEN 1 ELSE 0 END), 0) AS BIGINT) AS done, count(*) AS whole
             FROM case_file WHERE dispatched_at IS NOT NULL",
        )
        .bind(version)
        .fetch_one(self.reading())
        .await?;
        Ok((row.try_get("done")?, row.try_get("whole")?))
    }

    /// How many cases are counted in a series.
    pub async fn cases_counted_in(&self, series: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM evidence e JOIN case_file f ON f.id = e.id
             WHERE e.series = $1 AND e.kind = 'cases'",
        )
        .bind(series)
        .fetch_one(self.reading())
        .await?)
    }

    /// Notes that all stand in those of a version.
    pub async fn case_rules_counted(&self, at: Timestamp, who: &str, version: i64) -> Result<()> {
        let deed = CaseRulesDeed::Counted { version, to: None };
        self.act(at, who, "case-rules", deed).await
    }

    /// Adopts a version. The caller has read it without faults. `seen`: the version that it was made from, which then has to
    /// hold still; 0: none was adopted.
    ///
    /// Errors: refused if another version holds by now.
    pub async fn adopt_case_rules(
        &self,
        at: Timestamp,
        who: &str,
        rules: CaseRules,
        seen: Option<i64>,
    ) -> Result<()> {
        let who = who.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let version = tx.case_rules_version().await?;
                if seen.is_some_and(|seen| seen != version) {
                    return Err(Error::Refused(
                        Message::new("case-rules-overtaken").with("version", version),
                    ));
                }
                tx.act(at, &who, "case-rules", &CaseRulesDeed::Adopted(rules))
                    .await
                    .map(drop)
            })
        })
        .await
    }
}
