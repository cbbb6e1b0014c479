//! The working of a score: a tree in which every number can be calculated again from the numbers below it.

use std::sync::Arc;

use crate::{
    message::Message,
    points::Points,
    scheme::{
        Expression, ItemIndex, Origin, Rounding,
        formula::{Known, Names},
    },
    tally::FindingClass,
};

/// One line of a working.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What the number is.
    pub label: Message,
    /// `None`: it cannot be known.
    pub value: Option<Points>,
    /// How it comes from the parts.
    pub operation: Operation,
    pub parts: Vec<Arc<Node>>,
    /// Clause and whether it is assumed, where the scheme says so.
    pub origin: Option<Origin>,
    /// Set on the node that is the final value of an item.
    pub item: Option<ItemIndex>,
    /// The findings that were counted here.
    pub findings: Option<FindingClass>,
}

/// How a number comes from its parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A fact, a constant of the scheme or a count: there is nothing below.
    Given,
    Sum,
    /// The first part less the others.
    Difference,
    Product,
    /// The first part divided by the second.
    Quotient,
    /// The smallest of the parts: a cap.
    Least,
    /// The greatest of the parts: a floor.
    Greatest,
    Median,
    /// The last part, whatever the others: a stated value, a veto, a step.
    Instead,
    Round(Rounding),
    /// How many of the other parts are better (strictly) than the first, plus 1.
    Place {
        high_is_better: bool,
    },
    /// The formula over the parts: items by their index, attributes by their name.
    Formula(Expression),
}

impl Node {
    /// A number with nothing below it.
    pub fn given(label: Message, value: Option<Points>) -> Node {
        Node {
            label,
            value,
            operation: Operation::Given,
            parts: vec![],
            origin: None,
            item: None,
            findings: None,
        }
    }

    /// A number made from parts.
    pub fn made(label: Message, operation: Operation, parts: Vec<Arc<Node>>) -> Node {
        let value = calculate(&operation, &parts);
        Node {
            label,
            value,
            operation,
            parts,
            origin: None,
            item: None,
            findings: None,
        }
    }

    pub fn with_origin(mut self, origin: &Origin) -> Node {
        self.origin = Some(origin.clone());
        self
    }

    /// Calculates every number of the tree again from its parts.
    ///
    /// # Errors
    /// The label of the first number that does not come out.
    pub fn verify(&self) -> Result<(), Message> {
        self.parts.iter().try_for_each(|part| part.verify())?;
        let right = match self.operation {
            Operation::Given => true,
            _ => calculate(&self.operation, &self.parts) == self.value,
        };
        if right {
            Ok(())
        } else {
            Err(self.label.clone())
        }
    }
}

/// What an operation makes of its parts.
pub fn calculate(operation: &Operation, parts: &[Arc<Node>]) -> Option<Points> {
    if let Operation::Instead = operation {
        return parts.last()?.value.clone();
    }
    if let Operation::Formula(expression) = operation {
        return expression.value(&Operands(parts));
    }
    let values = parts
        .iter()
        .map(|part| part.value.as_ref())
        .collect::<Option<Vec<_>>>()?;
    let first = || values.first().copied().cloned();
    match operation {
        Operation::Given | Operation::Instead | Operation::Formula(_) => None,
        Operation::Sum => Some(
            values
                .iter()
                .fold(Points::zero(), |sum, value| &sum + *value),
        ),
        Operation::Difference => Some(
            values
                .iter()
                .skip(1)
                .fold(first()?, |rest, value| &rest - *value),
        ),
        Operation::Product => Some(
            values
                .iter()
                .fold(Points::one(), |product, value| &product * *value),
        ),
        Operation::Quotient => first()?.checked_div(values.get(1)?),
        Operation::Least => values.iter().copied().min().cloned(),
        Operation::Greatest => values.iter().copied().max().cloned(),
        Operation::Median => median(values.into_iter().cloned().collect()),
        Operation::Round(rounding) => Some(first()?.round(rounding.digits, rounding.mode)),
        Operation::Place { high_is_better } => {
            let own = *values.first()?;
            let better = values.iter().filter(|other| {
                if *high_is_better {
                    **other > own
                } else {
                    **other < own
                }
            });
            Some(Points::from(better.count() as i64 + 1))
        }
    }
}

/// The middle value; of an even number the mean of the middle two.
pub fn median(mut values: Vec<Points>) -> Option<Points> {
    values.sort();
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values.swap_remove(middle)),
        _ => (&values[middle - 1] + &values[middle]).checked_div(&Points::from(2)),
    }
}

/// The parts of a formula node as names.
struct Operands<'a>(&'a [Arc<Node>]);

impl Names for Operands<'_> {
    fn item(&self, item: ItemIndex) -> Option<Points> {
        self.0
            .iter()
            .find(|part| part.item == Some(item))?
            .value
            .clone()
    }

    fn attribute(&self, name: &str) -> Option<Points> {
        let named = |part: &&Arc<Node>| {
            part.item.is_none()
                && part.label.args.iter().any(|(key, arg)| {
                    *key == "attribute"
                        && matches!(arg, crate::message::Arg::Text(text) if text == name)
                })
        };
        self.0.iter().find(named)?.value.clone()
    }

    fn known(&self, _: Known) -> Option<Points> {
        None
    }
}
