//! What moves is compared with what there is: a new table or column that nobody thought of fails here.

use std::collections::{BTreeMap, BTreeSet};

use agent_platform_server::store::moving::moved_columns;
use sqlx::{AssertSqlSafe, Row};

use crate::harness::{Backend, Server, database::Behind, server};

/// The tables with tenants' rows that stay in the platform's database, wherever the tenant lives, and the one that triggers fill where
/// the ledger is.
const STAYING: [&str; 7] =
    ["tenants", "api_keys", "placements", "purging", "audit_entries", "audit_heads", "ledger_alone"];

/// Every column of every table with tenants' rows, but for what the database itself gives.
async fn columns(server: &Server) -> BTreeMap<String, BTreeSet<String>> {
    let query = match server.database.backend {
        Backend::Sqlite => {
            "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' \
             AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND NOT (c.pk = 1 AND t.sql LIKE '%AUTOINCREMENT%') \
             AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'tenant_id')"
        }
        Backend::Postgres => {
            "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c \
             WHERE c.table_schema = 'public' AND c.is_identity = 'NO' AND c.is_generated = 'NEVER' AND EXISTS \
             (SELECT FROM information_schema.columns o WHERE o.table_schema = 'public' \
              AND o.table_name = c.table_name AND o.column_name = 'tenant_id')"
        }
    };
    let pair = |(table, column): (String, String)| (table, column);
    let query = AssertSqlSafe(query);
    let found: Vec<_> = match server.database.behind().await {
        Behind::Sqlite(mut c) => {
            let rows = sqlx::query(query).fetch_all(&mut c).await.unwrap();
            rows.iter().map(|row| pair((row.get(0), row.get(1)))).collect()
        }
        Behind::Postgres(mut c) => {
            let rows = sqlx::query(query).fetch_all(&mut c).await.unwrap();
            rows.iter().map(|row| pair((row.get(0), row.get(1)))).collect()
        }
    };
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in found {
        columns.entry(table).or_default().insert(column);
    }
    columns
}

async fn every_table_moves_or_stays(server: Server) {
    let moved: BTreeMap<_, BTreeSet<_>> =
        moved_columns().into_iter().map(|(table, columns)| (table, BTreeSet::from_iter(columns))).collect();
    let found = columns(&server).await;
    assert!(found.len() >= 12, "{found:?}");
    for (table, columns) in &found {
        let Some(moved) = moved.get(table.as_str()) else {
            assert!(STAYING.contains(&table.as_str()), "{table} neither moves with its tenant nor is known to stay");
            continue;
        };
        let expected: BTreeSet<_> =
            columns.iter().map(String::as_str).filter(|column| *column != "tenant_id").collect();
        assert_eq!(*moved, expected, "{table}");
    }
    for table in moved.keys() {
        assert!(found.contains_key(*table), "{table} moves and is not there");
    }
}

#[tokio::test]
async fn every_table_and_column_moves_or_stays_on_sqlite() {
    server::with(Backend::Sqlite, every_table_moves_or_stays).await;
}

#[tokio::test]
async fn every_table_and_column_moves_or_stays_on_postgres() {
    server::with(Backend::Postgres, every_table_moves_or_stays).await;
}
