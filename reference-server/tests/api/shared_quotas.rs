//! Servers that share their counters over Redis: exact together, closed without it, and right again by themselves.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{
    Redis, Server, Tenant,
    gate::{ProgressGate, SettlementGate},
    on_both, until,
};

/// Two servers on the database of `server`, and the Redis that they share. Where `server` counts by itself, it is left alone.
async fn two(server: &Server) -> (Redis, [Server; 2]) {
    let redis = Redis::start().await;
    let one = Server::sharing(server.database.clone(), server.clock.clone(), &redis).await;
    let other = Server::sharing(server.database.clone(), server.clock.clone(), &redis).await;
    (redis, [one, other])
}

/// The statuses of executions begun all at once, through each server in turn.
async fn race(tenant: &Tenant, servers: &[Server; 2], agent_id: &str, count: usize, body: &Value) -> Vec<u16> {
    let calls = (0..count).map(|at| {
        let call = tenant.through(&servers[at % 2]).execute(agent_id, body.clone());
        tokio::spawn(async move { call.await.status.as_u16() })
    });
    join_all(calls).await.into_iter().map(|status| status.unwrap()).collect()
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|s| **s == status).count()
}

/// What `GET /usage` says through both of the servers, as soon as they say the same and `is_right` holds of it.
async fn usage_with(tenant: &Tenant, servers: &[Server; 2], is_right: impl Fn(&Value) -> bool) -> Value {
    until("both servers to say it", || async {
        let [one, other] = [tenant.through(&servers[0]).usage().await, tenant.through(&servers[1]).usage().await];
        (one == other && is_right(&one["usage"])).then_some(one)
    })
    .await
}

async fn usage(tenant: &Tenant, servers: &[Server; 2]) -> Value {
    usage_with(tenant, servers, |_| true).await
}

/// What it says once nothing runs and nothing is held.
async fn usage_at_rest(tenant: &Tenant, servers: &[Server; 2]) -> Value {
    usage_with(tenant, servers, |usage| usage["concurrent_agents"] == 0 && usage["reserved_tokens"] == 0).await
}

/// Sets limits that hold at both servers from here on.
async fn limit(tenant: &Tenant, servers: &[Server; 2], quota: Value) {
    servers[0].limit(tenant, quota).await;
    usage(tenant, servers).await;
}

async fn ledger(server: &Server, tenant: &Tenant, sum: &str) -> i64 {
    server
        .database
        .number(&format!("SELECT CAST(COALESCE({sum}, 0) AS BIGINT) FROM ledger WHERE tenant_id = '{}'", tenant.id))
        .await
}

