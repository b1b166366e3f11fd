//! A server that is alone at its database trusts for long what it has read: what it changes itself, it forgets at once.

use std::future::IntoFuture;

use http::Method;
use serde_json::json;

use crate::harness::{
    Backend, Call, Server, Tenant, on_both,
    server::{self, OPERATOR_KEY, id},
    until,
};

/// Another key of the tenant, that is remembered, and what revokes it.
async fn remembered(tenant: &Tenant) -> (Tenant, String) {
    let made = tenant.post("/api-keys", json!({})).await.ok(201);
    let key = tenant.with_key(&id(&made, "api_key"));
    key.get("/agents").await.ok(200);
    (key, format!("/api-keys/{}", id(&made, "key_id")))
}

fn suspend(server: &Server, tenant: &Tenant) -> Call {
    let call = server.call(Method::PATCH, &format!("/admin/tenants/{}", tenant.id)).key(OPERATOR_KEY);
    call.json(&json!({ "status": "suspended" }))
}

on_both! {
    async fn a_server_that_is_alone_refuses_at_once_whom_it_locks_out(server: Server) {
        server.app.set_seat(true, false);
        let tenant = server.sign_up("user@acme.example").await;
        let (key, path) = remembered(&tenant).await;
        for _ in 0..2 {
            tenant.delete(&path).once("revoke").await.no_content();
            key.get("/agents").await.problem(401, "unauthorized");
        }
        tenant.get("/agents").await.ok(200);
        for _ in 0..2 {
            suspend(&server, &tenant).once("suspend").await.ok(200);
            tenant.get("/agents").await.problem(403, "tenant_suspended");
        }
        server.operate(&tenant, json!({ "status": "active" })).await.ok(200);
        tenant.get("/agents").await.ok(200);
    }

    async fn a_server_that_is_alone_executes_an_agent_as_it_was_changed(server: Server) {
        server.app.set_seat(true, false);
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        let path = format!("/agents/{agent_id}");
        assert!(tenant.ask(&agent_id, "Hello!").await["tokens_used"].as_i64().unwrap() > 1);
        tenant.delete(&path).once("delete").await.no_content();
        tenant.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(404, "not_found");
    }
}

/// Makes a call, hangs up while its change is being committed, and lets the change be committed then.
async fn hang_up(server: &Server, call: Call, is_committed: &str) {
    let mut holding = server.database.behind().await;
    holding.execute("SELECT pg_advisory_lock(4711)").await.unwrap();
    let call = tokio::spawn(call.into_future());
    let waiting = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted \
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    until("the change to be at its end", || async { (server.database.number(waiting).await == 1).then_some(()) }).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    holding.execute("SELECT pg_advisory_unlock(4711)").await.unwrap();
    until("the change to be there", || async { (server.database.number(is_committed).await == 1).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_that_hangs_up_has_changed_is_forgotten_too_on_postgres() {
    server::with(Backend::Postgres, |server: Server| async move {
        server.app.set_seat(true, false);
        let tenant = server.sign_up("user@acme.example").await;
        let (key, path) = remembered(&tenant).await;
        // A change waits at its very end for whoever holds the lock.
        let wait = "CREATE FUNCTION wait_at_the_end() RETURNS trigger LANGUAGE plpgsql AS \
            $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;";
        server.database.execute(wait).await.unwrap();
        for (table, column) in [("api_keys", "revoked_at"), ("tenants", "status")] {
            let trigger = format!(
                "CREATE CONSTRAINT TRIGGER wait_at_the_end AFTER UPDATE OF {column} ON {table} DEFERRABLE INITIALLY DEFERRED \
                 FOR EACH ROW EXECUTE FUNCTION wait_at_the_end();"
            );
            server.database.execute(&trigger).await.unwrap();
        }
        let revoke = || tenant.delete(&path).once("revoke");
        hang_up(&server, revoke(), "SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NOT NULL").await;
        until("the key to be refused", || async { (key.get("/agents").await.status == 401).then_some(()) }).await;
        assert!(revoke().await.is_replayed());
        key.get("/agents").await.problem(401, "unauthorized");

        tenant.get("/agents").await.ok(200);
        let suspended = "SELECT COUNT(*) FROM tenants WHERE status = 'suspended'";
        hang_up(&server, suspend(&server, &tenant).once("suspend"), suspended).await;
        until("the tenant to be refused", || async { (tenant.get("/agents").await.status == 403).then_some(()) }).await;
        assert!(suspend(&server, &tenant).once("suspend").await.is_replayed());
        tenant.get("/agents").await.problem(403, "tenant_suspended");
    })
    .await;
}
