// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! The schemas of the API. Fields, values and events that this version does not know are kept, in `extra` and `Unknown`.

#![allow(
    clippy::large_enum_variant,
    clippy::too_many_arguments,
    clippy::wrong_self_convention,
    reason = "the document decides on sizes, counts and names"
)]

use super::decode;
use crate::Arguments;

/// What kind of party acted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ActorKind {
    /// `api_key`
    ApiKey,
    /// `operator`
    Operator,
    /// `anonymous`
    Anonymous,
    /// `system`
    System,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(ActorKind {
    ApiKey = "api_key",
    Operator = "operator",
    Anonymous = "anonymous",
    System = "system",
});

/// An agent.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Agent {
    /// Names it.
    pub agent_id: AgentId,
    /// What you call it.
    pub name: String,
    /// `active`.
    pub status: AgentStatus,
    /// What it is told before each conversation.
    pub system_prompt: String,
    /// The tools that it may call.
    pub tools: Vec<String>,
    /// The model that answers.
    pub model: String,
    /// How many tokens an execution may write; `null`: 1,024.
    pub max_output_tokens: Option<i64>,
    /// How freely the model chooses its words, 0 to 2.
    pub temperature: f64,
    /// Your own labels.
    pub metadata: std::collections::BTreeMap<String, String>,
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
    max_output_tokens: optional "max_output_tokens",
    temperature: required "temperature",
    metadata: required "metadata",
    created_at: required "created_at",
    updated_at: required "updated_at",
    ..extra
});

/// Names an agent: `agent-…`.
pub type AgentId = String;

/// Whether an agent can be executed.
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

/// A key without its secret.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ApiKeySummary {
    /// Names the key.
    pub key_id: KeyId,
    /// What you call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Whether it does live or test work.
    pub mode: Mode,
    /// The beginning of the key, to tell it apart.
    pub prefix: String,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it was last used, to the minute; `null`: never.
    pub last_used_at: Option<chrono::DateTime<chrono::Utc>>,
    /// From when it is refused; `null`: never.
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ApiKeySummary {
    key_id: required "key_id",
    name: required "name",
    scopes: required "scopes",
    mode: required "mode",
    prefix: required "prefix",
    created_at: required "created_at",
    last_used_at: optional "last_used_at",
    expires_at: optional "expires_at",
    ..extra
});

/// An entry of the audit log: who did what, when, and from where.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its place in your log: 1, 2, 3, …, without a gap.
    ///
    /// At least 1.
    pub seq: i64,
    /// When it happened.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// What kind of party acted.
    pub actor: ActorKind,
    /// Which one: the id of the API key, or the public part of the operator's; `null` where it has none.
    pub actor_id: Option<String>,
    /// The address that it came from; `null` where it came from none.
    pub address: Option<String>,
    /// The request, as its answer named it in `X-Request-Id`; `null` where it was none.
    pub request_id: Option<String>,
    /// What was done: `api_key.created`, `agent.updated`, `tenant.updated`, `sign_in.refused`, ….
    pub action: String,
    /// To which kind of thing: `api_key`, `agent`, `tenant`, ….
    pub target: String,
    /// To which of them; `null` where it is none that exists.
    pub target_id: Option<String>,
    /// What it was before, without secrets; of a change only what differs. `null`: it was not there.
    pub before: serde_json::Value,
    /// What it was then, without secrets; of a change only what differs. `null`: it was there no more.
    pub after: serde_json::Value,
    /// SHA-256, in hexadecimal digits, of this entry and of the hash before it.
    pub hash: String,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(AuditEntry {
    seq: required "seq",
    created_at: required "created_at",
    actor: required "actor",
    actor_id: optional "actor_id",
    address: optional "address",
    request_id: optional "request_id",
    action: required "action",
    target: required "target",
    target_id: optional "target_id",
    before: required "before",
    after: required "after",
    hash: required "hash",
    ..extra
});

/// A conversation.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Conversation {
    /// Names it.
    pub conversation_id: ConversationId,
    /// With which agent.
    pub agent_id: AgentId,
    /// When it was begun.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// The latest 1,000 messages, oldest first. An execution that failed or was cancelled adds none.
    pub messages: Vec<Message>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Conversation {
    conversation_id: required "conversation_id",
    agent_id: required "agent_id",
    created_at: required "created_at",
    messages: required "messages",
    ..extra
});

/// Names a conversation: `conv-…`.
pub type ConversationId = String;

