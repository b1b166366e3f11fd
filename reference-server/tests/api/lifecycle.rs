//! A tenant's end: deleted, it is a tombstone over its ledger; purged, it has never been.

use http::Method;
use serde_json::json;

use super::placement::silo::place;
use crate::harness::{
    Answer, Backend, Server, Tenant,
    binary::{self, one_line_of_failure, succeeded},
    database::APP_LOGIN,
    everything::one_of_everything,
    on_both,
    server::{OPERATOR_KEY, id},
};

/// What stays of a deleted tenant.
const KEPT: [&str; 4] = ["audit_entries", "audit_heads", "ledger", "tenants"];
/// And where it lives, of one that ever moved.
const PLACED: &str = "placements";
/// SQLite's own note of whose ledger entries are that have no execution any more.
const ALONE: &str = "ledger_alone";
/// The platform's own tables: what is in them is no tenant's.
const PLATFORMS: [&str; 6] =
    ["database_marks", "instances", "operator_keys", "placement_acks", "platform_idempotency_keys", "purging"];

/// Pages of SQLite's search index with the end of the word `swordfish`: a word's beginning is left out that the one before has too.
const INDEXED: &str = "SELECT COUNT(*) FROM passages_index_data WHERE instr(block, CAST('fish' AS BLOB)) > 0";

fn kept<'a>(tables: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    tables.filter(|table| *table != ALONE).collect()
}

fn operate(server: &Server, method: Method, path: &str) -> crate::harness::Call {
    server.call(method, path).key(OPERATOR_KEY)
}

/// `agent-platform tenants purge`, under this configuration.
async fn purge(server: &Server, url: &str, tenant_id: &str, configuration: &str) -> std::process::Output {
    let file = server.database.folder.path().join("agent-platform.toml");
    std::fs::write(&file, configuration).unwrap();
    let mut command = binary::command(&["tenants", "purge", tenant_id, "--config", file.to_str().unwrap()]);
    binary::run(command.env("AGENT_PLATFORM_DATABASE_URL", url)).await
}

/// How many ended tenants are noted as erased.
async fn noted_erased(server: &Server) -> i64 {
    server.database.number("SELECT COUNT(*) FROM tenants WHERE erased_at IS NOT NULL").await
}

/// Deletes a tenant and waits until what can be erased is.
async fn deleted(server: &Server, tenant: &Tenant) {
    server.delete_tenant(tenant).await.no_content();
    server.app.runtime.beat().await.unwrap();
}

