//! From keyword arguments to what the client sends: path, query, headers and body are told apart by the operations table, and
//! each value is checked against the type that the specification gives it.

use std::{path::PathBuf, time::Duration};

use agent_platform::{Arguments, RequestOptions, operation::Operation};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyDict, PyInt, PyString},
};

use crate::{
    generated,
    json::{self, Place, type_name},
    kind::Kind,
};

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
///
/// # Errors
/// `TypeError` or `ValueError` that names the operation, the argument and the value.
pub(crate) fn arguments(
    operation: &'static Operation,
    required: &Bound<'_, PyDict>,
    optional: &Bound<'_, PyDict>,
) -> PyResult<Arguments> {
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
    let kinds = generated::arguments(operation.id);
    let mut arguments = Arguments::new();
    let mut fields = Vec::with_capacity(names.len());
    for (name, value) in &names {
        let name = name.to_str()?;
        let place = Place::argument(operation.id, name);
        let kind = kinds.iter().find(|(known, _)| *known == name).map_or(&Kind::Any, |(_, kind)| kind);
        kind.check(&place, value)?;
        if let Some(name) = operation.path_parameters.iter().find(|known| **known == name) {
            arguments.path.push((name, json::scalar(&place, value)?));
        } else if let Some(name) = operation.query_parameters.iter().find(|known| **known == name) {
            if let Kind::List(_) = kind {
                for item in value.try_iter()? {
                    arguments.query.push((name, json::scalar(&place, &item?)?));
                }
            } else {
                arguments.query.push((name, json::scalar(&place, value)?));
            }
        } else if let Some((_, header)) = operation.header_parameters.iter().find(|(known, _)| *known == name) {
            arguments.headers.push((header, json::scalar(&place, value)?));
        } else {
            fields.push((name, value));
        }
    }
    if operation.has_body {
        arguments.body = Some(json::encode_object(operation.id, &fields)?.into());
    }
    Ok(arguments)
}

/// The options of one call, as every generated method passes them.
#[derive(FromPyObject)]
pub(crate) struct Options<'py>(
    Bound<'py, PyAny>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
);

impl Options<'_> {
    /// Adds what is set here.
    pub(crate) fn add_to(self, options: &mut RequestOptions) -> PyResult<()> {
        let Self(timeout, max_retries, headers, query, idempotency_key) = self;
        let mut read = std::mem::take(options);
        if let Some(timeout) = seconds(&timeout)? {
            read = read.timeout(timeout);
        }
        if let Some(max_retries) = max_retries {
            read = read.max_retries(count("max_retries", &max_retries)?);
        }
        for (name, value) in pairs("extra_headers", headers.as_ref())? {
            read = read.header(name, value);
        }
        for (name, value) in pairs("extra_query", query.as_ref())? {
            read = read.query(name, value);
        }
        if let Some(key) = idempotency_key {
            read = read.idempotency_key(text("idempotency_key", &key)?);
        }
        *options = read;
        Ok(())
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
    let number = if timeout.is_instance_of::<PyBool>() { None } else { timeout.extract::<f64>().ok() };
    let Some(seconds) = number else {
        let expected = "seconds as a number, or None for no limit";
        return Err(json::wrong_type(&Place::name("timeout"), expected, timeout));
    };
    if seconds <= 0.0 {
        return Err(PyValueError::new_err(format!(
            "timeout: {seconds} s is over before it begins; None means no limit"
        )));
    }
    Duration::try_from_secs_f64(seconds)
        .map(|timeout| Some(Some(timeout)))
        .map_err(|error| PyValueError::new_err(format!("timeout: {seconds} s: {error}")))
}

/// A number of times.
pub(crate) fn count(name: &str, value: &Bound<'_, PyAny>) -> PyResult<u32> {
    if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
        return value
            .extract()
            .map_err(|_| PyValueError::new_err(format!("{name}: expected 0 to {}, not {value}", u32::MAX)));
    }
    Err(json::wrong_type(&Place::name(name), "int", value))
}

/// Yes or no.
pub(crate) fn flag(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    match value.cast::<PyBool>() {
        Ok(flag) => Ok(flag.is_true()),
        Err(_) => Err(json::wrong_type(&Place::name(name), "bool", value)),
    }
}

/// A file's path.
pub(crate) fn path(name: &str, value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    value.extract().map_err(|_| json::wrong_type(&Place::name(name), "a path", value))
}

/// A text.
pub(crate) fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(text.to_str()?.to_owned()),
        Err(_) => Err(json::wrong_type(&Place::name(name), "str", value)),
    }
}

/// A text that no error repeats.
pub(crate) fn secret(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(text.to_str()?.to_owned()),
        Err(_) => Err(PyTypeError::new_err(format!("{name}: expected str, not {}", type_name(value)))),
    }
}

/// Names and texts out of a mapping.
pub(crate) fn pairs(name: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, String)>> {
    let Some(mapping) = mapping else { return Ok(Vec::new()) };
    let items = mapping
        .cast::<pyo3::types::PyMapping>()
        .map_err(|_| json::wrong_type(&Place::name(name), "a mapping of str to str", mapping))?
        .items()?;
    let whole = Place::name(name);
    let mut pairs = Vec::with_capacity(items.len());
    for item in items {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let Ok(key) = key.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!("{name}: keys must be str, not {}", type_name(&key))));
        };
        let key = key.to_str()?;
        // Not shown, for a header may be a secret.
        let text = json::scalar(&whole, &value).map_err(|_| {
            let place = whole.key(key);
            PyTypeError::new_err(format!("{place}: expected str, not {}", type_name(&value)))
        })?;
        pairs.push((key.to_owned(), text));
    }
    Ok(pairs)
}
