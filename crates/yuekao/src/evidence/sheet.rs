//! A sheet: text cells in rows, whatever file they came from.

use assessment::message::Message;
use csv::StringRecord;

use super::Refusal;
use super::fault::{RowFault, quoted};
use super::kind::Kind;

/// Rows of text below a header.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Name of the file or of the sheet in the workbook.
    pub name: String,
    pub header: StringRecord,
    /// Row number (the header is 1) and cells; blank rows are left out.
    pub rows: Vec<(usize, StringRecord)>,
}

impl Sheet {
    /// Reads CSV text.
    ///
    /// # Errors
    /// The bytes are no UTF-8, or a quote is not closed.
    pub fn from_csv(name: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text =
            std::str::from_utf8(bytes).map_err(|_| Refusal::about("evidence-not-utf8", name))?;
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .into_records();
        let mut sheet = Self {
            name: name.to_owned(),
            header: StringRecord::new(),
            rows: Vec::new(),
        };
        for number in 1.. {
            let Some(record) = records.next() else { break };
            let record = record.map_err(|_| Refusal::about("evidence-not-csv", name))?;
            if number == 1 {
                sheet.header = record;
            } else if record.iter().any(|cell| !cell.trim().is_empty()) {
                sheet.rows.push((number, record));
            }
        }
        Ok(sheet)
    }

    /// For each column of the kind, where it stands in this sheet. Columns that are missing, doubled or unknown are
    /// reported; `None` if rows cannot be read without what is missing.
    pub fn columns_of(&self, kind: Kind, faults: &mut Vec<RowFault>) -> Option<Vec<Option<usize>>> {
        let columns = kind.columns();
        let mut found = vec![None; columns.len()];
        for (at, title) in self.header.iter().enumerate() {
            let title = title.trim();
            match columns.iter().position(|column| column.code == title) {
                Some(column) if found[column].is_none() => found[column] = Some(at),
                Some(_) => faults.push(self.header_fault("evidence-column-twice", title)),
                None if title.is_empty() => {}
                None => faults.push(
                    self.header_fault("evidence-column-unknown", title)
                        .as_warning(),
                ),
            }
        }
        let before = faults.len();
        for (column, at) in columns.iter().zip(&found) {
            if column.required && at.is_none() {
                faults.push(self.header_fault("evidence-column-missing", column.code));
            }
        }
        (faults.len() == before).then_some(found)
    }

    fn header_fault(&self, key: &'static str, title: &str) -> RowFault {
        RowFault {
            row: 1,
            column: quoted(title),
            ..RowFault::of_sheet(&self.name, Message::new(key).with("column", title))
        }
    }
}
