//! What a case expects, and what a runner observed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::case::present;

/// What must come of a call; what is absent is not looked at, but for `attempts` (one) and `error` (none).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// How many requests arrived, or each of them.
    pub attempts: Attempts,
    /// What each of them has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<AttemptLooks>,
    /// The idempotency keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Keys>,
    /// The delays between attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_ms: Option<Waits>,
    /// The parsed answer; `Some(Null)` for none.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Fields of the raw answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Map<String, Value>>,
    /// The events delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Value>>,
    /// The pieces of text, joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// The final response.
    #[serde(rename = "final", skip_serializing_if = "Option::is_none")]
    pub final_response: Option<Value>,
    /// The error that ends the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorLooks>,
    /// How many of the calls failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<u32>,
    /// Whether the client closed its connection while the server was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
}

/// A text, or a short one many times.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Text {
    /// As it is.
    Plain(String),
    /// So many times.
    Repeated {
        /// What is repeated.
        repeat: String,
        /// How many times.
        times: usize,
    },
}

impl Text {
    /// The whole text.
    #[must_use]
    pub fn whole(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Repeated { repeat, times } => repeat.repeat(*times),
        }
    }
}

/// How many requests arrive, or what each of them has.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Attempts {
    /// So many.
    Count(usize),
    /// These.
    Each(Vec<AttemptLooks>),
}

impl Default for Attempts {
    fn default() -> Self {
        Self::Count(1)
    }
}

/// What an attempt has.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttemptLooks {
    /// `GET`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path below the base URL, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The query, as it came; empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// A header's value, `null` for "not there", `true` for "there".
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Value>,
    /// The JSON body.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// How the idempotency keys of attempts that take one relate.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Keys {
    /// All the same.
    One,
    /// As many as calls.
    OneACall,
    /// No attempt has any.
    None,
}

/// The delays that a client asks for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Waits {
    /// Each within its bounds.
    Each(Vec<(f64, f64)>),
    /// So many, none longer.
    Count {
        /// How many.
        count: usize,
        /// The longest, in milliseconds.
        most: f64,
    },
}

/// What an error has.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorLooks {
    /// Its class.
    pub class: Class,
    /// The HTTP status.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub status_code: Option<Value>,
    /// The problem's word.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub code: Option<Value>,
    /// The problem's explanation.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
    /// The request's id.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Value>,
    /// Seconds, or their bounds.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Value>,
    /// The body.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// What the agent had said.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub partial_text: Option<Value>,
    /// The last event's id.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub last_event_id: Option<Value>,
    /// What the message says: texts and numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub message_contains: Vec<Value>,
}

/// The class of an error.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Class {
    /// The same in all languages.
    One(String),
    /// By language; `other` for the rest.
    ByLanguage(BTreeMap<String, String>),
}

impl Class {
    /// The class in a language.
    #[must_use]
    pub fn of(&self, language: &str) -> &str {
        match self {
            Self::One(name) => name,
            Self::ByLanguage(names) => names.get(language).or_else(|| names.get("other")).map_or("", String::as_str),
        }
    }
}

/// What a runner tells of a call.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Observation {
    /// `rust`, `python` or `node`.
    pub language: String,
    /// The parsed answer.
    pub value: Value,
    /// Status, request id, retries and headers.
    pub raw: Value,
    /// The events.
    pub events: Option<Vec<Value>>,
    /// The text.
    pub text: Option<String>,
    /// The final response.
    #[serde(rename = "final")]
    pub final_response: Value,
    /// How many calls failed.
    pub failed: u32,
    /// The delays asked for.
    pub waits_ms: Vec<f64>,
    /// What ended the last call.
    pub error: Option<ObservedError>,
}

/// An error as a runner tells of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObservedError {
    /// Its class.
    pub class: String,
    /// The package's classes above it; `None` where there are no classes.
    pub bases: Option<Vec<String>>,
    /// Its message.
    pub message: String,
    /// The HTTP status.
    pub status_code: Value,
    /// The problem's word.
    pub code: Value,
    /// The problem's explanation.
    pub detail: Value,
    /// The request's id.
    pub request_id: Value,
    /// Seconds.
    pub retry_after: Value,
    /// The body.
    pub body: Value,
    /// What the agent had said.
    pub partial_text: Value,
    /// The last event's id.
    pub last_event_id: Value,
}
