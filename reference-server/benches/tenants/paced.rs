//! Load that does not wait for the answers: requests are due at a fixed rate.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::JoinSet};

use super::load::{connected, exchange, spread};

/// How many requests may be on their way; more wait, and their waiting counts.
const CONNECTIONS: usize = 64;

/// Sends `request` so many times a second for `span`; a latency counts from when its request was due.
pub(crate) async fn at_rate(
    address: SocketAddr,
    request: &str,
    per_second: f64,
    span: Duration,
) -> io::Result<Vec<Duration>> {
    let request: Arc<[u8]> = request.as_bytes().into();
    let (due, queue) = async_channel();
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (queue, request) = (queue.clone(), request.clone());
        tasks.spawn(async move {
            let (mut stream, mut latencies) = (connected(address).await?, Vec::new());
            loop {
                let next = queue.lock().await.recv().await;
                let Some(due) = next else { return Ok::<_, io::Error>(latencies) };
                exchange(&mut stream, &request).await?;
                latencies.push(Instant::now() - due);
            }
        });
    }
    let pause = Duration::from_secs_f64(1.0 / per_second);
    let mut tick = tokio::time::interval(pause);
    let started = Instant::now();
    while started.elapsed() < span {
        let at = tick.tick().await;
        let _ = due.send(at.into_std());
    }
    drop(due);
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done.map_err(io::Error::other)??);
    }
    Ok(latencies)
}

type Queue = Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Instant>>>;

fn async_channel() -> (mpsc::UnboundedSender<Instant>, Queue) {
    let (due, queue) = mpsc::unbounded_channel();
    (due, Arc::new(tokio::sync::Mutex::new(queue)))
}

/// Sends each of the requests once.
pub(crate) async fn once(address: SocketAddr, requests: &[String], connections: usize) -> io::Result<()> {
    let each = requests.len().div_ceil(connections);
    spread(address, requests, connections, move |sent| sent < each).await.map(drop)
}
