//! A move that fails, at whichever step: the tenant is whole on one side, goes on there, and can be moved then.

use serde_json::{Value, json};

use super::silo::{KINDS, everything, furnish, place, placement, rows, rows_of_all};
use crate::harness::{Backend, Database, Server, Tenant, on_both, until};

/// Something that a database refuses until it is mended.
struct Broken<'a> {
    database: &'a Database,
    table: &'static str,
}

impl<'a> Broken<'a> {
    /// Refuses what is done to a table's rows under a condition.
    async fn new(database: &'a Database, what: &str, table: &'static str, condition: &str) -> Self {
        let statements = match database.backend {
            Backend::Sqlite => format!(
                "CREATE TRIGGER broken BEFORE {what} ON {table} WHEN {condition} \
                 BEGIN SELECT RAISE(ABORT, 'broken by a test'); END"
            ),
            Backend::Postgres => format!(
                "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'broken by a test'; END $$; \
                 CREATE TRIGGER broken BEFORE {what} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION broken();"
            ),
        };
        database.execute(&statements).await.expect("it breaks");
        Self { database, table }
    }

    async fn mend(self) {
        let statement = match self.database.backend {
            Backend::Sqlite => "DROP TRIGGER broken".to_owned(),
            Backend::Postgres => format!("DROP TRIGGER broken ON {}", self.table),
        };
        self.database.execute(&statement).await.expect("it is mended");
    }
}

/// The tenant is where it was, sees what it saw, and can work.
async fn is_whole(server: &Server, tenant: &Tenant, agent_id: &str, before: &[Value], url: &Value, step: &str) {
    assert_eq!(placement(server, tenant).await, (url.clone(), "settled".to_owned()), "{step}");
    assert_eq!(everything(tenant).await, before, "{step}");
    tenant.ask(agent_id, "Hello!").await;
}

/// What is broken: where, on what, and when.
const STEPS: [(bool, &str, &str, &str); 6] = [
    (true, "INSERT", "tenants", "TRUE"),
    (true, "INSERT", "agents", "TRUE"),
    (true, "INSERT", "tickets", "TRUE"),
    (true, "INSERT", "idempotency_keys", "TRUE"),
    (false, "UPDATE", "placements", "NEW.state = 'paused'"),
    (false, "UPDATE", "placements", "NEW.state = 'clearing' AND NEW.other_url IS DISTINCT FROM OLD.other_url"),
];

/// Breaks each step of a move to a silo of this kind.
async fn fails_at_each_step(server: Server, kind: Backend) {
    let tenant = server.sign_up(&format!("a@{kind:?}.example")).await;
    let (agent_id, _) = furnish(&tenant).await;
    tenant.execute(&agent_id, json!({ "message": "Hello!" })).once("a-key").await.ok(200);
    for (is_target, what, table, condition) in STEPS {
        let step = format!("{kind:?}: {what} {table} {condition}");
        let silo = Database::new(kind).await;
        agent_platform_server::store::migrate(&silo.url()).await.unwrap();
        let before = everything(&tenant).await;
        let broken = Broken::new(if is_target { &silo } else { &server.database }, what, table, condition).await;
        let answer = place(&server, &tenant, Some(&silo.url_text())).await;
        assert_eq!(answer.status, 500, "{step}: {}", answer.text());
        assert!(!answer.text().contains("broken by a test"), "{step}: {}", answer.text());
        is_whole(&server, &tenant, &agent_id, &before, &Value::Null, &step).await;
        assert_eq!(rows(&silo, &tenant.id).await, [0; 8], "{step}: what was copied is cleared away");
        broken.mend().await;

        let before = everything(&tenant).await;
        let there = place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
        is_whole(&server, &tenant, &agent_id, &before, &there["database_url"], &step).await;
        if !is_target {
            // The same on the way back.
            let before = everything(&tenant).await;
            let broken = Broken::new(&server.database, what, table, condition).await;
            assert_eq!(place(&server, &tenant, None).await.status, 500, "{step}");
            is_whole(&server, &tenant, &agent_id, &before, &there["database_url"], &step).await;
            assert_eq!(rows(&server.database, &tenant.id).await, [0; 8], "{step}");
            broken.mend().await;
        }
        place(&server, &tenant, None).await.ok(200);
        assert_eq!(rows_of_all(&silo).await, 0, "{step}");
        silo.remove().await;
    }
}

