//! An execution that is asked for again under its `Idempotency-Key` runs once, is billed once, and answers each time.

use std::sync::Arc;

use agent_platform_server::clock::Clock;
use chrono::{TimeDelta, Utc};
use http::header;
use serde_json::json;

use crate::harness::{
    Answer, Backend, Binary, Call, Database, Server, Tenant, binary,
    gate::{BeginningGate, ProgressGate, SettlementGate},
    on_both,
    server::id,
    until,
};

const KEY: &str = "a-key";

fn hello(tenant: &Tenant, agent_id: &str) -> Call {
    tenant.execute(agent_id, json!({ "message": "Hello!" })).once(KEY)
}

/// Waits until so many executions are running.
async fn running(server: &Server, count: i64) {
    until("executions to run", || async {
        let found = server.database.number("SELECT COUNT(*) FROM executions WHERE status = 'running'").await;
        (found == count).then_some(())
    })
    .await;
}

async fn ledger(database: &Database) -> i64 {
    database.number("SELECT COUNT(*) FROM ledger").await
}

#[track_caller]
fn interrupted(answer: &Answer) {
    answer.problem(503, "interrupted");
    assert!(answer.is_replayed(), "{}", answer.text());
    assert_eq!(answer.header("x-should-retry"), Some("false"));
}

