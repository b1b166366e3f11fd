//! One logical call: what all its attempts have in common, checked before anything is sent.

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{
    arguments::Arguments,
    config,
    error::{Error, Result},
    operation::{Answer, DurationClass, Operation},
    options::RequestOptions,
};

/// What may stand in a path segment or a query value as it is (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// After which event a stream begins.
pub(crate) const LAST_EVENT_ID: &str = "last-event-id";
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// What the server takes.
const LONGEST_IDEMPOTENCY_KEY: usize = 255;

/// Where calls go, and what each carries.
pub(crate) struct Endpoint {
    pub(crate) base: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) authorization: Option<HeaderValue>,
    /// How methods are spelt in the language of the caller.
    pub(crate) camel_case: bool,
}

/// One logical call, of which each attempt is a copy: the same `Idempotency-Key`, so it is done at most once.
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    /// How the operation is spelt in the language of the caller.
    pub(crate) camel_case: bool,
    /// The path parameters, for the call that takes up a stream where this one left it.
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// For a whole answer the time of an attempt, for a stream the longest silence.
    pub(crate) timeout: Option<Duration>,
}

impl Call {
    /// What the caller knows it by.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        self.operation.name(self.camel_case)
    }
}

impl Endpoint {
    /// Everything about a call that can be refused before anything is sent, and its idempotency key.
    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        arguments: Arguments,
        options: &RequestOptions,
        default_timeout: Option<Option<Duration>>,
    ) -> Result<Call> {
        let url = self.url(operation, &arguments, options)?;
        let mut headers = self.headers.clone();
        let accept = match operation.answer {
            Answer::Events => "text/event-stream",
            Answer::Bytes => "*/*",
            Answer::Json | Answer::Empty => "application/json",
        };
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        if arguments.body.is_some() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if operation.needs_api_key
            && let Some(authorization) = &self.authorization
        {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        config::add_headers(&mut headers, &arguments.headers, Error::invalid_request)?;
        config::add_headers(&mut headers, &options.headers, Error::invalid_request)?;
        if operation.needs_api_key && !headers.contains_key(header::AUTHORIZATION) {
            return Err(Error::configuration(format!(
                "{} needs an API key: give it to the client, or set {}",
                operation.name(self.camel_case),
                config::API_KEY_VARIABLE
            )));
        }
        if operation.method.takes_idempotency_key() && !headers.contains_key(IDEMPOTENCY_KEY) {
            headers.insert(IDEMPOTENCY_KEY, idempotency_key(options)?);
        }
        let class = match (operation.answer, operation.duration) {
            (Answer::Events, _) => config::DEFAULT_STREAM_IDLE_TIMEOUT,
            (_, DurationClass::Execute) => config::DEFAULT_EXECUTE_TIMEOUT,
            (_, DurationClass::Call) => config::DEFAULT_CALL_TIMEOUT,
        };
        let timeout = options.timeout.or(default_timeout).unwrap_or(Some(class));
        if timeout.is_some_and(|limit| limit.is_zero()) {
            return Err(Error::invalid_request("a time-out of 0 is over before it begins; none means no limit"));
        }
        Ok(Call {
            operation,
            camel_case: self.camel_case,
            path: arguments.path,
            url,
            headers,
            body: arguments.body,
            timeout,
        })
    }

    fn url(&self, operation: &Operation, arguments: &Arguments, options: &RequestOptions) -> Result<Url> {
        let mut path = String::with_capacity(128);
        path.push_str(self.base.path().trim_end_matches('/'));
        let mut rest = operation.path;
        while let Some((before, (name, after))) = split_parameter(rest) {
            path.push_str(before);
            let value = arguments.path.iter().find(|(given, _)| *given == name);
            let value = value.map_or("", |(_, value)| value.as_str());
            if !is_id(value) {
                return Err(Error::invalid_request(format!(
                    "{}: {name} is {value:?}, which is no id; nothing was sent",
                    operation.name(self.camel_case)
                )));
            }
            path.extend(utf8_percent_encode(value, RESERVED));
            rest = after;
        }
        path.push_str(rest);
        // Not the whole URL anew: to parse the host is a tenth of what a call costs.
        let mut url = self.base.clone();
        url.set_path(&path);
        let query = arguments.query.iter().map(|(name, value)| (*name, value));
        let mut query = query.chain(options.query.iter().map(|(name, value)| (name.as_str(), value))).peekable();
        if query.peek().is_some() {
            let mut text = String::new();
            for (name, value) in query {
                text.push_str(if text.is_empty() { "" } else { "&" });
                text.extend(utf8_percent_encode(name, RESERVED));
                text.push('=');
                text.extend(utf8_percent_encode(value, RESERVED));
            }
            url.set_query(Some(&text));
        }
        Ok(url)
    }
}

/// Whether a path's parameter names something. "." and ".." would be taken for steps in the path, encoded or not; white
/// space around it is left from wherever it was copied.
fn is_id(value: &str) -> bool {
    !matches!(value, "" | "." | "..") && value.trim() == value && !value.contains(char::is_control)
}

/// The part before the first parameter, its name, and the part after.
fn split_parameter(path: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = path.split_once('{')?;
    Some((before, rest.split_once('}')?))
}

/// 128 random bits: as many as sign-up demands of a key that it is to replay.
fn idempotency_key(options: &RequestOptions) -> Result<HeaderValue> {
    if let Some(key) = &options.idempotency_key {
        let usable = !key.trim().is_empty() && key.len() <= LONGEST_IDEMPOTENCY_KEY;
        return HeaderValue::from_str(key).ok().filter(|_| usable).ok_or_else(|| {
            Error::invalid_request(format!(
                "the idempotency key has to be 1 to {LONGEST_IDEMPOTENCY_KEY} characters that a header may hold; nothing was sent"
            ))
        });
    }
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| {
        Error::configuration("the system gave no random numbers for an idempotency key").with_source(error)
    })?;
    let text = format!("{:032x}", u128::from_be_bytes(bits));
    Ok(HeaderValue::from_str(&text).expect("hexadecimal digits are header characters"))
}
