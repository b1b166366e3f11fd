//! How a thread waits for a call.

use std::{
    future::Future,
    io,
    pin::pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::runtime::{self, Handle, Runtime};

use crate::error::{Error, Result};

/// Threads of the runtime that all blocking clients share. They only move bytes; the callers' threads do the rest.
const WORKERS: usize = 2;

/// What tokio allows a task to do before it must yield; more steps than this without a pause mean that no task is run.
const MORE_THAN_TOKIOS_BUDGET: usize = 1024;

/// Waits for the next item of a stream.
pub(super) fn next<T>(item: impl Future<Output = Option<Result<T>>>) -> Option<Result<T>> {
    wait(async { Ok(item.await) }).unwrap_or_else(|error| Some(Err(error)))
}

/// Runs a call on this thread, with the shared runtime to move its bytes.
pub(super) fn wait<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    if in_async_code() {
        return Err(Error::configuration(
            "a blocking client was used in async code, where it would stop other tasks: use agent_platform::Client \
             and .await, or tokio::task::spawn_blocking",
        ));
    }
    // Not Runtime::block_on: it panics in places that this should serve, such as a runtime's own blocking threads.
    let _entered = runtime()?.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut call = pin!(call);
    loop {
        if let Poll::Ready(result) = call.as_mut().poll(&mut context) {
            return result;
        }
        thread::park();
    }
}

/// Whether a task of a tokio runtime is being polled on this thread. A thread of `spawn_blocking` knows its runtime
/// too, yet may block; only a task is made to pause after some number of steps.
fn in_async_code() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    Handle::try_current().is_ok()
        && (0..MORE_THAN_TOKIOS_BUDGET)
            .any(|_| pin!(tokio::task::coop::consume_budget()).poll(&mut context).is_pending())
}

fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("agent-platform")
            .enable_io()
            .enable_time()
            .build()
    });
    started.as_ref().map_err(|error| {
        Error::configuration(format!("the threads of the blocking client could not be started: {error}"))
    })
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}
