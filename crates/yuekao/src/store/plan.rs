//! Plans: what was drawn for a month. Who visits it when is said by its assignments ([`super::assignment`]).
//!
//! Secret until publication. Every query that returns rows takes the viewer: office and auditor see all plans, an agency's
//! manager those of the agency, nobody else any.

use std::collections::BTreeMap;

use assessment::facts::sha256;
use assessment::inspection::draw::{self, Seed, Sizes, draw};
use assessment::inspection::frame::{Cell, Frame, Place};
use assessment::inspection::{Position, Refusal, Site};
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row as _};

use super::act::Deed;
use super::agency::{day_of, reasoned, sight};
use super::assignment::{AssignmentRow, State, end_release};
use super::crew::Crew;
use super::frame::Counties;
use super::round::round_id;
use super::writer::Tx;
use super::{Error, Result, Store, moment};
use crate::clock;
use crate::viewer::Viewer;

/// Who releases when a plan does so by itself.
pub const CLOCK: &str = "clock";

/// What a plan was drawn from, besides its seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnFrom {
    /// Unit, kind of place and how many.
    pub sizes: Vec<(String, String, usize)>,
    /// Every place of the frame: the cells of its canonical text.
    pub frame: Vec<Vec<String>>,
    /// What the office typed as the seed; the program made one if nothing.
    pub seed_text: Option<String>,
    /// Why it was drawn.
    pub reason: String,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// The series that its evidence is kept under.
    pub series: String,
    /// The month.
    pub month: Month,
    /// The agency that carries it out.
    pub agency: String,
    /// The seed, as hex.
    pub seed: String,
    /// Digest of the frame it was drawn from.
    pub frame_digest: String,
    /// When it was drawn.
    pub drawn_at: Timestamp,
    /// The hour of the day at which its assignments of that day are released by themselves.
    pub release_hour: Option<i64>,
}

impl PlanRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let month: String = row.try_get("month")?;
        Ok(Self {
            series: row.try_get("series")?,
            month: month.parse().map_err(|_| Error::damaged(&month))?,
            agency: row.try_get("agency")?,
            seed: row.try_get("seed")?,
            frame_digest: row.try_get("frame_digest")?,
            drawn_at: moment(row.try_get("drawn_at")?)?,
            release_hour: row.try_get("release_hour")?,
        })
    }

    pub(super) fn id(&self) -> String {
        round_id(&self.series, self.month)
    }

    pub(super) fn seed(&self) -> Result<Seed> {
        let bytes = hex::decode(&self.seed).map_err(Error::damaged)?;
        bytes.try_into().map_err(|_| Error::damaged(&self.seed))
    }
}

/// What can be done to a plan; `series/month` is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanDeed {
    /// It was drawn.
    Drawn {
        /// The agency that carries it out.
        agency: String,
        /// The seed, as hex.
        seed: String,
        /// Digest of the frame.
        frame_digest: String,
        /// Sizes, frame and reason.
        from: DrawnFrom,
        /// Its sites.
        assignments: Vec<AssignmentRow>,
    },
    /// Sites were given inspectors and days; whoever had one whose day had passed has it no more.
    Assigned {
        /// Id of the assignment, login, day.
        rows: Vec<(String, String, String)>,
        /// Why.
        reason: String,
    },
    /// Assignments of a day were released.
    Released {
        /// The day.
        day: String,
        /// Their ids.
        ids: Vec<String>,
        /// Why.
        reason: String,
    },
    /// Released assignments were taken back: their inspectors do not see them any more, and they wait to be released again.
    Withdrawn {
        /// Their ids.
        ids: Vec<String>,
        /// Why.
        reason: String,
    },
    /// The hour of releasing by itself was set or taken away.
    ReleaseHourSet {
        /// 0 to 23.
        hour: Option<i64>,
        /// Why.
        reason: String,
    },
    /// It was thrown away before anything was released; the record keeps it.
    Discarded {
        /// Why.
        reason: String,
    },
}

