//! Many tenants on one server: `make bench`. One hot tenant beside ten thousand, a noisy one beside a quiet one, what a tenant takes
//! of memory, and what the quotas cost. `cargo bench --bench tenants -- noise` measures a part: `quotas`, `many` or `noise`.

#[path = "../executions/load.rs"]
mod load;
mod noise;
mod paced;
mod quota_step;
#[path = "../executions/server.rs"]
mod server;

use std::{error::Error, sync::Arc, time::Duration};

use load::Outcome;
use server::Server;

const TENANTS: usize = 10_000;
const CONNECTIONS: usize = 64;
const MEASURED: Duration = Duration::from_secs(8);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let sqlite = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    let parts: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let is_wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    if is_wanted("quotas") {
        quota_step::measure(&sqlite("quotas.db")).await?;
    }
    let mut databases = vec![("SQLite", sqlite("tenants.db"), sqlite("noise.db"))];
    match std::env::var("AGENT_PLATFORM_TEST_POSTGRES") {
        Ok(cluster) => databases.push((
            "PostgreSQL",
            server::fresh_database(&cluster, "tenants").await?,
            server::fresh_database(&cluster, "noise").await?,
        )),
        Err(_) => println!("PostgreSQL is not measured: AGENT_PLATFORM_TEST_POSTGRES names no cluster"),
    }
    if is_wanted("many") {
        println!("\nexecutions a second, {CONNECTIONS} at once: one hot tenant, and {TENANTS} in turn");
        println!("{:<11} {:>9} {:>9} {:>7} {:>16}", "database", "hot", "many", "ratio", "memory a tenant");
        for (name, url, _) in &databases {
            hot_and_many(name, url).await?;
        }
    }
    if is_wanted("noise") {
        println!(
            "\na quiet tenant's p99 beside one that sends 20 times as much (goal: within 2 times its figure alone)"
        );
        for (name, _, url) in &databases {
            noise::measure(name, url).await?;
        }
    }
    Ok(())
}

async fn hot_and_many(name: &str, url: &str) -> Result<(), Box<dyn Error>> {
    let server = Arc::new(Server::start(url)?);
    let hot = vec![server.prepare("hot@example.com")?];
    let before = server.resident_megabytes()?;
    let many = many_tenants(&server).await?;
    // Each once, so that all are known.
    paced::once(server.address, &many, CONNECTIONS).await?;
    let kilobytes = (server.resident_megabytes()? - before) * 1024.0;
    load::run(server.address, &hot, CONNECTIONS, Duration::from_secs(1)).await?;
    // In turns, so that what the machine does beside hits both.
    let (mut of_hot, mut of_many) = (0.0, 0.0);
    for _ in 0..2 {
        of_hot += per_second(&load::run(server.address, &hot, CONNECTIONS, MEASURED / 2).await?) / 2.0;
        of_many += per_second(&load::run(server.address, &many, CONNECTIONS, MEASURED / 2).await?) / 2.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53 tenants")]
    let a_tenant = kilobytes / many.len() as f64;
    println!("{name:<11} {of_hot:>9.0} {of_many:>9.0} {:>7.2} {a_tenant:>13.1} KB", of_many / of_hot);
    Ok(())
}

/// Signs them up over as many connections as the load will have, and gives the request of each.
async fn many_tenants(server: &Arc<Server>) -> Result<Vec<String>, Box<dyn Error>> {
    let tasks = (0..CONNECTIONS).map(|first| {
        let server = server.clone();
        tokio::task::spawn_blocking(move || {
            let numbers = (first..TENANTS).step_by(CONNECTIONS);
            let requests = numbers.map(|at| server.prepare(&format!("tenant-{at}@tenant-{at}.example")));
            requests.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())
        })
    });
    let mut requests = Vec::with_capacity(TENANTS);
    for task in tasks.collect::<Vec<_>>() {
        requests.extend(task.await??);
    }
    Ok(requests)
}

fn per_second(outcome: &Outcome) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53 executions")]
    let count = outcome.latencies.len() as f64;
    count / outcome.seconds
}
