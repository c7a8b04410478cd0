//! The figures of a document that was made, kept beside it: what each one rests on can be asked later.

use serde::{Deserialize, Serialize};

use super::tasks::{Figure, Head};
use crate::model::Digest;

/// The index of a document's figures, as it is written.
#[derive(Serialize)]
struct FigureIndex<'a> {
    version: u32,
    /// Which document: `tasks`, `annual`.
    document: &'a str,
    /// The digest of the document's file: the index belongs to these bytes and to no others.
    file: Digest,
    ledger: &'a Head,
    /// The profile of what was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<&'a str>,
    figures: &'a [Figure],
}

/// An index as it is read again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReadIndex {
    /// 1.
    pub version: u32,
    /// Which document.
    pub document: String,
    /// The digest of the document's file.
    pub file: Digest,
    /// The state of the ledger it rests on.
    pub ledger: ReadHead,
    /// The profile of what was left out; nothing where nothing was.
    #[serde(default)]
    pub left_out: Option<String>,
    /// Its figures.
    pub figures: Vec<ReadFigure>,
}

/// The state of the ledger a document rests on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReadHead {
    /// Its name.
    pub origin: String,
    /// How many records it had.
    pub size: u64,
    /// Its root, base64.
    pub root: String,
}

/// A figure as it is read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFigure {
    /// What it is asked for by.
    pub id: String,
    /// As it is printed.
    pub value: String,
    /// The records it rests on.
    pub records: Vec<u64>,
    /// Files of the workspace that it rests on.
    #[serde(default)]
    pub files: Vec<ReadFile>,
}

/// A file that a figure rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFile {
    /// Its path.
    pub path: String,
    /// What it held.
    pub digest: Digest,
    /// The record that says so.
    pub record: u64,
}

/// The index of `document`, whose file has these bytes, as JSON. The same document gives the same index.
#[must_use]
pub fn figure_index(document: &str, bytes: &[u8], ledger: &Head, left_out: Option<&str>, figures: &[Figure]) -> String {
    let index = FigureIndex { version: 1, document, file: Digest::of(bytes), ledger, left_out, figures };
    let mut text = serde_json::to_string_pretty(&index).unwrap_or_default();
    text.push('\n');
    text
}

impl ReadIndex {
    /// Reads an index.
    ///
    /// # Errors
    ///
    /// Where the text is none of version 1.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        let index: Self = serde_json::from_str(text)?;
        if index.version == 1 { Ok(index) } else { Err(serde::de::Error::custom(format!("version {}", index.version))) }
    }

    /// The figure with this id, or the only one whose id ends so.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&ReadFigure> {
        if let Some(figure) = self.figures.iter().find(|figure| figure.id == id) {
            return Some(figure);
        }
        let end = format!(".{id}");
        let mut ending = self.figures.iter().filter(|figure| figure.id.ends_with(&end));
        ending.next().filter(|_| ending.next().is_none())
    }
}
