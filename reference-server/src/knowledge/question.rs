//! A question, as far as a knowledge base can understand it.

use super::MAX_QUERY_TERMS;
use super::analysis::{Term, analyze, words};
use super::stop_words::{is_filler, is_greeting, is_stop_word};

/// The distinct things that a question asks about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    terms: Vec<Term>,
    words: Vec<String>,
    hints: Vec<Term>,
    only_greeting: bool,
}

impl Question {
    /// Reads a question: its content words, without stop words and the words of asking.
    pub fn new(text: &str) -> Self {
        let words = words(text);
        let only_greeting = !words.is_empty() && words.iter().all(|word| is_greeting(word));
        let mut question = Self { only_greeting, ..Self::default() };
        for word in words {
            if question.terms.len() == MAX_QUERY_TERMS {
                break;
            }
            if is_stop_word(&word) {
                continue;
            }
            let term = Term::of(&word);
            if is_filler(&word) || is_greeting(&word) {
                if question.hints.len() < MAX_QUERY_TERMS && !question.hints.contains(&term) {
                    question.hints.push(term);
                }
            } else if !question.terms.contains(&term) {
                question.terms.push(term);
                question.words.push(word);
            }
        }
        question
    }

    /// What it asks about, in order, each once.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The same as the person wrote it, in lower case.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The words of asking. They decide between passages that speak of the same ("how *long* does it *take*"), and find none.
    pub(super) fn hints(&self) -> &[Term] {
        &self.hints
    }

    /// Whether it names nothing that could be looked for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it is a greeting or thanks and nothing else.
    pub fn is_only_greeting(&self) -> bool {
        self.only_greeting
    }

    /// For each of [`Question::terms`], whether `title` or `passage` speaks of it.
    pub fn found_in(&self, title: &str, passage: &str) -> Vec<bool> {
        let (title, passage) = (analyze(title), analyze(passage));
        self.terms.iter().map(|term| title.contains(term) || passage.contains(term)).collect()
    }

    /// The share of the terms that `title` or `passage` speaks of, 0 to 1; 0 for a question without terms.
    pub fn coverage(&self, title: &str, passage: &str) -> f64 {
        share(&self.found_in(title, passage))
    }
}

/// The share of `true`.
pub(super) fn share(found: &[bool]) -> f64 {
    if found.is_empty() {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most MAX_QUERY_TERMS")]
    let share = found.iter().filter(|found| **found).count() as f64 / found.len() as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        Question::new(text).terms().iter().map(Term::to_string).collect()
    }

    #[test]
    fn asking_politely_changes_nothing() {
        assert_eq!(terms("Hello! Could you please tell me how I can reset my password? Thanks"), ["reset", "password"]);
        assert_eq!(terms("password passwords PASSWORD"), ["password"]);
    }

    #[test]
    fn a_greeting_is_told_from_a_question() {
        for text in ["hi", "Hello there!", "Thank you", "good morning"] {
            assert!(Question::new(text).is_only_greeting(), "{text}");
        }
        for text in ["", "???", "hi, my invoice", "why?"] {
            assert!(!Question::new(text).is_only_greeting(), "{text}");
        }
    }

    #[test]
    fn coverage_is_the_share_of_distinct_terms() {
        let question = Question::new("change the billing address");
        assert!((question.coverage("Billing", "Change your plan") - 2.0 / 3.0).abs() < 1e-9);
        assert!(Question::new("???").coverage("Billing", "all").abs() < 1e-9);
    }

    #[test]
    fn a_long_question_is_cut() {
        let text: String = (0..1000).map(|n| format!("word{n} ")).collect();
        assert_eq!(terms(&text).len(), MAX_QUERY_TERMS);
    }
}
