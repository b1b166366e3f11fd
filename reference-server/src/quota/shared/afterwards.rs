//! What is told to Redis after it is done: once more if the answer is lost, until Redis has it.
//!
//! It waits in memory only: what a server that dies has not told is found by its leases, and counted anew.

use std::{
    sync::{PoisonError, Weak},
    time::Duration,
};

use redis::RedisResult;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{SharedCounters, SharedHold, scripts};
use crate::{
    ids::{ExecutionId, TenantId},
    quota::Used,
};

/// How long to wait before Redis is told again, at first and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Something to tell.
#[derive(Clone, Debug)]
pub(super) enum Later {
    /// An execution ended, having used this; or it never began.
    Release { tenant_id: TenantId, execution_id: ExecutionId, used: Option<Used> },
    /// What is stored has changed, while the counters of this epoch stood.
    StorageChanged { tenant_id: TenantId, epoch: String, bytes: i64 },
    /// The tenant's counters can't be right: those of this epoch, or whichever stand.
    Invalidate { tenant_id: TenantId, epoch: Option<String> },
}

impl SharedCounters {
    /// Counts what an execution used in place of what it held. It is waited for, so that whoever learns of the end finds its slot
    /// free; where Redis does not answer, it is told later.
    pub(in crate::quota) async fn settle(&self, tenant_id: &TenantId, execution_id: &ExecutionId, used: Used) {
        if self.release(tenant_id, execution_id, Some(used)).await.is_err() {
            self.release_later(tenant_id, execution_id, Some(used));
        }
    }

    /// Gives everything back that an execution held which never began.
    pub(in crate::quota) fn give_back(&self, hold: SharedHold) {
        self.release_later(&hold.tenant_id, &hold.execution_id, None);
    }

    pub(super) fn release_later(&self, tenant_id: &TenantId, execution_id: &ExecutionId, used: Option<Used>) {
        self.tell(Later::Release { tenant_id: tenant_id.clone(), execution_id: execution_id.clone(), used });
    }

    pub(in crate::quota) fn storage_changed(&self, tenant_id: &TenantId, epoch: Option<&str>, bytes: i64) {
        let tenant_id = tenant_id.clone();
        self.tell(match epoch {
            Some(epoch) => Later::StorageChanged { tenant_id, epoch: epoch.to_owned(), bytes },
            None => Later::Invalidate { tenant_id, epoch: None },
        });
    }

    /// Has the tenant's counters loaded anew: those of this epoch, or whichever stand.
    pub(in crate::quota) fn recount(&self, tenant_id: &TenantId, epoch: Option<&str>) {
        self.tell(Later::Invalidate { tenant_id: tenant_id.clone(), epoch: epoch.map(str::to_owned) });
    }

    fn tell(&self, later: Later) {
        if let Later::Invalidate { tenant_id, epoch: None } = &later {
            let mut waiting = self.to_invalidate.lock().unwrap_or_else(PoisonError::into_inner);
            if !waiting.insert(tenant_id.clone()) {
                // It is asked for already: while Redis is away, the queue must not grow with each document.
                return;
            }
        }
        // The queue ends with the process.
        let _ = self.later.send(later);
    }

    pub(super) async fn release(
        &self,
        tenant_id: &TenantId,
        execution_id: &ExecutionId,
        used: Option<Used>,
    ) -> RedisResult<()> {
        let Used { tokens, spend, bytes } = used.unwrap_or_default();
        self.link
            .run(&scripts::RELEASE, |call| {
                call.arg(tenant_id.as_str()).arg(execution_id.as_str());
                call.arg(tokens).arg(spend.0).arg(bytes).arg(i64::from(used.is_none()));
            })
            .await
    }

    async fn do_now(&self, later: &Later) -> RedisResult<()> {
        match later {
            Later::Release { tenant_id, execution_id, used } => self.release(tenant_id, execution_id, *used).await,
            Later::StorageChanged { tenant_id, epoch, bytes } => {
                let arguments = |call: &mut redis::ScriptInvocation<'_>| {
                    call.arg(tenant_id.as_str()).arg(epoch).arg(*bytes);
                };
                let answer: RedisResult<()> = self.link.run_once(&scripts::CHANGE_STORAGE, arguments).await;
                if answer.is_err() {
                    // Nobody knows whether it was counted.
                    self.recount(tenant_id, None);
                }
                Ok(())
            }
            Later::Invalidate { tenant_id, epoch } => {
                if epoch.is_none() {
                    // Before it is done: what is asked for from here on is about a later change.
                    self.to_invalidate.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant_id);
                }
                self.invalidate(tenant_id, epoch.as_deref()).await
            }
        }
    }
}

/// Tells one after the other, for as long as the counters are used.
pub(super) async fn work(counters: Weak<SharedCounters>, mut queue: UnboundedReceiver<Later>) {
    while let Some(later) = queue.recv().await {
        let mut pause = RETRY.0;
        loop {
            let Some(counters) = counters.upgrade() else { return };
            if counters.do_now(&later).await.is_ok() {
                break;
            }
            drop(counters);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RETRY.1);
        }
    }
}
