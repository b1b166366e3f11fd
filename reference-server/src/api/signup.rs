//! Sign-up: a tenant and its first key from an e-mail address and a tier.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::Newcomer,
    idempotency::{Answer, Change},
};
use crate::{
    app::App,
    auth::{ApiKey, Mode, Scope},
    error::{Problem, Result},
    ids::{KeyId, TenantId},
    store::{is_taken, keys::KeyRow, tenants::TenantRow},
    tenancy::{Limits, QuotaOverrides, slug},
};

/// The longest e-mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_EMAIL: usize = 254;
/// How often a taken slug is tried with another suffix; one of 16 million is hardly taken twice.
const SLUG_TRIES: usize = 8;

/// Who signs up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpRequest {
    /// Your e-mail address; one tenant an address.
    #[schema(min_length = 3, max_length = 254, example = "user@acme.com")]
    email: String,
    /// The tier: `starter`, `professional` or `enterprise`, as far as the platform opens them at sign-up.
    #[schema(min_length = 1, max_length = 100, example = "professional")]
    tier: String,
    /// What you call yourself; the tenant's id is made of it, or of the address's domain.
    #[schema(max_length = 200, example = "Acme Corp")]
    name: Option<String>,
}

/// A tenant just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUp {
    /// The tenant.
    tenant_id: TenantId,
    /// Its first key, with every scope. It is shown this once: store it now.
    #[schema(format = Password)]
    api_key: String,
    /// Its tier.
    tier: String,
    /// Its limits.
    quota: Limits,
}

/// Sign up
///
/// Makes a tenant with its first API key, which is shown this once.
#[utoipa::path(post, path = "/signup", operation_id = "sign_up", tag = "signup", request_body = SignUpRequest, security(()),
    responses((status = 201, description = "The tenant and its key.", body = SignedUp)))]
async fn sign_up(
    State(app): State<App>,
    Newcomer(actor): Newcomer,
    Change { request, once }: Change<SignUpRequest>,
) -> Result<Answer> {
    once.require_random_key()?;
    if !is_email(&request.email) {
        let detail = format!("must be an e-mail address like `user@acme.com`; it is `{}`.", request.email);
        return Err(Problem::invalid_field("/email", detail));
    }
    let tier = app.tiers.get(&request.tier).filter(|_| app.open_tiers.contains(&request.tier)).ok_or_else(|| {
        let open = if app.open_tiers.is_empty() { "none is".to_owned() } else { app.open_tiers.join(", ") };
        let detail = format!("must be a tier that is open at sign-up: {open}; it is `{}`.", request.tier);
        Problem::invalid_field("/tier", detail)
    })?;
    let now = app.clock.now();
    let key = ApiKey::generate(Mode::Live);
    let key_row = KeyRow {
        key_id: KeyId::new(now),
        name: "First key".to_owned(),
        public_id: key.public_id.clone(),
        secret_hash: key.secret.hash(),
        scopes: vec![Scope::Admin].into(),
        mode: Mode::Live,
        created_at: now,
        last_used_at: None,
        expires_at: None,
        rotated_to: None,
    };
    let name = request.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let wanted = slug::of(name, &request.email);
    let mut tenant_id = wanted.clone();
    for _ in 0..SLUG_TRIES {
        let tenant = TenantRow {
            tenant_id: tenant_id.clone(),
            name: name.unwrap_or(wanted.as_str()).to_owned(),
            email: request.email.clone(),
            tier: request.tier.clone(),
            status: "active".to_owned(),
            quota_overrides: QuotaOverrides::default().into(),
            created_at: now,
            deleted_at: None,
            erased_at: None,
        };
        let signed_up = SignedUp {
            tenant_id: tenant_id.clone(),
            api_key: key.reveal(),
            tier: request.tier.clone(),
            quota: tier.limits(),
        };
        let answer = once.answer(StatusCode::CREATED, &signed_up);
        let store = app.store.tenant(tenant_id.clone()).acting(actor.clone());
        match store.keeping(answer.kept()).insert_tenant(&tenant, &key_row).await {
            Ok(()) => {
                app.quotas.begin_anew(&tenant_id);
                return Ok(answer);
            }
            Err(error) if is_taken(&error) && names_email(&error) => {
                let detail =
                    "A tenant with this e-mail address exists already. Sign in with its key, or use another address.";
                return Err(Problem::conflict("email_taken", detail));
            }
            Err(error) if is_taken(&error) => tenant_id = slug::with_suffix(&wanted),
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::internal(format!("no free slug for `{wanted}`")))
}

/// Whether the unique index on the e-mail address refused the row; SQLite names an expression's index in its message alone.
fn names_email(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|e| e.constraint() == Some("tenants_email_key") || e.message().contains("tenants_email_key"))
}

/// One `@` between a local part and a domain with a dot, nothing that a mail server would choke on. Whether somebody reads it,
/// only a mail can tell.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:\"@".contains(c);
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= MAX_EMAIL
        && (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label)
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_up))
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_a_local_part_and_a_domain() {
        for good in ["user@acme.com", "a.b+c@x-y.co.uk", "ü@日本.jp"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "user",
            "@acme.com",
            "user@",
            "user@acme",
            "a b@acme.com",
            "a@b@c.de",
            "a@-x.de",
            "a..b@c.de",
            "a@b..de",
            "<a@b.de>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
