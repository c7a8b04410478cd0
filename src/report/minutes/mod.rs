//! Minutes of a drill, an incident, a trial restore or a personal-data breach: form 1.9 of Decree 30/2020/NĐ-CP, in its order.
//!
//! What is printed is in the record or in the plan of the drill that was kept with it; what is in neither is
//! "(chưa có số liệu)".

mod course;
mod results;
mod said;
#[cfg(test)]
mod tests;

use crate::inventory::{People, Unit};
use crate::message::{Message, format, message};
use crate::model::{Actor, Lang, RunKind, Stamp};
use crate::playbook::exercise::{Exercise, Part, Who};
use crate::policy::in_vietnam;
use crate::policy::layouts::Layout;
use crate::report::Report;
use crate::report::document::{
    Align, Block, Closing, Column, Document, Head, Inline, Signature, Spans, Table, numbered,
};
use crate::report::format::labels;

/// What minutes are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinutesKind {
    /// A drill.
    Drill,
    /// An incident.
    Incident,
    /// A restore that was tried, as a drill or after an incident.
    RestoreTest,
    /// A breach of personal data.
    DataBreach,
}

impl MinutesKind {
    /// Whether minutes of this kind can be made of a run of `kind`.
    #[must_use]
    pub fn fits(self, kind: RunKind) -> bool {
        match self {
            Self::Drill => kind == RunKind::Drill,
            Self::Incident => kind == RunKind::Incident,
            Self::RestoreTest | Self::DataBreach => true,
        }
    }
}

/// What minutes are made from.
#[derive(Clone, Copy)]
pub struct MinutesFacts<'a> {
    /// The run.
    pub report: &'a Report,
    /// What they are about.
    pub kind: MinutesKind,
    /// How they are laid out.
    pub layout: &'a Layout,
    /// Their language.
    pub lang: Lang,
    /// Who issues them.
    pub unit: Option<&'a Unit>,
    /// The unit's people, as they were kept with the run.
    pub people: Option<&'a People>,
    /// The plan of the drill, as it was kept with the run.
    pub exercise: Option<&'a Exercise>,
    /// What the law asks to be written of a breach of personal data: lines `what: value`.
    pub breach: &'a [String],
    /// The number of the document.
    pub number: Option<&'a str>,
}

/// The minutes of a run as a document. Total: what nothing is known of is said.
#[must_use]
pub fn minutes(facts: &MinutesFacts<'_>) -> Document {
    let writer = Writer { facts: *facts };
    let title = writer.subject();
    let unit = facts.unit;
    let head = Head {
        parent: unit.and_then(|unit| unit.parent.as_ref()).map(|parent| parent.pick(facts.lang).to_owned()),
        issuer: unit.map_or_else(|| writer.nothing(), |unit| unit.unit.pick(facts.lang).to_owned()),
        number: numbered(facts.layout, facts.number, "BB", unit.and_then(|unit| unit.symbol.as_deref())),
        kind: writer.say(&message!("minutes-title")),
        subject: title.clone(),
        ..Head::default()
    };
    Document {
        lang: facts.lang,
        layout: facts.layout.clone(),
        title: format!("{} – {title}", facts.report.run.id),
        stamps: stamps(facts.report, facts.lang),
        head: Some(head),
        blocks: writer.blocks(),
        annexes: Vec::new(),
    }
}

/// What stands on every page of a document that rests on a record which does not verify, counts for nothing, or has times
/// that were set.
#[must_use]
pub fn stamps(report: &Report, lang: Lang) -> Vec<String> {
    let mut stamps = Vec::new();
    if report.ledger.ok != Some(true) {
        stamps.push(message!("document-stamp-unverified"));
    }
    if report.voided.is_some() {
        stamps.push(message!("document-stamp-voided"));
    }
    if report.run.test_clock {
        stamps.push(message!("document-stamp-clock"));
    }
    stamps.iter().map(|stamp| stamp.render(lang)).collect()
}

/// Writes the parts of the minutes.
struct Writer<'a> {
    facts: MinutesFacts<'a>,
}

