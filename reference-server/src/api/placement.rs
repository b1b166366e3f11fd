//! Where a tenant's data lives, for the operator: in the platform's database, or in one of its own.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Id, Operator, present},
    idempotency::Keyed,
};
use crate::{
    app::App,
    config::DatabaseUrl,
    error::{Problem, Result},
    ids::TenantId,
    store::{moving::MoveError, placements::PlacementState},
};

/// Where a tenant's data lives.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantPlacement {
    /// The tenant.
    tenant_id: TenantId,
    /// The tenant's own database, without its password; `null`: the platform's.
    database_url: Option<String>,
    /// Whether it is being moved.
    status: PlacementStatus,
}

/// Whether a tenant is being moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacementStatus {
    /// It is not.
    Settled,
    /// It is copied while it is used, or held back for the end of that.
    Moving,
    /// It has moved, and what the other database still holds is being deleted; or it has not, and what was copied is.
    Clearing,
}

/// Where a tenant is to live.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceTenantRequest {
    /// `sqlite://<path>` or `postgres://<user>@<host>/<database>`, which is for this tenant alone and is made ready where it is
    /// empty; `null`: the platform's database.
    #[serde(default, deserialize_with = "present")]
    #[schema(required = true, max_length = 2000, value_type = Option<String>, example = "postgres://app@db/acme")]
    database_url: Option<Option<String>>,
}

/// What a move came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantMove {
    /// The tenant.
    tenant_id: TenantId,
    /// Where it lives now, without the password; `null`: in the platform's database.
    database_url: Option<String>,
    /// How many rows were copied; 0 where it lived there before.
    rows: usize,
    /// How long the tenant was held back, in milliseconds.
    paused_ms: u64,
    /// How long the move took, in milliseconds.
    duration_ms: u64,
    /// Whether the database that it left is cleared of it; if not, a server does that as soon as it can.
    cleared: bool,
}

/// Read a tenant's placement
///
/// For the operator.
#[utoipa::path(get, path = "/admin/tenants/{tenant_id}/placement", operation_id = "get_tenant_placement", tag = "admin",
    params(("tenant_id" = TenantId, Path, description = "The tenant.")), security(("operator_key" = [])),
    responses((status = 200, description = "Where it lives.", body = TenantPlacement)), extensions(("x-sdk" = json!(false))))]
async fn get_tenant_placement(
    State(app): State<App>,
    _: Operator,
    Id(tenant_id): Id<TenantId>,
) -> Result<axum::Json<TenantPlacement>> {
    let store = app.store.tenant(tenant_id.clone());
    store.tenant().await?.ok_or_else(|| Problem::not_found("tenant", tenant_id.as_str()))?;
    let placement = store.placement().await?;
    let status = match placement.as_ref().map(|placement| placement.state) {
        None | Some(PlacementState::Settled) => PlacementStatus::Settled,
        Some(PlacementState::Clearing) => PlacementStatus::Clearing,
        Some(_) => PlacementStatus::Moving,
    };
    let database_url = placement.and_then(|placement| placement.database_url).map(|url| url.to_string());
    Ok(axum::Json(TenantPlacement { tenant_id, database_url, status }))
}

/// Place a tenant
///
/// For the operator: moves the tenant's data to a database of its own, or back, while it is used. Answers when that is done. The
/// tenant's calls are held back for a moment at the end, under a second, and no other's. Whatever fails, it is whole on one side.
#[utoipa::path(put, path = "/admin/tenants/{tenant_id}/placement", operation_id = "place_tenant", tag = "admin", request_body = PlaceTenantRequest,
    params(("tenant_id" = TenantId, Path, description = "The tenant.")), security(("operator_key" = [])),
    responses((status = 200, description = "It lives there.", body = TenantMove),
        (status = 409, description = "It is being moved already, or is deleted.", body = Problem, content_type = "application/problem+json")),
    extensions(("x-sdk" = json!(false))))]
async fn place_tenant(
    State(app): State<App>,
    Operator(operator): Operator,
    Id(tenant_id): Id<TenantId>,
    Keyed { request, .. }: Keyed<PlaceTenantRequest>,
) -> Result<(StatusCode, axum::Json<TenantMove>)> {
    let missing =
        || Problem::invalid_field("/database_url", "is missing: give a URL, or `null` for the platform's database.");
    let to = request.database_url.ok_or_else(missing)?;
    let to: Option<DatabaseUrl> = to.map(|url| match url.parse() {
        Ok(url) => url,
    });
    let (store, clock) = (app.store.tenant(tenant_id.clone()).acting(operator), app.clock.clone());
    // To the end, whoever asked: half a move would be put back only after a while.
    let moved = app.to_the_end(async move {
        let moved = match store.move_to(to.as_ref(), &clock).await {
            // As it was to be: what is asked for twice is done once.
            Err(MoveError::There { tenant_id, .. }) => {
                let placement = store.placement().await?;
                let database_url = placement.and_then(|placement| placement.database_url);
                let database_url = database_url.map(|url| url.to_string());
                return Ok(TenantMove { tenant_id, database_url, rows: 0, paused_ms: 0, duration_ms: 0, cleared: true });
            }
            moved => moved?,
        };
        tracing::info!(%tenant_id, from = ?moved.from, to = ?moved.to, rows = moved.rows, paused = ?moved.paused, "a tenant was moved");
        let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Ok(TenantMove {
            tenant_id,
            database_url: moved.to.map(|url| url.to_string()),
            rows: moved.rows,
            paused_ms: millis(moved.paused),
            duration_ms: millis(moved.took),
            cleared: moved.is_cleared,
        })
    });
    Ok((StatusCode::OK, axum::Json(moved.await?)))
}

impl From<MoveError> for Problem {
    fn from(error: MoveError) -> Self {
        let text = error.to_string();
        match error {
            MoveError::Unknown(tenant_id) => Self::not_found("tenant", tenant_id.as_str()),
            MoveError::There { .. } | MoveError::Deleted(_) => Self::conflict("not_movable", format!("{text}.")),
            MoveError::Pool { .. } | MoveError::Same { .. } | MoveError::Occupied { .. } | MoveError::Target(_) => {
                Self::invalid_field("/database_url", text)
            }
            MoveError::UnderWay(_) => {
                let problem = Self::conflict("move_in_progress", format!("{text}."));
                Self { retry_after: Some(1), should_retry: Some(true), ..problem }
            }
            MoveError::Failed(error) => error.into(),
            MoveError::Unanswered { .. }
            | MoveError::Busy(_)
            | MoveError::GivenUp(_)
            | MoveError::Left { .. }
            | MoveError::Uncertain(_) => Self::unavailable("move_failed", &text.clone(), text),
        }
    }
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_tenant_placement, place_tenant))
}
