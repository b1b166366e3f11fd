//! API keys: a public part that may be logged, and of the secret part only a SHA-256.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Result, TenantStore};
use crate::{
    auth::{Mode, Scope},
    ids::KeyId,
};

/// A key as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyRow {
    /// Names the key in the API.
    pub key_id: KeyId,
    /// What its owner calls it.
    pub name: String,
    /// The part between `pk_live_` and the secret.
    pub public_id: String,
    /// SHA-256 of the secret part.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: Json<Vec<Scope>>,
    /// Live or test.
    pub mode: Mode,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From when it is refused.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The statement for a new key, for a connection of either driver.
macro_rules! insert_key {
    ($connection:expr, $tenant_id:expr, $key:expr) => {
        sqlx::query(
            "INSERT INTO api_keys (key_id, tenant_id, name, public_id, secret_hash, scopes, mode, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&$key.key_id)
        .bind(&$tenant_id)
        .bind(&$key.name)
        .bind(&$key.public_id)
        .bind(&$key.secret_hash)
        .bind(&$key.scopes)
        .bind($key.mode)
        .bind($key.created_at)
        .bind($key.expires_at)
        .execute($connection)
        .await?
    };
}
pub(super) use insert_key;

impl TenantStore {
    /// Writes a new key.
    ///
    /// # Errors
    /// The database failed.
    pub async fn insert_key(&self, key: &KeyRow) -> Result<()> {
        write!(self.control(), |connection| {
            insert_key!(connection, self.tenant_id, key);
        });
        Ok(())
    }

    /// The tenant's keys that are not revoked, newest first, before the one named `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keys(&self, before: Option<&str>, limit: i64) -> Result<Vec<KeyRow>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_as(
                "SELECT * FROM api_keys WHERE tenant_id = $1 AND revoked_at IS NULL \
                 AND ($2 IS NULL OR key_id < $2) ORDER BY key_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }

    /// Revokes a key and returns its public part; `None` where there is none that is not revoked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoke_key(&self, key_id: &KeyId, now: DateTime<Utc>) -> Result<Option<String>> {
        Ok(write!(self.control(), |connection| {
            sqlx::query_scalar(
                "UPDATE api_keys SET revoked_at = $3 WHERE tenant_id = $1 AND key_id = $2 AND revoked_at IS NULL \
                 RETURNING public_id",
            )
            .bind(&self.tenant_id)
            .bind(key_id)
            .bind(now)
            .fetch_optional(connection)
            .await?
        }))
    }

    /// Notes when a key was last seen.
    ///
    /// # Errors
    /// The database failed.
    pub async fn touch_key(&self, key_id: &KeyId, now: DateTime<Utc>) -> Result<()> {
        write!(self.control(), |connection| {
            sqlx::query("UPDATE api_keys SET last_used_at = $3 WHERE tenant_id = $1 AND key_id = $2")
                .bind(&self.tenant_id)
                .bind(key_id)
                .bind(now)
                .execute(connection)
                .await?;
        });
        Ok(())
    }
}