/// A conversation without its messages.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ConversationSummary {
    /// Names it.
    pub conversation_id: ConversationId,
    /// With which agent.
    pub agent_id: AgentId,
    /// When it was begun.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ConversationSummary {
    conversation_id: required "conversation_id",
    agent_id: required "agent_id",
    created_at: required "created_at",
    ..extra
});

/// An agent to make.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct CreateAgentRequest {
    /// What you call it.
    ///
    /// 1 to 200 characters.
    ///
    /// For example `"Support Agent"`.
    pub name: String,
    /// What it is told before each conversation.
    ///
    /// 1 to 32768 characters.
    ///
    /// For example `"You are a helpful support agent."`.
    pub system_prompt: String,
    /// The tools that it may call: `search_kb` (or `search`), `create_ticket`.
    ///
    /// At most 32 items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<String>>,
    /// The model that answers: `builtin`.
    ///
    /// At most 200 characters. Default: `builtin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many tokens an execution may write, where its request does not say; 1,024 if absent.
    ///
    /// 1 to 32768.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<i64>,
    /// How freely the model chooses its words, 0 to 2; 1 if absent. The built-in model ignores it.
    ///
    /// 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<std::collections::BTreeMap<String, String>>,
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

    /// The tools that it may call: `search_kb` (or `search`), `create_ticket`.
    ///
    /// At most 32 items.
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tools = Some(tools.into_iter().map(|item| item.into()).collect());
        self
    }

    /// The model that answers: `builtin`.
    ///
    /// At most 200 characters. Default: `builtin`.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// How many tokens an execution may write, where its request does not say; 1,024 if absent.
    ///
    /// 1 to 32768.
    #[must_use]
    pub fn max_output_tokens(mut self, max_output_tokens: i64) -> Self {
        self.max_output_tokens = Some(max_output_tokens);
        self
    }

    /// How freely the model chooses its words, 0 to 2; 1 if absent. The built-in model ignores it.
    ///
    /// 0 to 2.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.metadata = Some(
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
        );
        self
    }
}

/// A key to make.
#[derive(Clone, Debug, PartialEq, serde::Serialize, Default)]
#[non_exhaustive]
pub struct CreateApiKeyRequest {
    /// What you call it.
    ///
    /// At most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it may do: `read` < `execute` < `admin`, each includes the ones before; absent: `admin`.
    ///
    /// 1 to 3 items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// `live` (the default with a live key), or `test`: the built-in model on the same data, not billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// From when it is refused; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl CreateApiKeyRequest {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What you call it.
    ///
    /// At most 200 characters.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What it may do: `read` < `execute` < `admin`, each includes the ones before; absent: `admin`.
    ///
    /// 1 to 3 items.
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<Scope>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(|item| item.into()).collect());
        self
    }

    /// `live` (the default with a live key), or `test`: the built-in model on the same data, not billed.
    #[must_use]
    pub fn mode(mut self, mode: impl Into<Mode>) -> Self {
        self.mode = Some(mode.into());
        self
    }

    /// From when it is refused; absent: never.
    #[must_use]
    pub fn expires_at(
        mut self,
        expires_at: impl Into<chrono::DateTime<chrono::Utc>>,
    ) -> Self {
        self.expires_at = Some(expires_at.into());
        self
    }
}

/// A document to make.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct CreateDocumentRequest {
    /// Its title.
    ///
    /// 1 to 300 characters.
    ///
    /// For example `"Resetting your password"`.
    pub title: String,
    /// Its text, plain or Markdown.
    ///
    /// 1 to 500000 characters.
    pub content: String,
    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<std::collections::BTreeMap<String, String>>,
}

impl CreateDocumentRequest {
    /// With what is required.
    #[must_use]
    pub fn new(title: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            content: content.into(),
            metadata: None,
        }
    }

    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.metadata = Some(
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
        );
        self
    }
}

