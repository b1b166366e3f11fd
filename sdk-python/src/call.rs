//! One call: its awaitable, or the wait for it.

use std::{
    ffi::CString,
    sync::{Mutex, MutexGuard, TryLockError},
};

use agent_platform::{Error, RawResponse, operation::Operation};
use pyo3::{
    exceptions::{PyAttributeError, PyRuntimeError, PyRuntimeWarning, PyTypeError},
    prelude::*,
    pyclass::{PyTraverseError, PyVisit},
    types::PyTuple,
};

use crate::{
    answer::answer,
    awaiting,
    bridge::{Polled, Waiter},
    error, exit,
    request::Request,
    runtime::{self, Task},
};

/// A call that is made when it is awaited. Dropping, closing or cancelling it ends the request.
///
/// What else one may do with an answer raises an error that says that the `await` is missing.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct Call {
    operation: &'static Operation,
    raw: bool,
    stage: Mutex<Stage>,
}

enum Stage {
    Unawaited(Box<Request>),
    Running { task: Task<Result<RawResponse, Error>>, waiter: Waiter },
    Over,
}

impl Call {
    pub(crate) fn new(request: Request, raw: bool) -> Self {
        Self { operation: request.operation, raw, stage: Mutex::new(Stage::Unawaited(Box::new(request))) }
    }

    fn poll<'py>(&self, py: Python<'py>) -> PyResult<Polled<'py, Bound<'py, PyAny>>> {
        let outcome = {
            let mut stage = match self.stage.try_lock() {
                Ok(stage) => stage,
                Err(TryLockError::Poisoned(stage)) => stage.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    return Err(PyRuntimeError::new_err("another thread is already waiting for this"));
                }
            };
            if matches!(*stage, Stage::Unawaited(_)) {
                self.start(py, &mut stage)?;
            }
            let Stage::Running { task, waiter } = &mut *stage else {
                return Err(PyRuntimeError::new_err("cannot reuse an already awaited call"));
            };
            match waiter.poll(py, |cx| task.poll(cx))? {
                Polled::Wait(future) => return Ok(Polled::Wait(future)),
                Polled::Ready(outcome) => {
                    *stage = Stage::Over;
                    outcome
                }
            }
        };
        answer(py, self.operation, outcome?, self.raw).map(Polled::Ready)
    }

    fn start(&self, py: Python<'_>, stage: &mut MutexGuard<'_, Stage>) -> PyResult<()> {
        if let Stage::Unawaited(request) = std::mem::replace(&mut **stage, Stage::Over) {
            let mode = request.mode();
            let call = request.call(self.raw).map_err(|failure| error::raise(py, &failure))?;
            **stage = Stage::Running { task: Task::spawn(mode, call)?, waiter: Waiter::default() };
        }
        Ok(())
    }

    fn abandon(&self) {
        let abandoned = match self.stage.try_lock() {
            Ok(mut stage) => std::mem::replace(&mut *stage, Stage::Over),
            Err(TryLockError::Poisoned(stage)) => std::mem::replace(&mut *stage.into_inner(), Stage::Over),
            Err(TryLockError::WouldBlock) => return,
        };
        drop(abandoned);
    }

    fn forgotten(&self, what: &str) -> PyErr {
        PyTypeError::new_err(self.forgotten_message(what))
    }

    fn forgotten_message(&self, what: &str) -> String {
        format!("{}() was called without being awaited, and {what}: did you forget 'await'?", self.operation.id)
    }
}

#[pymethods]
impl Call {
    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let _open = exit::hold_open(py)?;
        awaiting::step(self.poll(py)?)
    }

    fn send<'py>(&self, py: Python<'py>, _value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.__next__(py)
    }

    #[pyo3(signature = (kind, value = None, traceback = None))]
    fn throw(
        &self,
        kind: Bound<'_, PyAny>,
        value: Option<Bound<'_, PyAny>>,
        traceback: Option<Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.abandon();
        Err(awaiting::thrown(kind, value, traceback))
    }

    fn close(&self) {
        self.abandon();
    }

    /// As a coroutine has it; asyncio shows it for a task.
    #[getter]
    fn __name__(&self) -> &'static str {
        self.operation.id
    }

    #[getter]
    fn __qualname__(&self) -> String {
        format!("AgentPlatformClient.{}", self.operation.id)
    }

    fn __repr__(&self) -> String {
        format!("<call of {}(), to be awaited>", self.operation.id)
    }

    fn __getitem__(&self, _key: Bound<'_, PyAny>) -> PyResult<()> {
        Err(self.forgotten("has no items yet"))
    }

    fn __contains__(&self, _item: Bound<'_, PyAny>) -> PyResult<bool> {
        Err(self.forgotten("has no items yet"))
    }

    fn __len__(&self) -> PyResult<usize> {
        Err(self.forgotten("has no length yet"))
    }

    /// As every coroutine: asyncio asks before it shows a task. Who forgets the `await` in a condition is told by the
    /// type checker, and by the warning that the call was never awaited.
    fn __bool__(&self) -> bool {
        true
    }

    fn __iter__(&self) -> PyResult<Py<PyAny>> {
        Err(self.forgotten("cannot be iterated over yet"))
    }

    fn __aiter__(&self) -> PyResult<Py<PyAny>> {
        Err(self.forgotten("is one answer, not many; a list's other method, `..._all`, goes through its pages"))
    }

    /// No `TypeError`, for `hasattr` is how libraries ask what they have.
    fn __getattr__(&self, name: &str) -> PyResult<()> {
        Err(PyAttributeError::new_err(self.forgotten_message(&format!("has no attribute '{name}' yet"))))
    }

    fn __enter__(&self) -> PyResult<()> {
        Err(self.forgotten("is no context manager"))
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: Bound<'_, PyTuple>) {}

    fn __aenter__(&self) -> PyResult<()> {
        Err(self.forgotten("is no context manager"))
    }

    #[pyo3(signature = (*_exception))]
    fn __aexit__(&self, _exception: Bound<'_, PyTuple>) {}

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.stage.try_lock().as_deref() {
            Ok(Stage::Running { waiter, .. }) => waiter.traverse(&visit),
            _ => Ok(()),
        }
    }

    fn __clear__(&self) {
        self.abandon();
    }
}

impl Drop for Call {
    /// As for a coroutine: a call that nobody awaited is a mistake that nothing else would tell of.
    fn drop(&mut self) {
        if !matches!(self.stage.get_mut().as_deref(), Ok(Stage::Unawaited(_))) {
            return;
        }
        let message = format!("{}() was never awaited, so nothing was sent", self.operation.id);
        let Ok(message) = CString::new(message) else { return };
        let _ = Python::try_attach(|py| {
            // Dropping may be part of an exception's way up.
            let raised = PyErr::take(py);
            if let Err(error) = PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), &message, 1) {
                error.write_unraisable(py, None);
            }
            if let Some(raised) = raised {
                raised.restore(py);
            }
        });
    }
}

/// Makes a call and waits for its answer.
pub(crate) fn wait(py: Python<'_>, request: Request, raw: bool) -> PyResult<Bound<'_, PyAny>> {
    let (mode, operation) = (request.mode(), request.operation);
    let call = request.call(raw).map_err(|failure| error::raise(py, &failure))?;
    let outcome = runtime::block_on(py, call)?;
    if outcome.is_err() {
        runtime::close_abandoned(mode);
    }
    answer(py, operation, outcome, raw)
}
