//! What the generator makes of `openapi/openapi.json`: models, the operations table, one method an operation.

pub mod models;
pub mod operations;
