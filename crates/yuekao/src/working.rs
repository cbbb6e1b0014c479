//! The working of a score for readers: a tree of lines, each with its number, how it came about, and its clause; at the bottom the findings.
//!
//! The command line prints it and the page "why this score" shows it; nothing is calculated here.

use assessment::{
    finding::Finding,
    ground::Ground,
    points::Points,
    scheme::explain::Note,
    tally::FindingClass,
    working::{Node, Operation},
};
use serde::Serialize;

use crate::{
    rules::{NoteText, width},
    words::Language,
};

/// One line of a working.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What the number is.
    pub label: String,
    /// Exact: an integer, a decimal or a fraction; `None`: not known.
    pub value: Option<String>,
    /// With six decimals, where the exact text is no short decimal.
    pub about: Option<String>,
    /// How it comes from the lines below, in words; empty for a fact.
    pub operation: String,
    pub note: NoteText,
    /// Identifier of the item whose final value this is.
    pub item: Option<String>,
    pub parts: Vec<Line>,
    /// The findings that were counted here.
    pub findings: Vec<FindingLine>,
    /// Whether lines below were left out.
    pub cut: bool,
}

/// One finding at the bottom of a working.
#[derive(Debug, Serialize)]
pub struct FindingLine {
    pub id: String,
    pub found_at: String,
    pub place: String,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
}

/// What a working is told with.
pub struct Teller<'a> {
    pub ground: &'a Ground<'a>,
    pub language: Language,
    /// How many levels are shown; `None`: all.
    pub depth: Option<usize>,
}

impl Teller<'_> {
    /// The line of a number and all lines below it.
    pub fn line(&self, node: &Node) -> Line {
        self.at_level(node, 0)
    }

    fn at_level(&self, node: &Node, level: usize) -> Line {
        let deeper = self.depth.is_none_or(|depth| level < depth);
        let shown = |part: &Node| self.at_level(part, level + 1);
        let parts = match (&node.operation, deeper) {
            (_, false) => vec![],
            // The working of the others is theirs.
            (Operation::Place { .. }, true) => {
                let parts = node.parts.iter().enumerate();
                parts
                    .map(|(index, part)| match index {
                        0 => shown(part),
                        _ => self.alone(part),
                    })
                    .collect()
            }
            (_, true) => node.parts.iter().map(|part| shown(part)).collect(),
        };
        let findings = match (&node.findings, deeper) {
            (Some(class), true) => self.findings(class),
            _ => vec![],
        };
        let cut = !deeper && !(node.parts.is_empty() && node.findings.is_none());
        Line {
            parts,
            findings,
            cut,
            ..self.alone(node)
        }
    }

    /// A line without what lies below it.
    fn alone(&self, node: &Node) -> Line {
        let scheme = &self.ground.rules.scheme;
        let note = node.origin.as_ref().map(Note::from).unwrap_or_default();
        Line {
            label: self.language.message(&node.label),
            value: node.value.as_ref().map(Points::to_exact_text),
            about: node.value.as_ref().and_then(about),
            operation: self.operation(node),
            note: NoteText::of(&note),
            item: node.item.map(|item| scheme.items[item].id.clone()),
            parts: vec![],
            findings: vec![],
            cut: !node.parts.is_empty(),
        }
    }

    fn operation(&self, node: &Node) -> String {
        let key = match node.operation {
            Operation::Given => return String::new(),
            // The same number under another name.
            Operation::Sum if node.parts.len() == 1 => return String::new(),
            Operation::Sum => "operation-sum",
            Operation::Difference => "operation-difference",
            Operation::Product => "operation-product",
            Operation::Quotient => "operation-quotient",
            Operation::Least => "operation-least",
            Operation::Greatest => "operation-greatest",
            Operation::Median => "operation-median",
            Operation::Instead => "operation-instead",
            Operation::Round(_) => "operation-round",
            Operation::Place { .. } => "operation-place",
            Operation::Formula(_) => "operation-formula",
        };
        self.language.word(key)
    }

    fn findings(&self, class: &FindingClass) -> Vec<FindingLine> {
        let facts = self.ground.facts;
        let ids = self.ground.findings_of(class);
        let line = |finding: &Finding| FindingLine {
            id: finding.id.clone(),
            found_at: finding.found_at.strftime("%Y-%m-%d %H:%M").to_string(),
            place: finding.place.clone(),
            photos: finding.photos.clone(),
        };
        let found = ids
            .iter()
            .filter_map(|id| facts.findings.iter().find(|finding| finding.id == *id));
        found.map(line).collect()
    }
}

