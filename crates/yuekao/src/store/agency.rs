//! Agencies with their contracts, and their inspectors.

use std::collections::BTreeMap;

use assessment::message::Message;
use assessment::month::Month;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::act::Deed;
use super::plan::PlanDeed;
use super::unit::UnitRow;
use super::writer::Tx;
use super::{Error, Result, Store};
use crate::viewer::{Role, Viewer};

/// An independent inspection company, chosen by public procurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its id: the `unit` of its people's accounts.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The contract, as the office calls it.
    pub contract: String,
    /// First day of the contract.
    pub valid_from: String,
    /// Last day of the contract; open without one.
    pub valid_to: Option<String>,
}

/// The `home_unit` of somebody who lives in none of the host's units.
pub const OUTSIDE: &str = "outside";

/// Somebody whom an agency can send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectorRow {
    /// Login of their account.
    pub login: String,
    /// Id of the agency.
    pub agency: String,
    /// Code of the unit where they live, or [`OUTSIDE`].
    pub home_unit: String,
    /// First day on which they can be sent.
    pub valid_from: String,
    /// Last day; open without one.
    pub valid_to: Option<String>,
    /// Days on which they cannot go.
    pub away: Vec<String>,
}

impl InspectorRow {
    /// Whether they can go on a day.
    pub fn can_go(&self, day: Date) -> bool {
        let day = day.to_string();
        self.valid_from <= day
            && self.valid_to.as_ref().is_none_or(|last| *last >= day)
            && !self.away.contains(&day)
    }

    pub(super) fn from_row(row: &AnyRow) -> Result<Self> {
        let away: String = row.try_get("away")?;
        Ok(Self {
            login: row.try_get("login")?,
            agency: row.try_get("agency")?,
            home_unit: row.try_get("home_unit")?,
            valid_from: row.try_get("valid_from")?,
            valid_to: row.try_get("valid_to")?,
            away: serde_json::from_str(&away).map_err(Error::damaged)?,
        })
    }
}

/// How a contract stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// It has not begun.
    NotBegun,
    /// It holds, and does not end soon.
    Running,
    /// It holds, and ends within [`SOON`] days.
    EndsSoon,
    /// It is over.
    Ended,
}

/// So many days before its end, people are told that a contract ends.
pub const SOON: i64 = 30;

impl Agency {
    /// Whether its contract holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.holds_within(day, day)
    }

    /// Whether its contract holds on any day of a month.
    pub fn holds_in(&self, month: Month) -> bool {
        self.holds_within(month.first_day(), month.last_day())
    }

    fn holds_within(&self, first: Date, last: Date) -> bool {
        let (first, last) = (first.to_string(), last.to_string());
        self.valid_from <= last && self.valid_to.as_ref().is_none_or(|end| *end >= first)
    }

    /// How its contract stands on a day.
    pub fn term(&self, day: Date) -> Term {
        let soon = day.saturating_add(SOON.days());
        match &self.valid_to {
            _ if self.valid_from > day.to_string() => Term::NotBegun,
            Some(end) if *end < day.to_string() => Term::Ended,
            Some(end) if *end <= soon.to_string() => Term::EndsSoon,
            _ => Term::Running,
        }
    }

    /// A sentence that names the agency and the days of its contract.
    pub(super) fn about_contract(&self, key: &'static str) -> Message {
        Message::new(key)
            .with("agency", &*self.name)
            .with("from", &*self.valid_from)
            .with("to", self.valid_to.as_deref().unwrap_or("open"))
    }

    /// As it is written, without spaces around.
    ///
    /// Errors: refused without an id of letters and digits, a name, a contract or a span of days.
    pub fn checked(self) -> Result<Self> {
        let id = self.id.trim().to_owned();
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !(2..=40).contains(&id.len()) || !id.chars().all(good) {
            return Err(Error::refused("agency-id-bad"));
        }
        let (name, contract) = (self.name.trim(), self.contract.trim());
        if name.is_empty() || contract.is_empty() {
            return Err(Error::refused("agency-name-missing"));
        }
        let (valid_from, valid_to) = span_of(&self.valid_from, self.valid_to.as_deref())?;
        Ok(Self {
            id,
            name: name.to_owned(),
            contract: contract.to_owned(),
            valid_from,
            valid_to,
        })
    }

    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            contract: row.try_get("contract")?,
            valid_from: row.try_get("valid_from")?,
            valid_to: row.try_get("valid_to")?,
        })
    }
}

/// What can be done to an agency.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyDeed {
    /// Name, contract or period were written.
    Set {
        /// As it is now.
        agency: Agency,
        /// Why.
        reason: String,
    },
}

impl Deed for AgencyDeed {
    const NOUN: &'static str = "agency";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, _at: Timestamp) -> Result<()> {
        let Self::Set { agency, .. } = self;
        sqlx::query(
            "INSERT INTO agency (id, name, contract, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, contract = excluded.contract,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to",
        )
        .bind(id)
        .bind(&agency.name)
        .bind(&agency.contract)
        .bind(&agency.valid_from)
        .bind(agency.valid_to.as_deref())
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

/// What can be done to an inspector; the login is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectorDeed {
    /// Agency, home, period or days away were written.
    Set {
        /// As they are now.
        inspector: InspectorRow,
        /// Why.
        reason: String,
    },
}

