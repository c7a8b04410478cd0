//! What the commands around a run share: the workspace's ledger, which run is meant, appending in a person's name.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use super::console::scene::Scene;
use super::entry::Entry;
use super::held::Held;
use super::{Context, Exit, Failure, Workspace, reporting};
use crate::engine::{Plan, State, fold, leading};
use crate::inventory::People;
use crate::ledger::refusal::words;
use crate::ledger::{KeyPlace, Ledger, LedgerError, LoopLock};
use crate::message::{Message, format, message};
use crate::model::record::{Noted, SourceFile};
use crate::model::{
    Actor, Body, Durability, Journal, JournalError, ObjectRef, Objects, Record, Refusal, RunId, RunKind, RunState,
    Stamp,
};
use crate::report::kept_people;

/// A workspace and its ledger, opened for a command.
#[derive(Clone)]
pub(crate) struct Desk {
    /// The folder.
    pub(crate) workspace: Workspace,
    /// The evidence.
    pub(crate) ledger: Arc<Ledger>,
}

impl Desk {
    /// Opens the ledger of the workspace that the context names.
    ///
    /// # Errors
    ///
    /// Where there is no workspace or no ledger in it, or it cannot be opened.
    pub(crate) fn open(context: &Context) -> Result<Self, Failure> {
        let workspace = Workspace::find(context)?;
        let keys = KeyPlace::folder(&context.keys);
        let ledger = Ledger::open(&workspace.ledger(), context.clock.clone(), keys).map_err(|e| ledger_failure(&e))?;
        Ok(Self { workspace, ledger: Arc::new(ledger) })
    }

    /// As [`Desk::open`], for who only looks: where nobody may write, nothing is written, not even the index.
    ///
    /// # Errors
    ///
    /// As [`Desk::open`].
    pub(crate) fn to_look(context: &Context) -> Result<Self, Failure> {
        let dir = Workspace::find(context)?.ledger();
        Self::if_begun(context)?.ok_or_else(|| ledger_failure(&LedgerError::None { dir }))
    }

    /// As [`Desk::to_look`]; nothing where the workspace has no ledger yet, for then nothing has ever begun in it.
    ///
    /// # Errors
    ///
    /// Where there is no workspace, or its ledger cannot be read.
    pub(crate) fn if_begun(context: &Context) -> Result<Option<Self>, Failure> {
        let workspace = Workspace::find(context)?;
        let (dir, keys) = (workspace.ledger(), KeyPlace::folder(&context.keys));
        let kept = |error: &LedgerError| {
            let LedgerError::Io { source, .. } = error else { return false };
            matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
        };
        let opened = match Ledger::open(&dir, context.clock.clone(), keys) {
            Err(error) if kept(&error) => Ledger::read_only(&dir),
            opened => opened,
        };
        match opened {
            Ok(ledger) => Ok(Some(Self { workspace, ledger: Arc::new(ledger) })),
            Err(LedgerError::None { .. }) => Ok(None),
            Err(error) => Err(ledger_failure(&error)),
        }
    }

    /// The log.
    pub(crate) fn journal(&self) -> Arc<dyn Journal> {
        self.ledger.clone()
    }

    /// The objects.
    pub(crate) fn objects(&self) -> Arc<dyn Objects> {
        self.ledger.clone()
    }

    /// The run that is meant: `given`, else the only one that has not ended.
    ///
    /// # Errors
    ///
    /// Where no run has this id, or none or several are open.
    pub(crate) fn run(&self, given: Option<&RunId>) -> Result<(RunId, RunState), Failure> {
        let runs = self.ledger.runs().map_err(|e| ledger_failure(&e))?;
        if let Some(id) = given {
            let known = runs.into_iter().find(|(run, _)| run == id);
            return known.ok_or_else(|| {
                Failure::new(Exit::Invalid, "unknown-run", message!("cli-unknown-run", run = id.as_str()))
                    .help(message!("cli-unknown-run-help"))
            });
        }
        let mut open: Vec<(RunId, RunState)> = runs.into_iter().filter(|(_, state)| !state.ended()).collect();
        match (open.pop(), open.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(Failure::new(Exit::Invalid, "no-open-run", message!("cli-no-open-run"))
                .help(message!("cli-no-open-run-help"))),
            (Some(last), false) => {
                open.push(last);
                let ids: Vec<&str> = open.iter().map(|(run, _)| run.as_str()).collect();
                Err(Failure::new(Exit::Invalid, "several-runs", message!("cli-several-runs", runs = ids.join(", ")))
                    .help(message!("cli-several-runs-help")))
            }
        }
    }

