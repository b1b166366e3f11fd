//! Executing an agent, answered as JSON or as server-sent events. The handler only watches; the execution goes on without it.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde::Deserialize;
use tokio_util::sync::{CancellationToken, DropGuard};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    context::{Context, wants_stream},
    extract::{Executor, Id},
    idempotency::{Keyed, mark_replayed},
    sse,
};
use crate::{
    app::App,
    error::{Problem, Result},
    ids::{AgentId, ConversationId},
    runtime::{
        events::{ExecutionEvent, ExecutionResult},
        start::{Order, Started},
        watch::Watch,
    },
};

/// What to ask of the agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExecuteAgentRequest {
    /// The user's message.
    #[schema(min_length = 1, max_length = 100_000, example = "How do I reset my password?")]
    message: String,
    /// The conversation to continue; absent: a new one.
    #[schema(value_type = Option<String>, max_length = 100)]
    conversation_id: Option<String>,
    /// Whether to answer with events as they happen; absent: as the `Accept` header says.
    #[schema(extensions(("x-sdk" = json!(false))))]
    stream: Option<bool>,
    /// How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut to what the quota leaves.
    #[schema(minimum = 1, maximum = 32768)]
    max_output_tokens: Option<i64>,
    /// What becomes of the execution when the client goes away: it goes on (`continue`, the default) or is cancelled (`cancel`),
    /// under an `Idempotency-Key` only when nobody has come back to it for 15 seconds.
    on_disconnect: Option<OnDisconnect>,
    /// Your own labels: at most 16, values of at most 512 characters.
    #[schema(schema_with = super::metadata_schema)]
    metadata: Option<BTreeMap<String, String>>,
}

/// What becomes of an execution when its client goes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDisconnect {
    /// It goes on to its end (the default).
    #[default]
    Continue,
    /// It is cancelled: at once, or, asked for under an `Idempotency-Key`, when nobody has come back to it for 15 seconds.
    Cancel,
}

/// Execute an agent
///
/// Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The execution is
/// charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is followed from its
/// first event while it runs, and answered as it ended afterwards.
#[utoipa::path(post, path = "/agents/{agent_id}/execute", operation_id = "execute_agent", tag = "agents", request_body = ExecuteAgentRequest,
    params(("agent_id" = AgentId, Path, description = "The agent.")),
    responses((status = 200, description = "The answer.", content(
        (ExecutionResult = "application/json"),
        (ExecutionEvent = "text/event-stream"),
    ))),
    extensions(("x-scope" = json!("execute")), ("x-sdk-stream" = json!("stream_agent")),
        ("x-sdk-rejoin" = json!("stream_execution_events")), ("x-timeout" = json!("execute"))))]
async fn execute_agent(
    State(app): State<App>,
    Executor(caller): Executor,
    Extension(context): Extension<Context>,
    Id(agent_id): Id<AgentId>,
    headers: HeaderMap,
    Keyed { request, claim }: Keyed<ExecuteAgentRequest>,
) -> Result<Response> {
    let conversation_id = match &request.conversation_id {
        None => None,
        // Text that is no id names no conversation, like an id that nobody has.
        Some(text) => Some(text.parse::<ConversationId>().map_err(|_| Problem::not_found("conversation", text))?),
    };
    let streams = request.stream.unwrap_or_else(|| wants_stream(&headers));
    let cancel = CancellationToken::new();
    let (ends_with_client, is_keyed) = (request.on_disconnect == Some(OnDisconnect::Cancel), claim.is_some());
    // Who has a key may come back with it, so that is waited for.
    let gone = (ends_with_client && !is_keyed).then(|| cancel.clone().drop_guard());
    let order = Order {
        agent_id,
        message: request.message,
        conversation_id,
        max_output_tokens: request.max_output_tokens,
        metadata: request.metadata.unwrap_or_default(),
        cancel,
        ends_deserted: ends_with_client && is_keyed,
        claim,
    };
    let Started { watch, is_known } = app.runtime.start(caller, order, context.origin.request_id).await?;
    let mut response = if streams { sse::respond(watch, gone) } else { answer(watch, gone, is_keyed).await };
    if is_known {
        mark_replayed(&mut response);
    }
    Ok(response)
}

/// Waits for the end and answers it. Dropped before, it cancels the execution if that was asked for.
async fn answer(mut watch: Watch, gone: Option<DropGuard>, is_keyed: bool) -> Response {
    let end = watch.end().await;
    // It has ended: there is nothing left to cancel.
    drop(gone.map(DropGuard::disarm));
    match end.as_deref() {
        Ok(ExecutionEvent::ExecutionCompleted { response }) => axum::Json(response).into_response(),
        Ok(ExecutionEvent::ExecutionFailed { error, .. }) => {
            // It stays failed under its key; without one, trying again is a new execution.
            let should_retry = is_keyed.then_some(false);
            Problem { should_retry, ..error.clone() }.into_response()
        }
        Ok(ExecutionEvent::ExecutionCancelled { .. }) => Problem::cancelled().into_response(),
        Ok(other) => Problem::internal(format!("an execution ended with {}", other.name())).into_response(),
        Err(problem) => problem.clone().into_response(),
    }
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(execute_agent))
}
