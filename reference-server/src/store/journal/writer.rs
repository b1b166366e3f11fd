//! Writing what was handed in: many entries in one commit, and where that is refused, in parts.

use std::{collections::HashMap, sync::Arc, time::Duration};

use sqlx::SqlitePool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::task::TaskTracker;

use super::{Entry, Written, parts::parts};
use crate::{
    ids::{ExecutionId, TenantId},
    store::{
        Database, Result, begin_for_many, begin_writing, checkpoint, is_locked, is_passing,
        settlement::{self, as_json},
    },
};

/// A batch's largest size: bounds the transaction's time and the parameter's bytes.
const MAX_BATCH: usize = 256;
/// Transactions in flight on PostgreSQL: they keep two cores busy, and a quarter of the pool.
const POSTGRES_IN_FLIGHT: usize = 4;
/// Transactions that wait for what somebody else has locked, beside those: with them it is half of the pool, so that reads are never
/// shut out.
const POSTGRES_WAITING: usize = 4;
/// After so many entries, what a SQLite file's log holds is copied into the file, beside the writer: who writes would wait for it.
const COPIED_AFTER: usize = 500;
/// How long a batch waits for what somebody else has locked, before that is left to wait for itself; and how long that waits.
const WAITED_FOR_OTHERS: Duration = Duration::from_millis(50);
const WAITED_FOR_A_LOCK: Duration = Duration::from_secs(2);

/// Writes what comes in, until nobody is left who could hand in more and everything is written.
pub(super) async fn write_all(database: Arc<Database>, mut inbox: mpsc::Receiver<Entry>) {
    let slots = Arc::new(Semaphore::new(POSTGRES_IN_FLIGHT));
    let waiting = Arc::new(Semaphore::new(POSTGRES_WAITING));
    let (mut written, copying) = (0, Arc::new(Semaphore::new(1)));
    let in_flight = TaskTracker::new();
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while inbox.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let entries = std::mem::take(&mut batch);
        match &*database {
            Database::Sqlite { read, .. } => {
                written += entries.len();
                // Nothing is locked there but the whole file, which is waited for.
                write_batch(&database, entries).await;
                if written >= COPIED_AFTER
                    && let Ok(turn) = copying.clone().try_acquire_owned()
                {
                    written = 0;
                    in_flight.spawn(copy_log(read.clone(), turn));
                }
            }
            Database::Postgres(_) => {
                let (database, waiting, others) = (database.clone(), waiting.clone(), in_flight.clone());
                let slot = slots.clone().acquire_owned().await.expect("the semaphore is never closed");
                in_flight.spawn(async move {
                    for locked in write_batch(&database, entries).await {
                        others.spawn(write_locked(database.clone(), locked, waiting.clone()));
                    }
                    drop(slot);
                });
            }
        }
    }
    in_flight.close();
    in_flight.wait().await;
}

/// Copies what the log holds into the file. The writer does it too, where that is too little.
async fn copy_log(readers: SqlitePool, _turn: OwnedSemaphorePermit) {
    if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&readers).await {
        tracing::warn!(%error, "the log of the database was not copied into its file");
    }
}

/// Entries that were not written, and why.
#[derive(Debug)]
struct Refused {
    error: sqlx::Error,
    entries: Vec<Entry>,
}

impl Refused {
    fn tell(self) {
        tracing::warn!(error = %self.error, entries = self.entries.len(), "a batch was not written");
        let mut error = Some(self.error);
        for entry in self.entries {
            // The error can't be copied: the first is told it, the rest that the writer failed.
            entry.tell(Err(error.take().unwrap_or(sqlx::Error::WorkerCrashed)));
        }
    }
}

/// Writes entries in one commit, and tells what came of it; but for what may go better otherwise, which is given back: several of
/// which the database refuses one, and what somebody else has locked.
async fn write_once(database: &Database, entries: Vec<Entry>, patience: Duration) -> Result<(), Refused> {
    match commit(database, &entries, patience).await {
        Ok(written) => entries.into_iter().for_each(|entry| entry.tell(Ok(&written))),
        Err(error) if is_locked(&error) => return Err(Refused { error, entries }),
        // Nobody knows whether it was written, or there is nothing to take apart.
        Err(error) if is_passing(&error) || entries.len() == 1 => Refused { error, entries }.tell(),
        Err(error) => return Err(Refused { error, entries }),
    }
    Ok(())
}

