//! A tenant that is deleted or suspended while it works, on this server and on another.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::{
    Answer, Server, Tenant,
    gate::{ProgressGate, SettlementGate},
    on_both,
    server::id,
    until,
};

/// Begins an execution that waits before its tool, and gives its id.
async fn begun(tenant: &Tenant, stream: bool) -> (JoinHandle<Answer>, String) {
    let agent_id = tenant.agent(&["search_kb"]).await;
    let body = json!({ "message": "How do I reset my password?", "stream": stream });
    let call = tokio::spawn(tenant.execute(&agent_id, body).into_future());
    let running = || async { tenant.get("/executions?status=running").await.ok(200)["data"].get(0).cloned() };
    (call, id(&until("it to run", running).await, "execution_id"))
}

async fn count(server: &Server, table: &str, tenant: &Tenant) -> i64 {
    server.database.number(&format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = '{}'", tenant.id)).await
}

/// Sweeps until the tenant has nothing left but its ledger's one entry; gives the tokens of that.
async fn erased(server: &Server, tenant: &Tenant) -> i64 {
    until("what ran to be settled and erased", || async {
        server.app.runtime.beat().await.unwrap();
        (count(server, "executions", tenant).await == 0).then_some(())
    })
    .await;
    for table in ["agents", "api_keys", "conversations", "messages", "idempotency_keys"] {
        assert_eq!(count(server, table, tenant).await, 0, "{table}");
    }
    assert_eq!(count(server, "ledger", tenant).await, 1);
    let tokens = "SELECT CAST(SUM(input_tokens + output_tokens) AS BIGINT) FROM ledger WHERE tenant_id =";
    server.database.number(&format!("{tokens} '{}'", tenant.id)).await
}

/// Nothing is held for the tenant any more, and what it used is what its ledger says.
async fn is_even(server: &Server, tenant: &Tenant, tokens: i64) {
    let store = server.app.store.tenant(tenant.id.parse().unwrap());
    let snapshot = server.app.quotas.snapshot(&store).await.unwrap();
    assert_eq!((snapshot.running, snapshot.reserved_tokens, snapshot.tokens), (0, 0, tokens), "{snapshot:?}");
}

/// The moment at which a refusal came that was still awaited: each request that began a second after `changed` must be refused.
async fn refused_within_a_second(tenant: &Tenant, changed: Instant) -> Answer {
    until("the refusal", || async {
        let asked = changed.elapsed();
        let answer = tenant.get("/agents").await;
        assert!(answer.status != 200 || asked < Duration::from_secs(1), "let in {asked:?} after the change");
        (answer.status != 200).then_some(answer)
    })
    .await
}

on_both! {
    async fn an_execution_of_a_deleted_tenant_is_cancelled_and_settled_and_then_erased(server: Server) {
        let (tenant, other) = (server.sign_up("user@acme.example").await, server.sign_up("user@other.example").await);
        let gate = ProgressGate::close(&server.database).await;
        let (call, execution_id) = begun(&tenant, true).await;
        let (of_the_other, _) = begun(&other, false).await;
        server.delete_tenant(&tenant).await.no_content();
        let frames = call.await.unwrap().events();
        let last = frames.last().unwrap();
        assert_eq!(last.event, "execution.cancelled");
        let tokens = erased(&server, &tenant).await;
        let usage = &last.data["usage"];
        assert_eq!(usage["input_tokens"].as_i64().unwrap() + usage["output_tokens"].as_i64().unwrap(), tokens);
        assert_eq!(server.database.number(&format!("SELECT COUNT(*) FROM ledger WHERE execution_id = '{execution_id}' AND status = 'cancelled'")).await, 1);
        is_even(&server, &tenant, tokens).await;
        gate.open().await;
        of_the_other.await.unwrap().ok(200);
    }

    async fn an_execution_that_can_not_be_settled_yet_keeps_its_row_until_it_is(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let gate = SettlementGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).once("a-key").into_future());
        until("it to begin", || async { (count(&server, "executions", &tenant).await == 1).then_some(()) }).await;
        server.delete_tenant(&tenant).await.no_content();
        server.set_clock("2024-03-15T14:40:00Z");
        for _ in 0..3 {
            server.app.runtime.beat().await.unwrap();
            assert_eq!(count(&server, "executions", &tenant).await, 1, "its ledger entry is made of it");
            assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants WHERE erased_at IS NOT NULL").await, 0);
        }
        gate.open().await;
        // It may have been at its end before it was cancelled.
        let answer = call.await.unwrap();
        assert!([200, 409].contains(&answer.status.as_u16()), "{}", answer.text());
        let tokens = erased(&server, &tenant).await;
        is_even(&server, &tenant, tokens).await;
        server.app.runtime.beat().await.unwrap();
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants WHERE erased_at IS NOT NULL").await, 1);
    }

    async fn what_another_server_runs_is_cancelled_there(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let replica = server.replica().await;
        let gate = ProgressGate::close(&server.database).await;
        let (call, _) = begun(&tenant, false).await;
        let alive = tokio::spawn(server.app.runtime.clone().keep_alive());
        replica.delete_tenant(&tenant).await.no_content();
        call.await.unwrap().problem(409, "cancelled");
        let tokens = erased(&replica, &tenant).await;
        alive.abort();
        gate.open().await;
        is_even(&server, &tenant, tokens).await;
    }

    async fn what_a_server_that_died_was_running_is_settled_and_erased(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let gate = ProgressGate::close(&server.database).await;
        // Nobody keeps this server alive.
        let (_call, _) = begun(&tenant, false).await;
        let replica = server.replica().await;
        replica.app.store.tenant(tenant.id.parse().unwrap()).delete_tenant(server.now()).await.unwrap().unwrap();
        server.set_clock("2024-03-15T14:31:00Z");
        gate.open().await;
        erased(&replica, &tenant).await;
    }

    async fn suspending_and_deleting_hold_everywhere_within_a_second(server: Server) {
        let (tenant, replica) = (server.sign_up("user@acme.example").await, server.replica().await);
        let there = tenant.through(&replica);
        for (change, code) in [(json!({ "status": "suspended" }), Some("tenant_suspended")), (json!({ "status": "active" }), None)] {
            there.get("/agents").await;
            server.operate(&tenant, change).await.ok(200);
            let changed = Instant::now();
            match code {
                Some(code) => {
                    tenant.get("/agents").await.problem(403, code);
                    refused_within_a_second(&there, changed).await.problem(403, code);
                }
                None => {
                    tenant.get("/agents").await.ok(200);
                    until("it to be let in again", || async { (there.get("/agents").await.status == 200).then_some(()) }).await;
                }
            }
        }
        there.get("/agents").await.ok(200);
        server.delete_tenant(&tenant).await.no_content();
        let changed = Instant::now();
        tenant.get("/agents").await.problem(401, "unauthorized");
        refused_within_a_second(&there, changed).await.problem(401, "unauthorized");
    }

    /// A server that has let the tenant in a moment ago goes on for under a second: what it makes meanwhile is found by the sweep.
    async fn what_is_made_by_who_was_let_in_before_is_erased_too(server: Server) {
        let (tenant, replica) = (server.sign_up("user@acme.example").await, server.replica().await);
        let there = tenant.through(&replica);
        let made: Vec<Value> = {
            there.get("/agents").await.ok(200);
            server.delete_tenant(&tenant).await.no_content();
            let mut made = Vec::new();
            for i in 0..5 {
                let key = there.post("/api-keys", json!({ "name": format!("late {i}") })).await;
                if key.status == 201 {
                    made.push(key.ok(201));
                }
            }
            made
        };
        for key in &made {
            // It was not revoked with the others; the tenant is suspended, too.
            let late = tenant.with_key(key["api_key"].as_str().unwrap());
            assert!([401, 403].contains(&late.get("/agents").await.status.as_u16()));
        }
        server.app.runtime.beat().await.unwrap();
        assert_eq!(count(&server, "api_keys", &tenant).await, 0, "{} were made late", made.len());
    }
}
