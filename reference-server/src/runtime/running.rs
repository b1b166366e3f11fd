//! The executions that this server runs, by id: where their events are read and where they are cancelled.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use chrono::{DateTime, Duration, Utc};
use tokio_util::sync::CancellationToken;

use super::log::{EventReader, Log};
use crate::{
    clock::Clock,
    ids::{ExecutionId, TenantId},
};

/// How long after its end a log is kept for those who still read it. Who takes longer than that reads on from the store.
const KEPT_FOR_READERS: Duration = Duration::seconds(10);

/// How long an execution that is to end with its client is kept for it to come back: a client of ours pauses at most 8 s between
/// two tries, and takes at most 5 s to connect.
const DESERTED_FOR: Duration = Duration::seconds(15);

/// See the module.
#[derive(Debug)]
pub struct Running {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    places: HashMap<ExecutionId, Entry>,
    /// Logs that somebody still read when they ended.
    ended: Vec<(DateTime<Utc>, Weak<Log>)>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Entry {
    tenant_id: TenantId,
    log: Arc<Log>,
    cancel: CancellationToken,
    /// Whether it is cancelled when nobody has followed it for a while.
    ends_deserted: bool,
    /// How many follow it.
    attending: usize,
    /// Since when nobody does.
    deserted: Option<DateTime<Utc>>,
}

impl Entry {
    pub(super) fn new(tenant_id: TenantId, log: Arc<Log>, cancel: CancellationToken, ends_deserted: bool) -> Self {
        Self { tenant_id, log, cancel, ends_deserted, attending: 0, deserted: None }
    }
}

impl Running {
    /// Nothing runs yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// The events of an execution of this tenant, if it runs here.
    pub fn reader(&self, tenant_id: &TenantId, execution_id: &ExecutionId) -> Option<EventReader> {
        let state = self.lock();
        let entry = state.places.get(execution_id).filter(|entry| entry.tenant_id == *tenant_id)?;
        Some(EventReader::new(entry.log.clone()))
    }

    /// Cancels an execution of this tenant, if it runs here; gives its events, in which its end will stand.
    pub fn cancel(&self, tenant_id: &TenantId, execution_id: &ExecutionId) -> Option<EventReader> {
        let state = self.lock();
        let entry = state.places.get(execution_id).filter(|entry| entry.tenant_id == *tenant_id)?;
        entry.cancel.cancel();
        Some(EventReader::new(entry.log.clone()))
    }

    /// Cancels everything of this tenant that runs here.
    pub(super) fn cancel_all(&self, tenant_id: &TenantId) {
        let state = self.lock();
        let of_the_tenant = state.places.values().filter(|entry| entry.tenant_id == *tenant_id);
        of_the_tenant.for_each(|entry| entry.cancel.cancel());
    }

    /// Whether a task of this server holds the execution.
    pub(super) fn holds(&self, execution_id: &ExecutionId) -> bool {
        self.lock().places.contains_key(execution_id)
    }

    /// What runs, with whose it is.
    pub(super) fn names(&self) -> Vec<(TenantId, ExecutionId)> {
        let state = self.lock();
        state.places.iter().map(|(execution_id, entry)| (entry.tenant_id.clone(), execution_id.clone())).collect()
    }

    /// Whether nothing runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().places.is_empty()
    }

    /// Asks each execution to store what it came to since it last did.
    pub(super) fn remind(&self) {
        self.lock().places.values().for_each(|entry| entry.log.remind());
    }

    /// Lets go of logs that ended a while ago and are still read.
    pub(super) fn evict(&self) {
        let now = self.clock.now();
        self.lock().ended.retain(|(at, log)| {
            let is_late = now - *at >= KEPT_FOR_READERS;
            if let (true, Some(log)) = (is_late, log.upgrade()) {
                log.evict();
            }
            !is_late && log.strong_count() > 0
        });
    }

    /// Cancels what nobody has followed for a while, where that was asked for.
    pub(super) fn cancel_deserted(&self) {
        let now = self.clock.now();
        let state = self.lock();
        let deserted = |entry: &&Entry| entry.deserted.is_some_and(|since| now - since >= DESERTED_FOR);
        state.places.values().filter(deserted).for_each(|entry| entry.cancel.cancel());
    }

    /// How many follow executions that would otherwise be cancelled.
    #[must_use]
    pub fn attending(&self) -> usize {
        self.lock().places.values().map(|entry| entry.attending).sum()
    }

    /// Notes that somebody follows an execution, until what is given is dropped; `None` where that makes no difference.
    pub(super) fn attend(self: &Arc<Self>, execution_id: &ExecutionId) -> Option<Attending> {
        let mut state = self.lock();
        let entry = state.places.get_mut(execution_id).filter(|entry| entry.ends_deserted)?;
        entry.attending += 1;
        entry.deserted = None;
        Some(Attending { running: self.clone(), execution_id: execution_id.clone() })
    }

    /// Takes an execution in until it leaves its place.
    pub(super) fn enter(self: &Arc<Self>, execution_id: ExecutionId, entry: Entry) -> Place {
        self.lock().places.insert(execution_id.clone(), entry);
        Place { running: self.clone(), execution_id }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An execution's place among those that run.
#[derive(Debug)]
pub(super) struct Place {
    running: Arc<Running>,
    execution_id: ExecutionId,
}

impl Place {
    /// Notes that somebody follows the execution.
    pub(super) fn attend(&self) -> Option<Attending> {
        self.running.attend(&self.execution_id)
    }

    /// Leaves, once the end is stored: whoever looks for the execution from here on finds it in the store.
    pub(super) fn leave(&self) {
        let mut state = self.running.lock();
        if let Some(entry) = state.places.remove(&self.execution_id)
            && entry.log.is_streamed()
        {
            state.ended.push((self.running.clock.now(), Arc::downgrade(&entry.log)));
        }
    }
}

/// Somebody who follows an execution.
#[derive(Debug)]
pub(super) struct Attending {
    running: Arc<Running>,
    execution_id: ExecutionId,
}

impl Drop for Attending {
    fn drop(&mut self) {
        let now = self.running.clock.now();
        if let Some(entry) = self.running.lock().places.get_mut(&self.execution_id) {
            entry.attending -= 1;
            entry.deserted = (entry.attending == 0).then_some(now);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}
