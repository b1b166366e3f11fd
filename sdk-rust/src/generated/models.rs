// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! The schemas of the API. Fields, values and events that this version does not know are kept, in `extra` and `Unknown`.

#![allow(
    clippy::large_enum_variant,
    clippy::too_many_arguments,
    clippy::wrong_self_convention,
    reason = "the document decides on sizes, counts and names"
)]

use super::decode;
use crate::request::Arguments;

/// An agent: a prompt, a model and tools.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Agent {
    /// Its id.
    ///
    /// For example `"agent-4kq9wz"`.
    pub agent_id: String,
    /// Its name.
    pub name: String,
    /// Whether an agent can be used.
    pub status: AgentStatus,
    /// What it is told before every conversation.
    pub system_prompt: String,
    /// The tools it may use.
    pub tools: Vec<String>,
    /// The model it runs on.
    pub model: String,
    /// The most tokens an answer may have.
    pub max_output_tokens: u32,
    /// How freely it phrases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it was last changed.
    pub updated_at: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Agent {
    agent_id: required "agent_id",
    name: required "name",
    status: required "status",
    system_prompt: required "system_prompt",
    tools: required "tools",
    model: required "model",
    max_output_tokens: required "max_output_tokens",
    temperature: optional "temperature",
    metadata: required "metadata",
    created_at: required "created_at",
    updated_at: required "updated_at",
    ..extra
});

/// Whether an agent can be used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AgentStatus {
    /// `active`
    Active,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(AgentStatus {
    Active = "active",
});

/// A new agent.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct CreateAgentRequest {
    /// Its name.
    ///
    /// 1 to 200 characters.
    ///
    /// For example `"Support Agent"`.
    pub name: String,
    /// What it is told before every conversation.
    ///
    /// 1 to 100000 characters.
    ///
    /// For example `"You answer from the knowledge base."`.
    pub system_prompt: String,
    /// The tools it may use.
    ///
    /// At most 32 items.
    ///
    /// For example `["search_kb"]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<String>>,
    /// The model it runs on: `builtin`, `openai:<model>` or `anthropic:<model>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The most tokens an answer may have.
    ///
    /// 1 to 32000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

impl CreateAgentRequest {
    /// With what is required.
    #[must_use]
    pub fn new(name: impl Into<String>, system_prompt: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            system_prompt: system_prompt.into(),
            tools: None,
            model: None,
            max_output_tokens: None,
            temperature: None,
            metadata: None,
        }
    }

    /// The tools it may use.
    ///
    /// At most 32 items.
    ///
    /// For example `["search_kb"]`.
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tools = Some(tools.into_iter().map(|item| item.into()).collect());
        self
    }

    /// The model it runs on: `builtin`, `openai:<model>` or `anthropic:<model>`.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// The most tokens an answer may have.
    ///
    /// 1 to 32000.
    #[must_use]
    pub fn max_output_tokens(mut self, max_output_tokens: u32) -> Self {
        self.max_output_tokens = Some(max_output_tokens);
        self
    }

    /// 0 to 2.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<
            Item = (impl Into<String>, impl Into<serde_json::Value>),
        >,
    ) -> Self {
        self.metadata = Some(
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
        );
        self
    }
}

/// A message to an agent.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecuteAgentRequest {
    /// What to say to the agent.
    ///
    /// 1 to 1000000 characters.
    ///
    /// For example `"How do I reset my password?"`.
    pub message: String,
    /// The conversation to go on with; a new one otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// At least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// What happens when the client goes away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_disconnect: Option<OnDisconnect>,
    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

impl ExecuteAgentRequest {
    /// With what is required.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            conversation_id: None,
            max_output_tokens: None,
            on_disconnect: None,
            metadata: None,
        }
    }

    /// The conversation to go on with; a new one otherwise.
    #[must_use]
    pub fn conversation_id(mut self, conversation_id: impl Into<String>) -> Self {
        self.conversation_id = Some(conversation_id.into());
        self
    }

    /// At least 1.
    #[must_use]
    pub fn max_output_tokens(mut self, max_output_tokens: u32) -> Self {
        self.max_output_tokens = Some(max_output_tokens);
        self
    }

    /// What happens when the client goes away.
    #[must_use]
    pub fn on_disconnect(mut self, on_disconnect: impl Into<OnDisconnect>) -> Self {
        self.on_disconnect = Some(on_disconnect.into());
        self
    }

    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<
            Item = (impl Into<String>, impl Into<serde_json::Value>),
        >,
    ) -> Self {
        self.metadata = Some(
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
        );
        self
    }
}

