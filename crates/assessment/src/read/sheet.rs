//! Reads CSV without stopping at the first fault: every wrong cell is named by its line and column.
//!
//! ```
//! use assessment::message::Message;
//! use assessment::read::sheet::Sheet;
//!
//! let sheet = Sheet::new("date,name\n2022-02-01,春节\n2022-02-x,春节\n", &["date", "name"]);
//! for row in sheet.rows() {
//!     let date = row.cell("date");
//!     if date.ends_with('x') {
//!         sheet.fault(&date.at, Message::new("read-bad-day"));
//!     }
//! }
//! assert_eq!(sheet.into_issues()[0].to_string(), "3:1 fault read-bad-day «2022-02-x»");
//! ```

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::Spanned;
use crate::issue::{Issue, Issues, Severity};
use crate::message::Message;

/// A CSV text with a header row, and what was found wrong in it. Columns may stand in any order;
/// those that nobody asks for are not read.
#[derive(Debug)]
pub struct Sheet {
    columns: HashMap<String, usize>,
    rows: Vec<Vec<Spanned<String>>>,
    issues: RefCell<Issues>,
}

/// One row below the header, with as many cells as the header has.
#[derive(Debug, Clone, Copy)]
pub struct Row<'s> {
    sheet: &'s Sheet,
    cells: &'s [Spanned<String>],
}

impl Sheet {
    /// Splits the text. A missing column is a fault and leaves no rows; a row with too few or too
    /// many cells is a fault and is left out.
    pub fn new(text: &str, required: &[&str]) -> Self {
        let mut issues = Issues::new(text);
        let mut records = split(text, &mut issues).into_iter();
        let header = records.next().unwrap_or_default();
        let mut columns = HashMap::new();
        for (place, cell) in header.iter().enumerate() {
            if columns.insert(cell.value.clone(), place).is_some() {
                let message = Message::new("read-column-twice").with("column", cell.as_str());
                issues.report(Severity::Fault, &cell.at, message, None);
            }
        }
        for column in required.iter().filter(|one| !columns.contains_key(**one)) {
            let message = Message::new("read-missing-column").with("column", *column);
            let expected =
                Message::new("read-expected-columns").with("columns", required.join(","));
            issues.report(Severity::Fault, &whole(&header), message, Some(expected));
        }
        let mut rows: Vec<_> = records.collect();
        if issues.has_faults() {
            rows.clear();
        }
        rows.retain(|row| {
            let fits = row.len() == header.len();
            if !fits {
                let message = Message::new("read-wrong-width")
                    .with("cells", row.len())
                    .with("columns", header.len());
                issues.report(Severity::Fault, &whole(row), message, None);
            }
            fits
        });
        Self {
            columns,
            rows,
            issues: RefCell::new(issues),
        }
    }

    /// The rows in the order of the text.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { sheet: self, cells })
    }

    /// Reports what must be corrected.
    pub fn fault(&self, at: &Range<usize>, message: Message) {
        self.report(at, message, None);
    }

    /// Reports what must be corrected, with what should stand there instead.
    pub fn report(&self, at: &Range<usize>, message: Message, expected: Option<Message>) {
        self.issues
            .borrow_mut()
            .report(Severity::Fault, at, message, expected);
    }

    /// Whether anything found so far makes the file unusable.
    pub fn has_faults(&self) -> bool {
        self.issues.borrow().has_faults()
    }

    /// Everything found, in the order of the text.
    pub fn into_issues(self) -> Vec<Issue> {
        self.issues.into_inner().into_sorted()
    }
}

impl<'s> Row<'s> {
    /// The cell of a column that was required; leading and trailing space does not count.
    ///
    /// # Panics
    /// The column was not among those required.
    pub fn cell(&self, column: &str) -> &'s Spanned<String> {
        &self.cells[self.sheet.columns[column]]
    }

    /// The cell of a column that the sheet may lack; `None` too if it is empty.
    pub fn opt_cell(&self, column: &str) -> Option<&'s Spanned<String>> {
        let cell = &self.cells[*self.sheet.columns.get(column)?];
        (!cell.is_empty()).then_some(cell)
    }

    /// A cell of visible characters on one line; anything else is reported.
    pub fn text(&self, column: &str) -> Option<&'s Spanned<String>> {
        let cell = self.cell(column);
        let fault = if cell.is_empty() {
            "read-empty-text"
        } else if cell.contains(char::is_control) {
            "read-control-character"
        } else {
            return Some(cell);
        };
        self.sheet.fault(&cell.at, Message::new(fault));
        None
    }

    /// The bytes of the whole row.
    pub fn span(&self) -> Range<usize> {
        whole(self.cells)
    }
}

