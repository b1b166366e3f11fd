//! What the built-in model says. Everything it knows of the world is quoted from a passage.

use serde::Deserialize;
use serde_json::Value;

use super::conversation::Done;
use crate::knowledge::{Question, heading_and_text};

/// Passages that speak of less than this share of the question do not answer it.
const ANSWERS: f64 = 0.5;
/// From this share on the answer is given as one; below it, as the nearest there is.
const SURELY_ANSWERS: f64 = 0.7;
/// More passages than this are a list of hits, not an answer.
const PASSAGES: usize = 3;

pub(super) const GREETING: &str = "Hello! Ask me a question, and I will look for the answer in the knowledge base.";
pub(super) const NO_QUESTION: &str =
    "I could not find a question in your message. Tell me in a few words what you would like to know.";
pub(super) const NO_ROOM_FOR_CALL: &str =
    "I could not look that up: max_output_tokens leaves no room to call the tool. Raise it and ask again.";

/// For an agent without search: what it is, and what it would need.
pub(super) fn without_search(ticket: bool) -> &'static str {
    if ticket {
        "I am the built-in model. Without the search_kb tool I cannot answer questions, but I can open a ticket for you."
    } else {
        "I am the built-in model: give me the search_kb tool, and I answer from your documents."
    }
}

#[derive(Deserialize)]
struct Passage {
    title: String,
    passage: String,
}

/// The answer, if the search found one. The best passage first, then those that speak of what it leaves out.
pub(super) fn from_passages(done: Done<'_>) -> Option<String> {
    let question = Question::new(query(done));
    let results = done.output.get("results")?.as_array()?;
    let mut open = vec![true; question.terms().len()];
    let mut best = 0.0_f64;
    let mut quoted: Vec<String> = Vec::new();
    for passage in results.iter().filter_map(|result| Passage::deserialize(result).ok()) {
        let coverage = question.coverage(&passage.title, &passage.passage);
        let found = question.found_in(&passage.title, &passage.passage);
        let news = found.iter().zip(&open).any(|(found, open)| *found && *open);
        if coverage < ANSWERS || !news {
            continue;
        }
        open.iter_mut().zip(found).for_each(|(open, found)| *open &= !found);
        best = best.max(coverage);
        quoted.push(format!("{} (from “{}”)", plain(&passage.passage), passage.title.trim()));
        if quoted.len() == PASSAGES {
            break;
        }
    }
    if quoted.is_empty() {
        return None;
    }
    let answer = quoted.join("\n\n");
    Some(if best < SURELY_ANSWERS {
        format!("I am not sure that this is what you asked; it is the nearest I found:\n\n{answer}")
    } else {
        answer
    })
}

/// The honest answer to a search that found nothing, or failed.
pub(super) fn nothing_found(done: Done<'_>, ticket: bool) -> String {
    let offer = if ticket { " If you like, ask me to open a ticket." } else { "" };
    if let Some(error) = error(done.output) {
        return format!("The search of the knowledge base failed: {error}{offer}");
    }
    let question = Question::new(query(done));
    // Pairs of characters are no words to show: other scripts see their question as it was asked.
    let legible = question.words().iter().all(|word| word.is_ascii());
    let searched = if legible { question.words().join(" ") } else { query(done).to_owned() };
    format!("I found nothing about that in the knowledge base. I searched for “{searched}”.{offer}")
}

/// What became of the ticket.
pub(super) fn after_ticket(done: Done<'_>) -> String {
    if let Some(error) = error(done.output) {
        return format!("I could not open a ticket: {error}");
    }
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    let subject = text(done.output, "subject").or_else(|| text(&done.call.arguments, "subject")).unwrap_or_default();
    match text(done.output, "ticket_id") {
        Some(id) => format!("I opened ticket {id} for you: “{subject}”. It holds your message as you wrote it."),
        None => format!("I asked for a ticket about “{subject}”, but was told no number for it."),
    }
}

fn query<'a>(done: Done<'a>) -> &'a str {
    done.call.arguments.get("query").and_then(Value::as_str).unwrap_or_default()
}

/// The error of a tool, as one sentence.
fn error(output: &Value) -> Option<String> {
    let error = output.get("error")?;
    let text = error.as_str().or_else(|| ["detail", "message"].iter().find_map(|field| error.get(field)?.as_str()));
    let text = text.map_or_else(|| error.to_string(), str::to_owned);
    Some(format!("{}.", text.trim().trim_end_matches('.')))
}

/// A passage without its heading and Markdown's marks. Lines of one paragraph are joined, those of lists are kept.
fn plain(passage: &str) -> String {
    let (heading, text) = heading_and_text(passage);
    let mut prose = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let item = line.starts_with(['-', '*', '|', '>']) || line.starts_with(|c: char| c.is_ascii_digit());
        if !prose.is_empty() {
            prose.push(if item { '\n' } else { ' ' });
        }
        prose.push_str(&line.replace("**", "").replace('`', ""));
    }
    if prose.is_empty() { heading.to_owned() } else { prose }
}
