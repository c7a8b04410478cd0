//! The organisers' script of a drill: background, roles, situations by time, when to stop, safety (docs/regulations.md, 5.1).

use super::{Planned, mode_word, with_level};
use crate::message::{format, message};
use crate::model::Effect;
use crate::playbook::exercise::{ExerciseMode, Giver};
use crate::playbook::show::Shown;
use crate::report::document::{Align, Annex, Block, Document, Inline, Marker};
use crate::report::format::labels;
use crate::report::letterhead::{Letterhead, listed, table};

/// The script as a document; every page says for whom it is.
#[must_use]
pub fn script(planned: &Planned<'_>, head: &Letterhead<'_>) -> Document {
    let writer = Writer { planned, head };
    let title = head.say(&message!("script-subject", title = planned.playbook.title.clone()));
    let mut blocks = vec![
        Block::Centred(vec![Inline::bold(head.say(&message!("script-kind")))]),
        Block::Centred(vec![Inline::bold(title.clone())]),
    ];
    let attached = planned.ordered(head).map_or_else(
        || message!("script-attached-none", nothing = head.nothing()),
        |plan| message!("script-attached", plan = plan),
    );
    blocks.push(Block::Centred(vec![Inline::italic(head.say(&attached))]));
    blocks.extend(writer.general());
    blocks.extend(writer.background());
    blocks.extend(writer.objectives());
    blocks.extend(writer.roles());
    blocks.extend(writer.course());
    blocks.extend(writer.stopping());
    blocks.extend(writer.safety());
    Document {
        lang: head.lang,
        layout: head.layout.clone(),
        title: format!("{} – {title}", planned.name),
        stamps: vec![head.say(&message!("script-stamp"))],
        head: None,
        blocks,
        annexes: vec![writer.steps()],
    }
}

struct Writer<'a> {
    planned: &'a Planned<'a>,
    head: &'a Letterhead<'a>,
}

