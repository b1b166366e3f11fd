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

/// Sends `request` over `connections` connections for `span`.
pub(crate) async fn run(address: SocketAddr, request: &str, connections: usize, span: Duration) -> io::Result<Outcome> {
    let request: Arc<[u8]> = request.as_bytes().into();
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let request = request.clone();
        tasks.spawn(async move { connection(address, &request, started + span).await });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done.map_err(io::Error::other)??);
    }
    Ok(Outcome { latencies, seconds: started.elapsed().as_secs_f64() })
}

async fn connection(address: SocketAddr, request: &[u8], until: Instant) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::with_capacity(1 << 14);
    let mut buffer = vec![0; 16 << 10];
    while Instant::now() < until {
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
                break;
            }
        }
        latencies.push(sent.elapsed());
    }
    Ok(latencies)
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
