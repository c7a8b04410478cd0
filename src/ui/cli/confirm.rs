//! `ungpho confirm`: the commander confirms what somebody consented to alone.

use crate::message::message;
use crate::model::Actor;
use crate::model::record::Confirmed;
use crate::ui::desk::Desk;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Confirm, as the commander or the deputy, a dangerous step that somebody consented to alone
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho confirm 41 --because \"Đã nghe báo cáo, đồng ý\"")]
pub struct Args {
    /// The number of the record of the consent; before it the run, where several are open or it has ended
    #[arg(value_name = "RUN RECORD", required = true, num_args = 1..=2)]
    words: Vec<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps the confirmation. It may come after the end.
///
/// # Errors
///
/// Where no reason is given, the person is neither commander nor deputy, the record waits for no confirmation or is their own,
/// or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let [word] = words else { return Err(super::too_many(words.len())) };
    let seq: u64 = word.parse().map_err(|_| {
        Failure::new(Exit::Invalid, "not-a-record", message!("people-not-a-record", word = word.as_str()))
    })?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    let leads = super::conclude::chairs(context, &desk, &desk.folded(&run, &state)?)?;
    if !leads.contains(&entry.actor) {
        let names: Vec<&str> = leads.iter().map(Actor::as_str).collect();
        let message = message!(
            "people-not-the-commander",
            who = entry.actor.as_str(),
            count = names.len(),
            names = names.join(", ")
        );
        return Err(
            Failure::new(Exit::Invalid, "not-the-commander", message).help(message!("people-not-the-commander-help"))
        );
    }
    let because = desk.because(&entry)?;
    desk.record(context, &entry, (&run, &state), Confirmed { seq, because }.into())?;
    context.note(&message!("people-confirmed", seq = seq.to_string(), run = run.as_str()));
    Ok(Exit::Passed)
}
