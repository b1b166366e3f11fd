//! How a SQLite file is opened.

use super::{super::lifecycle::cut_log, *};

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

/// A database from before entries were found through executions, with one whose execution was erased.
#[tokio::test]
async fn entries_that_are_alone_are_noted_by_the_migration() {
    let folder = tempfile::tempdir().unwrap();
    let Ok(url) = format!("sqlite://{}", folder.path().join("agent-platform.db").display()).parse();
    let pool = sqlite_pool(&url, 1, true).await.unwrap();
    let migrate = async |versions: std::ops::Range<i64>| {
        for migration in SQLITE.iter().filter(|migration| versions.contains(&migration.version)) {
            sqlx::raw_sql(migration.sql.clone()).execute(&pool).await.unwrap();
        }
    };
    migrate(1..10).await;
    for statement in [
        "INSERT INTO executions (execution_id, tenant_id, agent_id, conversation_id, key_id, mode, owner, status, input, model, \
         reserved_tokens, input_tokens, metadata, created_at) \
         VALUES ('exec-there', 'acme', 'a', 'c', 'k', 'live', 'o', 'completed', '', 'm', 0, 0, '{}', '')",
        "INSERT INTO ledger SELECT id, 'acme', 'a', 'k', 'live', 'm', 'completed', 1, 1, 0, 1, '', '' \
         FROM (SELECT 'exec-there' AS id UNION ALL SELECT 'exec-erased')",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    migrate(10..11).await;
    let alone: Vec<(String, String)> = sqlx::query_as("SELECT * FROM ledger_alone").fetch_all(&pool).await.unwrap();
    assert_eq!(alone, [("acme".to_owned(), "exec-erased".to_owned())]);
    pool.close().await;
}

/// What was deleted stays in the log for as long as somebody reads of a moment before; writers do not wait for that.
#[tokio::test]
async fn the_log_is_cut_off_when_nobody_reads_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent-platform.db");
    let Ok(url) = format!("sqlite://{}", path.display()).parse();
    let store = Store::open(&url, None).await.unwrap();
    let Database::Sqlite { read, write } = &*store.database else { unreachable!("it is SQLite") };
    let log = || std::fs::metadata(path.with_extension("db-wal")).map_or(0, |file| file.len());
    let mut reader = read.begin().await.unwrap();
    let _: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM tenants").fetch_one(&mut *reader).await.unwrap();
    sqlx::query("INSERT INTO database_marks (mark) VALUES ('m')").execute(write).await.unwrap();
    assert!(!cut_log(write).await.unwrap());
    assert!(log() > 0);
    reader.rollback().await.unwrap();
    assert!(cut_log(write).await.unwrap());
    assert_eq!(log(), 0);
    let patience: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(write).await.unwrap();
    assert_eq!(u128::try_from(patience).unwrap(), BUSY_TIMEOUT.as_millis());
}
