//! What changed between two schemes: provisions that one has and the other has not, by what they settle.
//!
//! Where a text stands in its file, and what it is called (`id`, digest), is no change of meaning. The order of clauses, bands and
//! vetoes is one: the first that fits counts.

use super::{
    Scheme,
    explain::{Article, Block, Names, Note, Provision, Section, Subject, explain},
};
use crate::message::{Arg, Message, Words};

/// One thing that is settled differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub subject: Subject,
    /// What of it; `None`: the whole of it is new or gone.
    pub about: Option<Message>,
    /// What is said in the first scheme, and in the second; empty where it says nothing.
    pub before: Vec<Said>,
    pub after: Vec<Said>,
}

/// A rule and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub said: Message,
    pub note: Note,
}

/// Provisions whose order matters.
const ORDERED: [&str; 5] = [
    "about-clause",
    "about-escalation",
    "about-veto",
    "about-band",
    "about-return",
];

/// What the second scheme settles otherwise than the first, in the order of its articles. Empty: they mean the same.
pub fn diff(before: &Scheme, after: &Scheme) -> Vec<Difference> {
    let names = names(before, after);
    let (before, after) = (
        sections(explain(before, None, &names)),
        sections(explain(after, None, &names)),
    );
    let mut differences = vec![];
    let mut left: Vec<&Section> = before.iter().collect();
    for section in &after {
        let same = left.iter().position(|other| {
            (other.subject.kind, &other.subject.id) == (section.subject.kind, &section.subject.id)
        });
        match same {
            Some(index) => changes(left.remove(index), section, &mut differences),
            None => differences.push(whole(section, false)),
        }
    }
    differences.extend(left.into_iter().map(|section| whole(section, true)));
    group_order(&before, &after, &mut differences);
    differences
}

/// Both schemes call an item by the same name, its id beside it: a new title is one change, not many.
fn names(before: &Scheme, after: &Scheme) -> Names {
    let mut names = Names::default();
    for item in before.items.iter().chain(&after.items) {
        let with_id = |title: &str| format!("{title} [{}]", item.id);
        let name = Words::new(with_id(&item.title.zh), with_id(&item.title.en));
        names.items.insert(item.id.clone(), name);
    }
    names
}

fn sections(articles: Vec<Article>) -> Vec<Section> {
    articles
        .into_iter()
        .flat_map(|article| article.sections)
        .collect()
}

/// What a section settles, rows of its tables too. The example of the cut-off follows from the rest.
fn settled(section: &Section) -> Vec<(Message, Said)> {
    let mut settled = vec![];
    if let Some(title) = &section.subject.title {
        let said = Message::new("diff-called").with("title", title.clone());
        let note = section.note.clone();
        settled.push((Message::new("about-called"), Said { said, note }));
    } else if section.note != Note::default() {
        let (said, note) = (Message::new("diff-noted"), section.note.clone());
        settled.push((Message::new("about-noted"), Said { said, note }));
    }
    for block in &section.blocks {
        match block {
            Block::Provision(Provision {
                about, said, note, ..
            }) if about.key != "about-example" => {
                let (said, note) = (said.clone(), note.clone());
                settled.push((about.clone(), Said { said, note }));
            }
            Block::Provision(_) => {}
            Block::Table(table) => settled.extend(table.rows.iter().map(|row| {
                let said = Message::new("diff-row").with("cells", row.cells.clone());
                let note = row.note.clone();
                (row.about.clone(), Said { said, note })
            })),
        }
    }
    settled
}

fn whole(section: &Section, gone: bool) -> Difference {
    let said = settled(section).into_iter().map(|(_, said)| said).collect();
    let (before, after) = match gone {
        true => (said, vec![]),
        false => (vec![], said),
    };
    Difference {
        subject: section.subject.clone(),
        about: None,
        before,
        after,
    }
}

/// What two sections about the same thing settle differently.
fn changes(before: &Section, after: &Section, differences: &mut Vec<Difference>) {
    let mut report = |about: Message, was: Option<Said>, is: Option<Said>| {
        differences.push(Difference {
            subject: after.subject.clone(),
            about: Some(about),
            before: was.into_iter().collect(),
            after: is.into_iter().collect(),
        });
    };
    let (mut left, now) = (settled(before), settled(after));
    if let Some((was, is)) = reordered(&left, &now) {
        report(Message::new("about-order"), Some(was), Some(is));
    }
    for (about, is) in now {
        match left.iter().position(|(other, _)| *other == about) {
            Some(index) => {
                let (_, was) = left.remove(index);
                if was != is {
                    report(about, Some(was), Some(is));
                }
            }
            None => report(about, None, Some(is)),
        }
    }
    for (about, was) in left {
        report(about, Some(was), None);
    }
}

/// The order before and after of what both have and whose order matters, if it is not the same.
fn reordered(before: &[(Message, Said)], after: &[(Message, Said)]) -> Option<(Said, Said)> {
    let of_both = |these: &[(Message, Said)], others: &[(Message, Said)]| -> Vec<Message> {
        let ordered = these.iter().map(|(about, _)| about);
        ordered
            .filter(|about| ORDERED.contains(&about.key))
            .filter(|about| others.iter().any(|(other, _)| other == *about))
            .cloned()
            .collect()
    };
    in_order(of_both(before, after), of_both(after, before))
}

/// Groups are listed in the order in which the result lists their participants.
fn group_order(before: &[Section], after: &[Section], differences: &mut Vec<Difference>) {
    let of_both = |these: &[Section], others: &[Section]| -> Vec<Message> {
        let groups = these
            .iter()
            .filter(|section| section.subject.kind == "about-group");
        let shared = groups.filter(|group| {
            let same = |other: &Section| {
                other.subject.kind == "about-group" && other.subject.id == group.subject.id
            };
            others.iter().any(same)
        });
        shared
            .map(|group| Message::new("diff-group").with("id", group.subject.id.as_str()))
            .collect()
    };
    if let Some((was, is)) = in_order(of_both(before, after), of_both(after, before)) {
        differences.push(Difference {
            subject: Subject {
                kind: "about-participants",
                id: String::new(),
                title: None,
            },
            about: Some(Message::new("about-order")),
            before: vec![was],
            after: vec![is],
        });
    }
}

fn in_order(before: Vec<Message>, after: Vec<Message>) -> Option<(Said, Said)> {
    let said = |order: Vec<Message>| Said {
        said: Message::new("diff-order")
            .with("list", order.into_iter().map(Arg::from).collect::<Vec<_>>()),
        note: Note::default(),
    };
    (before != after).then(|| (said(before), said(after)))
}
