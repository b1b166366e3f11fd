//! The rules of the HTML standard (9.2.6) one after the other, on the whole stream at once: slow, and easy to check.
//! One rule is not the standard's: an id that is too long is ignored.

use agent_platform::sse::MAX_ID;

use crate::Event;

/// The events of a stream that ends after these bytes.
pub(crate) fn events(stream: &[u8]) -> Vec<Event> {
    let mut rest = stream.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(stream);
    let (mut events, mut id, mut name, mut data) = (Vec::new(), String::new(), String::new(), None::<Vec<u8>>);
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        if line.is_empty() {
            let name = std::mem::take(&mut name);
            if let Some(data) = data.take() {
                let name = if name.is_empty() { "message".to_owned() } else { name };
                events.push(Event { id: id.clone(), name, data });
            }
            continue;
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let text = || String::from_utf8_lossy(value).into_owned();
        match field {
            b"event" => name = text(),
            b"data" => match &mut data {
                Some(lines) => {
                    lines.push(b'\n');
                    lines.extend_from_slice(value);
                }
                None => data = Some(value.to_vec()),
            },
            b"id" if !value.contains(&0) && value.len() <= MAX_ID => id = text(),
            _ => {}
        }
    }
    events
}

/// The first line, and what follows its end; a line without an end is none.
fn next_line(stream: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = stream.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let after = &stream[end + 1..];
    let after = if stream[end] == b'\r' { after.strip_prefix(b"\n").unwrap_or(after) } else { after };
    Some((&stream[..end], after))
}
