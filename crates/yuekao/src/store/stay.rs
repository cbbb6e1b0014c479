//! The stay of an inspection team in a county on a day: what is found there is told to nobody in the county before the team
//! has left.

use std::collections::BTreeMap;

use assessment::month::Month;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor, Row as _};

use super::field::Sight;
use super::frame::Counties;
use super::observation::Observation;
use super::{Error, Result, Store, moment};
use crate::clock::{begin_of, day_of};

/// Some visits go on the next day, and some are never ended on the phone: so many days after its beginning a visit may
/// still last.
const LASTS_AT_MOST: i64 = 7;

/// Where an agency's people are on a day, for whichever plan they went out.
pub(super) struct Stay<'a> {
    agency: &'a str,
    counties: &'a Counties,
    county: &'a str,
    day: Date,
    /// One that reaches into the day whenever it began: something was found in it.
    visit: &'a str,
}

impl<'a> Stay<'a> {
    /// The one in which something was found; the counties are those of the plan's month.
    pub fn at(of: &'a Observation, counties: &'a Counties) -> Self {
        Self {
            agency: &of.agency,
            counties,
            county: counties.county(&of.unit),
            day: day_of(of.found_at),
            visit: &of.visit,
        }
    }

    fn is_in(&self, unit: &str) -> bool {
        self.counties.county(unit) == self.county
    }

    /// When it is over, as far as is known now: with the end of the last visit that reaches into the day, or with the day where
    /// one has not ended or a site of the day was not visited.
    pub async fn over<'e>(&self, database: impl Executor<'e, Database = Any>) -> Result<Timestamp> {
        let (begin, end) = (
            first_moment(self.day)?,
            first_moment(day_after(self.day, 1))?,
        );
        // The site of a plan is visited in the plan's month.
        let month = Month::of(self.day).map(|month| month.to_string());
        let ends: Vec<(String, Option<i64>)> = sqlx::query_as(
            "SELECT unit, finished_at FROM visit_record
             WHERE state IN ('new', 'accepted', 'rejected') AND agency = $1 AND started_at >= $6 AND started_at < $3
               AND (finished_at IS NULL OR finished_at >= $2)
             UNION ALL SELECT unit, finished_at FROM visit_record WHERE id = $7
             UNION ALL SELECT a.unit, CAST(NULL AS BIGINT) FROM plan p
             JOIN assignment a ON a.series = p.series AND a.month = p.month
             WHERE p.agency = $1 AND p.month = $4 AND a.day = $5 AND a.state IN ('assigned', 'released')",
        )
        .bind(self.agency)
        .bind(begin)
        .bind(end)
        .bind(month.unwrap_or_default())
        .bind(self.day.to_string())
        .bind(first_moment(day_after(self.day, -LASTS_AT_MOST))?)
        .bind(self.visit)
        .fetch_all(database)
        .await?;
        let here = ends.into_iter().filter(|(unit, _)| self.is_in(unit));
        let last = here.map(|(_, ended)| ended.unwrap_or(end)).max();
        moment(last.unwrap_or(begin))
    }
}

