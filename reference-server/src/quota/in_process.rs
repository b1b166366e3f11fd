//! The counters of this process: for a server that is alone on its database.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;

use super::counters::Counters;
use crate::{
    clock::{hour_of, month_of},
    error::Result,
    ids::TenantId,
    store::TenantStore,
};

/// The counters of every tenant seen by this process.
#[derive(Debug, Default)]
pub(super) struct InProcess {
    tenants: Mutex<HashMap<TenantId, Arc<OnceCell<Own>>>>,
}

/// One tenant's.
#[derive(Clone, Debug)]
pub(super) struct Own(Arc<Mutex<Counters>>);

impl Own {
    pub(super) fn lock(&self) -> MutexGuard<'_, Counters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InProcess {
    /// Forgets all of them; they are loaded anew.
    pub(super) fn forget(&self) {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Forgets those of a tenant; they are loaded anew.
    pub(super) fn forget_tenant(&self, tenant_id: &TenantId) {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant_id);
    }

    /// The tenant's counters, loaded from the database when it is first seen.
    pub(super) async fn of(&self, store: &TenantStore, now: DateTime<Utc>) -> Result<Own> {
        let cell = {
            let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
            match tenants.get(store.tenant_id()) {
                Some(cell) => cell.clone(),
                None => tenants.entry(store.tenant_id().clone()).or_default().clone(),
            }
        };
        let counters = cell
            .get_or_try_init(|| async {
                let (hour, month) = (hour_of(now), month_of(now));
                let started = store.executions_since(hour).await?;
                let used = store.usage_since(month).await?;
                let bytes = store.storage_bytes().await?;
                Ok::<_, sqlx::Error>(Own(Arc::new(Mutex::new(Counters::new((hour, started), (month, used), bytes)))))
            })
            .await?;
        Ok(counters.clone())
    }
}
