//! Writes the TypeScript client.

use crate::model::{Api, GeneratedFile};

/// The TypeScript files, in the order of their paths.
pub fn write(_api: &Api) -> Vec<GeneratedFile> {
    Vec::new()
}
