//! A unit's sheet: its problems and what each has cost.

use std::collections::BTreeMap;

use assessment::{
    finding::{Finding, Word as _},
    points::{Mode, Points},
    refusal::Refusal,
    score::Evaluation,
    tally::FindingClass,
};

use super::{Assessed, compose};
use crate::{
    bulletin::view::{Both, DeductionView, Figure, FindingView, UnitSheet},
    words::Language,
};

/// The sheet of one participant; `None` if the unit does not take part.
///
/// # Errors
/// The facts refuse to be looked at again; they were assessed before, so that is a fault of the store.
pub fn unit_sheet(
    round: &Assessed,
    code: &str,
    date: &str,
    synthetic: bool,
) -> Result<Option<UnitSheet>, Refusal> {
    let standing = &round.assessment.standing;
    let Some(participant) = standing.codes.iter().position(|each| each == code) else {
        return Ok(None);
    };
    let ground = round.ground()?;
    let evaluation = Evaluation::new(&ground);
    let scheme = &round.rules.scheme;
    let names = compose::names(round.frozen.facts());
    let name = |code: &str| {
        names
            .get(code)
            .cloned()
            .unwrap_or_else(|| Both::new(code, code))
    };
    let unit = ground.participants[participant].unit;
    let below = ground.register.below(unit);

    let mut findings = vec![];
    let mut deductions: BTreeMap<(String, Both), (u64, Points)> = BTreeMap::new();
    for (finding, class) in ground.facts.findings.iter().zip(ground.class_of()) {
        let own = ground
            .register
            .find(&finding.unit)
            .is_some_and(|unit| below.contains(&unit));
        if !own || !ground.window.holds(finding.found_at) {
            continue;
        }
        let cost = match class {
            Some(class) => evaluation.cost(class)?,
            None => None,
        };
        if let Some((item, clause, points)) = &cost {
            let title = clause_title(scheme, *item, *clause);
            let sum = deductions
                .entry((finding.indicator.clone(), title))
                .or_insert_with(|| (0, Points::zero()));
            sum.0 += 1;
            sum.1 += points;
        }
        findings.push(finding_view(
            round,
            finding,
            class.as_ref(),
            cost.map(|(.., points)| points),
            &name,
        ));
    }
    findings.sort_by(|a, b| (&a.time, &a.id).cmp(&(&b.time, &b.id)));
    let deducted = deductions
        .values()
        .fold(Points::zero(), |sum, (_, points)| &sum + points);
    let main = scheme.bulletin.ranking.unwrap_or(0);
    let result = standing.rankings.get(main);
    let row = result.and_then(|result| result.row(participant));
    let (digits, mode) = scheme.rankings.get(main).map_or((2, Mode::HalfUp), |each| {
        (each.round.digits, each.round.mode)
    });
    let rounded = row.and_then(|row| row.rounded.clone());
    let value = |item: usize| standing.value(item, participant);
    let before = scheme
        .bulletin
        .before
        .and_then(value)
        .map(|before| before.round(digits, mode));
    Ok(Some(UnitSheet {
        month: standing.month.to_string(),
        evaluation: scheme
            .bulletin
            .evaluation
            .as_ref()
            .map_or_else(|| compose::both(&scheme.title), compose::both),
        issuer: compose::both(&scheme.host),
        unit: name(code),
        place: row.and_then(|row| row.place).map(|place| place as u32),
        ranked: result
            .zip(row)
            .map_or(0, |(result, row)| result.ranked(&row.table)) as u32,
        score: Figure {
            text: rounded
                .as_ref()
                .map_or("-".into(), |score| score.display(digits)),
            exact: row
                .and_then(|row| row.exact.clone())
                .filter(|exact| Some(exact) != rounded.as_ref())
                .map(|exact| exact.to_exact_text()),
        },
        before_handicap: before
            .filter(|before| Some(before) != rounded.as_ref())
            .map(|before| before.display(digits)),
        components: scheme
            .bulletin
            .components
            .iter()
            .filter_map(|item| {
                Some((
                    compose::both(&scheme.items[*item].title),
                    value(*item)?.display(digits),
                ))
            })
            .collect(),
        findings,
        deductions: deductions
            .into_iter()
            .map(|((indicator, clause), (count, points))| DeductionView {
                requirement: requirement(round, &indicator),
                indicator,
                clause,
                count,
                points: plain(&points),
            })
            .collect(),
        deducted: plain(&deducted),
        date: date.to_owned(),
        digests: compose::digests(round),
        synthetic,
        stamp: None,
    }))
}

