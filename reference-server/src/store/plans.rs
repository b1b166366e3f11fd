//! How SQLite goes about what it is asked: what a tenant costs must not grow with everybody else's rows.

use sqlx::{AssertSqlSafe, Row};

use super::{ledger, lifecycle, open, standing};

/// The steps of these statements that look through a whole table, or a whole index.
pub(super) async fn scans(statements: impl IntoIterator<Item = String>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let Ok(url) = format!("sqlite://{}", folder.path().join("agent-platform.db").display()).parse();
    open::migrate(&url).await.unwrap();
    let pool = open::sqlite_pool(&url, 1, false).await.unwrap();
    let tables: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_schema WHERE type = 'table'").fetch_all(&pool).await.unwrap();
    let mut found = Vec::new();
    for statement in statements {
        let plan = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        for step in sqlx::query(plan).fetch_all(&pool).await.unwrap() {
            let step: String = step.get("detail");
            // By its own name or by the short one that it has in the statement.
            let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            let is_scan = scanned.is_some_and(|name| name.len() == 1 || tables.iter().any(|(table,)| table == name));
            // An index that is made for the one statement is made of the whole table.
            if is_scan || step.contains("AUTOMATIC") {
                found.push(format!("{step}: {statement}"));
            }
        }
    }
    pool.close().await;
    found
}

#[tokio::test]
async fn a_tenants_rows_are_found_by_an_index() {
    let of_ledger = [ledger::SQLITE_USAGE_BY, ledger::SQLITE_USAGE_SINCE, ledger::SQLITE_STORED];
    let statements =
        [standing::SQLITE_STANDING].into_iter().chain(of_ledger).chain(lifecycle::SQLITE_ERASE).map(str::to_owned);
    assert_eq!(scans(statements).await, Vec::<String>::new());
    let scanned = scans(["SELECT COUNT(*) FROM ledger l WHERE l.tenant_id = $1".to_owned()]).await;
    assert_eq!(scanned.len(), 1, "it is seen where there is none");
}
