//! How the client waits between attempts; a seam, so that tests need not.

use std::{
    future::{Future, ready},
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A way to wait.
pub trait Sleep: Send + Sync {
    /// A future that is done after `delay`.
    fn sleep(&self, delay: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

pub(crate) struct TokioSleep;

impl Sleep for TokioSleep {
    fn sleep(&self, delay: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(delay))
    }
}

/// Keeps every delay that is asked for, in place of waiting for it.
#[derive(Debug, Default)]
pub struct RecordedDelays(Mutex<Vec<Duration>>);

impl RecordedDelays {
    /// The delays so far.
    #[must_use]
    pub fn all(&self) -> Vec<Duration> {
        self.delays().clone()
    }

    fn delays(&self) -> MutexGuard<'_, Vec<Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sleep for RecordedDelays {
    fn sleep(&self, delay: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.delays().push(delay);
        Box::pin(ready(()))
    }
}
