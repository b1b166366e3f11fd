//! The arguments of a method, and how they are passed on.

use serde_json::Value;

use super::{
    spelling::{Side, annotation, identifier, quoted},
    text::WIDTH,
};
use crate::model::{Api, Method, Operation, Type};

/// An argument of a method: a parameter of the path, the query or the headers, or a field of the body.
pub(super) struct Argument {
    pub(super) wire: String,
    pub(super) python: String,
    pub(super) ty: Type,
    pub(super) docs: String,
    pub(super) required: bool,
    pub(super) example: Option<Value>,
    /// In a merge patch `None` means null, so leaving out needs a word of its own.
    patch: bool,
}

impl Argument {
    fn parameter(&self) -> String {
        let annotation = annotation(&self.ty, Side::Given);
        let python = &self.python;
        if self.required {
            format!("{python}: {annotation}")
        } else if self.patch {
            let null = if self.ty.is_nullable() { " | None" } else { "" };
            format!("{python}: {} | Omit{null} = OMIT", super::spelling::annotation(self.ty.non_null(), Side::Given))
        } else if self.ty.is_nullable() {
            format!("{python}: {annotation} = None")
        } else {
            format!("{python}: {annotation} | None = None")
        }
    }

    /// Whether `None` is sent as null rather than left out.
    fn is_sent_as_given(&self) -> bool {
        self.required || self.patch
    }
}

/// The options that every call takes; an argument of the same name gives way.
const OPTIONS: &[&str] = &["timeout", "max_retries", "extra_headers", "extra_query", "idempotency_key"];

pub(super) fn arguments(api: &Api, operation: &Operation) -> Vec<Argument> {
    let name = |wire: &str| {
        let name = identifier(wire);
        if OPTIONS.contains(&name.as_str()) || name == "self" { format!("{name}_") } else { name }
    };
    let headers = operation.header_parameters.iter().map(|header| &header.parameter);
    let parameters = operation.path_parameters.iter().chain(&operation.query_parameters).chain(headers);
    let parameters = parameters.map(|parameter| Argument {
        wire: parameter.name.clone(),
        python: name(&parameter.name),
        ty: parameter.ty.clone(),
        docs: parameter.docs.clone(),
        required: parameter.required,
        example: parameter.example.clone(),
        patch: false,
    });
    let body = operation.body.iter().flat_map(|body| &api.body_object(body).fields).map(|field| Argument {
        wire: field.name.clone(),
        python: name(&field.name),
        ty: field.ty.clone(),
        docs: field.docs.clone(),
        required: field.required,
        example: field.example.clone(),
        patch: operation.method == Method::Patch && !field.required,
    });
    parameters.chain(body).collect()
}

fn takes_idempotency_key(operation: &Operation) -> bool {
    matches!(operation.method, Method::Post | Method::Patch | Method::Delete)
}

/// The options that a call of the operation takes.
pub(super) fn options(operation: &Operation) -> Vec<&'static str> {
    let mut options = OPTIONS.to_vec();
    if !takes_idempotency_key(operation) {
        options.retain(|option| *option != "idempotency_key");
    }
    options
}

fn option_parameters(operation: &Operation) -> Vec<&'static str> {
    let mut parameters = vec![
        "timeout: float | Omit | None = OMIT",
        "max_retries: int | None = None",
        "extra_headers: Mapping[str, str] | None = None",
        "extra_query: Mapping[str, str] | None = None",
    ];
    if takes_idempotency_key(operation) {
        parameters.push("idempotency_key: str | None = None");
    }
    parameters
}

pub(super) fn signature(
    prefix: &str,
    name: &str,
    arguments: &[Argument],
    operation: &Operation,
    answer: &str,
) -> String {
    let mut out = format!("\n    {prefix}def {name}(\n        self,\n        *,\n");
    for argument in arguments {
        out += &format!("        {},\n", argument.parameter());
    }
    for option in option_parameters(operation) {
        out += &format!("        {option},\n");
    }
    out + &format!("    ) -> {answer}:\n")
}

/// What a method passes on: the operation, two dicts of arguments, the options.
pub(super) fn passed(operation: &Operation, arguments: &[Argument]) -> String {
    let dict = |given: bool| {
        let entries: Vec<String> = arguments
            .iter()
            .filter(|argument| argument.is_sent_as_given() == given)
            .map(|argument| format!("{}: {}", quoted(&argument.wire), argument.python))
            .collect();
        if entries.is_empty() {
            return "{}".to_owned();
        }
        let line = format!("{{{}}}", entries.join(", "));
        if line.len() + 13 <= WIDTH {
            return line;
        }
        format!("{{\n                {},\n            }}", entries.join(",\n                "))
    };
    let key = if takes_idempotency_key(operation) { "idempotency_key" } else { "None" };
    format!(
        "(\n            {},\n            {},\n            {},\n            (timeout, max_retries, extra_headers, extra_query, {key}),\n        )",
        quoted(&operation.id),
        dict(true),
        dict(false),
    )
}
