//! Whether the process lives, and whether it can do its work.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    error::{Problem, Result},
};

/// A good state.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    status: HealthStatus,
}

/// The only state that is answered with 200.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// All is well.
    Ok,
}

/// Liveness
///
/// The process lives and answers.
#[utoipa::path(get, path = "/healthz", operation_id = "get_liveness", tag = "health", security(()),
    responses((status = 200, description = "It lives.", body = Health)), extensions(("x-sdk" = json!(false))))]
async fn get_liveness() -> axum::Json<Health> {
    axum::Json(Health { status: HealthStatus::Ok })
}

/// Readiness
///
/// The database answers and the server is not stopping.
#[utoipa::path(get, path = "/readyz", operation_id = "get_readiness", tag = "health", security(()),
    responses((status = 200, description = "It is ready for work.", body = Health)), extensions(("x-sdk" = json!(false))))]
async fn get_readiness(State(app): State<App>) -> Result<axum::Json<Health>> {
    if app.draining.is_cancelled() {
        return Err(Problem::stopping());
    }
    app.store.ping().await.map_err(|error| {
        Problem::unavailable("database_unavailable", "The database can't be reached. Try again in a moment.", error)
    })?;
    Ok(axum::Json(Health { status: HealthStatus::Ok }))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_liveness)).routes(routes!(get_readiness))
}
