//! Rows against each other, and against what is known already.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use assessment::case::Case;
use assessment::facts::{Facts, Measure, PastResult};
use assessment::finding::Finding;
use assessment::inspection::{Site, Visit};
use assessment::message::Message;
use assessment::unit::Unit;

use super::fault::{RowFault, quoted};
use super::rows::{Placed, Rows};
use super::sheet::Origin;

/// What rows may refer to besides each other.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub units: Vec<Unit>,
    pub sites: HashSet<String>,
    pub visits: HashSet<String>,
    /// Indicators of the catalogue and the scheme with their titles; `None`: any.
    pub indicators: Option<Vec<(String, String)>>,
}

/// The facts of the rows that are right; every other row is reported. A row that refers to one that was left out is
/// left out too. Units and indicators that are named by their exact names are replaced by their codes.
pub fn check(rows: Rows, known: &Known, faults: &mut Vec<RowFault>) -> Facts {
    let units = tree(rows.units, &known.units, faults);
    let names = Names::new(
        units
            .iter()
            .chain(&known.units)
            .map(|unit| (&unit.code, &unit.name)),
    );
    let indicators = known.indicators.as_ref();
    let indicators =
        indicators.map(|known| Names::new(known.iter().map(|(id, title)| (id, title))));

    let sites = keep(rows.sites, faults, |site, say| {
        say.name(&UNIT, &mut site.unit, &names);
    });
    let site_ids: HashSet<&str> = sites.iter().map(|site| site.id.as_str()).collect();
    let site_known = |id: &str| site_ids.contains(id) || known.sites.contains(id);

    let visits = keep(rows.visits, faults, |visit, say| {
        say.name(&UNIT, &mut visit.unit, &names);
        say.refers(
            "site",
            "evidence-unknown-site",
            visit.site.as_deref(),
            site_known,
        );
    });
    let visit_ids: HashSet<&str> = visits.iter().map(|visit| visit.id.as_str()).collect();
    let visit_known = |id: &str| visit_ids.contains(id) || known.visits.contains(id);

    let findings = keep(rows.findings, faults, |finding, say| {
        say.refers(
            "visit",
            "evidence-unknown-visit",
            finding.visit.as_deref(),
            visit_known,
        );
        say.refers(
            "site",
            "evidence-unknown-site",
            finding.site.as_deref(),
            site_known,
        );
        say.name(&UNIT, &mut finding.unit, &names);
        if let Some(second) = &mut finding.second_unit {
            say.name(&SECOND_UNIT, second, &names);
            if *second == finding.unit {
                say.fault(
                    "second_unit",
                    Message::new("evidence-same-unit-twice"),
                    second,
                );
            }
        }
        if let Some(indicators) = &indicators {
            say.name(&INDICATOR, &mut finding.indicator, indicators);
        }
    });
    let cases = keep(rows.cases, faults, |case, say| {
        say.name(&UNIT, &mut case.unit, &names);
    });
    let measures = keep(rows.measures, faults, |measure, say| {
        if let Some(unit) = &mut measure.unit {
            say.name(&UNIT, unit, &names);
        }
    });
    let results = keep(rows.results, faults, |result, _| {
        // Results of earlier months may speak of units that are gone.
        if let Name::Code(code) = names.find(&result.unit) {
            result.unit = code.to_owned();
        }
    });
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

/// Units whose parents are known and lead to a root.
fn tree(mut rows: Vec<Placed<Unit>>, known: &[Unit], faults: &mut Vec<RowFault>) -> Vec<Unit> {
    loop {
        let all: Vec<&Unit> = known
            .iter()
            .chain(rows.iter().map(|row| &row.fact))
            .collect();
        let names = Names::new(all.iter().map(|unit| (&unit.code, &unit.name)));
        let mut changes = Vec::new();
        let parents: HashMap<&str, Option<&str>> = all
            .iter()
            .map(|unit| {
                let parent = unit.parent.as_deref();
                let parent = parent.map(|parent| match names.find(parent) {
                    Name::Code(code) => code,
                    _ => parent,
                });
                (unit.code.as_str(), parent)
            })
            .collect();
        for placed in &rows {
            let mut parent = placed.fact.parent.clone();
            let mut say = Say {
                origin: &placed.origin,
                row: placed.row,
                faults: Vec::new(),
            };
            if let Some(parent) = &mut parent {
                say.name(&PARENT, parent, &names);
                if in_circle(&placed.fact.code, &parents) {
                    say.fault("parent", Message::new("evidence-unit-below-itself"), parent);
                }
            }
            changes.push((parent, say.faults.is_empty()));
            faults.extend(say.faults);
        }
        let whole = changes.iter().all(|(_, sound)| *sound);
        let rest = rows
            .into_iter()
            .zip(changes)
            .filter(|(_, (_, sound))| *sound);
        rows = rest
            .map(|(mut placed, (parent, _))| {
                placed.fact.parent = parent;
                placed
            })
            .collect();
        if whole {
            return keep(rows, faults, |_, _| ());
        }
    }
}

fn in_circle(code: &str, parents: &HashMap<&str, Option<&str>>) -> bool {
    let mut above = code;
    for _ in 0..=parents.len() {
        match parents.get(above) {
            Some(Some(parent)) if *parent == code => return true,
            Some(Some(parent)) => above = parent,
            _ => return false,
        }
    }
    // A circle further up, which this unit is not part of.
    false
}

/// The facts that `look` finds nothing wrong with, the first of those with the same key.
fn keep<T: Keyed>(
    rows: Vec<Placed<T>>,
    faults: &mut Vec<RowFault>,
    look: impl Fn(&mut T, &mut Say),
) -> Vec<T> {
    let mut first: HashMap<Vec<String>, (Arc<Origin>, usize)> = HashMap::new();
    let mut kept = Vec::with_capacity(rows.len());
    for Placed {
        origin,
        row,
        mut fact,
    } in rows
    {
        let mut say = Say {
            origin: &origin,
            row,
            faults: Vec::new(),
        };
        look(&mut fact, &mut say);
        if say.faults.is_empty() {
            let key = fact.key();
            if let Some((other, row)) = first.get(&key) {
                let message = Message::new("evidence-duplicate")
                    .with("sheet", other.sheet.as_str())
                    .with("row", *row);
                say.fault(T::COLUMN, message, &key.join(" "));
            } else {
                first.insert(key, (origin.clone(), row));
            }
        }
        if say.faults.is_empty() {
            kept.push(fact);
        }
        faults.extend(say.faults);
    }
    kept
}

/// What tells two facts of a kind apart.
pub trait Keyed {
    /// The values of the key's columns.
    fn key(&self) -> Vec<String>;
    /// The column that is named when two facts have the same key.
    const COLUMN: &'static str;
}

macro_rules! keyed {
    ($($fact:ident: $column:literal, $($part:ident)+;)*) => {$(
        impl Keyed for $fact {
            fn key(&self) -> Vec<String> {
                vec![$(self.$part.to_string()),+]
            }
            const COLUMN: &'static str = $column;
        }
    )*};
}

keyed! {
    Unit: "code", code;
    Site: "id", id;
    Visit: "id", id;
    Finding: "id", id;
    Case: "id", id;
    PastResult: "name", series month name unit;
}

impl Keyed for Measure {
    fn key(&self) -> Vec<String> {
        vec![self.key.clone(), self.unit.clone().unwrap_or_default()]
    }
    const COLUMN: &'static str = "key";
}

/// Codes, and names that stand for them.
struct Names<'a> {
    codes: HashSet<&'a str>,
    by_name: HashMap<&'a str, Vec<&'a str>>,
}

