//! Every error a client can see, by named constructor; RFC 9457 on the wire.
//!
//! A [`Problem`] travels as a response extension up to the outermost layer, which adds the request's id, writes the body
//! and logs what a 5xx hides.

mod limits;

use std::{fmt, sync::Arc};

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

use crate::ids::{ExecutionId, RequestId};

/// What went wrong (RFC 9457), with the extensions of this API.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URN that names the kind of problem: `urn:agent-platform:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words, the same each time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This occurrence: what was wrong, with which value, and what to do.
    pub detail: String,
    /// A stable word for programs: `not_found`, `rate_limited`, `quota_exceeded`, ….
    pub code: String,
    /// The id of the request, also in the header `X-Request-Id`; `null` only inside stored executions.
    pub request_id: Option<String>,
    /// Each field that was refused, where the request's content was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The quota that is used up, by its field's name in `GET /usage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// That quota's limit, in its own unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub limit: Option<Number>,
    /// How much of it is used or reserved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub used: Option<Number>,
    /// When it is reset; `null` for quotas that are not reset by time.
    #[serde(default, with = "sometimes", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub resets_at: Option<Option<DateTime<Utc>>>,
    /// Goes out as the header `Retry-After`, in seconds.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// Goes out as the header `x-should-retry`; where it is absent, a client judges by the status.
    #[serde(skip)]
    pub should_retry: Option<bool>,
    /// What is logged and never sent.
    #[serde(skip)]
    pub hidden: Option<Hidden>,
}

/// A cause that goes to the log alone.
#[derive(Clone)]
pub struct Hidden(Arc<dyn fmt::Display + Send + Sync>);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A field that is absent, `null` or a time.
mod sometimes {
    use super::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) type Sometimes = Option<Option<DateTime<Utc>>>;

    pub(super) fn serialize<S: Serializer>(value: &Sometimes, serializer: S) -> Result<S::Ok, S::Error> {
        value.flatten().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sometimes, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// One refused part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer into the body (`/tools/0`), or `?name` for a query parameter.
    pub pointer: String,
    /// What is wrong with it and what would be right.
    pub detail: String,
}

