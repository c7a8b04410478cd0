//! The loop that drives a run: it reads what the ledger says, asks what may happen, keeps it, and carries it out.

mod begin;
mod error;
mod setup;

pub use begin::{Source, begin};
pub use error::EngineError;
pub use setup::LoopSetup;
