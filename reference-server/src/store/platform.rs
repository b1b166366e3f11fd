//! The short list of questions that come before a tenant is known, or cross tenants.
//!
//! On PostgreSQL the first two are functions that run as the owner of the tables and answer only this; the application's
//! role can't ask anything else across tenants. That is why they have a text for each database.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Database, Result, Store, retried, silos::RunningExecution};
use crate::{
    auth::{Mode, Scope},
    ids::{ExecutionId, InstanceId, KeyId, TenantId},
    tenancy::QuotaOverrides,
};

/// A key with what is needed of its tenant to let a request in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FoundKey {
    /// Names the key.
    pub key_id: KeyId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// SHA-256 of the secret part.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: Json<Vec<Scope>>,
    /// Live or test.
    pub mode: Mode,
    /// From when it is refused.
    pub expires_at: Option<DateTime<Utc>>,
    /// The tenant's tier.
    pub tier: String,
    /// The tenant's status.
    pub status: String,
    /// The tenant's own limits.
    pub quota_overrides: Json<QuotaOverrides>,
}

/// Without a sign of life for this long, a server is taken for gone: six missed heartbeats.
pub const GONE_AFTER: chrono::Duration = chrono::Duration::seconds(30);

/// An execution with its tenant, found across tenants.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Orphan {
    /// Which.
    pub execution_id: ExecutionId,
    /// Whose.
    pub tenant_id: TenantId,
}

