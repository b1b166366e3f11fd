//! The ledger: one entry an execution, never changed, and every total its sum.

use serde_json::json;

use crate::harness::{Backend, Server, gate::SettlementGate, on_both, server, server::id, until};

on_both! {
    async fn usage_is_the_sum_of_the_ledger(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let other = server.sign_up("user@other.example").await;
        let (agent_id, other_agent) = (tenant.agent(&[]).await, other.agent(&[]).await);
        other.ask(&other_agent, "Hello!").await;
        let (mut tokens, mut micros) = (0, 0);
        for message in ["Hello!", "What can you do?", "Thank you."] {
            let answer = tenant.ask(&agent_id, message).await;
            tokens += answer["tokens_used"].as_i64().unwrap();
            micros += answer["tokens_used"].as_i64().unwrap() * 50;
        }
        let sum = |column: &str| format!("SELECT CAST(SUM({column}) AS BIGINT) FROM ledger WHERE tenant_id = '{}'", tenant.id);
        assert_eq!(server.database.number(&sum("input_tokens + output_tokens")).await, tokens);
        assert_eq!(server.database.number(&sum("cost_micros")).await, micros);
        for server in [&server, &server.replica().await] {
            let usage = tenant.through(server).usage().await;
            assert_eq!(usage["usage"]["tokens_this_month"], tokens);
            assert_eq!(usage["usage"]["remaining_tokens"], 1_000_000 - tokens);
            assert!((usage["usage"]["spend_this_month"].as_f64().unwrap() * 1e6).round() as i64 == micros, "{usage}");
        }
    }

    async fn each_execution_has_one_entry_that_agrees_with_it(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        tenant.document("Passwords", "Reset your password on the sign-in page.").await;
        let agent_id = tenant.agent(&["search_kb"]).await;
        for _ in 0..5 {
            tenant.ask(&agent_id, "How do I reset my password?").await;
        }
        let disagreeing = "SELECT COUNT(*) FROM executions e LEFT JOIN ledger l ON l.execution_id = e.execution_id AND l.tenant_id = e.tenant_id \
             AND l.agent_id = e.agent_id AND l.key_id = e.key_id AND l.status = e.status AND l.input_tokens = e.input_tokens \
             AND l.output_tokens = e.output_tokens AND l.cost_micros = e.cost_micros AND l.started_at = e.created_at \
             AND l.settled_at = e.completed_at AND l.estimated = e.estimated WHERE l.execution_id IS NULL";
        assert_eq!(server.database.number(disagreeing).await, 0);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger").await, 5);
    }

    async fn an_entry_is_neither_doubled_nor_changed_nor_deleted(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        tenant.ask(&agent_id, "Hello!").await;
        let doubled = server.database.execute("INSERT INTO ledger SELECT * FROM ledger").await;
        assert!(doubled.unwrap_err().as_database_error().unwrap().is_unique_violation());
        // On PostgreSQL the application's role has no right to; see row_security.
        if server.database.backend == Backend::Sqlite {
            for statement in ["UPDATE ledger SET cost_micros = 0", "DELETE FROM ledger"] {
                let refused = server.database.execute(statement).await.unwrap_err().to_string();
                assert!(refused.contains("append-only"), "{refused}");
            }
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger WHERE cost_micros > 0").await, 1);
    }

    async fn no_end_is_told_before_it_is_durable(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let gate = SettlementGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future());
        let running = until("it to run", || async {
            let listed = tenant.get("/executions?status=running").await.ok(200);
            listed["data"].get(0).cloned()
        })
        .await;
        assert_eq!(running["completed_at"], json!(null));
        assert!(!call.is_finished(), "the ledger does not hold it yet");
        assert_eq!(tenant.usage().await["usage"]["tokens_this_month"], 0);
        gate.open().await;
        let answer = call.await.unwrap().ok(200);
        assert_eq!(answer["execution_id"], running["execution_id"]);
        assert_eq!(tenant.usage().await["usage"]["tokens_this_month"], answer["tokens_used"]);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger").await, 1, "however often it was tried");
        let conversation = tenant.get(&format!("/conversations/{}", id(&answer, "conversation_id"))).await.ok(200);
        assert_eq!(conversation["messages"].as_array().unwrap().len(), 2);
    }

    async fn what_another_server_settled_is_told_as_it_stands(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let gate = SettlementGate::close(&server.database).await;
        let call = tokio::spawn(tenant.execute(&agent_id, json!({ "message": "Hello!" })).into_future());
        until("it to run", || async { tenant.get("/executions?status=running").await.ok(200)["data"].get(0).cloned() }).await;
        // Another server took this one for dead and settled it, with other figures.
        let settled = "UPDATE executions SET status = 'failed', input_tokens = 7, output_tokens = 0, cost_micros = 350, \
                       completed_at = created_at, duration_ms = 0";
        server.database.execute(settled).await.unwrap();
        gate.open().await;
        call.await.unwrap().problem(503, "interrupted");
        let usage = tenant.usage().await["usage"].clone();
        assert_eq!((&usage["reserved_tokens"], &usage["concurrent_agents"]), (&json!(0), &json!(0)));
        let storage = &usage["storage_mb"];
        assert_eq!(storage, &json!(0.0), "a failed execution adds no messages");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM messages").await, 0);
    }

    async fn what_is_settled_twice_counts_once(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let answer = tenant.ask(&agent_id, "Hello!").await;
        // As after a crash between the commit and its acknowledgement: another server sweeps what this one has settled.
        server.set_clock("2024-03-15T15:30:00Z");
        let other = server.replica().await;
        other.app.runtime.beat().await.unwrap();
        let logged = tenant.get(&format!("/executions/{}", id(&answer, "execution_id"))).await.ok(200);
        assert_eq!(logged["status"], "completed");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger").await, 1);
    }
}

