//! A server that answers each request with the next reply of its script, and the program run against it.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    sync::{Arc, Mutex},
};

use agent_platform::cli::{self, Streams};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A key whose secret part must never be seen.
pub(crate) const KEY: &str = "pk_test_public_SECRETSECRET";

/// Bytes of an answer, and whether the server then keeps the connection without another word.
pub(crate) struct Reply {
    pub bytes: String,
    pub then_silent: bool,
}

/// A whole answer.
pub(crate) fn reply(status: u16, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let bytes = format!(
        "HTTP/1.1 {status} S\r\ncontent-length: {length}\r\nx-request-id: req-1\r\nconnection: close\r\n{headers}\r\n{body}"
    );
    Reply { bytes, then_silent: false }
}

pub(crate) fn json(body: &str) -> Reply {
    reply(200, "content-type: application/json\r\n", body)
}

pub(crate) fn problem(status: u16, code: &str, detail: &str) -> Reply {
    let body =
        serde_json::json!({"status": status, "code": code, "detail": detail, "title": "T", "request_id": "req-1"});
    reply(status, "content-type: application/problem+json\r\nretry-after: 7\r\n", &body.to_string())
}

/// A stream that ends with its connection.
pub(crate) fn events(frames: &[&str]) -> Reply {
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req-1\r\nconnection: close\r\n\r\n{}",
        frames.concat()
    );
    Reply { bytes, then_silent: false }
}

pub(crate) const STARTED: &str = "id: 1\nevent: execution.started\ndata: {\"type\":\"execution.started\",\"execution_id\":\"exec-1\",\"conversation_id\":\"conv-1\",\"agent_id\":\"agent-1\"}\n\n";

pub(crate) fn delta(id: u32, text: &str) -> String {
    let data = serde_json::json!({"type": "message.delta", "text": text});
    format!("id: {id}\nevent: message.delta\ndata: {data}\n\n")
}

pub(crate) fn completed(id: u32, finish_reason: &str) -> String {
    let response = serde_json::json!({
        "execution_id": "exec-1", "conversation_id": "conv-1", "agent_id": "agent-1", "message": "m", "tokens_used": 3,
        "usage": {"input_tokens": 1, "output_tokens": 2, "estimated": false}, "cost": 0.01, "model": "builtin",
        "finish_reason": finish_reason, "tool_calls": [], "created_at": "2026-01-01T00:00:00Z", "duration_ms": 5,
    });
    format!(
        "id: {id}\nevent: execution.completed\ndata: {{\"type\":\"execution.completed\",\"response\":{response}}}\n\n"
    )
}

/// An answer of these pieces, from its first event to its last.
pub(crate) fn answer(pieces: &[&str]) -> Reply {
    let mut frames = vec![STARTED.to_owned()];
    frames.extend((2..).zip(pieces).map(|(id, piece)| delta(id, piece)));
    frames.push(completed(99, "stop"));
    events(&frames.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What the server was sent: the head of each request, and its body.
#[derive(Clone, Default)]
pub(crate) struct Requests(Arc<Mutex<Vec<(String, String)>>>);

impl Requests {
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().clone()
    }

    /// The body of the only request.
    pub(crate) fn body(&self) -> serde_json::Value {
        let [(_, body)] = &self.all()[..] else { panic!("{} requests", self.all().len()) };
        serde_json::from_str(body).unwrap()
    }
}

pub(crate) async fn serve(script: Vec<Reply>) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Requests::default();
    let seen = requests.clone();
    tokio::spawn(async move {
        for reply in script {
            let mut connection = BufReader::new(listener.accept().await.unwrap().0);
            let request = read_request(&mut connection).await.unwrap();
            seen.0.lock().unwrap().push(request);
            connection.write_all(reply.bytes.as_bytes()).await.unwrap();
            connection.flush().await.unwrap();
            if reply.then_silent {
                // Whether it ends or breaks, the client is gone.
                let _ = connection.read_to_end(&mut Vec::new()).await;
            }
        }
    });
    (url, requests)
}

async fn read_request(connection: &mut BufReader<TcpStream>) -> io::Result<(String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        connection.read_line(&mut head).await?;
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    connection.read_exact(&mut body).await?;
    Ok((head, String::from_utf8(body).unwrap()))
}

/// A stream that is written to and looked at afterwards.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub status: u8,
    pub stdout: String,
    pub stderr: String,
}

/// The surroundings of a run; `Default` is what a script gives it.
pub(crate) struct Surroundings {
    pub stdin: Box<dyn Read + Send>,
    pub stdin_is_terminal: bool,
    pub stdout_is_terminal: bool,
    /// In place of what is looked at afterwards.
    pub stdout: Option<Box<dyn Write + Send>>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { stdin: Box::new(io::empty()), stdin_is_terminal: false, stdout_is_terminal: false, stdout: None }
    }
}

/// Runs the program as it is: with no more arguments than these.
pub(crate) async fn run_bare(arguments: &[&str], surroundings: Surroundings) -> Run {
    let (stdout, stderr) = (Written::default(), Written::default());
    let streams = Streams {
        stdin: surroundings.stdin,
        stdin_is_terminal: surroundings.stdin_is_terminal,
        stdout: surroundings.stdout.unwrap_or_else(|| Box::new(stdout.clone())),
        stdout_is_terminal: surroundings.stdout_is_terminal,
        stderr: Box::new(stderr.clone()),
    };
    let status = cli::run(arguments.iter().map(OsString::from).collect(), streams).await;
    Run { status, stdout: stdout.text(), stderr: stderr.text() }
}

/// Runs the program against this server, with a key and without repetitions.
pub(crate) async fn run_in(url: &str, arguments: &[&str], surroundings: Surroundings) -> Run {
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), format!("{KEY}\n")).unwrap();
    let key = key.path().to_str().unwrap();
    let common = ["--base-url", url, "--api-key-file", key, "--max-retries", "0"];
    run_bare(&[&common, arguments].concat(), surroundings).await
}

pub(crate) async fn run(url: &str, arguments: &[&str]) -> Run {
    run_in(url, arguments, Surroundings::default()).await
}
