//! The rules, played as the execution loop plays them, over the articles of the demo.

mod questions;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::{Value, json};

use super::super::{DeltaSink, FinishReason, Model, ModelAnswer, ModelRequest, ToolSpec, Turn};
use super::Builtin;
use crate::knowledge::tests::Library;
use crate::runtime::tokens;

#[derive(Default)]
struct Heard(Vec<String>);

impl DeltaSink for Heard {
    fn push(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}

fn user(content: &str) -> Turn {
    Turn::User { content: content.to_owned() }
}

fn tools(names: &[&str]) -> Vec<ToolSpec> {
    let spec = |name: &&str| ToolSpec {
        name: (*name).to_owned(),
        description: "A tool.".to_owned(),
        parameters: json!({"type": "object"}),
    };
    names.iter().map(spec).collect()
}

/// One round. The built-in model never waits, so one poll is all it takes.
fn round(turns: &[Turn], tools: &[ToolSpec], max_output_tokens: u32) -> (ModelAnswer, Vec<String>) {
    let request = ModelRequest {
        system_prompt: "You are helpful.",
        turns,
        tools,
        max_output_tokens,
        temperature: 1.0,
        counted_tokens: None,
    };
    let mut heard = Heard::default();
    let answer = {
        let mut generation = pin!(Builtin.generate(request, &mut heard));
        match generation.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.unwrap(),
            Poll::Pending => panic!("the built-in model waits for nothing"),
        }
    };
    assert_eq!(answer.text, heard.0.concat(), "what was streamed is what was answered");
    assert_eq!(answer.input_tokens, Builtin.input_tokens(&request));
    assert!(answer.output_tokens <= max_output_tokens);
    assert_eq!(answer.finish_reason == FinishReason::ToolCalls, !answer.tool_calls.is_empty());
    (answer, heard.0)
}

/// Plays all rounds; gives the tools called and the text.
fn play(mut turns: Vec<Turn>, names: &[&str]) -> (Vec<String>, String) {
    let library = Library::of_the_demo();
    let tools = tools(names);
    let mut called = Vec::new();
    for _ in 0..8 {
        let (answer, _) = round(&turns, &tools, 1024);
        if answer.tool_calls.is_empty() {
            return (called, answer.text);
        }
        let call = answer.tool_calls[0].clone();
        assert_eq!(call.tool_call_id, format!("call_{}", called.len() + 1));
        called.push(call.name.clone());
        let output = match call.name.as_str() {
            "create_ticket" => json!({"ticket_id": "tick-1", "subject": call.arguments["subject"]}),
            _ => results(&library, call.arguments["query"].as_str().unwrap()),
        };
        turns.push(Turn::Assistant { content: String::new(), tool_calls: answer.tool_calls });
        turns.push(Turn::Tool { tool_call_id: call.tool_call_id, name: call.name, output });
    }
    panic!("no answer within eight rounds");
}

fn results(library: &Library, query: &str) -> Value {
    let results: Vec<Value> = library
        .search(query, 5)
        .into_iter()
        .map(|(ranked, stored)| {
            json!({"document_id": stored.document_id, "title": stored.title, "passage": stored.passage, "score": ranked.score})
        })
        .collect();
    json!({ "results": results })
}

#[test]
fn a_ticket_is_opened_when_a_person_is_asked_for() {
    let both = ["search", "create_ticket"];
    let (called, text) = play(vec![user("Please open a ticket: my invoice is wrong. It says 12.")], &both);
    assert_eq!(called, ["create_ticket"]);
    assert!(text.contains("tick-1") && text.contains("“my invoice is wrong”"), "{text}");

    let said =
        vec![user("My screen is black"), Turn::Assistant { content: "I found nothing.".into(), tool_calls: vec![] }];
    let (called, text) = play([said, vec![user("I want to talk to a human")]].concat(), &both);
    assert_eq!(called, ["create_ticket"]);
    assert!(text.contains("“My screen is black”"), "{text}");

    let (called, _) = play(vec![user("How do I reach a human about zebras?")], &both);
    assert_eq!(called, ["search", "create_ticket"]);
    let (called, text) = play(vec![user("Please open a ticket")], &[]);
    assert!(called.is_empty() && text.contains("built-in model"), "{text}");
}

#[test]
fn a_failed_tool_is_told_and_not_called_again() {
    let call = round(&[user("refund")], &tools(&["search_kb"]), 100).0.tool_calls;
    let turns = [
        user("refund"),
        Turn::Assistant { content: String::new(), tool_calls: call },
        Turn::Tool { tool_call_id: "call_1".into(), name: "search_kb".into(), output: json!({"error": "timed out"}) },
    ];
    let (answer, _) = round(&turns, &tools(&["search_kb"]), 100);
    assert_eq!(answer.text, "The search of the knowledge base failed: timed out.");
}

#[test]
fn the_output_limit_is_kept_to_the_token() {
    let turns = [user("Hello!")];
    let (whole, deltas) = round(&turns, &[], 1024);
    assert_eq!((whole.finish_reason, whole.output_tokens), (FinishReason::Stop, tokens::count(&whole.text)));
    assert!((15..=25).contains(&whole.output_tokens), "{}: {}", whole.output_tokens, whole.text);
    assert_eq!(deltas.len(), whole.output_tokens as usize);
    for limit in 0..whole.output_tokens {
        let (cut, _) = round(&turns, &[], limit);
        assert_eq!((cut.finish_reason, cut.output_tokens), (FinishReason::Length, limit));
        assert!(whole.text.starts_with(&cut.text));
    }
    assert_eq!(round(&turns, &[], whole.output_tokens).0.finish_reason, FinishReason::Stop);
    let (no_room, _) = round(&[user("How do I reset my password?")], &tools(&["search_kb"]), 5);
    assert_eq!((no_room.finish_reason, no_room.output_tokens), (FinishReason::Length, 5));
}

#[test]
fn a_hostile_message_is_no_dearer_than_its_tokens() {
    for unit in ["a", "!", "ticket open ", "字", "\u{301}", "search me "] {
        let turns = [user(&unit.repeat(64 * 1024 / unit.len()))];
        let (answer, _) = round(&turns, &tools(&["search_kb", "create_ticket"]), 1024);
        assert_ne!(answer.finish_reason, FinishReason::Length, "{unit}");
    }
}
