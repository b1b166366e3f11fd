//! Executions a second of the real binary, with auth, all quotas and the durable ledger on: `make bench`.
//!
//! The workload: an agent without tools and an answer of about twenty tokens, JSON, 64 connections. The load generator is as thin
//! as it can be (a prepared request, an answer read by its length), and its own CPU is reported apart.

mod cpu;
mod load;
mod server;

use std::time::Duration;

use load::Outcome;
use server::Server;

const CONNECTIONS: usize = 64;
const MEASURED: Duration = Duration::from_secs(8);
/// What DESIGN's table of figures asks for.
const WANTED: [(&str, f64); 2] = [("SQLite", 10_000.0), ("PostgreSQL", 5_000.0)];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    println!(
        "executions, JSON, {CONNECTIONS} at once, durable (SQLite synchronous=FULL, PostgreSQL synchronous_commit=on)"
    );
    println!(
        "{:<11} {:>9} {:>8} {:>9} {:>9} {:>14} {:>14} {:>9}",
        "database", "per s", "of goal", "p50", "p99", "server CPU/op", "load CPU/op", "RSS"
    );
    let sqlite = format!("sqlite://{}", folder.path().join("bench.db").display());
    measure(WANTED[0], &sqlite).await?;
    match std::env::var("AGENT_PLATFORM_TEST_POSTGRES") {
        Ok(cluster) => measure(WANTED[1], &server::fresh_database(&cluster, "executions").await?).await?,
        Err(_) => println!(
            "PostgreSQL  not measured: AGENT_PLATFORM_TEST_POSTGRES names no cluster (`make bench` starts one)"
        ),
    }
    Ok(())
}

async fn measure((name, wanted): (&str, f64), url: &str) -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(url)?;
    let request = [server.prepare("bench@example.com")?];
    load::run(server.address, &request, CONNECTIONS, Duration::from_secs(1)).await?;
    let process = server.process.id().to_string();
    let (cpu_before, own_before) = (cpu::of(&process)?, cpu::own()?);
    let Outcome { latencies, seconds } = load::run(server.address, &request, CONNECTIONS, MEASURED).await?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53 executions")]
    let count = latencies.len() as f64;
    let per_second = count / seconds;
    let server_cpu = (cpu::of(&process)? - cpu_before) / count * 1e6;
    let own_cpu = (cpu::own()? - own_before) / count * 1e6;
    println!(
        "{name:<11} {per_second:>9.0} {:>7.0}% {:>6.2} ms {:>6.2} ms {server_cpu:>11.1} µs {own_cpu:>11.1} µs {:>6.1} MB",
        per_second / wanted * 100.0,
        load::percentile(&latencies, 50),
        load::percentile(&latencies, 99),
        server.resident_megabytes()?,
    );
    Ok(())
}
