//! A round: facts are frozen, frozen facts are assessed, and only an assessment can be published.

use std::fmt::Write as _;

use crate::{
    facts::{Canonical, DigestText, Facts, sha256},
    month::Month,
    points::Points,
    refusal::Refusal,
    rules::Rules,
    scheme::Scope,
    score::{Standing, score},
};

/// Facts that are closed. Only [`Frozen::freeze`] makes one.
#[derive(Clone, Debug)]
pub struct Frozen {
    month: Month,
    facts: Facts,
    canonical: Canonical,
}

impl Frozen {
    /// Closes the facts of a month.
    pub fn freeze(month: Month, facts: Facts) -> Frozen {
        Frozen {
            month,
            canonical: facts.canonical(),
            facts,
        }
    }

    pub fn month(&self) -> Month {
        self.month
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The canonical files and their digest.
    pub fn canonical(&self) -> &Canonical {
        &self.canonical
    }
}

/// The result of frozen facts under a scheme that holds: what a bulletin is made of.
#[derive(Debug)]
pub struct Assessment {
    pub standing: Standing,
    /// The text whose digest is printed on the bulletin (§11).
    pub text: String,
    pub digest: DigestText,
}

/// Assesses frozen facts. The same facts and rules give the same bytes, always and everywhere.
///
/// # Errors
/// The month is refused: see [`Refusal`].
pub fn assess(rules: &Rules, frozen: &Frozen) -> Result<Assessment, Refusal> {
    let standing = score(rules, &frozen.facts, frozen.month)?;
    let text = text(rules, &standing, &frozen.canonical.digest);
    Ok(Assessment {
        digest: sha256(text.as_bytes()),
        text,
        standing,
    })
}

/// The result as text (§11).
pub fn text(rules: &Rules, standing: &Standing, facts: &str) -> String {
    let scheme = &rules.scheme;
    let mut out = String::from("yuekao assessment 1\n");
    let mut line = |text: std::fmt::Arguments| {
        let _ = writeln!(out, "{text}");
    };
    line(format_args!("scheme {} {}", scheme.id, scheme.digest));
    match &rules.standard {
        Some((id, digest)) => line(format_args!("standard {id} {digest}")),
        None => line(format_args!("standard -")),
    }
    line(format_args!("month {}", standing.month));
    line(format_args!("facts {facts}"));
    let code = |participant: usize| &standing.codes[participant];
    let number = |value: Option<&Points>| value.map_or("-".to_owned(), Points::to_exact_text);
    let whole = |value: Option<usize>| value.map_or("-".to_owned(), |value| value.to_string());
    for (item, row) in scheme
        .items
        .iter()
        .zip(&standing.values)
        .filter(|(item, _)| item.scope == Scope::Unit)
    {
        for (participant, node) in row.iter().enumerate() {
            if let Some(node) = node {
                line(format_args!(
                    "value {} {} {}",
                    item.id,
                    code(participant),
                    number(node.value.as_ref())
                ));
            }
        }
    }
    for (ranking, result) in scheme.rankings.iter().zip(&standing.rankings) {
        for row in &result.rows {
            let score = row
                .rounded
                .as_ref()
                .map_or("-".to_owned(), |score| score.display(ranking.round.digits));
            let (place, last) = (whole(row.place), whole(row.last));
            line(format_args!(
                "place {} {} {} {place} {last} {score}",
                ranking.id,
                row.table,
                code(row.participant)
            ));
        }
    }
    for (ranking, result) in scheme.rankings.iter().zip(&standing.rankings) {
        for row in &result.rows {
            if let Some(band) = row.band {
                line(format_args!(
                    "band {} {} {}",
                    ranking.id,
                    code(row.participant),
                    ranking.bands[band].id
                ));
            }
        }
    }
    let awards = || scheme.awards.iter().zip(&standing.awards);
    for (award, result) in awards() {
        for (participant, fen) in &result.money {
            line(format_args!(
                "award {} {} {fen}",
                award.id,
                code(*participant)
            ));
        }
    }
    for (award, result) in awards() {
        for participant in &result.given {
            line(format_args!("give {} {}", award.id, code(*participant)));
        }
    }
    for (award, result) in awards().filter(|(_, result)| result.left != 0) {
        line(format_args!("left {} {}", award.id, result.left));
    }
    for (deposit, rows) in scheme.deposits.iter().zip(&standing.deposits) {
        for row in rows {
            line(format_args!(
                "deposit {} {} {} {} {} {}",
                deposit.id,
                code(row.participant),
                row.opening,
                row.drawn,
                row.returned,
                row.closing
            ));
        }
    }
    line(format_args!("end"));
    out
}

/// What later rounds may look back at: values, places, balances.
pub fn results(rules: &Rules, standing: &Standing) -> Vec<crate::facts::PastResult> {
    let scheme = &rules.scheme;
    let mut results = vec![];
    let mut push = |name: String, participant: usize, value: Points| {
        results.push(crate::facts::PastResult {
            series: scheme.series.clone(),
            month: standing.month,
            name,
            unit: standing.codes[participant].clone(),
            value,
        });
    };
    for (item, row) in scheme.items.iter().zip(&standing.values) {
        for (participant, node) in row.iter().enumerate() {
            if let Some(value) = node.as_ref().and_then(|node| node.value.clone()) {
                push(item.id.clone(), participant, value);
            }
        }
    }
    for (ranking, result) in scheme.rankings.iter().zip(&standing.rankings) {
        for row in &result.rows {
            if let (Some(place), Some(last)) = (row.place, row.last) {
                push(
                    format!("place.{}", ranking.id),
                    row.participant,
                    Points::from(place as i64),
                );
                push(
                    format!("last.{}", ranking.id),
                    row.participant,
                    Points::from(last as i64),
                );
            }
        }
    }
    for (deposit, rows) in scheme.deposits.iter().zip(&standing.deposits) {
        for row in rows {
            let yuan = Points::ratio(row.closing, 100).expect("100 is not zero");
            push(format!("deposit.{}", deposit.id), row.participant, yuan);
        }
    }
    results
}
