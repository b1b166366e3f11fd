//! Names of Python's attributes and methods, made once.

use std::sync::OnceLock;

use pyo3::{prelude::*, types::PyString};

/// A name that Python compares by identity. In place of `pyo3::intern!`, which lets go of the interpreter while it holds a
/// lock: a thread that forked just then would leave a child that waits for ever.
pub(crate) struct Name {
    text: &'static str,
    made: OnceLock<Py<PyString>>,
}

impl Name {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, made: OnceLock::new() }
    }

    pub(crate) fn get<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        if let Some(made) = self.made.get() {
            return made.bind(py);
        }
        let name = PyString::intern(py, self.text).unbind();
        self.made.get_or_init(|| name).bind(py)
    }
}

/// A [`Name`] in place.
macro_rules! name {
    ($py:expr, $text:literal) => {{
        static NAME: $crate::name::Name = $crate::name::Name::new($text);
        NAME.get($py)
    }};
}
pub(crate) use name;
