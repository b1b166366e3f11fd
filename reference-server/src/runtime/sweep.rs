//! Executions whose server is gone are settled by one that lives.

use std::time::Duration;

use super::Runtime;
use crate::{
    auth::Mode,
    store::{
        Result,
        platform::Orphan,
        settlement::{Settlement, StoredMicros},
    },
};

/// How often a server says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Without a sign of life for this long, a server is taken for gone: six missed heartbeats.
const GONE_AFTER: chrono::Duration = chrono::Duration::seconds(30);

impl Runtime {
    /// Says that this server lives, and settles what others left, until the server stops.
    pub async fn keep_alive(self) {
        let mut beat = tokio::time::interval(HEARTBEAT);
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = beat.tick() => {}
            }
            if let Err(error) = self.beat().await {
                tracing::warn!(%error, "the heartbeat was not written");
            }
        }
    }

    /// One heartbeat and one sweep: of executions whose server is gone, and of keys that have expired.
    ///
    /// # Errors
    /// The database failed.
    pub async fn beat(&self) -> Result<()> {
        let now = self.clock.now();
        self.store.heartbeat(&self.instance, now).await?;
        for orphan in self.store.orphans(now - GONE_AFTER).await? {
            // One that can't be settled now is found again, and holds up no other.
            if let Err(error) = self.settle_orphan(&orphan).await {
                tracing::error!(execution_id = %orphan.execution_id, %error, "an interrupted execution was not settled");
            }
        }
        self.store.forget_keys(now).await?;
        Ok(())
    }

    async fn settle_orphan(&self, orphan: &Orphan) -> Result<()> {
        let store = self.store.tenant(orphan.tenant_id.clone());
        let Some(execution) = store.execution(&orphan.execution_id).await? else { return Ok(()) };
        // Loaded before the settlement, so that the charge below is counted once.
        let counters = self.quotas.load(&store).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        let settled = self
            .journal
            .settle(Settlement {
                output: execution.output,
                input_tokens: execution.input_tokens,
                output_tokens: execution.output_tokens,
                cost_micros: StoredMicros(execution.cost_micros),
                ..Settlement::failed(&orphan.execution_id, &orphan.tenant_id, execution.created_at, self.clock.now())
            })
            .await?;
        if !settled {
            return Ok(());
        }
        if execution.mode == Mode::Live {
            counters.charge(
                execution.created_at,
                execution.input_tokens + execution.output_tokens,
                execution.cost_micros,
            );
        }
        tracing::warn!(execution_id = %orphan.execution_id, tenant_id = %orphan.tenant_id, "an interrupted execution was settled");
        Ok(())
    }
}
