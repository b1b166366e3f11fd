//! Executions whose server is gone are settled by one that lives.

use std::time::Duration;

use super::{Runtime, models::ToolCall};
use crate::{
    error::Problem,
    store::{
        Result,
        executions::ExecutionStatus,
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

    /// One heartbeat and one sweep.
    ///
    /// # Errors
    /// The database failed.
    pub async fn beat(&self) -> Result<()> {
        let now = self.clock.now();
        self.store.heartbeat(&self.instance, now).await?;
        for orphan in self.store.orphans(now - GONE_AFTER).await? {
            self.settle_orphan(&orphan).await?;
        }
        Ok(())
    }

    async fn settle_orphan(&self, orphan: &Orphan) -> Result<()> {
        let store = self.store.tenant(orphan.tenant_id.clone());
        let Some(execution) = store.execution(&orphan.execution_id).await? else { return Ok(()) };
        let now = self.clock.now();
        let counted = self.quotas.loaded(&orphan.tenant_id);
        self.journal
            .settle(Settlement {
                execution_id: orphan.execution_id.clone(),
                tenant_id: orphan.tenant_id.clone(),
                status: ExecutionStatus::Failed,
                output: execution.output,
                finish_reason: None,
                input_tokens: execution.input_tokens,
                output_tokens: execution.output_tokens,
                estimated: true,
                cost_micros: StoredMicros(execution.cost_micros),
                tool_calls: Vec::<ToolCall>::new(),
                steps: Vec::new(),
                problem: Some(Problem::interrupted()),
                completed_at: now,
                duration_ms: (now - execution.created_at).num_milliseconds(),
            })
            .await?;
        if let Some(counters) = counted.filter(|_| execution.mode == "live") {
            counters.charge(execution.created_at, execution.input_tokens + execution.output_tokens, execution.cost_micros);
        }
        tracing::warn!(execution_id = %orphan.execution_id, tenant_id = %orphan.tenant_id, "an interrupted execution was settled");
        Ok(())
    }
}
