//! How Python spells types and names.

use crate::model::{StringFormat, Type};

/// Who reads a value: what is given may be any sequence or mapping, what is answered is a list or a dict.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Given,
    Answered,
}

/// The annotation of a type.
pub(super) fn annotation(ty: &Type, side: Side) -> String {
    match (ty, side) {
        (Type::String(StringFormat::DateTime), Side::Given) => "datetime | str".to_owned(),
        (Type::String(_), _) => "str".to_owned(),
        (Type::Literal(value), _) => format!("Literal[{}]", quoted(value)),
        (Type::Integer(_), _) => "int".to_owned(),
        (Type::Number, _) => "float".to_owned(),
        (Type::Boolean, _) => "bool".to_owned(),
        (Type::Any, _) => "Any".to_owned(),
        (Type::Array(item), Side::Given) => format!("Sequence[{}]", annotation(item, side)),
        (Type::Array(item), Side::Answered) => format!("list[{}]", annotation(item, side)),
        (Type::Map(value), Side::Given) => format!("Mapping[str, {}]", annotation(value, side)),
        (Type::Map(value), Side::Answered) => format!("dict[str, {}]", annotation(value, side)),
        (Type::Nullable(inner), _) => format!("{} | None", annotation(inner, side)),
        (Type::Named(name), _) => name.clone(),
    }
}

/// Every schema that a type names.
pub(super) fn names(ty: &Type) -> Vec<&str> {
    match ty {
        Type::Named(name) => vec![name],
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => names(inner),
        _ => Vec::new(),
    }
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    // JSON's escapes are Python's, and double quotes are what formatters prefer.
    serde_json::Value::from(text).to_string()
}

/// A value as Python writes it; `None` for what an example need not spell out.
pub(super) fn literal(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(quoted(text)),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(true) => Some("True".to_owned()),
        serde_json::Value::Bool(false) => Some("False".to_owned()),
        serde_json::Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        serde_json::Value::Null | serde_json::Value::Object(_) => None,
    }
}

/// A name that a class body or a parameter list takes: `from` becomes `from_`.
pub(super) fn identifier(name: &str) -> String {
    let mut safe: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if safe.starts_with(|c: char| c.is_ascii_digit()) {
        safe.insert(0, '_');
    }
    if KEYWORDS.contains(&safe.as_str()) {
        safe.push('_');
    }
    safe
}

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];
