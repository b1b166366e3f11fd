//! The server that every client is measured against: it costs next to nothing and answers the same bytes to all.

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How many events a stream has whose request names no number.
pub const EVENTS: usize = 400_000;

const AGENT: &str = r#"{"agent_id":"agent-01","name":"Support Agent","status":"active","system_prompt":"You are helpful.","tools":["search_kb"],"model":"builtin","max_output_tokens":1024,"temperature":0.0,"metadata":{},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}"#;
const EXECUTION: &str = r#"{"execution_id":"exec-01","conversation_id":"conv-01","agent_id":"agent-01","message":"Hello.","tokens_used":12,"usage":{"input_tokens":10,"output_tokens":2,"estimated":false},"cost":0.0006,"model":"builtin","finish_reason":"stop","tool_calls":[],"created_at":"2026-01-01T00:00:00Z","duration_ms":1}"#;

/// The part of an execution's request that decides here: how many events to send.
#[derive(Default, Deserialize)]
struct Execute {
    message: String,
}

/// Answers on a free port, whose URL is printed, until standard input ends: that is, until who started it is gone.
pub async fn serve() {
    std::thread::spawn(|| {
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).unwrap();
        std::process::exit(0);
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        connection.set_nodelay(true).unwrap();
        tokio::spawn(answer(connection));
    }
}

/// One frame of text.
pub fn delta(number: usize) -> String {
    format!("id: {number}\nevent: message.delta\ndata: {{\"type\":\"message.delta\",\"text\":\" word\"}}\n\n")
}

fn events(count: usize) -> String {
    let started =
        r#"{"type":"execution.started","execution_id":"exec-01","conversation_id":"conv-01","agent_id":"agent-01"}"#;
    let completed = format!(r#"{{"type":"execution.completed","response":{EXECUTION}}}"#);
    let mut frames = format!("id: 1\nevent: execution.started\ndata: {started}\n\n");
    frames.extend((2..count + 2).map(delta));
    frames.push_str(&format!("id: {}\nevent: execution.completed\ndata: {completed}\n\n", count + 2));
    frames
}

async fn answer(mut connection: TcpStream) {
    let json = |body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req-1\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let mut request = Vec::new();
    // A client that goes away in the middle is no fault of the measurement.
    while let Ok(1..) = connection.read_buf(&mut request).await {
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|after| after.split("\r\n").next());
        if body.len() < length.map_or(0, |length| length.parse().unwrap()) {
            continue;
        }
        let streams = head.contains("text/event-stream");
        let sent = if head.starts_with("delete") {
            connection.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await
        } else if head.lines().next().is_some_and(|line| line.contains("/execute")) && streams {
            let asked: Execute = serde_json::from_str(body).unwrap_or_default();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
            let frames = events(asked.message.parse().unwrap_or(EVENTS));
            let _ = connection.write_all(format!("{head}{frames}").as_bytes()).await;
            return;
        } else if head.lines().next().is_some_and(|line| line.contains("/execute")) {
            connection.write_all(json(EXECUTION).as_bytes()).await
        } else {
            connection.write_all(json(AGENT).as_bytes()).await
        };
        if sent.is_err() {
            return;
        }
        request.clear();
    }
}
