//! From a reply of a script to the bytes that go over the wire.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{
    reply::{Frame, Framing, HeaderValues, OtherPiece, Piece, Reply},
    words,
};

/// An answer before it is cut.
pub(crate) struct Answer {
    /// Status line, headers and the empty line.
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<Part>,
    pub(crate) framing: Framing,
}

/// A part of a body.
#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Bytes(Vec<u8>),
    Pause(Duration),
}

/// What of a reply cannot be played.
pub(crate) fn check(reply: &Reply) -> Result<()> {
    let bodies = [
        reply.json.is_some(),
        reply.problem.is_some(),
        reply.text.is_some(),
        reply.hex.is_some(),
        reply.events.is_some(),
        reply.pieces.is_some(),
        reply.raw.is_some(),
        reply.raw_hex.is_some(),
    ];
    ensure!(bodies.iter().filter(|given| **given).count() <= 1, "a reply has one body");
    ensure!(reply.then.is_none() || reply.stop.is_some(), "`then` is for a reply with a `stop`");
    ensure!(reply.split != Some(0), "`split` is at least 1");
    for digits in [&reply.hex, &reply.raw_hex].into_iter().flatten() {
        bytes_of(digits)?;
    }
    for piece in reply.pieces.iter().flatten() {
        if let Piece::Other(OtherPiece { hex: Some(digits), .. }) = piece {
            bytes_of(digits)?;
        }
    }
    Ok(())
}

/// The bytes of a reply that says them all itself.
pub(crate) fn raw(reply: &Reply) -> Option<Vec<u8>> {
    let text = reply.raw.as_ref().map(|text| text.clone().into_bytes());
    text.or_else(|| reply.raw_hex.as_ref().and_then(|digits| bytes_of(digits).ok()))
}

/// The answer of a reply.
pub(crate) fn answer(reply: &Reply) -> Answer {
    let status = reply.status.unwrap_or(200);
    let (kind, body) = body(reply, status);
    let body = match reply.split {
        Some(size) => split(&body, size),
        None => body,
    };
    let is_streamed = reply.events.is_some() || reply.pieces.is_some() || reply.split.is_some();
    let framing = reply.framing.unwrap_or(if is_streamed { Framing::Chunked } else { Framing::Length });
    let mut head = format!("HTTP/1.1 {status} {}\r\n", if status < 400 { "OK" } else { "Error" });
    let given = |name: &str| reply.headers.keys().any(|key| key.eq_ignore_ascii_case(name));
    if let Some(kind) = kind.filter(|_| !given("content-type")) {
        head += &format!("content-type: {kind}\r\n");
    }
    match framing {
        Framing::Chunked => head += "transfer-encoding: chunked\r\n",
        Framing::Close => head += "connection: close\r\n",
        // 204 and 304 have no body, and say nothing of its length (RFC 9110, 8.6).
        Framing::Length if matches!(status, 204 | 304) || given("content-length") => {}
        Framing::Length => head += &format!("content-length: {}\r\n", length(&body)),
    }
    for (name, values) in &reply.headers {
        let values = match values {
            HeaderValues::One(value) => std::slice::from_ref(value),
            HeaderValues::Many(values) => values,
        };
        for value in values {
            head += &format!("{name}: {}\r\n", words::fill_dates(value));
        }
    }
    Answer { head: (head + "\r\n").into_bytes(), body, framing }
}

fn length(body: &[Part]) -> usize {
    body.iter().map(|part| if let Part::Bytes(bytes) = part { bytes.len() } else { 0 }).sum()
}

fn body(reply: &Reply, status: u16) -> (Option<&'static str>, Vec<Part>) {
    let whole = |kind, text: String| (Some(kind), vec![Part::Bytes(text.into_bytes())]);
    if let Some(value) = &reply.json {
        whole("application/json", value.to_string())
    } else if let Some(fields) = &reply.problem {
        let mut problem = json!({"type": "urn:agent-platform:problem:some_code", "title": "A title", "status": status,
            "detail": "what went wrong", "code": "some_code", "request_id": "req-body"});
        for (name, value) in fields {
            problem[name] = value.clone();
        }
        whole("application/problem+json", problem.to_string())
    } else if let Some(text) = &reply.text {
        whole("text/plain; charset=utf-8", text.clone())
    } else if let Some(digits) = &reply.hex {
        (Some("application/octet-stream"), vec![Part::Bytes(bytes_of(digits).unwrap_or_default())])
    } else if let Some(frames) = &reply.events {
        (Some("text/event-stream"), frames.iter().map(|frame| Part::Bytes(frame_text(frame).into_bytes())).collect())
    } else if let Some(pieces) = &reply.pieces {
        (Some("text/event-stream"), pieces.iter().flat_map(parts).collect())
    } else {
        (None, Vec::new())
    }
}

fn frame_text(frame: &Frame) -> String {
    match frame {
        Frame::Text(text) => text.clone(),
        Frame::Event(event) => {
            let id = event.id.map(|id| format!("id: {id}\n")).unwrap_or_default();
            let name = event.event.as_deref().or_else(|| event.data.get("type").and_then(Value::as_str));
            format!("{id}event: {}\ndata: {}\n\n", name.unwrap_or("message"), event.data)
        }
    }
}

fn parts(piece: &Piece) -> Vec<Part> {
    let piece = match piece {
        Piece::Text(text) => return vec![Part::Bytes(text.clone().into_bytes())],
        Piece::Other(piece) => piece,
    };
    let pause = piece.pause_ms.map(|pause| Part::Pause(Duration::from_millis(pause)));
    let times = piece.times.unwrap_or(1);
    match (&piece.hex, &piece.repeat, piece.pause_ms) {
        (Some(digits), ..) => vec![Part::Bytes(bytes_of(digits).unwrap_or_default())],
        (None, Some(text), None) => vec![Part::Bytes(text.repeat(times).into_bytes())],
        (None, Some(text), Some(pause)) => (0..times)
            .flat_map(|_| [Part::Bytes(text.clone().into_bytes()), Part::Pause(Duration::from_millis(pause))])
            .collect(),
        (None, None, _) => pause.into_iter().collect(),
    }
}

fn split(body: &[Part], size: usize) -> Vec<Part> {
    let mut bytes = Vec::with_capacity(length(body));
    for part in body {
        if let Part::Bytes(more) = part {
            bytes.extend_from_slice(more);
        }
    }
    bytes.chunks(size).map(|chunk| Part::Bytes(chunk.to_vec())).collect()
}

fn bytes_of(digits: &str) -> Result<Vec<u8>> {
    let digits: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
    let is_even = digits.is_ascii() && digits.len().is_multiple_of(2);
    ensure!(is_even, "{digits:?} is not hexadecimal");
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16);
    (0..digits.len())
        .step_by(2)
        .map(|at| byte(at).map_err(|_| anyhow::anyhow!("{digits:?} is not hexadecimal")))
        .collect()
}
