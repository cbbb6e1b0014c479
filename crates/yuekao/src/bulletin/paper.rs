//! The bulletin as an ordered text: what a printer, a page or a benchmark sets, word for word.

use serde::Serialize;

use super::table::{self, Table};
use super::text::{
    average_change, count_change, date_words, largest, month_words, names, watermarks,
};
use super::view::{BulletinView, ProblemsView, UnitSheet};
use crate::words::Language;

/// How many headings a sentence names; the table has them all.
const NAMED_HEADINGS: usize = 5;

/// A whole document in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paper {
    pub letterhead: String,
    pub number: String,
    pub title: String,
    pub salutation: String,
    pub intro: String,
    pub sections: Vec<Section>,
    pub attachments_label: String,
    pub attachments: Vec<Attachment>,
    pub issuer: String,
    pub date: String,
    /// The lines of the 版记; empty if nobody gets a copy.
    pub copies: String,
    pub issued: String,
    /// Printed across every page.
    pub watermarks: Vec<String>,
    /// Printed at the foot of every page, so that a sheet taken out still says what it belongs to.
    pub digest: String,
}

/// A numbered section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    pub heading: String,
    pub parts: Vec<Part>,
}

/// An attachment on pages of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attachment {
    /// 附件1
    pub label: String,
    pub title: String,
    pub parts: Vec<Part>,
}

/// What a section is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Part {
    Text { text: String },
    Table { table: Table },
    Chart { title: String, bars: Vec<Bar> },
}

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    pub title: String,
    pub count: u64,
    pub share: String,
}

/// The bulletin in one language.
pub fn bulletin(view: &BulletinView, language: Language) -> Paper {
    let attachments = attachments(view, language);
    Paper {
        letterhead: view.letterhead.get(language).to_owned(),
        number: view.number.clone().unwrap_or_default(),
        title: view.title.get(language).to_owned(),
        salutation: salutation(view, language),
        intro: intro(view, language),
        sections: sections(view, language, &attachments),
        attachments_label: language.word("bulletin-attachments"),
        attachments,
        issuer: view.issuer.get(language).to_owned(),
        date: date_words(&view.date, language),
        copies: copies(view, language),
        issued: language.say(
            "bulletin-issued",
            [("date", date_words(&view.date, language).into())],
        ),
        watermarks: watermarks(view.synthetic, view.stamp.as_ref(), language),
        digest: view.digests.assessment.clone(),
    }
}

fn salutation(view: &BulletinView, language: Language) -> String {
    if view.recipients.is_empty() {
        return String::new();
    }
    language.say(
        "bulletin-salutation",
        [("recipients", names(&view.recipients, language).into())],
    )
}

fn copies(view: &BulletinView, language: Language) -> String {
    if view.copies.is_empty() {
        return String::new();
    }
    language.say(
        "bulletin-copies",
        [("copies", names(&view.copies, language).into())],
    )
}

fn intro(view: &BulletinView, language: Language) -> String {
    let basis = if view.basis.is_empty() {
        "none".to_owned()
    } else {
        names(&view.basis, language)
    };
    language.say(
        "bulletin-intro",
        [
            ("basis", basis.into()),
            ("month", month_words(&view.month, language).into()),
            ("evaluation", view.evaluation.get(language).into()),
        ],
    )
}

fn sections(view: &BulletinView, language: Language, attachments: &[Attachment]) -> Vec<Section> {
    let mut sections = rankings(view, language, attachments);
    if !view.townships.is_empty() {
        let parts = vec![Part::Table {
            table: table::ends(&view.townships, "bulletin-col-county", language),
        }];
        sections.push((language.word("bulletin-townships"), parts));
    }
    sections.push((
        language.word("bulletin-problems"),
        problems_found(view, language),
    ));
    if let Some(red) = &view.red_property {
        let mut parts = problems(&red.problems, "bulletin-col-management", view, language);
        if !red.ends.is_empty() {
            parts.push(Part::Table {
                table: table::ends(&red.ends, "bulletin-col-management", language),
            });
        }
        sections.push((language.word("bulletin-red-property"), parts));
    }
    if !view.departments.is_empty() {
        sections.push((
            language.word("bulletin-departments"),
            departments(view, language, attachments),
        ));
    }
    sections.push((language.word("bulletin-awards"), awards(view, language)));
    sections.push((
        language.word("bulletin-notes"),
        notes(view, language, attachments),
    ));
    let numbered = |(index, (heading, parts)): (usize, (String, Vec<Part>))| Section {
        heading: format!("{}{heading}", ordinal(index + 1, language)),
        parts,
    };
    sections.into_iter().enumerate().map(numbered).collect()
}

