//! Rows of a file against the rows that are kept.

use std::collections::{BTreeMap, HashMap};

use assessment::facts::{FILES, Facts, PastResult};
use assessment::month::Month;
use assessment::unit::Unit;
use serde_json::{Map, Value};

use super::super::fault::RowFault;
use super::super::photo::Photo;
use super::{Change, Count, Options};
use crate::store::area::AreaRow;
use crate::store::board::BoardTable;
use crate::store::evidence::{rows_of, unit_of};
use crate::store::import::Taking;
use crate::store::unit::{UnitRow, left_below, still_below};
use crate::store::{Result, Store};

pub struct Comparison<'a> {
    store: &'a Store,
    options: &'a Options,
    counts: Vec<Count>,
    changes: Vec<Change>,
    taking: Taking,
}

impl<'a> Comparison<'a> {
    pub fn new(store: &'a Store, options: &'a Options) -> Self {
        Self {
            store,
            options,
            counts: Vec::new(),
            changes: Vec::new(),
            taking: Taking::default(),
        }
    }

    pub fn done(self) -> (Vec<Count>, Vec<Change>, Taking) {
        (self.counts, self.changes, self.taking)
    }

    /// Notes a row; whether it has to be taken.
    fn note(
        &mut self,
        kind: &'static str,
        id: &str,
        columns: &[&str],
        kept: Option<&[String]>,
        row: &[String],
    ) -> bool {
        let at = self
            .counts
            .iter()
            .position(|count| count.kind == kind)
            .unwrap_or_else(|| {
                self.counts.push(Count {
                    kind,
                    new: 0,
                    changed: 0,
                    same: 0,
                });
                self.counts.len() - 1
            });
        let count = &mut self.counts[at];
        match kept {
            None => count.new += 1,
            Some(kept) if kept == row => {
                count.same += 1;
                return false;
            }
            Some(kept) => {
                count.changed += 1;
                let cells = columns.iter().zip(kept).zip(row);
                let cells = cells.filter(|((_, before), after)| before != after);
                self.changes.push(Change {
                    kind,
                    id: id.to_owned(),
                    cells: cells
                        .map(|((column, before), after)| {
                            ((*column).into(), before.clone(), after.clone())
                        })
                        .collect(),
                });
            }
        }
        true
    }

    pub fn units(&mut self, units: &[Unit], ends: &HashMap<String, Month>, spans: &[UnitRow]) {
        let Some(month) = self.options.month else {
            return;
        };
        let columns: Vec<&str> = FILES[0].1.iter().copied().chain(["to"]).collect();
        for unit in units {
            let own: Vec<&UnitRow> = spans.iter().filter(|span| span.code == unit.code).collect();
            let kept = own.iter().find(|span| holds(span, month));
            let to = ends.get(&unit.code).map(Month::to_string);
            let cells = |unit, to: Option<&String>| {
                let mut cells = cells(unit);
                cells.extend(to.cloned());
                cells
            };
            let row = cells(unit.clone(), to.as_ref());
            // A file that does not say when a unit ends leaves that as it is.
            let none = String::new();
            let before = kept.map(|kept| {
                let until = kept.valid_to.as_ref().unwrap_or(&none);
                cells(unit_of((*kept).clone()), to.as_ref().map(|_| until))
            });
            if self.note("units", &unit.code, &columns, before.as_deref(), &row) {
                let mut new = new_spans(unit, &own, month);
                if let Some(last) = new.last_mut().filter(|_| to.is_some()) {
                    last.valid_to = to;
                }
                self.taking.units.extend(new);
            }
        }
    }

    /// A word about each unit that ends while others stay below it.
    pub fn left_below(&self, ends: &HashMap<String, Month>, kept: &[UnitRow]) -> Vec<RowFault> {
        let mut spans: BTreeMap<(&str, &str), &UnitRow> = BTreeMap::new();
        for span in kept.iter().chain(&self.taking.units) {
            spans.insert((&span.code, &span.valid_from), span);
        }
        let spans: Vec<UnitRow> = spans.into_values().cloned().collect();
        let ended = self.taking.units.iter().filter_map(|unit| {
            let last = *ends.get(&unit.code)?;
            (unit.valid_to == Some(last.to_string())).then_some((unit, last))
        });
        ended
            .filter_map(|(unit, last)| {
                let left = left_below(&spans, &unit.code, last);
                let said = || RowFault::of_sheet("", still_below(&unit.name, last, &left));
                (!left.is_empty()).then(|| said().as_warning())
            })
            .collect()
    }

    pub async fn evidence(&mut self, facts: &Facts) -> Result<()> {
        // Only measures ask for the month, and they are refused without one.
        let month = self
            .options
            .month
            .or_else(|| Month::new(1, 1))
            .expect("a month");
        for row in rows_of(facts, month) {
            let columns = FILES
                .iter()
                .find(|(file, _)| file.strip_suffix(".csv") == Some(&row.kind));
            let (file, columns) = columns.expect("rows are of a canonical file");
            let kind = file.trim_end_matches(".csv");
            let kept = self
                .store
                .evidence_row(&self.options.series, kind, &row.id)
                .await?;
            if self.note(kind, &row.id, columns, kept.as_deref(), &row.cells) {
                self.taking.rows.push(row);
            }
        }
        Ok(())
    }

    pub async fn results(&mut self, results: &[PastResult]) -> Result<()> {
        for result in results {
            let name = (result.series.clone(), result.name.clone());
            let kept = self.store.results(&[name], result.month).await?;
            let kept = kept
                .into_iter()
                .find(|kept| kept.month == result.month && kept.unit == result.unit)
                .map(|kept| vec![kept.value.to_exact_text()]);
            let PastResult {
                series,
                month,
                name,
                unit,
                value,
            } = result;
            let id = format!("{series} {month} {name} {unit}");
            let row = [value.to_exact_text()];
            if self.note("results", &id, &["value"], kept.as_deref(), &row) {
                self.taking.results.push(result.clone());
            }
        }
        Ok(())
    }

