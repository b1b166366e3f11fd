//! The log of an execution that runs: it writes, any number of callers read, and what must be stored first waits in between.
//!
//! Events are numbered from 1. Deltas are shown before they are stored, inside a block of ids that was reserved durably; a tool's
//! events wait for the store, and what comes behind them waits with them. The log is as large as the answer, which
//! `max_output_tokens` bounds; readers that are still there a while after the end read on from the store.

mod reader;
#[cfg(test)]
mod tests;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

pub use self::reader::EventReader;
pub(super) use self::reader::Found;
use self::reader::Until;
use super::{
    events::ExecutionEvent,
    models::ToolCall,
    progress::Progress,
    transcript::{FIRST_EVENT_ID, Speaker},
};
use crate::store::executions::Step;

/// How many ids are reserved at a time: the default of `max_output_tokens`, so that most executions reserve but once, when they
/// begin.
pub(super) const ID_BLOCK: u64 = 1_024;
/// Where so few of them are left, the next block is reserved, so that a stream does not wait for it.
const FEW_IDS: u64 = 256;

/// See the module.
#[derive(Debug)]
pub(super) struct Log {
    speaker: Speaker,
    state: Mutex<State>,
    /// Something may be shown that could not be before.
    grew: Notify,
    /// The terminal event is there, or there will be none.
    ended: Notify,
    /// Progress should be stored.
    due: Notify,
    /// Whether anybody reads the frames, and not only the end.
    is_streamed: AtomicBool,
}

#[derive(Debug)]
struct State {
    progress: Progress,
    /// The last event's id.
    last: u64,
    /// Up to here the store has every event.
    stored: u64,
    /// Up to here ids may be used before the store has their events.
    reserved: u64,
    /// The ids of tool events that the store does not have yet.
    held: Vec<u64>,
    /// Who runs the execution asks for its progress to be stored whatever there is of it.
    is_reminded: bool,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Running,
    /// Its work is done and its end is being stored.
    Settling,
    /// Another server took this one for dead; nothing more can be stored.
    Fenced,
    /// The terminal event with its id, and the last id that may be shown before it.
    Ended {
        terminal: (u64, Arc<ExecutionEvent>),
        shown: u64,
    },
    /// The store has everything; nothing is held here any more.
    Evicted,
    /// The execution was lost: there will be no end.
    Lost,
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for progress to be stored, if there is any that is not.
    pub(super) fn remind(&self) {
        let mut state = self.lock();
        if state.last > state.stored && matches!(state.stage, Stage::Running | Stage::Settling) {
            state.is_reminded = true;
            self.due.notify_one();
        }
    }

    /// Lets go of everything once the store has it. Readers that are still there go to the store.
    pub(super) fn evict(&self) {
        let mut state = self.lock();
        if matches!(state.stage, Stage::Ended { .. }) {
            state.stage = Stage::Evicted;
            state.progress = Progress::default();
            self.grew.notify_waiters();
            self.ended.notify_waiters();
        }
    }

    pub(super) fn is_streamed(&self) -> bool {
        self.is_streamed.load(Ordering::Relaxed)
    }
}

impl State {
    /// The last id that may be shown.
    fn shown(&self) -> u64 {
        match &self.stage {
            Stage::Ended { shown, .. } => *shown,
            _ => self.last.min(self.reserved).min(self.held.first().map_or(u64::MAX, |held| held - 1)),
        }
    }
}

/// The side of the execution. When it is dropped before the terminal event, readers learn that there will be none.
#[derive(Debug)]
pub(super) struct EventWriter(Arc<Log>);

/// Opens the log of an execution whose first block of ids is reserved.
pub(super) fn open(speaker: Speaker) -> EventWriter {
    let state = State {
        progress: Progress::default(),
        last: FIRST_EVENT_ID,
        stored: FIRST_EVENT_ID,
        reserved: ID_BLOCK,
        held: Vec::new(),
        is_reminded: false,
        stage: Stage::Running,
    };
    EventWriter(Arc::new(Log {
        speaker,
        state: Mutex::new(state),
        grew: Notify::new(),
        ended: Notify::new(),
        due: Notify::new(),
        is_streamed: AtomicBool::new(false),
    }))
}

/// What follows when progress is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checkpoint {
    /// The last event that it holds.
    last: u64,
    /// Up to here ids may be used then.
    pub(super) reserves: u64,
}

impl EventWriter {
    pub(super) fn log(&self) -> &Arc<Log> {
        &self.0
    }

    pub(super) fn reader(&self) -> EventReader {
        EventReader::new(self.0.clone())
    }

