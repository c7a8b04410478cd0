//! `ungpho sent`: keeps that a person sent a notice. The program never sends.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::engine::state::Incident;
use crate::message::message;
use crate::model::record::NoticeSent;
use crate::model::{Id, Name, Objects as _, RunKind};
use crate::policy::duties::Book;
use crate::source::suggest;
use crate::ui::console::readable;
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::duties::Policies;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

/// Keep that a notice was sent: to whom, when, under which number
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho sent initial-notice --at 02:40 --to \"Công an tỉnh\" --number 15/TB-SKHCN \
                        --file bien-nhan.pdf --because \"Gửi qua trục liên thông\"")]
pub struct Args {
    /// The duty or the notice; beside it the run, where several are open or it has ended
    #[arg(value_name = "RUN NOTICE", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// To whom
    #[arg(long, value_name = "WORDS")]
    to: Option<String>,
    /// To whom, as the role that duties name; may be given several times
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// The number of the document
    #[arg(long, value_name = "WORDS")]
    number: Option<String>,
    /// The receipt, kept as it is
    #[arg(long, value_name = "RECEIPT")]
    file: Option<PathBuf>,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Keeps what was sent.
///
/// # Errors
///
/// Where nobody knows the notice and no reason is given, the receipt cannot be read, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, word) = super::run_and_word(&args.words)?;
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let entry = args.entry.entry(context, &desk.workspace)?;
    let folded = desk.folded(&run, &state)?;
    let policies = Policies::here(context, &desk.workspace);
    let roles = args.role.iter().map(|role| recipient(&policies.book, role)).collect::<Result<Vec<Id>, _>>()?;
    let known = known(folded.incident(), &policies);
    let unknown = || {
        let failure = Failure::new(Exit::Invalid, "unknown-notice", message!("amend-unknown-notice", notice = word));
        match suggest::did_you_mean(word, known.iter().map(Name::as_str)) {
            Some(help) => failure.help(help),
            None => failure.help(message!("amend-unknown-notice-help", run = run.as_str())),
        }
    };
    let notice: Name = word.parse().map_err(|_| unknown())?;
    // What nobody prepared may have been sent all the same: then it has to be said why it is not on the list.
    if !known.contains(&notice) && entry.because.is_none() {
        return Err(unknown());
    }
    let receipt = match &args.file {
        Some(file) => {
            let path = context.folder.join(file);
            readable(&path).map_err(|error| {
                let shown = file.display().to_string();
                Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = shown))
                    .caused_by(&error)
            })?;
            Some(desk.ledger.put_file(&path).map_err(|e| journal_failure(&e))?)
        }
        None => None,
    };
    let words = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| desk.words(text)).transpose()
    };
    let sent = NoticeSent {
        notice: notice.clone(),
        to: words(&args.to)?,
        roles,
        number: words(&args.number)?,
        receipt,
        because: desk.because(&entry)?,
    };
    desk.record(context, &entry, (&run, &state), sent.into())?;
    if run.kind() == RunKind::Drill {
        context.note(&message!("amend-sent-drill"));
    }
    context.note(&message!("amend-sent", notice = notice.as_str(), run = run.as_str()));
    Ok(Exit::Passed)
}

/// What can have been sent without a reason: the notices whose text the run prepared, every notice there is, every duty.
fn known(incident: &Incident, policies: &Policies) -> BTreeSet<Name> {
    let duties = policies.book.duties.iter().map(|duty| &duty.id);
    incident.prepared.keys().chain(policies.notices.templates.keys()).chain(duties).cloned().collect()
}

/// A role that a duty names as its recipient.
fn recipient(book: &Book, word: &str) -> Result<Id, Failure> {
    let roles: BTreeSet<&Id> = book.duties.iter().flat_map(|duty| &duty.to).collect();
    if let Some(role) = roles.iter().find(|role| role.as_str() == word) {
        return Ok((*role).clone());
    }
    let failure = Failure::new(Exit::Invalid, "unknown-recipient", message!("duty-unknown-role", role = word));
    Err(match suggest::one_of_these(word, roles.iter().map(|role| role.as_str())) {
        Some(help) => failure.help(help),
        None => failure,
    })
}
