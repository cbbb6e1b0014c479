//! A month's evidence as a folder of canonical CSV files, or the same folder packed as a ZIP file.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use assessment::facts::{FILES, Facts, csv};
use assessment::finding::Finding;
use assessment::message::Message;
use zip::ZipArchive;

use super::bounds::{LARGEST, too_large};
use super::check::{Known, check};
use super::fault::RowFault;
use super::kind::Kind;
use super::rows::Rows;
use super::value::as_evidence;
use super::{Refusal, bounds, text};
use crate::datum::{Datum, in_china};
use crate::file::{self, Wanted, refused};

/// Reads the evidence of a folder or ZIP file. Files that are not there count as empty. Rows with faults are reported
/// and left out of the facts.
///
/// # Errors
/// There is no such folder, no evidence file in it, or a file that cannot be read or is too large.
pub fn read(path: &Path) -> Result<(Facts, Vec<RowFault>), Refusal> {
    let name = path.display().to_string();
    let refused = |error| refused(path, Wanted::Read, &error);
    let files = if path.is_dir() {
        files_in(path)?
    } else {
        packed(File::open(path).map_err(refused)?, &name)?.files
    };
    facts(&name, files)
}

/// The same for a ZIP file that was uploaded.
///
/// # Errors
/// As for [`read`].
pub fn read_zip(name: &str, bytes: &[u8]) -> Result<(Facts, Vec<RowFault>), Refusal> {
    facts(name, packed(std::io::Cursor::new(bytes), name)?.files)
}

/// The same for files in memory, by their canonical names.
///
/// # Errors
/// As for [`read`].
pub fn read_files<'f>(
    files: impl Iterator<Item = (&'f str, &'f [u8])>,
) -> Result<(Facts, Vec<RowFault>), Refusal> {
    let known = files.filter_map(|(name, bytes)| Some((kind_of(name)?, bytes.to_vec())));
    facts("", known.collect())
}

/// Findings from their canonical cells, without a look at what they refer to; `None`: one does not read.
pub fn findings(cells: Vec<Vec<String>>) -> Option<Vec<Finding>> {
    let (file, columns) = FILES[3];
    let (count, text) = (cells.len(), csv(columns, cells));
    let (mut rows, mut faults) = (Rows::default(), Vec::new());
    let sheet = text::sheet(file, text.as_bytes()).ok()?;
    let table = sheet.table(Kind::Findings, &mut faults)?;
    rows.read(&table, Datum::Wgs84, &mut faults);
    let findings: Vec<_> = rows
        .findings
        .into_iter()
        .map(|placed| placed.fact)
        .collect();
    (findings.len() == count).then_some(findings)
}

/// Makes the cells of a finding from elsewhere such that they read as evidence: its place is a text of evidence, and a position
/// that lies in another country is none.
pub fn make_readable(finding: &mut [String]) {
    let at = |column: &str| FILES[3].1.iter().position(|name| *name == column);
    let [Some(place), Some(lng), Some(lat)] = ["place", "lng", "lat"].map(at) else {
        unreachable!("findings have a place and a position");
    };
    finding[place] = as_evidence(&finding[place]);
    let degrees = [lng, lat].map(|column| finding[column].parse().unwrap_or(f64::NAN));
    if in_china(degrees).is_err() {
        finding[lng].clear();
        finding[lat].clear();
    }
}

