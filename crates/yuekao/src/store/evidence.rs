//! Evidence of a series, in canonical rows, and the published values that later rounds look back at.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use assessment::facts::{self, FILES, Facts, PastResult};
use assessment::finding::Finding;
use assessment::ground::concerned;
use assessment::month::Month;
use assessment::points::Points;
use assessment::rules::Rules;
use assessment::unit::Unit;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::ended::Ended;
use super::import::{ImportDeed, ImportFile};
use super::rows::{self, Cell};
use super::unit::UnitRow;
use super::writer::Tx;
use super::{Error, Result, Store};
use crate::evidence::folder;

/// Rows before and after all windows.
const ALWAYS: (i64, i64) = (0, i64::MAX);

/// One row of evidence as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRow {
    /// `sites`, `visits`, `findings`, `cases` or `measures`.
    pub kind: String,
    /// Its id within the kind.
    pub id: String,
    /// The unit it names; empty for none.
    pub unit: String,
    /// The span that decides which rounds may need it, epoch milliseconds.
    pub starts_at: i64,
    /// End of the span.
    pub ends_at: i64,
    /// Canonical cells.
    pub cells: Vec<String>,
}

/// What can be done to the evidence of a series; the series is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceDeed {
    /// Rows were taken, new or instead of those with the same id.
    Taken {
        /// The rows.
        rows: Vec<EvidenceRow>,
    },
    /// Rows of one kind are evidence no longer: nobody answers for them.
    Withdrawn {
        /// `cases`, `visits`.
        kind: String,
        /// The rows.
        ids: Vec<String>,
    },
}

/// The body of [`EvidenceDeed::Taken`].
#[derive(Deserialize)]
struct Taken {
    rows: Vec<EvidenceRow>,
}

impl Deed for EvidenceDeed {
    const NOUN: &'static str = "evidence";

    async fn apply(&self, tx: &mut Tx<'_>, series: &str, _at: Timestamp) -> Result<()> {
        let rows = match self {
            Self::Taken { rows } => rows,
            Self::Withdrawn { kind, ids } => {
                for id in ids {
                    sqlx::query("DELETE FROM evidence WHERE series = $1 AND kind = $2 AND id = $3")
                        .bind(series)
                        .bind(kind)
                        .bind(id)
                        .execute(tx.conn())
                        .await?;
                }
                return Ok(());
            }
        };
        // One statement of PostgreSQL changes no row twice: the last one holds.
        let last: BTreeMap<(&str, &str), &EvidenceRow> = rows
            .iter()
            .map(|row| ((row.kind.as_str(), row.id.as_str()), row))
            .collect();
        let series = Cell::from(series);
        let written = last.into_values().map(|row| {
            Ok([
                series.clone(),
                (&row.kind).into(),
                (&row.id).into(),
                (&row.unit).into(),
                row.starts_at.into(),
                row.ends_at.into(),
                serde_json::to_string(&row.cells)
                    .map_err(Error::damaged)?
                    .into(),
            ])
        });
        rows::insert(
            tx,
            "evidence (series, kind, id, unit, starts_at, ends_at, cells)",
            written.collect::<Result<_>>()?,
            "ON CONFLICT (series, kind, id) DO UPDATE SET unit = excluded.unit,
                starts_at = excluded.starts_at, ends_at = excluded.ends_at, cells = excluded.cells",
        )
        .await
    }
}

/// Values that were published; the round is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultDeed {
    /// The values of a round, instead of those of an earlier edition.
    Published {
        /// Name, unit and exact value.
        values: Vec<(String, String, String)>,
    },
    /// Values came from a file, new or instead of those of the same name and unit.
    Imported {
        /// Name, unit and exact value.
        values: Vec<(String, String, String)>,
    },
}

impl ResultDeed {
    /// The deed for the results of one round.
    pub fn of(results: &[PastResult]) -> Self {
        let row = |row: &PastResult| {
            (
                row.name.clone(),
                row.unit.clone(),
                row.value.to_exact_text(),
            )
        };
        Self::Published {
            values: results.iter().map(row).collect(),
        }
    }
}

