//! Formulas and conditions in words.

use super::*;
use crate::{
    points::{Mode, Points},
    scheme::{
        Best, Condition, Expression, Rounding,
        formula::{Comparison, Known, Operator},
    },
};

impl Teller<'_> {
    pub(super) fn expression(&self, expression: &Expression) -> Arg {
        let one = |key, of: &Expression| Message::new(key).with("a", self.expression(of));
        let list = |key, list: &[Expression]| {
            let terms = list.iter().map(|each| self.expression(each)).collect();
            Message::new(key).with("list", Arg::List(terms))
        };
        let said = match expression {
            Expression::Number(number) => return number.into(),
            Expression::Item(item) => return quote(self.item(*item)),
            Expression::Attribute(name) => {
                Message::new("term-attribute").with("name", name.as_str())
            }
            Expression::Known(known) => Message::new(match known {
                Known::Score => "term-score",
                Known::Place => "term-place",
                Known::Last => "term-last",
                Known::Ranked => "term-ranked",
            }),
            Expression::Negative(of) => {
                Message::new("term-negative").with("a", self.operand(of, binding(expression) + 1))
            }
            Expression::Operation(operator, a, b) => Message::new(match operator {
                Operator::Plus => "term-plus",
                Operator::Minus => "term-minus",
                Operator::Times => "term-times",
                Operator::Over => "term-over",
            })
            .with("a", self.operand(a, binding(expression)))
            .with("b", self.operand(b, binding(expression) + 1)),
            Expression::Least(of) => list("term-least", of),
            Expression::Greatest(of) => list("term-greatest", of),
            Expression::Abs(of) => one("term-abs", of),
            Expression::Floor(of) => one("term-floor", of),
            Expression::Ceil(of) => one("term-ceil", of),
            Expression::Round(of, digits) => one("term-round", of).with("digits", *digits as usize),
            Expression::Given(a, b) => one("term-given", a).with("b", self.expression(b)),
            Expression::If(condition, a, b) => Message::new("term-if")
                .with("when", self.condition(condition))
                .with("a", self.expression(a))
                .with("b", self.expression(b)),
        };
        said.into()
    }

    /// A term of an operation; in parentheses if it binds less.
    fn operand(&self, expression: &Expression, least: u8) -> Arg {
        let said = self.expression(expression);
        match binding(expression) < least {
            true => in_parentheses(said),
            false => said,
        }
    }

    pub(super) fn condition(&self, condition: &Condition) -> Message {
        match condition {
            Condition::Compare(comparison, a, b) => Message::new(match comparison {
                Comparison::Equal => "term-equal",
                Comparison::NotEqual => "term-not-equal",
                Comparison::Less => "term-less",
                Comparison::AtMost => "term-at-most",
                Comparison::More => "term-more",
                Comparison::AtLeast => "term-at-least",
            })
            .with("a", self.expression(a))
            .with("b", self.expression(b)),
            Condition::Present(of) => Message::new("term-present").with("a", self.expression(of)),
            Condition::And(a, b) => Message::new("term-and")
                .with("a", self.clause_of(a, matches!(**a, Condition::Or(..))))
                .with(
                    "b",
                    self.clause_of(b, matches!(**b, Condition::Or(..) | Condition::And(..))),
                ),
            Condition::Or(a, b) => Message::new("term-or")
                .with("a", self.clause_of(a, matches!(**a, Condition::And(..))))
                .with(
                    "b",
                    self.clause_of(b, matches!(**b, Condition::Or(..) | Condition::And(..))),
                ),
            Condition::Not(of) => Message::new("term-not").with("a", self.condition(of)),
        }
    }

    fn clause_of(&self, condition: &Condition, parentheses: bool) -> Arg {
        let said = self.condition(condition).into();
        match parentheses {
            true => in_parentheses(said),
            false => said,
        }
    }
}

/// How closely a term holds together: products more than sums, choices least.
fn binding(expression: &Expression) -> u8 {
    match expression {
        Expression::If(..) | Expression::Given(..) => 0,
        Expression::Operation(Operator::Plus | Operator::Minus, ..) | Expression::Negative(_) => 1,
        Expression::Operation(Operator::Times | Operator::Over, ..) => 2,
        _ => 3,
    }
}

fn in_parentheses(of: Arg) -> Arg {
    Message::new("term-parentheses").with("a", of).into()
}

pub(super) fn rounding(rounding: Rounding) -> Message {
    Message::new(match rounding.mode {
        Mode::HalfUp => "rounding-half-up",
        Mode::HalfEven => "rounding-half-even",
        Mode::Down => "rounding-down",
        Mode::Up => "rounding-up",
    })
    .with("digits", rounding.digits as usize)
}

pub(super) fn best(best: Best) -> Message {
    Message::new(match best {
        Best::High => "explain-best-high",
        Best::Low => "explain-best-low",
    })
}

/// A reward or a charge.
pub(super) fn money(fen: i128) -> Message {
    let key = if fen < 0 {
        "money-charge"
    } else {
        "money-reward"
    };
    Message::new(key).with("money", Arg::Fen(fen.abs()))
}

/// The same for an amount that need not be whole fen.
pub(super) fn money_each(fen: &Points) -> Message {
    match fen.to_i64() {
        Some(fen) => money(i128::from(fen)),
        None => {
            let key = if fen.is_negative() {
                "money-charge-fen"
            } else {
                "money-reward-fen"
            };
            Message::new(key).with("fen", fen.abs())
        }
    }
}
