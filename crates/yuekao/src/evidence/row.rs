//! One row, read column by column; what is wrong in it is reported, and the row is then left out.

use std::collections::BTreeMap;

use assessment::finding::Word;
use assessment::inspection::Position;
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use csv::StringRecord;
use jiff::civil::{DateTime, Time};

use super::board::Printed;
use super::fault::{RowFault, quoted};
use super::kind::Column;
use super::sheet::Table;
use super::value::{self, Moment, plain};
use crate::datum::{Datum, Elsewhere, in_china};

/// A row of a table. Methods named `opt_…` accept an empty cell, the others report it.
pub struct Row<'a> {
    table: &'a Table<'a>,
    /// Reference system of coordinates, unless the row names another.
    datum: Datum,
    number: usize,
    cells: &'a StringRecord,
    faults: &'a mut Vec<RowFault>,
    faults_before: usize,
}

/// Longer identifiers and words are refused.
const LONGEST_ID: usize = 200;

/// Other ways to write the words of closed lists: column, written, meant.
const SYNONYMS: &[(&str, &str, &str)] = &[
    ("severity", "较轻", "minor"),
    ("severity", "较重", "serious"),
    ("found_by", "暗访", "agency"),
    ("found_by", "第三方机构", "agency"),
    ("found_by", "群众", "citizen"),
    ("found_by", "省", "province"),
    ("found_by", "本单位", "own"),
    ("excluded", "申诉成立", "appeal"),
    ("kind", "地级市", "prefecture"),
    ("kind", "县", "county"),
    ("kind", "区", "county"),
    ("kind", "县级市", "county"),
    ("kind", "县（市、区）", "county"),
    ("kind", "开发区", "zone"),
    ("kind", "镇", "township"),
    ("kind", "乡", "township"),
    ("kind", "乡镇", "township"),
    ("kind", "街道", "township"),
    ("kind", "街道办", "township"),
    ("kind", "乡镇（街道）", "township"),
    ("kind", "行政村", "village"),
    ("kind", "住宅小区", "compound"),
];

