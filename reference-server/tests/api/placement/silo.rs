//! A database for one tenant, and what is in it and in the platform's.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Backend, Call, Database, Server, Tenant, server::OPERATOR_KEY};

/// Both kinds, so that each meets each.
pub const KINDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

/// The tables that move with a tenant; the rest stays.
pub const TABLES: [&str; 8] =
    ["agents", "conversations", "executions", "messages", "ledger", "documents", "passages", "tickets"];

/// Asks the operator to place a tenant.
pub fn place(server: &Server, tenant: &Tenant, url: Option<&str>) -> Call {
    let path = format!("/admin/tenants/{}/placement", tenant.id);
    server.call(Method::PUT, &path).key(OPERATOR_KEY).json(&json!({ "database_url": url }))
}

/// Where the operator is told that a tenant lives, and whether it moves.
pub async fn placement(server: &Server, tenant: &Tenant) -> (Value, String) {
    let path = format!("/admin/tenants/{}/placement", tenant.id);
    let placement = server.get(&path).key(OPERATOR_KEY).await.ok(200);
    (placement["database_url"].clone(), placement["status"].as_str().unwrap().to_owned())
}

/// How many rows a tenant has in each table that moves.
pub async fn rows(database: &Database, tenant: &str) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(database.number(&format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = '{tenant}'")).await);
    }
    counts
}

/// How many rows of anybody, in any table with tenants' rows, a silo has.
pub async fn rows_of_all(database: &Database) -> i64 {
    let mut count = 0;
    for table in TABLES.iter().chain(&["tenants", "api_keys", "idempotency_keys", "placements"]) {
        count += database.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    }
    count
}

/// Everything that a tenant sees, but for what its limits come to by themselves.
pub async fn everything(tenant: &Tenant) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in ["/agents", "/documents", "/tickets", "/usage", "/usage/history", "/documents/search?q=password"] {
        seen.push(tenant.get(path).await.ok(200));
    }
    for (path, field) in [("/conversations", "conversation_id"), ("/executions", "execution_id")] {
        for row in all(tenant, path).await {
            let id = row[field].as_str().unwrap();
            seen.push(tenant.get(&format!("{path}/{id}")).await.ok(200));
        }
    }
    seen
}

/// All rows of a list.
pub async fn all(tenant: &Tenant, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = tenant.get(&format!("{path}?limit=100{cursor}")).await.ok(200);
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// A tenant that has one of everything: its agent, and the conversation that it had.
pub async fn furnish(tenant: &Tenant) -> (String, String) {
    tenant.document("Passwords", "Reset your password on the sign-in page.").await;
    let agent_id = tenant.agent(&["search_kb", "create_ticket"]).await;
    tenant.ask(&agent_id, "Please open a ticket: my invoice is wrong.").await;
    let answer = tenant.ask(&agent_id, "How do I reset my password?").await;
    (agent_id, answer["conversation_id"].as_str().unwrap().to_owned())
}
