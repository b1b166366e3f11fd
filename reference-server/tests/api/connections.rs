//! What happens to an execution when a connection or the server goes away.

use std::{sync::Arc, time::Duration};

use agent_platform_server::clock::Clock;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::harness::{
    Backend, Binary, Database, Server, binary,
    gate::{BeginningGate, SettlementGate},
    on_both,
    server::id,
    sse, until, wire,
};

/// Asks the server until the execution has ended.
async fn ended(server: &Binary, key: &str, execution_id: &str) -> Value {
    until("the execution to end", || async {
        let execution = server.get(&format!("/executions/{execution_id}"), key).await.ok(200);
        (execution["status"] != "running").then_some(execution)
    })
    .await
}

/// Makes a test of the real binary on each database.
macro_rules! binary_on_both {
    ($(async fn $name:ident($database:ident: Arc<Database>) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn promise($database: Arc<Database>) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                binary::with_database(Backend::Sqlite, promise).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                binary::with_database(Backend::Postgres, promise).await;
            }
        }
    )+};
}

binary_on_both! {
    async fn a_stream_arrives_as_it_is_made(database: Arc<Database>) {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        let gate = SettlementGate::close(&database).await;
        let path = format!("/agents/{agent_id}/execute");
        let mut stream = wire::send(server.address, "POST", &path, &key, &json!({ "message": "Hello!", "stream": true })).await;
        let mut text = String::new();
        while !text.contains("message.delta") {
            text.push_str(std::str::from_utf8(&stream.next().await.unwrap()).unwrap());
        }
        assert!(sse::frames(&text).iter().all(|frame| !frame.is_terminal()), "the end is not told before it is durable");
        gate.open().await;
        text.push_str(std::str::from_utf8(&stream.rest().await).unwrap());
        let frames = sse::whole_stream(&text);
        assert_eq!(frames.last().unwrap().data["response"]["message"], sse::streamed_text(&frames));
    }

    async fn a_client_that_leaves_does_not_stop_the_execution(database: Arc<Database>) {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        let gate = SettlementGate::close(&database).await;
        let (stream, execution_id) = server.stream(&key, &agent_id, json!({ "message": "Hello!" })).await;
        drop(stream);
        gate.open().await;
        let execution = ended(&server, &key, &execution_id).await;
        assert_eq!(execution["status"], "completed");
        let usage = server.get("/usage", &key).await.ok(200);
        assert_eq!(usage["usage"]["tokens_this_month"], execution["tokens_used"], "it is settled all the same");
    }

    async fn sigterm_lets_what_runs_end_and_takes_nothing_new(database: Arc<Database>) {
        let mut server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        let gate = SettlementGate::close(&database).await;
        let (mut stream, _) = server.stream(&key, &agent_id, json!({ "message": "Hello!" })).await;
        server.terminate().await;
        until("the server to take no new connection", || async {
            tokio::net::TcpStream::connect(server.address).await.is_err().then_some(())
        })
        .await;
        // Longer than the moment that it gives to connections after the last execution.
        assert!(!server.ends_within(Duration::from_secs(2)).await, "an execution runs");
        gate.open().await;
        let rest = stream.rest().await;
        let frames = sse::frames(std::str::from_utf8(&rest).unwrap());
        assert_eq!(frames.last().unwrap().event, "execution.completed");
        assert!(server.ended().await, "it ends with status 0");
        assert_eq!(database.number("SELECT COUNT(*) FROM instances").await, 0, "it has signed off");
        assert_eq!(database.number("SELECT COUNT(*) FROM ledger WHERE status = 'completed'").await, 1);
    }

    async fn what_a_killed_server_ran_is_settled_by_the_next(database: Arc<Database>) {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        let gate = SettlementGate::close(&database).await;
        let (_stream, execution_id) = server.stream(&key, &agent_id, json!({ "message": "Hello!" })).await;
        server.kill().await;
        gate.open().await;

        let clock = Clock::held_at(Utc::now());
        let next = Server::over(database.clone(), clock.clone()).await;
        let path = format!("/executions/{execution_id}");
        assert_eq!(next.get(&path).key(&key).await.ok(200)["status"], "running", "its owner may only be slow");
        clock.set(Utc::now() + TimeDelta::seconds(31));
        next.app.runtime.beat().await.unwrap();
        next.app.runtime.beat().await.unwrap();
        let execution = next.get(&path).key(&key).await.ok(200);
        assert_eq!((&execution["status"], &execution["error"]["code"]), (&json!("failed"), &json!("interrupted")));
        assert_eq!(execution["usage"]["estimated"], true);
        let tokens = execution["tokens_used"].as_i64().unwrap();
        assert!(tokens > 0, "the input of its first round is charged");
        assert_eq!(database.number("SELECT COUNT(*) FROM ledger").await, 1);
        let usage = next.get("/usage").key(&key).await.ok(200);
        let counted = ["tokens_this_month", "concurrent_agents", "reserved_tokens"].map(|field| usage["usage"][field].as_i64().unwrap());
        assert_eq!(counted, [tokens, 0, 0]);
        assert_eq!(next.get(&format!("/conversations/{}", id(&execution, "conversation_id"))).key(&key).await.ok(200)["messages"], json!([]));
        next.app.store.close().await;
    }

    async fn a_stream_that_a_killed_server_sent_is_played_on_by_the_next(database: Arc<Database>) {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        let gate = SettlementGate::close(&database).await;
        let (mut stream, execution_id) = server.stream(&key, &agent_id, json!({ "message": "Hello!" })).await;
        let path = format!("/executions/{execution_id}");
        let stored = until("its progress to be stored", || async {
            let execution = server.get(&path, &key).await.ok(200);
            (execution["message"] != "").then_some(execution)
        })
        .await;
        let mut sent = stream.begun.clone();
        while sse::streamed_text(&sse::frames(&sent)) != stored["message"].as_str().unwrap() {
            sent.push_str(std::str::from_utf8(&stream.next().await.unwrap()).unwrap());
        }
        let last_sent = sse::frames(&sent).last().unwrap().id;
        server.kill().await;
        gate.open().await;

        let next = Server::over(database.clone(), Clock::held_at(Utc::now() + TimeDelta::seconds(31))).await;
        next.app.runtime.beat().await.unwrap();
        let execution = next.get(&path).key(&key).await.ok(200);
        assert_eq!((&execution["status"], &execution["error"]["code"]), (&json!("failed"), &json!("interrupted")));
        for field in ["message", "tokens_used", "cost", "steps"] {
            assert_eq!(execution[field], stored[field], "{field} as it was last stored");
        }
        assert_eq!(execution["usage"]["estimated"], true);
        let events = || next.get(&format!("{path}/events")).key(&key);
        let played = events().await;
        let end = played.text().strip_prefix(&sent).expect("what was sent is played again to the byte");
        let terminal = sse::frames(end).pop().unwrap();
        assert_eq!((terminal.event.as_str(), &terminal.data["error"]["code"]), ("execution.failed", &json!("interrupted")));
        assert_eq!((&terminal.data["partial_message"], &terminal.data["usage"]), (&stored["message"], &execution["usage"]));
        assert!(terminal.id > last_sent + 1, "ids were reserved that the dead server may have used: {}", terminal.id);
        let last_event_id = http::HeaderName::from_static("last-event-id");
        assert_eq!(events().header(last_event_id, &last_sent.to_string()).await.text(), end);
        assert_eq!(database.number("SELECT COUNT(*) FROM ledger").await, 1);
        next.app.store.close().await;
    }

    async fn a_body_that_stops_half_way_is_refused(database: Arc<Database>) {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        let head = format!("POST /agents/{agent_id}/execute HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n");
        for body in ["Content-Length: 100\r\n\r\n{\"message\": \"Hel", "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"message\": \"Hel"] {
            let answer = wire::raw(server.address, &format!("{head}{body}")).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
            assert!(answer.contains("application/problem+json") && answer.contains("stopped before its end"), "{answer}");
        }
        assert_eq!(server.get("/executions", &key).await.ok(200)["data"], json!([]));
    }
}

