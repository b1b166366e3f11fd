//! One event of an execution, and what its name and data tell.

use std::{borrow::Cow, fmt, ops::Deref, sync::Arc};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::error::{Error, Result};

/// The event that carries a piece of the answer.
pub(crate) const DELTA: &str = "message.delta";
/// The event that says which execution it is.
pub(crate) const STARTED: &str = "execution.started";
pub(crate) const COMPLETED: &str = "execution.completed";
pub(crate) const FAILED: &str = "execution.failed";
pub(crate) const CANCELLED: &str = "execution.cancelled";

/// One event as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawEvent {
    /// Its number: 1, 2, 3, …
    pub id: String,
    /// Its name, such as `message.delta`.
    pub event: EventName,
    /// One JSON object, whose `type` repeats the name.
    pub data: Bytes,
}

impl RawEvent {
    /// Whether no event follows this one.
    pub(crate) fn is_final(&self) -> bool {
        matches!(&*self.event, COMPLETED | FAILED | CANCELLED)
    }
}

/// The name of an event: a string that all events of the name share.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EventName(Arc<str>);

impl From<&str> for EventName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl Deref for EventName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<&str> for EventName {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// The data of the event that says which execution it is.
#[derive(Deserialize)]
pub(crate) struct Started {
    pub(crate) execution_id: String,
}

/// The data of the event that ends an execution well.
#[derive(Deserialize)]
pub(crate) struct Completed<'a> {
    #[serde(borrow)]
    pub(crate) response: &'a RawValue,
}

/// The data of the event that ends an execution with an error.
#[derive(Deserialize)]
pub(crate) struct Failed {
    pub(crate) error: Value,
}

/// The piece of text that a `message.delta` carries.
pub(crate) fn delta_text(data: &[u8]) -> Result<Cow<'_, str>> {
    serde_json::from_slice(data)
        .map(|delta: Delta<'_>| delta.text)
        .map_err(|error| Error::decode(format!("a {DELTA} event is not what it should be: {error}")))
}
