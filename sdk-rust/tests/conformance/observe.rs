//! What came of a call, in the words in which every runner tells it.

use std::fmt::Display;

use agent_platform::{Error, RawResponse, Result};
use agent_platform_conformance::expect::{Observation, ObservedError};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) fn error(error: &Error) -> ObservedError {
    ObservedError {
        class: error.class_name().to_owned(),
        bases: None,
        message: error.to_string(),
        status_code: error.status().into(),
        code: error.code().into(),
        detail: error.detail().into(),
        request_id: error.request_id().into(),
        retry_after: error.retry_after().map(|delay| delay.as_secs_f64()).into(),
        body: error.body().cloned().unwrap_or_default(),
        partial_text: error.partial_text().into(),
        last_event_id: error.last_event_id().into(),
    }
}

/// The parts of an answer that are not in its body.
pub(crate) fn raw(response: &RawResponse) -> Value {
    let shown = |value: &dyn Display| Value::String(value.to_string());
    let headers: Map<_, _> = response
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), shown(&String::from_utf8_lossy(value.as_bytes()))))
        .collect();
    json!({
        "status_code": response.status.as_u16(),
        "request_id": response.request_id,
        "retries_taken": response.retries_taken,
        "headers": headers,
    })
}

/// The body of a raw answer.
pub(crate) fn body(response: &RawResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}

pub(crate) fn plain<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

/// The error of a step, if it failed, into the observation; its value otherwise.
pub(crate) fn keep<T>(result: Result<T>, seen: &mut Observation) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(failure) => {
            seen.error = Some(error(&failure));
            seen.failed += 1;
            None
        }
    }
}
