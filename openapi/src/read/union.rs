//! Unions: `oneOf` objects told apart by the value of one field.

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::{Result, node::Node, schema::Schemas};
use crate::model::{SchemaKind, Type, Union, Variant};

/// The members of `oneOf` or `anyOf` other than `null`, and whether `null` is one.
pub(super) fn members<'a>(node: &Node<'a>) -> Result<(Vec<Node<'a>>, bool)> {
    let mut members = node.items("oneOf")?;
    members.extend(node.items("anyOf")?);
    let all = members.len();
    members.retain(|member| member.value().get("type").is_none_or(|ty| ty != "null"));
    let nullable = members.len() < all;
    Ok((members, nullable))
}

/// Reads a union. A member without a name gets one made of its tag and the last word of the union's name:
/// `message.delta` in `ExecutionEvent` is `MessageDeltaEvent`.
pub(super) fn read<'a>(
    schemas: &mut Schemas<'a>,
    node: &Node<'a>,
    members: &[Node<'a>],
    name: &str,
) -> Result<SchemaKind> {
    let tag = match node.get("discriminator") {
        Some(discriminator) => discriminator.required("propertyName")?.string()?.to_owned(),
        None => "type".to_owned(),
    };
    let suffix = name.to_snake_case().rsplit('_').next().unwrap_or_default().to_upper_camel_case();
    let mut union = Union { tag, variants: Vec::new() };
    for member in members {
        let tag_value = tag_value(member, &union.tag, 0)?.ok_or_else(|| {
            let tag = &union.tag;
            member.error(format!("the clients tell members apart by `{tag}`, which has no single value (`const`) here"))
        })?;
        if union.variants.iter().any(|variant| variant.tag_value == tag_value) {
            return Err(member.error(format!("`{tag_value}` is the `{}` of another member too", union.tag)));
        }
        let title = member.text("title")?;
        let inline = if title.is_empty() {
            format!("{}{suffix}", tag_value.to_upper_camel_case())
        } else {
            title.to_upper_camel_case()
        };
        match schemas.inline(member, &inline)? {
            Type::Named(schema) => union.variants.push(Variant { tag_value, schema }),
            _ => return Err(member.error("only objects can be members of a union")),
        }
    }
    Ok(SchemaKind::Union(union))
}

/// The one value that a member's tag has.
fn tag_value(member: &Node, tag: &str, depth: usize) -> Result<Option<String>> {
    let member = member.resolve()?;
    if let Some(field) = member.get("properties").and_then(|properties| properties.get(tag)) {
        let field = field.resolve()?;
        return match (field.get("const"), field.items("enum")?.as_slice()) {
            (Some(constant), _) => Ok(Some(constant.string()?.to_owned())),
            (None, [value]) => Ok(Some(value.string()?.to_owned())),
            _ => Ok(None),
        };
    }
    if depth < 16 {
        for part in member.items("allOf")?.iter().rev() {
            if let Some(value) = tag_value(part, tag, depth + 1)? {
                return Ok(Some(value));
            }
        }
    }
    Ok(None)
}
