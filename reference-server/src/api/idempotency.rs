//! Requests that change something: each may carry an `Idempotency-Key`, and is then worked on once.
//!
//! A handler takes a [`Change`] (or [`Once`], where there is no body) behind its scope, makes its [`Answer`] before the work, and
//! hands it to the store with the work: `store.keeping(answer.kept())`. A key that is known already is answered before the
//! handler is reached.

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use super::{context::Context, extract};
use crate::{
    app::App,
    auth::Caller,
    error::{Problem, Result},
    idempotency::{Asked, Claim, IdempotencyKey},
    store::idempotency::KeptAnswer,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A body with the key that it came under, where it came under one. Whoever takes it sees to a known key himself.
#[derive(Debug)]
pub struct Keyed<T> {
    /// The body.
    pub request: T,
    /// The key, with what is asked under it.
    pub claim: Option<Claim>,
}

/// A change to make: it was not made under its key before.
#[derive(Debug)]
pub struct Change<T> {
    /// What to change.
    pub request: T,
    /// Keeps the answer.
    pub once: Once,
}

/// Makes the answer of a change, to be kept with it.
#[derive(Debug)]
pub struct Once {
    claim: Option<Claim>,
}

/// An answer as it is sent, and as it is kept.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    body: Bytes,
    kept: Option<KeptAnswer>,
}

impl Once {
    /// An answer with a body.
    pub fn answer<T: Serialize>(&self, status: StatusCode, body: &T) -> Answer {
        self.of(status, serde_json::to_vec(body).expect("an answer has text keys and plain values").into())
    }

    /// An answer without a body: 204.
    pub fn no_content(&self) -> Answer {
        self.of(StatusCode::NO_CONTENT, Bytes::new())
    }

    /// Demands that the key, where there is one, is one that nobody guesses.
    ///
    /// # Errors
    /// 400.
    pub fn require_random_key(&self) -> Result<()> {
        self.claim.as_ref().map_or(Ok(()), Claim::require_random)
    }

    fn of(&self, status: StatusCode, body: Bytes) -> Answer {
        let kept = self.claim.as_ref().map(|claim| claim.keeping(status.as_u16(), &body));
        Answer { status, body, kept }
    }
}

impl Answer {
    /// What the store keeps of it, with the work: nothing where the request had no key.
    pub fn kept(&self) -> Option<KeptAnswer> {
        self.kept.clone()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let is_empty = self.body.is_empty();
        let mut response = (self.status, self.body).into_response();
        if is_empty {
            response.headers_mut().remove(header::CONTENT_TYPE);
        } else {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        response
    }
}

impl FromRequestParts<App> for Once {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let claim = claim(parts, app, &Value::Null).map_err(IntoResponse::into_response)?;
        first(parts, app, claim).await
    }
}

impl<T: DeserializeOwned + ToSchema> FromRequest<App> for Keyed<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (parts, body) = request.into_parts();
        keyed(&parts, body, app).await
    }
}

impl<T: DeserializeOwned + ToSchema + Send> FromRequest<App> for Change<T> {
    type Rejection = Response;
    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let Keyed { request, claim } = keyed(&parts, body, app).await.map_err(IntoResponse::into_response)?;
        Ok(Self { request, once: first(&parts, app, claim).await? })
    }
}

async fn keyed<T: DeserializeOwned + ToSchema>(parts: &Parts, body: Body, app: &App) -> Result<Keyed<T>> {
    // A malformed key is told before a body that may be long is read.
    key(parts)?;
    let value = app.schemas.check::<T>(&extract::json_body(&parts.headers, body).await?)?;
    let claim = claim(parts, app, &value)?;
    Ok(Keyed { request: extract::read(value)?, claim })
}

fn key(parts: &Parts) -> Result<Option<IdempotencyKey>> {
    let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::bad_request("The header Idempotency-Key is given more than once; a request has one key."));
    }
    IdempotencyKey::parse(value.as_bytes()).map(Some)
}

fn claim(parts: &Parts, app: &App, body: &Value) -> Result<Option<Claim>> {
    let Some(key) = key(parts)? else { return Ok(None) };
    let context = parts.extensions.get::<Context>();
    let holder = context.and_then(Context::key_holder);
    // A handler that asks for the key before the scope would show answers to anybody.
    let holder =
        holder.ok_or_else(|| Problem::internal("an Idempotency-Key was looked at before anybody was let in"))?;
    let caller = context.and_then(Context::caller);
    let template = parts.extensions.get::<MatchedPath>().map_or(parts.uri.path(), MatchedPath::as_str);
    let operation = format!("{} {template}", parts.method);
    let asked = Asked { operation: &operation, path: parts.uri.path(), mode: caller.map(|caller| caller.mode), body };
    Ok(Some(Claim::new(holder, key, asked, app.clock.now())))
}

/// Answers a key that is known; else the change is to be made.
async fn first(parts: &Parts, app: &App, claim: Option<Claim>) -> Result<Once, Response> {
    if let (Some(claim), Some(context)) = (&claim, parts.extensions.get::<Context>()) {
        match known_answer(app, context.caller(), claim).await {
            Ok(None) => context.note_claim(claim),
            Ok(Some(answer)) => return Err(answer),
            Err(problem) => return Err(problem.into_response()),
        }
    }
    Ok(Once { claim })
}

/// What was answered under a claim's key.
///
/// # Errors
/// 422 where the key was used for another request, 503 where the database is gone.
pub(super) async fn known_answer(app: &App, caller: Option<&Caller>, claim: &Claim) -> Result<Option<Response>> {
    let known = match caller {
        Some(caller) => caller.store.known_key(&claim.operation, &claim.key_hash, claim.asked_at).await?,
        None => app.store.known_key(&claim.operation, &claim.key_hash, claim.asked_at).await?,
    };
    let Some(known) = known else { return Ok(None) };
    claim.require_same(&known)?;
    let (Some(status), Some(sealed)) = (known.status, known.answer) else {
        return Err(Problem::internal("an execution's key was asked for by another operation"));
    };
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.ok_or_else(|| Problem::internal("an answer was kept with a status that is none"))?;
    let mut response = Answer { status, body: claim.open(&sealed)?.into(), kept: None }.into_response();
    mark_replayed(&mut response);
    Ok(Some(response))
}

/// Says that the answer is that of an earlier request.
pub(super) fn mark_replayed(response: &mut Response) {
    response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
}
