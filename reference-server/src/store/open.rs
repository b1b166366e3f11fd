//! Opening a database: connect, migrate, and refuse what would be unsafe, each with one line that says what to do.

mod silo;
#[cfg(test)]
mod tests;
mod version;

use std::{str::FromStr, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, Row, SqlitePool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{ACQUIRE_TIMEOUT, Database, Store, audit::AppendEntry};
use crate::{
    audit::{Actor, Entry},
    config::DatabaseUrl,
    ids::TenantId,
};

pub(super) use silo::{absolute, left_silo, new_silo, silo};
use version::{check_order, check_version, same_version};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The role under which the server works on PostgreSQL; the migration makes it.
const APP_ROLE: &str = "agent_platform_app";
/// Readers beside the one writer; more gains nothing on the few cores that an embedded database serves.
const SQLITE_READERS: u32 = 4;
/// What the one that writes keeps of the file, and each that reads: kibibytes, told to SQLite by a negative number.
const WRITER_CACHE: &str = "-16000";
const READER_CACHE: &str = "-2000";
/// Enough to keep a PostgreSQL busy, few enough for several replicas within its default of 100 connections.
pub(super) const POSTGRES_CONNECTIONS: u32 = 16;
/// How long PostgreSQL leaves a transaction open in which nothing happens: as long as a silent server is taken for alive.
const LEFT_LYING: Duration = Duration::from_secs(30);
/// How long SQLite waits for another process that holds the write lock.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What PostgreSQL refuses for want of a right, row security included.
pub(super) const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Why a database could not be opened; the text is the one line that the operator reads.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is no database that this server knows.
    #[error(
        "cannot open the database {url}: it is neither a SQLite file nor PostgreSQL. Give sqlite://<path> or postgres://<user>@<host>/<database> as AGENT_PLATFORM_DATABASE_URL."
    )]
    Unknown { url: String },
    /// It can't be reached, or its file not opened.
    #[error("cannot open the database {url}: {reason}. {remedy}")]
    Unreachable { url: String, reason: String, remedy: &'static str },
    /// There is no such file, and nobody asked for one to be made.
    #[error(
        "there is no database {url}. Give the one that the server uses as --database-url, or run `agent-platform serve` first."
    )]
    Missing { url: String },
    /// Its schema is that of a later release.
    #[error(
        "the database {url} was made by a newer release (migration {version} is not known here). Run that release, or restore a backup made before the upgrade."
    )]
    Newer { url: String, version: i64 },
    /// Its schema is that of an earlier release and this role may not change it.
    #[error(
        "the database {url} needs migration {version}. Run `agent-platform migrate` with AGENT_PLATFORM_DATABASE_ADMIN_URL set to a role that owns the tables."
    )]
    Older { url: String, version: i64 },
    /// A migration failed; nothing of it stays.
    #[error("migrating the database {url} failed: {reason}. Nothing of the failed migration was kept.")]
    Migration { url: String, reason: String },
    /// Ids don't sort by age in it.
    #[error(
        "the database {url} sorts text in the way of a language in which ids would not sort by age. Make it with the plain order: CREATE DATABASE … TEMPLATE template0 LC_COLLATE 'C'."
    )]
    Order { url: String },
    /// Only the owner of the tables may.
    #[error(
        "the role of {url} may not do this: {reason}. Set AGENT_PLATFORM_DATABASE_ADMIN_URL to the role that owns the schema; to migrate a new database it also needs CREATEROLE, or the role `agent_platform_app` made beforehand."
    )]
    NotTheOwner { url: String, reason: String },
    /// The role could read other tenants' rows.
    #[error(
        "the role `{role}` of AGENT_PLATFORM_DATABASE_URL {why}, so row-level security would not hold. Use a login that is a plain member of `agent_platform_app` (GRANT agent_platform_app TO …)."
    )]
    UnsafeRole { role: String, why: &'static str },
    /// It is not the silo that the tenant was moved to.
    #[error(
        "the database {url} holds nothing of the tenant `{tenant_id}`, which lives there: bring its file or its backup back."
    )]
    Strange { url: String, tenant_id: TenantId },
}

