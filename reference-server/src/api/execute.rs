//! Executing an agent, answered as JSON or as server-sent events. The handler only watches; the execution goes on without it.

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use axum::{
    Extension,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;
use tokio_util::sync::{CancellationToken, DropGuard};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    context::{Context, wants_stream},
    extract::{Executor, Id},
    idempotency::Keyed,
};
use crate::{
    app::App,
    error::{Problem, Result},
    ids::{AgentId, ConversationId},
    runtime::{
        events::{EventReader, ExecutionEvent, ExecutionResult},
        start::Order,
    },
};

/// How often a quiet stream shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

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
    /// What becomes of the execution when the client goes away.
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
    /// It is cancelled.
    Cancel,
}

/// Execute an agent
///
/// Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The execution is
/// charged to the tenant whatever becomes of the connection.
#[utoipa::path(post, path = "/agents/{agent_id}/execute", operation_id = "execute_agent", tag = "agents", request_body = ExecuteAgentRequest,
    params(("agent_id" = AgentId, Path, description = "The agent.")),
    responses((status = 200, description = "The answer.", content(
        (ExecutionResult = "application/json"),
        (ExecutionEvent = "text/event-stream"),
    ))),
    extensions(("x-scope" = json!("execute")), ("x-sdk-stream" = json!("stream_agent")), ("x-timeout" = json!("execute"))))]
async fn execute_agent(
    State(app): State<App>,
    Executor(caller): Executor,
    Extension(context): Extension<Context>,
    Id(agent_id): Id<AgentId>,
    headers: HeaderMap,
    Keyed { request, claim: _ }: Keyed<ExecuteAgentRequest>,
) -> Result<Response> {
    let conversation_id = match &request.conversation_id {
        None => None,
        // Text that is no id names no conversation, like an id that nobody has.
        Some(text) => Some(text.parse::<ConversationId>().map_err(|_| Problem::not_found("conversation", text))?),
    };
    let streams = request.stream.unwrap_or_else(|| wants_stream(&headers));
    let cancel = CancellationToken::new();
    let gone = (request.on_disconnect == Some(OnDisconnect::Cancel)).then(|| cancel.clone().drop_guard());
    let order = Order {
        agent_id,
        message: request.message,
        conversation_id,
        max_output_tokens: request.max_output_tokens,
        metadata: request.metadata.unwrap_or_default(),
        cancel,
    };
    let events = app.runtime.start(caller, order, context.request_id).await?;
    let watcher = Watcher { events, seen: 0, gone };
    if streams { Ok(watcher.stream()) } else { watcher.answer().await }
}

/// Follows an execution. Dropped before the end, it cancels the execution if that was asked for.
struct Watcher {
    events: EventReader,
    seen: usize,
    gone: Option<DropGuard>,
}

impl Watcher {
    async fn answer(mut self) -> Result<Response> {
        let end = self.events.end().await;
        self.let_go();
        match end {
            Some(ExecutionEvent::ExecutionCompleted { response }) => Ok(axum::Json(response).into_response()),
            Some(ExecutionEvent::ExecutionFailed { error, .. }) => Err(error),
            Some(ExecutionEvent::ExecutionCancelled { .. }) => Err(Problem::cancelled()),
            _ => Err(Problem::internal("an execution was lost before its end")),
        }
    }

    fn stream(self) -> Response {
        let frames = stream::unfold(self, |mut watcher| async move {
            let frames = watcher.next_frames().await?;
            Some((Ok::<_, Infallible>(frames), watcher))
        });
        let mut response = Body::from_stream(frames).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        response
    }

    /// Everything that happened since the last call, in one piece; `None` after the terminal event.
    async fn next_frames(&mut self) -> Option<Bytes> {
        loop {
            let (length, ended) = self.events.state();
            if length > self.seen {
                let mut frames = BytesMut::new();
                self.seen = self.events.frames_after(self.seen, &mut frames);
                if ended {
                    self.let_go();
                }
                return Some(frames.freeze());
            }
            if ended {
                return None;
            }
            match tokio::time::timeout(HEARTBEAT, self.events.grew()).await {
                Ok(true) => {}
                // Cut without a terminal event: that is how a client learns that the execution was lost.
                Ok(false) => return None,
                Err(_) => return Some(Bytes::from_static(b": heartbeat\n\n")),
            }
        }
    }

    /// The execution has ended: there is nothing left to cancel.
    fn let_go(&mut self) {
        if let Some(guard) = self.gone.take() {
            guard.disarm();
        }
    }
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(execute_agent))
}
