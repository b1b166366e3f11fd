//! From the client's error to the Python class of the same name.

use std::error::Error as _;

use agent_platform::Error;
use pyo3::{prelude::*, types::PyDict};

use crate::{imported::Imported, json};

/// The exception that stands for `error`. Classes live in Python (`_errors.py`), where they can be pickled and read;
/// what comes from here is the class's name and the fields.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|failure| failure, PyErr::from_value)
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("status_code", error.status())?;
    fields.set_item("code", error.code())?;
    fields.set_item("detail", error.detail())?;
    fields.set_item("request_id", error.request_id())?;
    fields.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
    fields.set_item("body", error.body().map(|body| json::value_to_python(py, body)).transpose()?)?;
    fields.set_item("partial_text", error.partial_text())?;
    fields.set_item("last_event_id", error.last_event_id())?;
    let exception = build(py, error.class_name(), &error.to_string(), &fields)?;
    if let Some(cause) = error.source().and_then(|source| source.downcast_ref::<Error>()) {
        exception.setattr("__cause__", self::exception(py, cause)?)?;
    }
    Ok(exception)
}

fn build<'py>(py: Python<'py>, class: &str, message: &str, fields: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    static FROM_NATIVE: Imported = Imported::new("agent_platform._errors", "from_native");
    FROM_NATIVE.get(py)?.call1((class, message, fields))
}

/// A call that is refused, in words of this package.
pub(crate) fn raise_message(py: Python<'_>, message: String) -> PyErr {
    raise(py, &Error::invalid_request(message))
}

/// An answer that cannot be read.
pub(crate) fn raise_answer(py: Python<'_>, message: &str, request_id: Option<&str>) -> PyErr {
    let fields = PyDict::new(py);
    let exception =
        fields.set_item("request_id", request_id).and_then(|()| build(py, "AgentPlatformError", message, &fields));
    exception.map_or_else(|failure| failure, PyErr::from_value)
}
