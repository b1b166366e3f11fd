//! A loopback server that answers each request with the next reply of its script and keeps what it was sent.

use std::sync::{Arc, Mutex};

use agent_platform::{
    Client, RecordedDelays, Result, StreamEvent,
    operation::{Answer, DurationClass, Method, Operation},
};
use serde::Deserialize;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A key whose secret part must never be seen.
pub(crate) const KEY: &str = "pk_test_public_SECRETSECRET";

const fn operation(id: &'static str, method: Method, path: &'static str) -> Operation {
    Operation {
        id,
        method,
        path,
        path_parameters: &[],
        query_parameters: &[],
        header_parameters: &[],
        has_body: matches!(method, Method::Post | Method::Patch),
        needs_api_key: true,
        answer: Answer::Json,
        duration: DurationClass::Call,
        rejoin: None,
    }
}

pub(crate) static GET: Operation = operation("get_agent", Method::Get, "/agents/{agent_id}");
pub(crate) static LIST: Operation = operation("list_agents", Method::Get, "/agents");
pub(crate) static CREATE: Operation = operation("create_agent", Method::Post, "/agents");
pub(crate) static UPDATE: Operation = operation("update_agent", Method::Patch, "/agents");
pub(crate) static REPLACE: Operation = operation("replace_agent", Method::Put, "/agents");
pub(crate) static DELETE: Operation =
    Operation { answer: Answer::Empty, ..operation("delete_agent", Method::Delete, "/agents") };
pub(crate) static DOWNLOAD: Operation =
    Operation { answer: Answer::Bytes, ..operation("get_document", Method::Get, "/document") };
pub(crate) static SIGN_UP: Operation =
    Operation { needs_api_key: false, ..operation("sign_up", Method::Post, "/signup") };
pub(crate) static STREAM: Operation =
    Operation { answer: Answer::Events, ..operation("stream_agent", Method::Post, "/execute") };
/// The same where the server keeps the events.
pub(crate) static REJOINABLE: Operation =
    Operation { answer: Answer::Events, rejoin: Some(&EVENTS), ..operation("stream_agent", Method::Post, "/execute") };
pub(crate) static EVENTS: Operation = Operation {
    answer: Answer::Events,
    rejoin: Some(&EVENTS),
    ..operation("stream_execution_events", Method::Get, "/executions/{execution_id}/events")
};

#[derive(Debug, Deserialize, PartialEq)]
pub(crate) struct Item {
    pub name: String,
}

/// An event type as the generator makes them, small.
#[derive(Debug, Deserialize, PartialEq)]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub text: String,
}

impl StreamEvent for Event {
    type Response = Item;
}

/// What the server does with one request.
pub(crate) enum Reply {
    /// Answers as a whole.
    Whole { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// Opens a stream, sends these pieces one by one, then ends as told.
    Stream { pieces: Vec<Vec<u8>>, end: End },
    /// Opens a stream and sends what follows the event that the request names, then ends properly.
    Rest(Vec<String>),
    /// Sends the beginning of an answer, then closes the connection.
    Broken,
    /// Sends the beginning of an answer, and no more.
    Stalled(u16),
    /// Closes the connection without an answer.
    Close,
    /// Never answers.
    Silent,
}

/// How a stream ends.
#[derive(Clone, Copy)]
pub(crate) enum End {
    /// As HTTP says a body ends.
    Properly,
    /// As HTTP says, but only when the client has gone on: the server waits for this many turns of the others.
    Late(usize),
    /// With the connection, in the middle of the body.
    Cut,
    /// With bytes that are no chunk.
    Malformed,
    /// Not at all.
    Silent,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        let problem = format!(
            r#"{{"type":"about:blank","title":"T","status":{status},"detail":"what went wrong","code":"some_code","request_id":"req-body"}}"#
        );
        Self::Whole { status, headers: vec![("content-type", "application/problem+json".into())], body: problem }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::Whole { status: 200, headers: vec![("content-type", "application/json".into())], body: body.into() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }

    pub(crate) fn events(text: &str, end: End) -> Self {
        Self::Stream { pieces: vec![text.as_bytes().to_vec()], end }
    }
}

/// A request as it came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub line: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Server {
    pub url: String,
    state: Arc<Mutex<State>>,
    /// Told each time that a client closes its side of a connection.
    pub closed: tokio::sync::mpsc::UnboundedReceiver<()>,
}

