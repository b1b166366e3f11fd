//! Objects, put together from `properties` and `allOf`.

use heck::ToUpperCamelCase;

use super::{Result, docs, names, node::Node, schema::Schemas};
use crate::model::{Field, Object, SchemaKind, Type};

/// The object, or the map, that stands at a node.
pub(super) fn read<'a>(schemas: &mut Schemas<'a>, node: &Node<'a>, name: &str) -> Result<SchemaKind> {
    let additional = node.get("additionalProperties").filter(|node| node.value().is_object());
    if node.get("properties").is_none() && node.get("allOf").is_none() {
        if let Some(values) = additional {
            let values = schemas.inline(&values, &format!("{name}Value"))?;
            return Ok(SchemaKind::Alias(Type::Map(Box::new(values))));
        }
        if node.flag("additionalProperties", true)? {
            return Ok(SchemaKind::Alias(Type::Map(Box::new(Type::Any))));
        }
    }
    if let Some(additional) = additional.filter(|node| node.object().is_ok_and(|schema| !schema.is_empty())) {
        return Err(additional.error("the clients have no form for an object with both known fields and typed others"));
    }
    let mut object = Object { fields: Vec::new(), closed: false };
    collect(schemas, node, name, &mut object, 0)?;
    names::check(node, object.fields.iter().map(|field| field.name.as_str()))?;
    Ok(SchemaKind::Object(object))
}

fn collect<'a>(
    schemas: &mut Schemas<'a>,
    node: &Node<'a>,
    name: &str,
    object: &mut Object,
    depth: usize,
) -> Result<()> {
    if depth > 16 {
        return Err(node.error("this `allOf` leads in a circle"));
    }
    for member in node.items("allOf")? {
        collect(schemas, &member.resolve()?, name, object, depth + 1)?;
    }
    if depth > 0 && node.get("oneOf").is_some() {
        return Err(node.error("the clients have no form for a choice inside of `allOf`"));
    }
    object.closed |= node.get("additionalProperties").is_some_and(|node| node.value() == false);
    let required = node.items("required")?;
    let required = required.iter().map(Node::string).collect::<Result<Vec<_>>>()?;
    for (property, schema) in node.entries("properties")? {
        if !schema.flag("x-sdk", true)? {
            continue;
        }
        let title = schema.text("title")?;
        let inline = if title.is_empty() {
            format!("{name}{}", property.to_upper_camel_case())
        } else {
            title.to_upper_camel_case()
        };
        let field = Field {
            name: property.to_owned(),
            docs: docs::of(&schema)?,
            ty: schemas.inline(&schema, &inline)?,
            required: required.contains(&property),
            example: docs::example(&schema),
            deprecated: schema.flag("deprecated", false)?,
        };
        // A later member of `allOf` makes an earlier one more exact.
        match object.fields.iter_mut().find(|known| known.name == field.name) {
            Some(known) => *known = Field { required: known.required || field.required, ..field },
            None => object.fields.push(field),
        }
    }
    for name in required {
        let known = object.fields.iter_mut().find(|field| field.name == name);
        let left_out = node.get("properties").and_then(|node| node.get(name)).is_some();
        match known {
            Some(field) => field.required = true,
            None if left_out => {}
            None => return Err(node.error(format!("`{name}` is required, but is no property"))),
        }
    }
    Ok(())
}
