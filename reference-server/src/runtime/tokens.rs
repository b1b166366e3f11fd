//! Tokens, counted as the o200k models count them.
//!
//! The table costs about 22 MB and 110 ms, once a process: [`warm`] loads it beside the start. `bpe-openai` is as fast but
//! holds 67 MB and makes the binary 32 MB larger; `tiktoken-rs` holds 47 MB and loads in 230 ms.

use std::sync::LazyLock;

use tiktoken::CoreBpe;

static O200K: LazyLock<&'static CoreBpe> = LazyLock::new(|| {
    tiktoken::get_encoding("o200k_base")
        .expect("the feature vocab-o200k_base of tiktoken is on, see Cargo.toml")
});

/// Loads the table in a thread of its own. Who counts before it is there waits for it.
pub fn warm() {
    // Without a thread the first count loads it: slower once, nothing more.
    let _ = std::thread::Builder::new()
        .name("o200k".to_owned())
        .spawn(|| LazyLock::force(&O200K));
}

/// How many tokens `text` is. Marks like `<|endoftext|>` count as the ordinary text they are here.
pub fn count(text: &str) -> u32 {
    u32::try_from(O200K.count(text)).unwrap_or(u32::MAX)
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
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        rest: text,
        tokens: O200K.encode(text).into_iter(),
    }
}

/// What [`pieces`] gives.
#[derive(Debug)]
pub struct Pieces<'a> {
    rest: &'a str,
    tokens: std::vec::IntoIter<u32>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let mut end = 0;
        for (token, tokens) in self.tokens.by_ref().zip(1..) {
            end += O200K.decode(&[token]).len();
            if let Some((text, rest)) = self.rest.split_at_checked(end) {
                self.rest = rest;
                return Some(Piece { text, tokens });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts published for, and checked against, the reference implementation.
    #[test]
    fn counts_are_those_of_the_reference() {
        for (text, tokens) in [
            ("", 0),
            ("hello world", 2),
            ("How do I reset my password?", 7),
            ("antidisestablishmentarianism", 6),
            ("2 + 2 = 4", 7),
            ("お誕生日おめでとう", 8),
            ("<|endoftext|>", 7),
        ] {
            assert_eq!(count(text), tokens, "{text}");
        }
    }

    #[test]
    fn pieces_are_the_text_and_its_tokens() {
        for text in [
            "How do I reset my password?",
            "👨‍👩‍👧 naïve 重置密码 \u{10ffff}",
            "  \n\t x",
            "",
        ] {
            let pieces: Vec<_> = pieces(text).collect();
            assert_eq!(
                pieces.iter().map(|piece| piece.text).collect::<String>(),
                text
            );
            assert_eq!(
                pieces.iter().map(|piece| piece.tokens).sum::<u32>(),
                count(text)
            );
            assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        }
    }

    #[test]
    fn hostile_text_is_counted() {
        const BYTES: usize = 64 * 1024;
        for unit in [
            "a",
            " ",
            "\n",
            " \n",
            "!",
            "/",
            "aA",
            "'s",
            "9",
            "字",
            "\u{301}",
            "\u{2000}\u{300}",
            "👨‍👩‍👧",
        ] {
            let text = unit.repeat(BYTES / unit.len());
            assert!(count(&text) > 0, "{unit:?}");
        }
    }
}
