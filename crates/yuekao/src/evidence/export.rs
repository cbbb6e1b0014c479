//! A round as files: evidence, rules and digests, so that strangers can compute it again.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use assessment::facts::{Canonical, Facts};
use assessment::message::Message;
use assessment::month::Month;
use assessment::round::{Frozen, assess};

use crate::field::photo::media_type;
use crate::round::{self, Error, bundle};
use crate::store::Store;
use crate::words::Language;

/// A round with everything that it is computed from.
#[derive(Debug)]
pub struct Export {
    pub facts: Facts,
    /// Names and contents: seven evidence files, `scheme.toml`, `standard.toml` if there is one, `round.txt`, and
    /// `synthetic.txt` if the evidence is made up.
    pub files: Vec<(String, Vec<u8>)>,
    /// Of the facts.
    pub digest: String,
    /// Of the result; `None` if the rules refuse the month as it stands.
    pub assessment: Option<String>,
    /// The sentence that every export of made-up evidence bears.
    pub synthetic: bool,
}

/// The round of a series in a month: as it was frozen, or as it stands while it is open.
///
/// # Errors
/// No scheme holds in the month, frozen evidence is damaged, or the store fails.
pub async fn export(
    store: &Store,
    series: &str,
    month: Month,
    photos: bool,
) -> Result<Export, Error> {
    let row = store.round(series, month).await?;
    let scheme_id = match &row {
        Some(row) => row.scheme_id.clone(),
        None => {
            let adopted = store.scheme_in(series, month).await?;
            let missing = || {
                Message::new("evidence-no-scheme-holds")
                    .with("series", series)
                    .with("month", month)
            };
            adopted.ok_or_else(|| Error::NotYet(missing()))?.id
        }
    };
    let (rules, _) = round::rules(store, &scheme_id).await?;
    let facts = match row.and_then(|row| row.frozen_digest) {
        Some(digest) => {
            let damaged = || {
                Error::Store(crate::store::Error::Damaged(format!(
                    "frozen evidence {digest}"
                )))
            };
            let text = store.frozen(&digest).await?.ok_or_else(damaged)?;
            bundle::read(&text).ok_or_else(damaged)?
        }
        None => store.facts(&rules, month).await?,
    };
    let Canonical { files, digest } = facts.canonical();
    let mut files: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .collect();
    if let Some(adopted) = store.scheme(&scheme_id).await? {
        files.push(("scheme.toml".into(), adopted.scheme.text.into_bytes()));
    }
    if let Some(id) = &rules.scheme.standard
        && let Some(adopted) = store.standard(id).await?
    {
        files.push(("standard.toml".into(), adopted.text.into_bytes()));
    }
    let assessment = assess(&rules, &Frozen::freeze(month, facts.clone()))
        .ok()
        .map(|assessment| assessment.digest);
    let shown = assessment.as_deref().unwrap_or("-");
    files.push((
        "round.txt".into(),
        format!("month {month}\nfacts {digest}\nassessment {shown}\n").into_bytes(),
    ));
    let synthetic = store.is_synthetic().await?;
    if synthetic {
        let words = [Language::Chinese, Language::English]
            .map(|language| language.word("bulletin-synthetic"));
        files.push((
            "synthetic.txt".into(),
            (words.join("\n") + "\n").into_bytes(),
        ));
    }
    if photos {
        files.extend(photos_of(store, &facts).await?);
    }
    Ok(Export {
        facts,
        files,
        digest,
        assessment,
        synthetic,
    })
}

async fn photos_of(store: &Store, facts: &Facts) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let digests: BTreeSet<&String> = facts
        .findings
        .iter()
        .flat_map(|finding| &finding.photos)
        .collect();
    let mut photos = Vec::new();
    for digest in digests {
        if store.photo(digest).await?.is_none() {
            continue;
        }
        // Evidence goes out as it came in: the copy for everybody has another digest.
        let original = std::fs::read(store.original_path(digest));
        let bytes = original
            .or_else(|_| std::fs::read(store.photo_path(digest)))
            .map_err(crate::store::Error::File)?;
        let ending = match media_type(&bytes) {
            Some("image/png") => "png",
            Some("image/heic") => "heic",
            _ => "jpg",
        };
        photos.push((format!("photos/{digest}.{ending}"), bytes));
    }
    Ok(photos)
}

impl Export {
    /// The files packed, the same bytes every time.
    ///
    /// # Errors
    /// Those of the packer.
    pub fn zip(&self) -> zip::result::ZipResult<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options =
            zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        for (name, bytes) in &self.files {
            writer.start_file(name.as_str(), options)?;
            writer.write_all(bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}
