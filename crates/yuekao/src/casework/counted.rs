//! The evaluations in which cases are counted: what is to be known before rules name others, and how far cases have followed.

use std::collections::BTreeSet;

use assessment::message::Message;

use super::default;
use crate::store::case::CountedIn;
use crate::store::{Result, Store};

/// The series that is named twice, in words.
pub(super) fn named_twice(counted: &[CountedIn]) -> Option<Message> {
    let mut known = BTreeSet::new();
    let twice = counted.iter().find(|each| !known.insert(&each.series))?;
    Some(Message::new("case-rules-counted-twice").with("series", twice.series.as_str()))
}

/// What somebody should have seen who changes where cases are counted: a series that is no adopted scheme's evidence, and one
/// that loses all its cases.
///
/// # Errors
/// The store's.
pub async fn doubts(
    store: &Store,
    before: &[CountedIn],
    after: &[CountedIn],
) -> Result<Vec<Message>> {
    let names = |counted: &[CountedIn]| -> BTreeSet<String> {
        counted.iter().map(|each| each.series.clone()).collect()
    };
    let (before, after) = (names(before), names(after));
    let mut doubts = vec![];
    let mut looked_at = BTreeSet::new();
    for adopted in store.schemes().await? {
        if adopted.withdrawn_at.is_none() {
            let scheme = assessment::scheme::parse(&adopted.scheme.text).0;
            looked_at.extend(scheme.map(|scheme| scheme.evidence));
        }
    }
    let known: Vec<&str> = looked_at.iter().map(String::as_str).collect();
    for series in after.difference(&before) {
        if looked_at.contains(series) {
            continue;
        }
        let key = match known.is_empty() {
            true => "case-rules-counted-no-scheme",
            false => "case-rules-counted-unknown",
        };
        let unknown = Message::new(key).with("series", series.as_str());
        doubts.push(unknown.with("known", known.join(" · ")));
    }
    for series in before.difference(&after) {
        let count = store.cases_counted_in(series).await?;
        if count > 0 {
            let losing = Message::new("case-rules-counted-losing").with("series", series.as_str());
            doubts.push(losing.with("count", count));
        }
    }
    Ok(doubts)
}

/// What each version named since all cases stood where they are counted, before this one; `None`: they stand there.
pub(super) async fn named_before(
    store: &Store,
    version: i64,
) -> Result<Option<Vec<Vec<CountedIn>>>> {
    let Some(since) = store.counted_since(version).await? else {
        return Ok(None);
    };
    let mut before = vec![];
    for version in since..version {
        let rules = store.case_rules_version(version).await?;
        before.push(rules.unwrap_or_else(default::rules).counted);
    }
    Ok(Some(before))
}

/// How many cases have followed the newest version to where it counts them, of how many; `None`: all have.
///
/// # Errors
/// The store's.
pub async fn recounted(
    store: &Store,
    version: i64,
    counted: &[CountedIn],
) -> Result<Option<(i64, i64)>> {
    let before = named_before(store, version).await?.unwrap_or_default();
    match before.iter().all(|each| each == counted) {
        true => Ok(None),
        false => store.recounted(version).await.map(Some),
    }
}
