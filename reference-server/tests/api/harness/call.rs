//! One call of the API and its answer.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use agent_platform_server::address::Peer;
use axum::{Router, body::Body};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::sse::{self, Frame};

/// A call that is sent when it is awaited.
pub struct Call {
    router: Router,
    request: Request<Body>,
}

impl Call {
    pub fn new(router: Router, method: Method, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a test's path is a URI");
        Self { router, request }
    }

    /// Sets a header in place of the one there was.
    pub fn header(mut self, name: impl Into<HeaderName>, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a test's header is one");
        self.request.headers_mut().insert(name.into(), value);
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header(header::AUTHORIZATION, &format!("Bearer {key}"))
    }

    /// Names the request, so that it can be sent again.
    pub fn once(self, key: &str) -> Self {
        self.header(http::HeaderName::from_static("idempotency-key"), key)
    }

    /// Lets the request come from this address.
    pub fn from(mut self, address: &str) -> Self {
        let address = address.parse().expect("a test's address is one");
        self.request.extensions_mut().insert(Peer(address));
        self
    }

    pub fn accept(self, accept: &str) -> Self {
        self.header(header::ACCEPT, accept)
    }

    /// Sends these bytes, declared as JSON.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self.header(header::CONTENT_TYPE, "application/json")
    }

    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string())
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let response = self.router.oneshot(self.request).await.expect("a router always answers");
            let (head, body) = response.into_parts();
            let body = body.collect().await.expect("a body in this process comes whole").to_bytes();
            Answer { status: head.status, headers: head.headers, body }
        })
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("every answer is UTF-8")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("every header is ASCII"))
    }

    /// The JSON of an answer that has this status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.request_id();
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// An answer without a body.
    #[track_caller]
    pub fn no_content(&self) {
        assert_eq!(self.status, 204, "{}", self.text());
        assert!(self.body.is_empty());
        self.request_id();
    }

    /// The problem of an answer that has this status and code, held to what every problem must be.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem: Value = serde_json::from_slice(&self.body).expect("a problem is JSON");
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("urn:agent-platform:problem:{code}"), "{problem}");
        assert_eq!(problem["request_id"], self.request_id(), "{problem}");
        for field in ["title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {problem}");
        }
        problem
    }

    /// What a 422 says about the field at `pointer`.
    #[track_caller]
    pub fn refusal_of(&self, pointer: &str) -> String {
        let problem = self.problem(422, "invalid_request");
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("a 422 names its fields: {problem}"));
        let error = errors.iter().find(|error| error["pointer"] == pointer);
        let error = error.unwrap_or_else(|| panic!("nothing is said of {pointer}: {problem}"));
        error["detail"].as_str().expect("a detail is text").to_owned()
    }

    /// The events of a stream, held to what every stream must be.
    #[track_caller]
    pub fn events(&self) -> Vec<Frame> {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("text/event-stream"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("x-accel-buffering"), Some("no"));
        self.request_id();
        sse::whole_stream(self.text())
    }

    /// Whether it is the answer of an earlier request.
    pub fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }

    /// Holds a retry's answer to that of the first request.
    #[track_caller]
    pub fn replays(&self, first: &Self) {
        assert_eq!((self.status, self.text()), (first.status, first.text()));
        assert_eq!(self.header("content-type"), first.header("content-type"));
        assert!(self.is_replayed() && !first.is_replayed(), "{} {}", self.status, self.text());
        assert_ne!(self.request_id(), first.request_id());
    }

    #[track_caller]
    pub fn request_id(&self) -> &str {
        let id = self.header("x-request-id").expect("every answer has X-Request-Id");
        assert!(id.starts_with("req-"), "{id}");
        id
    }
}