on_both! {
    async fn an_answer_is_replayed_as_json_and_as_events(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let first = hello(&tenant, &agent_id).await;
        first.ok(200);
        hello(&tenant, &agent_id).await.replays(&first);
        for call in [
            hello(&tenant, &agent_id).accept("text/event-stream"),
            tenant.execute(&agent_id, json!({ "message": "Hello!", "stream": true })).once(KEY),
        ] {
            let events = call.await;
            assert!(events.is_replayed());
            assert_eq!(events.events().last().unwrap().data["response"], first.ok(200));
        }
        tenant.execute(&agent_id, json!({ "message": "Good morning!" })).once(KEY).await.problem(422, "idempotency_key_reused");
        let other = tenant.agent(&[]).await;
        hello(&tenant, &other).await.problem(422, "idempotency_key_reused");
        assert_eq!((ledger(&server.database).await, &tenant.usage().await["usage"]["requests_this_hour"]), (1, &json!(1)));
    }

    async fn what_was_streamed_is_replayed_as_json(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let first = hello(&tenant, &agent_id).header(header::ACCEPT, "text/event-stream").await;
        let answer = hello(&tenant, &agent_id).await;
        assert!(answer.is_replayed() && !first.is_replayed());
        assert_eq!(first.events().last().unwrap().data["response"], answer.ok(200));
        assert_eq!(ledger(&server.database).await, 1);
    }

    async fn a_retry_attaches_to_what_runs(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        // On another server as well.
        let elsewhere = tenant.through(&server.replica().await);
        let gate = SettlementGate::close(&server.database).await;
        // Whoever follows such an execution is counted.
        let ask = |tenant: &Tenant| tenant.execute(&agent_id, json!({ "message": "Hello!", "on_disconnect": "cancel" })).once(KEY);
        let first = tokio::spawn(ask(&tenant).into_future());
        running(&server, 1).await;
        let again = [&tenant, &tenant, &elsewhere].map(|tenant| tokio::spawn(ask(tenant).into_future()));
        let streams = [&tenant, &elsewhere].map(|tenant| tokio::spawn(ask(tenant).accept("text/event-stream").into_future()));
        until("the retries to wait", || async { (server.app.runtime.running.attending() == 4).then_some(()) }).await;
        gate.open().await;
        let first = first.await.unwrap();
        for answer in again {
            answer.await.unwrap().replays(&first);
        }
        for events in streams {
            assert_eq!(events.await.unwrap().events().last().unwrap().data["response"], first.ok(200));
        }
        assert_eq!(ledger(&server.database).await, 1);
        let usage = tenant.usage().await;
        let counted = ["requests_this_hour", "concurrent_agents", "reserved_tokens"].map(|field| usage["usage"][field].as_i64().unwrap());
        assert_eq!(counted, [1, 0, 0], "who lost the key gave back what it had reserved");
        elsewhere.app.store.close().await;
    }

    /// In one batch of the journal there are winners and losers of many keys, and requests without any.
    async fn of_many_at_once_each_key_runs_once(server: Server) {
        let tenant = server.sign_up_as("user@acme.example", "enterprise").await;
        let agent_id = tenant.agent(&[]).await;
        let calls = (0..60).map(|i| hello(&tenant, &agent_id).once(&format!("key-{}", i % 12)).into_future());
        let keyless = (0..6).map(|_| tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future());
        let answers = futures_util::future::join_all(calls.chain(keyless)).await;
        let mut executions: Vec<_> = answers.iter().map(|answer| id(&answer.ok(200), "execution_id")).collect();
        for i in 0..60 {
            assert_eq!(answers[i].body, answers[i % 12].body);
        }
        assert_eq!(answers.iter().filter(|answer| !answer.is_replayed()).count(), 18);
        executions.sort();
        executions.dedup();
        assert_eq!((executions.len(), ledger(&server.database).await), (18, 18));
        let conversations = "SELECT COUNT(*) FROM conversations";
        assert_eq!(server.database.number(conversations).await, 18, "who lost left nothing behind");
    }

    async fn a_known_key_is_answered_where_a_new_one_would_be_refused(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let first = hello(&tenant, &agent_id).await;
        server.limit(&tenant, json!({ "max_requests_per_hour": 1, "max_concurrent_agents": 0 })).await;
        hello(&tenant, &agent_id).await.replays(&first);
        // What is refused is not kept: the key is as good as new.
        hello(&tenant, &agent_id).once("another").await.problem(429, "rate_limited");
        server.limit(&tenant, json!({ "max_requests_per_hour": 3, "max_concurrent_agents": 1 })).await;
        assert!(!hello(&tenant, &agent_id).once("another").await.is_replayed());
        tenant.delete(&format!("/conversations/{}", id(&first.ok(200), "conversation_id"))).await.no_content();
        tenant.delete(&format!("/agents/{agent_id}")).await.no_content();
        hello(&tenant, &agent_id).await.replays(&first);
        hello(&tenant, &agent_id).once("a third").await.problem(404, "not_found");
        assert_eq!(ledger(&server.database).await, 2);
    }

    async fn a_key_runs_anew_after_a_day(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let first = hello(&tenant, &agent_id).await;
        server.set_clock("2024-03-16T14:30:00Z");
        let second = hello(&tenant, &agent_id).await;
        assert!(!second.is_replayed());
        assert_ne!(id(&second.ok(200), "execution_id"), id(&first.ok(200), "execution_id"));
        hello(&tenant, &agent_id).await.replays(&second);
    }

    async fn a_failure_is_replayed_and_not_to_be_tried_again(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        hello(&tenant, &agent_id).await.ok(200);
        let failed = "UPDATE executions SET status = 'failed', problem = '{\"type\": \"urn:agent-platform:problem:provider_failed\", \"title\": \"T\", \
            \"status\": 502, \"detail\": \"D\", \"code\": \"provider_failed\", \"request_id\": \"req-00000000000000000000\"}'";
        server.database.execute(failed).await.unwrap();
        let again = hello(&tenant, &agent_id).await;
        // `problem` holds the request's id to be this request's.
        again.problem(502, "provider_failed");
        assert_eq!((again.is_replayed(), again.header("x-should-retry")), (true, Some("false")));
        server.database.execute("UPDATE executions SET status = 'cancelled', problem = NULL").await.unwrap();
        let again = hello(&tenant, &agent_id).await;
        again.problem(409, "cancelled");
        assert_eq!((again.is_replayed(), again.header("x-should-retry")), (true, Some("false")));
    }

    async fn what_ends_with_its_client_waits_for_a_retry(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (gate, ask) = before_its_tool(&server, &tenant).await;
        leave(&server, ask()).await;
        later(&server, 14).await;
        let retry = tokio::spawn(ask().into_future());
        until("the retry to attach", || async { (server.app.runtime.running.attending() == 1).then_some(()) }).await;
        later(&server, 60).await;
        gate.open().await;
        let answer = retry.await.unwrap();
        answer.ok(200);
        assert!(answer.is_replayed());
        assert_eq!(ledger(&server.database).await, 1);
    }

    async fn what_ends_with_its_client_ends_when_nobody_comes_back(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (gate, ask) = before_its_tool(&server, &tenant).await;
        leave(&server, ask()).await;
        later(&server, 15).await;
        until("the cancellation", || async {
            (tenant.get("/executions").await.ok(200)["data"][0]["status"] == "cancelled").then_some(())
        })
        .await;
        gate.open().await;
        let late = ask().await;
        late.problem(409, "cancelled");
        assert_eq!((late.is_replayed(), late.header("x-should-retry")), (true, Some("false")));
        assert_eq!(ledger(&server.database).await, 1);
    }
}