on_both! {
    async fn two_servers_let_through_together_what_the_limit_says(server: Server) {
        let (redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up_as("user@acme.example", "enterprise").await;
        let agent_id = tenant.agent(&[]).await;
        limit(&tenant, &servers, json!({ "max_requests_per_hour": 40 })).await;
        let statuses = race(&tenant, &servers, &agent_id, 90, &json!({ "message": "Hello!" })).await;
        assert_eq!((count(&statuses, 200), count(&statuses, 429)), (40, 50), "{statuses:?}");
        let usage = usage_at_rest(&tenant, &servers).await;
        assert_eq!((&usage["usage"]["requests_this_hour"], &usage["usage"]["concurrent_agents"], &usage["usage"]["reserved_tokens"]), (&json!(40), &json!(0), &json!(0)));
        assert_eq!(ledger(&server, &tenant, "COUNT(*)").await, 40);
        let refused = tenant.through(&servers[1]).execute(&agent_id, json!({ "message": "Hello!" })).await;
        assert_eq!((refused.problem(429, "rate_limited")["used"].clone(), refused.header("x-ratelimit-remaining")), (json!(40), Some("0")));
        assert_eq!(refused.header("retry-after"), Some("1800"));
        // As an operator looks them up.
        let count: String = redis.ask(&["GET", &format!("usage:{}:requests:2024-03-15-14", tenant.id)]).await;
        assert_eq!(count, "40");
        let tokens: i64 = redis.ask(&["GET", &format!("usage:{}:tokens:2024-03", tenant.id)]).await;
        assert_eq!(tokens, usage["usage"]["tokens_this_month"].as_i64().unwrap());
        let open: i64 = redis.ask(&["HLEN", &format!("usage:{}:reservations", tenant.id)]).await;
        let leases: i64 = redis.ask(&["ZCARD", "usage:leases"]).await;
        assert_eq!((open, leases), (0, 0));
    }

    async fn no_cap_is_passed_by_64_racing_executions(server: Server) {
        let (_redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up_as("user@acme.example", "enterprise").await;
        let agent_id = tenant.agent(&[]).await;
        for (quota, most, sum) in [("max_tokens_per_month", 900, "SUM(input_tokens + output_tokens)"), ("max_spend_per_month", 100_000, "SUM(cost_micros)")] {
            let cap = if quota == "max_tokens_per_month" { json!(most) } else { json!(0.1) };
            limit(&tenant, &servers, json!({ quota: cap })).await;
            let statuses = race(&tenant, &servers, &agent_id, 64, &json!({ "message": "Hello!", "max_output_tokens": 30 })).await;
            assert_eq!(count(&statuses, 200) + count(&statuses, 429), 64, "{statuses:?}");
            assert!(count(&statuses, 200) > 0 && count(&statuses, 429) > 0, "{statuses:?}");
            let used = ledger(&server, &tenant, sum).await;
            assert!(used <= most, "{used} of {most} for {quota}");
            let said = usage_at_rest(&tenant, &servers).await;
            assert_eq!((&said["usage"]["reserved_tokens"], &said["usage"]["concurrent_agents"]), (&json!(0), &json!(0)));
            assert_eq!(said["usage"]["requests_this_hour"], ledger(&server, &tenant, "COUNT(*)").await, "a refused request burns nothing");
            limit(&tenant, &servers, json!({ quota: null })).await;
        }
    }

    async fn slots_are_shared_and_free_as_soon_as_the_answer_is_there(server: Server) {
        let (_redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        limit(&tenant, &servers, json!({ "max_concurrent_agents": 1 })).await;
        for at in 0..10 {
            tenant.through(&servers[at % 2]).ask(&agent_id, "Hello!").await;
        }
        let gate = SettlementGate::close(&server.database).await;
        let running = tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future());
        usage_with(&tenant, &servers, |usage| usage["concurrent_agents"] == 1).await;
        let problem = tenant.through(&servers[1]).execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "quota_exceeded");
        assert_eq!(problem["quota"], "max_concurrent_agents");
        gate.open().await;
        running.await.unwrap().ok(200);
        tenant.through(&servers[1]).ask(&agent_id, "Hello!").await;
    }

    async fn without_redis_nothing_is_executed_and_all_else_works(server: Server) {
        let (mut redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up_as("user@acme.example", "enterprise").await;
        let agent_id = tenant.agent(&["create_ticket"]).await;
        tenant.ask(&agent_id, "Hello!").await;
        let before = usage(&tenant, &servers).await;
        redis.kill().await;
        for server in &servers {
            let tenant = tenant.through(server);
            for body in [json!({ "message": "Hello!" }), json!({ "message": "Hello!", "stream": true })] {
                let answer = tenant.execute(&agent_id, body).await;
                answer.problem(503, "quota_unavailable");
                assert!(answer.header("retry-after").is_some());
            }
            assert_eq!(tenant.usage().await, before, "by the database");
            tenant.get("/agents").await.ok(200);
            let document_id = tenant.document("Passwords", "Reset your password on the sign-in page.").await;
            tenant.delete(&format!("/documents/{document_id}")).await.no_content();
        }
        tenant.document("Kept", "Written while Redis was away.").await;
        redis.start_again().await;
        until("executions to go on", || async { (tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.status == 200).then_some(()) }).await;
        let after = usage(&tenant, &servers).await;
        assert_eq!(after["usage"]["requests_this_hour"], 2, "what Redis had forgotten was counted anew");
        assert_eq!(after["usage"]["tokens_this_month"], ledger(&server, &tenant, "SUM(input_tokens + output_tokens)").await);
        let stored = server.database.number(&format!(
            "SELECT CAST((SELECT SUM(bytes) FROM documents WHERE tenant_id = '{0}') + (SELECT SUM(OCTET_LENGTH(content)) FROM messages WHERE tenant_id = '{0}') AS BIGINT)", tenant.id)).await;
        until("storage to be counted anew", || async {
            let said = usage(&tenant, &servers).await["usage"]["storage_mb"].as_f64().unwrap();
            ((said * 1_000_000.0).round() as i64 == stored).then_some(())
        })
        .await;
    }

    async fn what_redis_forgets_or_remembers_wrongly_overspends_nothing(server: Server) {
        let (mut redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up_as("user@acme.example", "enterprise").await;
        let agent_id = tenant.agent(&[]).await;
        limit(&tenant, &servers, json!({ "max_requests_per_hour": 12, "max_tokens_per_month": 2_000 })).await;
        let body = json!({ "message": "Hello!", "max_output_tokens": 40 });
        // It comes back with what it had saved before most of the work.
        assert_eq!(count(&race(&tenant, &servers, &agent_id, 2, &body).await, 200), 2);
        let _: String = redis.ask(&["SAVE"]).await;
        assert_eq!(count(&race(&tenant, &servers, &agent_id, 6, &body).await, 200), 6);
        // One runs all the time, and holds what it holds.
        let gate = SettlementGate::close(&server.database).await;
        let running = tokio::spawn(tenant.execute(&agent_id, body.clone()).into_future());
        let said = usage_with(&tenant, &servers, |usage| usage["concurrent_agents"] == 1).await;
        let held = said["usage"]["reserved_tokens"].as_i64().unwrap();
        redis.kill().await;
        redis.start_again().await;
        let saved: String = redis.ask(&["GET", &format!("usage:{}:requests:2024-03-15-14", tenant.id)]).await;
        assert_eq!(saved, "2", "Redis says what was saved");
        let said = until("the counters to be loaded", || async {
            let said = tenant.through(&servers[1]).usage().await["usage"].clone();
            (said["requests_this_hour"] == 9).then_some(said)
        })
        .await;
        assert_eq!((&said["concurrent_agents"], &said["reserved_tokens"]), (&json!(1), &json!(held)));
        gate.open().await;
        running.await.unwrap().ok(200);
        // All of it is forgotten while requests race.
        let flush = async {
            for _ in 0..20 {
                let _: String = redis.ask(&["FLUSHALL"]).await;
                tokio::task::yield_now().await;
            }
        };
        let (statuses, ()) = tokio::join!(race(&tenant, &servers, &agent_id, 60, &body), flush);
        // 503: its reservation was forgotten before it had begun.
        assert!(statuses.iter().all(|status| [200, 429, 503].contains(status)), "{statuses:?}");
        let mut begun = ledger(&server, &tenant, "COUNT(*)").await;
        assert!(begun <= 12, "{begun} of 12 were let through");
        while begun < 12 {
            let status = tenant.execute(&agent_id, body.clone()).await.status.as_u16();
            assert!([200, 503].contains(&status), "{status} after {begun} of 12");
            begun += i64::from(status == 200);
        }
        tenant.execute(&agent_id, body).await.problem(429, "rate_limited");
        let said = usage_at_rest(&tenant, &servers).await;
        assert_eq!((&said["usage"]["requests_this_hour"], &said["usage"]["reserved_tokens"], &said["usage"]["concurrent_agents"]), (&json!(12), &json!(0), &json!(0)));
    }

    async fn a_dead_servers_slots_and_reservations_come_back(server: Server) {
        let (redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let usage_before = usage(&tenant, &servers).await["usage"].clone();
        let gate = SettlementGate::close(&server.database).await;
        drop(tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future()));
        usage_with(&tenant, &servers, |usage| usage["concurrent_agents"] == 1).await;
        // The first server is taken for dead by its heartbeat, and settled by the other; what it held ends with that.
        let later = server.now() + chrono::Duration::seconds(60);
        server.clock.set(later);
        gate.open().await;
        servers[1].app.runtime.beat().await.unwrap();
        usage_at_rest(&tenant, &servers).await;
        assert_eq!(ledger(&server, &tenant, "COUNT(*)").await, 1, "settled once");
        // A reservation without an execution, of a server that died between the two.
        let member = format!("{} exec-00000000000000000000", tenant.id);
        for command in [
            vec!["HSET", "reservations", "exec-00000000000000000000", "2024-03-15-14 2024-03 500 25000 100"],
            vec!["ZADD", "running", "1", "exec-00000000000000000000"],
            vec!["INCR", "requests:2024-03-15-14"],
        ] {
            let key = format!("usage:{}:{}", tenant.id, command[1]);
            let words: Vec<&str> = [command[0], &key].into_iter().chain(command[2..].iter().copied()).collect();
            let _: i64 = redis.ask(&words).await;
        }
        let _: i64 = redis.ask(&["HINCRBY", &format!("usage:{}:reserved:2024-03", tenant.id), "tokens", "500"]).await;
        let _: i64 = redis.ask(&["ZADD", "usage:leases", "1", &member]).await;
        let leaked = usage(&tenant, &servers).await["usage"].clone();
        assert_eq!((&leaked["concurrent_agents"], &leaked["reserved_tokens"], &leaked["requests_this_hour"]), (&json!(0), &json!(500), &json!(2)), "a slot ends with its lease, tokens do not");
        servers[1].app.runtime.beat().await.unwrap();
        let counted = usage(&tenant, &servers).await["usage"].clone();
        assert_eq!((&counted["concurrent_agents"], &counted["reserved_tokens"], &counted["requests_this_hour"]), (&json!(0), &json!(0), &json!(1)));
        assert_eq!(usage_before["storage_mb"], 0.0);
    }

    async fn a_further_round_is_reserved_or_ends_the_execution(server: Server) {
        let (mut redis, servers) = two(&server).await;
        let tenant = servers[0].sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&["create_ticket"]).await;
        let message = "Please open a ticket: my invoice is wrong.";
        let whole = tenant.ask(&agent_id, message).await;
        assert_eq!(whole["finish_reason"], "stop");
        let used = whole["tokens_used"].as_i64().unwrap();
        assert_eq!(usage(&tenant, &servers).await["usage"]["tokens_this_month"], used);
        // Room for the first round alone.
        let input = whole["usage"]["input_tokens"].as_i64().unwrap();
        limit(&tenant, &servers, json!({ "max_tokens_per_month": used + input / 2 + 60 })).await;
        let cut = tenant.execute(&agent_id, json!({ "message": message, "max_output_tokens": 60 })).await.ok(200);
        assert_eq!(cut["finish_reason"], "quota", "{cut}");
        let said = usage_at_rest(&tenant, &servers).await;
        assert!(said["usage"]["tokens_this_month"].as_i64() <= said["quota"]["max_tokens_per_month"].as_i64(), "{said}");
        assert_eq!(said["usage"]["reserved_tokens"], 0);
        // Redis loses everything between the rounds.
        limit(&tenant, &servers, json!({ "max_tokens_per_month": null })).await;
        let gate = ProgressGate::close(&server.database).await;
        let running = tokio::spawn(tenant.execute(&agent_id, json!({ "message": message })).into_future());
        usage_with(&tenant, &servers, |usage| usage["concurrent_agents"] == 1).await;
        redis.kill().await;
        redis.start_again().await;
        gate.open().await;
        assert_eq!(running.await.unwrap().ok(200)["finish_reason"], "stop");
        let said = usage_at_rest(&tenant, &servers).await;
        assert_eq!(said["usage"]["tokens_this_month"], ledger(&server, &tenant, "SUM(input_tokens + output_tokens)").await);
        assert_eq!((&said["usage"]["reserved_tokens"], &said["usage"]["concurrent_agents"]), (&json!(0), &json!(0)));
    }

    async fn hours_and_months_are_those_of_the_clock_also_where_it_goes_back(server: Server) {
        let (_redis, servers) = two(&server).await;
        server.set_clock("2024-02-29T23:59:59.999999Z");
        let tenant = servers[0].sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        limit(&tenant, &servers, json!({ "max_requests_per_hour": 2 })).await;
        let mut months = Vec::new();
        for time in ["2024-02-29T23:59:59.999999Z", "2024-03-01T00:00:00Z", "2024-02-29T23:30:00Z", "2024-03-01T00:30:00Z", "2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z"] {
            server.set_clock(time);
            let used = tenant.through(&servers[months.len() % 2]).ask(&agent_id, "Hello!").await["tokens_used"].as_i64().unwrap();
            months.push((time[..7].to_owned(), used));
            let this_month: i64 = months.iter().filter(|(month, _)| *month == time[..7]).map(|(_, used)| used).sum();
            assert_eq!(usage(&tenant, &servers).await["usage"]["tokens_this_month"], this_month, "{time}");
        }
        for time in ["2024-02-29T23:45:00Z", "2024-03-01T00:45:00Z"] {
            server.set_clock(time);
            assert_eq!(usage(&tenant, &servers).await["usage"]["requests_this_hour"], 2, "{time}");
            tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(429, "rate_limited");
        }
    }

    async fn a_key_given_to_two_servers_is_executed_once(server: Server) {
        let (_redis, servers) = two(&server).await;
        let tenant = Arc::new(servers[0].sign_up_as("user@acme.example", "enterprise").await);
        let agent_id = tenant.agent(&[]).await;
        let calls = (0..30).map(|at| {
            let call = tenant.through(&servers[at % 2]).execute(&agent_id, json!({ "message": "Hello!" }));
            tokio::spawn(call.once(&format!("one-of-three-keys-{}", at % 3)).into_future())
        });
        let answers: Vec<_> = join_all(calls).await.into_iter().map(|answer| answer.unwrap()).collect();
        let mut executions: Vec<_> = answers.iter().map(|answer| answer.ok(200)["execution_id"].clone().to_string()).collect();
        executions.sort_unstable();
        executions.dedup();
        assert_eq!(executions.len(), 3);
        let said = usage_at_rest(&tenant, &servers).await;
        assert_eq!((&said["usage"]["requests_this_hour"], &said["usage"]["concurrent_agents"], &said["usage"]["reserved_tokens"]), (&json!(3), &json!(0), &json!(0)));
    }
}
