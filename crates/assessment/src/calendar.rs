//! Working time: which days are worked, and from when to when.
//!
//! A [`Calendar`] is one version of what a host knows: the published days off and make-up workdays,
//! and its own working hours. The state announces the days off of a year late in the year before;
//! beyond what is announced Monday to Friday count, and whoever asks is told that this is provisional.

mod parse;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use jiff::civil::{Date, Weekday};

use crate::facts::{DigestText, sha256};
use crate::issue::Issue;
use crate::message::Words;

/// Working days and hours of one host, in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Names the version; a deadline cites it.
    id: String,
    title: Words,
    announced_from: Date,
    announced_until: Date,
    work_day_minutes: u32,
    /// By the date from which they hold; never empty.
    hours: Vec<Hours>,
    days: BTreeMap<Date, Dated>,
}

/// Working hours that hold from a date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    pub from: Date,
    /// In the order of the day, without overlap; never empty.
    pub slots: Vec<Slot>,
}

/// A stretch of working time within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight, up to 1440; later than `from`.
    pub to: u16,
}

/// A day that the published table names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dated {
    /// A make-up workday; otherwise a day off.
    works: bool,
    name: String,
}

/// What the calendar says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<'c> {
    pub date: Date,
    pub kind: DayKind,
    /// The holiday that a day off, or a make-up workday, belongs to: 春节.
    pub holiday: Option<&'c str>,
    /// The table of this date has been published. Otherwise `kind` is only what the weekday suggests.
    pub announced: bool,
}

/// Why a day is worked or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// 工作日: Monday to Friday.
    Workday,
    /// 周末: Saturday or Sunday.
    Weekend,
    /// 放假: a published day off.
    Holiday,
    /// 调休上班: a weekend that is worked in exchange for a day off.
    MakeupWorkday,
}

impl Calendar {
    /// Reads a calendar from its own file (`id`, `title`, `announced_from`, `announced_until`,
    /// `work_day_minutes`, `[[hours]]`) and the table of days (`date`, `kind`, `name`).
    ///
    /// # Errors
    /// Everything that is wrong in either file; warnings stand beside a calendar.
    pub fn parse(toml: &str, days: &str) -> (Option<Self>, Faults) {
        parse::calendar(toml, days)
    }

    /// Names this version.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the host calls it.
    pub fn title(&self) -> &Words {
        &self.title
    }

    /// The first date of which the table is known.
    pub fn announced_from(&self) -> Date {
        self.announced_from
    }

    /// The last date of which the table is known.
    pub fn announced_until(&self) -> Date {
        self.announced_until
    }

    /// How many working minutes a limit of one working day has.
    pub fn work_day_minutes(&self) -> u32 {
        self.work_day_minutes
    }

    /// What is known of a day; outside the announced dates the weekday decides.
    pub fn day(&self, date: Date) -> Day<'_> {
        let dated = self.days.get(&date);
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let kind = match (dated, weekend) {
            (Some(Dated { works: true, .. }), _) => DayKind::MakeupWorkday,
            (Some(_), _) => DayKind::Holiday,
            (None, true) => DayKind::Weekend,
            (None, false) => DayKind::Workday,
        };
        Day {
            date,
            kind,
            holiday: dated.map(|day| day.name.as_str()),
            announced: self.is_announced(date),
        }
    }

    /// Whether a day is worked; ask [`day`](Self::day) whether that is announced or a guess.
    pub fn is_workday(&self, date: Date) -> bool {
        self.day(date).kind.is_worked()
    }

    /// Whether the table of this date has been published.
    pub fn is_announced(&self, date: Date) -> bool {
        (self.announced_from..=self.announced_until).contains(&date)
    }

    /// The working hours of a date, if it is worked.
    pub fn slots(&self, date: Date) -> &[Slot] {
        let later = self.hours.partition_point(|hours| hours.from <= date);
        &self.hours[later.saturating_sub(1)].slots
    }

    /// The bytes whose digest stands for this version: one fact a line, in a fixed order.
    pub fn canonical_text(&self) -> String {
        let mut text = format!(
            "calendar {}\nannounced {} {}\nwork_day_minutes {}\n",
            self.id, self.announced_from, self.announced_until, self.work_day_minutes
        );
        for hours in &self.hours {
            let slots: Vec<String> = hours.slots.iter().map(Slot::to_string).collect();
            let _ = writeln!(text, "hours {} {}", hours.from, slots.join(" "));
        }
        for (date, day) in &self.days {
            let kind = if day.works {
                "makeup_workday"
            } else {
                "holiday"
            };
            let _ = writeln!(text, "day {date} {kind} {}", day.name);
        }
        text
    }

    /// SHA-256 of the [canonical text](Self::canonical_text).
    pub fn digest(&self) -> DigestText {
        sha256(self.canonical_text().as_bytes())
    }
}

/// What is wrong in the two files of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    /// In the calendar's own file.
    pub calendar: Vec<Issue>,
    /// In the table of days.
    pub days: Vec<Issue>,
}

impl DayKind {
    /// Whether working time counts on such a day.
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Workday | Self::MakeupWorkday)
    }
}

impl Slot {
    /// How long it is, in minutes.
    pub fn minutes(self) -> u32 {
        u32::from(self.to - self.from)
    }
}

/// `08:00-12:00`, as in the file.
impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        write!(f, "{}-{}", clock(self.from), clock(self.to))
    }
}

#[cfg(test)]
pub(crate) mod tests;
