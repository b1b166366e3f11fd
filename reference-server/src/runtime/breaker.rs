//! Keeps executions from a model whose provider fails: they are refused at once, before anything is reserved, instead of
//! each waiting for its own failure.
//!
//! It opens after some failures in a row. While it is open, one execution at a time is let through to try: one each pause, so that a
//! trial that takes its time neither shuts the others out nor is joined by a crowd. The first that is answered closes it.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Duration, Utc};

/// After so many failures in a row nothing more is sent: one or two are chance, and a client's retries are three.
const FAILURES: u32 = 5;
/// How long nothing is sent then, and between two trials: a provider's restart takes longer, its hiccup does not.
const PAUSE: Duration = Duration::seconds(10);

/// One model's.
#[derive(Debug)]
pub(super) struct Breaker {
    model: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Failures since the last answer, while it is closed.
    failures: u32,
    /// Counts its openings and closings: what was let through before one tells nothing of the time after it.
    turn: u64,
    /// While it is open: when the next may try.
    next_trial: Option<DateTime<Utc>>,
}

impl Breaker {
    /// A closed one for the model of this name.
    pub(super) fn new(model: String) -> Self {
        Self { model, state: Mutex::default() }
    }

    /// Lets an execution through to the provider, or says after how many seconds to ask again.
    pub(super) fn admit(self: &Arc<Self>, now: DateTime<Utc>) -> Result<Passage, u64> {
        let mut state = self.lock();
        let is_trial = state.next_trial.is_some();
        if let Some(next_trial) = state.next_trial {
            let remaining = next_trial - now;
            // A moment that lies further ahead than a pause is from before the clock was set back.
            if remaining > Duration::zero() && remaining <= PAUSE {
                return Err(u64::try_from(remaining.num_milliseconds()).unwrap_or(0).div_ceil(1_000).max(1));
            }
            state.next_trial = Some(now + PAUSE);
        }
        Ok(Passage { breaker: self.clone(), turn: state.turn, is_trial, has_told: AtomicBool::new(false) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An execution that was let through, which tells what the provider did. One that ends without a word (cancelled, its server
/// stopped, a fault of ours) counts for nothing, and if it was a trial, the next may try.
#[derive(Debug)]
pub(super) struct Passage {
    breaker: Arc<Breaker>,
    turn: u64,
    is_trial: bool,
    has_told: AtomicBool,
}

impl Passage {
    /// The provider answered.
    pub(super) fn answered(&self) {
        self.has_told.store(true, Ordering::Relaxed);
        let mut state = self.breaker.lock();
        if state.turn != self.turn {
            return;
        }
        state.failures = 0;
        if state.next_trial.take().is_some() {
            state.turn += 1;
            drop(state);
            tracing::info!(model = self.breaker.model, "a model's provider answers again");
        }
    }

    /// The provider failed, or did not answer in time.
    pub(super) fn failed(&self, now: DateTime<Utc>) {
        self.has_told.store(true, Ordering::Relaxed);
        let mut state = self.breaker.lock();
        if state.turn != self.turn {
            return;
        }
        if state.next_trial.is_some() {
            state.next_trial = Some(now + PAUSE);
            return;
        }
        state.failures += 1;
        if state.failures >= FAILURES {
            *state = State { failures: 0, turn: state.turn + 1, next_trial: Some(now + PAUSE) };
            drop(state);
            let (model, seconds) = (&self.breaker.model, PAUSE.num_seconds());
            tracing::warn!(
                model,
                "a model's provider failed {FAILURES} times in a row: one execution each {seconds} s tries it until it answers"
            );
        }
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        if !self.is_trial || *self.has_told.get_mut() {
            return;
        }
        let mut state = self.breaker.lock();
        if state.turn == self.turn && state.next_trial.is_some() {
            state.next_trial = Some(DateTime::<Utc>::MIN_UTC);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn after(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    fn breaker() -> Arc<Breaker> {
        Arc::new(Breaker::new("a-model".to_owned()))
    }

    /// One that opened at 0.
    fn open() -> Arc<Breaker> {
        let breaker = breaker();
        for _ in 0..FAILURES {
            breaker.admit(after(0)).unwrap().failed(after(0));
        }
        breaker
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let breaker = breaker();
        for _ in 0..10 {
            for _ in 1..FAILURES {
                breaker.admit(after(0)).unwrap().failed(after(0));
                // Neither for nor against the provider.
                drop(breaker.admit(after(0)).unwrap());
            }
            breaker.admit(after(0)).unwrap().answered();
        }
        for left in (0..FAILURES).rev() {
            breaker.admit(after(0)).unwrap().failed(after(0));
            assert_eq!(breaker.admit(after(0)).is_ok(), left > 0);
        }
        assert_eq!(breaker.admit(after(3)).unwrap_err(), 7);
    }

    #[test]
    fn one_at_a_time_tries_until_one_is_answered() {
        let breaker = open();
        assert_eq!(breaker.admit(after(9)).unwrap_err(), 1);
        let trial = breaker.admit(after(10)).unwrap();
        assert_eq!(breaker.admit(after(10)).unwrap_err(), 10);
        trial.failed(after(12));
        drop(trial);
        assert_eq!(breaker.admit(after(21)).unwrap_err(), 1);
        let cancelled = breaker.admit(after(22)).unwrap();
        drop(cancelled);
        let slow = breaker.admit(after(22)).unwrap();
        let second = breaker.admit(after(32)).unwrap();
        second.failed(after(33));
        slow.answered();
        for _ in 0..3 {
            assert!(breaker.admit(after(33)).is_ok());
        }
    }

    #[test]
    fn what_was_let_through_before_tells_nothing_of_now() {
        let breaker = breaker();
        let early: Vec<_> = (0..20).map(|_| breaker.admit(after(0)).unwrap()).collect();
        for passage in &early[..10] {
            passage.failed(after(1));
        }
        early[10].answered();
        assert_eq!(breaker.admit(after(2)).unwrap_err(), 9, "it stays open, and no longer than from the fifth on");
        breaker.admit(after(11)).unwrap().answered();
        for passage in &early[11..] {
            passage.failed(after(12));
        }
        assert!(breaker.admit(after(12)).is_ok(), "what failed was sent before it worked again");
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_out() {
        let breaker = open();
        assert!(breaker.admit(after(-3_600)).is_ok());
    }

    proptest! {
        /// Whatever happens to those that are let through, it opens only by failures and lets somebody try within a pause.
        #[test]
        fn it_never_stays_shut(ends in vec((0..3_u8, 0..8_i64), 1..200)) {
            let (breaker, mut now) = (breaker(), 0);
            for (end, seconds) in ends {
                now += seconds;
                match (breaker.admit(after(now)), end) {
                    (Ok(passage), 0) => passage.answered(),
                    (Ok(passage), 1) => passage.failed(after(now)),
                    (Ok(passage), _) => drop(passage),
                    (Err(seconds), _) => prop_assert!((1..=10).contains(&seconds)),
                }
                prop_assert!(breaker.admit(after(now + 10)).is_ok());
            }
        }
    }
}
