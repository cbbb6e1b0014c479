//! Reads a catalogue, and says everything that is wrong with it at once.

use std::collections::HashMap;
use std::ops::Range;

use super::{
    Entry, Exemptions, Indicator, Limit, LimitUnit, Measure, MeasureUnit, Method, Opening, Quality,
    Standard, Worse,
};
use crate::facts::sha256;
use crate::finding::{Severity, Word};
use crate::issue::{Issue, Severity as Gravity};
use crate::message::{Message, Words};
use crate::month::Month;
use crate::points::Points;
use crate::read::{Reader, Spanned, Table};
use crate::scheme::PointsBySeverity;
use crate::scheme::parse::{by_severity, exemption, origin};

pub(super) fn standard(text: &str) -> (Option<Standard>, Vec<Issue>) {
    sound(text, |root| read_standard(root, text))
}

/// Reads a file of exemptions: `id`, `title`, and `[[exemption]]` tables as a scheme has them.
pub fn parse_exemptions(text: &str) -> (Option<Exemptions>, Vec<Issue>) {
    sound(text, |root| {
        let exemptions = Exemptions {
            id: id(&root),
            title: words(&root, "title"),
            exemptions: root
                .tables("exemption")
                .into_iter()
                .map(exemption)
                .collect(),
        };
        if exemptions.exemptions.is_empty() {
            root.reader()
                .fault(root.span(), Message::new("standard-no-exemption"));
        }
        root.finish();
        exemptions
    })
}

/// What was read counts only if no fault was found.
fn sound<T>(text: &str, read: impl FnOnce(Table) -> T) -> (Option<T>, Vec<Issue>) {
    let reader = Reader::new(text);
    let value = reader.root().map(read);
    let issues = reader.into_issues();
    let sound = issues
        .iter()
        .all(|issue| issue.severity == Gravity::Warning);
    (value.filter(|_| sound), issues)
}

fn read_standard(root: Table, text: &str) -> Standard {
    let (from, to) = months(&root);
    let mut strata = HashMap::new();
    let lists = Lists {
        blocks: entries(&root, "block", |_, _| ()),
        headings: entries(&root, "heading", |id, table| {
            strata.insert(id.to_owned(), strata_of(table));
        }),
        aspects: entries(&root, "aspect", |_, _| ()),
        lines: entries(&root, "line", |_, _| ()),
        outer: entries(&root, "outer", |_, _| ()),
        strata,
    };
    let tables = root.tables("indicator");
    if tables.is_empty() {
        root.reader()
            .fault(root.span(), Message::new("standard-no-indicator"));
    }
    let ids: Vec<_> = tables.iter().filter_map(|table| table.id("id")).collect();
    root.reader().unique(&ids);
    let indicators: Vec<_> = tables
        .into_iter()
        .map(|table| indicator(table, &lists))
        .collect();
    lists.report_unused(root.reader(), &indicators);
    let standard = Standard {
        id: id(&root),
        title: words(&root, "title"),
        from,
        to,
        about: root.opt_words("about").map(|about| about.value),
        by_id: indicators
            .iter()
            .enumerate()
            .map(|(at, one)| (one.id.clone(), at))
            .collect(),
        indicators,
        blocks: plain(lists.blocks),
        headings: plain(lists.headings),
        aspects: plain(lists.aspects),
        lines: plain(lists.lines),
        outer: plain(lists.outer),
        digest: sha256(text.as_bytes()),
    };
    root.finish();
    standard
}

/// The catalogue's own words, with their places in the file.
struct Lists {
    blocks: Vec<Spanned<Entry>>,
    headings: Vec<Spanned<Entry>>,
    aspects: Vec<Spanned<Entry>>,
    lines: Vec<Spanned<Entry>>,
    outer: Vec<Spanned<Entry>>,
    /// Strata by heading.
    strata: HashMap<String, Vec<String>>,
}

