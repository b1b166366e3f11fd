//! `agent-platform check audit` finds whatever was done to the log, also by who owns the tables.

use serde_json::{Value, json};

use crate::harness::{
    Backend, Binary, Database, PATIENCE, Server,
    binary::{self, command, one_line_of_failure, run, succeeded},
    database::{APP_LOGIN, OWNER},
    on_both, until,
};

/// A tenant of this name with twelve entries.
async fn twelve_entries(server: &Server, name: &str) {
    let tenant = server.sign_up(&format!("user@{name}.example")).await;
    assert_eq!(tenant.id, name);
    for _ in 0..10 {
        tenant.agent(&[]).await;
    }
}

/// Statements as whoever owns the database runs them, with what would stop them out of the way.
async fn tamper(database: &Database, statements: &str) {
    let first = match database.backend {
        Backend::Sqlite => ["audit_keeps_entries", "audit_loses_nothing", "audit_heads_go_forward", "audit_heads_stay"]
            .map(|trigger| format!("DROP TRIGGER IF EXISTS {trigger}; "))
            .concat(),
        Backend::Postgres => "SET session_replication_role = replica; ".to_owned(),
    };
    database.execute(&format!("{first}{statements}")).await.unwrap();
}

on_both! {
    async fn a_log_that_grows_is_whole(server: Server) {
        twelve_entries(&server, "acme").await;
        let mut check = command(&["check", "audit"]);
        let printed = succeeded(&run(check.env("AGENT_PLATFORM_DATABASE_URL", server.database.url_text())).await);
        assert_eq!(printed, "✓ acme: 12 entries\n✓ platform: 0 entries\n");
    }

    async fn whatever_was_done_to_it_is_found(server: Server) {
        let cases = [
            ("altered", "UPDATE audit_entries SET address = '203.0.113.9' WHERE tenant_id = 'altered' AND seq = 7", "entry 7 was changed"),
            ("blanked", "UPDATE audit_entries SET state_after = NULL WHERE tenant_id = 'blanked' AND seq = 1", "entry 1 was changed"),
            ("backdated", "UPDATE audit_entries SET created_at = '2024-03-14T14:30:00+00:00' WHERE tenant_id = 'backdated' AND seq = 12", "entry 12 was changed"),
            ("holed", "DELETE FROM audit_entries WHERE tenant_id = 'holed' AND seq = 5", "entry 5 is missing"),
            ("torn", "DELETE FROM audit_entries WHERE tenant_id = 'torn' AND seq IN (1, 2, 7)", "entries 1 to 2 are missing; entry 7 is missing"),
            ("cut-off", "DELETE FROM audit_entries WHERE tenant_id = 'cut-off' AND seq > 9", "the last 3 entries are missing (the anchor is at 12)"),
            ("emptied", "DELETE FROM audit_entries WHERE tenant_id = 'emptied'", "the last 12 entries are missing (the anchor is at 12)"),
            ("unanchored", "DELETE FROM audit_heads WHERE tenant_id = 'unanchored'", "the anchor is missing"),
            ("erased", "DELETE FROM audit_heads WHERE tenant_id = 'erased'; DELETE FROM audit_entries WHERE tenant_id = 'erased'", "the anchor is missing"),
            ("set-back", "UPDATE audit_heads SET seq = 9 WHERE tenant_id = 'set-back'", "the anchor was set back: it is at 9"),
            ("re-anchored", "UPDATE audit_heads SET hash = (SELECT hash FROM audit_entries WHERE tenant_id = 're-anchored' AND seq = 3) WHERE tenant_id = 're-anchored'", "the anchor was changed"),
            (
                "swapped",
                "UPDATE audit_entries SET seq = 1000 WHERE tenant_id = 'swapped' AND seq = 3; \
                 UPDATE audit_entries SET seq = 3 WHERE tenant_id = 'swapped' AND seq = 4; \
                 UPDATE audit_entries SET seq = 4 WHERE tenant_id = 'swapped' AND seq = 1000",
                "entry 3 was changed",
            ),
            (
                "renumbered",
                "DELETE FROM audit_entries WHERE tenant_id = 'renumbered' AND seq = 5; \
                 UPDATE audit_entries SET seq = seq + 100 WHERE tenant_id = 'renumbered' AND seq > 5; \
                 UPDATE audit_entries SET seq = seq - 101 WHERE tenant_id = 'renumbered' AND seq > 5; \
                 UPDATE audit_heads SET seq = 11 WHERE tenant_id = 'renumbered'",
                "entry 5 was changed",
            ),
            (
                "inserted",
                "INSERT INTO audit_entries (tenant_id, seq, created_at, actor, action, target, hash) \
                 SELECT tenant_id, 13, created_at, actor, action, target, hash FROM audit_entries WHERE tenant_id = 'inserted' AND seq = 12",
                "entry 13 was changed",
            ),
            ("far-off", "UPDATE audit_entries SET seq = 1000000000000 WHERE tenant_id = 'far-off' AND seq = 12", "entries 12 to 999999999999 are missing"),
            ("moved", "UPDATE audit_entries SET tenant_id = 'moved-away' WHERE tenant_id = 'moved'", "the last 12 entries are missing"),
        ];
        twelve_entries(&server, "intact").await;
        for (name, statements, _) in cases {
            twelve_entries(&server, name).await;
            tamper(&server.database, statements).await;
        }
        let mut check = command(&["check", "audit"]);
        let output = run(check.env("AGENT_PLATFORM_DATABASE_URL", server.database.url_text())).await;
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        for (name, _, finding) in cases {
            assert!(printed.contains(&format!("✗ {name}: {finding}")), "{name}: {finding}\n{printed}");
        }
        assert!(printed.contains("✓ intact: 12 entries\n") && printed.contains("✓ platform: "), "{printed}");
        assert!(printed.contains("✗ moved-away: entry 1 was changed"), "an entry belongs to its tenant's log alone: {printed}");
        let summary = one_line_of_failure(&output);
        assert!(summary.contains(&format!("{} of {} audit logs", cases.len() + 1, cases.len() + 3)), "{summary}");
    }
}