/// Writes a batch: together; where the database refuses that, tenant by tenant, and then one by one, so that one bad row fails no
/// other. Gives what somebody else has locked, so that it keeps nobody else waiting.
async fn write_batch(database: &Database, entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let Err(refused) = write_once(database, entries, WAITED_FOR_OTHERS).await else { return Vec::new() };
    let (mut of_tenants, mut locked) = (Vec::new(), Vec::new());
    let tenants = by_tenant(refused.entries);
    if tenants.len() == 1 {
        let entries = tenants.into_values().flatten().collect();
        of_tenants.push(Refused { error: refused.error, entries });
    } else {
        for entries in tenants.into_values() {
            of_tenants.extend(write_once(database, entries, WAITED_FOR_OTHERS).await.err());
        }
    }
    for Refused { error, entries } in of_tenants {
        if is_locked(&error) {
            locked.push(entries);
            continue;
        }
        for entry in entries {
            locked.extend(write_once(database, vec![entry], WAITED_FOR_OTHERS).await.err().map(|one| one.entries));
        }
    }
    locked
}

/// Writes what somebody else has locked, when that is given back; not for ever, since who asked tries again.
async fn write_locked(database: Arc<Database>, entries: Vec<Entry>, waiting: Arc<Semaphore>) {
    let _turn = waiting.acquire().await.expect("the semaphore is never closed");
    let Err(refused) = write_once(&database, entries, WAITED_FOR_A_LOCK).await else { return };
    if is_locked(&refused.error) {
        return refused.tell();
    }
    for entry in refused.entries {
        if let Err(refused) = write_once(&database, vec![entry], WAITED_FOR_A_LOCK).await {
            refused.tell();
        }
    }
}

fn by_tenant(entries: Vec<Entry>) -> HashMap<TenantId, Vec<Entry>> {
    let mut groups: HashMap<_, Vec<_>> = HashMap::new();
    for entry in entries {
        groups.entry(entry.tenant_id().clone()).or_default().push(entry);
    }
    groups
}

/// Writes a batch in one transaction: in the order of each execution's life.
async fn commit(database: &Database, entries: &[Entry], patience: Duration) -> Result<Written> {
    match database {
        Database::Sqlite { write, .. } => {
            let mut transaction = begin_writing(write).await?;
            let mut done = Written::default();
            let begun: Vec<_> = entries.iter().filter_map(Entry::begun).collect();
            if !begun.is_empty() {
                done.begun.extend(settlement::begin_sqlite(&mut transaction, &begun).await?);
            }
            let kept: Vec<_> = entries.iter().filter_map(Entry::checkpointed).collect();
            if !kept.is_empty() {
                done.checkpointed = checkpoint::checkpoint_sqlite(&mut transaction, &kept).await?;
            }
            let settled: Vec<_> = entries.iter().filter_map(Entry::settled).collect();
            if !settled.is_empty() {
                done.settled.extend(settlement::settle_sqlite(&mut transaction, &settled).await?);
            }
            are_still_there(entries)?;
            transaction.commit().await?;
            Ok(done)
        }
        Database::Postgres(pool) => {
            let parts = parts(entries);
            let mut transaction = begin_for_many(pool, patience).await?;
            let rows = sqlx::query_as("SELECT what, written, is_kept FROM write_journal($1::json)");
            let rows: Vec<(String, ExecutionId, bool)> =
                rows.bind(as_json(&parts)).fetch_all(&mut *transaction).await?;
            are_still_there(entries)?;
            transaction.commit().await?;
            Ok(Written::of(rows))
        }
    }
}

/// Whether the tenants of a batch still live where it is written.
fn are_still_there(entries: &[Entry]) -> Result<()> {
    entries.iter().try_for_each(|entry| entry.waiting().reached.is_still_there())
}
