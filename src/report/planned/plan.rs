//! The plan of a drill, for everybody: the usual sections (docs/regulations.md, 5.1), and nothing of what will happen in it.

use jiff::civil::{Date, date};

use super::{Planned, mode_word, with_level};
use crate::message::{Message, message};
use crate::playbook::exercise::{ExerciseMode, Part};
use crate::report::document::{Align, Annex, Block, Document, Marker};
use crate::report::format::day_of_file;
use crate::report::letter::end;
use crate::report::letterhead::{Letterhead, listed, sentence, table};

/// Since when Decree 331/2026/NĐ-CP is in force.
const DECREE_331: Date = date(2026, 8, 19);
/// Since when Law 116/2025/QH15 is: whether Decree 85/2016/NĐ-CP still is since then is not certain (docs/regulations.md, 3.4).
const LAW_116: Date = date(2026, 7, 1);

/// The plan as a document. Situations, what is expected, steps and faults are left out; of a live drill the scenario too.
#[must_use]
pub fn plan(planned: &Planned<'_>, head: &Letterhead<'_>) -> Document {
    let writer = Writer { planned, head };
    let subject = writer.subject();
    let mut blocks = vec![Block::Basis(writer.basis())];
    blocks.extend(writer.purpose());
    blocks.extend(writer.contents());
    blocks.extend(writer.when_where_who());
    blocks.push(head.heading(1, &message!("planned-budget")));
    blocks.extend(writer.budget());
    blocks.extend(writer.organisation());
    end(&mut blocks, &head.layout.words.end);
    blocks.push(head.closing(vec![head.say(&message!("planned-as-participants"))], true));
    let columns = [
        (message!("planned-column-number"), 2, Align::Centre),
        (message!("report-column-full-name"), 8, Align::Left),
        (message!("planned-column-position"), 8, Align::Left),
        (message!("report-column-part"), 5, Align::Left),
    ];
    let list = planned.attendance(head);
    let list = if list.is_empty() { Block::text(head.nothing()) } else { table(&columns, list, head.lang) };
    Document {
        lang: head.lang,
        layout: head.layout.clone(),
        title: format!("{} – {subject}", planned.name),
        identity: None,
        stamps: Vec::new(),
        head: Some(head.head(&message!("planned-kind"), "KH", subject)),
        blocks,
        annexes: vec![Annex {
            title: head.say(&message!("planned-annex-people")),
            attached_to: Some(head.attached(&message!("planned-kind"), "KH")),
            landscape: false,
            blocks: vec![list],
        }],
    }
}

struct Writer<'a> {
    planned: &'a Planned<'a>,
    head: &'a Letterhead<'a>,
}

