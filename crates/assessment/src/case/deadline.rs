//! When a limit ends, and how that was reckoned.
//!
//! | unit | its clock |
//! |---|---|
//! | 工作时 `work_hour` | working time only |
//! | 工作日 `work_day` | the same, eight hours a day unless the host's calendar says otherwise |
//! | 紧急工作时 `urgent_hour` | never stands still: nights, weekends and holidays count |
//! | 紧急工作日 `urgent_day` | the same, 24 hours a day |
//! | 自然日 `calendar_day` | the same time of day, so many days later |
//!
//! A [`Clock`] is a limit that runs from a moment on, with its pauses and extensions; a case has one,
//! and each of its stages has another. Its deadline is a function of the clock and of a version of
//! the [`Calendar`], of nothing else. All times are the host's local time, which knows no summer time;
//! fractions of a second are cut off.

mod walk;

use std::fmt;

use jiff::civil::DateTime;

use self::walk::{Walk, seconds};
use crate::calendar::{Calendar, DayKind};
use crate::facts::time_text;
use crate::finding::Word;
use crate::message::Message;
use crate::points::Points;

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit {
    /// At least 1.
    pub value: u32,
    pub unit: LimitUnit,
}

/// The clock of a [`Limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitUnit {
    /// 工作时: working time only.
    WorkHour,
    /// 工作日: the same in days of eight hours, or as long as the calendar says.
    WorkDay,
    /// 紧急工作时: the clock runs through nights and days off.
    UrgentHour,
    /// 紧急工作日: the same in days.
    UrgentDay,
    /// 自然日: the same time of day, so many days later.
    CalendarDay,
}

/// A limit that runs: the case's, or one of its stages'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The moment from which it runs; outside working time a working limit begins with the next slot.
    pub start: DateTime,
    pub limit: Limit,
    /// In any order; where they overlap they count once.
    pub pauses: Vec<Pause>,
    /// Each begins where the limit, or the extension before it, ends.
    pub extensions: Vec<Limit>,
}

/// A suspension: nothing counts from `from` up to, and without, `until`. Of one that still lasts,
/// `until` is the day to which it was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pause {
    pub from: DateTime,
    pub until: DateTime,
}

/// When a limit ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The last moment that is still in time.
    pub at: DateTime,
    /// Days lie on the way of which it is not announced yet whether they are worked.
    pub provisional: bool,
    /// How it was reckoned, in the order of time.
    pub working: Vec<Step>,
}

/// One line of the explanation of a [`Deadline`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub from: DateTime,
    /// The first moment that no longer belongs to it.
    pub to: DateTime,
    pub kind: StepKind,
    /// The holiday of a day off, or of the make-up workday that is counted: 春节.
    pub holiday: Option<String>,
    /// The calendar of these days has been announced, or does not matter.
    pub announced: bool,
    /// Seconds counted since the start, this step included.
    pub total: i64,
}

/// What a [`Step`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Working time of a day of that kind, counted.
    Worked(DayKind),
    /// Counted whatever day it is.
    Ran,
    /// Whole days off: not counted.
    Off(DayKind),
    /// Suspended: not counted.
    Paused,
}

/// How much of a limit is used, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Seconds counted so far; more than `of` once the limit is overrun.
    pub used: i64,
    /// Seconds of the limit with its extensions; above 0.
    pub of: i64,
}

/// The light of a running case. A page shows it by icon and word, never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lamp {
    /// Less than 80 % of the limit is used.
    Green,
    /// From 80 % up to the deadline itself.
    Yellow,
    /// The deadline has passed.
    Red,
}

/// A deadline that another version of the calendar moves, or makes certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub before: Deadline,
    pub after: Deadline,
}

/// Why a deadline cannot be reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReckoned {
    /// A limit or an extension of nothing.
    NoTime,
    /// It would end more than a hundred years after its start, or after the year 9999.
    TooFar,
    /// A pause ends before it begins.
    PauseBackwards(Pause),
    /// The second limit would not lie after the first.
    FactorTooSmall(u32),
}

/// How many times the limit is gross overrun, unless the host says otherwise.
pub const GROSS: u32 = 3;

/// Where the lamp turns yellow, in per cent.
const YELLOW: i128 = 80;

