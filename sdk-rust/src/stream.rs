//! Server-sent events of an execution as they came; [`crate::EventStream`] gives them their types.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::{
    runtime::Handle,
    time::{Instant, Sleep},
};

use crate::{
    error::Result,
    event::RawEvent,
    log,
    seen::{End, Seen},
    sse::{FrameTooLarge, Framer, MAX_FRAME},
    transport,
};

/// How many events a batch is asked for where no caller says a number: a few chunks' worth.
const BATCH: usize = 256;

/// How long the end of a body may be behind the final event for its connection to be used again.
const END_OF_BODY: Duration = Duration::from_secs(1);

type Body = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The events of an execution as they came. It ends after the final event, and with
/// [`ErrorKind::StreamInterrupted`](crate::ErrorKind::StreamInterrupted) when there was none. Dropping it closes the connection.
pub struct RawStream {
    /// `None` once the connection is closed or given back.
    body: Option<Body>,
    framer: Framer,
    silence: Option<Silence>,
    seen: Seen,
    request_id: Option<String>,
    retries_taken: u32,
}

/// Watches for a server that has gone quiet. The timer is moved only when it fires, not at each event.
struct Silence {
    limit: Duration,
    since: Instant,
    signs_of_life: u64,
    timer: Pin<Box<Sleep>>,
}

impl Silence {
    fn new(limit: Duration) -> Self {
        let timer = Box::pin(tokio::time::sleep(limit));
        Self { limit, since: Instant::now(), signs_of_life: 0, timer }
    }

    fn poll_over(&mut self, signs_of_life: u64, cx: &mut Context<'_>) -> Poll<()> {
        if signs_of_life != self.signs_of_life {
            self.signs_of_life = signs_of_life;
            self.since = Instant::now();
        }
        while self.timer.as_mut().poll(cx).is_ready() {
            let until = self.since + self.limit;
            if until <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(until);
        }
        Poll::Pending
    }
}

impl RawStream {
    pub(crate) fn new(response: reqwest::Response, idle_timeout: Option<Duration>, retries_taken: u32) -> Self {
        Self {
            request_id: transport::request_id(response.headers()),
            body: Some(Box::pin(response.bytes_stream())),
            framer: Framer::default(),
            silence: idle_timeout.map(Silence::new),
            seen: Seen::default(),
            retries_taken,
        }
    }

    /// The request's id, to be named when asking the operator.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How many attempts failed before the stream was opened.
    #[must_use]
    pub fn retries_taken(&self) -> u32 {
        self.retries_taken
    }

    /// Waits until an event is there, then puts that and those that have arrived with it into `out`, `max` of them at
    /// most. `false` tells that the final event has been handed out.
    ///
    /// # Errors
    /// [`ErrorKind::StreamInterrupted`](crate::ErrorKind::StreamInterrupted), once, when the connection ended before the final event; nothing is put into
    /// `out` then.
    pub fn poll_next_batch(&mut self, cx: &mut Context<'_>, out: &mut Vec<RawEvent>, max: usize) -> Poll<Result<bool>> {
        let before = out.len();
        while out.len() - before < max {
            match self.poll_event(cx) {
                Poll::Ready(Some(event)) => {
                    let more = !event.is_final();
                    out.push(event);
                    if !more {
                        return Poll::Ready(Ok(false));
                    }
                }
                // What has been got is handed out first; the end is told at the next call.
                _ if out.len() > before => break,
                Poll::Ready(None) => return Poll::Ready(self.report_end().map(|()| false)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(true))
    }

    /// The async form of [`RawStream::poll_next_batch`]. Cancelling it loses nothing.
    ///
    /// # Errors
    /// As [`RawStream::poll_next_batch`].
    pub async fn next_batch(&mut self, out: &mut Vec<RawEvent>, max: usize) -> Result<bool> {
        std::future::poll_fn(|cx| self.poll_next_batch(cx, out, max)).await
    }

    /// Reads what is left and hands out the `response` of `execution.completed`, as JSON.
    ///
    /// # Errors
    /// The status error that `execution.failed` tells of; [`ErrorKind::ExecutionCancelled`](crate::ErrorKind::ExecutionCancelled);
    /// [`ErrorKind::StreamInterrupted`](crate::ErrorKind::StreamInterrupted).
    pub async fn final_response(&mut self) -> Result<Bytes> {
        let mut skipped = Vec::new();
        while self.seen.end.is_none() {
            self.next_batch(&mut skipped, BATCH).await?;
            skipped.clear();
        }
        self.seen.final_response()
    }

    /// What the final event says: `None` before it has come.
    pub(crate) fn outcome(&self) -> Option<Result<Bytes>> {
        self.seen.end.as_ref().map(|_| self.seen.final_response())
    }

    /// The next event; `None` at the end, whatever kind of end it is.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<RawEvent>> {
        loop {
            if self.seen.end.is_some() {
                return Poll::Ready(None);
            }
            match self.framer.next_event() {
                Ok(Some(event)) => {
                    self.seen.note(&event);
                    if event.is_final() {
                        self.give_back();
                    }
                    return Poll::Ready(Some(event));
                }
                Ok(None) => {}
                Err(FrameTooLarge) => {
                    self.cut(format!("an event was longer than {MAX_FRAME} bytes"));
                    continue;
                }
            }
            let Some(body) = &mut self.body else {
                self.cut("it has been closed".to_owned());
                continue;
            };
            match body.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(chunk))) => self.framer.push(chunk),
                Poll::Ready(Some(Err(error))) => {
                    self.cut(format!("the connection broke: {}", transport::root_cause(&error)));
                }
                Poll::Ready(None) => self.cut("the server closed it".to_owned()),
                Poll::Pending => {
                    let Some(silence) = &mut self.silence else {
                        return Poll::Pending;
                    };
                    let limit = silence.limit.as_secs_f64();
                    std::task::ready!(silence.poll_over(self.framer.signs_of_life(), cx));
                    self.cut(format!("nothing came for {limit} s"));
                }
            }
        }
    }

    /// After the final event: reads the end of the body, so that the connection can serve another call. Dropped here,
    /// it would be closed, for the end is seldom there together with the event.
    fn give_back(&mut self) {
        let (Some(mut body), Ok(runtime)) = (self.body.take(), Handle::try_current()) else {
            return;
        };
        runtime.spawn(async move {
            let end = async { while let Some(Ok(_)) = body.next().await {} };
            // A server that has more to say is not listened to: the connection is closed.
            let _ = tokio::time::timeout(END_OF_BODY, end).await;
        });
    }

    fn cut(&mut self, why: String) {
        self.body = None;
        log::debug(format_args!("the stream was cut after event {:?}: {why}", self.seen.last_id));
        self.seen.end = Some(End::Cut { why, reported: false });
    }

    /// The error of a cut stream, the first time.
    fn report_end(&mut self) -> Result<()> {
        match &mut self.seen.end {
            Some(End::Cut { reported, .. }) if !*reported => {
                *reported = true;
                self.seen.final_response().map(|_| ())
            }
            _ => Ok(()),
        }
    }
}

impl Stream for RawStream {
    type Item = Result<RawEvent>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let stream = self.get_mut();
        match std::task::ready!(stream.poll_event(cx)) {
            Some(event) => Poll::Ready(Some(Ok(event))),
            None => Poll::Ready(stream.report_end().err().map(Err)),
        }
    }
}

impl fmt::Debug for RawStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawStream")
            .field("request_id", &self.request_id)
            .field("last_event_id", &self.seen.last_id)
            .finish_non_exhaustive()
    }
}
