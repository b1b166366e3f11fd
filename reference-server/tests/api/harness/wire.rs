//! HTTP over a real socket, where what happens to the connection is the matter.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

use super::{Answer, PATIENCE};

/// A connection with one request on it; dropped, the connection is closed.
pub struct Exchange {
    pub response: Response<Incoming>,
    /// What was read of the body to see that it began.
    pub begun: String,
    connection: JoinHandle<()>,
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

/// Sends a request and gives the answer's head.
pub async fn send(address: SocketAddr, method: &str, path: &str, key: &str, body: &Value) -> Exchange {
    send_once(address, method, path, (key, None), body).await
}

/// The same with an `Idempotency-Key` behind the API key.
pub async fn send_once(
    address: SocketAddr,
    method: &str,
    path: &str,
    (key, once): (&str, Option<&str>),
    body: &Value,
) -> Exchange {
    let request = once.into_iter().fold(Request::builder(), |request, once| request.header("Idempotency-Key", once));
    let request = request
        .method(method)
        .uri(path)
        .header(header::HOST, address.to_string())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {key}"));
    let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
    let request = request.body(Full::new(body)).expect("a test's request is one");
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("it speaks HTTP");
    let connection = tokio::spawn(async move { drop(connection.await) });
    let response = sender.send_request(request).await.expect("an answer comes");
    Exchange { response, begun: String::new(), connection }
}

/// Sends a request and gives the whole answer.
pub async fn call(address: SocketAddr, method: &str, path: &str, key: &str, body: Value) -> Answer {
    let mut exchange = send(address, method, path, key, &body).await;
    let body = exchange.rest().await;
    Answer { status: exchange.response.status(), headers: exchange.response.headers().clone(), body }
}

impl Exchange {
    /// The next bytes of the body, as they come.
    pub async fn next(&mut self) -> Option<Bytes> {
        let frame = tokio::time::timeout(PATIENCE, self.response.body_mut().frame()).await.expect("the body goes on");
        frame.map(|frame| frame.expect("the body is not cut").into_data().expect("it has no trailers"))
    }

    /// The body from here to its end.
    pub async fn rest(&mut self) -> Bytes {
        let mut rest = Vec::new();
        while let Some(bytes) = self.next().await {
            rest.extend_from_slice(&bytes);
        }
        rest.into()
    }
}

/// Sends the same request so many times on one connection, one after the other.
pub async fn repeat(address: SocketAddr, path: &str, key: &str, body: &Value, times: usize) -> Vec<Answer> {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("it speaks HTTP");
    let connection = tokio::spawn(async move { drop(connection.await) });
    let mut answers = Vec::new();
    for _ in 0..times {
        let request = Request::post(path)
            .header(header::HOST, address.to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .body(Full::new(Bytes::from(body.to_string())))
            .expect("a test's request is one");
        sender.ready().await.expect("the connection is kept");
        let (head, body) = sender.send_request(request).await.expect("an answer comes").into_parts();
        let body = body.collect().await.expect("the body is not cut").to_bytes();
        answers.push(Answer { status: head.status, headers: head.headers, body });
    }
    connection.abort();
    answers
}

/// Writes these bytes, then ends the sending side, and reads what comes back.
pub async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = written(address, request).await;
    stream.shutdown().await.expect("the sending side can be ended");
    rest_of(stream).await
}

/// Writes these bytes, which ask the server to close, and reads what comes back.
pub async fn raw_and_closed(address: SocketAddr, request: &str) -> String {
    rest_of(written(address, request).await).await
}

async fn written(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(request.as_bytes()).await.expect("the bytes go out");
    stream
}

async fn rest_of(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer))
        .await
        .expect("an answer comes")
        .expect("it is text");
    answer
}

/// Sends a request under an `Idempotency-Key` to a server that may die; gives whether it was answered.
pub async fn try_send_once(address: SocketAddr, path: &str, (key, once): (&str, &str), body: &Value) -> bool {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {once}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("the bytes go out");
    let mut answer = [0];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await.expect("the server answers or dies");
    read.is_ok_and(|bytes| bytes > 0)
}
