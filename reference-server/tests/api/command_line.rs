//! The command line: what it prints, and how it fails: one line that says what is wrong and what to do.

use std::{net::TcpListener, os::unix::fs::PermissionsExt};

use serde_json::{Value, json};

use crate::harness::{
    Backend, Binary, Database,
    binary::{self, command, one_line_of_failure, run, succeeded},
};

#[tokio::test]
async fn every_command_explains_itself() {
    let help = succeeded(&run(&mut command(&["--help"])).await);
    for name in ["serve", "openapi", "migrate", "seed", "check", "operator-key"] {
        assert!(help.contains(name), "{help}");
        let help = succeeded(&run(&mut command(&[name, "--help"])).await);
        assert!(help.contains("Usage: agent-platform"), "{help}");
    }
    let serve = succeeded(&run(&mut command(&["serve", "--help"])).await);
    for word in [
        "--bind",
        "AGENT_PLATFORM_BIND",
        "127.0.0.1:8000",
        "--database-url",
        "AGENT_PLATFORM_DATABASE_URL",
        "sqlite://agent-platform.db",
        "--config",
        "AGENT_PLATFORM_CONFIG",
        "AGENT_PLATFORM_DATABASE_ADMIN_URL",
        "AGENT_PLATFORM_OPERATOR_KEY",
        "RUST_LOG",
    ] {
        assert!(serve.contains(word), "{word} in {serve}");
    }
    assert!(succeeded(&run(&mut command(&["--version"])).await).starts_with("agent-platform "));
}

#[tokio::test]
async fn help_shows_no_secret_of_the_environment() {
    let mut help = command(&["serve", "--help"]);
    help.env("AGENT_PLATFORM_DATABASE_URL", "postgres://a:s3cret@db/x")
        .env("AGENT_PLATFORM_OPERATOR_KEY", "s3cret-s3cret-s3cret-s3cret");
    assert!(!succeeded(&run(&mut help).await).contains("s3cret"));
}

#[tokio::test]
async fn a_port_in_use_is_named_before_the_database_is_touched() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let database = Database::new(Backend::Sqlite).await;
    let output = run(&mut command(&["serve", "--bind", &address, "--database-url", &database.url_text()])).await;
    let line = one_line_of_failure(&output);
    assert!(
        line.contains(&address)
            && line.contains("--bind")
            && line.contains(&taken.local_addr().unwrap().port().to_string()),
        "{line}"
    );
    assert!(!database.path().exists());
}

#[tokio::test]
async fn an_unwritable_database_path_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("sqlite://{}/no/such/folder/x.db", folder.path().display());
    let directory = format!("sqlite://{}", folder.path().display());
    let mut urls = vec![missing, directory];
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
    // Root writes everywhere.
    if !binary::may_write_anywhere(&closed) {
        urls.push(format!("sqlite://{}/x.db", closed.display()));
    }
    for url in urls {
        for name in ["serve", "migrate", "seed"] {
            let mut command = command(&[name, "--database-url", &url]);
            command.env("AGENT_PLATFORM_BIND", "127.0.0.1:0");
            let line = one_line_of_failure(&run(&mut command).await);
            assert!(line.contains(&url) && line.contains("--database-url"), "{name}: {line}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "These are my notes, and no database at all.\n".repeat(100)).unwrap();
    let url = format!("sqlite://{}", path.display());
    let line =
        one_line_of_failure(&run(&mut command(&["serve", "--bind", "127.0.0.1:0", "--database-url", &url])).await);
    assert!(line.contains(&url), "{line}");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("These are my notes"), "it is left as it was");
}

#[tokio::test]
async fn a_postgresql_that_is_not_there_is_named_without_its_password() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for name in ["serve", "migrate", "seed"] {
        let mut command = command(&[name]);
        command
            .env("AGENT_PLATFORM_DATABASE_URL", format!("postgres://app:s3cret@{free}/x"))
            .env("AGENT_PLATFORM_BIND", "127.0.0.1:0");
        let line = one_line_of_failure(&run(&mut command).await);
        assert!(line.contains(&free.to_string()) && line.contains("PostgreSQL"), "{name}: {line}");
        assert!(!line.contains("s3cret"), "{name}: {line}");
    }
}

#[tokio::test]
async fn a_password_on_the_command_line_is_warned_about_and_not_repeated() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&mut command(&["migrate", "--database-url", &format!("postgres://app:s3cret@{free}/x")])).await;
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("warning:") && text.contains("AGENT_PLATFORM_DATABASE_URL") && !text.contains("s3cret"),
        "{text}"
    );
}

