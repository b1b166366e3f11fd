//! Conversations and their messages.

use chrono::{DateTime, Utc};

use super::{Result, TenantStore};
use crate::ids::{AgentId, ConversationId, ExecutionId};

/// A conversation without its messages.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ConversationRow {
    /// Names it.
    pub conversation_id: ConversationId,
    /// With which agent.
    pub agent_id: AgentId,
    /// When its first execution was started.
    pub created_at: DateTime<Utc>,
}

/// One message.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MessageRow {
    /// `user` or `assistant`.
    pub role: String,
    /// The text.
    pub content: String,
    /// The execution that it belongs to.
    pub execution_id: ExecutionId,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl TenantStore {
    /// The conversation of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn conversation(&self, conversation_id: &ConversationId) -> Result<Option<ConversationRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as("SELECT * FROM conversations WHERE tenant_id = $1 AND conversation_id = $2")
                .bind(&self.tenant_id)
                .bind(conversation_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Conversations, newest first, before the one named `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn conversations(&self, before: Option<&str>, limit: i64) -> Result<Vec<ConversationRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT * FROM conversations WHERE tenant_id = $1 AND ($2 IS NULL OR conversation_id < $2) \
                 ORDER BY conversation_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }

    /// The latest `limit` messages of a conversation, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn messages(&self, conversation_id: &ConversationId, limit: i64) -> Result<Vec<MessageRow>> {
        let mut newest_first: Vec<MessageRow> = read!(self, |connection| {
            sqlx::query_as(
                "SELECT role, content, execution_id, created_at FROM messages \
                 WHERE tenant_id = $1 AND conversation_id = $2 ORDER BY message_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(conversation_id)
            .bind(limit)
            .fetch_all(connection)
            .await?
        });
        newest_first.reverse();
        Ok(newest_first)
    }

    /// Deletes a conversation with its messages and tells how many bytes they took; `None` where there is none. Its
    /// executions stay.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_conversation(&self, conversation_id: &ConversationId) -> Result<Option<i64>> {
        Ok(write!(self, |connection| {
            let deleted: Vec<i64> = sqlx::query_scalar(
                "DELETE FROM messages WHERE tenant_id = $1 AND conversation_id = $2 \
                 RETURNING CAST(OCTET_LENGTH(content) AS BIGINT)",
            )
            .bind(&self.tenant_id)
            .bind(conversation_id)
            .fetch_all(&mut *connection)
            .await?;
            let done = sqlx::query("DELETE FROM conversations WHERE tenant_id = $1 AND conversation_id = $2")
                .bind(&self.tenant_id)
                .bind(conversation_id)
                .execute(&mut *connection)
                .await?;
            (done.rows_affected() == 1).then(|| deleted.iter().sum())
        }))
    }
}
