//! Many rows in one statement, with `$1, $2, …` on both databases.

use std::borrow::Cow;

use sqlx::{Any, AssertSqlSafe};

use super::Result;
use super::writer::Tx;

/// Values in one statement at most: SQLite takes 32,766, PostgreSQL 65,535.
const MOST: usize = 16_000;

/// One value of a row.
#[derive(Debug, Clone)]
pub(super) enum Cell<'a> {
    Text(Option<Cow<'a, str>>),
    Number(Option<i64>),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(Cow::Owned(text)))
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Cow::Borrowed))
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

/// `$1, $2, …` for so many values after those that are there.
pub(super) fn places(before: usize, count: usize) -> String {
    let places: Vec<String> = (before + 1..=before + count)
        .map(|place| format!("${place}"))
        .collect();
    places.join(", ")
}

/// Binds values in their order.
pub(super) fn bound<'q>(
    text: String,
    cells: impl IntoIterator<Item = &'q Cell<'q>>,
) -> sqlx::query::Query<'q, Any, <Any as sqlx::Database>::Arguments> {
    // Nothing but statements of the program and numbered places goes into the text.
    let mut query = sqlx::query::<Any>(AssertSqlSafe(text));
    for cell in cells {
        query = match cell {
            Cell::Text(text) => query.bind(text.as_deref()),
            Cell::Number(number) => query.bind(*number),
        };
    }
    query
}

/// Inserts rows: `head` ends before `VALUES`, `tail` is what follows the rows. No rows are no statement.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    head: &str,
    rows: &[Vec<Cell<'_>>],
    tail: &str,
) -> Result<()> {
    let wide = rows.first().map_or(1, Vec::len).max(1);
    for some in rows.chunks(MOST / wide) {
        let values: Vec<String> = (0..some.len())
            .map(|row| format!("({})", places(row * wide, wide)))
            .collect();
        let text = format!("{head} VALUES {} {tail}", values.join(", "));
        bound(text, some.iter().flatten())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
