//! PostgreSQL holds tenants apart also where a query of ours would not.

use std::{future::Future, sync::Arc};

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::harness::{
    Backend, Server, binary,
    database::{APP_LOGIN, OWNER},
    server,
};

/// Every table that holds tenants' rows.
async fn tenant_tables(connection: &mut PgConnection) -> Vec<String> {
    let query = "SELECT c.relname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
         WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1";
    sqlx::query_scalar(query).fetch_all(connection).await.unwrap()
}

async fn connect(server: &Server, role: &str) -> PgConnection {
    PgConnection::connect(&server.database.url_for(role)).await.unwrap()
}

/// What a statement is refused with.
async fn refusal(connection: &mut PgConnection, statement: &str) -> String {
    let outcome = connection.execute(AssertSqlSafe(statement.to_owned())).await;
    outcome.err().unwrap_or_else(|| panic!("`{statement}` must be refused")).to_string()
}

async fn with<F: Future<Output = ()>>(test: impl FnOnce(Server) -> F) {
    server::with(Backend::Postgres, test).await;
}

/// Two tenants with something in every table.
async fn two_tenants(server: &Server) -> (String, String) {
    let mut ids = Vec::new();
    for email in ["a@acme.example", "b@other.example"] {
        let tenant = server.sign_up(email).await;
        tenant.document("Passwords", "Reset your password on the sign-in page.").await;
        tenant.post("/api-keys", json!({})).once("a-key-of-each-tenant").await.ok(201);
        let agent_id = tenant.agent(&["create_ticket"]).await;
        tenant.ask(&agent_id, "Please open a ticket: my invoice is wrong.").await;
        let placed = "INSERT INTO placements (tenant_id, state, version, move_id, lease_until) VALUES";
        let placed = format!("{placed} ('{}', 'settled', 1, 'move-00000000000000000000', now())", tenant.id);
        server.database.execute(&placed).await.unwrap();
        ids.push(tenant.id);
    }
    let [a, b] = <[String; 2]>::try_from(ids).unwrap();
    (a, b)
}

#[tokio::test]
async fn every_table_with_tenants_rows_is_behind_forced_security_on_postgres() {
    with(|server| async move {
        let mut owner = connect(&server, OWNER).await;
        let tables = tenant_tables(&mut owner).await;
        assert!(tables.len() >= 10, "{tables:?}");
        for table in tables {
            let query = "SELECT c.relrowsecurity, c.relforcerowsecurity, p.qual, p.with_check, p.roles::text FROM pg_class c \
                 LEFT JOIN pg_policies p ON p.tablename = c.relname AND p.policyname = 'tenant_isolation' \
                 WHERE c.relname = $1 AND c.relnamespace = 'public'::regnamespace";
            let row = sqlx::query(query).bind(&table).fetch_one(&mut owner).await.unwrap();
            assert!(row.get::<bool, _>(0) && row.get::<bool, _>(1), "{table} is enabled and forced");
            for column in [2, 3] {
                let rule: Option<String> = row.get(column);
                assert!(rule.is_some_and(|rule| rule.contains("tenant_id =") && rule.contains("current_tenant()")), "{table}");
            }
            assert_eq!(row.get::<String, _>(4), "{agent_platform_app}", "{table}");
            let others: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM pg_policies WHERE tablename = $1 AND roles && ARRAY['public', 'agent_platform_app']::name[]")
                .bind(&table).fetch_one(&mut owner).await.unwrap();
            assert_eq!(others, 1, "no other policy lets the application see {table}");
        }
    })
    .await;
}

/// The whole of what the application may do to tenants' tables: a new one gets its line here with its reason to exist.
const GRANTS: [(&str, &str); 14] = [
    ("agents", "DELETE INSERT SELECT UPDATE"),
    ("api_keys", "INSERT SELECT UPDATE"),
    ("audit_entries", "INSERT SELECT"),
    ("audit_heads", "INSERT SELECT UPDATE"),
    ("conversations", "DELETE INSERT SELECT"),
    ("documents", "DELETE INSERT SELECT"),
    ("executions", "INSERT SELECT UPDATE"),
    ("idempotency_keys", "INSERT SELECT UPDATE"),
    ("ledger", "INSERT SELECT"),
    ("messages", "DELETE INSERT SELECT"),
    ("passages", "DELETE INSERT SELECT"),
    ("placements", "INSERT SELECT UPDATE"),
    ("tenants", "INSERT SELECT UPDATE"),
    ("tickets", "INSERT SELECT"),
];

