//! A scheme for readers: its articles, and what differs between two, as text in one language.
//!
//! Page, command line and JSON show the same [`Document`].

use assessment::{
    indicator::Standard,
    message::{Arg, Message},
    scheme::{
        Scheme,
        diff::{Difference, Said, diff},
        explain::{Article, Begins, Block, Names, Note, Section, explain},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::Language;

/// A scheme in plain words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    pub title: String,
    /// How many numbers and rules are assumed.
    pub assumed: usize,
    pub articles: Vec<ArticleText>,
}

/// One article: 第一条.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleText {
    pub number: String,
    pub title: String,
    pub sections: Vec<SectionText>,
}

/// What is said about one item, ranking, award.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionText {
    /// Its identifier in the file; empty if it has none.
    pub id: String,
    /// Empty where the article's title says it.
    pub title: String,
    pub note: NoteText,
    pub blocks: Vec<BlockText>,
}

/// A paragraph, an entry of a list or a table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockText {
    Paragraph(Vec<SentenceText>),
    Point(Vec<SentenceText>),
    Table {
        head: Vec<String>,
        rows: Vec<RowText>,
    },
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SentenceText {
    pub text: String,
    pub note: NoteText,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RowText {
    pub cells: Vec<String>,
    pub note: NoteText,
}

/// The clause that a rule comes from, and whether it is assumed.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteText {
    pub source: Option<String>,
    pub assumed: bool,
}

impl Document {
    /// The scheme as articles. The catalogue gives indicators their titles, `names` gives units theirs.
    pub fn of(
        scheme: &Scheme,
        standard: Option<&Standard>,
        names: &Names,
        language: Language,
    ) -> Self {
        let articles = explain(scheme, standard, names);
        let sections = articles.iter().flat_map(|article| &article.sections);
        let title = Arg::Words(scheme.title.clone());
        Self {
            title: language.message(&Message::new("explain-document").with("title", title)),
            assumed: sections.map(Section::assumed).sum(),
            articles: articles
                .iter()
                .enumerate()
                .map(|(index, article)| article_text(index + 1, article, language))
                .collect(),
        }
    }

    /// As plain text for a terminal or a letter.
    pub fn text(&self, language: Language) -> String {
        let mut out = format!("{}\n", self.title);
        for article in &self.articles {
            out += &format!("\n{}  {}\n", article.number, article.title);
            for section in &article.sections {
                let note = section.note.said(language);
                let indent = match section.title.is_empty() {
                    true => "  ",
                    false => {
                        out += &format!("\n  {} [{}]{note}\n", section.title, section.id);
                        "    "
                    }
                };
                let note = if section.title.is_empty() {
                    note
                } else {
                    String::new()
                };
                section.write(&mut out, indent, &note, language);
            }
        }
        if self.assumed > 0 {
            let said = language.say("explain-assumed-note", [("count", self.assumed.into())]);
            out += &format!("\n{said}\n");
        }
        out
    }
}

impl SectionText {
    fn write(&self, out: &mut String, indent: &str, note: &str, language: Language) {
        for (index, block) in self.blocks.iter().enumerate() {
            let note = if index == 0 { note } else { "" };
            match block {
                BlockText::Paragraph(sentences) => {
                    *out += &format!("{indent}{}{note}\n", joined(sentences, language));
                }
                BlockText::Point(sentences) => {
                    *out += &format!("{indent}  · {}{note}\n", joined(sentences, language));
                }
                BlockText::Table { head, rows } => {
                    let widths = columns(head, rows);
                    *out += &format!("{indent}  {}\n", padded(head, &widths));
                    for row in rows {
                        let note = row.note.said(language);
                        *out += &format!("{indent}  {}{note}\n", padded(&row.cells, &widths));
                    }
                }
            }
        }
    }
}

impl NoteText {
    pub(crate) fn of(note: &Note) -> Self {
        Self {
            source: note.source.clone(),
            assumed: note.assumed,
        }
    }

    /// 〔假定〕, （依据：…）; empty without either.
    pub fn said(&self, language: Language) -> String {
        let mut said = String::new();
        if self.assumed {
            said += &format!(" {}", language.word("explain-assumed"));
        }
        if let Some(source) = &self.source {
            let source = language.say("explain-source", [("source", source.as_str().into())]);
            said += &format!(" {source}");
        }
        match language {
            Language::Chinese => said.replace(' ', ""),
            Language::English => said,
        }
    }
}

fn joined(sentences: &[SentenceText], language: Language) -> String {
    let sentences = sentences
        .iter()
        .map(|sentence| format!("{}{}", sentence.text, sentence.note.said(language)));
    let between = match language {
        Language::Chinese => "",
        Language::English => " ",
    };
    sentences.collect::<Vec<_>>().join(between)
}

