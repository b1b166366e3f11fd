//! The tokio runtime under every call of this process, and what must not outlive a `fork`.

use std::{
    future::Future,
    pin::Pin,
    process,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinError, JoinHandle},
};

/// Enough for TLS and framing of one Python process, whose own thread makes the objects.
const WORKERS: usize = 2;
/// How long Ctrl-C may go unnoticed while a blocking call waits.
const SIGNAL_TICK: Duration = Duration::from_millis(100);

static RUNTIME: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);

/// The runtime of this process, started by the first call. A forked child starts its own: the parent's threads do not
/// exist there, so the parent's runtime is left behind as it is, never dropped.
pub(crate) fn runtime() -> PyResult<&'static Runtime> {
    let mut current = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let here = process::id();
    match *current {
        Some((process, runtime)) if process == here => Ok(runtime),
        _ => {
            let runtime = Builder::new_multi_thread()
                .worker_threads(WORKERS)
                .thread_name("agent-platform")
                .enable_all()
                .build()
                .map_err(|error| PyRuntimeError::new_err(format!("cannot start the client's threads: {error}")))?;
            let runtime = &*Box::leak(Box::new(runtime));
            *current = Some((here, runtime));
            Ok(runtime)
        }
    }
}

/// Waits on this thread, with the interpreter free for others and Ctrl-C answered.
pub(crate) fn block_on<F>(py: Python<'_>, start: impl FnOnce() -> F + Send) -> PyResult<F::Output>
where
    F: Future,
    F::Output: Send,
{
    let runtime = runtime()?;
    py.detach(|| {
        let mut future = {
            let _context = runtime.enter();
            Box::pin(start())
        };
        loop {
            match runtime.block_on(async { tokio::time::timeout(SIGNAL_TICK, future.as_mut()).await }) {
                Ok(output) => return Ok(output),
                // Outside the runtime, since a signal's handler may itself make a call.
                Err(_) => Python::attach(|py| py.check_signals())?,
            }
        }
    })
}

/// Something tied to the runtime of the process that made it. In a forked child it is neither used nor dropped: its
/// locks may be held by threads that are not there, and its sockets are the parent's.
pub(crate) struct ProcessBound<T> {
    value: Option<T>,
    process: u32,
}

impl<T> ProcessBound<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: Some(value), process: process::id() }
    }

    /// The value, or `None` in a forked child.
    pub(crate) fn get(&mut self) -> Option<&mut T> {
        if self.process == process::id() { self.value.as_mut() } else { None }
    }
}

impl<T> Drop for ProcessBound<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            std::mem::forget(self.value.take());
        }
    }
}

/// A task on the runtime that ends when this is dropped.
pub(crate) struct Task<T>(ProcessBound<AbortOnDrop<T>>);

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> Task<T> {
    pub(crate) fn spawn(future: impl Future<Output = T> + Send + 'static) -> PyResult<Self> {
        Ok(Self(ProcessBound::new(AbortOnDrop(runtime()?.spawn(future)))))
    }

    /// Its output; `Err` when it panicked or belongs to the process before a fork.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Lost>> {
        match self.0.get() {
            None => Poll::Ready(Err(Lost::Forked)),
            Some(task) => Pin::new(&mut task.0).poll(cx).map_err(Lost::Panicked),
        }
    }
}

/// Why the output of something started earlier cannot be had.
pub(crate) enum Lost {
    Forked,
    Panicked(JoinError),
}

impl From<Lost> for PyErr {
    fn from(lost: Lost) -> Self {
        PyRuntimeError::new_err(match lost {
            Lost::Forked => "this call was started before the process forked; make it again in the child".to_owned(),
            Lost::Panicked(error) => format!("the client failed inside, which is a bug: {error}"),
        })
    }
}
