//! Whether a message asks for a person or a ticket.

/// How a message asks for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WantsPerson {
    /// It does not.
    No,
    /// It asks how to reach one: the documents may say, and if they do not, a ticket helps.
    IfNothingElse,
    /// It asks for one.
    Now,
}

/// What is asked for, and the verbs by which it is.
const TICKETS: [&str; 2] = ["ticket", "tickets"];
const TICKET_VERBS: [&str; 10] = ["open", "create", "file", "raise", "submit", "make", "log", "need", "want", "get"];
const PERSONS: [&str; 8] = ["human", "person", "someone", "somebody", "representative", "operator", "staff", "support"];
const PERSON_VERBS: [&str; 9] =
    ["talk", "speak", "connect", "contact", "transfer", "need", "want", "escalate", "reach"];
/// Messages that begin so ask about the thing, not for it.
const QUESTION_WORDS: [&str; 8] = ["how", "what", "when", "where", "which", "who", "why", "does"];
/// How far the verb may stand before what it asks for: "talk to one of your kind support staff".
const REACH: usize = 6;

/// Reads the message. Only the beginning counts: nobody asks for a ticket in the tenth sentence of a quoted log.
pub(super) fn wants_person(message: &str) -> WantsPerson {
    let words = words(message);
    let asks = asks(&words, &TICKET_VERBS, &TICKETS)
        || asks_case(&words)
        || asks(&words, &PERSON_VERBS, &PERSONS)
        || (words.len() <= 3
            && words.iter().any(|word| ["ticket", "human", "person", "escalate"].contains(&word.as_str())));
    match words.first() {
        Some(first) if asks && QUESTION_WORDS.contains(&first.as_str()) => WantsPerson::IfNothingElse,
        Some(_) if asks => WantsPerson::Now,
        _ => WantsPerson::No,
    }
}

/// Whether it says nothing but that: "please open a ticket".
pub(super) fn only_asks_for_person(message: &str) -> bool {
    wants_person(message) == WantsPerson::Now && words(message).len() <= 9 && !message.contains(':')
}

/// The message without a leading "Please open a ticket:".
pub(super) fn without_request(message: &str) -> &str {
    match message.split_once(':') {
        Some((request, rest)) if !rest.trim().is_empty() && only_asks_for_person(request) => rest.trim(),
        _ => message.trim(),
    }
}

/// One of `verbs`, and one of `things` soon after it.
fn asks(words: &[String], verbs: &[&str], things: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        verbs.contains(&word.as_str())
            && words.iter().skip(at + 1).take(REACH).any(|word| things.contains(&word.as_str()))
    })
}

/// "open a support case", "file a support request".
fn asks_case(words: &[String]) -> bool {
    words.windows(2).enumerate().any(|(at, pair)| {
        pair[0] == "support"
            && (pair[1] == "case" || pair[1] == "request")
            && words[at.saturating_sub(REACH)..at].iter().any(|word| TICKET_VERBS.contains(&word.as_str()))
    })
}

fn words(message: &str) -> Vec<String> {
    const WORDS: usize = 60;
    message
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_told_from_a_question_and_from_a_mention() {
        for message in [
            "Please open a ticket: my invoice is wrong",
            "Can you create me a support ticket?",
            "I want to talk to a real person",
            "I'd like to speak with someone from support",
            "I need a human",
            "ticket please",
            "File a support case about the outage",
            "Escalate this",
        ] {
            assert_eq!(wants_person(message), WantsPerson::Now, "{message}");
        }
        for message in ["How do I open a ticket?", "Where can I talk to a human?", "How can I contact support?"] {
            assert_eq!(wants_person(message), WantsPerson::IfNothingElse, "{message}");
        }
        for message in [
            "",
            "???",
            "hi",
            "My ticket is still open",
            "Someone made a charge on my card",
            "I need a refund",
            "How do I reset my password?",
            "Which cards do you support?",
        ] {
            assert_eq!(wants_person(message), WantsPerson::No, "{message}");
        }
    }

    #[test]
    fn what_it_is_about_is_told_from_the_request() {
        assert_eq!(without_request("Please open a ticket: my invoice is wrong"), "my invoice is wrong");
        assert_eq!(without_request("Error: disk full"), "Error: disk full");
        assert!(only_asks_for_person("please open a ticket"));
        assert!(!only_asks_for_person("open a ticket: it burns"));
    }
}
