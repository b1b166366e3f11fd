//! The native client: every generated method comes through `call` or `stream`, so a new endpoint adds no Rust here.

use std::sync::Arc;

use agent_platform::{Client, RecordedDelays, RequestOptions, operations};
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
    pool::Pool,
    request::Request,
    runtime::Mode,
    stream::AsyncStream,
    trace,
};

/// A connection pool to one server with one key, behind both Python clients.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct NativeClient {
    pool: Arc<Pool>,
    /// What `with_options` said.
    options: Option<Arc<RequestOptions>>,
    /// Whether answers come with status and headers.
    raw: bool,
    delays: Option<Arc<RecordedDelays>>,
}

/// The settings of a client, by the names that the Python constructor gives them.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Settings<'py> {
    api_key: Option<Bound<'py, PyAny>>,
    base_url: Option<Bound<'py, PyAny>>,
    timeout: Bound<'py, PyAny>,
    max_retries: Option<Bound<'py, PyAny>>,
    retry_budget: Bound<'py, PyAny>,
    default_headers: Option<Bound<'py, PyAny>>,
    proxy: Option<Bound<'py, PyAny>>,
    ca_bundle: Option<Bound<'py, PyAny>>,
    user_agent: String,
}

#[pymethods]
impl NativeClient {
    #[new]
    #[pyo3(signature = (settings, *, blocking, record_delays = false))]
    fn new(py: Python<'_>, settings: Settings<'_>, blocking: bool, record_delays: bool) -> PyResult<Self> {
        let budget = arguments::flag("retry_budget", &settings.retry_budget)?;
        let mut builder = Client::builder().user_agent_suffix(settings.user_agent).retry_budget(budget);
        if let Some(api_key) = settings.api_key {
            builder = builder.api_key(arguments::secret("api_key", &api_key)?);
        }
        if let Some(base_url) = settings.base_url {
            builder = builder.base_url(arguments::text("base_url", &base_url)?);
        }
        if let Some(timeout) = arguments::seconds(&settings.timeout)? {
            builder = builder.timeout(timeout);
        }
        if let Some(max_retries) = settings.max_retries {
            builder = builder.max_retries(arguments::count("max_retries", &max_retries)?);
        }
        for (name, value) in arguments::pairs("default_headers", settings.default_headers.as_ref())? {
            builder = builder.default_header(name, value);
        }
        if let Some(proxy) = settings.proxy {
            builder = builder.proxy(arguments::secret("proxy", &proxy)?);
        }
        if let Some(ca_bundle) = settings.ca_bundle {
            builder = builder.ca_bundle(arguments::path("ca_bundle", &ca_bundle)?);
        }
        let delays = record_delays.then(Arc::<RecordedDelays>::default);
        if let Some(delays) = &delays {
            builder = builder.sleep(Arc::clone(delays) as _);
        }
        let mode = if blocking { Mode::Blocking } else { Mode::Asyncio };
        let pool = Pool::new(builder, mode).map_err(|failure| error::raise(py, &failure))?;
        Ok(Self { pool: Arc::new(pool), options: None, raw: false, delays })
    }

    /// Makes a call: its awaitable or, for blocking code, its answer.
    fn call<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        required: &Bound<'py, PyDict>,
        optional: &Bound<'py, PyDict>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = self.request(py, operation, required, optional, options)?;
        match self.pool.mode {
            Mode::Asyncio => Ok(Bound::new(py, Call::new(request, self.raw))?.into_any()),
            Mode::Blocking => call::wait(py, request, self.raw),
        }
    }

    /// A stream, opened when it is entered or first read.
    fn stream<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        required: &Bound<'py, PyDict>,
        optional: &Bound<'py, PyDict>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let feed = Feed::new(self.request(py, operation, required, optional, options)?);
        match self.pool.mode {
            Mode::Asyncio => Ok(Bound::new(py, AsyncStream::new(feed))?.into_any()),
            Mode::Blocking => Ok(Bound::new(py, Stream::new(feed))?.into_any()),
        }
    }

    /// The same connections with other options for the calls made through it.
    fn with_options(&self, options: Options<'_>) -> PyResult<Self> {
        let mut merged = self.options.as_deref().cloned().unwrap_or_default();
        options.add_to(&mut merged)?;
        Ok(Self { options: Some(Arc::new(merged)), ..self.again() })
    }

    /// The same connections, whose answers come with status and headers.
    fn with_raw_response(&self) -> Self {
        Self { raw: true, ..self.again() }
    }

    fn close(&self) {
        self.pool.close();
    }

    #[getter]
    fn base_url(&self) -> &str {
        &self.pool.base_url
    }

    /// The milliseconds that were to be waited between attempts, where `record_delays` has them kept instead.
    fn delays(&self) -> Vec<f64> {
        let delays = self.delays.as_ref().map(|delays| delays.all()).unwrap_or_default();
        delays.iter().map(|delay| delay.as_secs_f64() * 1000.0).collect()
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a client cannot be pickled: it holds connections and a key; make one in each process",
        ))
    }
}

impl NativeClient {
    fn request(
        &self,
        py: Python<'_>,
        operation: &str,
        required: &Bound<'_, PyDict>,
        optional: &Bound<'_, PyDict>,
        options: Options<'_>,
    ) -> PyResult<Request> {
        let operation = operations::find(operation)
            .ok_or_else(|| PyAttributeError::new_err(format!("no operation {operation}")))?;
        let arguments = arguments::arguments(operation, required, optional)?;
        let mut read = RequestOptions::new();
        trace::add_context(py, &mut read)?;
        options.add_to(&mut read)?;
        Ok(Request { pool: Arc::clone(&self.pool), base: self.options.clone(), operation, arguments, options: read })
    }

    fn again(&self) -> Self {
        Self { pool: Arc::clone(&self.pool), options: self.options.clone(), raw: self.raw, delays: self.delays.clone() }
    }
}
