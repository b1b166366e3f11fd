//! Lets executions begin, so that a tenant that floods makes itself wait and nobody else.
//!
//! An execution holds a permit while it is prepared: its agent and history are read, its tokens counted, its quota reserved, its
//! beginning committed. It gives it back before the model is asked, so that what is bounded is the work on processor and database
//! that all tenants share, and not how many answers are awaited.
//!
//! A tenant alone may hold them all, since commits are cheapest in large groups. As soon as others are active beside it, each may
//! hold its share, and what is beyond waits in a queue of the tenant's own; of those who wait, each tenant has its turn.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::Instant};

use crate::ids::TenantId;

/// How many may be prepared at once: what a commit on a slow disk takes along, some milliseconds of work on one processor.
const PERMITS: usize = 64;
/// Beyond those, for tenants that hold fewer than [`LEAST`]: who comes quietly does not wait for what a flood has begun.
const SPARE: usize = 16;
/// How many the tenants that are active beside each other may hold together: in front of who comes next lies no more than this.
const SHARED: usize = 8;
/// What each of them may hold all the same, however many they are.
const LEAST: usize = 2;
/// How many of one tenant may wait; each keeps its request in memory. Beyond, its own are refused, and nobody else's.
const QUEUE: usize = 1_024;
/// Who has asked within this time or the one before it is active.
const WINDOW: Duration = Duration::from_secs(1);
/// So many tenants are remembered beside the active ones before the rest is forgotten.
const REMEMBERED: usize = 1_024;

/// See the module.
#[derive(Debug)]
pub struct Admission {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    tenants: HashMap<TenantId, Tenant>,
    /// Permits that are out.
    held: usize,
    /// Tenants that hold a permit or wait for one.
    busy: usize,
    /// Tenants that wait, the next first.
    turns: VecDeque<TenantId>,
    recently: Recently,
}

/// How many tenants have asked lately.
#[derive(Debug)]
struct Recently {
    began: Instant,
    /// Counts the windows.
    number: u64,
    /// Tenants that have asked in this window, and in the one before it.
    asked: (usize, usize),
}

#[derive(Debug, Default)]
struct Tenant {
    held: usize,
    waiting: VecDeque<oneshot::Sender<()>>,
    /// The last window in which it has asked.
    asked_in: u64,
}

/// As many of the tenant's executions wait as may.
#[derive(Debug)]
pub struct Full {
    /// How many.
    pub waiting: usize,
}

impl Default for Admission {
    fn default() -> Self {
        let recently = Recently { began: Instant::now(), number: 1, asked: (0, 0) };
        let state = State { tenants: HashMap::new(), held: 0, busy: 0, turns: VecDeque::new(), recently };
        Self { state: Mutex::new(state) }
    }
}

impl Admission {
    /// Waits until an execution of this tenant may be prepared. Dropped while it waits, it has taken nothing.
    ///
    /// # Errors
    /// Too many of the tenant's own wait already.
    pub async fn enter<'a>(&'a self, tenant_id: &'a TenantId) -> Result<Permit<'a>, Full> {
        let asked = self.lock().ask(tenant_id, Instant::now())?;
        if let Some(turn) = asked {
            let mut waiting = Waiting { admission: self, tenant_id, turn };
            (&mut waiting.turn).await.map_err(|_| Full { waiting: QUEUE })?;
        }
        Ok(Permit { admission: self, tenant_id })
    }

