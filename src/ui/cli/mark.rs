//! `ungpho mark`: says when a moment came that clocks and duties hang on.

use crate::message::message;
use crate::model::Mark;
use crate::model::record::Marked;
use crate::source::suggest;
use crate::ui::console::progress;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Say that an incident was detected, declared, contained, restored or closed
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho mark detected --at 01:40 --because \"Trực ban báo qua điện thoại\"")]
pub struct Args {
    /// detected, declared, contained, restored or closed; before it the run, where several are open or it has ended
    #[arg(value_name = "RUN MARK", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// The step that it belongs to
    #[arg(long, value_name = "STEP")]
    step: Option<crate::model::StepPath>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps the mark. Of several settings the earliest moment counts.
///
/// # Errors
///
/// Where it is no mark, the run is not there, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let [word] = words else { return Err(super::too_many(words.len())) };
    let mark = read(word)?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    let because = desk.because(&entry)?;
    desk.record(context, &entry, (&run, &state), Marked { mark, step: args.step.clone(), because }.into())?;
    context.note(&message!("amend-marked", mark = progress::mark(mark), run = run.as_str()));
    Ok(Exit::Passed)
}

/// Reads the word of a mark.
///
/// # Errors
///
/// Where it is none.
pub(super) fn read(word: &str) -> Result<Mark, Failure> {
    Mark::from_word(word).ok_or_else(|| {
        let failure = Failure::new(Exit::Invalid, "unknown-mark", message!("amend-unknown-mark", word = word));
        match suggest::one_of_these(word, Mark::WORDS.iter().map(|(word, _)| *word)) {
            Some(help) => failure.help(help),
            None => failure,
        }
    })
}