impl Deed for ResultDeed {
    const NOUN: &'static str = "result";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, _at: Timestamp) -> Result<()> {
        let (series, month) = id.split_once('/').ok_or_else(|| Error::damaged(id))?;
        let values = match self {
            Self::Published { values } => {
                sqlx::query("DELETE FROM result WHERE series = $1 AND month = $2")
                    .bind(series)
                    .bind(month)
                    .execute(tx.conn())
                    .await?;
                values
            }
            Self::Imported { values } => values,
        };
        let last: BTreeMap<(&str, &str), &str> = values
            .iter()
            .map(|(name, unit, value)| ((name.as_str(), unit.as_str()), value.as_str()))
            .collect();
        let (series, month) = (Cell::from(series), Cell::from(month));
        let written = last.into_iter().map(|((name, unit), value)| {
            [
                series.clone(),
                month.clone(),
                name.into(),
                unit.into(),
                value.into(),
            ]
        });
        rows::insert(
            tx,
            "result (series, month, item, unit, value)",
            written.collect(),
            "ON CONFLICT (series, month, item, unit) DO UPDATE SET value = excluded.value",
        )
        .await
    }
}

/// Facts as rows of the store. Units and results are kept elsewhere; measures belong to `month`.
pub fn rows_of(facts: &Facts, month: Month) -> Vec<EvidenceRow> {
    let [_, sites, visits, findings, cases, measures, _] = facts.rows();
    let row =
        |kind: &str, id: String, unit: &str, span: (i64, i64), cells: Vec<String>| EvidenceRow {
            kind: kind.to_owned(),
            id,
            unit: unit.to_owned(),
            starts_at: span.0,
            ends_at: span.1,
            cells,
        };
    let mut rows = Vec::new();
    for (site, cells) in facts.sites.iter().zip(sites) {
        rows.push(row("sites", site.id.clone(), &site.unit, ALWAYS, cells));
    }
    for (visit, cells) in facts.visits.iter().zip(visits) {
        let at = milliseconds(visit.at);
        rows.push(row(
            "visits",
            visit.id.clone(),
            &visit.unit,
            (at, at),
            cells,
        ));
    }
    for (finding, cells) in facts.findings.iter().zip(findings) {
        let found = milliseconds(finding.found_at);
        let due = finding.due_at.map_or(found, milliseconds);
        rows.push(row(
            "findings",
            finding.id.clone(),
            &finding.unit,
            (found, due.max(found)),
            cells,
        ));
    }
    for (case, cells) in facts.cases.iter().zip(cases) {
        let handled = case.handled_at.map_or(i64::MAX, milliseconds);
        let due = case.due_at.map_or(handled, milliseconds);
        let span = (milliseconds(case.dispatched_at), handled.max(due));
        rows.push(row("cases", case.id.clone(), &case.unit, span, cells));
    }
    for (measure, cells) in facts.measures.iter().zip(measures) {
        let at = milliseconds(month.first_day().at(0, 0, 0, 0));
        let unit = measure.unit.as_deref().unwrap_or_default();
        rows.push(row(
            "measures",
            format!("{month}/{}/{unit}", measure.key),
            unit,
            (at, at),
            cells,
        ));
    }
    rows
}

/// Local time of the host as epoch milliseconds.
pub fn milliseconds(at: DateTime) -> i64 {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    at.to_zoned(zone)
        .map_or(i64::MAX, |zoned| zoned.timestamp().as_millisecond())
}

