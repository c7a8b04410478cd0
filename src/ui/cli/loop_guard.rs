//! The hidden `ungpho loop-guard FOLDER BOUND`: holds what commands print to its bound when their loop is gone.

use std::path::PathBuf;

use crate::engine::executor;
use crate::ui::{Exit, Failure};

/// Hold output to its bound (used by the program itself)
#[derive(clap::Args)]
pub struct Args {
    /// The folder with the output
    folder: PathBuf,
    /// The most bytes of one file
    bound: u64,
}

/// Listens on standard input for the groups that are begun, and takes over when it ends.
///
/// # Errors
///
/// Where standard input cannot be read.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    // What ends the loop's session is not to end this.
    let _ = rustix::process::setsid();
    // Nobody reads what it would say.
    executor::guard(std::io::stdin().lock(), &args.folder, args.bound).map_err(|_| Failure::reported(Exit::Machine))?;
    Ok(Exit::Passed)
}
