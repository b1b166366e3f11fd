//! Tenants do not reach each other: every operation of the specification, called by one tenant with another's ids.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Server, Tenant, everything::one_of_everything, on_both};

/// A body that the operation would take.
fn body_of(operation_id: &str) -> Value {
    match operation_id {
        "create_agent" => json!({ "name": "A", "system_prompt": "You are helpful." }),
        "update_agent" => json!({ "name": "Taken over" }),
        "rotate_api_key" => json!({ "grace_seconds": 0 }),
        "execute_agent" => json!({ "message": "Hello!" }),
        "create_document" => json!({ "title": "A", "content": "What it says." }),
        "create_api_key" => json!({ "name": "A" }),
        unknown => panic!("this test knows no body for {unknown}: give it one"),
    }
}

/// What a read needs beside its path.
fn query_of(operation_id: &str) -> &'static str {
    if operation_id == "search_documents" { "?q=password" } else { "?limit=100" }
}

/// An operation that needs a tenant's key, as the specification has it.
struct Operation {
    id: String,
    method: Method,
    path: String,
    has_body: bool,
    streams: bool,
    takes_limit: bool,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(agent_platform_server::api::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let rules = operation.get("security").unwrap_or(&document["security"]).as_array().unwrap();
            let is_tenants = rules.iter().any(|rule| {
                rule.get("operator_key").is_none() && rule.as_object().is_some_and(|rule| !rule.is_empty())
            });
            if !is_tenants {
                continue;
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                has_body: operation.get("requestBody").is_some(),
                streams: operation.pointer("/responses/200/content/text~1event-stream").is_some()
                    && operation.get("requestBody").is_some(),
                takes_limit: parameters
                    .iter()
                    .any(|parameter| ["limit", "q"].contains(&parameter["name"].as_str().unwrap())),
            });
        }
    }
    found
}

impl Operation {
    fn takes_an_id(&self) -> bool {
        self.path.contains('{')
    }

