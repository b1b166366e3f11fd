//! Writes the Python client.

use crate::model::{Api, GeneratedFile};

/// The Python files, in the order of their paths.
pub fn write(_api: &Api) -> Vec<GeneratedFile> {
    Vec::new()
}
