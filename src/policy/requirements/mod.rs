//! What each level requires, and which controls satisfy it: `policies/requirements/<set>.yaml`.

mod read;

use std::collections::BTreeSet;

use serde::Serialize;

pub use read::read_document;

use crate::message::message;
use crate::model::{Name, Text};
use crate::policy::shipped;
use crate::source::{self, Document, Finding, suggest};

/// One thing that is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The set that it belongs to.
    pub set: Name,
    /// Its id within the set.
    pub id: Name,
    /// What is required, in our words.
    pub title: Text,
    /// Controls of an inventory file; any one of them satisfies it.
    pub controls: Vec<Name>,
    /// Whether the law itself makes it compulsory.
    pub compulsory: bool,
    /// At which levels, and by which section.
    pub levels: Vec<Section>,
    /// The file that says so.
    pub file: String,
}

/// The section that requires something at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The level, 1 to 5.
    pub level: u8,
    /// The section.
    pub citation: String,
}

/// What is said of a whole set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its name.
    pub name: Name,
    /// What it rests on.
    pub title: Text,
    /// What is unsure or missing in it.
    pub note: Option<Text>,
    /// That its sections rest on a source of a second hand.
    pub second_hand: Option<Text>,
}

/// A set as one file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// What is said of the whole.
    pub head: Head,
    /// What it requires.
    pub rows: Vec<Requirement>,
}

/// A requirement that a unit's file has put its own in the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overridden {
    /// The set.
    pub set: Name,
    /// The requirement.
    pub id: Name,
    /// The file that it stood in.
    pub instead_of: String,
    /// The file that counts.
    pub by: String,
}

/// Everything that is required: what ships, and over it the unit's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The sets.
    pub sets: Vec<Head>,
    /// The requirements, in the order of the files.
    pub rows: Vec<Requirement>,
    /// What a unit has put its own in the place of.
    pub overridden: Vec<Overridden>,
}

impl Requirements {
    /// The shipped sets, and over them those of `files`: path and text of each file in a unit's `policies/requirements/`. What
    /// is wrong in a file is in the findings, and that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let mut all = Self::default();
        let mut findings = Vec::new();
        for (path, text) in shipped::REQUIREMENTS.iter().copied().chain(own) {
            let (read, found) = read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(set) = read {
                all.add(set);
            }
        }
        (all, findings)
    }

    /// Puts `set` over what is here.
    pub fn add(&mut self, set: Set) {
        self.sets.retain(|head| head.name != set.head.name);
        self.sets.push(set.head);
        for row in set.rows {
            let same = self.rows.iter_mut().find(|other| other.set == row.set && other.id == row.id);
            let Some(before) = same else {
                self.rows.push(row);
                continue;
            };
            self.overridden.push(Overridden {
                set: row.set.clone(),
                id: row.id.clone(),
                instead_of: before.file.clone(),
                by: row.file.clone(),
            });
            *before = row;
        }
    }

    /// What is required at `level`, with the section.
    pub fn at(&self, level: u8) -> impl Iterator<Item = (&Requirement, &Section)> {
        self.rows.iter().filter_map(move |row| Some((row, row.levels.iter().find(|section| section.level == level)?)))
    }

    /// Whether the sections of the set called `set` are known from a source of a second hand only.
    #[must_use]
    pub fn second_hand(&self, set: &Name) -> bool {
        self.sets.iter().any(|head| head.name == *set && head.second_hand.is_some())
    }

    /// Every control that a requirement names.
    #[must_use]
    pub fn controls(&self) -> BTreeSet<&str> {
        self.rows.iter().flat_map(|row| &row.controls).map(Name::as_str).collect()
    }
}

