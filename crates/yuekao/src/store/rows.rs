//! Many rows in one statement, through either kind of connection that the writer has.

use std::fmt::Write as _;
use std::sync::Arc;

use futures_util::future::join;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Any, Arguments as _, AssertSqlSafe, Row as _, Sqlite};

use super::dialect::Dialect;
use super::writer::Tx;
use super::{Error, Result};

/// Values in one list at most. Both databases take thousands, but SQLite seeks every `$n` among those
/// before it, so that a value costs more the more there are; and texts that differ little in length stay prepared.
const MOST: usize = 128;

/// Values of the rows in one `INSERT` at most, whose places have no numbers where that costs.
const MOST_INSERTED: usize = 4096;

/// One value of a row. Its text is shared and not copied when it is handed over.
#[derive(Debug, Clone)]
pub enum Cell {
    Text(Option<Arc<str>>),
    Number(Option<i64>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(Arc::from))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

/// A transaction in which rows are written.
pub trait Rows: Send {
    /// What a query finds.
    type Found: Found;

    /// What the database speaks.
    fn dialect(&self) -> Dialect;

    /// Does a statement with its values, in their order.
    fn run(&mut self, text: String, cells: Vec<Cell>) -> impl Future<Output = Result<()>> + Send;

    /// What a query with its values finds.
    fn ask(
        &mut self,
        text: String,
        cells: Vec<Cell>,
    ) -> impl Future<Output = Result<Vec<Self::Found>>> + Send;
}

/// A row that was found, by its columns.
pub trait Found: Send {
    /// The text in a column, if there is one.
    fn text(&self, column: &str) -> Result<Option<String>>;
    /// The number in a column.
    fn number(&self, column: &str) -> Result<i64>;
}

macro_rules! rows_through {
    ($database:ty, $row:ty, $arguments:ty, $text:expr) => {
        impl Rows for Tx<'_, $database> {
            type Found = $row;

            fn dialect(&self) -> Dialect {
                Tx::dialect(self)
            }

            async fn run(&mut self, text: String, cells: Vec<Cell>) -> Result<()> {
                // Nothing but statements of the program and places goes into the text.
                let query = sqlx::query_with(AssertSqlSafe(text), <$arguments>::of(cells)?);
                query.execute(self.conn()).await?;
                Ok(())
            }

            async fn ask(&mut self, text: String, cells: Vec<Cell>) -> Result<Vec<$row>> {
                let query = sqlx::query_with(AssertSqlSafe(text), <$arguments>::of(cells)?);
                Ok(query.fetch_all(self.conn()).await?)
            }
        }

        impl Values for $arguments {
            fn of(cells: Vec<Cell>) -> Result<Self> {
                let mut values = Self::default();
                values.reserve(cells.len(), 0);
                for cell in cells {
                    match cell {
                        Cell::Text(Some(text)) => values.add($text(text)),
                        Cell::Text(None) => values.add(None::<String>),
                        Cell::Number(number) => values.add(number),
                    }
                    .map_err(Error::damaged)?;
                }
                Ok(values)
            }
        }

        impl Found for $row {
            fn text(&self, column: &str) -> Result<Option<String>> {
                Ok(self.try_get(column)?)
            }

            fn number(&self, column: &str) -> Result<i64> {
                Ok(self.try_get(column)?)
            }
        }
    };
}

/// Values as a database takes them.
trait Values: Sized {
    fn of(cells: Vec<Cell>) -> Result<Self>;
}

rows_through!(Any, AnyRow, AnyArguments, |text: Arc<str>| text.to_string());
rows_through!(Sqlite, SqliteRow, SqliteArguments, |text: Arc<str>| text);

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
pub(super) fn portions(cells: &[Cell]) -> Vec<Vec<Cell>> {
    let filled = |some: &[Cell]| {
        let mut portion = some.to_vec();
        portion.resize(some.len().next_power_of_two(), some[some.len() - 1].clone());
        portion
    };
    cells.chunks(MOST).map(filled).collect()
}

/// Rows of a statement, if so many are left and each is so wide: a power of two, so that whatever gathers is written by
/// a handful of texts, each prepared once.
pub(super) fn together(left: usize, wide: usize) -> usize {
    let most = left.min(MOST_INSERTED / wide.max(1)).max(1);
    1 << most.ilog2()
}

/// Inserts rows: `head` is the table with its columns, `tail` is what follows the rows. No rows are no statement. Whoever asks
/// for it gives up the whole request if it fails.
pub(super) async fn insert<const WIDE: usize>(
    tx: &mut impl Rows,
    head: &str,
    rows: Vec<[Cell; WIDE]>,
    tail: &str,
) -> Result<()> {
    let dialect = tx.dialect();
    let insert = dialect.insert_into();
    let mut rows = rows.into_iter();
    let mut next = || {
        let some = together(rows.len(), WIDE);
        let cells: Vec<Cell> = rows.by_ref().take(some).flatten().collect();
        let values = (!cells.is_empty()).then(|| dialect.values(some, WIDE))?;
        Some((format!("{insert} {head} VALUES {values} {tail}"), cells))
    };
    let mut statement = next();
    while let Some((text, cells)) = statement {
        // While the database works at one statement, the next one is put together.
        let (done, following) = join(tx.run(text, cells), async { next() }).await;
        done?;
        statement = following;
    }
    Ok(())
}
