//! API keys: a public part that may be logged, and of the secret part only a SHA-256.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::types::Json;

use super::{
    Database, Result, Store, TenantStore,
    settlement::{as_json, stored},
};
use crate::{
    audit::{Entry, fingerprint},
    auth::{self, Mode, Scope},
    ids::{KeyId, TenantId},
};

/// When a key was last used.
#[derive(Clone, Debug, Serialize)]
pub struct KeyUse {
    /// Whose key.
    pub tenant_id: TenantId,
    /// Which.
    pub key_id: KeyId,
    /// When.
    #[serde(serialize_with = "stored")]
    pub last_used_at: DateTime<Utc>,
}

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
    /// The key that replaces it.
    pub rotated_to: Option<KeyId>,
}

impl KeyRow {
    /// What the audit log tells of it.
    fn described(&self) -> Value {
        json!({
            "name": fingerprint(&self.name), "scopes": self.scopes, "mode": self.mode, "prefix": auth::prefix(self.mode, &self.public_id),
            "expires_at": self.expires_at,
        })
    }

    /// What the audit log tells of its making.
    pub(super) fn created(&self) -> Entry {
        Entry::new("api_key.created", ("api_key", self.key_id.as_str()), self.created_at).after(self.described())
    }
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
        audited!(self.control(), |connection| {
            insert_key!(connection, self.tenant_id, key);
            ((), [key.created()])
        });
        Ok(())
    }

    /// The key of this id, if it is not revoked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn key(&self, key_id: &KeyId) -> Result<Option<KeyRow>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_as("SELECT * FROM api_keys WHERE tenant_id = $1 AND key_id = $2 AND revoked_at IS NULL")
                .bind(&self.tenant_id)
                .bind(key_id)
                .fetch_optional(connection)
                .await?
        }))
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

    /// Revokes a key; `false` where there is none that is not revoked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoke_key(&self, key_id: &KeyId, now: DateTime<Utc>) -> Result<bool> {
        Ok(audited!(self.control(), |connection| {
            let revoked: Option<KeyRow> = sqlx::query_as(
                "UPDATE api_keys SET revoked_at = $3 WHERE tenant_id = $1 AND key_id = $2 AND revoked_at IS NULL RETURNING *",
            )
            .bind(&self.tenant_id)
            .bind(key_id)
            .bind(now)
            .fetch_optional(connection)
            .await?;
            let entry = revoked.as_ref().map(|key| {
                Entry::new("api_key.revoked", ("api_key", key.key_id.as_str()), now).before(key.described())
            });
            (revoked.is_some(), entry)
        }))
    }

    /// Writes the key that replaces `old`, which ends at `ends_at`; `false` where `old` is not any more what it was.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rotate_key(&self, old: &KeyRow, new: &KeyRow, ends_at: DateTime<Utc>) -> Result<bool> {
        Ok(audited!(self.control(), |connection| {
            let is_replaced = sqlx::query(
                "UPDATE api_keys SET expires_at = $3, rotated_to = $4 WHERE tenant_id = $1 AND key_id = $2 \
                 AND revoked_at IS NULL AND rotated_to IS NULL AND expires_at IS NOT DISTINCT FROM $5",
            )
            .bind(&self.tenant_id)
            .bind(&old.key_id)
            .bind(ends_at)
            .bind(&new.key_id)
            .bind(old.expires_at)
            .execute(&mut *connection)
            .await?
            .rows_affected()
                == 1;
            if is_replaced {
                insert_key!(&mut *connection, self.tenant_id, new);
            }
            let mut after = old.described();
            after["expires_at"] = json!(ends_at);
            after["rotated_to"] = json!({ "key_id": new.key_id, "key": new.described() });
            let entry = Entry::new("api_key.rotated", ("api_key", old.key_id.as_str()), new.created_at)
                .before(old.described())
                .after(after);
            (is_replaced, [entry])
        }))
    }
}

impl Store {
    /// Notes when keys of any tenants were last used.
    ///
    /// # Errors
    /// The database failed.
    pub async fn touch_keys(&self, uses: &[KeyUse]) -> Result<()> {
        match &*self.database {
            Database::Sqlite { write, .. } => {
                let touch = "UPDATE api_keys SET last_used_at = r.value ->> 'last_used_at' FROM json_each($1) r \
                     WHERE key_id = r.value ->> 'key_id' AND tenant_id = r.value ->> 'tenant_id'";
                sqlx::query(touch).bind(as_json(uses)).execute(write).await?;
            }
            Database::Postgres(pool) => {
                let touch = "SELECT platform_touch_keys($1::json)";
                sqlx::query(touch).bind(as_json(uses)).execute(pool).await?;
            }
        }
        Ok(())
    }
}
