//! Makes the bulletin of a month from its assessment and from nothing else.

use std::collections::BTreeMap;

use assessment::{
    facts::Facts,
    indicator::Standard,
    message::Words,
    points::{Mode, Points},
    refusal::Refusal,
    scheme::{GroupUnits, Ranking, Scheme, What},
    score::Standing,
    unit::Unit,
};

use super::Assessed;
use crate::{
    bulletin::{text, view::*},
    words::Language,
};

/// What a bulletin needs beside the month itself.
pub struct Beside<'a> {
    /// The round before, of the same series.
    pub before: Option<&'a Assessed>,
    /// Rounds of the same month that the scheme's `[bulletin]` names, by series.
    pub others: &'a BTreeMap<String, Assessed>,
    pub number: Option<String>,
    /// Date of signature.
    pub date: String,
    pub synthetic: bool,
    pub correction_of: Option<CorrectionView>,
}

/// Composes the bulletin.
///
/// # Errors
/// The facts refuse to be looked at again; they were assessed before, so that is a fault of the store.
pub fn bulletin(round: &Assessed, beside: &Beside) -> Result<BulletinView, Refusal> {
    let scheme = &round.rules.scheme;
    let rules = &scheme.bulletin;
    let evaluation = rules
        .evaluation
        .as_ref()
        .map_or_else(|| both(&scheme.title), both);
    let issuer = both(&scheme.host);
    let standing = &round.assessment.standing;
    let counted = Counted::of(round)?;
    let counted_before = beside.before.map(Counted::of).transpose()?;
    let main = rules.ranking.unwrap_or(0);
    let rankings = ranking_views(round, beside.before, main);
    let (mut rose, mut fell) = (vec![], vec![]);
    for row in rankings.iter().take(1).flat_map(|ranking| &ranking.rows) {
        match row.score_change.as_deref() {
            Some(change) if change.starts_with('-') => fell.push(row.unit.clone()),
            Some(change) if change.chars().any(|c| c.is_ascii_digit() && c != '0') => {
                rose.push(row.unit.clone())
            }
            _ => {}
        }
    }
    // The round before may have had another scheme: each is asked by its own.
    let average = |round: &Assessed| {
        mean(
            &round.assessment.standing,
            round.rules.scheme.bulletin.average?,
        )
    };
    let problems = counted.problems(
        evaluation.clone(),
        rules.block.as_deref(),
        counted_before.as_ref(),
        (average(round), beside.before.and_then(average)),
    );
    let red_property = rules.red_property.as_ref().map(|section| {
        let average = |round: &Assessed| {
            let section = round.rules.scheme.bulletin.red_property.as_ref()?;
            mean(&round.assessment.standing, section.average)
        };
        let before = beside
            .before
            .filter(|before| before.rules.scheme.bulletin.red_property.is_some());
        let title = both(&scheme.items[section.average].title);
        let series = beside.others.get(&section.series);
        let problems = counted.by_attribute(
            (title, &section.block, &section.by),
            series.map(|series| &series.rules.scheme),
            counted_before.as_ref().filter(|_| before.is_some()),
            (average(round), before.and_then(average)),
        );
        RedPropertyView {
            problems,
            ends: series.map(ends_by_table).unwrap_or_default(),
        }
    });
    let total = red_property.as_ref().map(|red| ProblemsView {
        title: evaluation.clone(),
        count: problems.count + red.problems.count,
        count_change: problems
            .count_change
            .zip(red.problems.count_change)
            .map(|(city, red)| city + red),
        average: None,
        average_change: None,
        shares: vec![],
    });
    let townships = rules
        .townships
        .iter()
        .filter_map(|series| Some(ends(beside.others.get(series)?)));
    let departments = rules.departments.as_ref().and_then(|section| {
        let other = beside.others.get(&section.series)?;
        Some(departments(other, section))
    });
    Ok(BulletinView {
        month: standing.month.to_string(),
        title: text::title(&evaluation, &standing.month.to_string()),
        letterhead: Both::new(format!("{}文件", issuer.zh), issuer.en.clone()),
        issuer,
        number: beside.number.clone(),
        recipients: rules.recipients.iter().map(both).collect(),
        copies: rules.copies.iter().map(both).collect(),
        date: beside.date.clone(),
        basis: scheme.legal.iter().map(both).collect(),
        rankings,
        rose,
        fell,
        townships: townships.collect(),
        total,
        problems,
        red_property,
        departments: departments.unwrap_or_default(),
        awards: awards(round),
        assumed: assumed(scheme),
        digests: digests(round),
        synthetic: beside.synthetic,
        stamp: None,
        correction_of: beside.correction_of.clone(),
        evaluation,
    })
}

