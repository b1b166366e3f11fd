//! Reading a log: the frames as they may be shown, or the end alone.

use std::sync::{Arc, atomic::Ordering};

use bytes::{Bytes, BytesMut};
use tokio::sync::Notify;

use super::{Log, Stage};
use crate::runtime::{
    events::ExecutionEvent,
    transcript::{Cursor, Transcript, write_frame},
};

/// What a reader finds.
#[derive(Debug)]
pub(in crate::runtime) enum Found {
    /// The next events.
    Frames(Bytes),
    /// There is nothing behind the terminal event, or there will be none.
    Nothing,
    /// The store has it now.
    Stored,
}

/// The side of a caller.
#[derive(Clone, Debug)]
pub struct EventReader {
    log: Arc<Log>,
    cursor: Cursor,
    after: u64,
}

impl EventReader {
    pub(in crate::runtime) fn new(log: Arc<Log>) -> Self {
        Self { log, cursor: Cursor::default(), after: 0 }
    }

    /// Leaves out the events up to this id.
    pub(in crate::runtime) fn after(mut self, id: u64) -> Self {
        self.after = id;
        self
    }

    /// The id of the last event that was read, or left out.
    pub(in crate::runtime) fn seen(&self) -> u64 {
        self.cursor.id.max(self.after)
    }

    /// Waits for the next events, of which it gives as many as there are, up to a sensible size.
    pub(in crate::runtime) async fn next(&mut self) -> Found {
        self.log.is_streamed.store(true, Ordering::Relaxed);
        let log = self.log.clone();
        log.grew.until(|| self.find()).await
    }

    fn find(&mut self) -> Option<Found> {
        let state = self.log.lock();
        match &state.stage {
            Stage::Evicted => return Some(Found::Stored),
            Stage::Lost => return Some(Found::Nothing),
            _ => {}
        }
        let progress = &state.progress;
        let transcript = Transcript {
            speaker: &self.log.speaker,
            text: &progress.text,
            layout: &progress.layout,
            tool_calls: &progress.tool_calls,
            steps: &progress.steps,
        };
        let (shown, mut frames) = (state.shown(), BytesMut::new());
        transcript.write(&mut self.cursor, self.after, shown, &mut frames);
        if let (Stage::Ended { terminal: (id, event), .. }, true) = (&state.stage, self.cursor.id >= shown) {
            if self.cursor.id >= *id {
                return Some(Found::Nothing);
            }
            self.cursor.id = *id;
            if *id > self.after {
                write_frame(&mut frames, *id, event);
            }
        }
        let is_over = matches!(&state.stage, Stage::Ended { terminal: (id, _), .. } if self.cursor.id >= *id);
        match frames.is_empty() {
            false => Some(Found::Frames(frames.freeze())),
            true => is_over.then_some(Found::Nothing),
        }
    }

    /// Waits for the terminal event; `None` where it is to be looked for in the store, if anywhere.
    pub(in crate::runtime) async fn end(&self) -> Option<Arc<ExecutionEvent>> {
        let end = || match &self.log.lock().stage {
            Stage::Ended { terminal: (_, event), .. } => Some(Some(event.clone())),
            Stage::Evicted | Stage::Lost => Some(None),
            _ => None,
        };
        self.log.ended.until(end).await
    }
}

/// Waiting for something that is told of after it became true.
pub(super) trait Until {
    async fn until<T>(&self, found: impl FnMut() -> Option<T>) -> T;
}

impl Until for Notify {
    async fn until<T>(&self, mut found: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(found) = found() {
                return found;
            }
            let mut told = std::pin::pin!(self.notified());
            // Enlisted before it looks again, so that nothing is missed in between.
            told.as_mut().enable();
            if let Some(found) = found() {
                return found;
            }
            told.await;
        }
    }
}
