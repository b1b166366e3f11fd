//! Takes one request to the server, and its answer back as far as the plan lets it.

use std::{
    io::{Error, ErrorKind, Result},
    sync::atomic::Ordering::Relaxed,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Cut, Shared,
    body::{Length, next_piece},
};
use crate::http::{Connection, Request};

/// How often a server that is not there is looked for, and how many times: while it is restarted, requests wait.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const LOOKS: u32 = 1500;

/// What becomes of the client's connection.
pub(super) enum Then {
    KeepAlive,
    Close,
}

/// How much of an answer the client sees.
enum Limit {
    All,
    Nothing,
    HalfTheHeaders,
    /// So many bytes of its body.
    Body(u64),
    /// One frame, and so many bytes after it.
    FrameAnd(u64),
}

/// The head of an answer.
struct Head {
    lines: Vec<String>,
    length: Length,
    is_stream: bool,
}

pub(super) async fn forward(client: &mut Connection, request: &Request, shared: &Shared) -> Result<Then> {
    let mut server = connect(shared).await?;
    server.write_all(&request_bytes(request, shared)).await?;
    server.flush().await?;
    let mut head = read_head(&mut server).await?;
    let limit = limit(&head, request, shared);
    let text = head.lines.concat() + "\r\n";
    match limit {
        Limit::Nothing => {}
        Limit::HalfTheHeaders => client.write_all(&text.as_bytes()[..text.len() / 2]).await?,
        _ => client.write_all(text.as_bytes()).await?,
    }
    client.flush().await?;
    let (mut left, more) = match limit {
        Limit::Nothing | Limit::HalfTheHeaders => {
            // The answer was given: the server has done its work, and the client does not know.
            while !next_piece(&mut server, &mut head.length).await?.is_empty() {}
            return Ok(Then::Close);
        }
        Limit::Body(bytes) => (Some(bytes), None),
        Limit::FrameAnd(more) => (None, Some(more)),
        Limit::All => (None, None),
    };
    let is_chunked = !matches!(head.length, Length::Left(_));
    let mut ended_line = false;
    loop {
        let mut piece = next_piece(&mut server, &mut head.length).await?;
        if piece.is_empty() {
            break;
        }
        if let (None, Some(more)) = (left, more) {
            left = end_of_frame(&piece, &mut ended_line).map(|end| end as u64 + more);
        }
        let is_cut = left.is_some_and(|left| left <= piece.len() as u64);
        if let Some(left) = &mut left {
            piece.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= piece.len() as u64;
        }
        if is_chunked && !piece.is_empty() {
            client.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await?;
        }
        client.write_all(&piece).await?;
        if is_chunked && !is_cut {
            client.write_all(b"\r\n").await?;
        }
        client.flush().await?;
        if is_cut {
            return Ok(Then::Close);
        }
    }
    if is_chunked {
        client.write_all(b"0\r\n\r\n").await?;
        client.flush().await?;
    }
    Ok(Then::KeepAlive)
}

/// Waits for a server that is being restarted.
async fn connect(shared: &Shared) -> Result<Connection> {
    for _ in 0..LOOKS {
        if let Ok(server) = TcpStream::connect(shared.upstream).await {
            server.set_nodelay(true)?;
            return Ok(Connection::new(server));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Err(ErrorKind::ConnectionRefused.into())
}

fn request_bytes(request: &Request, shared: &Shared) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {}\r\n", request.method, request.path_and_query(), shared.upstream);
    for (name, value) in request.headers.iter().filter(|(name, _)| !matches!(&**name, "host" | "connection")) {
        head += &format!("{name}: {value}\r\n");
    }
    let mut bytes = (head + "connection: close\r\n\r\n").into_bytes();
    bytes.extend_from_slice(&request.body);
    bytes
}

async fn read_head(server: &mut Connection) -> Result<Head> {
    let mut head = Head { lines: Vec::new(), length: Length::UntilClose, is_stream: false };
    loop {
        let mut line = String::new();
        if server.read_line(&mut line).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let lower = line.trim_end().to_ascii_lowercase();
        match lower.split_once(':').map(|(name, value)| (name, value.trim())) {
            _ if lower.is_empty() => break,
            Some(("content-length", length)) => {
                let length = length.parse().map_err(|_| Error::new(ErrorKind::InvalidData, "an odd length"))?;
                head.length = Length::Left(length);
            }
            Some(("transfer-encoding", _)) => head.length = Length::Chunked(0),
            // Of this connection, not of the client's.
            Some(("connection" | "keep-alive", _)) => continue,
            Some(("content-type", kind)) => head.is_stream = kind.starts_with("text/event-stream"),
            _ => {}
        }
        head.lines.push(line);
    }
    let has_no_body = head.lines.first().is_some_and(|line| line.contains(" 204 ") || line.contains(" 304 "));
    if has_no_body {
        head.length = Length::Left(0);
    } else if head.length == Length::UntilClose {
        head.lines.push("transfer-encoding: chunked\r\n".to_owned());
    }
    Ok(head)
}

/// Where the plan ends this answer.
fn limit(head: &Head, request: &Request, shared: &Shared) -> Limit {
    let (plan, random) = (&shared.plan, &shared.random);
    if shared.drops(plan.drop_answers, request) {
        shared.counts.dropped_answers.fetch_add(1, Relaxed);
        return match random.below(3) {
            0 => Limit::Nothing,
            1 => Limit::HalfTheHeaders,
            _ => match head.length {
                Length::Left(0) => Limit::Nothing,
                Length::Left(length) => Limit::Body(random.below(length)),
                _ => Limit::Body(random.below(4096)),
            },
        };
    }
    match plan.cut {
        Cut::EveryFrame if head.is_stream && shared.takes_a_cut(u64::MAX).is_some() => Limit::FrameAnd(0),
        Cut::Bytes { cuts, most } if head.is_stream => match shared.takes_a_cut(cuts) {
            None => Limit::All,
            Some(number) if number % 2 == 0 => Limit::Body(random.below(most)),
            Some(_) => Limit::FrameAnd(random.below(most)),
        },
        _ => Limit::All,
    }
}

/// How many bytes of a piece belong to the first frame, if that ends in it.
fn end_of_frame(piece: &[u8], ended_line: &mut bool) -> Option<usize> {
    for (at, byte) in piece.iter().enumerate() {
        let is_end = *byte == b'\n';
        if std::mem::replace(ended_line, is_end) && is_end {
            return Some(at + 1);
        }
    }
    None
}
