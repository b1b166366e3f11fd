//! The threads behind the promises.

use std::sync::OnceLock;

use napi::{Error, Result};
use tokio::runtime::{Builder, Runtime};

/// Sockets and JSON framing are all that runs here; two threads feed the one that runs JavaScript.
const WORKER_THREADS: usize = 2;

/// Made at the first call, never by `require`. It lives as long as the process, and is shared by its worker threads.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The runtime, started if need be.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKER_THREADS)
        .thread_name("agent-platform")
        .enable_all()
        .build()
        .map_err(|error| Error::from_reason(format!("cannot start the client's threads: {error}")))?;
    // Of two Node threads that get here at once, the second's is dropped unused.
    Ok(RUNTIME.get_or_init(|| runtime))
}
