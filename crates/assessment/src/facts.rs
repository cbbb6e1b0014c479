//! Facts: everything a month is judged by, and nothing else.
//!
//! [`Facts`] have a canonical text, seven CSV files; its digest is what a bulletin is bound to (manual: evidence.md).

use std::fmt::Write as _;

use jiff::civil::DateTime;
use sha2::{Digest as _, Sha256};

use crate::{
    case::Case,
    finding::{Finding, Word as _},
    inspection::{Position, Site, Visit},
    month::Month,
    points::Points,
    unit::Unit,
};

/// The facts of a round. Rows may stand in any order; ids are unique within each list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub units: Vec<Unit>,
    pub sites: Vec<Site>,
    pub visits: Vec<Visit>,
    pub findings: Vec<Finding>,
    pub cases: Vec<Case>,
    pub measures: Vec<Measure>,
    pub results: Vec<PastResult>,
}

/// A value from outside: satisfaction, a provincial rank. `unit: None` is the whole city's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub key: String,
    pub unit: Option<String>,
    pub value: Points,
}

/// A value of an earlier month or of another evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastResult {
    pub series: String,
    pub month: Month,
    /// An item, `place.<ranking>`, `last.<ranking>` or `deposit.<id>`.
    pub name: String,
    pub unit: String,
    pub value: Points,
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub type DigestText = String;

/// The SHA-256 of some bytes, in hex.
pub fn sha256(bytes: &[u8]) -> DigestText {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The seven evidence files, in their order, with their columns.
pub const FILES: [(&str, &[&str]); 7] = [
    (
        "units.csv",
        &["code", "name", "kind", "parent", "attributes"],
    ),
    (
        "sites.csv",
        &["id", "unit", "name", "stratum", "length_m", "lng", "lat"],
    ),
    (
        "visits.csv",
        &["id", "unit", "site", "at", "length_m", "grades"],
    ),
    (
        "findings.csv",
        &[
            "id",
            "visit",
            "site",
            "unit",
            "second_unit",
            "indicator",
            "severity",
            "found_by",
            "found_at",
            "due_at",
            "rectified_at",
            "repeated",
            "relapsed",
            "failed",
            "excluded",
            "value",
            "place",
            "lng",
            "lat",
            "photos",
        ],
    ),
    (
        "cases.csv",
        &[
            "id",
            "unit",
            "category",
            "dispatched_at",
            "due_at",
            "handled_at",
            "voided_at",
            "extended",
            "suspended",
            "returned",
            "reworked",
        ],
    ),
    ("measures.csv", &["key", "unit", "value"]),
    ("results.csv", &["series", "month", "name", "unit", "value"]),
];

/// Facts in canonical form: file name → text, and the digest over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    pub files: Vec<(&'static str, String)>,
    pub digest: DigestText,
}

impl Facts {
    /// The rows of the seven files, in the order of the facts; cells in the order of [`FILES`].
    pub fn rows(&self) -> [Vec<Vec<String>>; 7] {
        [
            self.units.iter().map(unit_row).collect(),
            self.sites.iter().map(site_row).collect(),
            self.visits.iter().map(visit_row).collect(),
            self.findings.iter().map(finding_row).collect(),
            self.cases.iter().map(case_row).collect(),
            self.measures.iter().map(measure_row).collect(),
            self.results.iter().map(result_row).collect(),
        ]
    }

    /// The canonical files and their digest. The order of rows in `self` does not matter.
    pub fn canonical(&self) -> Canonical {
        let files: Vec<_> = FILES
            .iter()
            .zip(self.rows())
            .map(|((name, columns), rows)| (*name, csv(columns, rows)))
            .collect();
        let list: String = files
            .iter()
            .map(|(name, text)| format!("{name} {}\n", sha256(text.as_bytes())))
            .collect();
        Canonical {
            digest: sha256(list.as_bytes()),
            files,
        }
    }
}

/// Rows as a canonical file: sorted, with a header.
pub fn csv(columns: &[&str], mut rows: Vec<Vec<String>>) -> String {
    rows.sort();
    let mut text = columns.join(",");
    text.push('\n');
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            if cell.contains([',', '"', '\r', '\n']) {
                let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
            } else {
                text.push_str(cell);
            }
        }
        text.push('\n');
    }
    text
}

/// `2022-12-05T09:30`, with seconds only if there are any.
pub fn time_text(at: DateTime) -> String {
    let minutes = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute()
    );
    if at.second() == 0 {
        minutes
    } else {
        format!("{minutes}:{:02}", at.second())
    }
}

fn opt_time(at: Option<DateTime>) -> String {
    at.map(time_text).unwrap_or_default()
}

fn opt(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

fn opt_number(number: &Option<Points>) -> String {
    number
        .as_ref()
        .map(Points::to_exact_text)
        .unwrap_or_default()
}

fn flag(on: bool) -> String {
    if on { "1".into() } else { "0".into() }
}

fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(";")
}

fn position(position: &Option<Position>) -> [String; 2] {
    position
        .as_ref()
        .map(|at| [at.lng.clone(), at.lat.clone()])
        .unwrap_or_default()
}

fn unit_row(unit: &Unit) -> Vec<String> {
    vec![
        unit.code.clone(),
        unit.name.clone(),
        unit.kind.clone(),
        opt(&unit.parent),
        pairs(&unit.attributes),
    ]
}

fn site_row(site: &Site) -> Vec<String> {
    let [lng, lat] = position(&site.place);
    vec![
        site.id.clone(),
        site.unit.clone(),
        site.name.clone(),
        site.stratum.clone(),
        opt_number(&site.length_m),
        lng,
        lat,
    ]
}

fn visit_row(visit: &Visit) -> Vec<String> {
    vec![
        visit.id.clone(),
        visit.unit.clone(),
        opt(&visit.site),
        time_text(visit.at),
        opt_number(&visit.length_m),
        pairs(&visit.grades),
    ]
}

fn finding_row(finding: &Finding) -> Vec<String> {
    let [lng, lat] = position(&finding.position);
    vec![
        finding.id.clone(),
        opt(&finding.visit),
        opt(&finding.site),
        finding.unit.clone(),
        opt(&finding.second_unit),
        finding.indicator.clone(),
        finding.severity.word().into(),
        finding.found_by.word().into(),
        time_text(finding.found_at),
        opt_time(finding.due_at),
        opt_time(finding.rectified_at),
        finding.repeated.to_string(),
        flag(finding.relapsed),
        finding.failed.to_string(),
        opt(&finding.excluded),
        opt(&finding.value),
        finding.place.clone(),
        lng,
        lat,
        finding.photos.join(";"),
    ]
}

fn case_row(case: &Case) -> Vec<String> {
    vec![
        case.id.clone(),
        case.unit.clone(),
        case.category.clone(),
        time_text(case.dispatched_at),
        opt_time(case.due_at),
        opt_time(case.handled_at),
        opt_time(case.voided_at),
        case.extended.to_string(),
        flag(case.suspended),
        case.returned.to_string(),
        case.reworked.to_string(),
    ]
}

fn measure_row(measure: &Measure) -> Vec<String> {
    vec![
        measure.key.clone(),
        opt(&measure.unit),
        measure.value.to_exact_text(),
    ]
}

fn result_row(result: &PastResult) -> Vec<String> {
    vec![
        result.series.clone(),
        result.month.to_string(),
        result.name.clone(),
        result.unit.clone(),
        result.value.to_exact_text(),
    ]
}
