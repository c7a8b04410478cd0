//! Who had which role from when to when, how roles passed on, and how second persons consented.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::changes::BESIDE;
use super::{Gatherer, both};
use crate::engine::state::{Question, Said};
use crate::inventory;
use crate::message::{Message, format, message};
use crate::model::record::{Manner, SourceFile, What};
use crate::model::{Actor, Body, Id, Lang, Objects, Outcome, Record, RunKind, StepPath, Text};
use crate::report::format::labels;
use crate::report::{Exception, HandoverRow, Person, Report, TenureRow};

const PEOPLE: &str = "people.yaml";

/// The people of the unit, as they were kept with the files of a run.
#[must_use]
pub fn kept_people(sources: &[SourceFile], objects: &dyn Objects) -> Option<inventory::People> {
    let file = sources.iter().find(|source| source.path == PEOPLE)?;
    let bytes = objects.get(&file.file).ok()??;
    inventory::People::read(PEOPLE, &String::from_utf8_lossy(&bytes)).ok()
}

impl Gatherer<'_> {
    /// Everybody who did something in the run, entered it while it went on, was given a role, scored it or concluded on it; with
    /// the last role that they had, and what became of it. Whoever only signed, numbered or filed something afterwards took no
    /// part.
    pub(super) fn people(&self, roles: &[TenureRow]) -> Vec<Person> {
        let mut people: BTreeMap<Actor, Person> = BTreeMap::new();
        let engine = Actor::engine();
        let kept = self.kept_people().map(|(_, people)| people);
        let someone = |actor: &Actor| Person {
            id: actor.clone(),
            name: self.facts.names.get(actor).cloned(),
            position: kept.as_ref().and_then(|people| people.find(actor.as_str())?.position.clone()),
            role: None,
            role_title: None,
            part: None,
            count: 0,
            records: Vec::new(),
        };
        let end = self.records().iter().find(|record| matches!(record.draft.body, Body::RunEnded(_)));
        for record in self.records() {
            let draft = &record.draft;
            let after = end.is_some_and(|end| record.seq > end.seq);
            // What is entered afterwards of what happened before was done by somebody who was there; who enters it was not.
            let before = |at: crate::model::Stamp| end.is_some_and(|end| at.instant <= end.written.at.instant);
            let told = draft.occurred.is_some_and(before) && !BESIDE.contains(&draft.body.kind());
            let judged = matches!(draft.body, Body::Scored(_) | Body::Concluded(_));
            let actor = Some(&draft.actor).filter(|_| !after || told || judged);
            let by = draft.by.as_ref().filter(|_| !after);
            for actor in actor.into_iter().chain(by).filter(|actor| **actor != engine) {
                people.entry(actor.clone()).or_insert_with(|| someone(actor)).count += 1;
            }
            match &draft.body {
                Body::Joined(_) | Body::Left(_) | Body::HandedOver(_) => {
                    if let Some(person) = people.get_mut(&draft.actor) {
                        person.records.push(record.seq);
                    }
                }
                Body::Replaced(it) => {
                    people.entry(it.to.clone()).or_insert_with(|| someone(&it.to)).records.push(record.seq);
                }
                _ => {}
            }
        }
        let left = self.state.incident().gone.clone();
        for person in people.values_mut() {
            let last = roles.iter().rev().find(|row| row.who == person.id);
            // In a drill a file gives nobody a part: its playbook has the role, or somebody took it.
            let part = last.filter(|row| {
                let taken = row.records.first() != self.records().first().map(|record| &record.seq);
                self.plan.kind == RunKind::Incident || taken || self.plan.roles.contains_key(&row.role)
            });
            person.role = part.map(|row| row.role.clone());
            person.role_title = part.map(|row| row.title.clone());
            let next = last.filter(|row| row.to.is_some()).and_then(|row| self.passed_to(row));
            person.part = match (next, left.contains(&person.id)) {
                (Some(how), _) => Some(both(&how)),
                (None, true) => Some(both(&message!("report-part-left"))),
                (None, false) => None,
            };
        }
        people.into_values().collect()
    }

    /// How the role of a row that is over went on.
    fn passed_to(&self, row: &TenureRow) -> Option<Message> {
        let record = self.records().iter().find(|record| Some(&record.seq) == row.records.last())?;
        let who = self.called(&record.draft.actor);
        Some(match &record.draft.body {
            Body::HandedOver(_) => message!("report-part-handed-over", who = who),
            Body::Replaced(it) => message!("report-part-replaced", who = self.called(&it.to)),
            Body::Joined(_) => message!("report-part-taken", who = who),
            Body::Left(_) => message!("report-part-left"),
            _ => return None,
        })
    }

    /// Every time in which somebody had a role, in the order in which they began.
    pub(super) fn roles(&self) -> Vec<TenureRow> {
        let mut rows = self.listed();
        for record in self.records() {
            let actor = &record.draft.actor;
            match &record.draft.body {
                Body::Joined(it) => {
                    if let Some(role) = &it.role {
                        self.takes(&mut rows, record, role, actor, &message!("report-role-joined"));
                    }
                }
                Body::Replaced(it) => {
                    let how = message!("report-role-replaced", who = self.called(actor));
                    self.takes(&mut rows, record, &it.role, &it.to, &how);
                }
                Body::HandedOver(it) => {
                    let how = message!("report-role-handed-over", who = self.called(&it.from));
                    self.takes(&mut rows, record, &it.role, actor, &how);
                }
                Body::Left(_) => {
                    for row in rows.iter_mut().filter(|row| row.who == *actor) {
                        close(row, record);
                    }
                }
                _ => {}
            }
        }
        rows
    }

    /// The unit's people as they were kept when the run began, with the record that keeps them.
    fn kept_people(&self) -> Option<(&Record, inventory::People)> {
        let record = self.records().first()?;
        let Body::RunStarted(started) = &record.draft.body else { return None };
        Some((record, kept_people(&started.sources, self.facts.objects)?))
    }

    /// The position that somebody had when the run began.
    pub(super) fn position_of(&self, who: &Actor) -> Option<Text> {
        self.kept_people()?.1.find(who.as_str())?.position.clone()
    }

    /// What `people.yaml` said when the run began.
    fn listed(&self) -> Vec<TenureRow> {
        let Some((record, people)) = self.kept_people() else { return Vec::new() };
        let at = record.written.at;
        let day = at.offset.to_datetime(at.instant).date();
        let row = |role: &Id| {
            let who = people.standing(role, day, &BTreeSet::new())?.clone();
            let how = both(&message!("report-role-listed"));
            let (title, role) = (self.role_title(role), role.clone());
            Some(TenureRow { role, title, who, from: at, to: None, basis: None, how, records: vec![record.seq] })
        };
        people.roles.keys().filter_map(row).collect()
    }

    fn takes(&self, rows: &mut Vec<TenureRow>, record: &Record, role: &Id, who: &Actor, how: &Message) {
        for row in rows.iter_mut().filter(|row| row.role == *role) {
            close(row, record);
        }
        rows.push(TenureRow {
            role: role.clone(),
            title: self.role_title(role),
            who: who.clone(),
            from: record.occurred(),
            to: None,
            basis: Self::known_from(record),
            how: both(how),
            records: vec![record.seq],
        });
    }

    pub(super) fn role_title(&self, role: &Id) -> Text {
        let known = self.plan.roles.get(role);
        known.map_or_else(
            || labels::role(role).map_or_else(|| Text::Same(role.to_string()), |role| both(&role)),
            |role| role.title.clone(),
        )
    }

    /// Every offer of a role, whole run: those of a playbook that leads no longer too.
    pub(super) fn handovers(&self) -> Vec<HandoverRow> {
        let mut rows: BTreeMap<u64, HandoverRow> = BTreeMap::new();
        let mut open = BTreeMap::new();
        for record in self.records() {
            match &record.draft.body {
                Body::Asked(it) if it.what == What::Handover => {
                    let (Some(role), Some(to)) = (&it.role, &it.to) else { continue };
                    open.insert(it.question.clone(), record.seq);
                    let text = it.text.as_ref().and_then(|text| self.text(text));
                    let row = HandoverRow {
                        title: self.role_title(role),
                        role: role.clone(),
                        from: record.draft.actor.clone(),
                        to: to.clone(),
                        offered: record.occurred(),
                        answered: None,
                        taken: None,
                        withdrawn: false,
                        waited_s: None,
                        open: text.and_then(|json| serde_json::from_str(&json).ok()),
                        because: None,
                        records: vec![record.seq],
                    };
                    rows.insert(record.seq, row);
                }
                Body::HandedOver(it) => {
                    if let Some(row) = open.remove(&it.question).and_then(|seq| rows.get_mut(&seq)) {
                        row.answered = Some(record.occurred());
                        row.taken = Some(true);
                        row.records.push(record.seq);
                    }
                }
                Body::Answered(it) => {
                    if let Some(row) = open.remove(&it.question).and_then(|seq| rows.get_mut(&seq)) {
                        row.answered = Some(record.occurred());
                        row.taken = Some(false);
                        row.withdrawn = it.outcome == Outcome::Abandoned;
                        row.because = it.because.as_ref().and_then(|because| self.text(because));
                        row.records.push(record.seq);
                    }
                }
                _ => {}
            }
        }
        let ended = self.state.ended_at().unwrap_or(self.facts.now.at).instant;
        for seq in open.into_values() {
            if let Some(row) = rows.get_mut(&seq) {
                let waited = ended.duration_since(row.offered.instant).as_secs();
                row.waited_s = Some(u64::try_from(waited).unwrap_or(0));
            }
        }
        rows.into_values().collect()
    }

    /// How a second person consented to the step at `path`, in a sentence.
    pub(super) fn second(&self, path: &StepPath) -> Option<Text> {
        let asked = self.state.questions().filter(|one| one.what == What::Second && one.step.as_ref() == Some(path));
        self.second_to(asked.last()?)
    }

    /// How a second person answered `question`, in a sentence; nothing where it asks for none, or nobody has answered.
    pub(super) fn second_to(&self, question: &Question) -> Option<Text> {
        let answer = question.answer.as_ref().filter(|_| question.what == What::Second)?;
        let who = self.called(&answer.actor);
        if answer.said == Said::Consent(false) {
            return Some(both(&message!("report-second-refused", who = who)));
        }
        let manner = manner(answer.manner?);
        let alone = self.state.incident().alone.iter().find(|alone| alone.seq == answer.seq);
        let by = answer.by.as_ref().filter(|by| **by != answer.actor);
        Some(both(&match (by, alone.map(|alone| &alone.confirmed)) {
            (_, Some(Some((by, _)))) => {
                message!("report-second-alone-confirmed", who = who, by = self.called(by))
            }
            (_, Some(None)) => message!("report-second-alone", who = who),
            (Some(by), None) => message!("report-second-by", who = who, manner = manner, by = self.called(by)),
            (None, None) => message!("report-second", who = who, manner = manner),
        }))
    }

    pub(super) fn of_people(&self, report: &Report, found: &mut Vec<Exception>) {
        for alone in self.state.incident().alone.iter().filter(|alone| alone.confirmed.is_none()) {
            let step = self.state.question(&alone.question).and_then(|question| question.step.as_ref());
            let row = step.and_then(|step| report.step_at(step, alone.seq));
            let title = row.map_or_else(|| Text::Same(alone.question.to_string()), super::exceptions::named);
            let text = both(&message!("report-exception-alone", step = title, who = self.called(&alone.actor)));
            found.push(Exception { code: "alone", grave: true, text, records: vec![alone.seq] });
        }
        for question in self.state.questions().filter(|one| one.what == What::Second) {
            let Some(answer) = question.answer.as_ref().filter(|answer| answer.said == Said::Consent(true)) else {
                continue;
            };
            // Only paper can tell of one: a console refuses it before anything is done.
            let Some(way) = answer.manner.filter(|way| !self.plan.second_person.contains(way)) else { continue };
            let row = question.step.as_ref().and_then(|step| report.steps.iter().find(|row| row.path == *step));
            let title = row.map_or_else(|| Text::Same(question.id.to_string()), super::exceptions::named);
            let way = manner(way);
            let who = self.called(&answer.actor);
            let text = both(&message!("report-exception-way", step = title, who = who, manner = way));
            found.push(Exception { code: "way-not-allowed", grave: true, text, records: vec![answer.seq] });
        }
        for offer in report.handovers.iter().filter(|offer| offer.taken.is_none()) {
            let (from, to) = (self.called(&offer.from), self.called(&offer.to));
            let lasted = |lang| format::duration(Duration::from_secs(offer.waited_s.unwrap_or(0)), lang);
            let age = Text::Each { vi: Some(lasted(Lang::Vi)), en: Some(lasted(Lang::En)) };
            let role = offer.title.clone();
            let text = both(&message!("report-exception-handover", role = role, from = from, to = to, age = age));
            found.push(Exception { code: "handover-open", grave: false, text, records: offer.records.clone() });
        }
    }
}

fn close(row: &mut TenureRow, record: &Record) {
    if row.to.is_none() {
        row.to = Some(record.occurred());
        row.records.push(record.seq);
    }
}

fn manner(manner: Manner) -> Message {
    match manner {
        Manner::Key => message!("report-manner-key"),
        Manner::Present => message!("report-manner-present"),
        Manner::Phone => message!("report-manner-phone"),
        Manner::Alone => message!("report-manner-alone"),
    }
}
