//! What was said, and what was done since the person last spoke.

use serde_json::Value;

use super::super::{ToolCall, Turn};
use super::intent;
use crate::knowledge::Question;

/// A search is asked with this much of a message at most: the index takes fewer words anyway, and the call's tokens count.
const QUERY_CHARS: usize = 300;
/// A ticket's subject is one line.
const SUBJECT_CHARS: usize = 80;
/// A ticket's body quotes this much of each message.
const BODY_CHARS: usize = 1_000;

/// A tool call that was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done<'a> {
    pub(super) call: &'a ToolCall,
    pub(super) output: &'a Value,
}

/// The turns, as the rules need them.
#[derive(Debug)]
pub(super) struct Conversation<'a> {
    /// What the person said last.
    pub(super) message: &'a str,
    /// What they said before, newest first.
    earlier: Vec<&'a str>,
    /// The calls answered since.
    pub(super) done: Vec<Done<'a>>,
}

impl<'a> Conversation<'a> {
    pub(super) fn new(turns: &'a [Turn]) -> Self {
        let last = turns.iter().rposition(|turn| matches!(turn, Turn::User { .. }));
        let (before, since) = turns.split_at(last.map_or(0, |last| last + 1));
        let mut said = before.iter().rev().filter_map(|turn| match turn {
            Turn::User { content } => Some(content.as_str()),
            _ => None,
        });
        let message = said.next().unwrap_or_default();
        let calls = || {
            since.iter().flat_map(|turn| match turn {
                Turn::Assistant { tool_calls, .. } => tool_calls.as_slice(),
                _ => &[],
            })
        };
        let done = since.iter().filter_map(|turn| match turn {
            Turn::Tool { tool_call_id, output, .. } => {
                let call = calls().find(|call| call.tool_call_id == *tool_call_id)?;
                Some(Done { call, output })
            }
            _ => None,
        });
        Self { message, earlier: said.collect(), done: done.collect() }
    }

    /// The last answered call of one of `tools`.
    pub(super) fn last_done(&self, tools: &[&str]) -> Option<Done<'a>> {
        self.done.iter().rev().find(|done| tools.contains(&done.call.name.as_str())).copied()
    }

    /// What to search for: the message, or, where it names nothing ("and why?"), the last message that did, before it.
    /// Nothing for a greeting, or where nobody named anything.
    pub(super) fn query(&self) -> Option<String> {
        let question = Question::new(self.message);
        if !question.is_empty() {
            return Some(shorten(self.message, QUERY_CHARS));
        }
        if question.is_only_greeting() || !self.message.contains(char::is_alphabetic) {
            return None;
        }
        let subject = self.earlier.iter().find(|earlier| !Question::new(earlier).is_empty())?;
        Some(format!("{} {}", shorten(subject, QUERY_CHARS), shorten(self.message, QUERY_CHARS)))
    }

    /// Subject and body of a ticket: the message, or, where it only asks for the ticket, what was said before it.
    pub(super) fn ticket(&self) -> (String, String) {
        let about = if intent::only_asks_for_person(self.message) { self.earlier.first() } else { None };
        let subject = intent::without_request(about.copied().unwrap_or(self.message));
        let first_line = subject.lines().next().unwrap_or_default();
        let sentence = first_line.split_inclusive(['.', '?', '!']).next().unwrap_or_default();
        let body: Vec<String> =
            about.into_iter().chain([&self.message]).map(|said| shorten(said, BODY_CHARS)).collect();
        (shorten(sentence.trim_end_matches('.'), SUBJECT_CHARS), body.join("\n\n"))
    }
}

/// `text` on its first `chars` characters, cut between words.
fn shorten(text: &str, chars: usize) -> String {
    let text = text.trim();
    let Some((limit, _)) = text.char_indices().nth(chars) else {
        return text.to_owned();
    };
    let cut = &text[..limit];
    let cut = cut.rfind(char::is_whitespace).filter(|at| *at > limit / 2).map_or(cut, |at| &cut[..at]);
    format!("{}…", cut.trim_end())
}
