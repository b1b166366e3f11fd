//! How what was done reaches JavaScript: the results of everything that finished since it last looked, in one crossing.
//!
//! A promise of napi's own brings a handle of the event loop along, and each turn of the loop looks at all handles: at 64
//! calls at once that costs more than the calls themselves.

use std::{
    cell::OnceCell,
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use napi::{
    Env, Error, Result, Status,
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

/// The results for one Node thread, on their way.
struct Mailbox {
    results: Arc<Mutex<Results>>,
    wake: Wake,
    /// Cancelled when this thread's Node ends: a worker's requests end with it, although the process goes on.
    ending: CancellationToken,
}

thread_local! {
    static MAILBOX: OnceCell<Arc<Mailbox>> = const { OnceCell::new() };
}

/// Names the function that gets tickets and results. To be called once in each Node thread, before anything else.
#[napi]
pub fn connect(env: &Env, settle: Function<FnArgs<Results>, Unknown<'static>>) -> Result<()> {
    let results = Arc::new(Mutex::new(Results::default()));
    let ready = Arc::clone(&results);
    let wake = settle
        .build_threadsafe_function::<()>()
        .callee_handled::<false>()
        .weak::<true>()
        .build_callback(move |_| Ok(FnArgs::from(std::mem::take(&mut *lock(&ready)))))?;
    let ending = CancellationToken::new();
    env.add_env_cleanup_hook(ending.clone(), |ending| ending.cancel())?;
    MAILBOX.with(|mailbox| mailbox.set(Arc::new(Mailbox { results, wake, ending })).ok());
    Ok(())
}

/// Sends what `work` comes to under this ticket.
pub(crate) fn deliver(ticket: u32, work: impl Future<Output = Done> + Send + 'static) -> Result<()> {
    let mailbox = MAILBOX.with(|mailbox| mailbox.get().cloned());
    let mailbox = mailbox.ok_or_else(|| Error::from_reason("nobody is connected to get the result"))?;
    runtime()?.spawn(async move {
        // Without this a panic would leave the caller waiting for ever.
        let work = AssertUnwindSafe(work).catch_unwind();
        if let Some(done) = mailbox.ending.run_until_cancelled(work).await {
            mailbox.put(ticket, done.unwrap_or_else(|panic| Done::F(panic_text(panic.as_ref()).to_owned())));
        }
    });
    Ok(())
}

impl Mailbox {
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
