//! `_client.py`: a method an operation, twice.

use std::collections::BTreeSet;

use super::{
    HEADER,
    spelling::{Side, annotation, identifier, names, quoted},
    text::{docstring, entry, sentence},
};
use crate::model::{Answer, Api, Method, Operation, Type};

/// How the two clients differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Asyncio,
    Blocking,
}

pub(super) fn write(api: &Api) -> String {
    let mut classes = String::new();
    for (flavour, name, base, docs) in [
        (Flavour::Asyncio, "AgentPlatformClient", "AsyncBaseClient", ASYNC_DOCS),
        (Flavour::Blocking, "SyncAgentPlatformClient", "SyncBaseClient", SYNC_DOCS),
    ] {
        classes += &format!("\n\nclass {name}({base}):\n{}", docstring(4, &[docs.to_owned()]));
        classes += "\n    __slots__ = ()\n";
        for operation in &api.operations {
            classes += &method(api, operation, flavour);
            if let Some(item) = &operation.page_item {
                classes += &pages(api, operation, item, flavour);
            }
        }
    }
    let docs = "\"\"\"The client: one method for each operation of the API.\"\"\"\n";
    format!("{HEADER}{docs}\n{}{classes}", imports(api, &classes))
}

const ASYNC_DOCS: &str = "The client for asyncio.\n\nExample:\n    async with AgentPlatformClient(api_key=\"pk_live_...\") as client:\n        \
    agent = await client.create_agent(name=\"Support Agent\", system_prompt=\"You are helpful.\")";
const SYNC_DOCS: &str = "The client for blocking code.\n\nExample:\n    with SyncAgentPlatformClient(api_key=\"pk_live_...\") as client:\n        \
    agent = client.create_agent(name=\"Support Agent\", system_prompt=\"You are helpful.\")";

/// Types are for type checkers alone: importing `typing` would take longer than all the rest.
fn imports(api: &Api, classes: &str) -> String {
    let words: BTreeSet<&str> = classes.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let used =
        |names: &[&str]| names.iter().copied().filter(|name| words.contains(name)).collect::<Vec<_>>().join(", ");
    let mut typed =
        format!("    from collections.abc import {}\n", used(&["AsyncIterator", "Iterator", "Mapping", "Sequence"]));
    if words.contains("datetime") {
        typed += "    from datetime import datetime\n";
    }
    let typing = used(&["Any", "Literal"]);
    if !typing.is_empty() {
        typed += &format!("    from typing import {typing}\n");
    }
    typed += &format!("\n    from ._native import {}\n", used(&["AsyncStream", "Omit", "Stream"]));
    let types: String = api
        .schemas
        .iter()
        .filter(|schema| words.contains(schema.name.as_str()) && mentioned(api, &schema.name))
        .map(|schema| format!("        {},\n", schema.name))
        .collect();
    if !types.is_empty() {
        typed += &format!("    from ._types import (\n{types}    )\n");
    }
    format!(
        "from __future__ import annotations\n\nfrom ._base import AsyncBaseClient, SyncBaseClient\n\
         from ._native import OMIT\nfrom ._page import through_pages, through_pages_blocking\n\n\
         TYPE_CHECKING = False\nif TYPE_CHECKING:\n{typed}"
    )
}

/// Whether a signature names the schema; a word of a docstring may look like one.
fn mentioned(api: &Api, schema: &str) -> bool {
    api.operations.iter().any(|operation| {
        let answers: Vec<&Type> = match &operation.answer {
            Answer::Json(ty) => vec![ty],
            Answer::Events { event, response } => std::iter::once(event).chain(response).collect(),
            Answer::Empty | Answer::Bytes(_) => Vec::new(),
        };
        let arguments = arguments(api, operation);
        let given = arguments.iter().map(|argument| &argument.ty);
        given.chain(answers).chain(&operation.page_item).any(|ty| names(ty).contains(&schema))
    })
}