    /// How many executions wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let state = self.lock();
        state.turns.iter().filter_map(|tenant_id| state.tenants.get(tenant_id)).map(|t| t.waiting.len()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recently {
    /// Begins a new window if it is time; gives whether it was.
    fn roll(&mut self, now: Instant) -> bool {
        let elapsed = now.saturating_duration_since(self.began);
        if elapsed < WINDOW {
            return false;
        }
        let before = if elapsed < 2 * WINDOW { self.asked.0 } else { 0 };
        *self = Self { began: now, number: self.number + 1, asked: (0, before) };
        true
    }
}

impl State {
    /// Takes a permit for the tenant; or gives what tells when it has got one.
    fn ask(&mut self, tenant_id: &TenantId, now: Instant) -> Result<Option<oneshot::Receiver<()>>, Full> {
        if self.recently.roll(now) {
            self.forget();
        }
        let tenant = match self.tenants.get_mut(tenant_id) {
            Some(tenant) => tenant,
            None => self.tenants.entry(tenant_id.clone()).or_default(),
        };
        if tenant.asked_in != self.recently.number {
            tenant.asked_in = self.recently.number;
            self.recently.asked.0 += 1;
        }
        let was_idle = tenant.held == 0 && tenant.waiting.is_empty();
        self.busy += usize::from(was_idle);
        let share = share(self.busy, self.recently.asked);
        if tenant.waiting.is_empty() && tenant.may_take(share, self.held) {
            tenant.held += 1;
            self.held += 1;
            return Ok(None);
        }
        if tenant.waiting.is_empty() {
            self.turns.push_back(tenant_id.clone());
        }
        if tenant.waiting.len() >= QUEUE {
            // Those that were dropped while they waited have left their places.
            tenant.waiting.retain(|waiting| !waiting.is_closed());
        }
        if tenant.waiting.len() >= QUEUE {
            return Err(Full { waiting: QUEUE });
        }
        let (given, turn) = oneshot::channel();
        tenant.waiting.push_back(given);
        Ok(Some(turn))
    }

    /// Takes a permit back, and gives out what may be given.
    fn release(&mut self, tenant_id: &TenantId) {
        let tenant = self.tenants.get_mut(tenant_id).expect("who holds a permit is not forgotten");
        tenant.held -= 1;
        self.held -= 1;
        self.busy -= usize::from(tenant.is_idle());
        // Ends when nobody could take one in a whole round. Only those are passed over who hold their share, and they are no more
        // than there are permits.
        let mut passed = 0;
        while passed < self.turns.len() && self.held < PERMITS + SPARE {
            let share = share(self.busy, self.recently.asked);
            let Some(tenant_id) = self.turns.pop_front() else { return };
            let tenant = self.tenants.get_mut(&tenant_id).expect("who waits is not forgotten");
            if tenant.may_take(share, self.held) {
                passed = 0;
                if tenant.give_turn() {
                    self.held += 1;
                }
                self.busy -= usize::from(tenant.is_idle());
            } else {
                passed += 1;
            }
            if !tenant.waiting.is_empty() {
                self.turns.push_back(tenant_id);
            }
        }
    }

    /// Bounds the memory: as many are looked at as have come since the last time, so that it costs each of them little.
    fn forget(&mut self) {
        let (number, active) = (self.recently.number, self.recently.asked.1);
        if self.tenants.len() > REMEMBERED + 2 * active {
            self.tenants.retain(|_, tenant| !tenant.is_idle() || tenant.asked_in + 1 >= number);
        }
    }
}

/// How many permits one tenant may hold.
fn share(busy: usize, asked: (usize, usize)) -> usize {
    match busy.max(asked.0).max(asked.1) {
        0 | 1 => PERMITS,
        active => (SHARED / active).max(LEAST),
    }
}

impl Tenant {
    fn is_idle(&self) -> bool {
        self.held == 0 && self.waiting.is_empty()
    }

    fn may_take(&self, share: usize, held_by_all: usize) -> bool {
        self.held < share && held_by_all < if self.held < LEAST { PERMITS + SPARE } else { PERMITS }
    }

    /// Gives a permit to the first who still waits, if there is one.
    fn give_turn(&mut self) -> bool {
        while let Some(waiting) = self.waiting.pop_front() {
            if waiting.send(()).is_ok() {
                self.held += 1;
                return true;
            }
        }
        false
    }
}

/// Lets one execution be prepared, until it is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    admission: &'a Admission,
    tenant_id: &'a TenantId,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.admission.lock().release(self.tenant_id);
    }
}

/// An execution that waits for its turn.
struct Waiting<'a> {
    admission: &'a Admission,
    tenant_id: &'a TenantId,
    turn: oneshot::Receiver<()>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.turn.close();
        // Its turn came, and it did not see that any more.
        if self.turn.try_recv().is_ok() {
            self.admission.lock().release(self.tenant_id);
        }
    }
}

#[cfg(test)]
#[path = "fair_tests.rs"]
mod tests;
