//! Writes the Rust client: what the hand-written core of `sdk-rust` offers untyped, typed.

mod methods;
mod models;
mod operations;
mod requests;
mod spelling;

use std::path::Path;

use crate::model::{Api, GeneratedFile};

const FOLDER: &str = "sdk-rust/src/generated";

const MODULE: &str = "\
//! What the generator makes of `openapi/openapi.json`: models, the operations table, one method an operation.

#[cfg(feature = \"blocking\")]
#[rustfmt::skip]
mod blocking;
#[rustfmt::skip]
mod decode;
#[rustfmt::skip]
mod methods;
#[rustfmt::skip]
pub mod models;
#[rustfmt::skip]
pub mod operations;
";

/// The Rust files, in the order of their paths.
#[must_use]
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    let files = [
        ("blocking.rs", methods::write(api, methods::Flavour::Blocking)),
        ("decode.rs", include_str!("../../templates/decode.rs").to_owned()),
        ("methods.rs", methods::write(api, methods::Flavour::Async)),
        ("mod.rs", MODULE.to_owned()),
        ("models.rs", models::write(api)),
        ("operations.rs", operations::write(api)),
    ];
    let note = "// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.\n\n";
    files
        .into_iter()
        .map(|(name, contents)| GeneratedFile {
            path: Path::new(FOLDER).join(name),
            contents: format!("{note}{contents}"),
        })
        .collect()
}
