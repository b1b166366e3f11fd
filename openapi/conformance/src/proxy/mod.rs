//! A proxy before a real server that drops requests and answers, and cuts streams, by a plan that is the same each time.

mod body;
mod forward;

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use serde::Serialize;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::{
    http::{self, Connection, Request},
    random::Random,
};

/// Where the proxy itself answers, with what it has done.
const STATS: &str = "/_proxy/stats";

/// No call is dropped more often than this, as told by its `Idempotency-Key`: clients are asked for 20 retries, and one call
/// in a million would need more.
const MOST_DROPS: u32 = 18;

/// What a proxy does to the connections through it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// Where the numbers begin: the same plan with the same seed does the same.
    pub seed: u64,
    /// How many of a hundred requests are dropped before they reach the server.
    pub drop_requests: u8,
    /// How many of a hundred answers are dropped after the server has given them: before the headers, within them, or
    /// within the body.
    pub drop_answers: u8,
    /// Where streams are cut.
    pub cut: Cut,
}

/// Where event streams are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// Nowhere.
    #[default]
    Never,
    /// After each frame: every answer brings one.
    EveryFrame,
    /// After some number of bytes of each answer, so many times in all; then never again. Every other cut lets a whole frame
    /// through before: a frame that is longer than the cuts allow would never pass.
    Bytes {
        /// How many cuts there are.
        cuts: u64,
        /// The most bytes that an answer brings before it is cut.
        most: u64,
    },
}

/// What a proxy has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Requests that came.
    pub requests: u64,
    /// Requests that the server did not see.
    pub dropped_requests: u64,
    /// Answers that the client did not see whole.
    pub dropped_answers: u64,
    /// Streams that were cut.
    pub cuts: u64,
    /// Answers that the server itself broke off.
    pub broken: u64,
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    dropped_requests: AtomicU64,
    dropped_answers: AtomicU64,
    cuts: AtomicU64,
    broken: AtomicU64,
}

/// A proxy at work; it ends with its runtime.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    plan: Plan,
    random: Random,
    counts: Counts,
    /// How often each call was dropped, by its `Idempotency-Key`.
    drops: Mutex<HashMap<String, u32>>,
}

impl Shared {
    /// Whether so many of a hundred such requests, or answers to them, are to be dropped, and this one.
    fn drops(&self, share: u8, request: &Request) -> bool {
        if !self.random.percent(share) {
            return false;
        }
        let Some(key) = request.header("idempotency-key") else {
            return true;
        };
        let mut drops = self.drops.lock().unwrap_or_else(PoisonError::into_inner);
        let drops = drops.entry(key.to_owned()).or_default();
        *drops += 1;
        *drops <= MOST_DROPS
    }

    /// Whether another stream is to be cut: how many were before.
    fn takes_a_cut(&self, most: u64) -> Option<u64> {
        self.counts.cuts.fetch_update(Relaxed, Relaxed, |cuts| (cuts < most).then_some(cuts + 1)).ok()
    }
}

impl Proxy {
    /// Starts on a free port of the loopback interface, on the runtime in which it is awaited.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(upstream: SocketAddr, plan: Plan) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (random, counts, drops) = (Random::new(plan.seed), Counts::default(), Mutex::default());
        let shared = Arc::new(Shared { upstream, plan, random, counts, drops });
        let proxy = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&proxy)));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        stats(&self.shared.counts)
    }
}

fn stats(counts: &Counts) -> Stats {
    Stats {
        requests: counts.requests.load(Relaxed),
        dropped_requests: counts.dropped_requests.load(Relaxed),
        dropped_answers: counts.dropped_answers.load(Relaxed),
        cuts: counts.cuts.load(Relaxed),
        broken: counts.broken.load(Relaxed),
    }
}

/// Serves a client's connection, until it or the plan ends it.
async fn serve(connection: TcpStream, shared: Arc<Shared>) {
    let _ = connection.set_nodelay(true);
    let mut client = Connection::new(connection);
    while let Ok(Some(request)) = http::read_request(&mut client).await {
        if request.target == STATS {
            let told = json!(stats(&shared.counts)).to_string();
            if http::write_json(&mut client, 200, &told).await.is_err() {
                return;
            }
            continue;
        }
        shared.counts.requests.fetch_add(1, Relaxed);
        if shared.drops(shared.plan.drop_requests, &request) {
            shared.counts.dropped_requests.fetch_add(1, Relaxed);
            return;
        }
        match forward::forward(&mut client, &request, &shared).await {
            Ok(forward::Then::KeepAlive) => {}
            Ok(forward::Then::Close) => return,
            Err(_) => {
                shared.counts.broken.fetch_add(1, Relaxed);
                return;
            }
        }
    }
}
