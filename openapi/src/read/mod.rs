//! Reads an OpenAPI 3.1 document into the [model](crate::model).
//!
//! What the model has no place for is an error that names the place, never left out in silence: a client that lacks
//! half of an answer is worse than a build that stops.

mod answer;
mod docs;
mod names;
mod node;
mod object;
mod operation;
mod reach;
mod schema;
mod union;

use serde_json::Value;

use self::{node::Node, schema::Schemas};
use crate::model::Api;

/// Why a document can't be read, and where: the pointer is that of RFC 6901, as in `#/paths/~1agents/post`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {problem}")]
pub struct SpecError {
    /// The place in the document.
    pub pointer: String,
    /// What is wrong there, and what to do about it.
    pub problem: String,
}

type Result<T, E = SpecError> = std::result::Result<T, E>;

/// Reads a document.
///
/// # Errors
/// When the document is no OpenAPI 3.1 or later, refers to what is not there, or says something for which the clients
/// have no form.
///
/// ```
/// let document = serde_json::json!({
///     "openapi": "3.1.0", "info": {"title": "Agents", "version": "1.0.0"},
///     "paths": {"/agents/{agent_id}": {"delete": {
///         "operationId": "delete_agent", "summary": "Delete an agent",
///         "parameters": [{"name": "agent_id", "in": "path", "required": true, "schema": {"type": "string"}}],
///         "responses": {"204": {"description": "Deleted"}},
///     }}},
/// });
/// let api = agent_platform_codegen::read(&document)?;
/// assert_eq!(api.operations[0].id, "delete_agent");
/// # Ok::<(), agent_platform_codegen::SpecError>(())
/// ```
pub fn read(document: &Value) -> Result<Api> {
    let root = Node::root(document);
    let version = root.required("openapi")?;
    if !version.string()?.starts_with("3.") || version.string()?.starts_with("3.0") {
        return Err(version.error(format!("this is OpenAPI {}; 3.1 or later is needed", version.string()?)));
    }
    let info = root.required("info")?;
    let mut schemas = Schemas::new(root.clone());
    let operations = operation::read_all(&root, &mut schemas)?;
    let mut api = Api {
        title: info.required("title")?.string()?.to_owned(),
        version: info.required("version")?.string()?.to_owned(),
        schemas: schemas.finish()?,
        operations,
    };
    reach::mark(&mut api);
    Ok(api)
}
