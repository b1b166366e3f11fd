//! Tokens, counted as the o200k models count them.
//!
//! The vocabulary comes out of the crate `tiktoken` when the server is built, and `tiktoken` is the reference in the tests.
//! Counting is our own, since every message is counted before it is paid for: `tiktoken` takes half a second for
//! 64 KB of hostile Unicode and holds 22 MB (`tiktoken-rs` 47, `bpe-openai` 67); this takes tens of milliseconds and holds 5 MB.

mod split;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::sync::LazyLock;

use self::split::Words;
use self::vocabulary::Vocabulary;

static O200K: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::o200k);

/// Loads the tables in a thread of its own, 10 ms that no request should wait for. Who counts before they are there waits
/// for the rest of it.
pub fn warm() {
    // Without a thread the first count loads them: slower once, nothing more.
    let _ = std::thread::Builder::new().name("o200k".to_owned()).spawn(|| count(" "));
}

/// How many tokens `text` is. Marks like `<|endoftext|>` count as the ordinary text they are here.
pub fn count(text: &str) -> u32 {
    let tokens: usize = Words::new(text).map(|word| O200K.count(word.as_bytes())).sum();
    u32::try_from(tokens).unwrap_or(u32::MAX)
}

/// A part of a text that is whole characters and whole tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The part.
    pub text: &'a str,
    /// Its tokens: one, or more where a character takes several.
    pub tokens: u32,
}

/// The text token by token, as a model writes it. A token that ends within a character is joined with the next.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    Words::new(text).flat_map(|word| {
        let mut start = 0;
        let mut tokens = 0;
        O200K.ends(word.as_bytes()).into_iter().filter_map(move |end| {
            tokens += 1;
            let text = word.get(start..end)?;
            start = end;
            Some(Piece { text, tokens: std::mem::take(&mut tokens) })
        })
    })
}
