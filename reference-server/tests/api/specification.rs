//! The specification that is served: whole, valid, and the same that the command prints.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Backend, Server, binary, server};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn printed() -> Value {
    serde_json::to_value(agent_platform_server::api::document()).unwrap()
}

/// Every operation, with its path and method for messages.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter().filter(|(method, _)| METHODS.contains(&method.as_str()));
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    operations.collect()
}

/// Walks the whole document.
fn visit<'a>(value: &'a Value, pointer: &str, see: &mut impl FnMut(&str, &'a Value)) {
    see(pointer, value);
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| visit(item, &format!("{pointer}/{i}"), see))
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| visit(field, &format!("{pointer}/{}", name.replace('/', "~1")), see))
        }
        _ => {}
    }
}

#[tokio::test]
async fn the_server_serves_what_the_command_prints() {
    let command = binary::succeeded(&binary::run(&mut binary::command(&["openapi"])).await);
    let command: Value = serde_json::from_str(&command).unwrap();
    server::with(Backend::Sqlite, |server: Server| async move {
        let served = server.get("/openapi.json").await.ok(200);
        assert_eq!(served, command);
    })
    .await;
}

#[test]
fn it_is_openapi_31_with_what_every_document_must_have() {
    let document = printed();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    for pointer in ["/info/title", "/info/version", "/info/license/name", "/servers/0/url"] {
        assert!(document.pointer(pointer).is_some_and(Value::is_string), "{pointer}");
    }
    let known = [
        "openapi",
        "info",
        "servers",
        "paths",
        "components",
        "tags",
        "security",
        "webhooks",
        "externalDocs",
        "jsonSchemaDialect",
    ];
    for field in document.as_object().unwrap().keys() {
        assert!(known.contains(&field.as_str()) || field.starts_with("x-"), "{field}");
    }
    let name_is_allowed = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    assert!(document["components"]["schemas"].as_object().unwrap().keys().all(name_is_allowed));
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_one() {
    let document = printed();
    visit(&document, "", &mut |pointer, value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let found = target.strip_prefix('#').and_then(|target| document.pointer(target));
            assert!(found.is_some(), "{pointer}: {target}");
        }
        assert!(value.get("nullable").is_none_or(|n| n.is_object()), "{pointer}: `nullable` is a word of OpenAPI 3.0");
    });
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": document["components"] });
        jsonschema::draft202012::meta::validate(&document["components"]["schemas"][name])
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_operation_is_named_described_and_typed() {
    let document = printed();
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone().to_string()).collect();
    for (name, operation) in operations(&document) {
        let operation_id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{name} has an operation id"));
        assert!(ids.insert(operation_id), "{operation_id} names one operation");
        assert!(operation_id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{operation_id}");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{name} has a summary");
        let in_the_sdks = operation.get("x-sdk") != Some(&json!(false));
        assert!(
            !in_the_sdks || operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(&tag.to_string())),
            "{name}'s tags are described"
        );
        for (status, response) in operation["responses"].as_object().unwrap() {
            let content = response.get("content").and_then(Value::as_object);
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{name} {status}");
            match status.as_bytes()[0] {
                b'2' if status == "204" => assert!(content.is_none(), "{name} 204 has no body"),
                b'2' => {
                    let content = content.unwrap_or_else(|| panic!("{name} {status} is typed"));
                    assert!(
                        content.values().all(|media| media["schema"].get("$ref").is_some()),
                        "{name} {status} names its schema"
                    );
                }
                _ => {
                    let kinds: Vec<_> = content.unwrap_or_else(|| panic!("{name} {status} is typed")).keys().collect();
                    assert_eq!(kinds, ["application/problem+json"], "{name} {status}");
                }
            }
        }
    }
    for expected in [
        "sign_up",
        "create_agent",
        "list_agents",
        "get_agent",
        "update_agent",
        "delete_agent",
        "execute_agent",
        "list_executions",
        "get_execution",
        "stream_execution_events",
        "cancel_execution",
        "list_conversations",
        "get_conversation",
        "delete_conversation",
        "create_document",
        "list_documents",
        "get_document",
        "delete_document",
        "search_documents",
        "list_tickets",
        "get_ticket",
        "get_usage",
        "get_usage_history",
        "create_api_key",
        "list_api_keys",
        "revoke_api_key",
    ] {
        assert!(ids.contains(expected), "{expected}");
    }
}