/// 一、 … 十二、 / 1. …
fn ordinal(number: usize, language: Language) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (language, number / 10, number % 10) {
        (Language::Chinese, 0, ones) => format!("{}、", DIGITS[ones]),
        (Language::Chinese, 1, ones) => format!("十{}、", DIGITS[ones]),
        (Language::Chinese, tens @ 2..=9, ones) => format!("{}十{}、", DIGITS[tens], DIGITS[ones]),
        _ => format!("{number}. "),
    }
}

fn rankings(
    view: &BulletinView,
    language: Language,
    attachments: &[Attachment],
) -> Vec<(String, Vec<Part>)> {
    let named = view.rankings.len() > 1;
    let mut sections = Vec::new();
    for ranking in &view.rankings {
        let heading = if named {
            language.say(
                "bulletin-ranking-named",
                [("title", ranking.title.get(language).into())],
            )
        } else {
            language.word("bulletin-ranking")
        };
        let mut parts = vec![Part::Table {
            table: table::ranking(ranking, language),
        }];
        if ranking.rows.iter().any(|row| row.before_handicap.is_some()) {
            parts.push(text(language.word("bulletin-handicap")));
        }
        sections.push((heading, parts));
    }
    if let Some((_, parts)) = sections.first_mut() {
        for (key, units) in [("bulletin-rose", &view.rose), ("bulletin-fell", &view.fell)] {
            if !units.is_empty() {
                parts.push(text(
                    language.say(key, [("units", names(units, language).into())]),
                ));
            }
        }
        if let Some(label) = attached(attachments, &language.word("bulletin-components")) {
            parts.push(text(
                language.say("bulletin-components-see", [("attachment", label.into())]),
            ));
        }
    }
    sections
}

fn text(text: String) -> Part {
    Part::Text { text }
}

/// The number of the attachment with that title.
fn attached(attachments: &[Attachment], title: &str) -> Option<String> {
    attachments
        .iter()
        .position(|attachment| attachment.title == title)
        .map(|index| (index + 1).to_string())
}

fn problems_found(view: &BulletinView, language: Language) -> Vec<Part> {
    let mut parts: Vec<Part> = view
        .total
        .iter()
        .map(|total| text(found(total, view, language)))
        .collect();
    parts.extend(problems(
        &view.problems,
        "bulletin-col-heading",
        view,
        language,
    ));
    if view.problems.count > 0 {
        let bar = |share: &super::view::ShareView| Bar {
            title: share.title.get(language).to_owned(),
            count: share.count,
            share: share.share.clone(),
        };
        let bars = view.problems.shares.iter().map(bar).collect();
        parts.push(Part::Chart {
            title: language.word("bulletin-chart"),
            bars,
        });
    }
    parts
}

fn problems(
    problems: &ProblemsView,
    column: &str,
    view: &BulletinView,
    language: Language,
) -> Vec<Part> {
    let mut sentences = found(problems, view, language);
    let shares = largest(&problems.shares, NAMED_HEADINGS, language);
    if !shares.is_empty() {
        sentences = join(
            sentences,
            language.say("bulletin-largest", [("shares", shares.into())]),
            language,
        );
    }
    let mut parts = vec![text(sentences)];
    if problems.count > 0 && !problems.shares.is_empty() {
        parts.push(Part::Table {
            table: table::problems(problems, column, language),
        });
    }
    parts
}

/// Chinese sentences follow each other, English ones need a space.
fn join(first: String, second: String, language: Language) -> String {
    match language {
        Language::Chinese => first + &second,
        Language::English => format!("{first} {second}"),
    }
}

fn found(problems: &ProblemsView, view: &BulletinView, language: Language) -> String {
    let key = if problems.count == 0 {
        "bulletin-found-none"
    } else {
        "bulletin-found"
    };
    let sentence = language.say(
        key,
        [
            ("month", month_words(&view.month, language).into()),
            ("title", problems.title.get(language).into()),
            ("count", problems.count.into()),
            (
                "change",
                count_change(problems.count_change, language).into(),
            ),
        ],
    );
    let Some(average) = &problems.average else {
        return sentence;
    };
    let change = average_change(problems.average_change.as_deref(), language);
    let average = language.say(
        "bulletin-average",
        [
            ("average", average.text.as_str().into()),
            ("change", change.into()),
        ],
    );
    join(sentence, average, language)
}

