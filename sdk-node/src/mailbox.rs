//! How what was done reaches JavaScript: the results of everything that finished since it last looked, in one crossing.
//!
//! A promise of napi's own brings a handle of the event loop along, and each turn of the loop looks at all handles: at 64
//! calls at once that costs more than the calls themselves.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use napi::{
    Env, Result, Status,
    bindgen_prelude::{Either6, FnArgs, Function, Unknown},
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
};
use napi_derive::napi;
use tokio_util::sync::CancellationToken;

use crate::{
    client::Outcome,
    runtime::runtime,
    stream::{Batch, Final, Opened},
};

/// What something came to; text where the client panicked.
pub(crate) type Done = Either6<Outcome, Opened, Batch, Final, u32, String>;

/// Tickets, and what each came to, in the same order.
type Results = (Vec<u32>, Vec<Done>);

/// Weak: JavaScript keeps the process alive while it waits for something, and no longer.
type Wake = ThreadsafeFunction<(), Unknown<'static>, FnArgs<Results>, Status, false, true>;

/// Where the results go that one copy of the JavaScript waits for. There may be several in a thread: a test runner
/// loads the package anew for each file, and this module only once.
#[napi]
pub(crate) struct Mailbox {
    shared: Arc<Shared>,
}

struct Shared {
    results: Arc<Mutex<Results>>,
    wake: Wake,
    /// Cancelled when this thread's Node ends: a worker's requests end with it, although the process goes on.
    ending: CancellationToken,
}

#[napi]
impl Mailbox {
    /// `settle` gets tickets and results, in the same order.
    #[napi(constructor)]
    pub fn new(env: &Env, settle: Function<FnArgs<Results>, Unknown<'static>>) -> Result<Self> {
        let results = Arc::new(Mutex::new(Results::default()));
        let ready = Arc::clone(&results);
        let wake = settle
            .build_threadsafe_function::<()>()
            .callee_handled::<false>()
            .weak::<true>()
            .build_callback(move |_| Ok(FnArgs::from(std::mem::take(&mut *lock(&ready)))))?;
        let ending = CancellationToken::new();
        env.add_env_cleanup_hook(ending.clone(), |ending| ending.cancel())?;
        Ok(Self { shared: Arc::new(Shared { results, wake, ending }) })
    }

    /// Sends what `work` comes to under this ticket.
    pub(crate) fn deliver(&self, ticket: u32, work: impl Future<Output = Done> + Send + 'static) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        runtime()?.spawn(async move {
            // Without this a panic would leave the caller waiting for ever.
            let work = AssertUnwindSafe(work).catch_unwind();
            if let Some(done) = shared.ending.run_until_cancelled(work).await {
                shared.put(ticket, done.unwrap_or_else(|panic| Done::F(panic_text(panic.as_ref()).to_owned())));
            }
        });
        Ok(())
    }
}

impl Shared {
    fn put(&self, ticket: u32, done: Done) {
        let mut results = lock(&self.results);
        results.0.push(ticket);
        results.1.push(done);
        // Of those that come before JavaScript has looked, only the first wakes it.
        if results.0.len() == 1 {
            drop(results);
            self.wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

fn lock(results: &Mutex<Results>) -> MutexGuard<'_, Results> {
    results.lock().unwrap_or_else(PoisonError::into_inner)
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
