//! Frames of `text/event-stream` out of chunks of bytes, as the HTML standard says (9.2.6), in time linear in their length.
//!
//! Each byte is looked at once, whatever the size of the chunks; data that lies within one chunk is not copied.

use bytes::Bytes;
use memchr::{memchr, memchr2};

use crate::event::{EventName, RawEvent};

/// The longest frame; one that is longer ends the stream with an error before it fills the memory.
pub const MAX_FRAME: usize = 32 * 1024 * 1024;

/// The longest id. A longer one is ignored: each event would carry a copy of it, and no header could give it back.
pub const MAX_ID: usize = 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A frame of more than [`MAX_FRAME`] bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct FrameTooLarge;

/// Cuts what is pushed into events. Public for fuzzing and measuring only.
#[derive(Debug, Default)]
pub struct Framer {
    /// The newest chunk; what lies before `at` has been read.
    chunk: Bytes,
    at: usize,
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    data: Data,
    event: Option<EventName>,
    last_name: Option<EventName>,
    /// Kept from frame to frame, as the standard says.
    last_id: String,
    /// Whether the frame under way has an id of its own.
    has_id: bool,
    /// The same of the event that was cut out last.
    event_had_id: bool,
    /// The line before ended in CR: an LF that follows belongs to it, also in the next chunk.
    after_cr: bool,
    begun: bool,
    signs_of_life: u64,
}

/// The data of the frame under way.
#[derive(Debug, Default)]
enum Data {
    #[default]
    None,
    Line(Bytes),
    Lines(Vec<u8>),
}

impl Data {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Line(line) => line.len(),
            Self::Lines(lines) => lines.len(),
        }
    }

    fn push(&mut self, line: Bytes) {
        *self = match std::mem::take(self) {
            Self::None => Self::Line(line),
            Self::Line(first) => {
                let mut lines = Vec::with_capacity(first.len() + 1 + line.len());
                lines.extend_from_slice(&first);
                lines.push(b'\n');
                lines.extend_from_slice(&line);
                Self::Lines(lines)
            }
            Self::Lines(mut lines) => {
                lines.push(b'\n');
                lines.extend_from_slice(&line);
                Self::Lines(lines)
            }
        }
    }
}

impl Framer {
    /// Takes the next chunk, once [`Framer::next_event`] has asked for it.
    pub fn push(&mut self, chunk: Bytes) {
        debug_assert!(self.at == self.chunk.len(), "a chunk would be lost");
        self.chunk = chunk;
        self.at = 0;
    }

    /// Grows with each event and comment that is complete.
    pub fn signs_of_life(&self) -> u64 {
        self.signs_of_life
    }

    /// Whether the event that was cut out last had an id of its own, rather than that of the one before.
    pub(crate) fn event_had_id(&self) -> bool {
        self.event_had_id
    }

