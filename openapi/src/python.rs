//! Writes the Python client: `_types.py` with a `TypedDict` a schema, `_client.py` with a method an operation, asyncio
//! and blocking.

mod client;
mod spelling;
#[cfg(test)]
mod tests;
mod text;
mod types;

use std::path::Path;

use crate::model::{Api, GeneratedFile};

const FOLDER: &str = "sdk-python/python/agent_platform";
const HEADER: &str = "# Generated from openapi/openapi.json by `make spec`; changes made here are lost.\n";

/// The Python files, in the order of their paths.
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    [("_client.py", client::write(api)), ("_types.py", types::write(api))]
        .map(|(name, contents)| GeneratedFile { path: Path::new(FOLDER).join(name), contents })
        .into()
}
