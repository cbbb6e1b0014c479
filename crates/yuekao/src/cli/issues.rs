//! Shows what is wrong in a file, with its place.

use assessment::issue::{Issue, Severity};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};
use serde_json::{Value, json};

use crate::words::Language;

/// Prints all issues of a file, or that there are none.
pub fn print(path: &str, text: &str, issues: &[Issue], language: Language) {
    if issues.is_empty() {
        println!("{}", language.say("issues-none", [("file", path.into())]));
        return;
    }
    let handler =
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    for issue in issues {
        let sentence = language.message(&issue.message);
        let severity = match issue.severity {
            Severity::Fault => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        };
        let label = LabeledSpan::at(issue.at.clone(), language.word("issues-here"));
        let mut diagnostic = MietteDiagnostic::new(sentence)
            .with_severity(severity)
            .with_label(label);
        if let Some(expected) = &issue.expected {
            diagnostic = diagnostic.with_help(language.message(expected));
        }
        let report = miette::Report::new(diagnostic)
            .with_source_code(NamedSource::new(path, text.to_owned()));
        let mut out = String::new();
        if handler.render_report(&mut out, report.as_ref()).is_ok() {
            println!("{path}:{}:{}", issue.line, issue.column);
            println!("{out}");
        }
    }
}

/// The issues for programs.
pub fn json(issues: &[Issue], language: Language) -> Vec<Value> {
    let one = |issue: &Issue| {
        json!({
            "severity": match issue.severity { Severity::Fault => "fault", Severity::Warning => "warning" },
            "line": issue.line,
            "column": issue.column,
            "text": issue.text,
            "code": issue.message.key,
            "message": language.message(&issue.message),
            "expected": issue.expected.as_ref().map(|expected| language.message(expected)),
        })
    };
    issues.iter().map(one).collect()
}
