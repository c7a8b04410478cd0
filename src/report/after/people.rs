//! Who took part: by name, position and part, never by account.

use super::document::Writer;
use crate::message::message;
use crate::model::Actor;
use crate::report::ParticipantRow;
use crate::report::letterhead::resting;
use crate::report::planned::part_word;

impl Writer<'_> {
    fn planned(&self) -> &[ParticipantRow] {
        self.report.exercise.as_ref().map(|part| part.participants.as_slice()).unwrap_or_default()
    }

    /// Those who took part and stand in no plan.
    fn others(&self) -> impl Iterator<Item = &crate::report::Person> {
        let planned = |who: &Actor| self.planned().iter().any(|one| one.person.as_ref() == Some(who));
        let seen = self.report.attendance();
        self.report.people.iter().filter(move |person| !planned(&person.id) && seen.has(&person.id))
    }

    /// How many took part.
    pub(super) fn count(&self) -> usize {
        self.report.attendance().count()
    }

    /// Rows of name, position and unit, part: as planned, and whoever else took part.
    pub(super) fn people(&self) -> Vec<Vec<String>> {
        let (head, seen) = (self.head, self.report.attendance());
        let mut rows: Vec<Vec<String>> = Vec::new();
        for one in self.planned() {
            let recorded = one.person.as_ref().and_then(|id| self.report.people.iter().find(|it| it.id == *id));
            let name = one.person.as_ref().map(|id| self.name(id));
            let name = name.or_else(|| one.name.as_ref().map(|name| name.pick(self.lang).to_owned()));
            let name = name.unwrap_or_else(|| head.nothing());
            let records = recorded.map(|person| person.records.clone()).unwrap_or_default();
            let mut part = head.say(&part_word(one.part));
            if let Some(title) = recorded.and_then(|person| person.role_title.as_ref()) {
                part = format!("{part}; {}", title.pick(self.lang));
            }
            if !seen.seen(one) {
                part = head.say(&message!("after-only-planned", part = part));
            }
            rows.push(vec![resting(&name, &records), self.position(one.person.as_ref(), Some(one)), part]);
        }
        for person in self.others() {
            let role = person.role_title.as_ref().map(|it| it.pick(self.lang).to_owned());
            let taken = || self.report.part_taken(&person.id).map(|part| head.say(&part_word(part)));
            let role = role.or_else(taken).unwrap_or_else(|| "–".to_owned());
            let name = resting(&self.name(&person.id), &person.records);
            rows.push(vec![name, self.position(Some(&person.id), None), role]);
        }
        rows
    }

    /// What people call somebody: the name, else the position with the account.
    pub(super) fn name(&self, who: &Actor) -> String {
        let kept = self.people.and_then(|people| people.find(who.as_str()));
        match kept.filter(|_| self.report.name_of(who).is_none()) {
            Some(person) => person.called(self.lang),
            None => self.report.named(who, self.lang),
        }
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
