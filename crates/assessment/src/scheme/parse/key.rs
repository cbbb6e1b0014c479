//! Keys of a table, read one at a time: what is wrong is reported, and something harmless stands in its place.

use super::*;

pub(super) fn value<T>(spanned: Spanned<T>) -> T {
    spanned.value
}

pub(super) fn or<T>(spanned: Option<Spanned<T>>, otherwise: T) -> T {
    spanned.map_or(otherwise, value)
}

pub(super) fn words(table: &Table, key: &str) -> Words {
    or(table.words(key), Words::new("", ""))
}

pub(super) fn number(table: &Table, key: &str) -> Points {
    or(table.number(key), Points::zero())
}

pub(super) fn opt_number(table: &Table, key: &str) -> Option<Points> {
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
pub(super) fn finish(table: Table) {
    origin(&table);
    table.finish();
}

pub(super) fn fault(table: &Table, at: &Range<usize>, key: &'static str) {
    table.reader().fault(at, Message::new(key));
}

/// Reads the ids of a list of tables, and reports bad and doubled ones.
pub(super) fn names(reader: &Reader, tables: &[Table]) -> Vec<String> {
    let ids: Vec<_> = tables.iter().map(|table| name(table, "id")).collect();
    reader.unique(ids.iter().flatten());
    ids.into_iter().map(|id| or(id, String::new())).collect()
}

/// An identifier of this language: `[a-z][a-z0-9_]*`.
pub(super) fn name(table: &Table, key: &str) -> Option<Spanned<String>> {
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

pub(super) fn file_id(table: &Table, key: &str) -> String {
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
pub(super) fn find(
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
pub(super) fn item_ref(table: &Table, key: &str, ids: &Ids) -> ItemIndex {
    find(table, table.text(key), &ids.items, "scheme-unknown-item").unwrap_or(0)
}

pub(super) fn group_refs(table: &Table, key: &str, ids: &Ids) -> Option<Vec<GroupIndex>> {
    table.has(key).then(|| {
        table
            .strings(key)
            .into_iter()
            .filter_map(|name| find(table, Some(name), &ids.groups, "scheme-unknown-group"))
            .collect()
    })
}

pub(super) fn whole(table: &Table, key: &str, least: i64, most: i64) -> Option<i64> {
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

pub(super) fn required_whole(table: &Table, key: &str, least: i64, most: i64) -> i64 {
    if !table.has(key) {
        table.integer(key);
    }
    whole(table, key, least, most).unwrap_or(least)
}

pub(super) fn list_of_words(root: &Table, key: &str) -> Vec<Words> {
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

pub(super) fn day(table: &Table, key: &str) -> Date {
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

/// The rows of a list that must not be empty.
pub(super) fn some<T>(table: &Table, key: &'static str, read: impl Fn(Table) -> T) -> Vec<T> {
    let rows: Vec<_> = table.tables(key).into_iter().map(read).collect();
    if rows.is_empty() {
        table.reader().fault(
            table.span(),
            Message::new("scheme-needs-rows").with("key", key),
        );
    }
    rows
}

const MODES: [(&str, Mode); 4] = [
    ("half_up", Mode::HalfUp),
    ("half_even", Mode::HalfEven),
    ("down", Mode::Down),
    ("up", Mode::Up),
];

pub(super) fn rounding(table: Table) -> Rounding {
    let rounding = Rounding {
        digits: required_whole(&table, "digits", 0, 12) as u32,
        mode: or(table.choice("mode", &MODES), Mode::HalfUp),
    };
    finish(table);
    rounding
}
