//! A server of its own: on a free port, its database in a folder that goes away with it.

use std::{
    env,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Names another server than the one beside the test.
const BINARY_VARIABLE: &str = "AGENT_PLATFORM_BINARY";

/// A debug build on a busy machine takes a while.
const START: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub struct LiveServer {
    binary: PathBuf,
    folder: TempDir,
    address: SocketAddr,
    process: Child,
}

/// The server's binary: what `AGENT_PLATFORM_BINARY` says, or what the workspace's build has put beside this program.
///
/// # Errors
/// When there is none.
pub fn binary() -> Result<PathBuf> {
    if let Some(named) = env::var_os(BINARY_VARIABLE) {
        return Ok(named.into());
    }
    let this = env::current_exe()?;
    let name = format!("agent-platform{}", env::consts::EXE_SUFFIX);
    let found = this.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|file| file.is_file());
    found.with_context(|| {
        format!("there is no server beside {}: build the whole workspace, or set {BINARY_VARIABLE}", this.display())
    })
}

impl LiveServer {
    /// Starts a server with an empty database.
    ///
    /// # Errors
    /// When it does not say that it is ready.
    pub async fn start(binary: PathBuf) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (process, address) = spawn(&binary, folder.path(), "127.0.0.1:0").await?;
        Ok(Self { binary, folder, address, process })
    }

    /// Where it is, also after it was restarted.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it as a crash does, and starts it again on the same database and the same port.
    ///
    /// # Errors
    /// As [`LiveServer::start`].
    pub async fn kill_and_restart(&mut self) -> Result<()> {
        self.process.kill().await?;
        let (process, _) = spawn(&self.binary, self.folder.path(), &self.address.to_string()).await?;
        self.process = process;
        Ok(())
    }
}

async fn spawn(binary: &Path, folder: &Path, bind: &str) -> Result<(Child, SocketAddr)> {
    let database = format!("sqlite://{}", folder.join("agent-platform.db").display());
    let ours = env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("AGENT_PLATFORM_"));
    let log = folder.join("server.log");
    let mut process = Command::new(binary)
        .args(["serve", "--bind", bind, "--database-url", &database])
        .env_clear()
        .envs(ours)
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(&log)?)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} could not be started", binary.display()))?;
    let out = process.stdout.take().context("its output is a pipe")?;
    let mut lines = BufReader::new(out).lines();
    let line = tokio::time::timeout(START, lines.next_line()).await.context("the server was not ready in time")??;
    let Some(address) = line.as_deref().and_then(|line| line.split_once("http://")).map(|(_, rest)| rest) else {
        bail!("the server did not start: {}", fs::read_to_string(&log)?.trim_end());
    };
    let address = address.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    let address = address.parse().with_context(|| format!("{address:?} is no address"))?;
    Ok((process, address))
}
