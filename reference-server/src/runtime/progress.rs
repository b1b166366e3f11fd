//! What an execution has come to so far.

use super::{
    layout::{Layout, Mark},
    models::ToolCall,
    tokens,
};
use crate::{
    money::Micros,
    store::executions::{Step, StepKind},
};

/// It outlives the loop, so that a cut execution is settled for what it did.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// The text of all rounds, as it was streamed.
    pub(super) text: String,
    /// How it was cut, and where the tools stand in it.
    pub(super) layout: Layout,
    /// Tokens read in rounds that ended.
    pub(super) input_tokens: i64,
    /// Tokens written in rounds that ended.
    pub(super) output_tokens: i64,
    /// What may be charged: tokens and dollars.
    pub(super) reserved: (i64, Micros),
    /// Every tool call.
    pub(super) tool_calls: Vec<ToolCall>,
    /// Every step.
    pub(super) steps: Vec<Step>,
    /// The round that runs: its input, and where its text begins.
    running: Option<(i64, usize)>,
}

impl Progress {
    pub(super) fn begin_round(&mut self, input_tokens: i64) {
        self.running = Some((input_tokens, self.text.len()));
    }

    /// The text of the round that runs.
    pub(super) fn round_text(&self) -> &str {
        self.running.map_or("", |(_, begins)| &self.text[begins..])
    }

    /// Whether the model is being waited for.
    pub(super) fn is_in_round(&self) -> bool {
        self.running.is_some()
    }

    pub(super) fn end_round(&mut self, input_tokens: i64, output_tokens: i64) {
        self.running = None;
        self.input_tokens += input_tokens;
        self.output_tokens += output_tokens;
    }

    pub(super) fn add_delta(&mut self, text: &str) {
        self.text.push_str(text);
        self.layout.push(Mark::Delta(text.len()));
    }

    pub(super) fn call_tool(&mut self, call: ToolCall) {
        self.tool_calls.push(call);
        self.layout.push(Mark::ToolCalled);
    }

    pub(super) fn complete_tool(&mut self, step: Step) {
        debug_assert_eq!(step.kind, StepKind::Tool);
        self.steps.push(step);
        self.layout.push(Mark::ToolCompleted);
    }

    /// Counts the round that was cut off, as well as can be told from here; whether there was one.
    pub(super) fn estimate_cut_round(&mut self) -> bool {
        let Some((input_tokens, begins)) = self.running.take() else { return false };
        self.input_tokens += input_tokens;
        self.output_tokens += i64::from(tokens::count(&self.text[begins..]));
        true
    }
}
