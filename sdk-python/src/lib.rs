//! The native module of the Python package: asyncio and threads on one side, the Rust client on the other.
#![forbid(unsafe_code)]

mod answer;
mod arguments;
mod awaiting;
mod blocking;
mod bridge;
mod call;
mod cli;
mod client;
mod error;
mod exit;
mod feed;
#[rustfmt::skip] // formatted by the generator
mod generated;
mod imported;
mod json;
mod kind;
mod name;
mod pool;
mod request;
mod runtime;
mod stream;
mod trace;

use pyo3::prelude::*;

/// What `agent_platform` stands on. Nothing here is for direct use.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<client::NativeClient>()?;
    module.add_class::<stream::AsyncStream>()?;
    module.add_class::<blocking::Stream>()?;
    module.add_class::<answer::RawAnswer>()?;
    module.add_class::<arguments::Omit>()?;
    // Made now, for a thread that forks while another one makes them would find them locked for ever.
    let py = module.py();
    for class in [
        py.get_type::<bridge::Bridge>(),
        py.get_type::<call::Call>(),
        py.get_type::<stream::AsyncTextStream>(),
        py.get_type::<stream::StreamStep>(),
        py.get_type::<blocking::TextStream>(),
    ] {
        drop(class);
    }
    module.add_function(wrap_pyfunction!(cli::run_cli, module)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("OMIT", arguments::Omit)?;
    Ok(())
}
