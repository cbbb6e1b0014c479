//! Units: the tree of who answers for what.

use std::collections::BTreeMap;

use crate::points::Points;

/// A unit as it stands in one round: its parent and attributes are those of that month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Key: a division code or the host's own code. Never a number: leading zeros count.
    pub code: String,
    pub name: String,
    /// `county`, `township`, `compound`, `department`, …: a word of the host's, matched by schemes.
    pub kind: String,
    pub parent: Option<String>,
    /// `population`, `length_km`, `management`, …: text, read as a number where a scheme asks for one.
    pub attributes: BTreeMap<String, String>,
}

impl Unit {
    /// An attribute as an exact number; `None` if the unit lacks it or it is not a number.
    pub fn number(&self, name: &str) -> Option<Points> {
        Points::parse(self.attributes.get(name)?).ok()
    }
}

/// For sentences: name and code, since names repeat.
impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.code)
    }
}
