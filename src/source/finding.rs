//! What is wrong in a file, and where.

use crate::message::Message;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can, but somebody should look.
    Warning,
}

impl Severity {
    /// The word in `--json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A word in a file: line and columns from 1, in Unicode scalar values; `end` is the column after its last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column of its first character, from 1.
    pub column: usize,
    /// The column after its last character on that line.
    pub end: usize,
}

impl Place {
    /// The first character of a file.
    pub const START: Self = Self { line: 1, column: 1, end: 2 };

    /// A word of `length` characters.
    #[must_use]
    pub fn new(line: usize, column: usize, length: usize) -> Self {
        Self { line, column, end: column + length.max(1) }
    }
}

/// One mistake, at the first character of the word that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The stable code, a heading in `docs/diagnostics.md`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file, as it was named to us.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column of the first character, from 1, in Unicode scalar values.
    pub column: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// What is wrong.
    pub message: Message,
    /// What stands at the word, if there is more to say there.
    pub label: Option<Message>,
    /// What to do.
    pub help: Option<Message>,
}

impl Finding {
    /// An error in `file` at `place`.
    #[must_use]
    pub fn error(code: &'static str, file: &str, place: Place, message: Message) -> Self {
        Self {
            code,
            severity: Severity::Error,
            file: file.to_owned(),
            line: place.line,
            column: place.column,
            end_column: place.end,
            message,
            label: None,
            help: None,
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<Message>>) -> Self {
        self.help = help.into();
        self
    }

    /// Adds what stands at the word.
    #[must_use]
    pub fn label(mut self, label: impl Into<Option<Message>>) -> Self {
        self.label = label.into();
        self
    }
}

/// Puts findings in file order and drops what was found twice.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.severity, a.code).cmp(&(&b.file, b.line, b.column, b.severity, b.code))
    });
    findings.dedup();
}

/// Whether one of them is an error.
#[must_use]
pub fn any_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
