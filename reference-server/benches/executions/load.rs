//! The load generator: each connection sends the next request when the last is answered.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// What a run came to.
pub(crate) struct Outcome {
    /// Of each answer, in no order.
    pub(crate) latencies: Vec<Duration>,
    /// How long the run took.
    pub(crate) seconds: f64,
}

/// Sends these requests in turn over `connections` connections for `span`.
pub(crate) async fn run(
    address: SocketAddr,
    requests: &[String],
    connections: usize,
    span: Duration,
) -> io::Result<Outcome> {
    let started = Instant::now();
    let latencies = spread(address, requests, connections, move |_| Instant::now() < started + span).await?;
    Ok(Outcome { latencies, seconds: started.elapsed().as_secs_f64() })
}

/// Each connection has its share of the requests, and sends the next for as long as `goes_on` says so of how many it has sent.
pub(crate) async fn spread(
    address: SocketAddr,
    requests: &[String],
    connections: usize,
    goes_on: impl Fn(usize) -> bool + Copy + Send + 'static,
) -> io::Result<Vec<Duration>> {
    let mut tasks = JoinSet::new();
    for first in 0..connections {
        let share: Vec<Arc<[u8]>> = requests
            .iter()
            .cycle()
            .skip(first)
            .step_by(connections)
            .take(requests.len().div_ceil(connections))
            .map(|request| request.as_bytes().into())
            .collect();
        tasks.spawn(async move {
            let mut stream = connected(address).await?;
            let mut latencies = Vec::with_capacity(1 << 14);
            while goes_on(latencies.len()) {
                latencies.push(exchange(&mut stream, &share[latencies.len() % share.len()]).await?);
            }
            Ok::<_, io::Error>(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done.map_err(io::Error::other)??);
    }
    Ok(latencies)
}

pub(crate) async fn connected(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends a request and reads its answer; gives how long that took.
pub(crate) async fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<Duration> {
    let mut buffer = [0; 16 << 10];
    let sent = Instant::now();
    stream.write_all(request).await?;
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if answer_is_whole(&buffer[..filled])? {
            return Ok(sent.elapsed());
        }
    }
}

/// Whether the answer, which must be 200, is there to its last byte.
fn answer_is_whole(answer: &[u8]) -> io::Result<bool> {
    let Some(head) = answer.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(false) };
    let text = std::str::from_utf8(&answer[..head]).map_err(io::Error::other)?;
    if !text.starts_with("HTTP/1.1 200") {
        return Err(io::Error::other(String::from_utf8_lossy(answer).into_owned()));
    }
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|n| n.parse::<usize>().ok());
    Ok(length.is_some_and(|length| answer.len() >= head + 4 + length))
}

/// The latency, in milliseconds, that this many of a hundred answers stay under.
pub(crate) fn percentile(latencies: &[Duration], percent: usize) -> f64 {
    let mut sorted = latencies.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
}
