//! The sheets as a document that a word processor opens, for whoever wants to add to them before they are printed.

use super::columns::{OUTCOMES, outcome_title};
use super::consents::ConsentRow;
use super::{Card, CardStep};
use crate::message::{Message, format, message};
use crate::model::{Effect, Lang, RunId};
use crate::policy::layouts::Layout;
use crate::report::document::{Align, Annex, Block, Cell, Column, Document, Inline, Spans, Table};

/// A box to tick.
const BOX: &str = "☐ ";

/// Room to write on.
const FILL: &str = "……………";

/// The sheets as a document on paper of `layout`, turned.
#[must_use]
pub fn card_document(card: &Card, layout: &Layout, lang: Lang) -> Document {
    let mut layout = layout.clone();
    // Sheets are attached to nothing.
    layout.words.annex = String::new();
    let writer = Writer { card, lang };
    let mut blocks = writer.head();
    blocks.extend(writer.contacts());
    blocks.extend(writer.duties());
    blocks.extend(writer.steps());
    blocks.push(writer.signatures());
    let title = card.title.pick(lang).to_owned();
    Document {
        lang,
        layout,
        title: title.clone(),
        identity: None,
        stamps: vec![card.banner(lang)],
        head: None,
        blocks: Vec::new(),
        annexes: vec![Annex { title, attached_to: card.unit.clone(), landscape: true, blocks }],
    }
}

struct Writer<'a> {
    card: &'a Card,
    lang: Lang,
}

fn plain(text: impl Into<String>) -> Spans {
    vec![Inline::from(text.into())]
}

/// What is to be ticked.
fn tick(text: &str) -> Spans {
    plain(format!("{BOX}{text}"))
}

