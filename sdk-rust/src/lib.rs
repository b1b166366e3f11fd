//! Client for Agent Platform: run AI agents, stream their answers.
//!
//! ```no_run
//! # async fn example() -> agent_platform::Result<()> {
//! // Reads AGENT_PLATFORM_API_KEY, and AGENT_PLATFORM_BASE_URL if it is set.
//! let client = agent_platform::Client::from_env()?;
//! # Ok(())
//! # }
//! ```
//!
//! Models and methods are generated from the specification that the server emits; the rest of this crate is the
//! only place that knows HTTP. The Python and Node packages of the same name wrap it.
#![forbid(unsafe_code)]

mod client;
mod config;
mod error;
mod generated;
pub mod operation;
mod page;
pub mod request;
mod stream;

pub use client::{Client, RawResponse};
pub use config::{
    API_KEY_VARIABLE, BASE_URL_VARIABLE, ClientBuilder, DEFAULT_BASE_URL, DEFAULT_CALL_TIMEOUT, DEFAULT_EXECUTE_TIMEOUT,
    LOG_VARIABLE,
};
pub use error::{Error, ErrorKind, Result};
pub use generated::{models, operations};
pub use page::{Page, Pager};
pub use request::{Arguments, RequestOptions};
pub use stream::{EventStream, RawEvent, RawStream, StreamEvent};
