//! `ungpho note`: keeps a person's words in the evidence of a run.

use crate::message::message;
use crate::model::record::{Finding, Noted};
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Add a note to a run
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "Example: ungpho note \"Đã gọi cho đơn vị vận hành\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN TEXT", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// The step that it is about
    #[arg(long, value_name = "STEP")]
    step: Option<crate::model::StepPath>,
    /// It tells what was seen of the incident: notices list it
    #[arg(long)]
    seen: bool,
    /// It tells what went well: the after-action report lists it
    #[arg(long, conflicts_with_all = ["seen", "gap", "lesson"])]
    strength: bool,
    /// It tells what fell short: the after-action report lists it
    #[arg(long, conflicts_with_all = ["seen", "lesson"])]
    gap: bool,
    /// It tells what is learnt from it or asked for: the after-action report lists it
    #[arg(long, conflicts_with = "seen")]
    lesson: bool,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps the note.
///
/// # Errors
///
/// Where the run is not there or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, text) = super::run_and_text(&args.words)?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    let because = desk.because(&entry)?;
    let text = desk.words(text)?;
    let said = [(args.strength, Finding::Strength), (args.gap, Finding::Gap), (args.lesson, Finding::Lesson)];
    let finding = said.into_iter().find_map(|(given, finding)| given.then_some(finding));
    let noted = Noted { text, step: args.step.clone(), seen: args.seen, finding, because };
    desk.record(context, &entry, (&run, &state), noted.into())?;
    context.note(&message!("cli-noted", run = run.as_str()));
    Ok(Exit::Passed)
}