/// A key just made.
#[derive(Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct CreatedApiKey {
    /// Names the key.
    pub key_id: KeyId,
    /// The key itself, shown this once: store it now.
    pub api_key: String,
    /// What you call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Whether it does live or test work.
    pub mode: Mode,
    /// The beginning of the key, to tell it apart.
    pub prefix: String,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// `null`: it has not been used.
    pub last_used_at: Option<chrono::DateTime<chrono::Utc>>,
    /// From when it is refused; `null`: never.
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Without what must not be printed.
impl std::fmt::Debug for CreatedApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedApiKey")
            .field("key_id", &self.key_id)
            .field("name", &self.name)
            .field("scopes", &self.scopes)
            .field("mode", &self.mode)
            .field("prefix", &self.prefix)
            .field("created_at", &self.created_at)
            .field("last_used_at", &self.last_used_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

decode::object!(CreatedApiKey {
    key_id: required "key_id",
    api_key: required "api_key",
    name: required "name",
    scopes: required "scopes",
    mode: required "mode",
    prefix: required "prefix",
    created_at: required "created_at",
    last_used_at: optional "last_used_at",
    expires_at: optional "expires_at",
    ..extra
});

/// A document without its text.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Document {
    /// Names it.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// How many bytes title and text take.
    pub bytes: i64,
    /// Your own labels.
    pub metadata: std::collections::BTreeMap<String, String>,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Document {
    document_id: required "document_id",
    title: required "title",
    bytes: required "bytes",
    metadata: required "metadata",
    created_at: required "created_at",
    ..extra
});

/// A document with its text.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct DocumentContent {
    /// Names it.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub content: String,
    /// How many bytes title and text take.
    pub bytes: i64,
    /// Your own labels.
    pub metadata: std::collections::BTreeMap<String, String>,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(DocumentContent {
    document_id: required "document_id",
    title: required "title",
    content: required "content",
    bytes: required "bytes",
    metadata: required "metadata",
    created_at: required "created_at",
    ..extra
});

/// Names a document of the knowledge base: `doc-…`.
pub type DocumentId = String;

/// US dollars, with at most six decimals.
pub type Dollars = f64;

/// What to ask of the agent.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecuteAgentRequest {
    /// The user's message.
    ///
    /// 1 to 100000 characters.
    ///
    /// For example `"How do I reset my password?"`.
    pub message: String,
    /// The conversation to continue; absent: a new one.
    ///
    /// At most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut to what the quota leaves.
    ///
    /// 1 to 32768.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<i64>,
    /// What becomes of the execution when the client goes away: it goes on (`continue`, the default) or is cancelled (`cancel`),
    /// under an `Idempotency-Key` only when nobody has come back to it for 15 seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_disconnect: Option<OnDisconnect>,
    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<std::collections::BTreeMap<String, String>>,
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

    /// The conversation to continue; absent: a new one.
    ///
    /// At most 100 characters.
    #[must_use]
    pub fn conversation_id(mut self, conversation_id: impl Into<String>) -> Self {
        self.conversation_id = Some(conversation_id.into());
        self
    }

    /// How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut to what the quota leaves.
    ///
    /// 1 to 32768.
    #[must_use]
    pub fn max_output_tokens(mut self, max_output_tokens: i64) -> Self {
        self.max_output_tokens = Some(max_output_tokens);
        self
    }

    /// What becomes of the execution when the client goes away: it goes on (`continue`, the default) or is cancelled (`cancel`),
    /// under an `Idempotency-Key` only when nobody has come back to it for 15 seconds.
    #[must_use]
    pub fn on_disconnect(mut self, on_disconnect: impl Into<OnDisconnect>) -> Self {
        self.on_disconnect = Some(on_disconnect.into());
        self
    }

    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.metadata = Some(
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
        );
        self
    }
}

/// An execution, running or ended.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Execution {
    /// Names it.
    pub execution_id: ExecutionId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Of which agent.
    pub agent_id: AgentId,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// The user's message.
    pub input: String,
    /// The answer; while it runs and where it did not come to its end, what there is of it.
    pub message: String,
    /// Tokens read and written.
    pub tokens_used: i64,
    /// The same, apart.
    pub usage: TokenUsage,
    /// The metered value of the model's work, in dollars.
    pub cost: Dollars,
    /// The model that ran.
    pub model: String,
    /// Why the answer ended; `null` while it runs and where it failed.
    pub finish_reason: Option<String>,
    /// The tools that were called.
    pub tool_calls: Vec<ToolCall>,
    /// Every round of the model and every call of a tool, in order.
    pub steps: Vec<Step>,
    /// What went wrong, where it failed.
    pub error: Option<Problem>,
    /// Your own labels.
    pub metadata: std::collections::BTreeMap<String, String>,
    /// When it was started.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it ended; `null` while it runs.
    pub completed_at: Option<chrono::DateTime<chrono::Utc>>,
    /// How long it took, in milliseconds; `null` while it runs.
    pub duration_ms: Option<i64>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Execution {
    execution_id: required "execution_id",
    conversation_id: required "conversation_id",
    agent_id: required "agent_id",
    status: required "status",
    input: required "input",
    message: required "message",
    tokens_used: required "tokens_used",
    usage: required "usage",
    cost: required "cost",
    model: required "model",
    finish_reason: optional "finish_reason",
    tool_calls: required "tool_calls",
    steps: required "steps",
    error: optional "error",
    metadata: required "metadata",
    created_at: required "created_at",
    completed_at: optional "completed_at",
    duration_ms: optional "duration_ms",
    ..extra
});

