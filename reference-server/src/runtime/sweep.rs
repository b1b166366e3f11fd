//! Executions whose server is gone are settled by one that lives.

use std::{future, time::Duration};

use futures_util::{StreamExt, stream};

use super::Runtime;
use crate::{
    auth::Mode,
    quota::Used,
    store::{
        Result,
        journal::Outcome,
        platform::{GONE_AFTER, Orphan},
        settlement::Settlement,
    },
};

/// How often a server says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often it looks after what it runs: how much of an answer a crash can lose, and how long another server's cancellation takes.
const LOOK_AFTER: Duration = Duration::from_secs(1);
/// How many interrupted executions are settled side by side.
const SETTLED_AT_ONCE: usize = 64;

impl Runtime {
    /// Says that this server lives, and settles what others left, until the server stops.
    pub async fn keep_alive(self) {
        let (mut beat, mut look) = (tokio::time::interval(HEARTBEAT), tokio::time::interval(LOOK_AFTER));
        loop {
            let outcome = tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = beat.tick() => self.beat().await,
                _ = look.tick() => self.look_after().await,
            };
            if let Err(error) = outcome {
                tracing::warn!(%error, "the database did not take or give what keeps executions alive");
            }
        }
    }

    /// One heartbeat and one sweep: of executions whose server is gone, of keys that have expired, and of deleted tenants.
    ///
    /// # Errors
    /// The database failed.
    pub async fn beat(&self) -> Result<()> {
        let now = self.clock.now();
        self.store.heartbeat(&self.instance, now).await?;
        self.settle_orphans().await?;
        self.settle_unheld().await?;
        self.quotas.keep(&self.store, self.running.names()).await;
        self.store.forget_keys(now).await?;
        self.erase_deleted().await
    }

    /// Settles what every other server left, at once: for a server that knows that there is no other. Whoever asks again under a
    /// key is answered how the work ended, and not made to wait until the other is taken for gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_over(&self) -> Result<()> {
        self.store.heartbeat(&self.instance, self.clock.now()).await?;
        self.store.forget_others(&self.instance).await?;
        while self.settle_orphans().await? > 0 {}
        Ok(())
    }

    /// Gives how many it settled.
    async fn settle_orphans(&self) -> Result<usize> {
        let orphans = self.store.orphans(self.clock.now() - GONE_AFTER).await?;
        // Side by side, so that they share commits.
        let settling = stream::iter(orphans).map(|orphan| async move {
            // One that can't be settled now is found again, and holds up no other.
            let outcome = self.settle_orphan(&orphan).await;
            outcome.inspect_err(|error| {
                tracing::error!(execution_id = %orphan.execution_id, %error, "an interrupted execution was not settled");
            })
        });
        let settled = settling.buffer_unordered(SETTLED_AT_ONCE).filter(|outcome| future::ready(outcome.is_ok()));
        Ok(settled.count().await)
    }

    pub(super) async fn settle_orphan(&self, orphan: &Orphan) -> Result<()> {
        let store = self.store.tenant(orphan.tenant_id.clone());
        let Some(execution) = store.execution(&orphan.execution_id).await? else { return Ok(()) };
        // Loaded before the settlement, so that the charge below is counted once.
        let counters = self.quotas.load(&store).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        let (mode, created_at, cost) = (execution.mode, execution.created_at, execution.cost_micros);
        let tokens = execution.input_tokens + execution.output_tokens;
        let used = if mode == Mode::Live { Used { tokens, spend: cost, bytes: 0 } } else { Used::default() };
        let end = Settlement::interrupted(execution, &orphan.tenant_id, self.clock.now());
        if self.journal.settle(end).await? == Outcome::Nothing {
            return Ok(());
        }
        counters.charge(&orphan.execution_id, created_at, used).await;
        tracing::warn!(execution_id = %orphan.execution_id, tenant_id = %orphan.tenant_id, "an interrupted execution was settled");
        Ok(())
    }
}
