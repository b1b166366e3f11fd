//! Streams for asyncio.
//!
//! A stream is read on the loop's own thread, only when an event is asked for. So whoever is slow slows the server
//! down; what has arrived is handed out without the loop; and an `__anext__` that was cancelled has taken nothing.

use std::sync::Mutex;

use pyo3::{
    exceptions::{PyStopAsyncIteration, PyTypeError},
    prelude::*,
    pyclass::{PyTraverseError, PyVisit},
    types::{PyGenericAlias, PyTuple, PyType},
};

use crate::{
    answer::headers,
    awaiting,
    bridge::{Polled, Waiter},
    exit,
    feed::{About, Failure, Feed, closed, try_lock, unopened},
    runtime::{self, Mode},
};

/// The events of a streamed execution, for asyncio.
///
/// Use it as a context manager, so that leaving closes the connection, and iterate over it for the events, or over
/// `text_stream` for the text alone.
#[pyclass(frozen, module = "agent_platform")]
pub(crate) struct AsyncStream {
    state: Mutex<State>,
}

struct State {
    feed: Feed,
    waiter: Waiter,
    /// How many events were handed out since the loop last had its turn.
    in_a_row: usize,
}

/// After so many events that were all there at once, other tasks have their turn, and a cancellation its chance: a server
/// that is faster than its reader would otherwise keep the loop to itself. One turn costs as much as some ten events.
const MOST_IN_A_ROW: usize = 256;

/// What a task wants of a stream.
#[derive(Clone, Copy)]
enum Want {
    Open,
    Event,
    Text,
    Final,
    Nothing,
}

impl AsyncStream {
    pub(crate) fn new(feed: Feed) -> Self {
        Self { state: Mutex::new(State { feed, waiter: Waiter::default(), in_a_row: 0 }) }
    }

    fn about(&self, py: Python<'_>) -> PyResult<About> {
        try_lock(&self.state)?.feed.about().ok_or_else(|| unopened(py))
    }

    fn poll<'py>(slf: &Bound<'py, Self>, want: Want) -> PyResult<Polled<'py, Bound<'py, PyAny>>> {
        let py = slf.py();
        let mut state = try_lock(&slf.get().state)?;
        let State { feed, waiter, in_a_row } = &mut *state;
        macro_rules! wait {
            ($poll:expr) => {{
                // A stream's time-outs are timers of the runtime.
                let _runtime = runtime::runtime(Mode::Asyncio)?.enter();
                match waiter.poll(py, $poll)? {
                    Polled::Ready(output) => output.map_err(|failure: Failure| failure.into_py(py))?,
                    Polled::Wait(future) => {
                        *in_a_row = 0;
                        return Ok(Polled::Wait(future));
                    }
                }
            }};
        }
        macro_rules! wait_for_more {
            () => {{
                if *in_a_row >= MOST_IN_A_ROW {
                    *in_a_row = 0;
                    // What a bare `yield` gives: the task goes on at the loop's next turn.
                    return Ok(Polled::Wait(py.None().into_bound(py)));
                }
                wait!(|cx| feed.poll_ready(cx))
            }};
        }
        let value = match want {
            Want::Nothing => py.None().into_bound(py),
            Want::Open => {
                wait!(|cx| feed.poll_open(cx).map_ok(|_| ()));
                slf.clone().into_any()
            }
            Want::Event => loop {
                if let Some(event) = feed.next_event(py)? {
                    *in_a_row += 1;
                    break event;
                }
                if !wait_for_more!() {
                    return Err(PyStopAsyncIteration::new_err(()));
                }
            },
            Want::Text => loop {
                if let Some(text) = feed.next_text(py)? {
                    *in_a_row += 1;
                    break text;
                }
                if !wait_for_more!() {
                    // An execution that failed has no text to say so: the final response raises.
                    wait!(|cx| feed.poll_final(cx));
                    return Err(PyStopAsyncIteration::new_err(()));
                }
            },
            Want::Final => match wait!(|cx| feed.poll_final(cx)) {
                Some(response) => feed.response(py, &response)?,
                None => return Err(closed(py)),
            },
        };
        Ok(Polled::Ready(value))
    }
}

