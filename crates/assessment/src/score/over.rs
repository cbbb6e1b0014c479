//! Means and other aggregates: over visits, lower units, the group (§7.11), and over months (§7.12).

use std::sync::Arc;

use super::{Evaluation, Place, number};
use crate::{
    message::Message,
    refusal::Refusal,
    scheme::{Aggregate, Every, Members, Over, Period},
    working::{Node, Operation},
};

/// A value with its weight.
struct Member {
    value: Arc<Node>,
    /// `None`: equal weights.
    weight: Option<Arc<Node>>,
}

impl Evaluation<'_> {
    pub(super) fn over(&self, over: &Over, place: Place, label: Message) -> Result<Node, Refusal> {
        let places: Vec<Place> = match (&over.members, place) {
            (Members::Visits(_), Place::Visit(visit)) => vec![Place::Visit(visit)],
            (Members::Visits(strata), _) => {
                let mut visits: Vec<_> = self
                    .ground
                    .visits_of(self.unit(place))
                    .filter(|visit| self.ground.in_strata(visit.stratum, strata))
                    .map(|visit| visit.number)
                    .collect();
                visits.sort_by(|a, b| {
                    self.ground.facts.visits[*a as usize]
                        .id
                        .cmp(&self.ground.facts.visits[*b as usize].id)
                });
                visits.into_iter().map(Place::Visit).collect()
            }
            (Members::Children(kind), _) => {
                let own = self.unit(place);
                let register = &self.ground.register;
                let below = register.below(own).iter().copied();
                below
                    .filter(|unit| *unit != own && register.unit(*unit).kind == *kind)
                    .map(Place::Child)
                    .collect()
            }
            (Members::Group, Place::Unit(own)) => self
                .fellows(own, false)
                .into_iter()
                .map(Place::Unit)
                .collect(),
            (Members::All, Place::Unit(own)) => self
                .fellows(own, true)
                .into_iter()
                .map(Place::Unit)
                .collect(),
            (Members::Group | Members::All, _) => vec![],
        };
        let mut members = vec![];
        for member in places {
            let value = self.value(over.of, member)?;
            if value.value.is_none() {
                continue;
            }
            let value = self.named(value, member);
            let weight = match &over.weight {
                None => None,
                Some(_) if matches!(member, Place::Visit(_)) => Some(Arc::new(self.length(member))),
                Some(name) => Some(self.attribute(name, member)?),
            };
            members.push(Member { value, weight });
        }
        drop(&mut members, over.drop_lowest, over.drop_highest);
        Ok(aggregate(members, &over.aggregate, label))
    }

    /// The value of a member under the member's name.
    pub(super) fn named(&self, value: Arc<Node>, member: Place) -> Arc<Node> {
        let name = match member {
            Place::Visit(visit) => self.ground.facts.visits[visit as usize].id.clone(),
            _ => self.ground.register.unit(self.unit(member)).name.clone(),
        };
        Arc::new(Node::made(
            Message::new("working-member").with("name", name),
            Operation::Sum,
            vec![value],
        ))
    }

    fn length(&self, member: Place) -> Node {
        let Place::Visit(visit) = member else {
            unreachable!("asked for visits only")
        };
        let visit = &self.ground.facts.visits[visit as usize];
        Node::given(
            Message::new("working-length").with("name", visit.id.as_str()),
            visit.length_m.clone(),
        )
    }

    pub(super) fn period(
        &self,
        period: &Period,
        place: Place,
        label: Message,
    ) -> Result<Node, Refusal> {
        let scheme = &self.ground.rules.scheme;
        let now = self.ground.month;
        let own = period.own.filter(|_| scheme.every == Every::Month);
        let mut members = vec![];
        let mut month = period.span.start(now);
        let mut absent = false;
        let weights = match &period.aggregate {
            Aggregate::Weighted(weights) => Some(weights),
            _ => None,
        };
        for index in 0.. {
            if month > now {
                break;
            }
            let value = match own {
                Some(item) if month == now => {
                    let value = self.value(item, place)?;
                    let label = Message::new("working-month").with("month", month);
                    Arc::new(Node::made(label, Operation::Sum, vec![value]))
                }
                _ => self.past(&period.series, &period.name, month, place),
            };
            if value.value.is_some() {
                let weight = weights
                    .and_then(|weights| weights.get(index))
                    .map(|weight| {
                        Arc::new(Node::given(
                            Message::new("working-weight-of-month").with("month", month),
                            Some(weight.clone()),
                        ))
                    });
                members.push(Member { value, weight });
            } else {
                absent = true;
            }
            month = month.plus(1);
        }
        if absent && !period.skip_absent {
            return Ok(Node::given(label, None));
        }
        drop(&mut members, period.drop_lowest, period.drop_highest);
        Ok(aggregate(members, &period.aggregate, label))
    }
}

/// Leaves out the lowest, then the highest; of equal ones the first in order.
fn drop(members: &mut Vec<Member>, lowest: usize, highest: usize) {
    for _ in 0..lowest {
        let least = members
            .iter()
            .enumerate()
            .min_by(|(_, a), (_, b)| a.value.value.cmp(&b.value.value));
        if let Some((index, _)) = least {
            members.remove(index);
        }
    }
    for _ in 0..highest {
        // `max_by` gives the last of equal ones; going backwards that is the first in order.
        let most = members
            .iter()
            .enumerate()
            .rev()
            .max_by(|(_, a), (_, b)| a.value.value.cmp(&b.value.value));
        if let Some((index, _)) = most {
            members.remove(index);
        }
    }
}

fn aggregate(members: Vec<Member>, how: &Aggregate, label: Message) -> Node {
    if members.is_empty() {
        return Node::given(label, None);
    }
    let weighted = members.iter().any(|member| member.weight.is_some());
    let values: Vec<_> = members.iter().map(|member| member.value.clone()).collect();
    let simple = |operation| Node::made(label.clone(), operation, values.clone());
    match how {
        Aggregate::Sum => simple(Operation::Sum),
        Aggregate::Min => simple(Operation::Least),
        Aggregate::Max => simple(Operation::Greatest),
        Aggregate::Median => simple(Operation::Median),
        Aggregate::Mean if !weighted => {
            let count = number(values.len() as u64);
            let sum = simple(Operation::Sum);
            let sum = Node {
                label: Message::new("working-sum"),
                ..sum
            };
            let count = Node::given(Message::new("working-members"), Some(count));
            Node::made(
                label,
                Operation::Quotient,
                vec![Arc::new(sum), Arc::new(count)],
            )
        }
        Aggregate::Mean | Aggregate::Weighted(_) => {
            let weights: Vec<_> = members
                .iter()
                .filter_map(|member| member.weight.clone())
                .collect();
            let products = members.into_iter().map(|member| {
                let parts =
                    member
                        .weight
                        .into_iter()
                        .fold(vec![member.value], |mut parts, weight| {
                            parts.push(weight);
                            parts
                        });
                Arc::new(Node::made(
                    Message::new("working-weighted"),
                    Operation::Product,
                    parts,
                ))
            });
            let sum = Node::made(
                Message::new("working-sum"),
                Operation::Sum,
                products.collect(),
            );
            let weights = Node::made(Message::new("working-weights"), Operation::Sum, weights);
            Node::made(
                label,
                Operation::Quotient,
                vec![Arc::new(sum), Arc::new(weights)],
            )
        }
    }
}
