//! Who enters what, when it happened and on what ground: the flags that every command has that records.

use super::entered::{self, EnteredError};
use super::workspace::SourceText;
use super::{Context, Exit, Failure, Workspace};
use crate::inventory;
use crate::message::{Message, format, message};
use crate::model::{Actor, Basis, Body, Draft, Mode, RunId, Stamp};
use crate::source::suggest;

/// The flags of a late entry, or of one for another.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct EntryArgs {
    /// When it happened, if not now: 02:15, "02:15 25/11/2026", or RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Who did it, if another (an id of people.yaml)
    #[arg(long, value_name = "PERSON")]
    pub(crate) by: Option<String>,
    /// Where it is known from: console, told, paper or memory
    #[arg(long, value_name = "BASIS")]
    pub(crate) basis: Option<String>,
    /// Why it is entered late, or why it is so
    #[arg(long, value_name = "WORDS")]
    pub(crate) because: Option<String>,
}

/// Who did something, who enters it, when it happened, and on what ground.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Who did it.
    pub(crate) actor: Actor,
    /// Who enters it, if another.
    pub(crate) by: Option<Actor>,
    /// When it happened, if not now.
    pub(crate) occurred: Option<Stamp>,
    /// Where it is known from.
    pub(crate) basis: Basis,
    /// Why, in words.
    pub(crate) because: Option<String>,
}

impl EntryArgs {
    /// What the flags say, checked against the people of the workspace and the time now.
    ///
    /// # Errors
    ///
    /// A time that has not come, that could be two moments or that is none; a person who is not known; an entry of the past
    /// without a reason.
    pub(crate) fn entry(&self, context: &Context, workspace: &Workspace) -> Result<Entry, Failure> {
        self.checked(context, workspace, false)
    }

    /// As [`EntryArgs::entry`], for what needs a reason whenever it is entered.
    ///
    /// # Errors
    ///
    /// As [`EntryArgs::entry`]; where no reason is given.
    pub(crate) fn reasoned(&self, context: &Context, workspace: &Workspace) -> Result<Entry, Failure> {
        self.checked(context, workspace, true)
    }

    /// Whether any of them is given.
    pub(crate) fn given(&self) -> bool {
        [&self.at, &self.by, &self.basis, &self.because].into_iter().any(Option::is_some)
    }

    /// As [`EntryArgs::entry`], for what the program can only do now: `why` says so where another moment is given.
    ///
    /// # Errors
    ///
    /// As [`EntryArgs::entry`]; where a moment is given.
    pub(crate) fn now(&self, context: &Context, workspace: &Workspace, why: &Message) -> Result<Entry, Failure> {
        if self.at.is_some() {
            let failure = Failure::new(Exit::Invalid, "only-now", why.clone());
            return Err(failure.help(message!("entry-only-now-help")));
        }
        self.checked(context, workspace, false)
    }

    fn checked(&self, context: &Context, workspace: &Workspace, reason: bool) -> Result<Entry, Failure> {
        stranger(context, workspace);
        let now = context.clock.now().at;
        let occurred = self.at.as_deref().map(|text| moment(context, text, &now)).transpose()?;
        let actor = self.by.as_deref().map(|id| person(context, workspace, id)).transpose()?;
        let basis = match (self.basis.as_deref(), &occurred, &actor) {
            (Some(word), ..) => basis(word)?,
            // Who was not asked how it is known was told, or remembers.
            (None, _, Some(_)) => Basis::Told,
            (None, Some(_), None) => Basis::Memory,
            (None, None, None) => Basis::Console,
        };
        let because = self.because.as_deref().map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned);
        if because.is_none() && (reason || occurred.is_some()) {
            let message = if reason { message!("entry-needs-reason") } else { message!("entry-no-reason") };
            return Err(Failure::new(Exit::Invalid, "no-reason", message).help(message!("entry-no-reason-help")));
        }
        if let Some(occurred) = &occurred {
            let when = format::time(occurred, context.lang);
            context.note(&message!("entry-entered-as", when = when));
        }
        let (actor, by) = match actor {
            Some(actor) if actor != context.actor => (actor, Some(context.actor.clone())),
            _ => (context.actor.clone(), None),
        };
        Ok(Entry { actor, by, occurred, basis, because })
    }
}

