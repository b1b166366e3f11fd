//! How names, types, texts and values are spelled in Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use crate::model::{Api, IntegerFormat, Parameter, SchemaKind, StringFormat, Type};

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// A field, argument or method.
pub(super) fn identifier(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        // These can't even be raw identifiers.
        "self" | "super" | "crate" | "_" => format!("{name}_"),
        keyword if KEYWORDS.contains(&keyword) => format!("r#{keyword}"),
        digits if digits.starts_with(|first: char| first.is_ascii_digit()) => format!("_{digits}"),
        _ => name,
    }
}

/// A variant. `Unknown` is kept for values that this version does not know.
pub(super) fn variant(value: &str) -> String {
    let name = value.to_upper_camel_case();
    match name.as_str() {
        "Unknown" | "Self" | "" => format!("{name}Value"),
        digits if digits.starts_with(|first: char| first.is_ascii_digit()) => format!("V{digits}"),
        _ => name,
    }
}

/// A type, with the models under `prefix`: `models::` or nothing.
pub(super) fn ty(ty: &Type, prefix: &str) -> String {
    match ty {
        Type::String(StringFormat::DateTime) => "chrono::DateTime<chrono::Utc>".to_owned(),
        Type::String(StringFormat::Date) => "chrono::NaiveDate".to_owned(),
        Type::String(_) | Type::Literal(_) => "String".to_owned(),
        Type::Integer(IntegerFormat::I32) => "i32".to_owned(),
        Type::Integer(IntegerFormat::I64) => "i64".to_owned(),
        Type::Integer(IntegerFormat::U32) => "u32".to_owned(),
        Type::Integer(IntegerFormat::U64) => "u64".to_owned(),
        Type::Number => "f64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Any => "serde_json::Value".to_owned(),
        Type::Array(items) => format!("Vec<{}>", self::ty(items, prefix)),
        Type::Map(values) if **values == Type::Any => "serde_json::Map<String, serde_json::Value>".to_owned(),
        Type::Map(values) => format!("std::collections::BTreeMap<String, {}>", self::ty(values, prefix)),
        Type::Nullable(inner) => format!("Option<{}>", self::ty(inner, prefix)),
        Type::Named(name) => format!("{prefix}{name}"),
    }
}

/// The type of an argument that takes whatever can become the value, and what makes the value of it.
pub(super) fn argument(api: &Api, name: &str, ty: &Type, prefix: &str) -> (String, String) {
    match ty {
        Type::String(StringFormat::Date) => (self::ty(ty, prefix), name.to_owned()),
        Type::String(_) | Type::Literal(_) | Type::Any => {
            (format!("impl Into<{}>", self::ty(ty, prefix)), format!("{name}.into()"))
        }
        Type::Array(items) => {
            let (item, value) = argument(api, "item", items, prefix);
            let mapped = if value == "item" { String::new() } else { format!(".map(|item| {value})") };
            (format!("impl IntoIterator<Item = {item}>"), format!("{name}.into_iter(){mapped}.collect()"))
        }
        Type::Map(values) => {
            let (item, value) = argument(api, "value", values, prefix);
            let entries = format!("{name}.into_iter().map(|(key, value)| (key.into(), {value})).collect()");
            (format!("impl IntoIterator<Item = (impl Into<String>, {item})>"), entries)
        }
        Type::Nullable(_) => (self::ty(ty, prefix), name.to_owned()),
        Type::Named(schema) => match &api.schema(schema).kind {
            SchemaKind::Enum(_) => (format!("impl Into<{prefix}{schema}>"), format!("{name}.into()")),
            SchemaKind::Alias(alias) => argument(api, name, alias, prefix),
            _ => (self::ty(ty, prefix), name.to_owned()),
        },
        Type::Integer(_) | Type::Number | Type::Boolean => (self::ty(ty, prefix), name.to_owned()),
    }
}

/// Doc comments. Code in them is text: it is not Rust that could be run.
pub(super) fn docs(text: &str) -> String {
    let mut lines = String::new();
    let mut in_code = false;
    for line in text.trim_end().lines() {
        let fence = line.trim_start().starts_with("```");
        let opens_without_language = fence && !in_code && line.trim() == "```";
        in_code ^= fence;
        let line = if opens_without_language { format!("{line}text") } else { line.trim_end().to_owned() };
        lines.push_str(if line.is_empty() { "///" } else { "/// " });
        lines.push_str(&line);
        lines.push('\n');
    }
    lines
}

/// An expression for an example of this argument; none where it would have to be built of several.
pub(super) fn example(api: &Api, ty: &Type, example: Option<&Value>) -> Option<String> {
    let text = example.and_then(Value::as_str);
    Some(match ty {
        Type::Integer(_) => example.and_then(Value::as_i64).unwrap_or(1).to_string(),
        Type::Number => format!("{:?}", example.and_then(Value::as_f64).unwrap_or(1.0)),
        Type::Boolean => example.and_then(Value::as_bool).unwrap_or(true).to_string(),
        Type::Array(items) => {
            let given = example.and_then(Value::as_array).and_then(|items| items.first());
            format!("[{}]", self::example(api, items, given)?)
        }
        Type::Map(values) => format!("[(\"key\", {})]", self::example(api, values, None)?),
        Type::Nullable(inner) => return self::example(api, inner, example),
        Type::Named(name) => match &api.schema(name).kind {
            SchemaKind::Enum(values) => format!("{:?}", text.unwrap_or(&values[0].value)),
            SchemaKind::Alias(ty) => return self::example(api, ty, example),
            SchemaKind::Object(_) | SchemaKind::Union(_) => return None,
        },
        Type::String(StringFormat::DateTime | StringFormat::Date) => return None,
        Type::String(_) | Type::Literal(_) | Type::Any => format!("{:?}", text.unwrap_or("…")),
    })
}

/// An expression for an example of a path parameter.
pub(super) fn parameter_example(api: &Api, parameter: &Parameter) -> Option<String> {
    let invented = Value::from(format!("{}-…", parameter.name.trim_end_matches("_id")));
    example(api, &parameter.ty, parameter.example.as_ref().or(Some(&invented)))
}

/// The items, laid out.
///
/// # Panics
/// When they are no Rust, which would be a fault of the writer.
pub(super) fn pretty(items: &str) -> String {
    match syn::parse_file(items) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("the writer wrote what is no Rust: {error}\n{items}"),
    }
}

/// With an empty line between items, documentation and attributes included, and between methods.
pub(super) fn spaced(code: &str) -> String {
    const STARTS: &[&str] = &["///", "#[", "pub ", "impl", "use ", "async ", "fn "];
    let mut spaced = String::new();
    let mut before = "";
    for line in code.lines() {
        let starts = STARTS.iter().any(|start| line.trim_start().starts_with(start));
        let same_depth = indentation(before) == indentation(line);
        let item_ended = same_depth && ["}", "};", "];"].contains(&before.trim());
        let head_ended = before.starts_with("//!") || (before.starts_with("use ") && !line.starts_with("use "));
        if starts && (item_ended || head_ended) {
            spaced.push('\n');
        }
        before = line;
        spaced.push_str(line);
        spaced.push('\n');
    }
    spaced
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