/// The execution was cancelled.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionCancelledEvent {
    /// The answer as far as it came.
    pub partial_message: String,
    /// What was used.
    pub usage: TokenUsage,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionCancelledEvent {
    partial_message: required "partial_message",
    usage: required "usage",
    ..extra
});

/// The execution ended with an answer.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionCompletedEvent {
    /// What the call without a stream answers.
    pub response: ExecutionResult,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionCompletedEvent {
    response: required "response",
    ..extra
});

/// One event of a stream. The last is exactly one of `execution.completed`, `execution.failed`, `execution.cancelled`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum ExecutionEvent {
    /// The execution has begun.
    #[serde(rename = "execution.started")]
    ExecutionStarted(ExecutionStartedEvent),
    /// The next piece of the answer.
    #[serde(rename = "message.delta")]
    MessageDelta(MessageDeltaEvent),
    /// A tool is called.
    #[serde(rename = "tool.called")]
    ToolCalled(ToolCalledEvent),
    /// A tool has answered, or failed.
    #[serde(rename = "tool.completed")]
    ToolCompleted(ToolCompletedEvent),
    /// The execution ended with an answer.
    #[serde(rename = "execution.completed")]
    ExecutionCompleted(ExecutionCompletedEvent),
    /// The execution ended with an error.
    #[serde(rename = "execution.failed")]
    ExecutionFailed(ExecutionFailedEvent),
    /// The execution was cancelled.
    #[serde(rename = "execution.cancelled")]
    ExecutionCancelled(ExecutionCancelledEvent),
    /// What this version does not know, as it came.
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

decode::union!(ExecutionEvent by "type" {
    ExecutionStarted(ExecutionStartedEvent) = "execution.started",
    MessageDelta(MessageDeltaEvent) = "message.delta",
    ToolCalled(ToolCalledEvent) = "tool.called",
    ToolCompleted(ToolCompletedEvent) = "tool.completed",
    ExecutionCompleted(ExecutionCompletedEvent) = "execution.completed",
    ExecutionFailed(ExecutionFailedEvent) = "execution.failed",
    ExecutionCancelled(ExecutionCancelledEvent) = "execution.cancelled",
});

impl crate::StreamEvent for ExecutionEvent {
    type Response = ExecutionResult;
}

/// The execution ended with an error.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionFailedEvent {
    /// What went wrong.
    pub error: Problem,
    /// The answer as far as it came.
    pub partial_message: String,
    /// What was used.
    pub usage: TokenUsage,
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

/// Names an execution: `exec-…`.
pub type ExecutionId = String;

/// The answer of an execution.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
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
    pub cost: Dollars,
    /// The model that answered.
    pub model: String,
    /// Why the answer ended: `stop`, `length` (`max_output_tokens` was reached), `quota` (the tenant's quota allowed no
    /// further round) or `max_rounds`.
    pub finish_reason: String,
    /// The tools that were called.
    pub tool_calls: Vec<ToolCall>,
    /// When the execution was started.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionResult {
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

/// The execution has begun.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ExecutionStartedEvent {
    /// Names the execution.
    pub execution_id: ExecutionId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Of which agent.
    pub agent_id: AgentId,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ExecutionStartedEvent {
    execution_id: required "execution_id",
    conversation_id: required "conversation_id",
    agent_id: required "agent_id",
    ..extra
});

/// Where an execution stands.
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

/// One refused part of a request.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct FieldError {
    /// Where: a JSON pointer into the body (`/tools/0`), or `?name` for a query parameter.
    pub pointer: String,
    /// What is wrong with it and what would be right.
    pub detail: String,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(FieldError {
    pointer: required "pointer",
    detail: required "detail",
    ..extra
});

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct FoundPassage {
    /// In which document.
    pub document_id: DocumentId,
    /// Of what title.
    pub title: String,
    /// The passage's text.
    pub passage: String,
    /// BM25: higher fits better; comparable within one search alone.
    pub score: f64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(FoundPassage {
    document_id: required "document_id",
    title: required "title",
    passage: required "passage",
    score: required "score",
    ..extra
});

/// A clock hour or a calendar day, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Granularity {
    /// `hour`
    Hour,
    /// `day`
    Day,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(Granularity {
    Hour = "hour",
    Day = "day",
});

/// Names an API key without revealing it: `key-…`.
pub type KeyId = String;

/// One message.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Message {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub content: String,
    /// In which execution.
    pub execution_id: ExecutionId,
    /// When.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Message {
    role: required "role",
    content: required "content",
    execution_id: required "execution_id",
    created_at: required "created_at",
    ..extra
});

