//! Findings as small rows of one size: the audit scan of a large month, without reading any text.
//!
//! Ten million rows are 320 MB, and [`tally`] brings them to some thousands of classes; from there the way is that of
//! every other month ([`crate::score::open::Open::add_tally`]).

use std::num::NonZeroUsize;

use jiff::civil::{DateTime, date};
use rustc_hash::FxHashMap;

use crate::{
    finding::{Finder, Finding, Severity, Status},
    register::{NOBODY, Number, Register, UnitIndex},
    scheme::Window,
    tally::{Asked, Classifier, FindingClass, Tally},
};

/// It has no such time.
pub const NEVER: u32 = u32::MAX;
/// It has no such word.
const NO_WORD: u16 = u16::MAX;

/// What scoring needs of one finding. Times are seconds of local civil time since 1970-01-01 ([`seconds`]), or [`NEVER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactFinding {
    pub unit: UnitIndex,
    /// [`NOBODY`] if there is none.
    pub second_unit: UnitIndex,
    pub found_at: u32,
    pub due_at: u32,
    pub rectified_at: u32,
    /// Numbers of the [`Register`].
    pub indicator: u16,
    pub stratum: u16,
    pub severity: Severity,
    pub found_by: Finder,
    /// 255 and more are 255.
    pub repeated: u8,
    pub failed: u8,
    pub relapsed: bool,
    /// Excluded, or exempted by the scheme.
    pub excluded: bool,
}

const _: () = assert!(size_of::<CompactFinding>() <= 32);

/// Seconds of local civil time since 1970-01-01; `None` before it, after 2106, or between two seconds.
pub fn seconds(at: DateTime) -> Option<u32> {
    let since = at.duration_since(date(1970, 1, 1).at(0, 0, 0, 0));
    (since.subsec_nanos() == 0)
        .then(|| u32::try_from(since.as_secs()).ok())
        .flatten()
        .filter(|seconds| *seconds != NEVER)
}

impl CompactFinding {
    /// The row of a finding; `None` if its unit is not known, or if a time or a number does not fit.
    pub fn new(
        finding: &Finding,
        classifier: &Classifier,
        register: &mut Register,
    ) -> Option<CompactFinding> {
        let time = |at: Option<DateTime>| at.map_or(Some(NEVER), seconds);
        Some(CompactFinding {
            unit: register.find(&finding.unit)?,
            second_unit: finding
                .second_unit
                .as_ref()
                .and_then(|code| register.find(code))
                .unwrap_or(NOBODY),
            found_at: seconds(finding.found_at)?,
            due_at: time(finding.due_at)?,
            rectified_at: time(finding.rectified_at)?,
            indicator: short(register.indicators.number(&finding.indicator))?,
            stratum: short(classifier.stratum(finding.site.as_deref()))?,
            severity: finding.severity,
            found_by: finding.found_by,
            repeated: finding.repeated.min(255) as u8,
            failed: finding.failed.min(255) as u8,
            relapsed: finding.relapsed,
            excluded: finding.excluded.is_some() || classifier.exempt(finding),
        })
    }

    /// As [`Classifier::class`], with one word for all that the scheme treats alike.
    fn class(&self, window: &Seconds, asked: &Asked) -> Option<FindingClass> {
        let (found, due) = self.counts(window);
        (found || due).then(|| FindingClass {
            unit: self.unit,
            second_unit: if asked.second_unit {
                self.second_unit
            } else {
                NOBODY
            },
            visit: NOBODY,
            indicator: self.indicator.into(),
            stratum: match self.stratum {
                stratum if asked.stratum && stratum != NO_WORD => stratum.into(),
                _ => NOBODY,
            },
            severity: self.severity,
            found_by: asked.found_by[self.found_by as usize],
            status: asked.status[self.status(window.read) as usize],
            repeated: self.repeated.min(asked.repeated),
            failed: self.failed.min(asked.failed),
            relapsed: self.relapsed & asked.relapsed,
            found,
            due,
        })
    }

