//! The program `agent-platform-cli`, which is in the Rust client.

use agent_platform::cli::{self, Streams};
use napi_derive::napi;

use crate::mailbox::{Done, Mailbox};

/// Runs the program with these arguments, its name not among them; its exit status under that ticket.
#[napi]
pub(crate) fn run_cli(mailbox: &Mailbox, ticket: u32, arguments: Vec<String>) -> napi::Result<()> {
    let arguments = arguments.into_iter().map(Into::into).collect();
    mailbox.deliver(ticket, async move { Done::E(cli::run(arguments, Streams::of_process()).await.into()) })
}
