//! Facts as they stand in the sheets, each with its place.

use std::collections::HashMap;
use std::sync::Arc;

use assessment::case::Case;
use assessment::facts::{Measure, PastResult};
use assessment::finding::{Finder, Finding, Severity};
use assessment::inspection::{Site, Visit};
use assessment::message::Message;
use assessment::unit::Unit;

use super::fault::RowFault;
use super::kind::Kind;
use super::row::Row;
use super::sheet::Sheet;

/// A fact and where it stands.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    pub sheet: Arc<str>,
    pub row: usize,
    pub fact: T,
}

/// What was read from any number of sheets.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    pub units: Vec<Placed<Unit>>,
    pub sites: Vec<Placed<Site>>,
    pub visits: Vec<Placed<Visit>>,
    pub findings: Vec<Placed<Finding>>,
    pub cases: Vec<Placed<Case>>,
    pub measures: Vec<Placed<Measure>>,
    pub results: Vec<Placed<PastResult>>,
}

impl Rows {
    /// Adds the rows of a sheet; those that cannot be read are reported and left out.
    pub fn read(&mut self, sheet: &Sheet, kind: Kind, faults: &mut Vec<RowFault>) {
        let Some(at) = sheet.columns_of(kind, faults) else {
            return;
        };
        let place = Place { sheet, kind, at };
        match kind {
            Kind::Units => place.facts(&mut self.units, faults, unit),
            Kind::Sites => place.facts(&mut self.sites, faults, site),
            Kind::Visits => place.facts(&mut self.visits, faults, visit),
            Kind::Findings => place.facts(&mut self.findings, faults, finding),
            Kind::Cases => place.facts(&mut self.cases, faults, case),
            Kind::Measures => place.facts(&mut self.measures, faults, measure),
            Kind::Results => place.facts(&mut self.results, faults, result),
        }
    }
}

/// What tells two facts of a kind apart.
pub trait Keyed {
    /// The columns of the key, joined.
    fn key(&self) -> String;
    /// The column that is named when two facts have the same key.
    const COLUMN: &'static str;
}

