//! What is wrong in a row, and where.

use std::fmt;

use assessment::issue::Severity;
use assessment::message::Message;
use serde_json::{Value, json};

use crate::words::Language;

/// One thing to correct in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// A fault keeps the row out; a warning does not.
    pub severity: Severity,
    /// Name of the CSV file, or of the workbook and its sheet; empty: all that was handed in.
    pub sheet: String,
    /// Row as a spreadsheet counts: the header is row 1. 0: the sheet as a whole.
    pub row: usize,
    /// Code of the column; empty: the row as a whole.
    pub column: String,
    /// What stands there, at most 60 characters.
    pub text: String,
    pub message: Message,
    /// What should stand there instead.
    pub expected: Option<Message>,
}

impl RowFault {
    /// A fault of a whole sheet.
    pub fn of_sheet(sheet: &str, message: Message) -> Self {
        Self {
            severity: Severity::Fault,
            sheet: sheet.to_owned(),
            row: 0,
            column: String::new(),
            text: String::new(),
            message,
            expected: None,
        }
    }

    /// The same as something to look at only.
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The sentence for people.
    pub fn say(&self, language: Language) -> String {
        let or_none = |text: String| {
            if text.is_empty() {
                "none".to_owned()
            } else {
                text
            }
        };
        let expected = self
            .expected
            .as_ref()
            .map(|expected| language.message(expected));
        let key = match (self.row, self.column.is_empty()) {
            (0, _) if self.sheet.is_empty() => return language.message(&self.message),
            (0, _) => "evidence-fault-in-sheet",
            (_, true) => "evidence-fault-in-row",
            (_, false) => "evidence-fault-in-cell",
        };
        let args = [
            ("sheet", self.sheet.clone().into()),
            ("row", self.row.into()),
            ("column", self.column.clone().into()),
            ("text", or_none(self.text.clone()).into()),
            ("message", language.message(&self.message).into()),
            ("expected", or_none(expected.unwrap_or_default()).into()),
        ];
        language.say(key, args)
    }

    /// For programs.
    pub fn json(&self, language: Language) -> Value {
        json!({
            "severity": if self.is_fault() { "fault" } else { "warning" },
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "text": self.text,
            "key": self.message.key,
            "message": self.say(language),
        })
    }

    /// Whether the row cannot be taken.
    pub fn is_fault(&self) -> bool {
        self.severity == Severity::Fault
    }
}

/// For logs and tests: `sheet row:column fault message «text» expected …`.
impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.is_fault() { "fault" } else { "warning" };
        write!(
            f,
            "{} {}:{} {severity} {} «{}»",
            self.sheet, self.row, self.column, self.message, self.text
        )?;
        match &self.expected {
            Some(expected) => write!(f, " expected {expected}"),
            None => Ok(()),
        }
    }
}

/// The first line of a text, at most 60 characters of it.
pub fn quoted(text: &str) -> String {
    const QUOTED: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= QUOTED {
        return line.to_owned();
    }
    line.chars().take(QUOTED - 1).chain(['…']).collect()
}