/// Six decimals for a number that is a fraction or has more of them.
fn about(value: &Points) -> Option<String> {
    const SHORT: usize = 6;
    let exact = value.to_exact_text();
    let decimals = exact
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    (exact.contains('/') || decimals > SHORT).then(|| value.display(SHORT as u32))
}

impl Line {
    /// As indented text.
    pub fn text(&self, language: Language) -> String {
        let mut out = String::new();
        self.write(&mut out, 0, language);
        out
    }

    fn write(&self, out: &mut String, level: usize, language: Language) {
        let indent = "  ".repeat(level);
        let value = match (&self.value, &self.about) {
            (None, _) => language.word("working-unknown"),
            (Some(exact), None) => exact.clone(),
            (Some(exact), Some(about)) => format!("{exact} ≈ {about}"),
        };
        let operation = match self.operation.is_empty() {
            true => String::new(),
            false => format!("  [{}]", self.operation),
        };
        let room = 44usize.saturating_sub(width(&self.label) + indent.len());
        let more = if self.cut { " …" } else { "" };
        *out += &format!(
            "{indent}{}{} {value}{operation}{}{more}\n",
            self.label,
            " ".repeat(room),
            self.note.said(language)
        );
        for part in &self.parts {
            part.write(out, level + 1, language);
        }
        for finding in &self.findings {
            finding.write(out, level + 1, language);
        }
    }
}

impl FindingLine {
    fn write(&self, out: &mut String, level: usize, language: Language) {
        let indent = "  ".repeat(level);
        let FindingLine {
            id,
            found_at,
            place,
            photos,
        } = self;
        let line = format!("{indent}· {id}  {found_at}  {place}");
        *out += &format!("{}\n", line.trim_end());
        for photo in photos {
            let said = language.say("working-photo", [("digest", photo.as_str().into())]);
            *out += &format!("{indent}    {said}\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use assessment::{facts::Facts, month::Month, rules::Rules, score::stand};

    use super::*;
    use crate::{evidence::folder, file};

    fn xianning() -> (Rules, Facts, Month) {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let scheme = project.join("schemes/xianning/2022.toml");
        let rules = file::rules(&scheme, None, &project.join("standards")).unwrap();
        let (facts, faults) = folder::read(&project.join("schemes/golden/xianning-2022")).unwrap();
        assert!(!faults.iter().any(|fault| fault.is_fault()));
        (rules, facts, "2022-08".parse().unwrap())
    }

    #[test]
    fn a_total_is_told_down_to_its_findings() {
        let (rules, facts, month) = xianning();
        let ground = Ground::new(&rules, &facts, month, true).unwrap();
        let standing = stand(&ground).unwrap();
        let total = rules.scheme.rankings[0].of;
        let chongyang = standing
            .names
            .iter()
            .position(|name| name == "崇阳县")
            .unwrap();
        let node = standing.values[total][chongyang].as_ref().unwrap();
        assert_eq!(node.verify(), Ok(()));
        for (language, depth) in [(Language::Chinese, None), (Language::English, Some(3))] {
            let teller = Teller {
                ground: &ground,
                language,
                depth,
            };
            insta::assert_snapshot!(teller.line(node).text(language));
        }
    }

    #[test]
    fn only_long_numbers_are_said_about() {
        let cases = [
            ("93.304", None),
            ("0.123456", None),
            ("1/3", Some("0.333333")),
            ("0.1234567", Some("0.123457")),
        ];
        for (exact, expected) in cases {
            assert_eq!(about(&exact.parse().unwrap()).as_deref(), expected);
        }
    }
}
