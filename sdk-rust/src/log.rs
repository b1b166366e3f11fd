//! What the client tells of its attempts: through `tracing`, or on standard error when `AGENT_PLATFORM_LOG=debug` is
//! set and nobody listens to `tracing`. No header and no body is ever told, so no key is.

use std::{fmt, io::Write, sync::OnceLock};

use crate::config::LOG_VARIABLE;

/// Whether anyone listens: what is only told need not be put together otherwise.
pub(crate) fn enabled() -> bool {
    on_stderr() || tracing::enabled!(target: "agent_platform", tracing::Level::DEBUG)
}

/// Tells one event of interest to someone who looks for a fault.
pub(crate) fn debug(message: fmt::Arguments<'_>) {
    tracing::debug!(target: "agent_platform", "{message}");
    if on_stderr() && !tracing::dispatcher::has_been_set() {
        // A closed standard error is no reason to fail a call.
        let _ = writeln!(std::io::stderr().lock(), "agent_platform: {message}");
    }
}

fn on_stderr() -> bool {
    static ON: OnceLock<bool> = OnceLock::new();
    *ON.get_or_init(|| std::env::var(LOG_VARIABLE).is_ok_and(|level| matches!(level.trim(), "debug" | "trace")))
}