impl Writer<'_> {
    fn list(&self, items: Vec<String>) -> Block {
        if items.is_empty() {
            return Block::text(self.head.nothing());
        }
        Block::List(Marker::Dash, listed(items))
    }

    fn general(&self) -> Vec<Block> {
        let (head, planned) = (self.head, self.planned);
        let playbook = message!(
            "after-playbook",
            title = planned.playbook.title.clone(),
            id = planned.playbook.name.as_str(),
            version = planned.playbook.version
        );
        let systems: Vec<String> = planned.systems.iter().map(|system| with_level(system, head.lang)).collect();
        let exercise = planned.exercise;
        vec![
            head.heading(1, &message!("script-general")),
            head.fact(&message!("script-exercise"), planned.name.as_str()),
            head.fact(&message!("after-scenario"), head.say(&playbook)),
            head.fact(&message!("after-mode"), head.say(&mode_word(exercise.mode))),
            head.fact(&message!("planned-day"), format::day(&exercise.date, head.lang)),
            head.fact(&message!("report-exercise-place"), head.words(exercise.place.as_ref())),
            head.fact(&message!("after-systems"), if systems.is_empty() { head.nothing() } else { systems.join("; ") }),
            head.fact(&message!("report-exercise-approver"), head.words(exercise.approver.as_ref())),
        ]
    }

    /// What is assumed to have happened: what a duty officer sees, and which faults the drill makes.
    fn background(&self) -> Vec<Block> {
        let head = self.head;
        let signs = self.planned.playbook.signs.iter().map(|sign| sign.pick(head.lang).to_owned()).collect();
        let faults: Vec<&str> = self.planned.reach.faults.iter().map(crate::model::Name::as_str).collect();
        let faults = if faults.is_empty() { head.say(&message!("script-no-faults")) } else { faults.join(", ") };
        let made = match self.planned.exercise.mode {
            ExerciseMode::Lab => message!("script-faults-made"),
            _ => message!("script-faults-told"),
        };
        vec![
            head.heading(1, &message!("script-background")),
            Block::text(head.say(&message!("script-signs"))),
            self.list(signs),
            head.fact(&made, faults),
            head.fact(&message!("script-keep-running"), self.planned.playbook.keep_running.pick(head.lang)),
        ]
    }

    fn objectives(&self) -> Vec<Block> {
        let (head, planned) = (self.head, self.planned);
        let mut items: Vec<String> = Vec::new();
        for one in &planned.playbook.objectives {
            let how = match &one.measure {
                Some(measure) => message!("script-measured", measure = measure.0.as_str()),
                None => message!("script-scored-only"),
            };
            items.push(format!("{} ({})", one.title.pick(head.lang), head.say(&how)));
        }
        let set = |name: &str, system: &str, value: Option<u64>| {
            let value = value.map_or_else(|| head.nothing(), |value| labels::seconds(value, head.lang));
            head.say(&message!("script-target", name = name, system = system, value = value))
        };
        for system in planned.systems {
            let name = system.name.pick(head.lang);
            items.push(set("RTO", name, system.rto));
            items.push(set("RPO", name, system.rpo));
        }
        vec![head.heading(1, &message!("script-objectives")), self.list(items)]
    }

    fn roles(&self) -> Vec<Block> {
        let (head, planned) = (self.head, self.planned);
        let roles = planned.playbook.roles.iter().map(|(id, role)| {
            let holder = planned.people.and_then(|people| people.roles.get(id)).map(|holders| &holders.holder);
            let holder = holder.map(|holder| {
                let known = planned.people.and_then(|people| people.find(holder.as_str()));
                known.map_or_else(|| holder.to_string(), |person| person.name.pick(head.lang).to_owned())
            });
            vec![role.title.pick(head.lang).to_owned(), id.to_string(), holder.unwrap_or_else(|| head.nothing())]
        });
        let columns = [
            (message!("report-column-role"), 8, Align::Left),
            (message!("script-column-id"), 5, Align::Left),
            (message!("script-column-holder"), 8, Align::Left),
        ];
        let roles: Vec<Vec<String>> = roles.collect();
        let people = [
            (message!("planned-column-number"), 2, Align::Centre),
            (message!("report-column-full-name"), 8, Align::Left),
            (message!("planned-column-position"), 8, Align::Left),
            (message!("report-column-part"), 5, Align::Left),
        ];
        let or_nothing = |columns: &[(crate::message::Message, u16, Align)], rows: Vec<Vec<String>>| {
            if rows.is_empty() { Block::text(head.nothing()) } else { table(columns, rows, head.lang) }
        };
        vec![
            head.heading(1, &message!("script-roles")),
            or_nothing(&columns, roles),
            head.heading(2, &message!("planned-annex-people")),
            or_nothing(&people, planned.attendance(head)),
        ]
    }

    /// The situations in the order of their times.
    fn course(&self) -> Vec<Block> {
        let (head, planned) = (self.head, self.planned);
        let mut injects: Vec<_> = (1..).zip(&planned.exercise.injects).collect();
        injects.sort_by_key(|(number, inject): &(usize, _)| (inject.at.seconds(), *number));
        let rows = injects.into_iter().map(|(number, inject)| {
            let role = inject.to.as_ref().and_then(|to| planned.playbook.roles.get(to));
            let lead = match (&inject.to, role) {
                (Some(_), Some(role)) => role.title.pick(head.lang).to_owned(),
                (Some(to), None) => to.to_string(),
                (None, _) => head.say(&message!("report-to-all")),
            };
            let by = match inject.by {
                Giver::Program => message!("script-by-program"),
                Giver::Facilitator => message!("script-by-facilitator"),
            };
            let text = format!("{} ({})", inject.text.pick(head.lang), head.say(&by));
            vec![
                number.to_string(),
                format::duration(inject.at.duration(), head.lang),
                text,
                head.words(inject.expect.as_ref()),
                lead,
                String::new(),
                String::new(),
            ]
        });
        let columns = [
            (message!("planned-column-number"), 3, Align::Centre),
            (message!("script-column-time"), 3, Align::Left),
            (message!("planned-column-inject"), 7, Align::Left),
            (message!("planned-column-expected"), 7, Align::Left),
            (message!("script-column-lead"), 4, Align::Left),
            (message!("script-column-with"), 3, Align::Left),
            (message!("script-column-criterion"), 4, Align::Left),
        ];
        let rows: Vec<Vec<String>> = rows.collect();
        let mut blocks = vec![head.heading(1, &message!("script-course"))];
        if rows.is_empty() {
            blocks.push(Block::text(head.say(&message!("script-no-injects"))));
        } else {
            blocks.push(Block::text(head.say(&message!("script-course-note"))));
            blocks.push(table(&columns, rows, head.lang));
        }
        blocks
    }

    fn stopping(&self) -> Vec<Block> {
        let head = self.head;
        let undone = match self.planned.exercise.mode {
            ExerciseMode::Tabletop => message!("script-undo-tabletop"),
            ExerciseMode::Lab | ExerciseMode::Technical => message!("script-undo-automatic"),
            ExerciseMode::Live => message!("script-undo-asked"),
        };
        let lines = [message!("script-stop-word"), message!("script-stop-incident"), message!("script-stop"), undone];
        vec![
            head.heading(1, &message!("script-stopping")),
            self.list(lines.iter().map(|line| head.say(line)).collect()),
        ]
    }

    fn safety(&self) -> Vec<Block> {
        let head = self.head;
        let mode = match self.planned.exercise.mode {
            ExerciseMode::Tabletop => message!("planned-safe-tabletop"),
            ExerciseMode::Lab => message!("planned-safe-lab"),
            ExerciseMode::Technical => message!("planned-safe-technical"),
            ExerciseMode::Live => message!("planned-safe-live"),
        };
        let dangerous: Vec<String> = self
            .planned
            .steps
            .iter()
            .filter(|step| step.effect == Some(Effect::Destructive))
            .map(|step| format!("{} ({})", step.title.pick(head.lang), step.path))
            .collect();
        let mut blocks = vec![head.heading(1, &message!("script-safety")), Block::text(head.say(&mode))];
        if dangerous.is_empty() {
            blocks.push(Block::text(head.say(&message!("script-nothing-dangerous"))));
        } else {
            blocks.push(Block::text(head.say(&message!("script-dangerous"))));
            blocks.push(Block::List(Marker::Dash, listed(dangerous)));
        }
        blocks
    }

    /// What the players are expected to do by the playbook.
    fn steps(&self) -> Annex {
        let head = self.head;
        let row = |step: &Shown| {
            let margin = "– ".repeat(step.depth);
            vec![
                format!("{margin}{}", step.title.pick(head.lang)),
                head.say(&labels::action(step.action)),
                step.role.as_ref().map_or_else(|| "–".to_owned(), |role| role.pick(head.lang).to_owned()),
                step.effect.map_or_else(|| "–".to_owned(), |effect| head.say(&labels::effect(effect))),
            ]
        };
        let columns = [
            (message!("script-column-step"), 10, Align::Left),
            (message!("script-column-action"), 5, Align::Left),
            (message!("report-column-role"), 5, Align::Left),
            (message!("script-column-effect"), 5, Align::Left),
        ];
        let rows = self.planned.steps.iter().map(row).collect();
        Annex {
            title: head.say(&message!("script-annex-steps")),
            attached_to: None,
            landscape: false,
            blocks: vec![table(&columns, rows, head.lang)],
        }
    }
}
