//! `ungpho attach-file`: keeps a file in the evidence of a run.

use std::path::Path;

use crate::message::{format, message};
use crate::model::Objects as _;
use crate::model::record::Attached;
use crate::ui::console::readable;
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Attach a file to a run
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho attach-file man-hinh.png --step confirm")]
pub struct Args {
    /// The file, after the run where several are open
    #[arg(value_name = "RUN FILE", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// The step that it is about
    #[arg(long, value_name = "STEP")]
    step: Option<crate::model::StepPath>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps the file as it is.
///
/// # Errors
///
/// Where the file cannot be read, the run is not there, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let [file] = words else { return Err(super::too_many(words.len())) };
    let path = context.folder.join(file);
    readable(&path).map_err(|error| {
        Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = file.as_str()))
            .caused_by(&error)
    })?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    let name = Path::new(file).file_name().map_or_else(|| file.clone(), |name| name.to_string_lossy().into_owned());
    let kept = desk.ledger.put_file(&path).map_err(|e| journal_failure(&e))?;
    let size = format::bytes(kept.size, context.lang);
    let digest = kept.object.to_string();
    let named = desk.words(&name)?;
    let because = desk.because(&entry)?;
    let attached = Attached { file: kept, name: named, step: args.step.clone(), because };
    desk.record(context, &entry, (&run, &state), attached.into())?;
    context.note(&message!("cli-attached", run = run.as_str(), name = name, size = size, digest = digest));
    Ok(Exit::Passed)
}
