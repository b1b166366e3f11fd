//! The operator's side: reading a tenant, changing its tier, limits and status, listing and deleting tenants.

mod deletion;
mod list;

use std::str::FromStr;

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Id, Operator, present},
    idempotency::{Answer, Change},
};
use crate::{
    app::App,
    error::{Problem, Result},
    ids::TenantId,
    money::Micros,
    store::tenants::{TenantChange, TenantRow},
    tenancy::{Limits, QuotaOverrides},
};

/// A tenant as the operator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tenant {
    /// Names it.
    tenant_id: TenantId,
    /// What it calls itself.
    name: String,
    /// Who signed it up; `null` once it is deleted.
    #[schema(required = true)]
    email: Option<String>,
    /// Its tier.
    tier: String,
    /// Whether its keys are let in, or it was deleted.
    status: TenantStatus,
    /// Its limits: its tier's, but for those that were set for it; `null` where its tier is not configured any more.
    #[schema(required = true)]
    quota: Option<Limits>,
    /// When it signed up.
    created_at: DateTime<Utc>,
    /// When it was deleted; `null` where it was not.
    #[schema(required = true)]
    deleted_at: Option<DateTime<Utc>>,
}

/// Where a tenant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Its keys are let in.
    Active,
    /// They are refused.
    Suspended,
    /// It has no keys and no content any more; what it used is kept until it is purged.
    Deleted,
}

impl TenantStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }
}

impl FromStr for TenantStatus {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, &'static str> {
        let known = [Self::Active, Self::Suspended, Self::Deleted];
        known.into_iter().find(|status| status.as_str() == text).ok_or("a status is `active`, `suspended` or `deleted`")
    }
}

/// Whether a tenant's keys are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenantAccess {
    /// They are.
    Active,
    /// They are refused.
    Suspended,
}

/// Changes to a tenant. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTenantRequest {
    /// Another tier.
    #[schema(max_length = 100, nullable = false)]
    tier: Option<String>,
    /// Limits in place of the tier's. What is absent stays; `null` brings the tier's back.
    #[schema(nullable = false)]
    quota: Option<QuotaChangeRequest>,
    /// `suspended` refuses its keys within a second.
    #[schema(nullable = false)]
    status: Option<TenantAccess>,
}

/// Limits for one tenant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaChangeRequest {
    /// Executions an hour; 0 allows none.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, value_type = Option<i64>)]
    max_requests_per_hour: Option<Option<i64>>,
    /// Tokens a month; 0 allows none.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, value_type = Option<i64>)]
    max_tokens_per_month: Option<Option<i64>>,
    /// Dollars a month, with at most six decimals; 0 allows none.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, value_type = Option<f64>)]
    max_spend_per_month: Option<Option<Micros>>,
    /// Concurrent executions; 0 allows none.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, value_type = Option<i64>)]
    max_concurrent_agents: Option<Option<i64>>,
    /// Megabytes; 0 allows none.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, value_type = Option<i64>)]
    max_storage_mb: Option<Option<i64>>,
}

impl QuotaChangeRequest {
    fn applied_to(&self, overrides: QuotaOverrides) -> QuotaOverrides {
        QuotaOverrides {
            max_requests_per_hour: self.max_requests_per_hour.unwrap_or(overrides.max_requests_per_hour),
            max_tokens_per_month: self.max_tokens_per_month.unwrap_or(overrides.max_tokens_per_month),
            max_spend_per_month: self.max_spend_per_month.unwrap_or(overrides.max_spend_per_month),
            max_concurrent_agents: self.max_concurrent_agents.unwrap_or(overrides.max_concurrent_agents),
            max_storage_mb: self.max_storage_mb.unwrap_or(overrides.max_storage_mb),
        }
    }
}

fn shown(app: &App, row: TenantRow) -> Tenant {
    Tenant {
        quota: app.tiers.get(&row.tier).map(|tier| row.quota_overrides.over(tier.limits())),
        status: match (row.deleted_at, row.status.as_str()) {
            (Some(_), _) => TenantStatus::Deleted,
            (None, "suspended") => TenantStatus::Suspended,
            (None, _) => TenantStatus::Active,
        },
        tenant_id: row.tenant_id,
        name: row.name,
        email: Some(row.email).filter(|_| row.deleted_at.is_none()),
        tier: row.tier,
        created_at: row.created_at,
        deleted_at: row.deleted_at,
    }
}

/// What to say of a tier that there is not.
fn unknown_tier(app: &App, tier: &str) -> Option<String> {
    let is_known = app.tiers.get(tier).is_some();
    (!is_known).then(|| format!("`{tier}` is not a tier; the tiers are {}.", app.tiers.names().join(", ")))
}

/// Read a tenant
///
/// For the operator.
#[utoipa::path(get, path = "/admin/tenants/{tenant_id}", operation_id = "get_tenant", tag = "admin",
    params(("tenant_id" = TenantId, Path, description = "The tenant.")), security(("operator_key" = [])),
    responses((status = 200, description = "The tenant.", body = Tenant)), extensions(("x-sdk" = json!(false))))]
async fn get_tenant(
    State(app): State<App>,
    Operator(_): Operator,
    Id(tenant_id): Id<TenantId>,
) -> Result<axum::Json<Tenant>> {
    let row = app.store.tenant(tenant_id.clone()).tenant().await?;
    let row = row.ok_or_else(|| Problem::not_found("tenant", tenant_id.as_str()))?;
    Ok(axum::Json(shown(&app, row)))
}

/// Change a tenant
///
/// For the operator: tier, limits, status. Holds on every server within a second.
#[utoipa::path(patch, path = "/admin/tenants/{tenant_id}", operation_id = "update_tenant", tag = "admin", request_body = UpdateTenantRequest,
    params(("tenant_id" = TenantId, Path, description = "The tenant.")), security(("operator_key" = [])),
    responses((status = 200, description = "The tenant as it is now.", body = Tenant)), extensions(("x-sdk" = json!(false))))]
async fn update_tenant(
    State(app): State<App>,
    Operator(operator): Operator,
    Id(tenant_id): Id<TenantId>,
    Change { request, once }: Change<UpdateTenantRequest>,
) -> Result<Answer> {
    if let Some(detail) = request.tier.as_deref().and_then(|tier| unknown_tier(&app, tier)) {
        return Err(Problem::invalid_field("/tier", detail));
    }
    let store = app.store.tenant(tenant_id.clone()).acting(operator);
    let status = request.status.map(|status| match status {
        TenantAccess::Active => "active".to_owned(),
        TenantAccess::Suspended => "suspended".to_owned(),
    });
    let change = TenantChange { tier: request.tier, status };
    let changing = app.clone();
    app.to_the_end(async move {
        let app = changing;
        let change_overrides =
            |overrides| request.quota.as_ref().map_or(overrides, |quota| quota.applied_to(overrides));
        let answer = |row: &TenantRow| once.answer(StatusCode::OK, &shown(&app, row.clone()));
        let keep = |row: &TenantRow| answer(row).kept();
        let outcome = store.change_tenant(&change, change_overrides, keep, app.clock.now()).await;
        // Also where it failed: it may have been written all the same.
        app.gate.forget_tenant(&tenant_id);
        let Some(row) = outcome? else {
            store.tenant().await?.ok_or_else(|| Problem::not_found("tenant", tenant_id.as_str()))?;
            let detail = format!("The tenant `{tenant_id}` was deleted, and can't be changed any more.");
            return Err(Problem::conflict("tenant_deleted", detail));
        };
        Ok(answer(&row))
    })
    .await
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_tenant, update_tenant)).merge(list::router()).merge(deletion::router())
}