fn departments(view: &BulletinView, language: Language, attachments: &[Attachment]) -> Vec<Part> {
    let full = view
        .departments
        .iter()
        .filter(|department| {
            department.denominator > 0 && department.numerator == department.denominator
        })
        .count();
    let overdue = view
        .departments
        .iter()
        .filter(|department| department.overdue_open > 0)
        .count();
    let label =
        attached(attachments, &language.word("bulletin-departments-table")).unwrap_or_default();
    let summary = language.say(
        "bulletin-departments-summary",
        [
            ("count", view.departments.len().to_string().into()),
            ("full", full.to_string().into()),
            ("overdue", overdue.to_string().into()),
            ("attachment", label.into()),
        ],
    );
    vec![text(join(
        summary,
        language.word("bulletin-departments-rule"),
        language,
    ))]
}

fn awards(view: &BulletinView, language: Language) -> Vec<Part> {
    if view.awards.is_empty() {
        return vec![text(language.word("bulletin-awards-none"))];
    }
    vec![Part::Table {
        table: table::awards(view, language),
    }]
}

fn notes(view: &BulletinView, language: Language, attachments: &[Attachment]) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(correction) = &view.correction_of {
        let number = correction
            .number
            .clone()
            .unwrap_or_else(|| language.word("bulletin-correction-unnumbered"));
        parts.push(text(language.say(
            "bulletin-correction",
            [
                ("date", date_words(&correction.date, language).into()),
                ("number", number.into()),
                ("reason", correction.reason.get(language).into()),
            ],
        )));
    }
    if !view.assumed.is_empty() {
        parts.push(text(language.word("bulletin-assumed")));
        parts.extend(
            view.assumed
                .iter()
                .enumerate()
                .map(|(index, rule)| text(format!("{}. {}", index + 1, rule.get(language)))),
        );
    }
    let label = attached(attachments, &language.word("bulletin-verification")).unwrap_or_default();
    parts.push(text(
        language.say("bulletin-verification-see", [("attachment", label.into())]),
    ));
    parts
}

fn attachments(view: &BulletinView, language: Language) -> Vec<Attachment> {
    let mut found: Vec<(String, Vec<Part>)> = Vec::new();
    let components: Vec<Part> = view
        .rankings
        .iter()
        .filter(|ranking| !ranking.components.is_empty())
        .map(|ranking| Part::Table {
            table: table::components(ranking, language),
        })
        .collect();
    if !components.is_empty() {
        found.push((language.word("bulletin-components"), components));
    }
    if !view.departments.is_empty() {
        found.push((
            language.word("bulletin-departments-table"),
            vec![Part::Table {
                table: table::departments(view, language),
            }],
        ));
    }
    let verification = vec![
        text(language.word("bulletin-verification-how")),
        Part::Table {
            table: table::verification(view, language),
        },
    ];
    found.push((language.word("bulletin-verification"), verification));
    let labelled = |(index, (title, parts)): (usize, (String, Vec<Part>))| {
        let label = language.say(
            "bulletin-attachment",
            [("number", (index + 1).to_string().into())],
        );
        Attachment {
            label,
            title,
            parts,
        }
    };
    found.into_iter().enumerate().map(labelled).collect()
}

/// A unit's sheet in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetPaper {
    pub title: String,
    /// Standing, handicap, number of problems.
    pub summary: Vec<String>,
    pub components_heading: String,
    pub components: Table,
    pub deductions_heading: String,
    pub deductions: Table,
    pub list_heading: String,
    pub columns: Vec<String>,
    pub findings: Vec<FindingRow>,
    pub photo_missing: String,
    pub issuer: String,
    pub date: String,
    pub watermarks: Vec<String>,
    pub digest: String,
}

/// One problem, each cell a few lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingRow {
    pub cells: Vec<Vec<String>>,
    /// Digests of the photos, the last cell of the row.
    pub photos: Vec<String>,
}

