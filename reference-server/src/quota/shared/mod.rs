//! Counters that servers share over Redis: one script for all five quotas, one round trip.
//!
//! Redis is never the truth. A settlement is committed to the database first and then counted, once, by the execution's id.
//! Counters that were lost are loaded from the database in a new epoch, which the database knows: what was reserved in an earlier
//! one begins no execution. So nothing is counted twice or forgotten, whenever Redis or a server dies.

mod afterwards;
mod link;
mod loading;
mod scripts;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Instant,
};

use chrono::{DateTime, Utc};
use redis::ScriptInvocation;
use tokio::sync::mpsc;

use self::{
    afterwards::Later,
    link::Link,
    loading::{HOUR, MONTH, Turns},
};
use super::{Ask, BYTES_PER_TOKEN, Snapshot, refusal};
use crate::{
    auth::Caller,
    clock::{Clock, hour_of, month_of},
    config::RedisUrl,
    error::{Problem, Result},
    ids::{ExecutionId, TenantId},
    money::Micros,
    recent::Recent,
    store::{Store, TenantStore},
    tenancy::Limits,
};

/// How long an execution's slot is held without a sign of its server, in milliseconds: six missed heartbeats.
const LEASE_MS: i64 = 30_000;
/// How often a step is tried whose counters had to be loaded before: they can be lost again right away.
const TRIES: usize = 4;
/// Leases that are renewed in one step: bounds how long Redis is held.
const RENEWED_AT_ONCE: usize = 200;

/// Why Redis could not be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unavailable {
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    #[error("the counters could not be loaded: {0}")]
    Store(#[from] sqlx::Error),
    #[error("the counters were lost each time that they were loaded")]
    Restless,
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::Store(error) => error.into(),
            other => Self::quota_unavailable(other),
        }
    }
}

/// See the module.
#[derive(Debug)]
pub struct SharedCounters {
    clock: Clock,
    link: Link,
    turns: Turns,
    later: mpsc::UnboundedSender<Later>,
    /// Tenants that are to be counted anew, and wait in `later`.
    to_invalidate: Mutex<HashSet<TenantId>>,
    /// Requests of the clock hour, as they were seen a moment ago.
    seen: Recent<TenantId, Seen>,
}

/// How many requests of a clock hour were counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) hour: DateTime<Utc>,
    pub(super) requests: i64,
    asked: Instant,
}

/// What Redis holds for an execution.
#[derive(Clone, Debug)]
pub(super) struct SharedHold {
    pub(super) tenant_id: TenantId,
    pub(super) execution_id: ExecutionId,
    pub(super) epoch: String,
    pub(super) tokens: i64,
    pub(super) spend: Micros,
    pub(super) bytes: i64,
}

