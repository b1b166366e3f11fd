//! What is left of deleted tenants is ended and erased, by whichever server looks: a crash at any point loses nothing of it.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;

use super::Runtime;
use crate::{ids::TenantId, store::Result};

/// How long after a tenant was deleted something of it may still appear: a server that let a request in before, or within the
/// second after, may have waited for its body (30 s) and for the database (5 s, a few times over).
const LATECOMERS: chrono::Duration = chrono::Duration::minutes(2);
/// Transactions in which one sweep erases one tenant: no more than leave a server the time to say that it lives.
const ERASING_TRANSACTIONS: usize = 20;

impl Runtime {
    /// Goes on erasing deleted tenants until nothing of them is left but what is kept.
    ///
    /// # Errors
    /// The database failed.
    pub(super) async fn erase_deleted(&self) -> Result<()> {
        let deleted = self.store.unerased(self.clock.now()).await?;
        let (pooled, siloed): (Vec<_>, Vec<_>) = deleted.iter().partition(|tenant_id| self.store.is_pooled(tenant_id));
        // The platform's database is given one after the other; of the silos each has its own to do.
        let is_busy = AtomicBool::new(false);
        let in_pool = async {
            for tenant_id in pooled {
                self.erase_or_log(tenant_id, &is_busy).await;
            }
        };
        tokio::join!(in_pool, join_all(siloed.into_iter().map(|tenant_id| self.erase_or_log(tenant_id, &is_busy))));
        Ok(())
    }

    /// One that can't be erased now is found again, and holds up no other.
    async fn erase_or_log(&self, tenant_id: &TenantId, is_busy: &AtomicBool) {
        if let Err(error) = self.erase_in_sweep(tenant_id, is_busy).await {
            tracing::error!(%tenant_id, %error, "a deleted tenant was not erased");
        }
    }

    /// Cancels what a deleted tenant still runs, here and on other servers, and erases what it has. What runs is erased when it is
    /// settled, by a later sweep.
    ///
    /// # Errors
    /// The database failed; the next sweep goes on.
    pub async fn erase(&self, tenant_id: &TenantId) -> Result<()> {
        self.erase_in_sweep(tenant_id, &AtomicBool::new(false)).await
    }

    /// The same in a sweep, which goes on to the next tenant without asking for the log where it `is_busy`: writers wait for that.
    async fn erase_in_sweep(&self, tenant_id: &TenantId, is_busy: &AtomicBool) -> Result<()> {
        self.running.cancel_all(tenant_id);
        self.store.with_patience(tenant_id, self.erase_some(tenant_id, is_busy)).await
    }

    async fn erase_some(&self, tenant_id: &TenantId, is_busy: &AtomicBool) -> Result<()> {
        let store = self.store.tenant(tenant_id.clone());
        store.request_cancel_of_all().await?;
        for _ in 0..ERASING_TRANSACTIONS {
            if store.erase().await? == 0 {
                let now = self.clock.now();
                if is_busy.load(Ordering::Relaxed) || !store.is_erased(now - LATECOMERS).await? {
                    return Ok(());
                }
                if store.cut_logs().await? {
                    return store.note_erased(now, now - LATECOMERS).await;
                }
                is_busy.store(true, Ordering::Relaxed);
                return Ok(());
            }
        }
        Ok(())
    }
}
