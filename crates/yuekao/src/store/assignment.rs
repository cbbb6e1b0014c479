//! Assignments: the drawn sites of a plan, who visits each and when, and what an inspector may know of it today.
//!
//! As secret as their plan (see [`super::plan`]): they are asked for with a plan that the viewer has. An inspector has
//! [`Store::released_to`] and nothing besides.

use std::collections::{BTreeMap, BTreeSet};

use assessment::facts::sha256;
use assessment::inspection::assign::{Assigned, Earlier, Inspector, Job, assign};
use assessment::inspection::draw::Lot;
use assessment::inspection::frame::Frame;
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::agency::{day_of, reasoned};
use super::crew::Crew;
use super::frame::site_of;
use super::plan::{PlanDeed, PlanRow, one, said};
use super::writer::Tx;
use super::{Error, Result, Store};
use crate::viewer::Viewer;

/// How far an assignment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has it yet.
    Drawn,
    /// It has an inspector and a day; the inspector does not know.
    Assigned,
    /// The inspector sees it on its day.
    Released,
    /// The site was visited.
    Visited,
    /// The site was closed; another came in its place.
    Closed,
}

impl State {
    /// Every state, in the order of the work.
    pub const ALL: [Self; 5] = [
        Self::Drawn,
        Self::Assigned,
        Self::Released,
        Self::Visited,
        Self::Closed,
    ];

    /// The word in the database and in `assignment-state-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Assigned => "assigned",
            Self::Released => "released",
            Self::Visited => "visited",
            Self::Closed => "closed",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| Error::damaged(format!("{word:?} is no state of an assignment")))
    }
}

/// A drawn site and who visits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentRow {
    /// Its id: the beginning of its ticket, which nobody can guess.
    pub id: String,
    /// The plan's series.
    pub series: String,
    /// The plan's month, `YYYY-MM`.
    pub month: String,
    /// Id of the site.
    pub site: String,
    /// Code of the site's unit.
    pub unit: String,
    /// Kind of place.
    pub stratum: String,
    /// Its lot, as hex.
    pub ticket: String,
    /// Place by ticket in its unit and kind; 0 for one that every round looks at.
    pub place: i64,
    /// Login of the inspector.
    pub inspector: Option<String>,
    /// The day.
    pub day: Option<String>,
    /// When it was released (epoch milliseconds).
    pub released_at: Option<i64>,
    /// How far it has come.
    pub state: State,
    /// Id of the assignment whose closed site it replaces.
    pub replaces: Option<String>,
    /// Why it was closed or changed by hand.
    pub reason: Option<String>,
}

impl AssignmentRow {
    /// A lot of a plan; the site's own unit stands in the frame.
    pub(super) fn drawn(frame: &Frame, month: Month, lot: &Lot) -> Self {
        let mut places = frame.places.iter();
        let place = places.find(|place| place.site.id == lot.site);
        let unit = place.map_or(&lot.cell.unit, |place| &place.site.unit);
        let ticket = lot.ticket.to_string();
        Self {
            id: ticket[..24].to_owned(),
            series: frame.series.clone(),
            month: month.to_string(),
            site: lot.site.clone(),
            unit: unit.clone(),
            stratum: lot.cell.stratum.clone(),
            ticket,
            place: lot.place as i64,
            inspector: None,
            day: None,
            released_at: None,
            state: State::Drawn,
            replaces: None,
            reason: None,
        }
    }

