//! Keys: who is let in, for how long, and to what.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Server, on_both, server::id, until};

on_both! {
    async fn without_a_key_nothing_is_shown(server: Server) {
        let answer = server.get("/agents").await;
        let problem = answer.problem(401, "unauthorized");
        assert!(problem["detail"].as_str().unwrap().contains("Authorization: Bearer"), "{problem}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"));
        assert_eq!(answer.header("x-ratelimit-limit"), None, "nobody's quota is told to nobody");
    }

    async fn what_is_no_key_is_refused(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (front, secret) = tenant.key.rsplit_once('_').unwrap();
        let other_secret: String = secret.chars().rev().collect();
        for authorization in [
            "".to_owned(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            "Bearer pk_live_short_key".to_owned(),
            format!("Basic {}", tenant.key),
            format!("Bearer {front}"),
            format!("Bearer {front}_{other_secret}"),
            format!("Bearer {}x", tenant.key),
            format!("Bearer {}é", tenant.key),
            format!("Bearer pk_live_000000000000_{secret}"),
            format!("Bearer {} {}", tenant.key, tenant.key),
        ] {
            server.get("/agents").header(header::AUTHORIZATION, &authorization).await.problem(401, "unauthorized");
        }
        server.get("/agents").header(header::AUTHORIZATION, &format!("bearer  {}", tenant.key)).await.ok(200);
    }

    async fn a_key_of_the_wrong_kind_is_told_so(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let problem = server.get("/admin/tenants").key(&tenant.key).await.problem(401, "unauthorized");
        assert!(problem["detail"].as_str().unwrap().contains("API key of a tenant"), "{problem}");
        let problem = server.get("/admin/tenants").await.problem(401, "unauthorized");
        assert!(problem["detail"].as_str().unwrap().contains("Bearer op_live_"), "{problem}");
        let operators = "op_live_000000000000_00000000000000000000000000000000";
        let problem = server.get("/agents").key(operators).await.problem(401, "unauthorized");
        assert!(problem["detail"].as_str().unwrap().contains("operator's key"), "{problem}");
    }

    async fn a_key_is_shown_once_and_listed_without_its_secret(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let body = json!({ "name": "deploy", "scopes": ["execute", "read", "read"], "expires_at": "2024-04-01T00:00:00Z" });
        let created = tenant.post("/api-keys", body).await.ok(201);
        let key = created["api_key"].as_str().unwrap();
        assert_eq!(created["scopes"], json!(["read", "execute"]));
        assert_eq!((&created["mode"], &created["name"], &created["last_used_at"]), (&json!("live"), &json!("deploy"), &Value::Null));
        assert!(key.starts_with(created["prefix"].as_str().unwrap()));
        tenant.with_key(key).get("/agents").await.ok(200);
        let secret = key.rsplit('_').next().unwrap();
        let listed = until("the last use to be noted", || async {
            let listed = tenant.get("/api-keys").await;
            assert!(!listed.text().contains(secret), "{}", listed.text());
            let listed = listed.ok(200);
            let keys = listed["data"].as_array().unwrap();
            assert_eq!(keys.len(), 2);
            keys.iter().find(|key| key["key_id"] == created["key_id"] && !key["last_used_at"].is_null()).cloned()
        })
        .await;
        assert_eq!(listed["expires_at"], "2024-04-01T00:00:00Z");
        assert_eq!(listed.get("api_key"), None);
    }

    async fn a_revoked_key_is_refused_at_once_here_and_within_a_second_elsewhere(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let created = tenant.post("/api-keys", json!({})).await.ok(201);
        let revoked = tenant.with_key(created["api_key"].as_str().unwrap());
        let elsewhere = revoked.through(&server.replica().await);
        revoked.get("/agents").await.ok(200);
        elsewhere.get("/agents").await.ok(200);

        let path = format!("/api-keys/{}", id(&created, "key_id"));
        tenant.delete(&path).await.no_content();
        let since = Instant::now();
        revoked.get("/agents").await.problem(401, "unauthorized");
        let let_in = Cell::new(Duration::ZERO);
        let refused = || async {
            let begun = since.elapsed();
            if elsewhere.get("/agents").await.status == 401 {
                return Some(());
            }
            let_in.set(begun);
            None
        };
        until("the other server to refuse it", refused).await;
        assert!(let_in.get() < Duration::from_secs(1), "let in after {:?}", let_in.get());

        tenant.delete(&path).await.problem(404, "not_found");
        assert_eq!(tenant.get("/api-keys").await.ok(200)["data"].as_array().unwrap().len(), 1);
        tenant.get("/agents").await.ok(200);
    }

    async fn a_key_expires_by_the_clock(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let expires_at = server.now() + TimeDelta::hours(1);
        let created = tenant.post("/api-keys", json!({ "expires_at": expires_at })).await.ok(201);
        let expiring = tenant.with_key(created["api_key"].as_str().unwrap());
        server.clock.set(expires_at - TimeDelta::microseconds(1));
        expiring.get("/agents").await.ok(200);
        server.clock.set(expires_at);
        expiring.get("/agents").await.problem(401, "unauthorized");
        tenant.get("/agents").await.ok(200);
        tenant.post("/api-keys", json!({ "expires_at": expires_at })).await.refusal_of("/expires_at");
    }

    async fn each_scope_allows_what_it_says(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let agent = format!("/agents/{agent_id}");
        let (read, execute) = (tenant.scoped(&["read"]).await, tenant.scoped(&["execute"]).await);
        let message = json!({ "message": "Hello!" });

        for key in [&read, &execute] {
            for path in ["/agents", &agent, "/executions", "/usage", "/documents", "/tickets", "/conversations"] {
                key.get(path).await.ok(200);
            }
            for (method, path, body) in [
                (Method::POST, "/agents", json!({ "name": "A", "system_prompt": "B" })),
                (Method::PATCH, &agent, json!({ "name": "A" })),
                (Method::DELETE, &agent, json!({})),
                (Method::POST, "/documents", json!({ "title": "A", "content": "B" })),
                (Method::GET, "/api-keys", json!({})),
                (Method::POST, "/api-keys", json!({})),
            ] {
                let problem = key.call(method.clone(), path).json(&body).await.problem(403, "missing_scope");
                assert!(problem["detail"].as_str().unwrap().contains("`admin`"), "{method} {path}: {problem}");
            }
        }
        let refused = read.execute(&agent_id, message.clone()).await.problem(403, "missing_scope");
        assert!(refused["detail"].as_str().unwrap().contains("`execute`"), "{refused}");
        execute.execute(&agent_id, message).await.ok(200);
        assert_eq!(tenant.get(&agent).await.ok(200)["name"], "Support Agent", "nothing was changed");
    }

    async fn a_suspended_tenant_is_refused_until_it_is_active_again(server: Server) {
        let (tenant, other) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        let shown = server.operate(&tenant, json!({ "status": "suspended" })).await.ok(200);
        assert_eq!(shown["status"], "suspended");
        tenant.get("/usage").await.problem(403, "tenant_suspended");
        other.get("/usage").await.ok(200);
        server.operate(&tenant, json!({ "status": "active" })).await.ok(200);
        tenant.get("/usage").await.ok(200);
    }

    async fn a_test_key_works_on_the_same_data_and_is_not_billed(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let created = tenant.post("/api-keys", json!({ "mode": "test" })).await.ok(201);
        let test = tenant.with_key(created["api_key"].as_str().unwrap());
        assert!(test.key.starts_with("pk_test_"));
        server.limit(&tenant, json!({ "max_tokens_per_month": 0 })).await;
        tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "quota_exceeded");
        assert!(test.ask(&agent_id, "Hello!").await["tokens_used"].as_i64().unwrap() > 0);
        let usage = tenant.usage().await;
        assert_eq!(usage["usage"]["tokens_this_month"], 0);
        assert_eq!(usage["usage"]["requests_this_hour"], 1, "the hourly quota holds for test keys too");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger WHERE mode = 'test'").await, 1);
    }
}
