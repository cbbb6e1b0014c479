//! Files handed in, against what is kept: what is new, what would change, what is the same. Nothing is taken before
//! somebody has seen that.

mod compare;
mod setting;

use assessment::message::Message;
use assessment::month::Month;
use jiff::Timestamp;
use serde_json::{Value, json};

use self::compare::Comparison;
use self::setting::Setting;
use super::check::check;
use super::fault::RowFault;
use super::file::Content;
pub use super::file::{Handed, Seen};
use super::photo::Photo;
use super::{Refusal, board, months};
use crate::datum::Datum;
use crate::store::import::{ImportFile, Taking};
use crate::store::{Error, Result, Store, digest};
use crate::words::Language;

/// What whoever hands a file in says about it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The evaluation whose evidence it is.
    pub series: String,
    /// The month it is for. Units and outside measures need one; of other rows it is asked that they belong to it.
    pub month: Option<Month>,
    /// Reference system of coordinates, where rows do not say it.
    pub datum: Datum,
}

/// What taking files would do.
#[derive(Debug, Clone)]
pub struct Preview {
    pub files: Vec<Seen>,
    /// One for each kind of rows in the file.
    pub counts: Vec<Count>,
    /// Rows that are kept with other content.
    pub changes: Vec<Change>,
    pub faults: Vec<RowFault>,
    /// Stands for what would be taken: whoever accepts may name what they saw.
    pub fingerprint: String,
}

/// Rows of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// `findings`, `boards`, `areas`, …
    pub kind: &'static str,
    pub new: usize,
    pub changed: usize,
    pub same: usize,
}

/// A row that is kept with other content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: &'static str,
    pub id: String,
    /// Column, what is kept, what the file says.
    pub cells: Vec<(String, String, String)>,
}

/// What whoever accepts agrees to.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// Rows with faults stay out, the rest is taken.
    pub rest: bool,
    /// Kept rows are replaced by other content.
    pub changes: bool,
    /// The fingerprint of the preview that was seen; if another is made now, nothing is taken.
    pub seen: Option<String>,
}

/// Looks at files; changes nothing.
///
/// # Errors
/// A file cannot be read, the month does not hold, or the store fails.
pub async fn import(store: &Store, files: Vec<Handed>, options: &Options) -> Result<Preview> {
    Ok(plan(store, files, options).await?.preview)
}

/// Takes files: all of what is in them, or the part that was agreed to. Files that bring nothing new change nothing.
///
/// # Errors
/// As for [`import`]; rows with faults, or rows that are kept with other content, without consent.
pub async fn accept(
    store: &Store,
    now: Timestamp,
    who: &str,
    files: Vec<Handed>,
    options: &Options,
    consent: &Consent,
) -> Result<Preview> {
    let Plan {
        preview,
        taking,
        photos,
        looked,
    } = plan(store, files, options).await?;
    if let Some(missing) = preview.missing(consent) {
        return Err(Error::Refused(missing));
    }
    if !taking.is_empty() {
        let file = |seen: &Seen| ImportFile {
            series: options.series.clone(),
            kind: seen.kinds.join("+"),
            sha256: seen.sha256.clone(),
            name: seen.name.clone(),
            rows: seen.rows as i64,
        };
        let files = preview.files.iter().map(file).collect();
        store
            .take_import(now, who, &options.series, looked, files, taking)
            .await?;
    }
    // They take long, and meanwhile the evidence would move on. If one cannot be kept, the file brings it when it comes again.
    for photo in photos {
        store.keep_evidence_photo(photo.bytes).await?;
    }
    Ok(preview)
}

impl Preview {
    /// Whether taking the file would change anything.
    pub fn brings_something(&self) -> bool {
        self.counts
            .iter()
            .any(|count| count.new + count.changed > 0)
    }

    /// How many things keep rows out.
    pub fn faults_count(&self) -> usize {
        self.faults.iter().filter(|fault| fault.is_fault()).count()
    }

    /// What has to be agreed to before the file can be taken.
    pub fn missing(&self, consent: &Consent) -> Option<Message> {
        if consent
            .seen
            .as_ref()
            .is_some_and(|seen| *seen != self.fingerprint)
        {
            Some(Message::new("evidence-moved-on"))
        } else if self.faults_count() > 0 && !consent.rest {
            Some(Message::new("evidence-has-faults").with("count", self.faults_count()))
        } else if !self.changes.is_empty() && !consent.changes {
            Some(Message::new("evidence-has-changes").with("count", self.changes.len()))
        } else {
            None
        }
    }

