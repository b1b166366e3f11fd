//! The real binary, for what only a process can show: signals, exit codes, sockets.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{
    Answer, Backend, Database, PATIENCE,
    server::{self, OPERATOR_KEY},
    wire,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_agent-platform");

/// The binary with these arguments, and nothing of this environment that would configure it.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    let ours = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("AGENT_PLATFORM_"));
    for name in ours {
        command.env_remove(name);
    }
    command.args(arguments).env("RUST_LOG", "warn").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a command to its end.
pub async fn run(command: &mut Command) -> Output {
    tokio::time::timeout(PATIENCE, command.output()).await.expect("the command ends").expect("the binary runs")
}

/// Standard output and error of a command that must have succeeded.
#[track_caller]
pub fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("what it prints is text")
}

/// The one line on standard error of a command that must have failed.
#[track_caller]
pub fn one_line_of_failure(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("what it prints is text");
    assert!(!output.status.success(), "{output:?}");
    assert_eq!(text.trim_end().lines().count(), 1, "one line: {text}");
    assert!(text.starts_with("error: "), "{text}");
    text
}

/// `agent-platform serve`, listening.
pub struct Binary {
    pub address: SocketAddr,
    process: Child,
}

impl Binary {
    pub async fn serve(database: &Database) -> Self {
        let mut command = command(&["serve", "--bind", "127.0.0.1:0"]);
        command
            .env("AGENT_PLATFORM_DATABASE_URL", database.url_text())
            .env("AGENT_PLATFORM_OPERATOR_KEY", OPERATOR_KEY);
        Self::listening(&mut command).await
    }

    /// Starts a command that serves, and waits until it is ready.
    pub async fn listening(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let line =
            tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("it gets ready").expect("it prints text");
        let line = line.expect("it says where it listens");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.and_then(|address| address.parse().ok());
        Self { address: address.unwrap_or_else(|| panic!("an address stands in {line:?}")), process }
    }

    /// Signs up and gives the key.
    pub async fn sign_up(&self, email: &str) -> String {
        let body = json!({ "email": email, "tier": "professional" });
        server::id(&self.call("POST", "/signup", "", body).await.ok(201), "api_key")
    }

    pub async fn agent(&self, key: &str, tools: &[&str]) -> String {
        let agent = json!({ "name": "Support Agent", "system_prompt": "You are helpful.", "tools": tools });
        server::id(&self.call("POST", "/agents", key, agent).await.ok(201), "agent_id")
    }

    pub async fn call(&self, method: &str, path: &str, key: &str, body: Value) -> Answer {
        wire::call(self.address, method, path, key, body).await
    }

    /// Executes an agent under an `Idempotency-Key`.
    pub async fn execute_once(&self, key: &str, agent_id: &str, once: &str) -> Answer {
        let path = format!("/agents/{agent_id}/execute");
        let body = json!({ "message": "Hello!" });
        let mut exchange = wire::send_once(self.address, "POST", &path, (key, Some(once)), &body).await;
        let body = exchange.rest().await;
        Answer { status: exchange.response.status(), headers: exchange.response.headers().clone(), body }
    }

    pub async fn get(&self, path: &str, key: &str) -> Answer {
        self.call("GET", path, key, Value::Null).await
    }

    /// Begins a stream and waits for its first event; gives the execution's id with it.
    pub async fn stream(&self, key: &str, agent_id: &str, mut body: Value) -> (wire::Exchange, String) {
        body["stream"] = true.into();
        let mut exchange = wire::send(self.address, "POST", &format!("/agents/{agent_id}/execute"), key, &body).await;
        let first = exchange.next().await.expect("a stream begins");
        exchange.begun = String::from_utf8(first.into()).expect("events are text");
        let frames = super::sse::frames(&exchange.begun);
        let execution_id = server::id(&frames.first().expect("the first event is whole").data, "execution_id");
        (exchange, execution_id)
    }

    /// The signal that a supervisor sends.
    pub async fn terminate(&self) {
        self.signal("TERM").await;
    }

    async fn signal(&self, name: &str) {
        let pid = self.process.id().expect("it has not ended").to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status().await;
        assert!(status.expect("there is a kill").success());
    }

    /// Ends it at once, as a crash does.
    pub async fn kill(mut self) {
        self.process.kill().await.expect("it can be killed");
    }

    /// Waits for its end and tells whether it succeeded.
    pub async fn ended(mut self) -> bool {
        let status = tokio::time::timeout(PATIENCE, self.process.wait()).await.expect("it ends");
        status.expect("it can be waited for").success()
    }

    /// Whether it ends within this time: for what must keep it up.
    pub async fn ends_within(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.process.wait()).await.is_ok()
    }
}

/// Whether this process may write into folders that are closed to it: root may.
pub fn may_write_anywhere(folder: &Path) -> bool {
    std::fs::write(folder.join("probe"), "").is_ok()
}

/// Runs a test on a new database, and takes it away where the test passed.
pub async fn with_database<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(std::sync::Arc<Database>) -> F) {
    let database = std::sync::Arc::new(Database::new(backend).await);
    test(database.clone()).await;
    if let Some(database) = std::sync::Arc::into_inner(database) {
        database.remove().await;
    }
}
