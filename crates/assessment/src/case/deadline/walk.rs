//! Goes through time from the start of a clock and counts what counts.
//!
//! Inside, a moment is the number of seconds since 1970-01-01T00:00 of local time.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::{Clock, Deadline, Limit, LimitUnit, NotReckoned, Pause, Step, StepKind};
use crate::calendar::{Calendar, Day};

pub(super) const DAY: i64 = 86_400;

/// How long after its start a clock may end: a hundred years.
pub(super) const HORIZON: i64 = 100 * 366 * DAY;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// A stretch of time, its end left out.
type Stretch = (i64, i64);

/// Where the counting has come to, and how.
pub(super) struct Walk<'c> {
    calendar: &'c Calendar,
    start: i64,
    at: i64,
    /// In order, apart from one another.
    pauses: Vec<Stretch>,
    steps: Vec<Step>,
}

/// What a walk meets.
enum Met<'c> {
    /// Time that counts; the day, if it matters.
    Counts(Stretch, Option<Day<'c>>),
    /// A day off, as far as it is not paused.
    Off(Stretch, Day<'c>),
}

impl<'c> Walk<'c> {
    pub(super) fn new(clock: &Clock, calendar: &'c Calendar) -> Result<Self, NotReckoned> {
        let start = seconds(clock.start);
        Ok(Self {
            calendar,
            start,
            at: start,
            pauses: merged(&clock.pauses)?,
            steps: vec![],
        })
    }

    /// Where the counting has come to.
    pub(super) fn at(&self) -> i64 {
        self.at
    }

    /// Goes on until the limit is used up.
    pub(super) fn count(&mut self, limit: Limit) -> Result<(), NotReckoned> {
        let mut left = limit.seconds(self.calendar)?;
        let end = self.start + HORIZON;
        let mut steps = std::mem::take(&mut self.steps);
        let mut reached = None;
        self.meet(limit.unit, self.at, end, |met| match met {
            Met::Off((from, to), day) => {
                note(&mut steps, from, to, StepKind::Off(day.kind), Some(day));
                true
            }
            Met::Counts((from, to), day) => {
                let to = to.min(from + left);
                left -= to - from;
                let kind = day.map_or(StepKind::Ran, |day| StepKind::Worked(day.kind));
                note(&mut steps, from, to, kind, day);
                if left == 0 {
                    reached = Some(to);
                }
                left > 0
            }
        });
        self.steps = steps;
        self.at = reached.ok_or(NotReckoned::TooFar)?;
        moment(self.at).ok_or(NotReckoned::TooFar).map(|_| ())
    }

    /// Seconds that count on a clock between two moments.
    pub(super) fn counted(&self, unit: LimitUnit, from: i64, to: i64) -> i64 {
        let mut sum = 0;
        self.meet(unit, from, to, |met| {
            if let Met::Counts((from, to), _) = met {
                sum += to - from;
            }
            true
        });
        sum
    }

    /// The deadline where the counting has come to, with the pauses among its steps.
    pub(super) fn finish(mut self) -> Result<Deadline, NotReckoned> {
        let provisional = self.steps.iter().any(|step| !step.announced);
        for (from, to) in &self.pauses {
            let (from, to) = ((*from).max(self.start), *to);
            if from < to && from < self.at {
                note(&mut self.steps, from, to, StepKind::Paused, None);
            }
        }
        self.steps.sort_by_key(|step| step.from);
        let mut total = 0;
        for step in &mut self.steps {
            total += step.counted();
            step.total = total;
        }
        Ok(Deadline {
            at: moment(self.at).ok_or(NotReckoned::TooFar)?,
            provisional,
            working: self.steps,
        })
    }

    /// Tells what lies between two moments, in order, until it is told to stop.
    fn meet(&self, unit: LimitUnit, from: i64, to: i64, mut tell: impl FnMut(Met<'c>) -> bool) {
        if !unit.is_working_time() {
            for stretch in self.unpaused(from, to) {
                if !tell(Met::Counts(stretch, None)) {
                    return;
                }
            }
            return;
        }
        let mut next = moment(from).map(DateTime::date);
        while let Some(date) = next {
            let midnight = seconds(date.into());
            if midnight >= to {
                return;
            }
            let within = |begin: i64, end: i64| {
                let (begin, end) = (midnight + begin, midnight + end);
                self.unpaused(begin.max(from), end.min(to))
            };
            let day = self.calendar.day(date);
            if !day.kind.is_worked() {
                if !within(0, DAY).all(|off| tell(Met::Off(off, day))) {
                    return;
                }
            } else {
                for slot in self.calendar.slots(date) {
                    let (begin, end) = (i64::from(slot.from) * 60, i64::from(slot.to) * 60);
                    if !within(begin, end).all(|one| tell(Met::Counts(one, Some(day)))) {
                        return;
                    }
                }
            }
            next = date.tomorrow().ok();
        }
    }

    /// What is left of a stretch without the pauses; nothing if it ends before it begins.
    fn unpaused(&self, from: i64, to: i64) -> impl Iterator<Item = Stretch> {
        let first = self.pauses.partition_point(|pause| pause.1 <= from);
        let pauses = self.pauses[first..].iter().copied();
        let mut begin = from;
        pauses
            .take_while(move |pause| pause.0 < to)
            .chain(std::iter::once((to, to)))
            .filter_map(move |pause| {
                let stretch = (begin, pause.0);
                begin = pause.1;
                (stretch.0 < stretch.1).then_some(stretch)
            })
    }
}

/// Adds a step. Days off that follow one another for the same reason, and time that runs on, are one step.
fn note(steps: &mut Vec<Step>, from: i64, to: i64, kind: StepKind, day: Option<Day>) {
    let (Some(from), Some(to)) = (moment(from), moment(to)) else {
        return;
    };
    let holiday = day.and_then(|day| day.holiday);
    let announced = day.is_none_or(|day| day.announced);
    if let Some(last) = steps.last_mut()
        && last.to == from
        && last.kind == kind
        && last.holiday.as_deref() == holiday
        && last.announced == announced
    {
        last.to = to;
        return;
    }
    steps.push(Step {
        from,
        to,
        kind,
        holiday: holiday.map(str::to_owned),
        announced,
        total: 0,
    });
}

fn merged(pauses: &[Pause]) -> Result<Vec<Stretch>, NotReckoned> {
    let mut sorted = pauses.to_vec();
    sorted.sort();
    let mut merged: Vec<Stretch> = vec![];
    for pause in sorted {
        let (from, until) = (seconds(pause.from), seconds(pause.until));
        if pause.until < pause.from {
            return Err(NotReckoned::PauseBackwards(pause));
        }
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ if from < until => merged.push((from, until)),
            _ => {}
        }
    }
    Ok(merged)
}

/// Whole seconds; a fraction is cut off.
pub(super) fn seconds(at: DateTime) -> i64 {
    let since = at.duration_since(EPOCH);
    since.as_secs() - i64::from(since.subsec_nanos() < 0)
}

/// `None` outside the calendar's years.
fn moment(seconds: i64) -> Option<DateTime> {
    EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok()
}
