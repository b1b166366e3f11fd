//! Who is calling: API keys, scopes, and the operator.

mod gate;
mod key;
mod uses;

pub use gate::{Caller, Gate};
pub use key::{ApiKey, Mode, ParsedKey, Scope, Secret, prefix};
