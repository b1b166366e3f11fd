//! What is held for one execution until it is settled or dropped; both give back what was not used, once.

use std::sync::Arc;

use super::{SharedCounters, Used, counters::Reserved, in_process::Own, shared::SharedHold};
use crate::{clock::Clock, money::Micros, store::TenantStore, tenancy::Limits};

/// See the module.
#[derive(Debug)]
pub struct Reservation {
    held: Option<Held>,
    limits: Limits,
    /// How many tokens the execution may write.
    pub max_output_tokens: i64,
}

/// In whose counters it stands.
#[derive(Debug)]
pub(super) enum Held {
    InProcess { counters: Own, reserved: Reserved, clock: Clock },
    Shared { counters: Arc<SharedCounters>, hold: SharedHold },
}

impl Held {
    pub(super) fn in_process(counters: Own, reserved: Reserved, clock: Clock) -> Self {
        Self::InProcess { counters, reserved, clock }
    }

    pub(super) fn shared(counters: Arc<SharedCounters>, hold: SharedHold) -> Self {
        Self::Shared { counters, hold }
    }
}

impl Reservation {
    pub(super) fn new(held: Held, limits: Limits, max_output_tokens: i64) -> Self {
        Self { held: Some(held), limits, max_output_tokens }
    }

    /// Reserves more for a further round's input; `false` where the quota does not allow it, or can't be asked.
    pub async fn top_up(&mut self, store: &TenantStore, input_tokens: i64, input_price: Micros) -> bool {
        let spend = input_price.times(input_tokens);
        match &mut self.held {
            None => false,
            Some(Held::InProcess { counters, reserved, clock }) => {
                counters.lock().top_up(clock.now(), &self.limits, reserved, input_tokens, spend)
            }
            Some(Held::Shared { counters, hold }) => {
                counters.top_up(store, hold, &self.limits, input_tokens, spend).await
            }
        }
    }

    /// Tokens held so far.
    #[must_use]
    pub fn tokens(&self) -> i64 {
        match &self.held {
            None => 0,
            Some(Held::InProcess { reserved, .. }) => reserved.tokens,
            Some(Held::Shared { hold, .. }) => hold.tokens,
        }
    }

    /// Dollars held so far.
    #[must_use]
    pub fn spend(&self) -> Micros {
        match &self.held {
            None => Micros::ZERO,
            Some(Held::InProcess { reserved, .. }) => reserved.spend,
            Some(Held::Shared { hold, .. }) => hold.spend,
        }
    }

    /// Bytes of storage held.
    #[must_use]
    pub fn bytes(&self) -> i64 {
        match &self.held {
            None => 0,
            Some(Held::InProcess { reserved, .. }) => reserved.bytes,
            Some(Held::Shared { hold, .. }) => hold.bytes,
        }
    }

    /// Where counters are shared: the epoch of them that it was reserved in.
    #[must_use]
    pub fn epoch(&self) -> Option<&str> {
        match &self.held {
            Some(Held::Shared { hold, .. }) => Some(&hold.epoch),
            _ => None,
        }
    }

    /// Replaces what was held by what was used: after the ledger's commit.
    pub async fn settle(mut self, used: Used) {
        match self.held.take() {
            None => {}
            Some(Held::InProcess { counters, reserved, clock }) => {
                counters.lock().release(clock.now(), &reserved, used);
            }
            Some(Held::Shared { counters, hold }) => counters.settle(&hold.tenant_id, &hold.execution_id, used).await,
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // The execution was never begun: everything is given back, the request too. Or its end could not be written before the
        // server stopped; then the next start counts from the ledger.
        match self.held.take() {
            None => {}
            Some(Held::InProcess { counters, reserved, clock }) => counters.lock().give_back(clock.now(), &reserved),
            Some(Held::Shared { counters, hold }) => counters.give_back(hold),
        }
    }
}
