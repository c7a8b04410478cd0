//! The texts of notices, filled with what the record of a run holds. What is nowhere stays missing, and is never guessed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::desk::Desk;
use super::duties::Policies;
use crate::engine::plan::Action;
use crate::engine::state::{Marking, Said};
use crate::engine::{self, NoticeWriter, Plan, fold};
use crate::inventory::{People, Person, System};
use crate::message::{Lang, message};
use crate::model::{
    Actor, Basis, Body, Effect, Id, Journal as _, Mark, Name, ObjectRef, Objects, Outcome, Phase, Record, RunKind,
    RunState, Stamp, Text,
};
use crate::policy::day_in_vietnam;
use crate::policy::notice::{self, Facts, Filled, Known, Template};
use crate::report::basis_words;
use crate::report::duties::facts;
use crate::step::Tells;

/// The roles whose holder is whom to ask, the first that somebody has: a contact of its own, else the commander.
const CONTACTS: &[&str] = &["contact", super::roles::COMMANDER];

/// The blank that what people saw fills; questions of playbooks may ask for it under this id.
const SEEN: &str = "seen";

/// A run as its record has it, for the text of a notice.
pub(crate) struct Case<'a> {
    /// The run as each playbook that has led it sees it, in their order; the last leads now. Never empty.
    pub(crate) parts: Vec<&'a engine::State>,
    /// What words are kept in.
    pub(crate) objects: &'a dyn Objects,
    /// The moment at which the text is prepared.
    pub(crate) now: Stamp,
    /// What a person says for blanks that only people can fill; it stands before what the record holds.
    pub(crate) told: BTreeMap<Id, String>,
    /// The systems as the inventory has them today: for what the plan of the run has not.
    pub(crate) inventory: BTreeMap<Name, System>,
}

/// The run as each playbook that has led it sees it, in their order. One whose plan cannot be read is left out.
pub(crate) fn parts(records: &[Record], objects: &dyn Objects) -> Vec<engine::State> {
    let plans = records.iter().filter_map(|record| match &record.draft.body {
        Body::RunStarted(started) => Some((0, started.plan)),
        Body::PlaybookSwitched(switched) => Some((record.seq, switched.plan)),
        _ => None,
    });
    let folded = plans.filter_map(|(part, plan)| {
        let plan = Plan::from_json(&objects.get(&plan).ok().flatten()?).ok()?;
        Some(fold(Arc::new(plan), part, records))
    });
    folded.collect()
}

/// Writes the texts of notices for the loop of a run, from `policies` and what the record holds.
pub(crate) fn writer(policies: Policies, desk: &Desk, run: &RunState) -> Arc<NoticeWriter> {
    let (ledger, began) = (Arc::clone(&desk.ledger), run.began);
    Arc::new(move |notice, state, now| {
        let template = policies.notices.find(notice.as_str())?;
        // The loop thinks ahead of the log, so the part that leads is its own; those before it are closed.
        let records = state.run().and_then(|run| ledger.records_of(run, began).ok()).unwrap_or_default();
        let before = parts(&records, ledger.as_ref());
        let before = before.iter().filter(|part| part.part_from() < state.part_from());
        let case = Case {
            parts: before.chain([state]).collect(),
            objects: ledger.as_ref(),
            now: now.at,
            told: BTreeMap::new(),
            inventory: BTreeMap::new(),
        };
        Some(case.fill(template, &policies, policies.language()).text())
    })
}

