//! The database: the only place with SQL. One set of queries for SQLite (embedded) and PostgreSQL (production).
//!
//! [`Store::tenant`] gives the only handle that reaches tenants' rows; [`platform`] holds the short list of questions that
//! come before a tenant is known or cross tenants. Every query names its tenant in its text, on both databases; on PostgreSQL
//! row-level security stands behind it.

use std::{sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use self::{
    idempotency::KeptAnswer,
    place::{Place, Places},
};
use crate::{audit::Actor, ids::TenantId};

/// Runs a query for a tenant that only reads. `$connection` is bound for each driver in turn, so the body is compiled twice. Where
/// the tenant is about to move, it waits for the end of that, and so must not stand in the body of another.
macro_rules! read {
    ($handle:expr, |$connection:ident| $body:expr) => {{
        let handle = &$handle;
        let reached = handle.reach().await?;
        match &*reached {
            $crate::store::Database::Sqlite { read, .. } => {
                let mut connection = read.acquire().await?;
                let $connection = &mut *connection;
                $body
            }
            $crate::store::Database::Postgres(pool) => {
                let mut transaction = $crate::store::begin_as(pool, &handle.tenant_id).await?;
                let $connection = &mut *transaction;
                let answer = $body;
                transaction.commit().await?;
                answer
            }
        }
    }};
}

/// Runs queries for a tenant in one transaction that writes, and keeps with it the answer that the handle carries. It is rolled
/// back where the body returns early with `?`, and where it has done nothing.
macro_rules! write {
    ($handle:expr, |$connection:ident| $body:expr) => {
        $crate::store::audited!($handle, |$connection| ($body, None::<$crate::audit::Entry>))
    };
}

/// The same for what the audit log tells of: the body gives its answer together with the entries, which are written last.
macro_rules! audited {
    ($handle:expr, |$connection:ident| $body:expr) => {{
        let handle = &$handle;
        let reached = handle.reach().await?;
        match &*reached {
            $crate::store::Database::Sqlite { write, .. } => {
                let transaction = $crate::store::begin_writing(write).await?;
                $crate::store::write_in!(handle, reached, transaction, |$connection| $body)
            }
            $crate::store::Database::Postgres(pool) => {
                let transaction = $crate::store::begin_as(pool, &handle.tenant_id).await?;
                $crate::store::write_in!(handle, reached, transaction, |$connection| $body)
            }
        }
    }};
}
use audited;

/// The transaction of [`audited`], on either driver.
macro_rules! write_in {
    ($handle:expr, $reached:expr, $transaction:expr, |$connection:ident| $body:expr) => {{
        let mut transaction = $transaction;
        let $connection = &mut *transaction;
        // First, so that of two requests with one key the second waits here, and sees nothing of what the first does.
        if let Some(kept) = &$handle.kept {
            $crate::store::idempotency::keep!($connection, $handle.tenant_id, kept);
        }
        let (answer, entries) = $body;
        if $crate::store::idempotency::Done::is_done(&answer) {
            $reached.is_still_there()?;
            let anchors = if $reached.is_silo() {
                $handle.append_apart(entries).await?
            } else {
                $crate::store::audit::append_all(&mut *transaction, $handle, entries).await?
            };
            // Once more: much may have been waited for.
            $reached.is_still_there()?;
            transaction.commit().await?;
            anchors.iter().for_each($crate::audit::Anchor::log);
        } else {
            transaction.rollback().await?;
        }
        answer
    }};
}
use write_in;

/// Runs a query on the platform's own tables, which hold no tenant's data; on SQLite over the pool that is named.
macro_rules! platform {
    ($store:expr, $pool:ident, |$connection:ident| $body:expr) => {
        match &*$store.database {
            $crate::store::Database::Sqlite { $pool: pool, .. } => {
                let mut connection = pool.acquire().await?;
                let $connection = &mut *connection;
                $body
            }
            $crate::store::Database::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                let $connection = &mut *connection;
                $body
            }
        }
    };
}

pub mod agents;
pub mod audit;
pub mod checkpoint;
pub mod conversations;
pub mod documents;
pub mod executions;
mod follow;
pub mod idempotency;
pub mod isolation;
pub mod journal;
pub mod keys;
pub mod ledger;
pub mod lifecycle;
pub mod moving;
pub mod open;
mod place;
pub mod placements;
#[cfg(test)]
mod plans;
pub mod platform;
pub mod purge;
pub mod seat;
pub mod settlement;
mod silos;
pub mod standing;
pub mod tenants;
pub mod tickets;