/// The next piece of the answer.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct MessageDeltaEvent {
    /// The piece.
    pub text: String,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(MessageDeltaEvent {
    text: required "text",
    ..extra
});

/// Which kind of work a key does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// `live`
    Live,
    /// `test`
    Test,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(Mode {
    Live = "live",
    Test = "test",
});

/// What becomes of an execution when its client goes away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnDisconnect {
    /// `continue`
    Continue,
    /// `cancel`
    Cancel,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(OnDisconnect {
    Continue = "continue",
    Cancel = "cancel",
});

/// What went wrong (RFC 9457), with the extensions of this API.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// A URN that names the kind of problem: `urn:agent-platform:problem:<code>`.
    pub r#type: String,
    /// The kind in a few words, the same each time.
    pub title: String,
    /// The HTTP status.
    pub status: u32,
    /// This occurrence: what was wrong, with which value, and what to do.
    pub detail: String,
    /// A stable word for programs: `not_found`, `rate_limited`, `quota_exceeded`, ….
    pub code: String,
    /// The id of the request, also in the header `X-Request-Id`; `null` only inside stored executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Each field that was refused, where the request's content was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<FieldError>>,
    /// The quota that is used up, by its field's name in `GET /usage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// That quota's limit, in its own unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// How much of it is used or reserved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<f64>,
    /// When it is reset; `null` for quotas that are not reset by time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<chrono::DateTime<chrono::Utc>>,
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
    request_id: optional "request_id",
    errors: optional "errors",
    quota: optional "quota",
    limit: optional "limit",
    used: optional "used",
    resets_at: optional "resets_at",
    ..extra
});

/// The five quotas of a tenant. A limit of 0 means none allowed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Quota {
    /// Executions that may be started in one clock hour (UTC).
    pub max_requests_per_hour: u64,
    /// Tokens, input and output, that may be used in one calendar month (UTC).
    pub max_tokens_per_month: u64,
    /// Dollars of metered model work in one calendar month (UTC).
    pub max_spend_per_month: Dollars,
    /// Executions that may run at the same time.
    pub max_concurrent_agents: u64,
    /// Megabytes (10⁶ bytes) of documents and conversations.
    pub max_storage_mb: u64,
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

/// When counting begins anew.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Resets {
    /// The next clock hour, UTC.
    pub hour: chrono::DateTime<chrono::Utc>,
    /// The next calendar month, UTC.
    pub month: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Resets {
    hour: required "hour",
    month: required "month",
    ..extra
});

/// Who said a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// `user`
    User,
    /// `assistant`
    Assistant,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(Role {
    User = "user",
    Assistant = "assistant",
});

/// How a key is replaced.
#[derive(Clone, Debug, PartialEq, serde::Serialize, Default)]
#[non_exhaustive]
pub struct RotateApiKeyRequest {
    /// For how long the old key stays valid, in seconds; 0: it ends at once. A day if absent, 30 days at most. A key that rotates
    /// itself stays valid for 60 seconds at least, so that a lost answer can be asked for again.
    ///
    /// At most 2592000. Default: `86400`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_seconds: Option<u64>,
}

impl RotateApiKeyRequest {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For how long the old key stays valid, in seconds; 0: it ends at once. A day if absent, 30 days at most. A key that rotates
    /// itself stays valid for 60 seconds at least, so that a lost answer can be asked for again.
    ///
    /// At most 2592000. Default: `86400`.
    #[must_use]
    pub fn grace_seconds(mut self, grace_seconds: u64) -> Self {
        self.grace_seconds = Some(grace_seconds);
        self
    }
}

/// What a key may do; each includes the ones before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// `read`
    Read,
    /// `execute`
    Execute,
    /// `admin`
    Admin,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(Scope {
    Read = "read",
    Execute = "execute",
    Admin = "admin",
});

/// Passages that were found, best first.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SearchResults {
    /// The passages.
    pub data: Vec<FoundPassage>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(SearchResults {
    data: required "data",
    ..extra
});