async fn refuses_a_newer_database(backend: Backend) {
    binary::with_database(backend, |database| async move {
        let url = database.url_text();
        succeeded(&run(&mut command(&["migrate", "--database-url", &url])).await);
        let newer = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
             SELECT 9000, 'from a later release', installed_on, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
        database.execute(newer).await.unwrap();
        for name in ["serve", "migrate", "seed"] {
            let mut command = command(&[name]);
            command.env("AGENT_PLATFORM_DATABASE_URL", &url).env("AGENT_PLATFORM_BIND", "127.0.0.1:0");
            let line = one_line_of_failure(&run(&mut command).await);
            assert!(line.contains("newer release") && line.contains("9000") && line.contains("Run that release"), "{name}: {line}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused_on_sqlite() {
    refuses_a_newer_database(Backend::Sqlite).await;
}

#[tokio::test]
async fn a_newer_database_is_refused_on_postgres() {
    refuses_a_newer_database(Backend::Postgres).await;
}

#[tokio::test]
async fn a_configuration_that_makes_no_sense_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("agent-platform.toml");
    let tier = "base_fee = 1\nincluded_tokens = -1\noverage_per_1k = 0.01\nmax_requests_per_hour = 1\nmax_concurrent_agents = 1\nmax_spend_per_month = 1\nmax_storage_mb = 1\n";
    for (text, word) in [
        ("tires = 1", "tires"),
        ("sign_up_tiers = [\"gold\"]", "gold"),
        (&format!("[tiers.free]\n{tier}"), "tiers.free.included_tokens"),
        ("= =", "agent-platform.toml"),
        ("trusted_proxies = [\"10.0.0.0/40\"]", "10.0.0.0/40"),
        ("[limits]\nsign_ups_per_hour = 0", "limits.sign_ups_per_hour"),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut serve = command(&["serve", "--bind", "127.0.0.1:0", "--database-url", "sqlite::memory:", "--config"]);
        let line = one_line_of_failure(&run(serve.arg(&file)).await);
        assert!(line.contains(word) && line.contains("--config"), "{line}");
    }
    let line = one_line_of_failure(&run(&mut command(&["serve", "--config", "/no/such/file.toml"])).await);
    assert!(line.contains("/no/such/file.toml"), "{line}");
    let mut short = command(&["serve", "--bind", "127.0.0.1:0"]);
    let line = one_line_of_failure(&run(short.env("AGENT_PLATFORM_OPERATOR_KEY", "s3cret")).await);
    assert!(
        line.contains("AGENT_PLATFORM_OPERATOR_KEY")
            && line.contains("operator-key create")
            && !line.contains("s3cret"),
        "{line}"
    );
}

/// What stands in examples is a key that everybody has.
#[tokio::test]
async fn an_operator_key_that_everybody_knows_is_refused_at_the_start() {
    for known in [
        "changeme-changeme-changeme",
        "your-operator-key-goes-here",
        "operatoroperatoroperator",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        let mut serve = command(&["serve", "--bind", "127.0.0.1:0"]);
        let line = one_line_of_failure(&run(serve.env("AGENT_PLATFORM_OPERATOR_KEY", known)).await);
        assert!(line.contains("AGENT_PLATFORM_OPERATOR_KEY") && line.contains("everybody knows"), "{line}");
        assert!(line.contains("operator-key create") && !line.contains(known), "{line}");
    }
}

async fn seeds_twice_and_makes_an_operator_key(backend: Backend) {
    binary::with_database(backend, |database| async move {
        let with = |arguments: &[&str]| {
            let mut command = command(arguments);
            command.env("AGENT_PLATFORM_DATABASE_URL", database.url_text());
            command
        };
        let first = succeeded(&run(&mut with(&["seed"])).await);
        assert_eq!(first.lines().count(), 3, "{first}");
        let counted = |table: &str| format!("SELECT COUNT(*) FROM {table}");
        let mut counts = Vec::new();
        for table in ["tenants", "agents", "documents", "conversations", "ledger"] {
            counts.push(database.number(&counted(table)).await);
        }
        assert_eq!(counts, [3, 3, 9, 100, 100]);
        let again = succeeded(&run(&mut with(&["seed"])).await);
        assert!(again.lines().all(|line| line.contains("exists already")) && !again.contains("pk_live_"), "{again}");
        assert_eq!(database.number(&counted("tenants")).await + database.number(&counted("agents")).await, 6);
        assert_eq!(database.number(&counted("instances")).await, 0, "it has signed off");

        let operator = succeeded(&run(&mut with(&["operator-key", "create"])).await);
        let told =
            "SELECT COUNT(*) FROM audit_entries WHERE tenant_id = 'platform' AND action = 'operator_key.created'";
        assert_eq!(database.number(told).await, 1);
        let checked = succeeded(&run(&mut with(&["check", "audit"])).await);
        assert!(checked.lines().count() == 4 && checked.contains("✓ platform: 1 entry\n"), "{checked}");
        let key = first.lines().next().unwrap().rsplit(' ').next().unwrap();
        let server = Binary::listening(&mut with(&["serve", "--bind", "127.0.0.1:0"])).await;
        let usage = server.get("/usage", key).await.ok(200);
        assert_eq!(usage["tenant_id"], "acme-corp");
        let shown = server.call("GET", "/admin/tenants/acme-corp", operator.trim(), Value::Null).await.ok(200);
        assert_eq!(shown["tier"], json!("professional"));
        server.terminate().await;
        assert!(server.ended().await);
    })
    .await;
}

#[tokio::test]
async fn seed_fills_a_database_once_on_sqlite() {
    seeds_twice_and_makes_an_operator_key(Backend::Sqlite).await;
}

#[tokio::test]
async fn seed_fills_a_database_once_on_postgres() {
    seeds_twice_and_makes_an_operator_key(Backend::Postgres).await;
}
