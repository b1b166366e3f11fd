//! What an operation is called with.

use bytes::Bytes;
use serde::Serialize;

use crate::error::{Error, Result};

/// The arguments of one call, not yet encoded. Typed methods make them; so do the Python and Node packages.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Values of the path parameters, by name.
    pub path: Vec<(&'static str, String)>,
    /// Values of the query parameters, by name; a list is the same name several times.
    pub query: Vec<(&'static str, String)>,
    /// Values of the header parameters, by the header's name.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON body.
    pub body: Option<Bytes>,
}

impl Arguments {
    /// No arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a path parameter.
    #[must_use]
    pub fn path(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path.push((name, value.into()));
        self
    }

    /// Sets a query parameter, unless it is `None`.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.query.push((name, value.to_string()));
        }
        self
    }

    /// Sets a header parameter, unless it is `None`.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.headers.push((name, value.to_string()));
        }
        self
    }

    /// Sets the body.
    ///
    /// # Errors
    /// When the value has no JSON form, such as a map whose keys are not strings.
    pub fn json<T: Serialize>(mut self, body: &T) -> Result<Self> {
        let bytes = serde_json::to_vec(body)
            .map_err(|error| Error::invalid_request(format!("the request body has no JSON form: {error}")))?;
        self.body = Some(bytes.into());
        Ok(self)
    }
}
