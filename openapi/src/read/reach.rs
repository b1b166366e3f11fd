//! Which schemas are sent, and which are received.

use std::collections::HashSet;

use crate::model::{Answer, Api, SchemaKind, Type};

/// Marks each schema with the directions in which it crosses the wire.
pub(super) fn mark(api: &mut Api) {
    let mut sent = HashSet::new();
    for operation in &api.operations {
        if let Some(body) = &operation.body {
            follow(api, &Type::Named(body.schema.clone()), &mut sent);
        }
        let headers = operation.header_parameters.iter().map(|header| &header.parameter);
        for parameter in operation.query_parameters.iter().chain(headers) {
            follow(api, &parameter.ty, &mut sent);
        }
    }
    let mut received = HashSet::new();
    for operation in &api.operations {
        match &operation.answer {
            Answer::Json(ty) => follow(api, ty, &mut received),
            Answer::Events { event, .. } => follow(api, event, &mut received),
            Answer::Empty | Answer::Bytes(_) => {}
        }
    }
    for schema in &mut api.schemas {
        schema.in_request = sent.contains(&schema.name);
        // What no answer leads to is there for the errors.
        schema.in_answer = received.contains(&schema.name) || !schema.in_request;
    }
}

fn follow(api: &Api, ty: &Type, reached: &mut HashSet<String>) {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => follow(api, inner, reached),
        Type::Named(name) if reached.insert(name.clone()) => match &api.schema(name).kind {
            SchemaKind::Object(object) => object.fields.iter().for_each(|field| follow(api, &field.ty, reached)),
            SchemaKind::Union(union) => {
                for variant in &union.variants {
                    follow(api, &Type::Named(variant.schema.clone()), reached);
                }
            }
            SchemaKind::Alias(ty) => follow(api, ty, reached),
            SchemaKind::Enum(_) => {}
        },
        _ => {}
    }
}
