//! Reads TOML without stopping at the first fault.
//!
//! A [`Reader`] holds the file, its [`Table`]s give typed values with their place ([`Spanned`]), and
//! everything that is wrong is collected as an [`Issue`]. A value that is wrong or missing reads as
//! `None`, so that the caller goes on and finds the next fault.
//!
//! ```
//! use assessment::read::Reader;
//!
//! let reader = Reader::new("id = 'pavement'\npoints = 0.1\nlimits = 3\n");
//! let root = reader.root().expect("the syntax is right");
//! assert_eq!(root.text("id").unwrap().value, "pavement");
//! assert_eq!(root.number("points").unwrap().to_exact_text(), "0.1");
//! assert!(root.opt_integer("limit").is_none());
//! root.finish();
//! let issues = reader.into_issues();
//! assert_eq!(issues[0].to_string(), "3:1 fault read-unknown-key{key=limits} «limits» expected read-did-you-mean{key=limit}");
//! ```

mod nearest;
pub mod sheet;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::{Deref, Range};

use toml_edit::{Document, Item, TableLike, Value};

use self::nearest::nearest;
use crate::issue::{Issue, Issues, Severity};
use crate::message::{Message, Words};
use crate::month::Month;
use crate::points::{NotANumber, Points};

/// A value and the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub at: Range<usize>,
}

impl<T> Spanned<T> {
    /// Another value at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: change(self.value),
            at: self.at,
        }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A TOML file and what was found wrong in it.
#[derive(Debug)]
pub struct Reader<'a> {
    document: Option<Document<&'a str>>,
    text: &'a str,
    issues: RefCell<Issues>,
}

impl<'a> Reader<'a> {
    /// Parses the text; a syntax error becomes an issue and leaves no [`root`](Self::root).
    pub fn new(text: &'a str) -> Self {
        let mut issues = Issues::new(text);
        let document = match Document::parse(text) {
            Ok(document) => Some(document),
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                issues.report(Severity::Fault, &at, syntax_fault(error.message()), None);
                None
            }
        };
        Self {
            document,
            text,
            issues: RefCell::new(issues),
        }
    }

    /// The table that is the whole file.
    pub fn root(&self) -> Option<Table<'_>> {
        let table = self.document.as_ref()?.as_table();
        Some(Table::new(self, table, 0..0))
    }

    /// The text as given.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Reports what must be corrected.
    pub fn fault(&self, at: &Range<usize>, message: Message) {
        self.report(Severity::Fault, at, message, None);
    }

    /// Reports what should be looked at.
    pub fn warning(&self, at: &Range<usize>, message: Message) {
        self.report(Severity::Warning, at, message, None);
    }

    /// Reports an issue with what should stand there instead.
    pub fn report(
        &self,
        severity: Severity,
        at: &Range<usize>,
        message: Message,
        expected: Option<Message>,
    ) {
        self.issues
            .borrow_mut()
            .report(severity, at, message, expected);
    }

    /// Reports every identifier that an earlier one already bears.
    pub fn unique<'i>(&self, ids: impl IntoIterator<Item = &'i Spanned<String>>) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for id in ids {
            match first.get(id.as_str()) {
                None => {
                    first.insert(id, id.at.start);
                }
                Some(start) => {
                    let line = self.text[..*start].matches('\n').count() + 1;
                    let message = Message::new("read-duplicate-id")
                        .with("id", id.as_str())
                        .with("line", line);
                    self.fault(&id.at, message);
                }
            }
        }
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

/// One table of the file. Reading a key makes it a known key; [`finish`](Self::finish) reports the
/// others. Methods named `opt_…` accept that the key is missing, the others report it.
pub struct Table<'r> {
    reader: &'r Reader<'r>,
    table: &'r dyn TableLike,
    at: Range<usize>,
    known: RefCell<BTreeSet<String>>,
}

impl<'r> Table<'r> {
    fn new(reader: &'r Reader<'r>, table: &'r dyn TableLike, at: Range<usize>) -> Self {
        Self {
            reader,
            table,
            at,
            known: RefCell::default(),
        }
    }

