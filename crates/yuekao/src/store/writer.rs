//! The one writer: requests that have gathered are committed together, and acknowledged only when
//! they are on the disk.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyConnection, AnyPool, Executor as _};
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
type Job = Box<dyn for<'t> FnOnce(&'t mut Tx<'_>) -> Pending<'t, Outcome> + Send>;

/// Called when all is on the disk.
type Acknowledge = Box<dyn FnOnce() + Send>;

/// How a request ended: its acknowledgement, and whether its changes stay.
struct Outcome {
    keep: bool,
    acknowledge: Acknowledge,
}

/// The transaction in which a request writes.
pub struct Tx<'c> {
    inner: sqlx::Transaction<'c, sqlx::Any>,
    last_seq: i64,
    dialect: Dialect,
}

impl Tx<'_> {
    /// What the database speaks.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The connection, for statements.
    pub fn conn(&mut self) -> &mut AnyConnection {
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

/// Hands requests to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the writer on a pool of one connection; what it has written is written back on another, where there is a log.
    pub(super) fn start(pool: AnyPool, log: Option<AnyPool>, dialect: Dialect) -> Self {
        let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
        let committed = Arc::new(Notify::new());
        let work = async move {
            if let Some(log) = log {
                tokio::spawn(write_back(log, dialect, committed.clone()));
            }
            let mut batch = Vec::new();
            while jobs.recv_many(&mut batch, BATCH).await > 0 {
                let commit = commit(pool.clone(), dialect, std::mem::take(&mut batch));
                // A task of its own: a request that panics ends its batch, not the writer.
                match tokio::spawn(commit).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!(%error, "a transaction was not committed"),
                    Err(error) => tracing::error!(%error, "a write request panicked"),
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
    pub(super) async fn write<T, F>(&self, request: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> Pending<'t, Result<T>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            let pending = request(tx);
            Box::pin(async move {
                let result = pending.await;
                Outcome {
                    keep: result.is_ok(),
                    acknowledge: Box::new(move || drop(answer.send(result))),
                }
            })
        });
        self.queue.send(job).await.map_err(|_| Error::NotSaved)?;
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

/// Runs the requests of a batch and commits them together. If this fails, the acknowledgements are dropped and every
/// caller learns that nothing was saved.
///
/// Each stands behind a savepoint, so that one which is refused leaves the others; one that is alone needs none, and SQLite
/// then does not copy every page before its first change.
async fn commit(pool: AnyPool, dialect: Dialect, mut batch: Vec<Job>) -> sqlx::Result<()> {
    let mut conn = pool.acquire().await?;
    let mut inner = dialect.begin_writing(&mut conn).await?;
    let last_seq = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM act")
        .fetch_one(&mut *inner)
        .await?;
    let mut tx = Tx {
        inner,
        last_seq,
        dialect,
    };
    let mut acknowledgements = Vec::with_capacity(batch.len());
    if batch.len() == 1
        && let Some(alone) = batch.pop()
    {
        let outcome = alone(&mut tx).await;
        match outcome.keep {
            true => tx.inner.commit().await?,
            false => tx.inner.rollback().await?,
        }
        (outcome.acknowledge)();
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