#[pymethods]
impl AsyncStream {
    fn __aenter__(slf: Py<Self>) -> StreamStep {
        StreamStep { stream: slf, want: Want::Open }
    }

    #[pyo3(signature = (*_exception))]
    fn __aexit__(slf: Py<Self>, _exception: Bound<'_, PyTuple>) -> PyResult<StreamStep> {
        Self::aclose(slf)
    }

    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__(slf: Py<Self>) -> StreamStep {
        StreamStep { stream: slf, want: Want::Event }
    }

    /// Only what the agent says, piece by piece. Raises what the execution failed with.
    #[getter]
    fn text_stream(slf: Py<Self>) -> AsyncTextStream {
        AsyncTextStream { stream: slf }
    }

    /// Reads what is left, and returns the final response. Raises what the execution failed with.
    fn get_final_response(slf: Py<Self>) -> StreamStep {
        StreamStep { stream: slf, want: Want::Final }
    }

    /// Closes the connection. Whether the execution goes on is said by `on_disconnect`.
    fn aclose(slf: Py<Self>) -> PyResult<StreamStep> {
        let mut state = try_lock(&slf.get().state)?;
        state.feed.close();
        state.waiter.leave();
        drop(state);
        Ok(StreamStep { stream: slf, want: Want::Nothing })
    }

    /// The HTTP status.
    #[getter]
    fn status_code(&self, py: Python<'_>) -> PyResult<u16> {
        Ok(self.about(py)?.status_code)
    }

    /// The headers; their names may be asked for in any case.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        headers(py, &self.about(py)?.headers)
    }

    /// The request's id, to be named when asking the operator.
    #[getter]
    fn request_id(&self, py: Python<'_>) -> PyResult<Option<String>> {
        Ok(self.about(py)?.request_id)
    }

    /// How many attempts failed before this answer.
    #[getter]
    fn retries_taken(&self, py: Python<'_>) -> PyResult<u32> {
        Ok(self.about(py)?.retries_taken)
    }

    fn __enter__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("this is a stream for asyncio: write 'async with', or use SyncAgentPlatformClient"))
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: Bound<'_, PyTuple>) {}

    fn __iter__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err("this is a stream for asyncio: write 'async for', or use SyncAgentPlatformClient"))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.state.try_lock() {
            Ok(state) => state.waiter.traverse(&visit),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        if let Ok(mut state) = self.state.try_lock() {
            state.feed.close();
            state.waiter = Waiter::default();
        }
    }

    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyGenericAlias::new(class.py(), class, item).map(Bound::into_any)
    }
}

/// The text of a streamed execution, for asyncio.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct AsyncTextStream {
    stream: Py<AsyncStream>,
}

#[pymethods]
impl AsyncTextStream {
    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__(&self, py: Python<'_>) -> StreamStep {
        StreamStep { stream: self.stream.clone_ref(py), want: Want::Text }
    }

    fn __iter__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err("this is a stream for asyncio: write 'async for', or use SyncAgentPlatformClient"))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.stream)
    }
}

/// One wait for a stream.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct StreamStep {
    stream: Py<AsyncStream>,
    want: Want,
}

#[pymethods]
impl StreamStep {
    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let _open = exit::hold_open(py)?;
        awaiting::step(AsyncStream::poll(self.stream.bind(py), self.want)?)
    }

    fn send<'py>(&self, py: Python<'py>, _value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.__next__(py)
    }

    #[pyo3(signature = (kind, value = None, traceback = None))]
    fn throw(
        &self,
        kind: Bound<'_, PyAny>,
        value: Option<Bound<'_, PyAny>>,
        traceback: Option<Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.close();
        Err(awaiting::thrown(kind, value, traceback))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.stream)
    }

    fn close(&self) {
        if let Ok(mut state) = try_lock(&self.stream.get().state) {
            state.waiter.leave();
        }
    }
}
