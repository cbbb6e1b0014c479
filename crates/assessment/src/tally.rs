//! The tally: findings that are alike in all that a scheme may ask, counted.
//!
//! Millions of findings become some thousands of classes; everything after this costs the same for a small and a large month.

use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use crate::{
    facts::Facts,
    finding::{Finder, Finding, Severity, Status, Word},
    register::{NOBODY, Number, Register, UnitIndex},
    scheme::{By, CountOf, How, Match, Scheme, Window},
};

/// What a scheme may ask of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingClass {
    pub unit: UnitIndex,
    /// [`NOBODY`] if there is none.
    pub second_unit: UnitIndex,
    /// Only kept apart where a scheme scores single visits.
    pub visit: Number,
    pub indicator: Number,
    /// Stratum of its site.
    pub stratum: Number,
    pub severity: Severity,
    pub found_by: Finder,
    pub status: Status,
    /// 255 and more are 255.
    pub repeated: u8,
    pub failed: u8,
    pub relapsed: bool,
    /// Found in the window; due in the window.
    pub found: bool,
    pub due: bool,
}

impl FindingClass {
    /// Whether the round counts it by that time.
    pub fn counts(&self, by: By) -> bool {
        match by {
            By::Found => self.found,
            By::Due => self.due,
        }
    }
}

/// What a scheme asks of findings beyond unit, indicator and severity: the rest need not be kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub second_unit: bool,
    pub stratum: bool,
    pub relapsed: bool,
    /// The highest numbers that are asked for.
    pub repeated: u8,
    pub failed: u8,
    /// For each word the first one that every match treats alike, in the order of the words.
    pub found_by: [Finder; 6],
    pub status: [Status; 4],
}

impl Asked {
    pub fn by(scheme: &Scheme) -> Asked {
        let mut matches: Vec<&Match> = vec![];
        let mut second_unit = false;
        for item in &scheme.items {
            match &item.how {
                How::Deduct(deduct) => {
                    second_unit |= deduct.clauses.iter().any(|clause| clause.split.is_some());
                    matches.extend(deduct.clauses.iter().map(|clause| &clause.matches));
                    matches.extend(deduct.escalations.iter().map(|each| &each.matches));
                }
                How::Count(count) if matches!(count.of, CountOf::Findings(_)) => {
                    matches.push(&count.matches);
                }
                _ => {}
            }
        }
        let highest = |number: fn(&Match) -> Option<u32>| {
            let numbers = matches.iter().filter_map(|each| number(each));
            numbers.max().unwrap_or(0).min(255) as u8
        };
        Asked {
            second_unit,
            stratum: matches.iter().any(|each| !each.strata.is_empty()),
            relapsed: matches.iter().any(|each| each.relapsed.is_some()),
            repeated: highest(|each| each.repeated),
            failed: highest(|each| each.failed),
            found_by: alike(&matches, |each| &each.found_by),
            status: alike(&matches, |each| &each.status),
        }
    }
}

/// For each word the first that stands in the same lists.
fn alike<W: Word, const WORDS: usize>(
    matches: &[&Match],
    list: fn(&Match) -> &Vec<W>,
) -> [W; WORDS] {
    let word = |index: usize| W::WORDS[index].1;
    std::array::from_fn(|index| {
        let same = |other: &usize| {
            let both = |each: &&Match| {
                list(each).contains(&word(index)) == list(each).contains(&word(*other))
            };
            matches.iter().all(both)
        };
        word((0..index).find(same).unwrap_or(index))
    })
}

/// Findings by class.
#[derive(Debug, Default)]
pub struct Tally {
    counts: FxHashMap<FindingClass, u64>,
}

impl Tally {
    pub fn add(&mut self, class: FindingClass) {
        self.add_many(class, 1);
    }

    pub fn add_many(&mut self, class: FindingClass, count: u64) {
        *self.counts.entry(class).or_default() += count;
    }

    /// The classes in a fixed order, with how many findings each has.
    pub fn classes(&self) -> Vec<(FindingClass, u64)> {
        let mut classes: Vec<_> = self
            .counts
            .iter()
            .map(|(class, count)| (*class, *count))
            .collect();
        classes.sort_unstable();
        classes
    }
}

/// Puts findings into their classes.
pub struct Classifier<'a> {
    scheme: &'a Scheme,
    window: Window,
    /// Keep the visits apart.
    by_visit: bool,
    sites: FxHashMap<&'a str, Number>,
    visits: FxHashMap<&'a str, Number>,
}

impl<'a> Classifier<'a> {
    pub fn new(
        scheme: &'a Scheme,
        window: Window,
        facts: &'a Facts,
        register: &mut Register,
        by_visit: bool,
    ) -> Self {
        let sites = facts
            .sites
            .iter()
            .map(|site| (site.id.as_str(), register.strata.number(&site.stratum)))
            .collect();
        let visits = facts
            .visits
            .iter()
            .enumerate()
            .map(|(index, visit)| (visit.id.as_str(), index as Number))
            .collect();
        Classifier {
            scheme,
            window,
            by_visit,
            sites,
            visits,
        }
    }

    /// Number of the stratum of a site; [`NOBODY`] if it is not known.
    pub fn stratum(&self, site: Option<&str>) -> Number {
        site.and_then(|site| self.sites.get(site))
            .copied()
            .unwrap_or(NOBODY)
    }

    /// The class of a finding; `None` if it counts nowhere in this round.
    pub fn class(&self, finding: &Finding, register: &mut Register) -> Option<FindingClass> {
        let found = self.window.holds(finding.found_at);
        let due = finding.due_at.is_some_and(|due| self.window.holds(due));
        let nowhere = !(found || due) || finding.excluded.is_some() || self.exempt(finding);
        let unit = register.find(&finding.unit)?;
        (!nowhere).then(|| FindingClass {
            unit,
            second_unit: finding
                .second_unit
                .as_ref()
                .and_then(|code| register.find(code))
                .unwrap_or(NOBODY),
            visit: finding
                .visit
                .as_deref()
                .filter(|_| self.by_visit)
                .and_then(|visit| self.visits.get(visit))
                .copied()
                .unwrap_or(NOBODY),
            indicator: register.indicators.number(&finding.indicator),
            stratum: self.stratum(finding.site.as_deref()),
            severity: finding.severity,
            found_by: finding.found_by,
            status: self.status(finding.rectified_at, finding.due_at),
            repeated: finding.repeated.min(255) as u8,
            failed: finding.failed.min(255) as u8,
            relapsed: finding.relapsed,
            found,
            due,
        })
    }

    pub fn status(&self, done: Option<DateTime>, due: Option<DateTime>) -> Status {
        Status::at(done, due, self.window.read)
    }

    /// Whether place, season and indicator are exempted (§3).
    pub fn exempt(&self, finding: &Finding) -> bool {
        let day = finding.found_at.date();
        self.scheme.exemptions.iter().any(|exemption| {
            exemption.from <= day
                && day <= exemption.to
                && exemption
                    .indicators
                    .iter()
                    .any(|pattern| fits(pattern, &finding.indicator))
                && (exemption.sites.is_empty()
                    || finding.site.as_deref().is_some_and(|site| {
                        exemption.sites.iter().any(|pattern| fits(pattern, site))
                    }))
        })
    }
}

/// Whether a word fits a pattern: itself, or its beginning before `*`.
pub fn fits(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(begin) => word.starts_with(begin),
        None => pattern == word,
    }
}