impl FieldError {
    /// An error at `pointer`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// The answer of every handler that can fail.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:agent-platform:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            request_id: None,
            errors: Vec::new(),
            quota: None,
            limit: None,
            used: None,
            resets_at: None,
            retry_after: None,
            should_retry: None,
            hidden: None,
        }
    }

    /// 400: the body is no JSON, a header is malformed, the body stopped half way.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", "The request is malformed", detail)
    }

    /// 401: no key, or none that is valid. The same words for unknown, revoked and expired keys: they tell a guesser nothing.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "A valid API key is required", detail)
    }

    /// 403: the key lacks a scope.
    pub fn missing_scope(needed: &str, has: &str) -> Self {
        let detail = format!("This call needs the scope `{needed}`; the key has `{has}`. Use a key that has it.");
        Self::new(StatusCode::FORBIDDEN, "missing_scope", "The key lacks a scope", detail)
    }

    /// 403: an operator has suspended the tenant.
    pub fn suspended() -> Self {
        let detail = "This tenant is suspended. Ask the platform's operator.";
        Self::new(StatusCode::FORBIDDEN, "tenant_suspended", "The tenant is suspended", detail)
    }

    /// 403: the key may not do this to that.
    pub fn forbidden(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "The key may not do this", detail)
    }

    /// 404: there is no such thing, or it is another tenant's.
    pub fn not_found(what: &str, id: &str) -> Self {
        let shown: String = id.chars().take(80).collect();
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", format!("There is no {what} `{shown}`."))
    }

    /// 404: no operation has this path.
    pub fn no_such_path(path: &str) -> Self {
        let shown: String = path.chars().take(200).collect();
        let detail = format!("No operation has the path `{shown}`. The operations are listed at /docs.");
        Self::new(StatusCode::NOT_FOUND, "no_such_path", "Not found", detail)
    }

    /// 405: the path exists, the method does not.
    pub fn method_not_allowed(method: &str, allowed: &str) -> Self {
        let detail = format!("This path does not take {method}; it takes {allowed}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed", detail)
    }

    /// 406: none of the media types in `Accept` can be given.
    pub fn not_acceptable(offered: &str) -> Self {
        let detail = format!("This operation answers {offered}; the Accept header allows none of it.");
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "Not acceptable", detail)
    }

    /// 408: the body did not arrive in time.
    pub fn request_timeout(seconds: u64) -> Self {
        let detail = format!("The request's body did not arrive within {seconds} s.");
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "The request took too long", detail)
    }

    /// 409: it is there already, or its state forbids the change.
    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "Conflict", detail)
    }

    /// 409: another request with this Idempotency-Key is being worked on, and can't be waited for.
    #[must_use]
    pub fn idempotency_in_progress() -> Self {
        let detail = "Another request with this Idempotency-Key is being worked on. Send this one again in a moment: it is \
                      then answered with what came of that.";
        let problem = Self::conflict("idempotency_in_progress", detail);
        Self { retry_after: Some(1), should_retry: Some(true), ..problem }
    }

    /// 422: the Idempotency-Key was used for another request.
    #[must_use]
    pub fn idempotency_key_reused() -> Self {
        let detail = "This Idempotency-Key was used for another request to this operation within 24 hours. A retry repeats its \
                      request unchanged; a new request needs a new key.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", "The Idempotency-Key was reused", detail)
    }

    /// 410: the execution is there, its events are kept no longer.
    pub fn events_expired(execution_id: &ExecutionId) -> Self {
        let detail = format!(
            "The events of the execution `{execution_id}` are not kept any more: they are for 24 hours after its end. \
             GET /executions/{execution_id} has its answer and its steps."
        );
        Self::new(StatusCode::GONE, "events_expired", "The events are gone", detail)
    }

    /// 413: the body is larger than `limit` bytes.
    pub fn body_too_large(limit: usize) -> Self {
        let detail = format!("The body is larger than the limit of {limit} bytes. Send less in one request.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large", detail)
    }

    /// 415: the body is not declared to be JSON.
    pub fn unsupported_media_type(found: Option<&str>) -> Self {
        let found =
            found.map_or_else(|| "none".to_owned(), |f| format!("`{}`", f.chars().take(80).collect::<String>()));
        let detail = format!("The Content-Type must be `application/json`; it was {found}.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Unsupported media type", detail)
    }

    /// 422: a schema or a rule refuses these fields.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("`{}` {}", one.pointer, one.detail),
            many => {
                let named: Vec<_> = many.iter().take(3).map(|e| format!("`{}` {}", e.pointer, e.detail)).collect();
                let rest = if many.len() > named.len() { " `errors` has them all." } else { "" };
                format!("{} fields were refused: {}{rest}", many.len(), named.join(" "))
            }
        };
        let mut problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", "The request was refused", detail);
        problem.errors = errors;
        problem
    }

    /// 422 for a single field.
    pub fn invalid_field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(pointer, detail)])
    }

    /// 500: a fault of ours; `hidden` is logged, never sent.
    pub fn internal(hidden: impl fmt::Display + Send + Sync + 'static) -> Self {
        let detail = "Something failed on the server. It was logged; name the request id when you ask about it.";
        let mut problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail);
        problem.hidden = Some(Hidden(Arc::new(hidden)));
        problem
    }

    /// 500: an execution came to an answer that the database can't hold.
    #[must_use]
    pub fn unstorable(request_id: &RequestId) -> Self {
        let mut problem = Self::internal("the database refused an answer");
        problem.request_id = Some(request_id.to_string());
        problem
    }

    /// 502: the model provider failed; `hidden` is logged, never sent.
    pub fn provider_failed(hidden: impl fmt::Display + Send + Sync + 'static) -> Self {
        let detail = "The model provider failed to answer. Try again; if it persists, choose another model.";
        let mut problem = Self::new(StatusCode::BAD_GATEWAY, "provider_failed", "The model provider failed", detail);
        problem.hidden = Some(Hidden(Arc::new(hidden)));
        problem
    }

    /// 503: a part of the platform is down or overloaded.
    pub fn unavailable(code: &str, detail: &str, hidden: impl fmt::Display + Send + Sync + 'static) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, "Temporarily unavailable", detail);
        problem.hidden = Some(Hidden(Arc::new(hidden)));
        problem.retry_after = Some(1);
        problem
    }

    /// 503: the provider of this model has failed so often in a row that nothing is sent to it for a while.
    #[must_use]
    pub fn provider_unavailable(model: &str, seconds: u64) -> Self {
        let detail = format!(
            "The provider of the model `{model}` has failed several times in a row, so nothing is sent to it now and nothing was \
             counted. Try again in {seconds} s, or choose another model."
        );
        let problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "provider_unavailable", "Temporarily unavailable", detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    /// 503: the server takes no more work.
    #[must_use]
    pub fn stopping() -> Self {
        Self::unavailable("stopping", "The server is stopping. Try again in a moment.", "asked for work while stopping")
    }

    /// 503: the server went down before the work was done.
    #[must_use]
    pub fn interrupted() -> Self {
        let detail = "The server stopped while this execution ran. What it had used was settled; execute again, with another \
             Idempotency-Key where it had one.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "interrupted", "The execution was interrupted", detail)
    }

    /// 409: the execution was cancelled while a caller waited for its answer.
    #[must_use]
    pub fn cancelled() -> Self {
        let problem = Self::conflict("cancelled", "The execution was cancelled before it ended.");
        Self { should_retry: Some(false), ..problem }
    }

    /// 504: the execution ran into its deadline.
    #[must_use]
    pub fn deadline_exceeded(seconds: u64) -> Self {
        let detail =
            format!("The execution did not end within {seconds} s and was stopped. What it had used was settled.");
        Self::new(StatusCode::GATEWAY_TIMEOUT, "deadline_exceeded", "The deadline has passed", detail)
    }

    /// The status as the http crate's type.
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// This problem as the body of an answer to `request_id`.
    #[must_use]
    pub fn into_body(mut self, request_id: &RequestId) -> Response {
        self.request_id = Some(request_id.to_string());
        let body = serde_json::to_vec(&self).expect("a problem has only text and numbers");
        let mut response = (self.status_code(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"agent-platform\""));
        }
        if self.status == 413 {
            // The rest of the body is not read, so the connection can't be used again.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(should_retry) = self.should_retry {
            let value = HeaderValue::from_static(if should_retry { "true" } else { "false" });
            headers.insert(HeaderName::from_static("x-should-retry"), value);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status_code().into_response();
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        if crate::store::idempotency::is_lost_claim(&error) {
            Self::idempotency_in_progress()
        } else if crate::store::is_passing(&error) {
            let detail = "The database can't be reached. Try again in a moment.";
            Self::unavailable("database_unavailable", detail, error)
        } else {
            Self::internal(error)
        }
    }
}
