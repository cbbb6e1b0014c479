//! Reads a scheme file. Everything that is wrong with it is reported at once.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::Date;

use super::*;
use crate::{
    facts::sha256,
    finding::Word,
    issue::{Issue, Severity as Gravity},
    message::Message,
    read::{Reader, Spanned, Table},
};

/// Reads and checks a scheme. There is a scheme only if there is no fault; warnings do not stand in its way.
pub fn parse(text: &str) -> (Option<Scheme>, Vec<Issue>) {
    let reader = Reader::new(text);
    let scheme = reader.root().map(|root| scheme(&reader, root, text));
    if let Some(scheme) = &scheme {
        check::scheme(scheme, &reader);
    }
    let issues = reader.into_issues();
    let sound = issues
        .iter()
        .all(|issue| issue.severity == Gravity::Warning);
    (scheme.filter(|_| sound), issues)
}

/// Ids of the tables that others refer to; an id that could not be read is empty.
struct Ids {
    items: Vec<String>,
    groups: Vec<String>,
    rankings: Vec<String>,
}

impl Ids {
    fn item(&self, id: &str) -> Option<ItemIndex> {
        self.items.iter().position(|item| item == id)
    }
}

fn scheme(reader: &Reader, root: Table, text: &str) -> Scheme {
    let items = root.tables("item");
    let groups = root.tables("group");
    let rankings = root.tables("ranking");
    let awards = root.tables("award");
    let deposits = root.tables("deposit");
    let ids = Ids {
        items: names(reader, &items),
        groups: names(reader, &groups),
        rankings: names(reader, &rankings),
    };
    names(reader, &awards);
    names(reader, &deposits);

    let months = root.table("months");
    let months_at = months
        .as_ref()
        .map(|table| table.span().clone())
        .unwrap_or_default();
    let (from, to) = months.map(validity).unwrap_or_default();
    let cutoff = root.table("cutoff").map(cutoff).unwrap_or(Cutoff {
        last_day: None,
        findings: By::Found,
        rectification: By::Found,
        status_days: 0,
        origin: Origin::default(),
    });
    let id = file_id(&root, "id");
    let series = file_id(&root, "series");
    let scheme = Scheme {
        id,
        evidence: if root.has("evidence") {
            file_id(&root, "evidence")
        } else {
            series.clone()
        },
        title: words(&root, "title"),
        host: words(&root, "host"),
        from: from.unwrap_or_else(|| Month::new(1, 1).expect("a month")),
        to,
        every: or(
            root.opt_choice(
                "every",
                &[
                    ("month", Every::Month),
                    ("quarter", Every::Quarter),
                    ("half_year", Every::HalfYear),
                    ("year", Every::Year),
                ],
            ),
            Every::Month,
        ),
        standard: root.opt_text("standard").map(value),
        legal: legal(&root),
        about: root.opt_words("about").map(value),
        indicators: root
            .tables("indicator")
            .into_iter()
            .map(own_indicator)
            .collect(),
        must_checks: root
            .tables("must_check")
            .into_iter()
            .map(must_check)
            .collect(),
        exemptions: root
            .tables("exemption")
            .into_iter()
            .map(exemption)
            .collect(),
        groups: groups
            .into_iter()
            .zip(&ids.groups)
            .map(|(table, id)| group(table, id))
            .collect(),
        exceptions: root
            .tables("participant")
            .into_iter()
            .map(exception)
            .collect(),
        items: items
            .into_iter()
            .zip(&ids.items)
            .map(|(table, id)| item(table, id, &ids, &cutoff, &series))
            .collect(),
        rankings: rankings
            .into_iter()
            .zip(&ids.rankings)
            .map(|(table, id)| ranking(table, id, &ids))
            .collect(),
        awards: awards.into_iter().map(|table| award(table, &ids)).collect(),
        deposits: deposits
            .into_iter()
            .map(|table| deposit(table, &ids))
            .collect(),
        bulletin: root
            .opt_table("bulletin")
            .map(|table| bulletin(table, &ids))
            .unwrap_or_default(),
        digest: sha256(text.as_bytes()),
        cutoff,
        series,
        months_at,
    };
    finish(root);
    scheme
}

fn value<T>(spanned: Spanned<T>) -> T {
    spanned.value
}

fn or<T>(spanned: Option<Spanned<T>>, otherwise: T) -> T {
    spanned.map_or(otherwise, value)
}

fn words(table: &Table, key: &str) -> Words {
    or(table.words(key), Words::new("", ""))
}

fn number(table: &Table, key: &str) -> Points {
    or(table.number(key), Points::zero())
}

fn opt_number(table: &Table, key: &str) -> Option<Points> {
    table.opt_number(key).map(value)
}

pub(crate) fn origin(table: &Table) -> Origin {
    Origin {
        source: table.opt_text("source").map(value),
        assumed: or(table.opt_boolean("assumed"), false),
        at: table.span().clone(),
    }
}

/// Any table may say where it comes from.
fn finish(table: Table) {
    origin(&table);
    table.finish();
}

fn fault(table: &Table, at: &Range<usize>, key: &'static str) {
    table.reader().fault(at, Message::new(key));
}

/// Reads the ids of a list of tables, and reports bad and doubled ones.
fn names(reader: &Reader, tables: &[Table]) -> Vec<String> {
    let ids: Vec<_> = tables.iter().map(|table| name(table, "id")).collect();
    reader.unique(ids.iter().flatten());
    ids.into_iter().map(|id| or(id, String::new())).collect()
}

