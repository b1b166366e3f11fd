//! From text to terms: folded, split, without stop words, stemmed.

use std::fmt;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::stop_words::is_stop_word;

/// Longer words are cut: they are not words, and an index has no use for them.
const WORD_CHARS: usize = 64;

/// One thing that a text speaks of: the stem of a word, or two neighbouring characters of a script without spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(String);

impl Term {
    /// The term itself, readable.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The term of a word which [`words`] gave.
    pub(super) fn of(word: &str) -> Self {
        let stemmable = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        Self(if stemmable { Stemmer::create(Algorithm::English).stem(word).into_owned() } else { word.to_owned() })
    }

    /// Writes the form which every full-text tokenizer leaves alone: ASCII that begins with a letter. Other terms become
    /// the letter `x` and the hexadecimal of their UTF-8; a number gets an `n` in front, lest it be read as one.
    pub(super) fn push_index_form(&self, column: &mut String) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        if !self.0.is_ascii() {
            column.push('x');
            for byte in self.0.bytes() {
                column.push(char::from(DIGITS[usize::from(byte >> 4)]));
                column.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
            return;
        }
        if self.0.starts_with(|first: char| first.is_ascii_digit()) {
            column.push('n');
        }
        column.push_str(&self.0);
    }
}

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a text speaks of, in order, with repetitions.
pub fn analyze(text: &str) -> Vec<Term> {
    words(text).iter().filter(|word| !is_stop_word(word)).map(|word| Term::of(word)).collect()
}

/// The words of a text, folded: lower case, without the accents of European scripts, compatibility forms resolved.
/// Scripts that put no spaces between words come as overlapping pairs of characters, as search engines do it.
pub(super) fn words(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return split(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    }
    let folded = text.chars().flat_map(char::to_lowercase).nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    split(folded.nfc())
}

fn split(chars: impl Iterator<Item = char>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        if is_dense(c) {
            word.finish(&mut words);
            words.extend(pairs(c, &mut chars));
        } else if c.is_alphanumeric() || (is_combining_mark(c) && !word.is_empty()) {
            word.push(c);
        } else if !(c == '-' && word.is_one_letter() && chars.peek().is_some_and(|next| next.is_alphabetic())) {
            // The exception joins "e-mail", so that it is "email" too.
            word.finish(&mut words);
        }
    }
    word.finish(&mut words);
    words
}

#[derive(Default)]
struct Word {
    text: String,
    chars: usize,
}

impl Word {
    fn is_empty(&self) -> bool {
        self.chars == 0
    }

    fn is_one_letter(&self) -> bool {
        self.chars == 1 && self.text.starts_with(char::is_alphabetic)
    }

    fn push(&mut self, c: char) {
        if self.chars < WORD_CHARS {
            self.text.push(c);
            self.chars += 1;
        }
    }

    fn finish(&mut self, words: &mut Vec<String>) {
        if !self.is_empty() {
            words.push(std::mem::take(&mut self.text));
            self.chars = 0;
        }
    }
}

/// The pairs of a run of dense script, or the one character it has.
fn pairs(first: char, chars: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> Vec<String> {
    let mut pairs = Vec::new();
    let mut last = first;
    while let Some(next) = chars.next_if(|c| is_dense(*c) || is_combining_mark(*c)) {
        pairs.push(String::from_iter([last, next]));
        last = next;
    }
    if pairs.is_empty() {
        pairs.push(first.to_string());
    }
    pairs
}

/// Chinese, Japanese, Korean, Thai, Lao, Burmese and Khmer: word boundaries would need a dictionary.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
        && (c.is_alphanumeric() || is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        analyze(text).iter().map(Term::to_string).collect()
    }

    #[test]
    fn english_is_folded_stemmed_and_freed_of_stop_words() {
        assert_eq!(terms("How do I RESET my passwords?"), ["reset", "password"]);
        assert_eq!(terms("We don't re-send the user's e-mails; they’re gone"), ["send", "user", "email", "gone"]);
        assert_eq!(terms("Billing, billed & bills"), ["bill", "bill", "bill"]);
        assert_eq!(terms("Café Überweisung ﬁle"), ["cafe", "uberweisung", "file"]);
    }

    #[test]
    fn numbers_stay() {
        assert_eq!(terms("status 429, 2FA, v1.2"), ["status", "429", "2fa", "v1", "2"]);
    }

    #[test]
    fn scripts_without_spaces_come_in_pairs() {
        assert_eq!(terms("重置密码 API"), ["重置", "置密", "密码", "api"]);
        assert_eq!(terms("税"), ["税"]);
        assert_eq!(terms("비밀번호"), ["비밀", "밀번", "번호"]);
        assert_eq!(terms("пароль Ελλάδα"), ["пароль", "ελλαδα"]);
        assert_eq!(terms("क्षमा करें"), ["क्षमा", "करें"]);
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert!(terms("").is_empty());
        assert!(terms("??? … \u{301}\u{301} 🎉 the").is_empty());
    }

    #[test]
    fn index_forms_are_ascii_that_begins_with_a_letter() {
        let mut column = String::new();
        for term in analyze("reset 429 密码 naïve 1e5") {
            term.push_index_form(&mut column);
            column.push(' ');
        }
        assert_eq!(column, "reset n429 xe5af86e7a081 naiv n1e5 ");
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let long = "ab".repeat(500_000);
        assert_eq!(terms(&long)[0].chars().count(), WORD_CHARS);
        assert_eq!(analyze(&"a\u{301}".repeat(100_000)).len(), 1);
        assert_eq!(analyze(&"字".repeat(100_000)).len(), 99_999);
    }
}
