//! Threads that wait below Python while the interpreter ends.
//!
//! A thread that comes back to an interpreter which has ended is ended itself, by an exception that Rust's frames cannot
//! let through: the process crashes. So every wait here comes back through a gate, and the end of the program closes it:
//! whoever is under way is let in first, and whoever comes later stays out for the rest of the process.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    thread,
};

use pyo3::{prelude::*, types::PyDict};

thread_local! {
    /// Whether this thread is the one that ends the interpreter, and may still call.
    static ENDS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

struct Gate {
    registered: AtomicBool,
    /// How many threads are on their way in.
    entering: AtomicUsize,
    closed: AtomicBool,
}

static GATE: Gate =
    Gate { registered: AtomicBool::new(false), entering: AtomicUsize::new(0), closed: AtomicBool::new(false) };

/// Counts a thread that is on its way in, or works there.
pub(crate) struct Entering;

impl Entering {
    /// `None` once the gate is closed.
    fn new() -> Option<Self> {
        GATE.entering.fetch_add(1, SeqCst);
        let entering = Self;
        if GATE.closed.load(SeqCst) && !ENDS.get() { None } else { Some(entering) }
    }

    /// Stays out for ever once the gate is closed.
    fn or_stay_out() -> Self {
        Self::new().unwrap_or_else(|| {
            loop {
                thread::park();
            }
        })
    }
}

impl Drop for Entering {
    fn drop(&mut self) {
        // In a child that was forked meanwhile it is no longer counted.
        let _ = GATE.entering.fetch_update(SeqCst, SeqCst, |entering| entering.checked_sub(1));
    }
}

/// Works without the interpreter, and comes back to it only while it is there.
pub(crate) fn detach<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    register(py)?;
    let (output, entering) = py.detach(|| {
        let output = work();
        (output, Entering::or_stay_out())
    });
    drop(entering);
    Ok(output)
}

/// Lets this thread finish what it does in Rust with Python's code in between, before the interpreter ends.
pub(crate) fn hold_open(py: Python<'_>) -> PyResult<Entering> {
    register(py)?;
    match Entering::new() {
        Some(entering) => Ok(entering),
        None => py.detach(|| Ok(Entering::or_stay_out())),
    }
}

fn register(py: Python<'_>) -> PyResult<()> {
    // Only read, as a rule: this is asked for each event of a stream.
    if !GATE.registered.load(SeqCst) && !GATE.registered.swap(true, SeqCst) {
        py.import("atexit")?.call_method1("register", (wrap_pyfunction!(close, py)?,))?;
        let os = py.import("os")?;
        if os.hasattr("register_at_fork")? {
            let hooks = PyDict::new(py);
            hooks.set_item("after_in_child", wrap_pyfunction!(forget_the_parents, py)?)?;
            os.call_method("register_at_fork", (), Some(&hooks))?;
        }
    }
    Ok(())
}

/// A forked child has none of its parent's threads.
#[pyfunction]
fn forget_the_parents() {
    GATE.entering.store(0, SeqCst);
}

/// Comes back to the interpreter for a moment, while it is there.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    let entering = Entering::or_stay_out();
    Python::attach(|py| {
        drop(entering);
        work(py)
    })
}

/// What the interpreter calls as the first thing of its end.
#[pyfunction]
fn close(py: Python<'_>) {
    ENDS.set(true);
    GATE.closed.store(true, SeqCst);
    py.detach(|| {
        while GATE.entering.load(SeqCst) > 0 {
            thread::yield_now();
        }
    });
}
