//! From keyword arguments to what the client sends: path, query and body are told apart by the operations table.

use std::time::Duration;

use agent_platform::{Arguments, RequestOptions, operation::Operation};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyDict, PyList, PyString, PyTuple},
};

use crate::json;

/// The default of an argument that can also be `None`: left out of the request.
#[pyclass(frozen, module = "agent_platform", name = "Omit")]
pub(crate) struct Omit;

#[pymethods]
impl Omit {
    fn __repr__(&self) -> &'static str {
        "OMIT"
    }

    fn __bool__(&self) -> bool {
        false
    }

    fn __reduce__(&self) -> &'static str {
        "OMIT"
    }
}

/// The operation's arguments out of what a generated method passes. `None` is sent as null among the required ones,
/// and left out among the optional ones.
pub(crate) fn arguments(
    operation: &'static Operation,
    required: &Bound<'_, PyDict>,
    optional: &Bound<'_, PyDict>,
) -> PyResult<Arguments> {
    let mut arguments = Arguments::new();
    let mut names = Vec::with_capacity(required.len() + optional.len());
    for (name, value) in required {
        if !value.is_instance_of::<Omit>() {
            names.push((name.cast_into::<PyString>()?, value));
        }
    }
    for (name, value) in optional {
        if !value.is_none() {
            names.push((name.cast_into::<PyString>()?, value));
        }
    }
    let mut fields = Vec::with_capacity(names.len());
    for (name, value) in &names {
        let name = name.to_str()?;
        if let Some(name) = operation.path_parameters.iter().find(|known| **known == name) {
            if value.is_none() {
                return Err(PyTypeError::new_err(format!("{name}: expected str, not NoneType")));
            }
            arguments.path.push((name, json::query_value(name, value)?));
        } else if let Some(name) = operation.query_parameters.iter().find(|known| **known == name) {
            add_query(&mut arguments, name, value)?;
        } else if operation.has_body {
            fields.push((name, value.clone()));
        } else {
            return Err(PyTypeError::new_err(format!(
                "{}() got an unexpected keyword argument '{name}'",
                operation.id
            )));
        }
    }
    if operation.has_body {
        arguments.body = Some(json::encode_object(&fields)?.into());
    }
    Ok(arguments)
}

fn add_query(arguments: &mut Arguments, name: &'static str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        for item in value.try_iter()? {
            arguments.query.push((name, json::query_value(name, &item?)?));
        }
        return Ok(());
    }
    arguments.query.push((name, json::query_value(name, value)?));
    Ok(())
}

/// The options of one call, as every generated method passes them.
#[derive(FromPyObject)]
pub(crate) struct Options<'py>(
    Bound<'py, PyAny>,
    Option<u32>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<String>,
);

impl Options<'_> {
    pub(crate) fn read(self) -> PyResult<RequestOptions> {
        let Self(timeout, max_retries, headers, query, idempotency_key) = self;
        let mut options = RequestOptions::new();
        if let Some(timeout) = seconds(&timeout)? {
            options = options.timeout(timeout);
        }
        if let Some(max_retries) = max_retries {
            options = options.max_retries(max_retries);
        }
        for (name, value) in pairs("extra_headers", headers.as_ref())? {
            options = options.header(name, value);
        }
        for (name, value) in pairs("extra_query", query.as_ref())? {
            options = options.query(name, value);
        }
        if let Some(key) = idempotency_key {
            options = options.idempotency_key(key);
        }
        Ok(options)
    }
}

/// A time-out: seconds, `None` for no limit, or `OMIT`.
pub(crate) fn seconds(timeout: &Bound<'_, PyAny>) -> PyResult<Option<Option<Duration>>> {
    if timeout.is_instance_of::<Omit>() {
        return Ok(None);
    }
    if timeout.is_none() {
        return Ok(Some(None));
    }
    let seconds: f64 = timeout
        .extract()
        .map_err(|_| PyTypeError::new_err("timeout: expected seconds as a number, or None for no limit"))?;
    if seconds <= 0.0 {
        return Err(PyValueError::new_err(format!(
            "timeout: {seconds} s is over before it begins; None means no limit"
        )));
    }
    Duration::try_from_secs_f64(seconds)
        .map(|timeout| Some(Some(timeout)))
        .map_err(|error| PyValueError::new_err(format!("timeout: {seconds} s: {error}")))
}

/// Names and texts out of a mapping.
pub(crate) fn pairs(argument: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, String)>> {
    let Some(mapping) = mapping else { return Ok(Vec::new()) };
    let items = mapping
        .cast::<pyo3::types::PyMapping>()
        .map_err(|_| PyTypeError::new_err(format!("{argument}: expected a mapping of str to str")))?
        .items()?;
    let mut pairs = Vec::with_capacity(items.len());
    for item in items {
        let (name, value): (String, Bound<'_, PyAny>) = item.extract()?;
        let value = json::query_value(&format!("{argument}[{name:?}]"), &value)?;
        pairs.push((name, value));
    }
    Ok(pairs)
}
