//! What the environment says, read once: language, colour, terminal, workspace, who is at the desk.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Exit, Failure};
use crate::message::{Message, message};
use crate::model::{Actor, Clock, Lang, misleads};

/// Whether to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What every command is given.
#[derive(Clone)]
pub struct Context {
    /// The language of everything that people read.
    pub lang: Lang,
    /// Whether standard error is coloured.
    pub color: bool,
    /// Whether standard output is coloured.
    pub color_out: bool,
    /// Whether progress and notes are left out.
    pub quiet: bool,
    /// The folder of the workspace, as `--workspace` says or found upwards of the current folder.
    pub workspace: Option<PathBuf>,
    /// Where the program was started.
    pub folder: PathBuf,
    /// The person at the desk, as `--as` or `UNGPHO_AS` says; else the user's name.
    pub actor: Actor,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Folder of private keys: `UNGPHO_KEYS`, else `$XDG_DATA_HOME/ungpho/keys`, else `~/.local/share/ungpho/keys`.
    pub keys: PathBuf,
    /// Why data did not come through on standard output; the first time only.
    pub lost: Arc<Mutex<Option<io::Error>>>,
}

impl Context {
    /// Prints data to standard output. A closed pipe is not an error: whoever read has seen enough. Any other is told, and the
    /// program exits with [`Exit::Machine`] where it would have said that all went well.
    ///
    /// What anybody typed moves no cursor there and forges no line.
    pub fn out(&self, text: &str) {
        self.out_bytes(screen(text, self.color_out).as_bytes());
    }

    /// As [`Context::out`], for what is no text.
    pub fn out_bytes(&self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
            self.lose(error);
        }
    }

    /// Keeps why data did not come through.
    pub(super) fn lose(&self, error: io::Error) {
        if error.kind() != io::ErrorKind::BrokenPipe {
            self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// The exit code, once everything is printed: what did not come through is told here.
    pub(super) fn finished(&self, exit: Exit) -> Exit {
        let Some(error) = self.lost.lock().unwrap_or_else(PoisonError::into_inner).take() else { return exit };
        Failure::new(Exit::Machine, "output-lost", message!("cli-output-lost")).caused_by(&error).print(self);
        if matches!(exit, Exit::Passed | Exit::NotPassed) { Exit::Machine } else { exit }
    }

    /// Prints what is not data to standard error.
    pub fn err(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(screen(text, self.color).as_bytes());
    }

    /// Prints a line for people to standard error, unless `--quiet`.
    pub fn note(&self, message: &Message) {
        if !self.quiet {
            self.err(&format!("{}\n", message.render(self.lang)));
        }
    }

    /// Whether a person can be asked: standard input and standard error are terminals.
    #[must_use]
    pub fn interactive(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// `text` in red and bold, where standard error is coloured.
    #[must_use]
    pub fn red(&self, text: &str) -> String {
        self.styled(text, "1;31")
    }

    /// `text` in green, where standard error is coloured.
    #[must_use]
    pub fn green(&self, text: &str) -> String {
        self.styled(text, "32")
    }

    /// `text` in yellow, where standard error is coloured.
    #[must_use]
    pub fn yellow(&self, text: &str) -> String {
        self.styled(text, "33")
    }

    /// `text` in bold, where standard error is coloured.
    #[must_use]
    pub fn bold(&self, text: &str) -> String {
        self.styled(text, "1")
    }

    fn styled(&self, text: &str, code: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A text as it can stand on a terminal: lines end as we end them, colours of ours stay where there are colours, and all else that
/// could move the cursor or turn the writing is replaced. A document of JSON is data: it has no such controls, and its texts stay.
fn screen(text: &str, color: bool) -> Cow<'_, str> {
    // Written on one line, as we do; its end is the only control in it.
    let json = text.starts_with('{') && !text.trim_end().contains(char::is_control);
    if json || !text.contains(misleads) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(misleads) {
        safe.push_str(&rest[..at]);
        rest = &rest[at..];
        let ours = if rest.starts_with("\r\n") {
            1
        } else if color {
            colour(rest)
        } else {
            0
        };
        if ours > 0 {
            safe.push_str(&rest[..ours]);
            rest = &rest[ours..];
        } else {
            safe.push('\u{fffd}');
            rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        }
    }
    safe.push_str(rest);
    Cow::Owned(safe)
}

/// How long the colour is that begins here: letters in front only, none that hides them.
fn colour(text: &str) -> usize {
    let Some(codes) = text.strip_prefix("\u{1b}[") else { return 0 };
    let Some((codes, _)) = codes.split_once('m') else { return 0 };
    let harmless = |code: &str| {
        matches!(code, "" | "0" | "1" | "2" | "3" | "4" | "22" | "39") || {
            let bright = code.strip_prefix('3').or_else(|| code.strip_prefix('9'));
            code.len() == 2 && bright.is_some_and(|digit| ("1"..="7").contains(&digit))
        }
    };
    if codes.split(';').all(harmless) { codes.len() + 3 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_ours_stay_and_nothing_else_reaches_the_terminal() {
        for (text, plain, coloured) in [
            ("\u{1b}[1;31mx\u{1b}[0m\r\n", "\u{fffd}[1;31mx\u{fffd}[0m\r\n", "\u{1b}[1;31mx\u{1b}[0m\r\n"),
            ("a\u{1b}[2Jb\u{1b}[8mc\rd", "a\u{fffd}[2Jb\u{fffd}[8mc\u{fffd}d", "a\u{fffd}[2Jb\u{fffd}[8mc\u{fffd}d"),
            ("{\"a\":\"\u{202e}\"}", "{\"a\":\"\u{202e}\"}", "{\"a\":\"\u{202e}\"}"),
            ("a\u{202e}b", "a\u{fffd}b", "a\u{fffd}b"),
        ] {
            assert_eq!(screen(text, false), plain);
            assert_eq!(screen(text, true), coloured);
        }
    }
}
