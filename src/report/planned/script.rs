//! The organisers' script of a drill: background, roles, situations by time, when to stop, safety (docs/regulations.md, 5.1).

use super::{Planned, mode_word, with_level};
use crate::message::message;
use crate::model::Effect;
use crate::playbook::exercise::ExerciseMode;
use crate::playbook::show::Shown;
use crate::report::document::{Align, Annex, Block, Document, Inline, Marker, Spans};
use crate::report::format::{day_of_file, labels, plain};
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
    blocks.push(Block::Centred(vec![Inline::italic(head.attached(&message!("planned-kind"), "KH"))]));
    blocks.extend(writer.general());
    blocks.extend(writer.background());
    blocks.extend(writer.objectives());
    blocks.extend(writer.roles());
    blocks.extend(planned.course(head));
    blocks.extend(writer.stopping());
    blocks.extend(writer.safety());
    Document {
        lang: head.lang,
        layout: head.layout.clone(),
        title: format!("{} – {title}", planned.name),
        identity: None,
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
            head.fact(&message!("planned-day"), day_of_file(&exercise.date, head.lang)),
            head.fact(&message!("report-exercise-place"), head.words(exercise.place.as_ref())),
            head.fact(&message!("after-systems"), if systems.is_empty() { head.nothing() } else { systems.join("; ") }),
            head.fact(&message!("report-exercise-approver"), head.words(exercise.approver.as_ref())),
        ]
    }

    /// What is assumed to have happened: what a duty officer sees, and which faults the drill makes.
    fn background(&self) -> Vec<Block> {
        let head = self.head;
        let signs = self.planned.playbook.signs.iter().map(|sign| sign.pick(head.lang).to_owned()).collect();
        let faults = self.planned.faults(head);
        let faults = if faults.is_empty() { head.say(&message!("script-no-faults")) } else { faults.join("; ") };
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
        let mut blocks = vec![head.heading(1, &message!("script-objectives")), planned.objectives(false, head)];
        if planned.exercise.mode == ExerciseMode::Lab {
            blocks.extend(planned.on_the_lab(head).into_iter().map(Block::text));
            return blocks;
        }
        let set = |name: &str, system: &str, value: Option<u64>| {
            let value = value.map_or_else(|| head.nothing(), |value| labels::lasting(value, head.lang));
            head.say(&message!("script-target", name = name, system = system, value = value))
        };
        let mut items = Vec::new();
        for system in planned.systems {
            let name = system.name.pick(head.lang);
            items.push(set("RTO", name, system.owner.rto));
            items.push(set("RPO", name, system.owner.rpo));
        }
        if !items.is_empty() {
            blocks.push(self.list(items));
        }
        blocks
    }

    fn roles(&self) -> Vec<Block> {
        let (head, planned) = (self.head, self.planned);
        let roles = planned.playbook.roles.iter().map(|(id, role)| {
            let holder = planned.people.and_then(|people| people.roles.get(id)).map(|holders| &holders.holder);
            let known = holder.map(|holder| planned.people.and_then(|people| people.find(holder.as_str())));
            let (name, position) = match known {
                None => (head.nothing(), head.nothing()),
                Some(None) => (holder.map(ToString::to_string).unwrap_or_default(), head.nothing()),
                Some(Some(person)) => {
                    let words: Vec<&str> =
                        [&person.position, &person.unit].into_iter().flatten().map(|it| it.pick(head.lang)).collect();
                    let position = if words.is_empty() { head.nothing() } else { words.join(", ") };
                    (person.called(head.lang), position)
                }
            };
            vec![role.title.pick(head.lang).to_owned(), name, position]
        });
        let columns = [
            (message!("report-column-role"), 8, Align::Left),
            (message!("script-column-holder"), 7, Align::Left),
            (message!("planned-column-position"), 8, Align::Left),
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
            head.heading(2, &message!("script-holders")),
            or_nothing(&columns, roles),
            head.heading(2, &message!("planned-annex-people")),
            or_nothing(&people, planned.attendance(head)),
        ]
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
            Block::List(
                Marker::Dash,
                listed(lines.iter().map(|line| head.say(line)).collect()).iter().map(typed).collect(),
            ),
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
            .map(|step| format!("{} ({})", step.title.pick(head.lang), self.undone(step)))
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

    /// How a step is carried out: the action's word, and what an operation does.
    fn how(&self, step: &Shown) -> String {
        let action = self.head.say(&labels::action(step.action));
        match &step.operation {
            Some(operation) => format!("{action}: {}", self.head.say(&plain::operation(operation.as_str()))),
            None => action,
        }
    }

    /// What takes a step back, or that nothing does.
    fn undone(&self, step: &Shown) -> String {
        let Some(undo) = &step.undo else { return self.head.say(&message!("script-no-undo")) };
        let how = match &undo.operation {
            Some(operation) => plain::operation(operation.as_str()),
            None => labels::action(undo.action),
        };
        self.head.say(&message!("script-undo", how = how))
    }

    /// What a step may do; of a dangerous one, what takes it back.
    fn effect(&self, step: &Shown) -> String {
        let Some(effect) = step.effect else { return "–".to_owned() };
        let word = self.head.say(&labels::effect(effect));
        match (effect, &step.undo) {
            (Effect::Destructive, _) | (Effect::Change, Some(_)) => format!("{word}; {}", self.undone(step)),
            _ => word,
        }
    }

    /// What the players are expected to do by the playbook.
    fn steps(&self) -> Annex {
        let head = self.head;
        let row = |step: &Shown| {
            let margin = "– ".repeat(step.depth);
            vec![
                format!("{margin}{}", step.title.pick(head.lang)),
                self.how(step),
                step.role.as_ref().map_or_else(|| "–".to_owned(), |role| role.pick(head.lang).to_owned()),
                self.effect(step),
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

/// The same words with what is typed, between backticks, as code.
fn typed(item: &Spans) -> Spans {
    let mut spans = Vec::new();
    for piece in item {
        let Inline::Words { text, bold: false, italic: false } = piece else {
            spans.push(piece.clone());
            continue;
        };
        for (index, part) in text.split('`').enumerate().filter(|(_, part)| !part.is_empty()) {
            spans.push(if index % 2 == 1 { Inline::code(part) } else { Inline::from(part) });
        }
    }
    spans
}
