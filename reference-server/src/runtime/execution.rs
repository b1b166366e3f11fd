//! One execution from its first round to its settled end, whatever ends it.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{
    Runtime,
    breaker::Passage,
    checkpoints,
    events::{ExecutionEvent, ExecutionResult, TokenUsage},
    log::EventWriter,
    models::Turn,
    progress::Progress,
    prompt::Prompt,
    registry::PricedModel,
    rounds,
    running::Place,
    watch,
};
use crate::{
    error::Problem,
    ids::{AgentId, ConversationId, ExecutionId, RequestId},
    money::Micros,
    quota::{Reservation, Used},
    store::{
        self, TenantStore,
        executions::{ExecutionRow, ExecutionStatus},
        journal::Outcome,
        settlement::{Settlement, StoredMicros},
    },
};

/// How long to wait before a settlement is tried again, at first and at most.
const SETTLE_RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// Everything that one execution needs.
pub(super) struct Job {
    pub(super) runtime: Runtime,
    pub(super) store: TenantStore,
    pub(super) execution_id: ExecutionId,
    pub(super) conversation_id: ConversationId,
    pub(super) agent_id: AgentId,
    pub(super) prompt: Arc<Prompt>,
    pub(super) turns: Vec<Turn>,
    pub(super) message_bytes: usize,
    pub(super) model: PricedModel,
    pub(super) model_name: String,
    /// Tells whether the model's provider works.
    pub(super) passage: Passage,
    pub(super) metered: bool,
    pub(super) input_tokens: u32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) log: EventWriter,
    pub(super) cancel: CancellationToken,
    /// Where others find it until its end is stored.
    pub(super) place: Place,
    pub(super) request_id: RequestId,
}

