//! Looking after what this server runs: progress to store, cancellations asked for elsewhere, rows that no task holds.

use super::Runtime;
use crate::store::{Result, journal::Outcome, platform::Orphan, settlement::Settlement};

impl Runtime {
    /// Asks for progress to be stored, lets go of what is no longer read, and cancels what other servers were asked to.
    ///
    /// # Errors
    /// The database failed.
    pub async fn look_after(&self) -> Result<()> {
        self.running.evict();
        if self.running.is_empty() {
            return Ok(());
        }
        self.running.remind();
        self.running.cancel_deserted();
        for Orphan { execution_id, tenant_id } in self.store.running(&self.instance, true).await? {
            self.running.cancel(&tenant_id, &execution_id);
        }
        Ok(())
    }

    /// Settles rows that are this server's and that none of its tasks holds: the answer to the commit that began them was lost,
    /// they were given up, and the commit came through all the same.
    ///
    /// # Errors
    /// The database failed.
    pub(super) async fn settle_unheld(&self) -> Result<()> {
        // Whoever begins an execution holds it first and lets go when it is settled, so what is held by none now and was running
        // a moment ago is settled already, which is found below, or was given up.
        for orphan in self.store.running(&self.instance, false).await? {
            if self.running.holds(&orphan.execution_id) {
                continue;
            }
            // One that can't be settled now is found again, and holds up no other.
            let settling = self.settle_given_up(&orphan);
            if let Err(error) = self.store.with_patience(&orphan.tenant_id, settling).await {
                tracing::error!(execution_id = %orphan.execution_id, %error, "an execution that no task holds was not settled");
            }
        }
        Ok(())
    }

    async fn settle_given_up(&self, orphan: &Orphan) -> Result<()> {
        let store = self.store.tenant(orphan.tenant_id.clone());
        let Some(row) = store.execution(&orphan.execution_id).await? else { return Ok(()) };
        if row.layout.size() > 0 || !row.steps.is_empty() {
            return self.settle_orphan(orphan).await;
        }
        // It never ran, and its caller was told to try again: it costs nothing, and its key is free.
        store.free_key(&row.execution_id).await?;
        let end = Settlement::failed(&row.execution_id, &orphan.tenant_id, row.created_at, self.clock.now());
        if self.journal.settle(end).await? != Outcome::Nothing {
            tracing::warn!(execution_id = %row.execution_id, "an execution that was given up had begun all the same");
        }
        Ok(())
    }
}
