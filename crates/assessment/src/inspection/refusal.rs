//! Why a draw or an assignment cannot be made.

use super::frame::Cell;
use crate::message::{Arg, Message};
use crate::month::Month;

/// A reason not to draw, not to replace or not to assign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Two places of the frame have the same id.
    SiteTwice { site: String },
    /// No place of the frame can be visited in the month, or none was asked for.
    NothingToDraw { month: Month },
    /// More sites were asked for than can be visited in the month.
    TooFewSites {
        cell: Cell,
        asked: usize,
        open: usize,
    },
    /// The site is not one of the plan's.
    NotDrawn { site: String },
    /// Every site of the closed one's unit and kind is in the plan already.
    NoReplacement { cell: Cell, site: String },
    /// There is no day on which somebody could go.
    NoDays,
    /// Whoever could go to a county lives there, or nobody can go at all.
    NobodyFor {
        county: String,
        sites: usize,
        at_home: Vec<String>,
    },
}

impl Refusal {
    /// The sentence for people.
    pub fn message(&self) -> Message {
        match self.clone() {
            Self::SiteTwice { site } => Message::new("draw-site-twice").with("site", site),
            Self::NothingToDraw { month } => {
                Message::new("draw-nothing-to-draw").with("month", month)
            }
            Self::TooFewSites { cell, asked, open } => Message::new("draw-too-few-sites")
                .with("unit", cell.unit)
                .with("stratum", cell.stratum)
                .with("asked", asked)
                .with("open", open),
            Self::NotDrawn { site } => Message::new("draw-not-drawn").with("site", site),
            Self::NoReplacement { cell, site } => Message::new("draw-no-replacement")
                .with("unit", cell.unit)
                .with("stratum", cell.stratum)
                .with("site", site),
            Self::NoDays => Message::new("assign-no-days"),
            Self::NobodyFor {
                county,
                sites,
                at_home,
            } if at_home.is_empty() => Message::new("assign-nobody")
                .with("county", county)
                .with("sites", sites),
            Self::NobodyFor {
                county,
                sites,
                at_home,
            } => Message::new("assign-all-at-home")
                .with("county", county)
                .with("sites", sites)
                .with(
                    "inspectors",
                    at_home.into_iter().map(Arg::from).collect::<Vec<_>>(),
                ),
        }
    }
}