/// Who signs up.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SignUpRequest {
    /// Your e-mail address; one tenant an address.
    ///
    /// 3 to 254 characters.
    ///
    /// For example `"user@acme.com"`.
    pub email: String,
    /// The tier: `starter`, `professional` or `enterprise`, as far as the platform opens them at sign-up.
    ///
    /// 1 to 100 characters.
    ///
    /// For example `"professional"`.
    pub tier: String,
    /// What you call yourself; the tenant's id is made of it, or of the address's domain.
    ///
    /// At most 200 characters.
    ///
    /// For example `"Acme Corp"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl SignUpRequest {
    /// With what is required.
    #[must_use]
    pub fn new(email: impl Into<String>, tier: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            tier: tier.into(),
            name: None,
        }
    }

    /// What you call yourself; the tenant's id is made of it, or of the address's domain.
    ///
    /// At most 200 characters.
    ///
    /// For example `"Acme Corp"`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// A tenant just made.
#[derive(Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SignedUp {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its first key, with every scope. It is shown this once: store it now.
    pub api_key: String,
    /// Its tier.
    pub tier: String,
    /// Its limits.
    pub quota: Quota,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Without what must not be printed.
impl std::fmt::Debug for SignedUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedUp")
            .field("tenant_id", &self.tenant_id)
            .field("tier", &self.tier)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

decode::object!(SignedUp {
    tenant_id: required "tenant_id",
    api_key: required "api_key",
    tier: required "tier",
    quota: required "quota",
    ..extra
});

/// One round of the model, or one call of a tool, as it is logged.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Step {
    /// `model` or `tool`.
    pub r#type: StepKind,
    /// The model's or the tool's name.
    pub name: String,
    /// When it began.
    pub started_at: chrono::DateTime<chrono::Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Tokens read and written, where it was the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<i64>,
    /// What the tool was called with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<serde_json::Value>,
    /// What came out: the model's text, or the tool's output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<serde_json::Value>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Step {
    r#type: required "type",
    name: required "name",
    started_at: required "started_at",
    duration_ms: required "duration_ms",
    tokens: optional "tokens",
    arguments: optional "arguments",
    output: optional "output",
    error: optional "error",
    ..extra
});

/// What a step was.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepKind {
    /// `model`
    Model,
    /// `tool`
    Tool,
    /// What this version does not know, as it came.
    Unknown(String),
}

decode::open_enum!(StepKind {
    Model = "model",
    Tool = "tool",
});

/// The slug that names a tenant: lower-case letters, digits and inner hyphens, at most 63 of them.
///
/// Its characters are those of a DNS label, so that it can stand in a URL, a host name or a `SET LOCAL` without quoting.
pub type TenantId = String;

/// A ticket.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Ticket {
    /// Names it.
    pub ticket_id: TicketId,
    /// The matter in one line.
    pub subject: String,
    /// The matter in full.
    pub body: String,
    /// The execution that made it.
    pub execution_id: ExecutionId,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Ticket {
    ticket_id: required "ticket_id",
    subject: required "subject",
    body: required "body",
    execution_id: required "execution_id",
    created_at: required "created_at",
    ..extra
});

/// Names a ticket: `tick-…`.
pub type TicketId = String;

/// Tokens of an execution, over all its rounds.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct TokenUsage {
    /// Tokens that the model read.
    pub input_tokens: i64,
    /// Tokens that the model wrote.
    pub output_tokens: i64,
    /// Whether the figures are estimated, because the work was cut off.
    pub estimated: bool,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(TokenUsage {
    input_tokens: required "input_tokens",
    output_tokens: required "output_tokens",
    estimated: required "estimated",
    ..extra
});

/// A call of a tool, asked for by the model.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// Names the call within its execution.
    pub tool_call_id: String,
    /// The tool's name.
    pub name: String,
    /// Its arguments, meant to fit the tool's parameters; the caller checks.
    pub arguments: serde_json::Value,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(ToolCall {
    tool_call_id: required "tool_call_id",
    name: required "name",
    arguments: required "arguments",
    ..extra
});

/// A tool is called.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ToolCalledEvent {
    /// Names the call within the execution.
    pub tool_call_id: String,
    /// The tool's name.
    pub name: String,
    /// What it is called with.
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

/// A tool has answered, or failed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ToolCompletedEvent {
    /// Which call.
    pub tool_call_id: String,
    /// What came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<serde_json::Value>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
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

