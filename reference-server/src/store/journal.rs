//! Group commit: executions that begin or end together share a commit, so durability costs an fsync a batch.
//!
//! On SQLite one batch holds every tenant's rows. On PostgreSQL each tenant's rows are a transaction of their own, since
//! row-level security is set per transaction; batches of different tenants run side by side and the database's own group
//! commit gathers them.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::task::TaskTracker;

use super::{
    Database, Result, Store, begin_as, begin_writing,
    settlement::{self, NewExecution, Settlement},
};
use crate::{error::Problem, ids::TenantId};

/// How many may wait for a commit; beyond, the server sheds load with 503 instead of growing.
const QUEUE: usize = 4096;
/// A batch's largest size: bounds the transaction's time and the parameter's bytes.
const MAX_BATCH: usize = 256;
/// Transactions in flight on PostgreSQL: half of the pool, so that reads are never shut out.
const POSTGRES_IN_FLIGHT: usize = 8;

/// What is to be written, and who waits for it.
#[derive(Debug)]
enum Entry {
    Begin(NewExecution, oneshot::Sender<Result<()>>),
    Settle(Settlement, oneshot::Sender<Result<()>>),
}

impl Entry {
    fn tenant_id(&self) -> &TenantId {
        match self {
            Self::Begin(row, _) => &row.tenant_id,
            Self::Settle(row, _) => &row.tenant_id,
        }
    }

    fn begun(&self) -> Option<&NewExecution> {
        if let Self::Begin(row, _) = self { Some(row) } else { None }
    }

    fn settled(&self) -> Option<&Settlement> {
        if let Self::Settle(row, _) = self { Some(row) } else { None }
    }

    fn tell(self, outcome: Result<()>) {
        let (Self::Begin(_, done) | Self::Settle(_, done)) = self;
        // Whoever asked may have gone; what is written stays written.
        let _ = done.send(outcome);
    }
}

/// Takes executions' beginnings and ends, and says when each is durable.
#[derive(Clone, Debug)]
pub struct Journal {
    entries: mpsc::Sender<Entry>,
}

impl Journal {
    /// Starts the writer; it ends when the last handle is dropped and everything handed in is written.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (entries, inbox) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(store, inbox));
        Self { entries }
    }

    /// Writes an execution's beginning; durable when this returns.
    ///
    /// # Errors
    /// 503 where the queue is full or the database is gone; then nothing was written.
    pub async fn begin(&self, execution: NewExecution) -> Result<(), Problem> {
        let (done, written) = oneshot::channel();
        self.entries.try_send(Entry::Begin(execution, done)).map_err(|error| {
            let detail = "The server has more work waiting than it takes on. Try again in a moment.";
            Problem::unavailable("overloaded", detail, format!("the journal's queue: {error}"))
        })?;
        Ok(written.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))?)
    }

    /// Writes an execution's end; durable when this returns. Settling twice changes nothing.
    ///
    /// # Errors
    /// The database failed; the caller tries again.
    pub async fn settle(&self, settlement: Settlement) -> Result<()> {
        let (done, written) = oneshot::channel();
        self.entries.send(Entry::Settle(settlement, done)).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        written.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }
}

async fn write_all(store: Store, mut inbox: mpsc::Receiver<Entry>) {
    let slots = Arc::new(Semaphore::new(POSTGRES_IN_FLIGHT));
    let in_flight = TaskTracker::new();
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while inbox.recv_many(&mut batch, MAX_BATCH).await > 0 {
        match &*store.database {
            Database::Sqlite { .. } => write_batch(&store, None, std::mem::take(&mut batch)).await,
            Database::Postgres(_) => {
                for (tenant_id, entries) in by_tenant(batch.drain(..)) {
                    let slot = slots.clone().acquire_owned().await.expect("the semaphore is never closed");
                    let store = store.clone();
                    in_flight.spawn(async move {
                        write_batch(&store, Some(&tenant_id), entries).await;
                        drop(slot);
                    });
                }
            }
        }
    }
    in_flight.close();
    in_flight.wait().await;
}

fn by_tenant(entries: impl Iterator<Item = Entry>) -> HashMap<TenantId, Vec<Entry>> {
    let mut groups: HashMap<_, Vec<_>> = HashMap::new();
    for entry in entries {
        groups.entry(entry.tenant_id().clone()).or_default().push(entry);
    }
    groups
}

/// Writes a batch in one commit; where the database refuses a row, each entry alone, so that one bad row fails no other.
async fn write_batch(store: &Store, tenant_id: Option<&TenantId>, mut entries: Vec<Entry>) {
    let mut outcome = commit(store, tenant_id, &entries).await;
    if matches!(outcome, Err(sqlx::Error::Database(_))) && entries.len() > 1 {
        for entry in entries {
            let outcome = commit(store, tenant_id, std::slice::from_ref(&entry)).await;
            entry.tell(outcome);
        }
        return;
    }
    let last = entries.pop();
    for entry in entries {
        entry.tell(outcome.as_ref().map(|()| ()).map_err(|_| sqlx::Error::WorkerCrashed));
    }
    if let Some(last) = last {
        last.tell(std::mem::replace(&mut outcome, Ok(())));
    }
}

async fn commit(store: &Store, tenant_id: Option<&TenantId>, entries: &[Entry]) -> Result<()> {
    let begun: Vec<_> = entries.iter().filter_map(Entry::begun).collect();
    let settled: Vec<_> = entries.iter().filter_map(Entry::settled).collect();
    match (&*store.database, tenant_id) {
        (Database::Sqlite { write, .. }, _) => {
            let mut transaction = begin_writing(write).await?;
            if !begun.is_empty() {
                settlement::begin_sqlite(&mut transaction, &begun).await?;
            }
            if !settled.is_empty() {
                settlement::settle_sqlite(&mut transaction, &settled).await?;
            }
            transaction.commit().await
        }
        (Database::Postgres(pool), Some(tenant_id)) => {
            let mut transaction = begin_as(pool, tenant_id).await?;
            if !begun.is_empty() {
                settlement::begin_postgres(&mut transaction, &begun).await?;
            }
            if !settled.is_empty() {
                settlement::settle_postgres(&mut transaction, &settled).await?;
            }
            transaction.commit().await
        }
        (Database::Postgres(_), None) => unreachable!("PostgreSQL's batches are made per tenant"),
    }
}
