//! Calls to the server that go past the proxy: to set it up, and to ask afterwards.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The JSON of an answer that must be a success.
pub(super) async fn call(
    server: SocketAddr,
    method: &str,
    path: &str,
    key: Option<&str>,
    body: Option<&Value>,
) -> Result<Value> {
    let answer = text(server, method, path, key, body).await?;
    serde_json::from_str(&answer).with_context(|| format!("{method} {path} was answered with {answer:?}"))
}

/// The body of an answer that must be a success.
pub(super) async fn text(
    server: SocketAddr,
    method: &str,
    path: &str,
    key: Option<&str>,
    body: Option<&Value>,
) -> Result<String> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut request = format!("{method} {path} HTTP/1.0\r\nhost: {server}\r\ncontent-length: {}\r\n", body.len());
    if let Some(key) = key {
        request += &format!("authorization: Bearer {key}\r\n");
    }
    request += &format!("content-type: application/json\r\naccept: */*\r\n\r\n{body}");
    let mut connection = TcpStream::connect(server).await.with_context(|| format!("no server at {server}"))?;
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer without an end to its headers")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2'), "{method} {path} was answered with {status}: {body}");
    Ok(body.to_owned())
}