impl Writer<'_> {
    fn say(&self, message: &Message) -> String {
        message.render(self.facts.lang)
    }

    /// Nothing is known.
    fn nothing(&self) -> String {
        self.say(&message!("report-no-figure"))
    }

    fn report(&self) -> &Report {
        self.facts.report
    }

    fn subject(&self) -> String {
        let title = self.report().run.title.pick(self.facts.lang).to_owned();
        // A title that names the system already is not followed by its name.
        let named =
            |name: &str| title.to_lowercase().contains(name.split(" (").next().unwrap_or(name).to_lowercase().as_str());
        let systems = self.report().run.systems.iter().map(|system| system.name.pick(self.facts.lang));
        let systems: Vec<&str> = systems.filter(|name| !named(name)).collect();
        let subject = self.say(&match self.facts.kind {
            MinutesKind::Drill => message!("minutes-subject-drill", title = title.as_str()),
            MinutesKind::Incident => message!("minutes-subject-incident", title = title.as_str()),
            MinutesKind::RestoreTest => message!("minutes-subject-restore", title = title.as_str()),
            MinutesKind::DataBreach => message!("minutes-subject-breach"),
        });
        if systems.is_empty() {
            return subject;
        }
        self.say(&message!("minutes-subject-for", subject = subject, systems = systems.join("; ")))
    }

    /// The parts in the order of the form.
    fn blocks(&self) -> Vec<Block> {
        let report = self.report();
        let label = |message: Message| self.say(&message);
        let place = self.facts.exercise.and_then(|exercise| exercise.place.as_ref());
        let mut blocks = vec![
            Block::labelled(&label(message!("minutes-began")), self.time(&report.run.began)),
            Block::labelled(
                &label(message!("minutes-place")),
                place.map_or_else(|| self.nothing(), |place| place.pick(self.facts.lang).to_owned()),
            ),
            Block::Paragraph(vec![Inline::bold(format!("{}:", label(message!("minutes-attendance"))))]),
            self.attendance(),
            Block::labelled(&label(message!("minutes-chair")), self.person_or_nothing(self.chair())),
            Block::labelled(&label(message!("minutes-secretary")), self.person_or_nothing(self.secretary())),
            Block::Paragraph(vec![Inline::bold(format!("{}:", label(message!("minutes-contents"))))]),
        ];
        blocks.extend(self.contents());
        blocks.push(Block::text(self.ended()));
        blocks.push(Block::Closing(self.closing()));
        blocks
    }

    fn contents(&self) -> Vec<Block> {
        let mut blocks = self.general();
        if self.facts.kind == MinutesKind::DataBreach {
            blocks.extend(self.breach());
        }
        if self.facts.kind == MinutesKind::RestoreTest {
            blocks.extend(self.results());
            blocks.extend(self.course());
        } else {
            blocks.extend(self.course());
            blocks.extend(self.results());
        }
        blocks.extend(self.decisions());
        blocks.extend(self.exceptions());
        blocks.extend(self.conclusion());
        blocks.extend(self.signed());
        blocks.extend(self.head_of_ledger());
        blocks
    }

    /// Everybody of the record, then those of the plan who are not in it.
    fn attendance(&self) -> Block {
        let (lang, report) = (self.facts.lang, self.report());
        let cell = |text: String| vec![vec![Inline::from(text)]];
        let column = |title: Message, share, align| Column { title: self.say(&title), share, align };
        let mut rows = Vec::new();
        let planned = self.facts.exercise.map(|exercise| exercise.participants.as_slice()).unwrap_or_default();
        for person in &report.people {
            let role = person.role_title.as_ref().map(|title| title.pick(lang).to_owned());
            let in_plan = planned.iter().find(|it| matches!(&it.who, Who::Person(id) if *id == person.id));
            let part = role.or_else(|| in_plan.map(|it| self.say(&part_words(it.part))));
            rows.push([
                self.name(&person.id),
                self.position(&person.id),
                part.unwrap_or_else(|| self.nothing()),
                self.say(&message!("minutes-seen-record")),
            ]);
        }
        for participant in planned {
            let (name, position) = match &participant.who {
                Who::Person(id) if report.people.iter().any(|person| person.id == *id) => continue,
                Who::Person(id) => (self.name(id), self.position(id)),
                Who::Name(name) => (name.pick(lang).to_owned(), self.nothing()),
            };
            let position = participant.unit.as_ref().map_or(position, |unit| unit.pick(lang).to_owned());
            rows.push([
                name,
                position,
                self.say(&part_words(participant.part)),
                self.say(&message!("minutes-seen-plan")),
            ]);
        }
        if rows.is_empty() {
            return Block::text(self.nothing());
        }
        Block::Table(Table {
            caption: None,
            columns: vec![
                column(message!("minutes-column-number"), 8, Align::Centre),
                column(message!("minutes-column-name"), 28, Align::Left),
                column(message!("minutes-column-position"), 28, Align::Left),
                column(message!("minutes-column-part"), 20, Align::Left),
                column(message!("minutes-column-seen"), 16, Align::Left),
            ],
            rows: rows
                .into_iter()
                .zip(1..)
                .map(|(row, number)| std::iter::once(number.to_string()).chain(row).map(cell).collect())
                .collect(),
        })
    }

    /// What people call somebody; the id where they have no name.
    fn name(&self, who: &Actor) -> String {
        if *who == Actor::engine() {
            return self.say(&message!("minutes-by-machine"));
        }
        self.known_name(who).unwrap_or_else(|| who.to_string())
    }

    /// A person's name; nothing where no file has it, or a sample's stands there.
    fn known_name(&self, who: &Actor) -> Option<String> {
        let kept = self.facts.people.and_then(|people| people.find(who.as_str()));
        let kept = kept.map(|person| person.name.pick(self.facts.lang));
        let noted = self.report().people.iter().find(|person| person.id == *who).and_then(|it| it.name.as_deref());
        let names = [kept, noted].into_iter().flatten();
        names.filter(|name| !name.starts_with('(')).map(str::to_owned).next()
    }

    /// Position and unit.
    fn position(&self, who: &Actor) -> String {
        let person = self.facts.people.and_then(|people| people.find(who.as_str()));
        let words = person.into_iter().flat_map(|person| [&person.position, &person.unit]).flatten();
        let words: Vec<&str> = words.map(|text| text.pick(self.facts.lang)).collect();
        if words.is_empty() { self.nothing() } else { words.join(", ") }
    }

    fn person_or_nothing(&self, who: Option<&Actor>) -> String {
        let Some(who) = who else { return self.nothing() };
        let position = self.position(who);
        if position == self.nothing() { self.name(who) } else { format!("{}, {position}", self.name(who)) }
    }

    /// Who concluded; else who commanded last.
    fn chair(&self) -> Option<&Actor> {
        self.report().conclusion.as_ref().map(|conclusion| &conclusion.by).or_else(|| self.held("commander"))
    }

    /// Who had the role of a secretary, where the playbook or the unit has one.
    fn secretary(&self) -> Option<&Actor> {
        self.held("secretary")
    }

    fn held(&self, role: &str) -> Option<&Actor> {
        self.report().roles.iter().rev().find(|row| row.role == *role).map(|row| &row.who)
    }

    /// `14 giờ 30 phút, ngày 08 tháng 8 năm 2026`, in Vietnam's time.
    fn time(&self, at: &Stamp) -> String {
        format::document_time(&in_vietnam(at), self.facts.lang).replacen(" ngày ", ", ngày ", 1)
    }

    fn ended(&self) -> String {
        let at = self.report().run.ended.as_ref().map_or_else(|| self.nothing(), |at| self.time(at));
        let sentence = self.say(&match (self.facts.kind, self.report().run.kind) {
            (MinutesKind::RestoreTest, _) => message!("minutes-ended-restore", at = at),
            (_, RunKind::Drill) => message!("minutes-ended-drill", at = at),
            (_, RunKind::Incident) => message!("minutes-ended-incident", at = at),
        });
        format!("{sentence}{}", self.facts.layout.words.end)
    }

    /// Form 1.9: the one who wrote at the left, the one who led at the right, recipients under them.
    fn closing(&self) -> Closing {
        let words = &self.facts.layout.words;
        let signature = |position: &str, who: Option<&Actor>| Signature {
            authority: None,
            position: position.to_owned(),
            name: who.and_then(|who| self.known_name(who)),
        };
        Closing {
            left: Some(signature(&words.secretary, self.secretary())),
            right: Some(signature(&words.chair, self.chair())),
            recipients: vec![self.say(&message!("minutes-recipients"))],
        }
    }
}

fn part_words(part: Part) -> Message {
    match part {
        Part::Player => message!("minutes-part-player"),
        Part::Facilitator => message!("minutes-part-facilitator"),
        Part::Evaluator => message!("minutes-part-evaluator"),
        Part::Observer => message!("minutes-part-observer"),
    }
}

/// ` (#3, #7)`: the records that something rests on.
fn refs(records: &[u64]) -> String {
    if records.is_empty() { String::new() } else { format!(" ({})", labels::records(records)) }
}

/// A cell of one paragraph.
fn cell(text: impl Into<String>) -> Vec<Spans> {
    vec![vec![Inline::from(text.into())]]
}