impl Case<'_> {
    /// The part that leads.
    fn leading(&self) -> &engine::State {
        self.parts.last().expect("a case has a part that leads")
    }

    /// The systems of the run that the inventory of today has, by id.
    pub(crate) fn declared(&self) -> impl Iterator<Item = &Name> {
        let of_run = |id: &&Name| self.parts.iter().any(|part| part.plan().systems.contains_key(*id));
        self.inventory.keys().filter(of_run)
    }

    /// The text of `template` in `lang`.
    pub(crate) fn fill(&self, template: &Template, policies: &Policies, lang: Lang) -> Filled {
        let state = self.leading();
        let plan = state.plan();
        let duties = policies.rules(plan).duties(state, &self.now);
        let systems = self.systems();
        let mut facts = Facts::new(plan.kind == RunKind::Drill)
            .systems(&systems.iter().collect::<Vec<_>>(), &policies.levels, day_in_vietnam(&self.now))
            .standing(&duties)
            .with(Known::Scenario, plan.title.clone())
            .with(Known::KeepRunning, plan.keep_running.clone())
            .with_all(Known::Run, state.run().map(|run| Text::from(run.as_str())))
            .with_all(Known::DetectedBy, self.detected_by(policies.people.as_ref(), lang))
            .with_all(Known::Seen, self.seen(lang))
            .with_all(Known::Done, self.done())
            .with_all(Known::Contact, self.contact(policies.people.as_ref(), lang))
            .moment(Known::Now, &self.now);
        if let Some(unit) = &policies.unit {
            facts = facts.unit(unit);
        }
        for (blank, moment) in self.moments() {
            facts = facts.moment(blank, &moment);
        }
        if let Some(row) = duties.rows.iter().find(|row| row.notice.as_ref() == Some(&template.name)) {
            facts = facts.duty(row);
        }
        for id in template.ask.keys() {
            let said = self.told.get(id).cloned().or_else(|| self.said(id, lang));
            let all = said.map_or_else(|| self.gathered(id, lang), |said| vec![Text::Same(said)]);
            for said in all {
                facts = facts.told(id.clone(), said);
            }
        }
        notice::fill(template, &facts, lang)
    }

    fn moments(&self) -> Vec<(Known, Stamp)> {
        let state = self.leading();
        let known = facts(state, &self.now);
        let marked = |mark| state.marks().first(mark).map(|marking| marking.edge.stamp);
        let moments = [
            (Known::Detected, known.detected),
            (Known::Contained, marked(Mark::Contained)),
            (Known::Restored, marked(Mark::Restored)),
            (Known::Ended, known.ended),
            (Known::Breach, known.breach),
        ];
        moments.into_iter().filter_map(|(blank, moment)| Some((blank, moment?))).collect()
    }

    /// Every system that a playbook of the run is about. Who owns and operates it, and its dossier, are as the inventory has
    /// them today where the plan has nothing.
    fn systems(&self) -> Vec<System> {
        let mut systems: BTreeMap<&Name, System> = BTreeMap::new();
        for part in &self.parts {
            systems.extend(part.plan().systems.iter().map(|(id, system)| (id, system.clone())));
        }
        for (id, system) in &mut systems {
            let Some(today) = self.inventory.get(*id) else { continue };
            system.owner = system.owner.take().or_else(|| today.owner.clone());
            system.operator = system.operator.take().or_else(|| today.operator.clone());
            system.dossier = system.dossier.take().or_else(|| today.dossier.clone());
        }
        systems.into_values().collect()
    }

    /// What answers and choices of the run say that belongs in the blank `id`, each with its question; for a remedy and for
    /// measures also the steps of the recovery, and of the containment, that were done.
    fn gathered(&self, id: &Id, lang: Lang) -> Vec<Text> {
        let (tells, phases) = match id.as_str() {
            "cause" | "investigation" => (Some(Tells::Cause), &[][..]),
            "scope" | "effects" | "danger" => (Some(Tells::Scope), &[][..]),
            "remedy" => (Some(Tells::Remedy), &[Phase::Recover][..]),
            "measures" => (None, &[Phase::Contain, Phase::Recover][..]),
            _ => return Vec::new(),
        };
        let mut all: Vec<Text> = Vec::new();
        for part in &self.parts {
            for question in part.questions() {
                let (Some(step), Some(answer)) = (&question.step, &question.answer) else { continue };
                let Some(planned) = part.planned(step) else { continue };
                match (&planned.action, &answer.said) {
                    (Action::Manual(manual), Said::Outcome { answers, .. }) => {
                        for ask in manual.ask.iter().filter(|ask| ask.tells.is_some() && ask.tells == tells) {
                            let value = answers.get(&ask.id).and_then(|object| self.value(object, lang));
                            let said = value.map(|value| format!("{}: {value}", ask.title.pick(lang)));
                            all.extend(said.map(Text::Same));
                        }
                    }
                    (Action::Decide(decide), Said::Choice(id)) if decide.tells.is_some() && decide.tells == tells => {
                        let chosen = decide.options.iter().find(|option| option.id == *id);
                        all.extend(chosen.map(|option| option.title.clone()));
                    }
                    _ => {}
                }
            }
        }
        all.extend(self.done_in(phases));
        let mut once: Vec<Text> = Vec::new();
        for text in all {
            if !once.contains(&text) {
                once.push(text);
            }
        }
        once
    }

    /// Who detected it: who said so, or whose answer ended the step that marks it; else the step that did by itself.
    fn detected_by(&self, people: Option<&People>, lang: Lang) -> Option<Text> {
        let marking = self.leading().marks().first(Mark::Detected)?;
        if marking.actor != Actor::engine() {
            return Some(with_ground(&called(&marking.actor, people, lang), marking.basis, lang));
        }
        let part = self.part_of(marking);
        let step = marking.step.as_ref()?;
        let mut about = part.questions().filter(|question| question.step.as_ref() == Some(step));
        if let Some(answer) = about.by_ref().filter_map(|question| question.answer.as_ref()).last() {
            return Some(with_ground(&called(&answer.actor, people, lang), answer.basis, lang));
        }
        let title = part.planned(step)?.name();
        Some(Text::Same(message!("notice-detected-by-step", step = title).render(lang)))
    }

    /// The part of the run in which `marking` was written.
    fn part_of(&self, marking: &Marking) -> &engine::State {
        self.parts.iter().rev().find(|part| part.part_from() <= marking.seq).copied().unwrap_or(self.leading())
    }

    /// What was seen: what people noted as such, then what they answered where a playbook asks for it.
    fn seen(&self, lang: Lang) -> Vec<Text> {
        let noted = self.leading().incident().seen.iter().filter_map(|seen| {
            let words = self.objects.get_text(&seen.text).ok().flatten()?;
            Some(with_ground(&words, seen.basis, lang))
        });
        let mut all: Vec<Text> = noted.collect();
        for part in &self.parts {
            let values = answers(part).filter(|(id, _)| id.as_str() == SEEN);
            all.extend(values.filter_map(|(_, object)| self.value(object, lang)).map(Text::Same));
        }
        let mut once: Vec<Text> = Vec::new();
        for text in all {
            if !once.contains(&text) {
                once.push(text);
            }
        }
        once
    }

    /// What people last answered where a playbook asks for `id`.
    fn said(&self, id: &Id, lang: Lang) -> Option<String> {
        let all = self.parts.iter().flat_map(|part| answers(part)).filter(|(asked, _)| *asked == id);
        all.filter_map(|(_, object)| self.value(object, lang)).last()
    }

    /// An answer in words.
    fn value(&self, object: &ObjectRef, lang: Lang) -> Option<String> {
        let text = self.objects.get_text(object).ok().flatten()?;
        let words = match serde_json::from_str::<Value>(&text).ok()? {
            Value::String(words) => words,
            Value::Bool(true) => message!("report-yes").render(lang),
            Value::Bool(false) => message!("report-no").render(lang),
            Value::Null => return None,
            other => other.to_string(),
        };
        Some(words).filter(|words| !words.trim().is_empty())
    }

    /// Whom to ask: name, position, telephones, second channel, as `people.yaml` has them today.
    fn contact(&self, people: Option<&People>, lang: Lang) -> Option<Text> {
        let incident = self.leading().incident();
        let today = self.now.offset.to_datetime(self.now.instant).date();
        let holder = |role: &&str| -> Option<Actor> {
            let role: Id = role.parse().ok()?;
            let listed = || {
                let people = people.filter(|_| !incident.vacant.contains(&role))?;
                people.standing(&role, today, &incident.gone).cloned()
            };
            incident.roles.get(&role).cloned().or_else(listed)
        };
        let who = CONTACTS.iter().find_map(holder)?;
        let Some(person) = people.and_then(|people| people.find(who.as_str())) else {
            return Some(Text::Same(who.to_string()));
        };
        let mut words = vec![named(person, lang)];
        if !person.phones.is_empty() {
            words.push(message!("notice-phones", phones = person.phones.join(", ")).render(lang));
        }
        if let Some(channel) = &person.second_channel {
            words.push(message!("notice-second-channel", channel = channel.as_str()).render(lang));
        }
        Some(Text::Same(words.join(", ")))
    }

    /// The titles of the steps that people did or that changed something, where they were done, in the order in which they
    /// began.
    fn done(&self) -> Vec<Text> {
        self.steps_done(|_| true)
    }

    /// As [`Case::done`], those of these phases.
    fn done_in(&self, phases: &[Phase]) -> Vec<Text> {
        self.steps_done(|step| step.phase.is_some_and(|phase| phases.contains(&phase)))
    }

    fn steps_done(&self, wanted: impl Fn(&engine::plan::Step) -> bool) -> Vec<Text> {
        let did = |step: &engine::plan::Step| match &step.action {
            Action::Manual(_) | Action::Restore(_) => true,
            Action::Run(run) => run.command.effect != Effect::Observe,
            _ => false,
        };
        let of = |part: &engine::State| {
            let mut done: Vec<(u32, Text)> = part
                .instances()
                .filter(|(_, instance)| instance.outcome == Some(Outcome::Done) && instance.confirmed != Some(false))
                .filter_map(|(path, instance)| {
                    let step = part.planned(path).filter(|step| did(step) && wanted(step))?;
                    Some((instance.order, step.name()))
                })
                .collect();
            done.sort_by_key(|(order, _)| *order);
            done.into_iter().map(|(_, title)| title)
        };
        self.parts.iter().flat_map(|part| of(part)).collect()
    }
}

