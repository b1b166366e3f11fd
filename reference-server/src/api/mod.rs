//! The HTTP API: a file a resource, each with its requests, answers and handlers.

mod admin;
mod agents;
mod api_keys;
mod context;
mod conversations;
mod documents;
mod execute;
mod executions;
pub(crate) mod extract;
mod health;
mod page;
mod signup;
mod spec;
mod tickets;
mod usage;

use axum::{
    Router,
    extract::{OriginalUri, Request},
    http::{StatusCode, header},
    middleware,
    response::Response,
};
use utoipa::openapi::{Object, ObjectBuilder, schema::{SchemaType, Type}};
use utoipa_axum::router::OpenApiRouter;

pub use spec::document;

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
        .merge(api_keys::router())
        .merge(admin::router())
        .merge(health::router())
}

/// The whole service.
pub fn router(app: App) -> Router {
    let (operations, _) = operations().split_for_parts();
    operations
        .merge(spec::router())
        .fallback(no_such_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(allowed_methods))
        .layer(middleware::from_fn_with_state(app.clone(), context::layer))
        .with_state(app)
}

async fn no_such_path(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::no_such_path(uri.path())
}

async fn method_not_allowed(request: Request) -> Problem {
    Problem::method_not_allowed(request.method().as_str(), None)
}

/// The router knows the methods of a path only after the handler: it adds `Allow` to the answer, and so it is told here.
async fn allowed_methods(request: Request, next: middleware::Next) -> Response {
    let method = request.method().clone();
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers().get(header::ALLOW).cloned();
        response.extensions_mut().insert(Box::new(Problem::method_not_allowed(method.as_str(), allow)));
    }
    response
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