impl Store {
    /// The key with this public part, if it is not revoked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn find_key(&self, public_id: &str) -> Result<Option<FoundKey>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_as(
                    "SELECT k.key_id, k.tenant_id, k.secret_hash, k.scopes, k.mode, k.expires_at, t.tier, t.status, \
                     t.quota_overrides FROM api_keys k JOIN tenants t ON t.tenant_id = k.tenant_id \
                     WHERE k.public_id = $1 AND k.revoked_at IS NULL",
                )
                .bind(public_id)
                .fetch_optional(read)
                .await
            }
            Database::Postgres(pool) => {
                retried(|| sqlx::query_as("SELECT * FROM platform_find_key($1)").bind(public_id).fetch_optional(pool))
                    .await
            }
        }
    }

    /// Whose key it was, if this is the public part of one that is revoked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoked_key(&self, public_id: &str) -> Result<Option<TenantId>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_scalar("SELECT tenant_id FROM api_keys WHERE public_id = $1 AND revoked_at IS NOT NULL")
                    .bind(public_id)
                    .fetch_optional(read)
                    .await
            }
            Database::Postgres(pool) => {
                retried(|| sqlx::query_scalar("SELECT platform_revoked_key($1)").bind(public_id).fetch_one(pool)).await
            }
        }
    }

    /// Running executions whose server has given no sign of life since `alive_since`; at most 500, and those in silos.
    ///
    /// # Errors
    /// The database failed. A silo that does not answer is left out.
    pub async fn orphans(&self, alive_since: DateTime<Utc>) -> Result<Vec<Orphan>> {
        let mut orphans = self.pooled(self.orphans_here(alive_since).await?);
        let living = self.living(alive_since).await?;
        orphans.extend(self.running_in_silos(|execution| !living.contains(&execution.owner)).await);
        Ok(orphans)
    }

    /// The servers that have given a sign of life since `alive_since`.
    async fn living(&self, alive_since: DateTime<Utc>) -> Result<Vec<InstanceId>> {
        Ok(platform!(self, read, |connection| {
            sqlx::query_scalar("SELECT instance_id FROM instances WHERE heartbeat_at >= $1")
                .bind(alive_since)
                .fetch_all(connection)
                .await?
        }))
    }

    async fn orphans_here(&self, alive_since: DateTime<Utc>) -> Result<Vec<Orphan>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_as(
                    "SELECT e.execution_id, e.tenant_id FROM executions e WHERE e.status = 'running' AND NOT EXISTS \
                     (SELECT 1 FROM instances i WHERE i.instance_id = e.owner AND i.heartbeat_at >= $1) LIMIT 500",
                )
                .bind(alive_since)
                .fetch_all(read)
                .await
            }
            Database::Postgres(pool) => {
                sqlx::query_as("SELECT * FROM platform_orphans($1)").bind(alive_since).fetch_all(pool).await
            }
        }
    }

    /// What this server runs by the store; or what of it somebody asked another server to cancel.
    ///
    /// # Errors
    /// The database failed. A silo that does not answer is left out.
    pub async fn running(&self, instance: &InstanceId, only_to_cancel: bool) -> Result<Vec<Orphan>> {
        let mut running = self.pooled(self.running_here(instance, only_to_cancel).await?);
        let is_wanted = |execution: &RunningExecution| {
            execution.owner == *instance && (execution.cancel_requested || !only_to_cancel)
        };
        running.extend(self.running_in_silos(is_wanted).await);
        Ok(running)
    }

    /// Those of tenants that live here: what is left of one that moved away, or is on its way back, is no work.
    fn pooled(&self, mut orphans: Vec<Orphan>) -> Vec<Orphan> {
        orphans.retain(|orphan| self.places.is_pooled(&orphan.tenant_id));
        orphans
    }

    async fn running_here(&self, instance: &InstanceId, only_to_cancel: bool) -> Result<Vec<Orphan>> {
        match &*self.database {
            Database::Sqlite { read, .. } => {
                sqlx::query_as(
                    "SELECT execution_id, tenant_id FROM executions WHERE owner = $1 AND status = 'running' \
                     AND (cancel_requested OR NOT $2)",
                )
                .bind(instance)
                .bind(only_to_cancel)
                .fetch_all(read)
                .await
            }
            Database::Postgres(pool) => {
                sqlx::query_as("SELECT * FROM platform_running($1, $2)")
                    .bind(instance)
                    .bind(only_to_cancel)
                    .fetch_all(pool)
                    .await
            }
        }
    }

    /// Says that this server lives.
    ///
    /// # Errors
    /// The database failed.
    pub async fn heartbeat(&self, instance: &InstanceId, now: DateTime<Utc>) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query(
                "INSERT INTO instances (instance_id, heartbeat_at) VALUES ($1, $2) \
                 ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at",
            )
            .bind(instance)
            .bind(now)
            .execute(connection)
            .await?;
        });
        // Whoever moves a tenant from here on asks this server; what was moved before is seen now.
        if !self.places.is_announced.load(Ordering::Acquire) {
            self.compare_places().await?;
            self.places.is_announced.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Says that this server has left: what it was running, if anything, is an orphan at once.
    ///
    /// # Errors
    /// The database failed.
    pub async fn leave(&self, instance: &InstanceId) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query("DELETE FROM instances WHERE instance_id = $1").bind(instance).execute(connection).await?;
        });
        Ok(())
    }

    /// Takes every other server for gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_others(&self, instance: &InstanceId) -> Result<()> {
        platform!(self, write, |connection| {
            sqlx::query("DELETE FROM instances WHERE instance_id <> $1").bind(instance).execute(connection).await?;
        });
        Ok(())
    }

    /// Whether any operator key was made.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_operator_keys(&self) -> Result<bool> {
        Ok(platform!(self, read, |connection| {
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM operator_keys)").fetch_one(connection).await?
        }))
    }

    /// The SHA-256 of the operator key with this public part.
    ///
    /// # Errors
    /// The database failed.
    pub async fn operator_key_hash(&self, public_id: &str) -> Result<Option<Vec<u8>>> {
        Ok(platform!(self, read, |connection| {
            sqlx::query_scalar("SELECT secret_hash FROM operator_keys WHERE public_id = $1")
                .bind(public_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<()> {
        match &*self.database {
            Database::Sqlite { read, .. } => sqlx::query("SELECT 1").execute(read).await.map(drop),
            Database::Postgres(pool) => sqlx::query("SELECT 1").execute(pool).await.map(drop),
        }
    }
}
