//! Server-sent events of an execution: as they came ([`RawStream`]) and typed ([`EventStream`]).

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::Stream;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// One event as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawEvent {
    /// Its number: 1, 2, 3, …
    pub id: String,
    /// Its name, such as `message.delta`.
    pub event: String,
    /// One JSON object, whose `type` repeats the name.
    pub data: Bytes,
}

/// The events of an execution as they came. It ends after the final event; dropping it closes the connection.
pub struct RawStream {}

impl RawStream {
    /// Waits until at least one event is there, then puts up to `max` of those that are into `out`, without
    /// waiting for more. `Ok(false)` tells that the stream has ended; `out` may still have got its last events.
    pub fn poll_next_batch(
        &mut self,
        _cx: &mut Context<'_>,
        _out: &mut Vec<RawEvent>,
        _max: usize,
    ) -> Poll<Result<bool>> {
        Poll::Ready(Ok(false))
    }

    /// The async form of [`RawStream::poll_next_batch`]. Cancelling it loses nothing.
    ///
    /// # Errors
    /// [`crate::ErrorKind::StreamInterrupted`] when the connection ended before the final event.
    pub async fn next_batch(&mut self, out: &mut Vec<RawEvent>, max: usize) -> Result<bool> {
        std::future::poll_fn(|cx| self.poll_next_batch(cx, out, max)).await
    }

    /// Reads what is left and hands out the final response as JSON, the `response` of `execution.completed`.
    ///
    /// # Errors
    /// The status error of `execution.failed`; [`crate::ErrorKind::ExecutionCancelled`];
    /// [`crate::ErrorKind::StreamInterrupted`].
    pub async fn final_response(&mut self) -> Result<Bytes> {
        Err(Error::decode("no stream yet"))
    }

    /// The request's id.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        None
    }
}

impl Stream for RawStream {
    type Item = Result<RawEvent>;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}

impl fmt::Debug for RawStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawStream").finish_non_exhaustive()
    }
}

/// An event type of the specification.
pub trait StreamEvent: DeserializeOwned {
    /// What the final event carries as `response`.
    type Response: DeserializeOwned;
}

/// The typed events of an execution. It ends after the final event; dropping it closes the connection.
pub struct EventStream<E> {
    raw: RawStream,
    event: PhantomData<fn() -> E>,
}

impl<E: StreamEvent> EventStream<E> {
    pub(crate) fn new(raw: RawStream) -> Self {
        Self { raw, event: PhantomData }
    }

    /// Only what the agent says, piece by piece. An execution that failed or was cancelled ends it with an error.
    pub fn text_stream(self) -> impl Stream<Item = Result<String>> + Send + Unpin {
        futures_util::stream::empty()
    }

    /// Reads what is left and hands out the final response.
    ///
    /// # Errors
    /// As [`RawStream::final_response`].
    pub async fn final_response(mut self) -> Result<E::Response> {
        let bytes = self.raw.final_response().await?;
        serde_json::from_slice(&bytes).map_err(|error| Error::decode(error.to_string()))
    }
}

impl<E: StreamEvent> Stream for EventStream<E> {
    type Item = Result<E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(ready!(Pin::new(&mut self.raw).poll_next(cx)).map(|event| {
            serde_json::from_slice(&event?.data).map_err(|error| Error::decode(error.to_string()))
        }))
    }
}

impl<E> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
