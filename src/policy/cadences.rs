//! How often something is to be done, by the level of a system: `policies/cadences/<set>.yaml`.

use serde::Serialize;

use crate::message::message;
use crate::model::{Name, Text};
use crate::policy::shipped;
use crate::source::{self, Document, Finding, Node, Place, Reader};

/// How often one thing is to be done at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// At least once in so many months.
    pub months: i64,
    /// The section that says so; nothing where the period is the unit's own or a suggestion.
    pub citation: Option<String>,
    /// Whether it is a suggestion: no document gives a number.
    pub suggested: bool,
    /// That the set rests on a source of a second hand, in words.
    pub second_hand: Option<Text>,
    /// The file that says so.
    pub file: String,
}

/// One thing that is done again and again, at one level.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    id: Name,
    level: u8,
    period: Period,
}

/// Every cadence that is known: the shipped ones, and over them the unit's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cadences {
    rows: Vec<Row>,
}

impl Cadences {
    /// The shipped sets, and over them those of `files`: path and text of each file in a unit's `policies/cadences/`. What is
    /// wrong in a file is in the findings, and that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let mut cadences = Self::default();
        let mut findings = Vec::new();
        for (path, text) in shipped::CADENCES.iter().copied().chain(own) {
            let (read, found) = Self::read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(read) = read {
                cadences.rows.extend(read.rows);
            }
        }
        (cadences, findings)
    }

    /// Reads the set in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let read = document.root.as_ref().and_then(|root| top(&reader, root));
        super::finish(reader, read)
    }

    /// How often `id` is to be done at `level`; what a unit says itself goes before what ships.
    #[must_use]
    pub fn period(&self, id: &str, level: u8) -> Option<&Period> {
        self.rows.iter().rfind(|row| row.id == *id && row.level == level).map(|row| &row.period)
    }
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Cadences> {
    let fields = reader.fields("cadences", root, Place::START)?;
    fields.format();
    let name: Option<Name> = fields.required("cadences").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    if let Some(node) = fields.required("title") {
        reader.words(node);
    }
    let second_hand = fields.optional("second_hand").and_then(|node| reader.words(node));
    let mut rows: Vec<Row> = Vec::new();
    if let Some(node) = fields.required("rows") {
        reader.list(node, |item| {
            row(reader, item, second_hand.as_ref(), &mut rows);
            Some(())
        });
    }
    fields.finish();
    name.map(|_| Cadences { rows })
}

fn row<'a>(reader: &Reader<'a>, node: &'a Node, second_hand: Option<&Text>, rows: &mut Vec<Row>) -> Option<()> {
    let fields = reader.fields("cadence", node, node.place)?;
    let id = fields.required("id").and_then(|node| reader.name(node));
    if let Some(node) = fields.required("title") {
        reader.words(node);
    }
    let levels = fields.required("levels").and_then(|node| reader.list(node, |item| level(reader, item)));
    fields.finish();
    let (id, levels) = (id?, levels?);
    for (place, level, mut period) in levels {
        if rows.iter().any(|row| row.id == id && row.level == level) {
            reader.error("duplicate-id", place, message!("source-duplicate-id", id = level.to_string()), None);
        }
        period.second_hand = second_hand.cloned();
        rows.push(Row { id: id.clone(), level, period });
    }
    Some(())
}

fn level<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<(Place, u8, Period)> {
    let fields = reader.fields("cadence-level", node, node.place)?;
    let level = fields.required("level").and_then(|node| Some((node.place, reader.integer(node, 1, 5)?)));
    let months = fields.required("months").and_then(|node| reader.integer(node, 1, 120));
    let citation = fields.optional("citation").and_then(|node| reader.filled_text(node));
    let suggested = fields.optional("suggested").and_then(|node| reader.boolean(node)).unwrap_or_default();
    fields.finish();
    let (place, level) = level?;
    let file = reader.document().file.clone();
    Some((place, level, Period { months: months?, citation, suggested, second_hand: None, file }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_periods_of_a_trial_restore_are_those_of_the_standard_and_say_what_is_a_suggestion() {
        let (cadences, findings) = Cadences::read(&[]);
        assert!(findings.is_empty(), "{findings:?}");
        let of = |level| cadences.period("restore-test", level).expect("a period");
        let seen: Vec<(i64, bool, bool)> =
            (1..=5).map(of).map(|period| (period.months, period.suggested, period.citation.is_some())).collect();
        assert_eq!(seen, [(12, true, false), (12, true, false), (6, true, false), (6, false, true), (3, false, true)]);
        assert!((1..=5).map(of).all(|period| period.second_hand.is_some()));
        assert_eq!(cadences.period("restore-test", 6), None);
        assert_eq!(cadences.period("nothing", 3), None);
    }

    #[test]
    fn a_unit_s_own_period_goes_before_the_shipped_one_and_mistakes_are_found_at_their_words() {
        let own = "format: 1\ncadences: own\ntitle: x\nrows:\n  - { id: restore-test, title: x, levels: [{ level: 3, months: 3 }] }\n";
        let (cadences, findings) = Cadences::read(&[("policies/cadences/own.yaml".to_owned(), own.to_owned())]);
        assert!(findings.is_empty(), "{findings:?}");
        let period = cadences.period("restore-test", 3).expect("a period");
        assert_eq!((period.months, period.file.as_str()), (3, "policies/cadences/own.yaml"));
        assert_eq!(cadences.period("restore-test", 4).expect("a period").months, 6);

        let wrong = "format: 1\ncadences: own\ntitle: x\nrows:\n  - id: restore-test\n    title: x\n    levels:\n      \
                     - { level: 6, months: 3 }\n      - { level: 3, month: 3 }\n      - { level: 4, months: 1 }\n      \
                     - { level: 4, months: 2 }\n";
        let findings = Cadences::read_document(&source::parse("own.yaml", wrong)).1;
        let seen: Vec<String> = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
        assert_eq!(seen.join(", "), "out-of-range 8:18, unknown-key 9:21, duplicate-id 11:18");
    }
}
