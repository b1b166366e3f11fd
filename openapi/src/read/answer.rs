//! What an operation answers, when it succeeds and when it fails.

use super::{Result, node::Node, schema::Schemas};
use crate::model::{Answer, ErrorAnswer, Parameter, SchemaKind, StringFormat, Type};

/// What a success answers: as JSON, and otherwise.
pub(super) fn successes<'a>(
    node: &Node<'a>,
    operation: &str,
    schemas: &mut Schemas<'a>,
) -> Result<(Option<Answer>, Option<Answer>)> {
    node.required("responses")?;
    let (mut json, mut other, mut successes) = (None, None, 0);
    for (status, response) in node.entries("responses")? {
        match status.as_bytes() {
            [b'2', b'0'..=b'9', b'0'..=b'9'] => successes += 1,
            [b'4' | b'5', b'0'..=b'9', b'0'..=b'9'] => continue,
            _ => {
                return Err(response.error(format!("the clients have no form for the status `{status}`")));
            }
        }
        for (media, content) in response.resolve()?.entries("content")? {
            if media == "application/json" {
                let ty = schemas.inline(&content.required("schema")?, &format!("{operation}Response"))?;
                json = Some(Answer::Json(ty));
                continue;
            }
            if other.is_some() {
                return Err(content.error("an answer has one media type beside JSON"));
            }
            other = Some(if media == "text/event-stream" {
                let schema = content.get("itemSchema").map_or_else(|| content.required("schema"), Ok)?;
                let event = schemas.inline(&schema, &format!("{operation}Event"))?;
                let union = matches!(&event, Type::Named(name) if matches!(schemas.named(name)?, SchemaKind::Union(_)));
                if !union {
                    return Err(schema.error("events must be a union of objects (`oneOf`)"));
                }
                Answer::Events { event, response: None }
            } else {
                Answer::Bytes(media.to_owned())
            });
        }
    }
    if successes != 1 {
        return Err(node
            .required("responses")?
            .error(format!("there must be one success (2xx), there are {successes}")));
    }
    Ok((json, other))
}

/// The documented failures, by status.
pub(super) fn errors<'a>(node: &Node<'a>, schemas: &mut Schemas<'a>) -> Result<Vec<ErrorAnswer>> {
    let mut errors = Vec::new();
    for (status, response) in node.entries("responses")? {
        let Some(status) = status.parse().ok().filter(|status| (400..600).contains(status)) else {
            continue;
        };
        let response = response.resolve()?;
        for (media, content) in response.entries("content")? {
            if media != "application/problem+json" {
                return Err(content.error(format!("an error is application/problem+json, not {media}")));
            }
            schemas.inline(&content.required("schema")?, "Problem")?;
        }
        errors.push(ErrorAnswer { status, docs: response.text("description")?.trim().to_owned() });
    }
    errors.sort_by_key(|error| error.status);
    Ok(errors)
}

/// A list that comes in pages answers exactly `data`, `has_more` and `next_cursor` and takes `limit` and `cursor`.
pub(super) fn page_item(answer: Option<&Answer>, query: &[Parameter], schemas: &mut Schemas) -> Result<Option<Type>> {
    let cursor = query.iter().find(|parameter| parameter.name == "cursor");
    let has_limit = query.iter().any(|parameter| parameter.name == "limit");
    let (Some(Answer::Json(Type::Named(name))), Some(cursor), true) = (answer, cursor, has_limit) else {
        return Ok(None);
    };
    let SchemaKind::Object(page) = schemas.named(name)? else {
        return Ok(None);
    };
    let mut names: Vec<&str> = page.fields.iter().map(|field| field.name.as_str()).collect();
    names.sort_unstable();
    let is_page = names == ["data", "has_more", "next_cursor"] && cursor.ty == Type::String(StringFormat::Plain);
    let data = page.fields.iter().find(|field| field.name == "data").filter(|_| is_page);
    Ok(data.and_then(|data| if let Type::Array(item) = &data.ty { Some((**item).clone()) } else { None }))
}
