//! What the server does with an attempt, as a case has it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
