//! Group commit: executions that begin, go on or end together share a commit, so durability costs an fsync a batch.
//!
//! A batch holds every tenant's rows, so that many tenants cost no more than one. On PostgreSQL a function writes them tenant by
//! tenant, each under its own row security, and some batches are under way at a time.

mod parts;
mod writer;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::sync::{mpsc, oneshot};

use self::writer::write_all;
use super::{
    Database, Result, Store,
    checkpoint::Checkpoint,
    executions::ExecutionStatus,
    is_passing,
    place::Reached,
    settlement::{NewExecution, Settlement},
};
use crate::{
    error::Problem,
    ids::{ExecutionId, TenantId},
};

/// How many may wait for a commit; beyond, the server sheds load with 503 instead of growing.
const QUEUE: usize = 4096;

/// What is to be written, and who waits for it.
#[derive(Debug)]
enum Entry {
    Begin(NewExecution, Waiting),
    Checkpoint(Checkpoint, Waiting),
    Settle(Settlement, Waiting),
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: it was not to be done any more.
    Nothing,
    /// It is done.
    Done,
    /// It is done, and its conversation has no message of it: it was deleted meanwhile.
    Unkept,
}

impl Outcome {
    fn of(is_done: bool) -> Self {
        if is_done { Self::Done } else { Self::Nothing }
    }

    fn is_done(self) -> bool {
        self != Self::Nothing
    }
}

/// Who waits for an entry, and the tenant's place, which it holds until it is written: also where nobody waits any more.
#[derive(Debug)]
struct Waiting {
    done: oneshot::Sender<Result<Outcome>>,
    reached: Reached,
}

impl Waiting {
    fn tell(self, outcome: Result<Outcome>) {
        // Let go of first: whoever is told may move the tenant next.
        drop(self.reached);
        drop(self.done.send(outcome));
    }
}

impl Entry {
    fn tenant_id(&self) -> &TenantId {
        match self {
            Self::Begin(row, _) => &row.tenant_id,
            Self::Checkpoint(row, _) => &row.tenant_id,
            Self::Settle(row, _) => &row.tenant_id,
        }
    }

    fn waiting(&self) -> &Waiting {
        match self {
            Self::Begin(_, waiting) | Self::Checkpoint(_, waiting) | Self::Settle(_, waiting) => waiting,
        }
    }

    fn begun(&self) -> Option<&NewExecution> {
        if let Self::Begin(row, _) = self { Some(row) } else { None }
    }

    fn checkpointed(&self) -> Option<&Checkpoint> {
        if let Self::Checkpoint(row, _) = self { Some(row) } else { None }
    }

    fn settled(&self) -> Option<&Settlement> {
        if let Self::Settle(row, _) = self { Some(row) } else { None }
    }

    /// Tells the outcome; whoever asked may have gone, and what is written stays written.
    fn tell(self, outcome: Result<&Written>) {
        match self {
            Self::Begin(row, waiting) => {
                waiting.tell(outcome.map(|written| Outcome::of(written.begun.contains(&row.execution_id))));
            }
            Self::Checkpoint(row, waiting) => {
                waiting.tell(outcome.map(|written| Outcome::of(written.checkpointed.contains(&row.execution_id))));
            }
            Self::Settle(row, waiting) => {
                waiting.tell(outcome.map(|written| match written.settled.get(&row.execution_id) {
                    None => Outcome::Nothing,
                    Some(false) if row.status == ExecutionStatus::Completed => Outcome::Unkept,
                    Some(_) => Outcome::Done,
                }));
            }
        }
    }
}

/// The executions of a batch that were changed by it: whose key was nobody else's, and which still ran.
#[derive(Debug, Default)]
struct Written {
    begun: HashSet<ExecutionId>,
    checkpointed: Vec<ExecutionId>,
    /// With whether their conversations have their messages.
    settled: HashMap<ExecutionId, bool>,
}

impl Written {
    /// What PostgreSQL's function says.
    fn of(rows: Vec<(String, ExecutionId, bool)>) -> Self {
        let mut written = Self::default();
        for (what, execution_id, is_kept) in rows {
            match what.as_str() {
                "begun" => drop(written.begun.insert(execution_id)),
                "checkpointed" => written.checkpointed.push(execution_id),
                _ => drop(written.settled.insert(execution_id, is_kept)),
            }
        }
        written
    }
}

