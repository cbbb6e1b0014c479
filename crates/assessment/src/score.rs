//! Scoring: items get their values, each with its working. Pure; serves open months, frozen months and what-ifs alike.

mod deduct;
pub mod open;
mod over;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rustc_hash::FxHashMap;

use self::open::Sums;
use crate::{
    award::{self, AwardResult, DepositRow},
    facts::Facts,
    ground::{Ground, Participant},
    message::Message,
    month::Month,
    points::Points,
    ranking::{self, RankingResult},
    refusal::Refusal,
    register::{Number, UnitIndex},
    rules::Rules,
    scheme::{
        Against, Best, Condition, Count, CountOf, How, Item, ItemIndex, Missing, Origin, Scope,
        Sum,
        formula::{Known, Names},
    },
    working::{Node, Operation},
};

/// Everything that a month brings: values with their working, places, awards.
#[derive(Debug)]
pub struct Standing {
    pub month: Month,
    pub participants: Vec<Participant>,
    /// Codes and names of the participants, in their order.
    pub codes: Vec<String>,
    pub names: Vec<String>,
    /// By item (scope `unit` only, others are empty), then by participant; `None` where the item is not for it.
    pub values: Vec<Vec<Option<Arc<Node>>>>,
    pub rankings: Vec<RankingResult>,
    pub awards: Vec<AwardResult>,
    pub deposits: Vec<Vec<DepositRow>>,
    /// Clauses, escalations and vetoes that changed something, as `item.clause`.
    pub fired: BTreeSet<String>,
}

impl Standing {
    /// The value of an item for a participant.
    pub fn value(&self, item: ItemIndex, participant: usize) -> Option<&Points> {
        self.values[item].get(participant)?.as_ref()?.value.as_ref()
    }
}

/// Scores the round of `month`.
///
/// # Errors
/// The month is refused: see [`Refusal`].
pub fn score(rules: &Rules, facts: &Facts, month: Month) -> Result<Standing, Refusal> {
    stand(&Ground::new(rules, facts, month, true)?)
}

/// Scores a month as if the scheme held in it. The result cannot be published: only [`crate::round::assess`] can.
pub fn score_as_if(rules: &Rules, facts: &Facts, month: Month) -> Result<Standing, Refusal> {
    stand(&Ground::new(rules, facts, month, false)?)
}

/// Scores what has been made ready.
pub fn stand(ground: &Ground) -> Result<Standing, Refusal> {
    finish(Evaluation::new(ground))
}

