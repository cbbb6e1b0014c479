//! A sheet: text cells in rows, whatever file they came from; and the table that is found in it.

use std::collections::HashMap;
use std::sync::Arc;

use assessment::message::Message;
use csv::StringRecord;

use super::bounds::{LARGEST, too_large};
use super::fault::{RowFault, quoted};
use super::kind::{Kind, NOTE};
use super::value::plain;
use super::{Refusal, text, workbook};
use crate::words::Language;

/// Rows of text.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Name of the file, with that of the sheet if it is a workbook: `十二月.xlsx/问题`.
    pub name: String,
    /// Row number as a spreadsheet counts, and cells; blank rows are left out.
    pub rows: Vec<(usize, StringRecord)>,
    /// What was wrong with cells before anybody knew what they mean.
    pub faults: Vec<RowFault>,
}

/// The sheets of a CSV file or a workbook.
///
/// # Errors
/// It is neither, is too large, or is damaged.
pub fn open(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(name, LARGEST));
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] => workbook::sheets(name, bytes),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Refusal::about("evidence-old-excel", name)),
        _ => Ok(vec![text::sheet(name, bytes)?]),
    }
}

/// A sheet whose kind is known and whose header was found.
pub struct Table<'a> {
    pub kind: Kind,
    pub sheet: &'a Sheet,
    pub origin: Arc<Origin>,
    /// Where each column of the kind stands.
    pub at: Vec<Option<usize>>,
    /// Where the note stands that marks examples.
    note: Option<usize>,
    /// Index of the first row below the header.
    first: usize,
}

/// What a sheet and its columns are called, for whoever has to find a cell in it.
#[derive(Debug, Default)]
pub struct Origin {
    pub sheet: String,
    /// Code and title of the columns that the sheet has.
    titles: Vec<(&'static str, String)>,
}

impl Origin {
    /// The column as its title says; its code if the sheet has none.
    pub fn title<'a>(&'a self, code: &'a str) -> &'a str {
        let titled = self.titles.iter().find(|(known, _)| *known == code);
        titled.map_or(code, |(_, title)| title)
    }
}

/// A header stands in one of these first rows.
const HEADER_WITHIN: usize = 10;

impl Sheet {
    /// What it calls itself.
    pub fn title(&self) -> &str {
        let last = self.name.rsplit('/').next().unwrap_or_default();
        last.strip_suffix(".csv").unwrap_or(last)
    }

    /// The kind of its rows: by its name if that says one, otherwise by its header.
    pub fn kind(&self) -> Option<Kind> {
        let header = |kind: Kind| self.header(kind).map(|(_, found)| found);
        let stem = plain(
            self.name
                .rsplit_once('.')
                .map_or(&self.name, |(stem, _)| stem),
        );
        let stem = stem.to_lowercase();
        let named = Kind::ALL.into_iter().find(|kind| {
            stem.starts_with(kind.word()) || stem.starts_with(&kind.title(Language::Chinese))
        });
        if let Some(kind) = named.filter(|kind| header(*kind).is_some()) {
            return Some(kind);
        }
        let whole = |kind: Kind, found: &[Option<usize>]| {
            let columns = kind.columns().iter().zip(found);
            columns
                .filter(|(column, at)| column.required && at.is_none())
                .count()
                == 0
        };
        Kind::ALL
            .into_iter()
            .filter_map(|kind| {
                let found = header(kind)?;
                let count = found.iter().flatten().count();
                Some((whole(kind, &found), count, std::cmp::Reverse(kind)))
            })
            .max()
            .map(|(_, _, kind)| kind.0)
    }

