//! What is kept of a tenant's changes while it lives in a silo, and what becomes of the silo when the tenant ends.

use http::Method;
use serde_json::{Value, json};

use super::silo::{furnish, place, rows, rows_of_all};
use crate::harness::{
    Backend, Database, Server, binary, on_both,
    server::{OPERATOR_KEY, id},
    until,
};

on_both! {
    async fn placements_and_changes_in_a_silo_stand_in_the_platforms_audit_log(server: Server) {
        let silo = Database::new(Backend::Sqlite).await;
        let tenant = server.sign_up("user@acme.example").await;
        furnish(&tenant).await;
        place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
        let agent_id = tenant.agent(&[]).await;
        let key = tenant.post("/api-keys", json!({})).await.ok(201);
        place(&server, &tenant, None).await.ok(200);
        let log = tenant.get("/audit-log?limit=100").await.ok(200);
        let log = log["data"].as_array().unwrap();
        let told: Vec<_> = log.iter().take(4).map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(told, ["tenant.placed", "api_key.created", "agent.created", "tenant.placed"]);
        // Where the platform has its databases is not for the tenant.
        let (pool, there) = (json!({ "place": "pool" }), json!({ "place": "silo" }));
        assert_eq!((&log[3]["before"], &log[3]["after"], &log[3]["actor"]), (&pool, &there, &json!("operator")));
        assert_eq!((&log[0]["before"], &log[0]["after"]), (&there, &pool));
        assert_eq!((&log[2]["target_id"], &log[1]["target_id"]), (&json!(agent_id), &json!(id(&key, "key_id"))));
        for chain in ["audit_entries", "audit_heads"] {
            let query = format!("SELECT COUNT(*) FROM {chain} WHERE tenant_id = '{}'", tenant.id);
            assert_eq!(silo.number(&query).await, 0, "the platform's database has the log");
        }
    }

    async fn a_deleted_tenant_is_erased_in_its_silo_and_purged_with_it(server: Server) {
        let silo = Database::new(Backend::Sqlite).await;
        let tenant = server.sign_up("user@acme.example").await;
        furnish(&tenant).await;
        place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
        tenant.post("/api-keys", json!({})).once("a-key").await.ok(201);
        // A move that failed, after the one that brought it there.
        let nowhere = place(&server, &tenant, Some("postgres://nobody@127.0.0.1:1/x")).await;
        assert!(nowhere.status.as_u16() >= 400, "{}", nowhere.text());
        let entries = rows(&silo, &tenant.id).await[4];
        server.call(Method::DELETE, &format!("/admin/tenants/{}", tenant.id)).key(OPERATOR_KEY).await.no_content();
        server.app.runtime.beat().await.unwrap();
        assert_eq!(rows(&silo, &tenant.id).await, [0, 0, 0, 0, entries, 0, 0, 0], "its ledger stays");
        assert_eq!(silo.number("SELECT COUNT(*) FROM tenants WHERE email LIKE '%acme.example'").await, 0);
        for table in ["idempotency_keys", "api_keys"] {
            for database in [&silo, &*server.database] {
                let query = format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = '{}'", tenant.id);
                assert_eq!(database.number(&query).await, 0, "{table}");
            }
        }
        place(&server, &tenant, None).await.problem(409, "not_movable");
        server.set_clock("2024-03-15T14:33:00Z");
        server.app.runtime.beat().await.unwrap();

        let file = silo.folder.path().join("agent-platform.toml");
        std::fs::write(&file, "retention_days = 0").unwrap();
        let mut purge = binary::command(&["tenants", "purge", &tenant.id, "--config", file.to_str().unwrap()]);
        let printed = binary::succeeded(&binary::run(purge.env("AGENT_PLATFORM_DATABASE_URL", server.database.url_text())).await);
        assert!(printed.contains(&format!("{} is purged: {entries} ledger entries", tenant.id)), "{printed}");
        assert_eq!(rows_of_all(&silo).await, 0);
        for table in ["tenants", "placements"] {
            let query = format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = '{}'", tenant.id);
            assert_eq!(server.database.number(&query).await, 0, "{table}");
        }
        let placement = server.get(&format!("/admin/tenants/{}/placement", tenant.id)).key(OPERATOR_KEY).await;
        assert_eq!(placement.problem(404, "not_found")["status"], Value::from(404));

        // The id is free, and whoever has it next lives in the pool.
        let next = server.sign_up("user@acme.example").await;
        assert_eq!(next.id, tenant.id);
        let agent = json!({ "name": "Support Agent", "system_prompt": "You are helpful." });
        until("the server to know", || async { (next.post("/agents", agent.clone()).await.status == 201).then_some(()) }).await;
    }
}
