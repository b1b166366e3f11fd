//! Writes the TypeScript client: `types.ts` with an interface a schema, `client.ts` with a method an operation.

mod client;
mod docs;
mod types;

use std::path::PathBuf;

use crate::model::{Api, GeneratedFile};

const FOLDER: &str = "sdk-node/lib/generated";

/// The TypeScript files, in the order of their paths.
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    vec![file("client.ts", &client::write(api)), file("types.ts", &types::write(api))]
}

fn file(name: &str, text: &str) -> GeneratedFile {
    let contents = format!("// Generated from openapi/openapi.json by `make spec`. Do not edit.\n\n{}\n", text.trim());
    GeneratedFile { path: PathBuf::from(FOLDER).join(name), contents }
}
