//! Rows against each other, and against what is known already.

use std::collections::{HashMap, HashSet};

use assessment::facts::Facts;
use assessment::message::Message;

use super::fault::{RowFault, quoted};
use super::rows::{Placed, Rows};

/// What rows may refer to besides each other.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Units with their parents.
    pub units: HashMap<String, Option<String>>,
    pub sites: HashSet<String>,
    pub visits: HashSet<String>,
    /// Indicators of the catalogue and the scheme; `None`: any.
    pub indicators: Option<HashSet<String>>,
}

/// The facts of the rows that are right; every other row is reported. A row that refers to one that was left out is
/// left out too.
pub fn check(rows: Rows, known: &Known, faults: &mut Vec<RowFault>) -> Facts {
    let mut checker = Checker { faults };
    let units = checker.tree(rows.units, known);
    let unit_codes: HashSet<&str> = units
        .iter()
        .map(|unit| unit.code.as_str())
        .chain(known.units.keys().map(String::as_str))
        .collect();
    let unit_known = |code: &str| unit_codes.contains(code);

    let sites = checker.keep(rows.sites, |site, say| {
        say.refers("unit", "evidence-unknown-unit", &site.unit, unit_known);
    });
    let site_ids: HashSet<&str> = sites.iter().map(|site| site.id.as_str()).collect();
    let site_known = |id: &str| site_ids.contains(id) || known.sites.contains(id);

    let visits = checker.keep(rows.visits, |visit, say| {
        say.refers("unit", "evidence-unknown-unit", &visit.unit, unit_known);
        say.refers("site", "evidence-unknown-site", &visit.site, site_known);
    });
    let visit_ids: HashSet<&str> = visits.iter().map(|visit| visit.id.as_str()).collect();
    let visit_known = |id: &str| visit_ids.contains(id) || known.visits.contains(id);

    let findings = checker.keep(rows.findings, |finding, say| {
        say.refers(
            "visit",
            "evidence-unknown-visit",
            &finding.visit,
            visit_known,
        );
        say.refers("site", "evidence-unknown-site", &finding.site, site_known);
        say.refers("unit", "evidence-unknown-unit", &finding.unit, unit_known);
        say.refers(
            "second_unit",
            "evidence-unknown-unit",
            &finding.second_unit,
            unit_known,
        );
        if let Some(indicators) = &known.indicators {
            let known = |id: &str| indicators.contains(id);
            say.refers(
                "indicator",
                "evidence-unknown-indicator",
                &finding.indicator,
                known,
            );
        }
        if finding.second_unit.as_ref() == Some(&finding.unit) {
            say.fault("second_unit", "evidence-same-unit-twice", &finding.unit);
        }
    });
    let cases = checker.keep(rows.cases, |case, say| {
        say.refers("unit", "evidence-unknown-unit", &case.unit, unit_known);
    });
    let measures = checker.keep(rows.measures, |measure, say| {
        say.refers("unit", "evidence-unknown-unit", &measure.unit, unit_known);
    });
    // Results of earlier months may speak of units that are gone.
    let results = checker.keep(rows.results, |_, _| {});
    Facts {
        units,
        sites,
        visits,
        findings,
        cases,
        measures,
        results,
    }
}

struct Checker<'a> {
    faults: &'a mut Vec<RowFault>,
}

impl Checker<'_> {
    fn keep<T>(&mut self, rows: Vec<Placed<T>>, look: impl Fn(&T, &mut Say)) -> Vec<T> {
        rows.into_iter()
            .filter_map(|placed| {
                let before = self.faults.len();
                let mut say = Say {
                    sheet: &placed.sheet,
                    row: placed.row,
                    faults: self.faults,
                };
                look(&placed.fact, &mut say);
                (self.faults.len() == before).then_some(placed.fact)
            })
            .collect()
    }

    /// Units whose parents are known and lead to a root.
    fn tree(
        &mut self,
        mut rows: Vec<Placed<assessment::unit::Unit>>,
        known: &Known,
    ) -> Vec<assessment::unit::Unit> {
        loop {
            let parents: HashMap<String, Option<String>> = known
                .units
                .iter()
                .map(|(code, parent)| (code.clone(), parent.clone()))
                .chain(
                    rows.iter()
                        .map(|row| (row.fact.code.clone(), row.fact.parent.clone())),
                )
                .collect();
            let before = rows.len();
            rows.retain(|placed| {
                let mut say = Say {
                    sheet: &placed.sheet,
                    row: placed.row,
                    faults: self.faults,
                };
                let Some(parent) = &placed.fact.parent else {
                    return true;
                };
                if !parents.contains_key(parent) {
                    say.fault("parent", "evidence-unknown-unit", parent);
                } else if in_circle(&placed.fact.code, &parents) {
                    say.fault("parent", "evidence-unit-below-itself", parent);
                } else {
                    return true;
                }
                false
            });
            if rows.len() == before {
                return rows.into_iter().map(|placed| placed.fact).collect();
            }
        }
    }
}

fn in_circle(code: &str, parents: &HashMap<String, Option<String>>) -> bool {
    let mut above = code;
    for _ in 0..=parents.len() {
        match parents.get(above) {
            Some(Some(parent)) if parent == code => return true,
            Some(Some(parent)) => above = parent,
            _ => return false,
        }
    }
    // A circle further up, which this unit is not part of.
    false
}

/// Reports about one row.
struct Say<'a> {
    sheet: &'a str,
    row: usize,
    faults: &'a mut Vec<RowFault>,
}

impl Say<'_> {
    fn fault(&mut self, column: &str, key: &'static str, text: &str) {
        self.faults.push(RowFault {
            row: self.row,
            column: column.to_owned(),
            text: quoted(text),
            ..RowFault::of_sheet(self.sheet, Message::new(key).with("text", text))
        });
    }

    fn refers<'t>(
        &mut self,
        column: &str,
        key: &'static str,
        to: impl Into<Reference<'t>>,
        known: impl Fn(&str) -> bool,
    ) {
        if let Some(id) = to.into().0
            && !known(id)
        {
            self.fault(column, key, id);
        }
    }
}

struct Reference<'a>(Option<&'a str>);

impl<'a> From<&'a String> for Reference<'a> {
    fn from(id: &'a String) -> Self {
        Self(Some(id))
    }
}

impl<'a> From<&'a Option<String>> for Reference<'a> {
    fn from(id: &'a Option<String>) -> Self {
        Self(id.as_deref())
    }
}