    /// Every run that has not ended.
    ///
    /// # Errors
    ///
    /// Where the ledger cannot be read.
    pub(crate) fn open_runs(&self) -> Result<Vec<(RunId, RunState)>, Failure> {
        let runs = self.ledger.runs().map_err(|e| ledger_failure(&e))?;
        Ok(runs.into_iter().filter(|(_, state)| !state.ended()).collect())
    }

    /// The frozen plan that leads `run`, and the record that switched to it; 0 where the run began with it.
    ///
    /// # Errors
    ///
    /// Where it was redacted, or is not one that this version reads.
    pub(crate) fn plan(&self, run: &RunId, state: &RunState) -> Result<(Arc<Plan>, u64), Failure> {
        let records = self.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
        let broken = || plan_unreadable(run);
        let (part, plan) = leading(&records).ok_or_else(broken)?;
        let bytes = self.ledger.get(&plan).map_err(|e| journal_failure(&e))?;
        let plan = Plan::from_json(&bytes.ok_or_else(broken)?).map_err(|error| broken().caused_by(&error))?;
        Ok((Arc::new(plan), part))
    }

    /// How `run` began.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub(crate) fn started(&self, run: &RunId, state: &RunState) -> Result<crate::model::record::RunStarted, Failure> {
        let records = self.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
        match records.into_iter().next().map(|record| record.draft.body) {
            Some(Body::RunStarted(started)) => Ok(started),
            _ => Err(plan_unreadable(run)),
        }
    }

    /// The files from which the plan was made that leads `run`.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub(crate) fn sources(&self, run: &RunId, state: &RunState) -> Result<Vec<SourceFile>, Failure> {
        let records = self.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
        Ok(reporting::sources(&records).to_vec())
    }

    /// The run, folded, as a console follows it.
    ///
    /// # Errors
    ///
    /// Where the plan or the log cannot be read.
    pub(crate) fn scene(&self, context: &Context, run: &RunId, state: &RunState) -> Result<Scene, Failure> {
        let plan = self.plan(run, state)?;
        let people = self.people_of(run, state)?;
        let scene = Scene::open(run, plan, self.journal(), self.objects(), context.clock.clone());
        scene.map(|scene| scene.among(people)).map_err(|e| journal_failure(&e))
    }

    /// The people of the unit as `run` began with them: they were kept with its sources, and read before.
    fn people_of(&self, run: &RunId, state: &RunState) -> Result<Option<People>, Failure> {
        Ok(kept_people(&self.started(run, state)?.sources, self.ledger.as_ref()))
    }

    /// Whether a loop drives `run` now.
    pub(crate) fn loop_lives(&self, run: &RunId) -> bool {
        // An error here is met again, and shown, by whoever wants to take the lock.
        matches!(LoopLock::take(&self.workspace.ledger(), run), Ok(None))
    }

    /// Appends what a person did, as `entry` says: now, late, or for another.
    ///
    /// # Errors
    ///
    /// Where it happened before a drill began, may not follow, or cannot be written.
    pub(crate) fn record(
        &self,
        context: &Context,
        entry: &Entry,
        (run, state): (&RunId, &RunState),
        body: Body,
    ) -> Result<Record, Failure> {
        self.not_before_the_run(context, entry.occurred, (run, state))?;
        self.record_told(context, entry, (run, state), body)
    }

    /// As [`Desk::record`], where it was said before that the moment is before the run.
    fn record_told(
        &self,
        context: &Context,
        entry: &Entry,
        (run, state): (&RunId, &RunState),
        body: Body,
    ) -> Result<Record, Failure> {
        // These are for after the end: nobody has to be told.
        let expected =
            matches!(body, Body::Concluded(_) | Body::RunVoided(_) | Body::ActionOpened(_) | Body::ActionClosed(_));
        if state.ended() && !expected {
            context.note(&message!("entry-after-the-end", run = run.as_str()));
        }
        let draft = entry.draft(Some(run), state.mode, body);
        let held = self.look(context, state);
        let appended = self.ledger.append(&[draft], Durability::Synced).map_err(|e| journal_failure(&e))?;
        // What comes after the end is signed at once, where that signs nothing that was not signed before.
        if state.ended() && held.covered() {
            self.checkpoint()?;
        }
        appended
            .records
            .into_iter()
            .next()
            .ok_or_else(|| Failure::new(Exit::Machine, "ledger-failed", message!("cli-ledger-failed")))
    }

    /// Says where the ledger does not hold before anything is added to it; a run that goes on waits for a glance at most.
    fn look(&self, context: &Context, state: &RunState) -> Held {
        let dir = self.ledger.dir();
        if !state.ended() {
            let held = Held::at_a_glance(dir);
            held.warn(context);
            return held;
        }
        let held = Held::whole(dir).unwrap_or_default();
        held.warn(context);
        held.tail(context);
        held
    }

    /// Refuses a moment before a drill began. An incident began before anybody opened the program: how long before is said,
    /// so that a mistyped day is seen.
    ///
    /// # Errors
    ///
    /// Where the moment is before the drill, or the log cannot be read.
    pub(crate) fn not_before_the_run(
        &self,
        context: &Context,
        occurred: Option<Stamp>,
        (run, state): (&RunId, &RunState),
    ) -> Result<(), Failure> {
        let Some(occurred) = occurred else { return Ok(()) };
        let records = self.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
        if let Some(began) = records.first().map(|record| record.written.at)
            && occurred.instant < began.instant
        {
            let lead = Duration::try_from(began.instant.duration_since(occurred.instant)).unwrap_or_default();
            let (when, began) = (format::time(&occurred, context.lang), format::time(&began, context.lang));
            if run.kind() == RunKind::Incident {
                let before = format::duration(lead, context.lang);
                let run = run.as_str();
                context.note(&message!(
                    "entry-before-the-incident",
                    when = when,
                    run = run,
                    began = began,
                    before = before
                ));
                return Ok(());
            }
            let message = message!("entry-before-the-run", when = when, run = run.as_str(), began = began);
            return Err(
                Failure::new(Exit::Invalid, "before-the-run", message).help(message!("entry-before-the-run-help"))
            );
        }
        Ok(())
    }

    /// The run as its records say it is.
    ///
    /// # Errors
    ///
    /// Where the plan or the log cannot be read.
    pub(crate) fn folded(&self, run: &RunId, state: &RunState) -> Result<State, Failure> {
        let (plan, part) = self.plan(run, state)?;
        let records = self.ledger.records_of(run, state.began).map_err(|e| journal_failure(&e))?;
        Ok(fold(plan, part, &records))
    }

    /// Keeps what was seen of an incident, a note each: notices list it.
    ///
    /// # Errors
    ///
    /// As [`Desk::record`].
    pub(crate) fn saw(
        &self,
        context: &Context,
        entry: &Entry,
        run: (&RunId, &RunState),
        (seen, told): (&[String], bool),
    ) -> Result<(), Failure> {
        if !told {
            self.not_before_the_run(context, entry.occurred, run)?;
        }
        for words in seen {
            let noted = Noted {
                text: self.words(words)?,
                step: None,
                seen: true,
                finding: None,
                because: self.because(entry)?,
            };
            self.record_told(context, entry, run, noted.into())?;
        }
        Ok(())
    }

    /// Signs the log as it stands now with the ledger's key, where that is here.
    ///
    /// # Errors
    ///
    /// Where the checkpoint cannot be written.
    pub(crate) fn checkpoint(&self) -> Result<(), Failure> {
        self.ledger.checkpoint().map(drop).map_err(|e| journal_failure(&e))
    }

    /// The reason of an entry, kept as an object.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub(crate) fn because(&self, entry: &Entry) -> Result<Option<ObjectRef>, Failure> {
        entry.because.as_deref().map(|words| self.words(words)).transpose()
    }

    /// Keeps words as an object.
    ///
    /// # Errors
    ///
    /// Where they cannot be written.
    pub(crate) fn words(&self, text: &str) -> Result<ObjectRef, Failure> {
        self.ledger.put_text(text).map_err(|e| journal_failure(&e))
    }
}

