//! What the client costs: CPU time for each call beside that of bare reqwest, and bytes of event stream a second.
//!
//! `cargo bench -p agent-platform-sdk` prints one line a figure. The server runs in a process of its own, so that only
//! the client's CPU time counts (Linux: from `/proc`). With `-- --serve` it is only that server, for the measurements of the
//! other languages: they then read the same bytes.
#![expect(clippy::unwrap_used, reason = "a measurement that meets the unexpected has to stop")]

mod server;

use std::{
    fs,
    hint::black_box,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use agent_platform::{Arguments, Client, RequestOptions, operations, sse::Framer};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinSet;

use server::{EVENTS, delta};

#[derive(Serialize, Deserialize)]
struct Agent {
    name: String,
    system_prompt: String,
    tools: Vec<String>,
}

const CALLS: usize = 60_000;
const AT_ONCE: usize = 64;

fn main() {
    if std::env::args().any(|argument| argument == "--serve") {
        return runtime().block_on(server::serve());
    }
    framing();
    let mut server = Command::new(std::env::current_exe().unwrap());
    let mut server = server.arg("--serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    let url = url.trim().to_owned();
    runtime().block_on(async {
        for at_once in [AT_ONCE, 1] {
            let (mut bare, mut typed) = (f64::MAX, f64::MAX);
            // The best of three each, in turns: other work on the machine only ever adds.
            for _ in 0..3 {
                bare = bare.min(bare_calls(&url, at_once).await);
                typed = typed.min(typed_calls(&url, at_once).await);
            }
            println!(
                "call, {at_once} at once: bare reqwest {bare:.1} us, client {typed:.1} us of CPU, ratio {:.2}",
                typed / bare
            );
        }
        let cost = (0..3).map(|_| stream(&url)).collect::<Vec<_>>();
        let mut best = f64::MAX;
        for cost in cost {
            best = best.min(cost.await);
        }
        println!("stream: {best:.2} us of CPU an event");
    });
    server.kill().unwrap();
    server.wait().unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn agent() -> Agent {
    Agent { name: "Support Agent".into(), system_prompt: "You are helpful.".into(), tools: vec!["search_kb".into()] }
}

async fn typed_calls(url: &str, at_once: usize) -> f64 {
    let client = Client::builder().api_key("pk_test_a_b").base_url(url).build().unwrap();
    let work = move || {
        let client = client.clone();
        async move {
            let body = Arguments::new().json(&agent()).unwrap();
            let agent: Agent = client.send(&operations::CREATE_AGENT, body).await.unwrap();
            black_box(agent);
        }
    };
    cpu_of(at_once, work).await
}

async fn bare_calls(url: &str, at_once: usize) -> f64 {
    // The TLS setting only because there is no default provider; these calls use none.
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap();
    let url = format!("{url}/agents");
    let work = move || {
        let request = client
            .post(&url)
            .header("authorization", "Bearer pk_test_a_b")
            .header("content-type", "application/json")
            .timeout(Duration::from_secs(60));
        async move {
            let body = serde_json::to_vec(&agent()).unwrap();
            let response = request.body(body).send().await.unwrap();
            let agent: Agent = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
            black_box(agent);
        }
    };
    cpu_of(at_once, work).await
}

/// CPU time in microseconds for each run of `work`.
async fn cpu_of<F: Future<Output = ()> + Send + 'static>(
    at_once: usize,
    work: impl Fn() -> F + Clone + Send + 'static,
) -> f64 {
    work().await;
    let calls = CALLS / if at_once == 1 { 3 } else { 1 };
    let before = cpu_time();
    let mut tasks = JoinSet::new();
    for _ in 0..at_once {
        let work = work.clone();
        tasks.spawn(async move {
            for _ in 0..calls / at_once {
                work().await;
            }
        });
    }
    tasks.join_all().await;
    (cpu_time() - before).as_secs_f64() * 1e6 / calls as f64
}

async fn stream(url: &str) -> f64 {
    let client = Client::builder().api_key("pk_test_a_b").base_url(url).build().unwrap();
    let before = cpu_time();
    let arguments = Arguments::new().path("agent_id", "agent-01").json(&json!({ "message": "" })).unwrap();
    let mut stream = client.open(&operations::STREAM_AGENT, arguments, &RequestOptions::new()).await.unwrap();
    let (mut batch, mut events) = (Vec::new(), 0);
    while stream.next_batch(&mut batch, 256).await.unwrap() {
        events += batch.len();
        batch.clear();
    }
    assert_eq!(events + batch.len(), EVENTS + 2);
    (cpu_time() - before).as_secs_f64() * 1e6 / EVENTS as f64
}

fn framing() {
    let small: String = (0..EVENTS).map(delta).collect();
    let line = format!("data: {}\n\n", "x".repeat(8 * 1024 * 1024));
    for (name, text) in [("small events", small), ("an 8 MB line", line)] {
        let text = Bytes::from(text);
        let mut best = f64::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            let mut framer = Framer::default();
            for start in (0..text.len()).step_by(16 * 1024) {
                framer.push(text.slice(start..text.len().min(start + 16 * 1024)));
                while let Some(event) = framer.next_event().unwrap() {
                    black_box(event);
                }
            }
            best = best.min(begun.elapsed().as_secs_f64());
        }
        let rate = text.len() as f64 / best / 1e6;
        println!("framing {name}: {rate:.0} MB/s, {:.1} ms", best * 1e3);
    }
}

/// User and system time of this process.
fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10) // USER_HZ is 100 on Linux
}
