//! BM25, the ranking of search engines.

use std::cmp::Ordering;

use super::passages::heading_and_text;
use super::question::{Question, share};
use super::reader::Reader;

/// How soon further repetitions of a term stop counting; the usual value.
const K1: f64 = 1.2;
/// How much a long passage is held to its length; the usual value.
const B: f64 = 0.75;
/// A term of the line right above a passage, which announces it, counts as this many within, times the share of that line
/// that was asked for: its section's heading, or the title for what opens the document.
const ABOVE: f64 = 4.0;
/// A term of the title counts as this many in the passages below other headings.
const TITLE_AFAR: f64 = 1.0;
/// What a word of asking weighs beside one of content.
const HINT: f64 = 0.5;

/// A passage that the index found.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its document.
    pub document_id: &'a str,
    /// Its number within the document, from 0.
    pub ordinal: i64,
    /// The document's title.
    pub title: &'a str,
    /// The passage.
    pub passage: &'a str,
}

/// A candidate's place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Which of the candidates.
    pub index: usize,
    /// BM25, to four decimals: every platform ranks alike.
    pub score: f64,
    /// The share of the question's terms that passage or title speak of, 0 to 1.
    pub coverage: f64,
}

/// Ranks `candidates` for `query`, best first; those that share no term with it are left out. Equal scores are ordered by
/// document and ordinal.
///
/// `total_passages` is how many passages the tenant has, `frequencies` how many hold each term of [`fts_query_terms`]; where it
/// does not say, the term is counted among the candidates.
///
/// [`fts_query_terms`]: super::fts_query_terms
pub fn rank(query: &str, candidates: &[Candidate<'_>], total_passages: u64, frequencies: &[u64]) -> Vec<Ranked> {
    let question = Question::new(query);
    let mut reader = Reader::new(&question);
    let texts: Vec<Text> = candidates.iter().map(|candidate| Text::new(&mut reader, candidate)).collect();
    let mean_length = (texts.iter().map(|text| text.length).sum::<f64>() / count(texts.len())).max(1.0);
    let passages = count(usize::try_from(total_passages).unwrap_or(usize::MAX).max(texts.len()));
    let content = question.terms().len();
    let weights: Vec<f64> = (0..content + question.hints().len())
        .map(|term| {
            let counted = texts.iter().filter(|text| text.frequencies[term] > 0.0).count();
            let told = frequencies.get(term).and_then(|&f| usize::try_from(f).ok()).unwrap_or(0);
            let having = count(counted.max(told)).min(passages);
            ((passages - having + 0.5) / (having + 0.5)).ln_1p() * if term < content { 1.0 } else { HINT }
        })
        .collect();

    let mut ranked: Vec<Ranked> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| Ranked {
            index,
            score: text.score(&weights, mean_length),
            coverage: text.coverage(content),
        })
        .filter(|ranked| ranked.coverage > 0.0)
        .collect();
    ranked.sort_by(|a, b| order(candidates, a, b));
    ranked
}

fn order(candidates: &[Candidate<'_>], a: &Ranked, b: &Ranked) -> Ordering {
    let place = |ranked: &Ranked| (candidates[ranked.index].document_id, candidates[ranked.index].ordinal);
    b.score.total_cmp(&a.score).then_with(|| place(a).cmp(&place(b)))
}

/// A candidate as the formula sees it.
struct Text {
    /// How often each term of the question occurs, then each hint, the title's occurrences boosted.
    frequencies: Vec<f64>,
    /// How many terms the passage has.
    length: f64,
}

impl Text {
    fn new(reader: &mut Reader, candidate: &Candidate<'_>) -> Self {
        let (heading, text) = heading_and_text(candidate.passage);
        let text = reader.read(text);
        let heading = reader.read(heading);
        let title = reader.read(candidate.title);
        let opens = candidate.ordinal == 0 && heading.is_empty();
        let above = if opens { &title } else { &heading };
        let asked: Vec<bool> = above.iter().map(Option::is_some).collect();

        let mut frequencies = vec![0.0; reader.places()];
        let mut add = |terms: &[Option<usize>], each: f64| {
            for place in terms.iter().flatten() {
                frequencies[*place] += each;
            }
        };
        add(&text, 1.0);
        add(above, ABOVE * share(&asked));
        if !opens {
            add(&title, TITLE_AFAR);
        }
        Self { frequencies, length: count(text.len()) }
    }

    fn score(&self, weights: &[f64], mean_length: f64) -> f64 {
        let norm = K1 * (1.0 - B + B * self.length / mean_length);
        let score: f64 =
            self.frequencies.iter().zip(weights).map(|(tf, idf)| idf * tf * (K1 + 1.0) / (tf + norm)).sum();
        (score * 10_000.0).round() / 10_000.0
    }

    fn coverage(&self, content: usize) -> f64 {
        share(&self.frequencies[..content].iter().map(|frequency| *frequency > 0.0).collect::<Vec<_>>())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of passages and terms, far below 2^52")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate<'a>(document_id: &'a str, ordinal: i64, title: &'a str, passage: &'a str) -> Candidate<'a> {
        Candidate { document_id, ordinal, title, passage }
    }

    #[test]
    fn the_title_and_the_rarer_term_weigh_more() {
        let candidates = [
            candidate("doc-a", 0, "Billing", "To pay, open the account page."),
            candidate("doc-b", 0, "Reset your password", "Open the account page."),
            candidate("doc-c", 0, "Billing", "The account has one password and a page."),
        ];
        let ranked = rank("password of my account", &candidates, 100, &[]);
        assert_eq!(ranked.iter().map(|ranked| ranked.index).collect::<Vec<_>>(), [1, 2, 0]);
        assert!((ranked[0].coverage - 1.0).abs() < 1e-9 && (ranked[2].coverage - 0.5).abs() < 1e-9);
    }

    #[test]
    fn ties_are_ordered_by_document_and_ordinal_wherever_they_come_from() {
        let same = |id, ordinal| candidate(id, ordinal, "Refunds", "A refund takes a week.");
        let forth = [same("doc-b", 1), same("doc-a", 2), same("doc-a", 1)];
        let order: Vec<_> = rank("refund", &forth, 3, &[]).iter().map(|ranked| ranked.index).collect();
        assert_eq!(order, [2, 1, 0]);
    }

    #[test]
    fn what_shares_no_term_is_left_out() {
        assert!(rank("cake", &[candidate("doc-a", 0, "Refunds", "A refund takes a week.")], 1, &[]).is_empty());
        assert!(rank("???", &[candidate("doc-a", 0, "Refunds", "")], 0, &[]).is_empty());
        assert!(rank("refund", &[], 0, &[]).is_empty());
    }
}
