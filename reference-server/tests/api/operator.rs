//! The operator: who is one, and what can be set for a tenant.

use agent_platform_server::config::Settings;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Server, on_both, server::OPERATOR_KEY};

on_both! {
    async fn only_the_operator_key_opens_admin(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let path = format!("/admin/tenants/{}", tenant.id);
        server.get(&path).await.problem(401, "unauthorized");
        for key in [tenant.key.as_str(), "wrong", "op_live_000000000000_00000000000000000000000000000000", &OPERATOR_KEY[1..], &format!("{OPERATOR_KEY}x")] {
            server.get(&path).key(key).await.problem(401, "unauthorized");
            server.call(Method::PATCH, &path).key(key).json(&json!({ "tier": "enterprise" })).await.problem(401, "unauthorized");
        }
        let shown = server.get(&path).key(OPERATOR_KEY).await.ok(200);
        assert_eq!((&shown["email"], &shown["tier"], &shown["status"]), (&json!("user@acme.example"), &json!("professional"), &json!("active")));
        server.get("/admin/tenants/nobody").key(OPERATOR_KEY).await.problem(404, "not_found");
        // The operator is no tenant.
        server.get("/agents").key(OPERATOR_KEY).await.problem(401, "unauthorized");
    }

    async fn without_an_operator_key_there_is_no_admin(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let off = Server::with_settings(server.database.clone(), server.clock.clone(), &Settings::default(), None, "127.0.0.1:8000").await;
        let path = format!("/admin/tenants/{}", tenant.id);
        off.get(&path).key(OPERATOR_KEY).await.problem(404, "no_such_path");
        off.get(&path).await.problem(404, "no_such_path");
    }

    async fn a_tier_brings_its_limits_at_once(server: Server) {
        let tenant = server.sign_up_as("user@acme.example", "starter").await;
        assert_eq!(tenant.usage().await["quota"]["max_requests_per_hour"], 200);
        let shown = server.operate(&tenant, json!({ "tier": "enterprise" })).await.ok(200);
        assert_eq!((&shown["tier"], &shown["quota"]["max_tokens_per_month"]), (&json!("enterprise"), &json!(10_000_000)));
        let usage = tenant.usage().await;
        assert_eq!((&usage["tier"], &usage["quota"]), (&json!("enterprise"), &shown["quota"]));
        let detail = server.operate(&tenant, json!({ "tier": "platinum" })).await.refusal_of("/tier");
        assert!(detail.contains("professional"), "{detail}");
    }

    async fn a_limit_of_its_own_goes_before_the_tiers_until_null(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let of_the_tier = tenant.usage().await["quota"].clone();
        server.limit(&tenant, json!({ "max_requests_per_hour": 7, "max_spend_per_month": 12.345678 })).await;
        server.limit(&tenant, json!({ "max_storage_mb": 0 })).await;
        let quota = tenant.usage().await["quota"].clone();
        let mut expected = of_the_tier.clone();
        (expected["max_requests_per_hour"], expected["max_spend_per_month"], expected["max_storage_mb"]) = (json!(7), json!(12.345678), json!(0));
        assert_eq!(quota, expected, "what is absent stays");

        server.operate(&tenant, json!({ "tier": "enterprise" })).await.ok(200);
        let quota = tenant.usage().await["quota"].clone();
        assert_eq!((&quota["max_requests_per_hour"], &quota["max_tokens_per_month"]), (&json!(7), &json!(10_000_000)));
        server.operate(&tenant, json!({ "tier": "professional" })).await.ok(200);
        server.limit(&tenant, json!({ "max_requests_per_hour": null, "max_spend_per_month": null, "max_storage_mb": null })).await;
        assert_eq!(tenant.usage().await["quota"], of_the_tier);
    }

    async fn limits_that_make_no_sense_are_refused(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let before = tenant.usage().await;
        for (quota, value) in [
            ("max_requests_per_hour", json!(-1)), ("max_requests_per_hour", json!(1.5)), ("max_requests_per_hour", json!("7")),
            ("max_requests_per_hour", json!(1e18)), ("max_tokens_per_month", json!(-5)), ("max_tokens_per_month", json!(i64::MAX)),
            ("max_tokens_per_month", json!(1e300)), ("max_spend_per_month", json!(-0.01)), ("max_spend_per_month", json!(1e12)),
            ("max_concurrent_agents", json!(0.5)), ("max_storage_mb", json!(-1)), ("max_storage_mb", json!(u64::MAX)),
        ] {
            let answer = server.operate(&tenant, json!({ "quota": { quota: value } })).await;
            answer.refusal_of(&format!("/quota/{quota}"));
        }
        server.operate(&tenant, json!({ "quota": { "max_spend_per_month": 0.0000001 } })).await.problem(422, "invalid_request");
        server.operate(&tenant, json!({ "quota": { "max_request_per_hour": 1 } })).await.refusal_of("/quota/max_request_per_hour");
        for (field, value) in [("quota", Value::Null), ("tier", Value::Null), ("status", Value::Null), ("status", json!("deleted"))] {
            server.operate(&tenant, json!({ field: value })).await.refusal_of(&format!("/{field}"));
        }
        assert_eq!(tenant.usage().await, before);
    }

    async fn a_whole_number_may_be_written_with_a_point(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        server.limit(&tenant, json!({ "max_requests_per_hour": 7.0 })).await;
        assert_eq!(tenant.usage().await["quota"]["max_requests_per_hour"], 7);
    }

    async fn a_lowered_limit_holds_for_what_is_used_already(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        tenant.ask(&agent_id, "Hello!").await;
        server.limit(&tenant, json!({ "max_tokens_per_month": 1, "max_requests_per_hour": 1 })).await;
        let usage = tenant.usage().await;
        assert_eq!(usage["usage"]["remaining_tokens"], 0, "never below zero");
        let answer = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await;
        answer.problem(429, "rate_limited");
        assert_eq!(answer.header("x-ratelimit-remaining"), Some("0"));
    }

    async fn of_two_operators_at_once_neither_loses_a_limit(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for round in 1..=10 {
            let (one, two) = (json!({ "quota": { "max_requests_per_hour": round } }), json!({ "quota": { "max_storage_mb": round } }));
            let (one, two) = tokio::join!(server.operate(&tenant, one).into_future(), server.operate(&tenant, two).into_future());
            one.ok(200);
            two.ok(200);
            let quota = tenant.usage().await["quota"].clone();
            assert_eq!((&quota["max_requests_per_hour"], &quota["max_storage_mb"]), (&json!(round), &json!(round)));
        }
    }
}
