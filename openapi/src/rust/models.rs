//! The models: what is sent and what is received.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};

use super::{
    requests::{self, Input},
    spelling::{docs, pretty, spaced, ty, variant},
};
use crate::model::{Answer, Api, EnumValue, Field, Method, Object, Schema, SchemaKind, StringFormat, Type, Union};

const HEAD: &str = "\
//! The schemas of the API. Fields, values and events that this version does not know are kept, in `extra` and `Unknown`.

#![allow(
    clippy::large_enum_variant,
    clippy::too_many_arguments,
    clippy::wrong_self_convention,
    reason = \"the document decides on sizes, counts and names\"
)]

use super::decode;
use crate::Arguments;
";

/// `models.rs`.
pub(super) fn write(api: &Api) -> String {
    let writer = Writer { api, tags: tags(api), patches: patches(api), pages: pages(api) };
    let mut code = HEAD.to_owned();
    for schema in api.schemas.iter().filter(|schema| !writer.pages.contains(schema.name.as_str())) {
        code.push('\n');
        code.push_str(&match &schema.kind {
            SchemaKind::Object(object) => writer.object(schema, object),
            SchemaKind::Enum(values) => open_enum(schema, values),
            SchemaKind::Union(union) => writer.union(schema, union),
            SchemaKind::Alias(alias) => {
                format!("{}pub type {} = {};\n", docs(&schema.docs), schema.name, ty(alias, ""))
            }
        });
    }
    for operation in api.operations.iter().filter(|operation| requests::has_parameters(operation)) {
        code.push('\n');
        code.push_str(&requests::parameters(api, operation));
    }
    code
}

/// Whether a field holds what must not be printed: OpenAPI marks it with `format: password`.
fn is_secret(field: &Field) -> bool {
    matches!(&field.ty, Type::String(StringFormat::Other(format)) if format == "password")
}

/// `Debug` that leaves secrets out.
fn veiled_debug(name: &str, fields: &[Field], inputs: &[Input]) -> String {
    let secret = |input: &Input| fields.iter().any(|field| field.name == input.name && is_secret(field));
    let mut shown = String::new();
    for input in inputs.iter().filter(|input| !secret(input)) {
        let _ = write!(shown, ".field({:?}, &self.{})", input.name, input.identifier);
    }
    format!(
        "
        /// Without what must not be printed.
        impl std::fmt::Debug for {name} {{
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{
                f.debug_struct({name:?}){shown}.finish_non_exhaustive()
            }}
        }}
        "
    )
}

struct Writer<'a> {
    api: &'a Api,
    /// The field that tells a union's members apart is the enum's business, not the member's.
    tags: HashMap<&'a str, &'a str>,
    patches: HashSet<&'a str>,
    pages: HashSet<&'a str>,
}

