//! A call before it is sent, and its answer with what is not in the body.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::{
    arguments::Arguments,
    client::Client,
    error::{Error, Result},
    operation::Operation,
    options::RequestOptions,
};

/// A call under way.
type Sending<T> = Pin<Box<dyn Future<Output = Result<Response<T>>> + Send>>;

/// How a request is sent, and its answer read.
pub(crate) type Sender<T> = fn(Client, &'static Operation, Arguments, RequestOptions) -> Sending<T>;

/// What can be set for a request of either kind.
macro_rules! option_methods {
    () => {
        /// The longest an attempt may take, body included; for a stream, the longest silence. `None` means no limit.
        pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
            self.set(|options| options.timeout(timeout))
        }

        /// How many times a failed attempt is repeated; 0 means never.
        pub fn max_retries(self, retries: u32) -> Self {
            self.set(|options| options.max_retries(retries))
        }

        /// Adds a header, in place of one that the client would send under the same name.
        pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.set(|options| options.header(name, value))
        }

        /// Adds a query parameter.
        pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.set(|options| options.query(name, value))
        }

        /// Sets the `Idempotency-Key`; see [`RequestOptions::idempotency_key`].
        pub fn idempotency_key(self, key: impl Into<String>) -> Self {
            self.set(|options| options.idempotency_key(key))
        }

        /// Sets several options at once, over those that were set before.
        pub fn options(self, options: &RequestOptions) -> Self {
            self.set(|before| options.over(&before))
        }
    };
}
#[cfg(feature = "blocking")]
pub(crate) use option_methods;

/// A call that has not been sent yet. Awaiting it sends it and gives the answer; before, options can be set for it.
///
/// ```no_run
/// use std::time::Duration;
///
/// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
/// let agent = client.get_agent("agent-support").await?;
///
/// let request = client.get_agent("agent-support").timeout(Duration::from_secs(5)).max_retries(5);
/// let response = request.with_response().await?;
/// println!("{} after {} retries, request {:?}", response.value.name, response.retries_taken, response.request_id);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<T> {
    client: Client,
    operation: &'static Operation,
    arguments: Result<Arguments>,
    options: RequestOptions,
    sender: Sender<T>,
}

/// An answer with what is not in its body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the body says; of a stream, its events.
    pub value: T,
    /// The status, always a success.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The request's id, to be named when asking the operator.
    pub request_id: Option<String>,
    /// How many attempts failed before this answer.
    pub retries_taken: u32,
}

impl<T> Response<T> {
    /// The same with another value.
    #[cfg(feature = "blocking")]
    pub(crate) fn map<U>(self, into: impl FnOnce(T) -> U) -> Response<U> {
        let Self { value, status, headers, request_id, retries_taken } = self;
        Response { value: into(value), status, headers, request_id, retries_taken }
    }
}

impl<T> Request<T> {
    pub(crate) fn new(client: Client, operation: &'static Operation, arguments: Arguments, sender: Sender<T>) -> Self {
        Self { client, operation, arguments: Ok(arguments), options: RequestOptions::new(), sender }
    }

    /// Sets the body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        self.arguments = self.arguments.and_then(|arguments| arguments.json(body));
        self
    }

    option_methods!();

    pub(crate) fn set(mut self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        self.options = change(self.options);
        self
    }

    /// Sends the request and gives the answer with its status, its headers, its id and the retries it took.
    ///
    /// # Errors
    /// As awaiting the request.
    pub async fn with_response(self) -> Result<Response<T>> {
        self.send()?.await
    }

    fn send(self) -> Result<Sending<T>> {
        let options = self.options.over(self.client.options());
        Ok((self.sender)(self.client, self.operation, self.arguments?, options))
    }
}

impl<T> IntoFuture for Request<T> {
    type Output = Result<T>;
    type IntoFuture = RequestFuture<T>;

    fn into_future(self) -> Self::IntoFuture {
        RequestFuture { sending: self.send().map_err(Some) }
    }
}

/// A call under way; made by awaiting a [`Request`]. Dropping it gives the call up and closes its connection.
pub struct RequestFuture<T> {
    /// Or why nothing can be sent, until that was told.
    sending: Result<Sending<T>, Option<Error>>,
}

impl<T> Future for RequestFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.sending {
            Ok(sending) => sending.as_mut().poll(cx).map_ok(|response| response.value),
            Err(error) => Poll::Ready(Err(error.take().expect("a future is not polled after its end"))),
        }
    }
}

impl<T> fmt::Debug for RequestFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestFuture").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
