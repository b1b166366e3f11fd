//! The built-in model: no network, no weights, the same answer to the same question.
//!
//! It does not think and does not pretend to. It calls the agent's tools by rule and answers with the passages of the tenant's
//! documents that speak of what was asked, or says that there are none. `system_prompt` and `temperature` change
//! nothing but the count.

mod conversation;
mod intent;
mod prose;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::{Value, json};

use self::conversation::Conversation;
use self::intent::WantsPerson;
use super::{DeltaSink, FinishReason, Generation, Model, ModelAnswer, ModelRequest, ToolCall, ToolSpec, Turn};
use crate::knowledge::Question;
use crate::runtime::tokens;

/// The tools by which it searches: two names of one.
const SEARCH_TOOLS: [&str; 2] = ["search_kb", "search"];
/// The tool by which it hands over to a person.
const TICKET_TOOL: &str = "create_ticket";

/// The model named `builtin`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builtin;

/// What a round comes to, before it is counted and streamed.
#[derive(Debug, PartialEq)]
enum Reply {
    Text(String),
    Call { tool: String, arguments: Value },
}

impl Model for Builtin {
    /// What it reads: the system prompt, the turns with their calls and outputs, and the tools, each as its text or its JSON.
    fn input_tokens(&self, request: &ModelRequest<'_>) -> u32 {
        let turns = request.turns.iter().flat_map(turn_texts);
        let tools = request.tools.iter().map(|tool| Cow::Owned(json!(tool).to_string()));
        std::iter::once(Cow::Borrowed(request.system_prompt))
            .chain(turns)
            .chain(tools)
            .fold(0, |sum, text| sum.saturating_add(tokens::count(&text)))
    }

    fn generate<'a>(&'a self, request: ModelRequest<'a>, sink: &'a mut dyn DeltaSink) -> Generation<'a> {
        Box::pin(async move {
            let input_tokens = request.counted_tokens.unwrap_or_else(|| self.input_tokens(&request));
            let conversation = Conversation::new(request.turns);
            let answer = match reply(&conversation, request.tools) {
                Reply::Text(text) => write(&text, request.max_output_tokens, sink),
                Reply::Call { tool, arguments } => {
                    let tool_call_id = format!("call_{}", conversation.done.len() + 1);
                    let call = ToolCall { tool_call_id, name: tool, arguments };
                    let output_tokens = tokens::count(&call_text(&call));
                    if output_tokens > request.max_output_tokens {
                        let cut = write(prose::NO_ROOM_FOR_CALL, request.max_output_tokens, sink);
                        ModelAnswer { finish_reason: FinishReason::Length, ..cut }
                    } else {
                        ModelAnswer {
                            text: String::new(),
                            tool_calls: vec![call],
                            finish_reason: FinishReason::ToolCalls,
                            input_tokens: 0,
                            output_tokens,
                        }
                    }
                }
            };
            Ok(ModelAnswer { input_tokens, ..answer })
        })
    }
}

/// The rules. A person asked for comes first, then the documents; whatever was done already is spoken of, not repeated.
fn reply(conversation: &Conversation<'_>, tools: &[ToolSpec]) -> Reply {
    let offered = |name: &str| tools.iter().any(|tool| tool.name == name);
    let search = SEARCH_TOOLS.into_iter().find(|name| offered(name));
    let ticket = offered(TICKET_TOOL);
    let wants_person = intent::wants_person(conversation.message);

    if let Some(done) = conversation.last_done(&[TICKET_TOOL]) {
        return Reply::Text(prose::after_ticket(done));
    }
    if ticket && wants_person == WantsPerson::Now {
        return ticket_call(conversation);
    }
    if let Some(done) = conversation.last_done(&SEARCH_TOOLS) {
        return match prose::from_passages(done) {
            Some(answer) => Reply::Text(answer),
            None if ticket && wants_person == WantsPerson::IfNothingElse => ticket_call(conversation),
            None => Reply::Text(prose::nothing_found(done, ticket)),
        };
    }
    let Some(search) = search else {
        return Reply::Text(prose::without_search(ticket).to_owned());
    };
    match conversation.query() {
        Some(query) => Reply::Call { tool: search.to_owned(), arguments: json!({ "query": query }) },
        None if Question::new(conversation.message).is_only_greeting() => Reply::Text(prose::GREETING.to_owned()),
        None => Reply::Text(prose::NO_QUESTION.to_owned()),
    }
}

fn ticket_call(conversation: &Conversation<'_>) -> Reply {
    let (subject, body) = conversation.ticket();
    Reply::Call { tool: TICKET_TOOL.to_owned(), arguments: json!({ "subject": subject, "body": body }) }
}

/// Writes `text` token by token, as many as `max_tokens`; a character that needs more than are left is not begun.
fn write(text: &str, max_tokens: u32, sink: &mut dyn DeltaSink) -> ModelAnswer {
    let mut written = String::with_capacity(text.len());
    let mut output_tokens = 0;
    let mut finish_reason = FinishReason::Stop;
    for piece in tokens::pieces(text) {
        if output_tokens + piece.tokens > max_tokens {
            finish_reason = FinishReason::Length;
            break;
        }
        output_tokens += piece.tokens;
        written.push_str(piece.text);
        sink.push(piece.text);
    }
    ModelAnswer { text: written, tool_calls: Vec::new(), finish_reason, input_tokens: 0, output_tokens }
}

/// What a model reads of a turn.
fn turn_texts(turn: &Turn) -> Vec<Cow<'_, str>> {
    match turn {
        Turn::User { content } => vec![Cow::Borrowed(content)],
        Turn::Assistant { content, tool_calls } => std::iter::once(Cow::Borrowed(content.as_str()))
            .chain(tool_calls.iter().map(|call| Cow::Owned(call_text(call))))
            .collect(),
        Turn::Tool { output, .. } => vec![Cow::Owned(output.to_string())],
    }
}

/// A call as a model writes it: its name and arguments as JSON. The id is the server's.
fn call_text(call: &ToolCall) -> String {
    json!({ "name": call.name, "arguments": call.arguments }).to_string()
}
