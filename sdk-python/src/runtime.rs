//! The tokio runtimes under the calls of this process, and what must not outlive a `fork`.
//!
//! asyncio's calls run on a thread of their own beside the loop. Blocking calls run on the very thread that waits: of the
//! threads that wait at once one moves the bytes of all, so a call alone costs no switch between threads. (With a
//! thread in the background it took twice the processor's time.) While nobody waits, nothing of theirs is moved.

use std::{
    future::Future,
    pin::Pin,
    process,
    sync::OnceLock,
    task::{Context, Poll},
    time::Duration,
};

use crate::exit;
use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::{JoinError, JoinHandle, yield_now},
};

/// One suffices for TLS and framing of one Python process, whose own thread makes the objects; with two, each call
/// wakes one that was asleep.
const WORKERS: usize = 1;
/// How long Ctrl-C may go unnoticed while a blocking call waits.
const SIGNAL_TICK: Duration = Duration::from_millis(100);
/// A turn for a connection's task to see that its caller has gone, and one for the socket that it then closes.
const TURNS_TO_CLOSE: usize = 2;

/// Who moves the bytes of a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// A thread in the background, for asyncio.
    Asyncio,
    /// The threads that wait.
    Blocking,
}

/// The runtimes of one process. Its forked child adds its own behind them: the parent's threads do not exist there, so
/// the parent's are left behind as they are, never dropped. (No lock guards them: one that another thread held during
/// the `fork` would stay locked in the child.)
struct Runtimes {
    process: u32,
    asyncio: OnceLock<Runtime>,
    blocking: OnceLock<Runtime>,
    child: OnceLock<Box<Runtimes>>,
}

impl Runtimes {
    fn new() -> Self {
        let (asyncio, blocking) = (OnceLock::new(), OnceLock::new());
        Self { process: process::id(), asyncio, blocking, child: OnceLock::new() }
    }

    fn here() -> &'static Self {
        static FIRST: OnceLock<Runtimes> = OnceLock::new();
        let process = process::id();
        let mut runtimes = FIRST.get_or_init(Self::new);
        while runtimes.process != process {
            runtimes = runtimes.child.get_or_init(|| Box::new(Self::new()));
        }
        runtimes
    }

    fn of(&self, mode: Mode) -> &OnceLock<Runtime> {
        match mode {
            Mode::Asyncio => &self.asyncio,
            Mode::Blocking => &self.blocking,
        }
    }
}

/// A runtime of this process, started by the first call.
pub(crate) fn runtime(mode: Mode) -> PyResult<&'static Runtime> {
    let cell = Runtimes::here().of(mode);
    if let Some(runtime) = cell.get() {
        return Ok(runtime);
    }
    let mut builder = match mode {
        Mode::Asyncio => Builder::new_multi_thread(),
        Mode::Blocking => Builder::new_current_thread(),
    };
    let runtime = builder
        .worker_threads(WORKERS)
        .thread_name("agent-platform")
        .enable_all()
        .build()
        .map_err(|error| PyRuntimeError::new_err(format!("cannot start the client's threads: {error}")))?;
    Ok(cell.get_or_init(|| runtime))
}

/// Waits on this thread, with the interpreter free for others and Ctrl-C answered.
pub(crate) fn block_on<F>(py: Python<'_>, start: impl FnOnce() -> F + Send) -> PyResult<F::Output>
where
    F: Future,
    F::Output: Send,
{
    let runtime = runtime(Mode::Blocking)?;
    exit::detach(py, || {
        let mut future = {
            let _context = runtime.enter();
            Box::pin(start())
        };
        let mut waited = false;
        loop {
            let step = async {
                if !waited {
                    // First hear what happened while nobody listened: a connection that the server has closed since
                    // the last call must not be taken for a good one.
                    yield_now().await;
                }
                tokio::time::timeout(SIGNAL_TICK, future.as_mut()).await
            };
            match runtime.block_on(step) {
                Ok(output) => return Ok(output),
                // Outside the runtime, since a signal's handler may itself make a call.
                Err(_) => {
                    if let Err(raised) = exit::attach(|py| py.check_signals()) {
                        drop(future);
                        close_abandoned(Mode::Blocking);
                        return Err(raised);
                    }
                }
            }
            waited = true;
        }
    })?
}

/// Lets connections be closed whose callers have gone. In the background that happens by itself.
pub(crate) fn close_abandoned(mode: Mode) {
    if mode == Mode::Blocking
        && let Some(runtime) = Runtimes::here().of(mode).get()
        // On a thread of a runtime, where garbage may be collected, too, nothing can be waited for: the next call does it.
        && Handle::try_current().is_err()
    {
        runtime.block_on(async {
            for _ in 0..TURNS_TO_CLOSE {
                yield_now().await;
            }
        });
    }
}

/// Something tied to the runtimes of the process that made it. In a forked child it is neither used nor dropped: its
/// locks may be held by threads that are not there, and its sockets are the parent's.
#[derive(Debug)]
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

/// A task on a runtime that ends when this is dropped.
pub(crate) struct Task<T>(ProcessBound<AbortOnDrop<T>>);

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> Task<T> {
    pub(crate) fn spawn(mode: Mode, future: impl Future<Output = T> + Send + 'static) -> PyResult<Self> {
        Ok(Self(ProcessBound::new(AbortOnDrop(runtime(mode)?.spawn(future)))))
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