pub(super) fn both(words: &Words) -> Both {
    Both::new(words.zh.clone(), words.en.clone())
}

/// Name of a unit; its English name is an attribute.
pub fn unit_name(unit: &Unit) -> Both {
    let en = unit.attributes.get("name_en").unwrap_or(&unit.name);
    Both::new(unit.name.clone(), en.clone())
}

pub(super) fn digests(round: &Assessed) -> DigestsView {
    DigestsView {
        facts: round.frozen.canonical().digest.clone(),
        scheme: round.rules.scheme.digest.clone(),
        assessment: round.assessment.digest.clone(),
    }
}

/// Units of the facts by code.
pub(super) fn names(facts: &Facts) -> BTreeMap<&str, Both> {
    facts
        .units
        .iter()
        .map(|unit| (unit.code.as_str(), unit_name(unit)))
        .collect()
}

/// A number as it is printed: with the digits of its ranking, or two.
fn figure(value: &Points, digits: u32) -> Figure {
    let text = value.display(digits);
    let exact = value.to_exact_text();
    let hides = Points::parse(&text).is_ok_and(|shown| shown != *value);
    Figure {
        text,
        exact: hides.then_some(exact),
    }
}

fn change(now: &Points, before: &Points, digits: u32) -> String {
    let change = (now - before).display(digits);
    if change.starts_with('-') {
        change
    } else {
        format!("+{change}")
    }
}

fn mean(standing: &Standing, item: usize) -> Option<Points> {
    let values: Vec<_> = (0..standing.codes.len())
        .filter_map(|each| standing.value(item, each))
        .collect();
    let sum = values
        .iter()
        .fold(Points::zero(), |sum, value| &sum + *value);
    sum.checked_div(&Points::from(values.len() as i64))
}

fn ranking_views(round: &Assessed, before: Option<&Assessed>, main: usize) -> Vec<RankingView> {
    let scheme = &round.rules.scheme;
    let mut order: Vec<usize> = (0..scheme.rankings.len()).collect();
    order.sort_by_key(|index| (*index != main, *index));
    order
        .into_iter()
        .map(|index| ranking_view(round, before, &scheme.rankings[index], index, index == main))
        .collect()
}

fn ranking_view(
    round: &Assessed,
    before: Option<&Assessed>,
    ranking: &Ranking,
    index: usize,
    main: bool,
) -> RankingView {
    let scheme = &round.rules.scheme;
    let standing = &round.assessment.standing;
    let names = names(round.frozen.facts());
    let digits = ranking.round.digits;
    let components: &[usize] = if main {
        &scheme.bulletin.components
    } else {
        &[]
    };
    let past = |code: &str| {
        let before = before?;
        let ranking = before
            .rules
            .scheme
            .rankings
            .iter()
            .position(|each| each.id == ranking.id)?;
        let participant = before
            .assessment
            .standing
            .codes
            .iter()
            .position(|each| each == code)?;
        before.assessment.standing.rankings[ranking].row(participant)
    };
    let mut rows: Vec<_> = standing.rankings[index].rows.iter().collect();
    rows.sort_by(|a, b| {
        let key = |row: &assessment::ranking::Row| {
            (
                row.table.clone(),
                row.place.unwrap_or(usize::MAX),
                row.participant,
            )
        };
        key(a).cmp(&key(b))
    });
    let rows = rows
        .into_iter()
        .filter(|row| row.rounded.is_some())
        .map(|row| {
            let code = &standing.codes[row.participant];
            let past = past(code);
            let rounded = row.rounded.clone().unwrap_or_else(Points::zero);
            let raw = scheme
                .bulletin
                .before
                .filter(|_| main)
                .and_then(|item| standing.value(item, row.participant));
            let raw = raw
                .map(|raw| raw.round(digits, ranking.round.mode))
                .filter(|raw| *raw != rounded);
            RankedView {
                code: code.clone(),
                place: row.place.map(|place| place as u32),
                unit: names.get(code.as_str()).cloned().unwrap_or_default(),
                score: row.exact.as_ref().map_or_else(
                    || Figure::plain("-"),
                    |exact| Figure {
                        text: rounded.display(digits),
                        ..figure(exact, digits)
                    },
                ),
                before_handicap: raw.map(|raw| raw.display(digits)),
                components: components
                    .iter()
                    .map(|item| {
                        standing
                            .value(*item, row.participant)
                            .map(|value| value.display(digits))
                    })
                    .collect(),
                place_change: past.and_then(|past| Some(past.place? as i32 - row.place? as i32)),
                score_change: past
                    .and_then(|past| Some(change(&rounded, past.rounded.as_ref()?, digits))),
                note: (!row.vetoes.is_empty()).then(|| {
                    let join = |language| {
                        text::names(
                            row.vetoes.iter().map(both).collect::<Vec<_>>().iter(),
                            language,
                        )
                    };
                    Both::new(join(Language::Chinese), join(Language::English))
                }),
            }
        });
    RankingView {
        title: both(&ranking.title),
        components: components
            .iter()
            .map(|item| both(&scheme.items[*item].title))
            .collect(),
        rows: rows.collect(),
    }
}

