//! How a stream that was cut is taken up again: after the last event that it brought or, if it brought none, from its
//! beginning under the same `Idempotency-Key`, by which the execution runs once.

use std::{future::Future, pin::Pin, sync::Arc};

use crate::{
    arguments::Arguments,
    call::{Call, LAST_EVENT_ID},
    client::Shared,
    error::{Error, ErrorKind, Result},
    log,
    options::RequestOptions,
    retry,
    seen::Seen,
};

/// The parameter by which the operation that rejoins knows an execution.
const EXECUTION_ID: &str = "execution_id";

/// This many rejoins in a row may bring no new event: the server is there, yet each answer is cut. The budget alone
/// would let one stream take what all calls of the client share.
const FRUITLESS: u32 = 20;

/// Why a stream is not rejoined, as its error tells; nothing where nobody would have expected that.
pub(crate) type Refusal = Option<&'static str>;

/// A rejoin under way. It gives the new answer, and what is to be returned to the budget when that brings a new event.
pub(crate) type Rejoining = Pin<Box<dyn Future<Output = Result<(reqwest::Response, u32)>> + Send>>;

/// Where a stream comes from, and what it took to keep it.
pub(crate) struct Origin {
    shared: Arc<Shared>,
    call: Arc<Call>,
    options: RequestOptions,
    max_retries: u32,
    /// What the last rejoin took out of the budget; a new event brings it back.
    owed: u32,
    /// Rejoins that were answered since the last new event.
    fruitless: u32,
    /// How many of them, in a row, were made because nothing came: each took the whole time-out.
    silent: u32,
    rejoins: u32,
}

impl Origin {
    pub(crate) fn new(shared: Arc<Shared>, call: Call, options: RequestOptions, max_retries: u32) -> Self {
        Self { shared, call: Arc::new(call), options, max_retries, owed: 0, fruitless: 0, silent: 0, rejoins: 0 }
    }

    /// How often the stream was taken up again.
    pub(crate) fn rejoins(&self) -> u32 {
        self.rejoins
    }

    /// The call by which the stream was opened.
    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    /// A new event came.
    pub(crate) fn progressed(&mut self) {
        if self.rejoins > 0 {
            (self.fruitless, self.silent) = (0, 0);
            self.shared.retry.repay(std::mem::take(&mut self.owed));
        }
    }

    /// A rejoin was answered.
    pub(crate) fn rejoined(&mut self, cost: u32) {
        self.rejoins += 1;
        self.fruitless += 1;
        self.owed = cost;
    }

    /// Begins to take up the stream again after `cut`, unless that is not possible or would be too much.
    ///
    /// The first rejoin after a new event goes out at once; those after it wait as retries do.
    pub(crate) fn rejoin(&mut self, cut: &Error, seen: &Seen) -> Result<Rejoining, Refusal> {
        let retry = &self.shared.retry;
        if self.max_retries == 0 {
            return Err(None);
        }
        let silent = if cut.kind() == ErrorKind::Timeout { self.silent + 1 } else { 0 };
        if self.fruitless >= FRUITLESS || silent > self.max_retries {
            return Err(Some("too many rejoins in a row brought nothing new"));
        }
        if seen.without_id {
            return Err(Some("an event that had no id would come again"));
        }
        let call = self.next_call(seen)?;
        let cost = retry::cost(cut);
        if !retry.pay(cost) {
            return Err(Some("the client's retry budget is spent"));
        }
        self.silent = silent;
        log::debug(format_args!("rejoining after event {:?}: {cut}", seen.last_id));
        let (shared, fruitless, further) = (Arc::clone(&self.shared), self.fruitless, self.max_retries - 1);
        Ok(Box::pin(async move {
            let retry = &shared.retry;
            if let Some(before) = fruitless.checked_sub(1) {
                retry.back_off(before).await;
            }
            let attempt = |retries| shared.transport.open(&call, retries);
            let (response, _, paid) = retry.attempts(cost, fruitless, further, attempt).await?;
            Ok((response, paid))
        }))
    }

    /// What brings the events after the last one seen, or all of them, of which those that were seen are dropped.
    fn next_call(&self, seen: &Seen) -> Result<Arc<Call>, Refusal> {
        let rejoin = self.call.operation.rejoin.ok_or(None)?;
        let arguments = if rejoin.id == self.call.operation.id {
            // It is itself what rejoins: the same again, only further on.
            Arguments { path: self.call.path.clone(), ..Arguments::new() }
        } else {
            match &seen.execution_id {
                Some(execution) => Arguments::new().path(EXECUTION_ID, execution),
                None if seen.opaque_id => return Err(Some("events whose ids are no numbers would come again")),
                None => return Ok(Arc::clone(&self.call)),
            }
        };
        let arguments = arguments.header(LAST_EVENT_ID, seen.last_id.as_deref());
        // Nothing in it is new but ids; were one unusable, the stream would only stay cut.
        self.shared.prepare(rejoin, arguments, &self.options).map(Arc::new).map_err(|_| None)
    }
}