on_both! {
    async fn deleting_leaves_the_ledger_under_a_tombstone_and_purging_nothing_and_nobody_else_is_touched(server: Server) {
        let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        one_of_everything(&a).await;
        one_of_everything(&b).await;
        // It lived elsewhere for a while, and came back.
        let silo = format!("sqlite://{}", server.database.folder.path().join("silo.db").display());
        place(&server, &a, Some(&silo)).await.ok(200);
        place(&server, &a, None).await.ok(200);
        let (before, of_a, of_b) = (server.database.row_counts().await, server.database.rows_of(&a.id).await, server.database.rows_of(&b.id).await);
        for (table, count) in &before {
            if !PLATFORMS.contains(&table.as_str()) && table != ALONE {
                assert!(*count > 0 && of_a.contains_key(table), "this test fills every table: give A a row in `{table}`, or name it as the platform's own");
            }
        }
        deleted(&server, &a).await;
        let left = server.database.rows_of(&a.id).await;
        assert_eq!(kept(left.keys().filter(|table| *table != PLACED)), KEPT, "what stays of a deleted tenant");
        assert_eq!(left["ledger"], of_a["ledger"]);
        let tombstone = left["tenants"].concat();
        for personal in ["a@acme.example", "acme.example"] {
            assert!(!tombstone.contains(personal), "{tombstone}");
        }
        assert_eq!(server.database.rows_of(&b.id).await, of_b, "nobody else's rows changed");
        let after = server.database.row_counts().await;
        for (table, count) in &before {
            if table == ALONE {
                assert_eq!(after[table], i64::try_from(of_a["ledger"].len()).unwrap(), "each entry is alone now");
                continue;
            }
            let gone = if KEPT.contains(&table.as_str()) || table == PLACED { 0 } else { of_a.get(table).map_or(0, Vec::len) };
            let told = i64::from(table == "audit_entries");
            assert_eq!(after[table], count - i64::try_from(gone).unwrap() + told, "{table}");
        }
        // What follows is nothing: a sweep over a tombstone changes no row of anybody.
        server.set_clock("2024-03-15T14:32:00Z");
        server.app.runtime.beat().await.unwrap();
        assert_eq!(noted_erased(&server).await, 1);
        assert_eq!(server.database.row_counts().await, after);
        assert_eq!(server.database.rows_of(&b.id).await, of_b);

        let printed = succeeded(&purge(&server, &server.database.url_text(), &a.id, "retention_days = 0").await);
        assert!(printed.contains(&format!("{} is purged: 1 ledger entries", a.id)), "{printed}");
        assert!(server.database.rows_of(&a.id).await.is_empty(), "nothing is left");
        assert_eq!(server.database.rows_of(&b.id).await, of_b, "nobody else's rows changed");
        let purged = server.database.row_counts().await;
        for (table, count) in &before {
            let of_a = i64::try_from(of_a.get(table).map_or(0, Vec::len)).unwrap();
            // The platform's own chain tells of it.
            let told = i64::from(table == "audit_entries");
            assert_eq!(purged[table], count - of_a + told, "{table}");
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM audit_entries WHERE tenant_id = 'platform' AND action = 'tenant.purged'").await, 1);
        operate(&server, Method::GET, &format!("/admin/tenants/{}", a.id)).await.problem(404, "not_found");
        let next = server.sign_up("a@acme.example").await;
        assert_eq!(next.id, a.id, "its id is free again");
        let usage = &next.usage().await["usage"];
        for counted in ["requests_this_hour", "tokens_this_month", "spend_this_month", "storage_mb"] {
            assert_eq!(usage[counted].as_f64(), Some(0.0), "{counted} of whoever had the id before: {usage}");
        }
    }

    async fn no_text_of_a_deleted_tenant_is_left_in_any_row(server: Server) {
        let tenant = server.sign_up("swordfish@swordfish-mail.example").await;
        let text = "swordfish";
        let agent = json!({ "name": text, "system_prompt": text, "metadata": { text: text }, "tools": ["search_kb", "create_ticket"] });
        let agent_id = id(&tenant.post("/agents", agent).await.ok(201), "agent_id");
        let path = format!("/agents/{agent_id}");
        tenant.patch(&path, json!({ "name": "swordfish 2", "system_prompt": "swordfish 2", "metadata": { "swordfish 2": "a" } })).await.ok(200);
        tenant.document("Of the swordfish", "The swordfish swims.").await;
        tenant.execute(&agent_id, json!({ "message": "Please open a ticket: the swordfish is wrong." })).once("execute").await.ok(200);
        let key = tenant.post("/api-keys", json!({ "name": text })).await.ok(201);
        tenant.post(&format!("/api-keys/{}/rotate", id(&key, "key_id")), json!({})).await.ok(201);
        tenant.delete(&format!("/api-keys/{}", id(&key, "key_id"))).await.no_content();
        tenant.delete(&path).await.no_content();
        if server.database.backend == Backend::Sqlite {
            assert_ne!(server.database.number(INDEXED).await, 0);
        }
        deleted(&server, &tenant).await;
        for (table, rows) in server.database.rows_of(&tenant.id).await {
            for row in rows {
                // Its id, of its address, is what the rest is kept under.
                assert!(!row.replace(&tenant.id, "").contains(text), "{table}: {row}");
            }
        }
        if server.database.backend == Backend::Sqlite {
            assert_eq!(server.database.number(INDEXED).await, 0, "nor in the search index");
        }
    }

    /// What is kept can be taken away by nothing else, and by this not before its time.
    async fn purging_is_refused_to_who_may_not_and_before_its_time(server: Server) {
        let tenant = server.sign_up("user@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        tenant.ask(&agent_id, "Hello!").await;
        let url = server.database.url_text();
        let refused = |output| one_line_of_failure(&output);
        assert!(refused(purge(&server, &url, "nobody", "retention_days = 0").await).contains("there is no tenant `nobody`"));
        let line = refused(purge(&server, &url, &tenant.id, "retention_days = 0").await);
        assert!(line.contains("is not deleted") && line.contains("DELETE /admin/tenants/acme"), "{line}");
        deleted(&server, &tenant).await;
        let line = refused(purge(&server, &url, &tenant.id, "retention_days = 0").await);
        assert!(line.contains("still being erased"), "{line}");
        server.set_clock("2024-03-15T14:32:00Z");
        server.app.runtime.beat().await.unwrap();
        for (configuration, words) in [("", ["2024-03-15", "3650 days", "2034-03-13 14:30 UTC"]), ("retention_days = 36500", ["2024-03-15", "36500 days", "2124-02-20"]),
            ("retention_days = 36501", ["retention_days", "36501", "at most 36500"]), ("retention_days = -1", ["agent-platform.toml", "line 1", "invalid value"])] {
            let line = refused(purge(&server, &url, &tenant.id, configuration).await);
            assert!(words.iter().all(|word| line.contains(word)), "{configuration}: {line}");
        }
        if server.database.backend == Backend::Postgres {
            let line = refused(purge(&server, &server.database.url_for(APP_LOGIN), &tenant.id, "retention_days = 0").await);
            assert!(line.contains(APP_LOGIN) && line.contains("AGENT_PLATFORM_DATABASE_ADMIN_URL"), "{line}");
        }
        assert_eq!(server.database.rows_of(&tenant.id).await["ledger"].len(), 1);
        let told = "SELECT COUNT(*) FROM audit_entries WHERE action = 'tenant.purged'";
        assert_eq!(server.database.number(told).await, 0, "what was refused is told nowhere");
        succeeded(&purge(&server, &url, &tenant.id, "retention_days = 1").await);
        assert!(server.database.rows_of(&tenant.id).await.is_empty());
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
        assert_eq!(kept(server.database.rows_of(&tenant.id).await.keys()), KEPT);

        // What a request brought that was let in before, and took its time.
        let late = match server.database.backend {
            Backend::Sqlite => "'2024-03-15T14:30:00+00:00'",
            Backend::Postgres => "'2024-03-15T14:30:00Z'",
        };
        server.database.execute(&format!(
            "INSERT INTO tickets (ticket_id, tenant_id, subject, body, execution_id, created_at) VALUES ('tick-late', '{}', 's', 'b', 'e', {late})", tenant.id
        )).await.unwrap();
        server.set_clock("2024-03-15T14:31:59Z");
        server.replica().await;
        assert_eq!(noted_erased(&server).await, 0, "more may come");
        server.set_clock("2024-03-15T14:32:00Z");
        server.replica().await;
        assert_eq!(noted_erased(&server).await, 1);
        assert_eq!(kept(server.database.rows_of(&tenant.id).await.keys()), KEPT);
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
