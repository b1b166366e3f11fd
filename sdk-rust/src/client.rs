//! The client: one logical call from arguments to a parsed answer.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    arguments::Arguments,
    call::Call,
    config::ClientBuilder,
    decode,
    error::{Error, Result},
    event_stream::{EventStream, StreamEvent},
    operation::Operation,
    options::RequestOptions,
    page::Pager,
    rejoin::Origin,
    request::{Request, Response},
    retry::{DEFAULT_MAX_RETRIES, Retry},
    stream::RawStream,
    transport::Transport,
};

/// A connection pool to one server with one key. Cloning is cheap and shares the pool; use one client for all calls.
///
/// A call belongs to the runtime in which it is awaited. Dropping its future gives it up and closes its connection.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: Arc<RequestOptions>,
}

/// What all clones of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) transport: Transport,
    pub(crate) retry: Retry,
    timeout: Option<Option<Duration>>,
    max_retries: u32,
}

/// An answer as it came, with what is not in its body.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status, always a success.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The request's id, to be named when asking the operator.
    pub request_id: Option<String>,
    /// How many attempts failed before this answer.
    pub retries_taken: u32,
    /// The body; empty for an answer without content.
    pub body: Bytes,
}

/// Without the body: an answer may hold a key that is shown this once.
impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("request_id", &self.request_id)
            .field("retries_taken", &self.retries_taken)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

impl Client {
    /// Starts to set up a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client set up by the environment alone: `AGENT_PLATFORM_API_KEY`, `AGENT_PLATFORM_BASE_URL`.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    pub(crate) fn new(builder: &ClientBuilder) -> Result<Self> {
        let shared = Shared {
            transport: Transport::new(builder)?,
            retry: Retry::new(!builder.no_retry_budget, builder.sleep.clone()),
            timeout: builder.timeout,
            max_retries: builder.max_retries.unwrap_or(DEFAULT_MAX_RETRIES),
        };
        Ok(Self { shared: Arc::new(shared), options: Arc::default() })
    }

    /// The same client, over the same connections, with other options for the calls made through it.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { shared: Arc::clone(&self.shared), options: Arc::new(options.over(&self.options)) }
    }

    /// Where the server is, without the last slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.shared.transport.base_url()
    }

    /// Calls an operation and hands out its answer as it came. `options` hold over those of the client.
    ///
    /// # Errors
    /// Every [`ErrorKind`](crate::ErrorKind) but those of streams.
    pub async fn call(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawResponse> {
        self.fetch(operation, arguments, &options.over(&self.options)).await
    }

    /// Calls an operation that answers with server-sent events. Errors that arise before the first event are raised here.
    ///
    /// # Errors
    /// Every [`ErrorKind`](crate::ErrorKind) but those that end a stream.
    pub async fn open(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawStream> {
        self.connect(operation, arguments, options.over(&self.options)).await
    }

    async fn fetch(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawResponse> {
        let Shared { transport, retry, .. } = &*self.shared;
        let call = self.shared.prepare(operation, arguments, options)?;
        let max_retries = self.shared.max_retries(options);
        retry.run(max_retries, |retries| transport.fetch(&call, retries)).await.map(|(answer, _)| answer)
    }

    async fn connect(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: RequestOptions,
    ) -> Result<RawStream> {
        let Shared { transport, retry, .. } = &*self.shared;
        let call = self.shared.prepare(operation, arguments, &options)?;
        let max_retries = self.shared.max_retries(&options);
        let (response, retries) = retry.run(max_retries, |retries| transport.open(&call, retries)).await?;
        let origin = Origin::new(Arc::clone(&self.shared), call, options, max_retries);
        Ok(RawStream::new(response, origin, retries))
    }

    pub(crate) fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// An operation that answers with JSON. Generated methods stand on this.
    #[doc(hidden)]
    pub fn send<T: DeserializeOwned + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Request<T> {
        Request::new(self.clone(), operation, arguments, |client, operation, arguments, options| {
            Box::pin(async move { parsed(operation, client.fetch(operation, arguments, &options).await?) })
        })
    }

    /// An operation that answers without content.
    #[doc(hidden)]
    pub fn send_empty(&self, operation: &'static Operation, arguments: Arguments) -> Request<()> {
        Request::new(self.clone(), operation, arguments, |client, operation, arguments, options| {
            Box::pin(async move { Ok(client.fetch(operation, arguments, &options).await?.with(|_| ())) })
        })
    }

    /// An operation that answers with a file.
    #[doc(hidden)]
    pub fn send_bytes(&self, operation: &'static Operation, arguments: Arguments) -> Request<Bytes> {
        Request::new(self.clone(), operation, arguments, |client, operation, arguments, options| {
            Box::pin(async move { Ok(client.fetch(operation, arguments, &options).await?.with(|body| body)) })
        })
    }

    /// An operation that answers with events of one type.
    #[doc(hidden)]
    pub fn stream<E: StreamEvent + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Request<EventStream<E>> {
        Request::new(self.clone(), operation, arguments, |client, operation, arguments, options| {
            Box::pin(async move { client.opened(operation, arguments, options).await })
        })
    }

    pub(crate) async fn opened<E: StreamEvent>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: RequestOptions,
    ) -> Result<Response<EventStream<E>>> {
        let raw = self.connect(operation, arguments, options).await?;
        Ok(Response {
            status: raw.status(),
            headers: raw.headers().clone(),
            request_id: raw.request_id().map(str::to_owned),
            retries_taken: raw.retries_taken(),
            value: EventStream::new(raw),
        })
    }

    /// A walk through all pages of a list.
    #[doc(hidden)]
    pub fn pager<T: DeserializeOwned + Send + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Pager<T> {
        Pager::new(self.clone(), operation, arguments)
    }
}

impl Shared {
    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<Call> {
        self.transport.endpoint.prepare(operation, arguments, options, self.timeout)
    }

    fn max_retries(&self, options: &RequestOptions) -> u32 {
        options.max_retries.unwrap_or(self.max_retries)
    }
}

impl RawResponse {
    /// The parts, with what is made of the body.
    fn with<T>(self, value: impl FnOnce(Bytes) -> T) -> Response<T> {
        let Self { status, headers, request_id, retries_taken, body } = self;
        Response { value: value(body), status, headers, request_id, retries_taken }
    }
}

fn parsed<T: DeserializeOwned>(operation: &Operation, answer: RawResponse) -> Result<Response<T>> {
    match decode::json(&answer.body) {
        Ok(value) => Ok(answer.with(|_| value)),
        Err(error) => Err(Error::decode(format!("{}: the answer is not what it should be: {error}", operation.id))
            .with_request_id(answer.request_id)
            .with_source(error)),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("connect_timeout", &self.shared.transport.connect_timeout())
            .field("timeout", &self.shared.timeout)
            .field("max_retries", &self.shared.max_retries)
            .finish_non_exhaustive()
    }
}
