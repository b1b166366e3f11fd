//! `agent-platform-conformance`: plays the cases that every client must pass, or cuts the connections of a real server.

mod driver;
mod exactly_once;
mod whole_streams;

use std::{
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
};

use agent_platform_conformance::{
    FaultServer, cases,
    proxy::{Cut, Plan, Proxy},
};
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
    /// Stands before a real server and breaks connections; prints its URL, and ends when its input does. `/_proxy/stats`
    /// tells what it has done.
    Proxy(ProxyArguments),
    /// Has a driver make executes through a proxy that drops requests and answers, kills the server in between, and
    /// compares what the driver was told with the server's ledger.
    ExactlyOnce(exactly_once::Arguments),
    /// Has a driver read streams through a proxy that cuts them, and compares what it read with what the server has on
    /// record.
    WholeStreams(whole_streams::Arguments),
}

#[derive(Debug, clap::Args)]
struct ProxyArguments {
    /// The server's address.
    #[arg(long, value_name = "HOST:PORT")]
    upstream: SocketAddr,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many of a hundred requests are dropped before they reach the server.
    #[arg(long, default_value_t = 0, value_name = "PERCENT")]
    drop_requests: u8,
    /// How many of a hundred answers are dropped: before their headers, within them, or within the body.
    #[arg(long, default_value_t = 0, value_name = "PERCENT")]
    drop_answers: u8,
    /// Cut every stream after each of its frames.
    #[arg(long, conflicts_with = "cuts")]
    cut_every_frame: bool,
    /// Cut streams so many times in all, each after some number of bytes.
    #[arg(long, value_name = "NUMBER")]
    cuts: Option<u64>,
    /// The most bytes before such a cut.
    #[arg(long, default_value_t = 1000, value_name = "BYTES")]
    cut_within: u64,
}

impl ProxyArguments {
    fn plan(&self) -> Plan {
        let cut = match self.cuts {
            Some(cuts) => Cut::Bytes { cuts, most: self.cut_within },
            None if self.cut_every_frame => Cut::EveryFrame,
            None => Cut::Never,
        };
        Plan { seed: self.seed, drop_requests: self.drop_requests, drop_answers: self.drop_answers, cut }
    }
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
        Command::Proxy(arguments) => {
            let proxy = Proxy::start(arguments.upstream, arguments.plan()).await?;
            say(&format!("ready {}", proxy.url()))?;
            until_input_ends().await
        }
        Command::ExactlyOnce(arguments) => exactly_once::run(arguments).await,
        Command::WholeStreams(arguments) => whole_streams::run(arguments).await,
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
