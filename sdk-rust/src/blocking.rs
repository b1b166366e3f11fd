//! The same client for programs without an async runtime (feature `blocking`).
//!
//! ```no_run
//! # fn main() -> agent_platform::Result<()> {
//! let client = agent_platform::blocking::Client::from_env()?;
//! for agent in client.list_agents_all(Default::default()) {
//!     println!("{}", agent?.name);
//! }
//! # Ok(())
//! # }
//! ```

use std::{
    fmt,
    future::Future,
    io,
    pin::pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use tokio::runtime::{self, Handle, Runtime};

use crate::{
    client::RawResponse,
    config::ClientBuilder,
    error::{Error, Result},
    event_stream::{self, StreamEvent},
    operation::Operation,
    page::{self, Page},
    request::{Arguments, RequestOptions},
    stream::RawStream,
};

/// Threads of the runtime that all blocking clients share. They only move bytes; the callers' threads do the rest.
const WORKERS: usize = 2;

/// What tokio allows a task to do before it must yield; more steps than this without a pause mean that no task is run.
const MORE_THAN_TOKIOS_BUDGET: usize = 1024;

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

    /// Calls an operation that answers with JSON. Generated methods stand on this.
    ///
    /// # Errors
    /// As [`crate::Client::call`].
    #[doc(hidden)]
    pub fn send<T: DeserializeOwned>(&self, operation: &'static Operation, arguments: Arguments) -> Result<T> {
        wait(self.inner.send(operation, arguments))
    }

    /// Calls an operation that answers without content.
    ///
    /// # Errors
    /// As [`crate::Client::call`].
    #[doc(hidden)]
    pub fn send_empty(&self, operation: &'static Operation, arguments: Arguments) -> Result<()> {
        wait(self.inner.send_empty(operation, arguments))
    }

    /// Calls an operation that answers with a file.
    ///
    /// # Errors
    /// As [`crate::Client::call`].
    #[doc(hidden)]
    pub fn send_bytes(&self, operation: &'static Operation, arguments: Arguments) -> Result<Bytes> {
        wait(self.inner.send_bytes(operation, arguments))
    }

    /// Calls an operation that answers with events of one type.
    ///
    /// # Errors
    /// As [`crate::Client::open`].
    #[doc(hidden)]
    pub fn stream<E: StreamEvent>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Result<EventStream<E>> {
        wait(self.inner.stream(operation, arguments)).map(|inner| EventStream { inner })
    }

    /// A walk through all pages of a list.
    #[doc(hidden)]
    pub fn pager<T: DeserializeOwned + Send + 'static>(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
    ) -> Pager<T> {
        Pager { inner: self.inner.pager(operation, arguments) }
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

/// The events of an execution; see [`crate::EventStream`].
pub struct EventStream<E> {
    inner: event_stream::EventStream<E>,
}

impl<E: StreamEvent> EventStream<E> {
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

/// Waits for the next item of a stream.
fn next<T>(item: impl Future<Output = Option<Result<T>>>) -> Option<Result<T>> {
    wait(async { Ok(item.await) }).unwrap_or_else(|error| Some(Err(error)))
}

/// Runs a call on this thread, with the shared runtime to move its bytes.
fn wait<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    if in_async_code() {
        return Err(Error::configuration(
            "a blocking client was used in async code, where it would stop other tasks: use agent_platform::Client \
             and .await, or tokio::task::spawn_blocking",
        ));
    }
    // Not Runtime::block_on: it panics in places that this should serve, such as a runtime's own blocking threads.
    let _entered = runtime()?.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut call = pin!(call);
    loop {
        if let Poll::Ready(result) = call.as_mut().poll(&mut context) {
            return result;
        }
        thread::park();
    }
}

/// Whether a task of a tokio runtime is being polled on this thread. A thread of `spawn_blocking` knows its runtime
/// too, yet may block; only a task is made to pause after some number of steps.
fn in_async_code() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    Handle::try_current().is_ok()
        && (0..MORE_THAN_TOKIOS_BUDGET)
            .any(|_| pin!(tokio::task::coop::consume_budget()).poll(&mut context).is_pending())
}

fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("agent-platform")
            .enable_io()
            .enable_time()
            .build()
    });
    started.as_ref().map_err(|error| {
        Error::configuration(format!("the threads of the blocking client could not be started: {error}"))
    })
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}
