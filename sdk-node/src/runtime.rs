//! The threads behind the promises.

use std::{cell::OnceCell, future::Future, panic::AssertUnwindSafe, sync::OnceLock};

use futures_util::FutureExt;
use napi::{
    Env, Error, Result,
    bindgen_prelude::{Object, ToNapiValue},
};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

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

/// Cancelled when this thread's Node ends: a worker's requests end with it, although the process goes on.
fn ending(env: &Env) -> Result<CancellationToken> {
    thread_local! {
        static ENDING: OnceCell<CancellationToken> = const { OnceCell::new() };
    }
    ENDING.with(|ending| {
        if let Some(token) = ending.get() {
            return Ok(token.clone());
        }
        let token = CancellationToken::new();
        env.add_env_cleanup_hook(token.clone(), |token| token.cancel())?;
        Ok(ending.get_or_init(|| token).clone())
    })
}

/// A promise for what `work` comes to. Node stays alive while it is pending, and no longer.
pub(crate) fn promise<'env, T>(env: &'env Env, work: impl Future<Output = T> + Send + 'static) -> Result<Object<'env>>
where
    T: ToNapiValue + Send + 'static,
{
    let runtime = runtime()?;
    let ending = ending(env)?;
    let (deferred, promise) = env.create_deferred()?;
    runtime.spawn(async move {
        // Without this a panic would leave the promise pending for ever.
        let work = AssertUnwindSafe(work).catch_unwind();
        let Some(done) = ending.run_until_cancelled(work).await else {
            return;
        };
        match done {
            Ok(value) => deferred.resolve(move |_| Ok(value)),
            Err(panic) => deferred.reject(Error::from_reason(format!(
                "the client panicked, which is a bug in agent-platform-sdk: {}",
                panic_text(panic.as_ref())
            ))),
        }
    });
    Ok(promise)
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
