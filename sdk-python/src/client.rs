//! The native client: every generated method comes through `call` or `stream`, so a new endpoint adds no Rust here.

use std::sync::{Mutex, PoisonError};

use agent_platform::{Client, ClientBuilder, operation::Operation, operations};
use pyo3::{
    exceptions::{PyAttributeError, PyTypeError},
    prelude::*,
    types::PyDict,
};

use crate::{
    arguments::{self, Options},
    blocking::Stream,
    call::{self, Call},
    error,
    feed::Feed,
    runtime::{self, ProcessBound},
    stream::AsyncStream,
};

/// A connection pool to one server with one key, behind both Python clients.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct NativeClient {
    builder: ClientBuilder,
    /// For the client's `repr`.
    base_url: String,
    current: Mutex<Current>,
}

enum Current {
    Open(ProcessBound<Client>),
    Closed,
}

#[pymethods]
impl NativeClient {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one for each keyword of the Python constructor")]
    fn new(
        py: Python<'_>,
        api_key: Option<String>,
        base_url: Option<String>,
        timeout: Bound<'_, PyAny>,
        max_retries: Option<u32>,
        default_headers: Option<Bound<'_, PyAny>>,
        proxy: Option<String>,
        ca_bundle: Option<std::path::PathBuf>,
        user_agent: String,
    ) -> PyResult<Self> {
        let mut builder = Client::builder().user_agent_suffix(user_agent);
        if let Some(api_key) = api_key {
            builder = builder.api_key(api_key);
        }
        if let Some(base_url) = base_url {
            builder = builder.base_url(base_url);
        }
        if let Some(timeout) = arguments::seconds(&timeout)? {
            builder = builder.timeout(timeout);
        }
        if let Some(max_retries) = max_retries {
            builder = builder.max_retries(max_retries);
        }
        for (name, value) in arguments::pairs("default_headers", default_headers.as_ref())? {
            builder = builder.default_header(name, value);
        }
        if let Some(proxy) = proxy {
            builder = builder.proxy(proxy);
        }
        if let Some(ca_bundle) = ca_bundle {
            builder = builder.ca_bundle(ca_bundle);
        }
        let client = build(py, &builder)?;
        let base_url = client.base_url().to_owned();
        let current = Mutex::new(Current::Open(ProcessBound::new(client)));
        Ok(Self { builder, base_url, current })
    }

    /// Starts a call and returns its awaitable.
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        required: &Bound<'_, PyDict>,
        optional: &Bound<'_, PyDict>,
        options: Options<'_>,
    ) -> PyResult<Call> {
        let (client, operation) = (self.client(py)?, find(operation)?);
        let (arguments, options) = (arguments::arguments(operation, required, optional)?, options.read()?);
        Call::start(operation, async move { client.call(operation, arguments, &options).await })
    }

    /// Makes a call and waits for its answer.
    fn call_blocking<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        required: &Bound<'py, PyDict>,
        optional: &Bound<'py, PyDict>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (client, operation) = (self.client(py)?, find(operation)?);
        let (arguments, options) = (arguments::arguments(operation, required, optional)?, options.read()?);
        let outcome = runtime::block_on(py, || client.call(operation, arguments, &options))?;
        call::answer(py, operation, outcome)
    }

    /// A stream, opened when it is entered or first read.
    fn stream(
        &self,
        py: Python<'_>,
        operation: &str,
        required: &Bound<'_, PyDict>,
        optional: &Bound<'_, PyDict>,
        options: Options<'_>,
    ) -> PyResult<AsyncStream> {
        let (client, operation) = (self.client(py)?, find(operation)?);
        let (arguments, options) = (arguments::arguments(operation, required, optional)?, options.read()?);
        Ok(AsyncStream::new(Feed::new(client, operation, arguments, options)))
    }

    /// The same for blocking code.
    fn stream_blocking(
        &self,
        py: Python<'_>,
        operation: &str,
        required: &Bound<'_, PyDict>,
        optional: &Bound<'_, PyDict>,
        options: Options<'_>,
    ) -> PyResult<Stream> {
        let (client, operation) = (self.client(py)?, find(operation)?);
        let (arguments, options) = (arguments::arguments(operation, required, optional)?, options.read()?);
        Ok(Stream::new(Feed::new(client, operation, arguments, options)))
    }

    /// Closes idle connections. Calls under way end as they would have; new ones are refused.
    fn close(&self) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Current::Closed;
    }

    #[getter]
    fn base_url(&self) -> &str {
        &self.base_url
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a client cannot be pickled: it holds connections and a key; make one in each process",
        ))
    }
}

impl NativeClient {
    /// The client of this process: a forked child gets a connection pool of its own.
    fn client(&self, py: Python<'_>) -> PyResult<Client> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Current::Open(bound) = &mut *current else {
            return Err(error::raise_message(py, "the client is closed".to_owned()));
        };
        if let Some(client) = bound.get() {
            return Ok(client.clone());
        }
        let client = build(py, &self.builder)?;
        *current = Current::Open(ProcessBound::new(client.clone()));
        Ok(client)
    }
}

fn build(py: Python<'_>, builder: &ClientBuilder) -> PyResult<Client> {
    builder.clone().build().map_err(|failure| error::raise(py, &failure))
}

fn find(operation: &str) -> PyResult<&'static Operation> {
    operations::find(operation).ok_or_else(|| PyAttributeError::new_err(format!("no operation {operation}")))
}