/// How the loop was left.
enum Ending {
    Answered(&'static str),
    Failed(Problem),
    Cancelled,
}

/// Runs the execution, settles it, and only then tells the end. Beside that, progress is stored whenever it is due.
pub(super) async fn run(job: Job, reservation: Reservation) {
    let execution = async {
        let (started, mut reservation) = (Instant::now(), reservation);
        let mut ending = work(&job, &mut reservation).await;
        if let Ending::Failed(problem) = &mut ending {
            problem.request_id = Some(job.request_id.to_string());
        }
        settle(&job, reservation, ending, rounds::millis(started)).await;
    };
    tokio::select! {
        biased;
        () = execution => {}
        never = checkpoints::keep(&job) => match never {},
    }
}

async fn work(job: &Job, reservation: &mut Reservation) -> Ending {
    let rounds = AssertUnwindSafe(rounds::run(job, reservation)).catch_unwind();
    tokio::select! {
        biased;
        // First, so that what was cancelled before it began does no work.
        () = job.cancel.cancelled() => Ending::Cancelled,
        outcome = rounds => match outcome {
            Ok(Ok(finish_reason)) => Ending::Answered(finish_reason),
            Ok(Err(error)) => Ending::Failed(logged(job, Problem::provider_failed(error))),
            Err(_panic) => Ending::Failed(logged(job, Problem::internal("the execution panicked"))),
        },
        () = tokio::time::sleep(job.runtime.deadline) => {
            // Whatever else took its time, this is how a provider fails that does not answer.
            if job.log.progress(|progress| progress.is_in_round()) {
                job.passage.failed(job.runtime.clock.now());
            }
            Ending::Failed(Problem::deadline_exceeded(job.runtime.deadline.as_secs()))
        }
        () = job.runtime.stopping.cancelled() => Ending::Failed(Problem::interrupted()),
        () = job.log.fenced() => Ending::Failed(Problem::interrupted()),
    }
}

fn logged(job: &Job, problem: Problem) -> Problem {
    let (execution_id, tenant_id) = (&job.execution_id, job.store.tenant_id());
    tracing::error!(%execution_id, %tenant_id, code = problem.code, cause = ?problem.hidden, "an execution failed");
    problem
}

/// What is charged: never more than was reserved. What a provider reports beyond is the platform's own cost, and logged.
pub(super) fn charge(job: &Job, progress: &Progress) -> (i64, i64, Micros) {
    let (input, output) = (progress.input_tokens, progress.output_tokens);
    let (reserved_tokens, reserved_spend) = progress.reserved;
    let cost = job.model.input_price.times(input) + job.model.output_price.times(output);
    if !job.metered || (input + output <= reserved_tokens && cost <= reserved_spend) {
        return (input, output, cost);
    }
    let beyond = input + output - reserved_tokens;
    tracing::warn!(execution_id = %job.execution_id, tokens = beyond, "the model used more than was reserved");
    let charged_input = input.min(reserved_tokens);
    let charged_output = output.min(reserved_tokens - charged_input);
    (charged_input, charged_output, cost.min(reserved_spend))
}

async fn settle(job: &Job, reservation: Reservation, ending: Ending, duration_ms: i64) {
    let (mut progress, last_event_id) = job.log.settling();
    let estimated = progress.estimate_cut_round();
    let (input_tokens, output_tokens, cost) = charge(job, &progress);
    let (status, finish_reason, problem) = match &ending {
        Ending::Answered(reason) => (ExecutionStatus::Completed, Some((*reason).to_owned()), None),
        Ending::Failed(problem) => (ExecutionStatus::Failed, None, Some(problem.clone())),
        Ending::Cancelled => (ExecutionStatus::Cancelled, None, None),
    };
    let settlement = Settlement {
        execution_id: job.execution_id.clone(),
        tenant_id: job.store.tenant_id().clone(),
        status,
        output: progress.text,
        layout: progress.layout,
        last_event_id: i64::try_from(last_event_id).unwrap_or(i64::MAX),
        finish_reason,
        input_tokens,
        output_tokens,
        estimated,
        cost_micros: StoredMicros(cost),
        tool_calls: progress.tool_calls,
        steps: progress.steps,
        problem,
        completed_at: job.runtime.clock.now(),
        duration_ms,
    };
    let written = write(job, &settlement).await;
    job.place.leave();
    if let Written::Otherwise(other) = written {
        return tell_other(job, reservation, &other).await;
    }
    let Settlement { output, tool_calls, .. } = settlement;
    let is_kept = status == ExecutionStatus::Completed && matches!(written, Written::Kept);
    let kept_bytes = if is_kept { job.message_bytes + output.len() } else { 0 };
    let bytes = i64::try_from(kept_bytes).unwrap_or(i64::MAX);
    reservation.settle(Used { tokens: input_tokens + output_tokens, spend: cost, bytes }).await;

    let usage = TokenUsage { input_tokens, output_tokens, estimated };
    job.log.settled(match ending {
        Ending::Answered(finish_reason) => ExecutionEvent::ExecutionCompleted {
            response: ExecutionResult {
                execution_id: job.execution_id.clone(),
                conversation_id: job.conversation_id.clone(),
                agent_id: job.agent_id.clone(),
                message: output,
                tokens_used: input_tokens + output_tokens,
                usage,
                cost,
                model: job.model_name.clone(),
                finish_reason: finish_reason.to_owned(),
                tool_calls,
                created_at: job.created_at,
                duration_ms,
            },
        },
        Ending::Failed(error) => ExecutionEvent::ExecutionFailed { error, partial_message: output, usage },
        Ending::Cancelled => ExecutionEvent::ExecutionCancelled { partial_message: output, usage },
    });
}

/// Settled otherwise than was asked for: by another server, which took this one for dead, or without what the database refused.
/// What is stored is what happened.
async fn tell_other(job: &Job, reservation: Reservation, row: &ExecutionRow) {
    tracing::error!(execution_id = %job.execution_id, "this execution was settled otherwise than it ended");
    let used = Used { tokens: row.input_tokens + row.output_tokens, spend: row.cost_micros, bytes: 0 };
    reservation.settle(used).await;
    if let Some((id, event)) = watch::terminal(row) {
        job.log.settled_otherwise(id, event);
    }
}

/// What became of a settlement.
enum Written {
    /// It is stored, and what was said is in the conversation.
    Kept,
    /// It is stored; the conversation was deleted meanwhile.
    Unkept,
    /// Another is: of another server, or without what the database refused.
    Otherwise(Box<ExecutionRow>),
}

/// Writes the settlement until it is durable: the end is not told before, and the reservation is held as long.
async fn write(job: &Job, settlement: &Settlement) -> Written {
    let (mut pause, longest) = SETTLE_RETRY;
    let mut bare = None;
    loop {
        let outcome = match &bare {
            None => try_write(job, settlement).await,
            Some(bare) => try_write_bare(job, bare).await,
        };
        match outcome {
            Ok(written) => return written,
            Err(error) if bare.is_none() && store::is_unstorable(&error) => {
                tracing::error!(execution_id = %job.execution_id, %error, "the database refuses the answer; it is settled without");
                bare = Some(settlement.without_content(Problem::unstorable(&job.request_id)));
            }
            Err(error) => {
                tracing::error!(execution_id = %job.execution_id, %error, "a settlement was not written; it is tried again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
            }
        }
    }
}

async fn try_write(job: &Job, settlement: &Settlement) -> store::Result<Written> {
    match job.runtime.journal.settle(settlement.clone()).await? {
        Outcome::Done => return Ok(Written::Kept),
        Outcome::Unkept => return Ok(Written::Unkept),
        Outcome::Nothing => {}
    }
    // Settled before: by an earlier try, of which only the answer was lost, or by another server.
    let row = job.store.execution(&job.execution_id).await?;
    let is_other =
        |row: &ExecutionRow| row.status != settlement.status || row.completed_at != Some(settlement.completed_at);
    Ok(row.filter(is_other).map_or(Written::Kept, |row| Written::Otherwise(Box::new(row))))
}

async fn try_write_bare(job: &Job, settlement: &Settlement) -> store::Result<Written> {
    job.runtime.journal.settle(settlement.clone()).await?;
    let row = job.store.execution(&job.execution_id).await?;
    Ok(row.map_or(Written::Unkept, |row| Written::Otherwise(Box::new(row))))
}

/// Ends an execution of which nobody knows whether its beginning was written, and gives its reservation back: it did nothing, so
/// that its key is free for another try.
pub(super) async fn abandon(job: Job, reservation: Reservation) {
    if let Err(error) = job.store.free_key(&job.execution_id).await {
        tracing::warn!(execution_id = %job.execution_id, %error, "the key of an execution that was given up was not freed");
    }
    let settlement =
        Settlement::failed(&job.execution_id, job.store.tenant_id(), job.created_at, job.runtime.clock.now());
    write(&job, &settlement).await;
    drop(reservation);
}