on_both! {
    async fn a_move_to_a_file_that_fails_before_its_moment_leaves_the_tenant_where_it_was(server: Server) {
        fails_at_each_step(server, Backend::Sqlite).await;
    }

    async fn a_move_to_postgres_that_fails_before_its_moment_leaves_the_tenant_where_it_was(server: Server) {
        fails_at_each_step(server, Backend::Postgres).await;
    }

    async fn a_move_to_sqlite_or_postgres_that_fails_after_its_moment_has_moved_the_tenant_and_a_server_clears_up(server: Server) {
        for kind in KINDS {
            let tenant = server.sign_up(&format!("a@{kind:?}.example")).await;
            let (agent_id, _) = furnish(&tenant).await;
            for (what, table, condition) in [("DELETE", "executions", "TRUE"), ("UPDATE", "placements", "NEW.state = 'settled'")] {
                let silo = Database::new(kind).await;
                let before = everything(&tenant).await;
                let broken = Broken::new(&server.database, what, table, condition).await;
                let there = place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
                assert_eq!(there["cleared"], false, "{there}");
                assert_eq!(placement(&server, &tenant).await.1, "clearing");
                assert_eq!(everything(&tenant).await, before);
                tenant.ask(&agent_id, "Hello!").await;
                broken.mend().await;
                // Whoever moved it is taken for gone, and a server does the rest.
                server.clock.set(server.now() + chrono::Duration::seconds(11));
                until("a server that clears up", || async { (placement(&server, &tenant).await.1 == "settled").then_some(()) }).await;
                assert_eq!(rows(&server.database, &tenant.id).await, [0; 8]);
                place(&server, &tenant, None).await.ok(200);
                assert_eq!(rows_of_all(&silo).await, 0);
                silo.remove().await;
            }
        }
    }

    async fn a_server_that_does_not_hold_the_tenant_back_ends_the_move(server: Server) {
        let silo = Database::new(Backend::Sqlite).await;
        let tenant = server.sign_up("a@acme.example").await;
        let (agent_id, _) = furnish(&tenant).await;
        let before = everything(&tenant).await;
        let now = server.now().to_rfc3339();
        let hung = format!("INSERT INTO instances (instance_id, heartbeat_at) VALUES ('srv-00000000000000000000', '{now}')");
        server.database.execute(&hung).await.unwrap();
        let problem = place(&server, &tenant, Some(&silo.url_text())).await.problem(503, "move_failed");
        assert!(problem["detail"].as_str().unwrap().contains("srv-00000000000000000000"), "{problem}");
        is_whole(&server, &tenant, &agent_id, &before, &Value::Null, "a server that hangs").await;
        // It is taken for gone.
        server.clock.set(server.now() + chrono::Duration::seconds(31));
        server.app.runtime.beat().await.unwrap();
        place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
        tenant.ask(&agent_id, "Hello!").await;
    }

    async fn a_server_that_lives_by_a_clock_twenty_minutes_behind_the_movers_is_not_taken_for_gone(server: Server) {
        let silo = Database::new(Backend::Sqlite).await;
        let tenant = server.sign_up("a@acme.example").await;
        let (agent_id, _) = furnish(&tenant).await;
        let before = everything(&tenant).await;
        let (database, began) = (server.database.clone(), server.now());
        let said = format!("INSERT INTO instances (instance_id, heartbeat_at) VALUES ('srv-00000000000000000000', '{}')", began.to_rfc3339());
        database.execute(&said).await.unwrap();
        // It goes on saying that it lives, and does not hear of the move.
        let living = tokio::spawn(async move {
            let mut due = tokio::time::interval(std::time::Duration::from_secs(1));
            for seconds in 1.. {
                due.tick().await;
                let at = (began + chrono::Duration::seconds(seconds)).to_rfc3339();
                let beat = format!("UPDATE instances SET heartbeat_at = '{at}' WHERE instance_id = 'srv-00000000000000000000'");
                // A file may be busy at a moment.
                let _ = database.execute(&beat).await;
            }
        });
        server.clock.set(server.now() + chrono::Duration::minutes(20));
        let problem = place(&server, &tenant, Some(&silo.url_text())).await.problem(503, "move_failed");
        assert!(problem["detail"].as_str().unwrap().contains("srv-00000000000000000000"), "{problem}");
        assert_eq!(placement(&server, &tenant).await, (Value::Null, "settled".to_owned()));
        assert_eq!(everything(&tenant).await, before);
        tenant.ask(&agent_id, "Hello!").await;
        living.abort();
    }

    async fn of_two_moves_at_once_one_is_refused(server: Server) {
        let silos = [Database::new(Backend::Sqlite).await, Database::new(Backend::Sqlite).await];
        let tenant = server.sign_up("a@acme.example").await;
        let (agent_id, _) = furnish(&tenant).await;
        let moves = silos.each_ref().map(|silo| place(&server, &tenant, Some(&silo.url_text())).into_future());
        let answers = futures_util::future::join_all(moves).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert!(statuses.contains(&200) && statuses.contains(&409), "{statuses:?}");
        answers.iter().find(|answer| answer.status == 409).unwrap().problem(409, "move_in_progress");
        let home = statuses.iter().position(|&status| status == 200).unwrap();
        assert_eq!(rows(&silos[home], &tenant.id).await[4], 2);
        assert!(!silos[1 - home].path().exists(), "nothing was begun there");
        tenant.ask(&agent_id, "Hello!").await;
    }
}
