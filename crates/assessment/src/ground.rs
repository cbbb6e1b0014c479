//! The ground of a round: its facts made ready to be asked by unit and by visit.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::{
    case::Case,
    compact::CompactFinding,
    facts::Facts,
    finding::{Finding, Status, Word as _},
    month::Month,
    points::Points,
    refusal::Refusal,
    register::{NOBODY, Number, Register, UnitIndex},
    rules::Rules,
    scheme::{CaseBy, GroupIndex, GroupUnits, Match, Scope, Window},
    tally::{Classifier, FindingClass, Tally, fits},
    unit::Unit,
};

/// A unit that takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub unit: UnitIndex,
    pub group: GroupIndex,
    pub ranked: bool,
    pub paid: bool,
}

/// A visit that lies in the window.
#[derive(Debug)]
pub struct VisitFact {
    /// Index into [`Facts::visits`]: the number that classes carry.
    pub number: Number,
    pub stratum: Number,
}

/// Facts, made ready.
pub struct Ground<'a> {
    pub rules: &'a Rules,
    pub facts: &'a Facts,
    pub month: Month,
    pub window: Window,
    pub register: Register,
    pub participants: Vec<Participant>,
    classifier: Classifier<'a>,
    /// The class of each finding, in the order of the facts; `None` if it counts nowhere.
    class_of: Vec<Option<FindingClass>>,
    classes: Vec<(FindingClass, u64)>,
    /// Classes by first and by second unit, and by visit.
    first: Vec<Vec<u32>>,
    second: Vec<Vec<u32>>,
    of_visit: FxHashMap<Number, Vec<u32>>,
    /// Visits of the window, by unit, in the order of their ids.
    visits: Vec<Vec<VisitFact>>,
    cases: Vec<Vec<&'a Case>>,
    measures: HashMap<(&'a str, Option<&'a str>), &'a Points>,
    results: HashMap<(&'a str, Month, &'a str, &'a str), &'a Points>,
}

impl<'a> Ground<'a> {
    /// Makes the facts ready for the round of `month`. `dates` = false asks the scheme outside its dates (what-if).
    pub fn new(
        rules: &'a Rules,
        facts: &'a Facts,
        month: Month,
        dates: bool,
    ) -> Result<Ground<'a>, Refusal> {
        let scheme = &rules.scheme;
        if dates && !scheme.holds_in(month) {
            return Err(Refusal::SchemeNotValidInMonth {
                scheme: scheme.id.clone(),
                month,
            });
        }
        let window = scheme.window(month);
        let mut register = Register::new(facts);
        let participants = participants(rules, &register)?;

