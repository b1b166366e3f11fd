//! Runs agents from a shell; `--help` shows how. Ctrl-C ends it as a signal ends any program, which shells call 130.

use std::process::ExitCode;

use agent_platform::cli::{self, Streams};

fn main() -> std::io::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let status = runtime.block_on(cli::run(std::env::args_os().skip(1).collect(), Streams::of_process()));
    // Standard input may still be waited for in a thread that nothing can wake.
    runtime.shutdown_background();
    Ok(status.into())
}