/// The unit's sheet in one language.
pub fn unit_sheet(sheet: &UnitSheet, language: Language) -> SheetPaper {
    const COLUMNS: [&str; 7] = [
        "bulletin-col-number",
        "bulletin-col-where",
        "bulletin-col-indicator",
        "bulletin-col-points",
        "bulletin-col-found-by",
        "bulletin-col-state",
        "bulletin-col-photos",
    ];
    SheetPaper {
        title: language.say(
            "bulletin-unit-title",
            [
                ("unit", sheet.unit.get(language).into()),
                ("month", month_words(&sheet.month, language).into()),
            ],
        ),
        summary: summary(sheet, language),
        components_heading: language.word("bulletin-unit-components"),
        components: table::unit_components(sheet, language),
        deductions_heading: language.word("bulletin-unit-deductions"),
        deductions: table::deductions(sheet, language),
        list_heading: language.word("bulletin-unit-list"),
        columns: COLUMNS.iter().map(|key| language.word(key)).collect(),
        findings: finding_rows(sheet, language),
        photo_missing: language.word("bulletin-unit-photo-missing"),
        issuer: sheet.issuer.get(language).to_owned(),
        date: date_words(&sheet.date, language),
        watermarks: watermarks(sheet.synthetic, sheet.stamp.as_ref(), language),
        digest: sheet.digests.assessment.clone(),
    }
}

fn summary(sheet: &UnitSheet, language: Language) -> Vec<String> {
    let score = [
        ("evaluation", sheet.evaluation.get(language).into()),
        ("score", sheet.score.text.as_str().into()),
    ];
    let mut sentences = vec![match sheet.place {
        Some(place) => {
            let [evaluation, score] = score;
            language.say(
                "bulletin-unit-score",
                [
                    evaluation,
                    score,
                    ("place", place.to_string().into()),
                    ("ranked", sheet.ranked.to_string().into()),
                ],
            )
        }
        None => language.say("bulletin-unit-score-unranked", score),
    }];
    if let Some(before) = &sheet.before_handicap {
        sentences.push(language.say("bulletin-unit-before", [("score", before.as_str().into())]));
    }
    sentences.push(if sheet.findings.is_empty() {
        language.word("bulletin-unit-no-findings")
    } else {
        language.say(
            "bulletin-unit-findings",
            [
                ("count", sheet.findings.len().into()),
                ("points", sheet.deducted.text.as_str().into()),
            ],
        )
    });
    sentences
}

fn finding_rows(sheet: &UnitSheet, language: Language) -> Vec<FindingRow> {
    let row = |(index, finding): (usize, &super::view::FindingView)| {
        let severity = finding
            .severity
            .as_ref()
            .map(|severity| severity.get(language).to_owned());
        let measure = finding
            .measure
            .as_ref()
            .map(|measure| format!("{} {measure}", language.word("bulletin-col-measure")));
        let qualities: Vec<String> = severity.into_iter().chain(measure).collect();
        let due = finding
            .due
            .as_ref()
            .map(|time| language.say("bulletin-state-due", [("time", time.as_str().into())]));
        let done = finding
            .done
            .as_ref()
            .map(|time| language.say("bulletin-state-done", [("time", time.as_str().into())]));
        let none = || language.word("bulletin-no-value");
        let mut indicator = vec![
            format!("{} {}", finding.indicator, finding.heading.get(language)),
            finding.requirement.get(language).to_owned(),
        ];
        if !qualities.is_empty() {
            indicator.push(qualities.join(" · "));
        }
        FindingRow {
            cells: vec![
                vec![(index + 1).to_string()],
                vec![
                    finding.place.get(language).to_owned(),
                    finding.time.clone(),
                    finding.id.clone(),
                ],
                indicator,
                vec![
                    finding
                        .points
                        .as_ref()
                        .map_or_else(none, |points| points.text.clone()),
                ],
                vec![finding.found_by.get(language).to_owned()],
                [finding.state.get(language).to_owned()]
                    .into_iter()
                    .chain(due)
                    .chain(done)
                    .collect(),
            ],
            photos: finding.photos.clone(),
        }
    };
    sheet.findings.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_count_in_chinese() {
        let counted = [1, 10, 11, 20, 32, 100].map(|number| ordinal(number, Language::Chinese));
        assert_eq!(
            counted,
            ["一、", "十、", "十一、", "二十、", "三十二、", "100. "]
        );
    }
}