    /// Whether the round counts it by the time it was found, and by the time it is due.
    fn counts(&self, window: &Seconds) -> (bool, bool) {
        (
            window.holds(self.found_at) & !self.excluded,
            window.holds(self.due_at) & !self.excluded,
        )
    }

    /// As [`Status::at`]: [`NEVER`] is later than every other time. By a table, since millions of rows leave nothing to
    /// guess for the branches of an `if`.
    fn status(&self, read: u32) -> Status {
        use Status::{Late, OnTime, Overdue, Pending};
        let done = self.rectified_at < read;
        let late = self.rectified_at > self.due_at;
        let over = self.due_at < read;
        [
            Pending, Overdue, Pending, Overdue, OnTime, OnTime, Late, Late,
        ][usize::from(done) << 2 | usize::from(late) << 1 | usize::from(over)]
    }

    /// Its class as two numbers, faster hashed and compared than the class itself. What counts nowhere has one, too.
    fn key(&self, window: &Seconds, asked: &Asked) -> (u64, u64) {
        let (found, due) = self.counts(window);
        let parts = [
            (u64::from(self.indicator), 16),
            (u64::from(self.stratum) * u64::from(asked.stratum), 16),
            (u64::from(self.repeated.min(asked.repeated)), 8),
            (u64::from(self.failed.min(asked.failed)), 8),
            (self.severity as u64, 2),
            (asked.found_by[self.found_by as usize] as u64, 3),
            (asked.status[self.status(window.read) as usize] as u64, 2),
            (u64::from(self.relapsed & asked.relapsed), 1),
            (u64::from(found), 1),
            (u64::from(due), 1),
        ];
        let second = u64::from(self.second_unit) * u64::from(asked.second_unit);
        (
            u64::from(self.unit) << 32 | second,
            parts
                .iter()
                .fold(0, |key, (part, width)| key << width | part),
        )
    }
}

fn short(number: Number) -> Option<u16> {
    match number {
        NOBODY => Some(NO_WORD),
        _ => u16::try_from(number).ok().filter(|short| *short != NO_WORD),
    }
}

/// A [`Window`] in seconds.
struct Seconds {
    start: u32,
    end: u32,
    read: u32,
}

impl Seconds {
    /// Ends of the calendar of [`seconds`] stand for what lies beyond them.
    fn new(window: &Window) -> Seconds {
        let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
        let [start, end, read] = [window.start, window.end, window.read]
            .map(|at| at.duration_since(epoch).as_secs().clamp(0, NEVER.into()) as u32);
        Seconds { start, end, read }
    }

    fn holds(&self, at: u32) -> bool {
        self.start <= at && at < self.end
    }
}

/// Counts the classes of rows for one round, on so many threads.
pub fn tally(
    rows: &[CompactFinding],
    window: &Window,
    asked: &Asked,
    threads: NonZeroUsize,
) -> Tally {
    let window = Seconds::new(window);
    let share = rows.len().div_ceil(threads.get()).max(1);
    std::thread::scope(|scope| {
        let scans: Vec<_> = rows
            .chunks(share)
            .map(|rows| scope.spawn(|| scan(rows, &window, asked)))
            .collect();
        let mut tally = Tally::default();
        for scan in scans {
            for (class, count) in scan.join().expect("a scan does not panic") {
                tally.add_many(class, count);
            }
        }
        tally
    })
}

/// The classes of some rows.
fn scan(rows: &[CompactFinding], window: &Seconds, asked: &Asked) -> Vec<(FindingClass, u64)> {
    // By key: one of its rows, and their number.
    let mut counts: FxHashMap<(u64, u64), (&CompactFinding, u64)> = FxHashMap::default();
    for row in rows {
        counts.entry(row.key(window, asked)).or_insert((row, 0)).1 += 1;
    }
    counts
        .into_values()
        .filter_map(|(row, count)| Some((row.class(window, asked)?, count)))
        .collect()
}
