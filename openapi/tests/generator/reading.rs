//! What is read, and what is refused, with the place.

use agent_platform_codegen::model::{Answer, DurationClass, IntegerFormat, SchemaKind, StringFormat, Type};
use serde_json::{Value, json};

use crate::{fixture, read, set, with_rejoining};

/// What is said of the fixture with one value changed.
#[track_caller]
fn refused(pointer: &str, value: Value) -> String {
    let mut document = fixture();
    set(&mut document, pointer, value);
    agent_platform_codegen::read(&document).expect_err("the document is refused").to_string()
}

fn field(schema: &str, name: &str) -> agent_platform_codegen::model::Field {
    let api = read(&fixture());
    let SchemaKind::Object(object) = &api.schema(schema).kind else { panic!("{schema} is no object") };
    object.fields.iter().find(|field| field.name == name).cloned().expect("the field is there")
}

#[test]
fn an_operation_that_streams_is_two() {
    let api = read(&fixture());
    let ids: Vec<&str> = api.operations.iter().map(|operation| operation.id.as_str()).collect();
    let execute = ids.iter().position(|id| *id == "execute_agent").expect("execute_agent is there");
    assert_eq!(ids[execute + 1], "stream_agent");
    let stream = &api.operations[execute + 1];
    assert_eq!(stream.path, "/agents/{agent_id}/execute");
    assert_eq!(stream.duration, DurationClass::Execute);
    let response = Some(Type::Named("ExecuteAgentResponse".to_owned()));
    assert_eq!(stream.answer, Answer::Events { event: Type::Named("ExecutionEvent".to_owned()), response });
}

#[test]
fn a_stream_names_what_rejoins_it() {
    let api = read(&with_rejoining());
    let named = |id: &str| api.operations.iter().find(|operation| operation.id == id).cloned().expect("it is there");
    assert_eq!(named("execute_agent").rejoin, None);
    for id in ["stream_agent", "stream_execution_events"] {
        assert_eq!(named(id).rejoin.as_deref(), Some("stream_execution_events"));
    }
    let [header] = &named("stream_execution_events").header_parameters[..] else { panic!("it has one header") };
    assert_eq!((&*header.header, &*header.parameter.name), ("Last-Event-ID", "last_event_id"));
}

#[test]
fn what_is_marked_stays_out() {
    let api = read(&fixture());
    assert!(api.operations.iter().all(|operation| operation.id != "get_tenant"));
    let body = api.operations.iter().find(|operation| operation.id == "execute_agent").and_then(|o| o.body.clone());
    let fields = &api.body_object(&body.expect("it has a body")).fields;
    assert!(fields.iter().all(|field| field.name != "stream"));
}

#[test]
fn a_list_with_a_cursor_is_a_page() {
    let api = read(&fixture());
    let pages = api.operations.iter().filter(|operation| operation.page_item.is_some());
    assert_eq!(pages.map(|operation| operation.id.as_str()).collect::<Vec<_>>(), ["list_agents", "list_executions"]);
}

#[test]
fn a_key_is_needed_unless_the_operation_says_otherwise() {
    let api = read(&fixture());
    let open = api.operations.iter().filter(|operation| !operation.authenticated);
    assert_eq!(open.map(|operation| operation.id.as_str()).collect::<Vec<_>>(), ["sign_up"]);
}

#[test]
fn types_are_said_in_one_way() {
    assert_eq!(field("Agent", "max_output_tokens").ty, Type::Integer(IntegerFormat::U32));
    assert_eq!(field("Agent", "metadata").ty, Type::Map(Box::new(Type::Any)));
    assert_eq!(field("Agent", "created_at").ty, Type::String(StringFormat::DateTime));
    assert_eq!(field("Agent", "temperature").ty, Type::Nullable(Box::new(Type::Number)));
    let nullable_reference = Type::Nullable(Box::new(Type::Named("OnDisconnect".to_owned())));
    assert_eq!(field("ExecuteAgentRequest", "on_disconnect").ty, nullable_reference);
    assert_eq!(field("ToolCall", "output").ty, Type::Any);
}

