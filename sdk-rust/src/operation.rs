//! What the specification says of an operation, as data: the one table behind the typed methods of
//! this crate and behind the Python and Node packages.

use std::{borrow::Cow, fmt};

/// An HTTP method that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Whether a logical call carries an `Idempotency-Key`. GET needs none, and PUT replaces by definition.
    #[must_use]
    pub fn takes_idempotency_key(self) -> bool {
        matches!(self, Self::Post | Self::Patch | Self::Delete)
    }

    /// The method as it stands on the wire.
    #[must_use]
    pub fn as_http(self) -> http::Method {
        match self {
            Self::Get => http::Method::GET,
            Self::Post => http::Method::POST,
            Self::Put => http::Method::PUT,
            Self::Patch => http::Method::PATCH,
            Self::Delete => http::Method::DELETE,
        }
    }
}

/// What a successful answer consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// One JSON document.
    Json,
    /// No content (204).
    Empty,
    /// A file, such as a PDF.
    Bytes,
    /// Server-sent events.
    Events,
}

/// How long an attempt may take by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DurationClass {
    /// An ordinary call: [`crate::DEFAULT_CALL_TIMEOUT`].
    Call,
    /// A call that waits for a model: [`crate::DEFAULT_EXECUTE_TIMEOUT`].
    Execute,
}

/// One operation of the API. Only the generator makes these, and any version may add fields: `generated/operations.rs`.
pub struct Operation {
    /// The operation id, which is also the method's name: `create_agent`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters in braces: `/agents/{agent_id}`.
    pub path: &'static str,
    /// The parameters in the path, in the order in which they stand there.
    pub path_parameters: &'static [&'static str],
    /// The parameters of the query.
    pub query_parameters: &'static [&'static str],
    /// The parameters in headers: the argument's name, and the header's.
    pub header_parameters: &'static [(&'static str, &'static str)],
    /// Whether a JSON body is sent.
    pub has_body: bool,
    /// Whether an API key is required; sign-up works without.
    pub needs_api_key: bool,
    /// What the answer consists of.
    pub answer: Answer,
    /// How long an attempt may take.
    pub duration: DurationClass,
    /// What takes up this event stream again after a cut; it knows an execution by `execution_id`.
    pub rejoin: Option<&'static Operation>,
}

impl Operation {
    /// Its name as a method: `create_agent` or, in camel case, `createAgent`.
    pub(crate) fn name(&self, camel_case: bool) -> Cow<'static, str> {
        if !camel_case {
            return self.id.into();
        }
        let mut words = self.id.split('_');
        let mut name = words.next().unwrap_or_default().to_owned();
        for word in words {
            let (first, rest) = word.split_at(word.len().min(1));
            name.push_str(&first.to_ascii_uppercase());
            name.push_str(rest);
        }
        name.into()
    }
}

/// Its id alone: an operation may rejoin itself, which would never end.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").field("id", &self.id).finish_non_exhaustive()
    }
}
