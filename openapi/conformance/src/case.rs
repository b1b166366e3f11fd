//! A case as its file has it, once the words in it are filled in. Unknown fields are refused: a misspelt one would make
//! a case that tests nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::expect::Expect;

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

/// What the server does with one attempt.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    /// How many attempts it is used for.
    #[serde(skip_serializing_if = "Repeat::is_once")]
    pub repeat: Repeat,
    /// The status; 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A value, or several under one name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, HeaderValues>,
    /// A JSON body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// What goes over a whole problem document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Map<String, Value>>,
    /// A body of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A body in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hex: Option<String>,
    /// A body of events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Frame>>,
    /// A body piece by piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pieces: Option<Vec<Piece>>,
    /// The size of the chunks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<usize>,
    /// How the body's length is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framing: Option<Framing>,
    /// Where the server stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// What it does there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// The whole answer as it goes over the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The same in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_hex: Option<String>,
}

/// How many attempts a reply is used for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Repeat {
    /// So many.
    Times(u32),
    /// All that come.
    Always(Always),
}

/// The word for "all that come".
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Always {
    /// `always`
    Always,
}

impl Default for Repeat {
    fn default() -> Self {
        Self::Times(1)
    }
}

impl Repeat {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
    fn is_once(&self) -> bool {
        *self == Self::default()
    }
}

/// The value of a header, or its values.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum HeaderValues {
    /// Sent once.
    One(String),
    /// Sent once each.
    Many(Vec<String>),
}

/// A frame of an event stream.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Frame {
    /// As it goes over the wire.
    Text(String),
    /// An event.
    Event(EventFrame),
}

/// The parts of an event.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EventFrame {
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its name, where that is not what `data.type` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Its data.
    pub data: Value,
}

/// A piece of a body.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Piece {
    /// Text.
    Text(String),
    /// Anything else.
    Other(OtherPiece),
}

/// A piece of a body that is not just text.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct OtherPiece {
    /// Bytes in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hex: Option<String>,
    /// A text, so many times: in one piece, or with `pause_ms` each in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
    /// How many times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<usize>,
    /// How long the server waits before it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_ms: Option<u64>,
}

/// How the length of a body is told.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// `Content-Length`
    Length,
    /// `Transfer-Encoding: chunked`
    Chunked,
    /// The body lasts until the connection ends.
    Close,
}

/// Where a server stops before its answer is complete.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// After the request.
    BeforeStatus,
    /// In the middle of the status line.
    InStatus,
    /// In the middle of a header.
    InHeaders,
    /// After the empty line.
    AfterHeaders,
    /// After so many bytes of the body.
    InBody(usize),
    /// After the last byte of the body, before the last chunk.
    AfterBody,
}

/// What a server does where it stops.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Closes the connection in order.
    #[default]
    Close,
    /// Resets the connection.
    Reset,
    /// Says nothing until the client has gone.
    Silence,
}

/// Tells "null" from "absent".
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
