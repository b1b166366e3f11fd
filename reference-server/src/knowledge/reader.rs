//! Passages, read for one question.

use std::collections::HashMap;

use super::analysis::{Term, words};
use super::question::Question;
use super::stop_words::is_stop_word;

/// Reads texts as places among the question's terms and hints. It remembers words: passages of one subject repeat them,
/// and stemming is what takes the time.
pub(super) struct Reader {
    places: HashMap<Term, usize>,
    known: HashMap<String, Word>,
}

/// What a word of a passage is to the question.
#[derive(Clone, Copy)]
enum Word {
    Stop,
    Other,
    Asked(usize),
}

impl Reader {
    pub(super) fn new(question: &Question) -> Self {
        let terms = question.terms().iter().chain(question.hints()).cloned();
        Self { places: terms.zip(0..).collect(), known: HashMap::new() }
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// The terms of a text: each its place, or none.
    pub(super) fn read(&mut self, text: &str) -> Vec<Option<usize>> {
        let mut read = Vec::new();
        for word in words(text) {
            let meaning = match self.known.get(&word) {
                Some(meaning) => *meaning,
                None => self.learn(word),
            };
            match meaning {
                Word::Stop => {}
                Word::Other => read.push(None),
                Word::Asked(place) => read.push(Some(place)),
            }
        }
        read
    }

    fn learn(&mut self, word: String) -> Word {
        let meaning = if is_stop_word(&word) {
            Word::Stop
        } else {
            self.places.get(&Term::of(&word)).map_or(Word::Other, |place| Word::Asked(*place))
        };
        self.known.insert(word, meaning);
        meaning
    }
}
