//! The program `agent-platform-cli`, which is in the Rust client.

use agent_platform::cli::{self, Streams};
use napi_derive::napi;

use crate::mailbox::{Done, deliver};

/// Runs the program with these arguments, its name not among them; its exit status under that ticket.
#[napi]
pub fn run_cli(ticket: u32, arguments: Vec<String>) -> napi::Result<()> {
    let arguments = arguments.into_iter().map(Into::into).collect();
    deliver(ticket, async move { Done::E(cli::run(arguments, Streams::of_process()).await.into()) })
}