impl Writer<'_> {
    fn subject(&self) -> String {
        if self.planned.live() {
            return self.head.say(&message!("planned-subject-live"));
        }
        self.head.say(&message!("planned-subject", title = self.planned.playbook.title.clone()))
    }

    /// What the plan rests on.
    fn basis(&self) -> Vec<String> {
        let lang = self.head.lang;
        let mut lines: Vec<String> = self.planned.tasks.iter().map(|task| task.pick(lang).to_owned()).collect();
        // Either decree asks for drills, and sets no number of them (docs/regulations.md); between them only the law is certain.
        lines.extend(self.planned.day.map(|day| {
            self.head.say(&match day {
                day if day >= DECREE_331 => message!("planned-basis-drills"),
                day if day >= LAW_116 => message!("planned-basis-law"),
                _ => message!("planned-basis-older"),
            })
        }));
        if self.planned.live() {
            lines.push(self.head.say(&message!("planned-basis-live")));
        }
        if lines.is_empty() {
            lines.push(self.head.nothing());
        }
        lines
    }

    fn list(&self, items: Vec<String>) -> Block {
        if items.is_empty() {
            return Block::text(self.head.nothing());
        }
        Block::List(Marker::Dash, listed(items))
    }

    /// I: what it is for.
    fn purpose(&self) -> Vec<Block> {
        let (head, lang) = (self.head, self.head.lang);
        let mut aims = match &self.planned.exercise.live {
            Some(live) => vec![self.list(vec![live.aims.pick(lang).to_owned()])],
            None => vec![self.planned.objectives(true, head)],
        };
        if !self.planned.live() {
            aims.extend(self.planned.on_the_lab(head).into_iter().map(Block::text));
        }
        let mut asked = vec![head.say(&match self.planned.exercise.mode {
            ExerciseMode::Tabletop => message!("planned-safe-tabletop"),
            ExerciseMode::Lab => message!("planned-safe-lab"),
            ExerciseMode::Technical => message!("planned-safe-technical"),
            ExerciseMode::Live => message!("planned-safe-live"),
        })];
        if !self.planned.live() {
            let text = self.planned.playbook.keep_running.clone();
            asked.push(head.say(&message!("planned-keep-running", text = text)));
        }
        asked.push(head.say(&message!("planned-stop-for-incident")));
        let mut blocks =
            vec![head.heading(1, &message!("planned-purpose")), head.heading(2, &message!("planned-aims"))];
        blocks.extend(aims);
        blocks.push(head.heading(2, &message!("planned-asked")));
        blocks.push(self.list(asked));
        blocks
    }

    /// IV: what it costs, as somebody wrote it; by an approved plan and estimate (Circular 121/2018/TT-BTC).
    fn budget(&self) -> Vec<Block> {
        let head = self.head;
        match &self.planned.exercise.budget {
            None => vec![Block::text(head.nothing())],
            Some(budget) => vec![
                Block::text(sentence(budget.pick(head.lang))),
                Block::text(head.say(&message!("planned-budget-ground"))),
            ],
        }
    }

    /// II: what is drilled.
    fn contents(&self) -> Vec<Block> {
        let (head, planned) = (self.head, self.planned);
        let systems = planned.systems.iter().map(|system| with_level(system, head.lang)).collect();
        let scenario = if planned.live() {
            message!("planned-scenario-live")
        } else {
            message!(
                "after-playbook",
                title = planned.playbook.title.clone(),
                id = planned.playbook.name.as_str(),
                version = planned.playbook.version
            )
        };
        let mut blocks = vec![
            head.heading(1, &message!("planned-contents")),
            head.heading(2, &message!("planned-mode")),
            Block::text(sentence(&head.say(&mode_word(planned.exercise.mode)))),
            head.heading(2, &message!("planned-scope")),
            // Which systems a live drill touches, its five fields say.
            if planned.live() { Block::text(head.say(&message!("planned-scope-live"))) } else { self.list(systems) },
            head.heading(2, &message!("planned-scenario")),
            Block::text(head.say(&scenario)),
            Block::text(head.say(&message!("planned-injects-hidden"))),
            head.heading(2, &message!("planned-tools")),
        ];
        match &planned.exercise.live {
            Some(live) => {
                blocks.push(head.fact(&message!("report-live-tools"), live.tools.pick(head.lang)));
                blocks.push(head.fact(&message!("report-live-extent"), live.extent.pick(head.lang)));
            }
            None => blocks.push(Block::text(head.say(&message!("planned-no-tools")))),
        }
        blocks
    }

    /// III: when, where, who.
    fn when_where_who(&self) -> Vec<Block> {
        let (head, exercise) = (self.head, self.planned.exercise);
        let mut blocks = vec![
            head.heading(1, &message!("planned-when")),
            head.fact(&message!("planned-day"), day_of_file(&exercise.date, head.lang)),
        ];
        if let Some(live) = &exercise.live {
            blocks.push(head.fact(&message!("report-live-time"), live.time.pick(head.lang)));
        }
        blocks.push(head.fact(&message!("report-exercise-place"), head.words(exercise.place.as_ref())));
        if let Some(live) = &exercise.live {
            blocks.push(head.fact(&message!("report-live-players"), live.players.pick(head.lang)));
        }
        for (part, label) in [
            (Part::Chair, message!("planned-chair")),
            (Part::Secretary, message!("planned-secretary")),
            (Part::Facilitator, message!("planned-organisers")),
            (Part::Evaluator, message!("planned-evaluators")),
            (Part::Player, message!("planned-players")),
            (Part::Observer, message!("planned-observers")),
        ] {
            blocks.push(head.fact(&label, self.with_part(part)));
        }
        blocks.push(Block::text(head.say(&message!("planned-people-annex"))));
        blocks
    }

    fn with_part(&self, part: Part) -> String {
        let of = self.planned.exercise.participants.iter().filter(|one| one.part == part);
        let names: Vec<String> = of.map(|one| self.planned.named(one, self.head)).collect();
        if names.is_empty() { self.head.nothing() } else { names.join("; ") }
    }

    /// V: who sees to what.
    fn organisation(&self) -> Vec<Block> {
        let head = self.head;
        let lines: [Message; 4] = [
            message!("planned-duty-organisers"),
            message!("planned-duty-players"),
            message!("planned-duty-evaluators"),
            message!("planned-duty-evidence"),
        ];
        vec![
            head.heading(1, &message!("planned-organisation")),
            head.fact(&message!("report-exercise-approver"), head.words(self.planned.exercise.approver.as_ref())),
            self.list(lines.iter().map(|line| head.say(line)).collect()),
        ]
    }
}