impl SharedCounters {
    /// Counters at this address. Nothing is asked yet: a server starts also while Redis is away.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(url: &RedisUrl, clock: Clock) -> anyhow::Result<Arc<Self>> {
        let (later, queue) = mpsc::unbounded_channel();
        let link = Link::new(url.client()?);
        let counters = Arc::new(Self {
            clock,
            link,
            turns: Turns::default(),
            later,
            to_invalidate: Mutex::default(),
            seen: Recent::default(),
        });
        tokio::spawn(afterwards::work(Arc::downgrade(&counters), queue));
        Ok(counters)
    }

    pub(super) async fn reserve(
        self: &Arc<Self>,
        caller: &Caller,
        execution_id: &ExecutionId,
        ask: Ask,
        now: DateTime<Utc>,
    ) -> Result<(SharedHold, i64)> {
        let limits = &caller.limits;
        let tenant_id = caller.tenant_id();
        let arguments = |call: &mut ScriptInvocation<'_>| {
            name(call, tenant_id, Some(execution_id), now, true);
            call.arg(i64::from(ask.metered)).arg(i64::from(ask.output_is_fixed));
            call.arg(ask.input_tokens).arg(ask.max_output_tokens);
            call.arg(ask.input_price.0).arg(ask.output_price.0).arg(ask.message_bytes).arg(BYTES_PER_TOKEN);
            call.arg(limits.max_requests_per_hour).arg(limits.max_concurrent_agents);
            call.arg(limits.max_tokens_per_month).arg(limits.max_spend_per_month.0).arg(limits.max_bytes());
            call.arg(LEASE_MS);
        };
        // Whatever becomes of the answer, and of whoever waits for it: what was reserved does not stay.
        let undo = Undo { counters: self, tenant_id, execution_id, is_off: false };
        for _ in 0..TRIES {
            let asked = Instant::now();
            let answer: Vec<String> = self.link.run(&scripts::RESERVE, arguments).await.map_err(Unavailable::from)?;
            let figure = |at: usize| answer.get(at).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
            match answer.first().map(String::as_str) {
                Some("reserved") => {
                    self.saw(tenant_id, Seen { hour: hour_of(now), requests: figure(6), asked });
                    undo.off();
                    let hold = SharedHold {
                        tenant_id: tenant_id.clone(),
                        execution_id: execution_id.clone(),
                        epoch: answer[1].clone(),
                        tokens: figure(2),
                        spend: Micros(figure(3)),
                        bytes: figure(4),
                    };
                    return Ok((hold, figure(5)));
                }
                Some("refused") => {
                    undo.off();
                    if answer[1] == "requests" {
                        self.saw(tenant_id, Seen { hour: hour_of(now), requests: figure(2), asked });
                    }
                    return Err(refused(&answer[1], limits, (figure(2), figure(3)), now));
                }
                _ => self.load(&caller.store, now).await?,
            }
        }
        Err(Unavailable::Restless.into())
    }

    pub(super) async fn top_up(
        &self,
        store: &TenantStore,
        hold: &mut SharedHold,
        limits: &Limits,
        tokens: i64,
        spend: Micros,
    ) -> bool {
        if hold.tokens == 0 {
            // A test key's execution is not metered.
            return true;
        }
        match self.raise(store, hold, limits, (hold.tokens + tokens, hold.spend + spend)).await {
            Ok(true) => {
                hold.tokens += tokens;
                hold.spend += spend;
                true
            }
            Ok(false) => false,
            Err(error) => {
                tracing::warn!(execution_id = %hold.execution_id, %error, "a further round could not be reserved");
                false
            }
        }
    }

    async fn raise(
        &self,
        store: &TenantStore,
        hold: &SharedHold,
        limits: &Limits,
        (tokens, spend): (i64, Micros),
    ) -> Result<bool, Unavailable> {
        // First to the database: counters that are loaded from it hold no less than the execution does.
        store.raise_reservation(&hold.execution_id, tokens, spend).await?;
        for _ in 0..TRIES {
            let answer: Vec<String> = self
                .link
                .run(&scripts::RAISE, |call| {
                    call.arg(hold.tenant_id.as_str()).arg(hold.execution_id.as_str()).arg(tokens).arg(spend.0);
                    call.arg(limits.max_tokens_per_month).arg(limits.max_spend_per_month.0);
                })
                .await?;
            match answer.first().map(String::as_str) {
                Some("raised") => return Ok(true),
                Some("refused") => return Ok(false),
                _ => self.reload(store, self.clock.now()).await?,
            }
        }
        Err(Unavailable::Restless)
    }

    pub(super) async fn snapshot(&self, store: &TenantStore, now: DateTime<Utc>) -> Result<Snapshot, Unavailable> {
        for _ in 0..TRIES {
            let asked = Instant::now();
            let arguments = |call: &mut ScriptInvocation<'_>| name(call, store.tenant_id(), None, now, true);
            let answer: Vec<i64> = self.link.run(&scripts::COUNT, arguments).await?;
            if let [requests, tokens, spend, reserved_tokens, running, bytes] = answer[..] {
                let (hour, month, spend) = (hour_of(now), month_of(now), Micros(spend));
                self.saw(store.tenant_id(), Seen { hour, requests, asked });
                return Ok(Snapshot { hour, requests, month, tokens, spend, reserved_tokens, running, bytes });
            }
            self.load(store, now).await?;
        }
        Err(Unavailable::Restless)
    }

    pub(super) fn seen(&self, tenant_id: &TenantId) -> Option<Seen> {
        self.seen.get(tenant_id).map(|seen| *seen)
    }

    /// Notes a figure, unless a later one came first.
    fn saw(&self, tenant_id: &TenantId, new: Seen) {
        let is_late = |old: &Seen| old.hour == new.hour && old.requests > new.requests && old.asked >= new.asked;
        if !self.seen.get(tenant_id).is_some_and(|old| is_late(&old)) {
            self.seen.put(tenant_id.clone(), new.asked, Some(new));
        }
    }

    /// The epoch of the tenant's counters, loaded.
    pub(super) async fn epoch(&self, store: &TenantStore, now: DateTime<Utc>) -> Result<String, Unavailable> {
        for _ in 0..TRIES {
            let arguments = |call: &mut ScriptInvocation<'_>| name(call, store.tenant_id(), None, now, false);
            if let Some(epoch) = self.link.run(&scripts::EPOCH, arguments).await? {
                return Ok(epoch);
            }
            self.load(store, now).await?;
        }
        Err(Unavailable::Restless)
    }

    /// Takes bytes of storage; gives the epoch of the counters that hold them, `None` where Redis is away: then the database says
    /// whether they fit, since everything but executions goes on.
    pub(super) async fn take_storage(&self, caller: &Caller, bytes: i64, now: DateTime<Utc>) -> Result<Option<String>> {
        let (store, limits) = (&caller.store, &caller.limits);
        for _ in 0..TRIES {
            let answer: redis::RedisResult<Vec<String>> = self
                .link
                .run_once(&scripts::TAKE_STORAGE, |call| {
                    name(call, store.tenant_id(), None, now, false);
                    call.arg(bytes).arg(limits.max_bytes());
                })
                .await;
            let Ok(answer) = answer.inspect_err(|error| tracing::warn!(%error, "storage is counted by the database"))
            else {
                // It may have been taken, and the answer lost.
                self.recount(store.tenant_id(), None);
                let stored = store.storage_bytes().await?;
                let fits = stored.saturating_add(bytes) <= limits.max_bytes();
                return if fits { Ok(None) } else { Err(refusal::storage(limits, stored, bytes)) };
            };
            match (answer.first().map(String::as_str), answer.get(1)) {
                (Some("taken"), Some(epoch)) => return Ok(Some(epoch.clone())),
                (Some("refused"), Some(stored)) => {
                    return Err(refusal::storage(limits, stored.parse().unwrap_or(0), bytes));
                }
                _ => self.load(store, now).await?,
            }
        }
        Err(Unavailable::Restless.into())
    }

    /// Renews leases, and counts tenants anew whose leases nobody renews: their executions are settled by now, or never began.
    pub(super) async fn keep(
        &self,
        store: &Store,
        running: Vec<(TenantId, ExecutionId)>,
        now: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        for some in running.chunks(RENEWED_AT_ONCE) {
            let () = self
                .link
                .run(&scripts::RENEW, |call| {
                    call.arg(LEASE_MS);
                    for (tenant_id, execution_id) in some {
                        call.arg(tenant_id.as_str()).arg(execution_id.as_str());
                    }
                })
                .await?;
        }
        let tenants: Vec<String> = self.link.run(&scripts::EXPIRED, |_| {}).await?;
        for tenant_id in tenants.iter().filter_map(|tenant| tenant.parse::<TenantId>().ok()) {
            // One that can't be counted now is found again, and holds up no other.
            if let Err(error) = self.reload(&store.tenant(tenant_id.clone()), now).await {
                tracing::warn!(%tenant_id, %error, "the counters of a tenant were not loaded anew");
                self.recount(&tenant_id, None);
            }
        }
        Ok(())
    }
}

