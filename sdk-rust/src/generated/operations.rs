//! The operations of the API.

use crate::operation::Operation;

/// Every operation, in the order of the specification.
pub static OPERATIONS: &[&Operation] = &[];

/// The operation of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().copied().find(|operation| operation.id == id)
}