impl Writer<'_> {
    fn say(&self, message: &Message) -> String {
        message.render(self.lang)
    }

    fn heading(&self, message: &Message) -> Block {
        Block::Heading(1, self.say(message))
    }

    fn table(&self, columns: &[(Message, u16)], rows: Vec<Vec<Cell>>) -> Block {
        let column =
            |(title, share): &(Message, u16)| Column { title: self.say(title), share: *share, align: Align::Left };
        Block::Table(Table { caption: None, numbered: false, columns: columns.iter().map(column).collect(), rows })
    }

    fn head(&self) -> Vec<Block> {
        let (card, lang) = (self.card, self.lang);
        let fact = |label: &Message, value: Option<String>| {
            Block::labelled(&self.say(label), value.unwrap_or_else(|| FILL.to_owned()))
        };
        let version = self.say(&message!("paper-version", version = card.version));
        let systems: Vec<String> =
            card.systems.iter().map(|(id, name)| format!("{} ({id})", name.pick(lang))).collect();
        let mut blocks = vec![
            fact(&message!("paper-head-playbook"), Some(format!("{} · {version}", card.playbook))),
            fact(&message!("paper-head-run"), card.run.as_ref().map(RunId::to_string)),
            fact(&message!("paper-head-systems"), (!systems.is_empty()).then(|| systems.join("; "))),
            fact(&message!("paper-head-day"), None),
            fact(&message!("paper-head-writer"), None),
        ];
        if let Some(digest) = &card.digest {
            let label = self.say(&message!("paper-head-digest"));
            blocks.push(Block::Paragraph(vec![Inline::bold(format!("{label}: ")), Inline::code(digest.as_str())]));
        }
        blocks.push(fact(&message!("paper-head-state"), Some(card.standing(lang))));
        blocks.push(fact(&message!("paper-keep-running"), Some(card.keep_running.pick(lang).to_owned())));
        blocks
    }

    fn contacts(&self) -> Vec<Block> {
        let (card, lang) = (self.card, self.lang);
        let checked = match &card.contacts_checked {
            Some(day) => message!("paper-contacts-checked", day = day.as_str()),
            None => message!("paper-contacts-never-checked"),
        };
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for contact in &card.contacts {
            let deputy = contact.deputy.then(|| format!(" ({})", self.say(&message!("paper-contact-deputy"))));
            let mut name = vec![plain(format!("{} ({})", contact.name.pick(lang), contact.id))];
            name.extend(contact.position.iter().map(|position| plain(position.pick(lang))));
            rows.push(vec![
                vec![plain(format!("{}{}", contact.role.pick(lang), deputy.unwrap_or_default()))],
                name,
                vec![plain(contact.phones.join(", "))],
                vec![plain(contact.second_channel.as_deref().unwrap_or_default())],
                vec![plain(contact.until.as_deref().unwrap_or_default())],
            ]);
        }
        // Numbers that are found on the night are written down here.
        rows.extend((0..2).map(|_| vec![vec![plain("")]; 5]));
        let columns = [
            (message!("paper-contact-role"), 22),
            (message!("paper-contact-name"), 32),
            (message!("paper-contact-phones"), 18),
            (message!("paper-contact-second"), 16),
            (message!("paper-contact-until"), 12),
        ];
        vec![
            self.heading(&message!("paper-contacts")),
            Block::Paragraph(vec![Inline::italic(self.say(&checked))]),
            self.table(&columns, rows),
        ]
    }

    fn duties(&self) -> Vec<Block> {
        if self.card.duties.is_empty() {
            return Vec::new();
        }
        let lang = self.lang;
        let row = |duty: &super::CardDuty| {
            let mut what = vec![plain(duty.title.pick(lang))];
            what.extend(duty.citation.iter().map(|citation| vec![Inline::italic(citation.pick(lang))]));
            let to = duty.to.as_ref().map_or("", |to| to.pick(lang));
            vec![what, vec![plain(to)], vec![plain(duty.limit.pick(lang))], vec![plain("")], vec![plain("")]]
        };
        let columns = [
            (message!("paper-duty-what"), 36),
            (message!("paper-duty-to"), 20),
            (message!("paper-duty-limit"), 18),
            (message!("paper-duty-sent"), 13),
            (message!("paper-duty-number"), 13),
        ];
        let rows = self.card.duties.iter().map(row).collect();
        vec![self.heading(&message!("paper-duties")), self.table(&columns, rows)]
    }

    fn steps(&self) -> Vec<Block> {
        let help = Block::Paragraph(vec![Inline::italic(self.say(&message!("paper-steps-help")))]);
        let mut blocks = vec![self.heading(&message!("paper-steps")), help];
        if let Some(digest) = ConsentRow::digest(self.card) {
            let form = self.say(&message!("paper-plan-form-page", digest = digest));
            blocks.push(Block::text(format!("{form} {FILL}")));
        }
        let columns = [
            (message!("paper-column-number"), 5),
            (message!("paper-column-work"), 35),
            (message!("paper-column-checks"), 20),
            (message!("paper-column-who"), 10),
            (message!("paper-column-began"), 7),
            (message!("paper-column-ended"), 7),
            (message!("paper-column-outcome"), 10),
            (message!("paper-column-remark"), 8),
        ];
        blocks.push(self.table(&columns, self.card.steps.iter().map(|step| self.row(step)).collect()));
        blocks
    }

    fn row(&self, step: &CardStep) -> Vec<Cell> {
        let number = step.number.map(|number| number.to_string());
        let Some(number) = number.or_else(|| step.round_end.then(String::new)) else {
            let mut holds = vec![vec![Inline::bold(step.title.pick(self.lang))]];
            holds.extend(self.condition(step));
            return vec![vec![plain("")], holds];
        };
        let mut row = vec![vec![plain(number)], self.work(step), self.checks(step)];
        row.extend((0..3).map(|_| vec![plain("")]));
        if let Some(outcome) = step.outcome {
            row.push(vec![plain(self.say(&outcome_title(outcome)))]);
            row.push(vec![plain(self.say(&message!("paper-in-the-record")))]);
        } else {
            let outcomes = OUTCOMES.into_iter().filter(|_| step.options.is_empty());
            row.push(outcomes.map(|outcome| tick(&self.say(&outcome_title(outcome)))).collect());
            row.push(vec![plain("")]);
        }
        row
    }

    /// What is to be done, by whom, under which condition.
    fn work(&self, step: &CardStep) -> Cell {
        let lang = self.lang;
        let mut about = vec![step.path.to_string()];
        about.extend(step.role.iter().map(|role| role.pick(lang).to_owned()));
        let within =
            |span: crate::model::Span| message!("paper-within", time = format::duration(span.duration(), lang));
        about.extend(step.timeout.map(|span| self.say(&within(span))));
        let mut cell = vec![vec![Inline::bold(step.title.pick(lang))], vec![Inline::italic(about.join(" · "))]];
        if step.effect == Some(Effect::Destructive) {
            let warning =
                if step.second { message!("paper-destructive-second") } else { message!("paper-destructive") };
            cell.push(vec![Inline::bold(self.say(&warning))]);
        }
        cell.extend(self.condition(step));
        cell.extend(step.instruction.iter().map(|text| plain(text.pick(lang))));
        cell.extend(step.command.iter().map(|command| vec![Inline::code(command.as_str())]));
        if step.second {
            let form = self.say(&message!("paper-second-form"));
            cell.push(plain(format!("{form} {FILL}")));
            cell.push(plain(self.say(&message!("paper-second-ways"))));
        }
        cell
    }

    fn checks(&self, step: &CardStep) -> Cell {
        let lang = self.lang;
        let mut cell: Cell = step.checks.iter().map(|check| tick(check.pick(lang))).collect();
        for ((_, title, goto), number) in step.options.iter().zip(1..) {
            let goto = goto.as_ref().map(|step| self.say(&message!("paper-goto", step = step.as_str())));
            cell.push(tick(&format!("[{number}] {}{}", title.pick(lang), goto.unwrap_or_default())));
        }
        cell.extend(step.asks.iter().map(|(_, title)| plain(format!("{}: {FILL}", title.pick(lang)))));
        if step.evidence_required {
            cell.push(tick(&self.say(&message!("paper-evidence"))));
        }
        if cell.is_empty() { vec![plain("")] } else { cell }
    }

    /// Under which condition the step is done at all.
    fn condition(&self, step: &CardStep) -> Option<Spans> {
        step.only_when(self.lang).map(plain)
    }

    /// Three signatures beside each other, with room.
    fn signatures(&self) -> Block {
        let columns = [
            (message!("paper-sign-writer"), 33),
            (message!("paper-sign-operator"), 33),
            (message!("paper-sign-commander"), 34),
        ];
        let help = self.say(&message!("paper-sign-help"));
        let room = || vec![vec![Inline::italic(help.as_str())], plain(""), plain(""), plain("")];
        self.table(&columns, vec![(0..3).map(|_| room()).collect()])
    }
}
