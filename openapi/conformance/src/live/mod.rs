//! The same promises against the real server: it runs behind the proxy, is killed and started again, and in the end its
//! ledger says what happened.

mod call;
mod ledger;
mod server;
mod stage;

pub use ledger::{Answer, Ended, Ledger};
pub use server::{LiveServer, binary};
pub use stage::{QUESTION, Stage};
