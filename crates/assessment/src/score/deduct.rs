//! Deductions (§7.1): findings become points by clause and indicator, then caps and floors.

use std::{collections::BTreeMap, sync::Arc};

use super::{Evaluation, Place, at_least, at_most, constant, number, open::Deducted};
use crate::{
    finding::Word as _,
    message::Message,
    points::Points,
    refusal::Refusal,
    scheme::{Clause, ClausePoints, Deduct, Effect, How, Item, ItemIndex, Per},
    tally::FindingClass,
    working::{Node, Operation},
};

/// Which part of a finding falls on the place that is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    First,
    Second,
}

impl Evaluation<'_> {
    pub(super) fn deduct(
        &self,
        index: ItemIndex,
        deduct: &Deduct,
        place: Place,
    ) -> Result<Node, Refusal> {
        let item = &self.items()[index];
        let deduction = match self.sums {
            Some(sums) => kept(deduct, sums.deducted(index, self.unit(place))),
            None => self.scanned(item, deduct, place)?,
        };
        let deduction = self.normalised(deduct, deduction, place);
        let deduction = match &deduct.max_deduction {
            Some(most) => at_most(deduction, most, "working-max-deduction"),
            None => deduction,
        };
        let label = Message::new("working-item").with("title", item.title.clone());
        let start = constant("working-start", &deduct.start);
        Ok(Node::made(
            label,
            Operation::Difference,
            vec![start, Arc::new(deduction)],
        ))
    }

    /// The deduction with a line for each clause, indicator and class of findings.
    fn scanned(&self, item: &Item, deduct: &Deduct, place: Place) -> Result<Node, Refusal> {
        let mut by_clause: BTreeMap<(usize, &str), Vec<Arc<Node>>> = BTreeMap::new();
        for (class, count, share) in self.classes(place) {
            if !class.counts(deduct.by) {
                continue;
            }
            let clause = deduct
                .clauses
                .iter()
                .position(|clause| self.ground.matches(class, &clause.matches));
            let Some(clause) = clause else { continue };
            if let Some(line) = self.line(
                item,
                deduct,
                &deduct.clauses[clause],
                (class, count),
                (place, share),
            )? {
                let indicator = self.ground.register.indicators.word(class.indicator);
                by_clause.entry((clause, indicator)).or_default().push(line);
            }
        }
        let mut clauses: BTreeMap<usize, Vec<Arc<Node>>> = BTreeMap::new();
        for ((clause, indicator), lines) in by_clause {
            let rule = &deduct.clauses[clause];
            let label = Message::new("working-indicator")
                .with("indicator", indicator)
                .with("title", self.ground.rules.indicator_title(indicator));
            let sum = Node::made(label, Operation::Sum, lines);
            let sum = floor_and_cap(sum, &rule.floor_per_indicator, &rule.cap_per_indicator);
            clauses.entry(clause).or_default().push(Arc::new(sum));
        }
        let sums = clauses.into_iter().map(|(clause, lines)| {
            let rule = &deduct.clauses[clause];
            let label = match &rule.title {
                Some(title) => Message::new("working-clause").with("title", title.clone()),
                None => Message::new("working-clause").with("title", rule.id.as_str()),
            };
            let sum = Node::made(label, Operation::Sum, lines).with_origin(&rule.origin);
            Arc::new(floor_and_cap(sum, &rule.floor, &rule.cap))
        });
        Ok(Node::made(
            Message::new("working-deduction"),
            Operation::Sum,
            sums.collect(),
        ))
    }

    /// The classes that concern a place, with their count and the share that falls on it.
    fn classes(&self, place: Place) -> Vec<(&FindingClass, u64, Share)> {
        let ground = self.ground;
        match place {
            Place::Visit(visit) => ground
                .visit_classes(visit)
                .map(|(class, count)| (class, *count, Share::First))
                .collect(),
            _ => {
                let unit = self.unit(place);
                let first = ground
                    .first_classes(unit)
                    .map(|(class, count)| (class, *count, Share::First));
                let second = ground
                    .second_classes(unit)
                    .map(|(class, count)| (class, *count, Share::Second));
                first.chain(second).collect()
            }
        }
    }

    /// Count × points × share of one class; `None` if no share falls here.
    fn line(
        &self,
        item: &Item,
        deduct: &Deduct,
        clause: &Clause,
        (class, count): (&FindingClass, u64),
        (place, share): (Place, Share),
    ) -> Result<Option<Arc<Node>>, Refusal> {
        let splits =
            !matches!(place, Place::Visit(_)) && class.second_unit != crate::register::NOBODY;
        let percent = match (&clause.split, share) {
            (Some(split), Share::Second) => Some(split.clone()),
            (Some(split), Share::First) if splits => Some(Points::hundred() - split.clone()),
            (_, Share::First) => None,
            (None, Share::Second) => return Ok(None),
        };
        self.fire(&item.id, &clause.id);
        let (indicator, severity, found_by, status) = self.ground.class_words(class);
        let counted = Message::new("working-findings")
            .with("title", self.ground.rules.indicator_title(&indicator))
            .with("indicator", indicator)
            .with("severity", severity)
            .with("found_by", found_by)
            .with("status", status);
        let count = Node {
            findings: Some(*class),
            ..Node::given(counted, Some(number(count)))
        };
        let mut parts = vec![
            Arc::new(count),
            Arc::new(self.points_of(item, deduct, clause, class)?),
        ];
        if let Some(percent) = percent {
            let part = percent / Points::hundred();
            parts.push(constant("working-share-of-two", &part));
        }
        Ok(Some(Arc::new(Node::made(
            Message::new("working-class"),
            Operation::Product,
            parts,
        ))))
    }

    /// What one finding of a class costs: the first item that deducts for it, its clause, and the points after
    /// escalations, before any share, bound or normalisation.
    ///
    /// # Errors
    /// The scheme has no points for its severity.
    pub fn cost(
        &self,
        class: &FindingClass,
    ) -> Result<Option<(ItemIndex, usize, Points)>, Refusal> {
        for (index, item) in self.items().iter().enumerate() {
            let How::Deduct(deduct) = &item.how else {
                continue;
            };
            if !class.counts(deduct.by) {
                continue;
            }
            let clause = deduct
                .clauses
                .iter()
                .position(|clause| self.ground.matches(class, &clause.matches));
            if let Some(clause) = clause {
                return Ok(Some((
                    index,
                    clause,
                    self.points(deduct, &deduct.clauses[clause], class)?,
                )));
            }
        }
        Ok(None)
    }

    /// The points of one finding, after escalations, without the lines: what [`Self::points_of`] comes to.
    pub(super) fn points(
        &self,
        deduct: &Deduct,
        clause: &Clause,
        class: &FindingClass,
    ) -> Result<Points, Refusal> {
        let mut points = self.base(&clause.points, class, &clause.id)?;
        for escalation in &deduct.escalations {
            if self.ground.matches(class, &escalation.matches) {
                points = match &escalation.effect {
                    Effect::Add(more) => points + self.base(more, class, &escalation.id)?,
                    Effect::Replace(other) => self.base(other, class, &escalation.id)?,
                    Effect::Times(factor) => points * factor,
                };
            }
        }
        Ok(points)
    }

    /// The points of one finding, after escalations.
    fn points_of(
        &self,
        item: &Item,
        deduct: &Deduct,
        clause: &Clause,
        class: &FindingClass,
    ) -> Result<Node, Refusal> {
        let base = self.base(&clause.points, class, &clause.id)?;
        let mut node =
            Node::given(Message::new("working-points"), Some(base)).with_origin(&clause.origin);
        for escalation in &deduct.escalations {
            if !self.ground.matches(class, &escalation.matches) {
                continue;
            }
            self.fire(&item.id, &escalation.id);
            let label = match &escalation.title {
                Some(title) => Message::new("working-escalation").with("title", title.clone()),
                None => Message::new("working-escalation").with("title", escalation.id.as_str()),
            };
            let (operation, amount) = match &escalation.effect {
                Effect::Add(points) => (Operation::Sum, self.base(points, class, &escalation.id)?),
                Effect::Replace(points) => (
                    Operation::Instead,
                    self.base(points, class, &escalation.id)?,
                ),
                Effect::Times(factor) => (Operation::Product, factor.clone()),
            };
            let amount = constant("working-escalation-amount", &amount);
            node = Node::made(label, operation, vec![Arc::new(node), amount])
                .with_origin(&escalation.origin);
        }
        Ok(node)
    }

    fn base(
        &self,
        points: &ClausePoints,
        class: &FindingClass,
        clause: &str,
    ) -> Result<Points, Refusal> {
        let indicator = self.ground.register.indicators.word(class.indicator);
        let by_severity = match points {
            ClausePoints::BySeverity(points) => Some(points),
            ClausePoints::Indicator => self
                .ground
                .rules
                .indicator(indicator)
                .map(|traits| &traits.points),
        };
        by_severity
            .and_then(|points| points.of(class.severity))
            .cloned()
            .ok_or_else(|| Refusal::NoPointsForSeverity {
                finding: self
                    .ground
                    .findings_of(class)
                    .first()
                    .copied()
                    .unwrap_or_default()
                    .to_owned(),
                indicator: indicator.to_owned(),
                severity: class.severity.word(),
                clause: clause.to_owned(),
            })
    }

    /// The deduction per visit, site or kilometre.
    fn normalised(&self, deduct: &Deduct, deduction: Node, place: Place) -> Node {
        let Some((per, amount)) = &deduct.per else {
            return deduction;
        };
        let visits = self.visits(place);
        let (key, quantity) = match per {
            Per::Visit => ("working-visits", number(visits.len() as u64)),
            Per::Site => ("working-sites", self.sites(&visits)),
            Per::Km => ("working-km", self.km(&visits)),
        };
        let parts = vec![Arc::new(deduction), constant("working-per-amount", amount)];
        let scaled = Node::made(Message::new("working-scaled"), Operation::Product, parts);
        let parts = vec![Arc::new(scaled), constant(key, &quantity)];
        Node::made(Message::new("working-per"), Operation::Quotient, parts)
    }
}

