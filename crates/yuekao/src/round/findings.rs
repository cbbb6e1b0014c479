//! The findings of a round as one list: what pages, maps and files of it show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assessment::{
    finding::{Finding, Severity},
    ground::Ground,
    refusal::Refusal,
    register::UnitIndex,
    score::Evaluation,
    tally::FindingClass,
};

use super::{Assessed, compose, sheet};
use crate::bulletin::view::{Both, FindingView};

/// Which findings are asked for; all without an answer to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Code of the unit that answers for it, or of one above.
    pub unit: Option<String>,
    /// The heading under which the bulletin counts it.
    pub category: Option<String>,
    pub severity: Option<Severity>,
}

/// One finding on the list.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    pub finding: &'a Finding,
    /// None: it counts nowhere.
    class: Option<FindingClass>,
    /// Which participant answers for it.
    participant: usize,
    /// Id of its heading; none if the catalogue does not know the indicator.
    pub category: Option<&'a str>,
}

impl Listed<'_> {
    /// Whether the bulletin counts it: it was neither excluded nor exempt.
    pub fn counts(&self) -> bool {
        self.class.is_some()
    }
}

/// All findings of a round's window that a participant answers for, the earliest first.
pub struct Findings<'a> {
    round: &'a Assessed,
    ground: &'a Ground<'a>,
    listed: Vec<Listed<'a>>,
    names: BTreeMap<&'a str, Both>,
}

impl<'a> Findings<'a> {
    /// The list of a round; `ground` is that of the round.
    pub fn of(round: &'a Assessed, ground: &'a Ground<'a>) -> Self {
        let mut answers: HashMap<UnitIndex, usize> = HashMap::new();
        for (participant, each) in ground.participants.iter().enumerate() {
            for unit in ground.register.below(each.unit) {
                answers.entry(*unit).or_insert(participant);
            }
        }
        let pairs = ground.facts.findings.iter().zip(ground.class_of());
        let mut listed: Vec<Listed> = pairs
            .filter(|(finding, _)| ground.window.holds(finding.found_at))
            .filter_map(|(finding, class)| {
                let unit = ground.register.find(&finding.unit)?;
                Some(Listed {
                    finding,
                    class: *class,
                    participant: *answers.get(&unit)?,
                    category: round
                        .rules
                        .indicator(&finding.indicator)
                        .and_then(|traits| traits.heading.as_deref()),
                })
            })
            .collect();
        listed.sort_by(|a, b| {
            (a.finding.found_at, &a.finding.id).cmp(&(b.finding.found_at, &b.finding.id))
        });
        Self {
            names: compose::names(round.frozen.facts()),
            round,
            ground,
            listed,
        }
    }

    /// Those that are asked for.
    pub fn matching(&self, asked: &Asked) -> Vec<Listed<'a>> {
        let below = |finding: &Finding| {
            asked.unit.as_ref().is_none_or(|code| {
                let register = &self.ground.register;
                register.find(code).is_some_and(|wanted| {
                    let unit = register.find(&finding.unit);
                    unit.is_some_and(|unit| register.line(unit).any(|above| above == wanted))
                })
            })
        };
        let fits = |each: &&Listed| {
            below(each.finding)
                && (asked.category.is_none() || each.category == asked.category.as_deref())
                && asked
                    .severity
                    .is_none_or(|severity| each.finding.severity == severity)
        };
        self.listed.iter().filter(fits).copied().collect()
    }

    /// The headings that occur, as the catalogue orders them: ids and titles.
    pub fn categories(&self) -> Vec<(String, Both)> {
        let found: BTreeSet<&str> = self
            .listed
            .iter()
            .filter_map(|each| each.category)
            .collect();
        let standard = self.round.standard.as_ref();
        let known = standard.into_iter().flat_map(|standard| &standard.headings);
        let mut categories: Vec<(String, Both)> = known
            .filter(|heading| found.contains(heading.id.as_str()))
            .map(|heading| (heading.id.clone(), compose::both(&heading.title)))
            .collect();
        // A scheme may name headings of its own.
        for id in found {
            if !categories.iter().any(|(known, _)| known == id) {
                categories.push((id.to_owned(), Both::new(id, id)));
            }
        }
        categories
    }

    /// Participants: codes and names.
    pub fn units(&self) -> Vec<(String, Both)> {
        let codes = &self.round.assessment.standing.codes;
        codes
            .iter()
            .map(|code| (code.clone(), self.name(code)))
            .collect()
    }

    /// The name of a unit of the round; none if it has no such unit.
    pub fn unit(&self, code: &str) -> Option<Both> {
        self.names.get(code).cloned()
    }

    /// The participant that answers for a finding: code and name.
    pub fn answers(&self, listed: &Listed) -> (String, Both) {
        let code = &self.round.assessment.standing.codes[listed.participant];
        (code.clone(), self.name(code))
    }

    /// Findings in words, with what each has cost.
    ///
    /// # Errors
    /// The facts refuse to be looked at again; they were assessed before, so that is a fault of the store.
    pub fn views(&self, listed: &[Listed]) -> Result<Vec<FindingView>, Refusal> {
        let evaluation = Evaluation::new(self.ground);
        let view = |each: &Listed| {
            let cost = match &each.class {
                Some(class) => evaluation.cost(class)?,
                None => None,
            };
            Ok(sheet::finding_view(
                self.round,
                each.finding,
                each.class.as_ref(),
                cost.map(|(.., points)| points),
                &|code| self.name(code),
            ))
        };
        listed.iter().map(view).collect()
    }

    fn name(&self, code: &str) -> Both {
        self.unit(code).unwrap_or_else(|| Both::new(code, code))
    }
}
