//! What the specification says of an argument's type, so that a slip is told here and not by the server.

use pyo3::{
    prelude::*,
    types::{
        PyBool, PyByteArray, PyBytes, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PySequence, PyString,
        PyTuple,
    },
};

use crate::json::{Place, wrong_type};

/// The type of an argument.
#[derive(Debug)]
#[expect(dead_code, reason = "the generator uses those that the specification has")]
pub(crate) enum Kind {
    Any,
    Text,
    Time,
    Integer,
    Number,
    Boolean,
    List(&'static Kind),
    Map(&'static Kind),
    Object,
    Nullable(&'static Kind),
}

impl Kind {
    /// Lets a value of this type through.
    ///
    /// # Errors
    /// `TypeError` that names the place and the value.
    pub(crate) fn check(&self, place: &Place<'_>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let fits = match self {
            Self::Any => true,
            Self::Text => value.is_instance_of::<PyString>(),
            Self::Time => value.is_instance_of::<PyString>() || value.is_instance_of::<PyDateTime>(),
            Self::Integer => value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>(),
            Self::Number => {
                (value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>())
                    && !value.is_instance_of::<PyBool>()
            }
            Self::Boolean => value.is_instance_of::<PyBool>(),
            Self::List(item) => return check_items(item, place, value),
            Self::Map(item) => return check_values(item, place, value),
            Self::Object => value.is_instance_of::<PyDict>() || value.cast::<PyMapping>().is_ok(),
            Self::Nullable(kind) => return if value.is_none() { Ok(()) } else { kind.check(place, value) },
        };
        if fits { Ok(()) } else { Err(wrong_type(place, self.name(), value)) }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Text => "str",
            Self::Time => "datetime or str",
            Self::Integer => "int",
            Self::Number => "float",
            Self::Boolean => "bool",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Object => "a dict",
            Self::Nullable(kind) => kind.name(),
        }
    }
}

fn check_items(item: &Kind, place: &Place<'_>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let is_list = value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>();
    // Text and bytes are sequences to Python, and never meant as lists here.
    let is_text = value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>();
    if !is_list && (is_text || value.cast::<PySequence>().is_err()) {
        let expected = if matches!(item, Kind::Text) { "a list of str" } else { "a list" };
        return Err(wrong_type(place, expected, value));
    }
    for (index, found) in value.try_iter()?.enumerate() {
        item.check(&place.index(index), &found?)?;
    }
    Ok(())
}

fn check_values(item: &Kind, place: &Place<'_>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let Ok(mapping) = value.cast::<PyMapping>() else {
        return Err(wrong_type(place, "a dict", value));
    };
    if matches!(item, Kind::Any) {
        return Ok(());
    }
    for pair in mapping.items()? {
        let (key, found): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
        // A key of another type is refused where the request is written.
        if let Ok(key) = key.cast::<PyString>() {
            item.check(&place.key(key.to_str()?), &found)?;
        }
    }
    Ok(())
}
