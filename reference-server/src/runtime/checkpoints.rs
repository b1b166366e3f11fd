//! Storing an execution's progress while it runs, so that a crash loses little of it and no event that was told of.

use std::{convert::Infallible, time::Duration};

use super::execution::{Job, charge};
use crate::store::{checkpoint::Checkpoint, settlement::StoredMicros};

/// How long to wait before a checkpoint is tried again, at first and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// Stores progress whenever that is due; ends with whoever polls it.
pub(super) async fn keep(job: &Job) -> Infallible {
    loop {
        let (mut progress, checkpoint) = job.log.checkpoint().await;
        progress.estimate_cut_round();
        let (input_tokens, output_tokens, cost) = charge(job, &progress);
        let row = Checkpoint {
            execution_id: job.execution_id.clone(),
            tenant_id: job.store.tenant_id().clone(),
            output: progress.text,
            layout: progress.layout,
            last_event_id: i64::try_from(checkpoint.reserves).unwrap_or(i64::MAX),
            reserved_tokens: progress.reserved.0,
            reserved_micros: StoredMicros(progress.reserved.1),
            input_tokens,
            output_tokens,
            cost_micros: StoredMicros(cost),
            tool_calls: progress.tool_calls,
            steps: progress.steps,
        };
        if write(job, &row).await {
            job.log.is_stored(checkpoint);
        } else if job.log.fence() {
            tracing::error!(execution_id = %job.execution_id, "another server settled this execution while it ran");
        }
    }
}

/// Writes a checkpoint until it is durable; gives whether the execution still runs.
async fn write(job: &Job, row: &Checkpoint) -> bool {
    let (mut pause, longest) = RETRY;
    loop {
        match job.runtime.journal.checkpoint(row.clone()).await {
            Ok(is_running) => return is_running,
            Err(error) => {
                tracing::warn!(execution_id = %job.execution_id, %error, "a checkpoint was not written; it is tried again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
            }
        }
    }
}
