//! How a Rust future wakes an asyncio loop.
//!
//! A future is polled on the loop's own thread. Its waker, called from any thread, puts the waiting place in a queue
//! and writes one byte to a socket that the loop watches; the loop then resolves the asyncio futures of all places in
//! the queue. The runtime's threads thus never wait for the interpreter, and many completions cost one wake-up. (By way of
//! `call_soon_threadsafe` for each completion it took eight times as long, and could crash a closing interpreter.)

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Wake, Waker},
};

use pyo3::{
    exceptions::PyRuntimeError,
    prelude::*,
    pyclass::{PyTraverseError, PyVisit},
    types::PyWeakrefReference,
};

use crate::{exit, imported::Imported, name::name};

/// The queue of one loop.
struct Queue {
    woken: Mutex<Vec<Arc<Place>>>,
    signal: Signal,
}

/// How the loop's thread is told that the queue is no longer empty.
enum Signal {
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixStream),
    /// For loops that cannot watch a socket, such as Windows' Proactor.
    CallSoon(Py<PyWeakrefReference>),
}

impl Queue {
    fn push(self: &Arc<Self>, place: Arc<Place>) {
        let mut woken = lock(&self.woken);
        woken.push(place);
        let first = woken.len() == 1;
        drop(woken);
        if first {
            self.tell();
        }
    }

    fn tell(self: &Arc<Self>) {
        match &self.signal {
            // Full cannot be, with one byte at a time; a loop that was closed has nobody waiting.
            #[cfg(unix)]
            Signal::Socket(writer) => drop(std::io::Write::write(&mut &*writer, &[1])),
            Signal::CallSoon(event_loop) => {
                Python::try_attach(|py| {
                    let event_loop = event_loop.bind(py).call0()?;
                    if event_loop.is_none() {
                        return Ok(());
                    }
                    let bridge = Bound::new(py, Bridge::over(Arc::clone(self)))?;
                    // Raises once the loop is closed, when nobody waits any more.
                    event_loop.call_method1(name!(py, "call_soon_threadsafe"), (bridge,)).map(drop)
                })
                .map(PyResult::ok);
            }
        }
    }
}

/// Where one task waits for one Rust future.
struct Place {
    /// Held by the loop's bridge alone: a place in the queue of a loop that is gone would otherwise keep both.
    queue: Weak<Queue>,
    waiting: Mutex<Option<Py<PyAny>>>,
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        if let Some(queue) = self.queue.upgrade() {
            queue.push(self);
        }
    }
}

/// The reader that a loop calls when its queue is no longer empty.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct Bridge {
    queue: Arc<Queue>,
    #[cfg(unix)]
    reader: Option<std::os::unix::net::UnixStream>,
}

#[pymethods]
impl Bridge {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let _open = exit::hold_open(py)?;
        #[cfg(unix)]
        if let Some(reader) = &self.reader {
            // Read before the queue is taken: whoever comes later finds it empty and writes anew.
            let _ = std::io::Read::read(&mut &*reader, &mut [0; 16]);
        }
        let woken = std::mem::take(&mut *lock(&self.queue.woken));
        for place in woken {
            let waiting = lock(&place.waiting).take();
            if let Some(future) = waiting {
                let future = future.bind(py);
                if !future.call_method0(name!(py, "done"))?.is_truthy()? {
                    future.call_method1(name!(py, "set_result"), (py.None(),))?;
                }
            }
        }
        Ok(())
    }
}

