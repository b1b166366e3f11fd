//! The five quotas: all reserved in one all-or-nothing step before the work, settled to what was used after it.
//!
//! The counters are either this process's own ([`in_process`]), exact because checking and counting happen under one lock a
//! tenant, or shared over Redis ([`shared`]), exact because they are one script. Either way the database is what they are loaded
//! from, and a settlement is committed there before it is counted.

mod counters;
mod in_process;
mod refusal;
mod reservation;
pub mod shared;
mod storage;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};

pub use counters::Snapshot;
use in_process::InProcess;
use reservation::Held;
pub use reservation::Reservation;
pub use shared::SharedCounters;
pub use storage::{LoadedCounters, StorageHold};

use crate::{
    auth::Caller,
    clock::{self, Clock},
    error::{Problem, Result},
    ids::{ExecutionId, TenantId},
    money::Micros,
    store::{Store, TenantStore},
    tenancy::BYTES_PER_MB,
};

/// What a token of an answer takes of the storage quota until the answer is there: twice what one of English takes. An answer that
/// is longer all the same is kept.
pub const BYTES_PER_TOKEN: i64 = 8;

/// Bytes as a number of megabytes.
#[must_use]
pub fn megabytes(bytes: i64) -> serde_json::Number {
    #[expect(clippy::cast_precision_loss, reason = "exact to 2^53 bytes, eight thousand terabytes")]
    let megabytes = bytes as f64 / BYTES_PER_MB as f64;
    serde_json::Number::from_f64(megabytes).unwrap_or_else(|| 0.into())
}

/// What an execution asks for before its work.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Whether tokens and spend count; for test keys only the request, the slot and the storage do.
    pub metered: bool,
    /// Tokens that the first round reads.
    pub input_tokens: i64,
    /// Tokens that it may write at most in all.
    pub max_output_tokens: i64,
    /// Whether the caller named that figure; if not, it is cut to what remains.
    pub output_is_fixed: bool,
    /// The price of a token read.
    pub input_price: Micros,
    /// The price of a token written.
    pub output_price: Micros,
    /// Bytes of the message, which the conversation keeps.
    pub message_bytes: i64,
}

/// What an execution came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Tokens, read and written.
    pub tokens: i64,
    /// What they are worth.
    pub spend: Micros,
    /// Bytes that its conversation has grown by.
    pub bytes: i64,
}

/// The counters of every tenant.
#[derive(Debug)]
pub struct Quotas {
    clock: Clock,
    books: Books,
    /// Whether another server may count for the same tenants beside this process: then nothing is executed.
    is_contested: AtomicBool,
}

#[derive(Debug)]
enum Books {
    InProcess(InProcess),
    Shared(Arc<SharedCounters>),
}

impl Quotas {
    /// Counters that tell time by `clock`: this process's own, or shared with other servers.
    #[must_use]
    pub fn new(clock: Clock, shared: Option<Arc<SharedCounters>>) -> Self {
        Self {
            clock,
            books: shared.map_or_else(|| Books::InProcess(InProcess::default()), Books::Shared),
            is_contested: AtomicBool::new(false),
        }
    }

    /// Says whether this process may have lost its seat at the database: see [`crate::store::seat`].
    pub fn set_contested(&self, is_contested: bool) {
        self.is_contested.store(is_contested, Ordering::SeqCst);
    }

    /// Refuses a request that has no chance, before its size is counted at some cost; holds nothing. Shared counters are asked
    /// but once, when that size is known.
    ///
    /// # Errors
    /// 429 with the quota that refused. 503 where the database is gone.
    pub async fn admit(&self, caller: &Caller) -> Result<()> {
        let Books::InProcess(own) = &self.books else { return Ok(()) };
        let now = self.clock.now();
        own.of(&caller.store, now).await?.lock().admit(now, &caller.limits)
    }

    /// Reserves a request, tokens, spend, a slot and storage for an execution started at `now`, all or nothing.
    ///
    /// # Errors
    /// 429 with the quota that refused; nothing is counted then. 503 where the database or Redis is gone.
    pub async fn reserve(
        &self,
        caller: &Caller,
        execution_id: &ExecutionId,
        ask: Ask,
        now: DateTime<Utc>,
    ) -> Result<Reservation> {
        if self.is_contested.load(Ordering::SeqCst) {
            return Err(Problem::quota_unavailable("this server has lost its seat at the database"));
        }
        let (held, max_output_tokens) = match &self.books {
            Books::InProcess(own) => {
                let counters = own.of(&caller.store, now).await?;
                let (reserved, output) = counters.lock().reserve(now, &caller.limits, ask)?;
                (Held::in_process(counters, reserved, self.clock.clone()), output)
            }
            Books::Shared(shared) => {
                let (hold, output) = shared.reserve(caller, execution_id, ask, now).await?;
                (Held::shared(shared.clone(), hold), output)
            }
        };
        Ok(Reservation::new(held, caller.limits, max_output_tokens))
    }