on_both! {
    /// Whoever takes away a whole chain with its anchor does not get a new one by what happens next.
    async fn a_log_that_was_taken_away_does_not_begin_anew(server: Server) {
        // Later than any migration ran: the tenant was not there before the log.
        server.set_clock("2100-01-01T00:00:00Z");
        let tenant = server.sign_up("user@acme.example").await;
        tamper(&server.database, "DELETE FROM audit_entries WHERE tenant_id = 'acme'; DELETE FROM audit_heads WHERE tenant_id = 'acme'").await;
        let agent = json!({ "name": "A", "system_prompt": "B" });
        tenant.post("/agents", agent.clone()).await.problem(500, "internal");
        assert_eq!(server.database.number("SELECT COUNT(*) FROM agents").await, 0, "nothing is done that is not told");
        found_of_acme(&server, "the anchor is missing\n").await;
        let zero = match server.database.backend {
            Backend::Sqlite => "zeroblob(32)",
            Backend::Postgres => "decode(repeat('00', 32), 'hex')",
        };
        tamper(&server.database, &format!("INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ('acme', 0, {zero})")).await;
        tenant.post("/agents", agent).await.ok(201);
        found_of_acme(&server, "entry 1 does not tell that the tenant was created: the log was begun anew\n").await;
    }
}

/// A check of a database that it makes itself would prove nothing.
#[tokio::test]
async fn a_database_that_is_not_there_is_not_made_for_the_check() {
    let database = Database::new(Backend::Sqlite).await;
    let mut check = command(&["check", "audit"]);
    let line = one_line_of_failure(&run(check.env("AGENT_PLATFORM_DATABASE_URL", database.url_text())).await);
    assert!(line.contains("there is no database") && line.contains("--database-url"), "{line}");
    assert!(!database.path().exists());
}

/// On SQLite a column holds whatever is written into it.
#[tokio::test]
async fn what_is_no_entry_any_more_is_found_too() {
    crate::harness::server::with(Backend::Sqlite, |server: Server| async move {
        twelve_entries(&server, "acme").await;
        for (change, found) in [
            ("SET created_at = 'yesterday' WHERE tenant_id = 'acme' AND seq = 7", "entry 7 was changed: it can't be read\n"),
            ("SET seq = 1000000000000 WHERE tenant_id = 'acme' AND seq = 7", "entry 7 is missing; entries 13 to 999999999999 are missing; entry 1000000000000 was changed: it can't be read"),
            ("SET seq = 'seven' WHERE tenant_id = 'acme' AND seq = 1000000000000", "entry 7 is missing; after entry 12 stands something that is no entry and has no place\n"),
        ] {
            tamper(&server.database, &format!("UPDATE audit_entries {change}")).await;
            found_of_acme(&server, found).await;
        }
    })
    .await;
}

/// What PostgreSQL holds for a time, and the driver does not.
#[tokio::test]
async fn a_time_that_is_none_is_found_on_postgres() {
    crate::harness::server::with(Backend::Postgres, |server: Server| async move {
        twelve_entries(&server, "acme").await;
        for time in ["infinity", "-infinity", "294276-01-01", "4713-01-01 BC"] {
            tamper(
                &server.database,
                &format!("UPDATE audit_entries SET created_at = '{time}' WHERE tenant_id = 'acme' AND seq = 7"),
            )
            .await;
            found_of_acme(&server, "entry 7 was changed: it can't be read\n").await;
        }
    })
    .await;
}