impl Deed for PlanDeed {
    const NOUN: &'static str = "plan";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let (series, month) = id.split_once('/').ok_or_else(|| Error::damaged(id))?;
        match self {
            Self::Drawn {
                agency,
                seed,
                frame_digest,
                from,
                assignments,
            } => {
                let done = sqlx::query(
                    "INSERT INTO plan (series, month, agency, seed, frame_digest, drawn_at, body)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (series, month) DO NOTHING",
                )
                .bind(series)
                .bind(month)
                .bind(agency)
                .bind(seed)
                .bind(frame_digest)
                .bind(at.as_millisecond())
                .bind(serde_json::to_string(from).map_err(Error::damaged)?)
                .execute(tx.conn())
                .await?;
                one(done.rows_affected(), "plan-already-drawn")?;
                for assignment in assignments {
                    assignment.insert(tx).await?;
                }
            }
            Self::Assigned { rows, .. } => {
                let today = clock::day_of(at).to_string();
                for (id, inspector, day) in rows {
                    end_release(tx, id, at).await?;
                    let done = sqlx::query(
                        "UPDATE assignment SET inspector = $2, day = $3, state = 'assigned', released_at = NULL
                         WHERE id = $1 AND (state = 'drawn' OR state IN ('assigned', 'released') AND day < $4)",
                    )
                    .bind(id)
                    .bind(inspector)
                    .bind(day)
                    .bind(&today)
                    .execute(tx.conn())
                    .await?;
                    one(done.rows_affected(), "plan-changed-meanwhile")?;
                }
            }
            Self::Released { ids, .. } => {
                for id in ids {
                    let done = sqlx::query(
                        "UPDATE assignment SET released_at = $2, state = 'released'
                         WHERE id = $1 AND state = 'assigned'",
                    )
                    .bind(id)
                    .bind(at.as_millisecond())
                    .execute(tx.conn())
                    .await?;
                    one(done.rows_affected(), "plan-changed-meanwhile")?;
                }
            }
            Self::Withdrawn { ids, .. } => {
                for id in ids {
                    end_release(tx, id, at).await?;
                    let done = sqlx::query(
                        "UPDATE assignment SET released_at = NULL, state = 'assigned'
                         WHERE id = $1 AND state = 'released'",
                    )
                    .bind(id)
                    .execute(tx.conn())
                    .await?;
                    one(done.rows_affected(), "plan-changed-meanwhile")?;
                }
            }
            Self::ReleaseHourSet { hour, .. } => {
                let done = sqlx::query(
                    "UPDATE plan SET release_hour = $3 WHERE series = $1 AND month = $2",
                )
                .bind(series)
                .bind(month)
                .bind(*hour)
                .execute(tx.conn())
                .await?;
                one(done.rows_affected(), "plan-changed-meanwhile")?;
            }
            Self::Discarded { .. } => {
                for table in [
                    "DELETE FROM earlier_release WHERE assignment IN (
                        SELECT id FROM assignment WHERE series = $1 AND month = $2)",
                    "DELETE FROM assignment WHERE series = $1 AND month = $2",
                    "DELETE FROM plan WHERE series = $1 AND month = $2",
                ] {
                    sqlx::query(table)
                        .bind(series)
                        .bind(month)
                        .execute(tx.conn())
                        .await?;
                }
            }
        }
        Ok(())
    }
}

/// Whether somebody was or is out for a plan: something is released or visited, also if the review rejected every visit, or if
/// all releases were withdrawn, since what was done without a network until then is still to come.
async fn has_begun<'e>(
    plan: &PlanRow,
    database: impl Executor<'e, Database = Any>,
) -> Result<bool> {
    let begun: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM assignment a WHERE a.series = $1 AND a.month = $2 AND (
            a.released_at IS NOT NULL OR a.state = 'visited'
            OR EXISTS (SELECT 1 FROM visit_record v WHERE v.assignment = a.id)
            OR EXISTS (SELECT 1 FROM earlier_release e WHERE e.assignment = a.id))",
    )
    .bind(&plan.series)
    .bind(plan.month.to_string())
    .fetch_one(database)
    .await?;
    Ok(begun > 0)
}

