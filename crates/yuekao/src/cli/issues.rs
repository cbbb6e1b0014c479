//! Shows what is wrong in a file, with its place.

use assessment::issue::{Issue, Severity};
use assessment::message::Message;
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
        let diagnostic = MietteDiagnostic::new(sentence)
            .with_severity(severity)
            .with_label(label);
        let report = miette::Report::new(diagnostic)
            .with_source_code(NamedSource::new(path, text.to_owned()));
        let mut out = String::new();
        if handler.render_report(&mut out, report.as_ref()).is_ok() {
            print!("{out}");
        }
        if let Some(expected) = &issue.expected {
            println!("  {}", said(expected, language));
        }
        println!();
    }
    let count = |severity| {
        issues
            .iter()
            .filter(|issue| issue.severity == severity)
            .count()
    };
    let counts = [
        ("file", path.into()),
        ("faults", count(Severity::Fault).into()),
        ("warnings", count(Severity::Warning).into()),
    ];
    println!("{}\n", language.say("issues-count", counts));
}

/// What should stand there; a question speaks for itself.
fn said(expected: &Message, language: Language) -> String {
    let sentence = language.message(expected);
    match expected.key {
        "read-did-you-mean" => sentence,
        _ => language.say("issues-expected", [("expected", sentence.into())]),
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

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// Literals such as `"read-missing-key"` in the sources of the core.
    fn keys_in(folder: &Path, keys: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_in(&path, keys);
            } else if path.file_name().is_some_and(|name| name != "tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap();
                let literals = code.split('"').filter(|literal| {
                    ["read-", "toml-", "standard-"]
                        .iter()
                        .any(|prefix| literal.starts_with(prefix))
                });
                keys.extend(literals.map(str::to_owned));
            }
        }
    }

    #[test]
    fn whatever_is_wrong_in_a_file_has_words() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assessment/src");
        let mut keys = Vec::new();
        keys_in(&sources, &mut keys);
        assert!(keys.len() > 50);
        for language in ["zh-CN", "en"] {
            let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
            let files = fs::read_dir(locales.join(language)).unwrap();
            let words: String = files
                .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
                .collect();
            let silent = keys
                .iter()
                .filter(|key| !words.contains(&format!("\n{key} = ")));
            assert_eq!(silent.collect::<Vec<_>>(), Vec::<&String>::new());
        }
    }
}
