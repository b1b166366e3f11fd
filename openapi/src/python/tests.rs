use serde_json::{Value, json};

use crate::read;

/// A document with what Python has to spell in its own way: keywords, names of options, merge patches, pages.
fn document() -> Value {
    let thing = json!({
        "type": "object",
        "description": "A thing.",
        "properties": {
            "thing_id": { "type": "string" },
            "class": { "type": "string" },
            "made_at": { "type": "string", "format": "date-time" }
        },
        "required": ["thing_id"]
    });
    let change = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "timeout": { "type": "integer", "format": "int64" },
            "note": { "type": ["string", "null"] },
            "tags": { "type": "array", "items": { "type": "string" } }
        }
    });
    let page = json!({
        "type": "object",
        "properties": {
            "data": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
            "has_more": { "type": "boolean" },
            "next_cursor": { "type": ["string", "null"] }
        },
        "required": ["data", "has_more"]
    });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let answer = |schema: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        json!({ "200": { "description": "It.", "content": { "application/json": { "schema": schema } } } })
    };
    let event = json!({
        "oneOf": [{ "$ref": "#/components/schemas/ThingMoved" }, { "$ref": "#/components/schemas/ThingDone" }]
    });
    let moved = json!({
        "type": "object",
        "properties": { "type": { "type": "string", "const": "thing.moved" } },
        "required": ["type"]
    });
    let done = json!({
        "type": "object",
        "properties": {
            "type": { "type": "string", "const": "thing.done" },
            "response": { "$ref": "#/components/schemas/Thing" }
        },
        "required": ["type", "response"]
    });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Things", "version": "1" },
        "paths": {
            "/things": {
                "get": {
                    "operationId": "list_things",
                    "summary": "List things",
                    "tags": ["things"],
                    "parameters": [
                        query("limit", json!({ "type": "integer" })),
                        query("cursor", json!({ "type": "string" })),
                        query("from", json!({ "type": "string", "format": "date-time" }))
                    ],
                    "responses": answer("ThingPage")
                }
            },
            "/things/{thing_id}/events": {
                "get": {
                    "operationId": "stream_thing_events",
                    "summary": "Watch a thing",
                    "tags": ["things"],
                    "parameters": [
                        { "name": "thing_id", "in": "path", "required": true, "schema": { "type": "string" } },
                        { "name": "Last-Event-ID", "in": "header", "schema": { "type": "string" } }
                    ],
                    "responses": { "200": { "description": "Events.", "content": { "text/event-stream": {
                        "schema": { "$ref": "#/components/schemas/ThingEvent" }
                    } } } }
                }
            },
            "/things/{thing_id}": {
                "patch": {
                    "operationId": "update_thing",
                    "summary": "Change a thing",
                    "tags": ["things"],
                    "parameters": [
                        { "name": "thing_id", "in": "path", "required": true, "schema": { "type": "string" } }
                    ],
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/UpdateThing" } } }
                    },
                    "responses": answer("Thing")
                }
            }
        },
        "components": { "schemas": { "Thing": thing, "UpdateThing": change, "ThingPage": page, "ThingEvent": event, "ThingMoved": moved,
            "ThingDone": done } }
    })
}

fn files() -> [String; 4] {
    let api = read(&document()).expect("the document is readable");
    let files = super::write(&api).into_iter().map(|file| file.contents);
    files.collect::<Vec<_>>().try_into().expect("four files")
}

fn written() -> (String, String) {
    let [client, _raw, types, _kinds] = files();
    (client, types)
}

#[track_caller]
fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is missing in:\n{text}");
}

#[test]
fn names_that_python_or_a_call_keeps_for_itself_give_way() {
    let (client, _) = written();
    assert_contains(&client, "        from_: datetime | str | None = None,\n");
    assert_contains(&client, "\"from\": from_");
    assert_contains(&client, "        timeout_: int | Omit = OMIT,\n");
    assert_contains(&client, "\"timeout\": timeout_");
}

#[test]
fn a_patch_tells_absent_from_null() {
    let (client, _) = written();
    assert_contains(&client, "        note: str | Omit | None = OMIT,\n");
    assert_contains(&client, "        tags: Sequence[str] | Omit = OMIT,\n");
}

#[test]
fn a_list_can_be_walked() {
    let (client, _) = written();
    assert_contains(&client, "    ) -> AsyncIterator[Thing]:\n");
    assert_contains(&client, "    ) -> Iterator[Thing]:\n");
    let walk = client.split("def list_things_all(").nth(1).expect("there is a walk");
    let signature = walk.split("->").next().expect("it has a signature");
    assert!(!signature.contains("cursor"), "{signature}");
}

#[test]
fn optional_fields_and_keywords_are_keys_of_the_dict() {
    let (_, types) = written();
    assert_contains(&types, "_ThingRequired = TypedDict(\n");
    assert_contains(&types, "        \"class\": \"str\",\n");
    assert_contains(&types, "class Thing(_ThingRequired, _ThingOptional):\n    \"\"\"A thing.\"\"\"\n");
    assert_contains(&types, "class ThingPage(_ThingPageRequired, total=False):\n");
    // Only the body of a call: its fields are the method's arguments.
    assert!(!types.contains("UpdateThing"), "{types}");
}

#[test]
fn what_an_answer_holds_stays_as_it_came() {
    let (_, types) = written();
    // No datetime: building one for each field of each answer would cost more than the answer.
    assert_contains(&types, "        \"made_at\": \"str\",\n");
}

#[test]
fn an_operation_that_only_streams_has_the_response_of_its_last_event() {
    let [client, raw, ..] = files();
    assert_contains(&client, "    ) -> AsyncStream[ThingEvent, Thing]:\n");
    assert_contains(&client, "    ) -> Stream[ThingEvent, Thing]:\n");
    assert!(!raw.contains("stream_thing_events"), "a stream has its status and headers by itself:\n{raw}");
}

#[test]
fn a_header_is_an_optional_argument() {
    let [client, .., kinds] = files();
    assert_contains(&client, "        last_event_id: str | None = None,\n");
    assert_contains(&client, "{\"last_event_id\": last_event_id}");
    assert_contains(&kinds, "(\"last_event_id\", Kind::Text)");
}

#[test]
fn an_answer_can_come_with_its_headers() {
    let [client, raw, ..] = files();
    assert_contains(&client, "    def with_raw_response(self) -> AgentPlatformClientWithRawResponse:\n");
    assert_contains(&raw, "    ) -> Coroutine[Any, Any, RawResponse[Thing]]:\n");
    assert_contains(&raw, "    ) -> RawResponse[Thing]:\n");
}

#[test]
fn the_native_module_knows_the_types_of_arguments() {
    let [.., kinds] = files();
    assert_contains(&kinds, "(\"from\", Kind::Time)");
    assert_contains(&kinds, "(\"note\", Kind::Nullable(&Kind::Text))");
    assert_contains(&kinds, "(\"tags\", Kind::List(&Kind::Text))");
}

#[test]
fn help_shows_a_call_and_its_errors() {
    let (client, _) = written();
    assert_contains(&client, "        Example:\n            thing = await client.update_thing(thing_id=thing_id)\n");
    assert_contains(&client, "            async for item in client.list_things_all():\n");
    assert_contains(&client, "            APIConnectionError: ");
}
