//! A tenant's end: marked as deleted in one transaction, then erased bit by bit, until only its ledger is left under a
//! tombstone.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, SqlitePool};

use super::{Database, Result, Store, TenantStore, open::BUSY_TIMEOUT, tenants::TenantRow};
use crate::ids::TenantId;

/// Rows of each table that one transaction erases: others wait no longer than for these.
const ERASED_AT_ONCE: i64 = 1_000;
/// Tenants that one sweep looks at.
const UNERASED_AT_ONCE: usize = 50;
/// Of so many it takes them: those that can't be erased for long must not keep it from the others.
const UNERASED_LISTED: i64 = 10_000;

/// Which tenants to list.
#[derive(Clone, Debug, Default)]
pub struct TenantFilter {
    /// In this state alone: `active`, `suspended` or `deleted`.
    pub status: Option<String>,
    /// On this tier alone.
    pub tier: Option<String>,
}

/// Of the tenant `$1`, deleted by `$2`, nothing is left in the platform's database but what is kept.
macro_rules! erased {
    () => {
        "tenant_id = $1 AND deleted_at <= $2 AND erased_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM executions WHERE tenant_id = $1) \
         AND NOT EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 AND state <> 'settled')"
    };
}

impl Store {
    /// Tenants, newest first, before the one that signed up then under that id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn tenants(
        &self,
        filter: &TenantFilter,
        before: Option<(DateTime<Utc>, &TenantId)>,
        limit: i64,
    ) -> Result<Vec<TenantRow>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_as(
                    "SELECT * FROM tenants WHERE ($3 IS NULL OR (created_at, tenant_id) < ($3, $4)) \
                     AND ($1 IS NULL OR $1 = CASE WHEN deleted_at IS NULL THEN status ELSE 'deleted' END) \
                     AND ($2 IS NULL OR tier = $2) ORDER BY created_at DESC, tenant_id DESC LIMIT $5",
                )
                .bind(&filter.status)
                .bind(&filter.tier)
                .bind(before.map(|(at, _)| at))
                .bind(before.map(|(_, id)| id))
                .bind(limit)
                .fetch_all(read)
                .await
            }
            Database::Postgres(pool) => {
                sqlx::query_as("SELECT * FROM platform_tenants($1, $2, $3, $4, $5)")
                    .bind(&filter.status)
                    .bind(&filter.tier)
                    .bind(before.map(|(at, _)| at))
                    .bind(before.map(|(_, id)| id))
                    .bind(limit)
                    .fetch_all(pool)
                    .await
            }
        }
    }

    /// Deleted tenants of which something may be left; where they are many, others at another moment.
    ///
    /// # Errors
    /// The database failed.
    pub async fn unerased(&self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        let mut tenants = self.list_unerased().await?;
        let count = i64::try_from(tenants.len()).unwrap_or(i64::MAX).max(1);
        tenants.rotate_left(usize::try_from(now.timestamp_micros().rem_euclid(count)).unwrap_or(0));
        tenants.truncate(UNERASED_AT_ONCE);
        Ok(tenants)
    }

    async fn list_unerased(&self) -> Result<Vec<TenantId>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_scalar(
                    "SELECT tenant_id FROM tenants WHERE deleted_at IS NOT NULL AND erased_at IS NULL \
                     ORDER BY deleted_at LIMIT $1",
                )
                .bind(UNERASED_LISTED)
                .fetch_all(read)
                .await
            }
            Database::Postgres(pool) => {
                sqlx::query_scalar("SELECT tenant_id FROM platform_unerased($1)")
                    .bind(UNERASED_LISTED)
                    .fetch_all(pool)
                    .await
            }
        }
    }
}

