//! Usage over time: sums over the ledger, by whole hours and days.

use serde_json::{Value, json};

use crate::harness::{Server, Tenant, on_both};

async fn history(tenant: &Tenant, query: &str) -> Vec<Value> {
    tenant.get(&format!("/usage/history{query}")).await.ok(200)["data"].as_array().unwrap().clone()
}

fn starts(data: &[Value]) -> Vec<&str> {
    data.iter().map(|point| point["start"].as_str().unwrap()).collect()
}

on_both! {
    async fn each_hour_and_day_has_its_sum_and_quiet_ones_are_zero(server: Server) {
        let (tenant, other) = (server.sign_up("user@acme.example").await, server.sign_up("user@other.example").await);
        let (agent_id, others) = (tenant.agent(&[]).await, other.agent(&[]).await);
        let mut tokens = Vec::new();
        for time in ["2024-02-28T23:59:59.999999Z", "2024-02-29T00:00:00Z", "2024-02-29T00:59:59Z", "2024-03-01T00:00:00Z"] {
            server.set_clock(time);
            tokens.push(tenant.ask(&agent_id, "Hello!").await["tokens_used"].as_i64().unwrap());
            other.ask(&others, "Hello!").await;
        }
        let test = tenant.post("/api-keys", json!({ "mode": "test" })).await.ok(201);
        tenant.with_key(test["api_key"].as_str().unwrap()).ask(&agent_id, "Hello!").await;

        let days = history(&tenant, "?from=2024-02-28T12:00:00Z&to=2024-03-01T00:00:01Z&granularity=day").await;
        assert_eq!(starts(&days), ["2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"], "leap day and all");
        let figures = |point: &Value| [&point["requests"], &point["tokens"], &point["errors"]].map(|figure| figure.as_i64().unwrap());
        assert_eq!(days.iter().map(figures).collect::<Vec<_>>(), [[1, tokens[0], 0], [2, tokens[1] + tokens[2], 0], [1, tokens[3], 0]]);
        let micros = |point: &Value| (point["cost"].as_f64().unwrap() * 1e6).round() as i64;
        assert_eq!(micros(&days[1]), (tokens[1] + tokens[2]) * 50);

        let hours = history(&tenant, "?from=2024-02-28T23:30:00Z&to=2024-02-29T02:00:00Z&granularity=hour").await;
        assert_eq!(starts(&hours), ["2024-02-28T23:00:00Z", "2024-02-29T00:00:00Z", "2024-02-29T01:00:00Z"]);
        assert_eq!(hours.iter().map(figures).collect::<Vec<_>>(), [[1, tokens[0], 0], [2, tokens[1] + tokens[2], 0], [0, 0, 0]]);
        let sum: i64 = history(&tenant, "?from=2024-02-01T00:00:00Z").await.iter().map(|point| point["tokens"].as_i64().unwrap()).sum();
        assert_eq!(sum, tokens.iter().sum::<i64>());
    }

    async fn failed_executions_are_errors_and_cancelled_ones_are_not(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        // No id ends with such letters.
        for (letter, status) in [("i", "failed"), ("l", "cancelled"), ("o", "completed")] {
            tenant.ask(&agent_id, "Hello!").await;
            // An end that the built-in model does not come to by itself.
            let entry = format!(
                "INSERT INTO ledger (execution_id, tenant_id, agent_id, key_id, mode, model, status, input_tokens, output_tokens, estimated, \
                 cost_micros, started_at, settled_at) SELECT SUBSTR(execution_id, 1, 24) || '{letter}', tenant_id, agent_id, key_id, mode, model, '{status}', 1, 1, \
                 estimated, 100, started_at, settled_at FROM ledger WHERE tenant_id = '{}' LIMIT 1",
                tenant.id
            );
            server.database.execute(&entry).await.unwrap();
        }
        let today = history(&tenant, "").await.pop().unwrap();
        assert_eq!((&today["requests"], &today["errors"]), (&json!(6), &json!(1)), "{today}");
    }

    async fn without_parameters_it_is_the_last_thirty_days(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let days = history(&tenant, "").await;
        assert_eq!((days.len(), starts(&days)[0], starts(&days)[29]), (30, "2024-02-15T00:00:00Z", "2024-03-15T00:00:00Z"));
        let hours = history(&tenant, "?granularity=hour").await;
        assert_eq!((hours.len(), starts(&hours)[0], starts(&hours)[23]), (24, "2024-03-14T15:00:00Z", "2024-03-15T14:00:00Z"));
        assert!(days.iter().chain(&hours).all(|point| point["tokens"] == 0 && point["cost"] == 0));
        assert_eq!(history(&tenant, "?granularity=hour&to=2024-03-15T14:00:00Z").await.len(), 24);
        assert_eq!(history(&tenant, "?from=2024-03-15T14:00:00Z&to=2024-03-15T14:00:00Z&granularity=hour").await, Vec::<Value>::new());
        assert_eq!(history(&tenant, "?from=2024-03-15T13:00:00%2B01:00&to=2024-03-15T12:00:01Z&granularity=hour").await.len(), 1);
    }

    async fn ranges_that_are_none_are_refused_by_name(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        for (query, pointer, word) in [
            ("granularity=week", "?granularity", "`hour` or `day`"), ("granularity=", "?granularity", "`hour` or `day`"),
            ("from=yesterday", "?from", "RFC 3339"), ("to=2024-13-01T00:00:00Z", "?to", "RFC 3339"),
            ("from=2024-03-15T14:00:01Z&to=2024-03-15T14:00:00Z", "?from", "after"), ("from=2024-03-16T00:00:00Z", "?from", "after"),
            ("from=2021-06-01T00:00:00Z", "?from", "1000"), ("from=2024-01-01T00:00:00Z&granularity=hour", "?from", "1000"),
            ("from=1700-01-01T00:00:00Z", "?from", "1000"), ("to=2262-01-01T00:00:00Z&from=2024-01-01T00:00:00Z", "?from", "1000"),
            ("day=1", "?day", "check its spelling"), ("from=2024-03-01T00:00:00Z&from=2024-03-02T00:00:00Z", "?from", "more than once"),
        ] {
            let detail = tenant.get(&format!("/usage/history?{query}")).await.refusal_of(pointer);
            assert!(detail.contains(word), "{query}: {detail}");
        }
        assert_eq!(history(&tenant, "?from=2021-06-20T00:00:00Z&to=2024-03-16T00:00:00Z").await.len(), 1_000);
        assert_eq!(history(&tenant, "?to=1700-01-01T00:00:00Z").await.len(), 30);
        assert_eq!(history(&tenant, "?from=2262-01-01T00:00:00Z&to=2262-01-01T23:59:59Z").await.len(), 1);
    }
}
