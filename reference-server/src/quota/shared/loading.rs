//! Loading counters from the database, in a new epoch.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use redis::{RedisResult, ScriptInvocation};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{LEASE_MS, SharedCounters, Unavailable, scripts};
use crate::{
    clock::{hour_of, month_of},
    ids::{TenantId, random_u64},
    store::{TenantStore, standing::Standing},
};

/// How hours and months stand in the names of keys.
pub(super) const HOUR: &str = "%Y-%m-%d-%H";
pub(super) const MONTH: &str = "%Y-%m";

/// For how long one server keeps others from loading the same; it takes milliseconds.
const LOADING: Duration = Duration::from_secs(5);
/// How often whoever waits for another server's loading looks, and for how long.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: usize = 300;
/// Beyond so many turns, those that nobody takes are forgotten.
const MANY_TURNS: usize = 1_000;

/// One of this server's requests loads, the others of the tenant wait, and nobody of another tenant.
#[derive(Debug, Default)]
pub(super) struct Turns(StdMutex<HashMap<TenantId, Arc<Mutex<()>>>>);

impl Turns {
    async fn take(&self, tenant_id: &TenantId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if turns.len() >= MANY_TURNS {
                turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            turns.entry(tenant_id.clone()).or_default().clone()
        };
        turn.lock_owned().await
    }
}

impl SharedCounters {
    /// Loads the tenant's counters for the hour of `now`, if nobody has in the meantime.
    pub(super) async fn load(&self, store: &TenantStore, now: DateTime<Utc>) -> Result<(), Unavailable> {
        let tenant_id = store.tenant_id();
        let _turn = self.turns.take(tenant_id).await;
        let loading = format!("usage:{tenant_id}:loading");
        for _ in 0..LOOKS {
            let hour = now.format(HOUR).to_string();
            let epoch: Option<String> = self
                .link
                .run(&scripts::EPOCH, |call| {
                    call.arg(tenant_id.as_str()).arg(&hour);
                })
                .await?;
            if epoch.is_some() {
                return Ok(());
            }
            let token = format!("{:016x}", random_u64());
            if !self.link.set_new(&loading, &token, LOADING).await? {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let epoch = format!("{:016x}", random_u64());
            let read = async {
                store.begin_quota_epoch(&epoch).await?;
                store.standing(hour_of(now), the_month_before(now)).await
            };
            // A tenant whose database does not answer keeps nobody else waiting.
            let standing = tokio::time::timeout(LOADING, read).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
            if self.install(tenant_id, &token, &epoch, &standing, now).await? {
                return Ok(());
            }
        }
        Err(Unavailable::Restless)
    }

    /// Loads the tenant's counters though they stand.
    pub(super) async fn reload(&self, store: &TenantStore, now: DateTime<Utc>) -> Result<(), Unavailable> {
        self.invalidate(store.tenant_id(), None).await?;
        self.load(store, now).await
    }

    /// Trusts the tenant's counters no more: those of this epoch, or whichever stand.
    pub(super) async fn invalidate(&self, tenant_id: &TenantId, epoch: Option<&str>) -> RedisResult<()> {
        let arguments = |call: &mut ScriptInvocation<'_>| {
            call.arg(tenant_id.as_str()).arg(epoch.unwrap_or_default());
        };
        self.link.run(&scripts::INVALIDATE, arguments).await
    }

    async fn install(
        &self,
        tenant_id: &TenantId,
        token: &str,
        epoch: &str,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<bool, Unavailable> {
        let (hour, month) = (now.format(HOUR).to_string(), now.format(MONTH).to_string());
        let mut requests = standing.requests.clone();
        if !requests.iter().any(|(name, _)| *name == hour) {
            requests.push((hour.clone(), 0));
        }
        let mut used: Vec<_> =
            standing.used.iter().map(|(name, tokens, spend)| (name.clone(), *tokens, spend.0)).collect();
        let months_of_open = standing.open.iter().map(|open| open.hour[..7].to_owned());
        for month in months_of_open.chain([month]) {
            if !used.iter().any(|(name, ..)| *name == month) {
                used.push((month, 0, 0));
            }
        }
        let installed: i64 = self
            .link
            .run_once(&scripts::INSTALL, |call| {
                call.arg(tenant_id.as_str()).arg(token).arg(epoch).arg(&hour).arg(LEASE_MS).arg(standing.bytes);
                call.arg(requests.len());
                for (name, count) in &requests {
                    call.arg(name).arg(*count);
                }
                call.arg(used.len());
                for (name, tokens, spend) in &used {
                    call.arg(name).arg(*tokens).arg(*spend);
                }
                call.arg(standing.open.len());
                for open in &standing.open {
                    call.arg(open.execution_id.as_str()).arg(&open.hour).arg(&open.hour[..7]);
                    call.arg(open.tokens).arg(open.spend.0).arg(open.bytes);
                }
            })
            .await?;
        Ok(installed == 1)
    }
}

/// Executions that were begun in it may still run.
fn the_month_before(now: DateTime<Utc>) -> DateTime<Utc> {
    month_of(month_of(now) - chrono::Duration::days(1))
}
