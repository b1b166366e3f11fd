//! Docstrings.

/// As wide as ruff is told that lines are.
pub(super) const WIDTH: usize = 120;

/// A docstring of paragraphs at an indentation, with a line break at its end.
pub(super) fn docstring(indent: usize, paragraphs: &[String]) -> String {
    let pad = " ".repeat(indent);
    let paragraphs: Vec<&str> = paragraphs.iter().map(|text| text.trim_end()).filter(|text| !text.is_empty()).collect();
    let escaped = escape(&paragraphs.join("\n\n"));
    let lines: Vec<String> = escaped.lines().flat_map(|line| wrap(line, WIDTH - indent)).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] if indent + line.len() + 6 <= WIDTH && !line.ends_with('"') => format!("{pad}\"\"\"{line}\"\"\"\n"),
        lines => {
            let mut out = format!("{pad}\"\"\"");
            for (index, line) in lines.iter().enumerate() {
                if index > 0 && !line.is_empty() {
                    out.push_str(&pad);
                }
                out.push_str(line);
                out.push('\n');
            }
            out + &pad + "\"\"\"\n"
        }
    }
}

/// `name: text`, its further lines indented, as in the sections of a docstring.
pub(super) fn entry(name: &str, text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("    {name}: {text}")
}

/// The summary as a sentence.
pub(super) fn sentence(summary: &str) -> String {
    let summary = summary.trim();
    if summary.ends_with(['.', '!', '?']) || summary.is_empty() { summary.to_owned() } else { format!("{summary}.") }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
}

/// Breaks a line at spaces; what follows keeps its indentation, and one step more inside a section's entry.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    // Room for the quotes that may stand before the first line.
    let room = width - 3;
    if line.len() <= room {
        return vec![line.trim_end().to_owned()];
    }
    let hanging = if indent == 0 { 0 } else { indent + 4 };
    let mut lines = Vec::new();
    let mut current = " ".repeat(indent);
    let mut empty = true;
    for word in line.split_whitespace() {
        if !empty && current.len() + 1 + word.len() > room {
            lines.push(std::mem::replace(&mut current, " ".repeat(hanging)));
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(word);
        empty = false;
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_on_one_line_and_quotes_are_escaped() {
        assert_eq!(docstring(4, &["Says \\ and more.".to_owned()]), "    \"\"\"Says \\\\ and more.\"\"\"\n");
        assert!(docstring(0, &["a \"\"\" b".to_owned()]).contains("a \\\"\\\"\\\" b"));
        assert_eq!(docstring(0, &["It is \"so\"".to_owned()]), "\"\"\"It is \"so\"\n\"\"\"\n");
        assert_eq!(docstring(0, &[]), "");
    }

    #[test]
    fn a_long_entry_hangs() {
        let text = docstring(8, &[entry("name", &"word ".repeat(40))]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= WIDTH), "{text}");
        assert!(lines[1].starts_with("                word"), "{text}");
    }
}