pub(super) const SQLITE_REMEDY: &str =
    "Check that the folder exists and that this user may write to it, or choose another path with --database-url.";
pub(super) const POSTGRES_REMEDY: &str =
    "Check that PostgreSQL runs there and accepts this user, or choose another with --database-url.";

pub(super) fn unreachable(url: &DatabaseUrl, remedy: &'static str) -> impl Fn(sqlx::Error) -> OpenError {
    let url = url.to_string();
    move |error| OpenError::Unreachable { url: url.clone(), reason: one_line(&error), remedy }
}

fn one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    let text = text.replace('\n', " ");
    // Behind the message stands a line of PostgreSQL's own source.
    match text.rsplit_once(" at line ") {
        Some((message, line)) if line.parse::<u32>().is_ok() => message.to_owned(),
        _ => text,
    }
}

/// Whether PostgreSQL refuses it for want of a right.
pub(super) fn is_not_allowed(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == INSUFFICIENT_PRIVILEGE)
}

fn migration_failed(url: &DatabaseUrl) -> impl Fn(MigrateError) -> OpenError {
    let url = url.to_string();
    move |error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
            OpenError::Newer { url: url.clone(), version }
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if is_not_allowed(&error) => {
            OpenError::NotTheOwner { url: url.clone(), reason: one_line(&error) }
        }
        other => OpenError::Migration { url: url.clone(), reason: one_line(&other) },
    }
}

/// Brings the schema up to date, under the role that owns the tables.
///
/// # Errors
/// The database can't be reached, is newer than this binary, or a migration failed.
pub async fn migrate(url: &DatabaseUrl) -> Result<(), OpenError> {
    migrate_or_make(url, true).await
}

async fn migrate_or_make(url: &DatabaseUrl, may_make: bool) -> Result<(), OpenError> {
    if !url.is_known() {
        return Err(OpenError::Unknown { url: url.to_string() });
    }
    if url.is_sqlite() {
        let pool = sqlite_pool(url, 1, may_make).await?;
        let outcome = SQLITE.run(&pool).await.map_err(migration_failed(url));
        pool.close().await;
        return outcome;
    }
    let options = postgres_options(url)?;
    // A pool waits for a server that is not there; this does not.
    let mut probe = options.connect().await.map_err(unreachable(url, POSTGRES_REMEDY))?;
    check_order(&mut probe, url).await?;
    probe.close().await.map_err(unreachable(url, POSTGRES_REMEDY))?;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options);
    let pool = pool.await.map_err(unreachable(url, POSTGRES_REMEDY))?;
    let outcome = POSTGRES.run(&pool).await.map_err(migration_failed(url));
    pool.close().await;
    outcome
}

