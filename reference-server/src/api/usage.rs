//! What the tenant used, against its quotas.

use axum::extract::State;
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::Reader;
use crate::{
    app::App, clock::month_after, error::Result, ids::TenantId, money::Micros, quota::megabytes, tenancy::Limits,
};

/// A tenant's quotas and what is used of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageReport {
    /// Whose.
    tenant_id: TenantId,
    /// Its tier.
    tier: String,
    /// The limits.
    quota: Limits,
    /// What is used of them.
    usage: Usage,
    /// When counting begins anew.
    resets: Resets,
}

/// What is used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    /// Executions started in this clock hour.
    requests_this_hour: i64,
    /// Tokens used in this calendar month, by the ledger.
    tokens_this_month: i64,
    /// The token quota less what is used; reservations are shown apart.
    remaining_tokens: i64,
    /// Tokens held by executions that run.
    reserved_tokens: i64,
    /// Dollars of metered work in this calendar month, by the ledger.
    spend_this_month: Micros,
    /// Executions that run.
    concurrent_agents: i64,
    /// Megabytes (10⁶ bytes) of documents and conversations.
    #[schema(value_type = f64)]
    storage_mb: serde_json::Number,
}

/// When counting begins anew.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resets {
    /// The next clock hour, UTC.
    hour: DateTime<Utc>,
    /// The next calendar month, UTC.
    month: DateTime<Utc>,
}

/// Read the usage
///
/// The figures that the quotas go by. Those of tokens and spend are sums over the ledger.
#[utoipa::path(get, path = "/usage", operation_id = "get_usage", tag = "usage",
    responses((status = 200, description = "Quotas and what is used of them.", body = UsageReport)), extensions(("x-scope" = json!("read"))))]
async fn get_usage(State(app): State<App>, Reader(caller): Reader) -> Result<axum::Json<UsageReport>> {
    let counted = app.quotas.snapshot(&caller.store).await?;
    let limits = caller.limits;
    Ok(axum::Json(UsageReport {
        tenant_id: caller.tenant_id().clone(),
        tier: caller.tier,
        quota: limits,
        usage: Usage {
            requests_this_hour: counted.requests,
            tokens_this_month: counted.tokens,
            remaining_tokens: (limits.max_tokens_per_month - counted.tokens).max(0),
            reserved_tokens: counted.reserved_tokens,
            spend_this_month: counted.spend,
            concurrent_agents: counted.running,
            storage_mb: megabytes(counted.bytes),
        },
        resets: Resets { hour: counted.hour + Duration::hours(1), month: month_after(counted.month) },
    }))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_usage))
}
