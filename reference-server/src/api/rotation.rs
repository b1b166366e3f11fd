//! An API key is replaced by another, and goes on for a while: time to bring the new one everywhere.

use axum::extract::State;
use chrono::Duration;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    api_keys::CreatedApiKey,
    extract::{Admin, Id},
    idempotency::{Answer, Change, Once},
};
use crate::{
    app::App,
    auth::{ApiKey, Caller, Mode},
    error::{Problem, Result},
    ids::KeyId,
    store::keys::KeyRow,
};

/// A day, within which every deployment comes by.
const DEFAULT_GRACE_SECONDS: i64 = 86_400;

/// For how long a key that replaces itself stays valid at least: whoever loses the answer asks for it again with that key.
const LEAST_GRACE_SECONDS_OF_ITSELF: i64 = 60;

/// How a key is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKeyRequest {
    /// For how long the old key stays valid, in seconds; 0: it ends at once. A day if absent, 30 days at most. A key that rotates
    /// itself stays valid for 60 seconds at least, so that a lost answer can be asked for again.
    #[schema(minimum = 0, maximum = 2_592_000, default = 86_400)]
    grace_seconds: Option<i64>,
}

/// Rotate an API key
///
/// Gives a new key with the same name, scopes and mode, which is shown this once; it expires when the old one would have. The old key
/// stays valid until the grace ends, which the list of keys shows as its `expires_at`.
#[utoipa::path(post, path = "/api-keys/{key_id}/rotate", operation_id = "rotate_api_key", tag = "api-keys", request_body = RotateApiKeyRequest,
    params(("key_id" = KeyId, Path, description = "The key.")),
    responses((status = 201, description = "The new key.", body = CreatedApiKey)), extensions(("x-scope" = json!("admin"))))]
async fn rotate_api_key(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(key_id): Id<KeyId>,
    Change { request, once }: Change<RotateApiKeyRequest>,
) -> Result<Answer> {
    let least = if key_id == caller.key_id { LEAST_GRACE_SECONDS_OF_ITSELF } else { 0 };
    let grace = Duration::seconds(request.grace_seconds.unwrap_or(DEFAULT_GRACE_SECONDS).max(least));
    let rotating = app.clone();
    app.to_the_end(async move { rotate(&rotating, &caller, &key_id, grace, &once).await }).await
}

async fn rotate(app: &App, caller: &Caller, key_id: &KeyId, grace: Duration, once: &Once) -> Result<Answer> {
    loop {
        let old = caller.store.key(key_id).await?;
        let old = old.ok_or_else(|| Problem::not_found("API key", key_id.as_str()))?;
        if caller.mode == Mode::Test && old.mode == Mode::Live {
            let detail =
                format!("A test key does not replace live keys, and `{key_id}` is one. Use a live key for this call.");
            return Err(Problem::forbidden("live_key_required", detail));
        }
        let now = app.clock.now();
        require_rotatable(&old, now)?;
        let key = ApiKey::generate(old.mode);
        let new = KeyRow {
            key_id: KeyId::new(now),
            public_id: key.public_id.clone(),
            secret_hash: key.secret.hash(),
            created_at: now,
            last_used_at: None,
            ..old.clone()
        };
        let ends_at = old.expires_at.map_or(now + grace, |at| at.min(now + grace));
        let answer = once.answer(StatusCode::CREATED, &CreatedApiKey::of(&new, &key));
        let outcome = caller.store.keeping(answer.kept()).rotate_key(&old, &new, ends_at).await;
        // Also where it failed: it may have been written all the same.
        app.gate.forget(&old.public_id);
        if outcome? {
            return Ok(answer);
        }
    }
}

/// What has a successor, or has ended, is replaced no more.
fn require_rotatable(key: &KeyRow, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
    if let Some(successor) = &key.rotated_to {
        let detail = format!("The API key `{}` was replaced already, by `{successor}`. Rotate that one.", key.key_id);
        return Err(Problem::conflict("key_rotated", detail));
    }
    match key.expires_at {
        Some(at) if at <= now => {
            let detail = format!("The API key `{}` expired at {}. Create a new one.", key.key_id, at.to_rfc3339());
            Err(Problem::conflict("key_expired", detail))
        }
        _ => Ok(()),
    }
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rotate_api_key))
}