/// The arguments that name what a script speaks of.
fn name(
    call: &mut ScriptInvocation<'_>,
    tenant_id: &TenantId,
    execution_id: Option<&ExecutionId>,
    now: DateTime<Utc>,
    with_month: bool,
) {
    call.arg(tenant_id.as_str());
    if let Some(execution_id) = execution_id {
        call.arg(execution_id.as_str());
    }
    call.arg(now.format(HOUR).to_string());
    if with_month {
        call.arg(now.format(MONTH).to_string());
    }
}

/// What a tenant is told, by the words of the script.
fn refused(which: &str, limits: &Limits, (used, asked): (i64, i64), now: DateTime<Utc>) -> Problem {
    match which {
        "requests" => refusal::requests(limits, used, hour_of(now), now),
        "running" => refusal::concurrency(limits, used),
        "tokens" => refusal::tokens(limits, used, asked, month_of(now), now),
        "spend" => refusal::spend(limits, Micros(used), Micros(asked), month_of(now), now),
        _ => refusal::storage(limits, used, asked),
    }
}

/// Gives a reservation back of which the answer was lost, also because nobody waited for it.
struct Undo<'a> {
    counters: &'a SharedCounters,
    tenant_id: &'a TenantId,
    execution_id: &'a ExecutionId,
    is_off: bool,
}

impl Undo<'_> {
    fn off(mut self) {
        self.is_off = true;
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if !self.is_off {
            self.counters.release_later(self.tenant_id, self.execution_id, None);
        }
    }
}