impl Store {
    /// Takes rows of evidence, all or none, with the file they came from; rows that are already
    /// so cost nothing. Returns how many were new or changed.
    ///
    /// Errors: the database's.
    pub async fn take_evidence(
        &self,
        at: Timestamp,
        who: &str,
        series: &str,
        rows: Vec<EvidenceRow>,
        file: Option<ImportFile>,
    ) -> Result<usize> {
        let (who, series) = (who.to_owned(), series.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let mut fresh = Vec::new();
                for row in rows {
                    let known: Option<String> = sqlx::query_scalar(
                        "SELECT cells FROM evidence WHERE series = $1 AND kind = $2 AND id = $3",
                    )
                    .bind(&series)
                    .bind(&row.kind)
                    .bind(&row.id)
                    .fetch_optional(tx.conn())
                    .await?;
                    let cells = serde_json::to_string(&row.cells).map_err(Error::damaged)?;
                    if known.as_ref() != Some(&cells) {
                        fresh.push(row);
                    }
                }
                let taken = fresh.len();
                if taken > 0 {
                    tx.act(at, &who, &series, &EvidenceDeed::Taken { rows: fresh })
                        .await?;
                }
                if let Some(file) = file
                    && !tx
                        .import_taken(&file.series, &file.kind, &file.sha256)
                        .await?
                {
                    let id = file.sha256.clone();
                    tx.act(
                        at,
                        &who,
                        &id,
                        &ImportDeed::Taken {
                            who: who.clone(),
                            file,
                        },
                    )
                    .await?;
                }
                Ok(taken)
            })
        })
        .await
    }

    /// The canonical cells of one row of evidence.
    pub async fn evidence_row(
        &self,
        series: &str,
        kind: &str,
        id: &str,
    ) -> Result<Option<Vec<String>>> {
        let cells: Option<String> = sqlx::query_scalar(
            "SELECT cells FROM evidence WHERE series = $1 AND kind = $2 AND id = $3",
        )
        .bind(series)
        .bind(kind)
        .bind(id)
        .fetch_optional(self.reading())
        .await?;
        cells
            .map(|cells| serde_json::from_str(&cells).map_err(Error::damaged))
            .transpose()
    }

    /// Findings of a series that were taken after an act, with the number of the last act; `None`: something else
    /// changed that a standing depends on.
    pub async fn findings_after(
        &self,
        seq: i64,
        series: &str,
    ) -> Result<Option<(i64, Vec<Finding>)>> {
        let last = self.last_act().await?;
        let others: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM act WHERE noun IN ('unit', 'result', 'scheme', 'standard') AND seq > $1",
        )
        .bind(seq)
        .fetch_one(self.reading())
        .await?;
        if others > 0 {
            return Ok(None);
        }
        let acts = sqlx::query(
            "SELECT kind, body FROM act WHERE noun = 'evidence' AND id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq",
        )
        .bind(series)
        .bind(seq)
        .bind(last)
        .fetch_all(self.reading())
        .await?;
        let mut cells = Vec::new();
        for act in acts {
            let (kind, body): (String, String) = (act.try_get("kind")?, act.try_get("body")?);
            if kind != "taken" {
                return Ok(None);
            }
            let taken: Taken = serde_json::from_str(&body).map_err(Error::damaged)?;
            if taken.rows.iter().any(|row| row.kind != "findings") {
                return Ok(None);
            }
            cells.extend(taken.rows.into_iter().map(|row| row.cells));
        }
        Ok(folder::findings(cells).map(|findings| (last, findings)))
    }

    /// The facts of a round as they stand now: what concerns its participants and lies in its window.
    ///
    /// Errors: the database's, or rows that do not read as evidence.
    pub async fn facts(&self, rules: &Rules, month: Month) -> Result<Facts> {
        let scheme = &rules.scheme;
        let window = scheme.window(month);
        let (start, end) = (milliseconds(window.start), milliseconds(window.end));
        let mut files: Vec<(&str, String)> = Vec::new();
        let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
        for (name, _) in &FILES[1..6] {
            let cells: Vec<String> = sqlx::query_scalar(
                "SELECT cells FROM evidence
                 WHERE series = $1 AND kind = $2 AND starts_at < $3 AND ends_at >= $4 ORDER BY id",
            )
            .bind(&scheme.evidence)
            .bind(name.trim_end_matches(".csv"))
            .bind(end)
            .bind(start)
            .fetch_all(self.reading())
            .await?;
            let read = |cells: &String| serde_json::from_str(cells).map_err(Error::damaged);
            tables.push(cells.iter().map(read).collect::<Result<_>>()?);
        }
        // Earlier versions took what phones said as they said it.
        tables[2]
            .iter_mut()
            .for_each(|cells| folder::make_readable(cells));
        // A finding that falls due in the window was made at a visit before it.
        let known: HashSet<String> = tables[1].iter().map(|visit| visit[0].clone()).collect();
        let earlier: BTreeSet<String> = tables[2]
            .iter()
            .map(|finding| finding[1].clone())
            .filter(|visit| !visit.is_empty() && !known.contains(visit))
            .collect();
        for visit in earlier {
            tables[1].extend(
                self.evidence_row(&scheme.evidence, "visits", &visit)
                    .await?,
            );
        }
        keep_used_sites(&mut tables);
        let units: Vec<Unit> = self
            .units_in(month)
            .await?
            .into_iter()
            .map(unit_of)
            .collect();
        let ended = self.ended(&tables, month, &units).await?;
        for ((name, columns), rows) in FILES[1..6].iter().zip(tables) {
            files.push((name, facts::csv(columns, rows)));
        }
        let only_units = Facts {
            units: units.iter().chain(ended.units()).cloned().collect(),
            ..Facts::default()
        };
        let [rows, ..] = only_units.rows();
        files.push((FILES[0].0, facts::csv(FILES[0].1, rows)));
        let named = files.iter().map(|(name, text)| (*name, text.as_bytes()));
        let (mut facts, faults) =
            folder::read_files(named).map_err(|refusal| Error::Refused(refusal.0))?;
        if let Some(fault) = faults.iter().find(|fault| fault.is_fault()) {
            return Err(Error::Damaged(fault.say(crate::words::Language::English)));
        }
        let touches = |at: DateTime| window.holds(at);
        facts
            .findings
            .retain(|finding| touches(finding.found_at) || finding.due_at.is_some_and(touches));
        let named: HashSet<&str> = facts
            .findings
            .iter()
            .filter_map(|finding| finding.visit.as_deref())
            .collect();
        facts
            .visits
            .retain(|visit| touches(visit.at) || named.contains(visit.id.as_str()));
        ended.settle(rules, month, &window, &units, &mut facts)?;
        facts.results = self.results(&scheme.looks_back(), month).await?;
        concerned(rules, facts).map_err(|refusal| Error::Refused(refusal.message()))
    }

    /// The units that the rows of a round name and that ended before its month.
    async fn ended(
        &self,
        tables: &[Vec<Vec<String>>],
        month: Month,
        current: &[Unit],
    ) -> Result<Ended> {
        let known: HashSet<&str> = current.iter().map(|unit| unit.code.as_str()).collect();
        // Where a row names units, and where its time stands: sites have none.
        let places: [(&[usize], Option<usize>); 4] = [
            (&[1], None),
            (&[1], Some(3)),
            (&[3, 4], Some(8)),
            (&[1], Some(3)),
        ];
        let of_round = month.to_string();
        let mut named = Vec::new();
        for (rows, (units, time)) in tables.iter().zip(places) {
            for row in rows {
                let at = time.and_then(|column| row[column].get(..7));
                let at = at.unwrap_or(&of_round);
                let gone = units.iter().map(|column| &row[*column]);
                named.extend(
                    gone.filter(|code| !code.is_empty() && !known.contains(code.as_str()))
                        .map(|code| (code.clone(), at.to_owned())),
                );
            }
        }
        if named.is_empty() {
            return Ok(Ended::default());
        }
        Ok(Ended::find(named, current, &self.units().await?))
    }

    /// Published values of the ten years up to a month, of these series and names.
    pub async fn results(
        &self,
        names: &[(String, String)],
        month: Month,
    ) -> Result<Vec<PastResult>> {
        let mut results = Vec::new();
        for (series, name) in names {
            let rows = sqlx::query(
                "SELECT month, unit, value FROM result
                 WHERE series = $1 AND item = $2 AND month <= $3 AND month >= $4",
            )
            .bind(series)
            .bind(name)
            .bind(month.to_string())
            .bind(month.plus(-120).to_string())
            .fetch_all(self.reading())
            .await?;
            for row in rows {
                let (at, value): (String, String) = (row.try_get("month")?, row.try_get("value")?);
                results.push(PastResult {
                    series: series.clone(),
                    month: at.parse().map_err(|_| Error::damaged(&at))?,
                    name: name.clone(),
                    unit: row.try_get("unit")?,
                    value: Points::parse(&value).map_err(|_| Error::damaged(&value))?,
                });
            }
        }
        Ok(results)
    }
}

/// Leaves out the sites at which nothing was seen in the round: their units may be long gone.
fn keep_used_sites(tables: &mut [Vec<Vec<String>>]) {
    let [sites, visits, findings, ..] = tables else {
        return;
    };
    let used: HashSet<&str> = visits
        .iter()
        .chain(findings.iter())
        .map(|row| row[2].as_str())
        .collect();
    sites.retain(|site| used.contains(site[0].as_str()));
}

/// A unit as evidence sees it: its English name is an attribute.
pub fn unit_of(row: UnitRow) -> Unit {
    let text = |value: &serde_json::Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let mut attributes: std::collections::BTreeMap<String, String> = row
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    if let Some(name_en) = row.name_en {
        attributes.insert("name_en".to_owned(), name_en);
    }
    Unit {
        code: row.code,
        name: row.name,
        kind: row.kind,
        parent: row.parent,
        attributes,
    }
}