on_both! {
    async fn a_call_that_is_dropped_leaves_no_transaction_open(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let path = format!("/agents/{}", tenant.agent(&[]).await);
        // The shortest last: a later call that comes to its end would close what an earlier one left.
        for round in (0..100).rev() {
            let calls = [tenant.get(&path), tenant.patch(&path, json!({ "name": format!("{round}") }))];
            let dropped = calls.map(|call| tokio::time::timeout(Duration::from_micros(40 * round), call.into_future()));
            futures_util::future::join_all(dropped).await;
        }
        if server.database.backend == Backend::Postgres {
            let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
            until("every transaction to end", || async { (server.database.number(open).await == 0).then_some(()) }).await;
        }
        // Who holds a lock would keep this from getting its own.
        BeginningGate::close(&server.database).await.open().await;
        tenant.patch(&path, json!({ "name": "last" })).await.ok(200);
    }

    /// The call still waits for the database when its client leaves.
    async fn a_client_that_leaves_can_have_asked_for_the_end(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&["search_kb"]).await;
        tenant.usage().await;
        for (count, (on_disconnect, status)) in (1..).zip([("cancel", "cancelled"), ("continue", "completed")]) {
            let gate = BeginningGate::close(&server.database).await;
            let body = json!({ "message": "How do I reset my password?", "on_disconnect": on_disconnect });
            let call = tokio::spawn(tenant.execute(&agent_id, body).into_future());
            until("its reservation", || async { (tenant.usage().await["usage"]["concurrent_agents"] == 1).then_some(()) }).await;
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
            gate.open().await;
            let execution = until("its end", || async {
                let listed = tenant.get("/executions").await.ok(200);
                let executions = listed["data"].as_array().unwrap();
                executions.first().filter(|newest| executions.len() == count && newest["status"] != "running").cloned()
            })
            .await;
            assert_eq!(execution["status"], status, "{execution}");
            assert_eq!(execution["tokens_used"].as_i64().unwrap() > 0, status == "completed", "what was not begun costs nothing: {execution}");
            until("its slot to be free", || async {
                let usage = tenant.usage().await;
                (usage["usage"]["concurrent_agents"] == 0 && usage["usage"]["reserved_tokens"] == 0).then_some(())
            })
            .await;
            server.clock.set(server.now() + TimeDelta::minutes(1));
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger").await, 2);
    }
}

