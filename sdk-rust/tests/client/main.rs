//! The client through its public surface, against a server that follows a script.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

#[cfg(feature = "blocking")]
mod blocking;
mod errors;
mod proxies;
mod rejoin;
mod requests;
mod retries;
mod streams;
mod support;
mod timeouts;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;
mod traces;
mod typed;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
mod without_tls;
