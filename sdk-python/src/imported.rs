//! Objects of Python modules that are imported when they are first needed.

use std::sync::OnceLock;

use pyo3::prelude::*;

/// An attribute of a module, looked up once, or what calling it made.
pub(crate) struct Imported {
    module: &'static str,
    name: &'static str,
    called: bool,
    found: OnceLock<Py<PyAny>>,
}

impl Imported {
    pub(crate) const fn new(module: &'static str, name: &'static str) -> Self {
        Self { module, name, called: false, found: OnceLock::new() }
    }

    /// What the attribute makes when it is called.
    pub(crate) const fn made(module: &'static str, name: &'static str) -> Self {
        Self { module, name, called: true, found: OnceLock::new() }
    }

    pub(crate) fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        if let Some(found) = self.found.get() {
            return Ok(found.bind(py));
        }
        // Not inside the cell, and so not by `PyOnceLock`: a thread that forks while another one imports would leave a
        // child in which it is locked for ever.
        let attribute = py.import(self.module)?.getattr(self.name)?;
        let found = if self.called { attribute.call0()? } else { attribute }.unbind();
        // Of two threads the first one's holds.
        Ok(self.found.get_or_init(|| found).bind(py))
    }
}
