//! A stream of events as JavaScript sees it.

use std::{future::Future, sync::Arc};

use agent_platform::{Error, RawEvent, RawStream, Result};
use napi_derive::napi;
use tokio::sync::Mutex;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    error::Failure,
    head::Head,
    mailbox::{Done, Mailbox},
    runtime::runtime,
};

/// How many events cross at once at most, so that JavaScript is not held up by one long `JSON.parse`.
const BATCH: usize = 256;

/// What `opened` came to; neither when the stream was closed before.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub(crate) struct Opened {
    /// The head of the answer.
    pub head: Option<Head>,
    /// Why there is none.
    pub failure: Option<Failure>,
}

/// What `nextBatch` came to: events, a failure, or both; neither at the end.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub(crate) struct Batch {
    /// One JSON array of everything that was there.
    pub events: Option<String>,
    /// How often the connection was made anew, where that has changed since the last batch.
    pub rejoins: Option<u32>,
    /// The id of the request that did so.
    pub request_id: Option<String>,
    /// Why there will be no more after these.
    pub failure: Option<Failure>,
}

/// One event as it came.
#[napi(object, object_from_js = false)]
pub(crate) struct EventText {
    /// Its number.
    pub id: String,
    /// Its name.
    pub event: String,
    /// Its data, which should be JSON.
    pub data: String,
}

/// What `finalResponse` came to; neither when the stream was closed before its end.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub(crate) struct Final {
    /// The final response as JSON text.
    pub response: Option<String>,
    /// Why there is none.
    pub failure: Option<Failure>,
}

/// The events of one execution.
#[napi]
pub(crate) struct NativeStream {
    phase: Arc<Mutex<Phase>>,
    closed: CancellationToken,
}

enum Phase {
    Opening(AbortOnDropHandle<Result<RawStream>>),
    Open(Box<Open>),
    Closed,
}

struct Open {
    stream: RawStream,
    more: bool,
    /// The rejoins that JavaScript knows of.
    told: u32,
    /// The events of the last batch, for when that was not the JSON that it should be.
    last: Vec<RawEvent>,
}

#[napi]
impl NativeStream {
    pub(crate) fn open(opening: impl Future<Output = Result<RawStream>> + Send + 'static) -> napi::Result<Self> {
        let opening = AbortOnDropHandle::new(runtime()?.spawn(opening));
        Ok(Self { phase: Arc::new(Mutex::new(Phase::Opening(opening))), closed: CancellationToken::new() })
    }

    /// Waits for the head of the answer; `Opened` under that ticket. A failure is told once, here or by the first batch.
    #[napi]
    pub fn opened(&self, mailbox: &Mailbox, ticket: u32) -> napi::Result<()> {
        let phase = Arc::clone(&self.phase);
        let work = async move { phase.lock().await.head().await.unwrap_or_else(Opened::failed) };
        self.until_closed(mailbox, ticket, work, Done::B)
    }

    /// Waits for events and hands over all that are there; a `Batch` under that ticket. It pulls: what is not asked for
    /// stays in the socket, so a slow reader slows the server down rather than filling memory.
    #[napi]
    pub fn next_batch(&self, mailbox: &Mailbox, ticket: u32) -> napi::Result<()> {
        let phase = Arc::clone(&self.phase);
        let work = async move { phase.lock().await.next_batch().await.unwrap_or_else(Batch::failed) };
        self.until_closed(mailbox, ticket, work, Done::C)
    }

    /// The events of the last batch one by one: what to read where their array can't be parsed.
    #[napi]
    pub fn last_batch(&self) -> Vec<EventText> {
        match self.phase.try_lock().as_deref() {
            Ok(Phase::Open(open)) => open.last.iter().map(EventText::from).collect(),
            _ => Vec::new(),
        }
    }

    /// Reads what is left; a `Final` under that ticket.
    #[napi]
    pub fn final_response(&self, mailbox: &Mailbox, ticket: u32) -> napi::Result<()> {
        let phase = Arc::clone(&self.phase);
        let work = async move { phase.lock().await.final_response().await.unwrap_or_else(Final::failed) };
        self.until_closed(mailbox, ticket, work, Done::D)
    }

