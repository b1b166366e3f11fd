//! What the journal writes while an execution runs: as much of it as a crash must not lose.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::{
    Result,
    executions::Step,
    settlement::{StoredMicros, as_json},
};
use crate::{
    ids::{ExecutionId, TenantId},
    runtime::{layout::Layout, models::ToolCall},
};

/// What an execution has come to while it runs: what stays of it if its server dies.
#[derive(Clone, Debug, Serialize)]
pub struct Checkpoint {
    /// Which execution.
    pub execution_id: ExecutionId,
    /// Whose.
    pub tenant_id: TenantId,
    /// The answer as far as it came.
    pub output: String,
    /// How it was cut into events.
    pub layout: Layout,
    /// Up to here, its events may be shown before they are stored.
    pub last_event_id: i64,
    /// Tokens that are reserved for it by now: what is stored never sinks while it runs.
    pub reserved_tokens: i64,
    /// Dollars that are reserved for it by now.
    pub reserved_micros: StoredMicros,
    /// Tokens read so far.
    pub input_tokens: i64,
    /// Tokens written so far.
    pub output_tokens: i64,
    /// What that is worth.
    pub cost_micros: StoredMicros,
    /// Every tool call so far.
    pub tool_calls: Vec<ToolCall>,
    /// Every step so far.
    pub steps: Vec<Step>,
}

/// Writes what executions of any tenants have come to, where they still run. Gives those.
pub(super) async fn checkpoint_sqlite(
    connection: &mut SqliteConnection,
    rows: &[&Checkpoint],
) -> Result<Vec<ExecutionId>> {
    sqlx::query_scalar(
        "UPDATE executions SET output = r.value ->> 'output', layout = r.value ->> 'layout', \
         last_event_id = r.value ->> 'last_event_id', \
         reserved_tokens = MAX(reserved_tokens, r.value ->> 'reserved_tokens'), \
         reserved_micros = MAX(reserved_micros, r.value ->> 'reserved_micros'), \
         input_tokens = r.value ->> 'input_tokens', output_tokens = r.value ->> 'output_tokens', \
         cost_micros = r.value ->> 'cost_micros', tool_calls = r.value -> 'tool_calls', steps = r.value -> 'steps' \
         FROM jsonb_each($1) r \
         WHERE executions.execution_id = r.value ->> 'execution_id' AND executions.tenant_id = r.value ->> 'tenant_id' \
         AND executions.status = 'running' RETURNING execution_id",
    )
    .bind(as_json(rows))
    .fetch_all(connection)
    .await
}