/// The plan of a run, without which nothing of it can be told, is not in the ledger as it was kept.
pub(crate) fn plan_unreadable(run: &RunId) -> Failure {
    Failure::new(Exit::LedgerBroken, "plan-unreadable", message!("cli-plan-unreadable", run = run.as_str()))
        .help(message!("task-unverified-help"))
}

/// Why the ledger could not be opened or read; the one place that says with which exit code.
pub(crate) fn ledger_failure(error: &LedgerError) -> Failure {
    let exit = match error {
        LedgerError::None { .. } => Exit::Invalid,
        LedgerError::Damaged { .. } | LedgerError::Gone { .. } | LedgerError::Object { .. } => Exit::LedgerBroken,
        _ => Exit::Machine,
    };
    Failure::of(exit, error)
}

/// Why nothing was appended, in words.
pub(crate) fn journal_failure(error: &JournalError) -> Failure {
    match error {
        JournalError::Refused { refusal, .. } => refused(refusal),
        JournalError::Full(cause) => Failure::new(Exit::Machine, "disk-full", message!("cli-disk-full"))
            .caused_by(cause)
            .help(message!("cli-disk-full-help")),
        JournalError::Failed(cause) => match cause.downcast_ref::<LedgerError>() {
            Some(error) => ledger_failure(error),
            None => {
                Failure::new(Exit::Machine, "ledger-failed", message!("cli-ledger-failed")).caused_by(cause.as_ref())
            }
        },
    }
}

