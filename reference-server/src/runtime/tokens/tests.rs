use super::*;

/// What hostile and ordinary text is made of: each class of the split pattern, in several scripts, and what lies between them.
const ALPHABET: &str = " \t\n\r\u{a0}\u{3000}\u{85}\u{2028}\u{b}aAzZsStTvVlLdDmMrReE''’ſ\u{212a}0129٣½².,!?/\\-_*\"#<|>éÉßŁł\
    ǅʰªñ的漢字ひカ한글אבعربिक्षा\u{301}\u{308}\u{200d}\u{fe0f}😀👨👩🇩🇪\u{200b}\u{feff}ΑΣςбЖ\u{1d400}ⅣⅧ";

/// A generator that needs no seed from outside, so that a failure is found again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn text(&mut self, alphabet: &[char]) -> String {
        let chars = 1 + self.below(40);
        (0..chars)
            .map(|_| match self.below(20) {
                0 => char::from_u32(u32::try_from(self.below(0x30000)).unwrap()).unwrap_or('x'),
                _ => alphabet[self.below(alphabet.len())],
            })
            .flat_map(|c| std::iter::repeat_n(c, 1 + usize::from(u32::from(c) % 3 == 0)))
            .collect()
    }
}

#[test]
fn counts_are_those_of_the_reference() {
    let reference = tiktoken::get_encoding("o200k_base").unwrap();
    let alphabet: Vec<char> = ALPHABET.chars().collect();
    let mut random = Random(99);
    for _ in 0..2_000 {
        let text = random.text(&alphabet);
        let tokens = reference.encode(&text);
        let mut at = 0;
        let mut parts = Vec::new();
        for word in Words::new(&text) {
            parts.extend(O200K.ends(word.as_bytes()).into_iter().map(|end| at + end));
            at += word.len();
        }
        let mut at = 0;
        let expected: Vec<usize> = tokens
            .iter()
            .map(|token| {
                at += reference.decode(&[*token]).len();
                at
            })
            .collect();
        assert_eq!(parts, expected, "{text:?}");
        assert_eq!(count(&text) as usize, tokens.len(), "{text:?}");
        let joined: Vec<String> = pieces(&text).map(|piece| piece.text.to_owned()).collect();
        assert_eq!(joined.concat(), text);
    }
}

#[test]
fn known_counts() {
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
    for text in ["How do I reset my password?", "👨‍👩‍👧 naïve 重置密码 \u{10ffff}", "  \n\t x", ""] {
        let pieces: Vec<_> = pieces(text).collect();
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text);
        assert_eq!(pieces.iter().map(|piece| piece.tokens).sum::<u32>(), count(text));
        assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
    }
}

#[test]
fn hostile_text_is_counted_as_the_reference_does() {
    const BYTES: usize = 16 * 1024;
    let reference = tiktoken::get_encoding("o200k_base").unwrap();
    for unit in ["a", " ", "\n", " \n", "!", "/", "aA", "'s", "9", "字", "ªA", "\u{301}", "\u{2000}\u{300}", "👨‍👩‍👧"]
    {
        let text = unit.repeat(BYTES / unit.len());
        assert_eq!(count(&text) as usize, reference.count(&text), "{unit:?}");
    }
}
