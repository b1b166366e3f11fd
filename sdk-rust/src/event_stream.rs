//! The events of an execution with their types, or only the text, or only what comes out in the end.

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    decode,
    error::{Error, Result},
    event::{DELTA, delta_text},
    stream::RawStream,
};

/// An event type of the specification.
pub trait StreamEvent: DeserializeOwned {
    /// What the final event carries as `response`.
    type Response: DeserializeOwned;
}

/// The events of an execution. It ends after the final event, and with
/// [`ErrorKind::StreamInterrupted`](crate::ErrorKind::StreamInterrupted) when there was none.
/// Dropping it closes the connection.
pub struct EventStream<E> {
    raw: RawStream,
    event: PhantomData<fn() -> E>,
}

impl<E: StreamEvent> EventStream<E> {
    pub(crate) fn new(raw: RawStream) -> Self {
        Self { raw, event: PhantomData }
    }

    /// The next event, `None` at the end: what [`StreamExt::next`] does, without the need to import it.
    pub async fn next(&mut self) -> Option<Result<E>> {
        StreamExt::next(self).await
    }

    /// Only what the agent says, piece by piece. An execution that failed or was cancelled ends it with an error, so
    /// that half an answer is not taken for a whole one.
    pub fn text_stream(&mut self) -> TextStream<'_> {
        TextStream { raw: &mut self.raw, ended: false }
    }

    /// Reads what is left and hands out the final response.
    ///
    /// # Errors
    /// The status error that `execution.failed` tells of;
    /// [`ErrorKind::ExecutionCancelled`](crate::ErrorKind::ExecutionCancelled);
    /// [`ErrorKind::StreamInterrupted`](crate::ErrorKind::StreamInterrupted), also when the stream was cut before.
    pub async fn final_response(mut self) -> Result<E::Response> {
        let response = self.raw.final_response().await?;
        decode::json(&response).map_err(|error| {
            Error::decode(format!("the final response is not what it should be: {error}")).with_source(error)
        })
    }

    /// The id of the newest request for it, to be named when asking the operator.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.raw.request_id()
    }

    /// The status of the first answer, always a success.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.raw.status()
    }

    /// The headers of the first answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.raw.headers()
    }

    /// How many attempts failed before the stream was opened.
    #[must_use]
    pub fn retries_taken(&self) -> u32 {
        self.raw.retries_taken()
    }

    /// How often the connection was cut and made anew; no event was lost or came twice by it.
    #[must_use]
    pub fn rejoins(&self) -> u32 {
        self.raw.rejoins()
    }
}

impl<E: StreamEvent> Stream for EventStream<E> {
    type Item = Result<E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = ready!(Pin::new(&mut self.raw).poll_next(cx));
        Poll::Ready(event.map(|event| {
            let event = event?;
            decode::json(&event.data).map_err(|error| {
                Error::decode(format!("the {} event is not what it should be: {error}", event.event)).with_source(error)
            })
        }))
    }
}

impl<E> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventStream").field(&self.raw).finish()
    }
}

/// What the agent says, piece by piece; made by [`EventStream::text_stream`].
#[derive(Debug)]
pub struct TextStream<'a> {
    raw: &'a mut RawStream,
    ended: bool,
}

impl TextStream<'_> {
    /// The next piece, `None` at the end: what [`StreamExt::next`] does, without the need to import it.
    pub async fn next(&mut self) -> Option<Result<String>> {
        StreamExt::next(self).await
    }
}

impl Stream for TextStream<'_> {
    type Item = Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.ended {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut *self.raw).poll_next(cx)) {
                Some(Ok(event)) if event.event == DELTA => {
                    let text = delta_text(&event.data).map(std::borrow::Cow::into_owned);
                    return Poll::Ready(Some(text));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.ended = true;
                    let failure = self.raw.outcome().and_then(Result::err);
                    return Poll::Ready(failure.map(Err));
                }
            }
        }
    }
}
