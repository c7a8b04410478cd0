//! Sentences in which every figure knows the records it rests on.

use serde::Serialize;

use super::super::Records;
use crate::message::{Message, format};
use crate::model::{Digest, Lang};

/// A figure of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What it is asked for by: `9.drills.count`.
    pub id: String,
    /// As it is printed.
    pub value: String,
    /// The records it rests on.
    pub records: Records,
    /// Files of the workspace that it rests on, as the ledger kept them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileGround>,
}

/// A file of the workspace as the ledger kept it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FileGround {
    /// Its path.
    pub path: String,
    /// What it held.
    pub digest: Digest,
    /// The record that says so.
    pub record: u64,
}

/// A sentence of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sentence {
    /// Its words.
    pub text: String,
    /// The figures in it, by their ids.
    pub figures: Vec<String>,
    /// Whether it goes into the one before.
    pub below: bool,
    /// Whether it tells of a weakness.
    pub weakness: bool,
    /// Its words, with the places of the figures.
    #[serde(skip)]
    pub pieces: Vec<Piece>,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// After what was said last stands the mark of this figure, by its place among the figures of the document.
    Mark(usize),
}

impl Sentence {
    /// A sentence without a figure.
    #[must_use]
    pub fn plain(text: String) -> Self {
        Self { pieces: vec![Piece::Words(text.clone())], text, figures: Vec::new(), below: false, weakness: false }
    }
}

/// Encloses the place of a figure while a sentence is put together: characters for private use, which no text of ours has.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// Puts the sentences of one row together.
pub(super) struct Builder<'a> {
    row: &'a str,
    lang: Lang,
    figures: &'a mut Vec<Figure>,
    sentences: Vec<Sentence>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(row: &'a str, lang: Lang, figures: &'a mut Vec<Figure>) -> Self {
        Self { row, lang, figures, sentences: Vec::new() }
    }

    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    /// A figure that rests on records, to be put into a message.
    pub(super) fn figure(&mut self, id: &str, value: impl Into<String>, records: Records) -> String {
        self.grounded(id, value, records, Vec::new())
    }

    /// A figure that rests on records and on files, to be put into a message.
    pub(super) fn grounded(
        &mut self,
        id: &str,
        value: impl Into<String>,
        mut records: Records,
        mut files: Vec<FileGround>,
    ) -> String {
        let value = value.into();
        records.sort_unstable();
        records.dedup();
        files.sort();
        files.dedup();
        let place = self.figures.len();
        self.figures.push(Figure { id: format!("{}.{id}", self.row), value: value.clone(), records, files });
        format!("{value}{OPEN}{place}{CLOSE}")
    }

    /// A number of things as documents write it.
    pub(super) fn counted(&mut self, id: &str, value: usize, records: Records) -> String {
        let value = count(value as u64, self.lang);
        self.figure(id, value, records)
    }

    pub(super) fn say(&mut self, message: &Message) {
        self.push(message, false, false);
    }

    pub(super) fn below(&mut self, message: &Message) {
        self.push(message, true, false);
    }

    pub(super) fn weakness(&mut self, message: &Message) {
        self.push(message, false, true);
    }

    fn push(&mut self, message: &Message, below: bool, weakness: bool) {
        let marked = message.render(self.lang);
        let (mut text, mut pieces, mut figures) = (String::new(), Vec::new(), Vec::new());
        for part in marked.split(OPEN) {
            let (place, words) = match part.split_once(CLOSE) {
                Some((place, words)) => (place.parse::<usize>().ok(), words),
                None => (None, part),
            };
            if let Some(place) = place {
                figures.extend(self.figures.get(place).map(|figure| figure.id.clone()));
                pieces.push(Piece::Mark(place));
            }
            if !words.is_empty() {
                text.push_str(words);
                pieces.push(Piece::Words(words.to_owned()));
            }
        }
        self.sentences.push(Sentence { text, figures, below, weakness, pieces });
    }

    pub(super) fn finish(self) -> Vec<Sentence> {
        self.sentences
    }
}

/// A number of things as documents write it: below 10 with a leading zero in Vietnamese, `2.184` from a thousand on.
#[must_use]
pub fn count(value: u64, lang: Lang) -> String {
    match lang {
        Lang::Vi if (1..10).contains(&value) => format!("0{value}"),
        _ => format::number(value, lang),
    }
}

/// A share in hundredths as documents write it: `95,17%`; whole ones without decimals. Nothing of nothing is no share.
#[must_use]
pub fn percent(part: u64, whole: u64, lang: Lang) -> Option<String> {
    let hundredths = (part.checked_mul(20_000)?.checked_add(whole)?).checked_div(whole.checked_mul(2)?)?;
    let (units, rest) = (hundredths / 100, hundredths % 100);
    let point = if lang == Lang::Vi { ',' } else { '.' };
    Some(if rest == 0 { format!("{units}%") } else { format!("{units}{point}{rest:02}%") })
}