    /// The call by this tenant, with these ids in its path.
    fn call(&self, tenant: &Tenant, ids: &BTreeMap<String, String>) -> crate::harness::Call {
        let path = ids.iter().fold(self.path.clone(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        assert!(!path.contains('{'), "this test knows no id for {}: give it one", self.path);
        let query = if self.takes_limit { query_of(&self.id) } else { "" };
        let call = tenant.call(self.method.clone(), &format!("{path}{query}"));
        if self.has_body { call.json(&body_of(&self.id)) } else { call }
    }
}

/// What an answer shows of another tenant.
#[track_caller]
fn shows_nothing(what: &str, text: &str, other: &Tenant, ids: &BTreeMap<String, String>) {
    for id in ids.values().chain([&other.id]) {
        assert!(!text.contains(id.as_str()), "{what} shows {id}: {text}");
    }
    assert!(!text.contains("sign-in page"), "{what} shows another's document: {text}");
}

async fn two_tenants(server: &Server) -> (Tenant, Tenant, BTreeMap<String, String>) {
    let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
    let ids = one_of_everything(&a).await;
    (a, b, ids)
}

on_both! {
    async fn another_tenants_ids_are_not_found_by_any_operation(server: Server) {
        let (a, b, ids) = two_tenants(&server).await;
        let before = server.database.rows_of(&a.id).await;
        let of_b = server.database.rows_of(&b.id).await;
        let mut called = 0;
        for operation in operations().iter().filter(|operation| operation.takes_an_id()) {
            let streamed = [false, true].into_iter().filter(|stream| !stream || operation.streams);
            for stream in streamed {
                let mut call = operation.call(&b, &ids);
                if stream {
                    let mut body = body_of(&operation.id);
                    body["stream"] = true.into();
                    call = call.json(&body);
                }
                let problem = call.await.problem(404, "not_found");
                let shown = problem["detail"].as_str().unwrap();
                assert!(!shown.contains(&a.id), "{}: {shown}", operation.id);
                called += 1;
            }
            // Under a key, too: neither looked up nor kept.
            operation.call(&b, &ids).once("a-key-of-each-tenant").await.problem(404, "not_found");
        }
        assert!(called >= 14, "{called} operations");
        assert_eq!(server.database.rows_of(&a.id).await, before, "nothing of A was changed");
        assert_eq!(server.database.rows_of(&b.id).await, of_b, "nothing was made of it for B");
    }

    async fn what_has_no_id_shows_the_callers_own_alone(server: Server) {
        let (a, b, ids) = two_tenants(&server).await;
        let before = server.database.rows_of(&a.id).await;
        let mut called = 0;
        for operation in operations().iter().filter(|operation| !operation.takes_an_id() && operation.method == Method::GET) {
            let answer = operation.call(&b, &ids).await;
            shows_nothing(&operation.id, &answer.ok(200).to_string(), &a, &ids);
            // A's own is not empty, or this would show nothing.
            let own = operation.call(&a, &ids).await.ok(200).to_string();
            let shown = ids.values().chain([&a.id]).any(|id| own.contains(id.as_str())) || operation.id == "get_usage_history";
            assert!(shown, "{} shows nothing of A to A: {own}", operation.id);
            called += 1;
        }
        assert!(called >= 9, "{called} operations");
        assert_eq!(server.database.rows_of(&a.id).await, before);
        let usage = b.usage().await;
        for field in ["requests_this_hour", "tokens_this_month", "spend_this_month", "storage_mb"] {
            assert_eq!(usage["usage"][field].as_f64(), Some(0.0), "{field}");
        }
        let agent_id = b.agent(&["search_kb"]).await;
        let answer = b.ask(&agent_id, "How do I reset my password?").await;
        shows_nothing("an answer", &answer.to_string(), &a, &ids);
    }

    /// The same key, the same path, the same body: each tenant's request is its own.
    async fn a_key_of_one_tenant_replays_nothing_to_another(server: Server) {
        const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015";
        let (a, b, of_a) = two_tenants(&server).await;
        let mut called = 0;
        for operation in operations().iter().filter(|operation| operation.method != Method::GET) {
            let of_b = one_of_everything(&b).await;
            let of_a = if operation.method == Method::DELETE { one_of_everything(&a).await } else { of_a.clone() };
            let first = operation.call(&a, &of_a).once(KEY).await;
            assert!(first.status.is_success(), "{}: {}", operation.id, first.text());
            if operation.takes_an_id() {
                let stolen = operation.call(&b, &of_a).once(KEY).await;
                stolen.problem(404, "not_found");
            }
            let own = operation.call(&b, &of_b).once(KEY).await;
            assert_eq!((own.status, own.is_replayed()), (first.status, false), "{}: {}", operation.id, own.text());
            shows_nothing(&operation.id, own.text(), &a, &of_a);
            operation.call(&a, &of_a).once(KEY).await.replays(&first);
            operation.call(&b, &of_b).once(KEY).await.replays(&own);
            called += 1;
        }
        assert!(called >= 9, "{called} operations");
    }

    async fn anothers_ids_inside_a_body_or_query_reach_nothing(server: Server) {
        let (_, b, ids) = two_tenants(&server).await;
        let agent_id = b.agent(&[]).await;
        let body = json!({ "message": "Hello!", "conversation_id": ids["conversation_id"] });
        b.execute(&agent_id, body).await.problem(404, "not_found");
        let filtered = b.get(&format!("/executions?agent_id={}", ids["agent_id"])).await.ok(200);
        assert_eq!(filtered["data"], json!([]));
        // A cursor is only a place in the order: it shows the caller's own rows alone.
        let page = b.get(&format!("/agents?cursor=c1.{}", ids["agent_id"])).await.ok(200);
        assert!(page["data"].as_array().unwrap().iter().all(|agent| agent["agent_id"] == agent_id.as_str()), "{page}");
    }
}
