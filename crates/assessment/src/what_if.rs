//! What-if (试算): months under other rules, beside what they were. Never published.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    facts::{Facts, PastResult},
    message::{Message, Words},
    month::Month,
    refusal::Refusal,
    round::results,
    rules::Rules,
    scheme::{How, Item, Scheme},
    score::{Standing, score, score_as_if},
};

/// A draft on its way through past months: each month's results are the history of those after it.
#[derive(Debug)]
pub struct Replay {
    draft: Rules,
    history: Vec<PastResult>,
    months: BTreeSet<Month>,
    /// Clauses, escalations, vetoes, awards that have had an effect.
    fired: BTreeSet<Rule>,
}

/// A rule that may never have an effect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// Key of the message that names it: `silent-clause`, `silent-award`, …
    pub kind: &'static str,
    /// The item or ranking that it belongs to; empty for awards.
    pub of: String,
    pub id: String,
}

/// One month under both rules.
#[derive(Debug)]
pub struct MonthChange {
    pub month: Month,
    /// Why there is no result; `None`: there is one.
    pub refused_before: Option<Refusal>,
    pub refused_after: Option<Refusal>,
    pub rankings: Vec<RankingChange>,
    /// Fen by code of the unit, before and after: what awards bring, less what deposits lose.
    pub money: BTreeMap<String, (i128, i128)>,
    /// Names of units by code.
    pub names: BTreeMap<String, String>,
}

/// One table of places under both rules.
#[derive(Debug, PartialEq, Eq)]
pub struct RankingChange {
    pub id: String,
    pub title: Words,
    /// As in [`crate::ranking::Row`].
    pub table: String,
    pub rows: Vec<PlaceChange>,
}

/// One unit in one table.
#[derive(Debug, PartialEq, Eq)]
pub struct PlaceChange {
    /// Code of the unit.
    pub unit: String,
    pub before: Option<Standpoint>,
    pub after: Option<Standpoint>,
}

/// Where a unit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standpoint {
    /// From the front and from the end; `None`: not ranked.
    pub place: Option<usize>,
    pub last: Option<usize>,
    /// As it would be published, with its digits.
    pub score: Option<String>,
}

impl Replay {
    /// Begins with the months to come. They override the dates of the draft, so that its first round is the first of them.
    pub fn new(mut draft: Rules, months: impl IntoIterator<Item = Month>) -> Replay {
        let months: BTreeSet<Month> = months.into_iter().collect();
        if let (Some(first), Some(last)) = (months.first(), months.last()) {
            draft.scheme.from = *first;
            draft.scheme.to = Some(*last);
        }
        Replay {
            draft,
            history: vec![],
            months,
            fired: BTreeSet::new(),
        }
    }

    /// The rules that are tried.
    pub fn draft(&self) -> &Rules {
        &self.draft
    }

    /// The next month, under the rules that it had and under the draft; `None`: the draft has no round in it.
    pub fn month(&mut self, before: &Rules, facts: &Facts, month: Month) -> Option<MonthChange> {
        self.month_beside((before, facts), facts, month)
    }

    /// The same where the draft looks at other facts: its window may be another, or who takes part.
    pub fn month_beside(
        &mut self,
        (before, was): (&Rules, &Facts),
        facts: &Facts,
        month: Month,
    ) -> Option<MonthChange> {
        if !self.draft.scheme.holds_in(month) {
            return None;
        }
        let was = score(before, was, month);
        let is = score_as_if(&self.draft, &self.with_history(facts), month);
        if let Ok(standing) = &is {
            self.history.extend(results(&self.draft, standing));
            self.note_fired(standing);
        }
        Some(change(
            month,
            (&before.scheme, was),
            (&self.draft.scheme, is),
        ))
    }

    /// The facts with the draft's own results in place of those of the replayed months.
    fn with_history(&self, facts: &Facts) -> Facts {
        let mut facts = facts.clone();
        let series = &self.draft.scheme.series;
        let replaced = |row: &PastResult| row.series == *series && self.months.contains(&row.month);
        facts.results.retain(|row| !replaced(row));
        facts.results.extend(self.history.iter().cloned());
        facts
    }

