//! The trace that a call belongs to (W3C Trace Context), where the program is traced by OpenTelemetry.

use agent_platform::RequestOptions;
use pyo3::{prelude::*, types::PyDict};

use crate::{imported::Imported, name::name};

/// Passes the active span on. A program that has not imported OpenTelemetry has none, and is not made to import it.
pub(crate) fn add_context(py: Python<'_>, options: &mut RequestOptions) -> PyResult<()> {
    static MODULES: Imported = Imported::new("sys", "modules");
    let Some(trace) = MODULES.get(py)?.cast::<PyDict>()?.get_item(name!(py, "opentelemetry.trace"))? else {
        return Ok(());
    };
    let span = trace.call_method0(name!(py, "get_current_span"))?;
    let context = span.call_method0(name!(py, "get_span_context"))?;
    if !context.getattr(name!(py, "is_valid"))?.is_truthy()? {
        return Ok(());
    }
    let trace_id: u128 = context.getattr(name!(py, "trace_id"))?.extract()?;
    let span_id: u64 = context.getattr(name!(py, "span_id"))?.extract()?;
    let flags: u8 = context.getattr(name!(py, "trace_flags"))?.extract()?;
    let mut found =
        std::mem::take(options).header("traceparent", format!("00-{trace_id:032x}-{span_id:016x}-{flags:02x}"));
    let state = context.getattr(name!(py, "trace_state"))?;
    if state.is_truthy()? {
        let text: String = state.call_method0(name!(py, "to_header"))?.extract()?;
        found = found.header("tracestate", text);
    }
    *options = found;
    Ok(())
}
