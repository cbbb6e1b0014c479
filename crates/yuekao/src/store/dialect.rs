//! What really differs between SQLite and PostgreSQL; the only file that asks which it is.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection as _, Error, Executor as _, Row as _, SqlitePool};

use super::case::words::{Piece, Words};

/// The database behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// One file in the data folder.
    Sqlite,
    /// A server, shared by several programs.
    Postgres,
}

/// Pages of the log that are worth writing back: 8 MiB.
const GATHERED: i64 = 2048;

/// Serialises writers of several programs on one PostgreSQL database.
const WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(7096153602)";

/// What a connection of the writer to SQLite is set to.
const WRITING: &[&str] = &[
    "PRAGMA journal_mode = WAL",
    // Acknowledged means on the disk.
    "PRAGMA synchronous = FULL",
    // Another program may be taking a large file in meanwhile.
    "PRAGMA busy_timeout = 60000",
    // The log is written back beside the writer. What it could not keep up with the writer does itself when the log has
    // 128 MiB, and then begins it anew.
    "PRAGMA wal_autocheckpoint = 32768",
    // Kept at hand as they are needed, so that they are not read again: up to 64 MiB.
    "PRAGMA cache_size = -65536",
    // What a statement would have to undo is kept in memory and not in a file beside.
    "PRAGMA temp_store = MEMORY",
];

impl Dialect {
    /// The dialect that a database URL asks for, if we speak it.
    pub fn of(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// The URL of the SQLite file in a data folder, made if it is not there.
    pub fn sqlite_url(folder: &Path) -> String {
        let file = folder.join("yuekao.db");
        let mut path = String::new();
        for c in file.to_string_lossy().chars() {
            match c {
                '%' => path.push_str("%25"),
                '?' => path.push_str("%3F"),
                '#' => path.push_str("%23"),
                c => path.push(c),
            }
        }
        format!("sqlite://{path}?mode=rwc")
    }

    /// Begins a statement that inserts rows. If it fails, the request is undone as a whole: SQLite need not copy every page
    /// to undo the statement alone.
    pub fn insert_into(self) -> &'static str {
        match self {
            Self::Sqlite => "INSERT OR FAIL INTO",
            Self::Postgres => "INSERT INTO",
        }
    }

    /// Places for the values of so many rows of so many columns, as they stand after `VALUES`. SQLite seeks every `$1`
    /// among those before it when it is bound, and a bare `?` not at all.
    pub fn values(self, rows: usize, columns: usize) -> String {
        let mut text = String::with_capacity(rows * columns * 4);
        for place in 0..rows * columns {
            text.push_str(match place {
                0 => "(",
                _ if place % columns == 0 => "), (",
                _ => ", ",
            });
            match self {
                Self::Sqlite => text.push('?'),
                Self::Postgres => {
                    text.push('$');
                    text.push_str(&(place + 1).to_string());
                }
            }
        }
        text.push(')');
        text
    }

    /// The texts of a JSON list that is bound at a place, as rows: a list of any length is asked for by one text.
    pub fn listed(self, place: usize) -> String {
        match self {
            Self::Sqlite => format!("SELECT value FROM json_each(${place})"),
            Self::Postgres => format!("SELECT json_array_elements_text(${place}::json)"),
        }
    }

    /// Whether a connection that was good may be gone when it is used next: a file does not hang up.
    pub fn may_hang_up(self) -> bool {
        self == Self::Postgres
    }

    /// A connection of the writer to SQLite itself, made when it is needed first, and the file of its log. It does not
    /// wait for the disk when it commits: who uses it syncs the log before anything is acknowledged. The database is there.
    ///
    /// Errors: its file cannot be found.
    pub fn sqlite(self, url: &str) -> Result<Option<(SqlitePool, PathBuf)>, Error> {
        if self != Self::Sqlite {
            return Ok(None);
        }
        let options: SqliteConnectOptions = url.parse()?;
        // SQLite keeps the log beside the file itself, not beside a link to it.
        let mut log = options.get_filename().canonicalize()?.into_os_string();
        log.push("-wal");
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(|conn, _| {
                Box::pin(async move {
                    for setting in WRITING.iter().chain(&["PRAGMA synchronous = NORMAL"]) {
                        conn.execute(*setting).await?;
                    }
                    Ok(())
                })
            });
        Ok(Some((pool.connect_lazy_with(options), log.into())))
    }

    /// Readies a new connection of the one writer: acknowledged means on the disk.
    pub async fn prepare_writing(self, conn: &mut AnyConnection) -> Result<(), Error> {
        match self {
            Self::Sqlite => {
                for setting in WRITING {
                    conn.execute(*setting).await?;
                }
            }
            Self::Postgres => {
                conn.execute("SET synchronous_commit = on").await?;
            }
        }
        Ok(())
    }

