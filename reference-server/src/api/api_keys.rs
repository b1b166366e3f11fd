//! API keys: made (and shown once), listed, revoked.

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Admin, Id},
    idempotency::{Answer, Change, Once},
    page::{Page, PageParams, Query},
};
use crate::{
    app::App,
    auth::{self, ApiKey, Mode, Scope},
    clock::Timestamp,
    error::{Problem, Result},
    ids::KeyId,
    store::keys::KeyRow,
};

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKeyRequest {
    /// What you call it.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// What it may do: `read` < `execute` < `admin`, each includes the ones before; absent: `admin`.
    #[schema(min_items = 1, max_items = 3)]
    scopes: Option<Vec<Scope>>,
    /// `live` (the default with a live key), or `test`: the built-in model on the same data, not billed.
    mode: Option<Mode>,
    /// From when it is refused; absent: never.
    #[schema(value_type = Option<DateTime<Utc>>)]
    expires_at: Option<Timestamp>,
}

/// A key without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeySummary {
    /// Names the key.
    key_id: KeyId,
    /// What you call it.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// Whether it does live or test work.
    mode: Mode,
    /// The beginning of the key, to tell it apart.
    prefix: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute; `null`: never.
    #[schema(required = true)]
    last_used_at: Option<DateTime<Utc>>,
    /// From when it is refused; `null`: never.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
}

/// A key just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedApiKey {
    /// Names the key.
    key_id: KeyId,
    /// The key itself, shown this once: store it now.
    #[schema(format = Password)]
    api_key: String,
    /// What you call it.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// Whether it does live or test work.
    mode: Mode,
    /// The beginning of the key, to tell it apart.
    prefix: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// `null`: it has not been used.
    #[schema(required = true)]
    last_used_at: Option<DateTime<Utc>>,
    /// From when it is refused; `null`: never.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
}

impl From<KeyRow> for ApiKeySummary {
    fn from(row: KeyRow) -> Self {
        Self {
            prefix: auth::prefix(row.mode, &row.public_id),
            mode: row.mode,
            key_id: row.key_id,
            name: row.name,
            scopes: row.scopes.0,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        }
    }
}

impl CreatedApiKey {
    /// A key with its secret, which is known at this moment alone.
    pub(super) fn of(row: &KeyRow, key: &ApiKey) -> Self {
        let summary = ApiKeySummary::from(row.clone());
        Self {
            key_id: summary.key_id,
            api_key: key.reveal(),
            name: summary.name,
            scopes: summary.scopes,
            mode: summary.mode,
            prefix: summary.prefix,
            created_at: summary.created_at,
            last_used_at: summary.last_used_at,
            expires_at: summary.expires_at,
        }
    }
}

/// Create an API key
///
/// The key is shown this once.
#[utoipa::path(post, path = "/api-keys", operation_id = "create_api_key", tag = "api-keys", request_body = CreateApiKeyRequest,
    responses((status = 201, description = "The key.", body = CreatedApiKey)), extensions(("x-scope" = json!("admin"))))]
async fn create_api_key(
    State(app): State<App>,
    Admin(caller): Admin,
    Change { request, once }: Change<CreateApiKeyRequest>,
) -> Result<Answer> {
    let now = app.clock.now();
    let expires_at = request.expires_at.map(|at| at.0);
    if expires_at.is_some_and(|at| at <= now) {
        return Err(Problem::invalid_field(
            "/expires_at",
            format!("must lie in the future; now is {}.", now.to_rfc3339()),
        ));
    }
    let mut scopes = request.scopes.unwrap_or_else(|| vec![Scope::Admin]);
    scopes.sort_unstable();
    scopes.dedup();
    let mode = request.mode.unwrap_or(caller.mode);
    if caller.mode == Mode::Test && mode == Mode::Live {
        let detail = "must be `test`: a test key makes test keys alone. Make live keys with a live key.";
        return Err(Problem::invalid_field("/mode", detail));
    }
    let key = ApiKey::generate(mode);
    let row = KeyRow {
        key_id: KeyId::new(now),
        name: request.name.unwrap_or_default(),
        public_id: key.public_id.clone(),
        secret_hash: key.secret.hash(),
        scopes: scopes.into(),
        mode,
        created_at: now,
        last_used_at: None,
        expires_at,
        rotated_to: None,
    };
    let answer = once.answer(StatusCode::CREATED, &CreatedApiKey::of(&row, &key));
    caller.store.keeping(answer.kept()).insert_key(&row).await?;
    Ok(answer)
}

/// List API keys
///
/// Those that are not revoked, newest first, without their secrets.
#[utoipa::path(get, path = "/api-keys", operation_id = "list_api_keys", tag = "api-keys", params(PageParams),
    responses((status = 200, description = "A page of keys.", body = Page<ApiKeySummary>)), extensions(("x-scope" = json!("admin"))))]
async fn list_api_keys(Admin(caller): Admin, mut query: Query) -> Result<axum::Json<Page<ApiKeySummary>>> {
    let page = query.page::<KeyId>();
    query.finish()?;
    let rows = caller.store.keys(page.before.as_deref(), page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.key_id.to_string(), ApiKeySummary::from)))
}

/// Revoke an API key
///
/// It is refused everywhere within a second. Executions that it started go on. A test key revokes test keys alone.
#[utoipa::path(delete, path = "/api-keys/{key_id}", operation_id = "revoke_api_key", tag = "api-keys",
    params(("key_id" = KeyId, Path, description = "The key.")),
    responses((status = 204, description = "It is revoked.")), extensions(("x-scope" = json!("admin"))))]
async fn revoke_api_key(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(key_id): Id<KeyId>,
    once: Once,
) -> Result<Answer> {
    let answer = once.no_content();
    let (store, revoking) = (caller.store.keeping(answer.kept()), app.clone());
    app.to_the_end(async move {
        let key = store.key(&key_id).await?;
        if caller.mode == Mode::Test && key.as_ref().is_some_and(|key| key.mode == Mode::Live) {
            let detail =
                format!("A test key does not revoke live keys, and `{key_id}` is one. Use a live key for this call.");
            return Err(Problem::forbidden("live_key_required", detail));
        }
        let outcome = store.revoke_key(&key_id, revoking.clock.now()).await;
        // Also where it failed: it may have been written all the same.
        if let Some(key) = &key {
            revoking.gate.forget(&key.public_id);
        }
        if outcome? { Ok(()) } else { Err(Problem::not_found("API key", key_id.as_str())) }
    })
    .await?;
    Ok(answer)
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_api_key, list_api_keys)).routes(routes!(revoke_api_key))
}
