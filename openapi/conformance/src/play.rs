//! Does to a connection what a reply says.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    answer::{self, Part},
    http::{self, Connection},
    reply::{Framing, Reply, Stop, Then},
};

/// What becomes of a connection after a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// It serves the next request.
    KeepAlive,
    /// The server closes it.
    Close,
    /// The client closed it before the server was done.
    ClosedByClient,
}

/// Plays one reply.
pub(crate) async fn play(connection: &mut Connection, reply: &Reply) -> After {
    match write(connection, reply).await {
        Ok(after) => after,
        Err(_) => After::ClosedByClient,
    }
}

async fn write(connection: &mut Connection, reply: &Reply) -> Result<After> {
    if let Some(bytes) = answer::raw(reply) {
        send(connection, &bytes).await?;
        return Ok(After::Close);
    }
    let answer = answer::answer(reply);
    let stop = |at: Stop| reply.stop == Some(at);
    let line = answer.head.iter().position(|byte| *byte == b'\r').unwrap_or_default();
    let head = match reply.stop {
        Some(Stop::BeforeStatus) => &[],
        Some(Stop::InStatus) => &answer.head[..line / 2],
        Some(Stop::InHeaders) => &answer.head[..line + (answer.head.len() - line) / 2],
        _ => &answer.head[..],
    };
    send(connection, head).await?;
    if let Some(Stop::BeforeStatus | Stop::InStatus | Stop::InHeaders | Stop::AfterHeaders) = reply.stop {
        return end(connection, reply.then.unwrap_or_default()).await;
    }
    let mut left = match reply.stop {
        Some(Stop::InBody(bytes)) => bytes,
        _ => usize::MAX,
    };
    for part in &answer.body {
        match part {
            Part::Pause(pause) => wait(connection, *pause).await?,
            Part::Bytes(bytes) if bytes.is_empty() => {}
            Part::Bytes(bytes) => {
                let now = &bytes[..bytes.len().min(left)];
                if answer.framing == Framing::Chunked {
                    // The chunk that is cut announces its whole length: it is cut in its middle, as happens.
                    send(connection, format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
                }
                send(connection, now).await?;
                left -= now.len();
                if left == 0 {
                    break;
                }
                if answer.framing == Framing::Chunked {
                    send(connection, b"\r\n").await?;
                }
            }
        }
    }
    if left == 0 || stop(Stop::AfterBody) {
        return end(connection, reply.then.unwrap_or_default()).await;
    }
    match answer.framing {
        Framing::Close => return Ok(After::Close),
        Framing::Chunked => send(connection, b"0\r\n\r\n").await?,
        Framing::Length => {}
    }
    Ok(After::KeepAlive)
}

async fn send(connection: &mut Connection, bytes: &[u8]) -> Result<()> {
    connection.write_all(bytes).await?;
    connection.flush().await?;
    // Lets a client on the same runtime read this piece before the next one comes.
    tokio::task::yield_now().await;
    Ok(())
}

/// A pause, unless the client goes away meanwhile.
async fn wait(connection: &mut Connection, pause: std::time::Duration) -> Result<()> {
    let mut byte = [0; 1];
    match tokio::time::timeout(pause, connection.read(&mut byte)).await {
        Err(_) => Ok(()),
        Ok(Ok(1..)) => Err(Error::new(ErrorKind::InvalidData, "the client sent more than its request")),
        Ok(_) => Err(ErrorKind::ConnectionAborted.into()),
    }
}

async fn end(connection: &mut Connection, then: Then) -> Result<After> {
    match then {
        Then::Close => Ok(After::Close),
        Then::Reset => {
            connection.get_ref().set_zero_linger()?;
            Ok(After::Close)
        }
        Then::Silence => {
            http::until_closed(connection).await;
            Ok(After::ClosedByClient)
        }
    }
}