    /// The table of that kind. Columns that are missing, doubled or unknown are reported; `None` if rows cannot be
    /// read without what is missing.
    pub fn table(&self, kind: Kind, faults: &mut Vec<RowFault>) -> Option<Table<'_>> {
        let (header, at) = match self.header(kind) {
            Some(found) => found,
            None => (0, vec![None; kind.columns().len()]),
        };
        let titles = titles(kind);
        let mut seen: HashMap<usize, ()> = HashMap::new();
        let mut note = None;
        let (number, cells) = self
            .rows
            .get(header)
            .map(|(number, cells)| (*number, cells))?;
        let header_fault = |key: &'static str, title: &str| RowFault {
            row: number,
            column: quoted(title),
            ..RowFault::of_sheet(&self.name, Message::new(key).with("column", title))
        };
        for (place, cell) in cells.iter().enumerate() {
            let title = cell.trim();
            match titles.get(&title_key(title)) {
                Some(Title::Column(column)) if seen.insert(*column, ()).is_some() => {
                    faults.push(header_fault("evidence-column-twice", title));
                }
                Some(Title::Column(_)) => {}
                Some(Title::Note) => note = Some(place),
                None if title.is_empty() => {}
                None => faults.push(header_fault("evidence-column-unknown", title).as_warning()),
            }
        }
        let before = faults.len();
        for (column, at) in kind.columns().iter().zip(&at) {
            if column.required && at.is_none() {
                let heading = kind.heading(column.code, Language::Chinese);
                let title = format!("{} {heading}", column.code);
                faults.push(header_fault("evidence-column-missing", &title));
            }
        }
        if faults.len() > before {
            return None;
        }
        let named =
            kind.columns().iter().zip(&at).filter_map(|(column, at)| {
                Some((column.code, cells.get((*at)?)?.trim().to_owned()))
            });
        let origin = Origin {
            sheet: self.name.clone(),
            titles: named.collect(),
        };
        let below = &self.rows[header + 1..];
        let labels = below
            .iter()
            .take_while(|row| is_header(&row.1, &titles))
            .count();
        Some(Table {
            kind,
            sheet: self,
            origin: Arc::new(origin),
            at,
            note,
            first: header + 1 + labels,
        })
    }

    /// The row that names most columns of the kind, and where they stand in it.
    fn header(&self, kind: Kind) -> Option<(usize, Vec<Option<usize>>)> {
        let titles = titles(kind);
        let enough = kind
            .columns()
            .iter()
            .filter(|column| column.required)
            .count()
            .min(2);
        let mut best: Option<(usize, usize, Vec<Option<usize>>)> = None;
        for (index, (_, cells)) in self.rows.iter().enumerate().take(HEADER_WITHIN) {
            let mut at = vec![None; kind.columns().len()];
            for (place, cell) in cells.iter().enumerate() {
                if let Some(Title::Column(column)) = titles.get(&title_key(cell))
                    && at[*column].is_none()
                {
                    at[*column] = Some(place);
                }
            }
            let count = at.iter().flatten().count();
            if count >= enough && best.as_ref().is_none_or(|best| count > best.1) {
                best = Some((index, count, at));
            }
        }
        best.map(|(index, _, at)| (index, at))
    }
}

impl Table<'_> {
    /// The rows below the header, without examples.
    pub fn rows(&self) -> impl Iterator<Item = &(usize, StringRecord)> {
        self.sheet.rows[self.first..]
            .iter()
            .filter(|row| !self.is_example(&row.1))
    }

    fn is_example(&self, cells: &StringRecord) -> bool {
        let note = self
            .note
            .and_then(|place| cells.get(place))
            .unwrap_or_default()
            .trim();
        note.starts_with("示例") || note.to_lowercase().starts_with("example")
    }
}

enum Title {
    Column(usize),
    Note,
}

/// What the headings of a kind may be.
fn titles(kind: Kind) -> HashMap<String, Title> {
    let mut titles = HashMap::new();
    let languages = [Language::Chinese, Language::English];
    for (index, column) in kind.columns().iter().enumerate() {
        let headings = languages.map(|language| kind.heading(column.code, language));
        let aliases = column.aliases.iter().map(|alias| (*alias).to_owned());
        for title in headings
            .into_iter()
            .chain([column.code.to_owned()])
            .chain(aliases)
        {
            titles
                .entry(title_key(&title))
                .or_insert(Title::Column(index));
        }
    }
    for title in [NOTE.to_owned()]
        .into_iter()
        .chain(languages.map(|language| language.word("evidence-note")))
    {
        titles.entry(title_key(&title)).or_insert(Title::Note);
    }
    titles
}

/// Headings are compared without spaces, case, marks of required columns and what stands in brackets.
fn title_key(title: &str) -> String {
    let plain = plain(title);
    let outside = plain.split('(').next().unwrap_or_default();
    outside
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '*')
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_header(cells: &StringRecord, titles: &HashMap<String, Title>) -> bool {
    cells
        .iter()
        .filter(|cell| !cell.trim().is_empty())
        .all(|cell| titles.contains_key(&title_key(cell)))
}
