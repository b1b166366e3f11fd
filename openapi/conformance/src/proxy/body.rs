//! Reads the body of a server's answer, however its length is told.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncBufReadExt, AsyncReadExt};

use crate::http::Connection;

const PIECE: usize = 16 * 1024;

/// How a body ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// After so many more bytes.
    Left(u64),
    /// After the chunk of size 0; so many bytes are left of the one under way.
    Chunked(u64),
    /// With the connection.
    UntilClose,
    /// It has ended.
    Over,
}

/// The next piece of a body; empty at its end.
pub(super) async fn next_piece(server: &mut Connection, length: &mut Length) -> Result<Vec<u8>> {
    if *length == Length::Chunked(0) {
        let size = chunk_size(server).await?;
        if size == 0 {
            server.read_line(&mut String::new()).await?;
            *length = Length::Over;
        } else {
            *length = Length::Chunked(size);
        }
    }
    let most = match *length {
        Length::Over | Length::Left(0) => return Ok(Vec::new()),
        Length::Left(left) | Length::Chunked(left) => left.min(PIECE as u64),
        Length::UntilClose => PIECE as u64,
    };
    let mut piece = vec![0; usize::try_from(most).unwrap_or(PIECE)];
    let read = server.read(&mut piece).await?;
    piece.truncate(read);
    match length {
        Length::UntilClose => {}
        _ if read == 0 => return Err(ErrorKind::UnexpectedEof.into()),
        Length::Left(left) => *left -= read as u64,
        Length::Chunked(left) => {
            *left -= read as u64;
            if *left == 0 {
                server.read_line(&mut String::new()).await?;
            }
        }
        Length::Over => {}
    }
    Ok(piece)
}

async fn chunk_size(server: &mut Connection) -> Result<u64> {
    let mut line = String::new();
    if server.read_line(&mut line).await? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    u64::from_str_radix(line.trim(), 16).map_err(|_| Error::new(ErrorKind::InvalidData, "a chunk without its size"))
}
