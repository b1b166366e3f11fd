//! The connections of a client, and of all that `with_options` and `with_raw_response` make of it.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use agent_platform::{Client, ClientBuilder, Error};

use crate::runtime::{self, Mode, ProcessBound};

/// A connection pool to one server with one key.
pub(crate) struct Pool {
    builder: ClientBuilder,
    pub(crate) mode: Mode,
    /// Where the server is, for the client's `repr`.
    pub(crate) base_url: String,
    /// `None` once it is closed.
    client: Mutex<Option<ProcessBound<Client>>>,
    /// Whether there may be connections.
    used: AtomicBool,
}

impl Pool {
    /// # Errors
    /// When a setting is not usable.
    pub(crate) fn new(builder: ClientBuilder, mode: Mode) -> Result<Self, Error> {
        let client = builder.clone().build()?;
        let base_url = client.base_url().to_owned();
        let client = Mutex::new(Some(ProcessBound::new(client)));
        Ok(Self { builder, mode, base_url, client, used: AtomicBool::new(false) })
    }

    /// The client of this process: a forked child gets connections of its own.
    ///
    /// # Errors
    /// When the pool is closed.
    pub(crate) fn client(&self) -> Result<Client, Error> {
        let mut current = self.lock();
        let Some(bound) = &mut *current else {
            return Err(Error::invalid_request("the client is closed; nothing was sent"));
        };
        self.used.store(true, Ordering::Relaxed);
        if let Some(client) = bound.get() {
            return Ok(client.clone());
        }
        let client = self.builder.clone().build()?;
        *current = Some(ProcessBound::new(client.clone()));
        Ok(client)
    }

    /// Closes idle connections. Calls under way end as they would have; new ones are refused.
    pub(crate) fn close(&self) {
        let client = self.lock().take();
        if client.is_some() && self.used.load(Ordering::Relaxed) {
            drop(client);
            runtime::close_abandoned(self.mode);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<ProcessBound<Client>>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}
