//! JSON across the border: Python values are built from the answer's bytes, and request bytes from Python values,
//! each in one pass, with no tree in between.

mod decode;
mod encode;

pub(crate) use decode::{decode, value_to_python};
pub(crate) use encode::{encode_object, query_value};
