//! Facts of golden folders, and how a town's store takes them.

use std::path::{Path, PathBuf};

use assessment::facts::Facts;
use assessment::month::Month;
use jiff::Timestamp;
use yuekao::store::Store;
use yuekao::store::evidence::rows_of;
use yuekao::store::unit::UnitRow;

/// A file or folder of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// A text of the project.
pub fn text(path: &str) -> String {
    std::fs::read_to_string(project(path)).unwrap()
}

/// The units of the facts as spans that begin in a month and do not end.
pub fn units_from(facts: &Facts, valid_from: &str) -> Vec<UnitRow> {
    let span = |unit: &assessment::unit::Unit| UnitRow {
        code: unit.code.clone(),
        valid_from: valid_from.into(),
        valid_to: None,
        name: unit.name.clone(),
        name_en: None,
        kind: unit.kind.clone(),
        parent: unit.parent.clone(),
        lon: None,
        lat: None,
        datum: None,
        attributes: unit
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect(),
    };
    facts.units.iter().map(span).collect()
}

/// Takes units and evidence of a month into the store.
pub async fn take(
    store: &Store,
    at: Timestamp,
    series: &str,
    month: Month,
    facts: &Facts,
    units: Vec<UnitRow>,
) {
    store.set_units(at, "console", units).await.unwrap();
    store
        .take_evidence(at, "console", series, rows_of(facts, month), None)
        .await
        .unwrap();
}
