//! Who took part in a run: one rule for the minutes, the after-action report and the rows of tasks.

use std::collections::BTreeMap;

use super::{ParticipantRow, Records, Report};
use crate::model::Actor;

/// Kinds of records with which somebody takes part; who starts a run, keeps a document or reads does not.
const PARTS: [&str; 20] = [
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

/// Who took part in a run, as its records show: a part that only `people.yaml` or the plan gives is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    people: BTreeMap<Actor, Records>,
    outsiders: BTreeMap<u32, Records>,
}

impl Report {
    /// Who took part in it. Somebody did who is named in a record of what happened, not who only typed it; what is entered
    /// afterwards counts where it tells of what happened before the end, scores or concludes. A score of somebody without an
    /// account is theirs, whoever entered it.
    #[must_use]
    pub fn attendance(&self) -> Attendance {
        let mut seen = Attendance::default();
        let evaluators = self.exercise.iter().flat_map(|part| &part.evaluators);
        for (number, records) in evaluators.filter_map(|one| Some((one.participant?, &one.records))) {
            seen.outsiders.entry(number).or_default().extend(records);
        }
        let end = self.log.iter().find(|row| row.kind == "run-ended");
        for row in self.log.iter().filter(|row| row.actor != Actor::engine() && PARTS.contains(&row.kind.as_str())) {
            let during = end.is_none_or(|end| {
                let told = row.occurred.is_some_and(|at| at.instant <= end.at.instant);
                row.seq < end.seq || told || AFTERWARDS.contains(&row.kind.as_str())
            });
            if during && !seen.outsiders.values().flatten().any(|seq| *seq == row.seq) {
                seen.people.entry(row.actor.clone()).or_default().push(row.seq);
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