/// SQLite finds a tenant's entries by its executions, and by its own note of those whose execution is not there.
async fn each_entry_is_found_with_its_execution_or_alone(server: Server) {
    let tenant = server.sign_up("user@acme.example").await;
    let agent_id = tenant.agent(&[]).await;
    let tokens = tenant.ask(&agent_id, "Hello!").await["tokens_used"].as_i64().unwrap();
    let database = &server.database;
    let copies = ["CREATE TABLE copied AS SELECT * FROM executions", "DELETE FROM executions"];
    let moved_back = "INSERT INTO executions SELECT * FROM copied";
    let another = "INSERT INTO ledger SELECT SUBSTR(execution_id, 1, 24) || 'u', tenant_id, agent_id, key_id, mode, model, status, \
        input_tokens, output_tokens, estimated, cost_micros, started_at, settled_at FROM ledger";
    let has = async |alone: i64, entries: i64| {
        assert_eq!(database.number("SELECT COUNT(*) FROM ledger_alone").await, alone);
        let history = tenant.get("/usage/history?from=2024-03-01T00:00:00Z").await.ok(200);
        let sum: i64 = history["data"].as_array().unwrap().iter().map(|day| day["tokens"].as_i64().unwrap()).sum();
        assert_eq!(sum, entries * tokens);
    };
    has(0, 1).await;
    for statement in copies {
        database.execute(statement).await.unwrap();
    }
    has(1, 1).await;
    assert_eq!(database.number("SELECT COUNT(*) FROM messages").await, 0, "messages go with their executions");
    database.execute(moved_back).await.unwrap();
    has(0, 1).await;
    database.execute(another).await.unwrap();
    has(1, 2).await;
}

#[tokio::test]
async fn each_entry_is_found_with_its_execution_or_alone_on_sqlite() {
    server::with(Backend::Sqlite, each_entry_is_found_with_its_execution_or_alone).await;
}
