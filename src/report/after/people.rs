//! Who took part: by name, position and part, never by account.

use super::document::Writer;
use crate::message::message;
use crate::model::Actor;
use crate::report::ParticipantRow;
use crate::report::letterhead::resting;
use crate::report::planned::part_word;

/// Kinds of records with which somebody takes part; who starts a run, keeps a document or reads does not.
const PARTS: [&str; 17] = [
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
];

/// Records that take part after the end too: evaluators score then, and the chair concludes.
const AFTERWARDS: [&str; 3] = ["scored", "concluded", "confirmed"];

impl Writer<'_> {
    /// Whether the record shows that somebody took part.
    fn took_part(&self, who: &Actor) -> bool {
        let report = self.report;
        let end = report.log.iter().find(|row| row.kind == "run-ended").map_or(u64::MAX, |row| row.seq);
        report.roles.iter().any(|row| row.who == *who)
            || report.log.iter().any(|row| {
                row.actor == *who
                    && PARTS.contains(&row.kind.as_str())
                    && (row.seq < end || AFTERWARDS.contains(&row.kind.as_str()))
            })
    }

    /// Whether a participant was seen: somebody without an account is, where nothing says the contrary.
    fn seen(&self, one: &ParticipantRow) -> bool {
        one.person.as_ref().is_none_or(|person| self.took_part(person))
    }

    fn planned(&self) -> &[ParticipantRow] {
        self.report.exercise.as_ref().map(|part| part.participants.as_slice()).unwrap_or_default()
    }

    /// Those who took part and stand in no plan.
    fn others(&self) -> impl Iterator<Item = &crate::report::Person> {
        let planned = |who: &Actor| self.planned().iter().any(|one| one.person.as_ref() == Some(who));
        self.report.people.iter().filter(move |person| !planned(&person.id) && self.took_part(&person.id))
    }

    /// How many took part.
    pub(super) fn count(&self) -> usize {
        self.planned().iter().filter(|one| self.seen(one)).count() + self.others().count()
    }

    /// Rows of name, position and unit, part: as planned, and whoever else took part.
    pub(super) fn people(&self) -> Vec<Vec<String>> {
        let head = self.head;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for one in self.planned() {
            let recorded = one.person.as_ref().and_then(|id| self.report.people.iter().find(|it| it.id == *id));
            let name = one.name.as_ref().map(|name| name.pick(self.lang).to_owned());
            let name = name.or_else(|| one.person.as_ref().map(|id| self.name(id))).unwrap_or_else(|| head.nothing());
            let records = recorded.map(|person| person.records.clone()).unwrap_or_default();
            let mut part = head.say(&part_word(one.part));
            if let Some(title) = recorded.and_then(|person| person.role_title.as_ref()) {
                part = format!("{part}; {}", title.pick(self.lang));
            }
            if !self.seen(one) {
                part = head.say(&message!("after-only-planned", part = part));
            }
            rows.push(vec![resting(&name, &records), self.position(one.person.as_ref(), Some(one)), part]);
        }
        for person in self.others() {
            let role = person.role_title.as_ref().map_or_else(|| "–".to_owned(), |it| it.pick(self.lang).to_owned());
            let name = resting(&self.name(&person.id), &person.records);
            rows.push(vec![name, self.position(Some(&person.id), None), role]);
        }
        rows
    }

    /// What people call somebody; where nobody wrote a name down, that there is none.
    pub(super) fn name(&self, who: &Actor) -> String {
        if *who == Actor::engine() {
            return self.head.say(&message!("report-by-machine"));
        }
        let kept = self.people.and_then(|people| people.find(who.as_str()));
        let noted = || self.report.people.iter().find(|person| person.id == *who).and_then(|it| it.name.clone());
        kept.map(|person| person.name.pick(self.lang).to_owned())
            .or_else(noted)
            .unwrap_or_else(|| self.head.say(&message!("after-no-name")))
    }

    /// Position and unit.
    fn position(&self, who: Option<&Actor>, planned: Option<&ParticipantRow>) -> String {
        let known = who.and_then(|who| self.people?.find(who.as_str()));
        let position = planned.and_then(|one| one.position.as_ref());
        let position = position.or(known.and_then(|person| person.position.as_ref()));
        let unit = planned.and_then(|one| one.unit.as_ref()).or(known.and_then(|person| person.unit.as_ref()));
        let words: Vec<&str> = [position, unit].into_iter().flatten().map(|text| text.pick(self.lang)).collect();
        if words.is_empty() { self.head.nothing() } else { words.join(", ") }
    }
}
