//! What-if on the store: past months of a series under a draft. It changes nothing.

use std::collections::HashSet;

use assessment::facts::Facts;
use assessment::ground::concerned;
use assessment::message::Message;
use assessment::month::Month;
use assessment::rules::Rules;

use super::{Error, bundle, rules};
use crate::evidence::check::Keyed;
use crate::store::{self, Store};
use crate::what_if::Trial;

/// As many months are tried at once.
pub const MOST_MONTHS: i64 = 60;

/// The months from one to another.
///
/// # Errors
/// The second is before the first, or there are too many.
pub fn span(first: Month, last: Month) -> Result<Vec<Month>, Error> {
    let count = i64::from(last.months_since(first)) + 1;
    if count < 1 {
        return Err(Error::NotYet(Message::new("what-if-months-reversed")));
    }
    if count > MOST_MONTHS {
        let message = Message::new("what-if-too-many-months")
            .with("count", count)
            .with("most", MOST_MONTHS);
        return Err(Error::NotYet(message));
    }
    Ok((0..count as i32).map(|number| first.plus(number)).collect())
}

/// Tries a draft on the months of a series from `first` to `last`. What was frozen is looked at as it was frozen; what
/// only the draft asks for, as it is kept now.
///
/// # Errors
/// Too many months, none in which a scheme of the series held, or the store's.
pub async fn what_if(
    store: &Store,
    draft: Rules,
    series: &str,
    first: Month,
    last: Month,
) -> Result<Trial, Error> {
    let span = span(first, last)?;
    let mut months = Vec::new();
    let mut left_out = Vec::new();
    for month in span {
        match past(store, series, month).await? {
            Some(past) => months.push(past),
            None => left_out.push(month),
        }
    }
    if months.is_empty() {
        let message = Message::new("what-if-no-months")
            .with("series", series)
            .with("first", first)
            .with("last", last);
        return Err(Error::NotYet(message));
    }
    let mut trial = Trial::new(draft, months.iter().map(|past| past.month));
    left_out
        .into_iter()
        .for_each(|month| trial.leave_out(month));
    for Past {
        month,
        scheme_id,
        frozen,
    } in months
    {
        if !trial.draft().scheme.holds_in(month) {
            continue;
        }
        let (before, _) = rules(store, &scheme_id).await?;
        if !before.scheme.holds_in(month) {
            trial.leave_out(month);
            continue;
        }
        let was = match frozen {
            Some(digest) => frozen_facts(store, &digest).await?,
            None => store.facts(&before, month).await?,
        };
        let kept = store.facts(trial.draft(), month).await?;
        let step = move || {
            let facts = match before.scheme.evidence == trial.draft().scheme.evidence {
                true => concerned(trial.draft(), over(&was, kept))?,
                false => kept,
            };
            trial.month((&before, &was), &facts, month);
            Ok::<Trial, Error>(trial)
        };
        trial = tokio::task::spawn_blocking(step)
            .await
            .map_err(|error| store::Error::Damaged(error.to_string()))??;
    }
    Ok(trial)
}

/// A month that had rules.
struct Past {
    month: Month,
    scheme_id: String,
    /// Digest of its facts, if they were frozen.
    frozen: Option<String>,
}

async fn past(store: &Store, series: &str, month: Month) -> Result<Option<Past>, Error> {
    if let Some(round) = store.round(series, month).await? {
        return Ok(Some(Past {
            month,
            scheme_id: round.scheme_id,
            frozen: round.frozen_digest,
        }));
    }
    let adopted = store.scheme_in(series, month).await?;
    Ok(adopted.map(|adopted| Past {
        month,
        scheme_id: adopted.id,
        frozen: None,
    }))
}

async fn frozen_facts(store: &Store, digest: &str) -> Result<Facts, Error> {
    let damaged = || Error::NotYet(Message::new("round-frozen-damaged").with("digest", digest));
    let text = store.frozen(digest).await?.ok_or_else(damaged)?;
    bundle::read(&text).ok_or_else(damaged)
}

/// Frozen facts, and those of the others that are not among them.
fn over(frozen: &Facts, kept: Facts) -> Facts {
    fn both<T: Keyed + Clone>(frozen: &[T], kept: Vec<T>) -> Vec<T> {
        let known: HashSet<Vec<String>> = frozen.iter().map(Keyed::key).collect();
        let more = kept.into_iter().filter(|row| !known.contains(&row.key()));
        let mut rows: Vec<T> = frozen.iter().cloned().chain(more).collect();
        rows.sort_by_cached_key(Keyed::key);
        rows
    }
    Facts {
        units: both(&frozen.units, kept.units),
        sites: both(&frozen.sites, kept.sites),
        visits: both(&frozen.visits, kept.visits),
        findings: both(&frozen.findings, kept.findings),
        cases: both(&frozen.cases, kept.cases),
        measures: both(&frozen.measures, kept.measures),
        results: both(&frozen.results, kept.results),
    }
}
