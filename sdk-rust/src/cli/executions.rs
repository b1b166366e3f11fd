//! `executions list`, `show`, `events`, `cancel`.

use chrono::SecondsFormat;

use super::{failure::Failure, lists::List, output::Output, stream};
use crate::{Arguments, Client, RequestOptions, models::Execution, operations};

/// How many are listed where nobody says.
const LATEST: usize = 20;

pub(super) enum Command {
    List(Listing),
    Show(String),
    Events { id: String, after: Option<String> },
    Cancel(String),
}

pub(super) struct Listing {
    pub(super) agent_id: Option<String>,
    pub(super) status: Option<String>,
    pub(super) limit: usize,
}

impl Default for Listing {
    fn default() -> Self {
        Self { agent_id: None, status: None, limit: LATEST }
    }
}

/// Does it, and hands out what people should know of an answer that is there.
pub(super) async fn obey(
    client: &Client,
    command: Command,
    json: bool,
    output: &mut Output,
) -> Result<Option<String>, Failure> {
    match command {
        Command::List(Listing { agent_id, status, limit }) => {
            let arguments = Arguments::new().query("agent_id", agent_id).query("status", status);
            let list = List { operation: &operations::LIST_EXECUTIONS, arguments, limit };
            list.show(client, json, output, ["ID", "STATUS", "AGENT", "CREATED", "TOKENS"], row).await
        }
        Command::Show(id) => {
            let arguments = Arguments::new().path("execution_id", id);
            let answer = client.call(&operations::GET_EXECUTION, arguments, &RequestOptions::new()).await?;
            output.json(&answer.body).await
        }
        Command::Events { id, after } => {
            let arguments = Arguments::new().path("execution_id", &id).header("Last-Event-ID", after);
            let operation = &operations::STREAM_EXECUTION_EVENTS;
            let stream = client.open(operation, arguments, &RequestOptions::new()).await?;
            return stream::follow(stream, Some(id), json, output).await;
        }
        Command::Cancel(id) => cancel(client, id, json, output).await,
    }?;
    Ok(None)
}

/// Prints where the execution stands: it may have ended before.
async fn cancel(client: &Client, id: String, json: bool, output: &mut Output) -> Result<(), Failure> {
    if json {
        let arguments = Arguments::new().path("execution_id", id);
        let answer = client.call(&operations::CANCEL_EXECUTION, arguments, &RequestOptions::new()).await?;
        return output.json(&answer.body).await;
    }
    let execution = client.cancel_execution(id).await?;
    output.line(&execution.status.to_string()).await
}

fn row(execution: Execution) -> [String; 5] {
    [
        execution.execution_id,
        execution.status.to_string(),
        execution.agent_id,
        execution.created_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        execution.tokens_used.to_string(),
    ]
}