/// Finds controls of an inventory file that no requirement names: they count for nothing.
#[must_use]
pub fn unknown_controls(document: &Document, known: &BTreeSet<&str>) -> Vec<Finding> {
    let controls = document.root.as_ref().and_then(|root| root.get("controls"));
    let ids = controls.map(source::Node::items).unwrap_or_default().iter().filter_map(|item| item.get("id"));
    ids.filter_map(|node| Some((node, node.scalar()?.0)))
        .filter(|(_, id)| Name::is_valid(id) && !known.contains(id))
        .map(|(node, id)| {
            let help = suggest::did_you_mean(id, known.iter().copied());
            let help = help.or_else(|| Some(message!("policy-unknown-control-help")));
            let message = message!("policy-unknown-control", control = id);
            Finding::error("unknown-control", &document.file, node.place, message).help(help).warning()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citations(set: &str, id: &str) -> Vec<String> {
        let (all, findings) = Requirements::read(&[]);
        assert!(findings.is_empty(), "{findings:?}");
        let row = all.rows.iter().find(|row| row.set == *set && row.id == *id).expect("it ships");
        row.levels.iter().map(|section| format!("{} {}", section.level, section.citation)).collect()
    }

    #[test]
    fn the_sections_are_those_of_the_tables_that_were_read() {
        let seen = citations("tt12-2022", "backup");
        assert_eq!(seen[0], "1 TCVN 11930:2017, 5.2.4.1");
        assert_eq!(
            seen[2..],
            ["3 TCVN 11930:2017, 7.2.4.3", "4 TCVN 11930:2017, 8.2.4.3", "5 TCVN 11930:2017, 9.2.4.3"]
        );
        assert_eq!(
            citations("tt12-2022", "incident-operation")[..2],
            ["2 TCVN 11930:2017, 6.1.5.4", "3 TCVN 11930:2017, 7.1.5.8"]
        );
        assert_eq!(citations("tt12-2022", "data-integrity").len(), 3);
        let dlp = citations("tcvn14423-2026", "data-loss");
        assert_eq!(dlp, ["3 TCVN 14423:2026, 5.12.2.2a", "4 TCVN 14423:2026, 6.4.2.8", "5 TCVN 14423:2026, 7.4.2.8"]);
    }

    #[test]
    fn the_standard_that_was_not_read_says_so_and_only_the_law_is_compulsory() {
        let (all, _) = Requirements::read(&[]);
        let head = |name: &str| all.sets.iter().find(|head| head.name == *name).expect("it ships");
        assert!(head("tcvn14423-2026").second_hand.is_some());
        assert!(head("tt12-2022").note.is_some());
        let compulsory: Vec<&str> =
            all.at(4).filter(|(row, _)| row.compulsory).map(|(row, _)| row.id.as_str()).collect();
        assert_eq!(compulsory, ["law-backup", "law-incident"]);
        assert_eq!(all.at(2).filter(|(row, _)| row.compulsory).count(), 0);
    }

    #[test]
    fn what_a_unit_puts_in_the_place_of_a_shipped_requirement_is_told() {
        let own = "format: 1\nrequirements: tt12-2022\ntitle: x\nrows:\n  - { id: backup, title: y, controls: [own], levels: [ { level: 3, citation: z } ] }\n  - { id: more, title: y, controls: [backup], levels: [ { level: 3, citation: z } ] }\n";
        let (all, findings) =
            Requirements::read(&[("policies/requirements/tt12-2022.yaml".to_owned(), own.to_owned())]);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(all.overridden.len(), 1);
        assert_eq!(
            (all.overridden[0].id.as_str(), all.overridden[0].by.as_str()),
            ("backup", "policies/requirements/tt12-2022.yaml")
        );
        assert!(all.controls().contains("own"));
        assert!(all.at(3).any(|(row, _)| row.id == "more"));
    }

    #[test]
    fn mistakes_of_a_set_are_found_at_their_words() {
        let wrong = "format: 1\nrequirements: own\ntitle: x\nrows:\n  - { id: a, title: x, controls: [], levels: [ { level: 6, citation: z } ] }\n  - { id: a, title: x, controls: [b], levels: [ { level: 3, citation: z }, { level: 3, citation: y } ] }\n  - { id: c, tite: x, controls: [b], levels: [] }\n";
        let findings = read_document(&source::parse("own.yaml", wrong)).1;
        let seen: Vec<String> = findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
        assert_eq!(
            seen.join(", "),
            "empty-list 5:34, out-of-range 5:57, duplicate-id 6:11, duplicate-id 6:85, unknown-key 7:14, empty-list 7:46"
        );
    }
}
