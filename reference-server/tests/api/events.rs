//! The events of an execution, played again: from memory while it runs, from the store afterwards and on other servers.

use http::header::{ACCEPT, HeaderName};
use serde_json::{Value, json};

use crate::harness::{
    Answer, Call, Server, Tenant,
    gate::{ProgressGate, SettlementGate},
    on_both,
    server::id,
    sse, until,
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const QUESTION: &str = "How do I reset my password?";

/// An agent with tools, and documents with all sorts of characters; scores of search results are fractions.
async fn searching(tenant: &Tenant) -> String {
    tenant
        .document(
            "Passwort \u{1F511}",
            "Reset your password: \u{201e}Zur\u{fc}cksetzen\u{201c} \u{2192} \"Forgot\"\\\n\tWe mail a link \u{1F4E7}.",
        )
        .await;
    tenant.document("Passwords", "A password has twelve characters; reset it each year.").await;
    tenant.agent(&["search_kb", "create_ticket"]).await
}

fn events(tenant: &Tenant, execution_id: &str) -> Call {
    tenant.get(&format!("/executions/{execution_id}/events"))
}

fn events_after(tenant: &Tenant, execution_id: &str, last_event_id: &str) -> Call {
    events(tenant, execution_id).header(LAST_EVENT_ID, last_event_id)
}

async fn streamed(tenant: &Tenant, agent_id: &str, message: &str) -> (String, String) {
    let answer = tenant.execute(agent_id, json!({ "message": message, "stream": true })).await;
    let execution_id = id(&answer.events()[0].data, "execution_id");
    (answer.text().to_owned(), execution_id)
}

async fn running(tenant: &Tenant) -> String {
    let running = || async { tenant.get("/executions?status=running").await.ok(200)["data"].get(0).cloned() };
    id(&until("it to run", running).await, "execution_id")
}

/// The part of a stream behind this event.
fn behind(text: &str, last_event_id: u64) -> &str {
    text.find(&format!("id: {}\n", last_event_id + 1)).map_or("", |at| &text[at..])
}

on_both! {
    async fn a_stream_is_played_again_to_the_byte_from_any_event(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = searching(&tenant).await;
        let test_key = tenant.post("/api-keys", json!({ "mode": "test" })).await.ok(201)["api_key"].as_str().unwrap().to_owned();
        let replica = server.replica().await;
        for (asking, message) in [
            (tenant.clone(), QUESTION), (tenant.with_key(&test_key), QUESTION),
            (tenant.clone(), "Please open a ticket: \u{1F4A5} \"my\" invoice \\ is wrong."), (tenant.clone(), "Hello!"),
        ] {
            let (text, execution_id) = streamed(&asking, &agent_id, message).await;
            for tenant in [&tenant, &tenant.through(&replica)] {
                let played = events(tenant, &execution_id).await;
                played.events();
                assert_eq!(played.text(), text);
                for last in 0..=sse::whole_stream(&text).len() as u64 + 1 {
                    assert_eq!(events_after(tenant, &execution_id, &last.to_string()).await.text(), behind(&text, last), "behind {last}");
                }
            }
        }
    }

    async fn json_answers_have_events_too(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = searching(&tenant).await;
        let answer = tenant.ask(&agent_id, QUESTION).await;
        let frames = events(&tenant, &id(&answer, "execution_id")).await.events();
        assert_eq!(frames.last().unwrap().data["response"], answer);
        assert_eq!(sse::streamed_text(&frames), answer["message"].as_str().unwrap());
        assert_eq!(frames.iter().filter(|frame| frame.event.starts_with("tool.")).count(), 2);
    }

    async fn an_execution_is_followed_while_it_runs_here_and_elsewhere(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (agent_id, replica) = (searching(&tenant).await, server.replica().await);
        let gate = SettlementGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": QUESTION, "stream": true })).into_future());
        let execution_id = running(&tenant).await;
        let followers: Vec<_> = [&tenant, &tenant.through(&replica)]
            .into_iter()
            .flat_map(|tenant| [events(tenant, &execution_id), events_after(tenant, &execution_id, "3")])
            .map(|call| tokio::spawn(call.into_future()))
            .collect();
        until("its progress to be stored", || async {
            server.app.runtime.look_after().await.unwrap();
            let execution = tenant.get(&format!("/executions/{execution_id}")).await.ok(200);
            (execution["message"] != "").then_some(())
        })
        .await;
        assert!(followers.iter().all(|follower| !follower.is_finished()), "its end is not durable");
        gate.open().await;
        let text = call.await.unwrap().text().to_owned();
        for (follower, from) in followers.into_iter().zip([0, 3, 0, 3]) {
            assert_eq!(follower.await.unwrap().text(), behind(&text, from));
        }
    }

    async fn a_tool_is_told_of_when_the_store_has_it(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let (agent_id, replica) = (searching(&tenant).await, server.replica().await);
        let gate = ProgressGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": QUESTION, "stream": true })).into_future());
        let execution_id = running(&tenant).await;
        let (store, execution) = (server.app.store.tenant(tenant.id.parse().unwrap()), execution_id.parse().unwrap());
        let mut live = server.app.runtime.watch(&store, &execution, 0).await.unwrap();
        let told = live.next().await.unwrap();
        assert_eq!(sse::frames(std::str::from_utf8(&told).unwrap()).len(), 1, "that it has begun is all that is told");
        gate.open().await;
        // Another server plays what the store has by then, and waits for the rest.
        let followed = events(&tenant.through(&replica), &execution_id).await;
        assert_eq!(followed.text(), call.await.unwrap().text());
        assert_eq!(followed.events()[1].event, "tool.called");
    }

    /// Its log is let go of a while after the end; whoever still reads goes on in the store, and sees no difference.
    async fn a_slow_reader_reads_on_from_the_store(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = searching(&tenant).await;
        let gate = SettlementGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": QUESTION, "stream": true })).into_future());
        let execution_id = running(&tenant).await;
        let (store, execution) = (server.app.store.tenant(tenant.id.parse().unwrap()), execution_id.parse().unwrap());
        let mut slow = server.app.runtime.watch(&store, &execution, 0).await.unwrap();
        let mut other = server.app.runtime.watch(&store, &execution, 2).await.unwrap();
        let mut seen = slow.next().await.unwrap().to_vec();
        gate.open().await;
        let text = call.await.unwrap().text().to_owned();
        server.set_clock("2024-03-15T14:30:10Z");
        server.app.runtime.look_after().await.unwrap();
        while let Some(frames) = slow.next().await {
            seen.extend_from_slice(&frames);
        }
        assert_eq!(std::str::from_utf8(&seen).unwrap(), text);
        assert_eq!(other.end().await.unwrap().name(), "execution.completed");
        let mut rest = Vec::new();
        while let Some(frames) = other.next().await {
            rest.extend_from_slice(&frames);
        }
        assert_eq!(std::str::from_utf8(&rest).unwrap(), behind(&text, 2));
    }

    async fn a_last_event_id_that_is_none_is_refused_by_name(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let (text, execution_id) = streamed(&tenant, &agent_id, "Hello!").await;
        for bad in ["", "abc", "-1", "1.5", "1, 2", "0x1", "\u{661}", "+1", "1 2"] {
            let problem = events_after(&tenant, &execution_id, bad).await.problem(400, "bad_request");
            assert!(problem["detail"].as_str().unwrap().contains("Last-Event-ID"), "{problem}");
        }
        for beyond in ["1000000", "18446744073709551615", "99999999999999999999999999"] {
            let answer = events_after(&tenant, &execution_id, beyond).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (200, ""), "{beyond}");
        }
        assert_eq!(events_after(&tenant, &execution_id, "007").await.text(), behind(&text, 7));
    }

    async fn events_are_kept_for_a_day_and_then_said_to_be_gone(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let (text, execution_id) = streamed(&tenant, &agent_id, "Hello!").await;
        server.set_clock("2024-03-16T14:29:59Z");
        assert_eq!(events(&tenant, &execution_id).await.text(), text);
        server.set_clock("2024-03-16T14:30:00Z");
        let problem = events(&tenant, &execution_id).await.problem(410, "events_expired");
        assert!(problem["detail"].as_str().unwrap().contains(&execution_id), "{problem}");
        assert_eq!(tenant.get(&format!("/executions/{execution_id}")).await.ok(200)["status"], "completed");
    }

    async fn an_execution_from_before_events_were_kept_has_none(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let (_, execution_id) = streamed(&tenant, &agent_id, "Hello!").await;
        server.database.execute("UPDATE executions SET layout = '', last_event_id = 0").await.unwrap();
        events(&tenant, &execution_id).await.problem(410, "events_expired");
    }

    async fn following_asks_for_the_scope_and_for_events(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let (_, execution_id) = streamed(&tenant, &agent_id, "Hello!").await;
        events(&tenant.scoped(&["read"]).await, &execution_id).await.problem(403, "missing_scope");
        events(&tenant, "exec-00000000000000000000").await.problem(404, "not_found");
        events(&tenant, "x").await.problem(404, "not_found");
        events(&tenant, &execution_id).header(ACCEPT, "application/json").await.problem(406, "not_acceptable");
        for accept in ["text/event-stream", "*/*", "text/*"] {
            events(&tenant, &execution_id).accept(accept).await.events();
        }
    }

    /// As where the answer to the commit that begins an execution is lost, and the commit comes through after it was given up.
    async fn a_row_that_no_task_of_its_server_holds_is_settled_for_nothing(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let (_, execution_id) = streamed(&tenant, &agent_id, "Hello!").await;
        let forgotten = "exec-00000000000000000001";
        let row = format!(
            "INSERT INTO executions (execution_id, tenant_id, agent_id, conversation_id, key_id, mode, owner, status, input, model, \
             reserved_tokens, input_tokens, cost_micros, metadata, last_event_id, created_at) \
             SELECT '{forgotten}', tenant_id, agent_id, conversation_id, key_id, mode, owner, 'running', input, model, 100, 7, 350, \
             metadata, 1024, created_at FROM executions WHERE execution_id = '{execution_id}'"
        );
        server.database.execute(&row).await.unwrap();
        let key = format!(
            "INSERT INTO idempotency_keys (tenant_id, operation, key_hash, request_hash, execution_id, created_at, expires_at) \
             SELECT tenant_id, 'an operation', 'a key', 'a request', execution_id, created_at, '2999-01-01T00:00:00Z' \
             FROM executions WHERE execution_id = '{forgotten}'"
        );
        server.database.execute(&key).await.unwrap();
        let held = "SELECT COUNT(*) FROM idempotency_keys WHERE expires_at > created_at AND key_hash = 'a key'";
        assert_eq!(server.database.number(held).await, 1);
        let before = tenant.usage().await;
        server.app.runtime.beat().await.unwrap();
        assert_eq!(server.database.number(held).await, 0, "its caller was told to try again under the same key");
        let execution = tenant.get(&format!("/executions/{forgotten}")).await.ok(200);
        assert_eq!((&execution["status"], &execution["tokens_used"], &execution["cost"]), (&json!("failed"), &json!(0), &json!(0)), "{execution}");
        assert_eq!(tenant.usage().await, before);
        let frames = events(&tenant, forgotten).await.events();
        assert_eq!(frames.iter().map(|frame| frame.event.as_str()).collect::<Vec<_>>(), ["execution.started", "execution.failed"]);
    }

    async fn what_runs_is_not_taken_for_forgotten(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = searching(&tenant).await;
        let gate = ProgressGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": QUESTION })).into_future());
        running(&tenant).await;
        server.app.runtime.beat().await.unwrap();
        gate.open().await;
        call.await.unwrap().ok(200);
    }

    /// A database that can't hold the answer refuses it each time; the execution ends all the same.
    async fn an_answer_that_the_database_refuses_is_settled_without(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let refusing = match server.database.backend {
            crate::harness::Backend::Sqlite => {
                "CREATE TRIGGER refusing BEFORE UPDATE OF output ON executions WHEN NEW.output <> '' BEGIN SELECT json('{'); END"
            }
            crate::harness::Backend::Postgres => {
                "CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'no such character' USING ERRCODE = '22P05'; END $$; \
                 CREATE TRIGGER refusing BEFORE UPDATE OF output ON executions FOR EACH ROW WHEN (NEW.output <> '') EXECUTE FUNCTION refusing();"
            }
        };
        server.database.execute(refusing).await.unwrap();
        let (text, execution_id) = streamed(&tenant, &agent_id, "Hello!").await;
        let last = sse::frames(&text).pop().unwrap();
        assert_eq!((last.event.as_str(), &last.data["error"]["code"]), ("execution.failed", &json!("internal")));
        let execution = tenant.get(&format!("/executions/{execution_id}")).await.ok(200);
        assert_eq!((&execution["status"], &execution["message"]), (&json!("failed"), &json!("")));
        assert!(execution["tokens_used"].as_i64().unwrap() > 0, "{execution}");
        assert_eq!(tenant.usage().await["usage"]["reserved_tokens"], 0);
        let played = events(&tenant, &execution_id).await;
        assert_eq!(sse::frames(played.text()).pop().unwrap().id, last.id, "the terminal event lies behind all that was sent");
        refused_as_json(&tenant.execute(&agent_id, json!({ "message": "Hello!" })).await);
    }
}

fn refused_as_json(answer: &Answer) {
    assert_ne!(answer.problem(500, "internal")["request_id"], Value::Null);
}
