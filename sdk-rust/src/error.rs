//! The one error type, its kinds, and the names under which Python and JavaScript know them.

use std::{fmt, sync::Arc, time::Duration};

use serde_json::Value;

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up wrongly: no API key where one is needed, a base URL that is none, an unreadable CA bundle.
    Configuration,
    /// The call was refused before anything was sent, such as for an empty id.
    InvalidRequest,
    /// No connection, or it broke before the answer was complete.
    Connection,
    /// No complete answer within the time-out.
    Timeout,
    /// The server answered with an error status, or a stream told that its execution failed.
    Status,
    /// A stream ended without its final event.
    StreamInterrupted,
    /// The execution was cancelled, so there is no final response.
    ExecutionCancelled,
    /// The server's answer could not be read as what the specification says.
    Decode,
}

/// A failed call.
///
/// ```
/// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
/// match client.send_empty(&DELETE_AGENT, agent_platform::Arguments::new().path("agent_id", "agent-1")).await {
///     Err(error) if error.status() == Some(404) => println!("already gone"),
///     other => other?,
/// }
/// # Ok(())
/// # }
/// # use agent_platform::operation::{Answer, DurationClass, Method, Operation};
/// # static DELETE_AGENT: Operation = Operation { id: "delete_agent", method: Method::Delete, path: "/agents/{agent_id}", path_parameters: &["agent_id"],
/// #   query_parameters: &[], header_parameters: &[], has_body: false, needs_api_key: true, answer: Answer::Empty,
/// #   duration: DurationClass::Call, rejoin: None };
/// ```
#[derive(Clone)]
pub struct Error {
    // Boxed: a Result<T> should not be larger than T for the sake of its rare half.
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    code: Option<String>,
    detail: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    retryable: bool,
    body: Option<Value>,
    partial_text: Option<String>,
    last_event_id: Option<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                status: None,
                code: None,
                detail: None,
                request_id: None,
                retry_after: None,
                retryable: false,
                body: None,
                partial_text: None,
                last_event_id: None,
                source: None,
            }),
        }
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// A call that is refused before anything is sent. Public for the Python and Node packages, which check arguments too.
    #[doc(hidden)]
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    pub(crate) fn connection(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Connection, message)
    }

    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Timeout, message)
    }

    pub(crate) fn decode(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Decode, message)
    }

    /// The error that a problem document (RFC 9457) tells of; also the `error` of an `execution.failed` event.
    pub(crate) fn from_problem(status: u16, body: Option<Value>) -> Self {
        let text = |name: &str| Some(body.as_ref()?.get(name)?.as_str()?.to_owned());
        let (code, detail, title) = (text("code"), text("detail"), text("title"));
        let request_id = text("request_id");
        let mut message = status.to_string();
        if let Some(code) = &code {
            message = format!("{message} {code}");
        }
        let said = detail.as_ref().or(title.as_ref()).cloned().or_else(|| match &body {
            Some(Value::String(raw)) if !raw.is_empty() => Some(raw.clone()),
            _ => None,
        });
        if let Some(said) = said {
            message = format!("{message}: {said}");
        }
        let mut error = Self::new(ErrorKind::Status, message);
        error.inner.status = Some(status);
        error.inner.code = code;
        error.inner.detail = detail;
        error.inner.request_id = request_id;
        error.inner.body = body;
        error
    }

    /// Adds what to do about it to the message.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.inner.message.push_str("; ");
        self.inner.message.push_str(hint);
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        if request_id.is_some() {
            self.inner.request_id = request_id;
        }
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.inner.retry_after = retry_after;
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.inner.retryable = retryable;
        self
    }

    /// Whether the server's answer allowed another attempt.
    #[cfg(feature = "cli")]
    pub(crate) fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// What a stream had brought when it ended in this error.
    pub(crate) fn with_stream_state(mut self, text: String, last_event_id: Option<String>) -> Self {
        self.inner.partial_text = Some(text);
        self.inner.last_event_id = last_event_id;
        self
    }

    pub(crate) fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Arc::new(source));
        self
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The HTTP status, when the server answered with one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// The problem's stable word, such as `rate_limited`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.inner.code.as_deref()
    }

    /// The problem's explanation for people.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.inner.detail.as_deref()
    }

    /// The request's id, to be named when asking the operator.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How long the server asks to wait before the call is tried again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The error's body: the whole problem document, or the text of an answer that is not JSON.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.inner.body.as_ref()
    }

    /// What the agent had said when its stream was cut.
    #[must_use]
    pub fn partial_text(&self) -> Option<&str> {
        self.inner.partial_text.as_deref()
    }

    /// The id of the last event that arrived before the stream was cut.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.inner.last_event_id.as_deref()
    }

    /// The name of the class that stands for this error in the Python and Node packages.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        match self.inner.kind {
            ErrorKind::Configuration
            | ErrorKind::InvalidRequest
            | ErrorKind::ExecutionCancelled
            | ErrorKind::Decode => "AgentPlatformError",
            ErrorKind::Connection => "APIConnectionError",
            ErrorKind::Timeout => "APITimeoutError",
            ErrorKind::StreamInterrupted => "StreamInterruptedError",
            ErrorKind::Status => self.status_class(),
        }
    }

    fn status_class(&self) -> &'static str {
        match self.inner.status {
            Some(400) => "BadRequestError",
            Some(401) => "AuthenticationError",
            Some(403) => "PermissionDeniedError",
            Some(404) => "NotFoundError",
            Some(409) => "ConflictError",
            Some(422) => "UnprocessableEntityError",
            // Both quota codes; a 429 of another origin, such as a proxy, is only a rate limit.
            Some(429) if matches!(self.code(), Some("rate_limited" | "quota_exceeded")) => "QuotaExceededError",
            Some(429) => "RateLimitError",
            Some(500..) => "InternalServerError",
            _ => "APIStatusError",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        match &self.inner.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.inner.kind).field("message", &self.inner.message);
        if let Some(status) = self.inner.status {
            out.field("status", &status);
        }
        if let Some(id) = &self.inner.request_id {
            out.field("request_id", id);
        }
        if let Some(after) = &self.inner.retry_after {
            out.field("retry_after", after);
        }
        if let Some(source) = &self.inner.source {
            out.field("source", source);
        }
        out.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
