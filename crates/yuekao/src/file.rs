//! Files that the command line is given: what rules come from, what evidence is in, what is written. Where one cannot be had, a
//! sentence names it and says what to do.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::bail;
use assessment::{
    indicator::Standard,
    issue::{Issue, Severity},
    message::Message,
    rules::Rules,
    scheme,
    scheme::Scheme,
};

use crate::evidence::Refusal;

/// Scheme and catalogue files are written by hand: a larger one is something else.
const LARGEST: u64 = 4 << 20;

/// What was wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Its content.
    Read,
    /// What is in the folder.
    List,
    /// To write it, or a folder.
    Write,
}

/// Why a file cannot be had, from what the system says of it.
pub fn refused(path: &Path, wanted: Wanted, error: &Error) -> Refusal {
    use Wanted::{List, Read, Write};
    #[rustfmt::skip]
    let key = match (wanted, error.kind()) {
        (Read,  ErrorKind::NotFound | ErrorKind::NotADirectory) => "file-missing",
        (Read,  ErrorKind::IsADirectory)                        => "file-is-folder",
        (List,  ErrorKind::NotFound)                            => "file-folder-missing",
        (List,  ErrorKind::NotADirectory)                       => "file-no-folder",
        (Write, ErrorKind::NotFound | ErrorKind::NotADirectory) => "file-nowhere",
        (Write, ErrorKind::IsADirectory)                        => "file-write-is-folder",
        (Write, ErrorKind::StorageFull)                         => "file-no-room",
        (Write, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::AlreadyExists)
                                                                => "file-write-not-allowed",
        (_,     ErrorKind::PermissionDenied)                    => "file-not-allowed",
        (Read | List, _)                                        => "file-not-read",
        (Write, _)                                              => "file-not-written",
    };
    let code = error.raw_os_error().unwrap_or_default();
    Refusal(
        Message::new(key)
            .with("path", path.display().to_string())
            .with("code", i64::from(code)),
    )
}

/// The bytes of a file.
///
/// Errors: a sentence that names it.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    std::fs::read(path).map_err(|error| refused(path, Wanted::Read, &error))
}

/// How many bytes a file has; nothing of it is read.
///
/// Errors: a sentence that names it.
pub fn length(path: &Path) -> Result<u64, Refusal> {
    let known = std::fs::metadata(path).map_err(|error| refused(path, Wanted::Read, &error))?;
    Ok(known.len())
}

/// What is in a folder, by name.
///
/// Errors: a sentence that names it.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let refused = |error: Error| refused(folder, Wanted::List, &error);
    let entries = std::fs::read_dir(folder).map_err(refused)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(refused)?;
    paths.sort();
    Ok(paths)
}

/// Writes a file.
///
/// Errors: a sentence that names it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Refusal> {
    std::fs::write(path, bytes).map_err(|error| refused(path, Wanted::Write, &error))
}

/// Makes a folder and those in which it lies, unless it is there.
///
/// Errors: a sentence that names it.
pub fn make_folder(folder: &Path) -> Result<(), Refusal> {
    std::fs::create_dir_all(folder).map_err(|error| refused(folder, Wanted::Write, &error))
}

/// A text file in UTF-8; other Chinese encodings are recognised and read.
///
/// Errors: a sentence that names it.
pub fn text(path: &Path) -> Result<String, Refusal> {
    let about = |key| Message::new(key).with("path", path.display().to_string());
    if length(path)? > LARGEST {
        let large = about("file-large").with("megabytes", (LARGEST >> 20) as usize);
        return Err(Refusal(large));
    }
    match String::from_utf8(bytes(path)?) {
        Ok(text) => Ok(text),
        Err(error) => {
            let (text, _, wrong) = encoding_rs::GB18030.decode(error.as_bytes());
            match wrong {
                true => Err(Refusal(about("file-not-text"))),
                false => Ok(text.into_owned()),
            }
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
