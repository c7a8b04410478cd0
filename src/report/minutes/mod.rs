//! Minutes of a drill, an incident, a trial restore or a personal-data breach: form 1.9 of Decree 30/2020/NĐ-CP, in its order.
//!
//! What is printed is in the record or in the plan of the drill that was kept with it; what is in neither is
//! "(chưa có số liệu)".

mod course;
mod restored;
mod results;
mod said;
#[cfg(test)]
mod tests;

pub use restored::restored;

use std::collections::BTreeMap;

use crate::inventory::{People, Unit, called, is_a_name};
use crate::message::{Message, format, message};
use crate::model::{Actor, Lang, RunKind, Stamp};
use crate::playbook::exercise::{Exercise, Part, Participant, Who};
use crate::policy::duties::banner;
use crate::policy::in_vietnam;
use crate::policy::layouts::Layout;
use crate::report::Report;
use crate::report::document::{
    Align, Block, Closing, Column, Document, Head, Inline, Signature, Spans, Table, numbered,
};
use crate::report::format::labels;
use crate::report::obligations;

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

    /// What the file is called after the name of a run of `kind`: two minutes of one run are two files.
    #[must_use]
    pub fn file(self, kind: RunKind) -> &'static str {
        match (self, kind) {
            (Self::Drill, RunKind::Drill) | (Self::Incident, RunKind::Incident) => "minutes",
            (Self::Drill, RunKind::Incident) => "minutes-drill",
            (Self::Incident, RunKind::Drill) => "minutes-incident",
            (Self::RestoreTest, _) => "minutes-restore-test",
            (Self::DataBreach, _) => "minutes-data-breach",
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
    /// Names of people as the workspace has them, for those who were not known when the run began.
    pub names: &'a BTreeMap<Actor, String>,
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
        identity: None,
        stamps: stamps(facts.report, facts.lang),
        head: Some(head),
        blocks: writer.blocks(),
        annexes: Vec::new(),
    }
}

/// What stands on every page of a document that is of a drill, or rests on a record which does not verify, is not signed, counts
/// for nothing, or has times that were set.
#[must_use]
pub fn stamps(report: &Report, lang: Lang) -> Vec<String> {
    let mut stamps = Vec::new();
    if report.run.kind == RunKind::Drill {
        stamps.push(banner());
    }
    if report.ledger.ok != Some(true) {
        stamps.push(message!("document-stamp-unverified"));
    }
    if report.unsigned() {
        stamps.push(message!("document-stamp-unsigned"));
    }
    if report.voided.is_some() {
        stamps.push(message!("document-stamp-voided"));
    }
    if report.run.test_clock {
        stamps.push(message!("document-stamp-clock"));
    }
    stamps.iter().map(|stamp| stamp.render(lang)).collect()
}

/// Somebody who signs.
struct Seat {
    id: Option<Actor>,
    /// The name; nothing where a duty post has none.
    name: Option<String>,
    /// Position and unit; empty where they are not known.
    position: String,
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

    /// Whether nobody took part: that is a technical check, no drill.
    fn nobody(&self) -> bool {
        self.report().run.people == crate::model::record::People::Unattended
    }