/// Stores an operator key's hash, and tells the audit log, under the role that owns the tables: the application may only read keys.
///
/// # Errors
/// As [`migrate`], which comes first.
pub async fn insert_operator_key(
    url: &DatabaseUrl,
    public_id: &str,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<(), OpenError> {
    migrate(url).await?;
    let statement = "INSERT INTO operator_keys (public_id, secret_hash, created_at) VALUES ($1, $2, $3)";
    let (actor, entry) = (Actor::system(), Entry::new("operator_key.created", ("operator_key", public_id), now));
    macro_rules! insert {
        ($connection:expr) => {
            async {
                let mut transaction = $connection.begin().await?;
                let row = sqlx::query(statement).bind(public_id).bind(secret_hash).bind(now);
                row.execute(&mut *transaction).await?;
                let anchor = transaction.append_entry(&TenantId::platform(), &actor, entry).await?;
                transaction.commit().await?;
                anchor.log();
                Ok(())
            }
        };
    }
    if url.is_sqlite() {
        let pool = sqlite_pool(url, 1, true).await?;
        let outcome = insert!(pool).await;
        pool.close().await;
        outcome.map_err(unreachable(url, SQLITE_REMEDY))
    } else {
        let mut connection = postgres_options(url)?.connect().await.map_err(unreachable(url, POSTGRES_REMEDY))?;
        insert!(connection).await.map_err(|error: sqlx::Error| {
            if is_not_allowed(&error) {
                OpenError::NotTheOwner { url: url.to_string(), reason: one_line(&error) }
            } else {
                unreachable(url, POSTGRES_REMEDY)(error)
            }
        })
    }
}

impl Store {
    /// Opens the database for the server: migrated, and on PostgreSQL under the application's role.
    ///
    /// With `admin` given, the schema is migrated with it and `url` must be a role that owns nothing; without, `url`
    /// migrates and each connection then steps down to the application's role.
    ///
    /// # Errors
    /// See [`OpenError`]; each says in one line what to do.
    pub async fn open(url: &DatabaseUrl, admin: Option<&DatabaseUrl>) -> Result<Self, OpenError> {
        let remedy = if url.is_sqlite() { SQLITE_REMEDY } else { POSTGRES_REMEDY };
        Self::looking_up(open(url, admin, true).await?, url, remedy).await
    }
}

impl Store {
    /// The store over a database, once it has looked up which tenants live elsewhere.
    async fn looking_up(database: Database, url: &DatabaseUrl, remedy: &'static str) -> Result<Self, OpenError> {
        let store = Self::over(Arc::new(database));
        store.compare_places().await.map_err(unreachable(url, remedy))?;
        Ok(store)
    }

    /// Opens a database as it is, to look at it while it is in use: nothing is made or migrated.
    ///
    /// # Errors
    /// It is not there, or its schema is not that of this release.
    pub async fn inspect(url: &DatabaseUrl) -> Result<Self, OpenError> {
        if !url.is_known() {
            return Err(OpenError::Unknown { url: url.to_string() });
        }
        must_be_there(url)?;
        if url.is_sqlite() {
            let (write, read) = (sqlite_pool(url, 1, false).await?, sqlite_pool(url, SQLITE_READERS, false).await?);
            let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(&read)
                .await
                .map_err(unreachable(url, SQLITE_REMEDY))?;
            same_version(&SQLITE, found, url)?;
            return Self::looking_up(Database::Sqlite { read, write }, url, SQLITE_REMEDY).await;
        }
        let options = postgres_options(url)?;
        let mut probe = options.connect().await.map_err(unreachable(url, POSTGRES_REMEDY))?;
        let step_down = unsafe_role(&mut probe).await.map_err(unreachable(url, POSTGRES_REMEDY))?.is_some();
        let pool = postgres_pool(options, step_down).await.map_err(unreachable(url, POSTGRES_REMEDY))?;
        check_version(&pool, url).await?;
        Self::looking_up(Database::Postgres(pool), url, POSTGRES_REMEDY).await
    }
}

/// A file is made by who serves, and by nobody else.
///
/// # Errors
/// The URL names a file that is not there.
pub fn must_be_there(url: &DatabaseUrl) -> Result<(), OpenError> {
    if url.is_sqlite() {
        let options = SqliteConnectOptions::from_str(url.expose()).map_err(unreachable(url, SQLITE_REMEDY))?;
        if !options.get_filename().exists() {
            return Err(OpenError::Missing { url: url.to_string() });
        }
    }
    Ok(())
}

async fn open(url: &DatabaseUrl, admin: Option<&DatabaseUrl>, may_make: bool) -> Result<Database, OpenError> {
    if url.is_sqlite() || !url.is_known() {
        migrate_or_make(url, may_make).await?;
        let write = sqlite_pool(url, 1, false).await?;
        let read = sqlite_pool(url, SQLITE_READERS, false).await?;
        return Ok(Database::Sqlite { read, write });
    }
    if let Some(admin) = admin {
        migrate(admin).await?;
    }
    let options = postgres_options(url)?;
    let mut probe = options.connect().await.map_err(unreachable(url, POSTGRES_REMEDY))?;
    check_order(&mut probe, url).await?;
    let refusal = unsafe_role(&mut probe).await.map_err(unreachable(url, POSTGRES_REMEDY))?;
    let step_down = match (refusal, admin) {
        (Some(refusal), Some(_)) => return Err(refusal),
        (Some(_), None) => {
            migrate(url).await?;
            true
        }
        (None, _) => false,
    };
    drop(probe);
    let pool = postgres_pool(options, step_down).await.map_err(unreachable(url, POSTGRES_REMEDY))?;
    check_version(&pool, url).await?;
    if step_down {
        // Also the role that was stepped down to.
        let mut connection = pool.acquire().await.map_err(unreachable(url, POSTGRES_REMEDY))?;
        if let Some(refusal) = unsafe_role(&mut connection).await.map_err(unreachable(url, POSTGRES_REMEDY))? {
            return Err(refusal);
        }
    }
    Ok(Database::Postgres(pool))
}

pub(super) async fn sqlite_pool(url: &DatabaseUrl, connections: u32, may_make: bool) -> Result<SqlitePool, OpenError> {
    let options = SqliteConnectOptions::from_str(url.expose())
        .map_err(unreachable(url, SQLITE_REMEDY))?
        .create_if_missing(may_make)
        .journal_mode(SqliteJournalMode::Wal)
        // An answer is told only after its ledger entry would survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // A page is written back once for many commits, where many tenants' rows lie apart.
        .pragma("wal_autocheckpoint", "16000")
        .pragma("cache_size", if connections == 1 { WRITER_CACHE } else { READER_CACHE })
        // What REPLACE deletes passes no trigger otherwise, and some keep rows from being deleted.
        .pragma("recursive_triggers", "ON")
        // What is deleted is overwritten: a tenant that is gone is gone from the file, too.
        .pragma("secure_delete", "ON")
        .disable_statement_logging();
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(unreachable(url, SQLITE_REMEDY))
}

pub(super) fn postgres_options(url: &DatabaseUrl) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url.expose()).map_err(unreachable(url, POSTGRES_REMEDY))?;
    Ok(options.application_name("agent-platform").disable_statement_logging())
}

