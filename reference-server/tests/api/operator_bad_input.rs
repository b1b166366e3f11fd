//! What an operator, a clock or a path can get wrong about tenants and their limits.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Server, Tenant, on_both, server::OPERATOR_KEY};

const LIMITS: [&str; 5] =
    ["max_requests_per_hour", "max_tokens_per_month", "max_spend_per_month", "max_concurrent_agents", "max_storage_mb"];

async fn executed(tenant: &Tenant, agent_id: &str) -> u16 {
    tenant.execute(agent_id, json!({ "message": "Hello!", "max_output_tokens": 10 })).await.status.as_u16()
}

on_both! {
    /// Each limit with each figure that is none: refused by its name, and nothing of the request is done.
    async fn a_figure_that_is_none_is_refused_and_changes_nothing(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let before = server.seen(&tenant).await;
        let figures = ["-1", "-0.5", "0.0000001", "1e13", "1e300", "-1e300", "9223372036854775807", "9223372036854775808",
            "-9223372036854775809", "18446744073709551616", "123456789012345678901234567890", "true", "\"7\"", "[]", "{}", "\"\"", "\"NaN\""];
        for limit in LIMITS {
            for figure in figures {
                let body = format!("{{\"tier\":\"enterprise\",\"quota\":{{\"{limit}\":{figure}}}}}");
                let answer = server.operate(&tenant, json!(null)).body(body.clone()).await;
                let detail = answer.refusal_of(&format!("/quota/{limit}"));
                assert!(detail.len() < 300, "{detail}");
            }
            for figure in ["1e999", "NaN", "Infinity", "-", "01", "0x10", "1_000"] {
                let body = format!("{{\"quota\":{{\"{limit}\":{figure}}}}}");
                server.operate(&tenant, json!(null)).body(body).await.problem(400, "bad_request");
            }
        }
        for limit in LIMITS.into_iter().filter(|limit| *limit != "max_spend_per_month") {
            server.operate(&tenant, json!({ "quota": { limit: 1.5 } })).await.refusal_of(&format!("/quota/{limit}"));
        }
        for body in [json!([]), json!("active"), json!(7)] {
            server.operate(&tenant, body).await.problem(422, "invalid_request");
        }
        for (body, pointer) in [(json!({ "quota": [] }), "/quota"), (json!({ "tier": "" }), "/tier"), (json!({ "tier": "Enterprise" }), "/tier"),
            (json!({ "tier": "'; DROP TABLE tenants; --" }), "/tier"), (json!({ "tier": "x".repeat(101) }), "/tier"), (json!({ "status": "Active" }), "/status")] {
            server.operate(&tenant, body).await.refusal_of(pointer);
        }
        assert_eq!(server.seen(&tenant).await, before);
    }

    /// The largest figure that is one, and the smallest: neither overflows what is counted with it.
    async fn the_ends_of_a_limits_range_hold(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let largest = json!({ "max_requests_per_hour": 1_000_000_000_000_i64, "max_tokens_per_month": 1_000_000_000_000_i64,
            "max_spend_per_month": 1_000_000_000, "max_concurrent_agents": 1_000_000_000_000_i64, "max_storage_mb": 1_000_000_000 });
        server.limit(&tenant, largest.clone()).await;
        assert_eq!(tenant.usage().await["quota"]["max_requests_per_hour"], largest["max_requests_per_hour"]);
        assert_eq!(executed(&tenant, &agent_id).await, 200);
        tenant.document("Passwords", "Reset your password on the sign-in page.").await;
        for limit in LIMITS {
            server.limit(&tenant, json!({ limit: 0 })).await;
            let refused = match limit {
                "max_storage_mb" => tenant.post("/documents", json!({ "title": "A", "content": "B" })).await,
                _ => tenant.execute(&agent_id, json!({ "message": "Hello!" })).await,
            };
            let code = if limit == "max_requests_per_hour" { "rate_limited" } else { "quota_exceeded" };
            let problem = refused.problem(429, code);
            assert_eq!((&problem["quota"], problem["limit"].as_f64()), (&json!(limit), Some(0.0)));
            server.limit(&tenant, json!({ limit: largest[limit] })).await;
        }
        // `null` brings the tier's back, one by one.
        for limit in LIMITS {
            server.limit(&tenant, json!({ limit: null })).await;
        }
        assert_eq!(tenant.usage().await["quota"], server.sign_up("user@other.example").await.usage().await["quota"]);
        assert_eq!(executed(&tenant, &agent_id).await, 200);
    }

    async fn a_limit_below_what_is_used_is_taken_and_refuses_the_next(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        for _ in 0..3 {
            assert_eq!(executed(&tenant, &agent_id).await, 200);
        }
        for title in ["One", "Two", "Three"] {
            tenant.document(title, &"Reset your password on the sign-in page. ".repeat(10_000)).await;
        }
        let before = tenant.usage().await["usage"].clone();
        for (limit, lowered) in [("max_requests_per_hour", json!(2)), ("max_tokens_per_month", json!(1)), ("max_spend_per_month", json!(0.000001))] {
            server.limit(&tenant, json!({ limit: lowered })).await;
            let answer = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await;
            assert_eq!(answer.status, 429, "{limit}: {}", answer.text());
            if limit == "max_tokens_per_month" {
                assert_eq!(tenant.usage().await["usage"]["remaining_tokens"], 0);
            }
            server.limit(&tenant, json!({ limit: null })).await;
        }
        server.limit(&tenant, json!({ "max_storage_mb": 1 })).await;
        tenant.post("/documents", json!({ "title": "A", "content": "B" })).await.problem(429, "quota_exceeded");
        server.limit(&tenant, json!({ "max_storage_mb": null })).await;
        assert_eq!(tenant.usage().await["usage"], before, "a refused request burns nothing");
        assert_eq!(executed(&tenant, &agent_id).await, 200);
    }

    /// The counters' hour and month stand until a clock that went back has caught up: nothing is allowed twice.
    async fn a_clock_that_goes_backwards_gives_nothing_away(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        server.limit(&tenant, json!({ "max_requests_per_hour": 2 })).await;
        assert_eq!([executed(&tenant, &agent_id).await, executed(&tenant, &agent_id).await], [200, 200]);
        let used = tenant.usage().await["usage"].clone();
        for earlier in ["2024-03-15T14:29:59Z", "2024-03-15T13:59:59.999999Z", "2024-03-14T23:00:00Z", "2024-02-29T23:59:59Z", "2023-12-31T12:00:00Z"] {
            server.set_clock(earlier);
            assert_eq!(executed(&tenant, &agent_id).await, 429, "{earlier}");
            assert_eq!(tenant.usage().await["usage"], used, "{earlier}");
            tenant.get("/usage/history").await.ok(200);
            // One that starts then counts what the database has, also of hours that are yet to come.
            let replica = server.replica().await;
            let there = tenant.through(&replica);
            assert_eq!(executed(&there, &agent_id).await, 429, "{earlier}");
            assert_eq!(there.usage().await["usage"]["tokens_this_month"], used["tokens_this_month"], "{earlier}");
        }
        server.set_clock("2024-03-15T14:59:59Z");
        assert_eq!(executed(&tenant, &agent_id).await, 429);
        server.set_clock("2024-03-15T15:00:00Z");
        assert_eq!(executed(&tenant, &agent_id).await, 200);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger").await, 3);
    }

    async fn a_month_without_entries_is_empty_and_not_missing(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        assert_eq!(executed(&tenant, &agent_id).await, 200);
        let quota = tenant.usage().await["quota"].clone();
        for (month, next) in [("2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z"), ("2025-02-28T23:59:59Z", "2025-03-01T00:00:00Z")] {
            server.set_clock(month);
            for server in [server.clone(), server.replica().await] {
                let usage = tenant.through(&server).usage().await;
                for field in ["requests_this_hour", "tokens_this_month", "spend_this_month", "reserved_tokens", "concurrent_agents"] {
                    assert_eq!(usage["usage"][field].as_f64(), Some(0.0), "{field} in {month}");
                }
                assert_eq!(usage["usage"]["remaining_tokens"], quota["max_tokens_per_month"]);
                assert_eq!(usage["resets"]["month"], next);
                let history = tenant.through(&server).get(&format!("/usage/history?from={month}&to={next}&granularity=day")).await.ok(200);
                assert!(history["data"].as_array().unwrap().iter().all(|day| day["requests"] == 0 && day["tokens"] == 0), "{history}");
            }
        }
        assert_eq!(executed(&tenant, &agent_id).await, 200);
    }

    /// On every path of the specification that takes a tenant's id.
    async fn an_id_that_is_none_is_not_found_on_any_path(server: Server) {
        server.sign_up("user@acme.example").await;
        let document = serde_json::to_value(agent_platform_server::api::document()).unwrap();
        let bad = ["'%20OR%20'1'='1", "acme'--", "acme%27%3B%20DROP%20TABLE%20tenants%3B--", "acme%00", "%00", "..", "%2e%2e", "..%2F..%2Fetc%2Fpasswd",
            "acme%2Fx", "acme%0d%0aX-Evil:%201", "%0a", "acme%20", "%20acme", "ACME", "acme_", "-acme", "acme-", "acme%22", "acme%5C", "%E2%80%AE", "%ff%fe", "*", "%25", "a.b", "acme%3Fx=1",
            &"a".repeat(64), &"a".repeat(5_000)];
        let before = server.database.row_counts().await;
        let mut called = 0;
        for (template, item) in document["paths"].as_object().unwrap() {
            if !template.contains("{tenant_id}") {
                continue;
            }
            for method in ["get", "post", "put", "patch", "delete"] {
                let Some(operation) = item.get(method) else { continue };
                let method: Method = method.to_uppercase().parse().unwrap();
                for id in bad {
                    let mut call = server.call(method.clone(), &template.replace("{tenant_id}", id)).key(OPERATOR_KEY);
                    if operation.get("requestBody").is_some() {
                        call = call.json(&json!({}));
                    }
                    let answer = call.await;
                    assert_eq!(answer.status, 404, "{method} {template} with {id}: {}", answer.text());
                    assert!(answer.header("x-evil").is_none() && answer.text().len() < 1_000);
                    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
                    assert!(["not_found", "no_such_path"].contains(&problem["code"].as_str().unwrap()), "{problem}");
                    called += 1;
                }
            }
        }
        assert!(called >= 3 * bad.len(), "{called}");
        assert_eq!(server.database.row_counts().await, before);
    }
}
