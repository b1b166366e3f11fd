//! The loop: a round of the model, the tools that it calls, and again until it answers.

use std::time::Instant;

use serde_json::{Value, json};

use super::{
    MAX_ROUNDS,
    execution::Job,
    log::EventWriter,
    models::{DeltaSink, ModelError, ModelRequest, ToolCall, Turn},
    prompt, tools,
};
use crate::{
    quota::Reservation,
    store::executions::{Step, StepKind},
};

/// Writes the text to the log.
struct Sink<'a>(&'a EventWriter);

impl DeltaSink for Sink<'_> {
    fn push(&mut self, text: &str) {
        self.0.delta(text);
    }
}

/// Runs the loop and tells why the answer ended.
pub(super) async fn run(job: &Job, reservation: &mut Reservation) -> Result<&'static str, ModelError> {
    let log = &job.log;
    let mut turns = job.turns.clone();
    for round in 0..MAX_ROUNDS {
        let left = reservation.max_output_tokens - log.progress(|progress| progress.output_tokens);
        let Some(max_output_tokens) = u32::try_from(left).ok().filter(|&left| left > 0) else { return Ok("length") };
        // The first round's input was counted and reserved before the work.
        let mut counted = job.input_tokens;
        if round > 0 {
            (turns, counted) = prompt::count(&job.model, &job.prompt, turns).await?;
            if !reservation.top_up(&job.store, i64::from(counted), job.model.input_price).await {
                return Ok("quota");
            }
        }
        let reserved = (reservation.tokens(), reservation.spend());
        let input_tokens = i64::from(counted);
        let request = ModelRequest { counted_tokens: Some(counted), max_output_tokens, ..job.prompt.request(&turns) };
        let (started_at, started) = (job.runtime.clock.now(), Instant::now());
        log.progress(|progress| {
            progress.reserved = reserved;
            progress.begin_round(input_tokens);
        });
        let answer = job.model.model.generate(request, &mut Sink(log)).await;
        let mut step = Step {
            kind: StepKind::Model,
            name: job.model_name.clone(),
            started_at,
            duration_ms: millis(started),
            tokens: None,
            arguments: None,
            output: None,
            error: None,
        };
        let answer = match answer {
            Ok(answer) => {
                job.passage.answered();
                answer
            }
            Err(error) => {
                job.passage.failed(job.runtime.clock.now());
                step.error = Some("The model provider failed.".to_owned());
                log.progress(|progress| progress.steps.push(step));
                return Err(error);
            }
        };
        let (read, written) = (i64::from(answer.input_tokens), i64::from(answer.output_tokens));
        step.tokens = Some(read + written);
        log.progress(|progress| {
            step.output = Some(Value::String(progress.round_text().to_owned()));
            progress.end_round(read, written);
            progress.steps.push(step);
        });
        if answer.tool_calls.is_empty() {
            return Ok(answer.finish_reason.as_str());
        }
        turns.push(Turn::Assistant { content: answer.text, tool_calls: answer.tool_calls.clone() });
        for call in answer.tool_calls {
            let output = call_tool(job, &call).await;
            turns.push(Turn::Tool { tool_call_id: call.tool_call_id, name: call.name, output });
        }
    }
    Ok("max_rounds")
}

async fn call_tool(job: &Job, call: &ToolCall) -> Value {
    let called = job.log.tool_called(call.clone());
    // What a tool may have done is on record before it does it.
    job.log.stored(called).await;
    let (started_at, started) = (job.runtime.clock.now(), Instant::now());
    let context = tools::ToolContext { store: &job.store, clock: &job.runtime.clock, execution_id: &job.execution_id };
    let outcome = tools::call(&context, call).await;
    job.log.tool_completed(Step {
        kind: StepKind::Tool,
        name: call.name.clone(),
        started_at,
        duration_ms: millis(started),
        tokens: None,
        arguments: Some(call.arguments.clone()),
        output: outcome.as_ref().ok().cloned(),
        error: outcome.as_ref().err().cloned(),
    });
    outcome.unwrap_or_else(|error| json!({ "error": error }))
}

pub(super) fn millis(since: Instant) -> i64 {
    i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
}
