//! A tenant that has something in every table, and every row of every table, as the catalogue lists them.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::{AssertSqlSafe, Row};

use super::{Backend, Database, Tenant, database::Behind, server::id};

/// Makes one of everything, and gives the ids by the names of their parameters in the specification's paths.
pub async fn one_of_everything(tenant: &Tenant) -> BTreeMap<String, String> {
    let document_id = tenant.document("Passwords", "Reset your password on the sign-in page.").await;
    let agent_id = tenant.agent(&["search_kb", "create_ticket"]).await;
    let answer = tenant.ask(&agent_id, "Please open a ticket: my invoice is wrong.").await;
    let ticket = tenant.get("/tickets").await.ok(200)["data"][0].clone();
    let key = tenant.post("/api-keys", json!({ "name": "second" })).await.ok(201);
    tenant.post("/api-keys", json!({ "name": "kept" })).once("a-key-of-each-tenant").await.ok(201);
    [
        ("agent_id", agent_id),
        ("document_id", document_id),
        ("execution_id", id(&answer, "execution_id")),
        ("conversation_id", id(&answer, "conversation_id")),
        ("ticket_id", id(&ticket, "ticket_id")),
        ("key_id", id(&key, "key_id")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

impl Database {
    /// The texts that a query gives, asked behind the API.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        let texts: Result<Vec<String>, _> = match self.behind().await {
            Behind::Sqlite(mut c) => {
                sqlx::query(query).fetch_all(&mut c).await.map(|rows| rows.iter().map(|row| row.get(0)).collect())
            }
            Behind::Postgres(mut c) => {
                sqlx::query(query).fetch_all(&mut c).await.map(|rows| rows.iter().map(|row| row.get(0)).collect())
            }
        };
        texts.expect("a test's query runs")
    }

    /// Every table, but for the migrations' own and the search index's parts.
    pub async fn tables(&self) -> Vec<String> {
        self.texts(match self.backend {
            Backend::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                 AND name NOT LIKE 'passages\\_index%' ESCAPE '\\' AND name <> '_sqlx_migrations' ORDER BY name"
            }
            Backend::Postgres => {
                "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace \
                 AND relname <> '_sqlx_migrations' ORDER BY relname"
            }
        })
        .await
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        let query = match self.backend {
            Backend::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Backend::Postgres => format!(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
            ),
        };
        self.texts(&query).await
    }

    /// Every row of the tenant as text, by table; tables without one have none here.
    pub async fn rows_of(&self, tenant_id: &str) -> BTreeMap<String, Vec<String>> {
        let mut rows = BTreeMap::new();
        for table in self.tables().await {
            let columns = self.columns(&table).await;
            if !columns.iter().any(|column| column == "tenant_id") {
                continue;
            }
            // When a key was last used is noted behind the request that used it.
            let shown = columns.iter().filter(|column| *column != "last_used_at");
            let row = shown
                .map(|column| match self.backend {
                    Backend::Sqlite => format!("QUOTE({column})"),
                    Backend::Postgres => format!("COALESCE({column}::text, 'NULL')"),
                })
                .collect::<Vec<_>>()
                .join(" || '|' || ");
            let found =
                self.texts(&format!("SELECT {row} FROM {table} WHERE tenant_id = '{tenant_id}' ORDER BY 1")).await;
            if !found.is_empty() {
                rows.insert(table, found);
            }
        }
        rows
    }

    /// How many rows each table has.
    pub async fn row_counts(&self) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for table in self.tables().await {
            let count = self.number(&format!("SELECT COUNT(*) FROM {table}")).await;
            counts.insert(table, count);
        }
        counts
    }
}
