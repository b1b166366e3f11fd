//! What is left of deleted tenants is ended and erased, by whichever server looks: a crash at any point loses nothing of it.

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
        for tenant_id in self.store.unerased().await? {
            // One that can't be erased now is found again, and holds up no other.
            if let Err(error) = self.erase(&tenant_id).await {
                tracing::error!(%tenant_id, %error, "a deleted tenant was not erased");
            }
        }
        Ok(())
    }

    /// Cancels what a deleted tenant still runs, here and on other servers, and erases what it has. What runs is erased when it is
    /// settled, by a later sweep.
    ///
    /// # Errors
    /// The database failed; the next sweep goes on.
    pub async fn erase(&self, tenant_id: &TenantId) -> Result<()> {
        let store = self.store.tenant(tenant_id.clone());
        self.running.cancel_all(tenant_id);
        store.request_cancel_of_all().await?;
        for _ in 0..ERASING_TRANSACTIONS {
            if store.erase().await? == 0 {
                let now = self.clock.now();
                return store.note_erased(now, now - LATECOMERS).await;
            }
        }
        Ok(())
    }
}
