//! `client.ts`: the class with a method an operation, and what the hand-written half must know of each operation.

use std::collections::BTreeSet;

use heck::{ToLowerCamelCase, ToShoutySnakeCase};

use super::{
    docs::{comment, paragraphs},
    types::{arguments_name, property, quoted, type_text},
};
use crate::model::{Answer, Api, ErrorAnswer, Operation, Parameter, SchemaKind, StringFormat, Type};

/// The whole file, but for its first line.
pub(super) fn write(api: &Api) -> String {
    let constants: String = api.operations.iter().map(|operation| constant(api, operation)).collect();
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

/// What `arguments.ts` checks and sorts the arguments of a call by.
fn constant(api: &Api, operation: &Operation) -> String {
    let body = operation.body.as_ref().map(|body| api.body_object(body));
    let in_body = body.iter().flat_map(|body| &body.fields).map(|field| (&field.name, &field.ty, field.required));
    let kind = |parameter: &Parameter| (parameter.name.clone(), kind_text(api, &parameter.ty));
    let query = object(operation.query_parameters.iter().map(kind));
    let headers = object(operation.header_parameters.iter().map(|header| kind(&header.parameter)));
    let path: Vec<String> = operation.path_parameters.iter().map(|parameter| quoted(&parameter.name)).collect();
    let required = operation.query_parameters.iter().map(|parameter| (&parameter.name, parameter.required));
    let required = required.chain(in_body.clone().map(|(name, _, required)| (name, required)));
    let required: Vec<String> = required.filter(|(_, required)| *required).map(|(name, _)| quoted(name)).collect();
    let body = operation.body.as_ref().map_or(String::new(), |_| {
        let fields = in_body.map(|(name, ty, _)| (name.clone(), kind_text(api, ty)));
        format!("  body: {},\n", object(fields))
    });
    format!(
        "const {}: Operation = {{\n  id: {},\n  path: [{}],\n  query: {query},\n  headers: {headers},\n{body}  required: [{}],\n}};\n",
        operation.id.to_shouty_snake_case(),
        quoted(&operation.id),
        path.join(", "),
        required.join(", "),
    )
}

fn object(entries: impl Iterator<Item = (String, String)>) -> String {
    let entries: Vec<String> = entries.map(|(name, kind)| format!("{}: {}", property(&name), quoted(&kind))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// What is checked of a value before it is sent: its JSON type, and of a list that of its items.
fn kind_text(api: &Api, ty: &Type) -> String {
    match api.resolved(ty) {
        Type::String(StringFormat::DateTime | StringFormat::Date) => "date".to_owned(),
        Type::String(_) | Type::Literal(_) => "string".to_owned(),
        Type::Integer(_) => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Any => "any".to_owned(),
        Type::Map(_) => "object".to_owned(),
        Type::Array(item) => format!("{}[]", item_text(api, item)),
        Type::Nullable(inner) => format!("{} | null", kind_text(api, inner)),
        Type::Named(name) => match &api.schema(name).kind {
            SchemaKind::Enum(_) => "string".to_owned(),
            _ => "object".to_owned(),
        },
    }
}

/// Lists of lists, and lists with gaps, are left to the server.
fn item_text(api: &Api, item: &Type) -> String {
    match api.resolved(item) {
        Type::Array(_) | Type::Nullable(_) => "any".to_owned(),
        item => kind_text(api, item),
    }
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
            // Without a second one the type of the final response is that of the final event.
            let response = response.as_ref().map_or(String::new(), |ty| format!(", {}", type_text(ty, false)));
            (format!("EventStream<{}{response}>", type_text(event, false)), "stream")
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
