//! `agent-platform-cli`, as the wheel has it: the same program as in Rust.

use std::ffi::OsString;

use agent_platform::cli::{Streams, run};
use pyo3::prelude::*;

use crate::runtime;

/// Runs the command line and returns its exit status. It writes to the process's own streams, not to `sys.stdout`.
#[pyfunction]
pub(crate) fn run_cli(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    runtime::block_on(py, async { run(arguments, Streams::of_process()).await })
}
