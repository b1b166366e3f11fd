//! What is and was executed: the log, the events, and how to end one.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Executor, Id, Reader},
    idempotency::{Answer, Once},
    page::{Page, PageParams, Query},
    sse,
};
use crate::{
    app::App,
    clock::Timestamp,
    error::{Problem, Result},
    ids::{AgentId, ConversationId, ExecutionId},
    money::Micros,
    runtime::{
        events::{ExecutionEvent, TokenUsage},
        models::ToolCall,
    },
    store::executions::{ExecutionFilter, ExecutionRow, ExecutionStatus, Step},
};

/// An execution, running or ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Execution {
    /// Names it.
    execution_id: ExecutionId,
    /// In which conversation.
    conversation_id: ConversationId,
    /// Of which agent.
    agent_id: AgentId,
    /// Where it stands.
    status: ExecutionStatus,
    /// The user's message.
    input: String,
    /// The answer; while it runs and where it did not come to its end, what there is of it.
    message: String,
    /// Tokens read and written.
    tokens_used: i64,
    /// The same, apart.
    usage: TokenUsage,
    /// The metered value of the model's work, in dollars.
    cost: Micros,
    /// The model that ran.
    model: String,
    /// Why the answer ended; `null` while it runs and where it failed.
    #[schema(required = true)]
    finish_reason: Option<String>,
    /// The tools that were called.
    tool_calls: Vec<ToolCall>,
    /// Every round of the model and every call of a tool, in order.
    steps: Vec<Step>,
    /// What went wrong, where it failed.
    #[schema(required = true)]
    error: Option<Problem>,
    /// Your own labels.
    metadata: BTreeMap<String, String>,
    /// When it was started.
    created_at: DateTime<Utc>,
    /// When it ended; `null` while it runs.
    #[schema(required = true)]
    completed_at: Option<DateTime<Utc>>,
    /// How long it took, in milliseconds; `null` while it runs.
    #[schema(required = true)]
    duration_ms: Option<i64>,
}

impl From<ExecutionRow> for Execution {
    fn from(row: ExecutionRow) -> Self {
        let usage =
            TokenUsage { input_tokens: row.input_tokens, output_tokens: row.output_tokens, estimated: row.estimated };
        Self {
            execution_id: row.execution_id,
            conversation_id: row.conversation_id,
            agent_id: row.agent_id,
            status: row.status,
            input: row.input,
            message: row.output,
            tokens_used: row.input_tokens + row.output_tokens,
            usage,
            cost: row.cost_micros,
            model: row.model,
            finish_reason: row.finish_reason,
            tool_calls: row.tool_calls.0,
            steps: row.steps.0,
            error: row.problem.map(|problem| problem.0),
            metadata: row.metadata.0,
            created_at: row.created_at,
            completed_at: row.completed_at,
            duration_ms: row.duration_ms,
        }
    }
}

/// Which executions to list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the query is read by `Query`; this states it in the specification")]
pub struct ExecutionParams {
    /// Of this agent alone.
    #[param(nullable = false)]
    agent_id: Option<AgentId>,
    /// In this state alone.
    #[param(nullable = false)]
    status: Option<ExecutionStatus>,
    /// Started at or after this time (RFC 3339).
    #[param(nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Started before this time (RFC 3339).
    #[param(nullable = false)]
    to: Option<DateTime<Utc>>,
}

/// List executions
///
/// Newest first.
#[utoipa::path(get, path = "/executions", operation_id = "list_executions", tag = "executions", params(ExecutionParams, PageParams),
    responses((status = 200, description = "A page of executions.", body = Page<Execution>)), extensions(("x-scope" = json!("read"))))]
async fn list_executions(Reader(caller): Reader, mut query: Query) -> Result<axum::Json<Page<Execution>>> {
    const TIME: &str = "a time as RFC 3339 writes it, like `2026-01-31T12:00:00Z`";
    let filter = ExecutionFilter {
        agent_id: query.parse("agent_id", "an agent's id"),
        status: query.parse("status", "`running`, `completed`, `failed` or `cancelled`"),
        from: query.parse::<Timestamp>("from", TIME).map(|from| from.0),
        to: query.parse::<Timestamp>("to", TIME).map(|to| to.0),
    };
    let page = query.page::<ExecutionId>();
    query.finish()?;
    let rows = caller.store.executions(&filter, page.before.as_deref(), page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.execution_id.to_string(), Execution::from)))
}

/// Read an execution
///
/// With every step.
#[utoipa::path(get, path = "/executions/{execution_id}", operation_id = "get_execution", tag = "executions",
    params(("execution_id" = ExecutionId, Path, description = "The execution.")),
    responses((status = 200, description = "The execution.", body = Execution)), extensions(("x-scope" = json!("read"))))]
async fn get_execution(Reader(caller): Reader, Id(execution_id): Id<ExecutionId>) -> Result<axum::Json<Execution>> {
    let execution = caller.store.execution(&execution_id).await?;
    let execution = execution.ok_or_else(|| Problem::not_found("execution", execution_id.as_str()))?;
    Ok(axum::Json(execution.into()))
}

/// Follow an execution
///
/// Its events as they happen, or as they happened: from the first, or from behind the one that `Last-Event-ID` names. They are kept
/// for 24 hours after its end. The same events have the same ids and the same bytes each time.
///
/// After a crash of the server the ids may have one gap: the terminal event's lies beyond every id that was sent.
#[utoipa::path(get, path = "/executions/{execution_id}/events", operation_id = "stream_execution_events", tag = "executions",
    params(("execution_id" = ExecutionId, Path, description = "The execution."),
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that you saw: the stream begins behind it. \
            Absent: with the first event.", pattern = "^[0-9]+$", example = "17", nullable = false)),
    responses((status = 200, description = "The events.", content((ExecutionEvent = "text/event-stream")))),
    extensions(("x-scope" = json!("execute")), ("x-sdk-rejoin" = json!("stream_execution_events")), ("x-timeout" = json!("execute"))))]
async fn stream_execution_events(
    State(app): State<App>,
    Executor(caller): Executor,
    Id(execution_id): Id<ExecutionId>,
    headers: HeaderMap,
) -> Result<Response> {
    let after = sse::last_event_id(&headers)?;
    let watch = app.runtime.watch(&caller.store, &execution_id, after).await?;
    if watch.is_expired(app.clock.now()) {
        return Err(Problem::events_expired(&execution_id));
    }
    Ok(sse::respond(watch, None))
}

/// Cancel an execution
///
/// Answers with the execution once its end is settled: what it used until then is charged. One that has ended already stays as it
/// is, and is the answer.
#[utoipa::path(post, path = "/executions/{execution_id}/cancel", operation_id = "cancel_execution", tag = "executions",
    params(("execution_id" = ExecutionId, Path, description = "The execution.")),
    responses((status = 200, description = "The execution.", body = Execution)), extensions(("x-scope" = json!("execute"))))]
async fn cancel_execution(
    State(app): State<App>,
    Executor(caller): Executor,
    Id(execution_id): Id<ExecutionId>,
    once: Once,
) -> Result<Answer> {
    let row = app.runtime.cancel(&caller.store, &execution_id).await?;
    let has_ended = row.status != ExecutionStatus::Running;
    let answer = once.answer(StatusCode::OK, &Execution::from(row));
    if has_ended && answer.kept().is_some() {
        // Where another request with the key came first, that one's answer is given, or this one refused.
        caller.store.keeping(answer.kept()).keep_answer().await?;
    }
    Ok(answer)
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_executions))
        .routes(routes!(get_execution))
        .routes(routes!(stream_execution_events))
        .routes(routes!(cancel_execution))
}
