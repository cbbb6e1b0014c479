//! Facts as they stand in the sheets, each with its place.

use std::collections::HashMap;
use std::sync::Arc;

use assessment::case::Case;
use assessment::facts::{Measure, PastResult};
use assessment::finding::Finding;
use assessment::inspection::{Site, Visit};
use assessment::month::Month;
use assessment::unit::Unit;

use super::board::{BoardRow, ShareRow};
use super::fault::RowFault;
use super::kind::Kind;
use super::row::Row;
use super::sheet::{Origin, Table};
use crate::datum::Datum;

/// A fact and where it stands.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    pub origin: Arc<Origin>,
    pub row: usize,
    pub fact: T,
}

/// What was read from any number of sheets.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    pub units: Vec<Placed<Unit>>,
    /// The last months of units that end, by code.
    pub ends: HashMap<String, Month>,
    pub sites: Vec<Placed<Site>>,
    pub visits: Vec<Placed<Visit>>,
    pub findings: Vec<Placed<Finding>>,
    pub cases: Vec<Placed<Case>>,
    pub measures: Vec<Placed<Measure>>,
    pub results: Vec<Placed<PastResult>>,
    pub boards: Vec<Placed<BoardRow>>,
    pub shares: Vec<Placed<ShareRow>>,
}

impl Rows {
    /// Adds the rows of a table; those that cannot be read are reported and left out. Coordinates are of `datum` unless
    /// the row says otherwise.
    pub fn read(&mut self, table: &Table, datum: Datum, faults: &mut Vec<RowFault>) {
        match table.kind {
            Kind::Units => {
                let ends = &mut self.ends;
                read(table, datum, &mut self.units, faults, |row| unit(row, ends));
            }
            Kind::Sites => read(table, datum, &mut self.sites, faults, site),
            Kind::Visits => read(table, datum, &mut self.visits, faults, visit),
            Kind::Findings => read(table, datum, &mut self.findings, faults, finding),
            Kind::Cases => read(table, datum, &mut self.cases, faults, case),
            Kind::Measures => read(table, datum, &mut self.measures, faults, measure),
            Kind::Results => read(table, datum, &mut self.results, faults, result),
            Kind::Boards => read(table, datum, &mut self.boards, faults, board),
            Kind::Shares => read(table, datum, &mut self.shares, faults, share),
        }
    }
}

fn read<T>(
    table: &Table,
    datum: Datum,
    into: &mut Vec<Placed<T>>,
    faults: &mut Vec<RowFault>,
    mut fact: impl FnMut(Row) -> Option<T>,
) {
    for record in table.rows() {
        if let Some(fact) = fact(Row::new(table, datum, record, faults)) {
            into.push(Placed {
                origin: table.origin.clone(),
                row: record.0,
                fact,
            });
        }
    }
}

fn unit(mut row: Row, ends: &mut HashMap<String, Month>) -> Option<Unit> {
    let code = row.id("code");
    let name = row.text("name");
    let kind = row.open_word("kind");
    let parent = row.opt_id("parent");
    let attributes = row.pairs("attributes");
    // Who writes the last month of the calendar means that there is none.
    let to = row.opt_month("to").filter(|to| *to < to.plus(1));
    let unit = row.make(|| {
        Some(Unit {
            code: code?,
            name: name?,
            kind: kind?,
            parent,
            attributes,
        })
    })?;
    if let Some(to) = to {
        ends.entry(unit.code.clone()).or_insert(to);
    }
    Some(unit)
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

fn finding(mut row: Row) -> Option<Finding> {
    let id = row.id("id");
    let visit = row.opt_id("visit");
    let site = row.opt_id("site");
    let unit = row.id("unit");
    let second_unit = row.opt_id("second_unit");
    let indicator = row.id("indicator");
    let severity = row.word("severity");
    let found_by = row.word("found_by");
    let found_at = row.time("found_at");
    let due_at = row.opt_deadline("due_at");
    let rectified_at = row.opt_time("rectified_at");
    row.in_order(("found_at", found_at), ("due_at", due_at));
    row.in_order(("found_at", found_at), ("rectified_at", rectified_at));
    let repeated = row.count("repeated");
    let relapsed = row.flag("relapsed");
    let failed = row.count("failed");
    let excluded = row.opt_word("excluded");
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
    let due_at = row.opt_deadline("due_at");
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

fn board(mut row: Row) -> Option<BoardRow> {
    let period = row.month("period");
    let unit = row.text("unit");
    let score = row.number("score");
    let printed = row.opt_id("score");
    let rank = row.opt_count("rank");
    let source = row.opt_text("source");
    row.make(|| {
        Some(BoardRow {
            period: period?,
            unit: unit?,
            score: score?,
            printed: printed?,
            rank,
            source: source.unwrap_or_default(),
        })
    })
}

fn share(mut row: Row) -> Option<ShareRow> {
    let period = row.month("period");
    let block = row.opt_id("block");
    let category = row.text("category");
    let count = row.count_of("count");
    let share = row.opt_percentage("share");
    let total = row.opt_count("total");
    let source = row.opt_text("source");
    row.make(|| {
        Some(ShareRow {
            period: period?,
            block: block.unwrap_or_default(),
            category: category?,
            count: count?,
            share,
            total,
            source: source.unwrap_or_default(),
        })
    })
}