    fn note_fired(&mut self, standing: &Standing) {
        let scheme = &self.draft.scheme;
        for rule in rules(scheme) {
            let had_effect = match rule.kind {
                "silent-award" => awarded(scheme, standing, &rule.id),
                "silent-ranking-veto" => {
                    let rankings = scheme.rankings.iter().zip(&standing.rankings);
                    let mut rows = rankings
                        .filter(|(ranking, _)| ranking.id == rule.of)
                        .flat_map(|(_, result)| &result.rows);
                    rows.any(|row| row.vetoes.iter().any(|veto| veto.zh == rule.id))
                }
                _ => standing.fired.contains(&format!("{}.{}", rule.of, rule.id)),
            };
            if had_effect {
                self.fired.insert(rule);
            }
        }
    }

    /// Rules of the draft that had no effect in any month so far.
    pub fn silent(&self) -> Vec<Rule> {
        let rules = rules(&self.draft.scheme).into_iter();
        rules.filter(|rule| !self.fired.contains(rule)).collect()
    }
}

fn awarded(scheme: &Scheme, standing: &Standing, id: &str) -> bool {
    let awards = scheme.awards.iter().zip(&standing.awards);
    let mut results = awards.filter(|(award, _)| award.id == id);
    results.any(|(_, result)| {
        !result.given.is_empty() || result.money.iter().any(|(_, fen)| *fen != 0)
    })
}

/// The rules of a scheme that may have no effect.
fn rules(scheme: &Scheme) -> Vec<Rule> {
    let rule = |kind, of: &str, id: &str| Rule {
        kind,
        of: of.to_owned(),
        id: id.to_owned(),
    };
    let of_item = |item: &Item| {
        let mut rules = vec![];
        if let How::Deduct(deduct) = &item.how {
            let clauses = deduct.clauses.iter();
            rules.extend(clauses.map(|clause| rule("silent-clause", &item.id, &clause.id)));
            let escalations = deduct.escalations.iter();
            rules.extend(escalations.map(|each| rule("silent-escalation", &item.id, &each.id)));
        }
        let vetoes = item.vetoes.iter();
        rules.extend(vetoes.map(|veto| rule("silent-item-veto", &item.id, &veto.title.zh)));
        rules
    };
    let items = scheme.items.iter().flat_map(of_item);
    let rankings = scheme.rankings.iter().flat_map(|ranking| {
        let vetoes = ranking.vetoes.iter();
        vetoes.map(|veto| rule("silent-ranking-veto", &ranking.id, &veto.title.zh))
    });
    let awards = scheme
        .awards
        .iter()
        .map(|award| rule("silent-award", "", &award.id));
    items.chain(rankings).chain(awards).collect()
}

impl Rule {
    /// Its name in a sentence.
    pub fn message(&self, scheme: &Scheme) -> Message {
        let plain = |text: &str| Words::new(text, text);
        let item = scheme.items.iter().find(|item| item.id == self.of);
        let ranking = scheme.rankings.iter().find(|ranking| ranking.id == self.of);
        let award = scheme.awards.iter().find(|award| award.id == self.id);
        let of = match self.kind {
            "silent-award" => award.map(|award| &award.title),
            "silent-ranking-veto" => ranking.map(|ranking| &ranking.title),
            _ => item.map(|item| &item.title),
        };
        Message::new(self.kind)
            .with("id", self.id.as_str())
            .with("of", of.cloned().unwrap_or_else(|| plain(&self.of)))
    }
}

type Outcome<'a> = (&'a Scheme, Result<Standing, Refusal>);

