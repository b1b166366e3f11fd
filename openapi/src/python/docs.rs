//! What `help` says of a method.

use heck::ToSnakeCase;

use super::{
    arguments::{Argument, options},
    client::Flavour,
    spelling::{Side, annotation, identifier, literal},
    text::{docstring, entry, sentence},
};
use crate::model::{Answer, Operation};

/// The docstring of a method: what it does, its arguments, its errors, an example.
pub(super) fn docs(operation: &Operation, arguments: &[Argument], flavour: Flavour) -> String {
    let head = [sentence(&operation.summary), operation.description.clone()];
    whole(operation, arguments, &head, &example(operation, arguments, flavour))
}

/// The docstring of the walk through all pages.
pub(super) fn page_docs(operation: &Operation, arguments: &[Argument], flavour: Flavour) -> String {
    let summary =
        format!("{} Iterates through all pages, fetching `limit` items at a time.", sentence(&operation.summary));
    let prefix = if flavour == Flavour::Asyncio { "async " } else { "" };
    let call = call(&format!("{}_all", operation.id), arguments);
    let example = format!("{prefix}for item in {call}:\n    print(item)");
    whole(operation, arguments, &[summary, operation.description.clone()], &example)
}

/// The docstring of a method that answers with status and headers.
pub(super) fn raw_docs(operation: &Operation, class: &str) -> String {
    let summary = format!("{} See `{class}.{}`.", sentence(&operation.summary), identifier(&operation.id));
    docstring(8, &[summary])
}

fn whole(operation: &Operation, arguments: &[Argument], head: &[String], example: &str) -> String {
    let mut paragraphs = head.to_vec();
    let mut entries: Vec<String> = arguments
        .iter()
        .filter(|argument| !argument.docs.is_empty())
        .map(|argument| entry(&argument.python, &argument.docs))
        .collect();
    entries.push(entry(&options(operation).join(", "), "Options of this call alone; see `with_options`."));
    paragraphs.push(format!("Args:\n{}", entries.join("\n")));
    let mut raised: Vec<(&str, String)> = Vec::new();
    for error in &operation.errors {
        let Some(class) = error_class(error.status) else { continue };
        let docs = sentence(&error.docs);
        match raised.iter_mut().find(|(known, _)| *known == class) {
            Some((_, known)) => *known = format!("{known} {docs}"),
            None => raised.push((class, docs)),
        }
    }
    raised.push((
        "APIConnectionError",
        "No connection, or it broke; `APITimeoutError` when it took too long.".to_owned(),
    ));
    let raised: Vec<String> = raised.iter().map(|(class, docs)| entry(class, docs)).collect();
    paragraphs.push(format!("Raises:\n{}", raised.join("\n")));
    let example: Vec<String> = example.lines().map(|line| format!("    {line}")).collect();
    paragraphs.push(format!("Example:\n{}", example.join("\n")));
    docstring(8, &paragraphs)
}

fn example(operation: &Operation, arguments: &[Argument], flavour: Flavour) -> String {
    let call = call(&identifier(&operation.id), arguments);
    let prefix = if flavour == Flavour::Asyncio { "async " } else { "" };
    let wait = if flavour == Flavour::Asyncio { "await " } else { "" };
    match &operation.answer {
        Answer::Events { .. } => format!(
            "{prefix}with {call} as stream:\n    {prefix}for text in stream.text_stream:\n        print(text, end=\"\")"
        ),
        Answer::Json(ty) => {
            let name = annotation(ty.non_null(), Side::Answered).to_snake_case();
            let name = if operation.page_item.is_some() { "page".to_owned() } else { name };
            format!("{name} = {wait}{call}")
        }
        Answer::Bytes(_) => format!("content = {wait}{call}"),
        Answer::Empty => format!("{wait}{call}"),
    }
}

/// The call with what it cannot be made without: an example of the document, else a variable of the argument's name.
fn call(method: &str, arguments: &[Argument]) -> String {
    let given: Vec<String> = arguments
        .iter()
        .filter(|argument| argument.required)
        .map(|argument| {
            let name = &argument.python;
            let value = argument.example.as_ref().and_then(literal).unwrap_or_else(|| name.clone());
            format!("{name}={value}")
        })
        .collect();
    let line = format!("client.{method}({})", given.join(", "));
    if line.len() <= LONGEST_LINE {
        return line;
    }
    format!("client.{method}(\n    {},\n)", given.join(",\n    "))
}

/// What fits on a line of `help` beside its indentation.
const LONGEST_LINE: usize = 88;

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
