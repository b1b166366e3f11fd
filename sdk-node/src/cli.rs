//! The program `agent-platform-cli`, which is in the Rust client.

use agent_platform::cli::{self, Streams};
use napi::{Env, bindgen_prelude::Object};
use napi_derive::napi;

use crate::runtime::promise;

/// Runs the program with these arguments, its name not among them; a promise of its exit status.
#[napi]
pub fn run_cli(env: &Env, arguments: Vec<String>) -> napi::Result<Object<'_>> {
    let arguments = arguments.into_iter().map(Into::into).collect();
    promise(env, async move { u32::from(cli::run(arguments, Streams::of_process()).await) })
}
