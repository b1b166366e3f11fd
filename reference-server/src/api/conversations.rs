//! Conversations: continued by executing with their id, listed, read, deleted.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Admin, Id, Reader},
    idempotency::{Answer, Once},
    page::{Page, PageParams, Query},
};
use crate::{
    app::App,
    error::{Problem, Result},
    ids::{AgentId, ConversationId, ExecutionId},
    store::conversations::{ConversationRow, MessageRow},
};

/// The latest messages that a conversation is shown with.
const MAX_MESSAGES: i64 = 1_000;

/// A conversation without its messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationSummary {
    /// Names it.
    conversation_id: ConversationId,
    /// With which agent.
    agent_id: AgentId,
    /// When it was begun.
    created_at: DateTime<Utc>,
}

/// A conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversation {
    /// Names it.
    conversation_id: ConversationId,
    /// With which agent.
    agent_id: AgentId,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// The latest 1,000 messages, oldest first. An execution that failed or was cancelled adds none.
    messages: Vec<Message>,
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// Who said it.
    role: Role,
    /// What was said.
    content: String,
    /// In which execution.
    execution_id: ExecutionId,
    /// When.
    created_at: DateTime<Utc>,
}

/// Who said a message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person.
    User,
    /// The agent.
    Assistant,
}

impl From<ConversationRow> for ConversationSummary {
    fn from(row: ConversationRow) -> Self {
        let ConversationRow { conversation_id, agent_id, created_at } = row;
        Self { conversation_id, agent_id, created_at }
    }
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let role = if row.role == "user" { Role::User } else { Role::Assistant };
        Self { role, content: row.content, execution_id: row.execution_id, created_at: row.created_at }
    }
}

/// List conversations
///
/// Newest first, without their messages.
#[utoipa::path(get, path = "/conversations", operation_id = "list_conversations", tag = "conversations", params(PageParams),
    responses((status = 200, description = "A page of conversations.", body = Page<ConversationSummary>)), extensions(("x-scope" = json!("read"))))]
async fn list_conversations(Reader(caller): Reader, mut query: Query) -> Result<axum::Json<Page<ConversationSummary>>> {
    let page = query.page::<ConversationId>();
    query.finish()?;
    let rows = caller.store.conversations(page.before.as_deref(), page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.conversation_id.to_string(), ConversationSummary::from)))
}

/// Read a conversation
///
/// With its messages.
#[utoipa::path(get, path = "/conversations/{conversation_id}", operation_id = "get_conversation", tag = "conversations",
    params(("conversation_id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, description = "The conversation.", body = Conversation)), extensions(("x-scope" = json!("read"))))]
async fn get_conversation(
    Reader(caller): Reader,
    Id(conversation_id): Id<ConversationId>,
) -> Result<axum::Json<Conversation>> {
    let row = caller.store.conversation(&conversation_id).await?;
    let row = row.ok_or_else(|| Problem::not_found("conversation", conversation_id.as_str()))?;
    let messages = caller.store.messages(&conversation_id, MAX_MESSAGES).await?;
    let ConversationRow { conversation_id, agent_id, created_at } = row;
    let messages = messages.into_iter().map(Message::from).collect();
    Ok(axum::Json(Conversation { conversation_id, agent_id, created_at, messages }))
}

/// Delete a conversation
///
/// With its messages. Its executions stay in the log, and what they cost in the ledger.
#[utoipa::path(delete, path = "/conversations/{conversation_id}", operation_id = "delete_conversation", tag = "conversations",
    params(("conversation_id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 204, description = "It is deleted.")), extensions(("x-scope" = json!("admin"))))]
async fn delete_conversation(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(conversation_id): Id<ConversationId>,
    once: Once,
) -> Result<Answer> {
    let counters = app.quotas.load(&caller.store).await?;
    app.to_the_end(async move {
        let answer = once.no_content();
        let bytes = caller.store.keeping(answer.kept()).delete_conversation(&conversation_id).await?;
        let bytes = bytes.ok_or_else(|| Problem::not_found("conversation", conversation_id.as_str()))?;
        counters.storage_changed(-bytes);
        Ok(answer)
    })
    .await
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_conversations)).routes(routes!(get_conversation, delete_conversation))
}
