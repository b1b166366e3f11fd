//! Events, text and lists as iterators.

use std::fmt;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::wait::{next, wait};
use crate::{
    error::Result,
    event_stream::{self, StreamEvent},
    page::{self, Page},
};

/// The events of an execution; see [`crate::EventStream`].
pub struct EventStream<E> {
    inner: event_stream::EventStream<E>,
}

impl<E: StreamEvent> EventStream<E> {
    pub(super) fn of(inner: event_stream::EventStream<E>) -> Self {
        Self { inner }
    }

    /// Only what the agent says, piece by piece; see [`crate::EventStream::text_stream`].
    pub fn text_stream(&mut self) -> TextStream<'_> {
        TextStream { inner: self.inner.text_stream() }
    }

    /// Reads what is left and hands out the final response.
    ///
    /// # Errors
    /// As [`crate::EventStream::final_response`].
    pub fn final_response(self) -> Result<E::Response> {
        wait(self.inner.final_response())
    }

    /// The id of the newest request for it, to be named when asking the operator.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id()
    }

    /// The status of the first answer, always a success.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.inner.status()
    }

    /// The headers of the first answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// How many attempts failed before the stream was opened.
    #[must_use]
    pub fn retries_taken(&self) -> u32 {
        self.inner.retries_taken()
    }

    /// How often the connection was cut and made anew; no event was lost or came twice by it.
    #[must_use]
    pub fn rejoins(&self) -> u32 {
        self.inner.rejoins()
    }
}

impl<E: StreamEvent> Iterator for EventStream<E> {
    type Item = Result<E>;

    fn next(&mut self) -> Option<Self::Item> {
        next(self.inner.next())
    }
}

impl<E> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

/// What the agent says, piece by piece; made by [`EventStream::text_stream`].
#[derive(Debug)]
pub struct TextStream<'a> {
    inner: event_stream::TextStream<'a>,
}

impl Iterator for TextStream<'_> {
    type Item = Result<String>;

    fn next(&mut self) -> Option<Self::Item> {
        next(self.inner.next())
    }
}

/// All items of a list, fetched page by page as they are asked for. After an error it ends.
pub struct Pager<T> {
    inner: page::Pager<T>,
}

impl<T: DeserializeOwned + Send + 'static> Pager<T> {
    pub(super) fn of(inner: page::Pager<T>) -> Self {
        Self { inner }
    }

    /// The next whole page, or `None` after the last.
    ///
    /// # Errors
    /// As [`crate::Client::call`].
    pub fn next_page(&mut self) -> Result<Option<Page<T>>> {
        wait(self.inner.next_page())
    }
}

impl<T: DeserializeOwned + Send + 'static> Iterator for Pager<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        next(self.inner.next())
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