fn finish(evaluation: Evaluation) -> Result<Standing, Refusal> {
    let ground = evaluation.ground;
    let scheme = &ground.rules.scheme;
    let mut values = vec![];
    for (index, item) in scheme.items.iter().enumerate() {
        let mut row = vec![];
        if item.scope == Scope::Unit {
            for (participant, each) in ground.participants.iter().enumerate() {
                let value = item
                    .is_for(each.group)
                    .then(|| evaluation.value(index, Place::Unit(participant)));
                row.push(value.transpose()?);
            }
        }
        values.push(row);
    }
    let rankings = scheme
        .rankings
        .iter()
        .map(|each| ranking::rank(&evaluation, each))
        .collect::<Result<Vec<_>, _>>()?;
    let awards = scheme
        .awards
        .iter()
        .map(|each| award::award(&evaluation, each, &rankings[each.ranking]))
        .collect::<Result<Vec<_>, _>>()?;
    let deposits = scheme
        .deposits
        .iter()
        .map(|each| {
            award::deposit(
                &evaluation,
                each,
                each.ranking.map(|ranking| &rankings[ranking]),
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    let unit = |each: &Participant| ground.register.unit(each.unit);
    Ok(Standing {
        month: ground.month,
        codes: ground
            .participants
            .iter()
            .map(|each| unit(each).code.clone())
            .collect(),
        names: ground
            .participants
            .iter()
            .map(|each| unit(each).name.clone())
            .collect(),
        participants: ground.participants.clone(),
        values,
        rankings,
        awards,
        deposits,
        fired: evaluation.fired.into_inner(),
    })
}

/// What an item is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Index of a participant.
    Unit(usize),
    Child(UnitIndex),
    Visit(Number),
}

/// Works out values, each once.
pub struct Evaluation<'a> {
    pub ground: &'a Ground<'a>,
    known: RefCell<FxHashMap<(ItemIndex, Place), Arc<Node>>>,
    fired: RefCell<BTreeSet<String>>,
    /// Sums kept as findings arrived; without them the classes are scanned, and each line is shown.
    sums: Option<&'a Sums>,
}

impl<'a> Evaluation<'a> {
    pub fn new(ground: &'a Ground<'a>) -> Evaluation<'a> {
        Evaluation {
            ground,
            known: RefCell::default(),
            fired: RefCell::default(),
            sums: None,
        }
    }

    fn items(&self) -> &'a [Item] {
        &self.ground.rules.scheme.items
    }

    /// The final value of an item at a place, with its working.
    pub fn value(&self, item: ItemIndex, place: Place) -> Result<Arc<Node>, Refusal> {
        if let Some(node) = self.known.borrow().get(&(item, place)) {
            return Ok(node.clone());
        }
        let node = Arc::new(self.work_out(item, place)?);
        self.known.borrow_mut().insert((item, place), node.clone());
        Ok(node)
    }

    fn work_out(&self, index: ItemIndex, place: Place) -> Result<Node, Refusal> {
        let item = &self.items()[index];
        let label = Message::new("working-item").with("title", item.title.clone());
        if let Place::Unit(participant) = place
            && !item.is_for(self.ground.participants[participant].group)
        {
            return Ok(Node {
                item: Some(index),
                ..Node::given(label, None)
            });
        }
        let raw = self.raw(index, place)?;
        let mut node = match raw.value {
            Some(_) => self.bounded(item, place, raw)?,
            None => self.absent(item, place, raw)?,
        };
        node.item = Some(index);
        // The outermost line carries the item's own name; what was done last keeps its label below it.
        if node.label != label {
            node = Node {
                item: Some(index),
                ..Node::made(
                    label,
                    Operation::Sum,
                    vec![Arc::new(Node { item: None, ..node })],
                )
            };
        }
        Ok(node.with_origin(&item.origin))
    }

    fn absent(&self, item: &Item, place: Place, raw: Node) -> Result<Node, Refusal> {
        let stated = match &item.missing {
            Missing::Refuse => {
                return Err(Refusal::ValueMissing {
                    item: item.id.clone(),
                    title: item.title.clone(),
                    unit: self.unit_name(place),
                });
            }
            Missing::Pass => return Ok(raw),
            Missing::Stated(value) => constant("working-stated-value", value),
            Missing::Item(other) => self.value(*other, place)?,
        };
        Ok(Node::made(
            Message::new("working-missing-replaced"),
            Operation::Instead,
            vec![Arc::new(raw), stated],
        ))
    }

    /// Bounds, vetoes and rounding, in the order of §6; each that has an effect is a line.
    fn bounded(&self, item: &Item, place: Place, raw: Node) -> Result<Node, Refusal> {
        let mut node = raw;
        if let Some(max) = &item.max {
            node = at_most(node, max, "working-max");
        }
        if let Some(min) = &item.min {
            node = at_least(node, min, "working-min");
        }
        if let Some(full) = &item.full {
            if !full.above {
                node = at_most(node, &full.mark, "working-full");
            }
            if !full.below_zero {
                node = at_least(node, &Points::zero(), "working-zero");
            }
        }
        for veto in &item.vetoes {
            if self.holds(&veto.when, place)? {
                self.fire(&item.id, &veto.title.zh);
                let label = Message::new("working-veto").with("title", veto.title.clone());
                let set = constant("working-veto-value", &veto.set);
                node = Node::made(label, Operation::Instead, vec![Arc::new(node), set])
                    .with_origin(&veto.origin);
                break;
            }
        }
        if let Some(rounding) = item.round {
            let label = Message::new("working-round").with("digits", rounding.digits as i64);
            node = Node::made(label, Operation::Round(rounding), vec![Arc::new(node)]);
        }
        Ok(node)
    }

    fn fire(&self, item: &str, clause: &str) {
        self.fired.borrow_mut().insert(format!("{item}.{clause}"));
    }

    /// The unit that a place belongs to.
    pub fn unit(&self, place: Place) -> UnitIndex {
        match place {
            Place::Unit(participant) => self.ground.participants[participant].unit,
            Place::Child(unit) => unit,
            Place::Visit(visit) => {
                let code = &self.ground.facts.visits[visit as usize].unit;
                self.ground
                    .register
                    .find(code)
                    .expect("visits of unknown units are refused before")
            }
        }
    }

    /// Name and code of the unit of a place, for refusals.
    pub fn unit_name(&self, place: Place) -> String {
        self.ground.register.unit(self.unit(place)).to_string()
    }

    fn raw(&self, index: ItemIndex, place: Place) -> Result<Node, Refusal> {
        let item = &self.items()[index];
        let label = || Message::new("working-item").with("title", item.title.clone());
        Ok(match &item.how {
            How::Deduct(deduct) => self.deduct(index, deduct, place)?,
            How::Count(count) => self.count(index, count, place, label()),
            How::Ratio { of, to, scale } => {
                let quotient = Node::made(
                    Message::new("working-ratio"),
                    Operation::Quotient,
                    vec![self.value(*of, place)?, self.value(*to, place)?],
                );
                match *scale == Points::one() {
                    true => Node {
                        label: label(),
                        ..quotient
                    },
                    false => {
                        let parts = vec![Arc::new(quotient), constant("working-scale", scale)];
                        Node::made(label(), Operation::Product, parts)
                    }
                }
            }
            How::Measure { key, whole } => {
                let unit =
                    (!whole).then(|| self.ground.register.unit(self.unit(place)).code.as_str());
                let label = Message::new("working-measure").with("key", key.as_str());
                Node::given(label, self.ground.measure(key, unit))
            }
            How::Attribute { name } => (*self.attribute(name, place)?).clone(),
            How::Sum(sum) => self.sum(sum, place, label())?,
            How::Adjust { of, changes } => {
                let code = &self.ground.register.unit(self.unit(place)).code;
                let mut parts = vec![self.value(*of, place)?];
                for change in changes.iter().filter(|change| change.unit == *code) {
                    self.fire(&item.id, &change.unit);
                    let adjusted =
                        Node::given(Message::new("working-adjust"), Some(change.add.clone()));
                    parts.push(Arc::new(adjusted.with_origin(&change.origin)));
                }
                Node::made(label(), Operation::Sum, parts)
            }
            How::Steps { of, steps } => {
                let x = self.value(*of, place)?;
                self.steps(steps, x, label())
            }
            How::Linear { of, points } => linear(points, self.value(*of, place)?, label()),
            How::Grades {
                key,
                grades,
                out_of,
            } => self.grades(key, grades, out_of, place, label())?,
            How::Over(over) => self.over(over, place, label())?,
            How::Change {
                of,
                against,
                percent,
            } => {
                let months = match against {
                    Against::LastMonth => -1,
                    Against::SameMonthLastYear => -12,
                };
                let month = self.ground.month.plus(months);
                let past = self.past(
                    &self.ground.rules.scheme.series,
                    &self.items()[*of].id,
                    month,
                    place,
                );
                let now = self.value(*of, place)?;
                let difference = Node::made(
                    Message::new("working-change"),
                    Operation::Difference,
                    vec![now, past.clone()],
                );
                match percent {
                    false => Node {
                        label: label(),
                        ..difference
                    },
                    true => {
                        let parts = vec![Arc::new(difference), past];
                        let share =
                            Node::made(Message::new("working-share"), Operation::Quotient, parts);
                        let hundred = constant("working-percent", &Points::hundred());
                        Node::made(label(), Operation::Product, vec![Arc::new(share), hundred])
                    }
                }
            }
            How::Period(period) => self.period(period, place, label())?,
            How::Rank { of, end, best, all } => {
                self.rank(*of, *end, *best, *all, place, label())?
            }
            How::Result {
                series,
                item,
                last_month,
            } => {
                let month = self.ground.month.plus(if *last_month { -1 } else { 0 });
                (*self.past(series, item, month, place)).clone()
            }
            How::Formula(expression) => {
                let at = At::new(self, place);
                let value = expression.value(&at);
                let parts = at.looked_at()?;
                Node {
                    value,
                    ..Node::made(label(), Operation::Formula(expression.clone()), parts)
                }
            }
        })
    }

    /// A value of an earlier month or another evaluation, as it stands in the results.
    fn past(&self, series: &str, name: &str, month: Month, place: Place) -> Arc<Node> {
        let code = &self.ground.register.unit(self.unit(place)).code;
        let label = Message::new("working-result")
            .with("series", series)
            .with("name", name)
            .with("month", month);
        Arc::new(Node::given(
            label,
            self.ground.result(series, month, name, code),
        ))
    }

    fn attribute(&self, name: &str, place: Place) -> Result<Arc<Node>, Refusal> {
        let unit = self.ground.register.unit(self.unit(place));
        let label = Message::new("working-attribute")
            .with("attribute", name)
            .with("unit", unit.name.as_str());
        let Some(text) = unit.attributes.get(name) else {
            return Ok(Arc::new(Node::given(label, None)));
        };
        let value = Points::parse(text).map_err(|_| Refusal::AttributeNotANumber {
            attribute: name.to_owned(),
            unit: unit.to_string(),
            text: text.clone(),
        })?;
        Ok(Arc::new(Node::given(label, Some(value))))
    }

    fn count(&self, index: ItemIndex, count: &Count, place: Place, label: Message) -> Node {
        let ground = self.ground;
        if let (Some(sums), CountOf::Findings(_)) = (self.sums, count.of) {
            return Node::given(
                label,
                Some(number(sums.count(index, self.unit(place)) as u64)),
            );
        }
        let whole;
        let units = match (count.whole, place) {
            (true, _) => {
                whole = ground.whole();
                &whole[..]
            }
            (false, Place::Visit(_)) => &[],
            (false, _) => ground.register.below(self.unit(place)),
        };
        let visits = || -> Vec<Number> {
            match place {
                Place::Visit(visit) if !count.whole => {
                    let stratum = ground.stratum_of(visit);
                    ground
                        .in_strata(stratum, &count.matches.strata)
                        .then_some(visit)
                        .into_iter()
                        .collect()
                }
                _ => units
                    .iter()
                    .flat_map(|unit| ground.own_visits(*unit))
                    .filter(|visit| ground.in_strata(visit.stratum, &count.matches.strata))
                    .map(|visit| visit.number)
                    .collect(),
            }
        };
        let value = match count.of {
            CountOf::Findings(by) => {
                let fits = |(class, _): &&(_, u64)| {
                    let class: &crate::tally::FindingClass = class;
                    class.counts(by) && ground.matches(class, &count.matches)
                };
                let count: u64 = match place {
                    Place::Visit(visit) if !count.whole => ground
                        .visit_classes(visit)
                        .filter(fits)
                        .map(|(_, count)| count)
                        .sum(),
                    _ => units
                        .iter()
                        .flat_map(|unit| ground.own_classes(*unit))
                        .filter(fits)
                        .map(|(_, count)| count)
                        .sum(),
                };
                number(count)
            }
            CountOf::Cases(by) => number(
                units
                    .iter()
                    .flat_map(|unit| ground.own_cases(*unit))
                    .filter(|case| ground.case_matches(case, by, &count.matches))
                    .count() as u64,
            ),
            CountOf::Visits => number(visits().len() as u64),
            CountOf::Sites => self.sites(&visits()),
            CountOf::Km => self.km(&visits()),
        };
        Node::given(label, Some(value))
    }

    /// How many different sites were visited.
    fn sites(&self, visits: &[Number]) -> Points {
        let sites: BTreeSet<&str> = visits
            .iter()
            .filter_map(|visit| self.ground.facts.visits[*visit as usize].site.as_deref())
            .collect();
        number(sites.len() as u64)
    }

    /// How many kilometres were walked.
    fn km(&self, visits: &[Number]) -> Points {
        let lengths = visits
            .iter()
            .filter_map(|visit| self.ground.facts.visits[*visit as usize].length_m.as_ref());
        lengths.fold(Points::zero(), |sum, length| &sum + length) / Points::from(1000)
    }

    /// The visits that a place looks at.
    fn visits(&self, place: Place) -> Vec<Number> {
        match place {
            Place::Visit(visit) => vec![visit],
            _ => self
                .ground
                .visits_of(self.unit(place))
                .map(|visit| visit.number)
                .collect(),
        }
    }

    fn sum(&self, sum: &Sum, place: Place, label: Message) -> Result<Node, Refusal> {
        let mut parts: Vec<(Arc<Node>, Points, &Origin)> = vec![];
        for part in &sum.parts {
            let item = &self.items()[part.item];
            let is_for = match place {
                Place::Unit(participant) => {
                    item.is_for(self.ground.participants[participant].group)
                }
                _ => true,
            };
            if is_for {
                parts.push((
                    self.value(part.item, place)?,
                    part.weight.clone(),
                    &part.origin,
                ));
            }
        }
        let mut whole = Points::hundred();
        if sum.reweigh && parts.iter().any(|(value, ..)| value.value.is_none()) {
            parts.retain(|(value, ..)| value.value.is_some());
            whole = parts
                .iter()
                .fold(Points::zero(), |sum, (_, weight, _)| &sum + weight);
        }
        if parts.is_empty() || whole.is_zero() {
            return Ok(Node::given(label, None));
        }
        let weighted = parts.into_iter().map(|(value, weight, origin)| {
            let (weight, name) = match sum.percent {
                true => (weight / whole.clone(), "working-weight"),
                false => (weight, "working-times"),
            };
            if weight == Points::one() {
                return value;
            }
            let weight =
                Arc::new(Node::given(Message::new(name), Some(weight)).with_origin(origin));
            let part = Message::new("working-part").with("of", value.label.args[0].1.clone());
            Arc::new(Node::made(part, Operation::Product, vec![value, weight]))
        });
        Ok(Node::made(label, Operation::Sum, weighted.collect()))
    }

    fn steps(&self, steps: &[crate::scheme::Step], x: Arc<Node>, label: Message) -> Node {
        let Some(value) = &x.value else {
            return Node::given(label, None);
        };
        let reached = steps
            .iter()
            .filter(|step| step.from.as_ref().is_none_or(|from| from <= value));
        let Some(step) = reached.max_by(|a, b| a.from.cmp(&b.from)) else {
            return Node::made(
                label,
                Operation::Instead,
                vec![
                    x,
                    Arc::new(Node::given(Message::new("working-no-step"), None)),
                ],
            );
        };
        let from = step.from.clone().unwrap_or_else(Points::zero);
        let base = Node::given(
            Message::new("working-step").with("from", &from),
            Some(step.value.clone()),
        );
        let base = Arc::new(base.with_origin(&step.origin));
        if step.slope.is_zero() {
            return Node::made(label, Operation::Instead, vec![x, base]);
        }
        let beyond = Node::made(
            Message::new("working-beyond"),
            Operation::Difference,
            vec![x, constant("working-from", &from)],
        );
        let slope = constant("working-slope", &step.slope);
        let rise = Node::made(
            Message::new("working-rise"),
            Operation::Product,
            vec![Arc::new(beyond), slope],
        );
        Node::made(label, Operation::Sum, vec![base, Arc::new(rise)])
    }

    fn grades(
        &self,
        key: &str,
        grades: &BTreeMap<String, Points>,
        out_of: &Points,
        place: Place,
        label: Message,
    ) -> Result<Node, Refusal> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for visit in self.visits(place) {
            if let Some(grade) = self.ground.facts.visits[visit as usize].grades.get(key) {
                if !grades.contains_key(grade) {
                    return Err(Refusal::UnknownGrade {
                        key: key.to_owned(),
                        grade: grade.clone(),
                        unit: self.unit_name(place),
                    });
                }
                *counts.entry(grade).or_default() += 1;
            }
        }
        let total: u64 = counts.values().sum();
        if total == 0 {
            return Ok(Node::given(label, None));
        }
        let parts = counts.iter().map(|(grade, count)| {
            let count = Node::given(
                Message::new("working-grade-count").with("grade", *grade),
                Some(number(*count)),
            );
            let weight = constant("working-grade-weight", &grades[*grade]);
            let label = Message::new("working-grade").with("grade", *grade);
            Arc::new(Node::made(
                label,
                Operation::Product,
                vec![Arc::new(count), weight],
            ))
        });
        let weighted = Node::made(
            Message::new("working-grades"),
            Operation::Sum,
            parts.collect(),
        );
        let total = constant("working-graded-visits", &number(total));
        let share = Node::made(
            Message::new("working-share"),
            Operation::Quotient,
            vec![Arc::new(weighted), total],
        );
        Ok(Node::made(
            label,
            Operation::Product,
            vec![Arc::new(share), constant("working-out-of", out_of)],
        ))
    }

    fn rank(
        &self,
        of: ItemIndex,
        end: bool,
        best: Best,
        all: bool,
        place: Place,
        label: Message,
    ) -> Result<Node, Refusal> {
        let Place::Unit(own) = place else {
            return Ok(Node::given(label, None));
        };
        let mut parts = vec![self.value(of, place)?];
        if parts[0].value.is_none() {
            return Ok(Node::given(label, None));
        }
        for other in self.fellows(own, all) {
            let value = self.value(of, Place::Unit(other))?;
            if other != own && value.value.is_some() {
                parts.push(self.named(value, Place::Unit(other)));
            }
        }
        let high_is_better = (best == Best::High) != end;
        Ok(Node::made(
            label,
            Operation::Place { high_is_better },
            parts,
        ))
    }

    /// The participants of the same group, or all, this one included.
    fn fellows(&self, own: usize, all: bool) -> Vec<usize> {
        let participants = &self.ground.participants;
        let group = participants[own].group;
        (0..participants.len())
            .filter(|each| all || participants[*each].group == group)
            .collect()
    }

    /// Whether a condition holds at a place.
    pub fn holds(&self, condition: &Condition, place: Place) -> Result<bool, Refusal> {
        let at = At::new(self, place);
        let holds = condition.holds(&at);
        at.looked_at()?;
        Ok(holds)
    }

    /// Whether a condition holds for a participant of a ranking.
    pub fn holds_in_ranking(
        &self,
        condition: &Condition,
        participant: usize,
        known: &dyn Fn(Known) -> Option<Points>,
    ) -> Result<bool, Refusal> {
        let at = At {
            known: Some(known),
            ..At::new(self, Place::Unit(participant))
        };
        let holds = condition.holds(&at);
        at.looked_at()?;
        Ok(holds)
    }
}

