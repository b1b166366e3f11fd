//! Tenants' own rows.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;

use super::{
    Result, TenantStore,
    audit::begin_chain,
    idempotency::{KeptAnswer, keep},
    keys::{KeyRow, insert_key},
};
use crate::{audit::Entry, ids::TenantId, tenancy::QuotaOverrides};

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
    /// When it was deleted: what is left is a tombstone.
    pub deleted_at: Option<DateTime<Utc>>,
    /// When the last of its content was gone.
    pub erased_at: Option<DateTime<Utc>>,
}

impl TenantRow {
    /// What the audit log tells of it. Who signed it up is content, and goes when the tenant goes.
    pub(super) fn described(&self) -> Value {
        json!({ "tier": self.tier, "status": self.status, "quota": self.quota_overrides })
    }

    pub(super) fn entry(&self, action: &'static str, at: DateTime<Utc>) -> Entry {
        Entry::new(action, ("tenant", self.tenant_id.as_str()), at)
    }
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
        audited!(self.control(), |connection| {
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
            insert_key!(&mut *connection, self.tenant_id, key);
            begin_chain!(connection, self.tenant_id);
            ((), [tenant.entry("tenant.created", tenant.created_at).after(tenant.described()), key.created()])
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
    /// it; `None` where there is no such tenant, or only its tombstone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn change_tenant(
        &self,
        change: &TenantChange,
        change_overrides: impl Fn(QuotaOverrides) -> QuotaOverrides,
        keep: impl Fn(&TenantRow) -> Option<KeptAnswer>,
        now: DateTime<Utc>,
    ) -> Result<Option<TenantRow>> {
        Ok(audited!(self.control(), |connection| {
            // Locks the row, so that of two changes at once the second sees the first.
            let before: Option<TenantRow> = sqlx::query_as(
                "UPDATE tenants SET tier = tier WHERE tenant_id = $1 AND deleted_at IS NULL RETURNING *",
            )
            .bind(&self.tenant_id)
            .fetch_optional(&mut *connection)
            .await?;
            let changed: Option<TenantRow> = sqlx::query_as(
                "UPDATE tenants SET tier = COALESCE($2, tier), status = COALESCE($3, status), \
                 quota_overrides = COALESCE($4, quota_overrides) WHERE tenant_id = $1 AND deleted_at IS NULL RETURNING *",
            )
            .bind(&self.tenant_id)
            .bind(&change.tier)
            .bind(&change.status)
            .bind(before.as_ref().map(|before| Json(change_overrides(before.quota_overrides.0))))
            .fetch_optional(&mut *connection)
            .await?;
            if let Some(kept) = changed.as_ref().and_then(&keep) {
                keep!(connection, self.tenant_id, kept);
            }
            let entry = before.as_ref().zip(changed.as_ref()).and_then(|(before, after)| {
                after.entry("tenant.updated", now).changing(before.described(), after.described())
            });
            (changed, entry)
        }))
    }
}
