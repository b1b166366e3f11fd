//! Real servers beside each other on one database: one that counts by itself sits there alone, those with one Redis sit together.

use std::{process::Stdio, sync::Arc};

use agent_platform_server::{
    clock::hour_of,
    store::seat::{Company, Seat},
};
use chrono::Utc;
use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::harness::{
    Backend, Binary, Database, Redis, binary,
    gate::ProgressGate,
    server::{self, OPERATOR_KEY},
    wire,
};

/// `agent-platform serve` on this database, with this Redis.
fn serve(database: &Database, redis: Option<&Redis>) -> tokio::process::Command {
    let mut serve = binary::command(&["serve", "--bind", "127.0.0.1:0"]);
    serve.env("AGENT_PLATFORM_DATABASE_URL", database.url_text()).env("AGENT_PLATFORM_OPERATOR_KEY", OPERATOR_KEY);
    if let Some(redis) = redis {
        serve.env("AGENT_PLATFORM_REDIS_URL", redis.url());
    }
    serve
}

async fn a_second_server_waits_for_the_first(database: Arc<Database>) {
    let first = Binary::listening(&mut serve(&database, None)).await;
    let key = first.sign_up("user@acme.example").await;
    let mut second = serve(&database, None);
    let mut second = second.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(second.stderr.take().unwrap()).lines();
    let line = log.next_line().await.unwrap().unwrap();
    assert!(line.contains("another server works on this database") && line.contains("30 s"), "{line}");
    let mut output = BufReader::new(second.stdout.take().unwrap()).lines();
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), output.next_line()).await.is_err(), "it waits");
    first.get("/agents", &key).await.ok(200);
    first.terminate().await;
    assert!(first.ended().await);
    assert!(output.next_line().await.unwrap().unwrap().contains("ready"), "it goes on as soon as the other has left");
}

async fn with_redis_servers_sit_together_and_no_other_beside_them(database: Arc<Database>) {
    let redis = Redis::start().await;
    let (mut one, mut other) = (serve(&database, Some(&redis)), serve(&database, Some(&redis)));
    let servers = [Binary::listening(&mut one).await, Binary::listening(&mut other).await];
    let url = database.url();
    assert!(Seat::take(&url, Company::None).await.unwrap().is_none(), "not one that counts by itself");
    assert!(Seat::take(&url, Company::Sharing).await.unwrap().is_some());
    let key = servers[0].sign_up("user@acme.example").await;
    servers[1].get("/agents", &key).await.ok(200);
    for server in servers {
        server.terminate().await;
        assert!(server.ended().await);
    }
    let alone = Seat::take(&url, Company::None).await.unwrap();
    assert!(alone.is_some(), "once both have left");
    assert!(Seat::take(&url, Company::Sharing).await.unwrap().is_none());
}

async fn a_server_that_joins_settles_nothing_of_the_others(database: Arc<Database>) {
    let redis = Redis::start().await;
    let first = Binary::listening(&mut serve(&database, Some(&redis))).await;
    let key = first.sign_up("user@acme.example").await;
    let searching = first.agent(&key, &["search_kb"]).await;
    let gate = ProgressGate::close(&database).await;
    let body = json!({ "message": "How do I reset my password?" });
    let (mut stream, execution_id) = first.stream(&key, &searching, body).await;
    let second = Binary::listening(&mut serve(&database, Some(&redis))).await;
    let path = format!("/executions/{execution_id}");
    assert_eq!(second.get(&path, &key).await.ok(200)["status"], "running");
    gate.open().await;
    stream.rest().await;
    assert_eq!(second.get(&path, &key).await.ok(200)["status"], "completed");
}

/// 1,100 requests from 100 connections against a limit of 1,000, over these servers in turn.
async fn of_1100_requests_1000_succeed(servers: Vec<Binary>) {
    let key = servers[0].sign_up("user@acme.example").await;
    let tenant_id = server::id(&servers[0].get("/usage", &key).await.ok(200), "tenant_id");
    let agent_id = servers[0].agent(&key, &[]).await;
    let apart = json!({ "quota": { "max_requests_per_hour": 1_000, "max_tokens_per_month": 1_000_000_000, "max_spend_per_month": 1_000_000,
        "max_concurrent_agents": 1_000, "max_storage_mb": 1_000 } });
    servers[0].call("PATCH", &format!("/admin/tenants/{tenant_id}"), OPERATOR_KEY, apart).await.ok(200);
    let hour = hour_of(Utc::now());
    let connections = (0..100).map(|at| {
        let (address, path, key) =
            (servers[at % servers.len()].address, format!("/agents/{agent_id}/execute"), key.clone());
        let body = json!({ "message": "Hello!", "max_output_tokens": 20 });
        tokio::spawn(async move { wire::repeat(address, &path, &key, &body, 11).await })
    });
    let answers: Vec<_> = join_all(connections).await.into_iter().flat_map(|answers| answers.unwrap()).collect();
    let (succeeded, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    if hour_of(Utc::now()) != hour {
        // Once in some thousand runs the hour ends meanwhile, and the next one has a thousand of its own.
        return;
    }
    assert_eq!((succeeded.len(), refused.len()), (1_000, 100));
    for answer in refused {
        let problem = answer.problem(429, "rate_limited");
        assert_eq!(
            (&problem["quota"], &problem["limit"], &problem["used"]),
            (&json!("max_requests_per_hour"), &json!(1_000), &json!(1_000))
        );
        assert!(problem["detail"].as_str().unwrap().contains("rate limit"));
        let seconds: i64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3_600).contains(&seconds));
        let remaining = (answer.header("x-ratelimit-limit"), answer.header("x-ratelimit-remaining"));
        assert_eq!(remaining, (Some("1000"), Some("0")));
    }
    for server in &servers {
        let usage = server.get("/usage", &key).await.ok(200)["usage"].clone();
        assert_eq!(
            (&usage["requests_this_hour"], &usage["concurrent_agents"], &usage["reserved_tokens"]),
            (&json!(1_000), &json!(0), &json!(0))
        );
    }
}

async fn one_server(database: Arc<Database>) {
    of_1100_requests_1000_succeed(vec![Binary::listening(&mut serve(&database, None)).await]).await;
}

async fn two_servers(database: Arc<Database>) {
    let redis = Redis::start().await;
    let (mut one, mut other) = (serve(&database, Some(&redis)), serve(&database, Some(&redis)));
    of_1100_requests_1000_succeed(vec![Binary::listening(&mut one).await, Binary::listening(&mut other).await]).await;
}

macro_rules! on_both_with_the_binary {
    ($($name:ident => $test:ident;)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                binary::with_database(Backend::Sqlite, $test).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                binary::with_database(Backend::Postgres, $test).await;
            }
        }
    )*};
}

on_both_with_the_binary! {
    waits => a_second_server_waits_for_the_first;
    joins => a_server_that_joins_settles_nothing_of_the_others;
    sits_together => with_redis_servers_sit_together_and_no_other_beside_them;
    a_thousand_of_1100_at_one_server => one_server;
    a_thousand_of_1100_at_two_servers => two_servers;
}