#[tokio::test]
async fn the_catalogue_grants_each_table_what_is_listed_and_its_policy_covers_every_command_on_postgres() {
    with(|server| async move {
        let mut owner = connect(&server, OWNER).await;
        let tables = tenant_tables(&mut owner).await;
        assert_eq!(tables, GRANTS.map(|(table, _)| table), "each table with tenants' rows has its grants listed here");
        for (table, expected) in GRANTS {
            // Of the application's role, of everybody, and of the login that has the role: on the table and on its columns.
            let query = "SELECT string_agg(DISTINCT p.privilege_type::text, ' ' ORDER BY p.privilege_type::text) FROM ( \
                 SELECT privilege_type, grantee, is_grantable FROM information_schema.table_privileges WHERE table_name = $1 AND table_schema = 'public' \
                 UNION ALL SELECT privilege_type, grantee, is_grantable FROM information_schema.column_privileges WHERE table_name = $1 AND table_schema = 'public' \
                 ) p WHERE p.grantee <> $2";
            let granted: Option<String> = sqlx::query_scalar(query).bind(table).bind(OWNER).fetch_one(&mut owner).await.unwrap();
            assert_eq!(granted.as_deref(), Some(expected), "{table}");
            let policy = sqlx::query("SELECT cmd, permissive FROM pg_policies WHERE tablename = $1 AND policyname = 'tenant_isolation'")
                .bind(table).fetch_one(&mut owner).await.unwrap();
            assert_eq!((policy.get::<String, _>(0).as_str(), policy.get::<String, _>(1).as_str()), ("ALL", "PERMISSIVE"), "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_application_sees_no_row_without_a_tenant_and_only_its_own_with_one_on_postgres() {
    with(|server| async move {
        let (a, b) = two_tenants(&server).await;
        let mut login = connect(&server, APP_LOGIN).await;
        let tables = tenant_tables(&mut login).await;
        for table in &tables {
            let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            assert_eq!(
                sqlx::query_scalar::<_, i64>(count).fetch_one(&mut login).await.unwrap(),
                0,
                "{table} without a tenant"
            );
        }
        for tenant in [&a, &b] {
            let mut transaction = login.begin().await.unwrap();
            transaction.execute(AssertSqlSafe(format!("SET LOCAL app.current_tenant = '{tenant}'"))).await.unwrap();
            for table in &tables {
                let count = AssertSqlSafe(format!(
                    "SELECT COUNT(*), COUNT(*) FILTER (WHERE tenant_id = '{tenant}') FROM {table}"
                ));
                let row = sqlx::query(count).fetch_one(&mut *transaction).await.unwrap();
                let (seen, own): (i64, i64) = (row.get(0), row.get(1));
                assert!(seen == own && own > 0, "{table}: {own} of {seen} are {tenant}'s");
            }
            transaction.rollback().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_application_writes_for_its_tenant_alone_on_postgres() {
    with(|server| async move {
        let (a, b) = two_tenants(&server).await;
        let mut login = connect(&server, APP_LOGIN).await;
        login.execute(AssertSqlSafe(format!("SET app.current_tenant = '{a}'"))).await.unwrap();
        let insert = format!("INSERT INTO tickets (ticket_id, tenant_id, subject, body, execution_id, created_at) VALUES ('tick-x', '{b}', 's', 'b', 'e', now())");
        assert!(refusal(&mut login, &insert).await.contains("row-level security"));
        let stolen = format!("UPDATE agents SET tenant_id = '{a}' WHERE tenant_id = '{b}'");
        assert_eq!(login.execute(AssertSqlSafe(stolen)).await.unwrap().rows_affected(), 0);
        let given = format!("UPDATE agents SET tenant_id = '{b}'");
        assert!(refusal(&mut login, &given).await.contains("row-level security"));
        let deleted = format!("DELETE FROM documents WHERE tenant_id = '{b}'");
        assert_eq!(login.execute(AssertSqlSafe(deleted)).await.unwrap().rows_affected(), 0);
        for statement in ["UPDATE ledger SET cost_micros = 0", "DELETE FROM ledger", "TRUNCATE ledger", "UPDATE audit_entries SET address = NULL", "DELETE FROM audit_entries", "TRUNCATE audit_entries", "DELETE FROM audit_heads", "DELETE FROM executions", "DELETE FROM tenants", "DELETE FROM api_keys"] {
            assert!(refusal(&mut login, statement).await.contains("permission denied"), "{statement}");
        }
        for statement in ["UPDATE audit_heads SET seq = seq - 1", "UPDATE audit_heads SET seq = seq + 2", "UPDATE audit_heads SET hash = ''"] {
            assert!(refusal(&mut login, statement).await.contains("goes forward"), "{statement}");
        }
        // What was moved away is cleared: a tenant that lives here is not made one that was.
        let new = server.sign_up("c@new.example").await;
        let agent_id = new.agent(&[]).await;
        new.ask(&agent_id, "Hello!").await;
        let ledger = server.database.number("SELECT COUNT(*) FROM ledger").await;
        for statement in ["UPDATE placements SET state = 'leaving'", "UPDATE placements SET state = 'arriving'", "UPDATE placements SET state = 'clearing'", "UPDATE placements SET database_url = 'sqlite:x'", "UPDATE placements SET state = 'clearing', database_url = 'sqlite:x'"] {
            assert!(refusal(&mut login, statement).await.contains("goes its way"), "{statement}");
        }
        login.execute(AssertSqlSafe(format!("SET app.current_tenant = '{}'", new.id))).await.unwrap();
        for (state, url) in [("leaving", "NULL"), ("arriving", "NULL"), ("resident", "NULL"), ("clearing", "NULL"), ("settled", "'sqlite:x'"), ("copying", "'sqlite:x'")] {
            let insert = format!("INSERT INTO placements (tenant_id, database_url, state, version, move_id, lease_until) VALUES ('{}', {url}, '{state}', 1, 'move-x', now())", new.id);
            assert!(refusal(&mut login, &insert).await.contains("goes its way"), "{state} {url}");
        }
        let begin = format!("BEGIN; INSERT INTO placements (tenant_id, other_url, state, version, move_id, lease_until) VALUES ('{}', 'sqlite:x', 'copying', 1, 'move-x', now()); \
             UPDATE placements SET state = 'paused'; UPDATE placements SET state = 'clearing', database_url = other_url, other_url = database_url; COMMIT", new.id);
        let untold = login.execute(sqlx::raw_sql(AssertSqlSafe(begin))).await.unwrap_err().to_string();
        assert!(untold.contains("does not tell that it is placed elsewhere"), "{untold}");
        for tenant in [&a, &b, &new.id] {
            let clear = format!("SELECT platform_clear_moved('{tenant}', 500)");
            assert!(refusal(&mut login, &clear).await.contains("lives in this database"), "{tenant}");
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM ledger").await, ledger);
    })
    .await;
}

#[tokio::test]
async fn the_application_cannot_raise_itself_on_postgres() {
    with(|server| async move {
        two_tenants(&server).await;
        let mut login = connect(&server, APP_LOGIN).await;
        for statement in [
            &format!("SET ROLE {OWNER}"),
            "SET ROLE postgres",
            &format!("SET SESSION AUTHORIZATION {OWNER}"),
            "CREATE ROLE x",
            "CREATE TABLE x (a int)",
            "CREATE FUNCTION format(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
            "ALTER TABLE agents DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE agents NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant_isolation ON agents",
            "CREATE POLICY x ON agents USING (true)",
            "ALTER ROLE agent_platform_app BYPASSRLS",
            "DROP TABLE ledger",
            "ALTER TABLE ledger ADD COLUMN x int",
            "CREATE OR REPLACE FUNCTION current_tenant() RETURNS TEXT LANGUAGE sql AS 'SELECT NULL'",
            "INSERT INTO operator_keys VALUES ('a', 'b', now())",
            "DELETE FROM _sqlx_migrations",
            &format!("GRANT {OWNER} TO {APP_LOGIN}"),
        ] {
            let refused = refusal(&mut login, statement).await;
            assert!(
                ["permission denied", "must be owner", "must have admin", "must be superuser"]
                    .iter()
                    .any(|word| refused.contains(word)),
                "{statement}: {refused}"
            );
        }
        // To switch row security off makes a query fail, and shows nothing.
        login.execute("SET row_security = off").await.unwrap();
        assert!(refusal(&mut login, "SELECT * FROM agents").await.contains("row-level security"));
    })
    .await;
}

/// The sweep's question is asked without a tenant. Here it also notes what tenant its connection is still set to.
#[tokio::test]
async fn a_tenant_does_not_stay_set_on_a_pooled_connection_on_postgres() {
    with(|server| async move {
        let tenant = server.sign_up("a@acme.example").await;
        let agent_id = tenant.agent(&[]).await;
        server.database.execute(
            "CREATE TABLE noted (tenant TEXT); \
             CREATE OR REPLACE FUNCTION platform_orphans(alive_since TIMESTAMPTZ) RETURNS TABLE (execution_id TEXT, tenant_id TEXT) \
             LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN \
             INSERT INTO noted VALUES (COALESCE(current_setting('app.current_tenant', true), '')); END $$;",
        ).await.unwrap();
        server.database.execute(&format!("GRANT ALL ON noted TO {OWNER}")).await.unwrap();
        for round in 0..10 {
            let calls = (0..8).map(|i| {
                let tenant = tenant.clone();
                let path = if (i + round) % 3 == 0 { "/agents/agent-00000000000000000000".to_owned() } else { format!("/agents/{agent_id}") };
                // Some are dropped on their way.
                tokio::spawn(async move { tokio::time::timeout(std::time::Duration::from_micros(300 * i), tenant.get(&path).into_future()).await.is_ok() })
            });
            futures_util::future::join_all(calls).await;
            for _ in 0..4 {
                server.app.store.orphans(server.now()).await.unwrap();
            }
        }
        assert_eq!(server.database.number("SELECT COUNT(*) FROM noted").await, 40);
        assert_eq!(server.database.number("SELECT COUNT(*) FROM noted WHERE tenant <> ''").await, 0);
    })
    .await;
}

/// A trigger sets another tenant for the whole session, at the end of a request's own transaction: as injected SQL would. Requests
/// that succeed, fail and are given up leave such connections behind, and the next ones see their own tenant alone.
#[tokio::test]
async fn a_tenant_that_is_set_from_inside_a_request_is_not_the_next_ones_on_postgres() {
    with(|server| async move {
        let (a, b) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        let (of_a, of_b) = (a.agent(&[]).await, b.agent(&[]).await);
        server.database.execute(&format!(
            "CREATE FUNCTION set_another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM set_config('app.current_tenant', '{}', false); \
             IF NEW.name = 'fails' THEN RAISE EXCEPTION 'a test fails here'; END IF; RETURN NEW; END $$; \
             CREATE CONSTRAINT TRIGGER set_another AFTER UPDATE ON agents DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.tenant_id = '{}') EXECUTE FUNCTION set_another();",
            b.id, a.id
        )).await.unwrap();
        for round in 0..8_u64 {
            // More at once than there are connections, so that each has been through it.
            let calls = (0..24_u64).map(|i| {
                let (tenant, path) = (a.clone(), format!("/agents/{of_a}"));
                let name = if i % 3 == 0 { "fails".to_owned() } else { format!("A {round} {i}") };
                let patience = if i % 4 == 1 { 400 * i } else { 20_000_000 };
                tokio::spawn(async move {
                    let call = tenant.patch(&path, json!({ "name": name })).into_future();
                    tokio::time::timeout(std::time::Duration::from_micros(patience), call).await.map(|answer| answer.status.as_u16())
                })
            });
            let outcomes: Vec<_> = futures_util::future::join_all(calls).await.into_iter().map(|outcome| outcome.unwrap()).collect();
            assert!(outcomes.contains(&Ok(200)) && outcomes.contains(&Ok(500)), "{outcomes:?}");
            let reads = (0..24).map(|_| async {
                a.get(&format!("/agents/{of_b}")).await.problem(404, "not_found");
                b.get(&format!("/agents/{of_a}")).await.problem(404, "not_found");
                let (seen_by_a, seen_by_b) = (a.get("/agents").await.ok(200), b.get("/agents").await.ok(200));
                assert_eq!(seen_by_a["data"].as_array().unwrap().iter().map(|agent| &agent["agent_id"]).collect::<Vec<_>>(), [&json!(of_a)]);
                assert_eq!(seen_by_b["data"].as_array().unwrap().iter().map(|agent| &agent["agent_id"]).collect::<Vec<_>>(), [&json!(of_b)]);
            });
            futures_util::future::join_all(reads).await;
        }
        // What asks without a tenant is a function of its own, whatever its connection was set to.
        let found = server.app.store.orphans(server.now()).await.unwrap();
        assert!(found.is_empty(), "{found:?}");
        // The trap was there: a connection that was left like that would show B's rows to whoever set no tenant.
        let mut login = connect(&server, APP_LOGIN).await;
        login.execute(AssertSqlSafe(format!("SET app.current_tenant = '{}'", a.id))).await.unwrap();
        login.execute("UPDATE agents SET name = 'A'").await.unwrap();
        let seen: Vec<String> = sqlx::query_scalar("SELECT tenant_id FROM agents").fetch_all(&mut login).await.unwrap();
        assert_eq!(seen, std::slice::from_ref(&b.id));
    })
    .await;
}

#[tokio::test]
async fn serve_works_under_a_plain_member_and_refuses_an_owner_on_postgres() {
    binary::with_database(Backend::Postgres, |database: Arc<_>| async move {
        for (role, why) in [(OWNER, "owns the tables"), ("postgres", "bypasses row security")] {
            let mut serve = binary::command(&["serve", "--bind", "127.0.0.1:0"]);
            serve
                .env("AGENT_PLATFORM_DATABASE_URL", database.url_for(role))
                .env("AGENT_PLATFORM_DATABASE_ADMIN_URL", database.url_for(OWNER));
            let line = binary::one_line_of_failure(&binary::run(&mut serve).await);
            assert!(line.contains(role) && line.contains(why) && line.contains("GRANT agent_platform_app"), "{line}");
        }
        let mut create = binary::command(&["operator-key", "create"]);
        create.env("AGENT_PLATFORM_DATABASE_URL", database.url_for(APP_LOGIN));
        let line = binary::one_line_of_failure(&binary::run(&mut create).await);
        assert!(line.contains(APP_LOGIN) && line.contains("AGENT_PLATFORM_DATABASE_ADMIN_URL"), "{line}");
        let mut serve = binary::command(&["serve", "--bind", "127.0.0.1:0"]);
        serve
            .env("AGENT_PLATFORM_DATABASE_URL", database.url_for(APP_LOGIN))
            .env("AGENT_PLATFORM_DATABASE_ADMIN_URL", database.url_for(OWNER));
        let server = binary::Binary::listening(&mut serve).await;
        let key = server.sign_up("user@acme.example").await;
        let agent_id = server.agent(&key, &[]).await;
        server.call("POST", &format!("/agents/{agent_id}/execute"), &key, json!({ "message": "Hello!" })).await.ok(200);
        server.terminate().await;
        assert!(server.ended().await);
        // As in `public` up to PostgreSQL 14: also the role that an owner steps down to.
        database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC").await.unwrap();
        for (role, admin) in [(APP_LOGIN, Some(OWNER)), (OWNER, None)] {
            let mut serve = binary::command(&["serve", "--bind", "127.0.0.1:0"]);
            serve.env("AGENT_PLATFORM_DATABASE_URL", database.url_for(role));
            serve.envs(admin.map(|admin| ("AGENT_PLATFORM_DATABASE_ADMIN_URL", database.url_for(admin))));
            let line = binary::one_line_of_failure(&binary::run(&mut serve).await);
            assert!(line.contains("may make functions") && line.contains("REVOKE CREATE ON SCHEMA"), "{line}");
        }
    })
    .await;
}
