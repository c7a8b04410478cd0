//! Sentences in which every figure knows the records it rests on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::Records;
use crate::message::{Message, format, message};
use crate::model::{Digest, Lang};
use crate::policy::redaction::Class;
use crate::report::redaction::{Counts, Redactor};

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
        Self { pieces: vec![Piece::Words(text.clone())], text, figures: Vec::new(), below: false }
    }
}

/// Encloses the place of a figure while a sentence is put together: characters for private use, which no text of ours has
/// and which are taken out of the texts of others.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// Puts the sentences of one row together.
pub(super) struct Builder<'a> {
    row: &'a str,
    lang: Lang,
    /// The corrections of each record that has some.
    corrections: &'a BTreeMap<u64, Records>,
    figures: &'a mut Vec<Figure>,
    sentences: Vec<Sentence>,
    /// What leaves things out; nothing where nothing is left out.
    redactor: Option<&'a Redactor>,
    left: &'a mut Counts,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        row: &'a str,
        lang: Lang,
        corrections: &'a BTreeMap<u64, Records>,
        figures: &'a mut Vec<Figure>,
        (redactor, left): (Option<&'a Redactor>, &'a mut Counts),
    ) -> Self {
        Self { row, lang, corrections, figures, sentences: Vec::new(), redactor, left }
    }

    /// Whether something of this kind may be said; where it may not, that it was left out is counted.
    pub(super) fn may_say(&mut self, class: Class) -> bool {
        match self.redactor.filter(|redactor| redactor.leaves_out(class)) {
            Some(redactor) => {
                redactor.whole(class, self.left);
                false
            }
            None => true,
        }
    }

    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    /// A figure that rests on records, to be put into a message.
    pub(super) fn figure(&mut self, id: &str, value: impl Into<String>, records: Records) -> String {
        self.grounded(id, value, records, Vec::new())
    }

    /// A figure that rests on records, with their corrections, and on files, to be put into a message.
    pub(super) fn grounded(
        &mut self,
        id: &str,
        value: impl Into<String>,
        mut records: Records,
        mut files: Vec<FileGround>,
    ) -> String {
        let value = self.clean(without_marks(&one_line(&value.into())));
        let corrections: Records =
            records.iter().filter_map(|seq| self.corrections.get(seq)).flatten().copied().collect();
        records.extend(corrections);
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

    fn clean(&mut self, text: String) -> String {
        match self.redactor {
            Some(redactor) => redactor.clean(&text, self.left),
            None => text,
        }
    }

    /// A rendered sentence in which only the marks that we made stand: one stands behind the value of its figure. What a person's
    /// text has of such characters goes, its words stay.
    fn own_marks(&self, rendered: &str) -> String {
        let mut parts = rendered.split(OPEN);
        let mut marked = without_marks(parts.next().unwrap_or_default());
        for part in parts {
            let place = part.split_once(CLOSE).and_then(|(place, words)| Some((place.parse::<usize>().ok()?, words)));
            let figure =
                place.and_then(|(place, _)| self.figures.get(place)).filter(|figure| marked.ends_with(&figure.value));
            match (place, figure) {
                (Some((place, words)), Some(_)) => {
                    marked.push_str(&format!("{OPEN}{place}{CLOSE}"));
                    marked.push_str(&without_marks(words));
                }
                _ => marked.push_str(&without_marks(part)),
            }
        }
        marked
    }

    pub(super) fn say(&mut self, message: &Message) {
        self.push(message, false);
    }

    pub(super) fn below(&mut self, message: &Message) {
        self.push(message, true);
    }

    fn push(&mut self, message: &Message, below: bool) {
        let marked = self.own_marks(&one_line(&message.render(self.lang)));
        let marked = self.clean(marked);
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
        self.sentences.push(Sentence { text, figures, below, pieces });
    }

    pub(super) fn finish(self) -> Vec<Sentence> {
        self.sentences
    }
}

/// A text without the characters that enclose the places of figures.
fn without_marks(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

/// A text on one line: what people typed may have several.
fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ")
}

/// The files that figures rest on, each once.
#[must_use]
pub(in crate::report) fn files_of(figures: &[Figure]) -> BTreeSet<&FileGround> {
    figures.iter().flat_map(|figure| &figure.files).collect()
}

/// What files are called beside figures: their names without folder and ending; the whole path where two have one name.
#[must_use]
pub(in crate::report) fn short_names(figures: &[Figure]) -> BTreeMap<&FileGround, String> {
    let files = files_of(figures);
    let short = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.strip_suffix(".yaml").unwrap_or(name).to_owned()
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        *seen.entry(short(&file.path)).or_default() += 1;
    }
    let name = |file: &FileGround| {
        let name = short(&file.path);
        if seen.get(&name) == Some(&1) { name } else { format!("{} #{}", file.path, file.record) }
    };
    files.into_iter().map(|file| (file, name(file))).collect()
}

/// The files that a figure rests on, by their short names; how many where it is all of them.
#[must_use]
pub(in crate::report) fn ground_files(figure: &Figure, names: &BTreeMap<&FileGround, String>, lang: Lang) -> String {
    let files: Vec<&str> = figure.files.iter().filter_map(|file| names.get(file)).map(String::as_str).collect();
    if files.len() > 2 && files.len() == names.len() {
        message!("task-ground-all", count = count(files.len() as u64, lang)).render(lang)
    } else {
        files.join(", ")
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

/// Numbers of records, those that follow each other in one: `#3–#7, #9`. A dash where there are none.
#[must_use]
pub fn ranges(numbers: &[u64]) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => parts.push((*number, *number)),
        }
    }
    if parts.is_empty() {
        return "–".to_owned();
    }
    let said = parts.iter().map(|(first, last)| match last - first {
        0 => format!("#{first}"),
        1 => format!("#{first}, #{last}"),
        _ => format!("#{first}–#{last}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_province_writes_them() {
        let vi = |value| count(value, Lang::Vi);
        assert_eq!([0, 1, 9, 10, 2184].map(vi), ["0", "01", "09", "10", "2.184"]);
        assert_eq!(percent(674_242, 708_475, Lang::Vi).as_deref(), Some("95,17%"), "the province's own figure");
        assert_eq!(percent(7, 7, Lang::Vi).as_deref(), Some("100%"));
        assert_eq!(percent(1, 3, Lang::En).as_deref(), Some("33.33%"));
        assert_eq!(percent(2, 3, Lang::Vi).as_deref(), Some("66,67%"));
        assert_eq!(percent(0, 0, Lang::Vi), None);
        assert_eq!(ranges(&[1, 2, 3, 5, 7, 8]), "#1–#3, #5, #7, #8");
        assert_eq!(ranges(&[]), "–");
    }

    #[test]
    fn a_persons_text_makes_no_mark_and_loses_no_word() {
        let (mut figures, mut left) = (Vec::new(), Counts::default());
        let none = BTreeMap::new();
        let mut builder = Builder::new("9", Lang::Vi, &none, &mut figures, (None, &mut left));
        let figure = builder.figure("n", "0\u{e001}5", vec![3]);
        let said = format!("{figure} riêng \u{e000} 0 \u{e001} và \u{e000}0\u{e001} hết");
        builder.say(&message!("report-as-it-is", text = said));
        let sentences = builder.finish();
        assert_eq!(sentences[0].text, "05 riêng  0  và 0 hết");
        assert_eq!(sentences[0].figures, ["9.n"]);
    }
}
