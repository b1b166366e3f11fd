//! What a reader sees of a log, whatever happens to it: the same frames as from the store, and nothing too early.

use bytes::BytesMut;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    events::{ExecutionEvent, TokenUsage},
    log::{self, EventReader, EventWriter, Found, ID_BLOCK},
    models::ToolCall,
    transcript::{Cursor, Speaker, Transcript, write_frame},
};
use crate::{
    error::Problem,
    ids::{AgentId, ConversationId, ExecutionId},
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
            prop::collection::vec((any::<String>(), inner), 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
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
    while let Some(Found::Frames(frames)) = futures_util::FutureExt::now_or_never(reader.next()) {
        text.extend_from_slice(&frames);
    }
    text
}

/// The same from what the store would hold: JSON, written and read again.
fn from_store(writer: &EventWriter, speaker: &Speaker, after: u64, last: (u64, &ExecutionEvent)) -> Vec<u8> {
    let (text, layout, calls, steps) = writer.progress(|progress| {
        let json = |value: &dyn erased::Json| value.text();
        (progress.text.clone(), progress.layout.clone(), json(&progress.tool_calls), json(&progress.steps))
    });
    let calls: Vec<ToolCall> = serde_json::from_str(&calls).unwrap();
    let steps: Vec<Step> = serde_json::from_str(&steps).unwrap();
    let transcript =
        Transcript { speaker, text: &text, layout: &layout, tool_calls: &calls, steps: &steps };
    let (mut cursor, mut stored) = (Cursor::default(), Vec::new());
    loop {
        let mut frames = BytesMut::new();
        let has_more = transcript.write(&mut cursor, after, u64::MAX, &mut frames);
        stored.extend_from_slice(&frames);
        if !has_more {
            break;
        }
    }
    if last.0 > after {
        let mut frames = BytesMut::new();
        write_frame(&mut frames, last.0, last.1);
        stored.extend_from_slice(&frames);
    }
    stored
}

mod erased {
    pub(super) trait Json {
        fn text(&self) -> String;
    }
    impl<T: serde::Serialize> Json for T {
        fn text(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}