/// The deduction from sums that were kept: a line for each clause only.
fn kept(deduct: &Deduct, sums: Option<&Deducted>) -> Node {
    let clauses = sums.into_iter().flatten().map(|(clause, sum)| {
        let rule = &deduct.clauses[*clause];
        let total = bounded(&sum.total, &rule.floor, &rule.cap);
        Arc::new(Node::given(
            Message::new("working-clause").with("title", rule.id.as_str()),
            Some(total),
        ))
    });
    Node::made(
        Message::new("working-deduction"),
        Operation::Sum,
        clauses.collect(),
    )
}

/// A sum above zero within its floor and its cap.
pub(super) fn bounded(sum: &Points, floor: &Option<Points>, cap: &Option<Points>) -> Points {
    let mut bounded = sum;
    if sum.is_positive() {
        bounded = floor.iter().fold(bounded, |sum, floor| sum.max(floor));
        bounded = cap.iter().fold(bounded, |sum, cap| sum.min(cap));
    }
    bounded.clone()
}

/// A sum above zero is raised to its floor and cut to its cap.
fn floor_and_cap(sum: Node, floor: &Option<Points>, cap: &Option<Points>) -> Node {
    let mut node = sum;
    if let Some(floor) = floor
        && node.value.as_ref().is_some_and(Points::is_positive)
    {
        node = at_least(node, floor, "working-floor");
    }
    if let Some(cap) = cap
        && node.value.as_ref().is_some_and(Points::is_positive)
    {
        node = at_most(node, cap, "working-cap");
    }
    node
}