impl<'a> Row<'a> {
    pub fn new(
        table: &'a Table<'a>,
        datum: Datum,
        (number, cells): &'a (usize, StringRecord),
        faults: &'a mut Vec<RowFault>,
    ) -> Self {
        let faults_before = faults.len();
        Self {
            table,
            datum,
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
            column: self.table.origin.title(column).to_owned(),
            text,
            expected,
            ..RowFault::of_sheet(&self.table.sheet.name, message)
        });
    }

    /// An identifier, or a word of an open list: of the row itself or of what it refers to.
    pub fn id(&mut self, column: &str) -> Option<String> {
        let id = self.opt_id(column);
        self.required(column, id)
    }

    pub fn opt_id(&mut self, column: &str) -> Option<String> {
        let text = plain(self.cell(column));
        let odd = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
        if text.len() > LONGEST_ID || text.chars().any(odd) {
            self.fault(column, Message::new("evidence-not-an-id"), None);
        } else if text.starts_with(['=', '+', '-', '@']) {
            self.fault(column, Message::new("evidence-live-text"), None);
        }
        filled(&text)
    }

    /// Free text.
    pub fn text(&mut self, column: &str) -> Option<String> {
        let text = self.opt_text(column);
        self.required(column, text)
    }

    pub fn opt_text(&mut self, column: &str) -> Option<String> {
        let text = self.cell(column);
        if text.len() > value::LONGEST_TEXT || text.chars().any(value::is_odd) {
            self.fault(column, Message::new("evidence-not-a-text"), None);
        } else if value::is_live(text) {
            self.fault(column, Message::new("evidence-live-text"), None);
        }
        filled(text)
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
            value::number,
        )
    }

    /// A number that is not negative.
    pub fn opt_length(&mut self, column: &str) -> Option<Points> {
        self.read(
            column,
            "evidence-not-a-length",
            "evidence-a-length",
            |text| value::number(text).filter(|length| !length.is_negative()),
        )
    }

    /// A share as it was printed: exact, with the number of its decimals as a percentage.
    pub fn opt_percentage(&mut self, column: &str) -> Option<Printed> {
        self.read(
            column,
            "evidence-not-a-share",
            "evidence-a-share",
            Printed::parse,
        )
    }

    pub fn opt_count(&mut self, column: &str) -> Option<u32> {
        self.read(column, "evidence-not-a-count", "evidence-a-count", |text| {
            value::number(text)?.to_i64()?.try_into().ok()
        })
    }

    /// A whole number that must be there.
    pub fn count_of(&mut self, column: &str) -> Option<u32> {
        let count = self.opt_count(column);
        self.required(column, count)
    }

    /// How often; empty is 0.
    pub fn count(&mut self, column: &str) -> u32 {
        self.opt_count(column).unwrap_or(0)
    }

    /// Yes or no; empty is no.
    pub fn flag(&mut self, column: &str) -> bool {
        self.read(
            column,
            "evidence-not-yes-or-no",
            "evidence-yes-or-no",
            |text| match text.to_lowercase().as_str() {
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

    /// A time; a day without a time of day is its beginning.
    pub fn opt_time(&mut self, column: &str) -> Option<DateTime> {
        self.opt_time_on(column, Time::midnight())
    }

    /// A time; a day without a time of day is its last minute.
    pub fn opt_deadline(&mut self, column: &str) -> Option<DateTime> {
        self.opt_time_on(column, Time::constant(23, 59, 0, 0))
    }

    fn opt_time_on(&mut self, column: &str, time: Time) -> Option<DateTime> {
        let moment = self.read(
            column,
            "evidence-not-a-time",
            "evidence-a-time",
            value::moment,
        )?;
        match moment {
            Moment::At(at) => Some(at),
            Moment::Day(day) => {
                let at = day.to_datetime(time);
                let taken = assessment::facts::time_text(at);
                self.fault(
                    column,
                    Message::new("evidence-day-only").with("taken", taken),
                    None,
                );
                let last = self.faults.pop().map(RowFault::as_warning);
                self.faults.extend(last);
                Some(at)
            }
        }
    }

    pub fn month(&mut self, column: &str) -> Option<Month> {
        let month = self.opt_month(column);
        self.required(column, month)
    }

    /// A month, if one stands there.
    pub fn opt_month(&mut self, column: &str) -> Option<Month> {
        self.read(
            column,
            "evidence-not-a-month",
            "evidence-a-month",
            value::month,
        )
    }

    /// A word of a closed list, in either language.
    pub fn word<W: Word>(&mut self, column: &str) -> Option<W> {
        let word = self.opt_word(column).and_then(W::parse);
        self.required(column, word)
    }

    pub fn opt_word(&mut self, column: &str) -> Option<&'static str> {
        let choices = self.column(column).choices;
        let listed: Vec<String> = choices
            .iter()
            .map(|(word, chinese)| format!("{word} {chinese}"))
            .collect();
        let expected = Message::new("evidence-one-of").with("words", listed.join(", "));
        self.read_or(column, "evidence-not-a-word", expected, |text| {
            choice(choices, column, text)
        })
    }

    /// A word of the host's own; the usual Chinese ones become their English identifiers.
    pub fn open_word(&mut self, column: &str) -> Option<String> {
        let word = self.id(column)?;
        let known = choice(self.column(column).choices, column, &word);
        Some(known.map_or(word, str::to_owned))
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

    /// Longitude and latitude in WGS 84, both or neither.
    pub fn position(&mut self) -> Option<Position> {
        let [lng, lat] = ["lng", "lat"].map(|column| {
            self.read(column, "evidence-not-degrees", "evidence-degrees", |text| {
                let degrees = Points::parse(text).ok()?;
                (degrees.abs() <= Points::from(180)).then(|| degrees.to_exact_text())
            })
        });
        let datum = match plain(self.cell("datum")).as_str() {
            "" => self.datum,
            name => Datum::of(name).unwrap_or_else(|| {
                let expected = Message::new("evidence-a-datum");
                self.fault(
                    "datum",
                    Message::new("evidence-not-a-datum"),
                    Some(expected),
                );
                self.datum
            }),
        };
        let half = match (&lng, &lat) {
            (Some(lng), Some(lat)) => return self.place(lng, lat, datum),
            (Some(_), None) => "lat",
            (None, Some(_)) => "lng",
            (None, None) => return None,
        };
        if self.cell(half).is_empty() {
            self.fault(half, Message::new("evidence-half-a-position"), None);
        }
        None
    }

    fn place(&mut self, lng: &str, lat: &str, datum: Datum) -> Option<Position> {
        let [x, y] = [lng, lat].map(|degrees| match degrees.parse::<f64>() {
            Ok(degrees) => degrees,
            // A fraction without end.
            Err(_) => f64::NAN,
        });
        let key = match in_china([x, y]) {
            Ok(()) => {
                let [east, north] = datum.to_wgs84([x, y]);
                let text = |exact: &str, degrees: f64| match datum {
                    Datum::Wgs84 => exact.to_owned(),
                    // Six decimals are a tenth of a metre.
                    _ => Points::parse(&format!("{degrees:.6}"))
                        .map_or_else(|_| exact.to_owned(), |degrees| degrees.to_exact_text()),
                };
                return Some(Position {
                    lng: text(lng, east),
                    lat: text(lat, north),
                });
            }
            Err(Elsewhere::Swapped) => "evidence-swapped-position",
            Err(Elsewhere::Outside) => "evidence-not-in-china",
        };
        self.fault("lng", Message::new(key), None);
        None
    }

    /// Reports a time that lies before the one it follows.
    pub fn in_order(&mut self, first: (&str, Option<DateTime>), then: (&str, Option<DateTime>)) {
        if let (Some(before), Some(after)) = (first.1, then.1)
            && after < before
        {
            let title = self.table.origin.title(first.0).to_owned();
            self.fault(
                then.0,
                Message::new("evidence-before").with("column", title),
                None,
            );
        }
    }

    fn column(&self, code: &str) -> &'static Column {
        let mut columns = self.table.kind.columns().iter();
        columns
            .find(|column| column.code == code)
            .expect("kinds have the columns that are read")
    }

    fn cell(&self, code: &str) -> &'a str {
        let columns = self.table.kind.columns();
        let place = columns.iter().position(|column| column.code == code);
        place
            .and_then(|place| self.table.at[place])
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
        let text = plain(self.cell(column));
        if text.is_empty() {
            return None;
        }
        let value = value(&text);
        if value.is_none() {
            self.fault(column, Message::new(wrong), Some(expected));
        }
        value
    }

    fn required<T>(&mut self, column: &str, value: Option<T>) -> Option<T> {
        if plain(self.cell(column)).is_empty() {
            self.fault(column, Message::new("evidence-empty"), None);
        }
        value
    }
}

/// The word that is meant by what is written, in English, in Chinese or by a synonym.
fn choice(
    choices: &'static [(&'static str, &'static str)],
    column: &str,
    text: &str,
) -> Option<&'static str> {
    let text = text.to_lowercase();
    let listed = choices
        .iter()
        .find(|(word, chinese)| *word == text || *chinese == text);
    let synonym = || {
        SYNONYMS
            .iter()
            .find(|(of, written, _)| *of == column && *written == text)
    };
    listed
        .map(|(word, _)| *word)
        .or_else(|| synonym().map(|(_, _, word)| *word))
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