/// Findings of a month as the bulletin counts them: found in the window, not excluded, of participants.
struct Counted {
    /// Block, heading and number.
    headings: BTreeMap<(String, String), u64>,
    /// Block, and attributes of the unit that answers for it.
    units: Vec<(String, BTreeMap<String, String>, u64)>,
    titles: BTreeMap<String, Both>,
}

impl Counted {
    fn of(round: &Assessed) -> Result<Counted, Refusal> {
        let ground = round.ground()?;
        let mut counted = Counted {
            headings: BTreeMap::new(),
            units: vec![],
            titles: titles(round.standard.as_ref()),
        };
        for unit in ground.whole() {
            let mut of_unit: BTreeMap<String, u64> = BTreeMap::new();
            for (class, count) in ground.own_classes(unit).filter(|(class, _)| class.found) {
                let traits = round
                    .rules
                    .indicator(ground.register.indicators.word(class.indicator));
                let block = traits
                    .and_then(|traits| traits.block.clone())
                    .unwrap_or_default();
                let heading = traits
                    .and_then(|traits| traits.heading.clone())
                    .unwrap_or_default();
                *counted
                    .headings
                    .entry((block.clone(), heading))
                    .or_default() += count;
                *of_unit.entry(block).or_default() += count;
            }
            for (block, count) in of_unit {
                counted
                    .units
                    .push((block, ground.register.unit(unit).attributes.clone(), count));
            }
        }
        Ok(counted)
    }

    fn block(&self, block: Option<&str>) -> BTreeMap<&str, u64> {
        let mut headings = BTreeMap::new();
        for ((of, heading), count) in &self.headings {
            if block.is_none_or(|block| block == of) {
                *headings.entry(heading.as_str()).or_default() += count;
            }
        }
        headings
    }

    fn problems(
        &self,
        title: Both,
        block: Option<&str>,
        before: Option<&Counted>,
        average: (Option<Points>, Option<Points>),
    ) -> ProblemsView {
        let title_of = |heading: &str| {
            self.titles
                .get(heading)
                .cloned()
                .unwrap_or_else(|| Both::new(heading, heading))
        };
        shares(
            title,
            &self.block(block),
            before.map(|before| before.block(block)).as_ref(),
            &title_of,
            average,
        )
    }