/// What an agent answered.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecuteAgentResponse {
    /// `execution_id`
    pub execution_id: String,
    /// `conversation_id`
    pub conversation_id: String,
    /// `agent_id`
    pub agent_id: String,
    /// The answer.
    pub message: String,
    /// Input and output together.
    pub tokens_used: u64,
    /// Tokens of an execution.
    pub usage: ExecutionUsage,
    /// In dollars.
    pub cost: f64,
    /// `model`
    pub model: String,
    /// Why an answer ended.
    pub finish_reason: FinishReason,
    /// `tool_calls`
    pub tool_calls: Vec<ToolCall>,
    /// `created_at`
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// `duration_ms`
    pub duration_ms: u64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecuteAgentResponse {
    execution_id: required "execution_id",
    conversation_id: required "conversation_id",
    agent_id: required "agent_id",
    message: required "message",
    tokens_used: required "tokens_used",
    usage: required "usage",
    cost: required "cost",
    model: required "model",
    finish_reason: required "finish_reason",
    tool_calls: required "tool_calls",
    created_at: required "created_at",
    duration_ms: required "duration_ms",
    ..extra
});

/// An execution as it was logged.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Execution {
    /// `execution_id`
    pub execution_id: String,
    /// `agent_id`
    pub agent_id: String,
    /// How an execution stands.
    pub status: ExecutionStatus,
    /// `steps`
    pub steps: Vec<ExecutionStep>,
    /// An error, as RFC 9457 has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Execution {
    execution_id: required "execution_id",
    agent_id: required "agent_id",
    status: required "status",
    steps: required "steps",
    error: optional "error",
    ..extra
});

/// The end: it was cancelled.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionCancelledEvent {
    /// `partial_message`
    pub partial_message: String,
    /// Tokens of an execution.
    pub usage: ExecutionUsage,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionCancelledEvent {
    partial_message: required "partial_message",
    usage: required "usage",
    ..extra
});

/// The end: all went well.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionCompletedEvent {
    /// What an agent answered.
    pub response: ExecuteAgentResponse,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionCompletedEvent {
    response: required "response",
    ..extra
});

/// Something that happens in an execution.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum ExecutionEvent {
    /// The execution has begun.
    #[serde(rename = "execution.started")]
    ExecutionStarted(ExecutionStarted),
    /// The agent says something.
    #[serde(rename = "message.delta")]
    MessageDelta(MessageDeltaEvent),
    /// The agent uses a tool.
    #[serde(rename = "tool.called")]
    ToolCalled(ToolCalledEvent),
    /// A tool gave its result.
    #[serde(rename = "tool.completed")]
    ToolCompleted(ToolCompletedEvent),
    /// The end: all went well.
    #[serde(rename = "execution.completed")]
    ExecutionCompleted(ExecutionCompletedEvent),
    /// The end: it failed.
    #[serde(rename = "execution.failed")]
    ExecutionFailed(ExecutionFailedEvent),
    /// The end: it was cancelled.
    #[serde(rename = "execution.cancelled")]
    ExecutionCancelled(ExecutionCancelledEvent),
    /// What this version does not know, as it came.
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

decode::union!(ExecutionEvent by "type" {
    ExecutionStarted(ExecutionStarted) = "execution.started",
    MessageDelta(MessageDeltaEvent) = "message.delta",
    ToolCalled(ToolCalledEvent) = "tool.called",
    ToolCompleted(ToolCompletedEvent) = "tool.completed",
    ExecutionCompleted(ExecutionCompletedEvent) = "execution.completed",
    ExecutionFailed(ExecutionFailedEvent) = "execution.failed",
    ExecutionCancelled(ExecutionCancelledEvent) = "execution.cancelled",
});

impl crate::StreamEvent for ExecutionEvent {
    type Response = ExecuteAgentResponse;
}

