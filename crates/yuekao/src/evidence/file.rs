//! Files that somebody hands in, as rows: CSV files, workbooks with several sheets, packed folders, areas, photos.

use assessment::message::Message;

use super::area::{self, Area};
use super::fault::RowFault;
use super::photo::{self, Photo};
use super::rows::Rows;
use super::sheet::{self, Sheet};
use super::{Refusal, divisions, folder, text};
use crate::datum::Datum;
use crate::store::digest;
use crate::words::Language;

/// A file as it was handed in.
#[derive(Debug, Clone)]
pub struct Handed {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Handed {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }
}

/// What was found in files.
#[derive(Debug, Default)]
pub struct Content {
    pub files: Vec<Seen>,
    pub rows: Rows,
    pub areas: Vec<Area>,
    pub photos: Vec<Photo>,
    pub faults: Vec<RowFault>,
}

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub name: String,
    pub sha256: String,
    /// Words of the kinds of rows in it.
    pub kinds: Vec<&'static str>,
    /// How many rows it holds.
    pub rows: usize,
}

impl Content {
    /// Reads one more file; coordinates are of `datum` unless a row says otherwise.
    ///
    /// # Errors
    /// The file cannot be read, holds nothing that is known, or nothing below its headers.
    pub fn read(&mut self, file: Handed, datum: Datum) -> Result<(), Refusal> {
        let Handed { name, bytes } = file;
        let mut seen = Seen {
            sha256: digest(&bytes),
            name,
            kinds: Vec::new(),
            rows: 0,
        };
        if photo::is_photo(&bytes) {
            self.photos.push(photo::read(&seen.name, bytes)?);
            seen.note("photos", 1);
        } else if area::is_json(&bytes) {
            let (areas, faults) = area::read(&seen.name, &bytes, datum)?;
            seen.note("areas", areas.len());
            self.areas.extend(areas);
            self.faults.extend(faults);
        } else if folder::is_packed(&bytes) {
            let folder = folder::packed(std::io::Cursor::new(&bytes), &seen.name)?;
            let sheets = folder
                .files
                .iter()
                .map(|(kind, bytes)| text::sheet(&kind.file(), bytes));
            let sheets: Vec<Sheet> = sheets.collect::<Result<_, _>>()?;
            for (name, bytes) in folder.photos {
                self.photos.push(photo::read(&name, bytes)?);
                seen.note("photos", 1);
            }
            self.read_sheets(sheets, &mut seen, datum)?;
        } else {
            let sheets = sheet::open(&seen.name, &bytes)?;
            self.read_sheets(sheets, &mut seen, datum)?;
        }
        self.files.push(seen);
        Ok(())
    }

    fn read_sheets(
        &mut self,
        sheets: Vec<Sheet>,
        seen: &mut Seen,
        datum: Datum,
    ) -> Result<(), Refusal> {
        let (mut known, mut filled) = (false, !seen.kinds.is_empty());
        for sheet in sheets.into_iter().map(divisions::as_units) {
            let Some(kind) = sheet.kind() else {
                if !sheet.rows.is_empty() && !is_notes(&sheet) {
                    let message = Message::new("evidence-sheet-unknown");
                    self.faults
                        .push(RowFault::of_sheet(&sheet.name, message).as_warning());
                }
                continue;
            };
            known = true;
            filled |= sheet.faults.iter().any(RowFault::is_fault);
            self.faults.extend(sheet.faults.iter().cloned());
            let Some(table) = sheet.table(kind, &mut self.faults) else {
                filled = true;
                continue;
            };
            let rows = table.rows().count();
            if rows > 0 {
                filled = true;
                seen.note(kind.word(), rows);
                self.rows.read(&table, datum, &mut self.faults);
            }
        }
        match (known || filled, filled) {
            (true, true) => Ok(()),
            (true, false) => Err(Refusal::about("evidence-template-empty", &seen.name)),
            (false, _) => Err(Refusal::about("evidence-kind-unknown", &seen.name)),
        }
    }
}

impl Seen {
    fn note(&mut self, kind: &'static str, rows: usize) {
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
        self.rows += rows;
    }
}

/// The sheet of a template that explains it.
fn is_notes(sheet: &Sheet) -> bool {
    [Language::Chinese, Language::English]
        .iter()
        .any(|language| sheet.title() == language.word("evidence-notes"))
}
