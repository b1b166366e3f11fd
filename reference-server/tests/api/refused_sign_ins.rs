//! Refused sign-ins are told by the audit log, each kind once and the rest with their number.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{
    Server, Tenant, on_both,
    server::{OPERATOR_KEY, id},
    until,
};

/// The refusals in a tenant's log, the oldest first.
async fn refusals(tenant: &Tenant) -> Vec<Value> {
    let log = tenant.get("/audit-log?limit=100").await.ok(200);
    let mut found: Vec<_> =
        log["data"].as_array().unwrap().iter().filter(|entry| entry["action"] == "sign_in.refused").cloned().collect();
    found.reverse();
    found
}

/// The refusals in the platform's own log: by reason, with their number together.
async fn of_the_platform(server: &Server, reason: &str) -> i64 {
    let count = match server.database.backend {
        crate::harness::Backend::Sqlite => "json_extract(state_after, '$.count')",
        crate::harness::Backend::Postgres => "(state_after::json ->> 'count')::bigint",
    };
    let query = format!(
        "SELECT CAST(COALESCE(SUM({count}), 0) AS BIGINT) FROM audit_entries \
         WHERE tenant_id = 'platform' AND state_after LIKE '%\"{reason}\"%'"
    );
    server.database.number(&query).await
}

/// The key with another secret.
fn with_wrong_secret(key: &str) -> String {
    let (front, secret) = key.rsplit_once('_').unwrap();
    format!("{front}_{}", secret.chars().rev().collect::<String>())
}

