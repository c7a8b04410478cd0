//! The course of a drill as the organisers plan it: what the playbook itself gives at its steps, and the exercise's situations
//! by their times.

use super::Planned;
use crate::message::{Message, format, message};
use crate::model::Id;
use crate::playbook::exercise::{ExerciseMode, Giver, PlannedInject};
use crate::playbook::show::{Given, Shown};
use crate::report::document::{Align, Block};
use crate::report::format::{labels, plain};
use crate::report::letterhead::{Letterhead, table};

impl Planned<'_> {
    /// What a fault is, and on which system.
    pub(super) fn fault(&self, kind: &str, on: &str, head: &Letterhead<'_>) -> String {
        let system = self.systems.iter().find(|system| system.id.as_str() == on);
        let system = system.map(|system| system.name.pick(head.lang).to_owned());
        let fault = plain::fault(kind);
        head.say(&match system {
            Some(system) => message!("script-fault", fault = fault, system = system),
            None => message!("script-fault-somewhere", fault = fault),
        })
    }

    /// The faults that the playbook makes, each once, in its order.
    pub(super) fn faults(&self, head: &Letterhead<'_>) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for step in self.steps {
            let Some(Given::Fault { kind, on }) = &step.given else { continue };
            let words = self.fault(kind.as_str(), on, head);
            if !all.contains(&words) {
                all.push(words);
            }
        }
        all
    }

    /// The table of the course; what nobody has written is left to be written.
    pub(super) fn course(&self, head: &Letterhead<'_>) -> Vec<Block> {
        let own = self.steps.iter().enumerate().filter_map(|(index, step)| self.given(index, step, head));
        let mut injects: Vec<(usize, &PlannedInject)> = (1..).zip(&self.exercise.injects).collect();
        injects.sort_by_key(|(number, inject)| (inject.at.seconds(), *number));
        let planned = injects.into_iter().map(|(number, inject)| self.inject(number, inject, head));
        let mut rows: Vec<Vec<String>> = own.chain(planned).collect();
        for (number, row) in (1..).zip(&mut rows) {
            row.insert(0, usize::to_string(&number));
        }
        let columns = [
            (message!("planned-column-number"), 3, Align::Centre),
            (message!("script-column-time"), 5, Align::Left),
            (message!("planned-column-inject"), 8, Align::Left),
            (message!("planned-column-expected"), 7, Align::Left),
            (message!("script-column-lead"), 4, Align::Left),
            (message!("script-column-with"), 4, Align::Left),
            (message!("script-column-criterion"), 4, Align::Left),
        ];
        let mut blocks = vec![head.heading(1, &message!("script-course"))];
        if rows.is_empty() {
            blocks.push(Block::text(head.say(&message!("script-no-injects"))));
        } else {
            blocks.push(Block::text(head.say(&message!("script-course-note"))));
            blocks.push(table(&columns, rows, head.lang));
        }
        blocks
    }

    /// What the playbook gives at a step of its own.
    fn given(&self, index: usize, step: &Shown, head: &Letterhead<'_>) -> Option<Vec<String>> {
        let before = self.steps[..index].iter().rfind(|step| step.given.is_none());
        let at = before.map_or_else(
            || message!("script-at-start"),
            |step| message!("script-after-step", title = step.title.clone()),
        );
        let at = head.say(&at);
        Some(match step.given.as_ref()? {
            Given::Inject { to, text, expect } => {
                let lead = to
                    .as_ref()
                    .map_or_else(|| head.say(&message!("report-to-all")), |to| to.pick(head.lang).to_owned());
                let text = Self::told(text.pick(head.lang), &message!("script-by-program"), head);
                vec![at, text, written(expect.as_ref(), head), lead, String::new(), String::new()]
            }
            Given::Fault { kind, on } => {
                let by = match self.exercise.mode {
                    ExerciseMode::Lab => message!("script-by-program-made"),
                    _ => message!("script-by-facilitator-made"),
                };
                let text = Self::told(&self.fault(kind.as_str(), on, head), &by, head);
                let lead = head.say(&message!("planned-organisers"));
                vec![at, text, String::new(), lead, String::new(), String::new()]
            }
        })
    }

    fn inject(&self, number: usize, inject: &PlannedInject, head: &Letterhead<'_>) -> Vec<String> {
        let by = match inject.by {
            Giver::Program => message!("script-by-program"),
            Giver::Facilitator => message!("script-by-facilitator", number = number.to_string()),
        };
        let lead = inject.to.as_ref().map_or_else(|| head.say(&message!("report-to-all")), |to| self.role(to, head));
        let with: Vec<String> = inject.with.iter().map(|role| self.role(role, head)).collect();
        vec![
            labels::padded(&format::duration(inject.at.duration(), head.lang), head.lang),
            Self::told(inject.text.pick(head.lang), &by, head),
            written(inject.expect.as_ref(), head),
            lead,
            with.join("; "),
            written(inject.criterion.as_ref(), head),
        ]
    }

    /// A situation with who gives it.
    fn told(text: &str, by: &Message, head: &Letterhead<'_>) -> String {
        let mut letters = text.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("{first}{} ({})", letters.as_str(), head.say(by))
    }

    /// What people call a role.
    fn role(&self, id: &Id, head: &Letterhead<'_>) -> String {
        self.playbook.roles.get(id).map_or_else(|| id.to_string(), |role| role.title.pick(head.lang).to_owned())
    }
}

/// What somebody wrote; nothing, for whoever is to write it by hand.
fn written(text: Option<&crate::model::Text>, head: &Letterhead<'_>) -> String {
    text.map_or_else(String::new, |text| text.pick(head.lang).to_owned())
}
