//! The kinds of evidence sheets and their columns.

/// What the rows of a sheet are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Units,
    Sites,
    Visits,
    Findings,
    Cases,
    Measures,
    Results,
}

/// One column of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in canonical files.
    pub code: &'static str,
    /// Whether a row without it is a fault.
    pub required: bool,
}

const fn must(code: &'static str) -> Column {
    Column {
        code,
        required: true,
    }
}

const fn may(code: &'static str) -> Column {
    Column {
        code,
        required: false,
    }
}

impl Kind {
    /// In the order of the canonical files.
    pub const ALL: [Kind; 7] = [
        Kind::Units,
        Kind::Sites,
        Kind::Visits,
        Kind::Findings,
        Kind::Cases,
        Kind::Measures,
        Kind::Results,
    ];

    /// Its word in commands, and the stem of its canonical file.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Units => "units",
            Kind::Sites => "sites",
            Kind::Visits => "visits",
            Kind::Findings => "findings",
            Kind::Cases => "cases",
            Kind::Measures => "measures",
            Kind::Results => "results",
        }
    }

    /// Its columns in canonical order.
    pub fn columns(self) -> &'static [Column] {
        const UNITS: &[Column] = &[
            must("code"),
            must("name"),
            must("kind"),
            may("parent"),
            may("attributes"),
        ];
        const SITES: &[Column] = &[
            must("id"),
            must("unit"),
            must("name"),
            may("stratum"),
            may("length_m"),
            may("lng"),
            may("lat"),
        ];
        const VISITS: &[Column] = &[
            must("id"),
            must("unit"),
            may("site"),
            must("at"),
            may("length_m"),
            may("grades"),
        ];
        const FINDINGS: &[Column] = &[
            must("id"),
            may("visit"),
            may("site"),
            must("unit"),
            may("second_unit"),
            must("indicator"),
            must("severity"),
            must("found_by"),
            must("found_at"),
            may("due_at"),
            may("rectified_at"),
            may("repeated"),
            may("relapsed"),
            may("failed"),
            may("excluded"),
            may("value"),
            may("place"),
            may("lng"),
            may("lat"),
            may("photos"),
        ];
        const CASES: &[Column] = &[
            must("id"),
            must("unit"),
            may("category"),
            must("dispatched_at"),
            may("due_at"),
            may("handled_at"),
            may("voided_at"),
            may("extended"),
            may("suspended"),
            may("returned"),
            may("reworked"),
        ];
        const MEASURES: &[Column] = &[must("key"), may("unit"), must("value")];
        const RESULTS: &[Column] = &[
            must("series"),
            must("month"),
            must("name"),
            must("unit"),
            must("value"),
        ];
        match self {
            Kind::Units => UNITS,
            Kind::Sites => SITES,
            Kind::Visits => VISITS,
            Kind::Findings => FINDINGS,
            Kind::Cases => CASES,
            Kind::Measures => MEASURES,
            Kind::Results => RESULTS,
        }
    }

    /// The canonical file, `findings.csv`.
    pub fn file(self) -> &'static str {
        assessment::facts::FILES[self as usize].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_the_canonical_files() {
        for (kind, (file, columns)) in Kind::ALL.into_iter().zip(assessment::facts::FILES) {
            assert_eq!(kind.file(), file);
            assert_eq!(format!("{}.csv", kind.word()), file);
            let codes: Vec<&str> = kind.columns().iter().map(|column| column.code).collect();
            assert_eq!(codes, columns);
        }
    }
}