/// Every value that people gave where a step of `part` asks for one, in the order in which the questions were put.
fn answers(part: &engine::State) -> impl Iterator<Item = (&Id, &ObjectRef)> {
    part.questions().filter_map(|question| question.answer.as_ref()).flat_map(|answer| match &answer.said {
        Said::Outcome { answers, .. } => answers.iter().collect::<Vec<_>>(),
        _ => Vec::new(),
    })
}

/// A person as documents name them: the id where `people.yaml` does not know them.
fn called(who: &Actor, people: Option<&People>, lang: Lang) -> String {
    people.and_then(|people| people.find(who.as_str())).map_or_else(|| who.to_string(), |person| named(person, lang))
}

/// Name, position and, where it is another one, unit.
fn named(person: &Person, lang: Lang) -> String {
    let parts = [Some(&person.name), person.position.as_ref(), person.unit.as_ref()];
    let words: Vec<&str> = parts.into_iter().flatten().map(|text| text.pick(lang)).collect();
    words.join(", ")
}

/// `words`, and where they are known from if they were not typed at a console by whoever knows them.
fn with_ground(words: &str, basis: Basis, lang: Lang) -> Text {
    match basis {
        Basis::Console | Basis::Machine => Text::Same(words.to_owned()),
        basis => Text::Same(format!("{words} ({})", basis_words(basis).render(lang))),
    }
}
