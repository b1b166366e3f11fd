//! Documentation: what the document says in words, and its limits and defaults turned into words.

use serde_json::Value;

use super::{Result, node::Node, union};

/// The description, then the limits and the default.
pub(super) fn of(node: &Node) -> Result<String> {
    let mut description = node.text("description")?.trim();
    if description.is_empty() {
        description = of_the_only_member(node)?;
    }
    let facts = facts(node);
    Ok(match (description.is_empty(), facts.is_empty()) {
        (_, true) => description.to_owned(),
        (true, false) => facts.join(" "),
        (false, false) => format!("{description}\n\n{}", facts.join(" ")),
    })
}

/// What is said of a reference that may be `null` stands beside the reference.
fn of_the_only_member<'a>(node: &Node<'a>) -> Result<&'a str> {
    match union::members(node)?.0.as_slice() {
        [member] => Ok(member.text("description")?.trim()),
        _ => Ok(""),
    }
}

/// The first example.
pub(super) fn example(node: &Node) -> Option<Value> {
    let examples = node.value().get("examples").and_then(Value::as_array).and_then(|examples| examples.first());
    examples.or_else(|| node.value().get("example")).cloned()
}

fn facts(node: &Node) -> Vec<String> {
    let unsigned = is_integer(node) && node.value().get("minimum") == Some(&Value::from(0));
    let minimum = if unsigned { None } else { limit(node, "minimum") };
    let mut facts = Vec::new();
    facts.extend(range(limit(node, "minLength"), limit(node, "maxLength"), "character"));
    facts.extend(range(limit(node, "minItems"), limit(node, "maxItems"), "item"));
    facts.extend(range(limit(node, "minProperties"), limit(node, "maxProperties"), "entry"));
    facts.extend(range(minimum, limit(node, "maximum"), ""));
    facts.extend(limit(node, "exclusiveMinimum").map(|limit| format!("More than {limit}.")));
    facts.extend(limit(node, "exclusiveMaximum").map(|limit| format!("Less than {limit}.")));
    facts.extend(limit(node, "multipleOf").map(|step| format!("A multiple of {step}.")));
    if let Some(pattern) = node.value().get("pattern").and_then(Value::as_str) {
        facts.push(format!("Matches `{pattern}`."));
    }
    if let Some(default) = node.value().get("default").filter(|default| !default.is_null()) {
        facts.push(format!("Default: `{}`.", default.as_str().map_or_else(|| default.to_string(), str::to_owned)));
    }
    facts
}

fn is_integer(node: &Node) -> bool {
    match node.value().get("type") {
        Some(Value::Array(types)) => types.iter().any(|ty| ty == "integer"),
        ty => ty.is_some_and(|ty| ty == "integer"),
    }
}

fn limit(node: &Node, key: &str) -> Option<String> {
    node.value().get(key).filter(|value| value.is_number()).map(|value| {
        let text = value.to_string();
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    })
}

fn range(minimum: Option<String>, maximum: Option<String>, unit: &str) -> Option<String> {
    let minimum = minimum.filter(|minimum| unit.is_empty() || minimum != "0");
    let counted = |count: &str| match (unit, count) {
        ("", count) => count.to_owned(),
        (unit, "1") => format!("1 {unit}"),
        ("entry", count) => format!("{count} entries"),
        (unit, count) => format!("{count} {unit}s"),
    };
    match (minimum, maximum) {
        (Some(minimum), Some(maximum)) => Some(format!("{minimum} to {}.", counted(&maximum))),
        (Some(minimum), None) => Some(format!("At least {}.", counted(&minimum))),
        (None, Some(maximum)) => Some(format!("At most {}.", counted(&maximum))),
        (None, None) => None,
    }
}
