//! The specification, its browsable page, and what every operation has in common.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
        ResponseBuilder, Server,
        extensions::Extensions,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};

use crate::{
    app::App,
    clock::Granularity,
    error::{FieldError, Problem},
};

const DESCRIPTION: &str = "Run AI agents for many tenants, with API keys, quotas and a usage ledger.\n\n\
    Send your key as `Authorization: Bearer pk_live_…`. Every error is `application/problem+json` (RFC 9457) with a stable \
    `code`. Lists are `{data, has_more, next_cursor}`, newest first.\n\n\
    Every POST, PATCH and DELETE takes an `Idempotency-Key`: 1 to 255 characters that you choose and nobody guesses, like a UUID. \
    A retry with the same key within 24 hours changes nothing more and is answered as the first request was, with \
    `Idempotent-Replayed: true`; an execution that failed stays failed under its key, and says `x-should-retry: false`. What was refused before any work (400, 401, \
    403, 404, 422, 429, 503) is not kept. The same key with another request is 422 `idempotency_key_reused`. While the first request \
    is being worked on, an execution's retry waits for the same execution, or is told its events from the first; any other is 409 \
    `idempotency_in_progress` with `x-should-retry: true`. Answers are stored sealed under the key, of which only a hash is stored. \
    Sign-up answers whoever shows the key with the new API key, so there it must hold at least 128 random bits.";

const TAGS: [(&str, &str); 10] = [
    ("signup", "Become a tenant."),
    ("agents", "Make agents and execute them."),
    ("executions", "What was executed, step by step."),
    ("conversations", "What was said."),
    ("documents", "The knowledge base."),
    ("tickets", "What agents handed to people."),
    ("usage", "What was used, against the quotas."),
    ("api-keys", "Keys to the API."),
    ("audit-log", "Who changed what, when and from where."),
    ("admin", "For the platform's operator."),
];

/// The header that names a request.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// What stands before the operations.
pub(super) fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Agent Platform")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let tags = TAGS.map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build());
    OpenApiBuilder::new().info(info).tags(Some(tags)).servers(Some([Server::new("http://localhost:8000")])).build()
}

/// The whole specification.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = super::operations().into_openapi();
    let components = document.components.get_or_insert_default();
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    // Parameters alone speak of it, whose schemas are not collected.
    components.schemas.insert(Granularity::name().into_owned(), Granularity::schema());
    components.schemas.insert(FieldError::name().into_owned(), FieldError::schema());
    let bearer = |description: &str| {
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build())
    };
    components.add_security_scheme("api_key", bearer("A tenant's key: `pk_live_…` or `pk_test_…`."));
    components.add_security_scheme("operator_key", bearer("The operator's key: `op_live_…`."));
    for (path, item) in &mut document.paths.paths {
        for operation in [&mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
            operation.parameters.get_or_insert_default().push(idempotency_key().into());
        }
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete(path, operation);
        }
    }
    document
}

/// The whole specification as it is printed and served: the same text each time.
#[must_use]
pub fn text() -> String {
    let mut document = serde_json::to_value(document()).expect("a specification is JSON");
    sort_extensions(&mut document);
    serde_json::to_string_pretty(&document).expect("a value is JSON")
}

/// Extensions are kept without order, so they are put in one: behind the rest, by name.
fn sort_extensions(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(sort_extensions),
        Value::Object(fields) => {
            fields.values_mut().for_each(sort_extensions);
            let (mut extensions, rest): (Vec<_>, Vec<_>) =
                std::mem::take(fields).into_iter().partition(|(name, _)| name.starts_with("x-"));
            extensions.sort_by(|(a, _), (b, _)| a.cmp(b));
            fields.extend(rest.into_iter().chain(extensions));
        }
        _ => {}
    }
}

/// The header that makes a request one that can be sent again. The SDKs mint it by themselves.
fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    ParameterBuilder::new()
        .name(IDEMPOTENCY_KEY)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Names this request: sent again with the same key within 24 hours, it is not worked on again.",
        ))
        .schema(Some(schema))
        .extensions(Some(Extensions::builder().add("x-sdk", false).build()))
        .build()
}

