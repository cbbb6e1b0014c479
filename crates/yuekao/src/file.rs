//! Reads the files that rules come from.

use std::path::Path;

use anyhow::{Context as _, bail};
use assessment::{
    indicator::Standard,
    issue::{Issue, Severity},
    rules::Rules,
    scheme,
    scheme::Scheme,
};

/// Scheme and catalogue files are written by hand: a larger one is something else.
const LARGEST: u64 = 4 << 20;

/// A text file in UTF-8; other Chinese encodings are recognised and read.
pub fn text(path: &Path) -> anyhow::Result<String> {
    let size = std::fs::metadata(path)
        .with_context(|| format!("{}", path.display()))?
        .len();
    if size > LARGEST {
        bail!("{}: {size} > {LARGEST} bytes", path.display());
    }
    let bytes = std::fs::read(path).with_context(|| format!("{}", path.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let (text, _, wrong) = encoding_rs::GB18030.decode(error.as_bytes());
            if wrong {
                bail!("{}: not UTF-8", path.display());
            }
            Ok(text.into_owned())
        }
    }
}

/// The catalogue of that id in a folder of catalogues; `None` if there is none.
pub fn standard(folder: &Path, id: &str) -> anyhow::Result<Option<Standard>> {
    let path = folder.join(format!("{id}.toml"));
    if !path.is_file() {
        return Ok(None);
    }
    standard_file(&path).map(Some)
}

/// A catalogue file without faults.
pub fn standard_file(path: &Path) -> anyhow::Result<Standard> {
    let (standard, issues) = Standard::parse(&text(path)?);
    sound(path, standard, issues)
}

fn sound<T>(path: &Path, read: Option<T>, issues: Vec<Issue>) -> anyhow::Result<T> {
    let fault = issues
        .iter()
        .find(|issue| issue.severity == Severity::Fault);
    match (read, fault) {
        (Some(read), None) => Ok(read),
        (_, Some(issue)) => bail!("{}:{issue}", path.display()),
        (None, None) => bail!("{}", path.display()),
    }
}

/// A scheme file without faults.
pub fn scheme(path: &Path) -> anyhow::Result<Scheme> {
    let (scheme, issues) = scheme::parse(&text(path)?);
    sound(path, scheme, issues)
}

/// A scheme and the catalogue it names, from files.
pub fn rules(scheme: &Path, standard: Option<&Path>, standards: &Path) -> anyhow::Result<Rules> {
    let scheme = self::scheme(scheme)?;
    let standard = match (standard, &scheme.standard) {
        (Some(path), Some(_)) => Some(standard_file(path)?),
        (None, Some(id)) => self::standard(standards, id)?,
        (_, None) => None,
    };
    Rules::new(scheme, standard.as_ref())
        .map_err(|refusal| anyhow::anyhow!("{}", refusal.message()))
}