/// Changes to an agent. What is absent stays; `null` brings the default back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, Default)]
#[non_exhaustive]
pub struct UpdateAgentRequest {
    /// What you call it.
    ///
    /// 1 to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is told before each conversation.
    ///
    /// 1 to 32768 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// The tools that it may call, in place of those there were.
    ///
    /// At most 32 items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<String>>,
    /// The model that answers.
    ///
    /// At most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many tokens an execution may write; `null`: the default.
    ///
    /// 1 to 32768.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<Option<i64>>,
    /// How freely the model chooses its words, 0 to 2; `null`: the default.
    ///
    /// 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Option<f64>>,
    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Option<std::collections::BTreeMap<String, String>>>,
}

impl UpdateAgentRequest {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What you call it.
    ///
    /// 1 to 200 characters.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What it is told before each conversation.
    ///
    /// 1 to 32768 characters.
    #[must_use]
    pub fn system_prompt(mut self, system_prompt: impl Into<String>) -> Self {
        self.system_prompt = Some(system_prompt.into());
        self
    }

    /// The tools that it may call, in place of those there were.
    ///
    /// At most 32 items.
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tools = Some(tools.into_iter().map(|item| item.into()).collect());
        self
    }

    /// The model that answers.
    ///
    /// At most 200 characters.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// How many tokens an execution may write; `null`: the default.
    ///
    /// 1 to 32768.
    #[must_use]
    pub fn max_output_tokens(mut self, max_output_tokens: i64) -> Self {
        self.max_output_tokens = Some(Some(max_output_tokens));
        self
    }

    /// Sends `null` for `max_output_tokens`, which is not the same as leaving it out.
    #[must_use]
    pub fn reset_max_output_tokens(mut self) -> Self {
        self.max_output_tokens = Some(None);
        self
    }

    /// How freely the model chooses its words, 0 to 2; `null`: the default.
    ///
    /// 0 to 2.
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

    /// Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
    ///
    /// At most 16 entries.
    #[must_use]
    pub fn metadata(
        mut self,
        metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
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

/// What is used.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Usage {
    /// Executions started in this clock hour.
    pub requests_this_hour: i64,
    /// Tokens used in this calendar month, by the ledger.
    pub tokens_this_month: i64,
    /// The token quota less what is used; reservations are shown apart.
    pub remaining_tokens: i64,
    /// Tokens held by executions that run.
    pub reserved_tokens: i64,
    /// Dollars of metered work in this calendar month, by the ledger.
    pub spend_this_month: Dollars,
    /// Executions that run.
    pub concurrent_agents: i64,
    /// Megabytes (10⁶ bytes) of documents and conversations.
    pub storage_mb: f64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(Usage {
    requests_this_hour: required "requests_this_hour",
    tokens_this_month: required "tokens_this_month",
    remaining_tokens: required "remaining_tokens",
    reserved_tokens: required "reserved_tokens",
    spend_this_month: required "spend_this_month",
    concurrent_agents: required "concurrent_agents",
    storage_mb: required "storage_mb",
    ..extra
});

/// What was used, hour by hour or day by day.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct UsageHistory {
    /// Every hour or day of the range, oldest first, also those in which nothing was used.
    pub data: Vec<UsagePoint>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(UsageHistory {
    data: required "data",
    ..extra
});

/// What was used in one hour or day.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct UsagePoint {
    /// When the hour or day began, UTC.
    pub start: chrono::DateTime<chrono::Utc>,
    /// Executions that were started in it and have ended.
    pub requests: i64,
    /// Tokens that they read and wrote.
    pub tokens: i64,
    /// The metered value of their work, in dollars.
    pub cost: Dollars,
    /// How many of them failed.
    pub errors: i64,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

decode::object!(UsagePoint {
    start: required "start",
    requests: required "requests",
    tokens: required "tokens",
    cost: required "cost",
    errors: required "errors",
    ..extra
});

/// A tenant's quotas and what is used of each.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct UsageReport {
    /// Whose.
    pub tenant_id: TenantId,
    /// Its tier.
    pub tier: String,
    /// The limits.
    pub quota: Quota,
    /// What is used of them.
    pub usage: Usage,
    /// When counting begins anew.
    pub resets: Resets,
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

/// What [`Client::list_agents`](crate::Client::list_agents) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListAgentsParams {
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListAgentsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
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
    /// Of this agent alone.
    pub agent_id: Option<AgentId>,
    /// In this state alone.
    pub status: Option<ExecutionStatus>,
    /// Started at or after this time (RFC 3339).
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// Started before this time (RFC 3339).
    pub to: Option<chrono::DateTime<chrono::Utc>>,
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListExecutionsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of this agent alone.
    #[must_use]
    pub fn agent_id(mut self, agent_id: impl Into<String>) -> Self {
        self.agent_id = Some(agent_id.into());
        self
    }

    /// In this state alone.
    #[must_use]
    pub fn status(mut self, status: impl Into<ExecutionStatus>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Started at or after this time (RFC 3339).
    #[must_use]
    pub fn from(mut self, from: impl Into<chrono::DateTime<chrono::Utc>>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Started before this time (RFC 3339).
    #[must_use]
    pub fn to(mut self, to: impl Into<chrono::DateTime<chrono::Utc>>) -> Self {
        self.to = Some(to.into());
        self
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListExecutionsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("agent_id", self.agent_id);
        arguments = arguments.query("status", self.status);
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
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}

/// What [`Client::stream_execution_events`](crate::Client::stream_execution_events) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct StreamExecutionEventsParams {
    /// The `id` of the last event that you saw: the stream begins behind it. Absent: with the first event.
    ///
    /// Matches `^[0-9]+$`.
    pub last_event_id: Option<String>,
}

impl StreamExecutionEventsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The `id` of the last event that you saw: the stream begins behind it. Absent: with the first event.
    ///
    /// Matches `^[0-9]+$`.
    #[must_use]
    pub fn last_event_id(mut self, last_event_id: impl Into<String>) -> Self {
        self.last_event_id = Some(last_event_id.into());
        self
    }
}

impl StreamExecutionEventsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.header("Last-Event-ID", self.last_event_id);
        arguments
    }
}