/// Adds the errors that an operation can answer by its nature, and the key that it needs.
fn complete(path: &str, operation: &mut Operation) {
    let open = operation.security.as_ref().is_some_and(|s| s.iter().all(|r| *r == SecurityRequirement::default()));
    if operation.security.is_none() {
        operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("api_key", [])]);
    }
    let has_body = operation.request_body.is_some();
    let has_query =
        operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(p) if p.parameter_in == ParameterIn::Query));
    let is_keyed = operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(p) if p.name == IDEMPOTENCY_KEY));
    let executes = path.ends_with("/execute");
    let errors = [
        (has_body, 400, "The body is not JSON, or stopped half way; or the Idempotency-Key is malformed."),
        (is_keyed, 400, "The Idempotency-Key is malformed."),
        (path.ends_with("/events"), 400, "The header `Last-Event-ID` is no event's id."),
        (!open, 401, "No valid key was given."),
        (
            path.ends_with("/rotate"),
            403,
            "The key lacks the scope, or does test work alone; or the tenant is suspended.",
        ),
        (!open, 403, "The key lacks the scope, or the tenant is suspended."),
        (path.contains('{'), 404, "There is no such thing, or it is another tenant's."),
        (true, 406, "The Accept header allows nothing that this operation answers."),
        (
            path.ends_with("/rotate"),
            409,
            "The key has expired or was replaced already, or a request with this Idempotency-Key is being worked on.",
        ),
        (path == "/signup", 409, "It exists already, or a request with this Idempotency-Key is being worked on."),
        (
            executes,
            409,
            "It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on elsewhere.",
        ),
        (is_keyed, 409, "A request with this Idempotency-Key is being worked on."),
        (path.ends_with("/events"), 410, "The events are not kept any more: the execution ended over 24 hours ago."),
        (has_body, 413, "The body is too large."),
        (has_body, 415, "The body is not declared to be JSON."),
        (
            has_body && is_keyed,
            422,
            "A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.",
        ),
        (is_keyed, 422, "The Idempotency-Key was used for another request."),
        (has_body || has_query, 422, "A field or parameter was refused; `errors` names each."),
        (
            executes || path == "/documents",
            429,
            "A quota does not let this through, and `quota` names it; or there were too many requests.",
        ),
        (!open || path == "/signup", 429, "There were too many requests; `Retry-After` says when to try again."),
        (true, 500, "A fault of the server."),
        (executes, 502, "The model provider failed."),
        (
            path != "/healthz",
            503,
            "A part of the platform is down or overloaded; `Retry-After` says when to try again.",
        ),
        (executes, 504, "The execution ran into its deadline."),
    ];
    for (_, status, description) in errors.into_iter().filter(|(applies, ..)| *applies) {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(description).content("application/problem+json", content).build();
        operation.responses.responses.entry(status.to_string()).or_insert_with(|| response.into());
    }
}

/// `/openapi.json`, and `/docs`, to which `/` leads.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/docs/") }))
        .route("/openapi.json", get(openapi_json))
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(|| async { docs("index.html".to_owned()) }))
        .route("/docs/{*file}", get(|Path(file): Path<String>| async move { docs(file) }))
}

async fn openapi_json(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], app.spec.clone()).into_response()
}

/// The browsable page, from assets inside the binary.
fn docs(file: String) -> Response {
    let config =
        Arc::new(utoipa_swagger_ui::Config::from("/openapi.json").persist_authorization(false).validator_url("none"));
    match utoipa_swagger_ui::serve(&file, config) {
        Ok(Some(asset)) => {
            let kind = HeaderValue::from_str(&asset.content_type).unwrap_or(HeaderValue::from_static("text/plain"));
            (StatusCode::OK, [(header::CONTENT_TYPE, kind)], asset.bytes.into_owned()).into_response()
        }
        Ok(None) => Problem::no_such_path(&format!("/docs/{file}")).into_response(),
        Err(error) => Problem::internal(json!({ "swagger-ui": error.to_string() })).into_response(),
    }
}