    /// Readies a new connection for reading; it cannot write.
    pub async fn prepare_reading(self, conn: &mut AnyConnection) -> Result<(), Error> {
        match self {
            Self::Sqlite => {
                conn.execute("PRAGMA busy_timeout = 15000").await?;
                conn.execute("PRAGMA query_only = ON").await?;
            }
            Self::Postgres => {
                conn.execute("SET default_transaction_read_only = on")
                    .await?;
            }
        }
        Ok(())
    }

    /// Whether what has been written stands in a log first and is written back to its place later ([`Dialect::write_back`]).
    pub fn keeps_log(self) -> bool {
        self == Self::Sqlite
    }

    /// Writes back what the log has gathered, if that is much: pages that many requests changed are written once. Nobody
    /// waits for it, the writer neither.
    pub async fn write_back(self, conn: &mut AnyConnection) -> Result<(), Error> {
        let state = conn.fetch_one("PRAGMA wal_checkpoint(NOOP)").await?;
        let (pages, back): (i64, i64) = (state.try_get(1)?, state.try_get(2)?);
        if pages - back >= GATHERED {
            conn.execute("PRAGMA wal_checkpoint(PASSIVE)").await?;
        }
        Ok(())
    }

    /// What the database itself finds wrong with its file; PostgreSQL is asked by tools of its own.
    pub async fn faults(self, reading: &AnyPool) -> Result<Vec<String>, Error> {
        if self == Self::Postgres {
            return Ok(Vec::new());
        }
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(reading)
            .await?;
        Ok(said.into_iter().filter(|said| said != "ok").collect())
    }

