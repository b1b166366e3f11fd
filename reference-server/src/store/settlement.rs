//! What the journal writes: executions begun, and executions settled.
//!
//! Many rows go to the database as one JSON parameter, so that a batch costs the same few statements whatever its size. These are
//! SQLite's, whose `jsonb_each` gives rows that are not parsed anew for each of their fields; PostgreSQL's are the function
//! `write_journal` of its migrations.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use sqlx::SqliteConnection;

use super::{
    Result,
    executions::{ExecutionRow, ExecutionStatus, Step},
};
use crate::{
    auth::Mode,
    error::Problem,
    ids::{AgentId, ConversationId, ExecutionId, InstanceId, KeyId, TenantId},
    money::Micros,
    runtime::{layout::Layout, models::ToolCall},
};

/// An execution about to run.
#[derive(Clone, Debug, Serialize)]
pub struct NewExecution {
    /// Names it.
    pub execution_id: ExecutionId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Of which agent.
    pub agent_id: AgentId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Whether the conversation begins with it.
    pub new_conversation: bool,
    /// Started with which key.
    pub key_id: KeyId,
    /// Whether the key was for live or for test work.
    pub mode: Mode,
    /// Run by which server.
    pub owner: InstanceId,
    /// The user's message.
    pub input: String,
    /// The model that will run.
    pub model: String,
    /// Tokens that are reserved for it.
    pub reserved_tokens: i64,
    /// Dollars that are reserved for it.
    pub reserved_micros: StoredMicros,
    /// Bytes of storage that are reserved for it.
    pub reserved_bytes: i64,
    /// Where servers share their counters: the epoch that it was reserved in. It begins only while that stands.
    pub quota_epoch: Option<String>,
    /// The first round's input: what is charged if the server dies.
    pub input_tokens: i64,
    /// What that input is worth.
    pub input_cost_micros: StoredMicros,
    /// The owner's own labels.
    pub metadata: BTreeMap<String, String>,
    /// Up to here, its events may be shown before they are stored.
    pub last_event_id: i64,
    /// When it is started.
    #[serde(serialize_with = "stored")]
    pub created_at: DateTime<Utc>,
    /// The key that it is asked for under.
    #[serde(flatten)]
    pub claim: Option<ExecutionClaim>,
}

/// An Idempotency-Key to claim for an execution: where another has it, the execution does not begin.
#[derive(Clone, Debug, Serialize)]
pub struct ExecutionClaim {
    /// Of which operation.
    pub operation: String,
    /// The hash of the key.
    pub key_hash: String,
    /// The hash of the request.
    pub request_hash: String,
    /// From when the key is free again.
    #[serde(serialize_with = "stored")]
    pub expires_at: DateTime<Utc>,
}

/// Money as the databases store it: an integer.
#[derive(Clone, Copy, Debug)]
pub struct StoredMicros(pub Micros);

impl Serialize for StoredMicros {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.0)
    }
}

/// An execution's end, with what it used.
#[derive(Clone, Debug, Serialize)]
pub struct Settlement {
    /// Which execution.
    pub execution_id: ExecutionId,
    /// Whose.
    pub tenant_id: TenantId,
    /// How it ended.
    pub status: ExecutionStatus,
    /// The answer, or what there was of it.
    pub output: String,
    /// How it was cut into events.
    pub layout: Layout,
    /// The terminal event's id.
    pub last_event_id: i64,
    /// Why the answer ended.
    pub finish_reason: Option<String>,
    /// Tokens read.
    pub input_tokens: i64,
    /// Tokens written.
    pub output_tokens: i64,
    /// Whether these figures are estimated.
    pub estimated: bool,
    /// What the work is worth.
    pub cost_micros: StoredMicros,
    /// Every tool call.
    pub tool_calls: Vec<ToolCall>,
    /// Every step.
    pub steps: Vec<Step>,
    /// The error of a failed one.
    pub problem: Option<Problem>,
    /// When it ended.
    #[serde(serialize_with = "stored")]
    pub completed_at: DateTime<Utc>,
    /// How long it took.
    pub duration_ms: i64,
}