/// A lock on the tickets holds a tool in the middle of its work while the socket closes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_socket_cancels_what_asked_for_it_on_postgres() {
    binary::with_database(Backend::Postgres, |database: Arc<Database>| async move {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &["create_ticket"]).await;
        let mut behind = database.behind().await;
        behind.execute("BEGIN; LOCK TABLE tickets IN SHARE ROW EXCLUSIVE MODE").await.unwrap();
        let body = json!({ "message": "Please open a ticket: my invoice is wrong.", "on_disconnect": "cancel" });
        let (mut stream, execution_id) = server.stream(&key, &agent_id, body).await;
        let mut text = stream.begun.clone();
        while !text.contains("tool.called") {
            text.push_str(std::str::from_utf8(&stream.next().await.unwrap()).unwrap());
        }
        drop(stream);
        let execution = ended(&server, &key, &execution_id).await;
        assert_eq!(execution["status"], "cancelled");
        assert!(
            execution["tokens_used"].as_i64().unwrap() > 0,
            "the round that called the tool is charged: {execution}"
        );
        behind.execute("COMMIT").await.unwrap();
        assert_eq!(server.get("/tickets", &key).await.ok(200)["data"], json!([]), "the cancelled tool wrote nothing");
    })
    .await;
}

/// Before anything is made in it: in Czech, `ch` comes behind `h`.
#[tokio::test]
async fn a_database_in_which_ids_do_not_sort_by_age_is_refused_on_postgres() {
    let database = Database::new(Backend::Postgres).await;
    let url = database.url_for("postgres");
    let (path, socket) = url.split_once('?').unwrap();
    let name = path.rsplit('/').next().unwrap();
    let czech = format!("{name}_czech");
    let create = format!(
        "CREATE DATABASE {czech} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'cs'"
    );
    database.execute(&create).await.unwrap();
    let mut serve = binary::command(&["serve", "--bind", "127.0.0.1:0"]);
    serve.env("AGENT_PLATFORM_DATABASE_URL", format!("{}?{socket}", path.replace(name, &czech)));
    let line = binary::one_line_of_failure(&binary::run(&mut serve).await);
    assert!(line.contains(&czech) && line.contains("LC_COLLATE 'C'"), "{line}");
    database.execute(&format!("DROP DATABASE {czech}")).await.unwrap();
}
