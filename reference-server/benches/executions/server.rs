//! The server under test: the real binary in a process of its own.

use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};

const OPERATOR_KEY: &str = "operator-key-of-the-benchmark";
pub(crate) struct Server {
    pub(crate) process: Child,
    #[expect(dead_code, reason = "it is held: the file is there as long as the server")]
    configuration: tempfile::NamedTempFile,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(database_url: &str) -> Result<Self, Box<dyn Error>> {
        // Thousands of tenants sign up from this one address.
        let mut configuration = tempfile::NamedTempFile::new()?;
        configuration.write_all(b"[limits]\nsign_ups_per_hour = 1000000\n")?;
        let mut process = Command::new(env!("CARGO_BIN_EXE_agent-platform"))
            .args(["serve", "--bind", "127.0.0.1:0"])
            .env("AGENT_PLATFORM_DATABASE_URL", database_url)
            .env("AGENT_PLATFORM_OPERATOR_KEY", OPERATOR_KEY)
            .env("AGENT_PLATFORM_CONFIG", configuration.path())
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split_whitespace().next());
        let address = address.ok_or("the server did not start")?.parse()?;
        Ok(Self { process, configuration, address })
    }

    /// Makes a tenant whose quotas are out of the way and an agent; gives the request that executes it.
    pub(crate) fn prepare(&self, email: &str) -> Result<String, Box<dyn Error>> {
        let tenant = self.send("POST", "/signup", None, &json!({ "email": email, "tier": "enterprise" }))?;
        let key = tenant["api_key"].as_str().ok_or("no key")?.to_owned();
        let out_of_the_way = json!({ "quota": { "max_requests_per_hour": 1_000_000_000, "max_tokens_per_month": 1_000_000_000_000_i64,
            "max_spend_per_month": 1_000_000_000, "max_concurrent_agents": 10_000, "max_storage_mb": 1_000_000_000 } });
        let path = format!("/admin/tenants/{}", tenant["tenant_id"].as_str().ok_or("no tenant")?);
        self.send("PATCH", &path, Some(OPERATOR_KEY), &out_of_the_way)?;
        let agent =
            self.send("POST", "/agents", Some(&key), &json!({ "name": "Bench", "system_prompt": "You are helpful." }))?;
        let path = format!("/agents/{}/execute", agent["agent_id"].as_str().ok_or("no agent")?);
        Ok(http(self.address, "POST", &path, Some(&key), &json!({ "message": "Hello!" })))
    }

    fn send(&self, method: &str, path: &str, key: Option<&str>, body: &Value) -> Result<Value, Box<dyn Error>> {
        let mut stream = TcpStream::connect(self.address)?;
        let request = http(self.address, method, path, key, body).replacen("\r\n", "\r\nconnection: close\r\n", 1);
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("half an answer")?;
        if head.starts_with("HTTP/1.1 2") { Ok(serde_json::from_str(body)?) } else { Err(answer.into()) }
    }

    pub(crate) fn resident_megabytes(&self) -> Result<f64, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kilobytes =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).and_then(|v| v.split_whitespace().next());
        Ok(kilobytes.ok_or("no VmRSS")?.parse::<f64>()? / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn http(address: SocketAddr, method: &str, path: &str, key: Option<&str>, body: &Value) -> String {
    let (body, key) = (body.to_string(), key.unwrap_or_default());
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A new database in the cluster whose socket lies in this folder, by its URL.
pub(crate) async fn fresh_database(folder: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let url = |database: &str| format!("postgres://postgres@localhost/{database}?host={folder}");
    let name = format!("bench_{name}_{}", std::process::id());
    let mut connection = url("postgres").parse::<PgConnectOptions>()?.connect().await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
    connection.close().await?;
    Ok(url(&name))
}