#[test]
fn what_stands_inline_gets_a_name() {
    assert_eq!(field("UsageReport", "resets").ty, Type::Named("UsageReportResets".to_owned()));
    assert_eq!(field("ExecutionStep", "type").ty, Type::Named("ExecutionStepType".to_owned()));
    let api = read(&fixture());
    let SchemaKind::Union(union) = &api.schema("ExecutionEvent").kind else { panic!("it is a union") };
    let members: Vec<_> = union.variants.iter().map(|member| (&*member.tag_value, &*member.schema)).collect();
    assert_eq!(members[0], ("execution.started", "ExecutionStarted"));
    assert_eq!(members[1], ("message.delta", "MessageDeltaEvent"));
    assert_eq!(members[5], ("execution.failed", "ExecutionFailedEvent"), "put together by allOf");
    assert_eq!(field("ExecutionFailedEvent", "partial_message").ty, Type::String(StringFormat::Plain));
}

#[test]
fn limits_and_defaults_are_put_into_words() {
    assert_eq!(field("CreateAgentRequest", "name").docs, "Its name.\n\n1 to 200 characters.");
    let api = read(&fixture());
    let limit = &api.operations[1].query_parameters[0];
    assert_eq!(limit.docs, "How many items a page has.\n\n1 to 100. Default: `20`.");
}

#[test]
fn what_utoipa_puts_in_place_of_a_generic_type_gets_its_name_back() {
    let mut document = fixture();
    let item = document["components"]["schemas"]["Agent"].clone();
    set(&mut document, "/components/schemas/AgentPage/properties/data/items", item);
    let schemas = document["components"]["schemas"].as_object_mut();
    let page = schemas.and_then(|schemas| schemas.remove("AgentPage")).expect("the page is there");
    set(&mut document, "/components/schemas/Page_Agent", page);
    let schema = json!({"$ref": "#/components/schemas/Page_Agent"});
    set(&mut document, "/paths/~1agents/get/responses/200/content/application~1json/schema", schema);
    let api = read(&document);
    let list = &api.operations[1];
    assert_eq!(list.answer, Answer::Json(Type::Named("AgentPage".to_owned())));
    assert_eq!(list.page_item, Some(Type::Named("Agent".to_owned())));
}

#[test]
fn only_what_an_operation_reaches_is_read() {
    let mut document = fixture();
    set(&mut document, "/components/schemas/Unused", json!({"type": "object", "not": {}}));
    assert!(read(&document).schemas.iter().all(|schema| schema.name != "Unused"));
}

