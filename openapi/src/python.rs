//! Writes the Python client: `_types.py` with a `TypedDict` a schema, `_client.py` with a method an operation, asyncio
//! and blocking, `_raw.py` with the same methods answering with status and headers, and for the native module the
//! types of the arguments.

mod arguments;
mod client;
mod docs;
mod kinds;
mod spelling;
#[cfg(test)]
mod tests;
mod text;
mod types;

use std::path::Path;

use crate::model::{Api, GeneratedFile};

const FOLDER: &str = "sdk-python";
const HEADER: &str = "# Generated from openapi/openapi.json by `make spec`; changes made here are lost.\n";

/// The Python files, in the order of their paths.
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    [
        ("python/agent_platform/_client.py", client::write(api)),
        ("python/agent_platform/_raw.py", client::write_raw(api)),
        ("python/agent_platform/_types.py", types::write(api)),
        ("src/generated.rs", kinds::write(api)),
    ]
    .map(|(name, contents)| GeneratedFile { path: Path::new(FOLDER).join(name), contents })
    .into()
}
