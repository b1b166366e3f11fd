//! A Redis of a test's own, on a socket in a folder of its own.

use std::{path::PathBuf, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// See the module. It ends with this.
pub struct Redis {
    folder: TempDir,
    process: Child,
}

impl Redis {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let process = Self::spawn(&folder);
        let redis = Self { folder, process };
        redis.answers().await;
        redis
    }

    fn spawn(folder: &TempDir) -> Child {
        let socket = folder.path().join("redis.sock");
        let _ = std::fs::remove_file(&socket);
        Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--dir"])
            .arg(folder.path())
            .arg("--unixsocket")
            .arg(socket)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server is installed: `make test` sees to it, or `apt-get install redis-server`")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    async fn answers(&self) {
        let asking = async {
            let mut pause = tokio::time::interval(Duration::from_millis(5));
            loop {
                pause.tick().await;
                if self.try_connect().await.is_ok() {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("Redis answers");
    }

    async fn try_connect(&self) -> redis::RedisResult<redis::aio::MultiplexedConnection> {
        let mut connection = redis::Client::open(self.url())?.get_multiplexed_async_connection().await?;
        let () = redis::cmd("PING").query_async(&mut connection).await?;
        Ok(connection)
    }

    /// What a person at `redis-cli` is answered.
    pub async fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut connection = self.try_connect().await.expect("Redis answers");
        let mut command = redis::cmd(words[0]);
        for word in &words[1..] {
            command.arg(*word);
        }
        command.query_async(&mut connection).await.expect("Redis understands")
    }

    /// Ends it as a crash does.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("it can be killed");
    }

    /// Starts it again: with what it had saved last, or else empty.
    pub async fn start_again(&mut self) {
        self.process = Self::spawn(&self.folder);
        self.answers().await;
    }
}
