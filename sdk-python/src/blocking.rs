//! Streams for blocking code.

use std::{
    sync::Mutex,
    task::{Context, Poll},
};

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyGenericAlias, PyTuple, PyType},
};

use crate::{
    answer::headers,
    feed::{About, Failure, Feed, closed, try_lock, unopened},
    runtime,
};

/// The events of a streamed execution, for blocking code.
///
/// Use it as a context manager, so that leaving closes the connection, and iterate over it for the events, or over
/// `text_stream` for the text alone.
#[pyclass(frozen, module = "agent_platform")]
pub(crate) struct Stream {
    feed: Mutex<Feed>,
}

impl Stream {
    pub(crate) fn new(feed: Feed) -> Self {
        Self { feed: Mutex::new(feed) }
    }

    fn wait<T: Send>(
        &self,
        py: Python<'_>,
        poll: impl Fn(&mut Feed, &mut Context<'_>) -> Poll<Result<T, Failure>> + Sync,
    ) -> PyResult<T> {
        // Locked for each poll, not for the whole wait: a signal's handler may use the stream, too.
        let outcome = runtime::wait(py, |cx| match try_lock(&self.feed) {
            Ok(mut feed) => poll(&mut feed, cx).map(Ok),
            Err(busy) => Poll::Ready(Err(busy)),
        })?;
        outcome?.map_err(|failure| failure.into_py(py))
    }

    fn about(&self, py: Python<'_>) -> PyResult<About> {
        try_lock(&self.feed)?.about().ok_or_else(|| unopened(py))
    }

    fn next<'py>(
        &self,
        py: Python<'py>,
        take: impl Fn(&mut Feed, Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        loop {
            let taken = take(&mut *try_lock(&self.feed)?, py)?;
            if taken.is_some() || !self.wait(py, Feed::poll_ready)? {
                return Ok(taken);
            }
        }
    }
}

#[pymethods]
impl Stream {
    fn __enter__(slf: Py<Self>, py: Python<'_>) -> PyResult<Py<Self>> {
        slf.get().wait(py, |feed, cx| feed.poll_open(cx).map_ok(|_| ()))?;
        Ok(slf)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: Bound<'_, PyTuple>) -> PyResult<()> {
        self.close()
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.next(py, Feed::next_event)
    }

    /// Only what the agent says, piece by piece. Raises what the execution failed with.
    #[getter]
    fn text_stream(slf: Py<Self>) -> TextStream {
        TextStream { stream: slf }
    }

    /// Reads what is left, and returns the final response. Raises what the execution failed with.
    fn get_final_response<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.wait(py, Feed::poll_final)? {
            Some(response) => try_lock(&self.feed)?.response(py, &response),
            None => Err(closed(py)),
        }
    }

    /// Closes the connection. Whether the execution goes on is said by `on_disconnect`.
    fn close(&self) -> PyResult<()> {
        try_lock(&self.feed)?.close();
        Ok(())
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

    fn __aenter__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("this is a stream for blocking code: write 'with', or use AgentPlatformClient"))
    }

    #[pyo3(signature = (*_exception))]
    fn __aexit__(&self, _exception: Bound<'_, PyTuple>) {}

    fn __aiter__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err("this is a stream for blocking code: write 'for', or use AgentPlatformClient"))
    }

    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyGenericAlias::new(class.py(), class, item).map(Bound::into_any)
    }
}

/// The text of a streamed execution, for blocking code.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct TextStream {
    stream: Py<Stream>,
}

#[pymethods]
impl TextStream {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __aiter__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err("this is a stream for blocking code: write 'for', or use AgentPlatformClient"))
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let stream = self.stream.get();
        let text = stream.next(py, Feed::next_text)?;
        if text.is_none() {
            // An execution that failed has no text to say so: the final response raises.
            stream.wait(py, Feed::poll_final)?;
        }
        Ok(text)
    }
}