#[test]
fn what_has_no_form_is_refused_with_its_place() {
    let cases = [
        ("/openapi", json!("3.0.3"), "#/openapi: this is OpenAPI 3.0.3; 3.1 or later is needed"),
        (
            "/components/schemas/Agent/properties/name",
            json!({"type": ["string", "integer"]}),
            "#/components/schemas/Agent/properties/name: the clients have no form for one of string, integer",
        ),
        (
            "/components/schemas/Agent/properties/name/not",
            json!({}),
            "#/components/schemas/Agent/properties/name/not: the clients have no form for this keyword",
        ),
        (
            "/components/schemas/Agent/properties/tools/items",
            json!({"$ref": "#/components/schemas/Nowhere"}),
            "#/components/schemas/Agent/properties/tools/items/$ref: \
             `#/components/schemas/Nowhere` leads to nothing in the document",
        ),
        (
            "/components/schemas/ExecutionEvent/oneOf/1/properties/type",
            json!({"type": "string"}),
            "#/components/schemas/ExecutionEvent/oneOf/1: the clients tell members apart by `type`, \
             which has no single value (`const`) here",
        ),
        (
            "/components/schemas/ExecutionEvent/oneOf/1/properties/type/enum",
            json!(["tool.called"]),
            "#/components/schemas/ExecutionEvent/oneOf/2: `tool.called` is the `type` of another member too",
        ),
        (
            "/components/schemas/Agent/required/0",
            json!("colour"),
            "#/components/schemas/Agent: `colour` is required, but is no property",
        ),
        (
            "/paths/~1agents/post/operationId",
            json!("createAgent"),
            "#/paths/~1agents/post/operationId: `createAgent` is not in snake_case, as the name of a method must be",
        ),
        (
            "/paths/~1agents/post/operationId",
            json!("list_agents"),
            "#/paths/~1agents/post: there is another operation `list_agents`",
        ),
        (
            "/paths/~1agents~1{agent_id}/get/parameters",
            json!([]),
            "#/paths/~1agents~1{agent_id}/get: the path's parameter `agent_id` is not described",
        ),
        (
            "/paths/~1agents~1{agent_id}~1execute/post/parameters/1",
            json!({"name": "X-Colour", "in": "header", "required": true, "schema": {"type": "string"}}),
            "#/paths/~1agents~1{agent_id}~1execute/post/parameters/1: \
             the clients have no form for the header parameter `X-Colour`",
        ),
        (
            "/paths/~1agents/post/x-sdk-rejoin",
            json!("list_agents"),
            "#/paths/~1agents/post: only an event stream can be rejoined: `x-sdk-rejoin` has no place here",
        ),
        (
            "/paths/~1agents~1{agent_id}~1execute/post/x-sdk-rejoin",
            json!("list_agents"),
            "#: `stream_agent` cannot be rejoined by `list_agents`: it takes a GET that answers events, with the \
             parameters `execution_id` in its path and `Last-Event-ID` in a header",
        ),
        (
            "/paths/~1agents~1{agent_id}~1execute/post/x-timeout",
            json!("forever"),
            "#/paths/~1agents~1{agent_id}~1execute/post/x-timeout: the clients know only the time-out \"execute\"",
        ),
        (
            "/paths/~1agents/post/requestBody/content",
            json!({"text/csv": {"schema": {"type": "string"}}}),
            "#/paths/~1agents/post/requestBody/content/text~1csv: the clients send JSON only, not text/csv",
        ),
        (
            "/paths/~1usage/get/responses/204",
            json!({"description": "Nothing"}),
            "#/paths/~1usage/get/responses: there must be one success (2xx), there are 2",
        ),
        (
            "/paths/~1usage/get/responses/401/content",
            json!({"text/plain": {"schema": {"type": "string"}}}),
            "#/paths/~1usage/get/responses/401/content/text~1plain: \
             an error is application/problem+json, not text/plain",
        ),
        (
            "/paths/~1usage/get/parameters",
            json!([{"name": "filter", "in": "query", "schema": {"type": "object"}}]),
            "#/paths/~1usage/get/parameters/0/schema: \
             a parameter is text, a number, a flag, an enum or a list of these",
        ),
        (
            "/components/schemas/ExecuteAgentRequest/properties/agent_id",
            json!({"type": "string"}),
            "#/paths/~1agents~1{agent_id}~1execute/post: `agent_id` and `agent_id` are spelled alike in some language",
        ),
        (
            "/components/schemas/Agent/properties/createdAt",
            json!({"type": "string"}),
            "#/components/schemas/Agent: `created_at` and `createdAt` are spelled alike in some language",
        ),
        (
            "/components/schemas/Agent/properties/$",
            json!({"type": "string"}),
            "#/components/schemas/Agent: `$` can't be a name in every language: letters of ASCII are needed",
        ),
        ("/components/schemas/Tier/enum", json!([]), "#/components/schemas/Tier: there is no value to choose"),
    ];
    for (pointer, value, message) in cases {
        assert_eq!(refused(pointer, value), message);
    }
}

#[test]
fn two_things_of_one_name_are_refused() {
    let message = refused("/components/schemas/UsageReportResets", json!({"type": "object"}));
    assert_eq!(
        message,
        "#/components/schemas/UsageReport/properties/resets: this would be named `UsageReportResets`, \
         as is #/components/schemas/UsageReportResets: give it a `title`",
    );
}