impl Clock {
    /// A limit that nothing has paused or extended yet.
    pub fn new(start: DateTime, limit: Limit) -> Self {
        Self {
            start,
            limit,
            pauses: vec![],
            extensions: vec![],
        }
    }

    /// The same clock with one more extension.
    pub fn extend(mut self, by: Limit) -> Self {
        self.extensions.push(by);
        self
    }

    /// The same clock with one more pause.
    pub fn pause(mut self, from: DateTime, until: DateTime) -> Self {
        self.pauses.push(Pause { from, until });
        self
    }

    /// Whether it stands still at that moment because it is suspended.
    pub fn is_paused(&self, now: DateTime) -> bool {
        let within = |pause: &Pause| (pause.from..pause.until).contains(&now);
        self.pauses.iter().any(within)
    }

    /// When the limit with its extensions ends.
    ///
    /// # Errors
    /// The limit is no time or reaches too far; a pause ends before it begins.
    pub fn deadline(&self, calendar: &Calendar) -> Result<Deadline, NotReckoned> {
        let mut walk = Walk::new(self, calendar)?;
        for limit in self.limits() {
            walk.count(limit)?;
        }
        walk.finish()
    }

    /// The second limit, `factor` times the first; where it ends, overrun is gross and escalation
    /// starts. What it has more than the first is counted from the deadline on: an extension moves
    /// both by the same time.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline); a factor below 2.
    pub fn gross(&self, factor: u32, calendar: &Calendar) -> Result<Deadline, NotReckoned> {
        if factor < 2 {
            return Err(NotReckoned::FactorTooSmall(factor));
        }
        let more = self.limit.value.checked_mul(factor - 1);
        let more = Limit {
            value: more.ok_or(NotReckoned::TooFar)?,
            unit: self.limit.unit,
        };
        self.clone().extend(more).deadline(calendar)
    }

    /// How much of the limit is used at `now`. What comes after the deadline counts on the clock of
    /// the last extension, or of the limit.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline), whatever `now` is.
    pub fn used(&self, now: DateTime, calendar: &Calendar) -> Result<Share, NotReckoned> {
        let mut walk = Walk::new(self, calendar)?;
        let mut share = Share { used: 0, of: 0 };
        for limit in self.limits() {
            let from = walk.at();
            walk.count(limit)?;
            let needed = limit.seconds(calendar)?;
            share.of += needed;
            share.used += if seconds(now) < walk.at() {
                walk.counted(limit.unit, from, seconds(now))
            } else {
                needed
            };
        }
        let last = self.extensions.last().unwrap_or(&self.limit);
        share.used += walk.counted(last.unit, walk.at(), seconds(now));
        Ok(share)
    }

    /// Green below 80 % of the limit, yellow from there to the deadline, red after it. Where the
    /// deadline is the end of a working slot, the lamp turns red in the rest that follows,
    /// although nothing counts there: who is late is late by the deadline.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline), whatever `now` is.
    pub fn lamp(&self, now: DateTime, calendar: &Calendar) -> Result<Lamp, NotReckoned> {
        let at = self.deadline(calendar)?.at;
        let share = self.used(now, calendar)?;
        Ok(if seconds(now) > seconds(at) {
            Lamp::Red
        } else if share.reaches(YELLOW) {
            Lamp::Yellow
        } else {
            Lamp::Green
        })
    }

    /// The first moment, to the second, at which the lamp is yellow.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline).
    pub fn yellow_from(&self, calendar: &Calendar) -> Result<DateTime, NotReckoned> {
        let end = self.deadline(calendar)?.at;
        let (mut green, mut yellow) = (0, seconds(end) - seconds(self.start));
        let after = |passed: i64| {
            self.start
                .saturating_add(jiff::SignedDuration::from_secs(passed))
        };
        while green < yellow {
            let middle = green + (yellow - green) / 2;
            match self.used(after(middle), calendar)?.reaches(YELLOW) {
                true => yellow = middle,
                false => green = middle + 1,
            }
        }
        Ok(after(yellow))
    }

    /// What another version of the calendar does to the deadline; `None` if it stays as it is.
    ///
    /// # Errors
    /// As [`deadline`](Self::deadline), under either version.
    pub fn recompute(
        &self,
        before: &Calendar,
        after: &Calendar,
    ) -> Result<Option<Changed>, NotReckoned> {
        let (before, after) = (self.deadline(before)?, self.deadline(after)?);
        let same = before.at == after.at && before.provisional == after.provisional;
        Ok((!same).then_some(Changed { before, after }))
    }

