//! Why a month cannot be evaluated. Nothing is guessed: what is missing refuses.

use crate::{message::Message, month::Month, points::Points};

/// A reason not to give a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The scheme does not hold in that month, or has no round in it.
    SchemeNotValidInMonth {
        scheme: String,
        month: Month,
    },
    /// The scheme names a catalogue that was not given, or another was given.
    StandardMissing {
        standard: String,
    },
    UnknownUnit {
        unit: String,
    },
    UnitInTwoGroups {
        unit: String,
    },
    NoParticipants,
    /// A fact names a unit that the evidence does not have.
    FactOfUnknownUnit {
        fact: String,
        unit: String,
    },
    MustCheckMissing {
        title: crate::message::Words,
        unit: String,
        stratum: String,
        visits: usize,
        at_least: usize,
    },
    ValueMissing {
        item: String,
        title: crate::message::Words,
        unit: String,
    },
    NoPointsForSeverity {
        finding: String,
        indicator: String,
        severity: &'static str,
        clause: String,
    },
    UnknownGrade {
        key: String,
        grade: String,
        unit: String,
    },
    AttributeNotANumber {
        attribute: String,
        unit: String,
        text: String,
    },
    QuantityMissing {
        award: String,
        item: String,
        unit: String,
    },
    NegativeQuantity {
        award: String,
        item: String,
        unit: String,
        value: Points,
    },
    OpeningBalanceMissing {
        deposit: String,
        unit: String,
        month: Month,
    },
    /// An amount of money beyond what an account can hold.
    TooMuchMoney {
        award: String,
        unit: String,
    },
}

impl Refusal {
    /// The sentence for people.
    pub fn message(&self) -> Message {
        match self.clone() {
            Refusal::SchemeNotValidInMonth { scheme, month } => {
                Message::new("refusal-scheme-not-valid-in-month")
                    .with("scheme", scheme)
                    .with("month", month)
            }
            Refusal::StandardMissing { standard } => {
                Message::new("refusal-standard-missing").with("standard", standard)
            }
            Refusal::UnknownUnit { unit } => {
                Message::new("refusal-unknown-unit").with("unit", unit)
            }
            Refusal::UnitInTwoGroups { unit } => {
                Message::new("refusal-unit-in-two-groups").with("unit", unit)
            }
            Refusal::NoParticipants => Message::new("refusal-no-participants"),
            Refusal::FactOfUnknownUnit { fact, unit } => {
                Message::new("refusal-fact-of-unknown-unit")
                    .with("fact", fact)
                    .with("unit", unit)
            }
            Refusal::MustCheckMissing {
                title,
                unit,
                stratum,
                visits,
                at_least,
            } => Message::new("refusal-must-check-missing")
                .with("title", title)
                .with("unit", unit)
                .with("stratum", stratum)
                .with("visits", visits)
                .with("least", at_least),
            Refusal::ValueMissing { item, title, unit } => Message::new("refusal-value-missing")
                .with("item", item)
                .with("title", title)
                .with("unit", unit),
            Refusal::NoPointsForSeverity {
                finding,
                indicator,
                severity,
                clause,
            } => Message::new("refusal-no-points-for-severity")
                .with("finding", finding)
                .with("indicator", indicator)
                .with("severity", severity)
                .with("clause", clause),
            Refusal::UnknownGrade { key, grade, unit } => Message::new("refusal-unknown-grade")
                .with("key", key)
                .with("grade", grade)
                .with("unit", unit),
            Refusal::AttributeNotANumber {
                attribute,
                unit,
                text,
            } => Message::new("refusal-attribute-not-a-number")
                .with("attribute", attribute)
                .with("unit", unit)
                .with("text", text),
            Refusal::QuantityMissing { award, item, unit } => {
                Message::new("refusal-quantity-missing")
                    .with("award", award)
                    .with("item", item)
                    .with("unit", unit)
            }
            Refusal::NegativeQuantity {
                award,
                item,
                unit,
                value,
            } => Message::new("refusal-negative-quantity")
                .with("award", award)
                .with("item", item)
                .with("unit", unit)
                .with("value", value),
            Refusal::OpeningBalanceMissing {
                deposit,
                unit,
                month,
            } => Message::new("refusal-opening-balance-missing")
                .with("deposit", deposit)
                .with("unit", unit)
                .with("month", month),
            Refusal::TooMuchMoney { award, unit } => Message::new("refusal-too-much-money")
                .with("award", award)
                .with("unit", unit),
        }
    }
}