fn change(month: Month, (before, was): Outcome, (after, is): Outcome) -> MonthChange {
    let mut names = BTreeMap::new();
    let mut money: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for standing in [&was, &is].into_iter().flatten() {
        let units = standing.codes.iter().zip(&standing.names);
        names.extend(units.map(|(code, name)| (code.clone(), name.clone())));
    }
    if let Ok(standing) = &was {
        for (code, fen) in moved(standing) {
            money.entry(code).or_default().0 += fen;
        }
    }
    if let Ok(standing) = &is {
        for (code, fen) in moved(standing) {
            money.entry(code).or_default().1 += fen;
        }
    }
    let mut tables: Vec<RankingChange> = vec![];
    for (scheme, standing, is_after) in [(after, &is, true), (before, &was, false)] {
        if let Ok(standing) = standing {
            add_places(&mut tables, scheme, standing, is_after);
        }
    }
    for table in &mut tables {
        table.rows.sort_by_key(|row| {
            let place = |side: &Option<Standpoint>| {
                side.as_ref()
                    .and_then(|side| side.place)
                    .unwrap_or(usize::MAX)
            };
            (place(&row.after), place(&row.before))
        });
    }
    MonthChange {
        month,
        refused_before: was.err(),
        refused_after: is.err(),
        rankings: tables,
        money,
        names,
    }
}

/// What each unit gains or loses, fen.
fn moved(standing: &Standing) -> Vec<(String, i128)> {
    let awards = standing
        .awards
        .iter()
        .flat_map(|award| award.money.iter().copied());
    let deposits = standing.deposits.iter().flatten();
    let drawn = deposits.map(|row| (row.participant, -row.drawn));
    awards
        .chain(drawn)
        .map(|(participant, fen)| (standing.codes[participant].clone(), fen))
        .collect()
}

/// Adds one side of the tables. Rankings with the same id belong together.
fn add_places(tables: &mut Vec<RankingChange>, scheme: &Scheme, standing: &Standing, after: bool) {
    for (ranking, result) in scheme.rankings.iter().zip(&standing.rankings) {
        for row in &result.rows {
            let unit = &standing.codes[row.participant];
            let here = Some(Standpoint {
                place: row.place,
                last: row.last,
                score: row
                    .rounded
                    .as_ref()
                    .map(|score| score.display(ranking.round.digits)),
            });
            let at = tables
                .iter()
                .position(|table| table.id == ranking.id && table.table == row.table)
                .unwrap_or_else(|| {
                    tables.push(RankingChange {
                        id: ranking.id.clone(),
                        title: ranking.title.clone(),
                        table: row.table.clone(),
                        rows: vec![],
                    });
                    tables.len() - 1
                });
            let rows = &mut tables[at].rows;
            let at = rows
                .iter()
                .position(|each| each.unit == *unit)
                .unwrap_or_else(|| {
                    rows.push(PlaceChange {
                        unit: unit.clone(),
                        before: None,
                        after: None,
                    });
                    rows.len() - 1
                });
            match after {
                true => rows[at].after = here,
                false => rows[at].before = here,
            }
        }
    }
}

impl RankingChange {
    /// Units that stand first on one side.
    pub fn first(&self, side: fn(&PlaceChange) -> Option<&Standpoint>) -> Vec<&str> {
        self.standing_at(side, |standpoint| standpoint.place)
    }

    /// Units that stand last on one side.
    pub fn last(&self, side: fn(&PlaceChange) -> Option<&Standpoint>) -> Vec<&str> {
        self.standing_at(side, |standpoint| standpoint.last)
    }

    fn standing_at(
        &self,
        side: fn(&PlaceChange) -> Option<&Standpoint>,
        place: fn(&Standpoint) -> Option<usize>,
    ) -> Vec<&str> {
        let rows = self.rows.iter();
        rows.filter(|row| side(row).and_then(place) == Some(1))
            .map(|row| row.unit.as_str())
            .collect()
    }
}

impl PlaceChange {
    /// Whether its place is another one.
    pub fn moves(&self) -> bool {
        let place = |side: &Option<Standpoint>| side.as_ref().and_then(|side| side.place);
        place(&self.before) != place(&self.after)
    }
}