fn refused(refused: &Refusal) -> Failure {
    let (code, message) = refusal(refused);
    if code == "record-refused" {
        return Failure::new(Exit::Invalid, "record-refused", message!("cli-record-refused")).caused_by(refused);
    }
    let failure = Failure::new(Exit::Invalid, code, message);
    match refused {
        Refusal::NeverAsked { .. } => failure.help(message!("cli-never-asked-help")),
        Refusal::NothingToCorrect { .. } => failure.help(message!("cli-nothing-to-correct-help")),
        _ => failure,
    }
}

/// Somebody answered a question first: who, and what can still be said.
pub(crate) fn answered_before(question: &str, by: &Actor, seq: u64) -> Failure {
    let message = message!("cli-answered-before", question = question, who = by.as_str());
    Failure::new(Exit::NotPassed, "answered-before", message)
        .help(message!("cli-answered-before-help", seq = seq.to_string()))
}

/// Why a record may not follow: its code, and in words.
pub(crate) fn refusal(refusal: &Refusal) -> (&'static str, Message) {
    let run = |run: &RunId| run.as_str().to_owned();
    let message = match refusal {
        Refusal::UnknownRun { run: id } => return ("unknown-run", message!("cli-unknown-run", run = run(id))),
        Refusal::Ended { run: id } => return ("run-ended", message!("cli-run-ended", run = run(id))),
        Refusal::Paused { run: id } => return ("run-paused", message!("cli-run-paused", run = run(id))),
        Refusal::NotPaused { run: id } => return ("run-not-paused", message!("cli-run-not-paused", run = run(id))),
        Refusal::Stopping { run: id } => return ("run-stopping", message!("cli-run-stopping", run = run(id))),
        Refusal::AnsweredBefore { question, by, .. } => {
            let (question, who) = (question.as_str(), by.as_str());
            return ("answered-before", message!("cli-answered-before", question = question, who = who));
        }
        Refusal::NeverAsked { question } => {
            return ("never-asked", message!("cli-never-asked", question = question.as_str()));
        }
        Refusal::WrongKind { question } => {
            return ("wrong-answer", message!("cli-wrong-kind", question = question.as_str()));
        }
        Refusal::NoLongerAsked { question } => {
            return ("no-longer-asked", message!("cli-no-longer-asked", question = question.as_str()));
        }
        Refusal::NotYours { question, to } => {
            return ("not-yours", message!("cli-not-yours", question = question.as_str(), who = to.as_str()));
        }
        Refusal::NothingToCorrect { seq } => {
            return ("nothing-to-correct", message!("cli-nothing-to-correct", seq = *seq));
        }
        Refusal::NoManner { question } => {
            return ("no-manner", message!("cli-no-manner", question = question.as_str()));
        }
        Refusal::SamePerson { who } => return ("same-person", message!("cli-same-person", who = who.as_str())),
        Refusal::NothingToConfirm { seq } => {
            return ("nothing-to-confirm", message!("cli-nothing-to-confirm", seq = seq.to_string()));
        }
        Refusal::Delivered { .. } => return ("inject-delivered", words(refusal)),
        Refusal::NoAction { .. } => return ("unknown-action", words(refusal)),
        Refusal::ActionClosed { .. } => return ("action-closed", words(refusal)),
        Refusal::NoReason => return ("no-reason", message!("entry-no-reason")),
        other => words(other),
    };
    ("record-refused", message)
}
