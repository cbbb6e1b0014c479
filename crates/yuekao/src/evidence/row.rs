//! One row, read column by column; what is wrong in it is reported, and the row is then left out.

use std::collections::BTreeMap;

use assessment::finding::Word;
use assessment::inspection::Position;
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use csv::StringRecord;
use jiff::civil::DateTime;

use super::fault::{RowFault, quoted};
use super::kind::Kind;
use super::sheet::Sheet;
use super::value;

/// A row of a sheet whose kind is known. Methods named `opt_…` accept an empty cell, the others report it.
pub struct Row<'a> {
    sheet: &'a Sheet,
    kind: Kind,
    at: &'a [Option<usize>],
    number: usize,
    cells: &'a StringRecord,
    faults: &'a mut Vec<RowFault>,
    faults_before: usize,
}

/// Longer identifiers and words are refused.
const LONGEST_ID: usize = 200;
/// Longer free texts are refused.
const LONGEST_TEXT: usize = 4000;

impl<'a> Row<'a> {
    pub fn new(
        sheet: &'a Sheet,
        kind: Kind,
        at: &'a [Option<usize>],
        (number, cells): &'a (usize, StringRecord),
        faults: &'a mut Vec<RowFault>,
    ) -> Self {
        let faults_before = faults.len();
        Self {
            sheet,
            kind,
            at,
            number: *number,
            cells,
            faults,
            faults_before,
        }
    }

    /// The fact made of the row, unless something in it was reported.
    pub fn make<T>(self, fact: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.faults[self.faults_before..]
            .iter()
            .any(RowFault::is_fault)
        {
            return None;
        }
        fact()
    }

    /// Reports what is wrong in a cell.
    pub fn fault(&mut self, column: &str, message: Message, expected: Option<Message>) {
        let text = quoted(self.cell(column));
        self.faults.push(RowFault {
            row: self.number,
            column: column.to_owned(),
            text,
            expected,
            ..RowFault::of_sheet(&self.sheet.name, message)
        });
    }

    /// An identifier: of the row itself or of what it refers to.
    pub fn id(&mut self, column: &str) -> Option<String> {
        let id = self.opt_id(column);
        self.required(column, id)
    }

    pub fn opt_id(&mut self, column: &str) -> Option<String> {
        let text = self.cell(column);
        let fits = text.len() <= LONGEST_ID && !text.chars().any(char::is_control);
        if !fits {
            self.fault(column, Message::new("evidence-not-an-id"), None);
        } else if text.starts_with(['=', '+', '-', '@']) {
            self.fault(column, Message::new("evidence-live-text"), None);
        }
        filled(self.cell(column))
    }

    /// Free text.
    pub fn text(&mut self, column: &str) -> Option<String> {
        let text = self.opt_text(column);
        self.required(column, text)
    }

    pub fn opt_text(&mut self, column: &str) -> Option<String> {
        let text = self.cell(column);
        let odd = |c: char| c.is_control() && !['\n', '\r', '\t'].contains(&c);
        if text.len() > LONGEST_TEXT || text.chars().any(odd) {
            self.fault(column, Message::new("evidence-not-a-text"), None);
        } else if value::is_live(text) {
            self.fault(column, Message::new("evidence-live-text"), None);
        }
        filled(self.cell(column))
    }

    pub fn number(&mut self, column: &str) -> Option<Points> {
        let number = self.opt_number(column);
        self.required(column, number)
    }

    pub fn opt_number(&mut self, column: &str) -> Option<Points> {
        self.read(
            column,
            "evidence-not-a-number",
            "evidence-a-number",
            |text| Points::parse(text).ok(),
        )
    }

    /// A number that is not negative.
    pub fn opt_length(&mut self, column: &str) -> Option<Points> {
        self.read(
            column,
            "evidence-not-a-length",
            "evidence-a-length",
            |text| {
                Points::parse(text)
                    .ok()
                    .filter(|length| !length.is_negative())
            },
        )
    }

    /// How often; empty is 0.
    pub fn count(&mut self, column: &str) -> u32 {
        self.read(column, "evidence-not-a-count", "evidence-a-count", |text| {
            Points::parse(text).ok()?.to_i64()?.try_into().ok()
        })
        .unwrap_or(0)
    }

    /// Yes or no; empty is no.
    pub fn flag(&mut self, column: &str) -> bool {
        self.read(
            column,
            "evidence-not-yes-or-no",
            "evidence-yes-or-no",
            |text| match text {
                "1" | "是" | "有" | "yes" | "true" => Some(true),
                "0" | "否" | "无" | "no" | "false" => Some(false),
                _ => None,
            },
        )
        .unwrap_or(false)
    }