impl Entry {
    /// The record of it.
    pub(crate) fn draft(&self, run: Option<&RunId>, mode: Option<Mode>, body: Body) -> Draft {
        Draft {
            run: run.cloned(),
            mode,
            actor: self.actor.clone(),
            by: self.by.clone(),
            occurred: self.occurred,
            basis: self.basis,
            body,
        }
    }
}

/// Says it where `people.yaml` does not know who sits at the desk: what they enter is kept under what they are called.
///
/// A file that is missing or not valid keeps nobody from entering anything in the night.
pub(crate) fn stranger(context: &Context, workspace: &Workspace) {
    let who = context.actor.as_str();
    let file = workspace.text("people.yaml").ok();
    let people = file.and_then(|file| inventory::People::read(&file.path, &file.text).ok());
    if people.is_some_and(|people| people.find(who).is_none()) {
        context.note(&message!("entry-stranger", who = who));
    }
}

/// Reads a typed moment, and gives it in the zone of `now`.
///
/// # Errors
///
/// Where it has not come, could be two moments, or is none.
pub(crate) fn moment(context: &Context, text: &str, now: &Stamp) -> Result<Stamp, Failure> {
    let lang = context.lang;
    // Kept and shown in the zone of the desk, whatever zone was typed: a page with two zones is read wrongly.
    let here = |stamp: Stamp| Stamp::new(stamp.instant, now.offset);
    entered::moment(text, now).map(here).map_err(|error| match error {
        EnteredError::Unreadable => {
            Failure::new(Exit::Invalid, "not-a-time", message!("entry-not-a-time", text = text))
                .help(message!("entry-not-a-time-help"))
        }
        EnteredError::Future(stamp) => {
            let when = format::time(&here(stamp), lang);
            Failure::new(Exit::Invalid, "time-to-come", message!("entry-time-to-come", when = when))
                .help(message!("entry-time-to-come-help", now = format::time(now, lang)))
        }
        EnteredError::NotToday { today, yesterday } => {
            let when = format::time(&today, lang);
            let (now, yesterday) = (format::time(now, lang), format::time(&yesterday, lang));
            Failure::new(Exit::Invalid, "time-to-come", message!("entry-time-to-come", when = when)).help(message!(
                "entry-time-yesterday-help",
                when = yesterday,
                now = now
            ))
        }
    })
}

/// Reads the word of `--basis`.
///
/// # Errors
///
/// Where it is none, or is the machine's.
pub(crate) fn basis(word: &str) -> Result<Basis, Failure> {
    match Basis::from_word(word) {
        Some(basis) if basis != Basis::Machine => Ok(basis),
        _ => Err(Failure::new(Exit::Invalid, "unknown-basis", message!("entry-unknown-basis", text = word))
            .help(message!("entry-unknown-basis-help"))),
    }
}

/// The person with this id, whom `people.yaml` has to know; every id is one where there is no such file.
///
/// # Errors
///
/// Where the file does not know them, or is not valid.
pub(crate) fn person(context: &Context, workspace: &Workspace, id: &str) -> Result<Actor, Failure> {
    let unknown = || Failure::new(Exit::Invalid, "not-known-here", message!("entry-unknown-person", id = id));
    let actor: Actor = id.parse().map_err(|_| unknown().help(message!("entry-person-form")))?;
    let Some(people) = people(context, workspace)? else { return Ok(actor) };
    if people.find(id).is_some() {
        return Ok(actor);
    }
    let ids = people.people.iter().map(|person| person.id.as_str());
    match suggest::one_of_these(id, ids) {
        Some(help) => Err(unknown().help(help)),
        None => Err(unknown().help(message!("entry-nobody-known"))),
    }
}

/// The people of the workspace; nothing where it has no such file.
///
/// # Errors
///
/// Findings are printed; the failure has only the exit code.
pub(crate) fn people(context: &Context, workspace: &Workspace) -> Result<Option<inventory::People>, Failure> {
    if !workspace.root.join("people.yaml").is_file() {
        return Ok(None);
    }
    let file: SourceText = workspace.text("people.yaml")?;
    inventory::People::read(&file.path, &file.text)
        .map(Some)
        .map_err(|findings| super::workspace::report(context, &findings, std::slice::from_ref(&file)))
}
