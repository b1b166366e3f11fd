//! What only TypeScript needs: arguments that are checked before they are sent, streams without a second form.

use agent_platform_codegen::generate;
use serde_json::json;

use crate::{contents, fixture, read, set, with_rejoining};

const CLIENT: &str = "sdk-node/lib/generated/client.ts";
const TYPES: &str = "sdk-node/lib/generated/types.ts";

#[track_caller]
fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "this is missing:\n{part}\n\nin:\n{text}");
}

#[test]
fn a_header_parameter_is_an_optional_argument() {
    let files = generate(&read(&with_rejoining()));
    let client = contents(&files, CLIENT);
    assert_contains(
        client,
        "const STREAM_EXECUTION_EVENTS: Operation = {\n  id: \"stream_execution_events\",\n  path: [\"execution_id\"],\n  \
         query: {},\n  headers: { last_event_id: \"string\" },\n  required: [],\n};\n",
    );
    assert_contains(
        contents(&files, TYPES),
        "  execution_id: string;\n  /** After which event. */\n  last_event_id?: string;\n}",
    );
}

#[test]
fn an_operation_that_only_streams_has_the_response_of_its_final_event() {
    let files = generate(&read(&with_rejoining()));
    assert_contains(
        contents(&files, CLIENT),
        "streamExecutionEvents(params: StreamExecutionEventsParams, options?: RequestOptions): EventStream<ExecutionEvent> {\n    \
         return this.stream(STREAM_EXECUTION_EVENTS, params, options);",
    );
}

#[test]
fn each_argument_has_the_type_that_it_is_checked_for() {
    let mut document = fixture();
    let fields = json!({
        "name": { "type": "string" },
        "when": { "type": ["string", "null"], "format": "date-time" },
        "ratio": { "type": "number" },
        "count": { "type": ["integer", "null"], "format": "int64" },
        "on": { "type": "boolean" },
        "words": { "type": "array", "items": { "type": "string" } },
        "table": { "type": "array", "items": { "type": "array", "items": { "type": "string" } } },
        "labels": { "type": "object", "additionalProperties": { "type": "string" } },
        "kebab-case": {},
    });
    set(&mut document, "/components/schemas/CreateAgentRequest/properties", fields);
    set(&mut document, "/components/schemas/CreateAgentRequest/required", json!(["name", "on"]));
    let files = generate(&read(&document));
    assert_contains(
        contents(&files, CLIENT),
        "  body: { name: \"string\", when: \"date | null\", ratio: \"number\", count: \"integer | null\", on: \"boolean\", \
         words: \"string[]\", table: \"any[]\", labels: \"object\", \"kebab-case\": \"any\" },\n  required: [\"name\", \"on\"],\n",
    );
}

#[test]
fn the_field_that_tells_events_apart_is_documented() {
    let files = generate(&read(&fixture()));
    assert_contains(contents(&files, TYPES), "  /** Always `message.delta`. */\n  type: \"message.delta\";\n");
}