/// Takes executions' beginnings, progress and ends, and says when each is durable.
#[derive(Clone, Debug)]
pub struct Journal {
    store: Store,
}

/// Where the entries of one database go.
#[derive(Clone, Debug)]
pub(super) struct Writer(mpsc::Sender<Entry>);

impl Writer {
    /// Starts the writer of a database; it ends when the last handle is dropped and everything handed in is written.
    fn start(database: Arc<Database>) -> Self {
        let (entries, inbox) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(database, inbox));
        Self(entries)
    }
}

impl Journal {
    /// The journal of a store: each of its databases has a writer of its own.
    #[must_use]
    pub fn start(store: Store) -> Self {
        Self { store }
    }

    /// Reaches the database that the tenant lives in, and its writer.
    async fn reach(&self, tenant_id: &TenantId) -> Result<(Writer, Reached)> {
        let reached = self.store.tenant(tenant_id.clone()).reach().await?;
        let home = reached.home().ok_or(sqlx::Error::PoolClosed)?;
        let writer = home.writer.get_or_init(|| Writer::start(reached.database().clone())).clone();
        Ok((writer, reached))
    }

    /// Hands an entry in, and waits until it is written.
    async fn write(&self, tenant_id: TenantId, entry: impl FnOnce(Waiting) -> Entry) -> Result<Outcome> {
        let (writer, reached) = self.reach(&tenant_id).await?;
        let (done, written) = oneshot::channel();
        writer.0.send(entry(Waiting { done, reached })).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        written.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }

    /// Writes an execution's beginning; durable when this returns. Gives whether it has begun: `false` where its key is another
    /// execution's, or the counters that it was reserved with stand no longer, and then nothing was written.
    ///
    /// # Errors
    /// See [`BeginError`].
    pub async fn begin(&self, execution: NewExecution) -> Result<bool, BeginError> {
        let (writer, reached) = self.reach(&execution.tenant_id).await.map_err(BeginError::Refused)?;
        let (done, written) = oneshot::channel();
        let entry = Entry::Begin(execution, Waiting { done, reached });
        writer.0.try_send(entry).map_err(|_| BeginError::Overloaded)?;
        match written.await.unwrap_or(Err(sqlx::Error::WorkerCrashed)) {
            Ok(outcome) => Ok(outcome.is_done()),
            Err(error @ sqlx::Error::Database(_)) if !is_passing(&error) => Err(BeginError::Refused(error)),
            Err(error) => Err(BeginError::Uncertain(error)),
        }
    }

    /// Writes what an execution has come to; durable when this returns. Gives whether it still runs: where it does not, nothing
    /// is changed.
    ///
    /// # Errors
    /// The database failed; the caller tries again.
    pub async fn checkpoint(&self, checkpoint: Checkpoint) -> Result<bool> {
        let writing = self.write(checkpoint.tenant_id.clone(), |waiting| Entry::Checkpoint(checkpoint, waiting));
        writing.await.map(Outcome::is_done)
    }

    /// Writes an execution's end; durable when this returns. Where it was settled before, nothing is changed.
    ///
    /// # Errors
    /// The database failed; the caller tries again.
    pub async fn settle(&self, settlement: Settlement) -> Result<Outcome> {
        self.write(settlement.tenant_id.clone(), |waiting| Entry::Settle(settlement, waiting)).await
    }
}

/// Why an execution was not begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// More is waiting than the server takes on; nothing was written.
    #[error("the journal's queue is full")]
    Overloaded,
    /// The database refused the row; nothing was written.
    #[error("the database refused the execution: {0}")]
    Refused(#[source] sqlx::Error),
    /// The connection was lost; the row may be there, if only the answer to the commit was lost.
    #[error("the connection was lost while an execution was begun: {0}")]
    Uncertain(#[source] sqlx::Error),
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Overloaded => {
                let detail = "The server has more work waiting than it takes on. Try again in a moment.";
                Self::unavailable("overloaded", detail, error)
            }
            BeginError::Refused(error) | BeginError::Uncertain(error) => error.into(),
        }
    }
}
