//! The knowledge base without its storage: how text becomes terms, how documents become passages, and how passages are
//! ranked for a question.
//!
//! The databases find candidates, this module decides. Both full-text indexes hold the same [`index_terms`] and are asked
//! with the same [`fts_query_terms`], so SQLite and PostgreSQL, whose own language rules differ, find the same passages:
//!
//! - SQLite: an FTS5 table with `tokenize = 'unicode61'`, asked with `"t1" OR "t2"`;
//! - PostgreSQL: `to_tsvector('simple', terms)`, asked with `to_tsquery('simple', 't1 | t2')`.
//!
//! Index terms are a letter followed by letters and digits of ASCII, which both tokenizers leave whole, and which need no quoting.

mod analysis;
mod passages;
mod question;
mod rank;
mod reader;
mod stop_words;
#[cfg(test)]
pub(crate) mod tests;

pub use analysis::{Term, analyze};
pub use passages::{PASSAGE_CHARS, heading_and_text, split_passages};
pub use question::Question;
pub use rank::{Candidate, Ranked, rank};

/// The most terms the index is asked for. A longer question is cut: more terms cost more and find nothing better.
pub const MAX_QUERY_TERMS: usize = 32;

/// The terms of a title that are indexed with each passage.
const MAX_TITLE_TERMS: usize = 32;

/// What the index column of a passage holds: the terms of title and passage, separated by spaces.
pub fn index_terms(title: &str, passage: &str) -> String {
    let mut column = String::with_capacity(passage.len());
    // A title is repeated in each of its passages, so it has to be short.
    for term in analyze(title).iter().take(MAX_TITLE_TERMS).chain(&analyze(passage)) {
        if !column.is_empty() {
            column.push(' ');
        }
        term.push_index_form(&mut column);
    }
    column
}

/// What the index is asked for: any of these. Empty when the question names nothing to look for, and then nothing is found.
pub fn fts_query_terms(query: &str) -> Vec<String> {
    Question::new(query)
        .terms()
        .iter()
        .map(|term| {
            let mut form = String::new();
            term.push_index_form(&mut form);
            form
        })
        .collect()
}
