//! The HTTP API: a file a resource, each with its requests, answers and handlers.

mod admin;
mod agents;
mod api_keys;
mod audit_log;
mod context;
mod conversations;
mod documents;
mod execute;
mod executions;
pub(crate) mod extract;
mod health;
mod idempotency;
mod page;
mod placement;
mod rotation;
mod signup;
mod spec;
mod sse;
mod tickets;
mod usage;
mod usage_history;

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    Router,
    extract::{MatchedPath, OriginalUri},
    http::Method,
    middleware,
};
use utoipa::openapi::{
    Object, ObjectBuilder, PathItem,
    schema::{SchemaType, Type},
};
use utoipa_axum::router::OpenApiRouter;

pub use spec::{document, text};

use crate::{app::App, error::Problem};

fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(spec::head())
        .merge(signup::router())
        .merge(agents::router())
        .merge(execute::router())
        .merge(executions::router())
        .merge(conversations::router())
        .merge(documents::router())
        .merge(tickets::router())
        .merge(usage::router())
        .merge(usage_history::router())
        .merge(api_keys::router())
        .merge(rotation::router())
        .merge(audit_log::router())
        .merge(admin::router())
        .merge(placement::router())
        .merge(health::router())
}

/// The whole service.
pub fn router(app: App) -> Router {
    let (operations, _) = operations().split_for_parts();
    operations
        .merge(spec::router())
        .fallback(no_such_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), context::layer))
        .with_state(app)
}

async fn no_such_path(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::no_such_path(uri.path())
}

/// The router adds `Allow` only after this, so what it will say is read from the operations.
async fn method_not_allowed(method: Method, path: Option<MatchedPath>) -> Problem {
    static ALLOWED: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        let paths = operations().into_openapi().paths.paths;
        paths.into_iter().map(|(path, item)| (path, methods(&item).join(", "))).collect()
    });
    let allowed = path.and_then(|path| ALLOWED.get(path.as_str()));
    Problem::method_not_allowed(method.as_str(), allowed.map_or("GET", String::as_str))
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let operations = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    operations.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method).collect()
}

/// An owner's own labels: at most 16, with short names and values.
fn metadata_schema() -> Object {
    let text = |longest| ObjectBuilder::new().schema_type(Type::String).max_length(Some(longest));
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
        .description(Some("Your own labels: at most 16, names of 1 to 64 characters, values of at most 512."))
        .property_names(Some(text(64).min_length(Some(1))))
        .additional_properties(Some(text(512)))
        .max_properties(Some(16))
        .build()
}
