//! `_types.py`: what calls answer, what events are, and the objects inside requests.

use std::collections::BTreeSet;

use super::{
    HEADER,
    spelling::{Side, annotation, identifier, names, quoted},
    text::docstring,
};
use crate::model::{Api, Field, Object, Schema, SchemaKind, Type, Union};

pub(super) fn write(api: &Api) -> String {
    let schemas = exported(api);
    let mut enums = String::new();
    let mut classes = String::new();
    let mut unions = String::new();
    for schema in &schemas {
        let side = if schema.in_answer { Side::Answered } else { Side::Given };
        match &schema.kind {
            SchemaKind::Enum(values) => {
                let values: Vec<String> = values.iter().map(|value| quoted(&value.value)).collect();
                enums += &format!("\n{}: TypeAlias = Literal[{}] | str\n", schema.name, values.join(", "));
                enums +=
                    &docstring(0, &[schema.docs.clone(), "Later versions of the server may know more.".to_owned()]);
            }
            SchemaKind::Object(object) => classes += &class(schema, object, side),
            SchemaKind::Union(union) => unions += &union_alias(schema, union),
            SchemaKind::Alias(ty) => {
                let target = annotation(ty, side);
                // In quotes where it names what may stand further down.
                let target = if names(ty).is_empty() { target } else { quoted(&target) };
                unions += &format!("\n{}: TypeAlias = {target}\n", schema.name);
                unions += &docstring(0, std::slice::from_ref(&schema.docs));
            }
        }
    }
    let body = enums + &classes + if unions.is_empty() { "" } else { "\n" } + &unions;
    let all: String = schemas.iter().map(|schema| format!("    {},\n", quoted(&schema.name))).collect();
    let docs = "\"\"\"What the API answers and takes: plain dicts, typed.\"\"\"\n";
    format!("{HEADER}{docs}\nfrom __future__ import annotations\n\n{}\n__all__ = [\n{all}]\n{body}", imports(&body))
}

/// Every schema but those that are only the body of a call: their fields are the arguments of its method.
fn exported(api: &Api) -> Vec<&Schema> {
    let bodies: BTreeSet<&str> =
        api.operations.iter().filter_map(|op| Some(op.body.as_ref()?.schema.as_str())).collect();
    let mentioned: BTreeSet<&str> = api.schemas.iter().flat_map(mentions).collect();
    let unused = |schema: &Schema| {
        let name = schema.name.as_str();
        bodies.contains(name) && !schema.in_answer && !mentioned.contains(name)
    };
    api.schemas.iter().filter(|schema| !unused(schema)).collect()
}

fn mentions(schema: &Schema) -> Vec<&str> {
    match &schema.kind {
        SchemaKind::Object(object) => object.fields.iter().flat_map(|field| names(&field.ty)).collect(),
        SchemaKind::Union(union) => union.variants.iter().map(|variant| variant.schema.as_str()).collect(),
        SchemaKind::Alias(ty) => names(ty),
        SchemaKind::Enum(_) => Vec::new(),
    }
}

fn imports(body: &str) -> String {
    let has = |name: &str| body.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
    let mut out = String::new();
    let collections: Vec<&str> = ["Mapping", "Sequence"].into_iter().filter(|name| has(name)).collect();
    if !collections.is_empty() {
        out += &format!("from collections.abc import {}\n", collections.join(", "));
    }
    if has("datetime") {
        out += "from datetime import datetime\n";
    }
    let typing: Vec<&str> = ["Any", "Literal", "TypeAlias", "TypedDict"].into_iter().filter(|name| has(name)).collect();
    out + &format!("from typing import {}\n", typing.join(", "))
}

/// A class, with its optional fields in a class of their own below: `NotRequired` came with Python 3.11.
fn class(schema: &Schema, object: &Object, side: Side) -> String {
    let (mut required, optional): (Vec<&Field>, Vec<&Field>) = object.fields.iter().partition(|field| field.required);
    // What an event is called comes before what it says.
    required.sort_by_key(|field| !matches!(field.ty, Type::Literal(_)));
    let name = &schema.name;
    let docs = docstring(4, std::slice::from_ref(&schema.docs));
    let functional = object.fields.iter().any(|field| identifier(&field.name) != field.name);
    if functional {
        // Names that Python keeps for itself can only be keys.
        let part = |part: &str, fields: &[&Field], total: &str| {
            let fields: String = fields
                .iter()
                .map(|field| format!("        {}: {},\n", quoted(&field.name), quoted(&annotation(&field.ty, side))))
                .collect();
            format!(
                "\n\n_{name}{part} = TypedDict(\n    \"_{name}{part}\",\n    {{\n{fields}    }},\n    total={total},\n)\n"
            )
        };
        let parts = part("Required", &required, "True") + &part("Optional", &optional, "False");
        let body = if docs.is_empty() { "    pass\n" } else { &docs };
        return format!("{parts}\n\nclass {name}(_{name}Required, _{name}Optional):\n{body}");
    }
    if optional.is_empty() {
        return format!("\n\nclass {name}(TypedDict):\n{}", body(&docs, &required, side));
    }
    if required.is_empty() {
        return format!("\n\nclass {name}(TypedDict, total=False):\n{}", body(&docs, &optional, side));
    }
    let base = format!("\n\nclass _{name}Required(TypedDict):\n{}", body("", &required, side));
    format!("{base}\n\nclass {name}(_{name}Required, total=False):\n{}", body(&docs, &optional, side))
}

fn body(docs: &str, fields: &[&Field], side: Side) -> String {
    let mut out = docs.to_owned();
    for field in fields {
        if out.ends_with("\"\"\"\n") {
            out.push('\n');
        }
        out += &format!("    {}: {}\n", field.name, annotation(&field.ty, side));
        out += &docstring(4, std::slice::from_ref(&field.docs));
    }
    if out.is_empty() { "    pass\n".to_owned() } else { out }
}

fn union_alias(schema: &Schema, union: &Union) -> String {
    let members: Vec<&str> = union.variants.iter().map(|variant| variant.schema.as_str()).collect();
    let note = format!(
        "Told apart by `{}`. Later versions of the server may send others: let a `match` end with `case _: pass`.",
        union.tag
    );
    format!("\n{}: TypeAlias = (\n    {}\n)\n", schema.name, members.join("\n    | "))
        + &docstring(0, &[schema.docs.clone(), note])
}
