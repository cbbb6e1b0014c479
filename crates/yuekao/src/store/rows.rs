//! Many rows in one statement.

use std::borrow::Cow;
use std::fmt::Write as _;

use futures_util::future::join;
use sqlx::{Any, AssertSqlSafe};

use super::Result;
use super::writer::Tx;

/// Values in one list at most. Both databases take thousands, but SQLite seeks every `$n` among those
/// before it, so that a value costs more the more there are; and texts that differ little in length stay prepared.
const MOST: usize = 128;

/// Values of the rows in one `INSERT` at most, whose places have no numbers where that costs.
const MOST_INSERTED: usize = 1024;

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
    let mut places = String::with_capacity(6 * count);
    for place in before + 1..=before + count {
        let comma = if place == before + 1 { "" } else { ", " };
        // Writing into a text does not fail.
        let _ = write!(places, "{comma}${place}");
    }
    places
}

/// Values to be listed, in portions that repeat their last value until they are a power of two: lists of any length ask
/// by a handful of texts.
pub(super) fn portions<'a>(cells: &[Cell<'a>]) -> Vec<Vec<Cell<'a>>> {
    let filled = |some: &[Cell<'a>]| {
        let mut portion = some.to_vec();
        portion.resize(some.len().next_power_of_two(), some[some.len() - 1].clone());
        portion
    };
    cells.chunks(MOST).map(filled).collect()
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

/// Rows of a statement, if so many are left and each is so wide: a power of two, so that whatever gathers is written by
/// a handful of texts, each prepared once.
pub(super) fn together(left: usize, wide: usize) -> usize {
    let most = left.min(MOST_INSERTED / wide.max(1)).max(1);
    1 << most.ilog2()
}

/// Inserts rows: `head` ends before `VALUES`, `tail` is what follows the rows. No rows are no statement.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    head: &str,
    rows: &[Vec<Cell<'_>>],
    tail: &str,
) -> Result<()> {
    let wide = rows.first().map_or(1, Vec::len);
    let dialect = tx.dialect();
    let mut left = rows;
    let mut next = || {
        let (some, others) = left.split_at_checked(together(left.len(), wide))?;
        left = others;
        let values = dialect.values(some.len(), wide);
        let text = format!("{head} VALUES {values} {tail}");
        Some(bound(text, some.iter().flatten()))
    };
    let mut statement = next();
    while let Some(begun) = statement {
        // While the database works at one statement, the next one is put together.
        let (done, following) = join(begun.execute(tx.conn()), async { next() }).await;
        done?;
        statement = following;
    }
    Ok(())
}
