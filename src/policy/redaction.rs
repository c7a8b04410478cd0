//! What documents for others leave out: profiles in `policies/redaction/<name>.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use super::shipped;
use crate::message::message;
use crate::model::{Name, Text};
use crate::source::{self, Document, Finding, Node, Place, Reader};

/// What one kind of documents leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name, also that of its file.
    pub name: Name,
    /// What it is called.
    pub title: Text,
    /// What goes.
    pub leave_out: BTreeSet<Class>,
    /// How the note begins that says how much was left out.
    pub note: Text,
}

/// A kind of thing that may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Addresses of machines and networks, URLs.
    Addresses,
    /// Names of machines.
    Machines,
    /// Paths of files on machines.
    Paths,
    /// What fell short, what checks found, what is to be put right.
    Weaknesses,
    /// How exactly systems are protected.
    Measures,
    /// Names of people.
    People,
}

impl Class {
    /// Every word with its value.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("addresses", Self::Addresses),
        ("machines", Self::Machines),
        ("paths", Self::Paths),
        ("weaknesses", Self::Weaknesses),
        ("measures", Self::Measures),
        ("people", Self::People),
    ];
}

/// Every profile there is: those that ship, and the unit's own in their place.
///
/// What is wrong in a file is in the findings, and that file counts for nothing.
#[must_use]
pub fn profiles(files: &[(String, String)]) -> (BTreeMap<Name, Profile>, Vec<Finding>) {
    let (mut profiles, mut findings) = (BTreeMap::new(), Vec::new());
    let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    for (path, text) in shipped::REDACTION.iter().copied().chain(own) {
        let (profile, found) = read_document(&source::parse(path, text));
        findings.extend(found);
        if let Ok(profile) = profile {
            profiles.insert(profile.name.clone(), profile);
        }
    }
    (profiles, findings)
}

/// Reads the profile in `document`, with the warnings where it holds.
pub fn read_document(document: &Document) -> (Result<Profile, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let read = document.root.as_ref().and_then(|root| top(&reader, root));
    super::finish(reader, read)
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Profile> {
    let fields = reader.fields("redaction", root, Place::START)?;
    fields.format();
    let name = fields.required("redaction").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    let title = fields.required("title").and_then(|node| reader.words(node));
    let leave_out: Option<Vec<Class>> = fields.required("leave_out").and_then(|node| {
        if node.items().is_empty() {
            reader.error("empty-list", node.place, message!("source-empty-list"), None);
        }
        reader.list(node, |item| reader.word(item, Class::WORDS))
    });
    let note = fields.required("note").and_then(|node| reader.words(node));
    fields.finish();
    Some(Profile { name: name?, title: title?, leave_out: leave_out?.into_iter().collect(), note: note? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_puts_its_own_profile_in_the_place_of_the_shipped_one() {
        let own = "format: 1\nredaction: outside\ntitle: x\nleave_out: [people, addresses]\nnote: Che\n";
        let (profiles, findings) = profiles(&[("policies/redaction/outside.yaml".to_owned(), own.to_owned())]);
        assert!(findings.is_empty(), "{findings:?}");
        let profile = profiles.values().next().expect("a profile");
        assert_eq!(profile.leave_out.iter().copied().collect::<Vec<_>>(), [Class::Addresses, Class::People]);
        let wrong = "format: 1\nredaction: other\ntitle: x\nleave_out: [adresses]\nnote: Che\n";
        let (_, findings) = super::profiles(&[("policies/redaction/outside.yaml".to_owned(), wrong.to_owned())]);
        let empty = "format: 1\nredaction: outside\ntitle: x\nleave_out: []\nnote: Che\n";
        let (_, found) = super::profiles(&[("policies/redaction/outside.yaml".to_owned(), empty.to_owned())]);
        assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["empty-list"]);
        assert_eq!(findings.len(), 2, "the name is not the file's, and a word is unknown: {findings:?}");
    }
}
