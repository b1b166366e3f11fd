//! The binary `agent-platform`.

use std::process::ExitCode;

use agent_platform_server::cli;

fn main() -> ExitCode {
    cli::run()
}