    /// Where the table is: its header, or the whole of an inline table.
    pub fn span(&self) -> &Range<usize> {
        &self.at
    }

    /// The reader that collects the issues.
    pub fn reader(&self) -> &'r Reader<'r> {
        self.reader
    }

    /// Whether the key is there, of whatever type.
    pub fn has(&self, key: &str) -> bool {
        self.item(key).is_some()
    }

    /// Whether the key holds a text, where a key may hold a word or a number.
    pub fn is_text(&self, key: &str) -> bool {
        self.item(key).is_some_and(|item| item.as_str().is_some())
    }

    /// Whether the key holds a table, where a key may hold a table or a number.
    pub fn is_table(&self, key: &str) -> bool {
        self.item(key)
            .is_some_and(|item| item.as_table_like().is_some())
    }

    /// The text of a key that may hold something else; nothing is reported.
    pub fn peek_text(&self, key: &str) -> Option<&'r str> {
        self.item(key)?.as_str()
    }

    /// Makes keys known without reading them: something about them has been reported already.
    pub fn skip(&self, keys: &[&str]) {
        let known = keys.iter().map(|key| (*key).to_owned());
        self.known.borrow_mut().extend(known);
    }

    /// All keys in the order of the file; they become known keys. For tables whose keys are names.
    pub fn keys(&self) -> Vec<Spanned<String>> {
        let keys = self.table.iter().map(|(key, _)| key.to_owned());
        keys.map(|key| {
            self.known.borrow_mut().insert(key.clone());
            Spanned {
                at: self.key_span(&key),
                value: key,
            }
        })
        .collect()
    }

    /// A text of at least one visible character, without control characters.
    pub fn text(&self, key: &str) -> Option<Spanned<String>> {
        self.required(key, self.opt_text(key), "read-expected-text")
    }

    /// See [`text`](Self::text).
    pub fn opt_text(&self, key: &str) -> Option<Spanned<String>> {
        self.text_value(self.item(key)?)
    }

    /// An identifier: small letters, digits and hyphens, as in `manhole-cover-loose`.
    pub fn id(&self, key: &str) -> Option<Spanned<String>> {
        self.required(key, self.opt_id(key), "read-expected-id")
    }

    /// See [`id`](Self::id).
    pub fn opt_id(&self, key: &str) -> Option<Spanned<String>> {
        let text = self.opt_text(key)?;
        if is_id(&text) {
            return Some(text);
        }
        self.refuse(&text.at, Message::new("read-bad-id"), "read-expected-id")
    }

    /// A text in both languages: `{ zh = "…", en = "…" }`, or the Chinese alone with a warning.
    pub fn words(&self, key: &str) -> Option<Spanned<Words>> {
        self.required(key, self.opt_words(key), "read-expected-words")
    }

    /// See [`words`](Self::words).
    pub fn opt_words(&self, key: &str) -> Option<Spanned<Words>> {
        let item = self.item(key)?;
        if item.as_str().is_some() {
            let zh = self.text_value(item)?;
            self.reader.warning(
                &zh.at,
                Message::new("read-english-missing").with("key", key),
            );
            return Some(zh.map(|zh| Words { en: zh.clone(), zh }));
        }
        let Some(table) = self.as_table(item) else {
            return self.wrong_type(item, "read-expected-words");
        };
        let (zh, en) = (table.text("zh"), table.opt_text("en"));
        if !table.has("en") {
            let message = Message::new("read-english-missing").with("key", key);
            self.reader.warning(&table.at, message);
        }
        let at = table.at.clone();
        table.finish();
        let zh = zh?.value;
        let en = en.map_or_else(|| zh.clone(), |en| en.value);
        Some(Spanned {
            value: Words { zh, en },
            at,
        })
    }

    /// An exact number: an integer, a decimal as it is written, or a text such as `"1/3"` or `"33.3%"`.
    pub fn number(&self, key: &str) -> Option<Spanned<Points>> {
        self.required(key, self.opt_number(key), "read-expected-number")
    }

    /// See [`number`](Self::number).
    pub fn opt_number(&self, key: &str) -> Option<Spanned<Points>> {
        self.number_value(self.item(key)?)
    }

    /// A list of exact numbers; empty if the key is missing.
    pub fn numbers(&self, key: &str) -> Vec<Spanned<Points>> {
        self.list(key, "read-expected-numbers", |item| self.number_value(item))
    }

    /// A list of lists of exact numbers; empty if the key is missing.
    pub fn number_rows(&self, key: &str) -> Vec<Spanned<Vec<Points>>> {
        self.list(key, "read-expected-number-rows", |item| {
            let Some(row) = item.as_array() else {
                return self.wrong_type(item, "read-expected-numbers");
            };
            let numbers = row
                .iter()
                .map(|value| self.number_value(&Item::Value(value.clone())));
            let value = numbers
                .map(|number| number.map(|number| number.value))
                .collect::<Option<_>>()?;
            Some(Spanned {
                value,
                at: span(item),
            })
        })
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Option<Spanned<i64>> {
        self.required(key, self.opt_integer(key), "read-expected-integer")
    }

    /// See [`integer`](Self::integer).
    pub fn opt_integer(&self, key: &str) -> Option<Spanned<i64>> {
        let item = self.item(key)?;
        match item.as_integer() {
            Some(value) => Some(Spanned {
                value,
                at: span(item),
            }),
            None => self.wrong_type(item, "read-expected-integer"),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &str) -> Option<Spanned<bool>> {
        self.required(key, self.opt_boolean(key), "read-expected-boolean")
    }

    /// See [`boolean`](Self::boolean).
    pub fn opt_boolean(&self, key: &str) -> Option<Spanned<bool>> {
        let item = self.item(key)?;
        match item.as_bool() {
            Some(value) => Some(Spanned {
                value,
                at: span(item),
            }),
            None => self.wrong_type(item, "read-expected-boolean"),
        }
    }

    /// A month, `"2022-01"`.
    pub fn month(&self, key: &str) -> Option<Spanned<Month>> {
        self.required(key, self.opt_month(key), "read-expected-month")
    }

    /// See [`month`](Self::month).
    pub fn opt_month(&self, key: &str) -> Option<Spanned<Month>> {
        let item = self.item(key)?;
        let Some(text) = item.as_str() else {
            return self.wrong_type(item, "read-expected-month");
        };
        match text.parse() {
            Ok(value) => Some(Spanned {
                value,
                at: span(item),
            }),
            Err(_) => {
                let message = Message::new("read-bad-month").with("text", text);
                self.refuse(&span(item), message, "read-expected-month")
            }
        }
    }

    /// One of the given words, as the value it stands for.
    pub fn choice<T: Clone>(&self, key: &str, choices: &[(&str, T)]) -> Option<Spanned<T>> {
        if !self.has(key) {
            self.missing(key, expected_choice(choices));
        }
        self.opt_choice(key, choices)
    }

    /// See [`choice`](Self::choice).
    pub fn opt_choice<T: Clone>(&self, key: &str, choices: &[(&str, T)]) -> Option<Spanned<T>> {
        self.choice_value(self.item(key)?, choices)
    }

    /// A list of the given words; empty if the key is missing.
    pub fn choices<T: Clone>(&self, key: &str, choices: &[(&str, T)]) -> Vec<Spanned<T>> {
        self.list(key, "read-expected-texts", |item| {
            self.choice_value(item, choices)
        })
    }

    /// A list of texts; empty if the key is missing.
    pub fn strings(&self, key: &str) -> Vec<Spanned<String>> {
        self.list(key, "read-expected-texts", |item| self.text_value(item))
    }

    /// The tables of `[[key]]` or of a list of inline tables; empty if the key is missing.
    pub fn tables(&self, key: &str) -> Vec<Table<'r>> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        if let Some(tables) = item.as_array_of_tables() {
            let spans = tables
                .iter()
                .map(|table| (table, table.span().unwrap_or(0..0)));
            return spans
                .map(|(table, at)| Table::new(self.reader, table, at))
                .collect();
        }
        let Some(list) = item.as_array() else {
            return self
                .wrong_type(item, "read-expected-tables")
                .unwrap_or_default();
        };
        let tables = list
            .iter()
            .filter_map(|value| match value.as_inline_table() {
                Some(table) => Some(Table::new(self.reader, table, value.span().unwrap_or(0..0))),
                None => self.wrong_value(value, "read-expected-table"),
            });
        tables.collect()
    }

    /// A table, `[key]` or `key = { … }`.
    pub fn table(&self, key: &str) -> Option<Table<'r>> {
        self.required(key, self.opt_table(key), "read-expected-table")
    }

    /// See [`table`](Self::table).
    pub fn opt_table(&self, key: &str) -> Option<Table<'r>> {
        let item = self.item(key)?;
        match self.as_table(item) {
            Some(table) => Some(table),
            None => self.wrong_type(item, "read-expected-table"),
        }
    }

    /// Reports the keys that nobody asked for, each with the known key that comes nearest.
    pub fn finish(self) {
        let known = self.known.borrow();
        for (key, _) in self.table.iter().filter(|(key, _)| !known.contains(*key)) {
            let expected = match nearest(key, &known) {
                Some(near) => Message::new("read-did-you-mean").with("key", near),
                None => {
                    let keys: Vec<&str> = known.iter().map(String::as_str).collect();
                    Message::new("read-expected-keys").with("keys", keys.join(", "))
                }
            };
            let message = Message::new("read-unknown-key").with("key", key);
            let at = self.key_span(key);
            self.reader
                .report(Severity::Fault, &at, message, Some(expected));
        }
    }

    fn item(&self, key: &str) -> Option<&'r Item> {
        self.known.borrow_mut().insert(key.to_owned());
        self.table.get(key).filter(|item| !item.is_none())
    }

    fn key_span(&self, key: &str) -> Range<usize> {
        self.table
            .key(key)
            .and_then(|key| key.span())
            .unwrap_or_else(|| self.at.clone())
    }

    fn as_table(&self, item: &'r Item) -> Option<Table<'r>> {
        Some(Table::new(self.reader, item.as_table_like()?, span(item)))
    }

    /// Reports a missing key; a key that is there with a wrong value has been reported already.
    fn required<T>(&self, key: &str, value: Option<T>, expected: &'static str) -> Option<T> {
        if value.is_none() && !self.has(key) {
            self.missing(key, Message::new(expected));
        }
        value
    }

    fn missing(&self, key: &str, expected: Message) {
        let message = Message::new("read-missing-key").with("key", key);
        self.reader
            .report(Severity::Fault, &self.at, message, Some(expected));
    }

    fn list<T>(
        &self,
        key: &str,
        expected: &'static str,
        read: impl Fn(&Item) -> Option<T>,
    ) -> Vec<T> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        let Some(list) = item.as_array() else {
            return self.wrong_type(item, expected).unwrap_or_default();
        };
        list.iter()
            .filter_map(|value| read(&Item::Value(value.clone())))
            .collect()
    }

    fn text_value(&self, item: &Item) -> Option<Spanned<String>> {
        let Some(text) = item.as_str() else {
            return self.wrong_type(item, "read-expected-text");
        };
        let unprintable = |c: char| c.is_control() && c != '\n' && c != '\t';
        let fault = if text.trim().is_empty() {
            "read-empty-text"
        } else if text.contains(unprintable) {
            "read-control-character"
        } else {
            return Some(Spanned {
                value: text.to_owned(),
                at: span(item),
            });
        };
        self.refuse(&span(item), Message::new(fault), "read-expected-text")
    }

    fn choice_value<T: Clone>(&self, item: &Item, choices: &[(&str, T)]) -> Option<Spanned<T>> {
        let text = self.text_value(item)?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text.value) {
            return Some(text.map(|_| value.clone()));
        }
        let message = Message::new("read-unknown-choice").with("text", text.as_str());
        let expected = Some(expected_choice(choices));
        self.reader
            .report(Severity::Fault, &text.at, message, expected);
        None
    }

    fn number_value(&self, item: &Item) -> Option<Spanned<Points>> {
        let at = span(item);
        let number = match item.as_value() {
            Some(Value::Integer(number)) => Ok(Points::from(*number.value())),
            // The literal itself: a binary float would not be the number that was written.
            Some(Value::Float(_)) => float_literal(&self.reader.text[at.clone()]),
            Some(Value::String(text)) => Points::parse(text.value()),
            _ => return self.wrong_type(item, "read-expected-number"),
        };
        match number {
            Ok(value) => Some(Spanned { value, at }),
            Err(NotANumber) => {
                self.refuse(&at, Message::new("read-bad-number"), "read-expected-number")
            }
        }
    }

    fn wrong_type<T>(&self, item: &Item, expected: &'static str) -> Option<T> {
        let found = match item {
            Item::Value(value) => return self.wrong_value(value, expected),
            Item::ArrayOfTables(_) => "read-found-list",
            Item::Table(_) | Item::None => "read-found-table",
        };
        self.refuse(&span(item), Message::new(found), expected)
    }

    fn wrong_value<T>(&self, value: &Value, expected: &'static str) -> Option<T> {
        let found = match value {
            Value::String(_) => "read-found-text",
            Value::Integer(_) => "read-found-integer",
            Value::Float(_) => "read-found-decimal",
            Value::Boolean(_) => "read-found-boolean",
            Value::Datetime(_) => "read-found-date",
            Value::Array(_) => "read-found-list",
            Value::InlineTable(_) => "read-found-table",
        };
        self.refuse(&value.span().unwrap_or(0..0), Message::new(found), expected)
    }

    fn refuse<T>(&self, at: &Range<usize>, found: Message, expected: &'static str) -> Option<T> {
        self.reader
            .report(Severity::Fault, at, found, Some(Message::new(expected)));
        None
    }
}

