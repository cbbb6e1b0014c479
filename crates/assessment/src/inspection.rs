//! Where is looked: the frame of sites, the month's draw, who goes where and when, and the visits.
//!
//! 1. A [`frame::Frame`] holds every place that may be drawn.
//! 2. [`draw::draw`] draws a [`draw::Plan`]: the same frame, sizes and seed always give the same one.
//! 3. [`assign::assign`] gives each drawn site an inspector who is not at home there, and a day.
//! 4. [`track::judge`] says what is strange about the positions that a phone reports.

pub mod assign;
pub mod draw;
pub mod frame;
mod refusal;
pub mod track;

pub use refusal::Refusal;

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
