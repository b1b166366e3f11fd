//! `_client.py`: a method an operation, twice.

use std::collections::BTreeSet;

use super::{
    HEADER,
    arguments::{arguments, passed, signature},
    docs::{docs, page_docs, raw_docs},
    spelling::{Side, annotation, identifier, names},
    text::docstring,
};
use crate::model::{Answer, Api, Operation, SchemaKind, Type};

/// How the two clients differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Asyncio,
    Blocking,
}

impl Flavour {
    fn pick(self, asyncio: &'static str, blocking: &'static str) -> &'static str {
        if self == Self::Asyncio { asyncio } else { blocking }
    }

    fn class(self) -> &'static str {
        self.pick("AgentPlatformClient", "SyncAgentPlatformClient")
    }

    /// What a method returns for an answer. The native awaitable rather than `async def`: it can say what is wrong when
    /// the `await` is missing.
    fn awaited(self, answer: &str) -> String {
        match self {
            Self::Asyncio => format!("Coroutine[Any, Any, {answer}]"),
            Self::Blocking => answer.to_owned(),
        }
    }
}

pub(super) fn write(api: &Api) -> String {
    let mut classes = String::new();
    for (flavour, base, docs) in
        [(Flavour::Asyncio, "AsyncBaseClient", ASYNC_DOCS), (Flavour::Blocking, "SyncBaseClient", SYNC_DOCS)]
    {
        let name = flavour.class();
        classes += &format!("\n\nclass {name}({base}):\n{}", docstring(4, &[docs.to_owned()]));
        classes += &format!(
            "\n    __slots__ = ()\n\n    @property\n    def with_raw_response(self) -> {name}WithRawResponse:\n\
             {}        from ._raw import {name}WithRawResponse\n\n\
             \x20       return {name}WithRawResponse(self._native.with_raw_response())\n",
            docstring(
                8,
                &["The same methods, answering with status, headers, request id and retries taken.".to_owned()]
            )
        );
        for operation in &api.operations {
            classes += &method(api, operation, flavour);
            if let Some(item) = &operation.page_item {
                classes += &pages(api, operation, item, flavour);
            }
        }
    }
    let docs = "\"\"\"The client: one method for each operation of the API.\"\"\"\n";
    let first = "from ._base import AsyncBaseClient, SyncBaseClient\nfrom ._native import OMIT\n\
                 from ._page import AsyncPages, pages\n";
    format!("{HEADER}{docs}\n{}{classes}", imports(api, first, &classes))
}

const ASYNC_DOCS: &str = "The client for asyncio.\n\nExample:\n    async with AgentPlatformClient(api_key=\"pk_live_...\") as client:\n        \
    agent = await client.create_agent(name=\"Support Agent\", system_prompt=\"You are helpful.\")";
const SYNC_DOCS: &str = "The client for blocking code.\n\nExample:\n    with SyncAgentPlatformClient(api_key=\"pk_live_...\") as client:\n        \
    agent = client.create_agent(name=\"Support Agent\", system_prompt=\"You are helpful.\")";

/// Types are for type checkers alone: importing `typing` would take longer than all the rest.
fn imports(api: &Api, first: &str, classes: &str) -> String {
    let words: BTreeSet<&str> = classes.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let used =
        |names: &[&str]| names.iter().copied().filter(|name| words.contains(name)).collect::<Vec<_>>().join(", ");
    let mut typed = format!(
        "    from collections.abc import {}\n",
        used(&["AsyncIterator", "Coroutine", "Iterator", "Mapping", "Sequence"])
    );
    if words.contains("datetime") {
        typed += "    from datetime import datetime\n";
    }
    let typing = used(&["Any", "Literal"]);
    if !typing.is_empty() {
        typed += &format!("    from typing import {typing}\n");
    }
    typed += &format!("\n    from ._native import {}\n", used(&["AsyncStream", "Omit", "RawResponse", "Stream"]));
    let raw = used(&["AgentPlatformClientWithRawResponse", "SyncAgentPlatformClientWithRawResponse"]);
    if !raw.is_empty() && !classes.contains("(RawBase)") {
        typed += &format!("    from ._raw import {raw}\n");
    }
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
        "from __future__ import annotations\n\n{first}\n\
         TYPE_CHECKING = False\nif TYPE_CHECKING:\n{typed}"
    )
}

