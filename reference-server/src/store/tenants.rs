//! Tenants' own rows.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{
    Result, TenantStore,
    idempotency::{KeptAnswer, keep},
    keys::{KeyRow, insert_key},
};
use crate::{ids::TenantId, tenancy::QuotaOverrides};

/// A tenant.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TenantRow {
    /// Its slug.
    pub tenant_id: TenantId,
    /// What it calls itself.
    pub name: String,
    /// Who signed it up; unique without regard to case.
    pub email: String,
    /// The name of its tier.
    pub tier: String,
    /// `active` or `suspended`.
    pub status: String,
    /// What an operator set for it.
    pub quota_overrides: Json<QuotaOverrides>,
    /// When it signed up.
    pub created_at: DateTime<Utc>,
}

/// What an operator changes; absent parts stay.
#[derive(Clone, Debug, Default)]
pub struct TenantChange {
    /// Another tier.
    pub tier: Option<String>,
    /// `active` or `suspended`.
    pub status: Option<String>,
}

impl TenantStore {
    /// Writes a new tenant and its first key, both or neither.
    ///
    /// # Errors
    /// A unique violation where the slug or the e-mail is taken.
    pub async fn insert_tenant(&self, tenant: &TenantRow, key: &KeyRow) -> Result<()> {
        write!(self.control(), |connection| {
            sqlx::query(
                "INSERT INTO tenants (tenant_id, name, email, tier, status, quota_overrides, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&self.tenant_id)
            .bind(&tenant.name)
            .bind(&tenant.email)
            .bind(&tenant.tier)
            .bind(&tenant.status)
            .bind(tenant.quota_overrides)
            .bind(tenant.created_at)
            .execute(&mut *connection)
            .await?;
            insert_key!(connection, self.tenant_id, key);
        });
        Ok(())
    }

    /// The tenant's own row.
    ///
    /// # Errors
    /// The database failed.
    pub async fn tenant(&self) -> Result<Option<TenantRow>> {
        Ok(read!(self.control(), |connection| {
            sqlx::query_as("SELECT * FROM tenants WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Changes the tenant as an operator says, and its overrides by `change_overrides`, and keeps the answer that `keep` makes of
    /// it; `None` where there is no such tenant.
    ///
    /// # Errors
    /// The database failed.
    pub async fn change_tenant(
        &self,
        change: &TenantChange,
        change_overrides: impl Fn(QuotaOverrides) -> QuotaOverrides,
        keep: impl Fn(&TenantRow) -> Option<KeptAnswer>,
    ) -> Result<Option<TenantRow>> {
        Ok(write!(self.control(), |connection| {
            // Locks the row, so that of two changes at once the second sees the first.
            let overrides: Option<Json<QuotaOverrides>> =
                sqlx::query_scalar("UPDATE tenants SET tier = tier WHERE tenant_id = $1 RETURNING quota_overrides")
                    .bind(&self.tenant_id)
                    .fetch_optional(&mut *connection)
                    .await?;
            let changed: Option<TenantRow> = sqlx::query_as(
                "UPDATE tenants SET tier = COALESCE($2, tier), status = COALESCE($3, status), \
                 quota_overrides = COALESCE($4, quota_overrides) WHERE tenant_id = $1 RETURNING *",
            )
            .bind(&self.tenant_id)
            .bind(&change.tier)
            .bind(&change.status)
            .bind(overrides.map(|Json(overrides)| Json(change_overrides(overrides))))
            .fetch_optional(&mut *connection)
            .await?;
            if let Some(kept) = changed.as_ref().and_then(&keep) {
                keep!(connection, self.tenant_id, kept);
            }
            changed
        }))
    }
}
