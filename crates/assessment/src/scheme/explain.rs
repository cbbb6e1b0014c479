//! A scheme in plain words, as an official reads it: numbered articles of sentences, without a human language.
//!
//! Everything that a scheme settles is one [`Provision`]; two schemes mean the same if they have the same provisions
//! (see [`super::diff`]). Structures are taken apart field by field, so that nothing new stays unsaid.

mod award;
mod head;
mod item;
mod matches;
mod ranking;
mod terms;

use std::collections::BTreeMap;

use super::{Item, ItemIndex, Origin, Scheme};
use crate::{
    indicator::Standard,
    message::{Arg, Message, Words},
};

/// One numbered article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    pub title: Message,
    pub sections: Vec<Section>,
}

/// What is said about one thing: an item, a ranking, an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub subject: Subject,
    pub note: Note,
    pub blocks: Vec<Block>,
}

/// What a section speaks of. The same thing in another scheme has the same kind and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Key of the message that names it, with arguments `id` and `title`.
    pub kind: &'static str,
    pub id: String,
    /// Its heading; `None` where the article's title says it.
    pub title: Option<Words>,
}

/// Where a provision comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    pub source: Option<String>,
    pub assumed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Provision(Provision),
    Table(Table),
}

/// One sentence of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// What it settles; stays the same when the rule changes.
    pub about: Message,
    pub said: Message,
    pub note: Note,
    pub begins: Begins,
}

/// How a sentence is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    Paragraph,
    /// An entry of a list.
    Point,
    /// Nothing: it follows the sentence before it.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub head: Vec<Message>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub about: Message,
    pub cells: Vec<Arg>,
    pub note: Note,
}

/// How units and items are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Names of units by code; a unit that is not here is called by its code.
    pub units: BTreeMap<String, String>,
    /// What items are called, by id; others have their title.
    pub items: BTreeMap<String, Words>,
}

/// The scheme, article by article. The catalogue, if there is one, gives indicators their titles.
pub fn explain(scheme: &Scheme, standard: Option<&Standard>, names: &Names) -> Vec<Article> {
    let teller = Teller {
        scheme,
        standard,
        names,
    };
    let mut articles = vec![
        article("explain-article-general", vec![teller.general()]),
        article("explain-article-validity", vec![teller.validity()]),
        article("explain-article-participants", teller.participants()),
        article("explain-article-cutoff", vec![teller.cutoff()]),
        article("explain-article-indicators", teller.indicators()),
        article("explain-article-must-checks", teller.must_checks()),
        article("explain-article-exemptions", teller.exemptions()),
        article("explain-article-items", teller.items()),
        article("explain-article-rankings", teller.rankings()),
        article("explain-article-awards", teller.awards()),
        article("explain-article-deposits", teller.deposits()),
        article("explain-article-bulletin", vec![teller.bulletin()]),
    ];
    articles.iter_mut().for_each(|article| {
        article
            .sections
            .retain(|section| !section.blocks.is_empty())
    });
    articles.retain(|article| !article.sections.is_empty());
    articles
}

fn article(title: &'static str, sections: Vec<Section>) -> Article {
    Article {
        title: Message::new(title),
        sections,
    }
}

impl Section {
    /// How many of its rules are assumed.
    pub fn assumed(&self) -> usize {
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Provision(provision) => usize::from(provision.note.assumed),
            Block::Table(table) => table.rows.iter().filter(|row| row.note.assumed).count(),
        });
        usize::from(self.note.assumed) + blocks.sum::<usize>()
    }
}

impl Subject {
    /// Its name in a sentence.
    pub fn message(&self) -> Message {
        let title = self.title.clone();
        let title = title.unwrap_or_else(|| Words::new(self.id.as_str(), self.id.as_str()));
        Message::new(self.kind)
            .with("id", self.id.as_str())
            .with("title", within_quotes(title))
    }
}

impl From<&Origin> for Note {
    fn from(origin: &Origin) -> Note {
        Note {
            source: origin.source.clone(),
            assumed: origin.assumed,
        }
    }
}

/// Who tells a scheme.
struct Teller<'a> {
    scheme: &'a Scheme,
    standard: Option<&'a Standard>,
    names: &'a Names,
}

impl Teller<'_> {
    fn title(&self, item: ItemIndex) -> Words {
        let item: &Item = &self.scheme.items[item];
        let name = self.names.items.get(&item.id);
        name.unwrap_or(&item.title).clone()
    }

    /// The title as it stands within quotation marks.
    fn item(&self, item: ItemIndex) -> Words {
        within_quotes(self.title(item))
    }

    fn unit(&self, code: &str) -> Arg {
        match self.names.units.get(code) {
            Some(name) => name.as_str().into(),
            None => code.into(),
        }
    }

    fn groups(&self, groups: &[usize]) -> Arg {
        let titles = groups.iter().map(|group| {
            let title = self.scheme.groups[*group].title.clone();
            quote(title)
        });
        Arg::List(titles.collect())
    }
}

/// Sentences in the making.
#[derive(Default)]
struct Telling {
    blocks: Vec<Block>,
    /// Whether the last sentence belongs to a list or a table.
    in_list: bool,
}

impl Telling {
    fn say(&mut self, begins: Begins, about: Message, said: Message, note: Note) {
        match begins {
            Begins::Paragraph => self.in_list = false,
            Begins::Point => self.in_list = true,
            Begins::Nothing => {}
        }
        self.blocks.push(Block::Provision(Provision {
            about,
            said,
            note,
            begins,
        }));
    }

    /// A sentence that begins a paragraph.
    fn paragraph(&mut self, about: &'static str, said: Message) {
        self.say(
            Begins::Paragraph,
            Message::new(about),
            said,
            Note::default(),
        );
    }

    /// A sentence that goes on.
    fn further(&mut self, about: Message, said: Message) {
        self.say(Begins::Nothing, about, said, Note::default());
    }

    /// A sentence about the whole: it goes on, but not within an entry of a list.
    fn also(&mut self, about: &'static str, said: Message) {
        match self.in_list {
            true => self.paragraph(about, said),
            false => self.further(Message::new(about), said),
        }
    }

    fn table(&mut self, table: Table) {
        self.in_list = true;
        self.blocks.push(Block::Table(table));
    }

    /// An entry of a list.
    fn point(&mut self, about: Message, said: Message, note: Note) {
        self.say(Begins::Point, about, said, note);
    }

    fn section(self, kind: &'static str, id: &str, title: Option<&Words>, note: Note) -> Section {
        Section {
            subject: Subject {
                kind,
                id: id.to_owned(),
                title: title.cloned(),
            },
            note,
            blocks: self.blocks,
        }
    }
}

/// A text in quotation marks, item by item.
fn quoted(texts: &[String]) -> Arg {
    let quoted = texts
        .iter()
        .map(|text| quote(Words::new(text.as_str(), text.as_str())));
    Arg::List(quoted.collect())
}

fn quote(words: Words) -> Arg {
    let text = within_quotes(words);
    Message::new("explain-quoted").with("text", text).into()
}

/// Quotation marks within quotation marks are single ones.
fn within_quotes(words: Words) -> Words {
    Words {
        zh: words
            .zh
            .replace('\u{201c}', "\u{2018}")
            .replace('\u{201d}', "\u{2019}"),
        en: words.en.replace('"', "'"),
    }
}
