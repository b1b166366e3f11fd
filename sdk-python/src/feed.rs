//! The events of one execution below Python: opening, batches, the end.

use std::{
    borrow::Cow,
    collections::VecDeque,
    fmt::Display,
    future::Future,
    pin::pin,
    sync::{Mutex, MutexGuard, TryLockError},
    task::{Context, Poll, ready},
};

use agent_platform::{Error, RawEvent, RawStream, operation::Operation};
use bytes::Bytes;
use http::HeaderMap;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyString};
use serde::Deserialize;

use crate::{
    answer, error,
    request::Request,
    runtime::{self, Lost, Mode, ProcessBound, Task},
};

/// How many events cross at once: what fits in a few network reads.
const BATCH: usize = 256;
/// The event that carries a piece of the agent's text, in its field `text`.
const TEXT_EVENT: &str = "message.delta";

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// What goes wrong below Python.
pub(crate) enum Failure {
    Client(Error),
    Lost(Lost),
    /// The runtime could not be started.
    Start(PyErr),
}

impl Failure {
    pub(crate) fn into_py(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Client(failure) => error::raise(py, &failure),
            Self::Lost(lost) => lost.into(),
            Self::Start(error) => error,
        }
    }
}

/// The events of one execution, whoever reads them.
pub(crate) struct Feed {
    operation: &'static Operation,
    mode: Mode,
    source: Source,
    about: Option<About>,
    ready: VecDeque<RawEvent>,
    batch: Vec<RawEvent>,
    /// Raised once the events that came before it are out.
    failure: Option<Error>,
    ended: bool,
}

enum Source {
    Unopened(Box<Request>),
    Opening(Task<Result<RawStream, Error>>),
    Open(Box<ProcessBound<RawStream>>),
    Closed,
}

/// What came with the answer beside its events.
#[derive(Clone)]
pub(crate) struct About {
    pub(crate) status_code: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: Option<String>,
    pub(crate) retries_taken: u32,
}

impl About {
    fn of(stream: &RawStream) -> Self {
        Self {
            status_code: stream.status().as_u16(),
            headers: stream.headers().clone(),
            request_id: stream.request_id().map(str::to_owned),
            retries_taken: stream.retries_taken(),
        }
    }
}

impl Feed {
    pub(crate) fn new(request: Request) -> Self {
        Self {
            operation: request.operation,
            mode: request.mode(),
            source: Source::Unopened(Box::new(request)),
            about: None,
            ready: VecDeque::new(),
            batch: Vec::new(),
            failure: None,
            ended: false,
        }
    }

    /// Opens the connection, and waits until the server has accepted the request. `Ok(None)` when closed before.
    pub(crate) fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<&mut RawStream>, Failure>> {
        loop {
            match &mut self.source {
                Source::Open(_) | Source::Closed => break,
                Source::Opening(task) => match ready!(task.poll(cx)) {
                    Ok(Ok(stream)) => {
                        self.about = Some(About::of(&stream));
                        self.source = Source::Open(Box::new(ProcessBound::new(stream)));
                    }
                    Ok(Err(failure)) => {
                        self.source = Source::Closed;
                        return Poll::Ready(Err(Failure::Client(failure)));
                    }
                    Err(lost) => return Poll::Ready(Err(Failure::Lost(lost))),
                },
                Source::Unopened(_) => {
                    let Source::Unopened(request) = std::mem::replace(&mut self.source, Source::Closed) else {
                        unreachable!("it was just seen to be unopened");
                    };
                    let task = match request.open() {
                        Ok(opening) => Task::spawn(self.mode, opening),
                        Err(failure) => return Poll::Ready(Err(Failure::Client(failure))),
                    };
                    match task {
                        Ok(task) => self.source = Source::Opening(task),
                        Err(error) => return Poll::Ready(Err(Failure::Start(error))),
                    }
                }
            }
        }
        match &mut self.source {
            Source::Open(stream) => match stream.get() {
                Some(stream) => Poll::Ready(Ok(Some(stream))),
                None => Poll::Ready(Err(Failure::Lost(Lost::Forked))),
            },
            _ => Poll::Ready(Ok(None)),
        }
    }