    pub async fn boards(&mut self, boards: Vec<BoardTable>) -> Result<()> {
        if boards.is_empty() {
            return Ok(());
        }
        let kept = self.store.boards(&self.options.series).await?;
        for board in boards {
            let same = |other: &&BoardTable| other.month == board.month && other.name == board.name;
            let cells = |board: &BoardTable| vec![board.source.clone(), board.body.clone()];
            let before = kept.iter().find(same).map(cells);
            let id = format!("{} {}", board.month, board.name);
            if self.note(
                "boards",
                &id,
                &["source", "body"],
                before.as_deref(),
                &cells(&board),
            ) {
                self.taking.boards.push(board);
            }
        }
        Ok(())
    }

    pub async fn areas(&mut self, areas: Vec<AreaRow>) -> Result<()> {
        if areas.is_empty() {
            return Ok(());
        }
        let mut kept = self.store.areas().await?;
        for mut area in areas {
            let own = || kept.iter().filter(|other| other.unit == area.unit);
            let same = |other: &&AreaRow| other.valid_from == area.valid_from;
            // The one that follows it stays; the one before it ends.
            let later = own().find(|other| other.valid_from > area.valid_from);
            let until = later.and_then(|later| month_before(&later.valid_from));
            let cut = own().rfind(|other| other.valid_from < area.valid_from);
            let last = month_before(&area.valid_from);
            let cut = cut
                .filter(|cut| cut.valid_to.is_none() || cut.valid_to > last)
                .map(|was| {
                    let valid_to = last;
                    let cut = AreaRow {
                        valid_to,
                        ..was.clone()
                    };
                    (was.clone(), cut)
                });
            let before = own().find(same).cloned();
            if until.is_some() && (area.valid_to.is_none() || area.valid_to > until) {
                area.valid_to = until;
            }
            let cells = |area: &AreaRow| {
                vec![
                    area.valid_to.clone().unwrap_or_default(),
                    area.geometry.clone(),
                    area.source.clone(),
                ]
            };
            let columns = ["to", "geometry", "source"];
            let cut = cut.map(|(was, cut)| (Some(was), cut));
            for (before, area) in [(before, area)].into_iter().chain(cut) {
                let id = format!("{} {}", area.unit, area.valid_from);
                let before = before.as_ref().map(cells);
                if self.note("areas", &id, &columns, before.as_deref(), &cells(&area)) {
                    kept.retain(|other| {
                        (&other.unit, &other.valid_from) != (&area.unit, &area.valid_from)
                    });
                    kept.push(area.clone());
                    kept.sort_by(|one, other| {
                        (&one.unit, &one.valid_from).cmp(&(&other.unit, &other.valid_from))
                    });
                    self.taking.areas.push(area);
                }
            }
        }
        Ok(())
    }
}

impl Comparison<'_> {
    /// The photos that are not kept yet, each once.
    pub async fn photos(&mut self, photos: Vec<Photo>) -> Result<Vec<Photo>> {
        let mut new: Vec<Photo> = Vec::new();
        for photo in photos {
            if new.iter().any(|other| other.digest == photo.digest) {
                continue;
            }
            let row = [photo.digest.clone()];
            let kept = self
                .store
                .photo(&photo.digest)
                .await?
                .map(|kept| vec![kept.digest]);
            if self.note("photos", &photo.digest, &[], kept.as_deref(), &row) {
                new.push(photo);
            }
        }
        Ok(new)
    }
}

fn cells(unit: Unit) -> Vec<String> {
    let facts = Facts {
        units: vec![unit],
        ..Facts::default()
    };
    let [mut units, ..] = facts.rows();
    units.remove(0)
}

fn month_before(month: &str) -> Option<String> {
    Some(month.parse::<Month>().ok()?.plus(-1).to_string())
}

fn holds(span: &UnitRow, month: Month) -> bool {
    let month = month.to_string();
    span.valid_from <= month && span.valid_to.as_ref().is_none_or(|to| *to >= month)
}

/// The spans to write so that the unit is so from a month on: the span it lies in is cut before it.
fn new_spans(unit: &Unit, own: &[&UnitRow], month: Month) -> Vec<UnitRow> {
    let mut attributes: Map<String, Value> = unit
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    let name_en = attributes
        .remove("name_en")
        .and_then(|name| name.as_str().map(str::to_owned));
    let kept = own.iter().find(|span| holds(span, month));
    let later = own
        .iter()
        .filter(|span| span.valid_from > month.to_string())
        .map(|span| &span.valid_from)
        .min();
    let until_later = later
        .and_then(|from| from.parse::<Month>().ok())
        .map(|from| from.plus(-1).to_string());
    let new = UnitRow {
        code: unit.code.clone(),
        valid_from: month.to_string(),
        valid_to: kept.map_or(until_later, |kept| kept.valid_to.clone()),
        name: unit.name.clone(),
        name_en,
        kind: unit.kind.clone(),
        parent: unit.parent.clone(),
        lon: kept.and_then(|kept| kept.lon.clone()),
        lat: kept.and_then(|kept| kept.lat.clone()),
        datum: kept.and_then(|kept| kept.datum.clone()),
        attributes,
    };
    let cut = kept
        .filter(|kept| kept.valid_from < new.valid_from)
        .map(|kept| UnitRow {
            valid_to: Some(month.plus(-1).to_string()),
            ..(*kept).clone()
        });
    cut.into_iter().chain([new]).collect()
}