impl Bridge {
    fn over(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            #[cfg(unix)]
            reader: None,
        }
    }

    /// Builds the bridge of a loop and has the loop watch it.
    fn install(event_loop: &Bound<'_, PyAny>) -> PyResult<Py<Self>> {
        let py = event_loop.py();
        #[cfg(unix)]
        {
            use std::os::fd::AsRawFd;
            let (reader, writer) = std::os::unix::net::UnixStream::pair()?;
            reader.set_nonblocking(true)?;
            writer.set_nonblocking(true)?;
            let descriptor = reader.as_raw_fd();
            let queue = Arc::new(Queue { woken: Mutex::default(), signal: Signal::Socket(writer) });
            let bridge = Bound::new(py, Self { queue, reader: Some(reader) })?;
            match event_loop.call_method1(name!(py, "add_reader"), (descriptor, &bridge)) {
                Ok(_) => return Ok(bridge.unbind()),
                Err(error) if error.is_instance_of::<pyo3::exceptions::PyNotImplementedError>(py) => {}
                Err(error) => return Err(error),
            }
        }
        let signal = Signal::CallSoon(PyWeakrefReference::new(event_loop)?.unbind());
        Ok(Bound::new(py, Self::over(Arc::new(Queue { woken: Mutex::default(), signal })))?.unbind())
    }

    /// The queue of a loop; that of the last one is at hand.
    fn queue_of(event_loop: &Bound<'_, PyAny>) -> PyResult<Weak<Queue>> {
        static LAST: Mutex<Option<(Py<PyWeakrefReference>, Weak<Queue>)>> = Mutex::new(None);
        let py = event_loop.py();
        // Never waited for: in a forked child it may be locked for ever.
        if let Ok(last) = LAST.try_lock()
            && let Some((known, queue)) = &*last
            && known.bind(py).upgrade().is_some_and(|known| known.is(event_loop))
        {
            return Ok(Weak::clone(queue));
        }
        let queue = Self::look_up(event_loop)?;
        let reference = PyWeakrefReference::new(event_loop)?.unbind();
        let before = LAST.try_lock().map(|mut last| last.replace((reference, Weak::clone(&queue))));
        drop(before);
        Ok(queue)
    }

    /// The dictionary holds loops weakly, and the bridge holds none, so both go with the loop.
    fn look_up(event_loop: &Bound<'_, PyAny>) -> PyResult<Weak<Queue>> {
        static BRIDGES: Imported = Imported::made("weakref", "WeakKeyDictionary");
        let py = event_loop.py();
        let bridges = BRIDGES.get(py)?;
        let known = bridges.call_method1(name!(py, "get"), (event_loop,))?;
        if let Ok(bridge) = known.cast::<Self>() {
            return Ok(Arc::downgrade(&bridge.get().queue));
        }
        let bridge = Self::install(event_loop)?;
        bridges.set_item(event_loop, &bridge)?;
        Ok(Arc::downgrade(&bridge.get().queue))
    }
}

/// The side of a Rust future that faces asyncio: polls it with a waker of the running loop.
#[derive(Default)]
pub(crate) struct Waiter {
    seat: Option<(Py<PyAny>, Arc<Place>)>,
}

/// The outcome of one poll: the output, or the asyncio future that the task has to wait for.
pub(crate) enum Polled<'py, T> {
    Ready(T),
    Wait(Bound<'py, PyAny>),
}

impl Waiter {
    pub(crate) fn poll<'py, T>(
        &mut self,
        py: Python<'py>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> PyResult<Polled<'py, T>> {
        let event_loop = running_loop(py)?;
        let place = self.place(&event_loop)?;
        if is_waiting(py, &place)? {
            return Err(PyRuntimeError::new_err("another task is already waiting for this"));
        }
        match poll(&mut Context::from_waker(&Waker::from(Arc::clone(&place)))) {
            Poll::Ready(output) => Ok(Polled::Ready(output)),
            Poll::Pending => {
                let future = event_loop.call_method0(name!(py, "create_future"))?;
                // What `yield from future` sets, and a task checks before it waits.
                future.setattr(name!(py, "_asyncio_future_blocking"), true)?;
                *lock(&place.waiting) = Some(future.clone().unbind());
                Ok(Polled::Wait(future))
            }
        }
    }

    /// What is held of Python, for the garbage collector: a task that waits for ever waits in a circle through here.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let Some((event_loop, place)) = &self.seat else { return Ok(()) };
        visit.call(event_loop)?;
        match place.waiting.try_lock().as_deref() {
            Ok(Some(future)) => visit.call(future),
            _ => Ok(()),
        }
    }

    /// Whoever waited has gone.
    pub(crate) fn leave(&mut self) {
        if let Some((_, place)) = &self.seat {
            drop(lock(&place.waiting).take());
        }
    }

    fn place(&mut self, event_loop: &Bound<'_, PyAny>) -> PyResult<Arc<Place>> {
        if let Some((seated, place)) = &self.seat
            && seated.is(event_loop)
        {
            return Ok(Arc::clone(place));
        }
        let place = Arc::new(Place { queue: Bridge::queue_of(event_loop)?, waiting: Mutex::default() });
        self.seat = Some((event_loop.clone().unbind(), Arc::clone(&place)));
        Ok(place)
    }
}

/// A future that was cancelled, or resolved by another wake-up, no longer waits.
fn is_waiting(py: Python<'_>, place: &Place) -> PyResult<bool> {
    let waiting = lock(&place.waiting).as_ref().map(|future| future.clone_ref(py));
    match waiting {
        Some(future) => Ok(!future.bind(py).call_method0(name!(py, "done"))?.is_truthy()?),
        None => Ok(false),
    }
}

/// asyncio is imported by the first call that is awaited, when the program has done so long ago.
fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static GET: Imported = Imported::new("asyncio", "get_running_loop");
    GET.get(py)?.call0()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
