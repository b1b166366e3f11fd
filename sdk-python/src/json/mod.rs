//! JSON across the border: Python values are built from the answer's bytes, and request bytes from Python values,
//! each in one pass, with no tree in between.

mod decode;
mod encode;
mod place;

pub(crate) use decode::{decode, value_to_python};
pub(crate) use encode::{encode_object, scalar};
pub(crate) use place::{Place, type_name, wrong_type};
