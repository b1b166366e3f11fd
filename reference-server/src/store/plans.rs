//! How SQLite goes about what it is asked: what a tenant costs must not grow with everybody else's rows.

use sqlx::{AssertSqlSafe, Row};

use super::{ledger, lifecycle, open, standing};

/// The steps that SQLite takes for these statements, each with its statement.
async fn steps(statements: impl IntoIterator<Item = String>) -> (Vec<(String, String)>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let Ok(url) = format!("sqlite://{}", folder.path().join("agent-platform.db").display()).parse();
    open::migrate(&url).await.unwrap();
    let pool = open::sqlite_pool(&url, 1, false).await.unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables = sqlx::query_scalar(tables).fetch_all(&pool).await.unwrap();
    let mut steps = Vec::new();
    for statement in statements {
        let plan = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        for step in sqlx::query(plan).fetch_all(&pool).await.unwrap() {
            steps.push((step.get("detail"), statement.clone()));
        }
    }
    pool.close().await;
    (steps, tables)
}

/// Those that look through a whole table, or a whole index.
pub(super) async fn scans(statements: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    let (mut steps, tables) = steps(statements).await;
    steps.retain(|(step, _)| {
        // By its own name or by the short one that it has in the statement.
        let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        // An index that is made for the one statement is made of the whole table.
        scanned.is_some_and(|name| name.len() == 1 || tables.iter().any(|table| table == name))
            || step.contains("AUTOMATIC")
    });
    steps
}

#[tokio::test]
async fn a_tenants_rows_are_found_by_an_index() {
    let of_ledger = [ledger::SQLITE_USAGE_BY, ledger::SQLITE_USAGE_SINCE, ledger::SQLITE_STORED];
    let statements =
        [standing::SQLITE_STANDING].into_iter().chain(of_ledger).chain(lifecycle::SQLITE_ERASE).map(str::to_owned);
    assert_eq!(scans(statements).await, Vec::new());
    let scanned = scans(["SELECT COUNT(*) FROM ledger l WHERE l.tenant_id = $1".to_owned()]).await;
    assert_eq!(scanned.len(), 1, "it is seen where there is none");
}

#[tokio::test]
async fn what_a_tenant_runs_is_found_without_what_it_ran() {
    let running = "SELECT execution_id FROM executions WHERE tenant_id = $1 AND status = 'running'";
    let (steps, _) = steps([running.to_owned()]).await;
    assert!(steps.iter().all(|(step, _)| step.contains("executions_running_of_tenant")), "{steps:?}");
}