async fn postgres_pool(options: PgConnectOptions, step_down: bool) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A broken connection shows itself on use; asking before each use costs a round trip.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                // What a server holds that was stopped in the middle keeps others waiting no longer than until it is taken for gone.
                let set = format!("SET idle_in_transaction_session_timeout = {}", LEFT_LYING.as_millis());
                sqlx::query(AssertSqlSafe(set)).execute(&mut *connection).await?;
                if step_down {
                    sqlx::query(AssertSqlSafe(format!("SET ROLE {APP_ROLE}"))).execute(&mut *connection).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
}

/// Why row-level security would not hold for the role of this connection.
async fn unsafe_role(connection: &mut PgConnection) -> Result<Option<OpenError>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT current_user::text AS name, r.rolsuper OR r.rolbypassrls AS bypasses, \
         has_schema_privilege(current_schema(), 'CREATE') AS may_create, \
         EXISTS (SELECT FROM pg_class c WHERE c.relname = 'tenants' AND c.relkind = 'r' \
                 AND c.relnamespace = current_schema()::regnamespace AND pg_has_role(c.relowner, 'MEMBER')) AS owns, \
         to_regclass('tenants') IS NULL AS is_new \
         FROM pg_roles r WHERE r.rolname = current_user",
    )
    .fetch_one(connection)
    .await?;
    let role: String = row.try_get("name")?;
    let why = if row.try_get("bypasses")? {
        "bypasses row security"
    } else if row.try_get("owns")? {
        "owns the tables"
    } else if row.try_get::<bool, _>("is_new")? && row.try_get::<bool, _>("may_create")? {
        "would own the tables"
    } else if row.try_get("may_create")? {
        "may make functions beside the platform's (take that away as the schema's owner: REVOKE CREATE ON SCHEMA … FROM PUBLIC)"
    } else {
        return Ok(None);
    };
    Ok(Some(OpenError::UnsafeRole { role, why }))
}