    /// Looks at the progress, or notes something in it that is no event.
    pub(super) fn progress<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        change(&mut self.0.lock().progress)
    }

    /// Adds a piece of the answer.
    pub(super) fn delta(&self, text: &str) {
        let mut state = self.0.lock();
        state.progress.add_delta(text);
        state.last += 1;
        let is_due = state.last + FEW_IDS >= state.reserved;
        drop(state);
        self.0.grew.notify_waiters();
        if is_due {
            self.0.due.notify_one();
        }
    }

    /// Adds the call of a tool; gives its event's id.
    pub(super) fn tool_called(&self, call: ToolCall) -> u64 {
        self.tool(|progress| progress.call_tool(call))
    }

    /// Adds the end of a tool's call.
    pub(super) fn tool_completed(&self, step: Step) {
        self.tool(|progress| progress.complete_tool(step));
    }

    fn tool(&self, change: impl FnOnce(&mut Progress)) -> u64 {
        let mut state = self.0.lock();
        change(&mut state.progress);
        state.last += 1;
        let id = state.last;
        state.held.push(id);
        drop(state);
        self.0.due.notify_one();
        id
    }

    /// Waits until the store has the event.
    pub(super) async fn stored(&self, id: u64) {
        self.0.grew.until(|| (self.0.lock().stored >= id).then_some(())).await;
    }

    /// Waits until progress should be stored and gives it.
    pub(super) async fn checkpoint(&self) -> (Progress, Checkpoint) {
        loop {
            self.0.due.notified().await;
            let mut state = self.0.lock();
            let is_reminded = std::mem::take(&mut state.is_reminded);
            let wanted = match state.stage {
                Stage::Running => true,
                // The settlement is on its way and stores everything; only where it is held up this is worth it.
                Stage::Settling => is_reminded,
                _ => false,
            };
            if wanted && state.last > state.stored {
                let checkpoint = Checkpoint { last: state.last, reserves: state.last + ID_BLOCK };
                return (state.progress.clone(), checkpoint);
            }
        }
    }

    /// The checkpoint is stored: what it holds may be shown, and its block of ids used.
    pub(super) fn is_stored(&self, checkpoint: Checkpoint) {
        let mut state = self.0.lock();
        state.stored = checkpoint.last;
        state.reserved = checkpoint.reserves;
        state.held.retain(|&id| id > checkpoint.last);
        let is_due = !state.held.is_empty() || state.last + FEW_IDS >= state.reserved;
        drop(state);
        self.0.grew.notify_waiters();
        if is_due {
            self.0.due.notify_one();
        }
    }

    /// Nothing more can be stored: the execution is another server's. Not so where its own end is on its way: then that is what was
    /// stored. Gives whether it is another's.
    pub(super) fn fence(&self) -> bool {
        let mut state = self.0.lock();
        let is_others = matches!(state.stage, Stage::Running);
        if is_others {
            state.stage = Stage::Fenced;
        }
        drop(state);
        self.0.grew.notify_waiters();
        is_others
    }

    /// Waits until nothing more can be stored.
    pub(super) async fn fenced(&self) {
        self.0.grew.until(|| matches!(self.0.lock().stage, Stage::Fenced).then_some(())).await;
    }

    /// The work is done; gives what it came to, and the terminal event's id.
    pub(super) fn settling(&self) -> (Progress, u64) {
        let mut state = self.0.lock();
        if matches!(state.stage, Stage::Running) {
            state.stage = Stage::Settling;
        }
        (state.progress.clone(), state.last + 1)
    }

    /// The end is stored, and with it everything before.
    pub(super) fn settled(&self, event: ExecutionEvent) {
        let last = self.0.lock().last;
        self.end((last + 1, event), last);
    }

    /// Another end is stored than this log's own: what was shown so far stands, and the terminal event comes next.
    pub(super) fn settled_otherwise(&self, id: u64, event: ExecutionEvent) {
        let shown = self.0.lock().shown();
        self.end((id, event), shown);
    }

    fn end(&self, (id, event): (u64, ExecutionEvent), shown: u64) {
        self.0.lock().stage = Stage::Ended { terminal: (id, Arc::new(event)), shown };
        self.0.grew.notify_waiters();
        self.0.ended.notify_waiters();
    }
}

impl Drop for EventWriter {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        if !matches!(state.stage, Stage::Ended { .. } | Stage::Evicted) {
            state.stage = Stage::Lost;
            drop(state);
            self.0.grew.notify_waiters();
            self.0.ended.notify_waiters();
        }
    }
}
