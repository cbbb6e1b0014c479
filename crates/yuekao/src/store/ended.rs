//! Units that ended before the month of a round in which their rows still count.
//!
//! A cut-off on the 25th puts the last days of December into January's round, and a finding of December may fall due
//! in January. If its unit was merged at the new year, the facts carry the unit as it was on the row's date, below the
//! unit that answered for it then. Where nobody who takes part in January stands above it, the round is refused: who
//! answers for the row now is for the office to say.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use assessment::facts::{Facts, time_text};
use assessment::ground::participants_of;
use assessment::message::Message;
use assessment::month::Month;
use assessment::rules::Rules;
use assessment::scheme::{How, Window};
use assessment::unit::Unit;
use jiff::civil::DateTime;

use super::evidence::unit_of;
use super::unit::UnitRow;
use super::{Error, Result};

/// Units that ended, each as it was in the month of its last row.
#[derive(Debug, Default)]
pub struct Ended {
    /// By code, with the last month in which it was.
    units: BTreeMap<String, (Unit, String)>,
}

impl Ended {
    /// Those among `spans` that are named, with months such as `2023-12`, and are not among the units of the round;
    /// units above them that ended as well come along.
    pub fn find(named: Vec<(String, String)>, current: &[Unit], spans: &[UnitRow]) -> Self {
        let known: HashSet<&str> = current.iter().map(|unit| unit.code.as_str()).collect();
        let mut by_code: HashMap<&str, Vec<&UnitRow>> = HashMap::new();
        for span in spans {
            by_code.entry(&span.code).or_default().push(span);
        }
        let mut ended = Self::default();
        let mut wanted = named;
        // The latest month of a unit comes first.
        wanted.sort_by(|(_, a), (_, b)| b.cmp(a));
        let mut wanted: std::collections::VecDeque<_> = wanted.into();
        while let Some((code, month)) = wanted.pop_front() {
            if known.contains(code.as_str()) || ended.units.contains_key(&code) {
                continue;
            }
            let spans = by_code.get(code.as_str()).into_iter().flatten();
            // The last that had begun by then; a row after the unit's end has it as it was at the end.
            let Some(span) = spans.filter(|span| span.valid_from <= month).next_back() else {
                continue;
            };
            let unit = unit_of((*span).clone());
            let last = span.valid_to.clone().unwrap_or_else(|| month.clone());
            wanted.extend(unit.parent.clone().map(|parent| (parent, month)));
            ended.units.insert(code, (unit, last));
        }
        ended
    }

    /// The units.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values().map(|(unit, _)| unit)
    }

    /// Leaves out of the facts of a round those that no row needs.
    ///
    /// # Errors
    /// A row whose unit was itself one of those who are compared, so that nobody answers for it now.
    pub fn settle(
        &self,
        rules: &Rules,
        month: Month,
        window: &Window,
        current: &[Unit],
        facts: &mut Facts,
    ) -> Result<()> {
        if self.units.is_empty() {
            return Ok(());
        }
        let refused = |refusal: assessment::refusal::Refusal| Error::Refused(refusal.message());
        let part = participants_of(rules, current).map_err(refused)?;
        let rows = rows(rules, window, facts);
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        let others = facts
            .visits
            .iter()
            .map(|visit| visit.unit.as_str())
            .chain(facts.sites.iter().map(|site| site.unit.as_str()));
        for code in rows.iter().map(|row| row.unit).chain(others) {
            needed.extend(self.line(code).map(|unit| unit.code.as_str()));
        }
        let all: Vec<Unit> = current
            .iter()
            .chain(
                self.units()
                    .filter(|unit| needed.contains(unit.code.as_str())),
            )
            .cloned()
            .collect();
        let with_them = participants_of(rules, &all).map_err(refused)?;
        let parents: HashSet<Option<&str>> = current
            .iter()
            .filter(|unit| part.contains(&unit.code))
            .map(|unit| unit.parent.as_deref())
            .collect();
        for row in &rows {
            let orphan = self.line(row.unit).find(|unit| {
                with_them.contains(&unit.code)
                    || row.scored && parents.contains(&unit.parent.as_deref())
            });
            if let Some(unit) = orphan {
                return Err(Error::Refused(
                    Message::new("store-unit-ended")
                        .with("kind", row.kind)
                        .with("row", row.id)
                        .with("day", time_text(row.at))
                        .with("unit", unit.code.as_str())
                        .with("name", unit.name.as_str())
                        .with("last", self.units[&unit.code].1.as_str())
                        .with("month", month),
                ));
            }
        }
        let needed: HashSet<String> = needed.into_iter().map(str::to_owned).collect();
        facts.units.retain(|unit| {
            !self.units.contains_key(&unit.code)
                || needed.contains(&unit.code) && !with_them.contains(&unit.code)
        });
        Ok(())
    }

    /// The unit and those above it, as far as they have ended.
    fn line<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Unit> {
        let mut steps = self.units.len();
        std::iter::successors(self.units.get(code), move |(unit, _)| {
            steps = steps.checked_sub(1)?;
            self.units.get(unit.parent.as_deref()?)
        })
        .map(|(unit, _)| unit)
    }
}

/// A row that somebody has to answer for.
struct Answered<'a> {
    kind: &'static str,
    id: &'a str,
    unit: &'a str,
    at: DateTime,
    /// Whether the rules look at the unit here: at a second one only if a clause splits its points.
    scored: bool,
}

fn rows<'a>(rules: &Rules, window: &Window, facts: &'a Facts) -> Vec<Answered<'a>> {
    let splits = rules.scheme.items.iter().any(|item| match &item.how {
        How::Deduct(deduct) => deduct.clauses.iter().any(|clause| clause.split.is_some()),
        _ => false,
    });
    let row = |kind, id, unit, at| Answered {
        kind,
        id,
        unit,
        at,
        scored: true,
    };
    let findings = facts.findings.iter().flat_map(|one| {
        let first = row("finding", one.id.as_str(), one.unit.as_str(), one.found_at);
        let second = one.second_unit.as_deref().map(|unit| Answered {
            scored: splits,
            ..row("finding", one.id.as_str(), unit, one.found_at)
        });
        std::iter::once(first).chain(second)
    });
    let visits = facts
        .visits
        .iter()
        .filter(|visit| window.holds(visit.at))
        .map(|visit| row("visit", visit.id.as_str(), visit.unit.as_str(), visit.at));
    let cases = facts.cases.iter().map(|case| {
        row(
            "case",
            case.id.as_str(),
            case.unit.as_str(),
            case.dispatched_at,
        )
    });
    findings.chain(visits).chain(cases).collect()
}
