//! What the execution loop asks of a model, whoever provides it.
//!
//! One request is one round: the conversation so far goes in, text or tool calls come out. The loop, the tools and the
//! accounting are not the model's business.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub mod builtin;

/// A tool which the model may call in this round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// The name the model calls it by.
    pub name: String,
    /// What it does, in words for the model.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
}

/// One turn of the conversation, oldest first in a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Turn {
    /// What the person wrote.
    User {
        /// Their message.
        content: String,
    },
    /// What the model answered.
    Assistant {
        /// Its text; empty where it only called tools.
        content: String,
        /// The calls it asked for, in order.
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool answered.
    Tool {
        /// The call that this answers.
        tool_call_id: String,
        /// The tool's name.
        name: String,
        /// Its output, or `{"error": …}`.
        output: Value,
    },
}

/// A call of a tool, asked for by the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ToolCall {
    /// Names the call within its execution.
    pub tool_call_id: String,
    /// The tool's name.
    pub name: String,
    /// Its arguments, meant to fit the tool's parameters; the caller checks.
    pub arguments: Value,
}

/// What one round asks of a model.
#[derive(Debug, Clone, Copy)]
pub struct ModelRequest<'a> {
    /// The agent's instructions.
    pub system_prompt: &'a str,
    /// The conversation, oldest turn first.
    pub turns: &'a [Turn],
    /// The tools it may call.
    pub tools: &'a [ToolSpec],
    /// The most tokens it may write, tool calls included.
    pub max_output_tokens: u32,
    /// Sampling temperature, 0 to 2; a deterministic model ignores it.
    pub temperature: f64,
    /// What [`Model::input_tokens`] said of this request, where it was asked before.
    pub counted_tokens: Option<u32>,
}

/// Why a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The answer is whole.
    Stop,
    /// `max_output_tokens` cut it.
    Length,
    /// It waits for the tools it called.
    ToolCalls,
}

impl FinishReason {
    /// The word used on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
        }
    }
}

impl fmt::Display for FinishReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What one round came to.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelAnswer {
    /// The text, exactly what went through the sink.
    pub text: String,
    /// The tools to call before the next round; empty unless the reason is [`FinishReason::ToolCalls`].
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended.
    pub finish_reason: FinishReason,
    /// Tokens read.
    pub input_tokens: u32,
    /// Tokens written, tool calls included.
    pub output_tokens: u32,
}

/// Why a round failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The provider answered with a failure, or with something that cannot be understood.
    #[error("the model provider failed: {detail}")]
    Provider {
        /// What happened, fit for a log; not for the tenant.
        detail: String,
    },
}

/// Where the text goes while it is made.
pub trait DeltaSink: Send {
    /// Takes the next piece. Never blocks: whoever listens slowly is not the model's business.
    fn push(&mut self, text: &str);
}

/// A round under way. Dropping it stops the work.
pub type Generation<'a> = Pin<Box<dyn Future<Output = Result<ModelAnswer, ModelError>> + Send + 'a>>;

/// Something that can answer. Object-safe, since an agent names its model at run time.
pub trait Model: Send + Sync {
    /// Tokens which `request` will be charged for reading: what is reserved before the work. Exact for the built-in model.
    fn input_tokens(&self, request: &ModelRequest<'_>) -> u32;

    /// Answers one round, pushing the text into `sink` piece by piece.
    ///
    /// # Errors
    /// A [`ModelError`] where the model failed; what was pushed by then stands.
    fn generate<'a>(&'a self, request: ModelRequest<'a>, sink: &'a mut dyn DeltaSink) -> Generation<'a>;
}
