//! The catalogue of requirements: what is looked at, how it is measured, what a breach weighs,
//! and what it is called elsewhere.
//!
//! Three vocabularies meet in an [`Indicator`] and nowhere else: the case category and condition it
//! opens ([`Opening`]), the heading under which the bulletin counts it, and the outer standards
//! that it also serves. The file is described in the manual, `docs/manual/standard.md`.

pub mod coverage;
mod parse;

use std::collections::HashMap;
use std::ops::Range;

pub use self::parse::parse_exemptions;
pub use crate::case::deadline::{Limit, LimitUnit};
use crate::facts::DigestText;
use crate::finding::{Severity, Word};
use crate::issue::Issue;
use crate::message::Words;
use crate::month::Month;
use crate::points::Points;
use crate::scheme::{Exemption, Origin, PointsBySeverity};

/// A catalogue of indicators.
#[derive(Debug, Clone)]
pub struct Standard {
    pub id: String,
    pub title: Words,
    /// First and, if it ends, last month in which it holds.
    pub from: Month,
    pub to: Option<Month>,
    pub about: Option<Words>,
    /// Parts of the bulletin: city management, red property.
    pub blocks: Vec<Entry>,
    /// Headings under which the bulletin counts findings, in its order.
    pub headings: Vec<Entry>,
    /// Fields of work, as schemes may score them apart.
    pub aspects: Vec<Entry>,
    /// Professional lines that answer for indicators.
    pub lines: Vec<Entry>,
    /// Outer standards that indicators may serve.
    pub outer: Vec<Entry>,
    pub indicators: Vec<Indicator>,
    /// SHA-256 of the text it was read from.
    pub digest: DigestText,
    by_id: HashMap<String, usize>,
}

/// A name of one of the catalogue's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub title: Words,
}

/// One line of the catalogue.
#[derive(Debug, Clone)]
pub struct Indicator {
    pub id: String,
    pub title: Words,
    /// What is required.
    pub requirement: Words,
    pub quality: Quality,
    /// Ids of the catalogue's lists.
    pub block: String,
    pub aspect: String,
    pub heading: String,
    pub line: String,
    /// Kinds of places at which it is looked for, those of its heading if it names none; none at all: everywhere. Where
    /// inspectors look has no part in any score.
    pub strata: Vec<String>,
    pub method: Method,
    /// Points that a breach costs; no points: a breach is never of that severity.
    pub points: PointsBySeverity,
    /// How long its handling may take.
    pub limit: Limit,
    /// The case that a breach opens; `None`: it is served without a case.
    pub opens: Option<Opening>,
    /// Outer standards that it also serves: `list`, or `list/item` where the item is known.
    pub serves: Vec<String>,
    pub origin: Origin,
}

/// What a requirement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quality {
    /// 干净
    Clean,
    /// 整洁
    Tidy,
    /// 有序
    Orderly,
    /// 安全
    Safe,
}

/// How a breach is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// Somebody looks, and judges the severity; the words say at what.
    Observe(Words),
    Measure(Measure),
}

/// A number that somebody takes, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub what: Words,
    pub unit: MeasureUnit,
    pub worse: Worse,
    /// Where each severity begins.
    pub thresholds: PointsBySeverity,
}

/// The unit of a [`Measure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeasureUnit {
    Millimetre,
    Centimetre,
    Metre,
    SquareCentimetre,
    SquareMetre,
    CubicMetre,
    GramPerSquareMetre,
    Piece,
    Percent,
    Degree,
    Decibel,
    Minute,
    Day,
}

/// Which way a measured value gets worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Worse {
    /// A severity begins at its threshold.
    High,
    /// A severity begins below its threshold.
    Low,
}

/// The case that a breach opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// `layout/kind/code`, as in `gb30428/event/0406`.
    pub category: String,
    /// Id of the filing condition, as in `event-0406-1`.
    pub condition: Option<String>,
    /// Bytes in the file.
    pub at: Range<usize>,
}

/// A decision that some places are exempt for a season, as a file of its own.
#[derive(Debug, Clone)]
pub struct Exemptions {
    pub id: String,
    pub title: Words,
    /// Tables as a scheme has them (§3 of its manual), to be taken into one.
    pub exemptions: Vec<Exemption>,
}

impl Standard {
    /// Reads and checks a catalogue. There is one only if there is no fault; warnings do not stand
    /// in its way.
    pub fn parse(text: &str) -> (Option<Standard>, Vec<Issue>) {
        parse::standard(text)
    }

    /// The indicator of that id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.by_id.get(id).map(|index| &self.indicators[*index])
    }

    /// Whether it holds in a month.
    pub fn holds(&self, month: Month) -> bool {
        self.from <= month && self.to.is_none_or(|to| month <= to)
    }

    /// The title of a heading.
    pub fn heading(&self, id: &str) -> Option<&Entry> {
        self.headings.iter().find(|heading| heading.id == id)
    }

    /// The headings that indicators of a block have, in the order of the bulletin.
    pub fn headings_of(&self, block: &str) -> Vec<&Entry> {
        let used = |heading: &&Entry| {
            self.indicators
                .iter()
                .any(|one| one.block == block && one.heading == heading.id)
        };
        self.headings.iter().filter(used).collect()
    }
}

impl Measure {
    /// How grave a measured value is; `None`: the requirement is met.
    pub fn severity(&self, value: &Points) -> Option<Severity> {
        let reached = |severity: &Severity| {
            self.thresholds
                .of(*severity)
                .is_some_and(|threshold| match self.worse {
                    Worse::High => value >= threshold,
                    Worse::Low => value < threshold,
                })
        };
        [Severity::Serious, Severity::General, Severity::Minor]
            .into_iter()
            .find(reached)
    }
}

impl Word for Quality {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("clean", Quality::Clean),
        ("tidy", Quality::Tidy),
        ("orderly", Quality::Orderly),
        ("safe", Quality::Safe),
    ];
}

impl Word for Worse {
    const WORDS: &'static [(&'static str, Self)] = &[("high", Worse::High), ("low", Worse::Low)];
}

impl Word for MeasureUnit {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("mm", MeasureUnit::Millimetre),
        ("cm", MeasureUnit::Centimetre),
        ("m", MeasureUnit::Metre),
        ("cm2", MeasureUnit::SquareCentimetre),
        ("m2", MeasureUnit::SquareMetre),
        ("m3", MeasureUnit::CubicMetre),
        ("g_per_m2", MeasureUnit::GramPerSquareMetre),
        ("piece", MeasureUnit::Piece),
        ("percent", MeasureUnit::Percent),
        ("degree", MeasureUnit::Degree),
        ("db", MeasureUnit::Decibel),
        ("minute", MeasureUnit::Minute),
        ("day", MeasureUnit::Day),
    ];
}

#[cfg(test)]
mod tests;
