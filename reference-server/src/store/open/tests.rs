//! How a SQLite file is opened.

use super::*;

/// REPLACE deletes what stands in its way: by that, too, nothing is taken from what only grows.
#[tokio::test]
async fn nothing_that_only_grows_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let Ok(url) = format!("sqlite://{}", folder.path().join("agent-platform.db").display()).parse();
    migrate(&url).await.unwrap();
    let pool = sqlite_pool(&url, 1, false).await.unwrap();
    let entry = "INTO audit_entries (tenant_id, seq, created_at, actor, action, target, hash) VALUES ('acme', 1, '', 'system', '', '', x'')";
    sqlx::query(AssertSqlSafe(format!("INSERT {entry}"))).execute(&pool).await.unwrap();
    for replacing in [format!("INSERT OR REPLACE {entry}"), format!("REPLACE {entry}")] {
        let refused = sqlx::query(AssertSqlSafe(replacing)).execute(&pool).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    pool.close().await;
}
