//! The stay of an inspection team in a county on a day: what is found there is told to nobody in the county before the team
//! has left.

use std::collections::BTreeMap;

use assessment::month::Month;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use sqlx::{Any, Executor};

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

impl Store {
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