impl Lists {
    fn report_unused(&self, reader: &Reader, indicators: &[Indicator]) {
        let report = |list: &[Spanned<Entry>], of: fn(&Indicator) -> &str| {
            let unused =
                |entry: &&Spanned<Entry>| !indicators.iter().any(|one| of(one) == entry.id);
            for entry in list.iter().filter(unused) {
                let message = Message::new("standard-unused").with("id", entry.id.as_str());
                reader.warning(&entry.at, message);
            }
        };
        report(&self.blocks, |one| &one.block);
        report(&self.headings, |one| &one.heading);
        report(&self.aspects, |one| &one.aspect);
        report(&self.lines, |one| &one.line);
    }
}

fn entries(root: &Table, kind: &str, mut more: impl FnMut(&str, &Table)) -> Vec<Spanned<Entry>> {
    let mut ids = Vec::new();
    let mut entries = Vec::new();
    for table in root.tables(kind) {
        let id = table.id("id");
        entries.push(Spanned {
            value: Entry {
                id: id.as_ref().map_or_else(String::new, |id| id.value.clone()),
                title: words(&table, "title"),
            },
            at: table.span().clone(),
        });
        more(table.peek_text("id").unwrap_or_default(), &table);
        ids.extend(id);
        table.finish();
    }
    root.reader().unique(&ids);
    entries
}

/// Kinds of places.
fn strata_of(table: &Table) -> Vec<String> {
    let strata = table.strings("strata").into_iter();
    strata.map(|stratum| stratum.value).collect()
}

fn plain(entries: Vec<Spanned<Entry>>) -> Vec<Entry> {
    entries.into_iter().map(|entry| entry.value).collect()
}

fn months(root: &Table) -> (Month, Option<Month>) {
    let first = Month::new(1, 1).expect("the calendar begins with it");
    let Some(months) = root.table("months") else {
        return (first, None);
    };
    let (from, to) = (months.month("from"), months.opt_month("to"));
    if let (Some(from), Some(to)) = (&from, &to)
        && to.value < from.value
    {
        months
            .reader()
            .fault(&to.at, Message::new("standard-ends-before-it-begins"));
    }
    months.finish();
    (from.map_or(first, |from| from.value), to.map(|to| to.value))
}

fn indicator(table: Table, lists: &Lists) -> Indicator {
    let points = points(&table);
    let indicator = Indicator {
        id: table.peek_text("id").unwrap_or_default().to_owned(),
        title: words(&table, "title"),
        requirement: words(&table, "requirement"),
        quality: table
            .choice("quality", Quality::WORDS)
            .map_or(Quality::Clean, |q| q.value),
        block: reference(&table, "block", &lists.blocks),
        aspect: reference(&table, "aspect", &lists.aspects),
        heading: reference(&table, "heading", &lists.headings),
        line: reference(&table, "line", &lists.lines),
        strata: match table.has("strata") {
            true => strata_of(&table),
            false => table
                .peek_text("heading")
                .and_then(|heading| lists.strata.get(heading).cloned())
                .unwrap_or_default(),
        },
        method: method(&table, &points),
        points,
        limit: limit(&table),
        opens: table.opt_table("opens").map(opening),
        serves: serves(&table, &lists.outer),
        origin: origin(&table),
    };
    table.finish();
    indicator
}

/// An id that one of the catalogue's own lists must have.
fn reference(table: &Table, key: &str, list: &[Spanned<Entry>]) -> String {
    let ids: Vec<_> = list.iter().map(|entry| (entry.id.as_str(), ())).collect();
    table.choice(key, &ids);
    table.peek_text(key).unwrap_or_default().to_owned()
}

fn points(table: &Table) -> PointsBySeverity {
    if table.table("points").is_none() {
        return PointsBySeverity::default();
    }
    let points = by_severity(table, "points");
    let given: Vec<_> = points.0.iter().flatten().collect();
    let fault = if given.is_empty() {
        "standard-no-points"
    } else if given.iter().any(|points| !points.is_positive()) {
        "standard-points-not-positive"
    } else if !given.is_sorted() {
        "standard-points-not-rising"
    } else {
        return points;
    };
    report(table, "points", fault);
    points
}

fn method(table: &Table, points: &PointsBySeverity) -> Method {
    let nothing = || Words::new("", "");
    match (table.opt_words("observe"), table.opt_table("measure")) {
        (Some(observe), None) => Method::Observe(observe.value),
        (None, Some(measure)) => Method::Measure(read_measure(measure, points)),
        (None, None) if table.has("observe") || table.has("measure") => Method::Observe(nothing()),
        _ => {
            table
                .reader()
                .fault(table.span(), Message::new("standard-observe-or-measure"));
            Method::Observe(nothing())
        }
    }
}

