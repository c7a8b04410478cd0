//! Before the day: the plan of a drill for everybody, without what only the organisers may know, and the organisers' script.

mod course;
mod measure;
mod plan;
mod script;

use jiff::civil::Date;

use crate::inventory::People;
use crate::message::{Message, message};
use crate::model::{Lang, Name, Text};
use crate::playbook::Playbook;
use crate::playbook::exercise::{Exercise, ExerciseMode, Part, Participant, Who};
use crate::playbook::reach::Reach;
use crate::playbook::show::Shown;
use crate::policy::levels::InForce;

use super::letterhead::Letterhead;
use super::targets::Set;

pub use plan::plan;
pub use script::script;

/// What both documents are made from.
#[derive(Clone, Copy)]
pub struct Planned<'a> {
    /// The exercise's name.
    pub name: &'a Name,
    /// What its file says.
    pub exercise: &'a Exercise,
    /// The playbook that is drilled.
    pub playbook: &'a Playbook,
    /// What the playbook reaches.
    pub reach: &'a Reach,
    /// Its steps, in the order of the text.
    pub steps: &'a [Shown],
    /// The systems that it reaches.
    pub systems: &'a [PlannedSystem],
    /// The unit's people.
    pub people: Option<&'a People>,
    /// The day of the plan: what was in force on it is what it rests on.
    pub day: Option<Date>,
    /// Numbered tasks that it serves, as `nhiệm vụ 9, Kế hoạch số …`.
    pub tasks: &'a [Text],
}

/// A system that is drilled.
#[derive(Clone, Debug)]
pub struct PlannedSystem {
    /// Its id.
    pub id: Name,
    /// Its name; its id where the inventory has no such system.
    pub name: Text,
    /// The level in force on the day of the drill; nothing where the inventory has no such system.
    pub level: Option<InForce>,
    /// What its owner set.
    pub owner: Set,
    /// What a drill on the lab is measured against; nothing where the lab has no such system.
    pub lab: Option<Set>,
}

impl Planned<'_> {
    /// Whether it is a live drill: then the plan for everybody tells nothing of the scenario (Directive 60/CT-BTTTT).
    fn live(&self) -> bool {
        self.exercise.mode == ExerciseMode::Live
    }

    fn named(&self, one: &Participant, head: &Letterhead<'_>) -> String {
        match &one.who {
            Who::Name(name) => name.pick(head.lang).to_owned(),
            Who::Person(id) => {
                let known = self.people.and_then(|people| people.find(id.as_str()));
                known.map_or_else(|| id.to_string(), |person| person.called(head.lang))
            }
        }
    }

    /// Position and unit of a participant.
    fn from(&self, one: &Participant, head: &Letterhead<'_>) -> String {
        let known = match &one.who {
            Who::Person(id) => self.people.and_then(|people| people.find(id.as_str())),
            Who::Name(_) => None,
        };
        let position = one.position.as_ref().or(known.and_then(|person| person.position.as_ref()));
        let unit = one.unit.as_ref().or(known.and_then(|person| person.unit.as_ref()));
        let parts: Vec<&str> = [position, unit].into_iter().flatten().map(|text| text.pick(head.lang)).collect();
        if parts.is_empty() { head.nothing() } else { parts.join(", ") }
    }

    /// Rows of every participant: number, name, position and unit, part.
    fn attendance(&self, head: &Letterhead<'_>) -> Vec<Vec<String>> {
        let row = |(number, one): (usize, &Participant)| {
            vec![number.to_string(), self.named(one, head), self.from(one, head), head.say(&part_word(one.part))]
        };
        (1..).zip(&self.exercise.participants).map(row).collect()
    }
}

/// What a part in a drill is called.
pub(in crate::report) fn part_word(part: Part) -> Message {
    match part {
        Part::Player => message!("report-part-player"),
        Part::Facilitator => message!("report-part-facilitator"),
        Part::Evaluator => message!("report-part-evaluator"),
        Part::Observer => message!("report-part-observer"),
        Part::Chair => message!("report-part-chair"),
        Part::Secretary => message!("report-part-secretary"),
    }
}

/// How a drill is carried out, in words.
fn mode_word(mode: ExerciseMode) -> Message {
    match mode {
        ExerciseMode::Tabletop => message!("report-mode-tabletop"),
        ExerciseMode::Lab => message!("report-mode-lab"),
        ExerciseMode::Technical => message!("report-mode-technical"),
        ExerciseMode::Live => message!("report-mode-live"),
    }
}

/// A system with its level.
fn with_level(system: &PlannedSystem, lang: Lang) -> String {
    let name = system.name.pick(lang).to_owned();
    match &system.level {
        Some(level) => message!("report-system-level", system = name, level = level.words()).render(lang),
        None => message!("planned-not-in-inventory", system = name).render(lang),
    }
}
