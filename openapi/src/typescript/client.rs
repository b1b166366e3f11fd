//! `client.ts`: the class with a method an operation, and what the hand-written half must know of each operation.

use std::collections::BTreeSet;

use heck::{ToLowerCamelCase, ToShoutySnakeCase};

use super::{
    docs::{comment, paragraphs},
    types::{arguments_name, quoted, type_text},
};
use crate::model::{Answer, Api, ErrorAnswer, Operation, Parameter, Type};

/// The whole file, but for its first line.
pub(super) fn write(api: &Api) -> String {
    let constants: String = api.operations.iter().map(constant).collect();
    let methods: Vec<String> = api.operations.iter().map(|operation| method(api, operation)).collect();
    format!(
        "import type {{ Operation }} from \"../arguments\";\n\
         import {{ BaseClient }} from \"../client\";\n\
         import type {{ RequestOptions }} from \"../options\";\n\
         {}\n\
         {constants}\n\
         {}\
         export class AgentPlatformClient extends BaseClient {{\n{}}}\n",
        imports(api),
        comment("", &class_docs(api)),
        methods.join("\n"),
    )
}

fn class_docs(api: &Api) -> String {
    format!(
        "A client of {} {}. Clients of one process share their threads; each has its own connections and key.\n\n\
         ```ts\n\
         const client = new AgentPlatformClient({{ apiKey: \"pk_live_…\" }});\n\
         ```",
        api.title, api.version
    )
}

/// Only what is used is imported, or the linter of the package objects.
fn imports(api: &Api) -> String {
    let mut lines = String::new();
    let uses = |kind: fn(&Operation) -> bool| api.operations.iter().any(kind);
    if uses(|operation| operation.page_item.is_some()) {
        lines.push_str("import type { PagePromise } from \"../page\";\n");
    }
    if uses(|operation| operation.page_item.is_none() && !matches!(operation.answer, Answer::Events { .. })) {
        lines.push_str("import type { APIPromise } from \"../promise\";\n");
    }
    if uses(|operation| matches!(operation.answer, Answer::Events { .. })) {
        lines.push_str("import type { EventStream } from \"../stream\";\n");
    }
    let mut names = BTreeSet::new();
    for operation in &api.operations {
        names.extend(arguments_name(operation));
        match (&operation.page_item, &operation.answer) {
            (Some(item), _) | (None, Answer::Json(item)) => named(item, &mut names),
            (None, Answer::Events { event, response }) => {
                named(event, &mut names);
                response.iter().for_each(|response| named(response, &mut names));
            }
            (None, Answer::Empty | Answer::Bytes(_)) => {}
        }
    }
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("  {name},\n")).collect();
        lines.push_str(&format!("import type {{\n{}}} from \"./types\";\n", names.concat()));
    }
    lines
}

fn named(ty: &Type, names: &mut BTreeSet<String>) {
    match ty {
        Type::Named(name) => {
            names.insert(name.clone());
        }
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => named(inner, names),
        _ => {}
    }
}

fn constant(operation: &Operation) -> String {
    format!(
        "const {}: Operation = {{ id: {}, path: [{}], query: [{}], body: {} }};\n",
        operation.id.to_shouty_snake_case(),
        quoted(&operation.id),
        names(&operation.path_parameters),
        names(&operation.query_parameters),
        operation.body.is_some(),
    )
}

fn names(parameters: &[Parameter]) -> String {
    let names: Vec<String> = parameters.iter().map(|parameter| quoted(&parameter.name)).collect();
    names.join(", ")
}

fn method(api: &Api, operation: &Operation) -> String {
    // A first argument everywhere, also where there is nothing to give yet: a parameter that is added to the
    // specification then breaks no call.
    let arguments = arguments_name(operation).unwrap_or_else(|| "Record<string, never>".to_owned());
    let default = if needs_arguments(api, operation) { "" } else { " = {}" };
    let (returns, core) = match (&operation.page_item, &operation.answer) {
        (Some(item), _) => (format!("PagePromise<{}>", type_text(item, false)), "list"),
        (None, Answer::Json(ty)) => (format!("APIPromise<{}>", type_text(ty, false)), "call"),
        (None, Answer::Empty) => ("APIPromise<void>".to_owned(), "call"),
        (None, Answer::Bytes(_)) => ("APIPromise<Uint8Array>".to_owned(), "call"),
        (None, Answer::Events { event, response }) => {
            let response = response.as_ref().map_or("unknown".to_owned(), |response| type_text(response, false));
            (format!("EventStream<{}, {response}>", type_text(event, false)), "stream")
        }
    };
    format!(
        "{}  {}(params: {arguments}{default}, options?: RequestOptions): {returns} {{\n    \
             return this.{core}({}, params, options);\n  }}\n",
        comment("  ", &method_docs(operation)),
        operation.id.to_lower_camel_case(),
        operation.id.to_shouty_snake_case(),
    )
}

fn needs_arguments(api: &Api, operation: &Operation) -> bool {
    let in_body = |operation: &Operation| {
        operation.body.as_ref().is_some_and(|body| api.body_object(body).fields.iter().any(|field| field.required))
    };
    !operation.path_parameters.is_empty()
        || operation.query_parameters.iter().any(|parameter| parameter.required)
        || in_body(operation)
}

fn method_docs(operation: &Operation) -> String {
    let events = match operation.answer {
        Answer::Events { .. } => "Hands out each event as it happens. Leaving the loop closes the connection.",
        _ => "",
    };
    let throws: Vec<String> = operation.errors.iter().map(throws).collect();
    let deprecated = if operation.deprecated { "@deprecated" } else { "" };
    let summary = format!("{}.", operation.summary.trim_end_matches('.'));
    paragraphs(&[&summary, &operation.description, events, deprecated, &throws.join("\n")])
}

fn throws(error: &ErrorAnswer) -> String {
    let class = match error.status {
        400 => "BadRequestError",
        401 => "AuthenticationError",
        403 => "PermissionDeniedError",
        404 => "NotFoundError",
        409 => "ConflictError",
        422 => "UnprocessableEntityError",
        429 => "RateLimitError",
        500.. => "InternalServerError",
        _ => "APIStatusError",
    };
    format!("@throws {class} {}: {}", error.status, error.docs.replace('\n', " ").trim())
}
