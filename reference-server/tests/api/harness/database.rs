//! A database for each test: a file, or a copy of a PostgreSQL database that was migrated once a run.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use agent_platform_server::{config::DatabaseUrl, store};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use tempfile::TempDir;

/// The folder with the socket of this run's PostgreSQL, as `tests/postgres.sh` says.
const CLUSTER: &str = "AGENT_PLATFORM_TEST_POSTGRES";
/// The database that all others are copies of.
const TEMPLATE: &str = "agent_platform_template";
/// Owns the tables, and is no superuser: as in production.
pub const OWNER: &str = "agent_platform_owner";
/// A login that may do what the application may.
pub const APP_LOGIN: &str = "agent_platform_login";

/// On which kind of database a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database that is there for one test.
#[derive(Debug)]
pub struct Database {
    pub backend: Backend,
    /// The folder of a SQLite file; deleted with this.
    pub folder: TempDir,
    name: String,
}

/// The URL of a database of the cluster, for one of its roles.
fn cluster_url(role: &str, database: &str) -> String {
    let socket = std::env::var(CLUSTER).unwrap_or_else(|_| {
        panic!("{CLUSTER} is not set: run these tests with `cargo nextest run`, which starts PostgreSQL for them")
    });
    format!("postgres://{role}@localhost/{database}?host={socket}")
}

async fn connect(role: &str, database: &str) -> PgConnection {
    PgConnection::connect(&cluster_url(role, database)).await.expect("this run's PostgreSQL answers")
}

impl Database {
    /// A new one; migrated already on PostgreSQL, empty on SQLite.
    pub async fn new(backend: Backend) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = tempfile::tempdir().expect("a folder can be made");
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        if backend == Backend::Postgres {
            copy_template(&name).await;
        }
        Self { backend, folder, name }
    }

    /// Its URL, for the role that owns the tables.
    pub fn url(&self) -> DatabaseUrl {
        self.url_text().parse().expect("a test's database has a URL")
    }

    pub fn url_text(&self) -> String {
        match self.backend {
            Backend::Sqlite => format!("sqlite://{}", self.path().display()),
            Backend::Postgres => self.url_for(OWNER),
        }
    }

    /// Its URL for another role of PostgreSQL.
    pub fn url_for(&self, role: &str) -> String {
        cluster_url(role, &self.name)
    }

    /// The file of a SQLite database.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("agent-platform.db")
    }

    /// A connection that row security does not bind, to look behind the API.
    pub async fn behind(&self) -> Behind {
        match self.backend {
            Backend::Sqlite => {
                Behind::Sqlite(SqliteConnection::connect(&self.url_text()).await.expect("the file opens"))
            }
            Backend::Postgres => Behind::Postgres(connect("postgres", &self.name).await),
        }
    }

    /// The number that a query gives, asked behind the API.
    pub async fn number(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_owned());
        let number = match self.behind().await {
            Behind::Sqlite(mut c) => sqlx::query(query).fetch_one(&mut c).await.map(|row| row.get::<i64, _>(0)),
            Behind::Postgres(mut c) => sqlx::query(query).fetch_one(&mut c).await.map(|row| row.get::<i64, _>(0)),
        };
        number.expect("a test's query runs")
    }

    /// Runs statements behind the API.
    pub async fn execute(&self, statements: &str) -> Result<(), sqlx::Error> {
        self.behind().await.execute(statements).await
    }

    /// Takes a PostgreSQL database away, so that a run's disk does not fill; a file goes by itself.
    pub async fn remove(self) {
        if self.backend == Backend::Postgres {
            let drop = AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name));
            connect("postgres", "postgres").await.execute(drop).await.expect("a test's database can be dropped");
        }
    }
}

/// A connection behind the API.
pub enum Behind {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Behind {
    pub async fn execute(&mut self, statements: &str) -> Result<(), sqlx::Error> {
        let statements = AssertSqlSafe(statements.to_owned());
        match self {
            Self::Sqlite(c) => c.execute(sqlx::raw_sql(statements)).await.map(drop),
            Self::Postgres(c) => c.execute(sqlx::raw_sql(statements)).await.map(drop),
        }
    }
}

async fn copy_template(name: &str) {
    let mut admin = connect("postgres", "postgres").await;
    // Each test is a process of its own: the first makes the template, the others wait for it.
    admin.execute("SELECT pg_advisory_lock(1)").await.expect("a lock is given");
    let found =
        sqlx::query("SELECT FROM pg_database WHERE datname = $1").bind(TEMPLATE).fetch_optional(&mut admin).await;
    if found.expect("the catalogue answers").is_none() {
        make_template(&mut admin).await;
    }
    admin.execute("SELECT pg_advisory_unlock(1)").await.expect("a lock is given back");
    let copy = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}"));
    admin.execute(copy).await.expect("the template can be copied");
}

async fn make_template(admin: &mut PgConnection) {
    let building = format!("{TEMPLATE}_building");
    let statements = [
        format!("DROP DATABASE IF EXISTS {building}"),
        format!("DROP ROLE IF EXISTS {OWNER}"),
        format!("CREATE ROLE {OWNER} LOGIN CREATEROLE"),
        format!("CREATE DATABASE {building} OWNER {OWNER}"),
    ];
    for statement in statements {
        admin.execute(AssertSqlSafe(statement)).await.expect("the template can be begun");
    }
    let url = cluster_url(OWNER, &building).parse().expect("the template has a URL");
    store::migrate(&url).await.expect("the migrations run under a role that is no superuser");
    let statements = [
        format!("CREATE ROLE {APP_LOGIN} LOGIN IN ROLE agent_platform_app"),
        format!("ALTER DATABASE {building} RENAME TO {TEMPLATE}"),
    ];
    for statement in statements {
        admin.execute(AssertSqlSafe(statement)).await.expect("the template can be ended");
    }
}