/// The names of a formula at a place. Remembers what was looked at, and whether it refused.
struct At<'e, 'a> {
    evaluation: &'e Evaluation<'a>,
    place: Place,
    known: Option<&'e dyn Fn(Known) -> Option<Points>>,
    seen: RefCell<Vec<Arc<Node>>>,
    refusal: RefCell<Option<Refusal>>,
}

impl<'e, 'a> At<'e, 'a> {
    fn new(evaluation: &'e Evaluation<'a>, place: Place) -> Self {
        At {
            evaluation,
            place,
            known: None,
            seen: RefCell::default(),
            refusal: RefCell::default(),
        }
    }

    fn take(&self, node: Result<Arc<Node>, Refusal>) -> Option<Points> {
        match node {
            Ok(node) => {
                let value = node.value.clone();
                self.seen.borrow_mut().push(node);
                value
            }
            Err(refusal) => {
                self.refusal.borrow_mut().get_or_insert(refusal);
                None
            }
        }
    }

    /// The nodes that were looked at, or the first refusal.
    fn looked_at(self) -> Result<Vec<Arc<Node>>, Refusal> {
        match self.refusal.into_inner() {
            Some(refusal) => Err(refusal),
            None => Ok(self.seen.into_inner()),
        }
    }
}

impl Names for At<'_, '_> {
    fn item(&self, item: ItemIndex) -> Option<Points> {
        self.take(self.evaluation.value(item, self.place))
    }