    /// For programs.
    pub fn json(&self, language: Language) -> Value {
        let files = self.files.iter().map(|file| {
            json!({ "name": file.name, "sha256": file.sha256, "kinds": file.kinds, "rows": file.rows })
        });
        let counts = self.counts.iter().map(|count| {
            json!({ "kind": count.kind, "new": count.new, "changed": count.changed, "same": count.same })
        });
        let changes = self.changes.iter().map(|change| {
            let cells = change.cells.iter().map(|(column, before, after)| {
                json!({ "column": column, "before": before, "after": after })
            });
            json!({ "kind": change.kind, "id": change.id, "cells": cells.collect::<Vec<_>>() })
        });
        let faults = self.faults.iter().map(|fault| fault.json(language));
        json!({
            "files": files.collect::<Vec<_>>(),
            "fingerprint": self.fingerprint,
            "counts": counts.collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
            "faults": faults.collect::<Vec<_>>(),
        })
    }
}

struct Plan {
    preview: Preview,
    taking: Taking,
    /// Photos that are not kept yet.
    photos: Vec<Photo>,
    /// The last act before the files were compared with what is kept.
    looked: i64,
}

async fn plan(store: &Store, files: Vec<Handed>, options: &Options) -> Result<Plan> {
    let datum = options.datum;
    let content = tokio::task::spawn_blocking(move || read(files, datum))
        .await
        .map_err(|error| Error::Damaged(error.to_string()))?
        .map_err(|Refusal(message)| Error::Refused(message))?;
    let Content {
        files,
        mut rows,
        areas,
        photos,
        mut faults,
    } = content;

    let looked = store.last_act().await?;
    let setting = Setting::of(store, options, &rows).await?;
    faults.extend(setting.warnings());
    if let (Some(month), Some(window)) = (options.month, &setting.window) {
        months::keep_in_window(&mut rows, month, window, &mut faults);
    }
    months::keep_in_unit_months(&mut rows, &setting.spans, &mut faults);
    if let Some(month) = options.month {
        months::keep_ends_ahead(&mut rows, month, &setting.spans, &mut faults);
    }
    let ends = std::mem::take(&mut rows.ends);
    faults.extend(board::contradictions_of_ranks(&rows.boards));
    faults.extend(board::contradictions_of_shares(&rows.shares));
    let boards = board::tables(&options.series, &rows.boards, &rows.shares);
    let facts = check(rows, &setting.known, &mut faults);
    let areas = setting.areas(areas, &mut faults);

    let mut comparison = Comparison::new(store, options);
    comparison.units(&facts.units, &ends, &setting.spans);
    faults.extend(comparison.left_below(&ends, &setting.spans));
    comparison.evidence(&facts).await?;
    comparison.results(&facts.results).await?;
    comparison.boards(boards).await?;
    comparison.areas(areas).await?;
    let photos = comparison.photos(photos).await?;
    let named = facts.findings.iter().flat_map(|finding| &finding.photos);
    faults.extend(missing_photos(store, named, &photos).await?);
    let (counts, changes, taking) = comparison.done();
    let new_photos: Vec<&str> = photos.iter().map(|photo| photo.digest.as_str()).collect();
    let preview = Preview {
        files,
        counts,
        changes,
        faults,
        fingerprint: digest(format!("{taking:?}{new_photos:?}")),
    };
    Ok(Plan {
        preview,
        taking,
        photos,
        looked,
    })
}

fn read(files: Vec<Handed>, datum: Datum) -> std::result::Result<Content, Refusal> {
    let mut content = Content::default();
    for file in files {
        content.read(file, datum)?;
    }
    Ok(content)
}

/// Photos that findings name and that have not come yet are worth a word, but may come later.
async fn missing_photos(
    store: &Store,
    named: impl Iterator<Item = &String>,
    coming: &[Photo],
) -> Result<Option<RowFault>> {
    let mut missing: usize = 0;
    for digest in named {
        let comes = coming.iter().any(|photo| photo.digest == *digest);
        if !comes && store.photo(digest).await?.is_none() {
            missing += 1;
        }
    }
    let message = Message::new("evidence-photos-missing").with("count", missing);
    Ok((missing > 0).then(|| RowFault::of_sheet("", message).as_warning()))
}
