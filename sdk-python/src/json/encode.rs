//! Python objects → JSON bytes, and query values.

use std::fmt::Write as _;

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PySequence, PyString, PyTuple},
};

use super::place::{Place, type_name, wrong_type};

use crate::name::name;

/// Deeper values are refused: a dict that holds itself would otherwise exhaust the stack. The reader of answers,
/// serde_json, stops at the same depth.
const DEEPEST: usize = 128;

/// Writes one JSON object from the given fields, in their order.
///
/// # Errors
/// `TypeError` or `ValueError` that names the path of the value with no JSON form.
pub(crate) fn encode_object(operation: &'static str, fields: &[(&str, &Bound<'_, PyAny>)]) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(256);
    out.push(b'{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_str(&mut out, name);
        out.push(b':');
        encode(&mut out, value, &Place::argument(operation, name), 1)?;
    }
    out.push(b'}');
    Ok(out)
}

/// The text of a query or path value.
///
/// # Errors
/// `TypeError` for anything but text, a number, a boolean or a time.
pub(crate) fn scalar(place: &Place<'_>, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        let text = text.to_str().map_err(|error| PyValueError::new_err(format!("{place}: {error}")))?;
        return Ok(text.to_owned());
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(flag.is_true().to_string());
    }
    if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
        return Ok(value.str()?.to_str()?.to_owned());
    }
    if let Ok(time) = value.cast::<PyDateTime>() {
        return rfc3339(time, place);
    }
    Err(wrong_type(place, "str, int, float, bool or datetime", value))
}

fn encode(out: &mut Vec<u8>, value: &Bound<'_, PyAny>, place: &Place<'_>, depth: usize) -> PyResult<()> {
    if let Ok(text) = value.cast::<PyString>() {
        let text = text.to_str().map_err(|error| PyValueError::new_err(format!("{place}: {error}")))?;
        write_str(out, text);
    } else if value.is_none() {
        out.extend_from_slice(b"null");
    } else if let Ok(flag) = value.cast::<PyBool>() {
        out.extend_from_slice(if flag.is_true() { b"true" } else { b"false" });
    } else if value.is_instance_of::<PyInt>() {
        encode_int(out, value)?;
    } else if let Ok(number) = value.cast::<PyFloat>() {
        let number = number.value();
        if !number.is_finite() {
            return Err(PyValueError::new_err(format!("{place}: {number} has no JSON form")));
        }
        serde_json::to_writer(out, &number).expect("writing to memory cannot fail");
    } else if depth >= DEEPEST {
        return Err(PyValueError::new_err(format!("{place}: nested more than {DEEPEST} levels deep")));
    } else if let Ok(dict) = value.cast::<PyDict>() {
        encode_fields(out, dict.iter().map(Ok), place, depth)?;
    } else if let Ok(list) = value.cast::<PyList>() {
        encode_items(out, list.iter().map(Ok), place, depth)?;
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        encode_items(out, tuple.iter().map(Ok), place, depth)?;
    } else {
        encode_other(out, value, place, depth)?;
    }
    Ok(())
}

/// What is asked last, because asking imports a module or walks an abstract class's register.
fn encode_other(out: &mut Vec<u8>, value: &Bound<'_, PyAny>, place: &Place<'_>, depth: usize) -> PyResult<()> {
    if let Ok(time) = value.cast::<PyDateTime>() {
        write_str(out, &rfc3339(time, place)?);
        return Ok(());
    }
    if let Ok(mapping) = value.cast::<PyMapping>() {
        let items = mapping.items()?;
        return encode_fields(out, items.iter().map(|item| item.extract()), place, depth);
    }
    // Bytes are a sequence of numbers to Python, and never meant as one here.
    let bytes = value.is_instance_of::<pyo3::types::PyBytes>() || value.is_instance_of::<pyo3::types::PyByteArray>();
    if !bytes && let Ok(sequence) = value.cast::<PySequence>() {
        return encode_items(out, sequence.try_iter()?, place, depth);
    }
    Err(PyTypeError::new_err(format!(
        "{place}: {} has no JSON form; give str, int, float, bool, None, datetime, list, tuple or dict",
        type_name(value)
    )))
}

fn encode_int(out: &mut Vec<u8>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if let Ok(number) = value.extract::<i64>() {
        serde_json::to_writer(out, &number).expect("writing to memory cannot fail");
        return Ok(());
    }
    // A subclass may print itself otherwise (an IntEnum did, before 3.11): int.__repr__ is the number.
    let digits = value.py().get_type::<PyInt>().call_method1(name!(value.py(), "__repr__"), (value,))?;
    out.extend_from_slice(digits.cast::<PyString>()?.to_str()?.as_bytes());
    Ok(())
}

fn encode_fields<'py>(
    out: &mut Vec<u8>,
    fields: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
    place: &Place<'_>,
    depth: usize,
) -> PyResult<()> {
    out.push(b'{');
    for (index, field) in fields.enumerate() {
        let (key, value) = field?;
        let Ok(key) = key.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!("{place}: keys must be str, not {}", type_name(&key))));
        };
        let key = key.to_str().map_err(|error| PyValueError::new_err(format!("{place}: {error}")))?;
        if index > 0 {
            out.push(b',');
        }
        write_str(out, key);
        out.push(b':');
        encode(out, &value, &place.key(key), depth + 1)?;
    }
    out.push(b'}');
    Ok(())
}

fn encode_items<'py>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
    place: &Place<'_>,
    depth: usize,
) -> PyResult<()> {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        encode(out, &item?, &place.index(index), depth + 1)?;
    }
    out.push(b']');
    Ok(())
}

fn write_str(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("writing to memory cannot fail");
}

/// RFC 3339 demands an offset, which a naive time lacks; guessing the machine's zone would be wrong half the time.
fn rfc3339(time: &Bound<'_, PyDateTime>, place: &Place<'_>) -> PyResult<String> {
    let py = time.py();
    if time.call_method0(name!(py, "utcoffset"))?.is_none() {
        return Err(PyValueError::new_err(format!(
            "{place}: a datetime without a time zone is ambiguous; give it one, such as datetime.timezone.utc"
        )));
    }
    let mut text = String::new();
    write!(text, "{}", time.call_method0(name!(py, "isoformat"))?).expect("writing to memory cannot fail");
    Ok(text)
}
