//! The tokio runtimes under the calls of this process, and what must not outlive a `fork`.
//!
//! asyncio's calls run on a thread of their own beside the loop. Blocking calls run on the very thread that waits: of the
//! threads that wait at once one moves the bytes of all, so a call alone costs no switch between threads. (With a
//! thread in the background it took twice the processor's time.) While nobody waits, nothing of theirs is moved.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    process,
    sync::OnceLock,
    task::{Context, Poll, ready},
    time::Duration,
};

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::Notify,
    task::{JoinError, JoinHandle, yield_now},
};

use crate::exit;

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
    /// Tells the threads that wait to look for Ctrl-C. One timer for all, and for all their calls: it is always among
    /// the next to fire, so that no call's own timer has to wake who watches the timers.
    tick: Notify,
}

impl Runtimes {
    fn new() -> Self {
        let (asyncio, blocking) = (OnceLock::new(), OnceLock::new());
        Self { process: process::id(), asyncio, blocking, child: OnceLock::new(), tick: Notify::new() }
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

    /// A runtime, started by the first call.
    fn get(&'static self, mode: Mode) -> PyResult<&'static Runtime> {
        if let Some(runtime) = self.of(mode).get() {
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
        Ok(self.of(mode).get_or_init(|| {
            if mode == Mode::Blocking {
                runtime.spawn(self.tick());
            }
            runtime
        }))
    }

    /// While nobody waits, nobody moves this task either.
    async fn tick(&'static self) {
        loop {
            tokio::time::sleep(SIGNAL_TICK).await;
            self.tick.notify_waiters();
        }
    }
}

/// A runtime of this process.
pub(crate) fn runtime(mode: Mode) -> PyResult<&'static Runtime> {
    Runtimes::here().get(mode)
}

/// Runs a future to its end while this thread waits. When it is interrupted, the future is dropped.
pub(crate) fn block_on<T: Send + 'static>(
    py: Python<'_>,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let runtimes = Runtimes::here();
    let (mut future, mut task) = (Some(future), None);
    // A task, not polled here: when this thread goes on, all that its end set in motion has been done, such as
    // giving its connection back; and of threads that wait at once only the one that moves the bytes is woken for each step.
    let outcome = drive(py, runtimes, 1, |cx| {
        if let Some(future) = future.take() {
            match Task::spawn_on(runtimes, Mode::Blocking, future) {
                Ok(started) => task = Some(started),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        match &mut task {
            Some(task) => task.poll(cx).map_err(PyErr::from),
            None => unreachable!("it was started by the first poll"),
        }
    });
    if outcome.is_err() && task.take().is_some() {
        close_abandoned(Mode::Blocking);
    }
    outcome?
}

/// Polls until there is something, while this thread waits.
pub(crate) fn wait<T: Send>(py: Python<'_>, poll: impl FnMut(&mut Context<'_>) -> Poll<T> + Send) -> PyResult<T> {
    drive(py, Runtimes::here(), 2, poll)
}

/// Waits on this thread, with the interpreter free for others and Ctrl-C answered. First so many turns are given to
/// what happened while nobody listened: one tells connections, which a task that starts then finds behind them in the
/// queue; after another they have acted on it. A connection that the server has closed since the last call must not be
/// taken for a good one, nor a stream for a silent one because nobody has read it.
fn drive<T: Send>(
    py: Python<'_>,
    runtimes: &'static Runtimes,
    turns: usize,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T> + Send,
) -> PyResult<T> {
    let runtime = runtimes.get(Mode::Blocking)?;
    exit::detach(py, || {
        let mut turns = turns;
        loop {
            let step = async {
                for _ in 0..std::mem::take(&mut turns) {
                    yield_now().await;
                }
                let mut tick = pin!(runtimes.tick.notified());
                poll_fn(|cx| match poll(cx) {
                    Poll::Ready(output) => Poll::Ready(Some(output)),
                    Poll::Pending => tick.as_mut().poll(cx).map(|()| None),
                })
                .await
            };
            if let Some(output) = runtime.block_on(step) {
                return Ok(output);
            }
            // Outside the runtime, since a signal's handler may itself make a call.
            exit::attach(|py| py.check_signals())?;
            if process::id() != runtimes.process {
                return Err(Lost::Forked.into());
            }
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
        if self.value.is_some() && self.process != process::id() {
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
        Self::spawn_on(Runtimes::here(), mode, future)
    }

    fn spawn_on(
        runtimes: &'static Runtimes,
        mode: Mode,
        future: impl Future<Output = T> + Send + 'static,
    ) -> PyResult<Self> {
        let task = AbortOnDrop(runtimes.get(mode)?.spawn(future));
        Ok(Self(ProcessBound { value: Some(task), process: runtimes.process }))
    }

    /// Its output; `Err` when it panicked or belongs to the process before a fork.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Lost>> {
        match self.0.get() {
            None => Poll::Ready(Err(Lost::Forked)),
            Some(task) => {
                let output = ready!(Pin::new(&mut task.0).poll(cx));
                self.0.value = None;
                Poll::Ready(output.map_err(Lost::Panicked))
            }
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
