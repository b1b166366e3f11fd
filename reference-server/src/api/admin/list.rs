//! The list of tenants.

use std::{fmt, str::FromStr};

use axum::extract::State;
use chrono::{DateTime, Utc};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Tenant, TenantStatus, shown, unknown_tier};
use crate::{
    api::{
        extract::Operator,
        page::{Page, PageParams, Query},
    },
    app::App,
    error::Result,
    ids::{InvalidId, TenantId},
    store::{lifecycle::TenantFilter, tenants::TenantRow},
};

/// Which tenants to list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the query is read by `Query`; this states it in the specification")]
pub struct TenantParams {
    /// In this state alone.
    #[param(nullable = false)]
    status: Option<TenantStatus>,
    /// On this tier alone.
    #[param(nullable = false)]
    tier: Option<String>,
}

/// A place in the list: tenants' ids are names and do not sort by age.
#[derive(Clone, Debug)]
struct Place {
    created_at: DateTime<Utc>,
    tenant_id: TenantId,
}

impl Place {
    fn of(row: &TenantRow) -> Self {
        Self { created_at: row.created_at, tenant_id: row.tenant_id.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created_at.timestamp_micros(), self.tenant_id)
    }
}

/// What a cursor looks like is nobody's business.
const NO_CURSOR: InvalidId = InvalidId("expected a `next_cursor` of an answer");

impl FromStr for Place {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (micros, tenant_id) = text.split_once('.').ok_or(NO_CURSOR)?;
        // Years of four digits alone: both databases order these.
        let micros = micros.parse().ok().filter(|micros| (0..253_402_300_800_000_000).contains(micros));
        let created_at = micros.and_then(DateTime::from_timestamp_micros).ok_or(NO_CURSOR)?;
        Ok(Self { created_at, tenant_id: tenant_id.parse()? })
    }
}

/// List tenants
///
/// For the operator: newest first, deleted ones too until they are purged.
#[utoipa::path(get, path = "/admin/tenants", operation_id = "list_tenants", tag = "admin", params(TenantParams, PageParams),
    security(("operator_key" = [])),
    responses((status = 200, description = "A page of tenants.", body = Page<Tenant>)), extensions(("x-sdk" = json!(false))))]
async fn list_tenants(State(app): State<App>, _: Operator, mut query: Query) -> Result<axum::Json<Page<Tenant>>> {
    let status: Option<TenantStatus> = query.parse("status", "`active`, `suspended` or `deleted`");
    let filter = TenantFilter { status: status.map(|status| status.as_str().to_owned()), tier: query.text("tier") };
    if let Some(detail) = filter.tier.as_deref().and_then(|tier| unknown_tier(&app, tier)) {
        query.refuse("tier", &detail);
    }
    let page = query.page::<Place>();
    query.finish()?;
    let before = page.before.as_deref().and_then(|place| place.parse::<Place>().ok());
    let before = before.as_ref().map(|place| (place.created_at, &place.tenant_id));
    let rows = app.store.tenants(&filter, before, page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| Place::of(row).to_string(), |row| shown(&app, row))))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tenants))
}
