//! The outermost layer: gives every request an id, every problem its body, and the log its line.

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::idempotency;
use crate::{
    app::App, audit::Origin, auth::Caller, error::Problem, idempotency::Claim, ids::RequestId,
    store::idempotency::KeyHolder,
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request while it is worked on.
#[derive(Clone, Debug)]
pub struct Context {
    /// Its id, and from where it came.
    pub origin: Origin,
    caller: Arc<OnceLock<Caller>>,
    tenantless: Arc<OnceLock<()>>,
    claim: Arc<OnceLock<Claim>>,
}

impl Context {
    fn of(origin: Origin) -> Self {
        Self { origin, caller: Arc::default(), tenantless: Arc::default(), claim: Arc::default() }
    }

    pub(super) fn note_caller(&self, caller: &Caller) {
        // A request has one caller; a second look-up finds the same.
        let _ = self.caller.set(caller.clone());
    }

    /// Notes that whoever calls was let in, and is no tenant.
    pub(super) fn note_tenantless(&self) {
        let _ = self.tenantless.set(());
    }

    /// Whose keys a request's may be; `None` before anybody was let in.
    pub(super) fn key_holder(&self) -> Option<KeyHolder> {
        let tenant = self.caller.get().map(|_| KeyHolder::Tenant);
        tenant.or_else(|| self.tenantless.get().map(|()| KeyHolder::Platform))
    }

    /// Who is calling, once that is known.
    pub(super) fn caller(&self) -> Option<&Caller> {
        self.caller.get()
    }

    /// Notes under which key work is about to be done: where another request comes first, its answer is this one's.
    pub(super) fn note_claim(&self, claim: &Claim) {
        let _ = self.claim.set(claim.clone());
    }
}

/// Wraps every request.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let address = app.proxies.client(request.extensions().get(), request.headers());
    let context = Context::of(Origin { address, request_id: RequestId::new(app.clock.now()) });
    let request_id = context.origin.request_id.clone();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    request.extensions_mut().insert(context.clone());

    let refused = acceptable(&request, path.as_deref()).err();
    let mut response = match refused {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    if is_lost_claim(&response)
        && let Some(claim) = context.claim.get()
        && let Some(answer) = idempotency::known_answer(&app, context.caller(), claim).await.transpose()
    {
        response = answer.into_response();
    }
    if let Some(problem) = response.extensions_mut().remove::<Box<Problem>>() {
        if let Some(hidden) = &problem.hidden {
            let tenant_id = context.caller.get().map(|c| c.tenant_id().as_str());
            tracing::error!(%request_id, tenant_id, status = problem.status, code = problem.code, cause = ?hidden, "a request failed");
        }
        let headers = std::mem::take(response.headers_mut());
        response = problem.into_body(&request_id);
        response.headers_mut().extend(headers);
    }
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, HeaderValue::from_str(request_id.as_str()).expect("an id is plain ASCII"));
    if let Some(caller) = context.caller.get() {
        rate_limit_headers(&app, caller, headers).await;
    }
    tracing::debug!(
        %request_id,
        tenant_id = context.caller.get().map(|c| c.tenant_id().as_str()),
        %method,
        path = path.as_deref().unwrap_or("-"),
        status = response.status().as_u16(),
        duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// Whether the work was left to another request with the same key.
fn is_lost_claim(response: &Response) -> bool {
    response.extensions().get::<Box<Problem>>().is_some_and(|problem| problem.code == "idempotency_in_progress")
}

/// `X-RateLimit-*` speak of the hourly quota.
async fn rate_limit_headers(app: &App, caller: &Caller, headers: &mut HeaderMap) {
    // With the database gone there is no figure to give, and the answer says so already.
    let Ok((hour, requests)) = app.quotas.requests(&caller.store).await else { return };
    let limit = caller.limits.max_requests_per_hour;
    let resets = hour + chrono::Duration::hours(1);
    headers.insert(HeaderName::from_static("x-ratelimit-limit"), limit.into());
    headers.insert(HeaderName::from_static("x-ratelimit-remaining"), (limit - requests).max(0).into());
    headers.insert(HeaderName::from_static("x-ratelimit-reset"), resets.timestamp().into());
}

/// What an operation can answer, by its path.
fn acceptable(request: &Request, path: Option<&str>) -> Result<(), Problem> {
    let offered: &[(&str, &str)] = match path {
        None => return Ok(()),
        Some(path) if path == "/" || path.starts_with("/docs") => return Ok(()),
        Some("/agents/{agent_id}/execute") => &[("application", "json"), ("text", "event-stream")],
        Some("/executions/{execution_id}/events") => &[("text", "event-stream")],
        Some(_) => &[("application", "json")],
    };
    if !request.headers().contains_key(header::ACCEPT) || request.method() == Method::OPTIONS {
        return Ok(());
    }
    let allowed = accepted(request.headers()).any(|(kind, subtype)| {
        let fits = |wanted: &str, offered: &str| wanted == "*" || wanted.eq_ignore_ascii_case(offered);
        // Who takes problems takes what has them as its errors.
        offered.iter().any(|(k, s)| fits(kind, k) && (fits(subtype, s) || subtype.eq_ignore_ascii_case("problem+json")))
    });
    if allowed {
        return Ok(());
    }
    let names: Vec<_> = offered.iter().map(|(kind, subtype)| format!("{kind}/{subtype}")).collect();
    Err(Problem::not_acceptable(&names.join(" or ")))
}

/// The media ranges of the Accept header, but for those with a weight of 0 (RFC 9110, section 12.5.1).
fn accepted(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").and_then(|q| q.trim().parse::<f64>().ok()));
        (weight != Some(0.0)).then_some((kind, subtype))
    })
}

/// Whether the Accept header names the media type of a stream.
#[must_use]
pub fn wants_stream(headers: &HeaderMap) -> bool {
    let is_stream = |(kind, subtype): (&str, &str)| {
        kind.eq_ignore_ascii_case("text") && subtype.eq_ignore_ascii_case("event-stream")
    };
    accepted(headers).any(is_stream)
}