/// Writes facts as canonical files into a folder, which is made if it is not there.
///
/// # Errors
/// Those of the file system.
pub fn write(folder: &Path, facts: &Facts) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, text) in facts.canonical().files {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

type Files = Vec<(Kind, Vec<u8>)>;

/// What a ZIP file of evidence holds.
#[derive(Debug, Default)]
pub struct Packed {
    pub files: Files,
    /// Photos by their names in it.
    pub photos: Vec<(String, Vec<u8>)>,
}

fn facts(name: &str, files: Files) -> Result<(Facts, Vec<RowFault>), Refusal> {
    if files.is_empty() {
        return Err(Refusal::about("evidence-nothing-there", name));
    }
    let (mut rows, mut faults) = (Rows::default(), Vec::new());
    for (kind, bytes) in files {
        let sheet = text::sheet(&kind.file(), &bytes)?;
        if let Some(table) = sheet.table(kind, &mut faults) {
            rows.read(&table, Datum::Wgs84, &mut faults);
        }
    }
    let facts = check(rows, &Known::default(), &mut faults);
    Ok((facts, faults))
}

fn files_in(folder: &Path) -> Result<Files, Refusal> {
    let mut files = Vec::new();
    for kind in Kind::FACTS {
        let path = folder.join(kind.file());
        if !path.exists() {
            continue;
        }
        let refused = |error| refused(&path, Wanted::Read, &error);
        let file = File::open(&path).map_err(refused)?;
        if file.metadata().map_err(refused)?.len() > LARGEST {
            return Err(too_large(&path.display().to_string(), LARGEST));
        }
        files.push((
            kind,
            bounds::read(&path.display().to_string(), file, LARGEST)?,
        ));
    }
    Ok(files)
}

/// Whether the bytes are a ZIP file of evidence, and not a workbook.
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && ZipArchive::new(std::io::Cursor::new(bytes)).is_ok_and(|archive| {
            archive.index_for_name("xl/workbook.xml").is_none()
                && archive
                    .file_names()
                    .any(|name| kind_of(name).is_some() || is_photo(name))
        })
}

fn kind_of(path: &str) -> Option<Kind> {
    let base = path.rsplit(['/', '\\']).next().unwrap_or_default();
    Kind::FACTS.into_iter().find(|kind| kind.file() == base)
}

fn is_photo(path: &str) -> bool {
    let lower = path.to_lowercase();
    [".jpg", ".jpeg", ".png"]
        .iter()
        .any(|ending| lower.ends_with(ending))
}

/// The texts that lie beside the evidence in an exported round.
pub const BESIDE: [&str; 3] = ["round.txt", "scheme.toml", "standard.toml"];

/// Writes those of a packed round into a folder, so that they can be read as from an exported one.
///
/// # Errors
/// It is no ZIP file, a text in it is too large, or those of the file system.
pub fn unpack_beside(packed: &Path, into: &Path) -> Result<(), Refusal> {
    let name = packed.display().to_string();
    let open = File::open(packed).map_err(|error| refused(packed, Wanted::Read, &error))?;
    let mut archive = bounds::archive(&name, open)?;
    for wanted in BESIDE {
        let Some(place) = archive.index_for_name(wanted) else {
            continue;
        };
        let file = archive
            .by_index(place)
            .map_err(|_| Refusal::about("evidence-unreadable", wanted))?;
        let bytes = bounds::read(wanted, file, LARGEST)?;
        file::write(&into.join(wanted), bytes)?;
    }
    Ok(())
}

/// The evidence files and photos of a ZIP file; they may lie in folders in it.
///
/// # Errors
/// It is damaged, larger than allowed, or has an evidence file twice.
pub fn packed(file: impl Read + Seek, name: &str) -> Result<Packed, Refusal> {
    let mut archive = bounds::archive(name, file)?;
    let mut packed = Packed::default();
    let mut left = LARGEST;
    for index in 0..archive.len() {
        let entry = archive
            .by_index(index)
            .map_err(|_| Refusal::about("evidence-not-a-zip", name))?;
        let path = entry.name().to_owned();
        let kind = kind_of(&path);
        if kind.is_none() && !is_photo(&path) {
            continue;
        }
        let bytes = bounds::read(name, entry, left)?;
        left -= bytes.len() as u64;
        let Some(kind) = kind else {
            packed.photos.push((path, bytes));
            continue;
        };
        if packed.files.iter().any(|(other, _)| *other == kind) {
            return Err(Refusal(
                Message::new("evidence-file-twice")
                    .with("name", name)
                    .with("file", kind.file()),
            ));
        }
        packed.files.push((kind, bytes));
    }
    packed.files.sort_by_key(|(kind, _)| *kind);
    Ok(packed)
}
