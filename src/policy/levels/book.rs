//! The criteria that ship, and a unit's own over them; which are in force on a day.

use jiff::civil::Date;
use serde::Serialize;

use super::{RuleSet, read_document};
use crate::inventory::dossier::RulesId;
use crate::message::message;
use crate::model::Text;
use crate::policy::shipped;
use crate::source::{self, Document, Finding};

/// The criteria of every decree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// One set a decree, the older first.
    pub sets: Vec<RuleSet>,
    /// The rules in whose place a unit has put its own.
    pub overridden: Vec<Overridden>,
}

/// A rule in whose place a unit has put its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overridden {
    /// The decree.
    pub rules: RulesId,
    /// The rule.
    pub id: String,
    /// What it said.
    pub text: Text,
    /// The file that had it.
    pub instead_of: String,
    /// The file that has it now.
    pub by: String,
}

/// Which criteria are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Force {
    /// The decree.
    pub rules: RulesId,
    /// Whether the day lies between two decrees: the older is not in force any more, and the newer is shown as a preview.
    pub preview: bool,
}

/// Finds that the decision on a system's level bears a day before the rules by which its file says that it was made were in force:
/// one of the two is mistyped.
#[must_use]
pub fn decided_before_rules(document: &Document, book: &Book) -> Option<Finding> {
    let dossier = document.root.as_ref()?.get("dossier")?;
    let (word, _) = dossier.get("rules")?.scalar()?;
    let (_, id) = RulesId::WORDS.iter().find(|(known, _)| *known == word)?;
    let from = book.set(*id)?.from?;
    let node = dossier.get("decision")?.get("date")?;
    let on: Date = node.scalar()?.0.parse().ok()?;
    let message =
        message!("inventory-before-rules", day = super::day(on), rules = Book::title(*id), from = super::day(from));
    let finding = Finding::error("decision-before-rules", &document.file, node.place, message);
    (on < from).then(|| finding.help(message!("inventory-before-rules-help")).warning())
}

impl Book {
    /// The shipped sets, and over them those of `files`: path and text of each file in a unit's `policies/levels/`. A rule
    /// with the id of a shipped one stands in its place, any other is added. What is wrong in a file is in the findings, and
    /// that file counts for nothing.
    #[must_use]
    pub fn read(files: &[(String, String)]) -> (Self, Vec<Finding>) {
        let mut book = Self::default();
        let mut findings = Vec::new();
        let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        for (path, text) in shipped::LEVELS.iter().copied().chain(own) {
            let (read, found) = read_document(&source::parse(path, text));
            findings.extend(found);
            if let Ok(set) = read {
                book.add(set);
            }
        }
        (book, findings)
    }

    fn add(&mut self, set: RuleSet) {
        let Some(there) = self.sets.iter_mut().find(|other| other.id == set.id) else {
            self.sets.push(set);
            return;
        };
        there.from = set.from.or(there.from);
        there.until = set.until.or(there.until);
        there.kept = set.kept.or_else(|| there.kept.take());
        there.building = set.building.or_else(|| there.building.take());
        for (name, cite) in set.articles {
            there.articles.retain(|(other, _)| *other != name);
            there.articles.push((name, cite));
        }
        // The first that has a level counts.
        there.steps.splice(0..0, set.steps);
        there.rhythm.splice(0..0, set.rhythm);
        for rule in set.rules {
            match there.rules.iter_mut().find(|other| other.id == rule.id) {
                Some(other) => {
                    let by = rule.file.clone();
                    let gone = std::mem::replace(other, rule);
                    self.overridden.push(Overridden {
                        rules: there.id,
                        id: gone.id,
                        text: gone.text,
                        instead_of: gone.file,
                        by,
                    });
                }
                None => there.rules.push(rule),
            }
        }
        there.prepare();
    }

    /// The criteria of the decree `id`.
    #[must_use]
    pub fn set(&self, id: RulesId) -> Option<&RuleSet> {
        self.sets.iter().find(|set| set.id == id)
    }

    /// What `id` is called.
    #[must_use]
    pub fn title(id: RulesId) -> Text {
        super::read::title(id)
    }

    /// The criteria by which a level is determined on the day `on`.
    #[must_use]
    pub fn in_force(&self, on: Date) -> Force {
        let begun = |set: &&RuleSet| set.from.is_none_or(|from| from <= on);
        let open = |set: &&RuleSet| set.until.is_none_or(|until| on <= until);
        if let Some(set) = self.sets.iter().rev().find(|set| begun(set) && open(set)) {
            return Force { rules: set.id, preview: false };
        }
        let next = self.sets.iter().find(|set| !begun(set)).or(self.sets.last());
        Force { rules: next.map_or(RulesId::Nd331, |set| set.id), preview: true }
    }
}