pub use open::{OpenError, insert_operator_key, migrate};

/// What a query gives.
pub type Result<T, E = sqlx::Error> = std::result::Result<T, E>;

/// How long a request waits for a connection before it is shed with 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The platform's database, and the silos of those tenants that do not live in it; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// The platform's: tenants, keys and what crosses tenants are always here.
    pub(crate) database: Arc<Database>,
    /// Where each tenant's data is.
    places: Arc<Places>,
}

#[derive(Debug)]
pub(crate) enum Database {
    /// One connection writes (SQLite has one writer anyway), a pool reads.
    Sqlite { read: SqlitePool, write: SqlitePool },
    /// Every connection works under the application's role.
    Postgres(PgPool),
}

/// The only way to a tenant's rows.
#[derive(Clone, Debug)]
pub struct TenantStore {
    pub(crate) store: Store,
    pub(crate) tenant_id: TenantId,
    /// Where its data is; `None` where the handle is for what is always in the platform's database.
    place: Option<Arc<Place>>,
    /// The answer that the next transaction keeps.
    kept: Option<KeptAnswer>,
    /// Whose changes these are.
    actor: Arc<Actor>,
}

impl Store {
    /// The handle that reaches this tenant's rows, and no other's. What it changes is the platform's own doing, until it is told who acts.
    #[must_use]
    pub fn tenant(&self, tenant_id: TenantId) -> TenantStore {
        let place = Some(self.places.of(&tenant_id));
        TenantStore { store: self.clone(), tenant_id, place, kept: None, actor: Arc::new(Actor::system()) }
    }

    /// Closes every connection, after those in use have come back.
    pub async fn close(&self) {
        self.places.close().await;
        self.database.close().await;
    }
}

impl Database {
    async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl TenantStore {
    /// Whose rows this handle reaches.
    #[must_use]
    pub fn tenant_id(&self) -> &TenantId {
        &self.tenant_id
    }

    /// The same handle for what is in the platform's database wherever the tenant's data is: the tenant itself, and its keys.
    #[must_use]
    pub(crate) fn control(&self) -> Self {
        Self { place: None, ..self.clone() }
    }
}

/// A connection that is told which of two texts is its own, inside a body that is compiled for both drivers.
pub(crate) trait InItsWords {
    /// The text in the connection's dialect.
    fn in_its_words(&self, sqlite: &'static str, postgres: &'static str) -> &'static str;
}

impl InItsWords for SqliteConnection {
    fn in_its_words(&self, sqlite: &'static str, _: &'static str) -> &'static str {
        sqlite
    }
}

impl InItsWords for PgConnection {
    fn in_its_words(&self, _: &'static str, postgres: &'static str) -> &'static str {
        postgres
    }
}

/// SQLite's way to what came of a tenant's executions, to be joined by their ids: those of the tenant `$1` since the time that ids
/// begin with, of which the parameter is named. Ledger and messages have no index by tenant of their own.
macro_rules! sqlite_ran {
    (since $since:literal) => {
        concat!(
            "(SELECT execution_id FROM executions WHERE tenant_id = $1 AND execution_id >= 'exec-' || ",
            $since,
            " UNION ALL SELECT execution_id FROM ledger_alone WHERE tenant_id = $1 AND execution_id >= 'exec-' || ",
            $since,
            ") ran"
        )
    };
}
use sqlite_ran;

/// Bytes of documents and of the messages of conversations that the tenant `$1` has.
macro_rules! sqlite_stored {
    () => {
        concat!(
            "(SELECT COALESCE(SUM(bytes), 0) FROM documents WHERE tenant_id = $1) + \
             (SELECT COALESCE(SUM(OCTET_LENGTH(m.content)), 0) FROM ",
            $crate::store::sqlite_ran!(since "''"),
            " CROSS JOIN messages m ON m.execution_id = ran.execution_id WHERE m.tenant_id = $1)"
        )
    };
}
use sqlite_stored;
macro_rules! postgres_stored {
    () => {
        "CAST((SELECT COALESCE(SUM(bytes), 0) FROM documents WHERE tenant_id = $1) + \
         (SELECT COALESCE(SUM(OCTET_LENGTH(content)), 0) FROM messages WHERE tenant_id = $1) AS BIGINT)"
    };
}
use postgres_stored;

