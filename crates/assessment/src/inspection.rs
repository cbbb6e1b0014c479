//! Where was looked: sites and visits.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use crate::points::Points;

/// A place that may be inspected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub id: String,
    pub unit: String,
    pub name: String,
    /// Kind of place for sampling: `main-road`, `market`, `compound`, `must-check-…`.
    pub stratum: String,
    pub length_m: Option<Points>,
    pub place: Option<Position>,
}

/// One inspector's look at one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: String,
    pub unit: String,
    pub site: Option<String>,
    /// Local time of its start; decides which window it belongs to.
    pub at: DateTime,
    /// Length walked, in metres.
    pub length_m: Option<Points>,
    /// Grades given, by key: `toilet` → `good`.
    pub grades: BTreeMap<String, String>,
}

/// A position in WGS 84, degrees as exact decimal text (it is shown and hashed, never calculated with here).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub lng: String,
    pub lat: String,
}
