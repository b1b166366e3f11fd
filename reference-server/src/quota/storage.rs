//! Changes of what a tenant stores, counted when they are made: neither before, nor twice.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{SharedCounters, Used, in_process::Own};
use crate::ids::{ExecutionId, TenantId};

/// Counters that were loaded before a change, and so don't hold it.
#[derive(Debug)]
pub struct LoadedCounters(Loaded);

#[derive(Debug)]
enum Loaded {
    InProcess(Own),
    Shared { counters: Arc<SharedCounters>, tenant_id: TenantId, epoch: Option<String> },
}

impl LoadedCounters {
    pub(super) fn in_process(own: Own) -> Self {
        Self(Loaded::InProcess(own))
    }

    pub(super) fn shared(counters: Arc<SharedCounters>, tenant_id: TenantId, epoch: Option<String>) -> Self {
        Self(Loaded::Shared { counters, tenant_id, epoch })
    }

    /// Counts what an execution started at `started_at` used, whose server is gone.
    pub async fn charge(&self, execution_id: &ExecutionId, started_at: DateTime<Utc>, used: Used) {
        match &self.0 {
            Loaded::InProcess(own) => own.lock().charge(started_at, used),
            // What that server had reserved stands there still.
            Loaded::Shared { counters, tenant_id, .. } => counters.settle(tenant_id, execution_id, used).await,
        }
    }

    /// Counts bytes that were stored, or deleted where they are negative.
    pub fn storage_changed(&self, bytes: i64) {
        match &self.0 {
            Loaded::InProcess(own) => own.lock().storage_changed(bytes),
            Loaded::Shared { counters, tenant_id, epoch } => {
                counters.storage_changed(tenant_id, epoch.as_deref(), bytes)
            }
        }
    }
}

/// Storage that was taken; given back when it is dropped without being kept.
#[derive(Debug)]
pub struct StorageHold(Option<Taken>);

#[derive(Debug)]
enum Taken {
    InProcess { own: Own, bytes: i64 },
    Shared { counters: Arc<SharedCounters>, tenant_id: TenantId, epoch: Option<String>, bytes: i64 },
}

impl StorageHold {
    pub(super) fn in_process(own: Own, bytes: i64) -> Self {
        Self(Some(Taken::InProcess { own, bytes }))
    }

    pub(super) fn shared(
        counters: Arc<SharedCounters>,
        tenant_id: TenantId,
        epoch: Option<String>,
        bytes: i64,
    ) -> Self {
        Self(Some(Taken::Shared { counters, tenant_id, epoch, bytes }))
    }

    /// What was taken is stored now.
    pub fn keep(mut self) {
        if let Some(Taken::Shared { counters, tenant_id, epoch, .. }) = self.0.take() {
            // Counters that were loaded in the meantime may hold it or not.
            counters.storage_changed(&tenant_id, epoch.as_deref(), 0);
        }
    }
}

impl Drop for StorageHold {
    fn drop(&mut self) {
        match self.0.take() {
            None => {}
            Some(Taken::InProcess { own, bytes }) => own.lock().storage_changed(-bytes),
            Some(Taken::Shared { counters, tenant_id, epoch, bytes }) => {
                counters.storage_changed(&tenant_id, epoch.as_deref(), -bytes);
            }
        }
    }
}