fn whole(cells: &[Spanned<String>]) -> Range<usize> {
    match (cells.first(), cells.last()) {
        (Some(first), Some(last)) => first.at.start..last.at.end,
        _ => 0..0,
    }
}

/// Records of cells; empty lines are left out. A cell in quotes may hold commas and line ends, and a
/// quote written twice.
fn split(text: &str, issues: &mut Issues) -> Vec<Vec<Spanned<String>>> {
    let mut records = vec![];
    let mut record: Vec<Spanned<String>> = vec![];
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < text.len() {
        let (value, end) = match text[at..].strip_prefix('"') {
            Some(_) => quoted_cell(text, at, issues),
            None => {
                let end = cell_end(text, at);
                (text[at..end].trim().to_owned(), end)
            }
        };
        let shown = text[at..end].trim_end_matches('\r').len();
        record.push(Spanned {
            value,
            at: at..at + shown,
        });
        let comma = text[end..].starts_with(',');
        at = (end + 1).min(text.len());
        if comma && at == text.len() {
            let value = String::new();
            record.push(Spanned { value, at: at..at });
        }
        if !comma || at == text.len() {
            let record = std::mem::take(&mut record);
            if record.len() > 1 || !record[0].is_empty() {
                records.push(record);
            }
        }
    }
    records
}

fn cell_end(text: &str, from: usize) -> usize {
    text[from..]
        .find([',', '\n'])
        .map_or(text.len(), |length| from + length)
}

/// The text between the quotes, and where the cell ends. What follows the closing quote is a fault.
fn quoted_cell(text: &str, start: usize, issues: &mut Issues) -> (String, usize) {
    let mut value = String::new();
    let mut at = start + 1;
    loop {
        let Some(length) = text[at..].find('"') else {
            let message = Message::new("read-unclosed-quote");
            issues.report(Severity::Fault, &(start..text.len()), message, None);
            return (value, text.len());
        };
        value.push_str(&text[at..at + length]);
        at += length + 1;
        if !text[at..].starts_with('"') {
            break;
        }
        value.push('"');
        at += 1;
    }
    let end = cell_end(text, at);
    if !text[at..end].trim().is_empty() {
        let message = Message::new("read-text-after-quote");
        issues.report(Severity::Fault, &(start..end), message, None);
    }
    (value.trim().to_owned(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let plain = |row: Vec<Spanned<String>>| row.into_iter().map(|cell| cell.value).collect();
        let records = split(text, &mut Issues::new(text));
        records.into_iter().map(plain).collect()
    }

    #[test]
    fn cells_are_split_as_spreadsheets_write_them() {
        #[rustfmt::skip]
        let table: [(&str, &[&[&str]]); 8] = [
            ("",                              &[]),
            ("a,b\n1,2",                      &[&["a", "b"], &["1", "2"]]),
            ("\u{feff}a,b\r\n1, 2 \r\n",      &[&["a", "b"], &["1", "2"]]),
            ("a,b\n\n\r\n,\n",                &[&["a", "b"], &["", ""]]),
            ("a,b\n1,",                       &[&["a", "b"], &["1", ""]]),
            ("\"a,\"\"1\"\"\",b\r\n",         &[&["a,\"1\"", "b"]]),
            ("\"two\nlines\",b\n",            &[&["two\nlines", "b"]]),
            ("一,二\n三,\"四\"\n",             &[&["一", "二"], &["三", "四"]]),
        ];
        for (text, expected) in table {
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_table_is_named() {
        #[rustfmt::skip]
        let table = [
            ("",               "1:1 fault read-missing-column{column=a} «» expected read-expected-columns{columns=a}"),
            ("b\n1\n",         "1:1 fault read-missing-column{column=a} «b» expected read-expected-columns{columns=a}"),
            ("a,a\n1,2\n",     "1:3 fault read-column-twice{column=a} «a»"),
            ("a,b\n1\n",       "2:1 fault read-wrong-width{cells=1,columns=2} «1»"),
            ("a,b\n1,2,3\n",   "2:1 fault read-wrong-width{cells=3,columns=2} «1,2,3»"),
            ("a\n\"1\n",       "2:1 fault read-unclosed-quote «\"1»"),
            ("a\n\"1\"2\n",    "2:1 fault read-text-after-quote «\"1\"2»"),
        ];
        for (text, expected) in table {
            let issues = Sheet::new(text, &["a"]).into_issues();
            let shown: Vec<String> = issues.iter().map(Issue::to_string).collect();
            assert_eq!(shown, [expected], "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_reads_or_is_refused(text in "[ab,\"\r\n 一]{0,40}") {
            let sheet = Sheet::new(&text, &["a"]);
            for row in sheet.rows() {
                row.text("a");
            }
            sheet.into_issues();
        }
    }
}