/// One finding of the round, with the participant that answers for it; `None` if there is no such finding.
///
/// # Errors
/// As for [`unit_sheet`].
pub fn finding(round: &Assessed, id: &str) -> Result<Option<(String, Both, FindingView)>, Refusal> {
    let ground = round.ground()?;
    let pairs = ground.facts.findings.iter().zip(ground.class_of());
    let Some((finding, class)) = pairs.into_iter().find(|(finding, _)| finding.id == id) else {
        return Ok(None);
    };
    let answers = ground.register.find(&finding.unit).and_then(|unit| {
        ground
            .participants
            .iter()
            .position(|each| ground.register.below(each.unit).contains(&unit))
    });
    let Some(participant) = answers else {
        return Ok(None);
    };
    let cost = match class {
        Some(class) => Evaluation::new(&ground).cost(class)?,
        None => None,
    };
    let names = compose::names(round.frozen.facts());
    let name = |code: &str| {
        names
            .get(code)
            .cloned()
            .unwrap_or_else(|| Both::new(code, code))
    };
    let code = round.assessment.standing.codes[participant].clone();
    let view = finding_view(
        round,
        finding,
        class.as_ref(),
        cost.map(|(.., points)| points),
        &name,
    );
    Ok(Some((code.clone(), name(&code), view)))
}

fn plain(points: &Points) -> Figure {
    Figure::plain(points.to_exact_text())
}

/// What a clause is called: by its own title, or by that of its item.
fn clause_title(scheme: &assessment::scheme::Scheme, item: usize, clause: usize) -> Both {
    let item = &scheme.items[item];
    let own = match &item.how {
        assessment::scheme::How::Deduct(deduct) => deduct.clauses[clause].title.as_ref(),
        _ => None,
    };
    compose::both(own.unwrap_or(&item.title))
}

/// What the catalogue, or the scheme itself, calls an indicator.
pub fn requirement(round: &Assessed, indicator: &str) -> Both {
    let standard = round
        .standard
        .as_ref()
        .and_then(|standard| standard.indicator(indicator));
    let own = round
        .rules
        .scheme
        .indicators
        .iter()
        .find(|own| own.id == indicator);
    let title = standard
        .map(|standard| &standard.title)
        .or_else(|| own.map(|own| &own.title));
    title.map_or_else(|| Both::new(indicator, indicator), compose::both)
}

/// A finding in words.
pub(super) fn finding_view(
    round: &Assessed,
    finding: &Finding,
    class: Option<&FindingClass>,
    points: Option<Points>,
    name: &dyn Fn(&str) -> Both,
) -> FindingView {
    let say = |key: &str| Both::new(Language::Chinese.word(key), Language::English.word(key));
    let time = |at: jiff::civil::DateTime| assessment::facts::time_text(at).replace('T', " ");
    let heading = round.standard.as_ref().and_then(|standard| {
        let indicator = standard.indicator(&finding.indicator)?;
        Some(compose::both(&standard.heading(&indicator.heading)?.title))
    });
    let state = match (&finding.excluded, class) {
        (Some(_), _) => "round-finding-excluded".to_owned(),
        (None, None) => "round-finding-exempt".to_owned(),
        (None, Some(class)) => format!("round-status-{}", class.status.word().replace('_', "-")),
    };
    let unit = name(&finding.unit);
    // Many write the name of the unit before the place themselves.
    let with_place = |unit: &str| match &finding.place {
        place if place.is_empty() => unit.to_owned(),
        place if place.starts_with(unit) => place.clone(),
        place => format!("{unit} {place}"),
    };
    let place = Both::new(with_place(&unit.zh), with_place(&unit.en));
    FindingView {
        id: finding.id.clone(),
        time: time(finding.found_at),
        place,
        indicator: finding.indicator.clone(),
        requirement: requirement(round, &finding.indicator),
        heading: heading.unwrap_or_default(),
        severity: Some(say(&format!("round-severity-{}", finding.severity.word()))),
        measure: finding.value.clone(),
        points: points.as_ref().map(plain),
        found_by: say(&format!("round-finder-{}", finding.found_by.word())),
        state: say(&state),
        due: finding.due_at.map(time),
        done: finding.rectified_at.map(time),
        photos: finding.photos.clone(),
    }
}