    pub(super) fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            series: row.try_get("series")?,
            month: row.try_get("month")?,
            site: row.try_get("site")?,
            unit: row.try_get("unit")?,
            stratum: row.try_get("stratum")?,
            ticket: row.try_get("ticket")?,
            place: row.try_get("place")?,
            inspector: row.try_get("inspector")?,
            day: row.try_get("day")?,
            released_at: row.try_get("released_at")?,
            state: State::read(row.try_get("state")?)?,
            replaces: row.try_get("replaces")?,
            reason: row.try_get("reason")?,
        })
    }

    /// Whether it is still to be given to somebody: nobody has it yet, or its day has passed and it was not visited, or no
    /// visit of it counts.
    pub fn waits(&self, today: &str) -> bool {
        self.state == State::Drawn || self.is_overdue(today)
    }

    /// Whether its day has passed, and it was not visited or no visit of it counts.
    pub fn is_overdue(&self, today: &str) -> bool {
        let passed = self.day.as_ref().is_some_and(|day| day.as_str() < today);
        passed && matches!(self.state, State::Assigned | State::Released)
    }

    pub(super) async fn insert(&self, tx: &mut Tx<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO assignment (id, series, month, site, unit, stratum, ticket, place, inspector, day,
                                     released_at, state, replaces, reason)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(&self.id)
        .bind(&self.series)
        .bind(&self.month)
        .bind(&self.site)
        .bind(&self.unit)
        .bind(&self.stratum)
        .bind(&self.ticket)
        .bind(self.place)
        .bind(self.inspector.as_deref())
        .bind(self.day.as_deref())
        .bind(self.released_at)
        .bind(self.state.word())
        .bind(self.replaces.as_deref())
        .bind(self.reason.as_deref())
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

/// What can be done to one assignment.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentDeed {
    /// It got another inspector or day by hand, and waits to be released again.
    Changed {
        /// The login.
        inspector: String,
        /// The day.
        day: String,
        /// Why.
        reason: String,
    },
    /// Its site was closed, and another comes in its place.
    Replaced {
        /// Why.
        reason: String,
        /// What comes instead.
        with: AssignmentRow,
    },
    /// Its site was visited.
    Visited {},
    /// The review rejected the last visit of it that counted: it waits to be released again, perhaps to somebody else.
    VisitRejected {
        /// Which.
        visit: String,
    },
}

impl Deed for AssignmentDeed {
    const NOUN: &'static str = "assignment";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        if matches!(self, Self::Changed { .. } | Self::VisitRejected { .. }) {
            end_release(tx, id, at).await?;
        }
        let done = match self {
            Self::Changed {
                inspector,
                day,
                reason,
            } => {
                sqlx::query(
                    "UPDATE assignment SET inspector = $2, day = $3, reason = $4, state = 'assigned', released_at = NULL
                     WHERE id = $1 AND state IN ('drawn', 'assigned', 'released')",
                )
                .bind(id)
                .bind(inspector)
                .bind(day)
                .bind(reason)
                .execute(tx.conn())
                .await?
            }
            Self::Replaced { reason, with } => {
                let done = sqlx::query(
                    "UPDATE assignment SET reason = $2, state = 'closed'
                     WHERE id = $1 AND state IN ('drawn', 'assigned', 'released')",
                )
                .bind(id)
                .bind(reason)
                .execute(tx.conn())
                .await?;
                with.insert(tx).await?;
                done
            }
            Self::Visited {} => {
                sqlx::query(
                    "UPDATE assignment SET state = 'visited'
                     WHERE id = $1 AND state IN ('released', 'visited')",
                )
                .bind(id)
                .execute(tx.conn())
                .await?
            }
            Self::VisitRejected { .. } => {
                sqlx::query(
                    "UPDATE assignment SET state = 'assigned', released_at = NULL
                     WHERE id = $1 AND state = 'visited'",
                )
                .bind(id)
                .execute(tx.conn())
                .await?
            }
        };
        one(done.rows_affected(), "assignment-is-done")
    }
}

/// Keeps who had an assignment until now, before it is taken from them: what they did until then is taken when it comes.
pub(super) async fn end_release(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO earlier_release (assignment, inspector, day, released_at, ended_at)
         SELECT id, inspector, day, released_at, CAST($2 AS BIGINT) FROM assignment
         WHERE id = $1 AND released_at IS NOT NULL AND inspector IS NOT NULL AND day IS NOT NULL
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(at.as_millisecond())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A distribution as it would be done, and what names it.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Who goes where and when.
    pub assigned: Vec<Assigned>,
    /// SHA-256 over it: only what was looked at is done.
    pub digest: String,
}

/// What an inspector has to visit today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Id of the assignment.
    pub id: String,
    /// The series of the evidence.
    pub series: String,
    /// The month.
    pub month: String,
    /// The day.
    pub day: String,
    /// Id of the site.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Code of its unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Kind of place.
    pub stratum: String,
    /// Length to walk in metres, if it is a street.
    pub length_m: Option<String>,
    /// Longitude and latitude, WGS 84, decimal text.
    pub position: Option<(String, String)>,
    /// It has been visited already.
    pub visited: bool,
    /// Keys of the indicators to look at: those of the catalogues of the schemes that use this evidence, and of their own.
    pub indicators: Vec<String>,
}