/// What [`Client::list_conversations`](crate::Client::list_conversations) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListConversationsParams {
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListConversationsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListConversationsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}

/// What [`Client::list_documents`](crate::Client::list_documents) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListDocumentsParams {
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListDocumentsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListDocumentsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}

/// What [`Client::search_documents`](crate::Client::search_documents) may be asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchDocumentsParams {
    /// Words or a question.
    ///
    /// 1 to 1000 characters.
    pub q: String,
    /// How many passages at most.
    ///
    /// 1 to 50. Default: `10`.
    pub limit: Option<i64>,
}

impl SearchDocumentsParams {
    /// With what is required.
    #[must_use]
    pub fn new(q: impl Into<String>) -> Self {
        Self { q: q.into(), limit: None }
    }

    /// How many passages at most.
    ///
    /// 1 to 50. Default: `10`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
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

/// What [`Client::list_tickets`](crate::Client::list_tickets) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListTicketsParams {
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListTicketsParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListTicketsParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}

/// What [`Client::get_usage_history`](crate::Client::get_usage_history) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct GetUsageHistoryParams {
    /// The first hour or day is the one with this time (RFC 3339); absent: 24 hours or 30 days before the end.
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// The last hour or day is the one that ends with or after this time (RFC 3339); absent: now.
    pub to: Option<chrono::DateTime<chrono::Utc>>,
    /// Hour by hour, or day by day (the default).
    pub granularity: Option<Granularity>,
}

impl GetUsageHistoryParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The first hour or day is the one with this time (RFC 3339); absent: 24 hours or 30 days before the end.
    #[must_use]
    pub fn from(mut self, from: impl Into<chrono::DateTime<chrono::Utc>>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// The last hour or day is the one that ends with or after this time (RFC 3339); absent: now.
    #[must_use]
    pub fn to(mut self, to: impl Into<chrono::DateTime<chrono::Utc>>) -> Self {
        self.to = Some(to.into());
        self
    }

    /// Hour by hour, or day by day (the default).
    #[must_use]
    pub fn granularity(mut self, granularity: impl Into<Granularity>) -> Self {
        self.granularity = Some(granularity.into());
        self
    }
}

impl GetUsageHistoryParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
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
        arguments = arguments.query("granularity", self.granularity);
        arguments
    }
}

/// What [`Client::list_api_keys`](crate::Client::list_api_keys) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListApiKeysParams {
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListApiKeysParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListApiKeysParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}

/// What [`Client::list_audit_entries`](crate::Client::list_audit_entries) may be asked.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct ListAuditEntriesParams {
    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    pub limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListAuditEntriesParams {
    /// With nothing set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows at most.
    ///
    /// 1 to 100. Default: `20`.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Where the page begins: `next_cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl ListAuditEntriesParams {
    pub(crate) fn into_arguments(self) -> Arguments {
        let mut arguments = Arguments::new();
        arguments = arguments.query("limit", self.limit);
        arguments = arguments.query("cursor", self.cursor);
        arguments
    }
}