    fn attribute(&self, name: &str) -> Option<Points> {
        self.take(self.evaluation.attribute(name, self.place))
    }

    fn known(&self, known: Known) -> Option<Points> {
        self.known.and_then(|of| of(known))
    }
}

/// Straight lines between corners (§7.9).
fn linear(points: &[(Points, Points)], x: Arc<Node>, label: Message) -> Node {
    let Some(value) = &x.value else {
        return Node::given(label, None);
    };
    let after = points.iter().position(|(corner, _)| value < corner);
    let (before, next) = match after {
        Some(0) => {
            return Node::made(
                label,
                Operation::Instead,
                vec![x, constant("working-corner", &points[0].1)],
            );
        }
        None => {
            let last = &points[points.len() - 1].1;
            return Node::made(
                label,
                Operation::Instead,
                vec![x, constant("working-corner", last)],
            );
        }
        Some(index) => (&points[index - 1], &points[index]),
    };
    let beyond = Node::made(
        Message::new("working-beyond"),
        Operation::Difference,
        vec![x, constant("working-from", &before.0)],
    );
    let slope = (&next.1 - &before.1) / (&next.0 - &before.0);
    let rise = Node::made(
        Message::new("working-rise"),
        Operation::Product,
        vec![Arc::new(beyond), constant("working-slope", &slope)],
    );
    Node::made(
        label,
        Operation::Sum,
        vec![constant("working-corner", &before.1), Arc::new(rise)],
    )
}

/// A number of the scheme as a line.
fn constant(key: &'static str, value: &Points) -> Arc<Node> {
    Arc::new(Node::given(Message::new(key), Some(value.clone())))
}

fn number(count: u64) -> Points {
    Points::from(count as i64)
}

/// Cut to a bound, with a line only if that changes the value.
fn at_most(node: Node, bound: &Points, key: &'static str) -> Node {
    match &node.value {
        Some(value) if value > bound => Node::made(
            Message::new(key),
            Operation::Least,
            vec![Arc::new(node), constant("working-bound", bound)],
        ),
        _ => node,
    }
}

/// Raised to a bound, with a line only if that changes the value.
fn at_least(node: Node, bound: &Points, key: &'static str) -> Node {
    match &node.value {
        Some(value) if value < bound => Node::made(
            Message::new(key),
            Operation::Greatest,
            vec![Arc::new(node), constant("working-bound", bound)],
        ),
        _ => node,
    }
}
