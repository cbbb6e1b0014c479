//! The store: acts and the tables they have made, on SQLite in the data folder or on PostgreSQL.
//!
//! All writes go through one writer ([`Store::write`]); reads use a pool that cannot write.

pub mod account;
pub mod act;
pub mod agency;
pub mod area;
pub mod assignment;
pub mod backup;
pub mod board;
pub mod bulletin;
pub mod case;
pub mod case_rules;
pub mod citizen;
pub mod crew;
pub mod dialect;
mod ended;
pub mod evidence;
pub mod field;
pub mod field_photo;
pub mod frame;
pub mod grid;
pub mod handed;
pub mod host;
pub mod import;
pub mod incoming;
pub mod key;
pub mod observation;
pub mod photo;
pub mod picture;
pub mod plain;
pub mod plan;
pub mod rebuild;
pub mod round;
mod rows;
pub mod saved_view;
pub mod scheme;
pub mod seal;
pub mod session;
pub mod standard;
mod stay;
pub mod unit;
pub mod webhook;
pub mod writer;

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use assessment::message::Message;
use jiff::Timestamp;
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;

use dialect::Dialect;
use writer::{Connections, Pending, Tx, Writer};

/// What goes wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store said no, for a reason that people can act on.
    #[error("{0}")]
    Refused(Message),
    /// The transaction could not be committed; the log says why. Nothing was saved, unless the
    /// connection to PostgreSQL broke in the very moment of the commit.
    #[error("nothing was saved: the transaction could not be committed")]
    NotSaved,
    /// A database URL that is neither SQLite nor PostgreSQL.
    #[error("{0:?} is not a database URL of the form postgres://… or sqlite://…")]
    UnknownDatabase(String),
    /// A stored document does not read as what it should be.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The database does not answer; the address is without user and password.
    #[error("the database at {address} cannot be opened: {why}")]
    Unreachable {
        /// Host, port and name, or the file.
        address: String,
        /// What the driver says.
        why: sqlx::Error,
    },
    /// The database's own error.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought to the version of this program.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A file of the data folder could not be read or written.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
}

impl Error {
    /// A refusal without arguments.
    pub fn refused(key: &'static str) -> Self {
        Self::Refused(Message::new(key))
    }

    fn damaged(what: impl ToString) -> Self {
        Self::Damaged(what.to_string())
    }
}

/// Result of the store.
pub type Result<T> = std::result::Result<T, Error>;

/// How long a connection is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// An open store. Clones share it.
#[derive(Clone)]
pub struct Store {
    dialect: Dialect,
    folder: PathBuf,
    reading: AnyPool,
    writing: Connections,
    writer: Writer,
    grounds: std::sync::Arc<grid::Grounds>,
    unit_months: std::sync::Arc<unit::UnitMonths>,
    read_rules: std::sync::Arc<case_rules::ReadRules>,
    inbox: std::sync::Arc<field::Waiting>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?} in {})", self.dialect, self.folder.display())
    }
}

impl Store {
    /// Opens the store of a data folder, made if it is not there: by default the SQLite file in
    /// it, otherwise the database at `url` (the folder then holds the photos). Brings the tables
    /// to the version of this program.
    ///
    /// Errors: an unknown kind of URL, a database that cannot be reached, a failing migration.
    pub async fn open(folder: &Path, url: Option<&str>) -> Result<Self> {
        // Accounts and unpublished evidence: nobody else on the machine reads them.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let folder = std::path::absolute(folder)?;
        let url = url.map_or_else(|| Dialect::sqlite_url(&folder), str::to_owned);
        let dialect = Dialect::of(&url).ok_or_else(|| Error::UnknownDatabase(url.clone()))?;
        sqlx::any::install_default_drivers();
        let alone = || {
            AnyPoolOptions::new()
                .max_connections(1)
                .test_before_acquire(dialect.may_hang_up())
                .acquire_timeout(PATIENCE)
                // Kept as long as the store is open: with the last connection to SQLite its log goes away.
                .idle_timeout(None)
                .max_lifetime(None)
                .after_connect(move |conn, _| Box::pin(dialect.prepare_writing(conn)))
        };
        let writing = alone()
            .connect(&url)
            .await
            .map_err(|why| Error::Unreachable {
                address: dialect::address(&url),
                why,
            })?;
        sqlx::migrate!("./migrations").run(&writing).await?;
        {
            let mut conn = writing.acquire().await?;
            let mut tx = dialect.begin_writing(&mut conn).await?;
            dialect.guard_acts(&mut tx).await?;
            if dialect.make_case_words(&mut tx).await? {
                case::words::keep_all(&mut tx, dialect).await?;
            }
            tx.commit().await?;
        }
        let reading = AnyPoolOptions::new()
            .max_connections(8)
            .test_before_acquire(dialect.may_hang_up())
            .after_connect(move |conn, _| Box::pin(dialect.prepare_reading(conn)))
            .connect(&url)
            .await?;
        let log = dialect.keeps_log().then(|| alone().connect_lazy(&url));
        let log = log.transpose()?;
        let writing = Connections {
            sqlite: dialect.sqlite(&url)?,
            any: writing,
            log,
        };
        let writer = Writer::start(writing.clone(), dialect);
        Ok(Self {
            dialect,
            folder,
            reading,
            writing,
            writer,
            grounds: Default::default(),
            unit_months: Default::default(),
            read_rules: Default::default(),
            inbox: Default::default(),
        })
    }

    /// Waits for what is being read and written, and closes the database.
    pub async fn close(&self) {
        self.reading.close().await;
        let Connections { any, sqlite, log } = &self.writing;
        if let Some(log) = log {
            log.close().await;
        }
        if let Some((sqlite, _)) = sqlite {
            sqlite.close().await;
        }
        any.close().await;
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which database it is, for people.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Runs a request in the next transaction of the one writer and returns when its changes are
    /// on the disk. A request that returns an error leaves nothing behind.
    ///
    /// ```ignore
    /// store.write(move |tx| Box::pin(async move { tx.act(now, &who, &id, &deed).await })).await?
    /// ```
    ///
    /// Errors: the request's own, or [`Error::NotSaved`].
    pub async fn write<T, F>(&self, request: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> Pending<'t, Result<T>> + Send + 'static,
    {
        self.writer.write(request).await
    }

    /// Whether what is written is not saved: the disk or the database fails, until it is looked after.
    pub fn fails_to_write(&self) -> bool {
        self.writer.fails()
    }

    /// Units that are kept at hand.
    fn unit_months(&self) -> &unit::UnitMonths {
        &self.unit_months
    }

    /// Indexes of the ground that are kept at hand.
    fn grounds(&self) -> &grid::Grounds {
        &self.grounds
    }

    /// Connections for reading.
    pub fn reading(&self) -> &AnyPool {
        &self.reading
    }
}

/// A stored time: epoch milliseconds.
///
/// Errors: [`Error::Damaged`] if no calendar reaches that far.
pub fn moment(milliseconds: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(Error::damaged)
}

/// Thirty-two random bytes as hex: salts, session names, one-time tokens.
pub fn secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// SHA-256 as hex.
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

/// SHA-256 over parts, each preceded by its length in bytes.
pub fn digest_of<'a>(parts: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    for part in parts {
        hash.update(part.len().to_string());
        hash.update(":");
        hash.update(part);
    }
    hash.finalize().into()
}
