//! `ungpho reveal`: opens the script of an exercise against the commitment with which its drill began.

use std::path::{Path, PathBuf};

use crate::message::message;
use crate::model::record::ScriptRevealed;
use crate::model::{Digest, Objects as _};
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, exercise};

/// Open the script of a drill that began without it
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho reveal DT-2026-001 ../ban-to-chuc/exercises/tc-2026.script")]
pub struct Args {
    /// The script, after the run where several are open or it has ended
    #[arg(value_name = "RUN FILE", required = true, num_args = 1..=2)]
    words: Vec<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// The longest script that is read.
const LONGEST: u64 = 16 << 20;

/// Keeps the script.
///
/// # Errors
///
/// Where it is not the one that the drill began with, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let [file] = words else { return Err(super::too_many(words.len())) };
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    exercise::drill_only(&run)?;
    let Some(script) = state.script else {
        let began = desk.started(&run, &state)?.script.is_some();
        let (code, message) = if began {
            ("script-revealed", message!("exercise-revealed-before", run = run.as_str()))
        } else {
            ("no-script", message!("exercise-no-script", run = run.as_str()))
        };
        return Err(Failure::new(Exit::Invalid, code, message));
    };
    let bytes = read(&context.folder.join(PathBuf::from(file)), file)?;
    if Digest::of(&bytes) != script {
        let message = message!("exercise-other-script", file = file.as_str(), exercise = run.as_str());
        return Err(Failure::new(Exit::Invalid, "script-differs", message).help(message!("exercise-other-script-help")));
    }
    let entry = args.entry.entry(context, &desk.workspace)?;
    let because = desk.because(&entry)?;
    let script = desk.ledger.put(&bytes).map_err(|e| journal_failure(&e))?;
    desk.record(context, &entry, (&run, &state), ScriptRevealed { script, because }.into())?;
    context.note(&message!("exercise-revealed", run = run.as_str()));
    Ok(Exit::Passed)
}

/// The bytes of a script.
///
/// # Errors
///
/// Where it cannot be read, or is far too long for one.
pub(super) fn read(path: &Path, shown: &str) -> Result<Vec<u8>, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = shown)).caused_by(error)
    };
    let size = std::fs::metadata(path).map_err(|error| failed(&error))?.len();
    if size > LONGEST {
        let message = message!("exercise-script-unreadable", file = shown);
        return Err(Failure::new(Exit::Invalid, "script-unreadable", message));
    }
    std::fs::read(path).map_err(|error| failed(&error))
}