impl Store {
    /// The assignments of a plan, by day, inspector, unit and ticket.
    pub async fn assignments(&self, plan: &PlanRow) -> Result<Vec<AssignmentRow>> {
        let rows = sqlx::query(
            "SELECT * FROM assignment WHERE series = $1 AND month = $2
             ORDER BY COALESCE(day, ''), COALESCE(inspector, ''), unit, stratum, ticket",
        )
        .bind(&plan.series)
        .bind(plan.month.to_string())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(AssignmentRow::from_row).collect()
    }

    /// How the sites of a plan that wait ([`AssignmentRow::waits`]) would be given to the agency's inspectors, on these days;
    /// days that are over at `at` are left out.
    ///
    /// Errors: refused for what [`assign`] refuses, or if nothing is left to give.
    pub async fn propose(
        &self,
        at: Timestamp,
        plan: &PlanRow,
        days: &BTreeSet<Date>,
    ) -> Result<Proposal> {
        let counties = self.counties_in(plan.month).await?;
        let agency = self.agency(&Viewer::console(), &plan.agency).await?;
        let days: BTreeSet<Date> = days
            .iter()
            .copied()
            .filter(|day| Month::of(*day) == Some(plan.month) && *day >= crate::clock::day_of(at))
            .filter(|day| agency.as_ref().is_some_and(|agency| agency.holds_on(*day)))
            .collect();
        let rows = self.assignments(plan).await?;
        let job = |row: &AssignmentRow| Job {
            id: row.id.clone(),
            unit: counties.area(&row.unit).to_owned(),
            county: counties.county(&row.unit).to_owned(),
        };
        let today = crate::clock::day_of(at).to_string();
        let waiting: Vec<&AssignmentRow> = rows.iter().filter(|row| row.waits(&today)).collect();
        let jobs: Vec<Job> = waiting.iter().copied().map(job).collect();
        if jobs.is_empty() {
            return Err(Error::refused("plan-nothing-to-assign"));
        }
        let crew = Crew::of(self.reading(), &plan.agency, counties.clone()).await?;
        let mut inspectors = Vec::new();
        for row in crew.inspectors().filter(|row| crew.knows_home(row)) {
            // What is given out again burdens nobody yet.
            let again = waiting
                .iter()
                .filter(|job| job.inspector.as_ref() == Some(&row.login));
            inspectors.push(Inspector {
                home: crew.home(row).map(str::to_owned),
                days: days
                    .iter()
                    .copied()
                    .filter(|day| row.can_go(*day))
                    .collect(),
                load: self
                    .load(&row.login, plan.month)
                    .await?
                    .saturating_sub(again.count()),
                login: row.login.clone(),
            });
        }
        let last_month = self.went_where(plan.month.plus(-1)).await?;
        let assigned = assign(&jobs, &inspectors, &last_month, &days, &plan.seed()?)
            .map_err(|refusal| said(refusal, &counties))?;
        let line = |each: &Assigned| format!("{} {} {}\n", each.id, each.inspector, each.day);
        let digest = sha256(assigned.iter().map(line).collect::<String>().as_bytes());
        Ok(Proposal { assigned, digest })
    }

