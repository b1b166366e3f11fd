//! What every client of Agent Platform must do when a server misbehaves: cases as data, a server that plays them and
//! judges what came of it, and a proxy that cuts connections of a real server.
//!
//! `README.md` beside this crate describes the cases and how a client's runner works.
#![forbid(unsafe_code)]

mod answer;
pub mod case;
pub mod expect;
mod http;
mod judge;
pub mod live;
mod load;
mod play;
pub mod proxy;
mod random;
pub mod reply;

mod server;
mod tls;
mod words;

pub use judge::judge;
pub use load::{CONTRACT, cases, cases_in};
pub use server::{API_KEY, FaultServer, Report};