    /// Begins a transaction as the only writer of the whole database, other programs included.
    pub async fn begin_writing(
        self,
        conn: &mut AnyConnection,
    ) -> Result<sqlx::Transaction<'_, sqlx::Any>, Error> {
        match self {
            Self::Sqlite => conn.begin_with("BEGIN IMMEDIATE").await,
            Self::Postgres => {
                let mut tx = conn.begin().await?;
                tx.execute(WRITER_LOCK).await?;
                Ok(tx)
            }
        }
    }

    /// Makes the database itself refuse to change or delete an act. Written anew at every start,
    /// inside a writing transaction.
    pub async fn guard_acts(self, conn: &mut AnyConnection) -> Result<(), Error> {
        let statements: &[&'static str] = match self {
            Self::Sqlite => &[
                "CREATE TRIGGER IF NOT EXISTS act_is_not_changed BEFORE UPDATE ON act
                 BEGIN SELECT RAISE(ABORT, 'an act is never changed'); END",
                "CREATE TRIGGER IF NOT EXISTS act_is_not_deleted BEFORE DELETE ON act
                 BEGIN SELECT RAISE(ABORT, 'an act is never deleted'); END",
            ],
            Self::Postgres => &[
                "CREATE OR REPLACE FUNCTION act_is_kept() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'an act is never changed or deleted'; END $$",
                "CREATE OR REPLACE TRIGGER act_is_kept BEFORE UPDATE OR DELETE ON act
                 FOR EACH ROW EXECUTE FUNCTION act_is_kept()",
            ],
        };
        for statement in statements {
            conn.execute(*statement).await?;
        }
        Ok(())
    }

    /// Makes the index of the words of cases where there is none; whether it did. Inside a writing transaction.
    pub async fn make_case_words(self, conn: &mut AnyConnection) -> Result<bool, Error> {
        let (known, statements): (_, &[&'static str]) = match self {
            Self::Sqlite => (
                "SELECT count(*) FROM sqlite_master WHERE name = 'case_word'",
                // The tokenizer ends words at ASCII that is neither letter nor digit, which words do not hold.
                &["CREATE VIRTUAL TABLE case_word USING fts5(words, content = '', columnsize = 0, tokenize = 'ascii')"],
            ),
            Self::Postgres => (
                "SELECT count(*) FROM pg_class WHERE oid = to_regclass('case_word')",
                &[
                    "CREATE TABLE case_word (number BIGINT PRIMARY KEY, unit TEXT NOT NULL, text TEXT NOT NULL)",
                    "CREATE FUNCTION case_words(unit TEXT, words TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                        SELECT array_agg(DISTINCT unit || one || more.next)
                        FROM (SELECT one, lead(one) OVER (ORDER BY place) AS next
                            FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS each(one, place)) pair,
                            LATERAL (VALUES (''), (pair.next)) AS more(next)
                        WHERE more.next IS NOT NULL $$",
                    "CREATE INDEX case_word_words ON case_word USING gin (case_words(unit, text))",
                ],
            ),
        };
        let tables: i64 = sqlx::query_scalar(known).fetch_one(&mut *conn).await?;
        if tables == 0 {
            for statement in statements {
                conn.execute(*statement).await?;
            }
        }
        Ok(tables == 0)
    }

    /// Enters a case into the index of words under a number.
    pub(super) fn keep_words(self, number: i64, kept: Words) -> Vec<Piece> {
        use Piece::{Number, Sql, Text};
        match self {
            Self::Sqlite => vec![
                Sql("INSERT INTO case_word (rowid, words) SELECT "),
                Number(number),
                Sql(", "),
                Text(kept.words),
            ],
            // The database makes the words of the text.
            Self::Postgres => vec![
                Sql("INSERT INTO case_word (number, unit, text) SELECT "),
                Number(number),
                Sql(", "),
                Text(kept.scope),
                Sql(", "),
                Text(kept.text),
            ],
        }
    }

    /// Numbers of the cases in whose text the words stand; conditions may follow.
    pub(super) fn words_found(self, asked: Words) -> Vec<Piece> {
        use Piece::{Sql, Text};
        match self {
            Self::Sqlite => vec![
                Sql("SELECT rowid AS number FROM case_word WHERE case_word MATCH "),
                Text(format!("\"{}\"", asked.words)),
            ],
            Self::Postgres => vec![
                Sql(
                    "SELECT number FROM case_word WHERE case_words(unit, text) @> string_to_array(",
                ),
                Text(asked.words),
                Sql(", ' ') AND unit = "),
                Text(asked.scope),
                Sql(" AND text LIKE "),
                Text(format!("%{}%", asked.text)),
            ],
        }
    }

    /// Says along which index a table is read, behind its name. SQLite keeps no statistics here: it takes a scope for ten rows
    /// and would read all of it.
    pub(super) fn by_index(self, name: &str) -> String {
        match self {
            Self::Sqlite => format!("INDEXED BY {name}"),
            Self::Postgres => String::new(),
        }
    }

    /// Gathers the numbers of a query into one JSON text.
    pub(super) fn numbers_gathered(self) -> &'static str {
        match self {
            Self::Sqlite => "json_group_array(number)",
            Self::Postgres => "CAST(json_agg(number ORDER BY number DESC) AS TEXT)",
        }
    }

    /// A query for the numbers of such a text.
    pub(super) fn numbers_listed(self, text: String) -> Vec<Piece> {
        let (before, after) = match self {
            Self::Sqlite => ("SELECT value FROM json_each(", ")"),
            Self::Postgres => (
                "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(",
                " AS JSON)) AS listed(value)",
            ),
        };
        vec![Piece::Sql(before), Piece::Text(text), Piece::Sql(after)]
    }

    /// The condition that a case `u` with its file `f` holds a text, as it is read.
    pub(super) fn text_read(self, text: &str, asked: Words) -> Vec<Piece> {
        use Piece::{Sql, Text};
        match self {
            // Latin letters are alike in both sizes, and no others.
            Self::Sqlite => {
                let like = Text(within(text));
                vec![
                    Sql(" AND (f.id LIKE "),
                    like.clone(),
                    Sql(" ESCAPE '!' OR f.place LIKE "),
                    like.clone(),
                    Sql(" ESCAPE '!' OR f.description LIKE "),
                    like,
                    Sql(" ESCAPE '!')"),
                ]
            }
            Self::Postgres => vec![
                Sql(
                    " AND EXISTS (SELECT 1 FROM case_word w WHERE w.number = u.number AND w.text LIKE ",
                ),
                Text(format!("%{}%", asked.text)),
                Sql(")"),
            ],
        }
    }
}

/// What is `LIKE` a text that holds another, with `ESCAPE '!'`; nothing for nothing.
pub fn within(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let escaped = ['!', '%', '_']
        .into_iter()
        .fold(text.to_owned(), |text, c| text.replace(c, &format!("!{c}")));
    format!("%{escaped}%")
}

/// A database URL as it may be shown: without user and password.
pub fn address(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, address))) => format!("{scheme}://{address}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_databases_are_spoken() {
        assert_eq!(Dialect::of("sqlite:///x.db"), Some(Dialect::Sqlite));
        assert_eq!(Dialect::of("postgres://h/db"), Some(Dialect::Postgres));
        assert_eq!(Dialect::of("postgresql://h/db"), Some(Dialect::Postgres));
        assert_eq!(Dialect::of("mysql://h/db"), None);
        assert_eq!(Dialect::of("yuekao.db"), None);
    }

    #[test]
    fn an_address_hides_the_password() {
        assert_eq!(
            address("postgres://u:p@ss@db.example:5432/yuekao"),
            "postgres://db.example:5432/yuekao"
        );
        assert_eq!(
            address("sqlite:///srv/yuekao.db"),
            "sqlite:///srv/yuekao.db"
        );
    }
}