struct State {
    script: std::vec::IntoIter<Reply>,
    requests: Vec<Request>,
    connections: usize,
}

impl Server {
    pub(crate) async fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = State { script: script.into_iter(), requests: Vec::new(), connections: 0 };
        let state = Arc::new(Mutex::new(state));
        let (tell_closed, closed) = tokio::sync::mpsc::unbounded_channel();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                // What is written in pieces is to arrive in them, without a wait of 40 ms.
                connection.set_nodelay(true).unwrap();
                let (state, tell_closed) = (Arc::clone(&shared), tell_closed.clone());
                tokio::spawn(async move {
                    // A client that goes away in the middle is part of some tests.
                    let _ = serve(connection, &state).await;
                    let _ = tell_closed.send(());
                });
            }
        });
        Self { url, state, closed }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// A client for this server that does not wait between attempts, and what it would have waited.
    pub(crate) fn client(&self) -> (Client, Arc<RecordedDelays>) {
        let waits = Arc::new(RecordedDelays::default());
        let builder = Client::builder().api_key(KEY).base_url(&self.url);
        (builder.sleep(Arc::clone(&waits) as _).build().unwrap(), waits)
    }
}

fn beginning(status: u16) -> String {
    format!("HTTP/1.1 {status} S\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{\"na")
}

async fn serve(connection: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut connection = BufReader::new(connection);
    while let Some(request) = read_request(&mut connection).await? {
        let seen = request.header("last-event-id").map_or(0, |id| id.parse().unwrap_or(0));
        let reply = {
            let mut state = state.lock().unwrap();
            state.requests.push(request);
            // 418 stands for "the script is over": no test expects it.
            state.script.next().unwrap_or_else(|| Reply::status(418))
        };
        let reply = match reply {
            Reply::Rest(frames) => Reply::events(&frames[seen..].concat(), End::Properly),
            other => other,
        };
        match reply {
            Reply::Rest(_) => unreachable!("it has become a stream"),
            Reply::Whole { status, headers, body } => {
                let mut text = format!("HTTP/1.1 {status} S\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    text.push_str(&format!("{name}: {value}\r\n"));
                }
                connection.write_all(format!("{text}\r\n{body}").as_bytes()).await?;
            }
            Reply::Stream { pieces, end } => {
                connection
                    .write_all(
                        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req-stream\r\ntransfer-encoding: chunked\r\n\r\n",
                    )
                    .await?;
                for piece in pieces {
                    connection.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await?;
                    connection.write_all(&piece).await?;
                    connection.write_all(b"\r\n").await?;
                    connection.flush().await?;
                    tokio::task::yield_now().await;
                }
                match end {
                    End::Properly => connection.write_all(b"0\r\n\r\n").await?,
                    End::Late(turns) => {
                        turns_of_others(turns).await;
                        connection.write_all(b"0\r\n\r\n").await?;
                    }
                    End::Cut => return Ok(()),
                    End::Malformed => connection.write_all(b"no chunk\r\n").await?,
                    End::Silent => return wait_for_close(&mut connection).await,
                }
            }
            Reply::Broken => return connection.write_all(beginning(200).as_bytes()).await,
            Reply::Stalled(status) => {
                connection.write_all(beginning(status).as_bytes()).await?;
                return wait_for_close(&mut connection).await;
            }
            Reply::Close => return Ok(()),
            Reply::Silent => return wait_for_close(&mut connection).await,
        }
        connection.flush().await?;
    }
    Ok(())
}

async fn wait_for_close(connection: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    connection.flush().await?;
    connection.read_to_end(&mut Vec::new()).await.map(|_| ())
}

pub(crate) async fn read_request(connection: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Request>> {
    let mut request = Request::default();
    if connection.read_line(&mut request.line).await? == 0 {
        return Ok(None);
    }
    request.line = request.line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    request.body = String::from_utf8(body).unwrap();
    Ok(Some(request))
}

/// Lets the other tasks of this thread, and what has arrived on sockets, have their turns.
pub(crate) async fn turns_of_others(turns: usize) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}

/// The error of a call that had to fail.
pub(crate) fn failure<T: std::fmt::Debug>(result: Result<T>) -> agent_platform::Error {
    result.expect_err("the call had to fail")
}
