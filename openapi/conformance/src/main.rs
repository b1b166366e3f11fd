//! `agent-platform-conformance`: plays the cases that every client must pass, or cuts the connections of a real server.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use agent_platform_conformance::{FaultServer, cases};
use anyhow::Result;
use clap::{Parser, Subcommand};
use tokio::io::AsyncReadExt;

/// The cases that every client must pass: see README.md beside it.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads every case, and says what is wrong with it.
    Check,
    /// Prints the name of each case and what it shows.
    List,
    /// Plays the cases; prints its URL, and ends when its input does.
    Serve,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nothing left to do when even this can't be written.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Check => say(&format!("{} cases", cases()?.len())),
        Command::List => {
            for case in cases()? {
                say(&format!("{:16} {}: {}", case.family, case.name, case.shows))?;
            }
            Ok(())
        }
        Command::Serve => {
            let server = FaultServer::start(cases()?).await?;
            say(&format!("ready {}", server.url()))?;
            until_input_ends().await
        }
    }
}

fn say(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Whoever started this has closed its end, or is gone.
async fn until_input_ends() -> Result<()> {
    let mut ignored = [0; 1024];
    while tokio::io::stdin().read(&mut ignored).await? > 0 {}
    // A read of the standard input that is still waiting would hold up the end of the runtime.
    Ok(())
}
