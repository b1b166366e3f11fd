//! What a call brings along from JavaScript.

use std::time::Duration;

use agent_platform::{Arguments, Error, RequestOptions, Result, operation::Operation, operations};
use napi_derive::napi;

/// The arguments of a call. TypeScript has sorted them by where they go.
#[napi(object, object_to_js = false)]
pub(crate) struct CallArguments {
    /// The values of the path parameters, in the path's order.
    pub path: Vec<String>,
    /// Names and values of the query, in turn.
    pub query: Vec<String>,
    /// Names of the arguments that stand in headers, and their values, in turn.
    pub headers: Vec<String>,
    /// The body as JSON text.
    pub body: Option<String>,
}

/// What may be set for one call.
#[napi(object, object_to_js = false)]
pub(crate) struct CallOptions {
    /// Milliseconds; infinite for no limit.
    pub timeout: Option<f64>,
    /// How many times a failed attempt is repeated.
    pub max_retries: Option<u32>,
    /// Names and values of further headers, in turn.
    pub headers: Option<Vec<String>>,
    /// Names and values of further query parameters, in turn.
    pub query: Option<Vec<String>>,
    /// In place of the key that the client mints.
    pub idempotency_key: Option<String>,
}

/// The operation of that id.
pub(crate) fn operation(id: &str) -> Result<&'static Operation> {
    operations::find(id).ok_or_else(|| {
        Error::invalid_request(format!(
            "the native module does not know the operation {id}: it and the JavaScript around it are of different versions"
        ))
    })
}

impl CallArguments {
    pub(crate) fn of(self, operation: &'static Operation) -> Result<Arguments> {
        if self.path.len() != operation.path_parameters.len() {
            return Err(Error::invalid_request(format!(
                "{} takes {} path parameters, not {}",
                operation.id,
                operation.path_parameters.len(),
                self.path.len()
            )));
        }
        let mut arguments = Arguments::new();
        arguments.path = operation.path_parameters.iter().copied().zip(self.path).collect();
        for (name, value) in pairs(self.query) {
            let Some(known) = operation.query_parameters.iter().copied().find(|known| *known == name) else {
                return Err(Error::invalid_request(format!("{} has no parameter {name}", operation.id)));
            };
            arguments.query.push((known, value));
        }
        for (name, value) in pairs(self.headers) {
            let Some((_, header)) = operation.header_parameters.iter().find(|(known, _)| *known == name) else {
                return Err(Error::invalid_request(format!("{} has no parameter {name}", operation.id)));
            };
            arguments.headers.push((header, value));
        }
        arguments.body = self.body.map(Into::into);
        Ok(arguments)
    }
}

impl From<CallOptions> for RequestOptions {
    fn from(options: CallOptions) -> Self {
        let mut request = Self::new();
        if let Some(milliseconds) = options.timeout {
            request = request.timeout(duration(milliseconds));
        }
        if let Some(retries) = options.max_retries {
            request = request.max_retries(retries);
        }
        for (name, value) in pairs(options.headers.unwrap_or_default()) {
            request = request.header(name, value);
        }
        for (name, value) in pairs(options.query.unwrap_or_default()) {
            request = request.query(name, value);
        }
        if let Some(key) = options.idempotency_key {
            request = request.idempotency_key(key);
        }
        request
    }
}

/// No limit where JavaScript says `Infinity`, or a time longer than Rust can count.
pub(crate) fn duration(milliseconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(milliseconds / 1000.0).ok()
}

pub(crate) fn pairs(flat: Vec<String>) -> impl Iterator<Item = (String, String)> {
    let mut values = flat.into_iter();
    std::iter::from_fn(move || Some((values.next()?, values.next()?)))
}
