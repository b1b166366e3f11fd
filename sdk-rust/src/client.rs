//! The client: one logical call from arguments to a parsed answer.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    config::ClientBuilder,
    error::{Error, Result},
    operation::Operation,
    page::Pager,
    request::{Arguments, RequestOptions},
    stream::{EventStream, RawStream, StreamEvent},
};

/// A connection pool to one server with one key. Cloning is cheap and shares the pool.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: Arc<RequestOptions>,
}

struct Shared {
    builder: ClientBuilder,
}

/// An answer as it came, with what is not in its body.
#[derive(Clone, Debug)]
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

impl Client {
    /// Starts to set up a client.
    #[must_use]
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

    pub(crate) fn new(builder: ClientBuilder) -> Result<Self> {
        Ok(Self { shared: Arc::new(Shared { builder }), options: Arc::default() })
    }

    /// The same client with other options for the calls made through it.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { shared: Arc::clone(&self.shared), options: Arc::new(options.over(&self.options)) }
    }

    /// Calls an operation and hands out its answer as it came. `options` hold over those of the client.
    ///
    /// # Errors
    /// Every [`crate::ErrorKind`] but those of streams.
    pub async fn call(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawResponse> {
        let _ = (&self.shared.builder, options, arguments);
        Err(Error::decode(format!("{} has no transport yet", operation.id)))
    }

    /// Calls an operation that answers with server-sent events. Errors that arise before the first event are raised here.
    ///
    /// # Errors
    /// Every [`crate::ErrorKind`] but those that end a stream.
    pub async fn open(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawStream> {
        let _ = (options, arguments);
        Err(Error::decode(format!("{} has no transport yet", operation.id)))
    }

    /// Calls an operation that answers with JSON. Generated methods stand on this.
    ///
    /// # Errors
    /// As [`Client::call`].
    #[doc(hidden)]
    pub async fn send<T: DeserializeOwned>(&self, operation: &'static Operation, arguments: Arguments) -> Result<T> {
        let response = self.call(operation, arguments, &self.options).await?;
        serde_json::from_slice(&response.body).map_err(|error| Error::decode(error.to_string()))
    }

    /// Calls an operation that answers without content.
    ///
    /// # Errors
    /// As [`Client::call`].
    #[doc(hidden)]
    pub async fn send_empty(&self, operation: &'static Operation, arguments: Arguments) -> Result<()> {
        self.call(operation, arguments, &self.options).await.map(|_| ())
    }

    /// Calls an operation that answers with a file.
    ///
    /// # Errors
    /// As [`Client::call`].
    #[doc(hidden)]
    pub async fn send_bytes(&self, operation: &'static Operation, arguments: Arguments) -> Result<Bytes> {
        self.call(operation, arguments, &self.options).await.map(|response| response.body)
    }

    /// Calls an operation that answers with events of one type.
    ///
    /// # Errors
    /// As [`Client::open`].
    #[doc(hidden)]
    pub async fn stream<E: StreamEvent>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Result<EventStream<E>> {
        self.open(operation, arguments, &self.options).await.map(EventStream::new)
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

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
