//! All sets together: those that ship, and the unit's own over them.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Declared, Duty, Instrument, Set, read_document};
use crate::message::message;
use crate::model::{Id, Name, Text};
use crate::policy::shipped;
use crate::source::{self, Document, Finding, Node};

/// Every duty that is known, and which of the shipped ones a unit has put its own in the place of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// The duties, in the order of the files. The same id stands more than once only for different days.
    pub duties: Vec<Duty>,
    /// Whether each set is on.
    pub sets: IndexMap<Name, bool>,
    /// The documents that citations name.
    pub documents: IndexMap<Id, Instrument>,
    /// What recipients are called in general.
    pub recipients: IndexMap<Id, Text>,
    /// What people answer during an incident.
    pub flags: IndexMap<Id, Text>,
    /// What was put in the place of what.
    pub overridden: Vec<Overridden>,
}

/// A duty in whose place another file has put its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overridden {
    /// The duty.
    pub id: Name,
    /// What it was called.
    pub title: Text,
    /// The file that had it.
    pub instead_of: String,
    /// The file that has it now.
    pub by: String,
}

impl Book {
    /// The shipped sets, and over them those of `files`: path and text of each file in a unit's `policies/duties/`.
    ///
    /// `notices` are the names of the notices that duties may name beside the shipped ones. What is wrong in a file is in
    /// the findings, and that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)], notices: &[&str]) -> (Self, Vec<Finding>) {
        let parse = |(path, text): (&str, &str)| source::parse(path, text);
        let shipped: Vec<Document> = shipped::DUTIES.iter().copied().map(parse).collect();
        let own: Vec<Document> = files.iter().map(|(path, text)| parse((path, text))).collect();
        let mut declared = Self::shipped_names();
        declared.notices.extend(notices.iter().map(|name| (*name).to_owned()));
        for document in &own {
            declared.add_duties(document);
        }
        let mut book = Self::default();
        let mut findings = Vec::new();
        for document in shipped.iter().chain(&own) {
            let (set, found) = read_document(document, &declared);
            findings.extend(found);
            if let Ok(set) = set {
                book.add(set);
            }
        }
        (book, findings)
    }

    /// The names that the shipped files declare.
    #[must_use]
    pub fn shipped_names() -> Declared {
        let mut declared = Declared { complete: true, ..Declared::default() };
        for (path, text) in shipped::DUTIES {
            declared.add_duties(&source::parse(path, text));
        }
        for (path, text) in shipped::NOTICES {
            declared.add_notice(&source::parse(path, text));
        }
        declared
    }

    /// Puts `set` over what is here: its duties stand in the place of those with the same id from other files.
    pub fn add(&mut self, set: Set) {
        let on = self.sets.entry(set.name.clone()).or_insert(true);
        *on = set.enabled.unwrap_or(*on);
        self.documents.extend(set.documents);
        self.recipients.extend(set.recipients);
        self.flags.extend(set.flags);
        for duty in set.duties {
            let replaced = |other: &Duty| other.id == duty.id && other.file != duty.file;
            let place = self.duties.iter().position(replaced).unwrap_or(self.duties.len());
            let (gone, kept): (Vec<Duty>, Vec<Duty>) = std::mem::take(&mut self.duties).into_iter().partition(replaced);
            self.duties = kept;
            self.overridden.extend(gone.into_iter().map(|other| Overridden {
                id: other.id,
                title: other.title,
                instead_of: other.file,
                by: duty.file.clone(),
            }));
            self.duties.insert(place, duty);
        }
    }

    /// Whether the set that `duty` belongs to is on.
    #[must_use]
    pub fn on(&self, duty: &Duty) -> bool {
        self.sets.get(&duty.set).copied().unwrap_or(true)
    }
}

/// Finds duties that two files of a unit have both: which one counts must not hang on the files' names.
#[must_use]
pub fn overlaps(documents: &[&Document]) -> Vec<Finding> {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut found = Vec::new();
    for document in documents {
        let file = document.file.as_str();
        let duties = document.root.as_ref().and_then(|root| root.get("duties")).map(Node::items).unwrap_or_default();
        for node in duties.iter().filter_map(|duty| duty.get("id")) {
            let Some((id, _)) = node.scalar() else { continue };
            match seen.iter().find(|(other, at)| *other == id && *at != file) {
                Some((_, first)) => {
                    let message = message!("policy-duty-twice", id = id, file = *first);
                    found.push(Finding::error("duty-twice", file, node.place, message));
                }
                None => seen.push((id, file)),
            }
        }
    }
    found
}