/// How to ask for an execution that ends with its client, and waits before its tool.
async fn before_its_tool<'a>(server: &'a Server, tenant: &Tenant) -> (ProgressGate<'a>, impl Fn() -> Call) {
    let (tenant, agent_id) = (tenant.clone(), tenant.agent(&["search_kb"]).await);
    let body = json!({ "message": "How do I reset my password?", "on_disconnect": "cancel" });
    (ProgressGate::close(&server.database).await, move || tenant.execute(&agent_id, body.clone()).once(KEY))
}

/// Goes away once the execution runs.
async fn leave(server: &Server, call: Call) {
    let call = tokio::spawn(call.into_future());
    running(server, 1).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
}

async fn later(server: &Server, seconds: i64) {
    server.clock.set(server.now() + TimeDelta::seconds(seconds));
    server.app.runtime.look_after().await.unwrap();
}

/// A server that was killed, and what its clients are told by the next.
async fn with_killed<F: Future<Output = ()>>(
    backend: Backend,
    test: impl FnOnce(Arc<Database>, Binary, String, String) -> F,
) {
    binary::with_database(backend, |database: Arc<Database>| async move {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        test(database, server, key, agent_id).await;
    })
    .await;
}

macro_rules! killed_on_both {
    ($(async fn $name:ident($database:ident, $server:ident, $key:ident, $agent_id:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn promise($database: Arc<Database>, $server: Binary, $key: String, $agent_id: String) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                with_killed(Backend::Sqlite, promise).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                with_killed(Backend::Postgres, promise).await;
            }
        }
    )+};
}

killed_on_both! {
    async fn killed_before_the_commit_it_runs_when_it_is_asked_for_again(database, server, key, agent_id) {
        server.get("/usage", &key).await.ok(200);
        let gate = BeginningGate::close(&database).await;
        let path = format!("/agents/{agent_id}/execute");
        let address = server.address;
        let first = tokio::spawn({
            let (key, path) = (key.clone(), path.clone());
            async move { crate::harness::wire::try_send_once(address, &path, (&key, KEY), &json!({ "message": "Hello!" })).await }
        });
        until("its reservation", || async {
            (server.get("/usage", &key).await.ok(200)["usage"]["concurrent_agents"] == 1).then_some(())
        })
        .await;
        server.kill().await;
        assert!(!first.await.unwrap(), "nothing was answered");
        gate.open().await;
        let next = Binary::serve(&database).await;
        let answer = next.execute_once(&key, &agent_id, KEY).await;
        answer.ok(200);
        assert!(!answer.is_replayed());
        next.execute_once(&key, &agent_id, KEY).await.replays(&answer);
        assert_eq!(ledger(&database).await, 1);
    }

    async fn killed_after_the_end_it_is_answered_when_it_is_asked_for_again(database, server, key, agent_id) {
        let first = server.execute_once(&key, &agent_id, KEY).await;
        first.ok(200);
        server.kill().await;
        let next = Binary::serve(&database).await;
        next.execute_once(&key, &agent_id, KEY).await.replays(&first);
        assert_eq!(ledger(&database).await, 1);
    }

    async fn killed_in_the_middle_it_failed_and_is_not_run_again(database, server, key, agent_id) {
        let gate = SettlementGate::close(&database).await;
        let path = format!("/agents/{agent_id}/execute");
        let body = json!({ "message": "Hello!", "stream": true });
        let mut stream = crate::harness::wire::send_once(server.address, "POST", &path, (&key, Some(KEY)), &body).await;
        stream.next().await.expect("a stream begins");
        server.kill().await;
        gate.open().await;
        if database.backend == Backend::Sqlite {
            // The next server is the only one, so it knows at once.
            let next = Binary::serve(&database).await;
            assert_eq!(ledger(&database).await, 1, "it is settled before the server is ready");
            interrupted(&next.execute_once(&key, &agent_id, KEY).await);
            interrupted(&next.execute_once(&key, &agent_id, KEY).await);
        } else {
            // The other could live: it is waited for until it is taken for gone.
            let next = Server::over(database.clone(), Clock::held_at(Utc::now())).await;
            let call = || next.post(&path, json!({ "message": "Hello!" })).key(&key).once(KEY);
            let again = tokio::spawn(call().into_future());
            next.clock.set(Utc::now() + TimeDelta::seconds(31));
            next.app.runtime.beat().await.unwrap();
            next.app.runtime.beat().await.unwrap();
            interrupted(&again.await.unwrap());
            interrupted(&call().await);
            next.app.store.close().await;
        }
        assert_eq!(ledger(&database).await, 1);
    }
}
