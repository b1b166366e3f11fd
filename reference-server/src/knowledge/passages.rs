//! From a document to the passages that are found and quoted.

/// The most characters a passage has, its heading apart.
pub const PASSAGE_CHARS: usize = 800;

/// The most passages of a document; one of the largest size in passages of the usual size has fewer.
pub const MAX_PASSAGES: usize = 1_000;

/// Paragraphs of one section are put together up to here, so that a list or a remark does not stand alone.
const TOGETHER_CHARS: usize = 400;

/// Splits a document at its headings (Markdown's `#`), then at empty lines, then, where a paragraph is too long, after
/// sentences, and at last between words. Each passage begins with the heading of its section; a first heading that only
/// repeats `title` is left out. Never empty: a document without content is found by its title.
pub fn split_passages(title: &str, content: &str) -> Vec<String> {
    let mut passages = Vec::new();
    let mut section = Section::default();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in content.lines().map(str::trim_end).chain([""]) {
        fenced ^= line.trim_start().starts_with("```");
        let heading = if fenced { None } else { heading(line) };
        if heading.is_some() || line.is_empty() {
            section.add(&paragraph, &mut passages);
            paragraph.clear();
        } else {
            if !paragraph.is_empty() {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        }
        if let Some(heading) = heading {
            section.finish(&mut passages);
            section.heading = if same_words(heading, title) { String::new() } else { heading.to_owned() };
        }
    }
    section.finish(&mut passages);
    if passages.is_empty() {
        passages.push(title.trim().to_owned());
    }
    at_most(MAX_PASSAGES, passages)
}

/// Puts neighbours together where there are too many: a document of thousands of tiny sections costs no more than another.
fn at_most(most: usize, passages: Vec<String>) -> Vec<String> {
    let together = passages.len().div_ceil(most);
    if together <= 1 { passages } else { passages.chunks(together).map(|neighbours| neighbours.join("\n")).collect() }
}

/// A heading and what stands below it so far.
#[derive(Default)]
struct Section {
    heading: String,
    text: String,
    chars: usize,
}

impl Section {
    fn add(&mut self, paragraph: &str, passages: &mut Vec<String>) {
        for part in parts(paragraph) {
            let chars = part.chars().count();
            if self.chars > 0 && self.chars + chars > TOGETHER_CHARS {
                self.flush(passages);
            }
            if self.chars > 0 {
                self.text.push('\n');
            }
            self.text.push_str(part);
            self.chars += chars;
        }
    }

    fn flush(&mut self, passages: &mut Vec<String>) {
        let text = std::mem::take(&mut self.text);
        self.chars = 0;
        if !text.is_empty() {
            passages.push(if self.heading.is_empty() { text } else { format!("{}\n{text}", as_line(&self.heading)) });
        }
    }

    /// The section ends. A heading with nothing below it is not worth a passage.
    fn finish(&mut self, passages: &mut Vec<String>) {
        self.flush(passages);
        self.heading.clear();
    }
}

/// What marks a passage's heading, its first line.
const HEADING_MARK: &str = "## ";

/// A heading as the first line of a passage.
fn as_line(heading: &str) -> String {
    const HEADING_CHARS: usize = 200;
    format!("{HEADING_MARK}{}", heading.chars().take(HEADING_CHARS).collect::<String>())
}

/// The heading of a passage, empty where it has none, and the text below it.
pub fn heading_and_text(passage: &str) -> (&str, &str) {
    let heading = passage.strip_prefix(HEADING_MARK);
    heading.map_or(("", passage), |rest| rest.split_once('\n').unwrap_or((rest, "")))
}

/// The text of a Markdown heading.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with([' ', '\t'])).then(|| text.trim().trim_end_matches('#').trim_end())
}

fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(a) == words(b)
}

/// A paragraph in parts of at most [`PASSAGE_CHARS`], each as many whole sentences, else words, else characters as fit.
fn parts(paragraph: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = paragraph.trim();
    while let Some((limit, _)) = rest.char_indices().nth(PASSAGE_CHARS) {
        let window = &rest[..limit];
        let at = last_sentence_end(window).or_else(|| window.rfind(char::is_whitespace)).filter(|at| *at > 0);
        let (part, after) = rest.split_at(at.unwrap_or(limit));
        parts.push(part.trim_end());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

/// Behind the last sentence that ends within `window`.
fn last_sentence_end(window: &str) -> Option<usize> {
    let mut end = None;
    let mut previous = None;
    for (at, c) in window.char_indices() {
        match previous {
            Some('。' | '！' | '？' | '\u{964}') => end = Some(at),
            Some('.' | '!' | '?') if c.is_whitespace() => end = Some(at),
            _ => {}
        }
        previous = Some(c);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stay_with_their_text() {
        let content = "# Reset your  Password\n\nOpen the page.\n\n## No link\n\nLook in the spam folder.\n\nThen wait.\n\n## Empty\n";
        assert_eq!(
            split_passages("Reset your password", content),
            ["Open the page.", "## No link\nLook in the spam folder.\nThen wait."]
        );
    }

    #[test]
    fn a_long_section_repeats_its_heading() {
        let paragraph = format!("{}.", "word ".repeat(60).trim_end());
        let passages = split_passages("T", &format!("## Rules\n\n{paragraph}\n\n{paragraph}"));
        assert_eq!(passages.len(), 2);
        assert!(passages.iter().all(|passage| passage.starts_with("## Rules\nword")));
    }

    #[test]
    fn a_long_paragraph_is_cut_behind_a_sentence_else_between_words_else_anywhere() {
        let sentences = "This is a sentence of some words. ".repeat(60);
        let passages = split_passages("T", &sentences);
        assert!(passages.len() > 1 && passages.iter().all(|passage| passage.ends_with("words.")));
        let words = split_passages("T", &"word ".repeat(1000));
        assert!(words.iter().all(|passage| passage.ends_with("word")));
        for (text, expected) in [("x".repeat(2000), 3), ("字".repeat(2000), 3), ("字。".repeat(1000), 3)] {
            let passages = split_passages("T", &text);
            assert_eq!(passages.len(), expected);
            assert!(passages.iter().all(|passage| passage.chars().count() <= PASSAGE_CHARS));
            assert_eq!(passages.concat(), text);
        }
    }

    #[test]
    fn code_is_no_heading_and_windows_lines_are_lines() {
        assert_eq!(split_passages("T", "```\r\n# not a heading\r\n```\r\n"), ["```\n# not a heading\n```"]);
        assert_eq!(split_passages("T", "#hashtag"), ["#hashtag"]);
    }

    #[test]
    fn a_document_without_content_is_its_title() {
        assert_eq!(split_passages(" Refunds ", " \n\n# Refunds\n"), ["Refunds"]);
    }

    #[test]
    fn a_large_document_is_split_in_linear_time() {
        assert_eq!(split_passages("T", &"a".repeat(400_000)).len(), 500);
        assert!(split_passages("T", &"# h\n".repeat(500_000)).len() == 1);
    }

    #[test]
    fn thousands_of_tiny_sections_share_passages() {
        let passages = split_passages("T", &"# h\nword\n".repeat(4_000));
        assert_eq!(passages.len(), MAX_PASSAGES);
        assert_eq!(passages[0].matches("word").count(), 4);
    }
}
