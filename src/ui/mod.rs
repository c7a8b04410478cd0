//! The only wiring: command line and consoles. Only here the program prints, exits and reads the environment.

pub mod cli;
mod context;
mod environment;
mod failure;
pub mod files;
pub mod reporting;
pub mod sample;
pub mod workspace;

pub use cli::main;
pub use context::{Color, Context};
pub use failure::{Exit, Failure};
pub use workspace::Workspace;
