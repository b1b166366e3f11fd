//! As much of HTTP/1.1 as it takes to read a client's requests. By hand, because what is written here must be able to
//! break every rule, and an HTTP library does not.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub(crate) type Connection = BufReader<TcpStream>;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As it stands in the request line.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The target without scheme and host, which a client of a proxy sends with it.
    pub(crate) fn path_and_query(&self) -> &str {
        let Some((_, rest)) = self.target.split_once("://") else {
            return &self.target;
        };
        rest.find('/').map_or("/", |at| &rest[at..])
    }
}

/// The next request, `None` when the client has closed the connection.
pub(crate) async fn read_request(connection: &mut Connection) -> Result<Option<Request>> {
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_ascii_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(malformed("a request line"));
    };
    let mut request = Request { method, target, ..Request::default() };
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await? == 0 {
            return Err(malformed("headers"));
        }
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header"))?;
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    request.body = read_body(connection, &request).await?;
    Ok(Some(request))
}

async fn read_body(connection: &mut Connection, request: &Request) -> Result<Vec<u8>> {
    if request.header("transfer-encoding").is_some() {
        return Err(malformed("a body with its length ahead"));
    }
    let length = request.header("content-length").unwrap_or("0").parse().map_err(|_| malformed("a length"))?;
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok(body)
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("expected {what}"))
}

/// Answers in JSON, as a server does that is not playing anything.
pub(crate) async fn write_json(connection: &mut Connection, status: u16, body: &str) -> Result<()> {
    let head = format!(
        "HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: keep-alive\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(body.as_bytes()).await?;
    connection.flush().await
}

/// Waits until the client has closed its side, or something has broken.
pub(crate) async fn until_closed(connection: &mut (impl AsyncRead + Unpin)) {
    let mut ignored = [0; 1024];
    while let Ok(1..) = connection.read(&mut ignored).await {}
}