pub(super) fn one(affected: u64, otherwise: &'static str) -> Result<()> {
    match affected {
        1 => Ok(()),
        _ => Err(Error::refused(otherwise)),
    }
}

/// A plan as lists show it: how many of its sites stand how.
#[derive(Debug, Clone)]
pub struct PlanLine {
    /// The plan.
    pub plan: PlanRow,
    /// Sites by state; those that were closed and replaced apart.
    pub counts: BTreeMap<State, i64>,
}

impl PlanLine {
    /// Sites in a state.
    pub fn count(&self, state: State) -> i64 {
        self.counts.get(&state).copied().unwrap_or(0)
    }

    /// Sites to be visited.
    pub fn sites(&self) -> i64 {
        self.counts.values().sum::<i64>() - self.count(State::Closed)
    }
}

/// What the office asks a draw for.
#[derive(Debug, Clone, Default)]
pub struct DrawOrder {
    /// The series that the evidence is kept under.
    pub series: String,
    /// The agency that carries it out.
    pub agency: String,
    /// How many of which.
    pub sizes: Sizes,
    /// What the office typed as the seed: 64 hex digits are taken as they are, of any other text the SHA-256. The
    /// program makes one if it is empty.
    pub seed: String,
    /// Digest of the frame that was looked at, if it was.
    pub seen: Option<String>,
    /// Why.
    pub reason: String,
}

/// A refusal of the core with the names of units beside their codes.
pub(super) fn said(refusal: Refusal, counties: &Counties) -> Error {
    let named = |cell: Cell| Cell {
        unit: counties.said(&cell.unit),
        ..cell
    };
    let refusal = match refusal {
        Refusal::TooFewSites { cell, asked, open } => Refusal::TooFewSites {
            cell: named(cell),
            asked,
            open,
        },
        Refusal::NoReplacement { cell, site } => Refusal::NoReplacement {
            cell: named(cell),
            site,
        },
        Refusal::NobodyFor {
            county,
            sites,
            at_home,
        } => Refusal::NobodyFor {
            county: counties.said(&county),
            sites,
            at_home,
        },
        other => other,
    };
    Error::Refused(refusal.message())
}

fn place_of(cells: &[String]) -> Result<Place> {
    let [
        id,
        unit,
        name,
        stratum,
        length,
        lng,
        lat,
        must_check,
        opens,
        closes,
        area,
    ] = cells
    else {
        return Err(Error::damaged(format!("{cells:?} is no place of a frame")));
    };
    let day = |text: &String| match text.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::damaged(text)),
    };
    let length_m = match length.as_str() {
        "" => None,
        text => Some(Points::parse(text).map_err(|_| Error::damaged(text))?),
    };
    Ok(Place {
        site: Site {
            id: id.clone(),
            unit: unit.clone(),
            name: name.clone(),
            stratum: stratum.clone(),
            length_m,
            place: (!lng.is_empty()).then(|| Position {
                lng: lng.clone(),
                lat: lat.clone(),
            }),
        },
        area: area.clone(),
        must_check: must_check == "1",
        opens: day(opens)?,
        closes: day(closes)?,
    })
}

