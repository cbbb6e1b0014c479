//! Who is who in a round: units by number, their tree, and the words that facts use.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::{facts::Facts, unit::Unit};

/// Number of a unit in its [`Register`]: units in the order of their codes.
pub type UnitIndex = u32;
/// Number of an indicator, a stratum or a visit in its [`Register`].
pub type Number = u32;
/// No unit, no site, no visit.
pub const NOBODY: u32 = u32::MAX;

/// The units of a round and their tree.
#[derive(Debug, Default)]
pub struct Register {
    units: Vec<Unit>,
    by_code: HashMap<String, UnitIndex>,
    parents: Vec<UnitIndex>,
    /// Each unit with all that lie below it.
    below: Vec<Vec<UnitIndex>>,
    pub indicators: Words,
    pub strata: Words,
}

/// Words as small numbers.
#[derive(Debug, Default)]
pub struct Words {
    words: Vec<String>,
    numbers: FxHashMap<String, Number>,
}

impl Words {
    pub fn number(&mut self, word: &str) -> Number {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as Number;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The word of a number; empty for [`NOBODY`].
    pub fn word(&self, number: Number) -> &str {
        self.words.get(number as usize).map_or("", String::as_str)
    }
}

impl Register {
    pub fn new(facts: &Facts) -> Register {
        let mut units = facts.units.clone();
        units.sort_by(|a, b| a.code.cmp(&b.code));
        let by_code: HashMap<_, _> = units
            .iter()
            .enumerate()
            .map(|(index, unit)| (unit.code.clone(), index as UnitIndex))
            .collect();
        let parent = |unit: &Unit| {
            unit.parent
                .as_ref()
                .and_then(|code| by_code.get(code))
                .copied()
                .unwrap_or(NOBODY)
        };
        let parents: Vec<_> = units.iter().map(parent).collect();
        let mut register = Register {
            below: vec![vec![]; units.len()],
            units,
            by_code,
            parents,
            ..Register::default()
        };
        for unit in 0..register.units.len() as UnitIndex {
            for above in register.line(unit).collect::<Vec<_>>() {
                register.below[above as usize].push(unit);
            }
        }
        register
    }

    pub fn find(&self, code: &str) -> Option<UnitIndex> {
        self.by_code.get(code).copied()
    }

    pub fn unit(&self, index: UnitIndex) -> &Unit {
        &self.units[index as usize]
    }

    pub fn units(&self) -> impl Iterator<Item = (UnitIndex, &Unit)> {
        self.units
            .iter()
            .enumerate()
            .map(|(index, unit)| (index as UnitIndex, unit))
    }

    pub fn parent(&self, unit: UnitIndex) -> Option<UnitIndex> {
        Some(self.parents[unit as usize]).filter(|parent| *parent != NOBODY)
    }

    /// The unit, its parent, and so on. A circle in the tree ends where it closes.
    pub fn line(&self, unit: UnitIndex) -> impl Iterator<Item = UnitIndex> {
        let mut steps = self.units.len();
        std::iter::successors(Some(unit), move |unit| {
            steps -= 1;
            self.parent(*unit).filter(|_| steps > 0)
        })
    }

    /// The unit and all below it, in the order of their codes.
    pub fn below(&self, unit: UnitIndex) -> &[UnitIndex] {
        &self.below[unit as usize]
    }
}
