//! Who took part in a run: one rule for the minutes, the after-action report and the rows of tasks.

use std::collections::BTreeMap;

use super::{Evaluator, LogRow, ParticipantRow, Records, Report};
use crate::model::{Actor, Basis, RunKind};
use crate::playbook::exercise::Part;

/// Kinds of records with which somebody takes part; who starts a run, keeps a document or reads does not.
const PARTS: [&str; 21] = [
    // A person asks only whether another takes over.
    "asked",
    "joined",
    "handed-over",
    "answered",
    "decided",
    "consented",
    "confirmed",
    "noted",
    "attached",
    "marked",
    "classified",
    "notice-sent",
    "injected",
    "scored",
    "attack-action",
    "stop-word",
    "concluded",
    "run-stopping",
    "run-paused",
    "run-continued",
    "playbook-switched",
];

/// Records that take part after the end too: evaluators score then, and the chair concludes.
const AFTERWARDS: [&str; 2] = ["scored", "concluded"];

/// Kinds of records with which somebody carries a drill out.
const DONE: [&str; 6] = ["answered", "decided", "marked", "classified", "notice-sent", "attached"];

/// Who took part in a run, as its records show: a part that only `people.yaml` or the plan gives is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    people: BTreeMap<Actor, Records>,
    outsiders: BTreeMap<u32, Records>,
}

impl Report {
    /// Who took part in it, after corrections. Somebody did who is named in a record of what happened, or entered it while the run
    /// went on; who only typed in a paper log did not. What is entered afterwards counts where it tells of what happened before
    /// the end, scores or concludes. A score of somebody without an account is theirs, whoever entered it.
    #[must_use]
    pub fn attendance(&self) -> Attendance {
        let mut seen = Attendance::default();
        let evaluators = self.exercise.iter().flat_map(|part| &part.evaluators);
        for (number, records) in evaluators.filter_map(|one| Some((one.participant?, &one.records))) {
            seen.outsiders.entry(number).or_default().extend(records);
        }
        let end = self.log.iter().find(|row| row.kind == "run-ended");
        for row in self.log.iter().filter(|row| row.actor != Actor::engine() && PARTS.contains(&row.kind.as_str())) {
            let while_it_went_on = end.is_none_or(|end| row.seq < end.seq);
            let during = end.is_none_or(|end| {
                let occurred = self.corrected(row.seq, "occurred").or(row.occurred);
                let told = occurred.is_some_and(|at| at.instant <= end.at.instant);
                while_it_went_on || told || AFTERWARDS.contains(&row.kind.as_str())
            });
            if during && !seen.outsiders.values().flatten().any(|seq| *seq == row.seq) {
                let actor = self.corrected(row.seq, "actor").unwrap_or_else(|| row.actor.clone());
                let by = row.by.iter().filter(|_| while_it_went_on && row.basis != Basis::Paper).cloned();
                for who in std::iter::once(actor).chain(by) {
                    seen.people.entry(who).or_default().push(row.seq);
                }
            }
        }
        // Whoever was put into another's place is named by the record that did it.
        for role in &self.roles {
            let put = self.log.iter().find(|row| row.kind == "replaced" && role.records.contains(&row.seq));
            if let Some(row) = put {
                seen.people.entry(role.who.clone()).or_default().push(row.seq);
            }
        }
        seen.people.values_mut().chain(seen.outsiders.values_mut()).for_each(|records| {
            records.sort_unstable();
            records.dedup();
        });
        seen
    }

    /// What the last correction of a field of record `seq` says; nothing where there is none.
    fn corrected<T: std::str::FromStr>(&self, seq: u64, field: &str) -> Option<T> {
        let corrections = self.changes.iter().rev().filter_map(|row| row.correction.as_ref());
        let mut of = corrections.filter(|it| it.seq == seq && it.field == field);
        of.next()?.is.as_deref()?.parse().ok()
    }

    /// The part that somebody took in a drill, by what they did in it; nothing where their role says it, or nothing does.
    pub(super) fn part_taken(&self, who: &Actor) -> Option<Part> {
        if self.run.kind != RunKind::Drill {
            return None;
        }
        let conclusion = self.conclusion.as_ref();
        let scored = |one: &Evaluator| one.participant.is_none() && one.person == *who;
        if conclusion.is_some_and(|it| it.by == *who) {
            Some(Part::Chair)
        } else if conclusion.is_some_and(|it| it.secretary.as_ref() == Some(who)) {
            Some(Part::Secretary)
        } else if self.exercise.as_ref().is_some_and(|part| part.evaluators.iter().any(scored)) {
            Some(Part::Evaluator)
        } else {
            let done = |row: &LogRow| row.actor == *who && DONE.contains(&row.kind.as_str());
            self.log.iter().any(done).then_some(Part::Player)
        }
    }
}

impl Attendance {
    /// Whether somebody took part.
    #[must_use]
    pub fn has(&self, who: &Actor) -> bool {
        self.people.contains_key(who)
    }

    /// Whether a participant of the plan took part.
    #[must_use]
    pub fn seen(&self, one: &ParticipantRow) -> bool {
        match &one.person {
            Some(person) => self.has(person),
            None => self.outsiders.contains_key(&one.number),
        }
    }

    /// How many took part.
    #[must_use]
    pub fn count(&self) -> usize {
        self.people.len() + self.outsiders.len()
    }

    /// The first record of each.
    #[must_use]
    pub fn records(&self) -> Records {
        self.people.values().chain(self.outsiders.values()).filter_map(|records| records.first().copied()).collect()
    }
}
