//! The audit log, as its tenant reads it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Admin,
    page::{Page, PageParams, Query},
};
use crate::{
    app::App,
    audit::{ActorKind, hex},
    error::Result,
    store::audit::AuditRow,
};

/// An entry of the audit log: who did what, when, and from where.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its place in your log: 1, 2, 3, …, without a gap.
    #[schema(minimum = 1)]
    seq: i64,
    /// When it happened.
    created_at: DateTime<Utc>,
    /// What kind of party acted.
    actor: ActorKind,
    /// Which one: the id of the API key, or the public part of the operator's; `null` where it has none.
    #[schema(required = true)]
    actor_id: Option<String>,
    /// The address that it came from; `null` where it came from none.
    #[schema(required = true)]
    address: Option<String>,
    /// The request, as its answer named it in `X-Request-Id`; `null` where it was none.
    #[schema(required = true)]
    request_id: Option<String>,
    /// What was done: `api_key.created`, `agent.updated`, `tenant.updated`, `sign_in.refused`, ….
    action: String,
    /// To which kind of thing: `api_key`, `agent`, `tenant`, ….
    target: String,
    /// To which of them; `null` where it is none that exists.
    #[schema(required = true)]
    target_id: Option<String>,
    /// What it was before, without secrets; of a change only what differs. `null`: it was not there.
    before: Value,
    /// What it was then, without secrets; of a change only what differs. `null`: it was there no more.
    after: Value,
    /// SHA-256, in hexadecimal digits, of this entry and of the hash before it.
    hash: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        // What was tampered with is no JSON perhaps; it is shown as it stands, and `check audit` tells.
        let state =
            |text: Option<String>| text.map_or(Value::Null, |t| serde_json::from_str(&t).unwrap_or(Value::String(t)));
        Self {
            seq: row.seq,
            created_at: row.created_at,
            actor: row.actor,
            actor_id: row.actor_id,
            address: row.address,
            request_id: row.request_id,
            action: row.action,
            target: row.target,
            target_id: row.target_id,
            before: state(row.state_before),
            after: state(row.state_after),
            hash: hex(&row.hash),
        }
    }
}

/// Read the audit log
///
/// Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its keys, newest first.
/// Refusals of one kind are written together: the first at once, the rest with their number each minute.
#[utoipa::path(get, path = "/audit-log", operation_id = "list_audit_entries", tag = "audit-log", params(PageParams),
    responses((status = 200, description = "A page of entries.", body = Page<AuditEntry>)), extensions(("x-scope" = json!("admin"))))]
async fn list_audit_entries(Admin(caller): Admin, mut query: Query) -> Result<axum::Json<Page<AuditEntry>>> {
    let page = query.page::<i64>();
    query.finish()?;
    let before = page.before.as_deref().and_then(|seq| seq.parse().ok());
    let rows = caller.store.audit_entries(before, page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.seq.to_string(), AuditEntry::from)))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit_entries))
}
