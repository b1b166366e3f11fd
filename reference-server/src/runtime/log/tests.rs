//! What a reader sees of a log, whatever happens to it: the same frames as from the store, and nothing too early.

use bytes::BytesMut;
use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EventReader, EventWriter, Found, ID_BLOCK, open};
use crate::{
    error::Problem,
    ids::{AgentId, ConversationId, ExecutionId},
    runtime::{
        events::{ExecutionEvent, TokenUsage},
        models::ToolCall,
        transcript::{Cursor, Speaker, Transcript, write_frame},
    },
    store::executions::{Step, StepKind},
};

/// One thing that an execution does.
#[derive(Clone, Debug)]
enum Act {
    Delta(String),
    Tool(Value, Result<Value, String>),
    CutTool(Value),
    Round(String),
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn act() -> impl Strategy<Value = Act> {
    let text = prop_oneof![Just(String::new()), any::<String>(), "[a-z \u{e4}\u{1F600}]{0,90}"];
    prop_oneof![
        6 => text.prop_map(Act::Delta),
        1 => (json_value(), prop_oneof![json_value().prop_map(Ok), any::<String>().prop_map(Err)]).prop_map(|(a, o)| Act::Tool(a, o)),
        1 => any::<String>().prop_map(Act::Round),
    ]
}

fn speaker() -> Speaker {
    let now = chrono::DateTime::UNIX_EPOCH;
    Speaker {
        execution_id: ExecutionId::new(now),
        conversation_id: ConversationId::new(now),
        agent_id: AgentId::new(now),
    }
}

fn step(kind: StepKind, arguments: Option<Value>, output: Option<Value>, error: Option<String>) -> Step {
    let started_at = chrono::DateTime::UNIX_EPOCH;
    Step { kind, name: "n".to_owned(), started_at, duration_ms: 7, tokens: None, arguments, output, error }
}

fn perform(writer: &EventWriter, number: usize, act: &Act) {
    let call = |arguments: &Value| ToolCall {
        tool_call_id: format!("call_{number}"),
        name: "search_kb".to_owned(),
        arguments: arguments.clone(),
    };
    match act {
        Act::Delta(text) => writer.delta(text),
        Act::Tool(arguments, outcome) => {
            writer.tool_called(call(arguments));
            let (output, error) = (outcome.clone().ok(), outcome.clone().err());
            writer.tool_completed(step(StepKind::Tool, Some(arguments.clone()), output, error));
        }
        Act::CutTool(arguments) => drop(writer.tool_called(call(arguments))),
        Act::Round(text) => writer.progress(|progress| {
            progress.steps.push(step(StepKind::Model, None, Some(text.clone().into()), None));
        }),
    }
}

fn end(ending: u8) -> ExecutionEvent {
    let (partial_message, usage) = ("part".to_owned(), TokenUsage::default());
    match ending {
        0 => ExecutionEvent::ExecutionCancelled { partial_message, usage },
        _ => ExecutionEvent::ExecutionFailed { error: Problem::interrupted(), partial_message, usage },
    }
}

/// Everything that can be read now, or to the end.
fn read(reader: &mut EventReader) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some(Found::Frames(frames)) = reader.next().now_or_never() {
        text.extend_from_slice(&frames);
    }
    text
}

/// The same from what the store would hold: JSON, written and read again.
fn from_store(writer: &EventWriter, speaker: &Speaker, after: u64, (id, event): (u64, &ExecutionEvent)) -> Vec<u8> {
    let progress = writer.progress(|progress| progress.clone());
    let calls: Vec<ToolCall> = serde_json::from_str(&serde_json::to_string(&progress.tool_calls).unwrap()).unwrap();
    let steps: Vec<Step> = serde_json::from_str(&serde_json::to_string(&progress.steps).unwrap()).unwrap();
    let transcript =
        Transcript { speaker, text: &progress.text, layout: &progress.layout, tool_calls: &calls, steps: &steps };
    let (mut cursor, mut stored, mut has_more) = (Cursor::default(), Vec::new(), true);
    while has_more {
        let mut frames = BytesMut::new();
        has_more = transcript.write(&mut cursor, after, u64::MAX, &mut frames);
        stored.extend_from_slice(&frames);
    }
    if id > after {
        let mut frames = BytesMut::new();
        write_frame(&mut frames, id, event);
        stored.extend_from_slice(&frames);
    }
    stored
}

/// Stores what is due, if anything is.
fn store(writer: &EventWriter) -> bool {
    let due = writer.checkpoint().now_or_never();
    due.inspect(|(_, checkpoint)| writer.is_stored(*checkpoint)).is_some()
}

fn events(text: &[u8]) -> Vec<(u64, String)> {
    let text = std::str::from_utf8(text).unwrap();
    let frames = text.split("\n\n").filter(|frame| !frame.is_empty());
    frames
        .map(|frame| {
            let mut lines = frame.lines();
            let id = lines.next().unwrap().strip_prefix("id: ").unwrap().parse().unwrap();
            (id, lines.next().unwrap().strip_prefix("event: ").unwrap().to_owned())
        })
        .collect()
}

fn ids(text: &[u8]) -> Vec<u64> {
    events(text).into_iter().map(|(id, _)| id).collect()
}

