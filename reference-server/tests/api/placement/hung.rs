//! A silo whose host takes connections and never answers holds up nobody but its tenant.

use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use super::silo::{placement, rows};
use crate::harness::{Backend, Server, Tenant, gate::SettlementGate, on_both, until};

/// Tenants in such silos: a sweep that waits for one after the other is longer about it than a heartbeat may take.
const HUNG: usize = 4;

/// Says behind the API that a tenant lives in a database.
async fn lives_at(server: &Server, tenant: &Tenant, url: &str) {
    // PostgreSQL's trigger lets a placement go a move's steps alone.
    let past_triggers = match server.database.backend {
        Backend::Sqlite => "",
        Backend::Postgres => "SET session_replication_role = replica; ",
    };
    let statement = format!(
        "{past_triggers}INSERT INTO placements (tenant_id, database_url, state, version, move_id, lease_until) \
         VALUES ('{}', '{url}', 'settled', 1, 'move-00000000000000000000', '2024-01-01T00:00:00.000000Z')",
        tenant.id
    );
    server.database.execute(&statement).await.unwrap();
}

on_both! {
    async fn a_silo_that_hangs_keeps_no_server_from_its_heartbeat_and_no_other_tenant_from_anything(server: Server) {
        let host = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://nobody@{}/x", host.local_addr().unwrap());
        // What is accepted stays open, and unanswered.
        let accepting = tokio::spawn(async move {
            let mut taken = Vec::new();
            while let Ok((connection, _)) = host.accept().await {
                taken.push(connection);
            }
        });
        let (left, deleted) = (server.sign_up("left@acme.example").await, server.sign_up("deleted@acme.example").await);
        let agent_id = left.agent(&[]).await;
        deleted.agent(&[]).await;
        // A server that is gone has left an execution behind.
        let gate = SettlementGate::close(&server.database).await;
        let running = tokio::spawn(left.execute(&agent_id, serde_json::json!({ "message": "Hello!" })).into_future());
        let path = "/executions?status=running";
        until("it to run", || async { left.get(path).await.ok(200)["data"].get(0).cloned() }).await;
        running.abort();
        let gone = "UPDATE executions SET owner = 'srv-00000000000000000000'";
        server.database.execute(gone).await.unwrap();

        for i in 0..HUNG {
            let tenant = server.sign_up(&format!("user@hung-{i}.example")).await;
            lives_at(&server, &tenant, &url).await;
            until("the server to know", || async { (placement(&server, &tenant).await.0.is_string()).then_some(()) }).await;
            server.delete_tenant(&tenant).await.no_content();
        }
        server.delete_tenant(&deleted).await.no_content();
        let alive = tokio::spawn(server.app.runtime.clone().keep_alive());
        gate.open().await;
        for _ in 0..2 {
            let (asked, now) = (Instant::now(), server.now() + chrono::Duration::seconds(5));
            server.clock.set(now);
            let said = until("a heartbeat", || async {
                let beaten = format!("SELECT COUNT(*) FROM instances WHERE heartbeat_at >= '{}'", now.to_rfc3339());
                (server.database.number(&beaten).await > 0).then(|| asked.elapsed())
            });
            assert!(said.await < Duration::from_secs(8), "{:?}", asked.elapsed());
        }
        until("the execution to be settled", || async {
            (server.database.number("SELECT COUNT(*) FROM ledger").await == 1).then_some(())
        })
        .await;
        until("the erasure of another", || async { (rows(&server.database, &deleted.id).await[0] == 0).then_some(()) }).await;
        left.ask(&agent_id, "Hello!").await;
        alive.abort();
        accepting.abort();
    }
}