impl TenantStore {
    /// Makes the tenant a tombstone: its keys are revoked, what it runs is to be cancelled, and its name and address are gone, so
    /// that the address can sign up again. `None` where there is no tenant, or only a tombstone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_tenant(&self, now: DateTime<Utc>) -> Result<Option<TenantRow>> {
        Ok(audited!(self.control(), |connection| {
            // Suspended as well, so that a key which is being made at this moment is refused too, until it is erased. No address
            // that could sign up looks like the one that is put in place here.
            let deleted: Option<TenantRow> = sqlx::query_as(
                "UPDATE tenants SET deleted_at = $2, status = 'suspended', name = 'Deleted tenant', \
                 email = 'deleted:' || tenant_id WHERE tenant_id = $1 AND deleted_at IS NULL RETURNING *",
            )
            .bind(&self.tenant_id)
            .bind(now)
            .fetch_optional(&mut *connection)
            .await?;
            if deleted.is_some() {
                sqlx::query("UPDATE api_keys SET revoked_at = $2 WHERE tenant_id = $1 AND revoked_at IS NULL")
                    .bind(&self.tenant_id)
                    .bind(now)
                    .execute(&mut *connection)
                    .await?;
                sqlx::query(
                    "UPDATE executions SET cancel_requested = TRUE WHERE tenant_id = $1 AND status = 'running'",
                )
                .bind(&self.tenant_id)
                .execute(&mut *connection)
                .await?;
            }
            let entry = deleted.as_ref().map(|tombstone| tombstone.entry("tenant.deleted", now));
            (deleted, entry)
        }))
    }

    /// Asks whoever runs an execution of the tenant to cancel it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn request_cancel_of_all(&self) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "UPDATE executions SET cancel_requested = TRUE \
                 WHERE tenant_id = $1 AND status = 'running' AND NOT cancel_requested",
            )
            .bind(&self.tenant_id)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Erases some of what a deleted tenant has, but for its ledger and for executions that still run, whose ledger entries are
    /// made of their rows. Gives how many rows it erased: none of a tenant that is not deleted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn erase(&self) -> Result<i64> {
        let erased = erase_in(&self.store.database, &self.tenant_id).await?;
        if !self.is_siloed() {
            return Ok(erased);
        }
        let Some(deleted_at) = self.tenant().await?.and_then(|tenant| tenant.deleted_at) else { return Ok(erased) };
        self.delete_in_silo(deleted_at).await?;
        let silo = self.reach().await?;
        Ok(erased + erase_in(&silo, &self.tenant_id).await?)
    }

    /// Makes the row that a silo has of its tenant a tombstone, too.
    async fn delete_in_silo(&self, deleted_at: DateTime<Utc>) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "UPDATE tenants SET deleted_at = $2, status = 'suspended', name = 'Deleted tenant', \
                 email = 'deleted:' || tenant_id WHERE tenant_id = $1 AND deleted_at IS NULL",
            )
            .bind(&self.tenant_id)
            .bind(deleted_at)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Whether nothing is left to erase: nothing runs any more, no move has left anything elsewhere, and the tenant was deleted by
    /// `deleted_by`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_erased(&self, deleted_by: DateTime<Utc>) -> Result<bool> {
        if self.has_executions().await? {
            return Ok(false);
        }
        Ok(read!(self.control(), |connection| {
            sqlx::query_scalar(concat!("SELECT EXISTS (SELECT 1 FROM tenants WHERE ", erased!(), ")"))
                .bind(&self.tenant_id)
                .bind(deleted_by)
                .fetch_one(connection)
                .await?
        }))
    }

    /// Notes it, where it still is so by the platform's database.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_erased(&self, now: DateTime<Utc>, deleted_by: DateTime<Utc>) -> Result<()> {
        write!(self.control(), |connection| {
            sqlx::query(concat!("UPDATE tenants SET erased_at = $3 WHERE ", erased!()))
                .bind(&self.tenant_id)
                .bind(deleted_by)
                .bind(now)
                .execute(connection)
                .await?;
        });
        Ok(())
    }
}

