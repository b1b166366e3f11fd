//! The fault server: plays the scripts of cases and keeps what arrived.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use crate::{
    case::Case,
    expect::Observation,
    http::{self, Connection, Request},
    judge::judge,
    play::{self, After},
    reply::{Repeat, Reply},
    tls,
};

/// The key of every client, whose secret part no message may hold.
pub const API_KEY: &str = "pk_test_conformance_SECRETSECRET";

/// How long a verdict waits for a client to close its connection.
const CLOSING: Duration = Duration::from_secs(10);

/// What arrived in one run of a case.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Report {
    /// The requests, in the order in which they came.
    pub attempts: Vec<Attempt>,
    /// Whether the client closed a connection on which the server was not done.
    pub closed_by_client: bool,
    /// Whether more came than the script provides for.
    pub beyond_script: bool,
}

/// A request as it arrived.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Attempt {
    /// `GET`, …
    pub method: String,
    /// The path below the base URL.
    pub path: String,
    /// The query; empty for none.
    pub query: String,
    /// The headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body: JSON, or text where it is none.
    pub body: Value,
}

impl Attempt {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// A server that plays cases.
#[derive(Debug)]
pub struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    cases: HashMap<String, Case>,
    /// What `/_cases` answers.
    listing: String,
    runs: Mutex<HashMap<(String, String), Report>>,
    closed: Notify,
}

impl FaultServer {
    /// Starts on a free port of the loopback interface, on the runtime in which it is awaited.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(mut cases: Vec<Case>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let tls_address = tls::start().await?.to_string();
        for url in cases.iter_mut().flat_map(|case| [&mut case.client.base_url, &mut case.client.proxy]).flatten() {
            *url = url.replace("{{address}}", &address.to_string()).replace("{{tls_address}}", &tls_address);
        }
        let listing = json!({ "cases": cases }).to_string();
        let cases = cases.into_iter().map(|case| (case.name.clone(), case)).collect();
        let shared = Arc::new(Shared { cases, listing, runs: Mutex::default(), closed: Notify::new() });
        let server = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&server)));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The cases, with its addresses filled in.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.shared.cases.values()
    }

    /// What is wrong with a run; nothing if the client did as it must.
    pub async fn verdict(&self, case: &Case, run: &str, observation: &Observation) -> Vec<String> {
        self.shared.verdict(case, run, observation).await.0
    }
}

impl Shared {
    fn runs(&self) -> MutexGuard<'_, HashMap<(String, String), Report>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, case: &str, run: &str) -> Report {
        self.runs().get(&(case.to_owned(), run.to_owned())).cloned().unwrap_or_default()
    }

    async fn verdict(&self, case: &Case, run: &str, observation: &Observation) -> (Vec<String>, Report) {
        if case.expect.closed == Some(true) {
            let closed = async {
                loop {
                    let next = self.closed.notified();
                    if self.report(&case.name, run).closed_by_client {
                        return;
                    }
                    next.await;
                }
            };
            // A client that does not close is what the judge will say.
            let _ = tokio::time::timeout(CLOSING, closed).await;
        }
        let report = self.report(&case.name, run);
        (judge(case, &report, observation), report)
    }

    /// Notes an attempt and finds what to do with it.
    fn arrived(&self, case: &Case, run: &str, attempt: Attempt) -> Reply {
        let mut runs = self.runs();
        let report = runs.entry((case.name.clone(), run.to_owned())).or_default();
        report.attempts.push(attempt);
        let reply = reply_to(case, report.attempts.len());
        report.beyond_script |= reply.is_none();
        let beyond = Reply { status: Some(418), problem: Some(serde_json::Map::new()), ..Reply::default() };
        reply.cloned().unwrap_or(beyond)
    }
}

/// The reply to an attempt, of which the first is 1.
fn reply_to(case: &Case, number: usize) -> Option<&Reply> {
    let number = if case.cycle { (number - 1) % case.script.len() + 1 } else { number };
    let mut used = 0;
    case.script.iter().find(|reply| match reply.repeat {
        Repeat::Always(_) => true,
        Repeat::Times(times) => {
            used += times as usize;
            number <= used
        }
    })
}

async fn serve(connection: TcpStream, shared: Arc<Shared>) {
    // Each piece goes out at once: what is split here has to be split when it arrives.
    let _ = connection.set_nodelay(true);
    let mut connection = Connection::new(connection);
    while let Ok(Some(request)) = http::read_request(&mut connection).await {
        let target = request.path_and_query().to_owned();
        let served = if target.starts_with("/_") {
            control(&mut connection, &shared, &target, &request).await
        } else {
            act(&mut connection, &shared, &target, request).await
        };
        if !matches!(served, Ok(After::KeepAlive)) {
            return;
        }
    }
}

async fn act(connection: &mut Connection, shared: &Shared, target: &str, request: Request) -> io::Result<After> {
    let mut parts = target.trim_start_matches('/').splitn(3, '/');
    let (name, run) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (Some(case), false) = (shared.cases.get(name), run.is_empty()) else {
        http::write_json(connection, 404, r#"{"detail": "no such case"}"#).await?;
        return Ok(After::KeepAlive);
    };
    let rest = format!("/{}", parts.next().unwrap_or_default());
    let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
    let text = String::from_utf8_lossy(&request.body).into_owned();
    let attempt = Attempt {
        method: request.method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: request.headers,
        body: serde_json::from_slice(&request.body)
            .unwrap_or_else(|_| if text.is_empty() { Value::Null } else { Value::String(text) }),
    };
    let reply = shared.arrived(case, run, attempt);
    let after = play::play(connection, &reply).await;
    if after == After::ClosedByClient {
        if let Some(report) = shared.runs().get_mut(&(name.to_owned(), run.to_owned())) {
            report.closed_by_client = true;
        }
        shared.closed.notify_waiters();
    }
    Ok(after)
}

/// What runners ask for.
async fn control(connection: &mut Connection, shared: &Shared, target: &str, request: &Request) -> io::Result<After> {
    let parts: Vec<&str> = target.trim_start_matches('/').split('/').collect();
    let (status, body) = match *parts {
        ["_cases"] => (200, shared.listing.clone()),
        ["_report", case, run] => (200, json!(shared.report(case, run)).to_string()),
        ["_verdict", name, run] => match (shared.cases.get(name), serde_json::from_slice(&request.body)) {
            (Some(case), Ok(observation)) => {
                let (problems, report) = shared.verdict(case, run, &observation).await;
                (200, json!({ "problems": problems, "report": report }).to_string())
            }
            (None, _) => (404, json!({ "problems": [format!("there is no case {name}")] }).to_string()),
            (_, Err(error)) => (422, json!({ "problems": [format!("the observation: {error}")] }).to_string()),
        },
        _ => (404, json!({ "problems": ["ask for /_cases, /_report/… or /_verdict/…"] }).to_string()),
    };
    http::write_json(connection, status, &body).await?;
    Ok(After::KeepAlive)
}