        let by_visit = scheme.items.iter().any(|item| item.scope == Scope::Visit);
        let classifier = Classifier::new(scheme, window, facts, &mut register, by_visit);
        let mut tally = Tally::default();
        let mut class_of = Vec::with_capacity(facts.findings.len());
        for finding in &facts.findings {
            known(&register, &finding.id, &finding.unit)?;
            let class = classifier.class(finding, &mut register);
            class.into_iter().for_each(|class| tally.add(class));
            class_of.push(class);
        }
        let units = register.units().count();
        let mut ground = Ground {
            class_of,
            classifier,
            classes: tally.classes(),
            first: vec![vec![]; units],
            second: vec![vec![]; units],
            of_visit: FxHashMap::default(),
            visits: (0..units).map(|_| vec![]).collect(),
            cases: vec![vec![]; units],
            measures: facts
                .measures
                .iter()
                .map(|row| ((row.key.as_str(), row.unit.as_deref()), &row.value))
                .collect(),
            results: facts
                .results
                .iter()
                .map(|row| {
                    (
                        (
                            row.series.as_str(),
                            row.month,
                            row.name.as_str(),
                            row.unit.as_str(),
                        ),
                        &row.value,
                    )
                })
                .collect(),
            rules,
            facts,
            month,
            window,
            register,
            participants,
        };
        for (index, (class, _)) in ground.classes.iter().enumerate() {
            ground.first[class.unit as usize].push(index as u32);
            if class.second_unit != NOBODY {
                ground.second[class.second_unit as usize].push(index as u32);
            }
            if class.visit != NOBODY {
                ground
                    .of_visit
                    .entry(class.visit)
                    .or_default()
                    .push(index as u32);
            }
        }
        let mut order: Vec<usize> = (0..facts.visits.len()).collect();
        order.sort_by(|a, b| facts.visits[*a].id.cmp(&facts.visits[*b].id));
        for number in order {
            let visit = &facts.visits[number];
            let unit = known(&ground.register, &visit.id, &visit.unit)?;
            if window.holds(visit.at) {
                let stratum = ground.classifier.stratum(visit.site.as_deref());
                ground.visits[unit as usize].push(VisitFact {
                    number: number as Number,
                    stratum,
                });
            }
        }
        for case in &facts.cases {
            let unit = known(&ground.register, &case.id, &case.unit)?;
            ground.cases[unit as usize].push(case);
        }
        ground.must_checks()?;
        Ok(ground)
    }

    fn must_checks(&self) -> Result<(), Refusal> {
        for must in &self.rules.scheme.must_checks {
            let visits = self.register.find(&must.unit).map_or(0, |unit| {
                self.visits_of(unit)
                    .filter(|visit| self.register.strata.word(visit.stratum) == must.stratum)
                    .count()
            });
            if visits < must.at_least {
                return Err(Refusal::MustCheckMissing {
                    title: must.title.clone(),
                    unit: self.unit_name(&must.unit),
                    stratum: must.stratum.clone(),
                    visits,
                    at_least: must.at_least,
                });
            }
        }
        Ok(())
    }

    fn unit_name(&self, code: &str) -> String {
        self.register
            .find(code)
            .map_or(code.to_owned(), |unit| self.register.unit(unit).to_string())
    }

    /// The class of a finding that is not among the facts (yet); `None` if it counts nowhere in this round.
    pub fn classify(&mut self, finding: &Finding) -> Option<FindingClass> {
        self.classifier.class(finding, &mut self.register)
    }

    /// The row of a finding for the audit scan; `None` if its unit is not known, or if a time or a number does not fit.
    pub fn compact(&mut self, finding: &Finding) -> Option<CompactFinding> {
        CompactFinding::new(finding, &self.classifier, &mut self.register)
    }

    /// The class of each finding, in the order of the facts; `None` if it counts nowhere.
    pub fn class_of(&self) -> &[Option<FindingClass>] {
        &self.class_of
    }

    /// All classes with how many findings each has.
    pub fn all_classes(&self) -> &[(FindingClass, u64)] {
        &self.classes
    }

    /// Classes of findings whose first unit is the unit or below it.
    pub fn first_classes(&self, unit: UnitIndex) -> impl Iterator<Item = &(FindingClass, u64)> {
        self.register
            .below(unit)
            .iter()
            .flat_map(|unit| &self.first[*unit as usize])
            .map(|i| &self.classes[*i as usize])
    }

    /// Classes of findings whose second unit is the unit or below it.
    pub fn second_classes(&self, unit: UnitIndex) -> impl Iterator<Item = &(FindingClass, u64)> {
        self.register
            .below(unit)
            .iter()
            .flat_map(|unit| &self.second[*unit as usize])
            .map(|i| &self.classes[*i as usize])
    }

    /// Classes of findings of one visit.
    pub fn visit_classes(&self, visit: Number) -> impl Iterator<Item = &(FindingClass, u64)> {
        self.of_visit
            .get(&visit)
            .into_iter()
            .flatten()
            .map(|i| &self.classes[*i as usize])
    }

    /// Visits of the window to the unit or below it. In the order of their ids within each unit.
    pub fn visits_of(&self, unit: UnitIndex) -> impl Iterator<Item = &VisitFact> {
        self.register
            .below(unit)
            .iter()
            .flat_map(|unit| &self.visits[*unit as usize])
    }

    /// Cases of the unit or below it.
    pub fn cases_of(&self, unit: UnitIndex) -> impl Iterator<Item = &'a Case> {
        self.register
            .below(unit)
            .iter()
            .flat_map(|unit| self.cases[*unit as usize].iter().copied())
    }

    /// All units that are a participant or below one, each once.
    pub fn whole(&self) -> Vec<UnitIndex> {
        let mut units: Vec<_> = self
            .participants
            .iter()
            .flat_map(|each| self.register.below(each.unit).iter().copied())
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Classes, visits and cases of exactly this unit.
    pub fn own_classes(&self, unit: UnitIndex) -> impl Iterator<Item = &(FindingClass, u64)> {
        self.first[unit as usize]
            .iter()
            .map(|i| &self.classes[*i as usize])
    }

    pub fn own_visits(&self, unit: UnitIndex) -> impl Iterator<Item = &VisitFact> {
        self.visits[unit as usize].iter()
    }

    pub fn own_cases(&self, unit: UnitIndex) -> impl Iterator<Item = &'a Case> {
        self.cases[unit as usize].iter().copied()
    }

    pub fn measure(&self, key: &str, unit: Option<&str>) -> Option<Points> {
        self.measures.get(&(key, unit)).copied().cloned()
    }

    pub fn result(&self, series: &str, month: Month, name: &str, unit: &str) -> Option<Points> {
        self.results
            .get(&(series, month, name, unit))
            .copied()
            .cloned()
    }

    /// Whether a class of findings is meant by a match (§7.14).
    pub fn matches(&self, class: &FindingClass, matches: &Match) -> bool {
        let indicator = self.register.indicators.word(class.indicator);
        let traits = self.rules.indicator(indicator);
        let one = |patterns: &[String], word: Option<&str>| {
            patterns.is_empty()
                || word.is_some_and(|word| patterns.iter().any(|pattern| fits(pattern, word)))
        };
        one(&matches.indicators, Some(indicator))
            && one(
                &matches.headings,
                traits.and_then(|traits| traits.heading.as_deref()),
            )
            && one(
                &matches.aspects,
                traits.and_then(|traits| traits.aspect.as_deref()),
            )
            && one(
                &matches.blocks,
                traits.and_then(|traits| traits.block.as_deref()),
            )
            && (matches.severity.is_empty() || matches.severity.contains(&class.severity))
            && (matches.found_by.is_empty() || matches.found_by.contains(&class.found_by))
            && (matches.status.is_empty() || matches.status.contains(&class.status))
            && self.in_strata(class.stratum, &matches.strata)
            && matches
                .repeated
                .is_none_or(|least| u32::from(class.repeated) >= least)
            && matches
                .relapsed
                .is_none_or(|wanted| class.relapsed == wanted)
            && matches
                .failed
                .is_none_or(|least| u32::from(class.failed) >= least)
    }

    /// Stratum of the site of a visit.
    pub fn stratum_of(&self, visit: Number) -> Number {
        self.classifier
            .stratum(self.facts.visits[visit as usize].site.as_deref())
    }

    /// Whether a stratum is among those wanted; a fact without a site is in none.
    pub fn in_strata(&self, stratum: Number, wanted: &[String]) -> bool {
        wanted.is_empty()
            || (stratum != NOBODY
                && wanted
                    .iter()
                    .any(|pattern| fits(pattern, self.register.strata.word(stratum))))
    }

    /// Whether a case belongs to the round by that time and is meant by the match (§7.2, §7.14).
    pub fn case_matches(&self, case: &Case, by: CaseBy, matches: &Match) -> bool {
        let window = &self.window;
        let in_round = match by {
            CaseBy::Load => {
                case.dispatched_at < window.end
                    && case
                        .handled_at
                        .is_none_or(|handled| handled >= window.start)
                    && case.voided_at.is_none_or(|voided| voided >= window.start)
            }
            CaseBy::Dispatched => window.holds(case.dispatched_at),
            CaseBy::Due => case.due_at.is_some_and(|due| window.holds(due)),
            CaseBy::Handled => case.handled_at.is_some_and(|handled| window.holds(handled)),
        };
        let voided = case.voided_at.is_some_and(|voided| voided < window.read);
        let flag = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        in_round
            && voided == matches.voided
            && (matches.categories.is_empty()
                || matches
                    .categories
                    .iter()
                    .any(|each| fits(each, &case.category)))
            && (matches.status.is_empty()
                || matches
                    .status
                    .contains(&Status::at(case.handled_at, case.due_at, window.read)))
            && flag(matches.extended, case.extended > 0)
            && flag(matches.suspended, case.suspended)
            && flag(matches.returned, case.returned > 0)
            && flag(matches.reworked, case.reworked > 0)
    }

    /// For people: the class in words of the facts.
    pub fn class_words(
        &self,
        class: &FindingClass,
    ) -> (String, &'static str, &'static str, &'static str) {
        (
            self.register.indicators.word(class.indicator).to_owned(),
            class.severity.word(),
            class.found_by.word(),
            class.status.word(),
        )
    }

    /// The ids of the findings of a class, in order.
    pub fn findings_of(&self, wanted: &FindingClass) -> Vec<&'a str> {
        let pairs = self.facts.findings.iter().zip(&self.class_of);
        let mut ids: Vec<_> = pairs
            .filter(|(_, class)| class.as_ref() == Some(wanted))
            .map(|(finding, _)| finding.id.as_str())
            .collect();
        ids.sort_unstable();
        ids
    }
}

