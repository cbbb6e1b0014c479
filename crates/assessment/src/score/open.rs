//! The standing of an open month, kept as findings arrive: reading it costs the same after ten thousand and after ten million.
//!
//! Each finding is added once to the sums that its clauses make for its unit and the units above it; bounds, rankings and awards
//! are worked out from the sums. The scan ([`crate::score::score`]) is the audit and must come to the same.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Evaluation, Standing, finish};
use crate::{
    finding::Finding,
    ground::Ground,
    points::Points,
    refusal::Refusal,
    register::{NOBODY, Number, UnitIndex},
    scheme::{CountOf, Deduct, How, ItemIndex, Scope},
    tally::{FindingClass, Tally},
};

/// An open month: its ground, and the sums of its findings.
pub struct Open<'a> {
    ground: Ground<'a>,
    sums: Sums,
}

/// What findings come to, by item and unit.
#[derive(Debug, Default)]
pub struct Sums {
    deducts: FxHashMap<(ItemIndex, UnitIndex), Deducted>,
    counts: FxHashMap<(ItemIndex, UnitIndex), i64>,
}

/// What one item takes from one unit, by clause.
pub type Deducted = BTreeMap<usize, ClauseSum>;

/// What one clause takes from one unit, its bounds per indicator applied.
#[derive(Debug, Default)]
pub struct ClauseSum {
    indicators: FxHashMap<Number, Points>,
    pub total: Points,
}

impl<'a> Open<'a> {
    /// Keeps the standing from here on. What the ground already holds is added at once.
    ///
    /// # Errors
    /// A finding for whose severity the scheme has no points.
    pub fn new(ground: Ground<'a>) -> Result<Open<'a>, Refusal> {
        let mut open = Open {
            sums: Sums::default(),
            ground,
        };
        let classes = open.ground.all_classes().to_vec();
        for (class, count) in classes {
            open.add_class(&class, count as i64)?;
        }
        Ok(open)
    }

    /// Whether every item of the scheme can be kept: single visits and the whole of all units are scanned instead.
    pub fn can_keep(&self) -> bool {
        self.ground
            .rules
            .scheme
            .items
            .iter()
            .all(|item| match &item.how {
                How::Deduct(_) => item.scope != Scope::Visit,
                How::Count(count) => {
                    !matches!(count.of, CountOf::Findings(_))
                        || (item.scope != Scope::Visit && !count.whole)
                }
                _ => true,
            })
    }

    /// Adds one finding.
    ///
    /// # Errors
    /// Its unit is not known, or the scheme has no points for its severity.
    pub fn add(&mut self, finding: &Finding) -> Result<(), Refusal> {
        if self.ground.register.find(&finding.unit).is_none() {
            return Err(Refusal::FactOfUnknownUnit {
                fact: finding.id.clone(),
                unit: finding.unit.clone(),
            });
        }
        match self.ground.classify(finding) {
            Some(class) => self.add_class(&class, 1),
            None => Ok(()),
        }
    }

    /// What the scheme may ask of a finding; `None`: it counts nowhere.
    pub fn classify(&mut self, finding: &Finding) -> Option<FindingClass> {
        self.ground.classify(finding)
    }

    /// Replaces a finding by what has become of it, for instance because it was rectified.
    ///
    /// # Errors
    /// See [`Open::add`].
    pub fn replace(&mut self, before: &Finding, now: &Finding) -> Result<(), Refusal> {
        if let Some(class) = self.ground.classify(before) {
            self.add_class(&class, -1)?;
        }
        self.add(now)
    }

    /// Adds what has been counted elsewhere.
    ///
    /// # Errors
    /// See [`Open::add`].
    pub fn add_tally(&mut self, tally: &Tally) -> Result<(), Refusal> {
        tally
            .classes()
            .into_iter()
            .try_for_each(|(class, count)| self.add_class(&class, count as i64))
    }

    /// Adds so many findings of a class; takes them away if `count` is negative.
    ///
    /// # Errors
    /// The scheme has no points for their severity.
    pub fn add_class(&mut self, class: &FindingClass, count: i64) -> Result<(), Refusal> {
        let Open { ground, sums } = self;
        let evaluation = Evaluation::new(ground);
        for (index, item) in ground.rules.scheme.items.iter().enumerate() {
            match &item.how {
                How::Deduct(deduct) if item.scope != Scope::Visit => {
                    sums.deduct(&evaluation, index, deduct, class, count)?;
                }
                How::Count(rule) => {
                    let CountOf::Findings(by) = rule.of else {
                        continue;
                    };
                    if class.counts(by) && ground.matches(class, &rule.matches) {
                        for unit in ground.register.line(class.unit) {
                            *sums.counts.entry((index, unit)).or_default() += count;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The standing now.
    ///
    /// # Errors
    /// The month is refused: see [`Refusal`].
    pub fn standing(&self) -> Result<Standing, Refusal> {
        finish(Evaluation {
            sums: Some(&self.sums),
            ..Evaluation::new(&self.ground)
        })
    }

    pub fn ground(&self) -> &Ground<'a> {
        &self.ground
    }
}

impl Sums {
    /// What an item takes from a unit; `None`: nothing was found.
    pub fn deducted(&self, item: ItemIndex, unit: UnitIndex) -> Option<&Deducted> {
        self.deducts.get(&(item, unit))
    }

    pub fn count(&self, item: ItemIndex, unit: UnitIndex) -> i64 {
        self.counts.get(&(item, unit)).copied().unwrap_or(0)
    }

    fn deduct(
        &mut self,
        evaluation: &Evaluation,
        item: ItemIndex,
        deduct: &Deduct,
        class: &FindingClass,
        count: i64,
    ) -> Result<(), Refusal> {
        if !class.counts(deduct.by) {
            return Ok(());
        }
        let ground = evaluation.ground;
        let Some(clause) = deduct
            .clauses
            .iter()
            .position(|clause| ground.matches(class, &clause.matches))
        else {
            return Ok(());
        };
        let rule = &deduct.clauses[clause];
        let points = evaluation.points(deduct, rule, class)? * Points::from(count);
        let mut take = |unit: UnitIndex, points: &Points| {
            for unit in ground.register.line(unit) {
                let sum = self
                    .deducts
                    .entry((item, unit))
                    .or_default()
                    .entry(clause)
                    .or_default();
                let of_indicator = sum.indicators.entry(class.indicator).or_default();
                let bounded = |sum: &Points| {
                    super::deduct::bounded(sum, &rule.floor_per_indicator, &rule.cap_per_indicator)
                };
                let before = bounded(of_indicator);
                *of_indicator += points;
                sum.total += &(bounded(of_indicator) - before);
            }
        };
        match &rule.split {
            Some(split) if class.second_unit != NOBODY => {
                let second = split / &Points::hundred();
                take(class.unit, &(&points * &(Points::one() - second.clone())));
                take(class.second_unit, &(&points * &second));
            }
            _ => take(class.unit, &points),
        }
        Ok(())
    }
}