/// The end: it failed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionFailedEvent {
    /// An error, as RFC 9457 has it.
    pub error: Problem,
    /// `partial_message`
    pub partial_message: String,
    /// Tokens of an execution.
    pub usage: ExecutionUsage,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionFailedEvent {
    error: required "error",
    partial_message: required "partial_message",
    usage: required "usage",
    ..extra
});

/// The execution has begun.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionStarted {
    /// `execution_id`
    pub execution_id: String,
    /// `conversation_id`
    pub conversation_id: String,
    /// `agent_id`
    pub agent_id: String,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionStarted {
    execution_id: required "execution_id",
    conversation_id: required "conversation_id",
    agent_id: required "agent_id",
    ..extra
});

/// How an execution stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExecutionStatus {
    /// `running`
    Running,
    /// `completed`
    Completed,
    /// `failed`
    Failed,
    /// `cancelled`
    Cancelled,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(ExecutionStatus {
    Running = "running",
    Completed = "completed",
    Failed = "failed",
    Cancelled = "cancelled",
});

/// A step of an execution.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionStep {
    /// What took the step.
    pub r#type: ExecutionStepType,
    /// `name`
    pub name: String,
    /// `started_at`
    pub started_at: chrono::DateTime<chrono::Utc>,
    /// `duration_ms`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// `tokens`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionStep {
    r#type: required "type",
    name: required "name",
    started_at: required "started_at",
    duration_ms: optional "duration_ms",
    tokens: optional "tokens",
    ..extra
});

/// What took the step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExecutionStepType {
    /// `model`
    Model,
    /// `tool`
    Tool,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(ExecutionStepType {
    Model = "model",
    Tool = "tool",
});

/// Tokens of an execution.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionUsage {
    /// `input_tokens`
    pub input_tokens: u64,
    /// `output_tokens`
    pub output_tokens: u64,
    /// Whether the counts are estimates.
    pub estimated: bool,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionUsage {
    input_tokens: required "input_tokens",
    output_tokens: required "output_tokens",
    estimated: required "estimated",
    ..extra
});

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct FieldProblem {
    /// `pointer`
    pub pointer: String,
    /// `detail`
    pub detail: String,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(FieldProblem {
    pointer: required "pointer",
    detail: required "detail",
    ..extra
});

/// Why an answer ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FinishReason {
    /// `stop`
    Stop,
    /// `length`
    Length,
    /// `quota`
    Quota,
    /// `tool_rounds`
    ToolRounds,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(FinishReason {
    Stop = "stop",
    Length = "length",
    Quota = "quota",
    ToolRounds = "tool_rounds",
});

/// The agent says something.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct MessageDeltaEvent {
    /// The next piece of the answer.
    pub text: String,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(MessageDeltaEvent {
    text: required "text",
    ..extra
});

/// What happens to an execution when its client goes away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnDisconnect {
    /// It runs to its end.
    Continue,
    /// It is cancelled.
    Cancel,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(OnDisconnect {
    Continue = "continue",
    Cancel = "cancel",
});

/// An error, as RFC 9457 has it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// `type`
    pub r#type: String,
    /// `title`
    pub title: String,
    /// `status`
    pub status: u32,
    /// What was wrong and what to do.
    pub detail: String,
    /// A stable word.
    pub code: String,
    /// `request_id`
    pub request_id: String,
    /// `errors`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<FieldProblem>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Problem {
    r#type: required "type",
    title: required "title",
    status: required "status",
    detail: required "detail",
    code: required "code",
    request_id: required "request_id",
    errors: optional "errors",
    ..extra
});

/// What a tenant may use.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Quota {
    /// `max_requests_per_hour`
    pub max_requests_per_hour: u64,
    /// `max_tokens_per_month`
    pub max_tokens_per_month: u64,
    /// In dollars.
    pub max_spend_per_month: f64,
    /// `max_concurrent_agents`
    pub max_concurrent_agents: u64,
    /// `max_storage_mb`
    pub max_storage_mb: f64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Quota {
    max_requests_per_hour: required "max_requests_per_hour",
    max_tokens_per_month: required "max_tokens_per_month",
    max_spend_per_month: required "max_spend_per_month",
    max_concurrent_agents: required "max_concurrent_agents",
    max_storage_mb: required "max_storage_mb",
    ..extra
});

