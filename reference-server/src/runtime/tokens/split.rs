//! The words that o200k never merges across.

use std::sync::LazyLock;

use regex::Regex;

/// The published pattern of o200k but for its white space, which needs a look ahead that linear engines do not have:
/// [`white_space`] does that part.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let upper = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    let lower = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    let lead = r"[^\r\n\p{L}\p{N}]?";
    let pattern = [
        format!("{lead}{upper}*{lower}+{contraction}"),
        format!("{lead}{upper}+{lower}*{contraction}"),
        r"\p{N}{1,3}".to_owned(),
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*".to_owned(),
        r"\s*[\r\n]+".to_owned(),
    ];
    // Anchored: a search for a later match keeps many more states, and thrashes on text of many scripts.
    Regex::new(&format!(r"\A(?:{})", pattern.join("|"))).expect("the pattern is a constant, and every test compiles it")
});

/// The words of a text; together they are the text.
pub(super) struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = plain_word(self.rest.as_bytes())
            .or_else(|| WORD.find(self.rest).map(|word| word.end()))
            .unwrap_or_else(|| white_space(self.rest));
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(word)
    }
}

/// The end of the word, if it is of the plainest kind, which most text is made of: a space perhaps, a capital perhaps, small
/// letters, and then anything of ASCII that cannot belong to it. Eight times as fast as the pattern.
fn plain_word(text: &[u8]) -> Option<usize> {
    let lead = usize::from(text.first() == Some(&b' '));
    let capital = usize::from(text.get(lead).is_some_and(u8::is_ascii_uppercase));
    let small = text[lead + capital..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let end = lead + capital + small;
    let ends = text.get(end).is_none_or(|next| next.is_ascii() && *next != b'\'');
    (small > 0 && ends).then_some(end)
}

/// The end of the white space that begins `text`: `\s+(?!\S)|\s+`. Its last character is left for the word that follows.
fn white_space(text: &str) -> usize {
    let rest = text.trim_start_matches(char::is_whitespace);
    let run = &text[..text.len() - rest.len()];
    let before_last = run.char_indices().next_back().map_or(0, |(at, _)| at);
    match (rest.is_empty(), before_last) {
        (true, _) | (_, 0) => run.len().max(text.chars().next().map_or(0, char::len_utf8)),
        (false, end) => end,
    }
}
