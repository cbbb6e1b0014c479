//! A file that somebody hands in, as rows: a CSV file, a workbook with several sheets, or a packed folder.

use assessment::message::Message;

use super::fault::RowFault;
use super::kind::Kind;
use super::rows::Rows;
use super::sheet::{self, Sheet};
use super::{Refusal, folder, text};
use crate::datum::Datum;
use crate::words::Language;

/// What was found in a file.
#[derive(Debug, Default)]
pub struct Content {
    /// The kind of each sheet that was read.
    pub kinds: Vec<(Kind, String)>,
    pub rows: Rows,
    pub faults: Vec<RowFault>,
}

/// Reads a file; coordinates are of `datum` unless a row says otherwise.
///
/// # Errors
/// The file cannot be read, holds nothing that is known, or nothing below its headers.
pub fn read(name: &str, bytes: &[u8], datum: Datum) -> Result<Content, Refusal> {
    let mut content = Content::default();
    let (mut known, mut filled) = (false, false);
    for sheet in sheets(name, bytes)? {
        let Some(kind) = sheet.kind() else {
            if !sheet.rows.is_empty() && !is_notes(&sheet) {
                let message = Message::new("evidence-sheet-unknown");
                let fault = RowFault::of_sheet(&sheet.name, message).as_warning();
                content.faults.push(fault);
            }
            continue;
        };
        known = true;
        let twice = content.kinds.iter().find(|(other, _)| *other == kind);
        if let Some((_, other)) = twice {
            let message = Message::new("evidence-kind-twice").with("other", other.as_str());
            content
                .faults
                .push(RowFault::of_sheet(&sheet.name, message));
            continue;
        }
        content.faults.extend(sheet.faults.iter().cloned());
        filled |= sheet.faults.iter().any(RowFault::is_fault);
        let Some(table) = sheet.table(kind, &mut content.faults) else {
            filled = true;
            continue;
        };
        if table.rows().next().is_some() {
            filled = true;
            content.rows.read(&table, datum, &mut content.faults);
            content.kinds.push((kind, sheet.name.clone()));
        }
    }
    match (known, filled) {
        (true, true) => Ok(content),
        (true, false) => Err(Refusal::about("evidence-template-empty", name)),
        (false, _) => Err(Refusal::about("evidence-kind-unknown", name)),
    }
}

fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    if folder::is_packed(bytes) {
        let files = folder::packed(std::io::Cursor::new(bytes), name)?;
        return files
            .iter()
            .map(|(kind, bytes)| text::sheet(&kind.file(), bytes))
            .collect();
    }
    sheet::open(name, bytes)
}

/// The sheet of a template that explains it.
fn is_notes(sheet: &Sheet) -> bool {
    [Language::Chinese, Language::English]
        .iter()
        .any(|language| sheet.name == language.word("evidence-notes"))
}