    /// How many sites of a month an inspector has, in all plans.
    async fn load(&self, login: &str, month: Month) -> Result<usize> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM assignment WHERE inspector = $1 AND month = $2 AND state <> 'closed'",
        )
        .bind(login)
        .bind(month.to_string())
        .fetch_one(self.reading())
        .await?;
        Ok(count as usize)
    }

    /// Who was sent to which county in a month.
    async fn went_where(&self, month: Month) -> Result<BTreeSet<Earlier>> {
        let counties = self.counties_in(month).await?;
        let rows = sqlx::query(
            "SELECT DISTINCT inspector, unit FROM assignment
             WHERE month = $1 AND inspector IS NOT NULL AND state <> 'closed'",
        )
        .bind(month.to_string())
        .fetch_all(self.reading())
        .await?;
        let mut earlier = BTreeSet::new();
        for row in rows {
            let unit: String = row.try_get("unit")?;
            earlier.insert(Earlier {
                inspector: row.try_get("inspector")?,
                county: counties.county(&unit).to_owned(),
            });
        }
        Ok(earlier)
    }

    /// Gives the sites that wait as proposed; whoever had one of them has it no more.
    ///
    /// Errors: those of [`Store::propose`], and refused if the proposal is not the one that was `seen`, or without a
    /// reason.
    pub async fn assign_plan(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        days: &BTreeSet<Date>,
        seen: &str,
        reason: &str,
    ) -> Result<()> {
        let reason = reasoned(reason)?;
        let proposal = self.propose(at, plan, days).await?;
        if proposal.digest != seen {
            return Err(Error::refused("plan-changed-meanwhile"));
        }
        let rows = proposal.assigned.into_iter();
        let rows = rows.map(|each| (each.id, each.inspector, each.day.to_string()));
        let deed = PlanDeed::Assigned {
            rows: rows.collect(),
            reason,
        };
        self.act(at, who, &plan.id(), deed).await
    }

    /// One assignment of a plan.
    pub async fn assignment(&self, plan: &PlanRow, id: &str) -> Result<Option<AssignmentRow>> {
        let row =
            sqlx::query("SELECT * FROM assignment WHERE id = $1 AND series = $2 AND month = $3")
                .bind(id)
                .bind(&plan.series)
                .bind(plan.month.to_string())
                .fetch_optional(self.reading())
                .await?;
        row.as_ref().map(AssignmentRow::from_row).transpose()
    }

    /// Gives an assignment to somebody by hand, on a day of its month that is not over. It has to be released again.
    ///
    /// Errors: refused if the inspector may not be sent there on that day ([`Crew::may_be_sent`]); if the agency's contract
    /// does not hold on it; if the site was visited or closed; without a reason.
    pub async fn change_assignment(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        row: &AssignmentRow,
        (login, day): (&str, &str),
        reason: &str,
    ) -> Result<()> {
        let reason = reasoned(reason)?;
        let day = day_of(day)?;
        if Month::of(day) != Some(plan.month) || day < crate::clock::day_of(at) {
            return Err(Error::Refused(
                Message::new("assignment-day-not-of-month").with("month", plan.month),
            ));
        }
        self.under_contract(plan, day).await?;
        let deed = AssignmentDeed::Changed {
            inspector: login.to_owned(),
            day: day.to_string(),
            reason,
        };
        let counties = self.counties_in(plan.month).await?;
        let (who, id, agency) = (who.to_owned(), row.id.clone(), plan.agency.clone());
        let (login, unit) = (login.to_owned(), row.unit.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let crew = Crew::of(tx.conn(), &agency, counties).await?;
                let may = crew.may_be_sent(&login, &unit, day);
                may.map_err(Error::Refused)?;
                tx.act(at, &who, &id, &deed).await.map(drop)
            })
        })
        .await
    }

    /// Closes an assignment whose site cannot be visited; the next ticket of the same unit and kind of place comes
    /// instead, with the same inspector and day, and is released if the closed one was.
    ///
    /// Errors: refused if no site is left, the site was visited or closed already, the agency's contract does not hold on
    /// its day, its inspector may not be sent there on it any more ([`Crew::may_be_sent`]), or without a reason.
    pub async fn replace_site(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        row: &AssignmentRow,
        reason: &str,
    ) -> Result<AssignmentRow> {
        let reason = reasoned(reason)?;
        if let Some(day) = &row.day {
            self.under_contract(plan, day_of(day)?).await?;
        }
        let (_, frame, drawn) = self.drawn_again(plan).await?;
        let counties = self.counties_in(plan.month).await?;
        let (who, plan, row) = (who.to_owned(), plan.clone(), row.clone());
        // Of sites that are closed at the same moment each has a ticket of its own.
        self.write(move |tx| {
            Box::pin(async move {
                let taken: Vec<String> = sqlx::query_scalar(
                    "SELECT site FROM assignment WHERE series = $1 AND month = $2",
                )
                .bind(&plan.series)
                .bind(plan.month.to_string())
                .fetch_all(tx.conn())
                .await?;
                let taken: BTreeSet<String> = taken.into_iter().collect();
                let next = drawn.replacement(&row.site, &taken);
                let next = next.map_err(|refusal| said(refusal, &counties))?;
                let with = AssignmentRow {
                    inspector: row.inspector.clone(),
                    day: row.day.clone(),
                    released_at: row.released_at.map(|_| at.as_millisecond()),
                    state: row.state,
                    replaces: Some(row.id.clone()),
                    reason: Some(reason.clone()),
                    ..AssignmentRow::drawn(&frame, plan.month, next)
                };
                let day = with.day.as_deref().map(day_of).transpose()?;
                if let Some((login, day)) = with.inspector.as_deref().zip(day) {
                    let crew = Crew::of(tx.conn(), &plan.agency, counties).await?;
                    let may = crew.may_be_sent(login, &with.unit, day);
                    may.map_err(Error::Refused)?;
                }
                let deed = AssignmentDeed::Replaced {
                    reason,
                    with: with.clone(),
                };
                tx.act(at, &who, &row.id, &deed).await?;
                Ok(with)
            })
        })
        .await
    }

    /// Notes that the site of a released assignment was visited; a second time changes nothing.
    ///
    /// Errors: refused if it is not released to this inspector, or the review rejected every visit that they made.
    pub async fn visit_assignment(&self, at: Timestamp, login: &str, id: &str) -> Result<()> {
        let state: Option<String> = sqlx::query_scalar(
            "SELECT state FROM assignment
             WHERE id = $1 AND inspector = $2 AND state IN ('released', 'visited')
               AND ((SELECT count(*) FROM visit_record WHERE assignment = $1) = 0
                 OR EXISTS (SELECT 1 FROM visit_record WHERE assignment = $1 AND inspector = $2 AND state <> 'rejected'))",
        )
        .bind(id)
        .bind(login)
        .fetch_optional(self.reading())
        .await?;
        match state.as_deref() {
            None => Err(Error::refused("error-not-found")),
            Some("visited") => Ok(()),
            Some(_) => self.act(at, login, id, AssignmentDeed::Visited {}).await,
        }
    }

    /// What was released to an inspector for a day by the agency that they work for. Who asks for anybody else passes that day's date, so that neither
    /// yesterday's nor tomorrow's sites are told.
    pub async fn released_to(&self, login: &str, day: Date) -> Result<Vec<Task>> {
        let rows = sqlx::query(
            "SELECT a.*, e.cells FROM assignment a
             JOIN plan p ON p.series = a.series AND p.month = a.month
             JOIN account who ON who.login = a.inspector AND who.unit = p.agency
             LEFT JOIN evidence e ON e.series = a.series AND e.kind = 'sites' AND e.id = a.site
             WHERE a.inspector = $1 AND a.day = $2 AND a.state IN ('released', 'visited')
             ORDER BY a.unit, a.stratum, a.ticket",
        )
        .bind(login)
        .bind(day.to_string())
        .fetch_all(self.reading())
        .await?;
        let Some(month) = Month::of(day).filter(|_| !rows.is_empty()) else {
            return Ok(vec![]);
        };
        let counties = self.counties_in(month).await?;
        let mut indicators: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut tasks = Vec::new();
        for row in &rows {
            let assignment = AssignmentRow::from_row(row)?;
            if !indicators.contains_key(&assignment.series) {
                let keys = self.indicators_of(&assignment.series, month).await?;
                indicators.insert(assignment.series.clone(), keys);
            }
            let cells: Option<String> = row.try_get("cells")?;
            let site = cells.as_deref().map(site_of).transpose()?;
            let name = site.as_ref().map(|site| site.name.clone());
            let length = site.as_ref().and_then(|site| site.length_m.as_ref());
            tasks.push(Task {
                name: name.unwrap_or_else(|| assignment.site.clone()),
                unit_name: counties.name(&assignment.unit).to_owned(),
                length_m: length.map(Points::to_exact_text),
                position: site.and_then(|site| site.place).map(|at| (at.lng, at.lat)),
                visited: assignment.state == State::Visited,
                indicators: indicators[&assignment.series].clone(),
                id: assignment.id,
                series: assignment.series,
                month: assignment.month,
                day: day.to_string(),
                site: assignment.site,
                unit: assignment.unit,
                stratum: assignment.stratum,
            });
        }
        Ok(tasks)
    }

    /// Keys of the indicators that the schemes of a month use which look at this evidence.
    async fn indicators_of(&self, series: &str, month: Month) -> Result<Vec<String>> {
        let mut keys = BTreeSet::new();
        for scheme in self.schemes_looking_at(series, month).await? {
            keys.extend(scheme.indicators.iter().map(|own| own.id.clone()));
            let Some(id) = &scheme.standard else { continue };
            let Some(adopted) = self.standard(id).await? else {
                continue;
            };
            let standard = assessment::indicator::Standard::parse(&adopted.text).0;
            let indicators = standard
                .into_iter()
                .flat_map(|standard| standard.indicators);
            keys.extend(indicators.map(|indicator| indicator.id));
        }
        Ok(keys.into_iter().collect())
    }
}