impl Store {
    /// Draws the plan of a month, once.
    ///
    /// Errors: refused if the month has a plan, the agency has no contract in it, the frame has changed since it was looked
    /// at, without a reason, or for what [`draw`] refuses.
    pub async fn draw_plan(
        &self,
        at: Timestamp,
        who: &str,
        month: Month,
        order: DrawOrder,
    ) -> Result<()> {
        let reason = reasoned(&order.reason)?;
        let agency = self.agency(&Viewer::console(), &order.agency).await?;
        let agency = agency.ok_or_else(|| Error::refused("plan-agency-unknown"))?;
        if !agency.holds_in(month) {
            let without = agency.about_contract("plan-agency-without-contract");
            return Err(Error::Refused(without.with("month", month)));
        }
        let frame = self.frame(&order.series, month).await?;
        let digest = frame.digest();
        if order.seen.is_some_and(|seen| seen != digest) {
            return Err(Error::refused("plan-frame-changed"));
        }
        let seed_text = Some(order.seed.trim().to_owned()).filter(|text| !text.is_empty());
        let seed = match &seed_text {
            None => super::secret(),
            Some(text) if text.len() == 64 && hex::decode(text).is_ok() => text.to_lowercase(),
            Some(text) => sha256(text.as_bytes()),
        };
        let seed_bytes: Seed = hex::decode(&seed)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| Error::damaged(&seed))?;
        let plan = match draw(&frame, &order.sizes, month, &seed_bytes) {
            Ok(plan) => plan,
            Err(refusal) => return Err(said(refusal, &self.counties_in(month).await?)),
        };
        let sizes = order.sizes.0.into_iter();
        let deed = PlanDeed::Drawn {
            agency: order.agency,
            seed,
            frame_digest: digest,
            assignments: plan
                .drawn
                .iter()
                .map(|lot| AssignmentRow::drawn(&frame, month, lot))
                .collect(),
            from: DrawnFrom {
                sizes: sizes
                    .map(|(cell, count)| (cell.unit, cell.stratum, count))
                    .collect(),
                frame: frame.rows(),
                seed_text,
                reason,
            },
        };
        self.act(at, who, &round_id(&order.series, month), deed)
            .await
    }

    /// The plans that this viewer sees, the latest first, with their progress.
    pub async fn plans(&self, viewer: &Viewer) -> Result<Vec<PlanLine>> {
        let Some(own) = sight(viewer) else {
            return Ok(vec![]);
        };
        let rows = sqlx::query(
            "SELECT series, month, agency, seed, frame_digest, drawn_at, release_hour FROM plan
             WHERE agency = COALESCE($1, agency) ORDER BY month DESC, series",
        )
        .bind(own)
        .fetch_all(self.reading())
        .await?;
        let mut lines = Vec::new();
        for row in &rows {
            let plan = PlanRow::from_row(row)?;
            let mut counts = BTreeMap::new();
            for unit in self.progress(&plan).await?.into_values() {
                for (state, count) in unit {
                    *counts.entry(state).or_default() += count;
                }
            }
            lines.push(PlanLine { plan, counts });
        }
        Ok(lines)
    }

    /// The plan of a month, if there is one and this viewer sees it.
    pub async fn plan(
        &self,
        viewer: &Viewer,
        series: &str,
        month: Month,
    ) -> Result<Option<PlanRow>> {
        let Some(own) = sight(viewer) else {
            return Ok(None);
        };
        let row = sqlx::query(
            "SELECT series, month, agency, seed, frame_digest, drawn_at, release_hour FROM plan
             WHERE series = $1 AND month = $2 AND agency = COALESCE($3, agency)",
        )
        .bind(series)
        .bind(month.to_string())
        .bind(own)
        .fetch_optional(self.reading())
        .await?;
        row.as_ref().map(PlanRow::from_row).transpose()
    }

    /// Sites of a plan by unit and state. Whoever holds the plan's row was allowed to see it.
    pub async fn progress(&self, plan: &PlanRow) -> Result<BTreeMap<String, BTreeMap<State, i64>>> {
        let rows = sqlx::query(
            "SELECT unit, state, count(*) AS sites FROM assignment
             WHERE series = $1 AND month = $2 GROUP BY unit, state",
        )
        .bind(&plan.series)
        .bind(plan.month.to_string())
        .fetch_all(self.reading())
        .await?;
        let mut units: BTreeMap<String, BTreeMap<State, i64>> = BTreeMap::new();
        for row in rows {
            let unit = units.entry(row.try_get("unit")?).or_default();
            unit.insert(State::read(row.try_get("state")?)?, row.try_get("sites")?);
        }
        Ok(units)
    }

    /// What a plan was drawn from, and the plan drawn from it again.
    ///
    /// Errors: [`Error::Damaged`] if what is kept does not give the plan's digest.
    pub async fn drawn_again(&self, plan: &PlanRow) -> Result<(DrawnFrom, Frame, draw::Plan)> {
        let body: String =
            sqlx::query_scalar("SELECT body FROM plan WHERE series = $1 AND month = $2")
                .bind(&plan.series)
                .bind(plan.month.to_string())
                .fetch_one(self.reading())
                .await?;
        let from: DrawnFrom = serde_json::from_str(&body).map_err(Error::damaged)?;
        let places = from.frame.iter().map(|cells| place_of(cells));
        let frame = Frame {
            series: plan.series.clone(),
            places: places.collect::<Result<_>>()?,
        };
        let sizes = from.sizes.iter();
        let sizes = Sizes(
            sizes
                .map(|(unit, stratum, n)| (Cell::new(unit, stratum), *n))
                .collect(),
        );
        let drawn = draw(&frame, &sizes, plan.month, &plan.seed()?)
            .map_err(|refusal| Error::damaged(refusal.message()))?;
        if drawn.frame_digest != plan.frame_digest {
            return Err(Error::damaged(
                "the frame of a plan is not what it was drawn from",
            ));
        }
        Ok((from, frame, drawn))
    }

    /// Releases the assignments of a day: their inspectors see them on that day. Those whose inspector may not be sent there
    /// any more ([`Crew::may_be_sent`]) are left out. Returns how many.
    ///
    /// Errors: refused if the day is over, the agency's contract does not hold on it, nothing of it waits or all of it is left
    /// out, or without a reason.
    pub async fn release_day(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        day: &str,
        reason: &str,
    ) -> Result<usize> {
        let reason = reasoned(reason)?;
        let day = day_of(day)?;
        if day < clock::day_of(at) {
            return Err(Error::refused("plan-day-is-over"));
        }
        self.under_contract(plan, day).await?;
        match self.release(at, who, plan, day, reason).await? {
            0 => Err(Error::Refused(
                Message::new("plan-nothing-to-release").with("day", day.to_string()),
            )),
            released => Ok(released),
        }
    }

    /// Errors: refused if everything that waits is left out.
    async fn release(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        day: Date,
        reason: String,
    ) -> Result<usize> {
        let (who, plan) = (who.to_owned(), plan.clone());
        let counties = self.counties_in(plan.month).await?;
        self.write(move |tx| {
            Box::pin(async move {
                let waiting: Vec<(String, String, String)> = sqlx::query_as(
                    "SELECT id, inspector, unit FROM assignment
                     WHERE series = $1 AND month = $2 AND day = $3 AND state = 'assigned' ORDER BY id",
                )
                .bind(&plan.series)
                .bind(plan.month.to_string())
                .bind(day.to_string())
                .fetch_all(tx.conn())
                .await?;
                let crew = Crew::of(tx.conn(), &plan.agency, counties).await?;
                let (mut ids, mut left_out) = (vec![], None);
                for (id, inspector, unit) in waiting {
                    match crew.may_be_sent(&inspector, &unit, day) {
                        Ok(()) => ids.push(id),
                        Err(why) => left_out = Some(why),
                    }
                }
                let released = ids.len();
                if released > 0 {
                    let day = day.to_string();
                    let deed = PlanDeed::Released { day, ids, reason };
                    tx.act(at, &who, &plan.id(), &deed).await?;
                } else if let Some(why) = left_out {
                    return Err(Error::Refused(why));
                }
                Ok(released)
            })
        })
        .await
    }

    /// Takes back what was released for a day and not visited yet: its inspectors do not see it any more, and it waits to be
    /// released again. Returns how many.
    ///
    /// Errors: refused if nothing of the day is released, if the plan's hour would release it again, or without a reason.
    pub async fn withdraw_day(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        day: &str,
        reason: &str,
    ) -> Result<usize> {
        let reason = reasoned(reason)?;
        let day = day_of(day)?;
        let (who, plan) = (who.to_owned(), plan.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let hour: Option<i64> = sqlx::query_scalar(
                    "SELECT release_hour FROM plan WHERE series = $1 AND month = $2",
                )
                .bind(&plan.series)
                .bind(plan.month.to_string())
                .fetch_one(tx.conn())
                .await?;
                if hour.is_some() && day >= clock::day_of(at) {
                    return Err(Error::refused("plan-withdraw-by-clock"));
                }
                let ids: Vec<String> = sqlx::query_scalar(
                    "SELECT id FROM assignment
                     WHERE series = $1 AND month = $2 AND day = $3 AND state = 'released' ORDER BY id",
                )
                .bind(&plan.series)
                .bind(plan.month.to_string())
                .bind(day.to_string())
                .fetch_all(tx.conn())
                .await?;
                if ids.is_empty() {
                    return Err(Error::Refused(
                        Message::new("plan-nothing-to-withdraw").with("day", day.to_string()),
                    ));
                }
                let withdrawn = ids.len();
                let deed = PlanDeed::Withdrawn { ids, reason };
                tx.act(at, &who, &plan.id(), &deed).await?;
                Ok(withdrawn)
            })
        })
        .await
    }

    /// Sets the hour at which the assignments of a day are released by themselves, or leaves it to people.
    ///
    /// Errors: refused if it is no hour of the day, or without a reason.
    pub async fn set_release_hour(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        hour: Option<i64>,
        reason: &str,
    ) -> Result<()> {
        let reason = reasoned(reason)?;
        if hour.is_some_and(|hour| !(0..24).contains(&hour)) {
            return Err(Error::refused("plan-bad-hour"));
        }
        let deed = PlanDeed::ReleaseHourSet { hour, reason };
        self.act(at, who, &plan.id(), deed).await
    }

    /// Sees to it that the agency of a plan has a contract on a day.
    ///
    /// Errors: refused with a sentence that names the days of the contract.
    pub(super) async fn under_contract(&self, plan: &PlanRow, day: Date) -> Result<()> {
        let agency = self.agency(&Viewer::console(), &plan.agency).await?;
        let agency = agency.ok_or_else(|| Error::refused("plan-agency-unknown"))?;
        if agency.holds_on(day) {
            return Ok(());
        }
        let beyond = agency.about_contract("plan-day-without-contract");
        Err(Error::Refused(beyond.with("day", day.to_string())))
    }

    /// Releases what is due by itself at this moment, in all plans whose agency has a contract on the day. Returns how
    /// many; does nothing if it was done.
    pub async fn release_due(&self, at: Timestamp) -> Result<usize> {
        let now = at.to_zoned(clock::zone());
        let day = now.date();
        let rows = sqlx::query(
            "SELECT series, month, agency, seed, frame_digest, drawn_at, release_hour FROM plan p
             WHERE release_hour IS NOT NULL AND release_hour <= $1
               AND (SELECT count(*) FROM assignment a WHERE a.series = p.series AND a.month = p.month
                      AND a.day = $2 AND a.state = 'assigned') > 0",
        )
        .bind(i64::from(now.hour()))
        .bind(day.to_string())
        .fetch_all(self.reading())
        .await?;
        let mut released = 0;
        for row in rows {
            let plan = PlanRow::from_row(&row)?;
            let due = async {
                self.under_contract(&plan, day).await?;
                self.release(at, CLOCK, &plan, day, "release hour".to_owned())
                    .await
            };
            released += match due.await {
                // The plan's page says so.
                Err(Error::Refused(_)) => 0,
                other => other?,
            };
        }
        Ok(released)
    }

    /// Whether somebody was or is out for a plan; it is not thrown away any more.
    ///
    /// Errors: the database's.
    pub async fn plan_has_begun(&self, plan: &PlanRow) -> Result<bool> {
        has_begun(plan, self.reading()).await
    }

    /// Throws a plan away of which nothing was ever released; its draw stays in the record.
    ///
    /// Errors: refused if something was released, or without a reason.
    pub async fn discard_plan(
        &self,
        at: Timestamp,
        who: &str,
        plan: &PlanRow,
        reason: &str,
    ) -> Result<()> {
        let deed = PlanDeed::Discarded {
            reason: reasoned(reason)?,
        };
        let (who, plan) = (who.to_owned(), plan.clone());
        self.write(move |tx| {
            Box::pin(async move {
                if has_begun(&plan, tx.conn()).await? {
                    return Err(Error::refused("plan-has-begun"));
                }
                tx.act(at, &who, &plan.id(), &deed).await.map(drop)
            })
        })
        .await
    }
}