on_both! {
    async fn the_first_is_told_at_once_and_the_rest_by_their_number(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let wrong = tenant.with_key(&with_wrong_secret(&tenant.key));
        let first = wrong.get("/agents").from("203.0.113.7").await;
        first.problem(401, "unauthorized");
        let told = until("the first to be told", || async { refusals(&tenant).await.pop() }).await;
        let public_id = tenant.key.split('_').nth(2).unwrap();
        assert_eq!((&told["actor"], &told["actor_id"], &told["address"]), (&json!("anonymous"), &Value::Null, &json!("203.0.113.7")));
        assert_eq!((&told["target"], &told["target_id"], &told["request_id"]), (&json!("api_key"), &json!(public_id), &json!(first.request_id())));
        let at = "2024-03-15T14:30:00Z";
        assert_eq!(told["after"], json!({ "reason": "wrong_secret", "count": 1, "first_at": at, "last_at": at }));

        for _ in 0..20 {
            server.clock.set(server.now() + TimeDelta::seconds(1));
            wrong.get("/agents").from("203.0.113.7").await.problem(401, "unauthorized");
        }
        assert_eq!(refusals(&tenant).await.len(), 1, "counted, and not yet told");
        server.app.refusals.write_down().await;
        let rest = refusals(&tenant).await.pop().unwrap();
        let (first_at, last_at) = ("2024-03-15T14:30:01Z", "2024-03-15T14:30:20Z");
        assert_eq!(rest["after"], json!({ "reason": "wrong_secret", "count": 20, "first_at": first_at, "last_at": last_at }));
        server.app.refusals.write_down().await;
        assert_eq!(refusals(&tenant).await.len(), 2, "nothing is told twice");

        // After a minute without any, the next is a first one.
        wrong.get("/agents").from("203.0.113.7").await.problem(401, "unauthorized");
        until("the next to be told", || async { (refusals(&tenant).await.len() == 3).then_some(()) }).await;
    }

    async fn each_reason_key_and_address_is_a_kind_of_its_own(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let made = |body: Value| async { tenant.post("/api-keys", body).await.ok(201) };
        let (revoked, expired) = (made(json!({})).await, made(json!({ "expires_at": "2024-03-15T14:31:00Z" })).await);
        tenant.delete(&format!("/api-keys/{}", id(&revoked, "key_id"))).await.no_content();
        server.set_clock("2024-03-15T14:31:00Z");
        let (revoked, expired) = (tenant.with_key(&id(&revoked, "api_key")), tenant.with_key(&id(&expired, "api_key")));
        for (refused, address) in [(&revoked, "203.0.113.7"), (&expired, "203.0.113.7"), (&expired, "203.0.113.8")] {
            refused.get("/agents").from(address).await.problem(401, "unauthorized");
        }
        server.operate(&tenant, json!({ "status": "suspended" })).await.ok(200);
        tenant.get("/agents").from("203.0.113.7").await.problem(403, "tenant_suspended");
        server.operate(&tenant, json!({ "status": "active" })).await.ok(200);
        server.app.refusals.write_down().await;
        let told = until("all to be told", || async { Some(refusals(&tenant).await).filter(|told| told.len() == 4) }).await;
        let mut kinds: Vec<_> =
            told.iter().map(|entry| (entry["after"]["reason"].as_str().unwrap(), entry["address"].as_str().unwrap())).collect();
        kinds.sort_unstable();
        let expected = [("expired", "203.0.113.7"), ("expired", "203.0.113.8"), ("revoked", "203.0.113.7"), ("suspended", "203.0.113.7")];
        assert_eq!(kinds, expected);
    }

    async fn those_that_name_no_tenant_are_in_the_platforms_own_log(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for shown in ["Bearer pk_live_000000000000_00000000000000000000000000000000", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer "] {
            server.get("/agents").header(http::header::AUTHORIZATION, shown).await.problem(401, "unauthorized");
        }
        server.get("/agents").await.problem(401, "unauthorized");
        let path = format!("/admin/tenants/{}", tenant.id);
        for key in [&tenant.key, &format!("{OPERATOR_KEY}x")] {
            server.get(&path).key(key).await.problem(401, "unauthorized");
        }
        server.get(&path).await.problem(401, "unauthorized");
        server.app.refusals.write_down().await;
        until("all to be told", || async {
            let told = (of_the_platform(&server, "unknown_key").await, of_the_platform(&server, "operator_key_refused").await);
            (told == (4, 2)).then_some(())
        })
        .await;
        let shown = format!("SELECT COUNT(*) FROM audit_entries WHERE state_after LIKE '%nonsense%' OR state_after LIKE '%{OPERATOR_KEY}%' OR target_id LIKE '%nonsense%'");
        assert_eq!(server.database.number(&shown).await, 0, "what was shown is told nowhere");
        assert_eq!(refusals(&tenant).await, Vec::<Value>::new());
    }

    /// A flood from everywhere fills neither the memory nor the log, and takes no tenant's place in it.
    async fn a_flood_is_told_in_a_bounded_number_of_entries(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for i in 0..1_500 {
            let from = format!("10.{}.{}.1", i / 250, i % 250);
            server.get("/agents").key("nonsense").from(&from).await.problem(401, "unauthorized");
        }
        server.app.refusals.write_down().await;
        until("all to be told", || async { (of_the_platform(&server, "unknown_key").await == 1_500).then_some(()) }).await;
        let entries = server.database.number("SELECT COUNT(*) FROM audit_entries WHERE tenant_id = 'platform'").await;
        assert!((100..=110).contains(&entries), "{entries}");
        // Of one's own there is room for a thousand addresses; then for the key alone.
        let wrong = tenant.with_key(&with_wrong_secret(&tenant.key));
        for i in 0..1_100 {
            wrong.get("/agents").from(&format!("10.{}.{}.1", i / 250, i % 250)).await.problem(401, "unauthorized");
        }
        server.app.refusals.write_down().await;
        let of = |condition: &str| format!("SELECT COUNT(*) FROM audit_entries WHERE tenant_id = 'acme' AND action = 'sign_in.refused' AND {condition}");
        let told = async |condition: &str| server.database.number(&of(condition)).await;
        until("all to be told", || async { (told("address IS NOT NULL").await == 1_000 && told("address IS NULL").await > 0).then_some(()) }).await;
        assert_eq!(told("target_id IS NULL").await, 0, "which key it was is told of each");
    }

    async fn a_network_of_ipv6_is_one_place(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let wrong = tenant.with_key(&with_wrong_secret(&tenant.key));
        for i in 1..=20 {
            wrong.get("/agents").from(&format!("2001:db8:1:2::{i:x}")).await.problem(401, "unauthorized");
        }
        server.app.refusals.write_down().await;
        let told = until("all to be told", || async {
            let told = refusals(&tenant).await;
            let count: i64 = told.iter().map(|entry| entry["after"]["count"].as_i64().unwrap()).sum();
            (count == 20).then_some(told)
        })
        .await;
        assert!(told.len() < 20, "{told:?}");
        assert!(told.iter().any(|entry| entry["address"] == "2001:db8:1:2::14"), "the last address is told as it was: {told:?}");
    }

    async fn what_cannot_be_written_is_kept_until_it_can(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        server.database.execute("ALTER TABLE audit_entries RENAME TO audit_elsewhere").await.unwrap();
        for _ in 0..3 {
            tenant.with_key(&with_wrong_secret(&tenant.key)).get("/agents").await.problem(401, "unauthorized");
        }
        server.app.refusals.write_down().await;
        server.database.execute("ALTER TABLE audit_elsewhere RENAME TO audit_entries").await.unwrap();
        until("all to be told", || async {
            server.app.refusals.write_down().await;
            let told: i64 = refusals(&tenant).await.iter().map(|entry| entry["after"]["count"].as_i64().unwrap()).sum();
            (told == 3).then_some(())
        })
        .await;
    }
}
