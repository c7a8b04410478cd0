//! A file's text before it is YAML: its size, its encoding, and where a character of a scalar stands in it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::finding::{Finding, Place};
use super::scalar::Style;
use super::tree::Node;
use crate::message::{Explain, Message, format, message};
use crate::model::Lang;

/// The largest file that is read, in bytes: 1 MiB.
pub const LARGEST: u64 = 1024 * 1024;

/// Why a file gave no text.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("cannot read {file}")]
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// What the machine says.
        #[source]
        cause: std::io::Error,
    },
    /// It is a pipe or a device: reading it may never end.
    #[error("{file} is not a regular file")]
    NotFile {
        /// The file, as it was named.
        file: String,
    },
    /// It is there and is no text of ours.
    #[error("{} is not a text that can be read", .0.file)]
    Unfit(Box<Finding>),
}

impl Explain for FileError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::NotFile { .. } => "file-unreadable",
            Self::Unfit(finding) => finding.code,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Unreadable { file, .. } => message!("source-file-unreadable", file = file.as_str()),
            Self::NotFile { file } => message!("source-not-a-file", file = file.as_str()),
            Self::Unfit(finding) => finding.message.clone(),
        }
    }
}

/// The text of the file at `path`, which findings call `file`.
///
/// Reads at most 1 MiB: a larger file is refused by its length, before it is read. A byte order mark is left out.
///
/// # Errors
///
/// The file cannot be read, is too large, or is not UTF-8; the latter two as a finding at their place.
pub fn read_file(path: &Path, file: &str) -> Result<String, FileError> {
    let unreadable = |cause| FileError::Unreadable { file: file.to_owned(), cause };
    let kind = std::fs::metadata(path).map_err(unreadable)?.file_type();
    // Opening a pipe waits for whoever writes into it. A shell hands its own under `/dev`.
    if !kind.is_file() && !kind.is_dir() && !path.starts_with("/dev") {
        return Err(FileError::NotFile { file: file.to_owned() });
    }
    let opened = File::open(path).map_err(unreadable)?;
    let metadata = opened.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(std::io::Error::from(std::io::ErrorKind::IsADirectory)));
    }
    if metadata.len() > LARGEST {
        return Err(FileError::Unfit(Box::new(too_large(file, metadata.len()))));
    }
    let mut bytes = Vec::new();
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(FileError::Unfit(Box::new(too_large(file, bytes.len() as u64))));
    }
    decode(file, bytes).map_err(FileError::Unfit)
}

/// `bytes` as text.
///
/// # Errors
///
/// A finding at the first byte that is not UTF-8.
pub fn decode(file: &str, bytes: Vec<u8>) -> Result<String, Box<Finding>> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let place = Place::new(line, column, 1);
            let finding = Finding::error("not-utf8", file, place, message!("source-not-utf8"));
            Err(Box::new(finding.help(message!("source-not-utf8-help"))))
        }
    }
}

/// The finding for a file of `size` bytes.
pub(super) fn too_large(file: &str, size: u64) -> Finding {
    let text = |lang| format::bytes(size, lang);
    let size = crate::model::Text::Each { vi: Some(text(Lang::Vi)), en: Some(text(Lang::En)) };
    Finding::error("file-too-large", file, Place::START, message!("source-file-too-large", size = size))
        .help(message!("source-file-too-large-help"))
}

/// Where the character number `index` (from 0) of a scalar stands, as a word of `length` characters.
///
/// Follows quotes, escapes, folded and indented lines. `text` is the whole file.
#[must_use]
pub fn place_in(text: &str, node: &Node, index: usize, length: usize) -> Place {
    let Some((scalar, style)) = node.scalar() else { return node.place };
    let wanted = scalar.chars().take(index).filter(|c| !c.is_whitespace()).count();
    let mut line = node.place.line;
    let mut column = node.place.column;
    let mut rest =
        Raw { chars: text.lines().nth(line - 1).unwrap_or_default().chars().skip(column - 1).collect(), at: 0 };
    let mut lines = text.lines().skip(line);
    // The place of a block scalar is its first line of text, not its `|` or `>`.
    if matches!(style, Style::Single | Style::Double) {
        rest.at = 1;
    }
    let mut seen = 0;
    loop {
        let start = rest.at;
        match rest.next(style) {
            Step::Character if seen == wanted => {
                column += start;
                return Place::new(line, column, length.min(rest.chars.len().saturating_sub(start)));
            }
            Step::Character => seen += 1,
            Step::Space => {}
            Step::End => {
                let Some(next) = lines.next() else { return node.place };
                line += 1;
                column = 1;
                rest = Raw { chars: next.chars().collect(), at: 0 };
            }
        }
    }
}

/// One line of a scalar as it is written.
struct Raw {
    chars: Vec<char>,
    at: usize,
}

enum Step {
    Character,
    Space,
    End,
}

impl Raw {
    /// Passes one character of the scalar's value, however it is written.
    fn next(&mut self, style: Style) -> Step {
        let Some(first) = self.chars.get(self.at).copied() else { return Step::End };
        let mut width = 1;
        let mut space = first.is_whitespace();
        if style == Style::Single && first == '\'' {
            width = 2;
        } else if style == Style::Double && first == '\\' {
            let escape = self.chars.get(self.at + 1).copied();
            width = match escape {
                Some('x') => 4,
                Some('u') => 6,
                Some('U') => 10,
                _ => 2,
            };
            space = matches!(escape, None | Some('n' | 't' | 'r' | ' ' | '\t' | 'v' | 'f' | 'N' | '_' | 'L' | 'P'));
        }
        self.at += width;
        if space { Step::Space } else { Step::Character }
    }
}