macro_rules! keyed {
    ($($fact:ident: $column:literal, $($part:ident)+;)*) => {$(
        impl Keyed for $fact {
            fn key(&self) -> String {
                [$(text(&self.$part)),+].join("\u{1f}")
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
    fn key(&self) -> String {
        format!(
            "{}\u{1f}{}",
            self.key,
            self.unit.as_deref().unwrap_or_default()
        )
    }
    const COLUMN: &'static str = "key";
}

fn text(part: &impl ToString) -> String {
    part.to_string()
}

struct Place<'a> {
    sheet: &'a Sheet,
    kind: Kind,
    at: Vec<Option<usize>>,
}

impl Place<'_> {
    fn facts<T: Keyed>(
        &self,
        into: &mut Vec<Placed<T>>,
        faults: &mut Vec<RowFault>,
        fact: impl Fn(Row) -> Option<T>,
    ) {
        let mut first: HashMap<String, usize> = into
            .iter()
            .map(|placed| (placed.fact.key(), placed.row))
            .collect();
        let name: Arc<str> = self.sheet.name.as_str().into();
        for record in &self.sheet.rows {
            let row = Row::new(self.sheet, self.kind, &self.at, record, faults);
            let Some(fact) = fact(row) else { continue };
            let key = fact.key();
            if let Some(first) = first.get(&key) {
                faults.push(RowFault {
                    row: record.0,
                    column: T::COLUMN.to_owned(),
                    text: key.replace('\u{1f}', " "),
                    ..RowFault::of_sheet(
                        &name,
                        Message::new("evidence-duplicate").with("row", *first),
                    )
                });
                continue;
            }
            first.insert(key, record.0);
            into.push(Placed {
                sheet: name.clone(),
                row: record.0,
                fact,
            });
        }
    }
}

fn unit(mut row: Row) -> Option<Unit> {
    let code = row.id("code");
    let name = row.text("name");
    let kind = row.id("kind");
    let parent = row.opt_id("parent");
    let attributes = row.pairs("attributes");
    row.make(|| {
        Some(Unit {
            code: code?,
            name: name?,
            kind: kind?,
            parent,
            attributes,
        })
    })
}

fn site(mut row: Row) -> Option<Site> {
    let id = row.id("id");
    let unit = row.id("unit");
    let name = row.text("name");
    let stratum = row.opt_id("stratum");
    let length_m = row.opt_length("length_m");
    let place = row.position();
    row.make(|| {
        Some(Site {
            id: id?,
            unit: unit?,
            name: name?,
            stratum: stratum.unwrap_or_default(),
            length_m,
            place,
        })
    })
}

fn visit(mut row: Row) -> Option<Visit> {
    let id = row.id("id");
    let unit = row.id("unit");
    let site = row.opt_id("site");
    let at = row.time("at");
    let length_m = row.opt_length("length_m");
    let grades = row.pairs("grades");
    row.make(|| {
        Some(Visit {
            id: id?,
            unit: unit?,
            site,
            at: at?,
            length_m,
            grades,
        })
    })
}

/// Severity as people write it.
pub const SEVERITIES: [(&str, Severity); 5] = [
    ("轻微", Severity::Minor),
    ("一般", Severity::General),
    ("严重", Severity::Serious),
    ("较轻", Severity::Minor),
    ("较重", Severity::Serious),
];

/// Finders as people write them.
pub const FINDERS: [(&str, Finder); 9] = [
    ("第三方", Finder::Agency),
    ("市民", Finder::Citizen),
    ("领导", Finder::Leader),
    ("媒体", Finder::Media),
    ("省级", Finder::Province),
    ("自查", Finder::Own),
    ("暗访", Finder::Agency),
    ("群众", Finder::Citizen),
    ("省", Finder::Province),
];

/// Why a finding does not count, as people write it.
pub const EXCLUSIONS: [(&str, &str); 4] = [
    ("申诉", "appeal"),
    ("重复", "duplicate"),
    ("作废", "void"),
    ("申诉成立", "appeal"),
];

fn finding(mut row: Row) -> Option<Finding> {
    let id = row.id("id");
    let visit = row.opt_id("visit");
    let site = row.opt_id("site");
    let unit = row.id("unit");
    let second_unit = row.opt_id("second_unit");
    let indicator = row.id("indicator");
    let severity = row.word("severity", &SEVERITIES);
    let found_by = row.word("found_by", &FINDERS);
    let found_at = row.time("found_at");
    let due_at = row.opt_time("due_at");
    let rectified_at = row.opt_time("rectified_at");
    row.in_order(("found_at", found_at), ("due_at", due_at));
    row.in_order(("found_at", found_at), ("rectified_at", rectified_at));
    let repeated = row.count("repeated");
    let relapsed = row.flag("relapsed");
    let failed = row.count("failed");
    let excluded = row.opt_word("excluded", &EXCLUSIONS);
    let value = row.opt_text("value");
    let place = row.opt_text("place");
    let position = row.position();
    let photos = row.digests("photos");
    row.make(|| {
        Some(Finding {
            id: id?,
            visit,
            site,
            unit: unit?,
            second_unit,
            indicator: indicator?,
            severity: severity?,
            found_by: found_by?,
            found_at: found_at?,
            due_at,
            rectified_at,
            repeated,
            relapsed,
            failed,
            excluded: excluded.map(str::to_owned),
            value,
            place: place.unwrap_or_default(),
            position,
            photos,
        })
    })
}

fn case(mut row: Row) -> Option<Case> {
    let id = row.id("id");
    let unit = row.id("unit");
    let category = row.opt_id("category");
    let dispatched_at = row.time("dispatched_at");
    let due_at = row.opt_time("due_at");
    let handled_at = row.opt_time("handled_at");
    let voided_at = row.opt_time("voided_at");
    for (column, time) in [
        ("due_at", due_at),
        ("handled_at", handled_at),
        ("voided_at", voided_at),
    ] {
        row.in_order(("dispatched_at", dispatched_at), (column, time));
    }
    let extended = row.count("extended");
    let suspended = row.flag("suspended");
    let returned = row.count("returned");
    let reworked = row.count("reworked");
    row.make(|| {
        Some(Case {
            id: id?,
            unit: unit?,
            category: category.unwrap_or_default(),
            dispatched_at: dispatched_at?,
            due_at,
            handled_at,
            voided_at,
            extended,
            suspended,
            returned,
            reworked,
        })
    })
}

fn measure(mut row: Row) -> Option<Measure> {
    let key = row.id("key");
    let unit = row.opt_id("unit");
    let value = row.number("value");
    row.make(|| {
        Some(Measure {
            key: key?,
            unit,
            value: value?,
        })
    })
}

fn result(mut row: Row) -> Option<PastResult> {
    let series = row.id("series");
    let month = row.month("month");
    let name = row.id("name");
    let unit = row.id("unit");
    let value = row.number("value");
    row.make(|| {
        Some(PastResult {
            series: series?,
            month: month?,
            name: name?,
            unit: unit?,
            value: value?,
        })
    })
}
