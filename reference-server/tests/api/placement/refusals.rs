//! What makes no sense is refused with what to do, and nothing is touched.

use serde_json::{Value, json};

use super::silo::{KINDS, everything, furnish, place, placement};
use crate::harness::{Backend, Database, Server, binary, database::APP_LOGIN, on_both, server::OPERATOR_KEY};

on_both! {
    async fn a_placement_that_makes_no_sense_is_refused(server: Server) {
        let (tenant, other) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        furnish(&tenant).await;
        furnish(&other).await;
        let before = everything(&tenant).await;
        let platform = server.database.url_text();
        let alias = match server.database.backend {
            Backend::Sqlite => format!("{platform}?mode=rwc"),
            Backend::Postgres => server.database.url_for("postgres"),
        };
        let nowhere = server.database.folder.path().join("no/such/folder/x.db");
        for (url, why) in [
            ("mysql://app:s3cret@db/x", "neither a SQLite file nor PostgreSQL"),
            ("acme.db", "neither"),
            ("sqlite::memory:", "neither"),
            (&format!("sqlite://{}", nowhere.display()), "Check that the folder exists"),
            ("postgres://app:s3cret@127.0.0.1:1/x", "cannot open the database postgres://app@127.0.0.1:1/x"),
            (&platform, "platform's own database"),
            (&alias, "platform's own database"),
        ] {
            let detail = place(&server, &tenant, Some(url)).await.refusal_of("/database_url");
            assert!(detail.contains(why) && !detail.contains("s3cret"), "{url}: {detail}");
            assert!(!detail.contains("--database-url") && !detail.contains("AGENT_PLATFORM"), "it is no option of the server's: {detail}");
        }
        for body in [json!({}), json!({ "database_url": 7 }), json!({ "database_url": null, "to": "x" })] {
            let path = format!("/admin/tenants/{}/placement", tenant.id);
            server.call(http::Method::PUT, &path).key(OPERATOR_KEY).json(&body).await.problem(422, "invalid_request");
        }
        server.call(http::Method::PUT, "/admin/tenants/nobody/placement").key(OPERATOR_KEY).json(&json!({ "database_url": null }))
            .await.problem(404, "not_found");
        server.get("/admin/tenants/nobody/placement").key(OPERATOR_KEY).await.problem(404, "not_found");
        server.get(&format!("/admin/tenants/{}/placement", tenant.id)).key(&tenant.key).await.problem(401, "unauthorized");
        // What is there already stays: a retry is no error.
        assert_eq!(place(&server, &tenant, None).await.ok(200)["rows"], 0);
        assert_eq!(placement(&server, &tenant).await, (Value::Null, "settled".to_owned()));
        assert_eq!(everything(&tenant).await, before);
    }

    async fn a_silo_of_sqlite_or_postgres_is_for_one_tenant(server: Server) {
        for kind in KINDS {
            let silo = Database::new(kind).await;
            let url = silo.url_text();
            let tenant = server.sign_up(&format!("a@{kind:?}.example")).await;
            let other = server.sign_up(&format!("b@{kind:?}.example")).await;
            furnish(&tenant).await;
            furnish(&other).await;
            place(&server, &tenant, Some(&url)).await.ok(200);
            let (before, others) = (everything(&tenant).await, everything(&other).await);
            let detail = place(&server, &other, Some(&url)).await.refusal_of("/database_url");
            assert!(detail.contains("holds a tenant already"), "{detail}");
            assert_eq!(place(&server, &tenant, Some(&url)).await.ok(200)["rows"], 0);
            let alias = match kind {
                Backend::Sqlite => format!("{url}?mode=rwc"),
                Backend::Postgres => silo.url_for("postgres"),
            };
            let detail = place(&server, &tenant, Some(&alias)).await.refusal_of("/database_url");
            assert!(detail.contains("under another URL"), "{detail}");
            // The tenant's name, but another platform's tenant.
            let strange = Database::new(kind).await;
            agent_platform_server::store::migrate(&strange.url()).await.unwrap();
            let row = "INSERT INTO tenants (tenant_id, name, email, tier, status, quota_overrides, created_at) VALUES";
            strange.execute(&format!("{row} ('{}', 'x', 'x@x', 'starter', 'active', '{{}}', '2024-01-01T00:00:00+00:00')", other.id)).await.unwrap();
            place(&server, &other, Some(&strange.url_text())).await.refusal_of("/database_url");
            assert_eq!(strange.number("SELECT COUNT(*) FROM tenants").await, 1);
            // Another platform, without tenants yet.
            let new = Database::new(kind).await;
            let mut create = binary::command(&["operator-key", "create"]);
            binary::succeeded(&binary::run(create.env("AGENT_PLATFORM_DATABASE_URL", new.url_text())).await);
            let detail = place(&server, &other, Some(&new.url_text())).await.refusal_of("/database_url");
            assert!(detail.contains("or an operator key"), "{detail}");
            assert_eq!((everything(&tenant).await, everything(&other).await), (before, others));
            for database in [silo, strange, new] {
                database.remove().await;
            }
        }
    }

    /// A silo that is down is told as such, for its tenant alone; so is a file that is another than was meant.
    async fn a_silo_that_is_gone_stops_its_tenant_alone(server: Server) {
        let silo = Database::new(Backend::Sqlite).await;
        let (tenant, other) = (server.sign_up("a@acme.example").await, server.sign_up("b@other.example").await);
        let (agent_id, _) = furnish(&tenant).await;
        let (others_agent, _) = furnish(&other).await;
        place(&server, &tenant, Some(&silo.url_text())).await.ok(200);
        let moved = silo.folder.path().join("elsewhere");
        std::fs::create_dir(&moved).unwrap();
        for file in ["agent-platform.db", "agent-platform.db-wal", "agent-platform.db-shm"] {
            let _ = std::fs::rename(silo.folder.path().join(file), moved.join(file));
        }
        let restarted = server.replica().await;
        let through = tenant.through(&restarted);
        through.execute(&agent_id, json!({ "message": "Hello!" })).await.problem(503, "database_unavailable");
        through.get("/agents").await.problem(503, "database_unavailable");
        other.through(&restarted).ask(&others_agent, "Hello!").await;
        restarted.app.runtime.beat().await.unwrap();
        assert!(restarted.app.store.orphans(server.now()).await.is_ok());
        restarted.app.store.leave(&restarted.app.runtime.instance).await.unwrap();
        restarted.app.store.close().await;
    }
}

