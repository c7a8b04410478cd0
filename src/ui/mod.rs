//! The only wiring: command line and consoles. Only here the program prints, exits and reads the environment.

pub(crate) mod begin;
pub(crate) mod card;
pub mod cli;
pub(crate) mod console;
mod context;
pub(crate) mod copies;
pub(crate) mod desk;
pub(crate) mod documents;
pub(crate) mod duties;
pub(crate) mod entry;
mod environment;
pub(crate) mod exercise;
mod failure;
pub mod files;
pub(crate) mod levels;
pub mod library;
pub(crate) mod noted;
pub(crate) mod notice;
pub(crate) mod offer;
pub(crate) mod paper;
pub(crate) mod period;
pub(crate) mod ready;
pub mod reporting;
pub(crate) mod roles;
pub mod sample;
pub(crate) mod secrets;
pub(crate) mod start;
pub(crate) mod switch;
pub(crate) mod table;
pub(crate) mod tasks;
pub mod workspace;

pub use cli::main;
pub use context::{Color, Context};
pub use failure::{Exit, Failure};
pub use workspace::Workspace;
