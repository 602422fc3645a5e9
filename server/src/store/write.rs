//! The one way to change the database: a re-runnable closure in one transaction.
//!
//! On SQLite one writer takes the closures that wait, gives each its own savepoint, and commits them together: the
//! price of a durable commit is shared. On PostgreSQL each closure has its own transaction. Either way the work runs in
//! a task of its own, so that a client that hangs up cannot cut it in half, and a conflict runs it again.

use crate::services::error::Error;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, SqlErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

/// The transaction that a use case runs in.
pub type Tx = DatabaseTransaction;

/// How often a use case is run again after a conflict.
const TRIES: u32 = 8;
/// How many use cases share one commit on SQLite at the most.
const GROUP: usize = 64;

/// What is told to a use case once the shared commit is done.
type Answer = Box<dyn FnOnce(Result<(), DbErr>) + Send>;
/// A use case waiting for the SQLite writer, and whether what it changes shows on public pages.
struct Job {
    run: Run,
    shows: bool,
}
/// Besides the answer it says whether the transaction is still what it was.
type Run = Box<dyn for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, (Answer, bool)> + Send>;

/// The database: readers, and the one way to write.
#[derive(Clone)]
pub struct Db {
    readers: DatabaseConnection,
    writer: Writer,
    tasks: TaskTracker,
    generation: Generation,
}

/// Counts the commits after which a public page may look different.
#[derive(Clone, Default)]
struct Generation(Arc<AtomicU64>);

impl Generation {
    fn step(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// How busy the database is.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Use cases waiting for SQLite's writer.
    pub queue: usize,
    /// Write use cases under way, the waiting ones among them.
    pub writes: usize,
    /// Connections for reading that are open.
    pub open: usize,
    /// Those of them that are idle.
    pub idle: usize,
}

#[derive(Clone)]
enum Writer {
    /// SQLite: the queue of the one writer.
    Queue(mpsc::Sender<Job>, DatabaseConnection),
    /// PostgreSQL: the pool.
    Pool(DatabaseConnection),
}

impl Db {
    pub(super) fn sqlite(readers: DatabaseConnection, writer: DatabaseConnection) -> Self {
        let (sender, receiver) = mpsc::channel(1024);
        let tasks = TaskTracker::new();
        let generation = Generation::default();
        tokio::spawn(run_queue(writer.clone(), receiver, generation.clone()));
        Self {
            readers,
            writer: Writer::Queue(sender, writer),
            tasks,
            generation,
        }
    }

    pub(super) fn postgres(pool: DatabaseConnection) -> Self {
        Self {
            readers: pool.clone(),
            writer: Writer::Pool(pool),
            tasks: TaskTracker::new(),
            generation: Generation::default(),
        }
    }

    /// How many commits this process has made that public pages may show. Who keeps a page reads this before reading
    /// anything else for it: the page is right for as long as the number stays.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.0.load(Ordering::SeqCst)
    }

    /// Says that the database was changed past [`Db::write`]: what was kept of it is no longer right.
    pub fn changed(&self) {
        self.generation.step();
    }

    /// A connection to read with.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The connection that may change the schema.
    #[must_use]
    pub const fn schema(&self) -> &DatabaseConnection {
        match &self.writer {
            Writer::Queue(_, writer) | Writer::Pool(writer) => writer,
        }
    }

