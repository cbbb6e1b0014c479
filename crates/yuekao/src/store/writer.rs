//! The one writer: requests that have gathered are committed together, and acknowledged only when
//! they are on the disk.

use std::fs::File;
use std::future::Future;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Any, AnyPool, Connection as _, Database, Executor as _, Sqlite, SqlitePool};
use tokio::sync::{Notify, mpsc, oneshot};

use super::dialect::Dialect;
use super::{Error, Result};

/// Requests committed in one transaction at most.
const BATCH: usize = 256;
/// Between two looks at the log.
const PAUSE: Duration = Duration::from_millis(50);
/// Requests that may wait before callers have to.
const QUEUE: usize = 1024;

/// What a request returns while it runs: a boxed future that borrows the transaction.
pub type Pending<'t, T> = Pin<Box<dyn Future<Output = T> + Send + 't>>;
type Job<DB> = Box<dyn for<'t> FnOnce(&'t mut Tx<'_, DB>) -> Pending<'t, Outcome> + Send>;

/// A request for either connection.
pub(super) enum Request {
    /// Speaks whatever the database is.
    Any(Job<Any>),
    /// Speaks to SQLite itself, in a transaction of its own.
    Sqlite(Job<Sqlite>),
}

/// Called when all is on the disk.
type Acknowledge = Box<dyn FnOnce() + Send>;

/// How a request ended: its acknowledgement, and whether its changes stay.
pub(super) struct Outcome {
    keep: bool,
    acknowledge: Acknowledge,
}

/// The transaction in which a request writes. Parcels of findings are many rows, which SQLite is handed without a copy of
/// every text when it is spoken to itself; everything else goes through what both databases have in common.
pub struct Tx<'c, DB: Database = Any> {
    inner: sqlx::Transaction<'c, DB>,
    last_seq: i64,
    dialect: Dialect,
}

impl<DB: Database> Tx<'_, DB> {
    /// What the database speaks.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The connection, for statements.
    pub fn conn(&mut self) -> &mut DB::Connection {
        &mut self.inner
    }

    /// The number of the last act, which is the one that is being applied.
    pub(super) fn seq(&self) -> i64 {
        self.last_seq
    }

    /// The number of the next act: without gaps, in the order of commits.
    pub(super) fn next_seq(&mut self) -> i64 {
        self.last_seq += 1;
        self.last_seq
    }
}

/// A way to the database that requests can ask for.
pub(super) trait Way: Database {
    /// A request that goes this way.
    fn request(job: Job<Self>) -> Request;
}

impl Way for Any {
    fn request(job: Job<Self>) -> Request {
        Request::Any(job)
    }
}

impl Way for Sqlite {
    fn request(job: Job<Self>) -> Request {
        Request::Sqlite(job)
    }
}

/// Hands requests to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Request>,
}

/// The connections of the one writer, who uses one at a time.
#[derive(Clone)]
pub(super) struct Connections {
    /// Whatever the database is.
    pub(super) any: AnyPool,
    /// The same file, if it is SQLite, and its log.
    pub(super) sqlite: Option<(SqlitePool, PathBuf)>,
    /// What has been written is written back on this one, where there is a log.
    pub(super) log: Option<AnyPool>,
}

impl Writer {
    /// Starts the writer.
    pub(super) fn start(connections: Connections, dialect: Dialect) -> Self {
        let (queue, mut requests) = mpsc::channel::<Request>(QUEUE);
        let committed = Arc::new(Notify::new());
        let work = async move {
            let Connections { any, sqlite, log } = connections;
            if let Some(log) = log {
                tokio::spawn(write_back(log, dialect, committed.clone()));
            }
            let sqlite = sqlite.map(|(pool, log)| {
                let (written, waiting) = mpsc::unbounded_channel();
                tokio::spawn(sync(log, waiting));
                (pool, written)
            });
            let mut batch = Vec::new();
            while requests.recv_many(&mut batch, BATCH).await > 0 {
                if sqlite
                    .as_ref()
                    .is_some_and(|(_, written)| written.is_closed())
                {
                    return;
                }
                let mut together = Vec::new();
                for request in batch.drain(..) {
                    match (request, &sqlite) {
                        (Request::Any(job), _) => together.push(job),
                        (Request::Sqlite(job), Some((pool, written))) => {
                            let commit = commit_alone(pool.clone(), dialect, job);
                            if let Some(acknowledge) = ended(commit).await {
                                // If nobody takes it, its caller learns that nothing was saved.
                                let _ = written.send(acknowledge);
                            }
                        }
                        // Its caller learns that nothing was saved.
                        (Request::Sqlite(_), None) => {}
                    }
                }
                if !together.is_empty() {
                    ended(commit(any.clone(), dialect, together)).await;
                }
                committed.notify_one();
            }
        };
        thread(work);
        Self { queue }
    }

    /// Runs a request and returns when its changes are on the disk.
    ///
    /// Errors: the request's own, which leaves nothing of it behind and the others untouched, or
    /// [`Error::NotSaved`] if the transaction as a whole could not be committed.
    pub(super) async fn write<DB, T, F>(&self, request: F) -> Result<T>
    where
        DB: Way,
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx<'_, DB>) -> Pending<'t, Result<T>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job<DB> = Box::new(move |tx| {
            let pending = request(tx);
            Box::pin(async move {
                let result = pending.await;
                Outcome {
                    keep: result.is_ok(),
                    acknowledge: Box::new(move || drop(answer.send(result))),
                }
            })
        });
        let sent = self.queue.send(DB::request(job)).await;
        sent.map_err(|_| Error::NotSaved)?;
        answered.await.map_err(|_| Error::NotSaved)?
    }
}

