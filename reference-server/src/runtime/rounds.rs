//! The loop: a round of the model, the tools that it calls, and again until it answers.

use std::time::Instant;

use serde_json::{Value, json};

use super::{
    MAX_ROUNDS,
    events::{EventWriter, ExecutionEvent},
    execution::Job,
    models::{DeltaSink, ModelError, ModelRequest, ToolCall, Turn},
    prompt, tokens, tools,
};
use crate::{
    quota::Reservation,
    store::executions::{Step, StepKind},
};

/// What an execution has come to so far; it outlives the loop, so that a cut execution is settled for what it did.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The text of all rounds, as it was streamed.
    pub(super) text: String,
    /// Tokens read in rounds that ended.
    pub(super) input_tokens: i64,
    /// Tokens written in rounds that ended.
    pub(super) output_tokens: i64,
    /// Every tool call.
    pub(super) tool_calls: Vec<ToolCall>,
    /// Every step.
    pub(super) steps: Vec<Step>,
    /// The round that runs: its input, and where its text begins.
    running: Option<(i64, usize)>,
}

impl Progress {
    /// Counts the round that was cut off, as well as can be told from here; whether there was one.
    pub(super) fn estimate_cut_round(&mut self) -> bool {
        let Some((input_tokens, begins)) = self.running.take() else { return false };
        self.input_tokens += input_tokens;
        self.output_tokens += i64::from(tokens::count(&self.text[begins..]));
        true
    }
}

/// Writes the text to the log and keeps it.
struct Sink<'a> {
    log: &'a EventWriter,
    text: &'a mut String,
}

impl DeltaSink for Sink<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.log.push(ExecutionEvent::MessageDelta { text: text.to_owned() });
    }
}

/// Runs the loop and tells why the answer ended.
pub(super) async fn run(
    job: &Job,
    reservation: &mut Reservation,
    progress: &mut Progress,
) -> Result<&'static str, ModelError> {
    let mut turns = job.turns.clone();
    for round in 0..MAX_ROUNDS {
        let left = reservation.max_output_tokens - progress.output_tokens;
        let Some(max_output_tokens) = u32::try_from(left).ok().filter(|&left| left > 0) else { return Ok("length") };
        // The first round's input was counted and reserved before the work.
        let mut counted = job.input_tokens;
        if round > 0 {
            (turns, counted) = prompt::count(&job.model, &job.prompt, turns).await?;
            if !reservation.top_up(i64::from(counted), job.model.input_price) {
                return Ok("quota");
            }
        }
        let input_tokens = i64::from(counted);
        let request = ModelRequest { counted_tokens: Some(counted), max_output_tokens, ..job.prompt.request(&turns) };
        let (started_at, started) = (job.runtime.clock.now(), Instant::now());
        progress.running = Some((input_tokens, progress.text.len()));
        let begins = progress.text.len();
        let answer = {
            let mut sink = Sink { log: &job.log, text: &mut progress.text };
            job.model.model.generate(request, &mut sink).await
        };
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
            Ok(answer) => answer,
            Err(error) => {
                step.error = Some("The model provider failed.".to_owned());
                progress.steps.push(step);
                return Err(error);
            }
        };
        progress.running = None;
        progress.input_tokens += i64::from(answer.input_tokens);
        progress.output_tokens += i64::from(answer.output_tokens);
        step.tokens = Some(i64::from(answer.input_tokens) + i64::from(answer.output_tokens));
        step.output = Some(Value::String(progress.text[begins..].to_owned()));
        progress.steps.push(step);
        if answer.tool_calls.is_empty() {
            return Ok(answer.finish_reason.as_str());
        }
        turns.push(Turn::Assistant { content: answer.text, tool_calls: answer.tool_calls.clone() });
        for call in answer.tool_calls {
            let output = call_tool(job, progress, &call).await;
            turns.push(Turn::Tool { tool_call_id: call.tool_call_id, name: call.name, output });
        }
    }
    Ok("max_rounds")
}

async fn call_tool(job: &Job, progress: &mut Progress, call: &ToolCall) -> Value {
    let (started_at, started) = (job.runtime.clock.now(), Instant::now());
    progress.tool_calls.push(call.clone());
    job.log.push(ExecutionEvent::ToolCalled {
        tool_call_id: call.tool_call_id.clone(),
        name: call.name.clone(),
        arguments: call.arguments.clone(),
    });
    let context = tools::ToolContext { store: &job.store, clock: &job.runtime.clock, execution_id: &job.execution_id };
    let outcome = tools::call(&context, call).await;
    let (output, error) = (outcome.as_ref().ok().cloned(), outcome.as_ref().err().cloned());
    let duration_ms = millis(started);
    progress.steps.push(Step {
        kind: StepKind::Tool,
        name: call.name.clone(),
        started_at,
        duration_ms,
        tokens: None,
        arguments: Some(call.arguments.clone()),
        output: output.clone(),
        error: error.clone(),
    });
    let tool_call_id = call.tool_call_id.clone();
    job.log.push(ExecutionEvent::ToolCompleted { tool_call_id, output, error, duration_ms });
    outcome.unwrap_or_else(|error| json!({ "error": error }))
}

pub(super) fn millis(since: Instant) -> i64 {
    i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
}
