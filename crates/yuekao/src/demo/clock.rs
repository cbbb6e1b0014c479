//! Working time: when a limit ends.

use std::collections::BTreeMap;

use anyhow::Result;
use assessment::indicator::{Limit, LimitUnit};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday, time};

const HOLIDAYS: &str = include_str!("../../../../data/holidays.csv");

/// Offices work from nine to five: a working day is eight working hours.
const OPENS: i8 = 9;
const CLOSES: i8 = 17;

/// Which days are worked.
pub struct Clock(BTreeMap<Date, bool>);

impl Clock {
    /// The published days off and make-up workdays.
    ///
    /// # Errors
    /// The table that was built in cannot be read.
    pub fn read() -> Result<Self> {
        csv::Reader::from_reader(HOLIDAYS.as_bytes())
            .into_records()
            .map(|row| {
                let row = row?;
                Ok((row[0].parse()?, &row[1] == "makeup_workday"))
            })
            .collect::<Result<_>>()
            .map(Self)
    }

    /// The first working day from `day` on.
    pub fn workday(&self, day: Date) -> Date {
        (0..30)
            .map(|later| day + later.days())
            .find(|day| self.works(*day))
            .unwrap_or(day)
    }

    fn works(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.0.get(&day).copied().unwrap_or(!weekend)
    }

    /// The moment at which a limit that begins at `from` is over.
    pub fn due(&self, from: DateTime, limit: Limit) -> DateTime {
        let value = i64::from(limit.value);
        match limit.unit {
            LimitUnit::UrgentHour => from + value.hours(),
            LimitUnit::UrgentDay | LimitUnit::CalendarDay => from + value.days(),
            LimitUnit::WorkHour => self.work(from, value * 60),
            LimitUnit::WorkDay => self.work(from, value * 60 * i64::from(CLOSES - OPENS)),
        }
    }

    fn work(&self, from: DateTime, mut minutes: i64) -> DateTime {
        let mut at = from;
        loop {
            let (opens, closes) = (
                at.date().to_datetime(time(OPENS, 0, 0, 0)),
                at.date().to_datetime(time(CLOSES, 0, 0, 0)),
            );
            if self.works(at.date()) && at < closes {
                at = at.max(opens);
                let left = at.duration_until(closes).as_mins();
                if minutes <= left {
                    return at + minutes.minutes();
                }
                minutes -= left;
            }
            at = at
                .date()
                .tomorrow()
                .expect("a day after")
                .to_datetime(time(OPENS, 0, 0, 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_stands_still_at_night_and_on_days_off() {
        let clock = Clock::read().unwrap();
        #[rustfmt::skip]
        let cases = [
            // from, limit, due
            ("2021-09-08T10:00", 2, LimitUnit::WorkHour,  "2021-09-08T12:00"),
            ("2021-09-08T16:00", 2, LimitUnit::WorkHour,  "2021-09-09T10:00"),
            ("2021-09-10T16:30", 1, LimitUnit::WorkDay,   "2021-09-13T16:30"), // over a weekend
            ("2021-09-30T16:00", 4, LimitUnit::WorkHour,  "2021-10-08T12:00"), // over the national holiday
            ("2021-09-25T12:00", 4, LimitUnit::WorkHour,  "2021-09-26T13:00"), // a make-up workday on a Sunday
            ("2021-09-30T16:00", 2, LimitUnit::UrgentHour, "2021-09-30T18:00"),
            ("2021-09-30T16:00", 1, LimitUnit::UrgentDay, "2021-10-01T16:00"),
        ];
        for (from, value, unit, due) in cases {
            assert_eq!(
                clock.due(from.parse().unwrap(), Limit { value, unit }),
                due.parse().unwrap(),
                "{from} {value}"
            );
        }
    }
}
