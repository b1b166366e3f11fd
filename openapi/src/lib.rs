//! From the OpenAPI document to the Rust, Python and TypeScript clients.
//!
//! [`read`] turns the document into a small [`model`]; each language has a writer that spells the model in its own way.
//! One reading for three languages is what keeps them alike.

mod files;
pub mod model;
pub mod python;
mod read;
pub mod rust;
pub mod typescript;

pub use files::{out_of_date, write};
pub use read::{SpecError, read};

use model::{Api, GeneratedFile};

/// Every file of every language.
#[must_use]
pub fn generate(api: &Api) -> Vec<GeneratedFile> {
    [rust::write(api), python::write(api), typescript::write(api)].concat()
}