    /// By an attribute of the unit that answers, for instance a compound's management type.
    fn by_attribute(
        &self,
        (title, block, by): (Both, &str, &str),
        series: Option<&Scheme>,
        before: Option<&Counted>,
        average: (Option<Points>, Option<Points>),
    ) -> ProblemsView {
        fn kinds<'c>(counted: &'c Counted, block: &str, by: &str) -> BTreeMap<&'c str, u64> {
            let mut kinds = BTreeMap::new();
            for (_, attributes, count) in counted.units.iter().filter(|(of, ..)| of == block) {
                *kinds
                    .entry(attributes.get(by).map_or("", String::as_str))
                    .or_default() += count;
            }
            kinds
        }
        let now = kinds(self, block, by);
        let past = before.map(|before| kinds(before, block, by));
        let title_of = |kind: &str| {
            let group = series.and_then(|series| {
                series.groups.iter().find(|group| match &group.units {
                    GroupUnits::Selected { attributes, .. } => {
                        attributes.get(by).is_some_and(|value| value == kind)
                    }
                    GroupUnits::Listed(_) => false,
                })
            });
            group.map_or_else(|| Both::new(kind, kind), |group| both(&group.title))
        };
        shares(title, &now, past.as_ref(), &title_of, average)
    }
}

fn shares(
    title: Both,
    now: &BTreeMap<&str, u64>,
    before: Option<&BTreeMap<&str, u64>>,
    title_of: &dyn Fn(&str) -> Both,
    (average, average_before): (Option<Points>, Option<Points>),
) -> ProblemsView {
    let count: u64 = now.values().sum();
    let of = |part: u64| {
        let share = Points::ratio(part * 100, count).unwrap_or_else(Points::zero);
        share.round(2, Mode::HalfUp).display(2)
    };
    let mut rows: Vec<_> = now
        .iter()
        .map(|(name, part)| ShareView {
            title: title_of(name),
            count: *part,
            count_change: before
                .map(|before| *part as i64 - before.get(name).copied().unwrap_or(0) as i64),
            share: of(*part),
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count));
    ProblemsView {
        title,
        count,
        count_change: before.map(|before| count as i64 - before.values().sum::<u64>() as i64),
        average_change: average
            .as_ref()
            .zip(average_before.as_ref())
            .map(|(now, before)| {
                // The printed change is the difference of the printed averages.
                change(
                    &now.round(2, Mode::HalfUp),
                    &before.round(2, Mode::HalfUp),
                    2,
                )
            }),
        average: average.as_ref().map(|average| figure(average, 2)),
        shares: rows,
    }
}

fn titles(standard: Option<&Standard>) -> BTreeMap<String, Both> {
    let headings = standard.into_iter().flat_map(|standard| &standard.headings);
    headings
        .map(|heading| (heading.id.clone(), both(&heading.title)))
        .collect()
}

/// First and last of a round's leading ranking, under the name of the unit above its participants.
fn ends(round: &Assessed) -> EndsView {
    let scheme = &round.rules.scheme;
    let under = scheme.groups.iter().find_map(|group| match &group.units {
        GroupUnits::Selected { under, .. } => under.clone(),
        GroupUnits::Listed(_) => None,
    });
    let names = names(round.frozen.facts());
    let group = under
        .and_then(|code| names.get(code.as_str()).cloned())
        .unwrap_or_else(|| both(&scheme.host));
    let main = scheme.bulletin.ranking.unwrap_or(0);
    let rows: Vec<_> = round
        .assessment
        .standing
        .rankings
        .get(main)
        .into_iter()
        .flat_map(|result| &result.rows)
        .collect();
    first_and_last(round, group, &rows)
}

/// First and last of each table of a ranking that stands apart.
fn ends_by_table(round: &Assessed) -> Vec<EndsView> {
    let scheme = &round.rules.scheme;
    let Some(result) = round
        .assessment
        .standing
        .rankings
        .get(scheme.bulletin.ranking.unwrap_or(0))
    else {
        return vec![];
    };
    let of_group = |group: &assessment::scheme::Group| {
        let rows: Vec<_> = result
            .rows
            .iter()
            .filter(|row| row.table == group.id)
            .collect();
        first_and_last(round, both(&group.title), &rows)
    };
    scheme.groups.iter().map(of_group).collect()
}

fn first_and_last(round: &Assessed, group: Both, rows: &[&assessment::ranking::Row]) -> EndsView {
    let names = names(round.frozen.facts());
    let ranking = &round.rules.scheme.rankings[round.rules.scheme.bulletin.ranking.unwrap_or(0)];
    let placed = |row: Option<&&assessment::ranking::Row>| {
        row.map(|row| PlacedView {
            code: round.assessment.standing.codes[row.participant].clone(),
            unit: names
                .get(round.assessment.standing.codes[row.participant].as_str())
                .cloned()
                .unwrap_or_default(),
            score: row
                .exact
                .as_ref()
                .map(|exact| figure(exact, ranking.round.digits)),
        })
    };
    let ranked = rows.iter().filter(|row| row.place.is_some()).count();
    let last = rows
        .iter()
        .find(|row| row.last == Some(1))
        .filter(|_| ranked > 1);
    EndsView {
        series: round.rules.scheme.series.clone(),
        group,
        first: placed(rows.iter().find(|row| row.place == Some(1))),
        last: placed(last),
    }
}