impl Deed for InspectorDeed {
    const NOUN: &'static str = "inspector";

    async fn apply(&self, tx: &mut Tx<'_>, login: &str, _at: Timestamp) -> Result<()> {
        let Self::Set { inspector, .. } = self;
        sqlx::query(
            "INSERT INTO agency_inspector (login, agency, home_unit, valid_from, valid_to, away)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (login) DO UPDATE SET agency = excluded.agency, home_unit = excluded.home_unit,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to, away = excluded.away",
        )
        .bind(login)
        .bind(&inspector.agency)
        .bind(&inspector.home_unit)
        .bind(&inspector.valid_from)
        .bind(inspector.valid_to.as_deref())
        .bind(serde_json::to_string(&inspector.away).map_err(Error::damaged)?)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

/// A reason as it is kept.
///
/// Errors: refused if there is none.
pub fn reasoned(text: &str) -> Result<String> {
    match text.trim() {
        "" => Err(Error::refused("plan-reason-missing")),
        text => Ok(text.to_owned()),
    }
}

/// A day as text.
///
/// Errors: refused with a sentence that says how to write it.
pub fn day_of(text: &str) -> Result<Date> {
    let bad = |_| Error::Refused(Message::new("plan-bad-day").with("text", text.trim()));
    text.trim().parse::<Date>().map_err(bad)
}

/// A span of days; its end may be left open.
fn span_of(from: &str, to: Option<&str>) -> Result<(String, Option<String>)> {
    let from = day_of(from)?;
    let to = to
        .map(str::trim)
        .filter(|to| !to.is_empty())
        .map(day_of)
        .transpose()?;
    match to {
        Some(to) if to < from => Err(Error::refused("plan-span-backwards")),
        to => Ok((from.to_string(), to.map(|to| to.to_string()))),
    }
}

/// A day of a plan that is released and on which the agency has no contract any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beyond {
    /// The plan, `xianning/2022-04`.
    pub plan: String,
    /// The day.
    pub day: String,
    /// Ids of its assignments that nobody has visited yet.
    pub ids: Vec<String>,
}

async fn beyond(conn: &mut AnyConnection, at: Timestamp, agency: &Agency) -> Result<Vec<Beyond>> {
    let rows = sqlx::query(
        "SELECT a.id, a.series, a.month, a.day FROM assignment a
         JOIN plan p ON p.series = a.series AND p.month = a.month
         WHERE p.agency = $1 AND a.state = 'released' AND a.day >= $2
         ORDER BY a.series, a.month, a.day, a.id",
    )
    .bind(&agency.id)
    .bind(crate::clock::day_of(at).to_string())
    .fetch_all(conn)
    .await?;
    let mut days: Vec<Beyond> = vec![];
    for row in rows {
        let (id, series, month, day): (String, String, String, String) = (
            row.try_get("id")?,
            row.try_get("series")?,
            row.try_get("month")?,
            row.try_get("day")?,
        );
        if agency.holds_on(day_of(&day)?) {
            continue;
        }
        let plan = format!("{series}/{month}");
        match days.last_mut() {
            Some(last) if last.plan == plan && last.day == day => last.ids.push(id),
            _ => days.push(Beyond {
                plan,
                day,
                ids: vec![id],
            }),
        }
    }
    Ok(days)
}

/// Which agency's things a viewer sees: `None` of no agency's, `Some(None)` of all.
pub(super) fn sight(viewer: &Viewer) -> Option<Option<&str>> {
    match viewer.role {
        Role::Host | Role::Auditor => Some(None),
        Role::Agency => viewer.unit.as_deref().map(Some),
        _ => None,
    }
}

/// Sees to it that a contract that runs is not cut off at its beginning by the next one.
///
/// Errors: refused if the agency, written like this, begins later than today and its people have sites before.
async fn begins_in_time(conn: &mut AnyConnection, at: Timestamp, agency: &Agency) -> Result<()> {
    let last: Option<String> = sqlx::query_scalar(
        "SELECT MAX(a.day) FROM assignment a
         JOIN plan p ON p.series = a.series AND p.month = a.month
         JOIN agency g ON g.id = p.agency
         WHERE p.agency = $1 AND a.state IN ('assigned', 'released') AND a.day >= $2 AND a.day < $3
           AND a.day >= g.valid_from AND (g.valid_to IS NULL OR a.day <= g.valid_to)",
    )
    .bind(&agency.id)
    .bind(crate::clock::day_of(at).to_string())
    .bind(&agency.valid_from)
    .fetch_one(conn)
    .await?;
    match last {
        None => Ok(()),
        Some(day) => Err(Error::Refused(
            agency
                .about_contract("agency-begins-too-late")
                .with("day", day),
        )),
    }
}

impl Store {
    /// The agencies that this viewer sees, by id.
    pub async fn agencies(&self, viewer: &Viewer) -> Result<Vec<Agency>> {
        let Some(own) = sight(viewer) else {
            return Ok(vec![]);
        };
        let rows = sqlx::query("SELECT * FROM agency WHERE id = COALESCE($1, id) ORDER BY id")
            .bind(own)
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(Agency::from_row).collect()
    }

