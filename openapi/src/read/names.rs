//! Names: each must be spelled in every language, and stay apart from its neighbours.

use heck::ToSnakeCase;

use super::{Result, node::Node};

/// Refuses names without a letter or digit, and names that one language or another would spell alike.
pub(super) fn check<'n>(node: &Node, names: impl Iterator<Item = &'n str>) -> Result<()> {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for name in names {
        let spelled = name.to_snake_case();
        if !name.is_ascii() || spelled.is_empty() {
            return Err(node.error(format!("`{name}` can't be a name in every language: letters of ASCII are needed")));
        }
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == spelled) {
            return Err(node.error(format!("`{other}` and `{name}` are spelled alike in some language")));
        }
        seen.push((spelled, name));
    }
    Ok(())
}
