//! What was answered under an `Idempotency-Key`: written in the transaction of the work itself, so that there is no moment
//! between done and remembered.

use chrono::{DateTime, Utc};

use super::{Database, Result, Store, TenantStore};
use crate::ids::ExecutionId;

/// Rows that one transaction of the sweep deletes: others wait no longer than for these.
const FORGOTTEN_AT_ONCE: i64 = 1_000;
/// Such transactions in one sweep: with a sweep each five seconds enough for 10,000 executions a second.
const FORGETTING_TRANSACTIONS: usize = 50;

/// Whose names keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHolder {
    /// The tenant's whose rows are written.
    Tenant,
    /// The platform's: who signs up, and the operator, are no tenants.
    Platform,
}

/// An answer to keep with the work that it answers.
#[derive(Clone, Debug)]
pub struct KeptAnswer {
    /// Whose key it is.
    pub holder: KeyHolder,
    /// Of which operation.
    pub operation: String,
    /// The hash of the key.
    pub key_hash: String,
    /// The hash of the request.
    pub request_hash: String,
    /// The status of the answer.
    pub status: i64,
    /// Its body, sealed.
    pub answer: Vec<u8>,
    /// When it is written.
    pub created_at: DateTime<Utc>,
    /// From when the key is free again.
    pub expires_at: DateTime<Utc>,
}

/// What is known under a key: the answer, or the execution that has it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownKey {
    /// The hash of the request that the key was used for.
    pub request_hash: String,
    /// The execution.
    pub execution_id: Option<ExecutionId>,
    /// The status of the answer.
    pub status: Option<i64>,
    /// Its body, sealed.
    pub answer: Option<Vec<u8>>,
}

/// Writes an answer on a connection of either driver. Another transaction with this key is waited for; where that came first,
/// there is no row to return, and so the whole work is rolled back. An expired key is used anew.
macro_rules! keep {
    ($connection:expr, $tenant_id:expr, $kept:expr) => {{
        let _: i64 = match $kept.holder {
            $crate::store::idempotency::KeyHolder::Tenant => {
                sqlx::query_scalar(
                    "INSERT INTO idempotency_keys (operation, key_hash, request_hash, status, answer, created_at, expires_at, \
                     tenant_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, operation, key_hash) \
                     DO UPDATE SET request_hash = excluded.request_hash, execution_id = NULL, status = excluded.status, \
                     answer = excluded.answer, created_at = excluded.created_at, expires_at = excluded.expires_at \
                     WHERE idempotency_keys.expires_at <= excluded.created_at RETURNING status",
                )
                .bind(&$kept.operation)
                .bind(&$kept.key_hash)
                .bind(&$kept.request_hash)
                .bind($kept.status)
                .bind(&$kept.answer)
                .bind($kept.created_at)
                .bind($kept.expires_at)
                .bind(&$tenant_id)
                .fetch_one(&mut *$connection)
                .await?
            }
            $crate::store::idempotency::KeyHolder::Platform => {
                sqlx::query_scalar(
                    "INSERT INTO platform_idempotency_keys (operation, key_hash, request_hash, status, answer, created_at, \
                     expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (operation, key_hash) \
                     DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status, \
                     answer = excluded.answer, created_at = excluded.created_at, expires_at = excluded.expires_at \
                     WHERE platform_idempotency_keys.expires_at <= excluded.created_at RETURNING status",
                )
                .bind(&$kept.operation)
                .bind(&$kept.key_hash)
                .bind(&$kept.request_hash)
                .bind($kept.status)
                .bind(&$kept.answer)
                .bind($kept.created_at)
                .bind($kept.expires_at)
                .fetch_one(&mut *$connection)
                .await?
            }
        };
    }};
}
pub(super) use keep;

/// Whether the work was not done because another request with its key came first: the only question of this store that must
/// have a row to answer with and can find none.
#[must_use]
pub fn is_lost_claim(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::RowNotFound)
}

/// Whether a transaction has done something: if not, it is rolled back, and no answer is kept with it.
pub(super) trait Done {
    fn is_done(&self) -> bool;
}

impl Done for () {
    fn is_done(&self) -> bool {
        true
    }
}

impl Done for bool {
    fn is_done(&self) -> bool {
        *self
    }
}

impl<T> Done for Option<T> {
    fn is_done(&self) -> bool {
        self.is_some()
    }
}

