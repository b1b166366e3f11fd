//! Makes a ticket for a person to work on.

use serde_json::{Value, json};

use super::{ToolContext, ToolError, object_schema, text};
use crate::{ids::TicketId, store::tickets::TicketRow};

/// A subject is one line.
const SUBJECT_CHARS: usize = 200;

pub(super) fn describe() -> (&'static str, Value) {
    let arguments = [("subject", "The matter in one line."), ("body", "Everything that a person needs to know.")];
    ("Opens a support ticket that a person will answer.", object_schema(&arguments))
}

pub(super) async fn call(context: &ToolContext<'_>, arguments: &Value) -> Result<Value, ToolError> {
    let now = context.clock.now();
    let ticket = TicketRow {
        ticket_id: TicketId::new(now),
        subject: text(arguments, "subject")?.chars().take(SUBJECT_CHARS).collect(),
        body: text(arguments, "body")?.to_owned(),
        execution_id: context.execution_id.clone(),
        created_at: now,
    };
    context.store.insert_ticket(&ticket).await?;
    Ok(json!({ "ticket_id": ticket.ticket_id, "subject": ticket.subject }))
}
