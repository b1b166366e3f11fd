//! Reading requests: bodies are checked against the very schema that the specification states.

use std::{collections::HashMap, fmt, time::Duration};

use axum::{
    body::Body,
    extract::{FromRequestParts, MatchedPath, Path},
};
use bytes::Bytes;
use http::{HeaderMap, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use utoipa::{ToSchema, openapi::OpenApi};

use super::context::Context;
use crate::{
    app::App,
    audit::Actor,
    auth::{Caller, Scope},
    error::{FieldError, Problem},
};

/// The largest body of a request, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// How long a body may take to arrive: a client that stalls holds no memory for longer.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// Beyond this many refused fields, the rest go unnamed.
const MAX_ERRORS: usize = 20;

/// A caller whose key may look at everything.
#[derive(Debug)]
pub struct Reader(pub Caller);
/// A caller whose key may run agents.
#[derive(Debug)]
pub struct Executor(pub Caller);
/// A caller whose key may change everything.
#[derive(Debug)]
pub struct Admin(pub Caller);
/// The platform's operator, as whom changes are made.
#[derive(Debug)]
pub struct Operator(pub Actor);
/// Who signs up, and needs no key; so often an hour from one address.
#[derive(Debug)]
pub struct Newcomer(pub Actor);

async fn caller(parts: &Parts, app: &App, scope: Scope) -> Result<Caller, Problem> {
    let context = context(parts)?;
    let caller = app.gate.caller(&parts.headers, &context.origin).await?;
    context.note_caller(&caller);
    // Executions have the hourly quota; whoever has used that up can still look and manage.
    let is_execution = parts.extensions.get::<MatchedPath>().is_some_and(|path| path.as_str().ends_with("/execute"));
    if !is_execution && let Err(seconds) = app.calls.take(caller.tenant_id().clone(), app.clock.now()) {
        let detail = format!("This tenant makes more calls a minute than any needs. Try again in {seconds} s.");
        return Err(Problem::too_many_requests(detail, seconds));
    }
    caller.require(scope)?;
    Ok(caller)
}

/// What the outermost layer knows of the request.
fn context(parts: &Parts) -> Result<&Context, Problem> {
    parts.extensions.get().ok_or_else(|| Problem::internal("a request came past the outermost layer"))
}

macro_rules! scoped {
    ($($extractor:ident = $scope:ident;)*) => {$(
        impl FromRequestParts<App> for $extractor {
            type Rejection = Problem;
            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                caller(parts, app, Scope::$scope).await.map(Self)
            }
        }
    )*};
}

scoped! {
    Reader = Read;
    Executor = Execute;
    Admin = Admin;
}

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let context = context(parts)?;
        let actor = app.gate.operator(&parts.headers, parts.uri.path(), &context.origin).await?;
        context.note_tenantless();
        Ok(Self(actor))
    }
}

impl FromRequestParts<App> for Newcomer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let context = context(parts)?;
        // Before anything is looked at: a refused sign-up tells whose address is taken.
        app.sign_ups.take(context.origin.address, app.clock.now()).map_err(|seconds| {
            let detail = format!("Too many sign-ups came from this address. Try again in {seconds} s.");
            Problem::too_many_requests(detail, seconds)
        })?;
        context.note_tenantless();
        Ok(Self(Actor::anonymous(context.origin.clone())))
    }
}

/// An id in the path; text that is no such id names nothing, so it is 404.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<T: std::str::FromStr + Send> FromRequestParts<App> for Id<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let malformed = |_| Problem::not_found("resource", parts.uri.path());
        let Path(text) = Path::<String>::from_request_parts(&mut parts.clone(), app).await.map_err(malformed)?;
        text.parse().map(Self).map_err(|_| Problem::not_found("resource", &text))
    }
}

/// The bytes of a body that is declared to be JSON.
pub(super) async fn json_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    require_json(headers)?;
    let read = Limited::new(body, MAX_BODY_BYTES).collect();
    match tokio::time::timeout(BODY_TIMEOUT, read).await {
        Err(_) => Err(Problem::request_timeout(BODY_TIMEOUT.as_secs())),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(Problem::body_too_large(MAX_BODY_BYTES))
        }
        Ok(Err(_)) => Err(Problem::bad_request("The body stopped before its end. Send it whole.")),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let found = headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or("?"));
    let media_type = found.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let is_json = media_type.eq_ignore_ascii_case("application/json")
        || (media_type.len() > 17
            && media_type.is_char_boundary(media_type.len() - 5)
            && media_type[..12].eq_ignore_ascii_case("application/")
            && media_type[media_type.len() - 5..].eq_ignore_ascii_case("+json"));
    if is_json { Ok(()) } else { Err(Problem::unsupported_media_type(found)) }
}

/// Tells `null` from absent.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The schemas of all requests, compiled once.
pub struct Schemas {
    by_name: HashMap<String, Validator>,
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schemas").field("names", &self.by_name.keys()).finish()
    }
}

impl Schemas {
    /// Compiles the schema of each request in the specification.
    ///
    /// # Panics
    /// When the specification holds a schema that is none: a fault of the build, met by every test.
    #[must_use]
    pub fn of(spec: &OpenApi) -> Self {
        let mut document = serde_json::to_value(spec).expect("a specification is JSON");
        let components = document["components"].take();
        let names = components["schemas"].as_object().expect("the specification has schemas").keys();
        let compile = |name: &String| {
            let schema =
                serde_json::json!({ "$ref": format!("#/components/schemas/{name}"), "components": components });
            jsonschema::draft202012::options().build(&schema).expect("the specification's schemas are valid")
        };
        let requests = names.filter(|name| name.ends_with("Request"));
        Self { by_name: requests.map(|name| (name.clone(), compile(name))).collect() }
    }

