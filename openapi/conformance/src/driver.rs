//! A driver: a small program over an SDK that makes calls to a stage, and tells a line of JSON for each.

use std::process::Stdio;

use agent_platform_conformance::live::Stage;
use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// A driver at work.
pub(crate) struct Driver {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts a program that finds the stage's proxy, its key and these variables in its environment.
    pub(crate) fn start(command: &[String], stage: &Stage, variables: &[(&str, String)]) -> Result<Self> {
        let mut process = Command::new(&command[0])
            .args(&command[1..])
            .env("AGENT_PLATFORM_BASE_URL", stage.proxy.url())
            .env("AGENT_PLATFORM_API_KEY", &stage.api_key)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", command[0]))?;
        let lines = BufReader::new(process.stdout.take().context("its output is a pipe")?).lines();
        Ok(Self { process, lines })
    }

    /// What it tells next; `None` when it has ended well.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        if let Some(line) = self.lines.next_line().await? {
            return serde_json::from_str(&line).map(Some).with_context(|| format!("the driver said {line:?}"));
        }
        let status = self.process.wait().await?;
        ensure!(status.success(), "the driver ended with {status}");
        Ok(None)
    }
}
