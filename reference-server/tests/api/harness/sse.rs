//! Server-sent events, read strictly.

use serde_json::Value;

/// The events of which a stream ends with exactly one.
const TERMINAL: [&str; 3] = ["execution.completed", "execution.failed", "execution.cancelled"];

/// One event.
#[derive(Clone, Debug)]
pub struct Frame {
    pub id: u64,
    pub event: String,
    pub data: Value,
}

impl Frame {
    #[track_caller]
    fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        let mut field = |name: &str| {
            let line = lines.next().unwrap_or_else(|| panic!("a frame has `{name}`: {text:?}"));
            line.strip_prefix(&format!("{name}: "))
                .unwrap_or_else(|| panic!("`{name}` is missing: {text:?}"))
                .to_owned()
        };
        let (id, event, data) = (field("id"), field("event"), field("data"));
        assert_eq!(lines.next(), None, "a frame has three lines");
        let data: Value = serde_json::from_str(&data).expect("the data is one JSON value");
        assert_eq!(data["type"], event.as_str(), "`type` repeats the event's name");
        Self { id: id.parse().expect("an id is a number"), event, data }
    }

    pub fn is_terminal(&self) -> bool {
        TERMINAL.contains(&self.event.as_str())
    }
}

/// The frames of a text that may stop anywhere; heartbeats are left out.
#[track_caller]
pub fn frames(text: &str) -> Vec<Frame> {
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    whole.split("\n\n").filter(|frame| !frame.is_empty() && !frame.starts_with(':')).map(Frame::parse).collect()
}

/// The frames of a stream that came to its end: numbered 1, 2, 3, …, begun by `execution.started`, ended by the one terminal.
#[track_caller]
pub fn whole_stream(text: &str) -> Vec<Frame> {
    assert!(text.ends_with("\n\n"), "the last frame is whole");
    let frames = frames(text);
    for (expected, frame) in (1..).zip(&frames) {
        assert_eq!(frame.id, expected);
    }
    assert_eq!(frames.first().expect("there are events").event, "execution.started");
    assert!(frames.last().expect("there are events").is_terminal());
    assert_eq!(frames.iter().filter(|frame| frame.is_terminal()).count(), 1);
    frames
}

/// The text that was streamed.
pub fn streamed_text(frames: &[Frame]) -> String {
    let deltas = frames.iter().filter(|frame| frame.event == "message.delta");
    deltas.map(|frame| frame.data["text"].as_str().expect("a delta has text")).collect()
}