    pub fn time(&mut self, column: &str) -> Option<DateTime> {
        let time = self.opt_time(column);
        self.required(column, time)
    }

    pub fn opt_time(&mut self, column: &str) -> Option<DateTime> {
        self.read(
            column,
            "evidence-not-a-time",
            "evidence-a-time",
            value::time,
        )
    }

    pub fn month(&mut self, column: &str) -> Option<Month> {
        let month = self.read(
            column,
            "evidence-not-a-month",
            "evidence-a-month",
            value::month,
        );
        self.required(column, month)
    }

    /// A word of a closed list, in either language.
    pub fn word<W: Word>(&mut self, column: &str, chinese: &[(&str, W)]) -> Option<W> {
        let words: Vec<&str> = W::WORDS.iter().map(|(word, _)| *word).collect();
        let expected = Message::new("evidence-one-of").with("words", words.join(", "));
        let word = self.read_or(column, "evidence-not-a-word", expected, |text| {
            let known = chinese.iter().find(|(word, _)| *word == text);
            known.map(|(_, value)| *value).or_else(|| W::parse(text))
        });
        self.required(column, word)
    }

    /// A word of a closed list given as (written, meant).
    pub fn opt_word(
        &mut self,
        column: &str,
        words: &[(&str, &'static str)],
    ) -> Option<&'static str> {
        let mut known: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
        known.dedup();
        let expected = Message::new("evidence-one-of").with("words", known.join(", "));
        self.read_or(column, "evidence-not-a-word", expected, |text| {
            let word = words
                .iter()
                .find(|(written, meant)| *written == text || *meant == text)?;
            Some(word.1)
        })
    }

    /// `name=value;name=value`.
    pub fn pairs(&mut self, column: &str) -> BTreeMap<String, String> {
        self.opt_text(column);
        self.read(column, "evidence-not-pairs", "evidence-pairs", |text| {
            let mut pairs = BTreeMap::new();
            for pair in parts(text) {
                let (name, value) = pair.split_once('=')?;
                let (name, value) = (name.trim(), value.trim());
                let new = pairs.insert(name.to_owned(), value.to_owned()).is_none();
                if name.is_empty() || value.is_empty() || !new {
                    return None;
                }
            }
            Some(pairs)
        })
        .unwrap_or_default()
    }

    /// SHA-256 digests, separated by `;`.
    pub fn digests(&mut self, column: &str) -> Vec<String> {
        self.read(column, "evidence-not-digests", "evidence-digests", |text| {
            parts(text)
                .map(|part| {
                    let hex = part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
                    hex.then(|| part.to_ascii_lowercase())
                })
                .collect()
        })
        .unwrap_or_default()
    }

    /// Longitude and latitude, both or neither.
    pub fn position(&mut self) -> Option<Position> {
        let mut degrees = |column: &str, limit: i64| {
            self.read(column, "evidence-not-degrees", "evidence-degrees", |text| {
                let degrees = Points::parse(text).ok()?;
                (degrees.abs() <= Points::from(limit)).then(|| degrees.to_exact_text())
            })
        };
        match (degrees("lng", 180), degrees("lat", 90)) {
            (Some(lng), Some(lat)) => Some(Position { lng, lat }),
            (lng, lat) => {
                let half = if lng.is_some() { "lat" } else { "lng" };
                if (lng.is_some() || lat.is_some()) && self.cell(half).is_empty() {
                    self.fault(half, Message::new("evidence-half-a-position"), None);
                }
                None
            }
        }
    }

    /// Reports a time that lies before the one it follows.
    pub fn in_order(&mut self, first: (&str, Option<DateTime>), then: (&str, Option<DateTime>)) {
        if let (Some(before), Some(after)) = (first.1, then.1)
            && after < before
        {
            let message = Message::new("evidence-before").with("column", first.0);
            self.fault(then.0, message, None);
        }
    }

    fn cell(&self, column: &str) -> &'a str {
        let columns = self.kind.columns();
        let place = columns.iter().position(|known| known.code == column);
        place
            .and_then(|place| self.at[place])
            .and_then(|at| self.cells.get(at))
            .unwrap_or_default()
            .trim()
    }

    fn read<T>(
        &mut self,
        column: &str,
        wrong: &'static str,
        expected: &'static str,
        value: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.read_or(column, wrong, Message::new(expected), value)
    }

    fn read_or<T>(
        &mut self,
        column: &str,
        wrong: &'static str,
        expected: Message,
        value: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let value = value(text);
        if value.is_none() {
            self.fault(column, Message::new(wrong), Some(expected));
        }
        value
    }

    fn required<T>(&mut self, column: &str, value: Option<T>) -> Option<T> {
        if self.cell(column).is_empty() {
            self.fault(column, Message::new("evidence-empty"), None);
        }
        value
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
