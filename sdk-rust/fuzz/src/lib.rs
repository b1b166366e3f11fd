//! What must hold of the parser of event streams, whatever bytes come and however they are cut. The fuzzer in `targets/`
//! looks for inputs that break it; the tests check the ones that are kept in `corpus/`, and random ones.

mod allocations;
mod reference;

use agent_platform::sse::Framer;
use bytes::Bytes;

/// Of an input of n bytes a parse may allocate this many times n: vectors that double, and a copy of what was cut.
const ALLOCATED_PER_BYTE: usize = 16;
/// What an input that holds next to nothing may take.
const ALLOCATED_AT_LEAST: usize = 1024;

/// An event: its id, its name, its data.
#[derive(Debug, PartialEq, Eq)]
pub struct Event {
    id: String,
    name: String,
    data: Vec<u8>,
}

/// What a parse came to.
#[derive(Debug, PartialEq, Eq)]
struct Parsed {
    events: Vec<Event>,
    signs_of_life: u64,
}

/// Checks an input: its first byte says how the others are cut.
///
/// # Panics
/// When the parser reads the stream otherwise than the standard says, otherwise when it comes in other chunks, or copies
/// more than is in proportion to its length.
pub fn check(input: &[u8]) {
    let Some((&cut, stream)) = input.split_first() else {
        return;
    };
    let stream = Bytes::copy_from_slice(stream);
    let whole = parse(&stream, usize::MAX);
    assert_eq!(whole.events, reference::events(&stream), "the standard says otherwise");
    assert_eq!(parse(&stream, 1), whole, "byte by byte");
    let size = usize::from(cut) + 2;
    assert_eq!(parse(&stream, size), whole, "in chunks of {size}");
}

/// Parses the stream in chunks of a size. They share the memory of the stream: what is allocated is the parser's doing.
fn parse(stream: &Bytes, size: usize) -> Parsed {
    let mut framer = Framer::default();
    let mut events = Vec::new();
    let mut allocated = 0;
    let mut start = 0;
    while start < stream.len() {
        let end = start.saturating_add(size).min(stream.len());
        framer.push(stream.slice(start..end));
        loop {
            let (event, bytes) = allocations::during(|| framer.next_event());
            allocated += bytes;
            let Some(event) = event.expect("the input is shorter than the limit") else {
                break;
            };
            events.push(Event { id: event.id, name: event.event.to_string(), data: event.data.to_vec() });
        }
        start = end;
    }
    // Each event has a copy of the last id, which is bounded.
    let ids: usize = events.iter().map(|event| event.id.len()).sum();
    let bound = ALLOCATED_AT_LEAST + ALLOCATED_PER_BYTE * stream.len() + ids;
    assert!(allocated <= bound, "{allocated} bytes were allocated for a stream of {}", stream.len());
    Parsed { events, signs_of_life: framer.signs_of_life() }
}