impl Settlement {
    /// The end of an execution that was interrupted, having used nothing.
    #[must_use]
    pub fn failed(
        execution_id: &ExecutionId,
        tenant_id: &TenantId,
        started_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            execution_id: execution_id.clone(),
            tenant_id: tenant_id.clone(),
            status: ExecutionStatus::Failed,
            output: String::new(),
            layout: Layout::default(),
            last_event_id: 2,
            finish_reason: None,
            input_tokens: 0,
            output_tokens: 0,
            estimated: true,
            cost_micros: StoredMicros(Micros::ZERO),
            tool_calls: Vec::new(),
            steps: Vec::new(),
            problem: Some(Problem::interrupted()),
            completed_at: now,
            duration_ms: (now - started_at).num_milliseconds(),
        }
    }

    /// The same end without what came out of it, which the database refuses; what was used is charged all the same.
    #[must_use]
    pub fn without_content(&self, problem: Problem) -> Self {
        Self {
            status: ExecutionStatus::Failed,
            output: String::new(),
            layout: Layout::default(),
            finish_reason: None,
            tool_calls: Vec::new(),
            steps: Vec::new(),
            problem: Some(problem),
            ..self.clone()
        }
    }

    /// The end of an execution that was interrupted: what its last checkpoint has of it stands.
    #[must_use]
    pub fn interrupted(row: ExecutionRow, tenant_id: &TenantId, now: DateTime<Utc>) -> Self {
        Self {
            output: row.output,
            layout: row.layout,
            // Behind every id that may have been shown. An execution from before events were kept has none.
            last_event_id: if row.last_event_id == 0 { 0 } else { row.last_event_id + 1 },
            input_tokens: row.input_tokens,
            output_tokens: row.output_tokens,
            cost_micros: StoredMicros(row.cost_micros),
            tool_calls: row.tool_calls.0,
            steps: row.steps.0,
            ..Self::failed(&row.execution_id, tenant_id, row.created_at, now)
        }
    }
}

/// The same text of a time that the SQLite driver writes, so that stored times compare as text.
pub(super) fn stored<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, false))
}

pub(super) fn as_json<T: Serialize>(rows: &[T]) -> String {
    serde_json::to_string(rows).expect("rows have text keys and plain values")
}

