//! Whether the ledger holds, said by whatever shows or adds to it without making a report: lists, how a run stands, entries.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::desk::ledger_failure;
use super::{Context, Exit, Failure};
use crate::ledger::{self, Ledger, LedgerError, LoopLock, Options, Verification};
use crate::message::{format, message};

/// How many bytes of log are verified where somebody waits in an incident: some fifty thousand records, a fifth of a second.
const AT_A_GLANCE: u64 = 16 * 1024 * 1024;

/// What verifying came to, as JSON has it beside a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Held {
    /// Whether it holds; null where nobody looked.
    pub(crate) ok: Option<bool>,
    /// The number of records.
    pub(crate) size: u64,
    /// How many of them, from the start, the ledger's key has signed.
    pub(crate) signed: u64,
    /// How many of them, from the start, hold.
    #[serde(rename = "held")]
    pub(crate) good: u64,
}

impl Held {
    /// Verifies the ledger in `dir` whole. There is nothing to say of a folder without one.
    ///
    /// # Errors
    ///
    /// Where its files cannot be read. That it does not hold is no error.
    pub(crate) fn whole(dir: &Path) -> Result<Self, Failure> {
        match ledger::verify(dir, &Options::default()) {
            Ok(verification) => Ok(Self::of(&verification)),
            Err(LedgerError::None { .. }) => Ok(Self::default()),
            Err(error) => Err(ledger_failure(&error)),
        }
    }

    /// As far as can be looked at while somebody waits: the log and its signatures, where the log is not too long. Objects
    /// are held to their digests as they are read. What cannot be looked at is left unsaid: an incident goes on.
    pub(crate) fn at_a_glance(dir: &Path) -> Self {
        let entries = fs::read_dir(dir.join("log")).into_iter().flatten().filter_map(Result::ok);
        let bytes: u64 = entries.filter_map(|entry| entry.metadata().ok()).map(|file| file.len()).sum();
        if bytes > AT_A_GLANCE {
            return Self::default();
        }
        let looked = ledger::verify(dir, &Options { log_only: true, ..Options::default() });
        looked.map_or_else(|_| Self::default(), |verification| Self::of(&verification))
    }

    fn of(verification: &Verification) -> Self {
        Self {
            ok: Some(verification.ok),
            size: verification.size,
            signed: verification.signed,
            good: verification.held,
        }
    }

    /// Whether it holds, and every record is signed.
    pub(crate) fn covered(&self) -> bool {
        self.ok == Some(true) && self.signed == self.size
    }

    /// Whether it was looked at and does not hold.
    pub(crate) fn fails(&self) -> bool {
        self.ok == Some(false)
    }

    /// The line that stands before what is shown to people; empty where the ledger holds.
    pub(crate) fn line(&self, context: &Context) -> String {
        if !self.fails() {
            return String::new();
        }
        let held = format::number(self.good, context.lang);
        let size = format::number(self.size, context.lang);
        message!("held-fails", held = held, size = size).render(context.lang) + "\n"
    }

    /// As [`Held::line`], where standard output is data.
    pub(crate) fn warn(&self, context: &Context) {
        if self.fails() {
            context.err(&context.red(&self.line(context)));
        }
    }

    /// Says it before something is added: that the ledger does not hold, or that what is signed now covers records that
    /// nobody had signed.
    pub(crate) fn before_adding(dir: &Path, context: &Context) {
        let Ok(held) = Self::whole(dir) else { return };
        held.warn(context);
        held.tail(context);
    }

    /// Says which records a signature made now covers besides its own.
    pub(crate) fn tail(&self, context: &Context) {
        if self.ok == Some(true) && self.signed < self.size {
            context.note(&message!("held-tail", count = self.size - self.signed, from = self.signed.to_string()));
        }
    }

    /// `exit`, but for a ledger that does not hold.
    pub(crate) fn exit(&self, exit: Exit) -> Exit {
        if self.fails() { Exit::LedgerBroken } else { exit }
    }
}

/// Waits until the loop of a run that has just ended has signed what it wrote: a matter of moments.
pub(crate) fn let_it_sign(dir: &Path) {
    let Ok(ledger) = Ledger::read_only(dir) else { return };
    let Ok(runs) = ledger.runs() else { return };
    let newest = runs.into_iter().filter(|(_, state)| state.ended()).max_by_key(|(_, state)| state.began);
    let Some((run, _)) = newest else { return };
    for _ in 0..100 {
        if !matches!(LoopLock::take(dir, &run), Ok(None)) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
