//! What a caller is told while an execution runs, and the log from which any number of callers read it.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{BufMut, BytesMut};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
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
    fn name(&self) -> &'static str {
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

    fn is_last(&self) -> bool {
        matches!(self, Self::ExecutionCompleted { .. } | Self::ExecutionFailed { .. } | Self::ExecutionCancelled { .. })
    }
}

/// The events of one execution, numbered from 1: one writes, any number read. Its size is bounded by the answer's.
#[must_use]
pub fn log() -> (EventWriter, EventReader) {
    let (grown, growth) = watch::channel((0, false));
    let events = Arc::new(Mutex::default());
    (EventWriter { events: events.clone(), grown }, EventReader { events, growth })
}

type Events = Arc<Mutex<Vec<ExecutionEvent>>>;

/// The side of the execution. When it is dropped before the terminal event, readers learn that there will be none.
#[derive(Debug)]
pub struct EventWriter {
    events: Events,
    /// How many events there are, and whether the last is the terminal one.
    grown: watch::Sender<(usize, bool)>,
}

impl EventWriter {
    /// Adds an event.
    pub fn push(&self, event: ExecutionEvent) {
        let is_last = event.is_last();
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
        self.grown.send_replace((events.len(), is_last));
    }
}

/// The side of a caller.
#[derive(Clone, Debug)]
pub struct EventReader {
    events: Events,
    growth: watch::Receiver<(usize, bool)>,
}

impl EventReader {
    /// How many events there are, and whether the last is the terminal one.
    pub fn state(&mut self) -> (usize, bool) {
        *self.growth.borrow_and_update()
    }

    /// Waits for more events; `false` where there will be none.
    pub async fn grew(&mut self) -> bool {
        self.growth.changed().await.is_ok()
    }

    /// Waits for the terminal event; `None` where the execution was lost before it.
    pub async fn end(&mut self) -> Option<ExecutionEvent> {
        self.growth.wait_for(|(_, ended)| *ended).await.ok()?;
        self.events.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }

    /// Writes the events after number `seen` as SSE frames; returns the number of the last.
    pub fn frames_after(&self, seen: usize, frames: &mut BytesMut) -> usize {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, event) in (1_usize..).zip(events.iter()).skip(seen) {
            frames.put_slice(format!("id: {number}\nevent: {}\ndata: ", event.name()).as_bytes());
            serde_json::to_writer((&mut *frames).writer(), event).expect("an event has text keys and plain values");
            frames.put_slice(b"\n\n");
        }
        events.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_numbered_and_named() {
        let (writer, reader) = log();
        writer.push(ExecutionEvent::MessageDelta { text: "a\nb".to_owned() });
        writer.push(ExecutionEvent::MessageDelta { text: "c".to_owned() });
        let mut frames = BytesMut::new();
        assert_eq!(reader.frames_after(1, &mut frames), 2);
        assert_eq!(&frames[..], b"id: 2\nevent: message.delta\ndata: {\"type\":\"message.delta\",\"text\":\"c\"}\n\n");
        frames.clear();
        reader.frames_after(0, &mut frames);
        assert!(std::str::from_utf8(&frames).unwrap().contains(r#""a\nb""#), "a line break stays inside its JSON");
    }

    #[tokio::test]
    async fn a_lost_execution_ends_its_readers() {
        let (writer, mut reader) = log();
        writer.push(ExecutionEvent::MessageDelta { text: "a".to_owned() });
        drop(writer);
        assert!(reader.end().await.is_none());
        reader.state();
        assert!(!reader.grew().await);
    }
}