    /// Closes the connection.
    #[napi]
    pub fn close(&self) -> napi::Result<()> {
        if self.closed.is_cancelled() {
            return Ok(());
        }
        self.closed.cancel();
        let phase = Arc::clone(&self.phase);
        runtime()?.spawn(async move { phase.lock().await.close() });
        Ok(())
    }

    fn until_closed<T: Default + Send + 'static>(
        &self,
        mailbox: &Mailbox,
        ticket: u32,
        work: impl Future<Output = T> + Send + 'static,
        done: fn(T) -> Done,
    ) -> napi::Result<()> {
        let closed = self.closed.clone();
        mailbox.deliver(ticket, async move { done(closed.run_until_cancelled(work).await.unwrap_or_default()) })
    }
}

/// A stream that JavaScript forgot is closed when it is collected.
impl Drop for NativeStream {
    fn drop(&mut self) {
        if let Ok(mut phase) = self.phase.try_lock() {
            phase.close();
        }
    }
}

impl Phase {
    /// The stream, once its answer's head is there.
    async fn opened(&mut self) -> Result<Option<&mut Open>> {
        if let Self::Opening(opening) = self {
            let opened = opening.await;
            *self = Self::Closed;
            let stream =
                opened.map_err(|error| Error::invalid_request(format!("the stream was not opened: {error}")))??;
            let told = stream.rejoins();
            *self = Self::Open(Box::new(Open { stream, more: true, told, last: Vec::new() }));
        }
        match self {
            Self::Open(open) => Ok(Some(open)),
            Self::Opening(_) | Self::Closed => Ok(None),
        }
    }

    async fn head(&mut self) -> Result<Opened> {
        let head = self.opened().await?.map(|open| Head::of(&open.stream));
        Ok(Opened { head, failure: None })
    }

    async fn next_batch(&mut self) -> Result<Batch> {
        let Some(Open { stream, more, told, last: events }) = self.opened().await? else {
            return Ok(Batch::default());
        };
        events.clear();
        let mut failure = None;
        while *more && events.is_empty() {
            match stream.next_batch(events, BATCH).await {
                Ok(goes_on) => *more = goes_on,
                Err(error) => {
                    *more = false;
                    failure = Some(Failure::from(error));
                }
            }
        }
        let rejoins = stream.rejoins();
        let rejoins = (rejoins != std::mem::replace(told, rejoins)).then_some(rejoins);
        let request_id = rejoins.and_then(|_| stream.request_id().map(str::to_owned));
        Ok(Batch { events: (!events.is_empty()).then(|| array(events)), rejoins, request_id, failure })
    }

    async fn final_response(&mut self) -> Result<Final> {
        let Some(open) = self.opened().await? else {
            return Ok(Final::default());
        };
        let response = open.stream.final_response().await?;
        Ok(Final { response: Some(String::from_utf8_lossy(&response).into_owned()), failure: None })
    }

    fn close(&mut self) {
        *self = Self::Closed;
    }
}

impl From<&RawEvent> for EventText {
    fn from(event: &RawEvent) -> Self {
        let data = String::from_utf8_lossy(&event.data).into_owned();
        Self { id: event.id.clone(), event: event.event.to_string(), data }
    }
}

impl Opened {
    fn failed(error: Error) -> Self {
        Self { head: None, failure: Some(Failure::from(error)) }
    }
}

impl Final {
    fn failed(error: Error) -> Self {
        Self { response: None, failure: Some(Failure::from(error)) }
    }
}

impl Batch {
    fn failed(error: Error) -> Self {
        Self { failure: Some(Failure::from(error)), ..Self::default() }
    }
}

/// Each event's data is one JSON object, so that the array of them needs no parsing here.
fn array(events: &[RawEvent]) -> String {
    let mut text = String::with_capacity(events.iter().map(|event| event.data.len() + 1).sum::<usize>() + 2);
    let mut before = '[';
    for event in events {
        text.push(before);
        text.push_str(&String::from_utf8_lossy(&event.data));
        before = ',';
    }
    text.push(']');
    text
}
