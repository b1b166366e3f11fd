//! What a stream has brought so far, and what that comes to in the end.

use bytes::Bytes;
use serde_json::Value;

use crate::{
    error::{Error, ErrorKind, Result},
    event::{COMPLETED, Completed, DELTA, FAILED, Failed, RawEvent, STARTED, Started, delta_text},
};

/// What has come so far, for the one who asks at the end.
#[derive(Default)]
pub(crate) struct Seen {
    text: String,
    pub(crate) last_id: Option<String>,
    /// The last id as the number that it is.
    number: Option<u64>,
    /// An event came without an id: wherever the stream is taken up again, it could come a second time, unrecognised.
    pub(crate) without_id: bool,
    /// An event came whose id is no number: only the server can tell what comes after it.
    pub(crate) opaque_id: bool,
    pub(crate) execution_id: Option<String>,
    pub(crate) end: Option<End>,
}

/// How a stream ended.
#[derive(Clone)]
pub(crate) enum End {
    Final(RawEvent),
    Cut { cause: Error, told: String, reported: bool },
}

impl Seen {
    /// Nothing yet, after the event that the caller knows already.
    pub(crate) fn after(last_id: Option<String>) -> Self {
        let number = last_id.as_deref().and_then(|id| id.parse().ok());
        Self { last_id, number, ..Self::default() }
    }

    /// Whether an event of this id has come before: they are numbered without end, and with gaps at most.
    pub(crate) fn has(&self, id: &str) -> bool {
        match (self.number, id.parse::<u64>()) {
            (Some(last), Ok(number)) => number <= last,
            _ => false,
        }
    }

    /// Takes in what is handed out, and tells whether the stream has got further by it. An event without an id of its
    /// own does not count: it would come again after each rejoin.
    pub(crate) fn note(&mut self, event: &RawEvent, had_id: bool) -> bool {
        let further = if had_id && !event.id.is_empty() { self.note_id(&event.id) } else { false };
        self.without_id |= !had_id || event.id.is_empty();
        if event.event == DELTA {
            self.text.push_str(&delta_text(&event.data).unwrap_or_default());
        } else if event.is_final() {
            self.end = Some(End::Final(event.clone()));
        } else if event.event == STARTED {
            self.execution_id = serde_json::from_slice(&event.data).ok().map(|started: Started| started.execution_id);
        }
        further
    }

    fn note_id(&mut self, id: &str) -> bool {
        let number = id.parse().ok();
        self.opaque_id |= number.is_none();
        let further = match number {
            Some(_) => number > self.number,
            None => self.last_id.as_deref() != Some(id),
        };
        self.number = number.or(self.number);
        match &mut self.last_id {
            Some(last) => id.clone_into(last),
            None => self.last_id = Some(id.to_owned()),
        }
        further
    }

    /// The `response` of the final event, or the error that stands in its place.
    pub(crate) fn final_response(&self) -> Result<Bytes> {
        let unreadable = |error| Error::decode(format!("the final event is not what it should be: {error}"));
        match &self.end {
            Some(End::Final(event)) => match &*event.event {
                COMPLETED => {
                    let event: Completed<'_> = serde_json::from_slice(&event.data).map_err(unreadable)?;
                    Ok(Bytes::copy_from_slice(event.response.get().as_bytes()))
                }
                FAILED => {
                    let event: Failed = serde_json::from_slice(&event.data).map_err(unreadable)?;
                    let status = event.error.get("status").and_then(Value::as_u64);
                    // A problem that does not say is one of the server.
                    let status = status.and_then(|status| status.try_into().ok()).unwrap_or(500);
                    Err(Error::from_problem(status, Some(event.error)).with_partial(self))
                }
                _ => Err(Error::new(ErrorKind::ExecutionCancelled, "the execution was cancelled").with_partial(self)),
            },
            Some(End::Cut { cause, told, .. }) => Err(self.interrupted(told).with_source(cause.clone())),
            None => Err(self.interrupted("it was not read to its end")),
        }
    }

    fn interrupted(&self, why: &str) -> Error {
        let last = self.last_id.as_deref().unwrap_or("none");
        let message = format!("the stream ended before its final event: {why} (last event: {last})");
        Error::new(ErrorKind::StreamInterrupted, message).with_partial(self)
    }
}

impl Error {
    fn with_partial(self, seen: &Seen) -> Self {
        self.with_stream_state(seen.text.clone(), seen.last_id.clone())
    }
}
