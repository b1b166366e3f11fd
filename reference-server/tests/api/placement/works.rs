//! A tenant in a database of its own is served as before, and so it is when it comes back.

use serde_json::json;

use super::silo::{KINDS, all, everything, furnish, place, placement, rows, rows_of_all};
use crate::harness::{Database, Server, Tenant, on_both, server::id};

/// What a tenant does, each kind of call once; through what it was given before it moved.
async fn use_everything(tenant: &Tenant, agent_id: &str, conversation_id: &str) {
    let body = json!({ "message": "And how do I reset my password again?", "conversation_id": conversation_id });
    let continued = tenant.execute(agent_id, body).await.ok(200);
    assert!(continued["message"].as_str().unwrap().contains("sign-in page"), "{continued}");
    let conversation = tenant.get(&format!("/conversations/{conversation_id}")).await.ok(200);
    let messages = conversation["messages"].as_array().unwrap();
    assert_eq!(messages.last().unwrap()["content"], continued["message"], "{conversation}");
    assert_eq!(messages[messages.len() - 2]["role"], "user", "{conversation}");

    let streamed = tenant.execute(agent_id, json!({ "message": "Hello!", "stream": true })).await;
    let execution_id = id(&streamed.events()[0].data, "execution_id");
    let again = tenant.get(&format!("/executions/{execution_id}/events")).await;
    assert_eq!(again.text(), streamed.text(), "events are played again to the byte");
    tenant.call(http::Method::POST, &format!("/executions/{execution_id}/cancel")).await.ok(200);

    let document_id = tenant.document("Invoices", "Invoices are sent on the first of each month.").await;
    let found = tenant.get("/documents/search?q=invoices").await.ok(200);
    assert_eq!(found["data"][0]["document_id"], document_id.as_str(), "{found}");
    tenant.delete(&format!("/documents/{document_id}")).await.no_content();

    let other = tenant.agent(&["create_ticket"]).await;
    tenant.patch(&format!("/agents/{other}"), json!({ "name": "Renamed" })).await.ok(200);
    let tickets = all(tenant, "/tickets").await.len();
    let asked = tenant.ask(&other, "Please open a ticket: my keyboard is wet.").await;
    assert_eq!(all(tenant, "/tickets").await.len(), tickets + 1);
    tenant.delete(&format!("/agents/{other}")).await.no_content();
    tenant.delete(&format!("/conversations/{}", asked["conversation_id"].as_str().unwrap())).await.no_content();

    let key = tenant.post("/api-keys", json!({ "scopes": ["read"] })).await.ok(201);
    let reader = tenant.with_key(key["api_key"].as_str().unwrap());
    reader.get("/agents").await.ok(200);
    tenant.delete(&format!("/api-keys/{}", key["key_id"].as_str().unwrap())).await.no_content();
    reader.get("/agents").await.problem(401, "unauthorized");
}

on_both! {
    async fn a_tenant_is_served_the_same_in_a_silo_of_sqlite_or_postgres_and_when_it_is_back(server: Server) {
        for kind in KINDS {
            let silo = Database::new(kind).await;
            let (tenant, other) = (server.sign_up(&format!("a@{kind:?}.example")).await, server.sign_up(&format!("b@{kind:?}.example")).await);
            let (agent_id, conversation_id) = furnish(&tenant).await;
            furnish(&other).await;
            let made = tenant.post("/agents", json!({ "name": "Once", "system_prompt": "Be brief." })).once("an-agent").await;
            let asked = tenant.execute(&agent_id, json!({ "message": "Hello!" })).once("an-execution").await;
            let key = tenant.post("/api-keys", json!({ "name": "before" })).once("a-key-before").await;
            let (before, rows_before) = (everything(&tenant).await, rows(&server.database, &tenant.id).await);
            assert!(rows_before.iter().all(|&count| count > 0), "{rows_before:?}");

            let moved = place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
            assert_eq!((&moved["cleared"], moved["database_url"].is_string()), (&json!(true), true), "{moved}");
            println!("{kind:?}: held back for {} ms of {}", moved["paused_ms"], moved["duration_ms"]);
            assert_eq!(everything(&tenant).await, before);
            assert_eq!(rows(&silo, &tenant.id).await, rows_before);
            assert!(rows(&server.database, &tenant.id).await.iter().all(|&count| count == 0), "the pool has none of it");
            assert!(rows(&silo, &other.id).await.iter().all(|&count| count == 0), "the silo has none of another's");
            assert_eq!(placement(&server, &tenant).await.1, "settled");

            // What was answered before is answered again.
            tenant.post("/agents", json!({ "name": "Once", "system_prompt": "Be brief." })).once("an-agent").await.replays(&made);
            tenant.execute(&agent_id, json!({ "message": "Hello!" })).once("an-execution").await.replays(&asked);
            tenant.post("/api-keys", json!({ "name": "before" })).once("a-key-before").await.replays(&key);
            let key = tenant.post("/api-keys", json!({ "name": "within" })).once("a-key-within").await;
            tenant.post("/api-keys", json!({ "name": "within" })).once("a-key-within").await.replays(&key);
            let within = tenant.execute(&agent_id, json!({ "message": "Good morning!" })).once("within").await;
            use_everything(&tenant, &agent_id, &conversation_id).await;

            let before = everything(&tenant).await;
            place(&server, &tenant, None).await.ok(200);
            assert_eq!(placement(&server, &tenant).await, (json!(null), "settled".to_owned()));
            assert_eq!(everything(&tenant).await, before);
            assert_eq!(rows_of_all(&silo).await, 0, "nothing stays in a silo that was left");
            tenant.post("/agents", json!({ "name": "Once", "system_prompt": "Be brief." })).once("an-agent").await.replays(&made);
            tenant.execute(&agent_id, json!({ "message": "Good morning!" })).once("within").await.replays(&within);
            tenant.post("/api-keys", json!({ "name": "within" })).once("a-key-within").await.replays(&key);
            use_everything(&tenant, &agent_id, &conversation_id).await;
            silo.remove().await;
        }
    }
}
