//! Ending an execution before its end, on whichever server it runs.

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::{Answer, Call, Server, Tenant, gate::ProgressGate, on_both, server::id, sse, until};

const QUESTION: &str = "How do I reset my password?";

fn cancel(tenant: &Tenant, execution_id: &str) -> Call {
    tenant.call(http::Method::POST, &format!("/executions/{execution_id}/cancel"))
}

/// Begins an execution that waits before its tool, and gives its id.
async fn begun(tenant: &Tenant, stream: bool) -> (JoinHandle<Answer>, String) {
    let agent_id = tenant.agent(&["search_kb"]).await;
    let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": QUESTION, "stream": stream })).into_future());
    let running = || async { tenant.get("/executions?status=running").await.ok(200)["data"].get(0).cloned() };
    (call, id(&until("it to run", running).await, "execution_id"))
}

/// It was ended, is charged for what it did, and holds nothing any more.
async fn is_settled(tenant: &Tenant, execution: &Value) {
    assert_eq!((&execution["status"], &execution["finish_reason"]), (&json!("cancelled"), &json!(null)), "{execution}");
    // It may have been cancelled before its first round as well as after it.
    let has_run = execution["steps"].as_array().is_some_and(|steps| !steps.is_empty());
    assert_eq!(
        execution["tokens_used"].as_i64().unwrap() > 0,
        has_run,
        "a round is charged, and nothing else: {execution}"
    );
    let path = format!("/executions/{}", id(execution, "execution_id"));
    assert_eq!(tenant.get(&path).await.ok(200), *execution);
    let ledger = format!(
        "SELECT COUNT(*) FROM ledger WHERE status = 'cancelled' AND execution_id = '{}'",
        id(execution, "execution_id")
    );
    assert_eq!(tenant.database.number(&ledger).await, 1);
}

on_both! {
    async fn a_stream_that_is_cancelled_ends_with_that_event(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let gate = ProgressGate::close(&server.database).await;
        let (call, execution_id) = begun(&tenant, true).await;
        let execution = cancel(&tenant, &execution_id).await.ok(200);
        is_settled(&tenant, &execution).await;
        let stream = call.await.unwrap();
        let frames = stream.events();
        let last = frames.last().unwrap();
        assert_eq!((last.event.as_str(), &last.data["usage"]), ("execution.cancelled", &execution["usage"]));
        assert_eq!(sse::streamed_text(&frames), last.data["partial_message"].as_str().unwrap());
        let played = tenant.get(&format!("/executions/{execution_id}/events")).await;
        assert_eq!(played.text(), stream.text());
        gate.open().await;
        let usage = tenant.usage().await["usage"].clone();
        assert_eq!((&usage["concurrent_agents"], &usage["reserved_tokens"], &usage["tokens_this_month"]), (&json!(0), &json!(0), &execution["tokens_used"]));
    }

    async fn who_waits_for_the_answer_is_told(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let gate = ProgressGate::close(&server.database).await;
        let (call, execution_id) = begun(&tenant, false).await;
        cancel(&tenant, &execution_id).await.ok(200);
        let answer = call.await.unwrap();
        answer.problem(409, "cancelled");
        assert_eq!(answer.header("x-should-retry"), Some("false"), "it would be executed again");
        gate.open().await;
    }

    async fn another_server_passes_it_on_to_the_one_that_runs_it(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let replica = server.replica().await;
        let gate = ProgressGate::close(&server.database).await;
        let (call, execution_id) = begun(&tenant, true).await;
        let alive = tokio::spawn(server.app.runtime.clone().keep_alive());
        let execution = cancel(&tenant.through(&replica), &execution_id).await.ok(200);
        alive.abort();
        is_settled(&tenant, &execution).await;
        assert_eq!(call.await.unwrap().events().last().unwrap().event, "execution.cancelled");
        gate.open().await;
    }

    async fn what_has_ended_stays_as_it_is(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let execution_id = id(&tenant.ask(&agent_id, "Hello!").await, "execution_id");
        let before = tenant.get(&format!("/executions/{execution_id}")).await.ok(200);
        for _ in 0..2 {
            assert_eq!(cancel(&tenant, &execution_id).await.ok(200), before);
        }
        assert_eq!(before["status"], "completed");
    }

    async fn a_retry_under_its_key_is_answered_as_the_first_time(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let gate = ProgressGate::close(&server.database).await;
        let (call, execution_id) = begun(&tenant, true).await;
        let keyed = |id: &str| cancel(&tenant, id).header(http::HeaderName::from_static("idempotency-key"), "cancel-1");
        let execution = keyed(&execution_id).await.ok(200);
        is_settled(&tenant, &execution).await;
        let again = keyed(&execution_id).await;
        assert_eq!((again.ok(200), again.header("idempotent-replayed")), (execution, Some("true")));
        keyed("exec-00000000000000000000").await.problem(422, "idempotency_key_reused");
        call.await.unwrap();
        gate.open().await;
    }

    async fn only_who_may_execute_may_cancel_and_only_ones_own(server: Server) {
        let (tenant, other) = (server.sign_up("user@acme.example").await, server.sign_up("user@other.example").await);
        let gate = ProgressGate::close(&server.database).await;
        let (call, execution_id) = begun(&tenant, true).await;
        cancel(&tenant.scoped(&["read"]).await, &execution_id).await.problem(403, "missing_scope");
        // While it runs its events and its end are found in memory, by the tenant and the id.
        cancel(&other, &execution_id).await.problem(404, "not_found");
        other.get(&format!("/executions/{execution_id}/events")).await.problem(404, "not_found");
        for id in ["exec-00000000000000000000", "x", "agent-00000000000000000000"] {
            cancel(&tenant, id).await.problem(404, "not_found");
        }
        gate.open().await;
        assert_eq!(call.await.unwrap().events().last().unwrap().event, "execution.completed");
    }
}
