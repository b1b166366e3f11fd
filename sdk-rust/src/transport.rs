//! One attempt: a request over the connection pool, and what came of it.

use std::{fmt, future::Future, time::Duration};

use bytes::BytesMut;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::redirect;
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    call::{Call, Endpoint},
    client::RawResponse,
    config::{self, ClientBuilder},
    error::{Error, Result},
    log,
    operation::Answer,
    proxy::Route,
    retry::{self, Failure},
    tls,
};

/// An error's body is not waited for longer: its status alone says more than a time-out would.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);
/// An error's body beyond this is not read: no problem document is that long.
const MAX_ERROR_BODY: usize = 1024 * 1024;
/// How much is kept of an error's body that is not JSON, such as a proxy's page.
const MAX_ERROR_TEXT: usize = 4096;

/// What rustls says, and OpenSSL, when something else answers a TLS handshake, or nothing.
const NO_TLS: [&str; 4] = ["corrupt message", "handshake eof", "wrong version number", "unexpected EOF"];

const REQUEST_ID: &str = "x-request-id";

/// The connection pool, and what every request has in common.
pub(crate) struct Transport {
    http: reqwest::Client,
    pub(crate) endpoint: Endpoint,
    route: Route,
    connect_timeout: Option<Duration>,
    /// Where it is, without its last slash.
    base_url: String,
}

impl Transport {
    pub(crate) fn new(builder: &ClientBuilder) -> Result<Self> {
        let base = builder.resolve_base_url()?;
        builder.resolve_timeouts()?;
        let base_url = base.as_str().trim_end_matches('/').to_owned();
        let route = Route::new(builder.proxy.as_deref(), &base)?;
        let connect_timeout = builder.connect_timeout.unwrap_or(Some(config::CONNECT_TIMEOUT));
        let mut http = reqwest::Client::builder();
        if let Some(limit) = connect_timeout {
            http = http.connect_timeout(limit);
        }
        let tls_needed = base.scheme() == "https" || route.needs_tls();
        let http = tls::trusting(route.apply(http), tls_needed, builder.ca_bundle.as_deref())?
            // A redirect would take the key, and a POST's body, to where nobody configured it to go.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| Error::configuration(format!("the client could not be set up: {}", root_cause(&error))))?;
        Ok(Self {
            http,
            endpoint: Endpoint {
                base,
                headers: builder.resolve_headers()?,
                authorization: builder.resolve_authorization()?,
                camel_case: builder.camel_case,
            },
            route,
            connect_timeout,
            base_url,
        })
    }

    pub(crate) fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// One attempt that reads the whole answer.
    pub(crate) async fn fetch(&self, call: &Call, retries: u32) -> Result<RawResponse, Failure> {
        let work = async {
            let begun = Instant::now();
            let response = self.send(call, retries).await?;
            let mut response = self.accept(call, begun, response).await?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = response.bytes().await.map_err(|error| self.broken(error))?;
            if call.operation.answer == Answer::Empty && status != StatusCode::NO_CONTENT && !body.is_empty() {
                return Err(foreign(call, &self.base_url, "no content", &headers));
            }
            let request_id = request_id(&headers);
            Ok(RawResponse { status, headers, request_id, retries_taken: retries, body })
        };
        within(call.timeout, work, || format!("{} had no complete answer", call.name())).await
    }

    /// One attempt that leaves the body to be read.
    pub(crate) async fn open(&self, call: &Call, retries: u32) -> Result<reqwest::Response, Failure> {
        let work = async {
            let begun = Instant::now();
            let response = self.send(call, retries).await?;
            self.accept(call, begun, response).await
        };
        within(call.timeout, work, || format!("{} had no answer", call.name())).await
    }

    async fn send(&self, call: &Call, retries: u32) -> Result<reqwest::Response, Failure> {
        let operation = call.operation;
        let mut request = reqwest::Request::new(operation.method.as_http(), call.url.clone());
        *request.headers_mut() = call.headers.clone();
        *request.body_mut() = call.body.clone().map(reqwest::Body::from);
        let begun = Instant::now();
        let sent = self.http.execute(request).await;
        if log::enabled() {
            tell(call, retries, begun.elapsed(), &sent);
        }
        sent.map_err(|error| self.unreached(error))
    }

    /// Lets a success through, and makes an error of anything else.
    async fn accept(
        &self,
        call: &Call,
        begun: Instant,
        response: reqwest::Response,
    ) -> Result<reqwest::Response, Failure> {
        let status = response.status();
        if status.is_success() {
            return check_content_type(call, &self.base_url, response);
        }
        let headers = response.headers().clone();
        let body = if status.is_redirection() {
            let to = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
            Some(Value::String(format!(
                "the server redirects to {}, which is not followed: set the base URL to its own address",
                to.unwrap_or("an unknown place")
            )))
        } else {
            // Half of what is left of the attempt, so that it ends with the error.
            let left = call.timeout.map(|limit| limit.saturating_sub(begun.elapsed()) / 2);
            let limit = left.map_or(ERROR_BODY_TIME, |left| left.min(ERROR_BODY_TIME));
            error_body(response, limit, call.headers.get(header::AUTHORIZATION)).await
        };
        // The platform says in a problem document what is not there.
        let stranger = matches!(status.as_u16(), 404 | 405) && !body.as_ref().is_some_and(Value::is_object);
        let retryable = retry::is_retryable(status, &headers);
        let mut error = Error::from_problem(status.as_u16(), body)
            .with_request_id(request_id(&headers))
            .with_retry_after(retry::retry_after(&headers))
            .with_retryable(retryable);
        if stranger {
            error = error.with_hint(&format!("is {} an agent platform, and the base URL right?", self.base_url));
        }
        Err(Failure { error, retryable })
    }

