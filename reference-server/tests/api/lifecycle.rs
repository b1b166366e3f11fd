//! A tenant's end: deleted, it is a tombstone over its ledger; purged, it has never been.

use http::Method;
use serde_json::json;

use crate::harness::{
    Answer, Server, Tenant,
    everything::one_of_everything,
    on_both,
    server::{OPERATOR_KEY, id},
};

/// What stays of a deleted tenant.
const KEPT: [&str; 2] = ["ledger", "tenants"];
/// The platform's own tables: what is in them is no tenant's.
const PLATFORMS: [&str; 3] = ["instances", "operator_keys", "platform_idempotency_keys"];

fn operate(server: &Server, method: Method, path: &str) -> crate::harness::Call {
    server.call(method, path).key(OPERATOR_KEY)
}

/// Deletes a tenant and waits until what can be erased is.
async fn deleted(server: &Server, tenant: &Tenant) {
    server.delete_tenant(tenant).await.no_content();
    server.app.runtime.beat().await.unwrap();
}

on_both! {
    async fn deleting_leaves_the_ledger_under_a_tombstone_and_touches_nobody_else(server: Server) {
        let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        one_of_everything(&a).await;
        one_of_everything(&b).await;
        let (before, of_a, of_b) = (server.database.row_counts().await, server.database.rows_of(&a.id).await, server.database.rows_of(&b.id).await);
        for (table, count) in &before {
            if !PLATFORMS.contains(&table.as_str()) {
                assert!(*count > 0 && of_a.contains_key(table), "this test fills every table: give A a row in `{table}`, or name it as the platform's own");
            }
        }
        deleted(&server, &a).await;
        let left = server.database.rows_of(&a.id).await;
        assert_eq!(left.keys().collect::<Vec<_>>(), KEPT, "what stays of a deleted tenant");
        assert_eq!(left["ledger"], of_a["ledger"]);
        let tombstone = left["tenants"].concat();
        for personal in ["a@acme.example", "acme.example"] {
            assert!(!tombstone.contains(personal), "{tombstone}");
        }
        assert_eq!(server.database.rows_of(&b.id).await, of_b, "nobody else's rows changed");
        let after = server.database.row_counts().await;
        for (table, count) in before {
            let gone = if KEPT.contains(&table.as_str()) { 0 } else { of_a.get(&table).map_or(0, Vec::len) };
            assert_eq!(after[&table], count - i64::try_from(gone).unwrap(), "{table}");
        }
        // What follows is nothing: a sweep over a tombstone changes no row of anybody.
        server.set_clock("2024-03-15T14:32:00Z");
        server.app.runtime.beat().await.unwrap();
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants WHERE erased_at IS NOT NULL").await, 1);
        assert_eq!(server.database.row_counts().await, after);
        assert_eq!(server.database.rows_of(&b.id).await, of_b);
    }

    async fn its_keys_are_refused_at_once_and_its_address_is_free(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let second = tenant.scoped(&["read"]).await;
        tenant.agent(&[]).await;
        server.delete_tenant(&tenant).await.no_content();
        for key in [&tenant, &second] {
            key.get("/agents").await.problem(401, "unauthorized");
            key.get("/usage").await.problem(401, "unauthorized");
        }
        let again = server.post("/signup", json!({ "email": "USER@acme.example", "tier": "starter" })).await.ok(201);
        assert!(id(&again, "tenant_id").starts_with("acme-"), "the id stays taken: {again}");
        let again = tenant.with_key(again["api_key"].as_str().unwrap());
        assert_eq!(again.get("/agents").await.ok(200)["data"], json!([]));
        assert_eq!(again.usage().await["usage"]["requests_this_hour"], 0);
    }

    async fn a_tombstone_is_shown_and_takes_no_change(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let before = server.seen(&tenant).await;
        assert_eq!((&before["status"], &before["deleted_at"]), (&json!("active"), &json!(null)));
        server.delete_tenant(&tenant).await.no_content();
        let tombstone = server.seen(&tenant).await;
        assert_eq!((&tombstone["status"], &tombstone["deleted_at"]), (&json!("deleted"), &json!("2024-03-15T14:30:00Z")));
        assert_eq!((&tombstone["email"], &tombstone["created_at"]), (&json!(null), &before["created_at"]));
        for change in [json!({ "status": "active" }), json!({ "tier": "starter" }), json!({ "quota": { "max_storage_mb": 1 } })] {
            let problem = server.operate(&tenant, change).await.problem(409, "tenant_deleted");
            assert!(problem["detail"].as_str().unwrap().contains(&tenant.id), "{problem}");
        }
        // Whoever lost the answer asks again, with a key or without: what was asked for holds.
        server.set_clock("2024-03-15T14:31:00Z");
        server.delete_tenant(&tenant).await.no_content();
        server.delete_tenant(&tenant).once("again").await.no_content();
        let replayed = server.delete_tenant(&tenant).once("again").await;
        assert_eq!((replayed.status.as_u16(), replayed.is_replayed()), (204, true));
        assert_eq!(server.seen(&tenant).await, tombstone);
        operate(&server, Method::DELETE, "/admin/tenants/nobody").await.problem(404, "not_found");
        server.call(Method::DELETE, &format!("/admin/tenants/{}", tenant.id)).key(&tenant.key).await.problem(401, "unauthorized");
    }

    /// Each line is a crash behind a step: the next server's sweep goes on from there.
    async fn a_server_that_dies_while_it_deletes_is_followed_by_another(server: Server) {
        let (tenant, other) = (server.sign_up("user@acme.example").await, server.sign_up("user@other.example").await);
        one_of_everything(&tenant).await;
        one_of_everything(&other).await;
        let (of_the_tenant, of_the_other) = (server.database.rows_of(&tenant.id).await, server.database.rows_of(&other.id).await);
        let store = server.app.store.tenant(tenant.id.parse().unwrap());
        assert_eq!(store.erase().await.unwrap(), 0, "nothing is erased of a tenant that is not deleted");
        assert_eq!(server.database.rows_of(&tenant.id).await, of_the_tenant);

        store.delete_tenant(server.now()).await.unwrap().unwrap();
        server.replica().await;
        assert_eq!(server.database.rows_of(&tenant.id).await.keys().collect::<Vec<_>>(), KEPT);

        // What a request brought that was let in before, and took its time.
        let late = match server.database.backend {
            crate::harness::Backend::Sqlite => "'2024-03-15T14:30:00+00:00'",
            crate::harness::Backend::Postgres => "'2024-03-15T14:30:00Z'",
        };
        server.database.execute(&format!(
            "INSERT INTO tickets (ticket_id, tenant_id, subject, body, execution_id, created_at) VALUES ('tick-late', '{}', 's', 'b', 'e', {late})", tenant.id
        )).await.unwrap();
        server.set_clock("2024-03-15T14:31:59Z");
        server.replica().await;
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants WHERE erased_at IS NOT NULL").await, 0, "more may come");
        server.set_clock("2024-03-15T14:32:00Z");
        server.replica().await;
        assert_eq!(server.database.number("SELECT COUNT(*) FROM tenants WHERE erased_at IS NOT NULL").await, 1);
        assert_eq!(server.database.rows_of(&tenant.id).await.keys().collect::<Vec<_>>(), KEPT);
        assert_eq!(server.database.rows_of(&other.id).await, of_the_other);
    }

    async fn a_deleted_tenants_answers_are_replayed_to_nobody(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent = json!({ "name": "A", "system_prompt": "B" });
        tenant.post("/agents", agent.clone()).once("the-same-key").await.ok(201);
        deleted(&server, &tenant).await;
        let refused: Answer = tenant.post("/agents", agent).once("the-same-key").await;
        refused.problem(401, "unauthorized");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM idempotency_keys").await, 0);
    }
}