/// Whether a signature names the schema; a word of a docstring may look like one.
fn mentioned(api: &Api, schema: &str) -> bool {
    api.operations.iter().any(|operation| {
        let answers: Vec<&Type> = match &operation.answer {
            Answer::Json(ty) => vec![ty],
            Answer::Events { event, response } => {
                let response = response.as_ref().or_else(|| final_response(api, event));
                std::iter::once(event).chain(response).collect()
            }
            Answer::Empty | Answer::Bytes(_) => Vec::new(),
        };
        let arguments = arguments(api, operation);
        let given = arguments.iter().map(|argument| &argument.ty);
        given.chain(answers).chain(&operation.page_item).any(|ty| names(ty).contains(&schema))
    })
}

fn method(api: &Api, operation: &Operation, flavour: Flavour) -> String {
    let arguments = arguments(api, operation);
    let passed = passed(operation, &arguments);
    let docs = docs(operation, &arguments, flavour);
    let name = identifier(&operation.id);
    if let Answer::Events { event, response } = &operation.answer {
        let response = response.as_ref().or_else(|| final_response(api, event));
        let response = response.map_or("None".to_owned(), |ty| annotation(ty, Side::Answered));
        let event = annotation(event, Side::Answered);
        let class = flavour.pick("AsyncStream", "Stream");
        let answer = format!("{class}[{event}, {response}]");
        let signature = signature("", &name, &arguments, operation, &answer);
        return format!(
            "{signature}{docs}        stream: {answer} = self._native.stream{passed}\n        return stream\n"
        );
    }
    let answer = flavour.awaited(&answered(operation));
    let signature = signature("", &name, &arguments, operation, &answer);
    format!("{signature}{docs}{}", called(&answer, &passed))
}

/// What a stream adds up to, where no other operation answers it: the `response` that its final event holds.
fn final_response<'a>(api: &'a Api, event: &Type) -> Option<&'a Type> {
    let Type::Named(name) = api.resolved(event) else { return None };
    let SchemaKind::Union(union) = &api.schema(name).kind else { return None };
    union.variants.iter().find_map(|variant| match &api.schema(&variant.schema).kind {
        SchemaKind::Object(object) => {
            object.fields.iter().find(|field| field.name == "response").map(|field| &field.ty)
        }
        _ => None,
    })
}

/// What an operation answers; not for streams.
fn answered(operation: &Operation) -> String {
    match &operation.answer {
        Answer::Json(ty) => annotation(ty, Side::Answered),
        Answer::Bytes(_) => "bytes".to_owned(),
        Answer::Empty | Answer::Events { .. } => "None".to_owned(),
    }
}

fn called(answer: &str, passed: &str) -> String {
    if answer == "None" {
        return format!("        self._native.call{passed}\n");
    }
    format!("        answer: {answer} = self._native.call{passed}\n        return answer\n")
}

/// The walk through all pages of a list.
fn pages(api: &Api, operation: &Operation, item: &Type, flavour: Flavour) -> String {
    let mut arguments = arguments(api, operation);
    arguments.retain(|argument| argument.wire != "cursor");
    let item = annotation(item, Side::Answered);
    let (answer, walk) = match flavour {
        Flavour::Asyncio => (format!("AsyncIterator[{item}]"), "AsyncPages"),
        Flavour::Blocking => (format!("Iterator[{item}]"), "pages"),
    };
    let docs = page_docs(operation, &arguments, flavour);
    let signature = signature("", &format!("{}_all", operation.id), &arguments, operation, &answer);
    let passed = passed(operation, &arguments).replacen("(\n", "(\n            self._native,\n", 1);
    format!("{signature}{docs}        return {walk}{passed}\n")
}

/// `_raw.py`: the methods that answer at once, with what came beside the answer.
pub(super) fn write_raw(api: &Api) -> String {
    let mut classes = String::new();
    for flavour in [Flavour::Asyncio, Flavour::Blocking] {
        let class = flavour.class();
        let docs = format!("The methods of `{class}`, answering with status, headers and request id.");
        classes += &format!("\n\nclass {class}WithRawResponse(RawBase):\n{}", docstring(4, &[docs]));
        classes += "\n    __slots__ = ()\n";
        for operation in api.operations.iter().filter(|op| !matches!(op.answer, Answer::Events { .. })) {
            let arguments = arguments(api, operation);
            let answer = flavour.awaited(&format!("RawResponse[{}]", answered(operation)));
            classes += &signature("", &identifier(&operation.id), &arguments, operation, &answer);
            classes += &raw_docs(operation, class);
            classes += &called(&answer, &passed(operation, &arguments));
        }
    }
    let docs = "\"\"\"The client's methods, with what came beside their answers.\"\"\"\n";
    let first = "from ._base import RawBase\nfrom ._native import OMIT\n";
    format!("{HEADER}{docs}\n{}{classes}", imports(api, first, &classes))
}