/// What of the facts concerns the participants: their units with all above and below, and the facts of these.
///
/// # Errors
/// The participants cannot be told, see [`Ground::new`].
pub fn concerned(rules: &Rules, facts: Facts) -> Result<Facts, Refusal> {
    let register = Register::new(&facts);
    let mut wanted = vec![false; register.units().count()];
    for participant in participants(rules, &register)? {
        register
            .below(participant.unit)
            .iter()
            .for_each(|unit| wanted[*unit as usize] = true);
    }
    let answers = |code: &str| {
        register
            .find(code)
            .is_some_and(|unit| wanted[unit as usize])
    };
    let findings: Vec<_> = facts
        .findings
        .into_iter()
        .filter(|finding| {
            answers(&finding.unit) || finding.second_unit.as_deref().is_some_and(answers)
        })
        .collect();
    let visits: Vec<_> = facts
        .visits
        .into_iter()
        .filter(|visit| {
            answers(&visit.unit)
                || findings
                    .iter()
                    .any(|finding| finding.visit.as_deref() == Some(&visit.id))
        })
        .collect();
    let used: std::collections::HashSet<&str> = findings
        .iter()
        .filter_map(|finding| finding.site.as_deref())
        .chain(visits.iter().filter_map(|visit| visit.site.as_deref()))
        .collect();
    let sites: Vec<_> = facts
        .sites
        .into_iter()
        .filter(|site| used.contains(site.id.as_str()))
        .collect();
    let cases: Vec<_> = facts
        .cases
        .into_iter()
        .filter(|case| answers(&case.unit))
        .collect();
    let measures = facts
        .measures
        .into_iter()
        .filter(|row| row.unit.as_deref().is_none_or(answers))
        .collect();
    let results = facts
        .results
        .into_iter()
        .filter(|row| answers(&row.unit))
        .collect();

    // Units that are named stay with all above them, so that the tree stands.
    let mut kept = wanted.clone();
    let named = findings
        .iter()
        .flat_map(|finding| [Some(finding.unit.as_str()), finding.second_unit.as_deref()])
        .flatten()
        .chain(visits.iter().map(|visit| visit.unit.as_str()))
        .chain(sites.iter().map(|site| site.unit.as_str()));
    let whole: Vec<_> = named
        .filter_map(|code| register.find(code))
        .chain((0..wanted.len() as UnitIndex).filter(|unit| wanted[*unit as usize]))
        .collect();
    for unit in whole {
        register
            .line(unit)
            .for_each(|above| kept[above as usize] = true);
    }
    let units = register
        .units()
        .filter(|(index, _)| kept[*index as usize])
        .map(|(_, unit)| unit.clone())
        .collect();
    Ok(Facts {
        units,
        sites,
        visits,
        findings,
        cases,
        measures,
        results,
    })
}