    /// Which engine it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.readers.get_database_backend()
    }

    /// How busy it is.
    #[must_use]
    pub fn load(&self) -> Load {
        let queue = match &self.writer {
            Writer::Queue(queue, _) => queue.max_capacity() - queue.capacity(),
            Writer::Pool(_) => 0,
        };
        let (open, idle) = if self.backend() == DbBackend::Postgres {
            let pool = self.readers.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.readers.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        };
        Load {
            queue,
            writes: self.tasks.len(),
            open: usize::try_from(open).unwrap_or(usize::MAX),
            idle,
        }
    }

    /// A transaction that sees one state of the whole database, for checks that read much.
    ///
    /// # Errors
    /// When the engine cannot be reached.
    #[expect(
        clippy::disallowed_methods,
        reason = "a reader's transaction: it is never committed"
    )]
    pub async fn snapshot(&self) -> Result<Tx, DbErr> {
        self.readers
            .begin_with_options(TransactionOptions {
                isolation_level: (self.backend() == DbBackend::Postgres)
                    .then_some(sea_orm::IsolationLevel::RepeatableRead),
                access_mode: (self.backend() == DbBackend::Postgres).then_some(sea_orm::AccessMode::ReadOnly),
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            })
            .await
    }

    /// A transaction to load a whole backup in: nothing else writes meanwhile.
    ///
    /// # Errors
    /// When the engine cannot be reached.
    #[expect(
        clippy::disallowed_methods,
        reason = "a load of many minutes is no re-runnable closure, and nobody else writes meanwhile"
    )]
    pub async fn load_whole(&self) -> Result<Tx, DbErr> {
        self.schema().begin().await
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing. `work` may run more than once and must
    /// therefore change nothing but the database.
    ///
    /// # Errors
    /// What `work` answers, or the database's error once it was tried again often enough.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_as(true, work).await
    }

    /// The same for what no public page shows: sessions, sign-in tries, baskets. Pages that are kept stay.
    ///
    /// # Errors
    /// What `work` answers, or the database's error once it was tried again often enough.
    pub async fn write_quietly<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_as(false, work).await
    }

    async fn write_as<T, F>(&self, shows: bool, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        let db = self.clone();
        let work = Arc::new(work);
        let running = self.tasks.spawn(async move {
            let mut tries = 0;
            loop {
                tries += 1;
                let outcome = match &db.writer {
                    Writer::Queue(queue, _) => in_queue(queue, Arc::clone(&work), shows).await,
                    Writer::Pool(pool) => {
                        in_own_transaction(pool, &*work, shows.then_some(&db.generation)).await
                    }
                };
                match outcome {
                    Err(error) if tries < TRIES && met(&error) => {
                        metrics::counter!("jizhou_write_retries_total").increment(1);
                        // Apart by a little more each time, so that those who collided do not meet again.
                        let wait_ms = u64::from(tries) * 3 + u64::from(rand::random::<u8>() % 8);
                        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                    }
                    outcome => return outcome,
                }
            }
        });
        running
            .await
            .unwrap_or_else(|join| Err(Error::Fault(anyhow::anyhow!("a write use case panicked: {join}"))))
    }

    /// Sees something through that asks the outside and writes down what it answers: in a task of its own, which the program waits for
    /// when it stops, so that a client that hangs up cannot cut it in half. No transaction is held meanwhile.
    ///
    /// # Errors
    /// What `work` answers.
    pub async fn see_through<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let running = self.tasks.spawn(work);
        running
            .await
            .unwrap_or_else(|join| Err(Error::Fault(anyhow::anyhow!("a use case panicked: {join}"))))
    }

    /// Waits until every use case that is under way has ended; new ones are still let in.
    pub async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn in_own_transaction<T, F>(
    pool: &DatabaseConnection,
    work: &F,
    generation: Option<&Generation>,
) -> Result<T, Error>
where
    F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>>,
{
    #[expect(clippy::disallowed_methods, reason = "this is the one write helper")]
    let tx = pool.begin().await?;
    match work(&tx).await {
        Ok(done) => {
            let committed = tx.commit().await;
            // A commit whose answer was lost may have happened.
            if let Some(generation) = generation {
                generation.step();
            }
            committed?;
            Ok(done)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

async fn in_queue<T, F>(queue: &mpsc::Sender<Job>, work: Arc<F>, shows: bool) -> Result<T, Error>
where
    T: Send + 'static,
    F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let run: Run = Box::new(move |tx| {
        async move {
            let ended = AssertUnwindSafe(in_savepoint(tx, &*work)).catch_unwind().await;
            let panicked = |_| {
                let fault = anyhow::anyhow!("a write use case panicked");
                (Err(Error::Fault(fault)), true)
            };
            let (outcome, sound) = ended.unwrap_or_else(panicked);
            let answer: Answer = Box::new(move |committed| {
                let outcome = outcome.and_then(|done| committed.map(|()| done).map_err(Error::Database));
                // Nobody listens any more when the program is going down.
                let _ = sender.send(outcome);
            });
            (answer, sound)
        }
        .boxed()
    });
    let closed = || Error::Database(DbErr::Conn(RuntimeErr::Internal("the writer has stopped".into())));
    queue.send(Job { run, shows }).await.map_err(|_| closed())?;
    receiver.await.map_err(|_| closed())?
}

/// Runs one use case in its savepoint. When the disk fails, SQLite gives up the whole transaction by itself: the
/// savepoint is gone then, and nothing more may be done over this connection.
async fn in_savepoint<T, F>(tx: &Tx, work: &F) -> (Result<T, Error>, bool)
where
    F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>>,
{
    #[expect(clippy::disallowed_methods, reason = "this is the one write helper")]
    let savepoint = match tx.begin().await {
        Ok(savepoint) => savepoint,
        Err(error) => return (Err(error.into()), false),
    };
    match work(&savepoint).await {
        Ok(done) => match savepoint.commit().await {
            Ok(()) => (Ok(done), true),
            Err(error) => (Err(error.into()), false),
        },
        Err(error) => {
            let back = savepoint.rollback().await;
            (Err(error), back.is_ok())
        }
    }
}

/// The SQLite writer: takes what waits, runs each in its savepoint, commits once, then answers all.
#[expect(clippy::disallowed_methods, reason = "this is the one write helper")]
async fn run_queue(writer: DatabaseConnection, mut queue: mpsc::Receiver<Job>, generation: Generation) {
    while let Some(first) = queue.recv().await {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = match writer.begin_with_options(immediate).await {
            Ok(tx) => tx,
            Err(error) => {
                // The jobs are dropped unanswered: each caller sees a closed channel and reports it.
                tracing::error!(%error, "the writer could not begin");
                discard(&writer).await;
                continue;
            }
        };
        let mut shows = first.shows;
        let (answer, mut sound) = (first.run)(&tx).await;
        let mut answers = vec![answer];
        while sound && answers.len() < GROUP {
            match queue.try_recv() {
                Ok(next) => {
                    shows |= next.shows;
                    let (answer, still) = (next.run)(&tx).await;
                    answers.push(answer);
                    sound = still;
                }
                Err(_) => break,
            }
        }
        if let Ok(size) = u32::try_from(answers.len()) {
            metrics::histogram!("jizhou_write_group_size").record(size);
        }
        let committed = if sound {
            tx.commit().await
        } else {
            drop(tx);
            Err(DbErr::Custom("the transaction was given up".to_owned()))
        };
        if let Err(error) = &committed {
            tracing::error!(%error, "the writer could not commit");
            discard(&writer).await;
        }
        // Before anybody is told: who was told then finds no older page.
        if shows {
            generation.step();
        }
        for answer in answers {
            // Whatever the cause, asking again under the same key is right: it finds what was kept, or does it now.
            let told = committed
                .as_ref()
                .map(|&()| ())
                .map_err(|error| DbErr::Conn(RuntimeErr::Internal(error.to_string())));
            answer(told);
        }
    }
}

/// Throws the writer's connection away, so that the next use case begins over a new one. After a failed disk the driver
/// believes in transactions that SQLite has given up: what was written then would look committed and would not be.
async fn discard(writer: &DatabaseConnection) {
    match writer.get_sqlite_connection_pool().acquire().await {
        Ok(connection) => {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "a broken connection was not closed in good order");
            }
        }
        Err(error) => tracing::error!(%error, "the broken connection could not be thrown away"),
    }
}

