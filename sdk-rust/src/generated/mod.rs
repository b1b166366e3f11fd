// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! What the generator makes of `openapi/openapi.json`: models, the operations table, one method an operation.

#[cfg(feature = "blocking")]
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
