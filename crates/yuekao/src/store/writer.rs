//! The one writer: requests that have gathered are committed together, and acknowledged only when
//! they are on the disk.

use std::fs::File;
use std::future::Future;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
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
/// So long after a transaction that was not committed it is said that writing fails, unless another one was.
const LATELY: Duration = Duration::from_secs(60);

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
    failed: Failed,
}

/// When the last transaction failed, unless one was committed since.
#[derive(Clone, Default)]
struct Failed(Arc<Mutex<Option<Instant>>>);

impl Failed {
    fn set(&self, at: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    fn lately(&self) -> bool {
        let at = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| at.elapsed() < LATELY)
    }
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
        let mut log = connections.sqlite.as_ref().map(|(_, path)| Log {
            path: path.clone(),
            file: None,
        });
        Self::start_with(connections, dialect, move || {
            log.as_mut().map_or(Ok(()), Log::sync)
        })
    }

    /// Starts the writer, with what brings the log to the disk.
    fn start_with(
        connections: Connections,
        dialect: Dialect,
        to_disk: impl FnMut() -> io::Result<()> + Send + 'static,
    ) -> Self {
        let (queue, mut requests) = mpsc::channel::<Request>(QUEUE);
        let committed = Arc::new(Notify::new());
        let failed = Failed::default();
        let noted = failed.clone();
        let work = async move {
            let Connections { any, sqlite, log } = connections;
            if let Some(log) = log {
                tokio::spawn(write_back(log, dialect, committed.clone()));
            }
            let sqlite = sqlite.map(|(pool, _)| {
                let (written, waiting) = mpsc::unbounded_channel();
                tokio::spawn(sync(to_disk, waiting));
                (pool, written)
            });
            let disk_fails = async || match &sqlite {
                Some((_, written)) => written.closed().await,
                None => std::future::pending().await,
            };
            let mut batch = Vec::new();
            loop {
                let gathered = tokio::select! {
                    biased;
                    () = disk_fails() => return,
                    gathered = requests.recv_many(&mut batch, BATCH) => gathered,
                };
                if gathered == 0 {
                    return;
                }
                let mut together = Vec::new();
                for request in batch.drain(..) {
                    match (request, &sqlite) {
                        (Request::Any(job), _) => together.push(job),
                        (Request::Sqlite(job), Some((pool, written))) => {
                            let commit = commit_alone(pool.clone(), dialect, job);
                            if let Some(acknowledge) = ended(commit, &noted).await {
                                // If nobody takes it, its caller learns that nothing was saved.
                                let _ = written.send(acknowledge);
                            }
                        }
                        // Its caller learns that nothing was saved.
                        (Request::Sqlite(_), None) => {}
                    }
                }
                if !together.is_empty() {
                    let commit = commit(any.clone(), dialect, together);
                    for acknowledge in ended(commit, &noted).await.unwrap_or_default() {
                        acknowledge();
                    }
                }
                committed.notify_one();
            }
        };
        thread(work);
        Self { queue, failed }
    }

    /// Whether what is written is not saved: the writer has ended, or its last transaction failed not long ago.
    pub(super) fn fails(&self) -> bool {
        self.queue.is_closed() || self.failed.lately()
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
    failed: &Failed,
) -> Option<T> {
    match tokio::spawn(commit).await {
        Ok(Ok(done)) => {
            failed.set(None);
            return Some(done);
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a transaction was not committed");
            failed.set(Some(Instant::now()));
        }
        Err(error) => tracing::error!(%error, "a write request panicked"),
    }
    None
}

/// The log of SQLite. Its file stays open, so that no error is missed, as long as it is the log: another is made where all
/// connections were closed.
struct Log {
    path: PathBuf,
    file: Option<File>,
}

