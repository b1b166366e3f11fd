//! The answer of a call as Python has it.

use std::fmt::Display;

use agent_platform::{
    Error, RawResponse,
    operation::{Answer, Operation},
};
use http::HeaderMap;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyGenericAlias, PyType},
};

use crate::{
    error,
    imported::Imported,
    json::{self, type_name},
};

/// An answer with what came beside its body. `with_raw_response` gives these.
#[pyclass(frozen, module = "agent_platform", name = "RawResponse")]
pub(crate) struct RawAnswer {
    operation: &'static Operation,
    response: RawResponse,
}

#[pymethods]
impl RawAnswer {
    /// The HTTP status.
    #[getter]
    fn status_code(&self) -> u16 {
        self.response.status.as_u16()
    }

    /// The headers; their names may be asked for in any case.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        headers(py, &self.response.headers)
    }

    /// The request's id, to be named when asking the operator.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.response.request_id.as_deref()
    }

    /// How many attempts failed before this answer.
    #[getter]
    fn retries_taken(&self) -> u32 {
        self.response.retries_taken
    }

    /// The body as it came.
    #[getter]
    fn content<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.response.body)
    }

    /// What the call itself would have answered.
    fn parse<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        parse(py, self.operation, &self.response)
    }

    /// Without the body, which may hold a key that is shown this once.
    fn __repr__(&self) -> String {
        let status = self.response.status.as_u16();
        match self.request_id() {
            Some(id) => format!("<RawResponse {}() {status} (request {id})>", self.operation.id),
            None => format!("<RawResponse {}() {status}>", self.operation.id),
        }
    }

    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, item: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyGenericAlias::new(class.py(), class, item).map(Bound::into_any)
    }
}

/// What a call answers: dicts and lists, `None` or bytes; or all of it with status and headers.
pub(crate) fn answer<'py>(
    py: Python<'py>,
    operation: &'static Operation,
    outcome: Result<RawResponse, Error>,
    raw: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let response = outcome.map_err(|failure| error::raise(py, &failure))?;
    if raw {
        return Ok(Bound::new(py, RawAnswer { operation, response })?.into_any());
    }
    parse(py, operation, &response)
}

fn parse<'py>(py: Python<'py>, operation: &Operation, response: &RawResponse) -> PyResult<Bound<'py, PyAny>> {
    match operation.answer {
        Answer::Empty => Ok(py.None().into_bound(py)),
        Answer::Bytes => Ok(PyBytes::new(py, &response.body).into_any()),
        _ => {
            let place = format_args!("{}: the server's answer", operation.id);
            document(py, &response.body, &place, response.request_id.as_deref())
        }
    }
}

/// A JSON object of the server's; what is none is told of as `place`.
pub(crate) fn document<'py>(
    py: Python<'py>,
    bytes: &[u8],
    place: &dyn Display,
    request_id: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let problem = match json::decode(py, bytes) {
        Ok(value) if value.is_instance_of::<PyDict>() => return Ok(value),
        Ok(value) => format!("{place} is not a JSON object but {}", type_name(&value)),
        Err(failure) => format!("{place} is not valid JSON: {failure}"),
    };
    Err(error::raise_answer(py, &problem, request_id))
}

/// Headers as a mapping that does not mind the case of names.
pub(crate) fn headers<'py>(py: Python<'py>, headers: &HeaderMap) -> PyResult<Bound<'py, PyAny>> {
    static HEADERS: Imported = Imported::new("agent_platform._headers", "Headers");
    let pairs: Vec<(&str, String)> = headers
        .iter()
        // A header is bytes that are text by custom only; each byte is a character of Latin-1 then.
        .map(|(name, value)| (name.as_str(), value.as_bytes().iter().map(|&byte| char::from(byte)).collect()))
        .collect();
    HEADERS.get(py)?.call1((pairs,))
}
