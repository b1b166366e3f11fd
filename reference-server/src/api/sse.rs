//! Events as they go out: server-sent events (WHATWG HTML, section 9.2), with a sign of life where nothing happens.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio_util::sync::DropGuard;

use crate::{
    error::{Problem, Result},
    runtime::watch::Watch,
};

/// How often a quiet stream shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Names the last event that a client has seen.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Behind which event a client wants to go on: 0 is before the first.
///
/// # Errors
/// 400 where the header is no event's id.
pub(super) fn last_event_id(headers: &HeaderMap) -> Result<u64> {
    let mut values = headers.get_all(LAST_EVENT_ID).iter();
    let (value, further) = (values.next(), values.next());
    let Some(value) = value else { return Ok(0) };
    let digits = value.to_str().ok().filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    match (digits, further) {
        // More than fits lies beyond the end of every stream.
        (Some(digits), None) => Ok(digits.parse().unwrap_or(u64::MAX)),
        _ => {
            let shown: String = String::from_utf8_lossy(value.as_bytes()).chars().take(60).collect();
            Err(Problem::bad_request(format!(
                "The header Last-Event-ID must be one whole number, the `id` of the last event that you saw; it is `{shown}`. \
                 Leave it out to begin at the first."
            )))
        }
    }
}

/// Answers with the events that `watch` gives. Dropped before the end, it cancels the execution if there is a `gone` to do it.
pub(super) fn respond(watch: Watch, gone: Option<DropGuard>) -> Response {
    let frames = stream::unfold((watch, gone), |(mut watch, mut gone)| async move {
        let frames = match tokio::time::timeout(HEARTBEAT, watch.next()).await {
            Ok(Some(frames)) => frames,
            Ok(None) => {
                // It has ended: there is nothing left to cancel.
                drop(gone.take().map(DropGuard::disarm));
                return None;
            }
            Err(_) => Bytes::from_static(b": heartbeat\n\n"),
        };
        Some((Ok::<_, Infallible>(frames), (watch, gone)))
    });
    let mut response = Body::from_stream(frames).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}