/// An identifier of this language: `[a-z][a-z0-9_]*`.
fn name(table: &Table, key: &str) -> Option<Spanned<String>> {
    let id = table.text(key)?;
    let good = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if good {
        return Some(id);
    }
    let expected = Some(Message::new("scheme-expected-name"));
    table.reader().report(
        Gravity::Fault,
        &id.at,
        Message::new("scheme-bad-name"),
        expected,
    );
    None
}

fn file_id(table: &Table, key: &str) -> String {
    let id = table.text(key);
    if let Some(id) = &id
        && !id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    {
        let expected = Some(Message::new("scheme-expected-file-id"));
        table.reader().report(
            Gravity::Fault,
            &id.at,
            Message::new("scheme-bad-name"),
            expected,
        );
    }
    or(id, String::new())
}

/// The index of a name in a list of ids, reported if it is not there.
fn find(
    table: &Table,
    name: Option<Spanned<String>>,
    ids: &[String],
    unknown: &'static str,
) -> Option<usize> {
    let name = name?;
    let found = ids.iter().position(|id| *id == name.value);
    if found.is_none() {
        let known = ids
            .iter()
            .filter(|id| !id.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let expected = Some(Message::new("scheme-expected-one-of").with("names", known));
        let message = Message::new(unknown).with("name", name.as_str());
        table
            .reader()
            .report(Gravity::Fault, &name.at, message, expected);
    }
    found
}

/// A reference to an item. A wrong one is reported and stands for item 0, which is never looked at then.
fn item_ref(table: &Table, key: &str, ids: &Ids) -> ItemIndex {
    find(table, table.text(key), &ids.items, "scheme-unknown-item").unwrap_or(0)
}

fn group_refs(table: &Table, key: &str, ids: &Ids) -> Option<Vec<GroupIndex>> {
    table.has(key).then(|| {
        table
            .strings(key)
            .into_iter()
            .filter_map(|name| find(table, Some(name), &ids.groups, "scheme-unknown-group"))
            .collect()
    })
}

fn whole(table: &Table, key: &str, least: i64, most: i64) -> Option<i64> {
    let number = table.opt_integer(key)?;
    if (least..=most).contains(&number.value) {
        return Some(number.value);
    }
    let expected = Some(
        Message::new("scheme-expected-between")
            .with("least", least)
            .with("most", most),
    );
    table.reader().report(
        Gravity::Fault,
        &number.at,
        Message::new("scheme-out-of-range"),
        expected,
    );
    None
}

fn required_whole(table: &Table, key: &str, least: i64, most: i64) -> i64 {
    if !table.has(key) {
        table.integer(key);
    }
    whole(table, key, least, most).unwrap_or(least)
}

fn validity(table: Table) -> (Option<Month>, Option<Month>) {
    let months = (
        table.month("from").map(value),
        table.opt_month("to").map(value),
    );
    if let (Some(from), Some(to)) = months
        && to < from
    {
        fault(&table, table.span(), "scheme-ends-before-it-begins");
    }
    finish(table);
    months
}

const BY: [(&str, By); 2] = [("found", By::Found), ("due", By::Due)];

fn cutoff(table: Table) -> Cutoff {
    let cutoff = Cutoff {
        last_day: last_day(&table),
        findings: or(table.choice("findings", &BY), By::Found),
        rectification: or(table.choice("rectification", &BY), By::Found),
        status_days: required_whole(&table, "status_days", 0, 60),
        origin: origin(&table),
    };
    finish(table);
    cutoff
}

/// `"end"` (`None`) or a day that every month has.
fn last_day(table: &Table) -> Option<i8> {
    if table.is_text("last_day") || !table.has("last_day") {
        table.choice("last_day", &[("end", ())]);
        return None;
    }
    whole(table, "last_day", 1, 28).map(|day| day as i8)
}

fn legal(root: &Table) -> Vec<Words> {
    list_of_words(root, "legal")
}

fn list_of_words(root: &Table, key: &str) -> Vec<Words> {
    root.tables(key)
        .into_iter()
        .map(|table| {
            let words = Words::new(
                or(table.text("zh"), String::new()),
                or(table.text("en"), String::new()),
            );
            finish(table);
            words
        })
        .collect()
}

fn own_indicator(table: Table) -> OwnIndicator {
    let indicator = OwnIndicator {
        id: or(table.text("id"), String::new()),
        title: words(&table, "title"),
        points: by_severity(&table, "points"),
        heading: table.opt_text("heading").map(value),
        aspect: table.opt_text("aspect").map(value),
        block: table.opt_text("block").map(value),
        origin: origin(&table),
    };
    finish(table);
    indicator
}

/// A number for all severities, or a table with a number for some.
pub(crate) fn by_severity(table: &Table, key: &str) -> PointsBySeverity {
    if !table.is_table(key) {
        return PointsBySeverity(std::array::from_fn(|_| opt_number(table, key)));
    }
    let mut points = PointsBySeverity::default();
    if let Some(by) = table.opt_table(key) {
        for (word, severity) in Severity::WORDS {
            points.0[*severity as usize] = opt_number(&by, word);
        }
        finish(by);
    }
    points
}

fn must_check(table: Table) -> MustCheck {
    let must_check = MustCheck {
        unit: or(table.text("unit"), String::new()),
        stratum: or(table.text("stratum"), String::new()),
        at_least: required_whole(&table, "at_least", 1, 1000) as usize,
        title: words(&table, "title"),
        origin: origin(&table),
    };
    finish(table);
    must_check
}

fn day(table: &Table, key: &str) -> Date {
    let Some(text) = table.text(key) else {
        return Date::ZERO;
    };
    text.parse().unwrap_or_else(|_| {
        let expected = Some(Message::new("scheme-expected-day"));
        table.reader().report(
            Gravity::Fault,
            &text.at,
            Message::new("scheme-bad-day"),
            expected,
        );
        Date::ZERO
    })
}

pub(crate) fn exemption(table: Table) -> Exemption {
    let exemption = Exemption {
        title: words(&table, "title"),
        indicators: table.strings("indicators").into_iter().map(value).collect(),
        sites: table.strings("sites").into_iter().map(value).collect(),
        from: day(&table, "from"),
        to: day(&table, "to"),
        origin: origin(&table),
    };
    if exemption.to < exemption.from {
        fault(&table, table.span(), "scheme-ends-before-it-begins");
    }
    finish(table);
    exemption
}

fn group(table: Table, id: &str) -> Group {
    let listed = table.strings("units");
    table.reader().unique(&listed);
    let selected = table.opt_table("select");
    let units = match (table.has("units"), selected) {
        (true, None) => GroupUnits::Listed(listed.into_iter().map(value).collect()),
        (false, Some(select)) => selection(select),
        _ => {
            fault(&table, table.span(), "scheme-units-or-select");
            GroupUnits::Listed(vec![])
        }
    };
    let group = Group {
        id: id.to_owned(),
        title: words(&table, "title"),
        units,
        ranked: or(table.opt_boolean("ranked"), true),
        paid: or(table.opt_boolean("paid"), true),
        origin: origin(&table),
    };
    finish(table);
    group
}

fn selection(table: Table) -> GroupUnits {
    let mut attributes = BTreeMap::new();
    if let Some(wanted) = table.opt_table("attributes") {
        for key in wanted.keys() {
            if let Some(text) = wanted.text(&key) {
                attributes.insert(key.value, text.value);
            }
        }
    }
    let kind = table.opt_text("kind").map(value);
    let under = table.opt_text("under").map(value);
    if kind.is_none() && under.is_none() && attributes.is_empty() {
        fault(&table, table.span(), "scheme-empty-selection");
    }
    finish(table);
    GroupUnits::Selected {
        kind,
        under,
        attributes,
    }
}

fn exception(table: Table) -> Exception {
    let exception = Exception {
        unit: or(table.text("unit"), String::new()),
        ranked: table.opt_boolean("ranked").map(value),
        paid: table.opt_boolean("paid").map(value),
        origin: origin(&table),
    };
    finish(table);
    exception
}

const KINDS: [&str; 16] = [
    "deduct",
    "count",
    "ratio",
    "measure",
    "attribute",
    "sum",
    "adjust",
    "steps",
    "linear",
    "grades",
    "over",
    "change",
    "period",
    "rank",
    "result",
    "formula",
];

fn item(table: Table, id: &str, ids: &Ids, cutoff: &Cutoff, series: &str) -> Item {
    let how = match or(table.choice("how", &KINDS.map(|kind| (kind, kind))), "") {
        "deduct" => How::Deduct(deduct(&table, cutoff)),
        "count" => How::Count(count(&table, cutoff)),
        "ratio" => How::Ratio {
            of: item_ref(&table, "of", ids),
            to: item_ref(&table, "to", ids),
            scale: opt_number(&table, "scale").unwrap_or_else(Points::one),
        },
        "attribute" => How::Attribute {
            name: or(table.text("name"), String::new()),
        },
        "sum" => How::Sum(sum(&table, ids)),
        "adjust" => How::Adjust {
            of: item_ref(&table, "of", ids),
            changes: some(&table, "change", change),
        },
        "steps" => How::Steps {
            of: item_ref(&table, "of", ids),
            steps: some(&table, "step", step),
        },
        "linear" => How::Linear {
            of: item_ref(&table, "of", ids),
            points: corners(&table),
        },
        "grades" => How::Grades {
            key: or(table.text("key"), String::new()),
            grades: grades(&table),
            out_of: number(&table, "out_of"),
        },
        "over" => How::Over(over(&table, ids)),
        "change" => How::Change {
            of: item_ref(&table, "of", ids),
            against: or(
                table.choice(
                    "against",
                    &[
                        ("last_month", Against::LastMonth),
                        ("same_month_last_year", Against::SameMonthLastYear),
                    ],
                ),
                Against::LastMonth,
            ),
            percent: or(
                table.choice("as", &[("difference", false), ("percent", true)]),
                false,
            ),
        },
        "period" => How::Period(period(&table, ids, series)),
        "rank" => How::Rank {
            of: item_ref(&table, "of", ids),
            end: or(
                table.choice("from", &[("front", false), ("end", true)]),
                false,
            ),
            best: or(table.choice("best", &BEST), Best::High),
            all: or(
                table.opt_choice("among", &[("group", false), ("all", true)]),
                false,
            ),
        },
        "result" => How::Result {
            series: or(table.text("series"), String::new()),
            item: or(table.text("item"), String::new()),
            last_month: or(
                table.opt_choice("month", &[("this", false), ("last", true)]),
                false,
            ),
        },
        "formula" => How::Formula(formula(&table, "formula", ids)),
        // `measure`, and what could not be read: that is a fault, and the scheme is never used.
        _ => How::Measure {
            key: or(table.text("key"), String::new()),
            whole: or(table.opt_boolean("whole"), false),
        },
    };
    let full = opt_number(&table, "full");
    let (above, below_zero) = (
        table.opt_boolean("above_full"),
        table.opt_boolean("below_zero"),
    );
    if full.is_none() {
        for flag in [&above, &below_zero].into_iter().flatten() {
            fault(&table, &flag.at, "scheme-flag-without-full");
        }
    }
    let item = Item {
        id: id.to_owned(),
        title: words(&table, "title"),
        how,
        groups: group_refs(&table, "for", ids),
        scope: or(
            table.opt_choice(
                "scope",
                &[
                    ("unit", Scope::Unit),
                    ("child", Scope::Child),
                    ("visit", Scope::Visit),
                ],
            ),
            Scope::Unit,
        ),
        missing: missing(&table, ids),
        max: opt_number(&table, "max"),
        min: opt_number(&table, "min"),
        full: full.map(|mark| Full {
            mark,
            above: or(above, false),
            below_zero: or(below_zero, false),
        }),
        vetoes: table
            .tables("veto")
            .into_iter()
            .map(|veto| item_veto(veto, ids))
            .collect(),
        round: table.opt_table("round").map(rounding),
        origin: origin(&table),
    };
    finish(table);
    item
}

/// The rows of a list that must not be empty.
fn some<T>(table: &Table, key: &'static str, read: impl Fn(Table) -> T) -> Vec<T> {
    let rows: Vec<_> = table.tables(key).into_iter().map(read).collect();
    if rows.is_empty() {
        table.reader().fault(
            table.span(),
            Message::new("scheme-needs-rows").with("key", key),
        );
    }
    rows
}

fn missing(table: &Table, ids: &Ids) -> Missing {
    if !table.has("missing") {
        return Missing::Refuse;
    }
    if table.is_table("missing") {
        let Some(other) = table.opt_table("missing") else {
            return Missing::Refuse;
        };
        let item = item_ref(&other, "item", ids);
        finish(other);
        return Missing::Item(item);
    }
    // A text may be a word or a number such as "1/3".
    if let Some(text) = table.peek_text("missing")
        && Points::parse(text).is_err()
    {
        return or(
            table.opt_choice(
                "missing",
                &[("refuse", Missing::Refuse), ("pass", Missing::Pass)],
            ),
            Missing::Refuse,
        );
    }
    opt_number(table, "missing").map_or(Missing::Refuse, Missing::Stated)
}

fn item_veto(table: Table, ids: &Ids) -> ItemVeto {
    let veto = ItemVeto {
        title: words(&table, "title"),
        when: condition(&table, "when", ids, false),
        set: number(&table, "set"),
        origin: origin(&table),
    };
    finish(table);
    veto
}

const MODES: [(&str, Mode); 4] = [
    ("half_up", Mode::HalfUp),
    ("half_even", Mode::HalfEven),
    ("down", Mode::Down),
    ("up", Mode::Up),
];

fn rounding(table: Table) -> Rounding {
    let rounding = Rounding {
        digits: required_whole(&table, "digits", 0, 12) as u32,
        mode: or(table.choice("mode", &MODES), Mode::HalfUp),
    };
    finish(table);
    rounding
}

/// A formula in its place in the file: faults point into its text.
fn formula(table: &Table, key: &str, ids: &Ids) -> Expression {
    let nothing = Expression::Number(Points::zero());
    let Some(text) = table.text(key) else {
        return nothing;
    };
    formula::expression(&text, &|name| ids.item(name)).unwrap_or_else(|wrong| {
        formula_fault(table, &text, wrong);
        nothing
    })
}

fn condition(table: &Table, key: &str, ids: &Ids, ranking: bool) -> Condition {
    let nothing = Condition::Present(Expression::Number(Points::zero()));
    let Some(text) = table.text(key) else {
        return nothing;
    };
    formula::condition(&text, &|name| ids.item(name), ranking).unwrap_or_else(|wrong| {
        formula_fault(table, &text, wrong);
        nothing
    })
}

fn opt_condition(table: &Table, key: &str, ids: &Ids) -> Option<Condition> {
    table.has(key).then(|| condition(table, key, ids, true))
}

fn formula_fault(table: &Table, text: &Spanned<String>, wrong: formula::FormulaFault) {
    // A plain quoted string begins one byte after its quote; others are pointed at as a whole.
    let plain = text.at.len() == text.value.len() + 2;
    let at = if plain {
        text.at.start + 1 + wrong.at.start..text.at.start + 1 + wrong.at.end
    } else {
        text.at.clone()
    };
    table.reader().fault(&at, wrong.message);
}

fn deduct(table: &Table, cutoff: &Cutoff) -> Deduct {
    let per = table.opt_choice(
        "per",
        &[("visit", Per::Visit), ("site", Per::Site), ("km", Per::Km)],
    );
    let amount = opt_number(table, "per_amount");
    let clauses = table.tables("clause");
    if clauses.is_empty() {
        table.reader().fault(
            table.span(),
            Message::new("scheme-needs-rows").with("key", "clause"),
        );
    }
    names(table.reader(), &clauses);
    let escalations = table.tables("escalation");
    names(table.reader(), &escalations);
    if per.is_none()
        && let Some(amount) = table.opt_number("per_amount")
    {
        fault(table, &amount.at, "scheme-per-amount-without-per");
    }
    Deduct {
        start: number(table, "start"),
        by: or(table.opt_choice("by", &BY), cutoff.findings),
        clauses: clauses.into_iter().map(clause).collect(),
        escalations: escalations.into_iter().map(escalation).collect(),
        per: per.map(|per| (per.value, amount.unwrap_or_else(Points::one))),
        max_deduction: opt_number(table, "max_deduction"),
    }
}

fn clause(table: Table) -> Clause {
    let points = clause_points(&table);
    let clause = Clause {
        id: or(table.opt_text("id"), String::new()),
        title: table.opt_words("title").map(value),
        matches: matches(&table, Some(By::Found)),
        points,
        cap_per_indicator: opt_number(&table, "cap_per_indicator"),
        floor_per_indicator: opt_number(&table, "floor_per_indicator"),
        cap: opt_number(&table, "cap"),
        floor: opt_number(&table, "floor"),
        split: opt_number(&table, "split"),
        origin: origin(&table),
    };
    finish(table);
    clause
}

/// A number, numbers by severity, or `"indicator"`.
fn clause_points(table: &Table) -> ClausePoints {
    if table
        .peek_text("points")
        .is_some_and(|text| Points::parse(text).is_err())
    {
        table.opt_choice("points", &[("indicator", ())]);
        return ClausePoints::Indicator;
    }
    if !table.has("points") {
        table.number("points");
    }
    ClausePoints::BySeverity(by_severity(table, "points"))
}

fn escalation(table: Table) -> Escalation {
    let effect = match or(
        table.choice(
            "effect",
            &["add", "replace", "times"].map(|word| (word, word)),
        ),
        "add",
    ) {
        "replace" => Effect::Replace(clause_points(&table)),
        "times" => Effect::Times(number(&table, "factor")),
        _ => Effect::Add(clause_points(&table)),
    };
    let escalation = Escalation {
        id: or(table.opt_text("id"), String::new()),
        title: table.opt_words("title").map(value),
        matches: matches(&table, Some(By::Found)),
        effect,
        origin: origin(&table),
    };
    finish(table);
    escalation
}

/// Reads `match`; `findings` tells whether it is about findings (their keys) or about cases or visits.
fn matches(table: &Table, findings: Option<By>) -> Match {
    let Some(table) = table.opt_table("match") else {
        return Match::default();
    };
    let texts = |key| {
        table
            .strings(key)
            .into_iter()
            .map(value)
            .collect::<Vec<_>>()
    };
    let flag = |key| table.opt_boolean(key).map(value);
    let mut matches = Match {
        status: table
            .choices("status", Status::WORDS)
            .into_iter()
            .map(value)
            .collect(),
        ..Match::default()
    };
    if findings.is_some() {
        matches.indicators = texts("indicators");
        matches.headings = texts("headings");
        matches.aspects = texts("aspects");
        matches.blocks = texts("blocks");
        matches.severity = table
            .choices("severity", Severity::WORDS)
            .into_iter()
            .map(value)
            .collect();
        matches.found_by = table
            .choices("found_by", Finder::WORDS)
            .into_iter()
            .map(value)
            .collect();
        matches.strata = texts("strata");
        matches.repeated = whole(&table, "repeated", 1, 250).map(|n| n as u32);
        matches.relapsed = flag("relapsed");
        matches.failed = whole(&table, "failed", 1, 250).map(|n| n as u32);
    } else {
        matches.categories = texts("categories");
        matches.extended = flag("extended");
        matches.suspended = flag("suspended");
        matches.returned = flag("returned");
        matches.reworked = flag("reworked");
        matches.voided = flag("voided").unwrap_or(false);
    }
    finish(table);
    matches
}

fn strata_only(table: &Table) -> Match {
    let Some(table) = table.opt_table("match") else {
        return Match::default();
    };
    let matches = Match {
        strata: table.strings("strata").into_iter().map(value).collect(),
        ..Match::default()
    };
    finish(table);
    matches
}

fn count(table: &Table, cutoff: &Cutoff) -> Count {
    let kinds = ["findings", "cases", "visits", "sites", "km"].map(|word| (word, word));
    let (of, matches) = match or(table.choice("of", &kinds), "visits") {
        "findings" => {
            let matches = matches(table, Some(By::Found));
            let default = if matches.status.is_empty() {
                cutoff.findings
            } else {
                cutoff.rectification
            };
            (
                CountOf::Findings(or(table.opt_choice("by", &BY), default)),
                matches,
            )
        }
        "cases" => {
            let by = [
                ("load", CaseBy::Load),
                ("dispatched", CaseBy::Dispatched),
                ("due", CaseBy::Due),
                ("handled", CaseBy::Handled),
            ];
            (
                CountOf::Cases(or(table.choice("by", &by), CaseBy::Load)),
                matches(table, None),
            )
        }
        "sites" => (CountOf::Sites, strata_only(table)),
        "km" => (CountOf::Km, strata_only(table)),
        _ => (CountOf::Visits, strata_only(table)),
    };
    Count {
        of,
        matches,
        whole: or(table.opt_boolean("whole"), false),
    }
}

fn sum(table: &Table, ids: &Ids) -> Sum {
    let percent = or(
        table.choice("weights", &[("percent", true), ("times", false)]),
        false,
    );
    let absent = table.opt_choice("absent", &[("refuse", false), ("reweigh", true)]);
    if let Some(absent) = &absent
        && absent.value
        && !percent
    {
        fault(table, &absent.at, "scheme-reweigh-without-percent");
    }
    let parts = some(table, "part", |part| {
        let weight = if percent {
            number(&part, "weight")
        } else {
            opt_number(&part, "weight").unwrap_or_else(Points::one)
        };
        let read = Part {
            item: item_ref(&part, "item", ids),
            weight,
            origin: origin(&part),
        };
        finish(part);
        read
    });
    Sum {
        percent,
        reweigh: or(absent, false),
        parts,
    }
}

fn change(table: Table) -> Change {
    let change = Change {
        unit: or(table.text("unit"), String::new()),
        add: number(&table, "add"),
        origin: origin(&table),
    };
    finish(table);
    change
}

fn step(table: Table) -> Step {
    let step = Step {
        from: opt_number(&table, "from"),
        value: number(&table, "value"),
        slope: opt_number(&table, "slope").unwrap_or_else(Points::zero),
        origin: origin(&table),
    };
    finish(table);
    step
}

fn corners(table: &Table) -> Vec<(Points, Points)> {
    let rows = table.number_rows("points");
    let mut corners: Vec<(Points, Points)> = vec![];
    for row in &rows {
        match row.value.as_slice() {
            [x, y] if corners.last().is_none_or(|(before, _)| before < x) => {
                corners.push((x.clone(), y.clone()))
            }
            [_, _] => fault(table, &row.at, "scheme-corners-not-rising"),
            _ => fault(table, &row.at, "scheme-corner-not-a-pair"),
        }
    }
    if rows.is_empty() {
        table.reader().fault(
            table.span(),
            Message::new("scheme-needs-rows").with("key", "points"),
        );
    }
    corners
}

fn grades(table: &Table) -> BTreeMap<String, Points> {
    let Some(table) = table.table("grades") else {
        return BTreeMap::new();
    };
    let grades = table
        .keys()
        .into_iter()
        .map(|grade| (grade.value.clone(), number(&table, &grade)))
        .collect();
    finish(table);
    grades
}

fn over(table: &Table, ids: &Ids) -> Over {
    let members = match or(
        table.choice(
            "over",
            &["visits", "children", "group", "all"].map(|word| (word, word)),
        ),
        "all",
    ) {
        "visits" => Members::Visits(table.strings("strata").into_iter().map(value).collect()),
        "children" => Members::Children(or(table.text("kind"), String::new())),
        "group" => Members::Group,
        _ => Members::All,
    };
    Over {
        of: item_ref(table, "of", ids),
        members,
        aggregate: aggregate(table, false),
        weight: table.opt_text("weight").map(value),
        drop_lowest: whole(table, "drop_lowest", 0, 100).unwrap_or(0) as usize,
        drop_highest: whole(table, "drop_highest", 0, 100).unwrap_or(0) as usize,
    }
}

fn aggregate(table: &Table, period: bool) -> Aggregate {
    let weights: Vec<Points> = if period {
        table.numbers("weights").into_iter().map(value).collect()
    } else {
        vec![]
    };
    let mut words = vec![
        ("mean", Aggregate::Mean),
        ("sum", Aggregate::Sum),
        ("min", Aggregate::Min),
        ("max", Aggregate::Max),
        ("median", Aggregate::Median),
    ];
    if period {
        words.push(("weighted", Aggregate::Weighted(weights)));
    }
    or(table.opt_choice("aggregate", &words), Aggregate::Mean)
}

fn period(table: &Table, ids: &Ids, own_series: &str) -> Period {
    let of = table.text("of");
    let series = or(table.opt_text("series"), own_series.to_owned());
    let name = of.as_ref().map(|of| of.value.clone()).unwrap_or_default();
    let own = ids.item(&name).filter(|_| series == own_series);
    let span = if table.is_text("span") || !table.has("span") {
        or(
            table.choice(
                "span",
                &[
                    ("quarter", Span::Quarter),
                    ("half_year", Span::HalfYear),
                    ("year", Span::Year),
                ],
            ),
            Span::Quarter,
        )
    } else {
        Span::Months(whole(table, "span", 1, 120).unwrap_or(1) as i32)
    };
    let period = Period {
        name,
        own,
        series,
        span,
        aggregate: aggregate(table, true),
        drop_lowest: whole(table, "drop_lowest", 0, 100).unwrap_or(0) as usize,
        drop_highest: whole(table, "drop_highest", 0, 100).unwrap_or(0) as usize,
        skip_absent: or(
            table.opt_choice("absent", &[("missing", false), ("skip", true)]),
            false,
        ),
    };
    if let Aggregate::Weighted(weights) = &period.aggregate {
        let fits = match span {
            Span::Months(months) => weights.len() == months as usize,
            _ => false,
        };
        if !fits {
            fault(table, table.span(), "scheme-period-weights");
        }
    }
    period
}

const BEST: [(&str, Best); 2] = [("high", Best::High), ("low", Best::Low)];

fn ranking(table: Table, id: &str, ids: &Ids) -> Ranking {
    let then = table.tables("then");
    let has_then = !then.is_empty();
    let then: Vec<(ItemIndex, Best)> = then
        .into_iter()
        .map(|row| {
            let criterion = (
                item_ref(&row, "item", ids),
                or(row.choice("best", &BEST), Best::High),
            );
            finish(row);
            criterion
        })
        .collect();
    let ties = table.choice(
        "ties",
        &[
            ("share", Ties::Share),
            ("dense", Ties::Dense),
            ("then", Ties::Then(then)),
            ("listed", Ties::Listed),
        ],
    );
    if let Some(ties) = &ties
        && matches!(&ties.value, Ties::Then(_)) != has_then
    {
        fault(&table, &ties.at, "scheme-ties-then");
    }
    let bands = table.tables("band");
    names(table.reader(), &bands);
    let ranking = Ranking {
        id: id.to_owned(),
        title: words(&table, "title"),
        of: item_ref(&table, "of", ids),
        groups: group_refs(&table, "groups", ids),
        apart: or(
            table.opt_choice(
                "apart",
                &[
                    ("none", Apart::None),
                    ("group", Apart::Group),
                    ("parent", Apart::Parent),
                ],
            ),
            Apart::None,
        ),
        best: or(table.choice("best", &BEST), Best::High),
        round: table.table("round").map(rounding).unwrap_or(Rounding {
            digits: 0,
            mode: Mode::HalfUp,
        }),
        by_rounded: or(
            table.choice("by", &[("rounded", true), ("exact", false)]),
            true,
        ),
        ties: or(ties, Ties::Share),
        bands: bands.into_iter().map(band).collect(),
        vetoes: table
            .tables("veto")
            .into_iter()
            .map(|veto| ranking_veto(veto, ids))
            .collect(),
        origin: origin(&table),
    };
    finish(table);
    ranking
}

fn band(table: Table) -> Band {
    let quota = if table.is_text("quota") {
        table
            .opt_number("quota")
            .map(|share| Quota::Share(share.value))
    } else {
        whole(&table, "quota", 0, 100_000).map(|count| Quota::Count(count as usize))
    };
    let band = Band {
        id: or(table.opt_text("id"), String::new()),
        title: words(&table, "title"),
        from: opt_number(&table, "from"),
        quota,
        origin: origin(&table),
    };
    finish(table);
    band
}

fn ranking_veto(table: Table, ids: &Ids) -> RankingVeto {
    let veto = RankingVeto {
        title: words(&table, "title"),
        when: condition(&table, "when", ids, false),
        effect: or(
            table.choice(
                "effect",
                &[
                    ("last", VetoEffect::Last),
                    ("unranked", VetoEffect::Unranked),
                    ("unpaid", VetoEffect::Unpaid),
                ],
            ),
            VetoEffect::Last,
        ),
        origin: origin(&table),
    };
    finish(table);
    veto
}

/// Yuan as whole fen; reported if it is no whole number of fen.
fn fen(table: &Table, yuan: &Spanned<Points>) -> i128 {
    let fen = &yuan.value * &Points::hundred();
    fen.to_i64().map(i128::from).unwrap_or_else(|| {
        fault(table, &yuan.at, "scheme-not-whole-fen");
        0
    })
}

fn award(table: Table, ids: &Ids) -> Award {
    let ranking = find(
        &table,
        table.text("ranking"),
        &ids.rankings,
        "scheme-unknown-ranking",
    )
    .unwrap_or(0);
    let (who, by_place) = award_who(&table);
    let what = award_what(&table, ids, by_place);
    let within = table.opt_table("within").map(|within| {
        let pair = (
            required_whole(&within, "times", 1, 120) as i32,
            required_whole(&within, "months", 1, 120) as i32,
        );
        if pair.0 > pair.1 {
            fault(&within, within.span(), "scheme-more-times-than-months");
        }
        finish(within);
        pair
    });
    let award = Award {
        id: or(table.opt_text("id"), String::new()),
        title: words(&table, "title"),
        ranking,
        who,
        what,
        when: opt_condition(&table, "when", ids),
        consecutive: whole(&table, "consecutive", 2, 120).map(|n| n as i32),
        within,
        prizes: whole(&table, "prizes", 1, 100_000).map(|n| n as usize),
        shared: table
            .opt_choice(
                "shared",
                &[
                    ("divide", Shared::Divide),
                    ("each", Shared::Each),
                    ("none", Shared::None),
                ],
            )
            .map(value),
        remainder: table
            .opt_choice(
                "remainder",
                &[("host", Remainder::Host), ("first", Remainder::First)],
            )
            .map(value),
        fen_down: or(
            table.opt_choice("fen", &[("half_up", false), ("down", true)]),
            false,
        ),
        origin: origin(&table),
    };
    finish(table);
    award
}

/// Fen for places from the front and from the end.
type Amounts = (Vec<i128>, Vec<i128>);

/// Who gets it, and the amounts that go with the places.
fn award_who(table: &Table) -> (Who, Option<Amounts>) {
    let ways: [&[&str]; 4] = [
        &["yuan_by_place", "yuan_by_last"],
        &["places", "lasts"],
        &["band"],
        &["every"],
    ];
    let given: Vec<_> = ways
        .iter()
        .filter(|keys| keys.iter().any(|key| table.has(key)))
        .collect();
    let amounts = |key| {
        table
            .numbers(key)
            .iter()
            .map(|yuan| fen(table, yuan))
            .collect::<Vec<_>>()
    };
    match given.as_slice() {
        [keys] if keys[0] == "yuan_by_place" => {
            let (front, end) = (amounts("yuan_by_place"), amounts("yuan_by_last"));
            let places = |amounts: &[i128]| (1..=amounts.len()).collect();
            (
                Who::Places {
                    front: places(&front),
                    end: places(&end),
                },
                Some((front, end)),
            )
        }
        [keys] if keys[0] == "places" => (
            Who::Places {
                front: places(table, "places"),
                end: places(table, "lasts"),
            },
            None,
        ),
        [keys] if keys[0] == "band" => (Who::Band(or(table.opt_text("band"), String::new())), None),
        [_] => {
            if let Some(every) = table.opt_boolean("every")
                && !every.value
            {
                fault(table, &every.at, "scheme-every-is-true-or-left-out");
            }
            (Who::Every, None)
        }
        _ => {
            let keys = ways.concat();
            table.reader().fault(
                table.span(),
                Message::new("scheme-award-who").with("keys", keys.join(", ")),
            );
            table.skip(&keys);
            (Who::Every, None)
        }
    }
}

fn places(table: &Table, key: &str) -> Vec<usize> {
    let places = table
        .numbers(key)
        .into_iter()
        .filter_map(|place| match place.value.to_i64() {
            Some(number) if (1..=100_000).contains(&number) => Some(number as usize),
            _ => {
                fault(table, &place.at, "scheme-bad-place");
                None
            }
        });
    places.collect()
}

fn award_what(table: &Table, ids: &Ids, by_place: Option<Amounts>) -> What {
    let keys = ["yuan", "each", "percent_of", "fund", "give"];
    let given = keys.iter().filter(|key| table.has(key)).count();
    if given != usize::from(by_place.is_none()) {
        let message = Message::new("scheme-award-what").with("keys", keys.join(", "));
        table.reader().fault(table.span(), message);
    }
    if let Some((front, end)) = by_place {
        table.skip(&keys);
        return What::ByPlace { front, end };
    }
    if let Some(each) = table.opt_table("each") {
        let what = What::Each {
            item: item_ref(&each, "item", ids),
            fen: number(&each, "yuan") * Points::hundred(),
        };
        finish(each);
        return what;
    }
    if let Some(of) = table.opt_table("percent_of") {
        let what = What::PercentOf {
            item: item_ref(&of, "item", ids),
            percent: number(&of, "percent"),
        };
        finish(of);
        return what;
    }
    if let Some(fund) = table.opt_table("fund") {
        let what = What::Fund {
            fen: fund.number("yuan").map_or(0, |yuan| fen(&fund, &yuan)),
            by: item_ref(&fund, "by", ids),
        };
        finish(fund);
        return what;
    }
    if let Some(give) = table.opt_table("give") {
        let gifts = [
            ("plaque", Gift::Plaque),
            ("flag", Gift::Flag),
            ("certificate", Gift::Certificate),
            ("title", Gift::Title),
            ("duty", Gift::Duty),
        ];
        let what = What::Give {
            what: or(give.choice("what", &gifts), Gift::Title),
            name: words(&give, "name"),
        };
        finish(give);
        return what;
    }
    What::Fixed(table.opt_number("yuan").map_or(0, |yuan| fen(table, &yuan)))
}

fn deposit(table: Table, ids: &Ids) -> Deposit {
    let draws = table
        .tables("draw")
        .into_iter()
        .map(|draw| {
            let row = (
                item_ref(&draw, "item", ids),
                number(&draw, "yuan") * Points::hundred(),
            );
            finish(draw);
            row
        })
        .collect();
    let returns = table
        .tables("return")
        .into_iter()
        .map(|row| {
            let rule = (opt_number(&row, "from"), number(&row, "percent"));
            finish(row);
            rule
        })
        .collect::<Vec<_>>();
    let ranking = table
        .has("ranking")
        .then(|| {
            find(
                &table,
                table.opt_text("ranking"),
                &ids.rankings,
                "scheme-unknown-ranking",
            )
        })
        .flatten();
    if ranking.is_none() && returns.iter().any(|(from, _)| from.is_some()) {
        fault(&table, table.span(), "scheme-return-without-ranking");
    }
    let deposit = Deposit {
        id: or(table.opt_text("id"), String::new()),
        title: words(&table, "title"),
        fen: table.number("yuan").map_or(0, |yuan| fen(&table, &yuan)),
        draws,
        below_zero: or(table.boolean("below_zero"), false),
        return_in: table
            .numbers("return_in")
            .into_iter()
            .filter_map(|month| match month.value.to_i64() {
                Some(number) if (1..=12).contains(&number) => Some(number as i8),
                _ => {
                    fault(&table, &month.at, "scheme-bad-month-of-year");
                    None
                }
            })
            .collect(),
        ranking,
        returns,
        origin: origin(&table),
    };
    finish(table);
    deposit
}

fn bulletin(table: Table, ids: &Ids) -> BulletinRules {
    let opt_item = |table: &Table, key: &str| {
        find(
            table,
            table.opt_text(key),
            &ids.items,
            "scheme-unknown-item",
        )
    };
    let components = table.strings("components").into_iter();
    let rules = BulletinRules {
        evaluation: table.opt_words("evaluation").map(value),
        number: table.opt_text("number").map(value),
        recipients: list_of_words(&table, "recipients"),
        copies: list_of_words(&table, "copies"),
        ranking: find(
            &table,
            table.opt_text("ranking"),
            &ids.rankings,
            "scheme-unknown-ranking",
        ),
        components: components
            .filter_map(|name| find(&table, Some(name), &ids.items, "scheme-unknown-item"))
            .collect(),
        before: opt_item(&table, "before"),
        average: opt_item(&table, "average"),
        block: table.opt_text("block").map(value),
        red_property: table.opt_table("red_property").map(|section| {
            let rules = RedPropertyRules {
                average: item_ref(&section, "average", ids),
                block: or(section.text("block"), String::new()),
                series: or(section.text("series"), String::new()),
                by: or(section.text("by"), String::new()),
            };
            finish(section);
            rules
        }),
        townships: table.strings("townships").into_iter().map(value).collect(),
        departments: table.opt_table("departments").map(|section| {
            let name = |key| or(section.text(key), String::new());
            let rules = DepartmentRules {
                series: name("series"),
                numerator: name("numerator"),
                denominator: name("denominator"),
                rate: name("rate"),
                extended: name("extended"),
                suspended: name("suspended"),
                voided: name("voided"),
                overdue_open: name("overdue_open"),
            };
            finish(section);
            rules
        }),
    };
    finish(table);
    rules
}