/// A passage.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SearchHit {
    /// `document_id`
    pub document_id: String,
    /// `title`
    pub title: String,
    /// `passage`
    pub passage: String,
    /// `score`
    pub score: f64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(SearchHit {
    document_id: required "document_id",
    title: required "title",
    passage: required "passage",
    score: required "score",
    ..extra
});

/// What was found, best first.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SearchResults {
    /// `data`
    pub data: Vec<SearchHit>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(SearchResults {
    data: required "data",
    ..extra
});

/// A new tenant.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SignUpRequest {
    /// Your address.
    ///
    /// For example `"user@acme.com"`.
    pub email: String,
    /// What a tenant pays for.
    ///
    /// For example `"professional"`.
    pub tier: Tier,
    /// Your organisation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl SignUpRequest {
    /// With what is required.
    #[must_use]
    pub fn new(email: impl Into<String>, tier: impl Into<Tier>) -> Self {
        Self {
            email: email.into(),
            tier: tier.into(),
            name: None,
        }
    }

    /// Your organisation's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// The new tenant, and its key.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SignUpResponse {
    /// `tenant_id`
    pub tenant_id: String,
    /// Shown this once.
    pub api_key: String,
    /// What a tenant pays for.
    pub tier: Tier,
    /// What a tenant may use.
    pub quota: Quota,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(SignUpResponse {
    tenant_id: required "tenant_id",
    api_key: required "api_key",
    tier: required "tier",
    quota: required "quota",
    ..extra
});

/// What a tenant pays for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tier {
    /// `starter`
    Starter,
    /// `professional`
    Professional,
    /// `enterprise`
    Enterprise,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(Tier {
    Starter = "starter",
    Professional = "professional",
    Enterprise = "enterprise",
});

/// A use of a tool.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// `tool_call_id`
    pub tool_call_id: String,
    /// `name`
    pub name: String,
    /// What the tool was given.
    pub arguments: serde_json::Value,
    /// What it gave back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<serde_json::Value>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ToolCall {
    tool_call_id: required "tool_call_id",
    name: required "name",
    arguments: required "arguments",
    output: optional "output",
    error: optional "error",
    ..extra
});

/// The agent uses a tool.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ToolCalledEvent {
    /// `tool_call_id`
    pub tool_call_id: String,
    /// `name`
    pub name: String,
    /// `arguments`
    pub arguments: serde_json::Value,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ToolCalledEvent {
    tool_call_id: required "tool_call_id",
    name: required "name",
    arguments: required "arguments",
    ..extra
});

/// A tool gave its result.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ToolCompletedEvent {
    /// `tool_call_id`
    pub tool_call_id: String,
    /// `output`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<serde_json::Value>,
    /// `error`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// `duration_ms`
    pub duration_ms: u64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ToolCompletedEvent {
    tool_call_id: required "tool_call_id",
    output: optional "output",
    error: optional "error",
    duration_ms: required "duration_ms",
    ..extra
});

/// What to change. What is absent stays as it is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, Default)]
#[non_exhaustive]
pub struct UpdateAgentRequest {
    /// Its name.
    ///
    /// 1 to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is told before every conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// `tools`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<String>>,
    /// `null` goes back to the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Option<String>>,
    /// `null` goes back to the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Option<f64>>,
    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Option<serde_json::Map<String, serde_json::Value>>>,
}

impl UpdateAgentRequest {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Its name.
    ///
    /// 1 to 200 characters.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What it is told before every conversation.
    #[must_use]
    pub fn system_prompt(mut self, system_prompt: impl Into<String>) -> Self {
        self.system_prompt = Some(system_prompt.into());
        self
    }

    /// `tools`
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tools = Some(tools.into_iter().map(|item| item.into()).collect());
        self
    }

    /// `null` goes back to the default.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(Some(model.into()));
        self
    }

    /// Sends `null` for `model`, which is not the same as leaving it out.
    #[must_use]
    pub fn reset_model(mut self) -> Self {
        self.model = Some(None);
        self
    }

    /// `null` goes back to the default.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(Some(temperature));
        self
    }

    /// Sends `null` for `temperature`, which is not the same as leaving it out.
    #[must_use]
    pub fn reset_temperature(mut self) -> Self {
        self.temperature = Some(None);
        self
    }

    /// Anything you want to keep with it.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<
            Item = (impl Into<String>, impl Into<serde_json::Value>),
        >,
    ) -> Self {
        self.metadata = Some(
            Some(
                metadata
                    .into_iter()
                    .map(|(key, value)| (key.into(), value.into()))
                    .collect(),
            ),
        );
        self
    }

    /// Sends `null` for `metadata`, which is not the same as leaving it out.
    #[must_use]
    pub fn reset_metadata(mut self) -> Self {
        self.metadata = Some(None);
        self
    }
}