impl TenantStore {
    /// Takes what was erased out of the logs of SQLite as well, in the pool and in a silo. `false` where somebody reads what is old.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cut_logs(&self) -> Result<bool> {
        let is_out = async |database: &Database| match database {
            Database::Sqlite { write, .. } => cut_log(write).await,
            Database::Postgres(_) => Ok(true),
        };
        Ok(is_out(&self.store.database).await? && (!self.is_siloed() || is_out(&*self.reach().await?).await?))
    }

    async fn has_executions(&self) -> Result<bool> {
        Ok(read!(self, |connection| {
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM executions WHERE tenant_id = $1)")
                .bind(&self.tenant_id)
                .fetch_one(connection)
                .await?
        }))
    }
}

async fn erase_in(database: &Database, tenant_id: &TenantId) -> Result<i64> {
    match database {
        Database::Sqlite { write, .. } => {
            let mut erased = 0;
            for statement in SQLITE_ERASE {
                let done = sqlx::query(statement).bind(tenant_id).bind(ERASED_AT_ONCE).execute(write).await?;
                let rows = i64::try_from(done.rows_affected()).unwrap_or(i64::MAX);
                erased += rows;
                if rows >= ERASED_AT_ONCE {
                    // What comes behind would take with it what is left of this.
                    return Ok(erased);
                }
            }
            if erased > 0 && is_copied(write).await? {
                cut_log(write).await?;
            }
            Ok(erased)
        }
        Database::Postgres(pool) => {
            sqlx::query_scalar("SELECT platform_erase_tenant($1, $2)")
                .bind(tenant_id)
                .bind(ERASED_AT_ONCE)
                .fetch_one(pool)
                .await
        }
    }
}

macro_rules! erase {
    ($table:literal, $key:literal $(, $condition:literal)?) => {
        concat!(
            "DELETE FROM ", $table, " WHERE tenant_id = $1 AND ", $key, " IN (SELECT ", $key, " FROM ", $table,
            " WHERE tenant_id = $1 ", $($condition,)?
            "AND EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = $1 AND t.deleted_at IS NOT NULL) LIMIT $2)"
        )
    };
}

pub(super) const SQLITE_ERASE: [&str; 8] = [
    // Their messages go with them, and before their conversations do, of which one may have any number.
    erase!("executions", "execution_id", "AND status <> 'running' "),
    erase!("conversations", "conversation_id"),
    erase!("passages", "passage_id"),
    erase!("documents", "document_id"),
    erase!("tickets", "ticket_id"),
    erase!("idempotency_keys", "key_hash"),
    erase!("agents", "agent_id"),
    erase!("api_keys", "key_id"),
];

/// Copies what the log holds into the file, as far as nobody reads what is old, and waits for nobody. Gives whether that was all.
async fn is_copied(writer: &SqlitePool) -> Result<bool> {
    let (_, written, copied): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(writer).await?;
    Ok(copied >= written)
}

/// How long writers wait at most while the log is cut off, for those who read at this moment.
const CUT_WITHIN: Duration = Duration::from_millis(200);

/// Copies SQLite's log into the file and cuts it off, so that what was deleted is nowhere any more. `false` where somebody reads what
/// is old: later, then.
pub(super) async fn cut_log(writer: &SqlitePool) -> Result<bool> {
    let mut connection = writer.acquire().await?;
    // In a task of its own, since a caller may be dropped at any moment, and the connection would stay impatient.
    let cutting = tokio::spawn(async move {
        let patience = |timeout: Duration| AssertSqlSafe(format!("PRAGMA busy_timeout = {}", timeout.as_millis()));
        sqlx::query(patience(CUT_WITHIN)).execute(&mut *connection).await?;
        let cut = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
        sqlx::query(patience(BUSY_TIMEOUT)).execute(&mut *connection).await?;
        cut.map(|is_busy: i64| is_busy == 0)
    });
    cutting.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}
