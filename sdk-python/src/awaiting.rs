//! What every awaitable here shares: the coroutine protocol's corners.

use pyo3::{
    exceptions::PyStopIteration,
    prelude::*,
    types::{PyTraceback, PyType},
};

use crate::bridge::Polled;

/// Ends an `await` with its value.
pub(crate) fn finish<'py>(value: Bound<'py, PyAny>) -> PyErr {
    PyStopIteration::new_err((value.unbind(),))
}

/// What `__next__` and `send` return for one poll.
pub(crate) fn step<'py>(polled: Polled<'py, Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    match polled {
        Polled::Ready(value) => Err(finish(value)),
        Polled::Wait(future) => Ok(future),
    }
}

/// The exception that `throw` was given, in its form of one argument or, until Python 3.12, of three.
pub(crate) fn thrown(
    kind: Bound<'_, PyAny>,
    value: Option<Bound<'_, PyAny>>,
    traceback: Option<Bound<'_, PyAny>>,
) -> PyErr {
    let py = kind.py();
    let value = value.filter(|value| !value.is_none());
    let error = match (kind.cast_into::<PyType>(), value) {
        (Ok(_), Some(value)) if value.is_instance_of::<pyo3::exceptions::PyBaseException>() => PyErr::from_value(value),
        (Ok(class), Some(value)) => PyErr::from_type(class, (value.unbind(),)),
        (Ok(class), None) => PyErr::from_type(class, ()),
        (Err(instance), _) => PyErr::from_value(instance.into_inner()),
    };
    if let Some(traceback) = traceback.and_then(|traceback| traceback.cast_into::<PyTraceback>().ok()) {
        error.set_traceback(py, Some(traceback));
    }
    error
}
