//! What is written, in each language.

use agent_platform_codegen::generate;
use serde_json::json;

use crate::{contents, document, fixture, read, set, with_rejoining};

const RUST_MODELS: &str = "sdk-rust/src/generated/models.rs";
const RUST_METHODS: &str = "sdk-rust/src/generated/methods.rs";
const PYTHON_TYPES: &str = "sdk-python/python/agent_platform/_types.py";
const TYPESCRIPT_TYPES: &str = "sdk-node/lib/generated/types.ts";

#[track_caller]
fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "this is missing:\n{part}\n\nin:\n{text}");
}

#[test]
fn the_same_document_gives_the_same_files() {
    let files = generate(&read(&fixture()));
    assert_eq!(files, generate(&read(&fixture())));
    assert!(files.iter().all(|file| file.contents.ends_with('\n') && !file.contents.ends_with("\n\n")));
}

#[test]
fn rust_requests_ask_for_what_is_required() {
    let files = generate(&read(&fixture()));
    let models = contents(&files, RUST_MODELS);
    assert_contains(models, "pub fn new(name: impl Into<String>, system_prompt: impl Into<String>) -> Self {");
    assert_contains(models, "pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<String>>) -> Self {");
    assert_contains(models, "#[serde(skip_serializing_if = \"Option::is_none\")]\n    pub tools: Option<Vec<String>>,");
}

#[test]
fn rust_patches_tell_null_from_absence() {
    let files = generate(&read(&fixture()));
    let models = contents(&files, RUST_MODELS);
    assert_contains(models, "pub temperature: Option<Option<f64>>,");
    assert_contains(models, "self.temperature = Some(Some(temperature));");
    assert_contains(models, "pub fn reset_temperature(mut self) -> Self {\n        self.temperature = Some(None);");
}

#[test]
fn rust_answers_keep_what_they_do_not_know() {
    let files = generate(&read(&fixture()));
    let models = contents(&files, RUST_MODELS);
    assert_contains(models, "pub extra: serde_json::Map<String, serde_json::Value>,");
    assert_contains(models, "decode::open_enum!(Tier {\n    Starter = \"starter\",\n");
    assert_contains(models, "    MessageDelta(MessageDeltaEvent) = \"message.delta\",\n");
    assert_contains(models, "type Response = ExecuteAgentResponse;");
}

#[test]
fn rust_methods_carry_the_documentation() {
    let files = generate(&read(&fixture()));
    let methods = contents(&files, RUST_METHODS);
    assert_contains(methods, "    /// Create an agent.\n    ///\n    /// An agent is a prompt, a model and tools.\n");
    assert_contains(methods, "    /// let agent = client.create_agent(request).await?;\n");
    assert_contains(methods, "    /// - 422: Something in the request is wrong\n");
    assert_contains(methods, ") -> crate::Request<crate::Page<models::Agent>> {");
    assert_contains(methods, ") -> crate::Request<crate::EventStream<models::ExecutionEvent>> {");
    assert_contains(methods, ") -> crate::Request<bytes::Bytes> {");
}

#[test]
fn rust_streams_know_what_rejoins_them_and_headers_are_arguments() {
    let files = generate(&read(&with_rejoining()));
    let operations = contents(&files, "sdk-rust/src/generated/operations.rs");
    assert_contains(operations, "    rejoin: Some(&STREAM_EXECUTION_EVENTS),");
    assert_contains(operations, "    header_parameters: &[(\"last_event_id\", \"Last-Event-ID\")],");
    let models = contents(&files, RUST_MODELS);
    assert_contains(models, "    pub fn last_event_id(mut self, last_event_id: impl Into<String>) -> Self {");
    assert_contains(models, ".header(\"Last-Event-ID\", self.last_event_id);");
    assert_contains(contents(&files, RUST_METHODS), "params: models::StreamExecutionEventsParams,");
}

