//! The tools that agents may call.

mod create_ticket;
mod search_kb;

pub use search_kb::{Found, search};

use serde_json::{Value, json};

use super::models::{ToolCall, ToolSpec};
use crate::{clock::Clock, ids::ExecutionId, store::TenantStore};

/// Every tool's name; `search` is `search_kb` by its short name.
pub const NAMES: [&str; 3] = ["create_ticket", "search", "search_kb"];

/// What a tool may use.
#[derive(Clone, Debug)]
pub struct ToolContext<'a> {
    /// The tenant's rows.
    pub store: &'a TenantStore,
    /// Tells the time.
    pub clock: &'a Clock,
    /// For which execution.
    pub execution_id: &'a ExecutionId,
}

/// What the model is told of the tool of this name.
#[must_use]
pub fn spec(name: &str) -> Option<ToolSpec> {
    let (description, parameters) = match name {
        "search_kb" | "search" => search_kb::describe(),
        "create_ticket" => create_ticket::describe(),
        _ => return None,
    };
    Some(ToolSpec { name: name.to_owned(), description: description.to_owned(), parameters })
}

/// Calls a tool. What goes wrong is told to the model as text, and logged where it is our fault.
///
/// # Errors
/// The text for the model.
pub async fn call(context: &ToolContext<'_>, call: &ToolCall) -> Result<Value, String> {
    let outcome = match call.name.as_str() {
        "search_kb" | "search" => search_kb::call(context, &call.arguments).await,
        "create_ticket" => create_ticket::call(context, &call.arguments).await,
        other => return Err(format!("There is no tool `{other}`.")),
    };
    outcome.map_err(|error| match error {
        ToolError::Arguments(text) => text,
        ToolError::Database(error) => {
            tracing::error!(execution_id = %context.execution_id, tool = call.name, %error, "a tool failed");
            "The tool failed. Try again later.".to_owned()
        }
    })
}

#[derive(Debug)]
enum ToolError {
    Arguments(String),
    Database(sqlx::Error),
}

impl From<sqlx::Error> for ToolError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// A text argument that must be there.
fn text<'a>(arguments: &'a Value, name: &str) -> Result<&'a str, ToolError> {
    let found = arguments[name].as_str().map(str::trim).filter(|text| !text.is_empty());
    found.ok_or_else(|| ToolError::Arguments(format!("The argument `{name}` must be a text that is not empty.")))
}

fn object_schema(properties: &[(&str, &str)]) -> Value {
    let fields: serde_json::Map<_, _> = properties
        .iter()
        .map(|(name, description)| ((*name).to_owned(), json!({ "type": "string", "description": description })))
        .collect();
    let required: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": fields, "required": required, "additionalProperties": false })
}