#[tokio::test]
async fn the_command_says_what_it_did_and_why_not_on_postgres() {
    binary::with_database(Backend::Postgres, |database: std::sync::Arc<_>| async move {
        let server = binary::Binary::serve(&database).await;
        let key = server.sign_up("user@acme.example").await;
        server.agent(&key, &[]).await;
        let folder = database.folder.path().to_owned();
        let command = |to: &str| {
            let mut command = binary::command(&["tenants", "move", "acme", "--to", to]);
            command.env("AGENT_PLATFORM_DATABASE_URL", database.url_text()).current_dir(&folder);
            command
        };
        let there = binary::succeeded(&binary::run(&mut command("sqlite://acme.db")).await);
        // A relative path means the folder of whoever says it, which is not the server's.
        assert!(there.contains(&format!("acme lives in sqlite://{}", folder.display())), "{there}");
        assert_eq!(server.get("/agents", &key).await.ok(200)["data"].as_array().unwrap().len(), 1);
        let line = binary::one_line_of_failure(&binary::run(&mut command("sqlite://acme.db")).await);
        assert!(line.contains("lives in sqlite://") && line.contains("already"), "{line}");
        let back = binary::succeeded(&binary::run(&mut command("pool")).await);
        assert!(back.contains("acme lives in the pool now"), "{back}");
        let absent = format!("sqlite://{}", folder.join("absent.db").display());
        let line =
            binary::one_line_of_failure(&binary::run(command("pool").env("AGENT_PLATFORM_DATABASE_URL", absent)).await);
        assert!(line.contains("there is no database") && !folder.join("absent.db").exists(), "{line}");
        for to in ["mysql://a:s3cret@b/c", "acme.db", "postgres://a:s3cret@127.0.0.1:1/x"] {
            let output = binary::run(&mut command(to)).await;
            let text = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && text.contains("error: ") && !text.contains("s3cret"), "{text}");
        }
        // A plain member of the application's role will do where somebody else has made the tables.
        let silo = Database::new(Backend::Postgres).await;
        let moved = binary::succeeded(&binary::run(&mut command(&silo.url_for(APP_LOGIN))).await);
        assert!(moved.contains("acme lives in postgres://"), "{moved}");
        assert_eq!(server.get("/agents", &key).await.ok(200)["data"].as_array().unwrap().len(), 1);
        binary::succeeded(&binary::run(&mut command("pool")).await);
        server.terminate().await;
        assert!(server.ended().await);
        silo.remove().await;
    })
    .await;
}
