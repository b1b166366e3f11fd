//! Writes the Rust client.

use crate::model::{Api, GeneratedFile};

/// The Rust files, in the order of their paths.
pub fn write(_api: &Api) -> Vec<GeneratedFile> {
    Vec::new()
}
