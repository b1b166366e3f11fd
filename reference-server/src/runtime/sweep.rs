//! Says that this server lives, and settles the executions of one that does not.

use std::{future, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::time::MissedTickBehavior;

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
/// How long renewing the leases may take: counters are loaded with it, and a silo that hangs would hold up the next sign of life.
const RENEWAL: Duration = Duration::from_secs(2);

impl Runtime {
    /// Says that this server lives, and settles what others left, until the server stops. The sign of life waits for nothing else:
    /// without it the others would settle what runs here.
    pub async fn keep_alive(self) {
        tokio::join!(
            self.repeat(HEARTBEAT, Self::say_alive),
            self.repeat(HEARTBEAT, Self::sweep),
            self.repeat(LOOK_AFTER, Self::look_after),
        );
    }

    async fn repeat<'a, F: Future<Output = Result<()>>>(&'a self, period: Duration, step: impl Fn(&'a Self) -> F) {
        let mut due = tokio::time::interval(period);
        // What was late is not made up for in a burst.
        due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = due.tick() => {}
            }
            if let Err(error) = step(self).await {
                tracing::warn!(%error, "the database did not take or give what keeps executions alive");
            }
        }
    }

    /// One heartbeat and one sweep.
    ///
    /// # Errors
    /// The database failed.
    pub async fn beat(&self) -> Result<()> {
        self.say_alive().await?;
        self.sweep().await
    }

    async fn say_alive(&self) -> Result<()> {
        self.store.heartbeat(&self.instance, self.clock.now()).await?;
        let renewing = self.quotas.keep(&self.store, self.running.names());
        if tokio::time::timeout(RENEWAL, renewing).await.is_err() {
            tracing::warn!("the leases of executions were not renewed, or counters not loaded, within {RENEWAL:?}");
        }
        Ok(())
    }

    /// Looks for executions whose server is gone, for keys that have expired, and for deleted tenants.
    async fn sweep(&self) -> Result<()> {
        self.settle_orphans().await?;
        self.settle_unheld().await?;
        self.store.forget_keys(self.clock.now()).await?;
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
        let (runtime, settled) = (self.clone(), orphan.clone());
        // In a task of its own: where it is not waited for any more, what it settles is charged all the same.
        let settling = async {
            let task = tokio::spawn(async move { runtime.settle_now(&settled).await });
            task.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
        };
        self.store.with_patience(&orphan.tenant_id, settling).await
    }

    async fn settle_now(&self, orphan: &Orphan) -> Result<()> {
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
