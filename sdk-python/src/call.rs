//! One call: the awaitable, and the answer as Python has it.

use std::sync::{Mutex, TryLockError};

use agent_platform::{
    Error, RawResponse,
    operation::{Answer, Operation},
};
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyBytes};

use crate::{
    awaiting,
    bridge::{Polled, Waiter},
    error, json,
    runtime::Task,
};

type Outcome = Result<RawResponse, Error>;

/// A call under way. Awaiting it gives the answer; dropping, closing or cancelling it ends the request.
#[pyclass(frozen, module = "agent_platform._native")]
pub(crate) struct Call {
    operation: &'static Operation,
    running: Mutex<Option<Running>>,
}

struct Running {
    task: Task<Outcome>,
    waiter: Waiter,
}

impl Call {
    pub(crate) fn start(
        operation: &'static Operation,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) -> PyResult<Self> {
        let running = Running { task: Task::spawn(future)?, waiter: Waiter::default() };
        Ok(Self { operation, running: Mutex::new(Some(running)) })
    }

    fn poll<'py>(&self, py: Python<'py>) -> PyResult<Polled<'py, Bound<'py, PyAny>>> {
        let outcome = {
            let mut running = match self.running.try_lock() {
                Ok(running) => running,
                Err(TryLockError::Poisoned(running)) => running.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    return Err(PyRuntimeError::new_err("another thread is already waiting for this"));
                }
            };
            let Some(Running { task, waiter }) = &mut *running else {
                return Err(PyRuntimeError::new_err("cannot reuse an already awaited call"));
            };
            match waiter.poll(py, |cx| task.poll(cx))? {
                Polled::Wait(future) => return Ok(Polled::Wait(future)),
                Polled::Ready(outcome) => {
                    *running = None;
                    outcome
                }
            }
        };
        answer(py, self.operation, outcome?).map(Polled::Ready)
    }

    fn abandon(&self) {
        let abandoned = match self.running.try_lock() {
            Ok(mut running) => running.take(),
            Err(TryLockError::Poisoned(running)) => running.into_inner().take(),
            Err(TryLockError::WouldBlock) => None,
        };
        drop(abandoned);
    }
}

#[pymethods]
impl Call {
    fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
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
}

/// The answer as Python has it: dicts and lists, `None`, or bytes.
pub(crate) fn answer<'py>(py: Python<'py>, operation: &Operation, outcome: Outcome) -> PyResult<Bound<'py, PyAny>> {
    let response = outcome.map_err(|failure| error::raise(py, &failure))?;
    match operation.answer {
        Answer::Empty => Ok(py.None().into_bound(py)),
        Answer::Bytes => Ok(PyBytes::new(py, &response.body).into_any()),
        _ => document(py, &response.body),
    }
}

/// A JSON document of the server's.
pub(crate) fn document<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    json::decode(py, bytes)
        .map_err(|failure| error::raise_message(py, format!("the server's answer is not valid JSON: {failure}")))
}
