//! The frames of an execution's events, written from what it came to: the same while it runs and from the store.

use std::fmt::Write;

use bytes::{BufMut, BytesMut};
use serde::Serialize;
use serde_json::Value;

use super::{
    events::ExecutionEvent,
    layout::{Layout, Mark},
    models::ToolCall,
};
use crate::{
    ids::{AgentId, ConversationId, ExecutionId},
    store::executions::{Step, StepKind},
};

/// The id of `execution.started`; what was made later counts up from it.
pub(super) const FIRST_EVENT_ID: u64 = 1;
/// A piece of a stream is closed beyond this many bytes: bounds what a reader holds that does not go on reading.
const PIECE_BYTES: usize = 64 << 10;

/// Who speaks: what the first event tells.
#[derive(Clone, Debug)]
pub(super) struct Speaker {
    pub(super) execution_id: ExecutionId,
    pub(super) conversation_id: ConversationId,
    pub(super) agent_id: AgentId,
}

/// Everything that the events but the terminal one are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transcript<'a> {
    pub(super) speaker: &'a Speaker,
    pub(super) text: &'a str,
    pub(super) layout: &'a Layout,
    pub(super) tool_calls: &'a [ToolCall],
    pub(super) steps: &'a [Step],
}

/// How far a transcript was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    /// The id of the last event that was passed.
    pub(super) id: u64,
    layout: usize,
    text: usize,
    tool_calls: usize,
    steps: usize,
}

impl Transcript<'_> {
    /// Writes the events behind the cursor that have an id beyond `after`, up to `until`, and moves the cursor behind them. Stops
    /// early where the piece is large enough: then the cursor stands before `until`.
    ///
    /// Gives whether there may be more: `false` where the transcript has no further event.
    pub(super) fn write(&self, cursor: &mut Cursor, after: u64, until: u64, frames: &mut BytesMut) -> bool {
        while cursor.id < until && frames.len() < PIECE_BYTES {
            let shown = cursor.id >= after;
            let Some(()) = self.write_next(cursor, shown.then_some(&mut *frames)) else { return false };
        }
        true
    }

    fn write_next(&self, cursor: &mut Cursor, frames: Option<&mut BytesMut>) -> Option<()> {
        let mut next = *cursor;
        next.id += 1;
        if next.id == FIRST_EVENT_ID {
            if let Some(frames) = frames {
                write_frame(frames, next.id, &self.started());
            }
            *cursor = next;
            return Some(());
        }
        let (mark, place) = self.layout.mark_at(cursor.layout)?;
        next.layout = place;
        match mark {
            Mark::Delta(bytes) => {
                next.text = cursor.text.checked_add(bytes)?;
                let text = self.text.get(cursor.text..next.text)?;
                if let Some(frames) = frames {
                    write_delta(frames, next.id, text);
                }
            }
            Mark::ToolCalled => {
                let call = self.tool_calls.get(cursor.tool_calls)?;
                next.tool_calls += 1;
                if let Some(frames) = frames {
                    write_frame(frames, next.id, &called(call));
                }
            }
            Mark::ToolCompleted => {
                let rest = self.steps.get(cursor.steps..)?;
                let at = rest.iter().position(|step| step.kind == StepKind::Tool)?;
                // A call is made after the one before has ended: the step belongs to the last call.
                let call = self.tool_calls.get(cursor.tool_calls.checked_sub(1)?)?;
                next.steps = cursor.steps + at + 1;
                if let Some(frames) = frames {
                    write_frame(frames, next.id, &completed(call, &rest[at]));
                }
            }
        }
        *cursor = next;
        Some(())
    }

    fn started(&self) -> ExecutionEvent {
        let Speaker { execution_id, conversation_id, agent_id } = self.speaker.clone();
        ExecutionEvent::ExecutionStarted { execution_id, conversation_id, agent_id }
    }
}

fn called(call: &ToolCall) -> ExecutionEvent {
    ExecutionEvent::ToolCalled {
        tool_call_id: call.tool_call_id.clone(),
        name: call.name.clone(),
        arguments: call.arguments.clone(),
    }
}

fn completed(call: &ToolCall, step: &Step) -> ExecutionEvent {
    ExecutionEvent::ToolCompleted {
        tool_call_id: call.tool_call_id.clone(),
        // A stored `null` can't be told from nothing; here it is what the tool gave.
        output: step.error.is_none().then(|| step.output.clone().unwrap_or(Value::Null)),
        error: step.error.clone(),
        duration_ms: step.duration_ms,
    }
}

/// Writes one event as a frame.
pub(super) fn write_frame(frames: &mut BytesMut, id: u64, event: &ExecutionEvent) {
    begin_frame(frames, id, event.name());
    end_frame(frames, event);
}

/// A delta, without a copy of its text.
fn write_delta(frames: &mut BytesMut, id: u64, text: &str) {
    #[derive(Serialize)]
    struct Delta<'a> {
        r#type: &'static str,
        text: &'a str,
    }
    const NAME: &str = "message.delta";
    begin_frame(frames, id, NAME);
    end_frame(frames, &Delta { r#type: NAME, text });
}

fn begin_frame(frames: &mut BytesMut, id: u64, name: &str) {
    write!(frames, "id: {id}\nevent: {name}\ndata: ").expect("memory takes text");
}

fn end_frame(frames: &mut BytesMut, data: &impl Serialize) {
    serde_json::to_writer((&mut *frames).writer(), data).expect("an event has text keys and plain values");
    frames.put_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delta_is_written_as_the_event_is() {
        for text in ["", "a\nb", "\u{1F600}\u{2028}\"\\\u{7f}"] {
            let (mut short, mut whole) = (BytesMut::new(), BytesMut::new());
            write_delta(&mut short, 7, text);
            write_frame(&mut whole, 7, &ExecutionEvent::MessageDelta { text: text.to_owned() });
            assert_eq!(short, whole);
            assert_eq!(short.iter().filter(|&&byte| byte == b'\n').count(), 4, "a line break stays inside its JSON");
        }
    }
}
