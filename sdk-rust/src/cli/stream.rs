//! `run`, and what it shares with `executions events`: an execution, told as it happens.

use std::io::{self, Read};

use super::{failure::Failure, output::Output};
use crate::{
    Arguments, Client, ErrorKind, RawEvent, RawStream, RequestOptions,
    models::{ExecuteAgentRequest, ExecutionEvent, ExecutionResult, OnDisconnect},
    operations,
};

/// The most events that are written at once.
const BATCH: usize = 256;

/// What is asked of which agent.
#[derive(Default)]
pub(super) struct Question {
    pub(super) agent_id: String,
    /// `None` and `-` stand for standard input.
    pub(super) message: Option<String>,
    pub(super) conversation_id: Option<String>,
    pub(super) max_output_tokens: Option<i64>,
    pub(super) on_disconnect: Option<OnDisconnect>,
    pub(super) idempotency_key: Option<String>,
}

/// Executes the agent and hands out what people should know of an answer that is there.
pub(super) async fn run(
    client: &Client,
    question: Question,
    stdin: (Box<dyn Read + Send>, bool),
    json: bool,
    output: &mut Output,
) -> Result<Option<String>, Failure> {
    let message = match question.message {
        Some(message) if message != "-" => message,
        None if stdin.1 => {
            return Err(Failure::Misuse("the message is missing; - reads it from the terminal".to_owned()));
        }
        _ => read_message(stdin.0).await?,
    };
    let mut request = ExecuteAgentRequest::new(message);
    request.conversation_id = question.conversation_id;
    request.max_output_tokens = question.max_output_tokens;
    request.on_disconnect = question.on_disconnect;
    let mut options = RequestOptions::new();
    if let Some(key) = question.idempotency_key {
        options = options.idempotency_key(key);
    }
    let arguments = Arguments::new().path("agent_id", question.agent_id).json(&request)?;
    let stream = client.open(&operations::STREAM_AGENT, arguments, &options).await?;
    follow(stream, None, json, output).await
}

/// In a thread of its own: a terminal may keep it waiting for ever.
async fn read_message(mut stdin: Box<dyn Read + Send>) -> Result<String, Failure> {
    let read = move || {
        let mut message = String::new();
        stdin.read_to_string(&mut message).map(|_| message)
    };
    let read = tokio::task::spawn_blocking(read).await.unwrap_or_else(|panic| Err(io::Error::other(panic)));
    let mut message = read.map_err(|error| Failure::Misuse(format!("standard input can't be read: {error}")))?;
    // The line's end is the shell's, not the question's.
    message.truncate(message.trim_end_matches(['\r', '\n']).len());
    if message.trim().is_empty() {
        return Err(Failure::Misuse("the message on standard input is empty".to_owned()));
    }
    Ok(message)
}

/// Prints the events of a stream to its end: what the agent says, or all of them as JSON. Hands out what people should
/// know of an answer that is there. The execution's id is in its first event, where it isn't known before.
pub(super) async fn follow(
    mut stream: RawStream,
    mut execution_id: Option<String>,
    json: bool,
    output: &mut Output,
) -> Result<Option<String>, Failure> {
    let mut events = Vec::new();
    loop {
        let more = match stream.next_batch(&mut events, BATCH).await {
            Ok(more) => more,
            Err(error) => {
                output.end_line().await?;
                return Err(if error.kind() == ErrorKind::StreamInterrupted {
                    Failure::Cut { error, execution_id }
                } else {
                    Failure::Call(error)
                });
            }
        };
        let mut said = String::new();
        for event in events.drain(..) {
            if json {
                output.json(&event.data).await?;
            }
            match read(&event) {
                Some(ExecutionEvent::ExecutionStarted(started)) => execution_id = Some(started.execution_id),
                Some(ExecutionEvent::MessageDelta(delta)) if !json => said.push_str(&delta.text),
                _ => {}
            }
        }
        output.text(&said).await?;
        if !more {
            break;
        }
    }
    output.end_line().await?;
    let response = stream.final_response().await.map_err(|error| match error.kind() {
        ErrorKind::Status | ErrorKind::ExecutionCancelled => Failure::Execution(error),
        _ => Failure::Call(error),
    })?;
    Ok(cut_short(&response))
}

/// The event, if it is one that concerns the program.
fn read(event: &RawEvent) -> Option<ExecutionEvent> {
    matches!(&*event.event, "execution.started" | "message.delta").then(|| serde_json::from_slice(&event.data).ok())?
}

/// Half an answer looks like a whole one: it is said when it is not.
fn cut_short(response: &[u8]) -> Option<String> {
    let response: ExecutionResult = serde_json::from_slice(response).ok()?;
    match response.finish_reason.as_str() {
        "stop" => None,
        reason => Some(format!("the answer ends early (finish_reason: {reason})")),
    }
}
