//! Executions, read. They are written by the [journal](super::journal), many in one commit.

use std::{collections::BTreeMap, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{Result, TenantStore};
use crate::{
    auth::Mode,
    error::Problem,
    ids::{AgentId, ConversationId, ExecutionId, KeyId, time_of_ids, time_of_ids_after},
    money::Micros,
    runtime::{layout::Layout, models::ToolCall},
};

/// Behind every id of an execution.
const AFTER_ALL_IDS: &str = "exec-zzzzzzzzzzzzzzzzzzzzz";

/// One round of the model, or one call of a tool, as it is logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// `model` or `tool`.
    #[serde(rename = "type")]
    pub kind: StepKind,
    /// The model's or the tool's name.
    pub name: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Tokens read and written, where it was the model.
    pub tokens: Option<i64>,
    /// What the tool was called with.
    pub arguments: Option<Value>,
    /// What came out: the model's text, or the tool's output.
    pub output: Option<Value>,
    /// What went wrong.
    pub error: Option<String>,
}

/// What a step was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A round of the model.
    Model,
    /// A call of a tool.
    Tool,
}

/// Where an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum ExecutionStatus {
    /// It runs.
    Running,
    /// It ended with an answer.
    Completed,
    /// It ended with an error.
    Failed,
    /// Somebody ended it.
    Cancelled,
}

impl FromStr for ExecutionStatus {
    type Err = serde_json::Error;
    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_value(Value::String(text.to_owned()))
    }
}

/// An execution as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExecutionRow {
    /// Names it.
    pub execution_id: ExecutionId,
    /// Of which agent.
    pub agent_id: AgentId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Started with which key.
    pub key_id: KeyId,
    /// Live or test.
    pub mode: Mode,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// The user's message.
    pub input: String,
    /// The answer, or what there was of it.
    pub output: String,
    /// How it was cut into events.
    pub layout: Layout,
    /// The terminal event's id; while it runs, the last that may be shown.
    pub last_event_id: i64,
    /// The model that ran.
    pub model: String,
    /// Why the answer ended.
    pub finish_reason: Option<String>,
    /// Tokens read, in all rounds.
    pub input_tokens: i64,
    /// Tokens written, in all rounds.
    pub output_tokens: i64,
    /// Whether the figures were estimated, because the work was cut off.
    pub estimated: bool,
    /// What the work is worth.
    pub cost_micros: Micros,
    /// Every tool call.
    pub tool_calls: Json<Vec<ToolCall>>,
    /// Every step.
    pub steps: Json<Vec<Step>>,
    /// The error of a failed one.
    pub problem: Option<Json<Problem>>,
    /// The owner's own labels.
    pub metadata: Json<BTreeMap<String, String>>,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
}

/// What changes while an execution runs.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct ExecutionProgress {
    /// Where it stands.
    pub status: ExecutionStatus,
    /// The length of its layout.
    pub marks: i64,
}

/// Which executions to list.
#[derive(Clone, Debug, Default)]
pub struct ExecutionFilter {
    /// Of this agent alone.
    pub agent_id: Option<AgentId>,
    /// In this state alone.
    pub status: Option<ExecutionStatus>,
    /// Started at or after.
    pub from: Option<DateTime<Utc>>,
    /// Started before.
    pub to: Option<DateTime<Utc>>,
}

impl TenantStore {
    /// The execution of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn execution(&self, execution_id: &ExecutionId) -> Result<Option<ExecutionRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as("SELECT * FROM executions WHERE tenant_id = $1 AND execution_id = $2")
                .bind(&self.tenant_id)
                .bind(execution_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Whether the execution of this id has ended, and how far it is: a small question, for those who wait.
    ///
    /// # Errors
    /// The database failed.
    pub async fn execution_progress(&self, execution_id: &ExecutionId) -> Result<Option<ExecutionProgress>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT status, CAST(LENGTH(layout) AS BIGINT) AS marks FROM executions \
                 WHERE tenant_id = $1 AND execution_id = $2",
            )
            .bind(&self.tenant_id)
            .bind(execution_id)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Asks whoever runs the execution to cancel it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn request_cancel(&self, execution_id: &ExecutionId) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "UPDATE executions SET cancel_requested = TRUE \
                 WHERE tenant_id = $1 AND execution_id = $2 AND status = 'running'",
            )
            .bind(&self.tenant_id)
            .bind(execution_id)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Executions, newest first, before the one named `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn executions(
        &self,
        filter: &ExecutionFilter,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<ExecutionRow>> {
        // By their ids the index finds the span of time, to the millisecond.
        let from = filter.from.map_or_else(String::new, time_of_ids);
        let to = filter.to.map(|to| format!("exec-{}", time_of_ids_after(to)));
        let before = before.into_iter().chain(to.as_deref()).min().unwrap_or(AFTER_ALL_IDS);
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT * FROM executions WHERE tenant_id = $1 AND execution_id < $2 AND execution_id >= 'exec-' || $8 \
                 AND ($4 IS NULL OR agent_id = $4) AND ($5 IS NULL OR status = $5) \
                 AND ($6 IS NULL OR created_at >= $6) AND ($7 IS NULL OR created_at < $7) \
                 ORDER BY execution_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .bind(filter.agent_id.as_ref())
            .bind(filter.status)
            .bind(filter.from)
            .bind(filter.to)
            .bind(from)
            .fetch_all(connection)
            .await?
        }))
    }
}