proptest! {
    #[test]
    fn the_store_plays_the_very_frames_that_were_sent_from_any_id(
        acts in prop::collection::vec(act(), 0..30),
        cut_tool in prop::option::of(json_value()),
        ending in 0_u8..2,
        back in 0_u64..5,
        stores in any::<u32>(),
    ) {
        let (speaker, event) = (speaker(), end(ending));
        let writer = open(speaker.clone());
        let mut live = writer.reader();
        let mut told = Vec::new();
        for (number, act) in acts.iter().cloned().chain(cut_tool.map(Act::CutTool)).enumerate() {
            perform(&writer, number, &act);
            if stores & (1 << (number % 32)) != 0 {
                store(&writer);
            }
            told.extend(read(&mut live));
        }
        let (_, last) = writer.settling();
        writer.settled(event.clone());
        told.extend(read(&mut live));
        prop_assert_eq!(ids(&told), (1..=last).collect::<Vec<_>>());
        prop_assert_eq!(live.end().now_or_never().flatten().unwrap().name(), event.name());
        for after in (0..=last + 1).chain([u64::MAX, last.saturating_sub(back)]) {
            let rejoined = read(&mut writer.reader().after(after));
            prop_assert_eq!(&rejoined, &from_store(&writer, &speaker, after, (last, &event)));
            prop_assert!(told.ends_with(&rejoined));
            prop_assert_eq!(ids(&rejoined), (after.saturating_add(1)..=last).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_tools_event_and_what_follows_wait_for_the_store() {
    let writer = open(speaker());
    let mut reader = writer.reader();
    writer.delta("a");
    let called =
        writer.tool_called(ToolCall { tool_call_id: "c".to_owned(), name: "n".to_owned(), arguments: json!({}) });
    writer.delta("b");
    assert_eq!(ids(&read(&mut reader)), [1, 2]);
    assert!(writer.stored(called).now_or_never().is_none());
    let (_, checkpoint) = writer.checkpoint().now_or_never().expect("a tool's call is stored at once");
    writer.tool_completed(step(StepKind::Tool, None, Some(json!(1)), None));
    writer.is_stored(checkpoint);
    assert!(writer.stored(called).now_or_never().is_some());
    assert_eq!(ids(&read(&mut reader)), [3, 4], "the completion came after the checkpoint was taken");
    assert!(store(&writer));
    assert_eq!(events(&read(&mut reader)), [(5, "tool.completed".to_owned())]);
    assert!(!store(&writer), "nothing is left to be stored");
}

#[test]
fn no_id_is_shown_beyond_the_block_that_is_reserved() {
    let writer = open(speaker());
    let mut reader = writer.reader();
    for _ in 0..3 * ID_BLOCK {
        writer.delta("a");
    }
    assert_eq!(ids(&read(&mut reader)).last(), Some(&ID_BLOCK));
    let (progress, checkpoint) = writer.checkpoint().now_or_never().expect("a block that runs out is stored");
    assert_eq!((progress.text.len() as u64, checkpoint.reserves), (3 * ID_BLOCK, 4 * ID_BLOCK + 1));
    writer.is_stored(checkpoint);
    assert_eq!(ids(&read(&mut reader)).last(), Some(&(3 * ID_BLOCK + 1)));
}

#[test]
fn what_another_server_settled_ends_the_stream_behind_every_id_that_was_shown() {
    let writer = open(speaker());
    let mut reader = writer.reader();
    for _ in 0..2 * ID_BLOCK {
        writer.delta("a");
    }
    writer.fence();
    assert!(writer.fenced().now_or_never().is_some() && !store(&writer));
    writer.settling();
    writer.settled_otherwise(ID_BLOCK + 1, end(1));
    let seen = events(&read(&mut reader));
    assert_eq!(seen.len() as u64, ID_BLOCK + 1);
    assert_eq!(seen.last().unwrap(), &(ID_BLOCK + 1, "execution.failed".to_owned()));
}

#[test]
fn progress_is_stored_when_asked_for_and_there_is_any() {
    let writer = open(speaker());
    writer.log().remind();
    assert!(!store(&writer));
    writer.delta("a");
    assert!(!store(&writer), "one piece is no reason");
    writer.log().remind();
    assert!(store(&writer));
    writer.log().remind();
    assert!(!store(&writer));
    writer.delta("b");
    writer.tool_called(ToolCall { tool_call_id: "c".to_owned(), name: "n".to_owned(), arguments: json!({}) });
    writer.settling();
    assert!(!store(&writer), "the settlement stores it");
    writer.log().remind();
    assert!(store(&writer), "the settlement takes its time");
}

#[test]
fn who_still_reads_after_the_end_is_sent_to_the_store_in_the_end() {
    let writer = open(speaker());
    let mut reader = writer.reader();
    writer.delta("a");
    read(&mut reader);
    writer.log().evict();
    writer.delta("b");
    assert_eq!(ids(&read(&mut reader)), [3], "what runs is not let go of");
    writer.settling();
    writer.settled(end(0));
    writer.log().evict();
    assert!(matches!(reader.next().now_or_never(), Some(Found::Stored)));
    assert_eq!(reader.seen(), 3);
    assert!(matches!(reader.end().now_or_never(), Some(None)));
    assert_eq!(writer.progress(|progress| progress.text.capacity()), 0);
}

#[tokio::test]
async fn a_lost_execution_ends_its_readers() {
    let writer = open(speaker());
    let mut reader = writer.reader();
    read(&mut reader);
    let mut waiting = reader.clone();
    let waits =
        tokio::spawn(async move { (matches!(waiting.next().await, Found::Nothing), waiting.end().await.is_none()) });
    tokio::task::yield_now().await;
    drop(writer);
    assert_eq!(waits.await.unwrap(), (true, true));
}