    /// Waits until an event is ready; `false` at the end.
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Failure>> {
        while self.ready.is_empty() && !self.ended {
            if let Some(failure) = self.failure.take() {
                self.ended = true;
                return Poll::Ready(Err(Failure::Client(failure)));
            }
            let mut batch = std::mem::take(&mut self.batch);
            let polled = match ready!(self.poll_open(cx)) {
                Ok(Some(stream)) => stream.poll_next_batch(cx, &mut batch, BATCH),
                Ok(None) => Poll::Ready(Ok(false)),
                Err(failure) => return Poll::Ready(Err(failure)),
            };
            self.ready.extend(batch.drain(..));
            self.batch = batch;
            match polled {
                Poll::Ready(Ok(more)) => self.ended = !more,
                Poll::Ready(Err(failure)) => self.failure = Some(failure),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(!self.ready.is_empty()))
    }

    /// Reads what is left, and waits for the final response.
    pub(crate) fn poll_final(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Failure>> {
        self.ready.clear();
        if let Some(failure) = &self.failure {
            return Poll::Ready(Err(Failure::Client(failure.clone())));
        }
        match ready!(self.poll_open(cx))? {
            // A future of its own for each poll: what it has read is kept by the stream, not by the future.
            Some(stream) => pin!(stream.final_response()).poll(cx).map_ok(Some).map_err(Failure::Client),
            None => Poll::Ready(Ok(None)),
        }
    }

    /// Closes the connection, unless the stream has ended, when the final response is kept.
    pub(crate) fn close(&mut self) {
        if !self.ended || self.failure.is_some() {
            self.leave();
        }
        self.ready.clear();
        self.ended = true;
    }

    fn leave(&mut self) {
        let left = std::mem::replace(&mut self.source, Source::Closed);
        if !matches!(left, Source::Unopened(_) | Source::Closed) {
            drop(left);
            runtime::close_abandoned(self.mode);
        }
    }

    /// What came with the answer: of the latest one, where the stream was rejoined. `None` before it is opened.
    pub(crate) fn about(&mut self) -> Option<About> {
        if let Source::Open(stream) = &mut self.source
            && let Some(stream) = stream.get()
        {
            self.about = Some(About::of(stream));
        }
        self.about.clone()
    }

    /// The final response as Python has it.
    pub(crate) fn response<'py>(&self, py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        self.document(py, bytes, &"final response")
    }

    fn document<'py>(&self, py: Python<'py>, bytes: &[u8], what: &dyn Display) -> PyResult<Bound<'py, PyAny>> {
        let request_id = self.about.as_ref().and_then(|about| about.request_id.as_deref());
        answer::document(py, bytes, &format_args!("{}: the {what}", self.operation.id), request_id)
    }

    /// The next ready event as a dict.
    pub(crate) fn next_event<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(RawEvent { event, data, .. }) = self.ready.pop_front() else { return Ok(None) };
        self.document(py, &data, &format_args!("event {event}")).map(Some)
    }

    /// The text of the next ready event that has some.
    pub(crate) fn next_text<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        while let Some(event) = self.ready.pop_front() {
            if event.event == TEXT_EVENT {
                let delta: Delta<'_> = serde_json::from_slice(&event.data).map_err(|failure| {
                    let operation = self.operation.id;
                    error::raise_message(
                        py,
                        format!("{operation}: a {TEXT_EVENT} event is not what it should be: {failure}"),
                    )
                })?;
                return Ok(Some(PyString::new(py, &delta.text).into_any()));
            }
        }
        Ok(None)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.leave();
    }
}

/// What asking a closed stream for its final response raises.
pub(crate) fn closed(py: Python<'_>) -> PyErr {
    error::raise_message(py, "the stream was closed before its final response".to_owned())
}

/// What asking an unopened stream for its headers raises.
pub(crate) fn unopened(py: Python<'_>) -> PyErr {
    error::raise_message(py, "the stream has not been opened: enter it with 'with', or read from it".to_owned())
}

/// Waiting for the lock while holding the interpreter could be for ever: whoever holds it may need the interpreter.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> PyResult<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Ok(guard),
        Err(TryLockError::Poisoned(guard)) => Ok(guard.into_inner()),
        Err(TryLockError::WouldBlock) => Err(PyRuntimeError::new_err("another thread is already reading this stream")),
    }
}
