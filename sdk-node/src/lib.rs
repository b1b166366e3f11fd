//! The native module of the npm package `agent-platform-sdk`: the Rust client behind two classes, one that calls
//! an operation by its id and one that hands over a stream's events in batches. JSON crosses as text, so that a new
//! operation or field of the specification changes nothing here; `lib/*.ts` gives it all its types.
//!
//! An error of the API is a value here (`failure`), never a rejection: TypeScript makes the class of it, with a
//! stack trace that leads to the caller.
#![expect(unreachable_pub, reason = "napi exports public methods only, to JavaScript")]

mod arguments;
mod cli;
mod client;
mod error;
mod head;
mod mailbox;
mod runtime;
mod stream;

use napi_derive::napi;

/// The version of this module, which the JavaScript around it compares with its own.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
