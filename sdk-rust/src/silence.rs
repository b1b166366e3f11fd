//! The longest that a stream may be silent.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep};

/// Watches for a server that has gone quiet. The timer is moved only when it fires, not at each event.
pub(crate) struct Silence {
    limit: Duration,
    since: Instant,
    signs_of_life: u64,
    timer: Pin<Box<Sleep>>,
}

impl Silence {
    pub(crate) fn new(limit: Duration) -> Self {
        let timer = Box::pin(tokio::time::sleep(limit));
        Self { limit, since: Instant::now(), signs_of_life: 0, timer }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    pub(crate) fn poll_over(&mut self, signs_of_life: u64, cx: &mut Context<'_>) -> Poll<()> {
        if signs_of_life != self.signs_of_life {
            self.signs_of_life = signs_of_life;
            self.since = Instant::now();
        }
        while self.timer.as_mut().poll(cx).is_ready() {
            let until = self.since + self.limit;
            if until <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(until);
        }
        Poll::Pending
    }
}