impl Log {
    /// Brings it to the disk. It is there, since something has been committed.
    fn sync(&mut self) -> io::Result<()> {
        let there = std::fs::metadata(&self.path)?.ino();
        let file = match self.file.take() {
            Some(file) if file.metadata()?.ino() == there => file,
            _ => File::open(&self.path)?,
        };
        file.sync_data()?;
        self.file = Some(file);
        Ok(())
    }
}

/// Brings what has been committed to the disk, all that has gathered at once, and tells its callers. If the disk fails, this
/// ends, and the writer with it: what is written later would stand in the log behind a gap.
async fn sync(
    mut to_disk: impl FnMut() -> io::Result<()> + Send + 'static,
    mut committed: mpsc::UnboundedReceiver<Acknowledge>,
) {
    let mut gathered = Vec::new();
    while committed.recv_many(&mut gathered, QUEUE).await > 0 {
        let synced = tokio::task::spawn_blocking(move || to_disk().map(|()| to_disk));
        match synced.await.unwrap_or_else(|panic| Err(panic.into())) {
            Ok(again) => to_disk = again,
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

/// Whatever came of a transaction: after an error nobody can say whether the connection is still within it, and it is closed,
/// so that another one is made. SQLite may have undone it by itself, as on a full disk, and then refuses to be asked for it.
fn left<DB: Database, T>(mut conn: PoolConnection<DB>, done: sqlx::Result<T>) -> sqlx::Result<T> {
    if done.is_err() {
        conn.close_on_drop();
    }
    done
}

/// Runs a request that speaks to SQLite itself, and commits it: it is in the log, but that may not be on the disk yet.
async fn commit_alone(
    pool: SqlitePool,
    dialect: Dialect,
    job: Job<Sqlite>,
) -> sqlx::Result<Acknowledge> {
    let mut conn = pool.acquire().await?;
    let done = async {
        let mut inner = conn.begin_with("BEGIN IMMEDIATE").await?;
        let last_seq = sqlx::query_scalar(LAST_SEQ).fetch_one(&mut *inner).await?;
        let tx = Tx {
            inner,
            last_seq,
            dialect,
        };
        tx.end(job).await
    };
    let done = done.await;
    left(conn, done)
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
async fn commit(
    pool: AnyPool,
    dialect: Dialect,
    batch: Vec<Job<Any>>,
) -> sqlx::Result<Vec<Acknowledge>> {
    let mut conn = pool.acquire().await?;
    let done = async {
        let mut inner = dialect.begin_writing(&mut conn).await?;
        let last_seq = sqlx::query_scalar(LAST_SEQ).fetch_one(&mut *inner).await?;
        let tx = Tx {
            inner,
            last_seq,
            dialect,
        };
        tx.end_all(batch).await
    };
    let done = done.await;
    left(conn, done)
}

impl Tx<'_> {
    /// Runs the requests of this transaction and ends it.
    ///
    /// Each stands behind a savepoint, so that one which is refused leaves the others; one that is alone needs none, and SQLite
    /// then does not copy every page before its first change.
    async fn end_all(mut self, mut batch: Vec<Job<Any>>) -> sqlx::Result<Vec<Acknowledge>> {
        if batch.len() == 1
            && let Some(alone) = batch.pop()
        {
            return Ok(vec![self.end(alone).await?]);
        }
        let mut acknowledgements = Vec::with_capacity(batch.len());
        for job in batch {
            let seq_before = self.last_seq;
            self.conn().execute("SAVEPOINT request").await?;
            let outcome = job(&mut self).await;
            if !outcome.keep {
                self.conn().execute("ROLLBACK TO SAVEPOINT request").await?;
                self.last_seq = seq_before;
            }
            self.conn().execute("RELEASE SAVEPOINT request").await?;
            acknowledgements.push(outcome.acknowledge);
        }
        self.inner.commit().await?;
        Ok(acknowledgements)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc as gate;

    use super::*;
    use crate::store::Store;

    /// Keeps a text of so many bytes.
    fn keeping<DB: Way>(
        name: &'static str,
        bytes: i64,
    ) -> impl for<'t> FnOnce(&'t mut Tx<'_, DB>) -> Pending<'t, Result<()>> + Send + 'static
    where
        for<'t> Tx<'t, DB>: super::super::rows::Rows,
    {
        use super::super::rows::Rows as _;
        move |tx| {
            let text = "x".repeat(bytes as usize);
            let statement =
                "INSERT OR FAIL INTO frozen (digest, text, at) VALUES ($1, $2, 0)".to_owned();
            Box::pin(async move { tx.run(statement, vec![name.into(), text.into()]).await })
        }
    }

    /// Lets the database grow no further, on this connection.
    fn filling<DB: Way>()
    -> impl for<'t> FnOnce(&'t mut Tx<'_, DB>) -> Pending<'t, Result<()>> + Send + 'static
    where
        for<'t> Tx<'t, DB>: super::super::rows::Rows,
    {
        use super::super::rows::Rows as _;
        |tx| Box::pin(async move { tx.run("PRAGMA max_page_count = 1".to_owned(), vec![]).await })
    }

    async fn survives_a_full_disk<DB: Way>(store: &Store)
    where
        for<'t> Tx<'t, DB>: super::super::rows::Rows,
    {
        let writer = &store.writer;
        for alone in [true, false] {
            assert!(!writer.fails());
            writer.write::<DB, _, _>(filling()).await.unwrap();
            let large = writer.write::<DB, _, _>(keeping("large", 1 << 20));
            let saved = match alone {
                true => large.await,
                // Behind a savepoint, with others.
                false => {
                    let beside =
                        ["a", "b", "c"].map(|name| writer.write::<DB, _, _>(keeping(name, 9)));
                    futures_util::join!(large, futures_util::future::join_all(beside)).0
                }
            };
            assert!(saved.is_err());
            while alone && !writer.fails() {
                tokio::time::sleep(PAUSE).await;
            }
            let name = if alone { "one" } else { "other" };
            writer
                .write::<DB, _, _>(keeping(name, 9))
                .await
                .expect("the next one is saved");
        }
        assert!(!writer.fails());
    }

    #[tokio::test]
    async fn a_transaction_that_fails_leaves_the_next_one_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), None).await.unwrap();
        survives_a_full_disk::<Any>(&store).await;
        sqlx::query("DELETE FROM frozen")
            .fetch_all(&store.writing.any)
            .await
            .unwrap();
        survives_a_full_disk::<Sqlite>(&store).await;
        store.close().await;
    }

    #[tokio::test]
    async fn nothing_is_acknowledged_before_it_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), None).await.unwrap();
        let (disk, waits) = gate::channel::<io::Result<()>>();
        let (begun, mut syncing) = mpsc::unbounded_channel();
        let to_disk = move || {
            begun.send(()).map_err(io::Error::other)?;
            waits.recv().map_err(io::Error::other)?
        };
        let writer = Writer::start_with(store.writing.clone(), store.dialect, to_disk);
        let write = |name| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.write::<Sqlite, _, _>(keeping(name, 9)).await })
        };
        let kept = async || {
            let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM frozen");
            count.fetch_one(store.reading()).await.unwrap()
        };

        let first = write("first");
        syncing.recv().await.unwrap();
        assert_eq!(kept().await, 1, "it is committed");
        tokio::time::sleep(PAUSE).await;
        assert!(!first.is_finished(), "and not on the disk yet");
        disk.send(Ok(())).unwrap();
        assert!(first.await.unwrap().is_ok());

        let second = write("second");
        syncing.recv().await.unwrap();
        assert!(!second.is_finished() && !writer.fails());
        disk.send(Err(io::Error::other("no disk"))).unwrap();
        assert!(matches!(second.await.unwrap(), Err(Error::NotSaved)));
        assert!(matches!(
            write("third").await.unwrap(),
            Err(Error::NotSaved)
        ));
        assert!(writer.fails());
        assert_eq!(kept().await, 2, "nothing is written behind a gap");
        store.close().await;
    }
}
