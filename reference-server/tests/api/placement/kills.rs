//! Whoever moves a tenant is killed, at whichever step: the servers put things right, and the next move succeeds.

use serde_json::{Value, json};

use super::silo::{rows, rows_of_all};
use crate::harness::{
    Backend, Database,
    binary::{self, Binary},
    until,
};

/// Where a move hangs until it is killed: in which database, on what, and in which state of the placement that is.
type Step = (bool, &'static str, &'static str, &'static str, &'static str);

const STEPS: [Step; 3] = [
    (true, "INSERT", "tickets", "TRUE", "copying"),
    (
        false,
        "UPDATE",
        "placements",
        "NEW.state = 'clearing' AND NEW.other_url IS DISTINCT FROM OLD.other_url",
        "paused",
    ),
    (false, "DELETE", "tickets", "TRUE", "clearing"),
];

/// Makes a statement take so long that it is killed first.
async fn hang(database: &Database, what: &str, table: &str, condition: &str) {
    let statements = match database.backend {
        Backend::Sqlite => format!(
            "CREATE TRIGGER hung BEFORE {what} ON {table} WHEN {condition} BEGIN \
             SELECT COUNT(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT i FROM n); END"
        ),
        Backend::Postgres => format!(
            "CREATE OR REPLACE FUNCTION hung() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM pg_sleep(3); RETURN COALESCE(NEW, OLD); END $$; \
             CREATE TRIGGER hung BEFORE {what} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION hung();"
        ),
    };
    database.execute(&statements).await.expect("it hangs");
}

async fn go_on(database: &Database, table: &str) {
    let statement = match database.backend {
        Backend::Sqlite => "DROP TRIGGER hung".to_owned(),
        Backend::Postgres => format!("DROP TRIGGER hung ON {table}"),
    };
    // SQLite's file is busy until the killed one is gone.
    until("the end of what hangs", || async { database.execute(&statement).await.ok() }).await;
}

fn command(database: &Database, to: &str) -> tokio::process::Command {
    let mut command = binary::command(&["tenants", "move", "acme", "--to", to]);
    command.env("AGENT_PLATFORM_DATABASE_URL", database.url_text());
    command
}

async fn everything(server: &Binary, key: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in ["/agents", "/conversations", "/executions", "/documents", "/tickets", "/usage"] {
        seen.push(server.get(path, key).await.ok(200));
    }
    seen
}

async fn killed(backend: Backend, step: usize) {
    let (is_target, what, table, condition, state) = STEPS[step];
    binary::with_database(backend, |database: std::sync::Arc<Database>| async move {
        let server = Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &["create_ticket"]).await;
        let path = format!("/agents/{agent_id}/execute");
        let ask = || server.call("POST", &path, &key, json!({ "message": "Please open a ticket: it is broken." }));
        ask().await.ok(200);
        let silo = Database::new(backend).await;
        agent_platform_server::store::migrate(&silo.url()).await.unwrap();
        let before = everything(&server, &key).await;
        let hung = if is_target { &silo } else { &*database };
        hang(hung, what, table, condition).await;
        let mut moving = command(&database, &silo.url_text()).spawn().expect("the binary runs");
        let query = format!("SELECT COUNT(*) FROM placements WHERE state = '{state}'");
        until(state, || async { (database.number(&query).await == 1).then_some(()) }).await;
        moving.kill().await.expect("it can be killed");
        go_on(hung, table).await;

        // Whatever was left half done, nobody has to do anything about it.
        let again = || async {
            let answer = server.get("/agents", &key).await;
            (answer.status == 200).then_some(())
        };
        until("the tenant", again).await;
        assert_eq!(everything(&server, &key).await, before, "{table} {state}");
        ask().await.ok(200);
        let settled = "SELECT COUNT(*) FROM placements WHERE state = 'settled'";
        until("the servers to put things right", || async { (database.number(settled).await == 1).then_some(()) })
            .await;

        let before = everything(&server, &key).await;
        let is_there = database.number("SELECT COUNT(*) FROM placements WHERE database_url IS NOT NULL").await == 1;
        assert_eq!(is_there, state == "clearing", "{table} {state}");
        if !is_there {
            binary::succeeded(&binary::run(&mut command(&database, &silo.url_text())).await);
        }
        assert!(rows(&database, "acme").await.iter().all(|&count| count == 0), "{table} {state}");
        assert_eq!(everything(&server, &key).await, before, "{table} {state}");
        ask().await.ok(200);
        binary::succeeded(&binary::run(&mut command(&database, "pool")).await);
        assert_eq!(rows_of_all(&silo).await, 0, "{table} {state}");
        silo.remove().await;
        server.terminate().await;
        assert!(server.ended().await);
    })
    .await;
}

/// A test for each step, on each kind of database.
macro_rules! killed_while {
    ($($step:ident = $number:literal;)+) => {$(
        mod $step {
            use super::*;

            #[tokio::test]
            async fn the_tenant_is_whole_on_sqlite() {
                killed(Backend::Sqlite, $number).await;
            }

            #[tokio::test]
            async fn the_tenant_is_whole_on_postgres() {
                killed(Backend::Postgres, $number).await;
            }
        }
    )+};
}

killed_while! {
    copying = 0;
    turning_over = 1;
    clearing_up = 2;
}