/// Whether the text is made of small letters, digits and single hyphens between them.
pub fn is_id(text: &str) -> bool {
    text.split('-').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

fn span(item: &Item) -> Range<usize> {
    item.span().unwrap_or(0..0)
}

fn expected_choice<T>(choices: &[(&str, T)]) -> Message {
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    Message::new("read-expected-choice").with("choices", words.join(", "))
}

/// Reads `1_000.5` and `1.5e-3`; exponents beyond ±30 are slips of the keyboard.
fn float_literal(literal: &str) -> Result<Points, NotANumber> {
    let plain = literal.replace('_', "");
    let Some((number, exponent)) = plain.split_once(['e', 'E']) else {
        return Points::parse(&plain);
    };
    let exponent: i32 = exponent.parse().map_err(|_| NotANumber)?;
    if exponent.unsigned_abs() > 30 {
        return Err(NotANumber);
    }
    let scale = Points::from(num_bigint::BigInt::from(10).pow(exponent.unsigned_abs()));
    let number = Points::parse(number)?;
    Ok(if exponent < 0 {
        number / scale
    } else {
        number * scale
    })
}

/// Syntax errors that people make most, by how the parser's own words begin.
const SYNTAX: [(&str, &str); 10] = [
    ("duplicate key", "toml-duplicate-key"),
    ("string values must be quoted", "toml-unquoted-text"),
    ("invalid boolean", "toml-unquoted-text"),
    ("missing comma", "toml-missing-comma"),
    ("invalid basic string", "toml-unclosed-text"),
    ("unclosed", "toml-unclosed-bracket"),
    ("invalid unquoted key", "toml-unquoted-key"),
    ("key with no value", "toml-key-without-value"),
    ("missing assignment", "toml-key-without-value"),
    ("cannot recurse", "toml-too-deep"),
];

fn syntax_fault(detail: &str) -> Message {
    match SYNTAX.iter().find(|(begins, _)| detail.starts_with(begins)) {
        Some((_, key)) => Message::new(key),
        None => Message::new("toml-syntax").with("detail", detail),
    }
}

#[cfg(test)]
mod tests;
