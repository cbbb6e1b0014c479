//! What is wrong in a file: one [`Issue`] per place, with what was expected there.

use std::fmt;
use std::ops::Range;

use crate::message::Message;

/// How bad an [`Issue`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be used.
    Fault,
    /// The file can be used, but its author should look.
    Warning,
}

/// One thing to correct in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub severity: Severity,
    /// Byte range in the text as given.
    pub at: Range<usize>,
    /// From 1.
    pub line: usize,
    /// From 1, counted in characters.
    pub column: usize,
    /// The offending text, its first line, at most 60 characters.
    pub text: String,
    pub message: Message,
    /// What should stand there instead.
    pub expected: Option<Message>,
}

/// The longest piece of a file that an [`Issue`] quotes, in characters.
const QUOTED: usize = 60;

/// For logs and tests: `line:column fault message «text» expected …`.
impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Fault => "fault",
            Severity::Warning => "warning",
        };
        write!(
            f,
            "{}:{} {severity} {} «{}»",
            self.line, self.column, self.message, self.text
        )?;
        match &self.expected {
            Some(expected) => write!(f, " expected {expected}"),
            None => Ok(()),
        }
    }
}

/// A text that knows its lines, and collects what is wrong in it.
#[derive(Debug)]
pub struct Issues {
    text: String,
    line_starts: Vec<usize>,
    found: Vec<Issue>,
}

impl Issues {
    /// Nothing wrong yet. A byte order mark takes no column.
    pub fn new(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let line_starts = std::iter::once(first)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text: text.to_owned(),
            line_starts,
            found: Vec::new(),
        }
    }

    /// Adds an issue about the bytes `at` of the text.
    pub fn report(
        &mut self,
        severity: Severity,
        at: &Range<usize>,
        message: Message,
        expected: Option<Message>,
    ) {
        let at = self.on_characters(at);
        let line = self
            .line_starts
            .partition_point(|start| *start <= at.start)
            .max(1);
        let line_start = self.line_starts[line - 1].min(at.start);
        let issue = Issue {
            severity,
            line,
            column: self.text[line_start..at.start].chars().count() + 1,
            text: quoted(&self.text[at.clone()]),
            at,
            message,
            expected,
        };
        self.found.push(issue);
    }

    /// Whether there is a fault among them.
    pub fn has_faults(&self) -> bool {
        self.found
            .iter()
            .any(|issue| issue.severity == Severity::Fault)
    }

    /// All issues in the order of the text.
    pub fn into_sorted(self) -> Vec<Issue> {
        let mut found = self.found;
        found.sort_by_key(|issue| (issue.at.start, issue.at.end));
        found
    }

    /// A parser may point into the middle of a character or past the end.
    fn on_characters(&self, at: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(at.start);
        let end = self.text.ceil_char_boundary(at.end.max(start));
        start..end
    }
}

fn quoted(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= QUOTED {
        return line.to_owned();
    }
    line.chars().take(QUOTED - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let text = "\u{feff}一 = 1\r\n二二 = 错\n\n";
        let mut issues = Issues::new(text);
        let wrong = text.find('错').unwrap();
        issues.report(
            Severity::Fault,
            &(text.len()..text.len() + 9),
            Message::new("end"),
            None,
        );
        issues.report(
            Severity::Warning,
            &(wrong + 1..wrong + 2),
            Message::new("wrong"),
            None,
        );
        issues.report(Severity::Fault, &(0..3), Message::new("mark"), None);
        issues.report(Severity::Fault, &(3..6), Message::new("first"), None);
        let shown: Vec<String> = issues.into_sorted().iter().map(Issue::to_string).collect();
        assert_eq!(
            shown,
            [
                "1:1 fault mark «\u{feff}»",
                "1:1 fault first «一»",
                "2:6 warning wrong «错»",
                "4:1 fault end «»",
            ]
        );
    }

    #[test]
    fn a_long_quotation_is_cut_to_sixty_characters() {
        assert_eq!(quoted(&"道".repeat(60)), "道".repeat(60));
        assert_eq!(quoted(&"道".repeat(61)), "道".repeat(59) + "…");
        assert_eq!(quoted("[[item]]\nid = 1"), "[[item]]");
    }
}
