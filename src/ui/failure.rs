//! Errors become text and exit codes here, and nowhere else.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use super::Context;
use crate::message::{Explain, Message, message};

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
    causes: Vec<String>,
    help: Option<Message>,
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
                told.causes.push(cause.to_string());
            }
            next = cause.source();
        }
        self
    }

    /// Adds a cause in words.
    #[must_use]
    pub fn cause(mut self, text: String) -> Self {
        if let Some(told) = &mut self.told {
            told.causes.push(text);
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

    pub(super) fn print(&self, context: &Context) {
        let Some(told) = &self.told else { return };
        let lang = context.lang;
        let label = format!("{}[{}]", message!("cli-error").render(lang), told.code);
        let mut text = format!("{}: {}\n", context.red(&label), told.message.render(lang));
        for cause in &told.causes {
            text.push_str(&format!("  {}: {cause}\n", message!("cli-caused-by").render(lang)));
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
