//! Server-sent events of an execution as they came; [`crate::EventStream`] gives them their types.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use tokio::runtime::Handle;

use crate::{
    call::LAST_EVENT_ID,
    error::{Error, Result},
    event::RawEvent,
    log,
    rejoin::{Origin, Rejoining},
    seen::{End, Seen},
    silence::Silence,
    sse::{FrameTooLarge, Framer, MAX_FRAME},
    transport,
};

/// How many events a batch is asked for where no caller says a number: a few chunks' worth.
const BATCH: usize = 256;

/// How long the end of a body may be behind the final event for its connection to be used again.
const END_OF_BODY: Duration = Duration::from_secs(1);

type Body = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The events of an execution as they came, each once and in order. A connection that is cut is made anew, and goes on
/// where it was. The stream ends after the final event, and with
/// [`ErrorKind::StreamInterrupted`](crate::ErrorKind::StreamInterrupted) when there was none and rejoining failed.
/// Dropping it closes the connection.
pub struct RawStream {
    connection: Connection,
    origin: Origin,
    /// Where timers and sockets live: whoever polls a stream need not be within the runtime in which it was opened.
    runtime: Handle,
    framer: Framer,
    silence: Option<Silence>,
    seen: Seen,
    status: StatusCode,
    headers: HeaderMap,
    request_id: Option<String>,
    retries_taken: u32,
}

enum Connection {
    Open(Body),
    Rejoining(Rejoining),
    /// Closed or given back.
    Closed,
}

impl RawStream {
    /// Within a runtime only.
    pub(crate) fn new(mut response: reqwest::Response, origin: Origin, retries_taken: u32) -> Self {
        let last_id = origin.call().headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
        Self {
            request_id: transport::request_id(response.headers()),
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            seen: Seen::after(last_id.map(str::to_owned)),
            silence: origin.call().timeout.map(Silence::new),
            connection: Connection::Open(Box::pin(response.bytes_stream())),
            origin,
            runtime: Handle::current(),
            framer: Framer::default(),
            retries_taken,
        }
    }

    /// The id of the newest request for it, to be named when asking the operator.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The status of the first answer, always a success.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the first answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many attempts failed before the stream was opened.
    #[must_use]
    pub fn retries_taken(&self) -> u32 {
        self.retries_taken
    }

    /// How often the connection was cut and made anew.
    #[must_use]
    pub fn rejoins(&self) -> u32 {
        self.origin.rejoins()
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
            if let Connection::Rejoining(rejoining) = &mut self.connection {
                let _entered = self.runtime.enter();
                match ready!(rejoining.as_mut().poll(cx)) {
                    Ok((response, cost)) => self.resume(response, cost),
                    Err(error) => {
                        let told = format!("it was cut and could not be rejoined: {error}");
                        self.end(error, told);
                    }
                }
                continue;
            }
            match self.framer.next_event() {
                Ok(Some(event)) => {
                    // The final event cannot have come before, whatever its id.
                    if !event.is_final() && self.framer.event_had_id() && self.seen.has(&event.id) {
                        continue;
                    }
                    let had_id = self.framer.event_had_id();
                    if self.seen.note(&event, had_id) {
                        self.origin.progressed();
                    }
                    if event.is_final() {
                        self.give_back();
                    }
                    return Poll::Ready(Some(event));
                }
                Ok(None) => {}
                Err(FrameTooLarge) => {
                    // It would be no shorter another time.
                    let told = format!("an event is longer than {MAX_FRAME} bytes");
                    self.end(Error::decode(&*told), told);
                    continue;
                }
            }
            let Connection::Open(body) = &mut self.connection else {
                let told = "it has been closed";
                self.end(Error::connection(told), told.to_owned());
                continue;
            };
            match body.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(chunk))) => self.framer.push(chunk),
                Poll::Ready(Some(Err(error))) => {
                    let why = format!("the connection broke: {}", transport::root_cause(&error));
                    self.cut(Error::connection(why).with_source(error.without_url()));
                }
                Poll::Ready(None) => self.cut(Error::connection("the server closed the connection")),
                Poll::Pending => {
                    let Some(silence) = &mut self.silence else {
                        return Poll::Pending;
                    };
                    let limit = silence.limit().as_secs_f64();
                    ready!(silence.poll_over(self.framer.signs_of_life(), cx));
                    self.cut(Error::timeout(format!("nothing came for {limit} s")));
                }
            }
        }
    }

    /// After the final event: reads the end of the body, so that the connection can serve another call. Dropped here,
    /// it would be closed, for the end is seldom there together with the event.
    fn give_back(&mut self) {
        let Connection::Open(mut body) = std::mem::replace(&mut self.connection, Connection::Closed) else {
            return;
        };
        self.runtime.spawn(async move {
            let end = async { while let Some(Ok(_)) = body.next().await {} };
            // A server that has more to say is not listened to: the connection is closed.
            let _ = tokio::time::timeout(END_OF_BODY, end).await;
        });
    }

    /// The connection is lost: the stream is rejoined, or has ended.
    fn cut(&mut self, cause: Error) {
        match self.origin.rejoin(&cause, &self.seen) {
            Ok(rejoining) => self.connection = Connection::Rejoining(rejoining),
            Err(refusal) => {
                let told = refusal.map_or_else(|| cause.to_string(), |refusal| format!("{cause}, and {refusal}"));
                self.end(cause, told);
            }
        }
    }

    /// Goes on with a new answer.
    fn resume(&mut self, response: reqwest::Response, cost: u32) {
        self.origin.rejoined(cost);
        self.request_id = transport::request_id(response.headers());
        self.connection = Connection::Open(Box::pin(response.bytes_stream()));
        // What had come of an event comes again.
        self.framer = Framer::default();
        let _entered = self.runtime.enter();
        self.silence = self.silence.as_ref().map(|silence| Silence::new(silence.limit()));
    }

    fn end(&mut self, cause: Error, told: String) {
        self.connection = Connection::Closed;
        log::debug(format_args!("the stream ended after event {:?}: {told}", self.seen.last_id));
        self.seen.end = Some(End::Cut { cause, told, reported: false });
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
        match ready!(stream.poll_event(cx)) {
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