/// What a tenant has used.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Usage {
    /// `requests_this_hour`
    pub requests_this_hour: u64,
    /// `tokens_this_month`
    pub tokens_this_month: u64,
    /// Limit less used.
    pub remaining_tokens: u64,
    /// In dollars.
    pub spend_this_month: f64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Usage {
    requests_this_hour: required "requests_this_hour",
    tokens_this_month: required "tokens_this_month",
    remaining_tokens: required "remaining_tokens",
    spend_this_month: required "spend_this_month",
    ..extra
});

/// Quota and usage.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct UsageReport {
    /// `tenant_id`
    pub tenant_id: String,
    /// What a tenant pays for.
    pub tier: Tier,
    /// What a tenant may use.
    pub quota: Quota,
    /// What a tenant has used.
    pub usage: Usage,
    /// When counts start again.
    pub resets: UsageReportResets,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(UsageReport {
    tenant_id: required "tenant_id",
    tier: required "tier",
    quota: required "quota",
    usage: required "usage",
    resets: required "resets",
    ..extra
});

/// When counts start again.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct UsageReportResets {
    /// When the hour's count starts again.
    pub hour: chrono::DateTime<chrono::Utc>,
    /// `month`
    pub month: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(UsageReportResets {
    hour: required "hour",
    month: required "month",
    ..extra
});

/// What [`Client::list_agents`](crate::Client::list_agents) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListAgentsParams {
    /// How many items a page has.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListAgentsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many items a page has.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where to go on: the `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListAgentsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}

/// What [`Client::list_executions`](crate::Client::list_executions) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListExecutionsParams {
    /// How many items a page has.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Only those of this agent.
    pub agent_id: Option<String>,
    /// Only those in one of these states.
    pub status: Option<Vec<ExecutionStatus>>,
    /// Only those since then.
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// Only those before then.
    pub to: Option<chrono::DateTime<chrono::Utc>>,
}

impl ListExecutionsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many items a page has.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where to go on: the `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// Only those of this agent.
    #[must_use]
    pub fn agent_id(mut self, agent_id: impl Into<String>) -> Self {
        self.agent_id = Some(agent_id.into());
        self
    }

    /// Only those in one of these states.
    #[must_use]
    pub fn status(
        mut self,
        status: impl IntoIterator<Item = impl Into<ExecutionStatus>>,
    ) -> Self {
        self.status = Some(status.into_iter().map(|item| item.into()).collect());
        self
    }

    /// Only those since then.
    #[must_use]
    pub fn from(mut self, from: impl Into<chrono::DateTime<chrono::Utc>>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Only those before then.
    #[must_use]
    pub fn to(mut self, to: impl Into<chrono::DateTime<chrono::Utc>>) -> Self {
        self.to = Some(to.into());
        self
    }
}

impl ListExecutionsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments = arguments.query("agent_id", self.agent_id);
        for item in self.status.into_iter().flatten() {
            arguments = arguments.query("status", Some(item));
        }
        arguments = arguments
            .query(
                "from",
                self
                    .from
                    .map(|time| {
                        time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
                    }),
            );
        arguments = arguments
            .query(
                "to",
                self
                    .to
                    .map(|time| {
                        time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
                    }),
            );
        arguments
    }
}

/// What [`Client::search_documents`](crate::Client::search_documents) may be asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchDocumentsParams {
    /// What to look for.
    ///
    /// 1 to 1000 characters.
    pub q: String,
    /// How many items a page has.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<u32>,
}

impl SearchDocumentsParams {
    /// With what is required.
    #[must_use]
    pub fn new(q: impl Into<String>) -> Self {
        Self { q: q.into(), limit: None }
    }

    /// How many items a page has.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl SearchDocumentsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("q", Some(self.q));
        arguments = arguments.query("limit", self.limit);
        arguments
    }
}
