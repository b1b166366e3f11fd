//! Where a value stands among the arguments, for the errors that speak of it.

use std::fmt;

use pyo3::{exceptions::PyTypeError, prelude::*};

/// How many characters of a value an error shows.
const LONGEST_SHOWN: usize = 80;

/// Where a value stands; made into text only for an error.
pub(crate) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Argument(&'static str, &'a str),
    Name(&'a str),
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// An argument of an operation.
    pub(crate) fn argument(operation: &'static str, name: &'a str) -> Self {
        Self { parent: None, step: Step::Argument(operation, name) }
    }

    /// A setting or an option.
    pub(crate) fn name(name: &'a str) -> Self {
        Self { parent: None, step: Step::Name(name) }
    }

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Argument(operation, name) => write!(f, "{operation}(): {name}"),
            Step::Name(name) => f.write_str(name),
            Step::Key(name) => write!(f, "[{name:?}]"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// The `TypeError` for a value that is something else than expected.
pub(crate) fn wrong_type(place: &Place<'_>, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    if value.is_none() {
        return PyTypeError::new_err(format!("{place}: expected {expected}, not None"));
    }
    let shown = value.repr().map_or_else(|_| String::new(), |text| text.to_string_lossy().into_owned());
    let shown = match shown.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    };
    PyTypeError::new_err(format!("{place}: expected {expected}, not {} ({shown})", type_name(value)))
}

pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "that type".to_owned(), |name| name.to_string())
}
