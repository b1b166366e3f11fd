//! Waits that are kept instead of waited: how the tests see what a client would have done, without its delays.

use std::{
    future::{Future, ready},
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use agent_platform::Sleep;

/// Every delay that was asked for, in turn.
#[derive(Default)]
pub(crate) struct RecordedDelays(Mutex<Vec<Duration>>);

impl RecordedDelays {
    pub(crate) fn milliseconds(&self) -> Vec<f64> {
        let delays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        delays.iter().map(|delay| delay.as_secs_f64() * 1000.0).collect()
    }
}

impl Sleep for RecordedDelays {
    fn sleep(&self, delay: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(delay);
        Box::pin(ready(()))
    }
}
