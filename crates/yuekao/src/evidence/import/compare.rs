//! Rows of a file against the rows that are kept.

use assessment::facts::{FILES, Facts, PastResult};
use assessment::month::Month;
use assessment::unit::Unit;
use serde_json::{Map, Value};

use super::super::photo::Photo;
use super::{Change, Count, Options};
use crate::store::area::AreaRow;
use crate::store::board::BoardTable;
use crate::store::evidence::{rows_of, unit_of};
use crate::store::import::Taking;
use crate::store::unit::UnitRow;
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

    pub fn units(&mut self, units: &[Unit], spans: &[UnitRow]) {
        let Some(month) = self.options.month else {
            return;
        };
        for unit in units {
            let own: Vec<&UnitRow> = spans.iter().filter(|span| span.code == unit.code).collect();
            let kept = own.iter().find(|span| holds(span, month));
            let row = cells(unit.clone());
            let before = kept.map(|kept| cells(unit_of((*kept).clone())));
            if self.note("units", &unit.code, FILES[0].1, before.as_deref(), &row) {
                self.taking.units.extend(new_spans(unit, &own, month));
            }
        }
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
        let kept = self.store.areas().await?;
        for area in areas {
            let same =
                |other: &&AreaRow| other.unit == area.unit && other.valid_from == area.valid_from;
            let cells = |area: &AreaRow| {
                vec![
                    area.valid_to.clone().unwrap_or_default(),
                    area.geometry.clone(),
                    area.source.clone(),
                ]
            };
            let before = kept.iter().find(same).map(cells);
            let id = format!("{} {}", area.unit, area.valid_from);
            let columns = ["to", "geometry", "source"];
            if self.note("areas", &id, &columns, before.as_deref(), &cells(&area)) {
                self.taking.areas.push(area);
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
