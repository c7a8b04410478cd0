//! `ungpho classify`: a person says how serious an incident is, and whether personal data is breached.
//!
//! Decree 331/2026/NĐ-CP names serious incidents and does not define them (point d of clause 2 of Article 31): the program
//! never decides, and keeps the unit's own definition with the word.

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;

use crate::inventory::Unit;
use crate::message::message;
use crate::model::record::{Classified, Grave, Serious};
use crate::model::{Id, RunId};
use crate::report::duties::GRAVE;
use crate::source::suggest;
use crate::ui::desk::Desk;
use crate::ui::duties::Policies;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, workspace};

/// Say how serious an incident is, and whether personal data is breached
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho classify --serious yes --because \"HTTT cấp độ 3 ngừng hoạt động\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Whether it is serious: yes, no or undecided
    #[arg(long, value_enum, value_name = "WORD")]
    serious: Option<SeriousWord>,
    /// Which of the gravest cases it is; may be given several times
    #[arg(long, value_enum, value_name = "CASE")]
    grave: Vec<GraveWord>,
    /// It is none of the gravest cases
    #[arg(long, conflicts_with = "grave")]
    no_grave: bool,
    /// Whether personal data is breached; `--at` is then when that was found
    #[arg(long, value_enum, value_name = "yes|no")]
    personal_data: Option<YesNo>,
    /// Whether another condition of a duty holds, as `complex=yes`; may be given several times
    #[arg(long, value_name = "NAME=yes|no")]
    flag: Vec<String>,
    #[command(flatten)]
    entry: EntryArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum SeriousWord {
    Yes,
    No,
    Undecided,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, ValueEnum)]
enum GraveWord {
    NationalSecurity,
    PublicOrder,
    SeriousInterruption,
}

/// Keeps the classification. What is not said stays as it was said last.
///
/// # Errors
///
/// Where nothing is said, no reason is given, the run is not there, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let said = args.serious.is_some() || !args.grave.is_empty() || args.no_grave || args.personal_data.is_some();
    if !said && args.flag.is_empty() {
        return Err(Failure::new(Exit::Invalid, "nothing-said", message!("amend-nothing-said"))
            .help(message!("amend-nothing-said-help")));
    }
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let entry = args.entry.reasoned(context, &desk.workspace)?;
    let flags = flags(&args.flag, &desk, context)?;
    let serious = args.serious.map(|word| match word {
        SeriousWord::Yes => Serious::Yes,
        SeriousWord::No => Serious::No,
        SeriousWord::Undecided => Serious::Undecided,
    });
    let mut grave: Vec<Grave> = args
        .grave
        .iter()
        .map(|word| match word {
            GraveWord::NationalSecurity => Grave::NationalSecurity,
            GraveWord::PublicOrder => Grave::PublicOrder,
            GraveWord::SeriousInterruption => Grave::SeriousInterruption,
        })
        .collect();
    grave.sort_unstable();
    grave.dedup();
    let definition = match serious {
        Some(_) => definition(&desk, context)?,
        None => None,
    };
    if serious.is_some() && definition.is_none() {
        context.note(&message!("amend-no-definition"));
    }
    let definition = definition.map(|words| desk.words(&words)).transpose()?;
    let classified = Classified {
        serious,
        grave: (args.no_grave || !grave.is_empty()).then_some(grave),
        personal_data: args.personal_data.map(|word| word == YesNo::Yes),
        flags,
        definition,
        because: desk.because(&entry)?,
    };
    desk.record(context, &entry, (&run, &state), classified.into())?;
    context.note(&message!("amend-classified", run = run.as_str()));
    Ok(Exit::Passed)
}

/// The answers to the conditions of duties. Those that `--grave` answers are not among them: one thing has one way to say it.
fn flags(given: &[String], desk: &Desk, context: &Context) -> Result<BTreeMap<Id, bool>, Failure> {
    let mut flags = BTreeMap::new();
    if given.is_empty() {
        return Ok(flags);
    }
    let book = Policies::here(context, &desk.workspace).book;
    let asked: BTreeSet<&Id> = book.duties.iter().flat_map(|duty| &duty.flags).collect();
    let graves = |id: &Id| GRAVE.iter().any(|(word, _)| *word == id.as_str());
    for given in given {
        let answer = given.split_once('=').and_then(|(name, word)| match word {
            "yes" => Some((name, true)),
            "no" => Some((name, false)),
            _ => None,
        });
        let Some((name, yes)) = answer else {
            let message = message!("duty-flag-form", given = given.as_str());
            return Err(Failure::new(Exit::Invalid, "not-a-flag", message));
        };
        let Some(id) = asked.iter().find(|id| id.as_str() == name && !graves(id)) else {
            let failure = Failure::new(Exit::Invalid, "unknown-flag", message!("duty-unknown-flag", flag = name));
            let names = asked.iter().filter(|id| !graves(id)).map(|id| id.as_str());
            return Err(match suggest::one_of_these(name, names) {
                Some(help) => failure.help(help),
                None => failure,
            });
        };
        flags.insert((*id).clone(), yes);
    }
    Ok(flags)
}

/// What the unit itself calls a serious incident.
fn definition(desk: &Desk, context: &Context) -> Result<Option<String>, Failure> {
    let file = desk.workspace.text("ungpho.yaml")?;
    let unit = Unit::read(&file.path, &file.text)
        .map_err(|findings| workspace::report(context, &findings, std::slice::from_ref(&file)))?;
    Ok(unit.serious_definition.map(|words| words.pick(unit.language).to_owned()))
}
