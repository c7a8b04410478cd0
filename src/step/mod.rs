//! The kinds of action, one file each: their fields. Pure; executors carry them out, the engine judges.

pub mod action;
mod common;
mod fault;

pub use action::*;
pub use common::*;
pub use fault::*;
