//! `{{word}}` in a case: what the files define is put in when they are read, what only a run knows when it is played.

use anyhow::{Result, bail};
use serde_json::{Map, Value};

/// Words that stand until the case is played: the first are for the server to fill in, the others for runners.
const OF_A_RUN: [&str; 5] = ["address", "tls_address", "base_url", "server", "run"];
const DATE: &str = "http_date";

/// The name under which the fields of another object are put in.
const SPREAD: &str = "...";

/// How deep a definition may lead to others; more is a circle.
const DEPTH: usize = 8;

/// What words stand for: a row of a table, before the file's definitions, before those of all files.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a>(pub(crate) &'a [&'a Map<String, Value>]);

impl<'a> Known<'a> {
    fn get(self, word: &str) -> Option<&'a Value> {
        self.0.iter().find_map(|words| words.get(word))
    }
}

/// The value with the words of `known` filled in.
pub(crate) fn fill(value: &Value, known: Known<'_>) -> Result<Value> {
    fill_at(value, known, 0)
}

fn fill_at(value: &Value, known: Known<'_>, depth: usize) -> Result<Value> {
    Ok(match value {
        Value::String(text) => return fill_text(text, known, depth),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| fill_at(item, known, depth)).collect::<Result<_>>()?)
        }
        Value::Object(fields) => {
            let mut filled = Map::new();
            for (name, value) in fields {
                if name == SPREAD {
                    let Value::Object(further) = fill_at(value, known, depth)? else {
                        bail!("{SPREAD:?} in {value} is no object");
                    };
                    filled.extend(further);
                    continue;
                }
                let name = match fill_text(name, known, depth)? {
                    Value::String(name) => name,
                    other => other.to_string(),
                };
                filled.insert(name, fill_at(value, known, depth)?);
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

fn fill_text(text: &str, known: Known<'_>, depth: usize) -> Result<Value> {
    if !text.contains("{{") {
        return Ok(Value::String(text.to_owned()));
    }
    if depth > DEPTH {
        bail!("{text:?} is defined by itself");
    }
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, word, after)) = next(rest) {
        filled.push_str(before);
        if is_of_a_run(word) {
            filled.push_str(&format!("{{{{{word}}}}}"));
        } else {
            let Some(value) = known.get(word) else {
                bail!("the word {word:?} in {text:?} is not defined");
            };
            let value = fill_at(value, known, depth + 1)?;
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return Ok(value);
            }
            match value {
                Value::String(value) => filled.push_str(&value),
                other => filled.push_str(&other.to_string()),
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

/// The part before the first word, the word, and the part after.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (word, after) = rest.split_once("}}")?;
    Some((before, word, after))
}

fn is_of_a_run(word: &str) -> bool {
    OF_A_RUN.contains(&word) || word.starts_with(DATE)
}

/// A header's value with the dates in it filled in: `{{http_date+90s}}` is so many seconds from now (RFC 9110, 5.6.7).
pub(crate) fn fill_dates(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, word, after)) = next(rest) {
        filled.push_str(before);
        let seconds = word.strip_prefix(DATE).and_then(|ahead| ahead.strip_suffix('s'));
        let seconds = seconds.and_then(|ahead| ahead.parse().ok()).unwrap_or(0);
        let date = chrono::Utc::now() + chrono::TimeDelta::seconds(seconds);
        filled.push_str(&date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fill_with(value: &Value) -> Result<Value> {
        let row = json!({"status": 503});
        let definitions = json!({"status": 200, "agent": {"name": "{{name}}"}, "name": "A", "circle": "{{circle}}"});
        fill(value, Known(&[row.as_object().unwrap(), definitions.as_object().unwrap()]))
    }

    #[test]
    fn a_word_alone_is_a_value_and_one_among_others_is_text() {
        let value = json!({"status": "{{status}}", "of_{{status}}": ["{{agent}}", "{{name}}: {{status}}"]});
        let filled = json!({"status": 503, "of_503": [{"name": "A"}, "A: 503"]});
        assert_eq!(fill_with(&value).unwrap(), filled);
    }

    #[test]
    fn an_object_can_be_spread() {
        let value = json!({"a": 1, "...": "{{agent}}"});
        assert_eq!(fill_with(&value).unwrap(), json!({"a": 1, "name": "A"}));
        assert!(fill_with(&json!({"...": "{{status}}"})).is_err());
    }

    #[test]
    fn what_only_a_run_knows_stays() {
        let value = json!("{{base_url}}/{{name}} {{http_date+2s}}");
        assert_eq!(fill_with(&value).unwrap(), json!("{{base_url}}/A {{http_date+2s}}"));
        assert!(fill_dates("at {{http_date+2s}}").ends_with(" GMT"));
    }

    #[test]
    fn an_unknown_word_and_a_circle_are_errors() {
        let error = |text: &str| fill_with(&json!(text)).unwrap_err().to_string();
        assert_eq!(error("a {{nane}}"), r#"the word "nane" in "a {{nane}}" is not defined"#);
        assert!(error("{{circle}}").contains("by itself"));
    }
}