fn known(register: &Register, fact: &str, unit: &str) -> Result<UnitIndex, Refusal> {
    register
        .find(unit)
        .ok_or_else(|| Refusal::FactOfUnknownUnit {
            fact: fact.to_owned(),
            unit: unit.to_owned(),
        })
}

/// The codes of those who take part if these are the units, in the order of groups and lists (§5).
///
/// # Errors
/// The participants cannot be told, see [`Ground::new`].
pub fn participants_of(rules: &Rules, units: &[Unit]) -> Result<Vec<String>, Refusal> {
    let register = Register::new(&Facts {
        units: units.to_vec(),
        ..Facts::default()
    });
    let participants = participants(rules, &register)?;
    Ok(participants
        .into_iter()
        .map(|participant| register.unit(participant.unit).code.clone())
        .collect())
}

/// The participants in the order of groups and lists (§5).
fn participants(rules: &Rules, register: &Register) -> Result<Vec<Participant>, Refusal> {
    let scheme = &rules.scheme;
    let mut participants: Vec<Participant> = vec![];
    let mut seen = std::collections::HashSet::new();
    for (index, group) in scheme.groups.iter().enumerate() {
        let units = match &group.units {
            GroupUnits::Listed(codes) => codes
                .iter()
                .map(|code| {
                    register
                        .find(code)
                        .ok_or_else(|| Refusal::UnknownUnit { unit: code.clone() })
                })
                .collect::<Result<Vec<_>, _>>()?,
            GroupUnits::Selected {
                kind,
                under,
                attributes,
            } => {
                let below = match under {
                    Some(code) => {
                        let top = register
                            .find(code)
                            .ok_or_else(|| Refusal::UnknownUnit { unit: code.clone() })?;
                        Some(
                            register
                                .below(top)
                                .iter()
                                .copied()
                                .filter(|unit| *unit != top)
                                .collect::<Vec<_>>(),
                        )
                    }
                    None => None,
                };
                register
                    .units()
                    .filter(|(number, unit)| {
                        kind.as_ref().is_none_or(|kind| unit.kind == *kind)
                            && below.as_ref().is_none_or(|below| below.contains(number))
                            && attributes
                                .iter()
                                .all(|(name, value)| unit.attributes.get(name) == Some(value))
                    })
                    .map(|(number, _)| number)
                    .collect()
            }
        };
        for unit in units {
            let code = &register.unit(unit).code;
            if !seen.insert(unit) {
                return Err(Refusal::UnitInTwoGroups { unit: code.clone() });
            }
            let exception = |flag: fn(&crate::scheme::Exception) -> Option<bool>| {
                scheme
                    .exceptions
                    .iter()
                    .filter(|exception| exception.unit == *code)
                    .find_map(flag)
            };
            participants.push(Participant {
                unit,
                group: index,
                ranked: exception(|exception| exception.ranked).unwrap_or(group.ranked),
                paid: exception(|exception| exception.paid).unwrap_or(group.paid),
            });
        }
    }
    if participants.is_empty() {
        Err(Refusal::NoParticipants)
    } else {
        Ok(participants)
    }
}
