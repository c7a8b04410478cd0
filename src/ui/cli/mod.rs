//! The command line: one file a command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::{Color, Context, Exit, Failure};

/// Run response playbooks, keep signed evidence
#[derive(Parser)]
#[command(name = "ungpho", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(clap::Args)]
struct Global {
    /// Speak this language: vi or en
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<String>,
    /// Colour the output
    #[arg(long, global = true, value_enum, default_value_t)]
    color: Color,
    /// Leave out progress and notes
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Use the workspace in this folder
    #[arg(long, global = true, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Act as this person (an id of people.yaml)
    #[arg(long = "as", global = true, value_name = "PERSON")]
    actor: Option<String>,
}

#[derive(Subcommand)]
enum Command {}

/// Runs the program with the arguments it was started with.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let _ = arguments;
    ExitCode::from(Exit::Passed)
}
