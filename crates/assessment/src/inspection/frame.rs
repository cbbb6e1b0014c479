//! The sampling frame (抽样框): every place that may be drawn.

use jiff::civil::Date;

use super::Site;
use crate::facts::{DigestText, csv, sha256};
use crate::month::Month;

/// A place of the frame, with what the draw has to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The site; its length is its size.
    pub site: Site,
    /// Code of the unit for which it is drawn: the site's own, or one above it where that is too small to draw from.
    pub area: String,
    /// It lies in an area that every round looks at (必检).
    pub must_check: bool,
    /// First day on which it can be visited; without one it always could.
    pub opens: Option<Date>,
    /// Last day on which it can be visited; without one it goes on.
    pub closes: Option<Date>,
}

impl Place {
    /// Whether it can be visited on every day of a month: the draw does not know on which day somebody will come.
    pub fn is_open_in(&self, month: Month) -> bool {
        self.opens.is_none_or(|opens| opens <= month.first_day())
            && self.closes.is_none_or(|closes| closes >= month.last_day())
    }

    /// Where it counts in the draw.
    pub fn cell(&self) -> Cell {
        Cell {
            unit: self.area.clone(),
            stratum: self.site.stratum.clone(),
        }
    }
}

/// A unit and a kind of place: what is drawn from separately.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Code of the unit for which the sites are drawn.
    pub unit: String,
    /// Kind of place.
    pub stratum: String,
}

impl Cell {
    /// A cell by its unit and kind of place.
    pub fn new(unit: impl Into<String>, stratum: impl Into<String>) -> Self {
        Self {
            unit: unit.into(),
            stratum: stratum.into(),
        }
    }
}

/// All places that may be drawn for the rounds of a series. Their order says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The evaluation.
    pub series: String,
    /// The places.
    pub places: Vec<Place>,
}

/// Columns of the canonical text.
pub const COLUMNS: [&str; 11] = [
    "id",
    "unit",
    "name",
    "stratum",
    "length_m",
    "lng",
    "lat",
    "must_check",
    "opens",
    "closes",
    "area",
];

impl Frame {
    /// The canonical text: a CSV file, one line for each place, by id. Two frames that differ only in their order have
    /// the same text.
    pub fn text(&self) -> String {
        csv(&COLUMNS, self.rows())
    }

    /// The lines of the canonical text, by id.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let mut rows: Vec<Vec<String>> = self.places.iter().map(row).collect();
        rows.sort();
        rows
    }

    /// SHA-256 of the canonical text: what a plan is bound to.
    pub fn digest(&self) -> DigestText {
        sha256(self.text().as_bytes())
    }
}

fn row(place: &Place) -> Vec<String> {
    let Site {
        id,
        unit,
        name,
        stratum,
        length_m,
        place: position,
    } = &place.site;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        id.clone(),
        unit.clone(),
        name.clone(),
        stratum.clone(),
        length_m
            .as_ref()
            .map(|length| length.to_exact_text())
            .unwrap_or_default(),
        position
            .as_ref()
            .map(|at| at.lng.clone())
            .unwrap_or_default(),
        position
            .as_ref()
            .map(|at| at.lat.clone())
            .unwrap_or_default(),
        if place.must_check { "1" } else { "0" }.to_owned(),
        day(place.opens),
        day(place.closes),
        place.area.clone(),
    ]
}