    /// One agency, if this viewer sees it.
    pub async fn agency(&self, viewer: &Viewer, id: &str) -> Result<Option<Agency>> {
        let agencies = self.agencies(viewer).await?;
        Ok(agencies.into_iter().find(|agency| agency.id == id))
    }

    /// The days released to an agency's inspectors, from this moment's day on, on which it has no contract any more once it is
    /// written like this. [`Store::set_agency`] withdraws them.
    ///
    /// Errors: refused if it begins later than sites that are given out under the contract that runs.
    pub async fn released_beyond(&self, at: Timestamp, agency: &Agency) -> Result<Vec<Beyond>> {
        let mut conn = self.reading().acquire().await?;
        begins_in_time(&mut conn, at, agency).await?;
        beyond(&mut conn, at, agency).await
    }

    /// Writes an agency, new or instead of what is known of it. What is released for days on which it has no contract any more
    /// is withdrawn.
    ///
    /// Errors: refused for what [`Agency::checked`] and [`Store::released_beyond`] refuse, or without a reason.
    pub async fn set_agency(
        &self,
        at: Timestamp,
        who: &str,
        agency: Agency,
        reason: &str,
    ) -> Result<()> {
        let agency = agency.checked()?;
        let (who, reason) = (who.to_owned(), reasoned(reason)?);
        self.write(move |tx| {
            Box::pin(async move {
                begins_in_time(tx.conn(), at, &agency).await?;
                let days = beyond(tx.conn(), at, &agency).await?;
                let mut plans: BTreeMap<String, Vec<String>> = BTreeMap::new();
                for day in days {
                    plans.entry(day.plan).or_default().extend(day.ids);
                }
                let id = agency.id.clone();
                let deed = AgencyDeed::Set {
                    agency,
                    reason: reason.clone(),
                };
                tx.act(at, &who, &id, &deed).await?;
                for (plan, ids) in plans {
                    let reason = reason.clone();
                    let deed = PlanDeed::Withdrawn { ids, reason };
                    tx.act(at, &who, &plan, &deed).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The inspectors of an agency, by login.
    pub async fn inspectors_of(&self, agency: &str) -> Result<Vec<InspectorRow>> {
        let rows = sqlx::query("SELECT * FROM agency_inspector WHERE agency = $1 ORDER BY login")
            .bind(agency)
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(InspectorRow::from_row).collect()
    }

    /// One inspector.
    pub async fn inspector(&self, login: &str) -> Result<Option<InspectorRow>> {
        let row = sqlx::query("SELECT * FROM agency_inspector WHERE login = $1")
            .bind(login)
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(InspectorRow::from_row).transpose()
    }

    /// Writes an inspector, new or instead of what is known of them.
    ///
    /// Errors: refused if no open account of the agency's inspectors has the login, the home is neither a unit that has not
    /// ended nor [`OUTSIDE`] nor the one that is known, a day is none, or without a reason.
    pub async fn set_inspector(
        &self,
        at: Timestamp,
        who: &str,
        inspector: InspectorRow,
        reason: &str,
    ) -> Result<()> {
        let reason = reasoned(reason)?;
        let login = inspector.login.trim().to_lowercase();
        let account = self.account(&login).await?.filter(|account| {
            account.disabled_at.is_none()
                && account.role == Role::Inspector
                && account.unit.as_ref() == Some(&inspector.agency)
        });
        if account.is_none() {
            let refusal = Message::new("inspector-no-account")
                .with("login", login)
                .with("agency", inspector.agency);
            return Err(Error::Refused(refusal));
        }
        let home = inspector.home_unit.trim().to_owned();
        let month = crate::ground::month_of(crate::clock::day_of(at)).to_string();
        let stands = |unit: &UnitRow| {
            unit.code == home && unit.valid_to.as_ref().is_none_or(|last| *last >= month)
        };
        let before = self.inspector(&login).await?;
        let known = self.units().await?.iter().any(stands)
            || before.is_some_and(|before| before.home_unit == home);
        if home != OUTSIDE && !known {
            return Err(Error::Refused(
                Message::new("inspector-home-unknown").with("unit", home),
            ));
        }
        let (valid_from, valid_to) = span_of(&inspector.valid_from, inspector.valid_to.as_deref())?;
        let mut away = inspector
            .away
            .iter()
            .map(|day| day_of(day).map(|day| day.to_string()))
            .collect::<Result<Vec<_>>>()?;
        away.sort();
        away.dedup();
        let inspector = InspectorRow {
            login: login.clone(),
            agency: inspector.agency,
            home_unit: home,
            valid_from,
            valid_to,
            away,
        };
        self.act(at, who, &login, InspectorDeed::Set { inspector, reason })
            .await
    }
}