fn read_measure(table: Table, points: &PointsBySeverity) -> Measure {
    let threshold = |(word, _): (&str, Severity)| table.opt_number(word).map(|number| number.value);
    let thresholds = std::array::from_fn(|place| threshold(Severity::WORDS[place]));
    let measure = Measure {
        what: words(&table, "what"),
        unit: table
            .choice("unit", MeasureUnit::WORDS)
            .map_or(MeasureUnit::Piece, |u| u.value),
        worse: table
            .choice("worse", Worse::WORDS)
            .map_or(Worse::High, |worse| worse.value),
        thresholds: PointsBySeverity(thresholds),
    };
    let given: Vec<&Points> = measure.thresholds.0.iter().flatten().collect();
    let in_order = given.windows(2).all(|pair| match measure.worse {
        Worse::High => pair[0] < pair[1],
        Worse::Low => pair[0] > pair[1],
    });
    if !in_order {
        fault(&table, table.span(), "standard-thresholds-not-in-order");
    }
    let given_for = |by: &PointsBySeverity| by.0.each_ref().map(Option::is_some);
    if given_for(&measure.thresholds) != given_for(points) {
        fault(&table, table.span(), "standard-thresholds-unlike-points");
    }
    table.finish();
    measure
}

fn limit(table: &Table) -> Limit {
    let none = Limit {
        value: 1,
        unit: LimitUnit::WorkDay,
    };
    let Some(table) = table.table("limit") else {
        return none;
    };
    let value = table.integer("value");
    if let Some(value) = &value
        && !(1..=366).contains(&value.value)
    {
        fault(&table, &value.at, "standard-limit-out-of-range");
    }
    let unit = table.choice("unit", LimitUnit::WORDS);
    table.finish();
    Limit {
        value: value
            .and_then(|value| value.value.try_into().ok())
            .unwrap_or(none.value),
        unit: unit.map_or(none.unit, |unit| unit.value),
    }
}

fn opening(table: Table) -> Opening {
    let category = table.text("category");
    let condition = table.opt_text("condition");
    if let Some(category) = &category {
        let parts: Vec<&str> = category.split('/').collect();
        if !matches!(parts[..], [_, "component" | "event", code] if code.len() == 4) {
            fault(&table, &category.at, "standard-bad-category");
        }
    }
    let opening = Opening {
        category: category.map_or_else(String::new, |category| category.value),
        condition: condition.map(|condition| condition.value),
        at: table.span().clone(),
    };
    table.finish();
    opening
}

/// Outer lists are known by the catalogue; what items they have is known only when one is imported.
fn serves(table: &Table, outer: &[Spanned<Entry>]) -> Vec<String> {
    let serves = table.strings("serves");
    table.reader().unique(&serves);
    for served in &serves {
        let list = served.split('/').next().unwrap_or_default();
        if !outer.iter().any(|entry| entry.id == list) {
            let message = Message::new("read-unknown-choice").with("text", list);
            let ids: Vec<&str> = outer.iter().map(|entry| entry.id.as_str()).collect();
            let expected = Message::new("read-expected-choice").with("choices", ids.join(", "));
            table
                .reader()
                .report(Gravity::Fault, &served.at, message, Some(expected));
        }
    }
    serves.into_iter().map(|served| served.value).collect()
}

fn id(table: &Table) -> String {
    table.id("id").map_or_else(String::new, |id| id.value)
}

fn words(table: &Table, key: &str) -> Words {
    table
        .words(key)
        .map_or_else(|| Words::new("", ""), |words| words.value)
}

fn fault(table: &Table, at: &Range<usize>, key: &'static str) {
    table.reader().fault(at, Message::new(key));
}

/// Reports a fault of one key's value.
fn report(table: &Table, key: &str, message: &'static str) {
    let at = table
        .opt_table(key)
        .map_or_else(|| table.span().clone(), |inner| inner.span().clone());
    fault(table, &at, message);
}
