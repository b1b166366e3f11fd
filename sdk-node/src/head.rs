//! What an answer tells besides its body.

use agent_platform::RawStream;
use http::{HeaderMap, StatusCode};
use napi_derive::napi;

/// How much the headers of an answer take up, usually.
const TYPICAL_HEADERS: usize = 512;

/// Status, headers, and what came of the request on the way.
#[napi(object, object_from_js = false)]
pub(crate) struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The headers, a line each: one string crosses quicker than twenty, and is seldom looked at.
    pub headers: String,
    /// The request's id.
    pub request_id: Option<String>,
    /// How many attempts failed before.
    pub retries_taken: u32,
}

impl Head {
    pub(crate) fn of(stream: &RawStream) -> Self {
        Self::new(stream.status(), stream.headers(), stream.request_id().map(str::to_owned), stream.retries_taken())
    }

    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, request_id: Option<String>, retries_taken: u32) -> Self {
        let mut lines = String::with_capacity(TYPICAL_HEADERS);
        for (name, value) in headers {
            lines.push_str(name.as_str());
            lines.push_str(": ");
            // Latin-1, as browsers and Node read header bytes.
            lines.extend(value.as_bytes().iter().copied().map(char::from));
            lines.push('\n');
        }
        Self { status: status.as_u16(), headers: lines, request_id, retries_taken }
    }
}
