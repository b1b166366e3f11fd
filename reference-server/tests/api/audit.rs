//! The audit log: every change, by whom, from where, with what was before and after, and nothing else.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{
    Backend, Server, Tenant, on_both,
    server::{OPERATOR_KEY, id},
};

/// A tenant's entries, the oldest first.
async fn entries(tenant: &Tenant) -> Vec<Value> {
    let mut entries = tenant.get("/audit-log?limit=100").await.ok(200)["data"].as_array().unwrap().clone();
    entries.reverse();
    entries
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

on_both! {
    async fn sign_up_begins_a_log(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let entries = entries(&tenant).await;
        assert_eq!(actions(&entries), ["tenant.created", "api_key.created"]);
        for (seq, entry) in (1..).zip(&entries) {
            assert_eq!((&entry["seq"], &entry["actor"], &entry["address"]), (&json!(seq), &json!("anonymous"), &json!("127.0.0.1")));
            assert_eq!((&entry["before"], &entry["created_at"]), (&Value::Null, &json!("2024-03-15T14:30:00Z")));
            assert_eq!(entry["hash"].as_str().unwrap().len(), 64);
        }
        assert_eq!(entries[0]["after"], json!({ "tier": "professional", "status": "active", "quota": {} }));
        assert_eq!((&entries[0]["target"], &entries[0]["target_id"]), (&json!("tenant"), &json!(tenant.id)));
        assert_eq!(entries[1]["after"]["scopes"], json!(["admin"]));
        assert!(tenant.key.starts_with(entries[1]["after"]["prefix"].as_str().unwrap()));
    }

    async fn a_change_is_told_with_who_what_and_from_where(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let first_key = entries(&tenant).await[1]["target_id"].clone();
        let from = "203.0.113.7";

        let agent = json!({ "name": "A", "system_prompt": "The password is swordfish.", "tools": ["search_kb"] });
        let created = tenant.post("/agents", agent).from(from).await;
        let agent_id = id(&created.ok(201), "agent_id");
        let path = format!("/agents/{agent_id}");
        let changed = tenant.patch(&path, json!({ "name": "B", "system_prompt": "The password is marlin." })).from(from).await;
        changed.ok(200);
        let deleted = tenant.delete(&path).from("2001:db8::1").await;
        deleted.no_content();

        let entries = entries(&tenant).await.split_off(2);
        assert_eq!(actions(&entries), ["agent.created", "agent.updated", "agent.deleted"]);
        for (entry, answer) in entries.iter().zip([&created, &changed, &deleted]) {
            assert_eq!((&entry["actor"], &entry["actor_id"]), (&json!("api_key"), &first_key));
            assert_eq!((&entry["target"], &entry["target_id"]), (&json!("agent"), &json!(agent_id)));
            assert_eq!(entry["request_id"], answer.request_id());
        }
        let addresses: Vec<_> = entries.iter().map(|entry| entry["address"].as_str().unwrap()).collect();
        assert_eq!(addresses, [from, from, "2001:db8::1"]);
        assert_eq!((&entries[0]["before"], &entries[0]["after"]["model"]), (&Value::Null, &json!("builtin")));
        let (before, after) = (&entries[1]["before"], &entries[1]["after"]);
        assert_ne!(before["name"], after["name"]);
        assert_eq!((before["system_prompt"]["characters"].clone(), after["system_prompt"]["characters"].clone()), (json!(26), json!(23)));
        assert!(before.get("tools").is_none(), "only what differs: {before}");
        assert_eq!((&entries[2]["before"]["name"], &entries[2]["after"]), (&after["name"], &Value::Null));
        let log = tenant.get("/audit-log").await;
        assert!(!log.text().contains("swordfish") && !log.text().contains("marlin"), "{}", log.text());
    }

    async fn what_is_done_to_keys_is_told_without_their_secrets(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let created = tenant.post("/api-keys", json!({ "name": "deploy", "scopes": ["read"] })).await.ok(201);
        let key_id = id(&created, "key_id");
        let rotated = tenant.post(&format!("/api-keys/{key_id}/rotate"), json!({ "grace_seconds": 60 })).await.ok(201);
        tenant.delete(&format!("/api-keys/{}", id(&rotated, "key_id"))).await.no_content();

        let log = tenant.get("/audit-log").await;
        for key in [&tenant.key, &id(&created, "api_key"), &id(&rotated, "api_key")] {
            assert!(!log.text().contains(key.rsplit('_').next().unwrap()), "{}", log.text());
        }
        let entries = entries(&tenant).await.split_off(2);
        assert_eq!(actions(&entries), ["api_key.created", "api_key.rotated", "api_key.revoked"]);
        assert_eq!((&entries[0]["target_id"], &entries[1]["target_id"]), (&created["key_id"], &created["key_id"]));
        let name = &entries[0]["after"]["name"];
        assert_eq!((&name["characters"], name["sha256"].as_str().map(str::len)), (&json!(6), Some(64)));
        assert_eq!(entries[0]["after"], json!({ "name": name, "scopes": ["read"], "mode": "live", "prefix": created["prefix"], "expires_at": null }));
        assert_eq!((&entries[1]["before"]["expires_at"], &entries[1]["after"]["expires_at"]), (&Value::Null, &json!("2024-03-15T14:31:00Z")));
        assert_eq!(entries[1]["after"]["rotated_to"]["key_id"], rotated["key_id"]);
        assert_eq!((&entries[2]["target_id"], &entries[2]["before"]["prefix"]), (&rotated["key_id"], &rotated["prefix"]));
    }

    async fn what_the_operator_changes_is_told_with_what_it_was(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        server.operate(&tenant, json!({ "tier": "enterprise", "quota": { "max_storage_mb": 7 } })).await.ok(200);
        server.operate(&tenant, json!({ "status": "suspended" })).await.ok(200);
        server.operate(&tenant, json!({ "status": "active", "quota": { "max_storage_mb": null } })).await.ok(200);
        let entries = entries(&tenant).await.split_off(2);
        assert_eq!(actions(&entries), ["tenant.updated"; 3]);
        let changes: Vec<_> = entries.iter().map(|entry| (entry["before"].clone(), entry["after"].clone())).collect();
        assert_eq!(changes, [
            (json!({ "tier": "professional", "quota": {} }), json!({ "tier": "enterprise", "quota": { "max_storage_mb": 7 } })),
            (json!({ "status": "active" }), json!({ "status": "suspended" })),
            (json!({ "status": "suspended", "quota": { "max_storage_mb": 7 } }), json!({ "status": "active", "quota": {} })),
        ]);
        assert!(entries.iter().all(|entry| entry["actor"] == "operator" && entry["actor_id"].is_null()), "{entries:?}");
    }

    async fn what_changes_nothing_is_not_told(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let create = || tenant.post("/agents", json!({ "name": "A", "system_prompt": "B" })).once("one");
        let agent_id = id(&create().await.ok(201), "agent_id");
        let before = entries(&tenant).await;
        assert!(create().await.is_replayed());
        tenant.patch(&format!("/agents/{agent_id}"), json!({ "name": "A" })).await.ok(200);
        tenant.patch(&format!("/agents/{agent_id}"), json!({ "name": "" })).await.refusal_of("/name");
        tenant.delete("/agents/agent-00000000000000000000").await.problem(404, "not_found");
        tenant.delete("/api-keys/key-00000000000000000000").await.problem(404, "not_found");
        tenant.scoped(&["read"]).await.post("/agents", json!({ "name": "A", "system_prompt": "B" })).await.problem(403, "missing_scope");
        server.operate(&tenant, json!({ "tier": "professional", "status": "active" })).await.ok(200);
        server.operate(&tenant, json!({})).await.ok(200);
        server.post("/signup", json!({ "email": "user@acme.example", "tier": "starter" })).await.problem(409, "email_taken");
        tenant.ask(&agent_id, "Hello!").await;
        let after = entries(&tenant).await;
        assert_eq!(actions(&after[before.len()..]), ["api_key.created"], "the scoped key alone");
    }

    async fn of_many_changes_at_once_each_has_its_place(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let elsewhere = tenant.through(&server.replica().await);
        let calls = (0..24).map(|i| {
            let through = if i % 2 == 0 { &tenant } else { &elsewhere };
            through.post("/agents", json!({ "name": i.to_string(), "system_prompt": "B" })).into_future()
        });
        for answer in futures_util::future::join_all(calls).await {
            answer.ok(201);
        }
        let entries = entries(&tenant).await;
        let places: Vec<_> = entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
        assert_eq!(places, (1..=26).collect::<Vec<_>>());
        let outcome = agent_platform_server::audit::check::check(&server.app.store.tenant(tenant.id.parse().unwrap()), BTreeMap::new()).await.unwrap();
        assert_eq!((outcome.entries, outcome.findings), (26, vec![]));
    }

    /// No change without its entry: where that can't be written, nothing is.
    async fn a_change_and_its_entry_are_written_together_or_not_at_all(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let (key, path) = (tenant.post("/api-keys", json!({})).await.ok(201), format!("/agents/{agent_id}"));
        let agent = tenant.get(&path).await.ok(200);
        server.database.execute("ALTER TABLE audit_entries RENAME TO audit_elsewhere").await.unwrap();
        let key_path = format!("/api-keys/{}", id(&key, "key_id"));
        for call in [
            tenant.post("/agents", json!({ "name": "A", "system_prompt": "B" })),
            tenant.patch(&path, json!({ "name": "C" })),
            tenant.delete(&path),
            tenant.post("/api-keys", json!({})),
            tenant.post(&format!("{key_path}/rotate"), json!({ "grace_seconds": 0 })),
            tenant.delete(&key_path),
            server.operate(&tenant, json!({ "tier": "starter" })),
            server.post("/signup", json!({ "email": "other@acme.example", "tier": "starter" })),
        ] {
            call.await.problem(500, "internal");
        }
        server.database.execute("ALTER TABLE audit_elsewhere RENAME TO audit_entries").await.unwrap();
        assert_eq!(tenant.get("/agents").await.ok(200)["data"], json!([agent]));
        assert_eq!(tenant.get("/api-keys").await.ok(200)["data"].as_array().unwrap().len(), 2);
        assert_eq!(tenant.usage().await["tier"], "professional");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants").await, 1);
        assert_eq!(entries(&tenant).await.len(), 4);
    }

    async fn it_is_read_page_by_page_with_the_scope_admin_alone(server: Server) {
        let (tenant, other) = (server.sign_up("user@acme.example").await, server.sign_up("user@other.example").await);
        for _ in 0..5 {
            tenant.agent(&[]).await;
        }
        let mut places = Vec::new();
        let mut path = "/audit-log?limit=3".to_owned();
        loop {
            let page = tenant.get(&path).await.ok(200);
            places.extend(page["data"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/audit-log?limit=3&cursor={cursor}");
        }
        assert_eq!(places, [7, 6, 5, 4, 3, 2, 1]);
        tenant.get("/audit-log?cursor=c1.x").await.refusal_of("?cursor");
        assert_eq!(entries(&other).await.len(), 2, "another's log is another's");
        for scope in ["read", "execute"] {
            tenant.scoped(&[scope]).await.get("/audit-log").await.problem(403, "missing_scope");
        }
    }

    async fn nobody_becomes_the_tenant_whose_log_is_the_platforms(server: Server) {
        for (email, name) in [("a@platform.example", None), ("b@acme.example", Some("Platform"))] {
            let signed_up = server.post("/signup", json!({ "email": email, "tier": "starter", "name": name })).await.ok(201);
            assert!(id(&signed_up, "tenant_id").starts_with("platform-"), "{signed_up}");
        }
        server.call(Method::GET, "/admin/tenants/platform").key(OPERATOR_KEY).await.problem(404, "not_found");
    }

    async fn entries_are_neither_changed_nor_taken_away(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        // On PostgreSQL the application's role has no right to; see row_security.
        if server.database.backend == Backend::Sqlite {
            for statement in ["UPDATE audit_entries SET address = NULL", "DELETE FROM audit_entries", "DELETE FROM audit_heads", "UPDATE audit_heads SET seq = 1", "UPDATE audit_heads SET hash = x'00'"] {
                let refused = server.database.execute(statement).await.unwrap_err().to_string();
                assert!(refused.contains("append-only") || refused.contains("audit chain"), "{statement}: {refused}");
            }
        }
        let doubled = server.database.execute("INSERT INTO audit_entries SELECT * FROM audit_entries").await;
        assert!(doubled.unwrap_err().as_database_error().unwrap().is_unique_violation());
        assert_eq!(entries(&tenant).await.len(), 2);
    }
}