/// An argument of a method: a parameter of the path or the query, or a field of the body.
struct Argument {
    wire: String,
    python: String,
    ty: Type,
    docs: String,
    required: bool,
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

fn arguments(api: &Api, operation: &Operation) -> Vec<Argument> {
    let name = |wire: &str| {
        let name = identifier(wire);
        if OPTIONS.contains(&name.as_str()) || name == "self" { format!("{name}_") } else { name }
    };
    let parameters = operation.path_parameters.iter().chain(&operation.query_parameters).map(|parameter| Argument {
        wire: parameter.name.clone(),
        python: name(&parameter.name),
        ty: parameter.ty.clone(),
        docs: parameter.docs.clone(),
        required: parameter.required,
        patch: false,
    });
    let body = operation.body.iter().flat_map(|body| &api.body_object(body).fields).map(|field| Argument {
        wire: field.name.clone(),
        python: name(&field.name),
        ty: field.ty.clone(),
        docs: field.docs.clone(),
        required: field.required,
        patch: operation.method == Method::Patch && !field.required,
    });
    parameters.chain(body).collect()
}

fn takes_idempotency_key(operation: &Operation) -> bool {
    matches!(operation.method, Method::Post | Method::Patch | Method::Delete)
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

fn signature(prefix: &str, name: &str, arguments: &[Argument], operation: &Operation, answer: &str) -> String {
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
fn passed(operation: &Operation, arguments: &[Argument]) -> String {
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
        if line.len() + 13 <= super::text::WIDTH {
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

fn method(api: &Api, operation: &Operation, flavour: Flavour) -> String {
    let arguments = arguments(api, operation);
    let passed = passed(operation, &arguments);
    let docs = docs(operation, &arguments, &[sentence(&operation.summary), operation.description.clone()]);
    let name = identifier(&operation.id);
    if let Answer::Events { event, response } = &operation.answer {
        let event = annotation(event, Side::Answered);
        let response = response.as_ref().map_or("None".to_owned(), |ty| annotation(ty, Side::Answered));
        let (class, call) = match flavour {
            Flavour::Asyncio => ("AsyncStream", "stream"),
            Flavour::Blocking => ("Stream", "stream_blocking"),
        };
        let answer = format!("{class}[{event}, {response}]");
        let signature = signature("", &name, &arguments, operation, &answer);
        return format!("{signature}{docs}        return self._native.{call}{passed}\n");
    }
    let answer = match &operation.answer {
        Answer::Json(ty) => annotation(ty, Side::Answered),
        Answer::Bytes(_) => "bytes".to_owned(),
        Answer::Empty | Answer::Events { .. } => "None".to_owned(),
    };
    let (prefix, call) = match flavour {
        Flavour::Asyncio => ("async ", "await self._native.call"),
        Flavour::Blocking => ("", "self._native.call_blocking"),
    };
    let signature = signature(prefix, &name, &arguments, operation, &answer);
    if answer == "None" {
        return format!("{signature}{docs}        {call}{passed}\n");
    }
    format!("{signature}{docs}        answer: {answer} = {call}{passed}\n        return answer\n")
}

/// The walk through all pages of a list.
fn pages(api: &Api, operation: &Operation, item: &Type, flavour: Flavour) -> String {
    let mut arguments = arguments(api, operation);
    arguments.retain(|argument| argument.wire != "cursor");
    let item = annotation(item, Side::Answered);
    let (answer, walk) = match flavour {
        Flavour::Asyncio => (format!("AsyncIterator[{item}]"), "through_pages"),
        Flavour::Blocking => (format!("Iterator[{item}]"), "through_pages_blocking"),
    };
    let summary =
        format!("{} Iterates through all pages, fetching `limit` items at a time.", sentence(&operation.summary));
    let docs = docs(operation, &arguments, &[summary, operation.description.clone()]);
    let signature = signature("", &format!("{}_all", operation.id), &arguments, operation, &answer);
    let passed = passed(operation, &arguments).replacen("(\n", "(\n            self._native,\n", 1);
    format!("{signature}{docs}        return {walk}{passed}\n")
}

fn docs(operation: &Operation, arguments: &[Argument], head: &[String]) -> String {
    let mut paragraphs = head.to_vec();
    let entries: Vec<String> = arguments
        .iter()
        .filter(|argument| !argument.docs.is_empty())
        .map(|argument| entry(&argument.python, &argument.docs))
        .collect();
    if !entries.is_empty() {
        paragraphs.push(format!("Args:\n{}", entries.join("\n")));
    }
    let mut raised: Vec<(&str, String)> = Vec::new();
    for error in &operation.errors {
        let Some(class) = error_class(error.status) else { continue };
        match raised.iter_mut().find(|(known, _)| *known == class) {
            Some((_, docs)) => *docs = format!("{docs}; {}", error.docs),
            None => raised.push((class, error.docs.clone())),
        }
    }
    let raised: Vec<String> = raised.iter().map(|(class, docs)| entry(class, docs)).collect();
    if !raised.is_empty() {
        paragraphs.push(format!("Raises:\n{}", raised.join("\n")));
    }
    docstring(8, &paragraphs)
}

/// The class that a documented status raises. `None` for what every call may raise and a class does not tell of.
fn error_class(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "BadRequestError",
        401 => "AuthenticationError",
        403 => "PermissionDeniedError",
        404 => "NotFoundError",
        409 => "ConflictError",
        422 => "UnprocessableEntityError",
        429 => "RateLimitError",
        500.. => "InternalServerError",
        _ => return None,
    })
}
