//! One attempt: a request over the connection pool, and what came of it.

use std::{fmt, future::Future, time::Duration};

use bytes::BytesMut;
use http::{HeaderMap, header};
use reqwest::redirect;
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    call::{Call, Endpoint},
    client::RawResponse,
    config::{self, ClientBuilder},
    error::{Error, ErrorKind, Result},
    log,
    operation::{Answer, Operation},
    retry::{self, Failure},
    tls,
};

/// An error's body beyond this is not read: no problem document is that long.
const MAX_ERROR_BODY: usize = 1024 * 1024;
/// How much is kept of an error's body that is not JSON, such as a proxy's page.
const MAX_ERROR_TEXT: usize = 4096;

const REQUEST_ID: &str = "x-request-id";

/// The connection pool, and what every request has in common.
pub(crate) struct Transport {
    http: reqwest::Client,
    pub(crate) endpoint: Endpoint,
    /// Where it is, without its last slash.
    base_url: String,
}

impl Transport {
    pub(crate) fn new(builder: &ClientBuilder) -> Result<Self> {
        let base = builder.resolve_base_url()?;
        let base_url = base.as_str().trim_end_matches('/').to_owned();
        let tls_needed = base_url.starts_with("https:") || builder.proxy.is_some();
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(tls_needed, builder.ca_bundle.as_deref())?)
            .connect_timeout(config::CONNECT_TIMEOUT)
            // A redirect would take the key, and a POST's body, to where nobody configured it to go.
            .redirect(redirect::Policy::none());
        if let Some(proxy) = &builder.proxy {
            // The URL may hold a password: it is not repeated.
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|_| Error::configuration("the proxy is not usable: it has to be like http://proxy:3128"))?;
            http = http.proxy(proxy);
        }
        let http = http
            .build()
            .map_err(|error| Error::configuration(format!("the client could not be set up: {}", root_cause(&error))))?;
        Ok(Self {
            http,
            endpoint: Endpoint {
                base,
                headers: builder.resolve_headers()?,
                authorization: builder.resolve_authorization()?,
            },
            base_url,
        })
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// One attempt that reads the whole answer.
    pub(crate) async fn fetch(&self, call: &Call, retries: u32) -> Result<RawResponse, Failure> {
        let work = async {
            let response = self.send(call, retries).await?;
            let mut response = self.accept(call, response).await?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = response.bytes().await.map_err(|error| self.broken(&error))?;
            let request_id = request_id(&headers);
            Ok(RawResponse { status, headers, request_id, retries_taken: retries, body })
        };
        within(call.timeout, work, || format!("{} had no complete answer", call.operation.id)).await
    }

    /// One attempt that leaves the body to be read.
    pub(crate) async fn open(&self, call: &Call, retries: u32) -> Result<reqwest::Response, Failure> {
        let work = async {
            let response = self.send(call, retries).await?;
            self.accept(call, response).await
        };
        within(call.timeout, work, || format!("{} had no answer", call.operation.id)).await
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
    async fn accept(&self, call: &Call, response: reqwest::Response) -> Result<reqwest::Response, Failure> {
        let status = response.status();
        if status.is_success() {
            return check_content_type(call.operation, &self.base_url, response);
        }
        let headers = response.headers().clone();
        let body = if status.is_redirection() {
            let to = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
            Some(Value::String(format!(
                "the server redirects to {}; set base_url to its own address",
                to.unwrap_or("an unknown place")
            )))
        } else {
            error_body(response).await
        };
        let error = Error::from_problem(status.as_u16(), body)
            .with_request_id(request_id(&headers))
            .with_retry_after(retry::retry_after(&headers));
        Err(Failure { error, retryable: retry::is_retryable(status, &headers) })
    }

    fn unreached(&self, error: reqwest::Error) -> Failure {
        let cause = root_cause(&error);
        let made = if error.is_timeout() {
            let limit = config::CONNECT_TIMEOUT.as_secs();
            Error::timeout(format!("no connection to {} within {limit} s", self.base_url))
        } else if error.is_connect() {
            Error::new(
                ErrorKind::Connection,
                format!("no connection to {}: {cause}; is the server there, and base_url right?", self.base_url),
            )
        } else if error.is_builder() {
            return Failure::final_(Error::invalid_request(format!("the request could not be made: {cause}")));
        } else {
            return self.broken(&error);
        };
        Failure::retryable(made.with_source(error.without_url()))
    }

    fn broken(&self, error: &reqwest::Error) -> Failure {
        Failure::retryable(Error::new(
            ErrorKind::Connection,
            format!("the connection to {} broke: {}", self.base_url, root_cause(error)),
        ))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

fn tell(call: &Call, retries: u32, took: Duration, sent: &Result<reqwest::Response, reqwest::Error>) {
    let attempt = format_args!("{} (attempt {})", call.operation.id, retries + 1);
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
fn check_content_type(
    operation: &Operation,
    base_url: &str,
    response: reqwest::Response,
) -> Result<reqwest::Response, Failure> {
    let expected = match operation.answer {
        Answer::Json => "json",
        Answer::Events => "text/event-stream",
        Answer::Empty | Answer::Bytes => return Ok(response),
    };
    let given = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if given.is_some_and(|given| given.to_ascii_lowercase().contains(expected)) {
        return Ok(response);
    }
    let error = Error::decode(format!(
        "{} expected {expected} and {base_url} answered {}; is base_url right?",
        operation.id,
        given.unwrap_or("without a content type")
    ));
    Err(Failure::final_(error.with_request_id(request_id(response.headers()))))
}

/// The problem document, or the beginning of whatever text stands in its place.
async fn error_body(mut response: reqwest::Response) -> Option<Value> {
    let mut body = BytesMut::new();
    // An error whose body breaks off is still that error.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ERROR_BODY {
            break;
        }
    }
    if let Ok(value) = serde_json::from_slice(&body) {
        return Some(value);
    }
    let text = String::from_utf8_lossy(&body);
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
