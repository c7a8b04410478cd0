//! Errors become text and exit codes here, and nowhere else.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use super::{Context, desk};
use crate::backup::BackupError;
use crate::lab::LabError;
use crate::ledger::{LedgerError, Misplaced};
use crate::message::{Explain, Lang, Message, cause, message};
use crate::model::{JournalError, Refusal};

/// What the exit code of the program says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and it passed.
    Passed = 0,
    /// Done, and something did not pass.
    NotPassed = 1,
    /// The command line or a file is not valid; nothing was done.
    Invalid = 2,
    /// The machine got in the way.
    Machine = 3,
    /// A ledger does not verify.
    LedgerBroken = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do its work, ready to be shown.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Nothing where findings were printed already.
    told: Option<Box<Told>>,
}

#[derive(Debug)]
struct Told {
    code: &'static str,
    message: Message,
    causes: Vec<Cause>,
    help: Option<Message>,
}

/// What was behind a failure.
#[derive(Debug)]
enum Cause {
    /// As it stands.
    Text(String),
    /// In our words.
    Words(Message),
    /// As the system says it, and in our words.
    System(String, Message),
}

impl Cause {
    fn of(error: &(dyn Error + 'static)) -> Self {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            Self::System(error.to_string(), cause::io(error))
        } else if let Some(refusal) = error.downcast_ref::<Refusal>() {
            Self::Words(desk::refusal(refusal).1)
        } else if let Some(error) = error.downcast_ref::<LedgerError>() {
            Self::Words(error.message())
        } else if let Some(Misplaced(seq)) = error.downcast_ref::<Misplaced>() {
            Self::Words(message!("ledger-misplaced", seq = seq.to_string()))
        } else if let Some(JournalError::Failed(_)) = error.downcast_ref::<JournalError>() {
            Self::Words(message!("ledger-unusable"))
        } else if let Some(error) = error.downcast_ref::<LabError>() {
            Self::Words(error.message())
        } else if let Some(error) = error.downcast_ref::<BackupError>() {
            Self::Words(error.message())
        } else {
            Self::Text(error.to_string())
        }
    }

    /// In English the system's own words stand, which is what people look for elsewhere.
    fn render(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Text(text), _) | (Self::System(text, _), Lang::En) => text.clone(),
            (Self::Words(words), _) | (Self::System(_, words), Lang::Vi) => words.render(lang),
        }
    }
}

impl Failure {
    /// A failure with a text of its own.
    #[must_use]
    pub fn new(exit: Exit, code: &'static str, message: Message) -> Self {
        Self { exit, told: Some(Box::new(Told { code, message, causes: Vec::new(), help: None })) }
    }

    /// Findings were printed already: only the exit code is left to say.
    #[must_use]
    pub fn reported(exit: Exit) -> Self {
        Self { exit, told: None }
    }

    /// Adds what helps.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        if let Some(told) = &mut self.told {
            told.help = Some(help);
        }
        self
    }

    /// Adds what was behind it.
    #[must_use]
    pub fn caused_by(mut self, error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            if let Some(told) = &mut self.told {
                told.causes.push(Cause::of(cause));
            }
            next = cause.source();
        }
        self
    }

    /// Adds a cause in words.
    #[must_use]
    pub fn cause(mut self, text: String) -> Self {
        if let Some(told) = &mut self.told {
            told.causes.push(Cause::Text(text));
        }
        self
    }

    /// Makes a failure of an error that explains itself.
    pub fn of(exit: Exit, error: &(impl Explain + 'static)) -> Self {
        let mut failure = Self::new(exit, error.code(), error.message());
        if let Some(told) = &mut failure.told {
            told.help = error.help();
        }
        match error.source() {
            Some(cause) => failure.caused_by(cause),
            None => failure,
        }
    }

    pub(crate) fn print(&self, context: &Context) {
        let Some(told) = &self.told else { return };
        let lang = context.lang;
        let label = format!("{}[{}]", message!("cli-error").render(lang), told.code);
        let mut text = format!("{}: {}\n", context.red(&label), told.message.render(lang));
        for cause in &told.causes {
            text.push_str(&format!("  {}: {}\n", message!("cli-caused-by").render(lang), cause.render(lang)));
        }
        if let Some(help) = &told.help {
            text.push_str(&format!("  {}: {}\n", message!("cli-help").render(lang), help.render(lang)));
        }
        context.err(&text);
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told.as_ref().map_or("", |told| told.message.id))
    }
}