fn departments(
    round: &Assessed,
    rules: &assessment::scheme::DepartmentRules,
) -> Vec<DepartmentView> {
    let standing = &round.assessment.standing;
    let scheme = &round.rules.scheme;
    let names = names(round.frozen.facts());
    let value = |name: &str, participant| {
        scheme
            .item(name)
            .and_then(|item| standing.value(item, participant))
    };
    let count = |name: &str, participant| {
        value(name, participant)
            .and_then(Points::to_i64)
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0)
    };
    let rows = standing
        .codes
        .iter()
        .enumerate()
        .map(|(each, code)| DepartmentView {
            code: code.clone(),
            unit: names.get(code.as_str()).cloned().unwrap_or_default(),
            numerator: count(&rules.numerator, each),
            denominator: count(&rules.denominator, each),
            rate: value(&rules.rate, each).map(|rate| rate.round(2, Mode::HalfUp).display(2)),
            extended: count(&rules.extended, each),
            suspended: count(&rules.suspended, each),
            voided: count(&rules.voided, each),
            overdue_open: count(&rules.overdue_open, each),
        });
    rows.collect()
}

/// What the awards bring, unit by unit in the order of the ranking.
fn awards(round: &Assessed) -> Vec<AwardView> {
    let scheme = &round.rules.scheme;
    let standing = &round.assessment.standing;
    let names = names(round.frozen.facts());
    let mut rows: Vec<(usize, AwardView)> = vec![];
    for (award, result) in scheme.awards.iter().zip(&standing.awards) {
        let ranking = &standing.rankings[award.ranking];
        let order = |participant: usize| {
            ranking
                .row(participant)
                .and_then(|row| row.place)
                .unwrap_or(usize::MAX)
        };
        let view = |participant: usize| AwardView {
            code: standing.codes[participant].clone(),
            unit: names
                .get(standing.codes[participant].as_str())
                .cloned()
                .unwrap_or_default(),
            reason: reason(award, ranking.row(participant)),
            yuan: None,
            titles: vec![],
            duties: vec![],
        };
        for (participant, fen) in &result.money {
            let yuan = Points::ratio(*fen, 100).expect("100 is not zero");
            rows.push((
                order(*participant),
                AwardView {
                    yuan: Some(yuan.to_exact_text()),
                    ..view(*participant)
                },
            ));
        }
        for participant in &result.given {
            let mut row = view(*participant);
            if let What::Give { what, name } = &award.what {
                match what {
                    assessment::scheme::Gift::Duty => row.duties.push(both(name)),
                    _ => row.titles.push(both(name)),
                }
            }
            rows.push((order(*participant), row));
        }
    }
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Why: the place from the front or from the end, or the award's own title.
fn reason(award: &assessment::scheme::Award, row: Option<&assessment::ranking::Row>) -> Both {
    let say = |key: &'static str, number: usize| {
        let word = |language: Language| language.say(key, [("place", (number as i64).into())]);
        Both::new(word(Language::Chinese), word(Language::English))
    };
    let (Some(row), assessment::scheme::Who::Places { front, end }) = (row, &award.who) else {
        return both(&award.title);
    };
    match (row.place, row.last) {
        (Some(place), _) if front.contains(&place) => say("round-place-from-front", place),
        (_, Some(last)) if end.contains(&last) => say("round-place-from-end", last),
        _ => both(&award.title),
    }
}

/// Titles of what the author of the scheme has assumed, and what the scheme says about it.
fn assumed(scheme: &Scheme) -> Vec<Both> {
    let about = scheme.about.iter().filter(|_| scheme.has_assumed());
    scheme
        .assumed()
        .into_iter()
        .chain(about)
        .map(both)
        .collect()
}
