//! Words that say nothing about what a text is about.

/// In any text: articles, pronouns, auxiliaries, prepositions, and what an apostrophe leaves of a contraction.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// In a question, besides: courtesy, and the verbs of asking. In a document these can matter.
pub(super) fn is_filler(word: &str) -> bool {
    FILLERS.binary_search(&word).is_ok()
}

/// Greeting and thanks: a message of nothing else asks nothing.
pub(super) fn is_greeting(word: &str) -> bool {
    GREETINGS.binary_search(&word).is_ok()
}

// All sorted, for the binary search; a test holds them to it.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "about", "above", "after", "again", "against", "ain", "all", "also", "am", "an", "and", "any", "are", "aren",
    "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "cannot",
    "could", "couldn", "d", "did", "didn", "do", "does", "doesn", "doing", "don", "down", "during", "each", "else", "few",
    "for", "from", "further", "had", "hadn", "has", "hasn", "have", "haven", "having", "he", "her", "here", "hers",
    "herself", "him", "himself", "his", "how", "i", "if", "in", "into", "is", "isn", "it", "its", "itself", "just", "ll",
    "m", "me", "might", "mightn", "more", "most", "must", "mustn", "my", "myself", "no", "nor", "not", "now", "of", "off",
    "on", "once", "only", "or", "other", "our", "ours", "ourselves", "out", "over", "own", "re", "s", "same", "shall",
    "shan", "she", "should", "shouldn", "so", "some", "such", "t", "than", "that", "the", "their", "theirs", "them",
    "themselves", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "ve",
    "very", "was", "wasn", "we", "were", "weren", "what", "when", "where", "which", "while", "who", "whom", "why", "will",
    "with", "won", "would", "wouldn", "you", "your", "yours", "yourself", "yourselves",
];

#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "anybody", "anyone", "asking", "explain", "find", "get", "getting", "give", "go", "got", "happen", "happens", "help",
    "know", "let", "like", "long", "look", "make", "many", "may", "much", "need", "needs", "please", "possible",
    "question", "say", "see", "show", "take", "takes", "tell", "thing", "things", "understand", "us", "want", "wanted",
    "wants", "way", "wish", "wonder", "wondering", "work", "works",
];

#[rustfmt::skip]
const GREETINGS: &[&str] = &[
    "afternoon", "bye", "cheers", "day", "evening", "good", "goodbye", "greetings", "hello", "hey", "hi", "morning",
    "nice", "ok", "okay", "thank", "thanks", "there", "you",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_as_the_binary_search_needs() {
        for list in [STOP_WORDS, FILLERS, GREETINGS] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}