fn day_after(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

fn first_moment(day: Date) -> Result<i64> {
    Ok(begin_of(day).map_err(Error::damaged)?.as_millisecond())
}

/// A case of something found that has not gone out.
struct Found {
    case: String,
    agency: String,
    unit: String,
    /// Month of the plan.
    month: String,
    visit: String,
    found_at: Timestamp,
    secret_until: Timestamp,
}

impl Store {
    /// When the team has left the county in which a case was found, as far as is known now; `None`, if no inspection found it
    /// or it has gone out.
    pub async fn team_left(&self, case: &str) -> Result<Option<Timestamp>> {
        let found = self.found("case_file.id = $1", case).await?;
        let Some(found) = found.first() else {
            return Ok(None);
        };
        let month = found.month.parse().map_err(Error::damaged)?;
        let counties = self.counties_in(month).await?;
        let stay = Stay {
            agency: &found.agency,
            counties: &counties,
            county: counties.county(&found.unit),
            day: day_of(found.found_at),
            visit: &found.visit,
        };
        stay.over(self.reading()).await.map(Some)
    }

    /// Cases that were found and have not gone out, and that are or were secret after a moment: until when that is reckoned,
    /// and when the team has left the county by what is known now of the visits that began on that day or are to come.
    pub async fn secret_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(String, Timestamp, Timestamp)>> {
        let found = self
            .found("secret_until > $1", since.as_millisecond())
            .await?;
        let mut left = BTreeMap::new();
        let mut secret = vec![];
        for found in found {
            let month = found.month.parse().map_err(Error::damaged)?;
            let counties = self.counties_in(month).await?;
            let (county, day) = (counties.county(&found.unit), day_of(found.found_at));
            let of = (found.agency, found.month, county.to_owned(), day);
            let left = match left.get(&of) {
                Some(left) => *left,
                None => {
                    let stay = Stay {
                        agency: &of.0,
                        counties: &counties,
                        county,
                        day,
                        // What becomes of its own visit is told by a phone.
                        visit: "",
                    };
                    let over = stay.over(self.reading()).await?;
                    left.insert(of, over);
                    over
                }
            };
            secret.push((found.case, found.secret_until, left));
        }
        Ok(secret)
    }

    async fn found<'q>(
        &self,
        which: &str,
        value: impl sqlx::Encode<'q, Any> + sqlx::Type<Any> + 'q,
    ) -> Result<Vec<Found>> {
        // Nothing but a condition that is written here goes into the text.
        let sql = format!(
            "SELECT case_file.id AS case_id, observation.agency, observation.unit, observation.month, observation.visit,
                observation.found_at, case_file.secret_until
             FROM case_file JOIN observation
                ON observation.id = case_file.finding AND observation.series = case_file.series
             WHERE is_open = 1 AND dispatched_at IS NULL AND secret_until IS NOT NULL AND {which}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(value)
            .fetch_all(self.reading())
            .await?;
        let found = |row: &AnyRow| {
            Ok(Found {
                case: row.try_get("case_id")?,
                agency: row.try_get("agency")?,
                unit: row.try_get("unit")?,
                month: row.try_get("month")?,
                visit: row.try_get("visit")?,
                found_at: moment(row.try_get("found_at")?)?,
                secret_until: moment(row.try_get("secret_until")?)?,
            })
        };
        rows.iter().map(found).collect()
    }

    /// The cases found in the county of a visit on the days that it reaches into, and of what it found itself, that have not
    /// gone out; for each day with when the team has left the county, as far as is known now.
    pub async fn found_during(&self, visit: &str) -> Result<Vec<(Timestamp, Vec<String>)>> {
        let Some(visit) = self.visit_record(Sight::All, visit).await? else {
            return Ok(vec![]);
        };
        let month = visit.month.parse().map_err(Error::damaged)?;
        let counties = self.counties_in(month).await?;
        let county = counties.county(&visit.unit);
        let first = day_of(visit.started_at);
        let last = match visit.finished_at {
            Some(ended) => day_of(ended).min(day_after(first, LASTS_AT_MOST)),
            None => day_after(first, LASTS_AT_MOST),
        };
        let found: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT case_file.id, observation.unit, found_at FROM observation
             JOIN case_file ON case_file.series = observation.series AND case_file.finding = observation.id
             WHERE state = 'accepted' AND ((agency = $1 AND found_at >= $2 AND found_at < $3) OR visit = $4)
               AND is_open = 1 AND dispatched_at IS NULL",
        )
        .bind(&visit.agency)
        .bind(first_moment(first)?)
        .bind(first_moment(day_after(last, 1))?)
        .bind(&visit.id)
        .fetch_all(self.reading())
        .await?;
        let mut by_day: BTreeMap<Date, Vec<String>> = BTreeMap::new();
        for (case, unit, at) in found {
            if counties.county(&unit) == county {
                by_day.entry(day_of(moment(at)?)).or_default().push(case);
            }
        }
        let mut left = vec![];
        for (day, cases) in by_day {
            let stay = Stay {
                agency: &visit.agency,
                counties: &counties,
                county,
                day,
                visit: &visit.id,
            };
            left.push((stay.over(self.reading()).await?, cases));
        }
        Ok(left)
    }
}
