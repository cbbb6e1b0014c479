//! The stay of an inspection team in a county on a day: what is found there is told to nobody in the county before the team
//! has left.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use sqlx::{Any, Executor};

use super::field::Sight;
use super::frame::Counties;
use super::observation::{Observation, VisitRecord};
use super::{Error, Result, Store, moment};
use crate::clock::{begin_of, day_of};

/// Where an agency's people are on a day.
pub(super) struct Stay<'a> {
    series: &'a str,
    /// Of the plan.
    month: &'a str,
    agency: &'a str,
    counties: &'a Counties,
    county: &'a str,
    day: Date,
}

impl<'a> Stay<'a> {
    /// The one in which something was found; the counties are those of the plan's month.
    pub fn at(of: &'a Observation, counties: &'a Counties) -> Self {
        Self {
            series: &of.series,
            month: &of.month,
            agency: &of.agency,
            counties,
            county: counties.county(&of.unit),
            day: day_of(of.found_at),
        }
    }

    /// The one that a visit belongs to.
    fn of(visit: &'a VisitRecord, counties: &'a Counties) -> Self {
        Self {
            series: &visit.series,
            month: &visit.month,
            agency: &visit.agency,
            counties,
            county: counties.county(&visit.unit),
            day: day_of(visit.started_at),
        }
    }

    fn is_in(&self, unit: &str) -> bool {
        self.counties.county(unit) == self.county
    }

    /// The first moment of the day, and that of the next.
    fn span(&self) -> Result<(i64, i64)> {
        let of = |day: Date| -> Result<i64> {
            Ok(begin_of(day).map_err(Error::damaged)?.as_millisecond())
        };
        Ok((of(self.day)?, of(self.day.saturating_add(1.day()))?))
    }

    /// When it is over, as far as is known now: with the end of the last visit, or with the day where one has not ended or a
    /// site of the day was not visited.
    pub async fn over<'e>(&self, database: impl Executor<'e, Database = Any>) -> Result<Timestamp> {
        let (begin, end) = self.span()?;
        let ends: Vec<(String, Option<i64>)> = sqlx::query_as(
            "SELECT unit, finished_at FROM visit_record
             WHERE state IN ('new', 'accepted', 'rejected') AND agency = $1 AND started_at >= $2 AND started_at < $3
             UNION ALL SELECT unit, CAST(NULL AS BIGINT) FROM assignment
             WHERE series = $4 AND month = $5 AND day = $6 AND state IN ('assigned', 'released')",
        )
        .bind(self.agency)
        .bind(begin)
        .bind(end)
        .bind(self.series)
        .bind(self.month)
        .bind(self.day.to_string())
        .fetch_all(database)
        .await?;
        let here = ends.into_iter().filter(|(unit, _)| self.is_in(unit));
        let last = here.map(|(_, ended)| ended.unwrap_or(end)).max();
        moment(last.unwrap_or(begin))
    }
}

impl Store {
    /// When the team of a visit has left its county for the day, as far as is known now, and the cases found there on that
    /// day that have not gone out; nothing if there are none.
    pub async fn found_during(&self, visit: &str) -> Result<Option<(Timestamp, Vec<String>)>> {
        let Some(visit) = self.visit_record(Sight::All, visit).await? else {
            return Ok(None);
        };
        let month = visit.month.parse().map_err(Error::damaged)?;
        let counties = self.counties_in(month).await?;
        let stay = Stay::of(&visit, &counties);
        let (begin, end) = stay.span()?;
        let found: Vec<(String, String)> = sqlx::query_as(
            "SELECT case_file.id, observation.unit FROM observation
             JOIN case_file ON case_file.series = observation.series AND case_file.finding = observation.id
             WHERE state = 'accepted' AND agency = $1 AND found_at >= $2 AND found_at < $3
               AND is_open = 1 AND dispatched_at IS NULL",
        )
        .bind(stay.agency)
        .bind(begin)
        .bind(end)
        .fetch_all(self.reading())
        .await?;
        let here = found.into_iter().filter(|(_, unit)| stay.is_in(unit));
        let cases: Vec<String> = here.map(|(case, _)| case).collect();
        match cases.is_empty() {
            true => Ok(None),
            false => Ok(Some((stay.over(self.reading()).await?, cases))),
        }
    }
}
