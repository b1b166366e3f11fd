//! `exactly-once`: has a driver make executes through a proxy that drops much, kills the server in between, and compares
//! what the driver was told with the server's ledger.

use std::path::PathBuf;

use agent_platform_conformance::{
    live::{self, Answer, Stage},
    proxy::Plan,
};
use anyhow::{Result, bail};

use crate::{driver::Driver, say};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The server's binary; by default the one beside this program.
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// How many executes the driver makes.
    #[arg(long, default_value_t = 1000, value_name = "NUMBER")]
    executes: usize,
    /// How many of them at the same time.
    #[arg(long, default_value_t = 64, value_name = "NUMBER")]
    at_once: usize,
    /// How many of a hundred requests, and of a hundred answers, are dropped.
    #[arg(long, default_value_t = 30, value_name = "PERCENT")]
    drop: u8,
    /// How often the server is killed and started again while the driver works.
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    restarts: usize,
    /// Where the proxy's random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The driver: a program, and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "DRIVER")]
    driver: Vec<String>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { server, executes, at_once, drop, restarts, seed, driver } = arguments;
    let binary = server.map_or_else(live::binary, Ok)?;
    let plan = Plan { seed, drop_requests: drop, drop_answers: drop, ..Plan::default() };
    let mut stage = Stage::set(binary, plan).await?;
    let variables = [
        ("EXECUTES", executes.to_string()),
        ("AT_ONCE", at_once.to_string()),
        ("AGENT_ID", stage.brief_agent_id.clone()),
    ];
    let mut driver = Driver::start(&driver, &stage, &variables)?;
    let mut answers: Vec<Answer> = Vec::new();
    // Evenly spread over the run.
    let mut kills = (1..=restarts).map(|kill| kill * executes / (restarts + 1));
    let mut next = kills.next();
    while let Some(answer) = driver.next().await? {
        answers.push(answer);
        if next.is_some_and(|next| answers.len() >= next) {
            stage.kill_and_restart().await?;
            next = kills.next();
        }
    }
    let ledger = stage.ledger().await?;
    say(&format!(
        "{} answers, {} ledger entries, {} of them interrupted; {}",
        answers.len(),
        ledger.entries,
        ledger.failed,
        serde_json::to_string(&stage.proxy.stats())?
    ))?;
    let contradictions = ledger.contradictions(&answers, executes);
    if contradictions.is_empty() {
        return Ok(());
    }
    bail!("{}", contradictions.join("\n"))
}
