//! What a caller is told while an execution runs, and at its end.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::models::ToolCall;
use crate::{
    error::Problem,
    ids::{AgentId, ConversationId, ExecutionId},
    money::Micros,
};

/// The answer of an execution.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExecutionResult {
    /// Names the execution.
    pub execution_id: ExecutionId,
    /// Continue with it: send it as `conversation_id` with the next message.
    pub conversation_id: ConversationId,
    /// The agent that answered.
    pub agent_id: AgentId,
    /// The answer.
    pub message: String,
    /// Tokens read and written.
    pub tokens_used: i64,
    /// The same, apart.
    pub usage: TokenUsage,
    /// The metered value of the model's work, in dollars.
    pub cost: Micros,
    /// The model that answered.
    pub model: String,
    /// Why the answer ended: `stop`, `length` (`max_output_tokens` was reached), `quota` (the tenant's quota allowed no
    /// further round) or `max_rounds`.
    pub finish_reason: String,
    /// The tools that were called.
    pub tool_calls: Vec<ToolCall>,
    /// When the execution was started.
    pub created_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Tokens of an execution, over all its rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenUsage {
    /// Tokens that the model read.
    pub input_tokens: i64,
    /// Tokens that the model wrote.
    pub output_tokens: i64,
    /// Whether the figures are estimated, because the work was cut off.
    pub estimated: bool,
}

/// One event of a stream. The last is exactly one of `execution.completed`, `execution.failed`, `execution.cancelled`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type")]
pub enum ExecutionEvent {
    /// The execution has begun.
    #[serde(rename = "execution.started")]
    ExecutionStarted {
        /// Names the execution.
        execution_id: ExecutionId,
        /// In which conversation.
        conversation_id: ConversationId,
        /// Of which agent.
        agent_id: AgentId,
    },
    /// The next piece of the answer.
    #[serde(rename = "message.delta")]
    MessageDelta {
        /// The piece.
        text: String,
    },
    /// A tool is called.
    #[serde(rename = "tool.called")]
    ToolCalled {
        /// Names the call within the execution.
        tool_call_id: String,
        /// The tool's name.
        name: String,
        /// What it is called with.
        arguments: Value,
    },
    /// A tool has answered, or failed.
    #[serde(rename = "tool.completed")]
    ToolCompleted {
        /// Which call.
        tool_call_id: String,
        /// What came out.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required = false)]
        output: Option<Value>,
        /// What went wrong.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(required = false, nullable = false)]
        error: Option<String>,
        /// How long it took, in milliseconds.
        duration_ms: i64,
    },
    /// The execution ended with an answer.
    #[serde(rename = "execution.completed")]
    ExecutionCompleted {
        /// What the call without a stream answers.
        response: ExecutionResult,
    },
    /// The execution ended with an error.
    #[serde(rename = "execution.failed")]
    ExecutionFailed {
        /// What went wrong.
        error: Problem,
        /// The answer as far as it came.
        partial_message: String,
        /// What was used.
        usage: TokenUsage,
    },
    /// The execution was cancelled.
    #[serde(rename = "execution.cancelled")]
    ExecutionCancelled {
        /// The answer as far as it came.
        partial_message: String,
        /// What was used.
        usage: TokenUsage,
    },
}

impl ExecutionEvent {
    /// Its `type`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ExecutionStarted { .. } => "execution.started",
            Self::MessageDelta { .. } => "message.delta",
            Self::ToolCalled { .. } => "tool.called",
            Self::ToolCompleted { .. } => "tool.completed",
            Self::ExecutionCompleted { .. } => "execution.completed",
            Self::ExecutionFailed { .. } => "execution.failed",
            Self::ExecutionCancelled { .. } => "execution.cancelled",
        }
    }
}
