//! `agent-platform check isolation`: what it prints of a database that holds, and of one that does not.

use std::{process::Output, sync::Arc};

use crate::harness::{
    Backend, Database,
    binary::{self, one_line_of_failure, succeeded},
    database::APP_LOGIN,
    server,
};

async fn check(url: &str, arguments: &[&str]) -> Output {
    let mut command = binary::command(&[&["check", "isolation"], arguments].concat());
    binary::run(command.env("AGENT_PLATFORM_DATABASE_URL", url)).await
}

async fn seeded(database: &Database) {
    let mut seed = binary::command(&["seed"]);
    succeeded(&binary::run(seed.env("AGENT_PLATFORM_DATABASE_URL", database.url_text())).await);
}

/// What it prints where something does not hold.
fn failed(output: &Output) -> (String, String) {
    let line = one_line_of_failure(output);
    (line, String::from_utf8(output.stdout.clone()).unwrap())
}

async fn proves_a_seeded_database(backend: Backend) {
    binary::with_database(backend, |database: Arc<Database>| async move {
        seeded(&database).await;
        let before =
            (database.row_counts().await, database.rows_of("acme-corp").await, database.rows_of("startup-xyz").await);
        for id in ["acme-corp", "startup-xyz"] {
            let conversations = database.rows_of(id).await["conversations"].len();
            assert_eq!(conversations, if id == "acme-corp" { 50 } else { 30 }, "{id}");
        }
        let printed = succeeded(&check(&database.url_text(), &[]).await);
        assert!(!printed.contains('✗') && printed.matches('✓').count() >= 4, "{printed}");
        assert!(
            printed.contains("acme-corp and startup-xyz are held apart") && printed.contains("conversations: 50"),
            "{printed}"
        );
        if backend == Backend::Postgres {
            for line in [
                "✓ the role agent_platform_app owns nothing and cannot bypass row security",
                "✓ with no tenant set, no row is visible (",
                "✓ row security is enabled and forced on every table with a tenant_id (",
                "conversations: 0 of 30",
                "conversations: 0 of 50",
                "✓ acme-corp cannot write a row for startup-xyz (",
                "✓ switching row security off is refused (",
            ] {
                assert!(printed.contains(line), "{line} in {printed}");
            }
            succeeded(&check(&database.url_for(APP_LOGIN), &[]).await);
        }
        let other = succeeded(&check(&database.url_text(), &["--tenants", "enterprise-co,acme-corp"]).await);
        assert!(other.contains("enterprise-co and acme-corp are held apart"), "{other}");
        let after =
            (database.row_counts().await, database.rows_of("acme-corp").await, database.rows_of("startup-xyz").await);
        assert_eq!(after, before, "nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn it_proves_a_seeded_database_on_sqlite() {
    proves_a_seeded_database(Backend::Sqlite).await;
}

#[tokio::test]
async fn it_proves_a_seeded_database_on_postgres() {
    proves_a_seeded_database(Backend::Postgres).await;
}

async fn says_what_it_lacks(backend: Backend) {
    server::with(backend, |server| async move {
        let url = server.database.url_text();
        let line = one_line_of_failure(&check(&url, &[]).await);
        assert!(line.contains("two tenants") && line.contains("agent-platform seed"), "{line}");
        server.sign_up("user@acme.example").await;
        let line = one_line_of_failure(&check(&url, &["--tenants", "acme,nobody"]).await);
        assert!(line.contains("`nobody`"), "{line}");
        for bad in ["acme", "acme,acme", "acme,", "a'b,acme"] {
            let output = check(&url, &["--tenants", bad]).await;
            let text = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && text.contains("acme-corp,startup-xyz"), "{bad}: {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn it_says_what_it_lacks_on_sqlite() {
    says_what_it_lacks(Backend::Sqlite).await;
}

#[tokio::test]
async fn it_says_what_it_lacks_on_postgres() {
    says_what_it_lacks(Backend::Postgres).await;
}

#[tokio::test]
async fn it_makes_no_database() {
    let database = Database::new(Backend::Sqlite).await;
    let line = one_line_of_failure(&check(&database.url_text(), &[]).await);
    assert!(line.contains("agent-platform.db") && line.contains("--database-url"), "{line}");
    assert!(!database.path().exists());
}

/// Each thing that can be wrong, with the lines that must say so.
#[tokio::test]
async fn it_names_the_table_where_something_is_wrong_on_postgres() {
    binary::with_database(Backend::Postgres, |database: Arc<Database>| async move {
        seeded(&database).await;
        let breaks = [
            ("ALTER TABLE documents DISABLE ROW LEVEL SECURITY", "ALTER TABLE documents ENABLE ROW LEVEL SECURITY", "documents",
                vec!["✗ row security is enabled", "✗ with no tenant set", "✗ acme-corp sees none of startup-xyz's rows", "✗ acme-corp cannot write"]),
            ("ALTER TABLE tickets NO FORCE ROW LEVEL SECURITY", "ALTER TABLE tickets FORCE ROW LEVEL SECURITY", "tickets", vec!["✗ row security is enabled"]),
            ("DROP POLICY tenant_isolation ON conversations",
                "CREATE POLICY tenant_isolation ON conversations FOR ALL TO agent_platform_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))",
                "conversations", vec!["✗ one policy shows"]),
            ("CREATE POLICY more ON agents FOR SELECT USING (true)", "DROP POLICY more ON agents", "agents",
                vec!["✗ one policy shows", "✗ with no tenant set", "✗ startup-xyz sees none of acme-corp's rows"]),
            ("GRANT DELETE ON ledger TO agent_platform_app", "REVOKE DELETE ON ledger FROM agent_platform_app", "ledger (DELETE)", vec!["✗ agent_platform_app may do"]),
            ("GRANT TRUNCATE ON messages TO PUBLIC", "REVOKE TRUNCATE ON messages FROM PUBLIC", "messages (TRUNCATE)", vec!["✗ agent_platform_app may do"]),
            ("GRANT UPDATE (cost_micros) ON ledger TO agent_platform_app", "REVOKE UPDATE (cost_micros) ON ledger FROM agent_platform_app", "ledger (UPDATE)", vec!["✗ agent_platform_app may do"]),
            ("GRANT CREATE ON SCHEMA public TO agent_platform_app", "REVOKE CREATE ON SCHEMA public FROM agent_platform_app", "may make tables", vec!["✗ the role agent_platform_app"]),
            ("CREATE TABLE noted (tenant_id TEXT)", "DROP TABLE noted", "noted", vec!["✗ row security is enabled", "✗ one policy shows"]),
        ];
        for (wrong, right, name, lines) in breaks {
            database.execute(wrong).await.unwrap();
            let (line, printed) = failed(&check(&database.url_text(), &[]).await);
            assert!(line.contains("not held apart"), "{wrong}: {line}");
            for start in lines {
                let found = printed.lines().find(|line| line.starts_with(start));
                assert!(found.is_some_and(|line| line.contains(name)), "{wrong}: `{start}` and {name} in {printed}");
            }
            database.execute(right).await.unwrap();
        }
        succeeded(&check(&database.url_text(), &[]).await);
    })
    .await;
}
