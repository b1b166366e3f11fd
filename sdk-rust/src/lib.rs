//! Client for Agent Platform: run AI agents, stream their answers.
//!
//! ```no_run
//! use agent_platform::{Client, models::{CreateAgentRequest, ExecuteAgentRequest}};
//!
//! # async fn example() -> agent_platform::Result<()> {
//! // Reads AGENT_PLATFORM_API_KEY, and AGENT_PLATFORM_BASE_URL if it is set.
//! let client = Client::from_env()?;
//! let agent = client
//!     .create_agent(CreateAgentRequest::new("Support Agent", "You are helpful.").tools(["search_kb"]))
//!     .await?;
//! let question = ExecuteAgentRequest::new("How do I reset my password?");
//! let mut stream = client.stream_agent(&agent.agent_id, question).await?;
//! let mut text = stream.text_stream();
//! while let Some(piece) = text.next().await {
//!     print!("{}", piece?);
//! }
//! let response = stream.final_response().await?;
//! println!("\n{} tokens, ${}", response.tokens_used, response.cost);
//! # Ok(())
//! # }
//! ```
//!
//! - Each method returns a [`Request`]: await it, or set a time-out, retries, headers or a key for it first, or ask for
//!   the status, headers and request id beside the answer ([`Request::with_response`]). [`Client::with_options`] does the
//!   same for several calls.
//! - A failed call is an [`Error`]. Calls that may succeed later are repeated, each under one `Idempotency-Key`, so that
//!   nothing is done or billed twice; [`ClientBuilder::max_retries`] says how often.
//! - A stream whose connection is cut is taken up again where it was: every event comes once and in order. If that cannot
//!   be, the error is [`ErrorKind::StreamInterrupted`], with the text so far.
//! - Lists come page by page ([`Page`]) or as a stream of their items ([`Pager`]).
//! - Fields, values and events that this version does not know are kept.
//!
//! # Features
//! - `rustls` (default): TLS by rustls, which trusts what the operating system trusts, `SSL_CERT_FILE`, and
//!   [`ClientBuilder::ca_bundle`].
//! - `native-tls`: TLS by the system's library, in a program without the default features.
#![cfg_attr(feature = "blocking", doc = "- `blocking`: [`blocking::Client`], for programs without an async runtime.")]
#![cfg_attr(
    not(feature = "blocking"),
    doc = "- `blocking`: `blocking::Client`, for programs without an async runtime."
)]
//! - `cli`: the program `agent-platform-cli`.
//!
//! Models and methods are generated from the specification that the server emits; the rest of this crate is the
//! only place that knows HTTP. The Python and Node packages of the same name wrap it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod arguments;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod client;
mod config;
mod decode;
mod error;
mod event;
mod event_stream;
#[rustfmt::skip] // formatted by the generator
mod generated;
mod log;
pub mod operation;
mod options;
mod page;
mod proxy;
mod rejoin;
mod request;
mod retry;
mod seen;
mod silence;
mod sleep;
#[doc(hidden)]
pub mod sse;
mod stream;
mod tls;
mod traceparent;
mod transport;

pub use arguments::Arguments;
/// README.md's code is compiled as this crate's documentation is.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
pub struct Readme;

pub use client::{Client, RawResponse};
pub use config::{
    API_KEY_VARIABLE, BASE_URL_VARIABLE, CONNECT_TIMEOUT, ClientBuilder, DEFAULT_BASE_URL, DEFAULT_CALL_TIMEOUT,
    DEFAULT_EXECUTE_TIMEOUT, DEFAULT_STREAM_IDLE_TIMEOUT, LOG_VARIABLE,
};
pub use error::{Error, ErrorKind, Result};
pub use event::{EventName, RawEvent};
pub use event_stream::{EventStream, StreamEvent, TextStream};
pub use generated::{models, operations};
pub use options::RequestOptions;
pub use page::{Page, Pager};
pub use request::{Request, RequestFuture, Response};
pub use retry::DEFAULT_MAX_RETRIES;
#[doc(hidden)]
pub use sleep::{RecordedDelays, Sleep};
pub use stream::RawStream;
