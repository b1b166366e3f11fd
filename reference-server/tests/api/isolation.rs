//! Tenants do not reach each other: every operation of the specification that takes an id, called with another's ids.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Server, Tenant, on_both, server::id};

/// A tenant that has one of everything, by the name of its parameter in the specification's paths.
async fn one_of_everything(tenant: &Tenant) -> BTreeMap<String, String> {
    let document_id = tenant.document("Passwords", "Reset your password on the sign-in page.").await;
    let agent_id = tenant.agent(&["search_kb", "create_ticket"]).await;
    let answer = tenant.ask(&agent_id, "Please open a ticket: my invoice is wrong.").await;
    let ticket = tenant.get("/tickets").await.ok(200)["data"][0].clone();
    let key = tenant.post("/api-keys", json!({ "name": "second" })).await.ok(201);
    [
        ("agent_id", agent_id),
        ("document_id", document_id),
        ("execution_id", id(&answer, "execution_id")),
        ("conversation_id", id(&answer, "conversation_id")),
        ("ticket_id", id(&ticket, "ticket_id")),
        ("key_id", id(&key, "key_id")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// Everything that the tenant can see.
async fn everything_seen(tenant: &Tenant, ids: &BTreeMap<String, String>) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in [
        "/agents",
        "/executions",
        "/conversations",
        "/documents",
        "/tickets",
        "/usage",
        "/usage/history",
        "/documents/search?q=password",
    ] {
        seen.push(tenant.get(path).await.ok(200));
    }
    seen.push(tenant.get("/audit-log").await.ok(200));
    let keys = tenant.get("/api-keys").await.ok(200);
    seen.extend(keys["data"].as_array().unwrap().iter().map(|key| key["key_id"].clone()));
    seen.push(tenant.get(&format!("/conversations/{}", ids["conversation_id"])).await.ok(200));
    seen
}

/// A body that the operation would take.
fn body_of(operation_id: &str) -> Value {
    match operation_id {
        "update_agent" => json!({ "name": "Taken over" }),
        "rotate_api_key" => json!({ "grace_seconds": 0 }),
        "execute_agent" => json!({ "message": "Hello!" }),
        _ => Value::Null,
    }
}

on_both! {
    async fn another_tenants_ids_are_not_found_by_any_operation(server: Server) {
        let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        let ids = one_of_everything(&a).await;
        let before = everything_seen(&a, &ids).await;
        let document = server.get("/openapi.json").await.ok(200);
        let mut called = 0;
        for (template, item) in document["paths"].as_object().unwrap() {
            if !template.contains('{') || template.starts_with("/admin") {
                continue;
            }
            let path = ids.iter().fold(template.clone(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
            assert!(!path.contains('{'), "this test knows no id for {template}: give it one");
            for method in ["get", "post", "put", "patch", "delete"] {
                let Some(operation) = item.get(method) else { continue };
                let operation_id = operation["operationId"].as_str().unwrap();
                let method: Method = method.to_uppercase().parse().unwrap();
                let mut call = b.call(method, &path);
                if operation.get("requestBody").is_some() {
                    let body = body_of(operation_id);
                    assert!(!body.is_null(), "this test knows no body for {operation_id}: give it one");
                    call = call.json(&body);
                }
                let problem = call.await.problem(404, "not_found");
                let shown = problem["detail"].as_str().unwrap();
                assert!(!shown.contains(&a.id), "{operation_id}: {shown}");
                called += 1;
            }
        }
        assert!(called >= 11, "{called} operations");
        assert_eq!(everything_seen(&a, &ids).await, before, "nothing was changed");
    }

    async fn anothers_ids_inside_a_body_or_query_reach_nothing(server: Server) {
        let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        let ids = one_of_everything(&a).await;
        let agent_id = b.agent(&[]).await;
        let body = json!({ "message": "Hello!", "conversation_id": ids["conversation_id"] });
        b.execute(&agent_id, body).await.problem(404, "not_found");
        let filtered = b.get(&format!("/executions?agent_id={}", ids["agent_id"])).await.ok(200);
        assert_eq!(filtered["data"], json!([]));
        // A cursor is only a place in the order: it shows the caller's own rows alone.
        let page = b.get(&format!("/agents?cursor=c1.{}", ids["agent_id"])).await.ok(200);
        assert!(page["data"].as_array().unwrap().iter().all(|agent| agent["agent_id"] == agent_id.as_str()), "{page}");
    }

    async fn lists_searches_and_answers_hold_the_callers_own_alone(server: Server) {
        let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        one_of_everything(&a).await;
        for path in ["/agents", "/executions", "/conversations", "/documents", "/tickets", "/documents/search?q=password"] {
            assert_eq!(b.get(path).await.ok(200)["data"], json!([]), "{path}");
        }
        assert_eq!(b.get("/api-keys").await.ok(200)["data"].as_array().unwrap().len(), 1);
        let usage = b.usage().await;
        for field in ["requests_this_hour", "tokens_this_month", "spend_this_month", "storage_mb"] {
            assert_eq!(usage["usage"][field].as_f64(), Some(0.0), "{field}");
        }
        let agent_id = b.agent(&["search_kb"]).await;
        let answer = b.ask(&agent_id, "How do I reset my password?").await;
        assert!(!answer["message"].as_str().unwrap().contains("sign-in page"), "{answer}");
    }
}
