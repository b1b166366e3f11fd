//! `whole-streams`: has a driver read streams through a proxy that cuts them, and compares what it read with what the server
//! has on record.

use std::path::PathBuf;

use agent_platform_conformance::{
    live::{self, QUESTION, Stage},
    proxy::{Cut, Plan},
};
use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::{driver::Driver, say};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The server's binary; by default the one beside this program.
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// How many streams the driver reads, one after the other.
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    streams: usize,
    /// Cut them so many times at random bytes, instead of after each frame.
    #[arg(long, value_name = "NUMBER")]
    cuts: Option<u64>,
    /// The most bytes before such a cut; frames are about 90 bytes long.
    #[arg(long, default_value_t = 600, value_name = "BYTES")]
    cut_within: u64,
    /// Where the proxy's random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The driver: a program, and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "DRIVER")]
    driver: Vec<String>,
}

/// What a driver tells of a stream.
#[derive(Deserialize)]
struct Told {
    /// Every event that the loop brought.
    events: Vec<Value>,
    /// The final response.
    #[serde(rename = "final")]
    response: Value,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { server, streams, cuts, cut_within, seed, driver } = arguments;
    let cut = cuts.map_or(Cut::EveryFrame, |cuts| Cut::Bytes { cuts, most: cut_within });
    let stage = Stage::set(server.map_or_else(live::binary, Ok)?, Plan { seed, cut, ..Plan::default() }).await?;
    let variables =
        [("STREAMS", streams.to_string()), ("AGENT_ID", stage.agent_id.clone()), ("MESSAGE", QUESTION.to_owned())];
    let mut driver = Driver::start(&driver, &stage, &variables)?;
    let mut told: Vec<Told> = Vec::new();
    while let Some(stream) = driver.next().await? {
        told.push(stream);
    }
    let (stats, ledger) = (stage.proxy.stats(), stage.ledger().await?);
    let events: usize = told.iter().map(|stream| stream.events.len()).sum();
    say(&format!(
        "{} streams of {events} events, {} cuts, {} executions",
        told.len(),
        stats.cuts,
        ledger.executions.len()
    ))?;
    let mut found = Vec::new();
    for (n, stream) in told.iter().enumerate() {
        let started = stream.events.first().and_then(|event| event["execution_id"].as_str()).unwrap_or_default();
        let recorded = stage.recorded_events(started).await?;
        if stream.events != recorded {
            found.push(format!("stream {n} brought {} events, {} are on record", stream.events.len(), recorded.len()));
        }
        if recorded.last().is_none_or(|last| last["response"] != stream.response) {
            found.push(format!("stream {n} has another final response than the one on record"));
        }
    }
    if [told.len(), ledger.executions.len(), usize::try_from(ledger.entries)?] != [streams; 3] {
        found.push(format!("{streams} streams are {} executions, {} entries", ledger.executions.len(), ledger.entries));
    }
    if stats.cuts != cuts.unwrap_or(events as u64) {
        found.push(format!("there were {} cuts", stats.cuts));
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!("{}", found.join("\n"))
}
