//! Removing what is left of a tenant whose retention is over: the one thing that takes entries from ledger and audit log.
//!
//! It is done under the role that owns the tables; the server's has no right to it.

use chrono::{DateTime, Utc};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};

use super::{
    OpenError,
    audit::AppendEntry,
    begin_writing,
    lifecycle::cut_log,
    open::{POSTGRES_REMEDY, SQLITE_REMEDY, is_not_allowed, postgres_options, sqlite_pool, unreachable},
};
use crate::{
    audit::{Actor, Anchor, Entry},
    config::DatabaseUrl,
    ids::TenantId,
};

/// What a move left elsewhere would be known to nobody after it.
const POSTGRES_PURGE: &str = "SELECT CASE WHEN NOT EXISTS (SELECT FROM placements WHERE tenant_id = $1 AND state <> 'settled') \
    THEN platform_purge_tenant($1, $2) END";

/// Why nothing was purged.
#[derive(Debug, thiserror::Error)]
pub enum PurgeError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The role does not own the tables.
    #[error("the role of {url} may not purge: set AGENT_PLATFORM_DATABASE_ADMIN_URL to the role that owns the tables")]
    NotTheOwner { url: String },
}

/// Purges a tenant that was deleted at least `retention_days` ago and is erased; gives how many ledger entries it had. `None` where
/// it is no such tenant. The platform's own log tells of it, by the same transaction.
///
/// # Errors
/// See [`PurgeError`]; then nothing is purged.
pub async fn purge_tenant(
    url: &DatabaseUrl,
    tenant_id: &TenantId,
    retention_days: u32,
    now: DateTime<Utc>,
) -> Result<Option<u64>, PurgeError> {
    if url.is_sqlite() {
        let deleted_by = now - chrono::Duration::days(retention_days.into());
        let pool = sqlite_pool(url, 1, false).await?;
        let mut purged = purge_sqlite(&pool, tenant_id, deleted_by, now).await;
        if let Ok(Some(_)) = purged {
            // Gone from the file too, and not only from its log; where somebody reads for long, the server's next erasure does it.
            purged = cut_log(&pool).await.and(purged);
        }
        pool.close().await;
        return Ok(purged.map_err(unreachable(url, SQLITE_REMEDY))?);
    }
    let options = postgres_options(url)?;
    match purge_postgres(options, tenant_id, retention_days, now).await {
        Ok(entries) => Ok(entries.and_then(|entries| u64::try_from(entries).ok())),
        Err(error) if is_not_allowed(&error) => Err(PurgeError::NotTheOwner { url: url.to_string() }),
        Err(error) => Err(unreachable(url, POSTGRES_REMEDY)(error).into()),
    }
}

/// Tells the platform's own log, since the tenant's is gone.
async fn tell(
    connection: &mut impl AppendEntry,
    tenant_id: &TenantId,
    now: DateTime<Utc>,
) -> Result<Anchor, sqlx::Error> {
    let entry = Entry::new("tenant.purged", ("tenant", tenant_id.as_str()), now);
    connection.append_entry(&TenantId::platform(), &Actor::system(), entry).await
}

async fn purge_postgres(
    options: PgConnectOptions,
    tenant_id: &TenantId,
    retention_days: u32,
    now: DateTime<Utc>,
) -> Result<Option<i64>, sqlx::Error> {
    let mut connection = options.connect().await?;
    let mut transaction = connection.begin().await?;
    let entries: Option<i64> = sqlx::query_scalar(POSTGRES_PURGE)
        .bind(tenant_id)
        .bind(i64::from(retention_days))
        .fetch_one(&mut *transaction)
        .await?;
    if entries.is_some() {
        let anchor = tell(&mut *transaction, tenant_id, now).await?;
        transaction.commit().await?;
        anchor.log();
    }
    Ok(entries)
}

async fn purge_sqlite(
    pool: &sqlx::SqlitePool,
    tenant_id: &TenantId,
    deleted_by: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<u64>, sqlx::Error> {
    let mut transaction = begin_writing(pool).await?;
    // What the triggers that keep ledger and audit log look at: it opens them for this tenant, in this transaction.
    let opened = sqlx::query(
        "INSERT INTO purging (tenant_id) SELECT tenant_id FROM tenants \
         WHERE tenant_id = $1 AND erased_at IS NOT NULL AND deleted_at <= $2 \
         AND NOT EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 AND state <> 'settled')",
    )
    .bind(tenant_id)
    .bind(deleted_by)
    .execute(&mut *transaction)
    .await?;
    if opened.rows_affected() == 0 {
        transaction.rollback().await?;
        return Ok(None);
    }
    // What is erased has no executions; one that came later than it should leaves its entry behind, to be found.
    sqlx::query("DELETE FROM executions WHERE tenant_id = $1").bind(tenant_id).execute(&mut *transaction).await?;
    let ledger = sqlx::query(
        "DELETE FROM ledger WHERE tenant_id = $1 \
         AND execution_id IN (SELECT execution_id FROM ledger_alone WHERE tenant_id = $1)",
    )
    .bind(tenant_id)
    .execute(&mut *transaction)
    .await?;
    for rest in [
        "DELETE FROM audit_entries WHERE tenant_id = $1",
        "DELETE FROM audit_heads WHERE tenant_id = $1",
        "DELETE FROM placements WHERE tenant_id = $1",
        "DELETE FROM tenants WHERE tenant_id = $1",
        "DELETE FROM purging WHERE tenant_id = $1",
    ] {
        sqlx::query(rest).bind(tenant_id).execute(&mut *transaction).await?;
    }
    let anchor = tell(&mut *transaction, tenant_id, now).await?;
    transaction.commit().await?;
    anchor.log();
    Ok(Some(ledger.rows_affected()))
}
