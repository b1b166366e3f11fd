//! The five quotas: all reserved in one all-or-nothing step before the work, settled to what was used after it.
//!
//! The counters of this process are loaded from the ledger when a tenant is first seen, and are exact under any concurrency:
//! checking and counting happen under one lock a tenant.

mod counters;
mod refusal;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;

pub use counters::Snapshot;
use counters::{Counters, Reserved};

use crate::{
    auth::Caller,
    clock::{self, Clock},
    error::Result,
    ids::TenantId,
    money::Micros,
    store::TenantStore,
    tenancy::Limits,
};

/// One megabyte of the storage quota: the unit of SI.
pub const BYTES_PER_MB: i64 = 1_000_000;

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
    /// Whether tokens and spend count; for test keys only the request and the slot do.
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
}

type Shared = Arc<Mutex<Counters>>;

/// The counters of every tenant seen by this process.
#[derive(Debug)]
pub struct Quotas {
    clock: Clock,
    tenants: Mutex<HashMap<TenantId, Arc<OnceCell<Shared>>>>,
}

/// What is held for one execution until it is settled or dropped; both give back what was not used, once.
#[derive(Debug)]
pub struct Reservation {
    counters: Shared,
    limits: Limits,
    clock: Clock,
    held: Option<Reserved>,
    /// How many tokens the execution may write.
    pub max_output_tokens: i64,
}

impl Quotas {
    /// Counters that tell time by `clock`.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, tenants: Mutex::default() }
    }

    async fn counters(&self, store: &TenantStore) -> Result<Shared> {
        let cell = {
            let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
            tenants.entry(store.tenant_id().clone()).or_default().clone()
        };
        let counters = cell
            .get_or_try_init(|| async {
                let now = self.clock.now();
                let (hour, month) = (clock::hour_of(now), clock::month_of(now));
                let started = store.executions_since(hour).await?;
                let used = store.usage_since(month).await?;
                let bytes = store.storage_bytes().await?;
                Ok::<_, sqlx::Error>(Arc::new(Mutex::new(Counters::new((hour, started), (month, used), bytes))))
            })
            .await?;
        Ok(counters.clone())
    }

    /// Refuses a request that has no chance, before its size is counted at some cost; holds nothing.
    ///
    /// # Errors
    /// 429 with the quota that refused. 503 where the database is gone.
    pub async fn admit(&self, caller: &Caller) -> Result<()> {
        let counters = self.counters(&caller.store).await?;
        lock(&counters).admit(self.clock.now(), &caller.limits)
    }

    /// Reserves a request, tokens, spend and a slot for an execution started at `now`, all or nothing.
    ///
    /// # Errors
    /// 429 with the quota that refused; nothing is counted then. 503 where the database is gone.
    pub async fn reserve(&self, caller: &Caller, ask: Ask, now: DateTime<Utc>) -> Result<Reservation> {
        let counters = self.counters(&caller.store).await?;
        let (held, max_output_tokens) = lock(&counters).reserve(now, &caller.limits, ask)?;
        Ok(Reservation {
            counters,
            limits: caller.limits,
            clock: self.clock.clone(),
            held: Some(held),
            max_output_tokens,
        })
    }

    /// Takes `bytes` of storage, or refuses.
    ///
    /// # Errors
    /// 429 where they don't fit. 503 where the database is gone.
    pub async fn store_bytes(&self, caller: &Caller, bytes: i64) -> Result<StorageHold> {
        let counters = self.counters(&caller.store).await?;
        lock(&counters).take_storage(&caller.limits, bytes)?;
        Ok(StorageHold { counters, bytes })
    }

    /// The tenant's counters, loaded: to be taken before something is changed that they don't hold yet.
    ///
    /// # Errors
    /// 503 where the database is gone.
    pub async fn load(&self, store: &TenantStore) -> Result<LoadedCounters> {
        self.counters(store).await.map(LoadedCounters)
    }

    /// What the counters say now.
    ///
    /// # Errors
    /// 503 where the database is gone.
    pub async fn snapshot(&self, store: &TenantStore) -> Result<Snapshot> {
        let counters = self.counters(store).await?;
        Ok(lock(&counters).snapshot(self.clock.now()))
    }
}

impl Reservation {
    /// Reserves more for a further round's input; `false` where the quota does not allow it.
    pub fn top_up(&mut self, input_tokens: i64, input_price: Micros) -> bool {
        let Some(held) = &mut self.held else { return false };
        lock(&self.counters).top_up(self.clock.now(), &self.limits, held, input_tokens, input_price.times(input_tokens))
    }

    /// Tokens held so far.
    #[must_use]
    pub fn tokens(&self) -> i64 {
        self.held.as_ref().map_or(0, |held| held.tokens)
    }

    /// Dollars held so far.
    #[must_use]
    pub fn spend(&self) -> Micros {
        self.held.as_ref().map_or(Micros::ZERO, |held| held.spend)
    }

    /// Replaces what was held by what was used: after the ledger's commit. `bytes` is what the messages take.
    pub fn settle(mut self, tokens: i64, spend: Micros, bytes: i64) {
        if let Some(held) = self.held.take() {
            let mut counters = lock(&self.counters);
            counters.release(self.clock.now(), &held, tokens, spend);
            counters.storage_changed(bytes);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // The execution was never begun: everything is given back, the request too. Or its end could not be written before the
        // server stopped; then the next start counts from the ledger.
        if let Some(held) = self.held.take() {
            lock(&self.counters).give_back(self.clock.now(), &held);
        }
    }
}

/// Counters that were loaded before a settlement, and so don't hold it.
#[derive(Debug)]
pub struct LoadedCounters(Shared);

impl LoadedCounters {
    /// Counts what an execution started at `started_at` used.
    pub fn charge(&self, started_at: DateTime<Utc>, tokens: i64, spend: Micros) {
        lock(&self.0).charge(started_at, tokens, spend);
    }

    /// Counts bytes that were stored, or deleted where they are negative.
    pub fn storage_changed(&self, bytes: i64) {
        lock(&self.0).storage_changed(bytes);
    }
}

/// Storage that was taken; given back when it is dropped without being kept.
#[derive(Debug)]
pub struct StorageHold {
    counters: Shared,
    bytes: i64,
}

impl StorageHold {
    /// What was taken is stored now.
    pub fn keep(mut self) {
        self.bytes = 0;
    }
}

impl Drop for StorageHold {
    fn drop(&mut self) {
        if self.bytes != 0 {
            lock(&self.counters).storage_changed(-self.bytes);
        }
    }
}

fn lock(counters: &Shared) -> std::sync::MutexGuard<'_, Counters> {
    counters.lock().unwrap_or_else(PoisonError::into_inner)
}