    /// Holds a body to the schema of `T`.
    ///
    /// # Errors
    /// 400 where it is no JSON, with the position; 422 where the schema refuses it, with every field.
    pub fn check<T: ToSchema>(&self, body: &Bytes) -> Result<Value, Problem> {
        let mut value: Value = serde_json::from_slice(body).map_err(|error| {
            let detail = format!("The body is not JSON: {error}.");
            if body.is_empty() {
                Problem::bad_request("The body is empty; send a JSON object.")
            } else {
                Problem::bad_request(detail)
            }
        })?;
        let schema = self.by_name.get(T::name().as_ref()).expect("every request's schema ends in `Request`");
        let mut errors: Vec<_> = schema.iter_errors(&value).flat_map(|e| explain(&e)).take(MAX_ERRORS).collect();
        if errors.is_empty() {
            find_nul(&value, &mut String::new(), &mut errors);
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        make_whole(&mut value);
        Ok(value)
    }
}

/// Reads as `T` what its schema has let pass.
///
/// # Errors
/// 422 for what the type alone refuses: a time of year 12000.
pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = format!("/{}", error.path().to_string().replace('.', "/"));
        Problem::invalid_field(pointer, format!("is refused: {}.", error.inner()))
    })
}

/// JSON Schema takes `7.0` for an integer, and so does this; serde would not.
fn make_whole(value: &mut Value) {
    /// Up to here every whole number is a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(fields) => fields.values_mut().for_each(make_whole),
        Value::Number(number) if number.is_f64() => {
            if let Some(float) = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < EXACT) {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
                let whole = float as i64;
                *value = whole.into();
            }
        }
        _ => {}
    }
}

/// PostgreSQL's text can't hold U+0000, and nobody means it.
fn find_nul(value: &Value, pointer: &mut String, errors: &mut Vec<FieldError>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                find_nul_at(&i.to_string(), item, pointer, errors);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                find_nul_at(name, field, pointer, errors);
                if name.contains('\0') {
                    errors
                        .push(FieldError::new(pointer.clone(), "has a name with the character U+0000; leave it out."));
                }
            }
        }
        Value::String(text) if text.contains('\0') => {
            errors.push(FieldError::new(pointer.clone(), "contains the character U+0000; leave it out."));
        }
        _ => {}
    }
}

fn find_nul_at(step: &str, value: &Value, pointer: &mut String, errors: &mut Vec<FieldError>) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(step);
    find_nul(value, pointer, errors);
    pointer.truncate(length);
}

/// The validator's finding in our words: the field, what was wrong, what would be right.
fn explain(error: &ValidationError<'_>) -> Vec<FieldError> {
    let pointer = error.instance_path().to_string();
    let one = |detail: String| vec![FieldError::new(pointer.clone(), detail)];
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .take(MAX_ERRORS)
            .map(|name| {
                FieldError::new(
                    format!("{pointer}/{}", cut(name)),
                    "is not a field of this request; check its spelling or leave it out.",
                )
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().map_or_else(|| property.to_string(), str::to_owned);
            vec![FieldError::new(format!("{pointer}/{name}"), "is required.")]
        }
        ValidationErrorKind::MinLength { limit } => one(format!("must have at least {limit} character(s).")),
        ValidationErrorKind::MaxLength { limit } => {
            let length = error.instance().as_str().map_or(0, |s| s.chars().count());
            one(format!("must have at most {limit} characters; it has {length}."))
        }
        ValidationErrorKind::MaxItems { limit } => one(format!("must have at most {limit} items.")),
        ValidationErrorKind::MinItems { limit } => one(format!("must have at least {limit} item(s).")),
        ValidationErrorKind::PropertyNames { error } => {
            let name: String = error.instance().as_str().unwrap_or_default().chars().take(64).collect();
            one(format!("has the name `{name}`, which must have 1 to 64 characters."))
        }
        ValidationErrorKind::MaxProperties { limit } => one(format!("must have at most {limit} entries.")),
        ValidationErrorKind::Minimum { limit } => one(format!("must be at least {limit}; it is {}.", shown(error))),
        ValidationErrorKind::Maximum { limit } => one(format!("must be at most {limit}; it is {}.", shown(error))),
        ValidationErrorKind::Enum { options } => one(format!("must be one of {options}; it is {}.", shown(error))),
        ValidationErrorKind::Format { format } => one(format!("must be a {format}; it is {}.", shown(error))),
        ValidationErrorKind::Type { .. } => {
            // The library names the types that would do; its text holds the value, which may be long.
            let text = error.masked_with("the value").to_string();
            one(format!("has the wrong type: {text}; it is {}.", shown(error)))
        }
        _ => one(format!("is refused: {}.", error.masked_with("the value"))),
    }
}

/// The refused value, cut to what a person reads.
fn shown(error: &ValidationError<'_>) -> String {
    const SHOWN_CHARS: usize = 60;
    let text = error.instance().to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("`{}…`", &text[..at]),
        None => format!("`{text}`"),
    }
}

/// A name as an error repeats it: whole where it is of a sensible length.
fn cut(name: &str) -> String {
    name.chars().take(60).collect()
}
