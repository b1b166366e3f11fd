//! The same client for programs without an async runtime (feature `blocking`).
//!
//! ```no_run
//! # fn main() -> agent_platform::Result<()> {
//! let client = agent_platform::blocking::Client::from_env()?;
//! let usage = client.get_usage().send()?;
//! println!("{} tokens left", usage.usage.remaining_tokens);
//! for agent in client.list_agents_all(Default::default()) {
//!     println!("{}", agent?.name);
//! }
//! # Ok(())
//! # }
//! ```

mod request;
mod streams;
mod wait;

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use self::wait::wait;
pub use self::{
    request::Request,
    streams::{EventStream, Pager, TextStream},
};
use crate::{
    arguments::Arguments, client::RawResponse, config::ClientBuilder, error::Result, event_stream::StreamEvent,
    operation::Operation, options::RequestOptions, stream::RawStream,
};

/// A connection pool to one server with one key, whose calls block the thread. Cloning is cheap and shares the pool.
///
/// In async code its calls fail, with an error that says so: there, use [`crate::Client`].
#[derive(Clone)]
pub struct Client {
    inner: crate::Client,
}

impl Client {
    /// The blocking form of a client; both share connections.
    #[must_use]
    pub fn new(client: crate::Client) -> Self {
        Self { inner: client }
    }

    /// Starts to set up a client; end it with [`ClientBuilder::build_blocking`].
    pub fn builder() -> ClientBuilder {
        crate::Client::builder()
    }

    /// A client set up by the environment alone: `AGENT_PLATFORM_API_KEY`, `AGENT_PLATFORM_BASE_URL`.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        crate::Client::from_env().map(Self::new)
    }

    /// The same client, over the same connections, with other options for the calls made through it.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self::new(self.inner.with_options(options))
    }

    /// Calls an operation and hands out its answer as it came. `options` hold over those of the client.
    ///
    /// # Errors
    /// As [`crate::Client::call`].
    pub fn call(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawResponse> {
        wait(self.inner.call(operation, arguments, options))
    }

    /// Calls an operation that answers with server-sent events.
    ///
    /// # Errors
    /// As [`crate::Client::open`].
    pub fn open(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
    ) -> Result<RawStream> {
        wait(self.inner.open(operation, arguments, options))
    }

    /// An operation that answers with JSON. Generated methods stand on this.
    #[doc(hidden)]
    pub fn send<T: DeserializeOwned + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Request<T> {
        Request::of(self.inner.send(operation, arguments))
    }

    /// An operation that answers without content.
    #[doc(hidden)]
    pub fn send_empty(&self, operation: &'static Operation, arguments: Arguments) -> Request<()> {
        Request::of(self.inner.send_empty(operation, arguments))
    }

    /// An operation that answers with a file.
    #[doc(hidden)]
    pub fn send_bytes(&self, operation: &'static Operation, arguments: Arguments) -> Request<Bytes> {
        Request::of(self.inner.send_bytes(operation, arguments))
    }

    /// An operation that answers with events of one type.
    #[doc(hidden)]
    pub fn stream<E: StreamEvent + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Request<EventStream<E>> {
        Request::of(crate::Request::new(
            self.inner.clone(),
            operation,
            arguments,
            |client, operation, arguments, options| {
                Box::pin(async move {
                    let opened = client.opened(operation, arguments, options).await?;
                    Ok(opened.map(EventStream::of))
                })
            },
        ))
    }

    /// A walk through all pages of a list.
    #[doc(hidden)]
    pub fn pager<T: DeserializeOwned + Send + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Pager<T> {
        Pager::of(self.inner.pager(operation, arguments))
    }
}

impl ClientBuilder {
    /// The client, in its blocking form.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`].
    pub fn build_blocking(self) -> Result<Client> {
        self.build().map(Client::new)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
