//! Objects of Python modules that are imported when they are first needed.

use pyo3::{prelude::*, sync::PyOnceLock};

/// An attribute of a module, looked up once, or what calling it made.
pub(crate) struct Imported {
    module: &'static str,
    name: &'static str,
    called: bool,
    found: PyOnceLock<Py<PyAny>>,
}

impl Imported {
    pub(crate) const fn new(module: &'static str, name: &'static str) -> Self {
        Self { module, name, called: false, found: PyOnceLock::new() }
    }

    /// What the attribute makes when it is called.
    pub(crate) const fn made(module: &'static str, name: &'static str) -> Self {
        Self { module, name, called: true, found: PyOnceLock::new() }
    }

    pub(crate) fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        if let Some(found) = self.found.get(py) {
            return Ok(found.bind(py));
        }
        // Not inside the cell: a thread that forks while another one imports would find it locked for ever.
        let attribute = py.import(self.module)?.getattr(self.name)?;
        let found = if self.called { attribute.call0()? } else { attribute };
        // Of two threads the first one's holds.
        let _ = self.found.set(py, found.unbind());
        Ok(self.found.get(py).expect("it was just set").bind(py))
    }
}
