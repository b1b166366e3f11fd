//! The whole, over the articles of the demo. What the databases do is done here by comparing index terms.

use std::collections::HashSet;
use std::path::Path;

use super::{Candidate, PASSAGE_CHARS, Ranked, fts_query_terms, index_terms, rank, split_passages};

/// A passage as the store has it.
pub(crate) struct Stored {
    pub(crate) document_id: String,
    pub(crate) ordinal: i64,
    pub(crate) title: String,
    pub(crate) passage: String,
    terms: HashSet<String>,
}

/// The articles of `examples/knowledge`, indexed.
pub(crate) struct Library(Vec<Stored>);

impl Library {
    pub(crate) fn of_the_demo() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/knowledge");
        let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert_eq!(files.len(), 8);
        let articles = files.iter().flat_map(|file| {
            let content = std::fs::read_to_string(file).unwrap();
            let title = content.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap().to_owned();
            let document_id = format!("doc-{}", file.file_stem().unwrap().to_str().unwrap());
            let passages = split_passages(&title, &content);
            passages.into_iter().zip(0..).map(move |(passage, ordinal)| Stored {
                document_id: document_id.clone(),
                ordinal,
                title: title.clone(),
                terms: index_terms(&title, &passage).split(' ').map(str::to_owned).collect(),
                passage,
            })
        });
        Self(articles.collect())
    }

    /// What the store does for `search_kb`: ask the index, rank, keep the best.
    pub(crate) fn search(&self, query: &str, limit: usize) -> Vec<(Ranked, &Stored)> {
        let terms = fts_query_terms(query);
        let found: Vec<&Stored> =
            self.0.iter().filter(|stored| terms.iter().any(|term| stored.terms.contains(term))).collect();
        let candidates: Vec<Candidate<'_>> = found
            .iter()
            .map(|stored| Candidate {
                document_id: &stored.document_id,
                ordinal: stored.ordinal,
                title: &stored.title,
                passage: &stored.passage,
            })
            .collect();
        rank(query, &candidates, self.0.len() as u64, &[])
            .into_iter()
            .take(limit)
            .map(|ranked| (ranked, found[ranked.index]))
            .collect()
    }
}

#[test]
fn articles_become_passages_of_a_readable_size() {
    let library = Library::of_the_demo();
    assert!(library.0.len() >= 24, "{}", library.0.len());
    for stored in &library.0 {
        assert!(stored.passage.chars().count() <= PASSAGE_CHARS, "{}", stored.passage);
        assert!(!stored.passage.contains("# Reset your password"), "the title is not repeated");
    }
}

#[test]
fn the_best_passage_is_the_one_that_says_it() {
    let library = Library::of_the_demo();
    for (question, says) in [
        ("How do I reset my password?", "choose \"Forgot password?\""),
        ("When does the reset link expire?", "expires after 30 minutes"),
        ("Where do I update my credit card?", "To update your credit card"),
        ("revoke a leaked API key", "choose Revoke instead"),
        ("rate limit of the API", "600 requests a minute"),
        ("What roles are there?", "There are four roles"),
        ("I lost my phone", "sign in with a recovery code"),
    ] {
        let (_, best) = library.search(question, 1)[0];
        assert!(best.passage.contains(says), "{question}: {}", best.passage);
    }
}

#[test]
fn what_is_asked_in_no_words_finds_nothing() {
    let library = Library::of_the_demo();
    for question in ["", "???", "hi", "please help me", "\u{0}\u{fffd}", "' OR 1=1 --\" NEAR("] {
        assert!(library.search(question, 5).iter().all(|(ranked, _)| ranked.coverage < 0.5), "{question}");
    }
}

#[test]
fn index_terms_need_no_quoting_in_either_database() {
    let text = "naïve \"quoted\" AND OR NEAR * : ( ) ' 1e5 密码 कर  e-mail \u{10ffff} a_b";
    for term in index_terms("Title", text).split(' ').chain(fts_query_terms(text).iter().map(String::as_str)) {
        assert!(term.starts_with(|c: char| c.is_ascii_lowercase()), "{term}");
        assert!(term.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{term}");
    }
}
