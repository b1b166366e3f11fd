//! `types.ts`: an interface or type for each schema, and one for the arguments of each operation that takes some
//! besides its body.

use std::fmt::Write as _;

use heck::{ToLowerCamelCase, ToUpperCamelCase};

use super::docs::{comment, paragraphs};
use crate::model::{Api, EnumValue, Field, Operation, Parameter, Schema, SchemaKind, StringFormat, Type};

/// The whole file, but for its first line.
pub(super) fn write(api: &Api) -> String {
    let mut out = String::new();
    for schema in &api.schemas {
        out.push_str(&declaration(schema));
        out.push('\n');
    }
    for operation in &api.operations {
        out.push_str(&arguments(operation));
    }
    out
}

/// The name of the type of an operation's arguments; `None` when it takes none.
pub(super) fn arguments_name(operation: &Operation) -> Option<String> {
    if has_parameters(operation) {
        Some(format!("{}Params", operation.id.to_upper_camel_case()))
    } else {
        operation.body.as_ref().map(|body| body.schema.clone())
    }
}

fn has_parameters(operation: &Operation) -> bool {
    !operation.path_parameters.is_empty()
        || !operation.query_parameters.is_empty()
        || !operation.header_parameters.is_empty()
}

fn declaration(schema: &Schema) -> String {
    let name = &schema.name;
    // What only a request holds may be given more freely than what an answer promises.
    let given = schema.in_request && !schema.in_answer;
    match &schema.kind {
        SchemaKind::Object(object) => {
            let mut out = format!("{}export interface {name} {{\n", comment("", &schema.docs));
            for field in &object.fields {
                out.push_str(&member(field, given));
            }
            out + "}\n"
        }
        SchemaKind::Enum(values) => {
            let docs = paragraphs(&[&schema.docs, &value_list(values)]);
            format!("{}export type {name} = {};\n", comment("", &docs), choices(values, given))
        }
        SchemaKind::Union(union) => {
            let later = format!(
                "Told apart by `{}`. A later version of the server may send others: leave those be.",
                union.tag
            );
            let variants: Vec<String> =
                union.variants.iter().map(|variant| format!("\n  | {}", variant.schema)).collect();
            format!("{}export type {name} ={};\n", comment("", &paragraphs(&[&schema.docs, &later])), variants.concat())
        }
        SchemaKind::Alias(ty) => {
            format!("{}export type {name} = {};\n", comment("", &schema.docs), type_text(ty, given))
        }
    }
}

/// The type of the arguments of an operation: its parameters, and the fields of its body.
fn arguments(operation: &Operation) -> String {
    if !has_parameters(operation) {
        return String::new();
    }
    let docs = format!("The arguments of `{}`.", operation.id.to_lower_camel_case());
    let extends = operation.body.as_ref().map_or(String::new(), |body| format!(" extends {}", body.schema));
    let name = format!("{}Params", operation.id.to_upper_camel_case());
    let mut out = format!("{}export interface {name}{extends} {{\n", comment("", &docs));
    let headers = operation.header_parameters.iter().map(|header| &header.parameter);
    for parameter in operation.path_parameters.iter().chain(&operation.query_parameters).chain(headers) {
        out.push_str(&parameter_member(parameter));
    }
    out + "}\n\n"
}

fn member(field: &Field, given: bool) -> String {
    let deprecated = if field.deprecated { "@deprecated" } else { "" };
    let tag = match &field.ty {
        Type::Literal(value) if field.docs.is_empty() => format!("Always `{value}`."),
        _ => String::new(),
    };
    let docs = comment("  ", &paragraphs(&[&field.docs, &tag, deprecated]));
    let optional = if field.required { "" } else { "?" };
    format!("{docs}  {}{optional}: {};\n", property(&field.name), type_text(&field.ty, given))
}

fn parameter_member(parameter: &Parameter) -> String {
    let optional = if parameter.required { "" } else { "?" };
    let ty = type_text(&parameter.ty, true);
    format!("{}  {}{optional}: {ty};\n", comment("  ", &parameter.docs), property(&parameter.name))
}

/// The values, each with what it means, where the document says so.
fn value_list(values: &[EnumValue]) -> String {
    let mut list = String::new();
    for value in values.iter().filter(|value| !value.docs.is_empty()) {
        let _ = writeln!(list, "- `{}`: {}", value.value, value.docs.replace('\n', " "));
    }
    list
}

/// In an answer any other string may come, from a later version of the server; editors still propose the known ones.
fn choices(values: &[EnumValue], given: bool) -> String {
    let mut choices: Vec<String> = values.iter().map(|value| quoted(&value.value)).collect();
    if !given {
        choices.push("(string & Record<never, never>)".to_owned());
    }
    choices.join(" | ")
}

/// A type. `given` for what a caller gives, where a `Date` is as good as its text.
pub(super) fn type_text(ty: &Type, given: bool) -> String {
    match ty {
        Type::String(StringFormat::DateTime) if given => "string | Date".to_owned(),
        Type::String(_) => "string".to_owned(),
        Type::Literal(value) => quoted(value),
        Type::Integer(_) | Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Any => "unknown".to_owned(),
        Type::Array(item) => {
            let item = type_text(item, given);
            if item.contains(" | ") { format!("({item})[]") } else { format!("{item}[]") }
        }
        Type::Map(value) => format!("Record<string, {}>", type_text(value, given)),
        Type::Nullable(inner) => format!("{} | null", type_text(inner, given)),
        Type::Named(name) => name.clone(),
    }
}

/// A string literal. JSON's escapes are also JavaScript's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The name of a property, quoted where it has to be.
pub(super) fn property(name: &str) -> String {
    let is_identifier = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_identifier { name.to_owned() } else { quoted(name) }
}