    fn subject(&self) -> String {
        let title = self.report().run.title.pick(self.facts.lang).to_owned();
        // A title that stands there and names the system already is not followed by its name.
        let named =
            |name: &str| title.to_lowercase().contains(name.split(" (").next().unwrap_or(name).to_lowercase().as_str());
        let systems = self.report().run.systems.iter().map(|system| system.name.pick(self.facts.lang));
        let breach = self.facts.kind == MinutesKind::DataBreach;
        let systems: Vec<&str> = systems.filter(|name| breach || !named(name)).collect();
        let subject = self.say(&match self.facts.kind {
            MinutesKind::Drill if self.nobody() => message!("minutes-subject-check", title = title.as_str()),
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
        let label = |message: Message| self.say(&message);
        let mut blocks = vec![
            Block::labelled(&label(message!("minutes-began")), self.time(&self.began())),
            Block::labelled(&label(message!("minutes-place")), self.place()),
            Block::Paragraph(vec![Inline::bold(format!("{}:", label(message!("minutes-attendance"))))]),
            self.attendance(),
            Block::labelled(&label(message!("minutes-chair")), self.seat_or_nothing(self.chair())),
            Block::labelled(&label(message!("minutes-secretary")), self.seat_or_nothing(self.secretary())),
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
            blocks.extend(self.restored());
            blocks.extend(self.results());
            blocks.extend(self.course());
        } else {
            blocks.extend(self.course());
            // What each drill or incident has to show: the deadlines, met or not, before what was measured.
            blocks.push(Block::Heading(1, self.say(&message!("report-duties"))));
            blocks.extend(obligations::section(self.report(), self.facts.lang, &|who| self.name(who)));
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
        let is = |one: &Participant, who: &Actor| matches!(&one.who, Who::Person(id) if id == who);
        let attendance = report.attendance();
        for person in report.people.iter().filter(|person| attendance.has(&person.id)) {
            let role = person.role_title.as_ref().map(|title| title.pick(lang).to_owned());
            let mut parts: Vec<String> = role.into_iter().collect();
            for one in planned.iter().filter(|one| is(one, &person.id)) {
                let leads = matches!(one.part, Part::Chair | Part::Secretary);
                if leads || parts.is_empty() {
                    parts.push(self.say(&part_words(one.part)));
                }
            }
            let position = planned.iter().find(|one| is(one, &person.id)).map(|one| self.position_in(one));
            let position = position.unwrap_or_else(|| self.known_position(&person.id));
            if parts.is_empty() {
                parts.extend(report.part_taken(&person.id).map(|part| self.say(&part_words(part))));
            }
            let part = if parts.is_empty() { self.nothing() } else { parts.join("; ") };
            let seen = self.say(&message!("minutes-seen-record"));
            rows.push([self.name(&person.id), self.or_nothing(position), part, seen]);
        }
        let rows_of = report.exercise.as_ref().map(|part| part.participants.as_slice()).unwrap_or_default();
        for (participant, number) in planned.iter().zip(1..) {
            let name = match &participant.who {
                Who::Person(id) if attendance.has(id) && report.people.iter().any(|person| person.id == *id) => {
                    continue;
                }
                Who::Person(id) => self.name(id),
                Who::Name(name) => name.pick(lang).to_owned(),
            };
            let part = self.say(&part_words(participant.part));
            // Of who has no account another enters the scores.
            let seen = rows_of.iter().any(|one| one.number == number && attendance.seen(one));
            let seen = self.say(&if seen { message!("minutes-seen-record") } else { message!("minutes-seen-plan") });
            rows.push([name, self.or_nothing(self.position_in(participant)), part, seen]);
        }
        // Who writes the minutes sat there, with or without a record of their own.
        let said = report.conclusion.as_ref().and_then(|conclusion| conclusion.secretary.as_ref());
        let listed = |who: &Actor| attendance.has(who) || planned.iter().any(|one| is(one, who));
        if let Some(who) = said.filter(|who| !listed(who)) {
            let part = self.say(&message!("minutes-part-secretary"));
            let seen = self.say(&message!("minutes-seen-record"));
            rows.push([self.name(who), self.or_nothing(self.known_position(who)), part, seen]);
        }
        if rows.is_empty() {
            return Block::text(self.nothing());
        }
        Block::Table(Table {
            caption: None,
            numbered: false,
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

    /// What people call somebody: the name, else the position with the id.
    fn name(&self, who: &Actor) -> String {
        if *who == Actor::engine() {
            return self.say(&message!("minutes-by-machine"));
        }
        let kept = self.facts.people.and_then(|people| people.find(who.as_str()));
        let position = kept.and_then(|person| person.position.as_ref()).map(|position| position.pick(self.facts.lang));
        called(self.known_name(who).as_deref(), position, who)
    }

    /// A person's name; nothing where no file has it, or a sample's stands there.
    fn known_name(&self, who: &Actor) -> Option<String> {
        let kept = self.facts.people.and_then(|people| people.find(who.as_str()));
        let kept = kept.map(|person| person.name.pick(self.facts.lang));
        let noted = self.report().name_of(who);
        let known = self.facts.names.get(who).map(String::as_str);
        let names = [kept, noted, known].into_iter().flatten();
        names.filter(|name| is_a_name(name)).map(str::to_owned).next()
    }

    /// Position and unit as `people.yaml` has them; empty where it has none.
    fn known_position(&self, who: &Actor) -> String {
        let person = self.facts.people.and_then(|people| people.find(who.as_str()));
        let words = person.into_iter().flat_map(|person| [&person.position, &person.unit]).flatten();
        words.map(|text| text.pick(self.facts.lang)).collect::<Vec<_>>().join(", ")
    }

    /// Position and unit of a participant: as the exercise says, else as `people.yaml` has them.
    fn position_in(&self, one: &Participant) -> String {
        let person = match &one.who {
            Who::Person(id) => self.facts.people.and_then(|people| people.find(id.as_str())),
            Who::Name(_) => None,
        };
        let position = one.position.as_ref().or(person.and_then(|person| person.position.as_ref()));
        let unit = one.unit.as_ref().or(person.and_then(|person| person.unit.as_ref()));
        let words = [position, unit].into_iter().flatten().map(|text| text.pick(self.facts.lang));
        words.collect::<Vec<_>>().join(", ")
    }

    fn or_nothing(&self, words: String) -> String {
        if words.is_empty() { self.nothing() } else { words }
    }

    /// A name with position and unit, or that nothing is known.
    fn seat_or_nothing(&self, seat: Option<Seat>) -> String {
        let Some(seat) = seat else { return self.nothing() };
        if let (None, Some(id), false) = (&seat.name, &seat.id, seat.position.is_empty()) {
            return called(None, Some(&seat.position), id);
        }
        let name = seat.name.or(seat.id.map(|id| id.to_string())).unwrap_or_else(|| self.nothing());
        if seat.position.is_empty() { name } else { format!("{name}, {}", seat.position) }
    }

    /// Whoever has a part in the plan of the drill.
    fn planned_seat(&self, part: Part) -> Option<Seat> {
        let participant = self.facts.exercise?.first(part)?;
        let position = self.position_in(participant);
        Some(match &participant.who {
            Who::Person(id) => Seat { id: Some(id.clone()), name: self.known_name(id), position },
            Who::Name(name) => Seat { id: None, name: Some(name.pick(self.facts.lang).to_owned()), position },
        })
    }

    fn seat(&self, who: &Actor) -> Seat {
        Seat { id: Some(who.clone()), name: self.known_name(who), position: self.known_position(who) }
    }

    /// As the exercise says; else who concluded; else who commanded last.
    fn chair(&self) -> Option<Seat> {
        let concluded = self.report().conclusion.as_ref().map(|conclusion| &conclusion.by);
        self.planned_seat(Part::Chair).or_else(|| concluded.or_else(|| self.held("commander")).map(|it| self.seat(it)))
    }

    /// As the exercise says; else as was said with the conclusion; else who had the role of a secretary, where the playbook or
    /// the unit has one.
    fn secretary(&self) -> Option<Seat> {
        let said = self.report().conclusion.as_ref().and_then(|conclusion| conclusion.secretary.as_ref());
        self.planned_seat(Part::Secretary).or_else(|| said.or_else(|| self.held("secretary")).map(|it| self.seat(it)))
    }

    /// Where people met: as the exercise says; else as was said with the conclusion.
    fn place(&self) -> String {
        let planned = self.facts.exercise.and_then(|exercise| exercise.place.as_ref());
        let said = self.report().conclusion.as_ref().and_then(|conclusion| conclusion.place.clone());
        planned.map(|place| place.pick(self.facts.lang).to_owned()).or(said).unwrap_or_else(|| self.nothing())
    }

    fn held(&self, role: &str) -> Option<&Actor> {
        // Whom a file gives a role and who did nothing in the run led nothing.
        let acted = |who: &Actor| self.report().people.iter().any(|person| person.id == *who && person.count > 0);
        self.report().roles.iter().rev().find(|row| row.role == *role && acted(&row.who)).map(|row| &row.who)
    }

    /// `14 giờ 30 phút, ngày 08 tháng 8 năm 2026`, in Vietnam's time.
    fn time(&self, at: &Stamp) -> String {
        format::document_time(&in_vietnam(at), self.facts.lang).replacen(" ngày ", ", ngày ", 1)
    }

    /// Of a drill when it began; of an incident when it was detected, where that was before the run was opened.
    fn began(&self) -> Stamp {
        let run = &self.report().run;
        if self.facts.kind == MinutesKind::RestoreTest { run.began } else { self.report().since() }
    }

    fn ended(&self) -> String {
        if let Some(closed) = self.report().closed().filter(|_| self.facts.kind != MinutesKind::RestoreTest) {
            let (at, records) = (self.time(&closed.at), labels::records(&closed.records));
            let sentence = self.say(&message!("minutes-closed-incident", at = at, records = records));
            return format!("{sentence}{}", self.facts.layout.words.end);
        }
        let at = self.report().run.ended.as_ref().map_or_else(|| self.nothing(), |at| self.time(at));
        let sentence = self.say(&match (self.facts.kind, self.report().run.kind) {
            (MinutesKind::RestoreTest, _) => message!("minutes-ended-restore", at = at),
            (_, RunKind::Drill) if self.nobody() => message!("minutes-ended-check", at = at),
            (_, RunKind::Drill) => message!("minutes-ended-drill", at = at),
            (_, RunKind::Incident) => message!("minutes-ended-incident", at = at),
        });
        format!("{sentence}{}", self.facts.layout.words.end)
    }

    /// Form 1.9: the one who wrote at the left, the one who led at the right, recipients under them.
    fn closing(&self) -> Closing {
        let words = &self.facts.layout.words;
        let signature = |position: &str, seat: Option<Seat>| Signature {
            authority: None,
            position: position.to_owned(),
            name: seat.and_then(|seat| seat.name),
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
        Part::Chair => message!("minutes-part-chair"),
        Part::Secretary => message!("minutes-part-secretary"),
    }
}

/// ` (#3, #7)`: the records that something rests on.
fn refs(records: &[u64]) -> String {
    if records.is_empty() { String::new() } else { format!(" ({})", labels::records(records)) }
}

/// A cell of one paragraph.
impl Writer<'_> {
    /// A table of columns with their shares of the width, all set from the left.
    fn table<const COLUMNS: usize>(&self, columns: [(Message, u16); COLUMNS], rows: Vec<Vec<Vec<Spans>>>) -> Table {
        let columns = columns.map(|(title, share)| Column { title: self.say(&title), share, align: Align::Left });
        Table { caption: None, numbered: false, columns: columns.into(), rows }
    }

    /// What was set, what was measured, and how they compare.
    fn against_limits(&self, of: Message, rows: Vec<Vec<Vec<Spans>>>) -> Table {
        let columns = [
            (of, 36),
            (message!("report-column-limit"), 20),
            (message!("report-column-measured"), 20),
            (message!("report-column-verdict"), 24),
        ];
        self.table(columns, rows)
    }
}

fn cell(text: impl Into<String>) -> Vec<Spans> {
    vec![vec![Inline::from(text.into())]]
}
