//! The figures of a document that was made, kept beside it: what each one rests on can be asked later.

use std::io::{Cursor, Read as _};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zip::ZipArchive;

use super::tasks::{Figure, Head};
use crate::model::Digest;

/// Where DOCX and XLSX files keep what a document says of itself.
const PROPERTIES: [&str; 2] = ["docProps/core.xml", "docProps/custom.xml"];

/// The most bytes of such a part that are read: ours have some hundred.
const LONGEST: u64 = 64 * 1024;

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
    /// What they come to: see [`figures_digest`].
    #[serde(skip)]
    come_to: Option<Digest>,
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

/// What a document's figures come to, with what each rests on: the document has it, so that no other index passes for its own.
#[must_use]
pub fn figures_digest(figures: &[Figure]) -> Digest {
    digest(&serde_json::to_value(figures).unwrap_or_default())
}

fn digest(figures: &Value) -> Digest {
    Digest::of(figures.to_string().as_bytes())
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
        let whole: Value = serde_json::from_str(text)?;
        let come_to = whole.get("figures").map(digest);
        let index = Self { come_to, ..serde_json::from_value(whole)? };
        if index.version == 1 { Ok(index) } else { Err(serde::de::Error::custom(format!("version {}", index.version))) }
    }

    /// Whether `document`, the bytes of a file, has these figures: it names what they come to, or has them itself.
    #[must_use]
    pub fn is_of(&self, document: &[u8]) -> bool {
        let Some(come_to) = &self.come_to else { return false };
        let digest_of_figures = come_to.to_string();
        let wanted = digest_of_figures.as_bytes();
        let has = |bytes: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        if let Ok(Value::Object(fields)) = serde_json::from_slice(document) {
            return fields.get("figures").map(digest).as_ref() == Some(come_to);
        }
        let Ok(mut archive) = ZipArchive::new(Cursor::new(document)) else { return has(document) };
        PROPERTIES.iter().any(|part| {
            let mut bytes = Vec::new();
            let part = archive.by_name(part).map(|file| file.take(LONGEST).read_to_end(&mut bytes));
            matches!(part, Ok(Ok(_))) && has(&bytes)
        })
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