enum Name<'a> {
    Code(&'a str),
    /// The name of several.
    Ambiguous(Vec<&'a str>),
    Unknown,
}

impl<'a> Names<'a> {
    fn new(all: impl Iterator<Item = (&'a String, &'a String)>) -> Self {
        let mut names = Self {
            codes: HashSet::new(),
            by_name: HashMap::new(),
        };
        for (code, name) in all {
            names.codes.insert(code);
            let codes = names.by_name.entry(name.as_str()).or_default();
            if !codes.contains(&code.as_str()) {
                codes.push(code);
            }
        }
        names
    }

    fn find(&self, text: &str) -> Name<'a> {
        if let Some(code) = self.codes.get(text) {
            return Name::Code(code);
        }
        match self.by_name.get(text).map(Vec::as_slice) {
            Some([code]) => Name::Code(code),
            Some(codes) => Name::Ambiguous(codes.to_vec()),
            None => Name::Unknown,
        }
    }
}

/// A column that names something by code or by name, and what is said if it does not.
struct Naming {
    column: &'static str,
    unknown: &'static str,
}

const UNIT: Naming = Naming {
    column: "unit",
    unknown: "evidence-unknown-unit",
};
const SECOND_UNIT: Naming = Naming {
    column: "second_unit",
    ..UNIT
};
const PARENT: Naming = Naming {
    column: "parent",
    ..UNIT
};
const INDICATOR: Naming = Naming {
    column: "indicator",
    unknown: "evidence-unknown-indicator",
};

/// Reports about one row.
struct Say<'a> {
    origin: &'a Origin,
    row: usize,
    faults: Vec<RowFault>,
}

impl Say<'_> {
    fn fault(&mut self, column: &str, message: Message, text: &str) {
        self.faults.push(RowFault {
            row: self.row,
            column: self.origin.title(column).to_owned(),
            text: quoted(text),
            ..RowFault::of_sheet(&self.origin.sheet, message)
        });
    }

    fn refers(
        &mut self,
        column: &str,
        key: &'static str,
        id: Option<&str>,
        known: impl Fn(&str) -> bool,
    ) {
        if let Some(id) = id
            && !known(id)
        {
            self.fault(column, Message::new(key).with("text", id), id);
        }
    }

    fn name(&mut self, naming: &Naming, text: &mut String, names: &Names) {
        match names.find(text) {
            Name::Code(code) => *text = code.to_owned(),
            Name::Ambiguous(codes) => {
                let message = Message::new("evidence-ambiguous-name")
                    .with("text", text.as_str())
                    .with("codes", codes.join(", "));
                self.fault(naming.column, message, text);
            }
            Name::Unknown => {
                let message = Message::new(naming.unknown).with("text", text.as_str());
                self.fault(naming.column, message, text);
            }
        }
    }
}
