//! A call before it is sent, for programs without an async runtime.

use std::{fmt, future::IntoFuture, time::Duration};

use super::wait::wait;
use crate::{
    error::Result,
    options::RequestOptions,
    request::{self, Response, option_methods},
};

/// A call that has not been sent yet: [`Request::send`] does. Before, options can be set for it.
///
/// ```no_run
/// use std::time::Duration;
///
/// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
/// let agent = client.get_agent("agent-support").send()?;
///
/// let request = client.get_agent("agent-support").timeout(Duration::from_secs(5)).max_retries(5);
/// let response = request.with_response()?;
/// println!("{} after {} retries, request {:?}", response.value.name, response.retries_taken, response.request_id);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until `send` is called"]
pub struct Request<T> {
    inner: request::Request<T>,
}

impl<T> Request<T> {
    pub(super) fn of(inner: request::Request<T>) -> Self {
        Self { inner }
    }

    /// Sends the request and waits for its answer.
    ///
    /// # Errors
    /// What is wrong with the request, what went wrong on its way, or what the server refused;
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) in async code.
    pub fn send(self) -> Result<T> {
        wait(self.inner.into_future())
    }

    /// Sends the request and gives the answer with its status, its headers, its id and the retries it took.
    ///
    /// # Errors
    /// As [`Request::send`].
    pub fn with_response(self) -> Result<Response<T>> {
        wait(self.inner.with_response())
    }

    option_methods!();

    pub(crate) fn json(self, body: &impl serde::Serialize) -> Self {
        Self { inner: self.inner.json(body) }
    }

    fn set(self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        Self { inner: self.inner.set(change) }
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
