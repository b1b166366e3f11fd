//! A Redis that drops single counters, by hand or because its memory is full: they are loaded anew, and no limit is passed.

use serde_json::json;

use crate::harness::{Redis, Server, on_both, until};

on_both! {
    async fn a_counter_that_is_gone_is_not_zero(server: Server) {
        let redis = Redis::start().await;
        let sharing = Server::sharing(server.database.clone(), server.clock.clone(), &redis).await;
        let tenant = sharing.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        sharing.limit(&tenant, json!({ "max_requests_per_hour": 2 })).await;
        let used: i64 = [tenant.ask(&agent_id, "Hello!").await, tenant.ask(&agent_id, "Hello!").await].iter().map(|answer| answer["tokens_used"].as_i64().unwrap()).sum();
        let before = tenant.usage().await;
        for counter in ["requests:2024-03-15-14", "tokens:2024-03", "spend:2024-03", "storage", "loaded"] {
            let deleted: i64 = redis.ask(&["DEL", &format!("usage:{}:{counter}", tenant.id)]).await;
            assert_eq!(deleted, 1, "{counter}");
            tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "rate_limited");
            until("it to be counted anew", || async { (tenant.usage().await == before).then_some(()) }).await;
        }
        sharing.limit(&tenant, json!({ "max_requests_per_hour": null, "max_tokens_per_month": used })).await;
        let _: i64 = redis.ask(&["DEL", &format!("usage:{}:tokens:2024-03", tenant.id)]).await;
        tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "quota_exceeded");
    }
}