#[test]
fn every_operation_states_the_errors_of_its_kind() {
    let document = printed();
    for (name, operation) in operations(&document) {
        let states = |status: &str| operation["responses"].get(status).is_some();
        let is_open = operation["security"].as_array().unwrap().iter().any(|rule| rule.as_object().unwrap().is_empty())
            || operation["security"] == json!([]);
        assert_eq!(states("401") && states("403"), !is_open, "{name} and keys");
        assert_eq!(
            states("400") && states("413") && states("415") && states("422"),
            operation.get("requestBody").is_some(),
            "{name} and its body"
        );
        assert_eq!(states("404"), name.contains('{'), "{name} and its id");
        assert!(states("500"), "{name}");
    }
}

#[test]
fn every_parameter_of_a_path_is_declared_and_every_list_has_one_form() {
    let document = printed();
    for (name, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let declared: BTreeSet<_> =
            parameters.iter().filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap().to_owned()).collect();
        let in_path: BTreeSet<_> =
            name.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect();
        assert_eq!(declared, in_path, "{name}");
        assert!(
            parameters.iter().all(|p| p["description"].as_str().is_some_and(|text| !text.is_empty())),
            "{name} describes its parameters"
        );
        if operation["operationId"].as_str().unwrap().starts_with("list_") {
            let asked: BTreeSet<_> = parameters.iter().map(|p| p["name"].as_str().unwrap()).collect();
            assert!(asked.contains("limit") && asked.contains("cursor"), "{name}");
            let page = operation
                .pointer("/responses/200/content/application~1json/schema/$ref")
                .and_then(Value::as_str)
                .unwrap();
            let fields: BTreeSet<_> = document.pointer(&page[1..]).unwrap()["required"]
                .as_array()
                .unwrap()
                .iter()
                .map(|f| f.as_str().unwrap())
                .collect();
            assert_eq!(fields, BTreeSet::from(["data", "has_more", "next_cursor"]), "{name}");
        }
    }
}

#[test]
fn requests_refuse_what_they_do_not_know_and_every_event_is_typed() {
    let document = printed();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas.iter().filter(|(name, _)| name.ends_with("Request")) {
        assert_eq!(schema["additionalProperties"], false, "{name}");
        let undescribed: Vec<_> = schema["properties"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, field)| field.get("description").or(field.pointer("/oneOf/0/description")).is_none())
            .collect();
        assert!(undescribed.is_empty(), "{name}: {undescribed:?}");
    }
    let stream = document
        .pointer("/paths/~1agents~1{agent_id}~1execute/post/responses/200/content/text~1event-stream/schema")
        .unwrap();
    let event = document.pointer(&stream["$ref"].as_str().unwrap()[1..]).unwrap();
    let mut kinds = BTreeSet::new();
    visit(event, "", &mut |_, value| {
        if let Some(kind) = value.pointer("/properties/type") {
            kinds.extend(
                kind["enum"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .chain(kind.get("const"))
                    .map(|kind| kind.as_str().unwrap()),
            );
        }
    });
    let expected = [
        "execution.started",
        "message.delta",
        "tool.called",
        "tool.completed",
        "execution.completed",
        "execution.failed",
        "execution.cancelled",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
}

#[tokio::test]
async fn the_browsable_page_loads_nothing_from_another_host() {
    server::with(Backend::Sqlite, |server: Server| async move {
        assert_eq!(server.get("/docs").await.header("location"), Some("/docs/"));
        let page = server.get("/docs/").accept("text/html").await;
        assert_eq!(page.status, 200);
        let mut assets = BTreeSet::from(["index.html".to_owned(), "swagger-initializer.js".to_owned()]);
        for attribute in ["src=\"", "href=\""] {
            let found = page
                .text()
                .split(attribute)
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().trim_start_matches("./").to_owned());
            assets.extend(found);
        }
        assert!(assets.len() >= 5, "{assets:?}");
        for asset in &assets {
            assert!(!asset.contains("//"), "{asset} is another host's");
            let answer = server.get(&format!("/docs/{asset}")).accept("*/*").await;
            assert_eq!(answer.status, 200, "{asset}");
            if asset.ends_with(".html") || asset.ends_with("initializer.js") || asset.ends_with(".css") {
                let text = answer.text().replace("http://www.w3.org/", "");
                assert!(!text.contains("https://") && !text.contains("http://") && !text.contains("url(//"), "{asset}");
            }
        }
        server.get("/docs/nothing.js").await.problem(404, "no_such_path");
        server.get("/docs/../../etc/passwd").await.problem(404, "no_such_path");
    })
    .await;
}