#[test]
fn rust_names_can_be_words_of_the_language() {
    let mut document = fixture();
    let properties = "/components/schemas/CreateAgentRequest/properties";
    for name in ["type", "self", "1st", "camelCase"] {
        set(&mut document, &format!("{properties}/{name}"), json!({"type": "string"}));
    }
    set(&mut document, "/components/schemas/Tier/enum", json!(["unknown", "2x", "very-large"]));
    let files = generate(&read(&document));
    let models = contents(&files, RUST_MODELS);
    assert_contains(models, "pub r#type: Option<String>,");
    assert_contains(models, "#[serde(rename = \"self\")]\n    #[serde(skip_serializing_if = \"Option::is_none\")]\n");
    assert_contains(models, "pub _1st: Option<String>,");
    assert_contains(models, "#[serde(rename = \"camelCase\")]");
    assert_contains(models, "    UnknownValue = \"unknown\",\n    V2x = \"2x\",\n    VeryLarge = \"very-large\",\n");
}

#[test]
fn rust_objects_that_hold_themselves_are_boxed() {
    let mut document = fixture();
    let problem = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Problem"}]});
    set(&mut document, "/components/schemas/Problem/properties/cause", problem);
    let files = generate(&read(&document));
    assert_contains(contents(&files, RUST_MODELS), "pub cause: Option<Box<Problem>>,");
}

/// The promise of `make spec`: what the server adds is in every client, typed and documented, with nothing else to do.
#[test]
fn a_new_field_of_the_server_is_typed_in_every_client() {
    let mut document = document("openapi.json");
    let field =
        json!({"type": "integer", "format": "int64", "minimum": 0, "description": "How often it has answered."});
    set(&mut document, "/components/schemas/Agent/properties/answer_count", field);
    let agent = document.pointer_mut("/components/schemas/Agent/required").and_then(|required| required.as_array_mut());
    agent.expect("an agent has required fields").push(json!("answer_count"));
    let files = generate(&read(&document));
    assert_contains(contents(&files, RUST_MODELS), "    /// How often it has answered.\n    pub answer_count: u64,\n");
    let python = contents(&files, PYTHON_TYPES);
    assert_contains(python, "answer_count: int\n");
    assert_contains(python, "How often it has answered.");
    let typescript = contents(&files, TYPESCRIPT_TYPES);
    assert_contains(typescript, "answer_count: number;\n");
    assert_contains(typescript, "How often it has answered.");
}

#[test]
fn a_new_operation_of_the_server_is_in_every_client() {
    let mut document = document("openapi.json");
    let operation = json!({"get": {
        "tags": ["agents"], "operationId": "list_agent_templates", "summary": "List the templates of agents",
        "responses": {"200": {"description": "The templates", "content": {"application/json": {"schema": {
            "type": "object", "required": ["names"],
            "properties": {"names": {"type": "array", "items": {"type": "string"}}},
        }}}}},
    }});
    set(&mut document, "/paths/~1agent-templates", operation);
    let files = generate(&read(&document));
    let in_rust =
        "pub fn list_agent_templates(\n        &self,\n    ) -> crate::Request<models::ListAgentTemplatesResponse> {";
    assert_contains(contents(&files, RUST_METHODS), in_rust);
    assert_contains(contents(&files, "sdk-rust/src/generated/operations.rs"), "path: \"/agent-templates\",");
    let python = contents(&files, "sdk-python/python/agent_platform/_client.py");
    assert_contains(python, "    def list_agent_templates(");
    assert_contains(python, "-> Coroutine[Any, Any, ListAgentTemplatesResponse]:");
    assert_contains(python, "-> ListAgentTemplatesResponse:");
    assert_contains(
        contents(&files, "sdk-python/python/agent_platform/_raw.py"),
        "-> RawResponse[ListAgentTemplatesResponse]:",
    );
    let typescript = contents(&files, "sdk-node/lib/generated/client.ts");
    assert_contains(typescript, "listAgentTemplates(");
    assert_contains(typescript, "ListAgentTemplatesResponse");
}