    fn limits(&self) -> impl Iterator<Item = Limit> {
        std::iter::once(self.limit).chain(self.extensions.iter().copied())
    }
}

impl Limit {
    /// How much time it is on its own clock, in seconds.
    ///
    /// # Errors
    /// It is nothing, or more than a hundred years.
    pub fn seconds(self, calendar: &Calendar) -> Result<i64, NotReckoned> {
        let one = match self.unit {
            LimitUnit::WorkHour | LimitUnit::UrgentHour => 3_600,
            LimitUnit::WorkDay => i64::from(calendar.work_day_minutes()) * 60,
            LimitUnit::UrgentDay | LimitUnit::CalendarDay => walk::DAY,
        };
        match i64::from(self.value) * one {
            0 => Err(NotReckoned::NoTime),
            long if long > walk::HORIZON => Err(NotReckoned::TooFar),
            time => Ok(time),
        }
    }
}

impl LimitUnit {
    /// Whether it counts working time only; otherwise its clock never stands still.
    pub fn is_working_time(self) -> bool {
        matches!(self, Self::WorkHour | Self::WorkDay)
    }
}

impl Word for LimitUnit {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("work_hour", LimitUnit::WorkHour),
        ("work_day", LimitUnit::WorkDay),
        ("urgent_hour", LimitUnit::UrgentHour),
        ("urgent_day", LimitUnit::UrgentDay),
        ("calendar_day", LimitUnit::CalendarDay),
    ];
}

impl Share {
    /// The exact part of the limit: 1 is all of it.
    pub fn ratio(self) -> Points {
        Points::ratio(self.used, self.of).unwrap_or_else(Points::zero)
    }

    fn reaches(self, percent: i128) -> bool {
        i128::from(self.used) * 100 >= i128::from(self.of) * percent
    }
}

impl Word for Lamp {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("green", Lamp::Green),
        ("yellow", Lamp::Yellow),
        ("red", Lamp::Red),
    ];
}

impl Step {
    /// Seconds that it adds to the total.
    pub fn counted(&self) -> i64 {
        match self.kind {
            StepKind::Worked(_) | StepKind::Ran => seconds(self.to) - seconds(self.from),
            StepKind::Off(_) | StepKind::Paused => 0,
        }
    }
}

impl Changed {
    /// The moment itself is another; otherwise it only became certain, or ceased to be.
    pub fn moved(&self) -> bool {
        self.before.at != self.after.at
    }
}

impl NotReckoned {
    /// The sentence for people.
    pub fn message(self) -> Message {
        match self {
            Self::NoTime => Message::new("deadline-no-time"),
            Self::TooFar => Message::new("deadline-too-far"),
            Self::PauseBackwards(pause) => Message::new("deadline-pause-backwards")
                .with("from", time_text(pause.from))
                .with("until", time_text(pause.until)),
            Self::FactorTooSmall(factor) => {
                Message::new("deadline-factor-too-small").with("factor", i64::from(factor))
            }
        }
    }
}

/// For logs and tests: `2022-01-31T00:00 2022-02-07T00:00 off 春节 total 2:00`, with `?` after the
/// kind where the calendar is not announced.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            StepKind::Worked(DayKind::MakeupWorkday) => "make-up workday",
            StepKind::Worked(_) => "workday",
            StepKind::Ran => "clock runs",
            StepKind::Off(DayKind::Holiday) => "holiday",
            StepKind::Off(_) => "weekend",
            StepKind::Paused => "paused",
        };
        let unsure = if self.announced { "" } else { "?" };
        write!(
            f,
            "{} {} {kind}{unsure}",
            time_text(self.from),
            time_text(self.to)
        )?;
        if let Some(holiday) = &self.holiday {
            write!(f, " {holiday}")?;
        }
        let (minutes, rest) = (self.total / 60, self.total % 60);
        write!(f, " total {}:{:02}", minutes / 60, minutes % 60)?;
        match rest {
            0 => Ok(()),
            rest => write!(f, ":{rest:02}"),
        }
    }
}

#[cfg(test)]
mod tests;