impl TenantStore {
    /// The same handle, whose next transaction that writes also keeps this answer.
    #[must_use]
    pub fn keeping(&self, kept: Option<KeptAnswer>) -> Self {
        Self { kept, ..self.clone() }
    }

    /// Keeps the answer that the handle carries, where it can only be made after the work: of work that changes nothing when it is
    /// done once more.
    ///
    /// # Errors
    /// The database failed, or another request with the key came first.
    pub async fn keep_answer(&self) -> Result<()> {
        write!(self, |_connection| ());
        Ok(())
    }

    /// What is known under a key of the tenant.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known_key(&self, operation: &str, key_hash: &str, now: DateTime<Utc>) -> Result<Option<KnownKey>> {
        match self.known_here(operation, key_hash, now).await? {
            // The answers of work on keys are kept where that is done. Executions are begun where the data is.
            None if self.is_siloed() => {
                let known = self.control().known_here(operation, key_hash, now).await?;
                Ok(known.filter(|known| known.execution_id.is_none()))
            }
            known => Ok(known),
        }
    }

    async fn known_here(&self, operation: &str, key_hash: &str, now: DateTime<Utc>) -> Result<Option<KnownKey>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT request_hash, execution_id, status, answer FROM idempotency_keys \
                 WHERE tenant_id = $1 AND operation = $2 AND key_hash = $3 AND expires_at > $4",
            )
            .bind(&self.tenant_id)
            .bind(operation)
            .bind(key_hash)
            .bind(now)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Frees the key of an execution that never ran.
    ///
    /// # Errors
    /// The database failed.
    pub async fn free_key(&self, execution_id: &ExecutionId) -> Result<()> {
        write!(self, |connection| {
            sqlx::query(
                "UPDATE idempotency_keys SET expires_at = created_at WHERE tenant_id = $1 AND execution_id = $2",
            )
            .bind(&self.tenant_id)
            .bind(execution_id)
            .execute(connection)
            .await?;
        });
        Ok(())
    }
}

impl Store {
    /// What is known under a key that is no tenant's.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known_key(&self, operation: &str, key_hash: &str, now: DateTime<Utc>) -> Result<Option<KnownKey>> {
        Ok(platform!(self, read, |connection| {
            sqlx::query_as(
                "SELECT request_hash, NULL AS execution_id, status, answer FROM platform_idempotency_keys \
                 WHERE operation = $1 AND key_hash = $2 AND expires_at > $3",
            )
            .bind(operation)
            .bind(key_hash)
            .bind(now)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Deletes keys that have expired, in transactions of a bounded size, and no more of them at a time than leave a server the time
    /// to say that it lives.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_keys(&self, now: DateTime<Utc>) -> Result<()> {
        forget_keys_in(&self.database, now).await?;
        self.forget_keys_in_silos(now).await;
        Ok(())
    }
}

/// The same in one database.
pub(super) async fn forget_keys_in(database: &Database, now: DateTime<Utc>) -> Result<()> {
    for _ in 0..FORGETTING_TRANSACTIONS {
        let deleted = match database {
            Database::Sqlite { write, .. } => {
                let mut deleted = 0;
                for delete in SQLITE_FORGET {
                    let done = sqlx::query(delete).bind(now).bind(FORGOTTEN_AT_ONCE).execute(write).await?;
                    deleted += i64::try_from(done.rows_affected()).unwrap_or(i64::MAX);
                }
                deleted
            }
            Database::Postgres(pool) => {
                sqlx::query_scalar("SELECT platform_forget_keys($1, $2)")
                    .bind(now)
                    .bind(FORGOTTEN_AT_ONCE)
                    .fetch_one(pool)
                    .await?
            }
        };
        if deleted < FORGOTTEN_AT_ONCE {
            break;
        }
    }
    Ok(())
}

const SQLITE_FORGET: [&str; 2] = [
    "DELETE FROM idempotency_keys WHERE (tenant_id, operation, key_hash) IN \
     (SELECT tenant_id, operation, key_hash FROM idempotency_keys WHERE expires_at <= $1 LIMIT $2)",
    "DELETE FROM platform_idempotency_keys WHERE (operation, key_hash) IN \
     (SELECT operation, key_hash FROM platform_idempotency_keys WHERE expires_at <= $1 LIMIT $2)",
];