    fn unreached(&self, error: reqwest::Error) -> Failure {
        let cause = root_cause(&error);
        let to = format!("{}{}", self.base_url, self.route.told());
        if error.is_builder() {
            return Failure::final_(Error::invalid_request(format!("the request could not be made: {cause}")));
        }
        if cause.contains("certificate") {
            // Another attempt would meet the same certificate.
            return Failure::final_(
                Error::connection(format!(
                    "the certificate of {to} is not trusted: {cause}; if an authority of your own issued it, name its \
                     PEM file by SSL_CERT_FILE or as the client's CA bundle"
                ))
                .with_source(error.without_url()),
            );
        }
        let made = match self.connect_timeout {
            Some(limit) if error.is_timeout() => {
                Error::timeout(format!("no connection to {to} within {} s", limit.as_secs_f64()))
            }
            _ if error.is_connect() => {
                let question = if NO_TLS.iter().any(|said| cause.contains(said)) {
                    "does it speak TLS, or is it http://?"
                } else {
                    "is the server there, and the base URL right?"
                };
                Error::connection(format!("no connection to {to}: {cause}; {question}"))
            }
            _ => return self.broken(error),
        };
        Failure::retryable(made.with_source(error.without_url()))
    }

    fn broken(&self, error: reqwest::Error) -> Failure {
        let message = format!("the connection to {}{} broke: {}", self.base_url, self.route.told(), root_cause(&error));
        Failure::retryable(Error::connection(message).with_source(error.without_url()))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

fn tell(call: &Call, retries: u32, took: Duration, sent: &Result<reqwest::Response, reqwest::Error>) {
    let attempt = format_args!("{} (attempt {})", call.name(), retries + 1);
    match sent {
        Ok(response) => log::debug(format_args!(
            "{attempt}: {} {} -> {} in {took:?}, request {}",
            call.operation.method.as_http(),
            call.url.path(),
            response.status().as_u16(),
            request_id(response.headers()).as_deref().unwrap_or("-"),
        )),
        Err(error) => log::debug(format_args!("{attempt}: {} after {took:?}", root_cause(error))),
    }
}

async fn within<T>(
    limit: Option<Duration>,
    work: impl Future<Output = Result<T, Failure>>,
    what: impl FnOnce() -> String,
) -> Result<T, Failure> {
    let Some(limit) = limit else {
        return work.await;
    };
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let message = format!("{} within {} s", what(), limit.as_secs_f64());
        log::debug(format_args!("{message}"));
        Err(Failure::retryable(Error::timeout(message)))
    })
}

/// A success in another format comes from something that is not the API: a portal, a proxy, another server.
fn check_content_type(call: &Call, base_url: &str, response: reqwest::Response) -> Result<reqwest::Response, Failure> {
    let given = content_type(response.headers()).map(str::to_ascii_lowercase);
    let is = |kind| given.as_ref().is_some_and(|given| given.contains(kind));
    let (expected, right) = match call.operation.answer {
        Answer::Json => ("json", is("json")),
        Answer::Events => ("text/event-stream", is("text/event-stream")),
        Answer::Bytes => ("a file", !is("text/html")),
        // Whether it is empty shows only when it has been read.
        Answer::Empty => return Ok(response),
    };
    if right { Ok(response) } else { Err(foreign(call, base_url, expected, response.headers())) }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_TYPE)?.to_str().ok()
}

fn foreign(call: &Call, base_url: &str, expected: &str, headers: &HeaderMap) -> Failure {
    let error = Error::decode(format!(
        "{} expected {expected} and {base_url} answered {}; is the base URL right?",
        call.name(),
        content_type(headers).unwrap_or("without a content type")
    ));
    Failure::final_(error.with_request_id(request_id(headers)))
}

/// The problem document, or the beginning of whatever text stands in its place.
///
/// A server that repeats what it was sent does not bring the key into a log by way of the error.
async fn error_body(mut response: reqwest::Response, limit: Duration, key: Option<&HeaderValue>) -> Option<Value> {
    let mut body = BytesMut::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ERROR_BODY {
                break;
            }
        }
    };
    // An error whose body breaks off, or stops, is still that error.
    let _ = tokio::time::timeout(limit, read).await;
    let mut text = String::from_utf8_lossy(&body);
    let key = key.and_then(|key| key.to_str().ok()).map(|key| key.trim_start_matches("Bearer "));
    if let Some(key) = key.filter(|key| !key.is_empty() && text.contains(key)) {
        text = text.replace(key, "(the key)").into();
    }
    if let Ok(value) = serde_json::from_str(&text) {
        return Some(value);
    }
    let text: String = text.trim().chars().take(MAX_ERROR_TEXT).collect();
    (!text.is_empty()).then_some(Value::String(text))
}

/// The id by which the operator finds the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    headers.get(REQUEST_ID)?.to_str().ok().map(str::to_owned)
}

/// The innermost error, which says what happened; those around it only say where.
pub(crate) fn root_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
