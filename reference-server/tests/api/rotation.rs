//! Keys are replaced by others without a moment in which none is valid.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Call, Server, Tenant, on_both, server::id, until};

fn rotate(tenant: &Tenant, key: &Value, body: Value) -> Call {
    tenant.post(&format!("/api-keys/{}/rotate", id(key, "key_id")), body)
}

/// The summary of a key in the list, where it is there.
async fn listed(tenant: &Tenant, key: &Value) -> Option<Value> {
    let keys = tenant.get("/api-keys").await.ok(200);
    keys["data"].as_array().unwrap().iter().find(|listed| listed["key_id"] == key["key_id"]).cloned()
}

on_both! {
    async fn the_new_key_is_as_the_old_one_and_both_are_valid_until_the_grace_ends(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let other = server.replica().await;
        let old = tenant.post("/api-keys", json!({ "name": "deploy", "scopes": ["read", "execute"] })).await.ok(201);
        let new = rotate(&tenant, &old, json!({ "grace_seconds": 3600 })).await.ok(201);
        for field in ["name", "scopes", "mode", "expires_at"] {
            assert_eq!(new[field], old[field], "{field}");
        }
        assert_ne!(new["key_id"], old["key_id"]);
        assert_eq!(listed(&tenant, &old).await.unwrap()["expires_at"], "2024-03-15T15:30:00Z");
        assert_eq!(listed(&tenant, &new).await.unwrap()["expires_at"], Value::Null);
        let (old, new) = (tenant.with_key(&id(&old, "api_key")), tenant.with_key(&id(&new, "api_key")));
        let grace_ends = server.now() + TimeDelta::hours(1);
        for moment in [server.now(), grace_ends - TimeDelta::microseconds(1)] {
            server.clock.set(moment);
            for server in [&server, &other] {
                old.through(server).get("/agents").await.ok(200);
                new.through(server).get("/agents").await.ok(200);
            }
        }
        server.clock.set(grace_ends);
        for server in [&server, &other] {
            old.through(server).get("/agents").await.problem(401, "unauthorized");
            new.through(server).get("/agents").await.ok(200);
        }
    }

    async fn the_grace_is_a_day_where_none_is_given(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let old = tenant.post("/api-keys", json!({})).await.ok(201);
        rotate(&tenant, &old, json!({})).await.ok(201);
        assert_eq!(listed(&tenant, &old).await.unwrap()["expires_at"], "2024-03-16T14:30:00Z");
    }

    async fn without_a_grace_the_old_key_ends_at_once_here_and_within_a_second_elsewhere(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let key = tenant.post("/api-keys", json!({})).await.ok(201);
        let old = tenant.with_key(&id(&key, "api_key"));
        let elsewhere = old.through(&server.replica().await);
        elsewhere.get("/agents").await.ok(200);
        let new = rotate(&tenant, &key, json!({ "grace_seconds": 0 })).await.ok(201);
        let since = Instant::now();
        old.get("/agents").await.problem(401, "unauthorized");
        let let_in = Cell::new(Duration::ZERO);
        until("the other server to refuse it", || async {
            let begun = since.elapsed();
            if elsewhere.get("/agents").await.status == 401 {
                return Some(());
            }
            let_in.set(begun);
            None
        })
        .await;
        assert!(let_in.get() < Duration::from_secs(1), "let in after {:?}", let_in.get());
        elsewhere.with_key(&id(&new, "api_key")).get("/agents").await.ok(200);
    }

    /// Whoever loses the answer asks again, with the only key that he has.
    async fn a_key_that_replaces_itself_stays_valid_for_a_minute(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let key = tenant.post("/api-keys", json!({})).await.ok(201);
        let old = tenant.with_key(&id(&key, "api_key"));
        let rotated = rotate(&old, &key, json!({ "grace_seconds": 0 })).once("rotate").await.ok(201);
        assert_eq!(listed(&tenant, &key).await.unwrap()["expires_at"], "2024-03-15T14:31:00Z");
        let again = rotate(&old, &key, json!({ "grace_seconds": 0 })).once("rotate").await;
        assert!(again.is_replayed());
        assert_eq!(again.ok(201), rotated);
        server.set_clock("2024-03-15T14:31:00Z");
        old.get("/agents").await.problem(401, "unauthorized");
        tenant.with_key(&id(&rotated, "api_key")).get("/agents").await.ok(200);
    }

    async fn a_test_key_revokes_no_live_key(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let made = |body: Value| async { tenant.post("/api-keys", body).await.ok(201) };
        let (live, test, other) = (made(json!({})).await, made(json!({ "mode": "test" })).await, made(json!({ "mode": "test" })).await);
        let with_test = tenant.with_key(&id(&test, "api_key"));
        let revoke = |key: &Value| with_test.delete(&format!("/api-keys/{}", id(key, "key_id")));
        let refused = revoke(&live).await.problem(403, "live_key_required");
        assert!(refused["detail"].as_str().unwrap().contains("live key"), "{refused}");
        tenant.with_key(&id(&live, "api_key")).get("/agents").await.ok(200);
        revoke(&other).await.no_content();
    }

    async fn neither_key_outlives_the_time_that_the_old_one_had(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let expires_at = "2024-03-15T15:00:00Z";
        for (grace, ends_at) in [(60, "2024-03-15T14:31:00Z"), (2_592_000, expires_at)] {
            let old = tenant.post("/api-keys", json!({ "expires_at": expires_at })).await.ok(201);
            let new = rotate(&tenant, &old, json!({ "grace_seconds": grace })).await.ok(201);
            assert_eq!(new["expires_at"], expires_at);
            assert_eq!(listed(&tenant, &old).await.unwrap()["expires_at"], ends_at);
        }
    }

    async fn what_cannot_be_rotated_says_why(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let made = |body: Value| async { tenant.post("/api-keys", body).await.ok(201) };
        let (live, test) = (made(json!({})).await, made(json!({ "mode": "test" })).await);
        let refused = rotate(&tenant.with_key(&id(&test, "api_key")), &live, json!({})).await.problem(403, "live_key_required");
        assert!(refused["detail"].as_str().unwrap().contains("live key"), "{refused}");
        let renewed = rotate(&tenant.with_key(&id(&test, "api_key")), &test, json!({})).await.ok(201);
        assert!(renewed["api_key"].as_str().unwrap().starts_with("pk_test_"));
        tenant.with_key(&id(&live, "api_key")).get("/agents").await.ok(200);

        let refused = rotate(&tenant, &test, json!({ "grace_seconds": 0 })).await.problem(409, "key_rotated");
        assert!(refused["detail"].as_str().unwrap().contains(&id(&renewed, "key_id")), "{refused}");
        let expired = made(json!({ "expires_at": "2024-03-15T14:31:00Z" })).await;
        server.set_clock("2024-03-15T14:31:00Z");
        let refused = rotate(&tenant, &expired, json!({})).await.problem(409, "key_expired");
        assert!(refused["detail"].as_str().unwrap().contains("2024-03-15T14:31:00"), "{refused}");
        let revoked = made(json!({})).await;
        tenant.delete(&format!("/api-keys/{}", id(&revoked, "key_id"))).await.no_content();
        rotate(&tenant, &revoked, json!({})).await.problem(404, "not_found");
        rotate(&tenant, &json!({ "key_id": "key-00000000000000000000" }), json!({})).await.problem(404, "not_found");
        for grace in [json!(-1), json!(2_592_001), json!(0.5), json!("1"), json!(1e300)] {
            rotate(&tenant, &live, json!({ "grace_seconds": grace })).await.refusal_of("/grace_seconds");
        }
        for scope in ["read", "execute"] {
            rotate(&tenant.scoped(&[scope]).await, &live, json!({})).await.problem(403, "missing_scope");
        }
    }

    async fn of_many_at_once_one_replaces_the_key(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let key = tenant.post("/api-keys", json!({})).await.ok(201);
        let elsewhere = tenant.through(&server.replica().await);
        let calls = (0..12).map(|i| rotate(if i % 2 == 0 { &tenant } else { &elsewhere }, &key, json!({})).into_future());
        let answers = futures_util::future::join_all(calls).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "key_rotated");
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM api_keys").await, 3);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM audit_entries WHERE action = 'api_key.rotated'").await, 1);
    }
}