/// Begins a transaction in which row-level security shows this tenant alone: one round trip.
pub(crate) async fn begin_as(pool: &PgPool, tenant_id: &TenantId) -> Result<Transaction<'static, Postgres>> {
    // The type allows letters, digits and hyphens alone, so the text can't leave its quotes.
    begin_by(pool, format!("BEGIN; SET LOCAL app.current_tenant = '{tenant_id}'")).await
}

/// The same, of one moment: what others commit from here on is not seen.
pub(crate) async fn begin_snapshot(pool: &PgPool, tenant_id: &TenantId) -> Result<Transaction<'static, Postgres>> {
    let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL app.current_tenant = '{tenant_id}'");
    begin_by(pool, begin).await
}

/// Begins a transaction for rows of many tenants, which waits for no lock any longer than this; each is set in turn by what is
/// called in it.
pub(crate) async fn begin_for_many(pool: &PgPool, at_most: Duration) -> Result<Transaction<'static, Postgres>> {
    begin_by(pool, format!("BEGIN; SET LOCAL lock_timeout = {}", at_most.as_millis())).await
}

async fn begin_by(pool: &PgPool, begin: String) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    // In a task of its own, since a caller may be dropped at any moment: the driver rolls back what was begun, but not what
    // was being begun, and the pool would hand out a connection with the transaction open and the tenant set.
    let begun = tokio::spawn(retried(move || {
        let (pool, begin) = (pool.clone(), AssertSqlSafe(begin.clone()));
        async move { pool.begin_with(begin).await }
    }))
    .await;
    begun.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// Asks again where a pooled connection turns out to be dead, as all are after a restart of PostgreSQL: each try takes one
/// out of the pool. Only for what changes nothing.
pub(crate) async fn retried<T, F: Future<Output = Result<T>>>(mut ask: impl FnMut() -> F) -> Result<T> {
    for _ in 0..open::POSTGRES_CONNECTIONS {
        match ask().await {
            Err(error) if is_passing(&error) && !is_final(&error) => {}
            answer => return answer,
        }
    }
    ask().await
}

/// Whether the next connection would fare no better: there is none to be had, or the login is refused.
fn is_final(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with(LOGIN_REFUSED)),
        _ => false,
    }
}

/// Begins SQLite's writing transaction.
pub(crate) async fn begin_writing(pool: &SqlitePool) -> Result<Transaction<'static, Sqlite>> {
    // In a task of its own, for the same reason.
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with("BEGIN IMMEDIATE").await }).await;
    begun.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// Whether the database is busy, full, going down or gone, rather than refusing what it was asked.
#[must_use]
pub fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| match code.parse::<u32>() {
            // SQLite: BUSY, LOCKED, IOERR, FULL and CANTOPEN, in the low byte of an extended code.
            Ok(number) if code.len() != 5 => matches!(number & 0xff, 5 | 6 | 10 | 13 | 14),
            // PostgreSQL: connection exceptions, a login that is refused, insufficient resources, operator intervention; a lock that was
            // not given in time, and a transaction that was left lying.
            _ => ["08", LOGIN_REFUSED, "53", "57", LOCK_NOT_AVAILABLE, "25P03"]
                .iter()
                .any(|class| code.starts_with(class)),
        }),
        _ => false,
    }
}

/// PostgreSQL's class of codes for a login that is refused.
const LOGIN_REFUSED: &str = "28";
/// PostgreSQL's code for a lock that was not given in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Whether somebody else has locked what was to be written, for longer than was waited; then nothing was.
pub(crate) fn is_locked(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == LOCK_NOT_AVAILABLE)
}

/// Whether the database refuses what it was given and will each time: text that it can't hold, a row that is too large.
#[must_use]
pub fn is_unstorable(error: &sqlx::Error) -> bool {
    let Some(code) = error.as_database_error().and_then(|error| error.code()) else { return false };
    match code.parse::<u32>() {
        // SQLite: ERROR (malformed JSON), TOOBIG and MISMATCH.
        Ok(number) if code.len() != 5 => matches!(number & 0xff, 1 | 18 | 20),
        // PostgreSQL: data exceptions, program limits exceeded.
        _ => ["22", "54"].iter().any(|class| code.starts_with(class)),
    }
}

/// Whether a unique constraint refused the row.
#[must_use]
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