/// The one finding of a check.
async fn found_of_acme(server: &Server, finding: &str) {
    let mut check = command(&["check", "audit"]);
    let run = run(check.env("AGENT_PLATFORM_DATABASE_URL", server.database.url_text()));
    let output = tokio::time::timeout(PATIENCE, run).await.expect("the check ends");
    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(printed.contains(&format!("✗ acme: {finding}")), "{printed}");
    one_line_of_failure(&output);
}

/// The owner's URL is not needed: the application's role may ask whose logs there are, and reads each as its tenant.
#[tokio::test]
async fn the_applications_role_checks_every_log_on_postgres() {
    crate::harness::server::with(Backend::Postgres, |server: Server| async move {
        twelve_entries(&server, "acme").await;
        for admin in [None, Some(server.database.url_for(OWNER))] {
            let mut check = command(&["check", "audit"]);
            check.env("AGENT_PLATFORM_DATABASE_URL", server.database.url_for(APP_LOGIN));
            check.envs(admin.map(|url| ("AGENT_PLATFORM_DATABASE_ADMIN_URL", url)));
            assert_eq!(succeeded(&run(&mut check).await), "✓ acme: 12 entries\n✓ platform: 0 entries\n");
        }
    })
    .await;
}

/// Whoever owns the database can write a whole new chain with its anchor; the server's log has what was there before.
#[tokio::test]
async fn each_hash_goes_to_the_servers_log_and_counted_refusals_are_written_at_the_end() {
    binary::with_database(Backend::Sqlite, |database| async move {
        let log = database.folder.path().join("server.log");
        let mut serve = command(&["serve", "--bind", "127.0.0.1:0", "--log-json"]);
        serve.env("AGENT_PLATFORM_DATABASE_URL", database.url_text()).env("RUST_LOG", "info");
        serve.stderr(std::fs::File::create(&log).unwrap());
        let server = Binary::listening(&mut serve).await;
        let key = server.sign_up("user@acme.example").await;
        server.agent(&key, &[]).await;
        let entries = server.get("/audit-log", &key).await.ok(200)["data"].as_array().unwrap().clone();
        let text = std::fs::read_to_string(&log).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(entries.len(), 3);
        for entry in entries {
            let anchored = lines.iter().any(|line| {
                let fields = &line["fields"];
                (&fields["tenant_id"], &fields["seq"], &fields["hash"])
                    == (&json!("acme"), &entry["seq"], &entry["hash"])
            });
            assert!(anchored, "{entry} in {text}");
        }

        let wrong = format!("{}{}", &key[..key.len() - 4], "0000");
        for _ in 0..5 {
            server.get("/agents", &wrong).await.problem(401, "unauthorized");
        }
        let refused = "SELECT COUNT(*) FROM audit_entries WHERE action = 'sign_in.refused'";
        until("the first to be written", || async { (database.number(refused).await > 0).then_some(()) }).await;
        server.terminate().await;
        assert!(server.ended().await);
        let counted =
            "SELECT SUM(json_extract(state_after, '$.count')) FROM audit_entries WHERE action = 'sign_in.refused'";
        assert_eq!(database.number(counted).await, 5);
        let refusals = database.number(refused).await;
        assert!(refusals <= 3, "most are written together");

        let check = async |with_log: bool| {
            let mut check = command(&["check", "audit"]);
            check.env("AGENT_PLATFORM_DATABASE_URL", database.url_text());
            if with_log {
                check.arg("--server-log").arg(&log);
            }
            run(&mut check).await
        };
        succeeded(&check(true).await);
        // A chain that is cut and anchored anew is whole in itself.
        tamper(
            &database,
            "DELETE FROM audit_entries WHERE tenant_id = 'acme' AND seq > 2; \
             UPDATE audit_heads SET seq = 2, hash = (SELECT hash FROM audit_entries WHERE tenant_id = 'acme' AND seq = 2) \
             WHERE tenant_id = 'acme'",
        )
        .await;
        assert!(succeeded(&check(false).await).contains("✓ acme: 2 entries"));
        let output = check(true).await;
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        let last = 3 + refusals;
        assert!(printed.contains(&format!("✗ acme: the server logged entries up to {last}, and there are 2\n")), "{printed}");
        one_line_of_failure(&output);
        // A tenant that is gone without a trace has one in the log.
        let everything = "DELETE FROM api_keys; DELETE FROM agents; DELETE FROM tenants; DELETE FROM audit_entries WHERE tenant_id = 'acme'; \
                          DELETE FROM audit_heads WHERE tenant_id = 'acme'";
        database.execute(everything).await.unwrap();
        assert!(!succeeded(&check(false).await).contains("acme"));
        let printed = String::from_utf8(check(true).await.stdout).unwrap();
        assert!(printed.contains("✗ acme: every entry is missing"), "{printed}");
        std::fs::write(&log, "nothing").unwrap();
        assert!(one_line_of_failure(&check(true).await).contains("--server-log"));
    })
    .await;
}