    /// The next event; `None` when another chunk is needed.
    ///
    /// # Errors
    /// When an event is longer than [`MAX_FRAME`]; nothing can be read after it.
    pub fn next_event(&mut self) -> Result<Option<RawEvent>, FrameTooLarge> {
        let chunk = self.chunk.clone();
        loop {
            if self.after_cr && self.at < chunk.len() {
                self.after_cr = false;
                self.at += usize::from(chunk[self.at] == b'\n');
            }
            let start = self.at;
            let end = match chunk.get(start) {
                // Every event ends in an empty line: quicker than a search.
                Some(b'\n') => Some(start),
                _ => memchr2(b'\n', b'\r', &chunk[start..]).map(|length| start + length),
            };
            let part = &chunk[start..end.unwrap_or(chunk.len())];
            if self.line.len() + self.data.len() + part.len() > MAX_FRAME {
                return Err(FrameTooLarge);
            }
            let Some(end) = end else {
                self.line.extend_from_slice(part);
                // Let go of the chunk: a silent stream should not hold its buffer.
                self.chunk = Bytes::new();
                self.at = 0;
                return Ok(None);
            };
            self.at = end + 1;
            self.after_cr = chunk[end] == b'\r';
            let event = if self.line.is_empty() {
                self.take_line(&chunk, start, end)
            } else {
                self.line.extend_from_slice(part);
                let line = Bytes::from(std::mem::take(&mut self.line));
                self.take_line(&line, 0, line.len())
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    fn take_line(&mut self, source: &Bytes, mut start: usize, end: usize) -> Option<RawEvent> {
        if !std::mem::replace(&mut self.begun, true) && source[start..end].starts_with(BYTE_ORDER_MARK) {
            start += BYTE_ORDER_MARK.len();
        }
        let line = &source[start..end];
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = split(line);
        match field {
            b"data" => self.data.push(source.slice(end - value.len()..end)),
            b"event" => self.event = self.name(value),
            b"id" if value.len() <= MAX_ID && memchr(b'\0', value).is_none() => {
                self.last_id.clear();
                push_lossy(&mut self.last_id, value);
                self.has_id = true;
            }
            b"" => self.signs_of_life += 1,
            // `retry` asks a browser to reconnect by itself; here the retry policy decides. Others are to be ignored.
            _ => {}
        }
        None
    }

    /// The event name of those bytes. Most events have the name of the one before: they share it.
    fn name(&mut self, value: &[u8]) -> Option<EventName> {
        if value.is_empty() {
            return None;
        }
        if self.last_name.as_ref().is_none_or(|name| name.as_bytes() != value) {
            self.last_name = Some(EventName::from(&*String::from_utf8_lossy(value)));
        }
        self.last_name.clone()
    }

    fn dispatch(&mut self) -> Option<RawEvent> {
        let event = self.event.take();
        self.event_had_id = std::mem::take(&mut self.has_id);
        let data = match std::mem::take(&mut self.data) {
            Data::None => return None,
            Data::Line(line) => line,
            Data::Lines(lines) => lines.into(),
        };
        self.signs_of_life += 1;
        Some(RawEvent { id: self.last_id.clone(), event: event.unwrap_or_else(|| EventName::from("message")), data })
    }
}

/// A line's field and value. The usual fields are told by their beginnings: quicker than to look for the colon.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let colon = match line {
        [b'd', b'a', b't', b'a', b':', ..] => 4,
        [b'i', b'd', b':', ..] => 2,
        _ => memchr(b':', line).unwrap_or(line.len()),
    };
    let (field, rest) = line.split_at(colon);
    let value = rest.strip_prefix(b":").unwrap_or(rest);
    (field, value.strip_prefix(b" ").unwrap_or(value))
}

fn push_lossy(text: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(valid) => text.push_str(valid),
        Err(_) => text.push_str(&String::from_utf8_lossy(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of `text` when it comes in chunks of `size` bytes.
    fn events(text: &[u8], size: usize) -> Vec<(String, String, String)> {
        let mut framer = Framer::default();
        let mut out = Vec::new();
        for chunk in text.chunks(size) {
            framer.push(Bytes::copy_from_slice(chunk));
            while let Some(event) = framer.next_event().unwrap() {
                out.push((event.id, event.event.to_string(), String::from_utf8(event.data.to_vec()).unwrap()));
            }
        }
        out
    }

    fn event(id: &str, name: &str, data: &str) -> (String, String, String) {
        (id.into(), name.into(), data.into())
    }

    #[test]
    fn cuts_the_same_events_whatever_the_chunks() {
        let text = "\u{FEFF}id: 1\nevent: message.delta\ndata: {\"text\":\"héllo 🦀\"}\n\n\
                    : heartbeat\r\n\r\nid: 2\r\ndata: a\r\ndata:b\r\ndata\r\n\r\n\
                    data: c\r\rid\ndata:  d\nretry: 5\nunknown: x\n\nevent: none\n\ndata: not complete";
        let expected = [
            event("1", "message.delta", "{\"text\":\"héllo 🦀\"}"),
            event("2", "message", "a\nb\n"),
            event("2", "message", "c"),
            event("", "message", " d"),
        ];
        for size in 1..=text.len() {
            assert_eq!(events(text.as_bytes(), size), expected, "chunks of {size}");
        }
    }

    #[test]
    fn data_within_a_chunk_is_not_copied() {
        let chunk = Bytes::from_static(b"data: {}\n\n");
        let mut framer = Framer::default();
        framer.push(chunk.clone());
        let event = framer.next_event().unwrap().unwrap();
        assert_eq!(event.data.as_ptr(), chunk[6..].as_ptr());
    }

    /// Quadratic work, as in a parser that looks at its buffer anew with each chunk, would take minutes here.
    #[test]
    fn a_long_line_takes_linear_time() {
        let line = [b"data: ".as_slice(), &vec![b'x'; 8 * 1024 * 1024], b"\n\n"].concat();
        let begun = std::time::Instant::now();
        let mut framer = Framer::default();
        let mut events = 0;
        for chunk in Bytes::from(line).chunks(1024) {
            framer.push(Bytes::copy_from_slice(chunk));
            events += usize::from(framer.next_event().unwrap().is_some());
        }
        assert_eq!(events, 1);
        assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_frame_without_end_is_refused_at_the_limit() {
        let mut framer = Framer::default();
        let chunk = Bytes::from(vec![b'x'; 1024 * 1024]);
        for _ in 0..32 {
            framer.push(chunk.clone());
            assert_eq!(framer.next_event(), Ok(None));
        }
        framer.push(chunk);
        assert_eq!(framer.next_event(), Err(FrameTooLarge));
    }

    #[test]
    fn comments_and_events_are_signs_of_life_and_pieces_are_not() {
        let mut framer = Framer::default();
        let mut after = |text: &'static str| {
            framer.push(Bytes::from_static(text.as_bytes()));
            while framer.next_event().unwrap().is_some() {}
            framer.signs_of_life()
        };
        assert_eq!(after("data: beg"), 0);
        assert_eq!(after("inning\n"), 0);
        assert_eq!(after("\n"), 1);
        assert_eq!(after(": heartbeat\n"), 2);
    }
}
