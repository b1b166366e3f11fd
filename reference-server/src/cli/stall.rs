//! A connection whose client takes nothing of what it is sent is closed after a while: it would hold memory for ever.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

/// How long a client may take not a single byte. A stream that is closed for it can be rejoined.
pub(super) const STALLED_AFTER: Duration = Duration::from_secs(30);

/// A stream that fails where what is written finds no room for [`STALLED_AFTER`].
#[derive(Debug)]
pub(super) struct Unstalled<S> {
    stream: S,
    /// Made when a write first waits; most connections never do.
    patience: Option<Pin<Box<Sleep>>>,
    waits: bool,
}

impl<S> Unstalled<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, patience: None, waits: false }
    }

    /// Passes on what a write came to, as long as patience lasts.
    fn patiently<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.waits = false;
            return outcome;
        }
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED_AFTER)));
        if !self.waits {
            self.waits = true;
            patience.as_mut().reset(Instant::now() + STALLED_AFTER);
        }
        ready!(patience.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unstalled<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unstalled<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.patiently(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.patiently(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// A client that takes a byte now and then is slow; one that takes none is gone. Time is the test's own.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up_and_a_slow_one_is_not() {
        let (server, mut client) = tokio::io::duplex(1);
        let mut server = Unstalled::new(server);
        let slow = tokio::spawn(async move {
            for _ in 0..4 {
                tokio::time::sleep(STALLED_AFTER - Duration::from_secs(1)).await;
                client.read_u8().await.unwrap();
            }
            client
        });
        server.write_all(b"12345").await.unwrap();
        let _client = slow.await.unwrap();
        let started = Instant::now();
        assert_eq!(server.write_all(b"6").await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(started.elapsed().as_secs(), STALLED_AFTER.as_secs());
    }
}