    /// Takes `bytes` of storage, or refuses.
    ///
    /// # Errors
    /// 429 where they don't fit. 503 where the database is gone.
    pub async fn store_bytes(&self, caller: &Caller, bytes: i64) -> Result<StorageHold> {
        let now = self.clock.now();
        match &self.books {
            Books::InProcess(own) => {
                let counters = own.of(&caller.store, now).await?;
                counters.lock().take_storage(&caller.limits, bytes)?;
                Ok(StorageHold::in_process(counters, bytes))
            }
            Books::Shared(shared) => {
                let epoch = shared.take_storage(caller, bytes, now).await?;
                Ok(StorageHold::shared(shared.clone(), caller.tenant_id().clone(), epoch, bytes))
            }
        }
    }

    /// The tenant's counters, loaded: to be taken before something is changed that they don't hold yet.
    ///
    /// # Errors
    /// 503 where the database is gone.
    pub async fn load(&self, store: &TenantStore) -> Result<LoadedCounters> {
        let now = self.clock.now();
        match &self.books {
            Books::InProcess(own) => own.of(store, now).await.map(LoadedCounters::in_process),
            Books::Shared(shared) => {
                // Without Redis nothing is known of counters, and whatever is changed now is no part of those to come.
                let epoch = shared.epoch(store, now).await.ok();
                Ok(LoadedCounters::shared(shared.clone(), store.tenant_id().clone(), epoch))
            }
        }
    }

    /// What the counters say now; without Redis, what the database says.
    ///
    /// # Errors
    /// 503 where the database is gone.
    pub async fn snapshot(&self, store: &TenantStore) -> Result<Snapshot> {
        let now = self.clock.now();
        match &self.books {
            Books::InProcess(own) => Ok(own.of(store, now).await?.lock().snapshot(now)),
            Books::Shared(shared) => match shared.snapshot(store, now).await {
                Ok(snapshot) => Ok(snapshot),
                Err(_) => Ok(Snapshot::by_the_database(store, now).await?),
            },
        }
    }

    /// Executions started in the clock hour, and when that began; a moment old where the counters are shared.
    ///
    /// # Errors
    /// 503 where the database is gone.
    pub async fn requests(&self, store: &TenantStore) -> Result<(DateTime<Utc>, i64)> {
        if let Books::Shared(shared) = &self.books
            && let Some(seen) = shared.seen(store.tenant_id())
            && seen.hour == clock::hour_of(self.clock.now())
        {
            return Ok((seen.hour, seen.requests));
        }
        self.snapshot(store).await.map(|snapshot| (snapshot.hour, snapshot.requests))
    }

    /// Renews the leases of what this server runs, and loads anew what dead servers have left.
    pub async fn keep(&self, store: &Store, running: Vec<(TenantId, ExecutionId)>) {
        let Books::Shared(shared) = &self.books else { return };
        if let Err(error) = shared.keep(store, running, self.clock.now()).await {
            tracing::warn!(%error, "the leases of executions were not renewed");
        }
    }

    /// Says that the shared counters of an epoch stand no longer by the database: they are loaded anew, if nobody has yet.
    pub fn was_lost(&self, tenant_id: &TenantId, epoch: &str) {
        if let Books::Shared(shared) = &self.books {
            shared.recount(tenant_id, Some(epoch));
        }
    }

    /// Forgets what was counted for a tenant of this id, who has been purged: from here on it is somebody else's.
    pub fn begin_anew(&self, tenant_id: &TenantId) {
        match &self.books {
            Books::InProcess(own) => own.forget_tenant(tenant_id),
            Books::Shared(shared) => shared.recount(tenant_id, None),
        }
    }

    /// Forgets what this process has counted, while nothing runs: another server may have counted too.
    pub fn forget(&self) {
        if let Books::InProcess(own) = &self.books {
            own.forget();
        }
    }
}
