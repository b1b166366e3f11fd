//! Doc comments.

/// A doc comment of these lines, indented; nothing when there are none.
pub(super) fn comment(indent: &str, text: &str) -> String {
    // What would end the comment is shown, not done.
    let text = text.trim().replace("*/", "*\\/");
    if text.is_empty() {
        return String::new();
    }
    if !text.contains('\n') {
        return format!("{indent}/** {text} */\n");
    }
    let mut comment = format!("{indent}/**\n");
    for line in text.lines() {
        comment.push_str(format!("{indent} * {line}").trim_end());
        comment.push('\n');
    }
    comment + indent + " */\n"
}

/// Paragraphs with an empty line between them; the empty ones are left out.
pub(super) fn paragraphs(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}
