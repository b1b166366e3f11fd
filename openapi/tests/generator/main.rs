//! The generator, from a document to the text of three clients.

mod command;
mod reading;
mod typescript;
mod writing;

use std::{fs, path::Path};

use agent_platform_codegen::model::{Api, GeneratedFile};
use serde_json::{Value, json};

/// A small document in the style of the server's.
fn fixture() -> Value {
    document("tests/fixtures/agents.json")
}

/// The same with an operation that takes up a stream.
fn with_rejoining() -> Value {
    let mut document = fixture();
    let rejoining = json!({"get": {
        "tags": ["executions"], "summary": "Rejoin", "operationId": "stream_execution_events",
        "x-sdk-rejoin": "stream_execution_events",
        "parameters": [
            {"name": "execution_id", "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": "Last-Event-ID", "in": "header", "description": "After which event.", "schema": {"type": "string"}},
        ],
        "responses": {"200": {"description": "Events", "content": {
            "text/event-stream": {"schema": {"$ref": "#/components/schemas/ExecutionEvent"}},
        }}},
    }});
    set(&mut document, "/paths/~1executions~1{execution_id}~1events", rejoining);
    let name = json!("stream_execution_events");
    set(&mut document, "/paths/~1agents~1{agent_id}~1execute/post/x-sdk-rejoin", name);
    document
}

/// A document under this crate's folder.
fn document(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).expect("the document is JSON")
}

fn read(document: &Value) -> Api {
    agent_platform_codegen::read(document).expect("the document can be read")
}

/// The text of one generated file.
fn contents<'a>(files: &'a [GeneratedFile], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == Path::new(path));
    &file.unwrap_or_else(|| panic!("{path} is not generated")).contents
}

/// Puts a value at a pointer, whose parent must be there.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
    match document.pointer_mut(parent) {
        Some(Value::Array(items)) => items[key.parse::<usize>().expect("an index")] = value,
        Some(parent) => parent[key.replace("~1", "/")] = value,
        None => panic!("nothing at {parent}"),
    }
}
