//! The five quotas at the door: refused before the work, and a refusal burns nothing.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{
    Server, Tenant,
    gate::{BeginningGate, SettlementGate},
    on_both, until,
};

/// The statuses of executions begun all at once.
async fn race(tenants: &[Tenant], agent_id: &str, count: usize) -> Vec<u16> {
    let calls = (0..count).map(|i| {
        let call =
            tenants[i % tenants.len()].execute(agent_id, json!({ "message": "Hello!", "max_output_tokens": 10 }));
        tokio::spawn(async move { call.await.status.as_u16() })
    });
    join_all(calls).await.into_iter().map(|status| status.unwrap()).collect()
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|s| **s == status).count()
}

on_both! {
    async fn the_hourly_quota_refuses_with_all_its_figures(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        server.limit(&tenant, json!({ "max_requests_per_hour": 2 })).await;
        for remaining in ["1", "0"] {
            let answer = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await;
            answer.ok(200);
            assert_eq!(answer.header("x-ratelimit-limit"), Some("2"));
            assert_eq!(answer.header("x-ratelimit-remaining"), Some(remaining));
            assert_eq!(answer.header("x-ratelimit-reset"), Some("1710514800"), "15:00 as Unix seconds");
        }
        let used = tenant.usage().await["usage"].clone();
        let answer = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await;
        let problem = answer.problem(429, "rate_limited");
        assert_eq!(
            (&problem["quota"], &problem["limit"], &problem["used"], &problem["resets_at"]),
            (&json!("max_requests_per_hour"), &json!(2), &json!(2), &json!("2024-03-15T15:00:00Z"))
        );
        assert!(problem["detail"].as_str().unwrap().contains("rate limit"), "{problem}");
        assert_eq!(answer.header("retry-after"), Some("1800"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some("0"));
        assert_eq!(tenant.usage().await["usage"], used, "nothing was burnt");
        assert_eq!(tenant.get("/executions").await.ok(200)["data"].as_array().unwrap().len(), 2);
        // Who is out of quota can still look and manage.
        tenant.agent(&[]).await;
    }

    async fn the_hour_begins_anew_by_the_clock(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        server.limit(&tenant, json!({ "max_requests_per_hour": 1 })).await;
        for hour in ["2024-03-15T14:59:59.999999Z", "2024-03-15T15:00:00Z", "2024-03-15T23:59:59Z", "2024-03-16T00:00:00Z"] {
            server.set_clock(hour);
            tenant.ask(&agent_id, "Hello!").await;
            let answer = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await;
            answer.problem(429, "rate_limited");
            let retry_after: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=3600).contains(&retry_after), "{retry_after}");
            assert_eq!(tenant.usage().await["usage"]["requests_this_hour"], 1);
        }
    }

    async fn the_month_is_that_of_the_calendar(server: Server) {
        server.set_clock("2024-02-29T23:00:00Z");
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let mut last = json!(null);
        for (time, resets) in [
            ("2024-02-29T23:59:59.999999Z", "2024-03-01T00:00:00Z"), ("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"),
            ("2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z"), ("2025-02-28T23:59:59Z", "2025-03-01T00:00:00Z"), ("2025-03-01T00:00:00Z", "2025-04-01T00:00:00Z"),
        ] {
            server.set_clock(time);
            let usage = tenant.usage().await;
            assert_eq!((&usage["usage"]["tokens_this_month"], &usage["usage"]["spend_this_month"]), (&json!(0), &json!(0)), "{time}");
            assert_eq!(usage["resets"]["month"], resets);
            last = tenant.ask(&agent_id, "Hello!").await;
            assert_eq!(tenant.usage().await["usage"]["tokens_this_month"], last["tokens_used"], "{time}");
        }
        let tokens = last["tokens_used"].as_i64().unwrap();
        server.limit(&tenant, json!({ "max_tokens_per_month": tokens })).await;
        let problem = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "quota_exceeded");
        assert_eq!(problem["resets_at"], "2025-04-01T00:00:00Z");
        server.set_clock("2025-04-01T00:00:00Z");
        tenant.execute(&agent_id, json!({ "message": "Hi", "max_output_tokens": 1 })).await.ok(200);
    }

    async fn tokens_a_month_are_refused_before_the_work(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let first = tenant.ask(&agent_id, "Hello!").await;
        let used = first["tokens_used"].as_i64().unwrap();
        server.limit(&tenant, json!({ "max_tokens_per_month": used + 60 })).await;
        let before = tenant.usage().await;
        assert_eq!(before["usage"]["remaining_tokens"], 60);
        let answer = tenant.execute(&agent_id, json!({ "message": "Hello!", "max_output_tokens": 60 })).await;
        let problem = answer.problem(429, "quota_exceeded");
        assert_eq!(
            (&problem["quota"], &problem["limit"], &problem["used"], &problem["resets_at"]),
            (&json!("max_tokens_per_month"), &json!(used + 60), &json!(used), &json!("2024-04-01T00:00:00Z"))
        );
        assert_eq!(answer.header("retry-after"), Some("1416600"), "16 days and 9.5 hours");
        let mut after = tenant.usage().await;
        assert_eq!(after["usage"], before["usage"], "nothing was burnt, no request either");

        // Without a figure of the caller's own, the answer is cut to what remains.
        let cut = tenant.ask(&agent_id, "Hello!").await;
        assert!(cut["tokens_used"].as_i64().unwrap() <= 60);
        after = tenant.usage().await;
        assert!(after["usage"]["remaining_tokens"].as_i64().unwrap() >= 0, "{after}");
    }

    async fn spend_never_passes_its_cap(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        // 200 tokens of the built-in model.
        server.limit(&tenant, json!({ "max_spend_per_month": 0.01 })).await;
        let fixed = tenant.execute(&agent_id, json!({ "message": "Hello!", "max_output_tokens": 300 })).await;
        let problem = fixed.problem(429, "quota_exceeded");
        assert_eq!((&problem["quota"], &problem["limit"], &problem["used"]), (&json!("max_spend_per_month"), &json!(0.01), &json!(0)));
        let statuses = race(std::slice::from_ref(&tenant), &agent_id, 40).await;
        assert!(count(&statuses, 200) > 0 && count(&statuses, 429) > 0 && count(&statuses, 200) + count(&statuses, 429) == 40, "{statuses:?}");
        let usage = tenant.usage().await;
        assert!(usage["usage"]["spend_this_month"].as_f64().unwrap() <= 0.01, "{usage}");
        assert_eq!(usage["usage"]["reserved_tokens"], 0);
    }

    async fn a_limit_of_zero_allows_none(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        for (quota, code) in [("max_requests_per_hour", "rate_limited"), ("max_tokens_per_month", "quota_exceeded"),
            ("max_spend_per_month", "quota_exceeded"), ("max_concurrent_agents", "quota_exceeded")] {
            server.limit(&tenant, json!({ quota: 0 })).await;
            for body in [json!({ "message": "Hello!" }), json!({ "message": "Hello!", "max_output_tokens": 1 })] {
                let problem = tenant.execute(&agent_id, body).await.problem(429, code);
                assert_eq!((&problem["quota"], &problem["limit"]), (&json!(quota), &json!(0)));
            }
            server.limit(&tenant, json!({ quota: null })).await;
        }
        server.limit(&tenant, json!({ "max_storage_mb": 0 })).await;
        tenant.post("/documents", json!({ "title": "a", "content": "b" })).await.problem(429, "quota_exceeded");
        let problem = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "quota_exceeded");
        assert_eq!((&problem["quota"], &problem["limit"]), (&json!("max_storage_mb"), &json!(0)), "a conversation is stored too");
        assert_eq!(tenant.usage().await["usage"]["requests_this_hour"], 0);
        server.limit(&tenant, json!({ "max_storage_mb": null })).await;
        tenant.ask(&agent_id, "Hello!").await;
    }

    async fn of_100_at_once_a_limit_of_50_lets_50_through(server: Server) {
        let tenant = server.sign_up_as("user@acme.example", "enterprise").await;
        let other = server.sign_up_as("user@other.example", "enterprise").await;
        let (agent_id, other_agent) = (tenant.agent(&[]).await, other.agent(&[]).await);
        server.limit(&tenant, json!({ "max_requests_per_hour": 50 })).await;
        let keys = [tenant.clone(), tenant.scoped(&["execute"]).await];
        let (statuses, others) = tokio::join!(race(&keys, &agent_id, 100), race(std::slice::from_ref(&other), &other_agent, 20));
        assert_eq!((count(&statuses, 200), count(&statuses, 429)), (50, 50), "{statuses:?}");
        assert_eq!(count(&others, 200), 20, "another tenant is not concerned: {others:?}");
        let usage = tenant.usage().await;
        let counted = ["requests_this_hour", "concurrent_agents", "reserved_tokens"].map(|field| usage["usage"][field].as_i64().unwrap());
        assert_eq!(counted, [50, 0, 0]);
        let entries = format!("SELECT COUNT(*) FROM ledger WHERE tenant_id = '{}'", tenant.id);
        assert_eq!(server.database.number(&entries).await, 50);
        // A server that is started now counts the same from the database.
        let restarted = tenant.through(&server.replica().await);
        assert_eq!(restarted.usage().await["usage"], usage["usage"]);
        restarted.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "rate_limited");
    }

    async fn concurrent_executions_hold_a_slot_each_until_they_end(server: Server) {
        let tenant = server.sign_up_as("user@acme.example", "starter").await;
        let agent_id = tenant.agent(&[]).await;
        tenant.usage().await;
        let gate = SettlementGate::close(&server.database).await;
        let running: Vec<_> = (0..3).map(|_| tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future())).collect();
        let usage = until("three to run", || async {
            let usage = tenant.usage().await;
            (usage["usage"]["concurrent_agents"] == 3).then_some(usage)
        })
        .await;
        assert!(usage["usage"]["reserved_tokens"].as_i64().unwrap() > 3 * 1_000, "{usage}");
        let answer = tenant.execute(&agent_id, json!({ "message": "Hello!" })).await;
        let problem = answer.problem(429, "quota_exceeded");
        assert_eq!((&problem["quota"], &problem["limit"], &problem["used"]), (&json!("max_concurrent_agents"), &json!(3), &json!(3)));
        assert_eq!(problem.get("resets_at"), Some(&Value::Null), "it is there, and null");
        assert_eq!(answer.header("retry-after"), Some("1"));

        gate.open().await;
        for execution in running {
            execution.await.unwrap().ok(200);
        }
        let usage = tenant.usage().await;
        assert_eq!((&usage["usage"]["concurrent_agents"], &usage["usage"]["reserved_tokens"]), (&json!(0), &json!(0)));
        assert_eq!(usage["usage"]["requests_this_hour"], 3);
        tenant.ask(&agent_id, "Hello!").await;
    }

    async fn what_could_not_be_begun_is_given_back(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let before = tenant.usage().await;
        let gate = BeginningGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future());
        until("its reservation", || async { (tenant.usage().await["usage"]["concurrent_agents"] == 1).then_some(()) }).await;
        // The table that it waits for is gone when the lock is.
        gate.open_after("ALTER TABLE executions RENAME TO hidden").await;
        call.await.unwrap().problem(500, "internal");
        server.database.execute("ALTER TABLE hidden RENAME TO executions").await.unwrap();
        until("its reservation to be given back", || async { (tenant.usage().await["usage"] == before["usage"]).then_some(()) }).await;
    }
}