fn article_text(number: usize, article: &Article, language: Language) -> ArticleText {
    let sections = article.sections.iter().map(|section| {
        let title = section.subject.title.clone().map(Arg::Words);
        SectionText {
            id: section.subject.id.clone(),
            title: title.map_or_else(String::new, |title| language.arg(&title)),
            note: NoteText::of(&section.note),
            blocks: blocks(&section.blocks, language),
        }
    });
    let number = match language {
        Language::Chinese => chinese_number(number),
        Language::English => number.to_string(),
    };
    ArticleText {
        number: language.say("explain-article", [("number", number.into())]),
        title: language.message(&article.title),
        sections: sections.collect(),
    }
}

fn blocks(blocks: &[Block], language: Language) -> Vec<BlockText> {
    let mut texts = vec![];
    for block in blocks {
        match block {
            Block::Provision(provision) => {
                let sentence = SentenceText {
                    text: language.message(&provision.said),
                    note: NoteText::of(&provision.note),
                };
                match (provision.begins, texts.last_mut()) {
                    (
                        Begins::Nothing,
                        Some(BlockText::Paragraph(sentences) | BlockText::Point(sentences)),
                    ) => sentences.push(sentence),
                    (Begins::Point, _) => texts.push(BlockText::Point(vec![sentence])),
                    _ => texts.push(BlockText::Paragraph(vec![sentence])),
                }
            }
            Block::Table(table) => texts.push(BlockText::Table {
                head: table
                    .head
                    .iter()
                    .map(|head| language.message(head))
                    .collect(),
                rows: table
                    .rows
                    .iter()
                    .map(|row| RowText {
                        cells: row.cells.iter().map(|cell| language.arg(cell)).collect(),
                        note: NoteText::of(&row.note),
                    })
                    .collect(),
            }),
        }
    }
    texts
}

/// How many cells of a terminal a text takes: Chinese characters take two.
pub fn width(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if ('\u{1100}'..).contains(&c) && !('\u{2010}'..='\u{22ff}').contains(&c) {
                2
            } else {
                1
            }
        })
        .sum()
}

fn columns(head: &[String], rows: &[RowText]) -> Vec<usize> {
    let cell = |row: &[String], index: usize| row.get(index).map_or(0, |cell| width(cell));
    (0..head.len())
        .map(|index| {
            let rows = rows.iter().map(|row| cell(&row.cells, index));
            rows.chain([cell(head, index)]).max().unwrap_or(0)
        })
        .collect()
}

/// Cells side by side, as wide as their columns.
pub fn padded(cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).map(|(cell, wide)| {
        let room = wide.saturating_sub(width(cell));
        format!("{cell}{}", " ".repeat(room))
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// 一 … 九十九.
pub fn chinese_number(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        0..10 => DIGITS[number].to_owned(),
        10..20 => format!("十{}", DIGITS[number - 10]),
        20..100 => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
        _ => number.to_string(),
    }
}

/// One difference between two schemes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceText {
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// What it is about: `about-item` and its id.
    pub kind: &'static str,
    pub id: String,
    /// The same in words, with the side of it.
    pub head: String,
    /// Its name.
    pub subject: String,
    /// Which side of it; `None`: all of it.
    pub about: Option<String>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// All of this: what it is about, then a line for each rule before and after.
    pub text: String,
}

/// What the second scheme settles otherwise than the first.
pub fn differences(before: &Scheme, after: &Scheme, language: Language) -> Vec<DifferenceText> {
    let differences = diff(before, after);
    differences
        .iter()
        .map(|difference| difference_text(difference, language))
        .collect()
}

fn difference_text(difference: &Difference, language: Language) -> DifferenceText {
    let said = |list: &[Said]| -> Vec<String> {
        list.iter()
            .map(|each| language.message(&each.said) + &NoteText::of(&each.note).said(language))
            .collect()
    };
    let (before, after) = (said(&difference.before), said(&difference.after));
    let subject = language.message(&difference.subject.message());
    let about = difference
        .about
        .as_ref()
        .map(|about| language.message(about));
    let change = match (before.is_empty(), after.is_empty()) {
        (true, _) => "added",
        (_, true) => "removed",
        _ => "changed",
    };
    let line = |key: &'static str, said: &String| {
        let said = language.say(key, [("said", said.as_str().into())]);
        format!("\n  {said}")
    };
    let lines = before.iter().map(|said| line("diff-before", said));
    let lines = lines.chain(after.iter().map(|said| line("diff-after", said)));
    let head = match &about {
        Some(about) => language.say(
            "diff-side",
            [
                ("subject", subject.as_str().into()),
                ("about", about.as_str().into()),
            ],
        ),
        None => subject.clone(),
    };
    let text = head.clone() + &lines.collect::<String>();
    DifferenceText {
        head,
        change,
        kind: difference.subject.kind,
        id: difference.subject.id.clone(),
        subject,
        about,
        before,
        after,
        text,
    }
}

#[cfg(test)]
mod tests;