/// Begins executions, of any tenants; gives those that it began. One whose key is another's does not begin.
pub(super) async fn begin_sqlite(
    connection: &mut SqliteConnection,
    rows: &[&NewExecution],
) -> Result<Vec<ExecutionId>> {
    let has_claims = rows.iter().any(|row| row.claim.is_some());
    let rows = if rows.iter().any(|row| row.quota_epoch.is_some()) {
        let standing = in_standing_epoch(connection, rows).await?;
        as_json(&rows.iter().filter(|row| standing.contains(&row.execution_id)).collect::<Vec<_>>())
    } else {
        as_json(rows)
    };
    if has_claims {
        sqlx::query(
            "INSERT INTO idempotency_keys (tenant_id, operation, key_hash, request_hash, execution_id, created_at, expires_at) \
             SELECT value ->> 'tenant_id', value ->> 'operation', value ->> 'key_hash', value ->> 'request_hash', \
             value ->> 'execution_id', value ->> 'created_at', value ->> 'expires_at' \
             FROM jsonb_each($1) WHERE value ->> 'key_hash' IS NOT NULL \
             ON CONFLICT (tenant_id, operation, key_hash) DO UPDATE SET request_hash = excluded.request_hash, \
             execution_id = excluded.execution_id, status = NULL, answer = NULL, created_at = excluded.created_at, \
             expires_at = excluded.expires_at WHERE idempotency_keys.expires_at <= excluded.created_at",
        )
        .bind(&rows)
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query(
        "INSERT INTO conversations (conversation_id, tenant_id, agent_id, created_at) \
         SELECT value ->> 'conversation_id', value ->> 'tenant_id', value ->> 'agent_id', value ->> 'created_at' \
         FROM jsonb_each($1) WHERE value ->> 'new_conversation' AND (value ->> 'key_hash' IS NULL OR EXISTS \
         (SELECT 1 FROM idempotency_keys k WHERE k.tenant_id = value ->> 'tenant_id' AND k.operation = value ->> 'operation' \
          AND k.key_hash = value ->> 'key_hash' AND k.execution_id = value ->> 'execution_id'))",
    )
    .bind(&rows)
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar(
        "INSERT INTO executions (execution_id, tenant_id, agent_id, conversation_id, key_id, mode, owner, status, input, model, \
         reserved_tokens, reserved_micros, reserved_bytes, input_tokens, cost_micros, metadata, last_event_id, created_at) \
         SELECT value ->> 'execution_id', value ->> 'tenant_id', value ->> 'agent_id', value ->> 'conversation_id', \
         value ->> 'key_id', value ->> 'mode', value ->> 'owner', 'running', value ->> 'input', value ->> 'model', \
         value ->> 'reserved_tokens', value ->> 'reserved_micros', value ->> 'reserved_bytes', value ->> 'input_tokens', value ->> 'input_cost_micros', value -> 'metadata', \
         value ->> 'last_event_id', value ->> 'created_at' FROM jsonb_each($1) \
         WHERE value ->> 'key_hash' IS NULL OR EXISTS \
         (SELECT 1 FROM idempotency_keys k WHERE k.tenant_id = value ->> 'tenant_id' AND k.operation = value ->> 'operation' \
          AND k.key_hash = value ->> 'key_hash' AND k.execution_id = value ->> 'execution_id') RETURNING execution_id",
    )
    .bind(&rows)
    .fetch_all(connection)
    .await
}

/// Those whose shared counters are still the ones that they were reserved with.
async fn in_standing_epoch(connection: &mut SqliteConnection, rows: &[&NewExecution]) -> Result<Vec<ExecutionId>> {
    sqlx::query_scalar(
        "SELECT value ->> 'execution_id' FROM jsonb_each($1) WHERE value ->> 'quota_epoch' IS NULL OR EXISTS \
         (SELECT 1 FROM tenants t WHERE t.tenant_id = value ->> 'tenant_id' AND t.quota_epoch = value ->> 'quota_epoch')",
    )
    .bind(as_json(rows))
    .fetch_all(connection)
    .await
}

/// Settles executions of any tenants: ledger entry, messages and final state. Gives those that it settled, and whether their
/// conversations have their messages; one that is settled already stays as it is.
pub(super) async fn settle_sqlite(
    connection: &mut SqliteConnection,
    rows: &[&Settlement],
) -> Result<Vec<(ExecutionId, bool)>> {
    let rows = as_json(rows);
    sqlx::query(
        "INSERT INTO ledger (execution_id, tenant_id, agent_id, key_id, mode, model, status, input_tokens, output_tokens, \
         estimated, cost_micros, started_at, settled_at) \
         SELECT e.execution_id, e.tenant_id, e.agent_id, e.key_id, e.mode, e.model, r.value ->> 'status', \
         r.value ->> 'input_tokens', r.value ->> 'output_tokens', r.value ->> 'estimated', r.value ->> 'cost_micros', \
         e.created_at, r.value ->> 'completed_at' FROM jsonb_each($1) r JOIN executions e \
         ON e.execution_id = r.value ->> 'execution_id' AND e.tenant_id = r.value ->> 'tenant_id' WHERE e.status = 'running'",
    )
    .bind(&rows)
    .execute(&mut *connection)
    .await?;
    // A conversation that was deleted meanwhile takes no more messages.
    sqlx::query(
        "INSERT INTO messages (tenant_id, conversation_id, execution_id, role, content, created_at) \
         SELECT e.tenant_id, e.conversation_id, e.execution_id, m.role, \
         CASE m.role WHEN 'user' THEN e.input ELSE r.value ->> 'output' END, \
         CASE m.role WHEN 'user' THEN e.created_at ELSE r.value ->> 'completed_at' END \
         FROM jsonb_each($1) r JOIN executions e \
         ON e.execution_id = r.value ->> 'execution_id' AND e.tenant_id = r.value ->> 'tenant_id' \
         JOIN conversations c ON c.conversation_id = e.conversation_id AND c.tenant_id = e.tenant_id \
         CROSS JOIN (SELECT 0 AS turn, 'user' AS role UNION ALL SELECT 1, 'assistant') m \
         WHERE e.status = 'running' AND r.value ->> 'status' = 'completed' ORDER BY r.key, m.turn",
    )
    .bind(&rows)
    .execute(&mut *connection)
    .await?;
    sqlx::query_as(
        "UPDATE executions SET status = r.value ->> 'status', output = r.value ->> 'output', \
         layout = r.value ->> 'layout', last_event_id = r.value ->> 'last_event_id', \
         finish_reason = r.value ->> 'finish_reason', input_tokens = r.value ->> 'input_tokens', \
         output_tokens = r.value ->> 'output_tokens', estimated = r.value ->> 'estimated', \
         cost_micros = r.value ->> 'cost_micros', tool_calls = r.value -> 'tool_calls', steps = r.value -> 'steps', \
         problem = NULLIF(r.value -> 'problem', 'null'), completed_at = r.value ->> 'completed_at', \
         duration_ms = r.value ->> 'duration_ms' FROM jsonb_each($1) r \
         WHERE executions.execution_id = r.value ->> 'execution_id' AND executions.tenant_id = r.value ->> 'tenant_id' \
         AND executions.status = 'running' RETURNING execution_id, \
         EXISTS (SELECT 1 FROM messages m WHERE m.execution_id = executions.execution_id)",
    )
    .bind(&rows)
    .fetch_all(connection)
    .await
}