fn met(error: &Error) -> bool {
    match error {
        Error::Again => true,
        Error::Database(error) => is_retryable(error),
        Error::Refused(_) | Error::Fault(_) => false,
    }
}

/// Whether running the use case again may help: two writers met.
#[must_use]
pub fn is_retryable(error: &DbErr) -> bool {
    // 40001 serialization failure, 40P01 deadlock (PostgreSQL); 5 and 517 busy (SQLite).
    matches!(sql_state(error).as_deref(), Some("40001" | "40P01" | "5" | "517")) || is_unique(error)
}

/// Whether a unique key was hit. A use case that meets one runs again and then sees the other's row.
#[must_use]
pub fn is_unique(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether the database could not be reached, or could not write just now: nothing is wrong with what was asked.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
            match inner.as_ref() {
                sea_orm::sqlx::Error::Io(_)
                | sea_orm::sqlx::Error::PoolTimedOut
                | sea_orm::sqlx::Error::PoolClosed => true,
                sea_orm::sqlx::Error::Database(database) => {
                    database.code().is_some_and(|code| says_not_now(&code))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Codes of a database that was stopped, has too many guests, or has a full disk.
fn says_not_now(code: &str) -> bool {
    let postgres = matches!(
        code,
        "57P01" | "57P02" | "57P03" | "53300" | "53100" | "25006" | "58030"
    );
    // SQLite: 13 is a full disk; the lowest eight bits of an extended code say 10 for a failed read or write.
    let sqlite = code.len() <= 4
        && code
            .parse::<u32>()
            .is_ok_and(|number| number == 13 || number % 256 == 10);
    postgres || sqlite
}

fn sql_state(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(inner) | DbErr::Query(inner) | DbErr::Conn(inner)) = error else {
        return None;
    };
    match inner {
        RuntimeErr::SqlxError(inner) => match inner.as_ref() {
            sea_orm::sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
            _ => None,
        },
        RuntimeErr::Internal(_) => None,
    }
}
