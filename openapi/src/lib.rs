//! From the OpenAPI document to the Rust, Python and TypeScript clients.

pub mod model;
pub mod python;
pub mod rust;
pub mod typescript;