impl Writer<'_> {
    fn object(&self, schema: &Schema, object: &Object) -> String {
        let name = &schema.name;
        let tag = self.tags.get(name.as_str());
        let patch = self.patches.contains(name.as_str()) && !schema.in_answer;
        let mut inputs = Vec::new();
        for field in object.fields.iter().filter(|field| tag != Some(&field.name.as_str())) {
            let boxed = self.contains(&field.ty, name, &mut HashSet::new());
            inputs.push(Input::of_field(self.api, field, patch, boxed));
        }
        let optional = inputs.iter().all(|input| !input.required);
        let default = if schema.in_request && optional { ", Default" } else { "" };
        let mut fields: String = inputs.iter().map(Input::field).collect();
        let extra = if object.fields.iter().any(|field| field.name == "extra") { "extra_fields" } else { "extra" };
        if schema.in_answer {
            let _ = write!(
                fields,
                "/// What this version does not know.
                #[serde(flatten)]
                pub {extra}: serde_json::Map<String, serde_json::Value>,"
            );
        }
        let holds_secret = object.fields.iter().any(is_secret);
        let debug = if holds_secret { "" } else { "Debug," };
        let mut code = format!(
            "{}#[derive(Clone, {debug} PartialEq, serde::Serialize{default})]
            #[non_exhaustive]
            pub struct {name} {{ {fields} }}\n",
            docs(&schema.docs),
        );
        if holds_secret {
            code.push_str(&veiled_debug(name, &object.fields, &inputs));
        }
        if schema.in_request {
            let extra = schema.in_answer.then_some(extra);
            code.push_str(&requests::builder(self.api, name, &inputs, extra));
        }
        let mut code = spaced(&pretty(&code));
        if schema.in_answer {
            let _ = writeln!(code, "\ndecode::object!({name} {{");
            for input in &inputs {
                let kind = if input.option { "optional" } else { "required" };
                let _ = writeln!(code, "    {}: {kind} {:?},", input.identifier, input.name);
            }
            let _ = writeln!(code, "    ..{extra}\n}});");
        }
        code
    }

    fn union(&self, schema: &Schema, union: &Union) -> String {
        let name = &schema.name;
        let (mut variants, mut decoded) = (String::new(), String::new());
        for member in &union.variants {
            let (variant, content) = (variant(&member.tag_value), &member.schema);
            let docs = docs(&self.api.schema(content).docs);
            let _ = writeln!(variants, "{docs}#[serde(rename = {:?})]\n{variant}({content}),", member.tag_value);
            let _ = writeln!(decoded, "    {variant}({content}) = {:?},", member.tag_value);
        }
        let mut code = pretty(&format!(
            "{}#[derive(Clone, Debug, PartialEq, serde::Serialize)]
            #[serde(tag = {tag:?})]
            #[non_exhaustive]
            pub enum {name} {{
                {variants}
                /// What this version does not know, as it came.
                #[serde(untagged)]
                Unknown(serde_json::Value),
            }}",
            docs(&schema.docs),
            tag = union.tag,
        ));
        let _ = writeln!(code, "\ndecode::union!({name} by {:?} {{\n{decoded}}});", union.tag);
        if let Some(response) = self.response(name) {
            let _ = writeln!(code, "\nimpl crate::StreamEvent for {name} {{\n    type Response = {response};\n}}");
        }
        code
    }

    /// What a stream of these events adds up to.
    fn response(&self, event: &str) -> Option<String> {
        let mut streams = self.api.operations.iter().filter_map(|operation| match &operation.answer {
            Answer::Events { event: Type::Named(name), response } if name == event => Some(response.clone()),
            _ => None,
        });
        let first = streams.next()?;
        let response = first.or_else(|| streams.flatten().next()).unwrap_or(Type::Any);
        Some(ty(&response, ""))
    }

    /// Whether a value of this type holds one of the schema, and not behind a list or a map.
    fn contains<'b>(&'b self, ty: &'b Type, schema: &str, seen: &mut HashSet<&'b str>) -> bool {
        let Type::Named(name) = ty.non_null() else {
            return false;
        };
        if name == schema {
            return true;
        }
        if !seen.insert(name) {
            return false;
        }
        match &self.api.schema(name).kind {
            SchemaKind::Object(object) => object.fields.iter().any(|field| self.contains(&field.ty, schema, seen)),
            SchemaKind::Union(union) => union.variants.iter().any(|variant| {
                variant.schema == schema
                    || matches!(&self.api.schema(&variant.schema).kind, SchemaKind::Object(object)
                        if object.fields.iter().any(|field| self.contains(&field.ty, schema, seen)))
            }),
            SchemaKind::Alias(ty) => self.contains(ty, schema, seen),
            SchemaKind::Enum(_) => false,
        }
    }
}

fn open_enum(schema: &Schema, values: &[EnumValue]) -> String {
    let name = &schema.name;
    let (mut variants, mut decoded) = (String::new(), String::new());
    for value in values {
        let text = if value.docs.is_empty() { format!("`{}`", value.value) } else { value.docs.clone() };
        let _ = writeln!(variants, "{}{},", docs(&text), variant(&value.value));
        let _ = writeln!(decoded, "    {} = {:?},", variant(&value.value), value.value);
    }
    let code = pretty(&format!(
        "{}#[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum {name} {{
            {variants}
            /// What this version does not know, as it came.
            Unknown(String),
        }}",
        docs(&schema.docs),
    ));
    format!("{code}\ndecode::open_enum!({name} {{\n{decoded}}});\n")
}

fn tags(api: &Api) -> HashMap<&str, &str> {
    let mut tags = HashMap::new();
    for schema in &api.schemas {
        if let SchemaKind::Union(union) = &schema.kind {
            tags.extend(union.variants.iter().map(|variant| (variant.schema.as_str(), union.tag.as_str())));
        }
    }
    tags
}

/// The objects in which `null` says something else than absence: those that PATCH sends (RFC 7396).
fn patches(api: &Api) -> HashSet<&str> {
    let mut patches = HashSet::new();
    let mut waiting: Vec<&Type> = Vec::new();
    for operation in api.operations.iter().filter(|operation| operation.method == Method::Patch) {
        if let Some(body) = &operation.body {
            patches.insert(body.schema.as_str());
            waiting.extend(api.body_object(body).fields.iter().map(|field| &field.ty));
        }
    }
    while let Some(ty) = waiting.pop() {
        match ty.non_null() {
            Type::Named(name) if patches.insert(name) => match &api.schema(name).kind {
                SchemaKind::Object(object) => waiting.extend(object.fields.iter().map(|field| &field.ty)),
                SchemaKind::Alias(ty) => waiting.push(ty),
                SchemaKind::Enum(_) | SchemaKind::Union(_) => {}
            },
            _ => {}
        }
    }
    patches
}

/// The schemas in whose place the core's `Page<T>` stands.
fn pages(api: &Api) -> HashSet<&str> {
    let pages = api.operations.iter().filter(|operation| operation.page_item.is_some());
    pages
        .filter_map(|operation| match &operation.answer {
            Answer::Json(Type::Named(name)) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}
