//! What TypeScript needs of an error to make the class of it.

use std::error::Error as _;

use agent_platform::Error;
use napi_derive::napi;

/// An error of the client, as plain values.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub(crate) struct Failure {
    /// Which class stands for it, such as `NotFoundError`.
    pub class_name: String,
    /// The error's text.
    pub message: String,
    /// The HTTP status.
    pub status_code: Option<u16>,
    /// The problem's stable word.
    pub code: Option<String>,
    /// The problem's explanation.
    pub detail: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
    /// Seconds to wait before the next try.
    pub retry_after: Option<f64>,
    /// The body as JSON text.
    pub body: Option<String>,
    /// What had arrived before a stream was cut.
    pub partial_text: Option<String>,
    /// The last event that had arrived before a stream was cut.
    pub last_event_id: Option<String>,
    /// What lies behind it, outermost first; none of these has causes of its own.
    pub causes: Vec<Failure>,
}

/// The class of a cause that comes from below the client, such as the operating system.
const FOREIGN: &str = "Error";

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut causes = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.downcast_ref().map_or_else(|| Self::foreign(cause.to_string()), Self::of));
            source = cause.source();
        }
        Self { causes, ..Self::of(&error) }
    }
}

impl Failure {
    /// An error of the client, without its causes.
    fn of(error: &Error) -> Self {
        Self {
            class_name: error.class_name().to_owned(),
            message: error.to_string(),
            status_code: error.status(),
            code: error.code().map(str::to_owned),
            detail: error.detail().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            retry_after: error.retry_after().map(|wait| wait.as_secs_f64()),
            body: error.body().map(ToString::to_string),
            partial_text: error.partial_text().map(str::to_owned),
            last_event_id: error.last_event_id().map(str::to_owned),
            causes: Vec::new(),
        }
    }

    fn foreign(message: String) -> Self {
        Self { class_name: FOREIGN.to_owned(), message, ..Self::default() }
    }
}
