//! A case as its file has it, once the words in it are filled in. Unknown fields are refused: a misspelt one would make
//! a case that tests nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{expect::Expect, reply::Reply};

/// One thing that every client must do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `[a-z0-9_]+`, unique.
    pub name: String,
    /// The file that it comes from, without `.json`; set by the loader.
    #[serde(default)]
    pub family: String,
    /// The row of the contract's SDK table that it belongs to.
    #[serde(default)]
    pub contract: String,
    /// What it shows, in a sentence.
    pub shows: String,
    /// How the client is set up.
    #[serde(default)]
    pub client: ClientSettings,
    /// The call that is made.
    pub call: Call,
    /// What the server does with each attempt.
    #[serde(default)]
    pub script: Vec<Reply>,
    /// Whether the script begins again when it has ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cycle: bool,
    /// What must come of it.
    pub expect: Expect,
    /// Languages that leave it out, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skip: BTreeMap<String, String>,
}

/// How the client of a case is set up; what is absent is not set.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientSettings {
    /// The key; `Some(None)` for a client without one.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub api_key: Option<Option<String>>,
    /// In place of the URL under which the case is played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The client's `max_retries`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// The client's time-out; `Some(None)` for none.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<Option<u64>>,
    /// Headers of every request.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub default_headers: BTreeMap<String, String>,
    /// Whether retries are bounded over all calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<bool>,
    /// A proxy for every request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
}

/// The call of a case.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The operation's id.
    pub operation: String,
    /// Path, query and body, by name.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    /// The options of the call.
    #[serde(default)]
    pub options: CallOptions,
    /// What is done with the answer.
    #[serde(default)]
    pub read: Read,
    /// After how many events the loop is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave_after: Option<usize>,
    /// How often the call is made, one after the other.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// The options of a call; what is absent is not set.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallOptions {
    /// How often a failed attempt is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// The call's time-out; `Some(None)` for none.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<Option<u64>>,
    /// Further headers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Further query parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    /// In place of the key that the client would mint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// What a runner does with the answer.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// The parsed answer.
    #[default]
    Answer,
    /// The answer with status, headers, request id and the number of retries.
    Raw,
    /// The items of all pages.
    Items,
    /// Every event, then the final response.
    Events,
    /// Every piece of text, then the final response.
    Text,
    /// Only the final response.
    Final,
}

/// Tells "null" from "absent".
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