/// Runs the writer on a thread of its own: everybody waits for it, so it does not wait behind those who are answered.
fn thread(work: impl Future<Output = ()> + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the writer");
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || runtime.block_on(work))
        .expect("a thread for the writer");
}

/// Looks after the log whenever something was committed, though not more often than [`PAUSE`], until the store is closed.
async fn write_back(log: AnyPool, dialect: Dialect, committed: Arc<Notify>) {
    loop {
        committed.notified().await;
        let done = match log.acquire().await {
            Ok(mut conn) => dialect.write_back(&mut conn).await,
            Err(_) if log.is_closed() => return,
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the log was not written back; the writer will do it");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits for a transaction, which is a task of its own: a request that panics ends its batch, not the writer.
async fn ended<T: Send + 'static>(
    commit: impl Future<Output = sqlx::Result<T>> + Send + 'static,
) -> Option<T> {
    match tokio::spawn(commit).await {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(error)) => tracing::error!(%error, "a transaction was not committed"),
        Err(error) => tracing::error!(%error, "a write request panicked"),
    }
    None
}

/// Brings what has been committed to the disk, all that has gathered at once, and tells its callers. If the disk fails, this
/// ends, and the writer with it: what is written later would stand in the log behind a gap.
async fn sync(log: PathBuf, mut committed: mpsc::UnboundedReceiver<Acknowledge>) {
    let mut file: Option<File> = None;
    let mut gathered = Vec::new();
    while committed.recv_many(&mut gathered, QUEUE).await > 0 {
        let (log, known) = (log.clone(), file.take());
        let synced = tokio::task::spawn_blocking(move || {
            // There is a log, since something has been committed. It stays open, so that no error is missed, as long as it
            // is the log: another is made where all connections were closed.
            let there = std::fs::metadata(&log)?.ino();
            let file = match known {
                Some(file) if file.metadata()?.ino() == there => file,
                _ => File::open(log)?,
            };
            file.sync_data().map(|()| file)
        });
        match synced.await.unwrap_or_else(|panic| Err(panic.into())) {
            Ok(synced) => file = Some(synced),
            Err(error) => {
                tracing::error!(%error, "the log was not brought to the disk; look after the disk and start the program again");
                return;
            }
        }
        gathered.drain(..).for_each(|acknowledge| acknowledge());
    }
}

/// The number of the last act.
const LAST_SEQ: &str = "SELECT COALESCE(MAX(seq), 0) FROM act";

/// Runs a request that speaks to SQLite itself, and commits it: it is in the log, but that may not be on the disk yet.
async fn commit_alone(
    pool: SqlitePool,
    dialect: Dialect,
    job: Job<Sqlite>,
) -> sqlx::Result<Acknowledge> {
    let mut conn = pool.acquire().await?;
    let mut inner = conn.begin_with("BEGIN IMMEDIATE").await?;
    let last_seq = sqlx::query_scalar(LAST_SEQ).fetch_one(&mut *inner).await?;
    let tx = Tx {
        inner,
        last_seq,
        dialect,
    };
    tx.end(job).await
}

impl<DB: Database> Tx<'_, DB> {
    /// Runs the only request of this transaction and ends it.
    async fn end(mut self, job: Job<DB>) -> sqlx::Result<Acknowledge> {
        let outcome = job(&mut self).await;
        match outcome.keep {
            true => self.inner.commit().await?,
            false => self.inner.rollback().await?,
        }
        Ok(outcome.acknowledge)
    }
}

/// Runs the requests of a batch and commits them together. If this fails, the acknowledgements are dropped and every
/// caller learns that nothing was saved.
///
/// Each stands behind a savepoint, so that one which is refused leaves the others; one that is alone needs none, and SQLite
/// then does not copy every page before its first change.
async fn commit(pool: AnyPool, dialect: Dialect, mut batch: Vec<Job<Any>>) -> sqlx::Result<()> {
    let mut conn = pool.acquire().await?;
    let mut inner = dialect.begin_writing(&mut conn).await?;
    let last_seq = sqlx::query_scalar(LAST_SEQ).fetch_one(&mut *inner).await?;
    let mut tx = Tx {
        inner,
        last_seq,
        dialect,
    };
    let mut acknowledgements = Vec::with_capacity(batch.len());
    if batch.len() == 1
        && let Some(alone) = batch.pop()
    {
        let acknowledge = tx.end(alone).await?;
        acknowledge();
        return Ok(());
    }
    for job in batch {
        let seq_before = tx.last_seq;
        tx.conn().execute("SAVEPOINT request").await?;
        let outcome = job(&mut tx).await;
        if !outcome.keep {
            tx.conn().execute("ROLLBACK TO SAVEPOINT request").await?;
            tx.last_seq = seq_before;
        }
        tx.conn().execute("RELEASE SAVEPOINT request").await?;
        acknowledgements.push(outcome.acknowledge);
    }
    tx.inner.commit().await?;
    for acknowledge in acknowledgements {
        acknowledge();
    }
    Ok(())
}
