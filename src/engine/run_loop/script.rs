//! Gives the answers of a file when their questions are asked.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::engine::answers::{Answers, Scripted};
use crate::engine::plan::value_of;
use crate::engine::view::QuestionView;
use crate::model::record::{Answered, Consented, Decided, Noted, What};
use crate::model::{Actor, Basis, Body, Draft, JournalError, Mode, ObjectRef, Objects, Outcome, QuestionId, RunId};

/// Who gives an answer for which the file names nobody.
const NOBODY: &str = "script";

/// Gives the answers of a file.
pub(super) struct Script {
    run: RunId,
    mode: Mode,
    answers: Answers,
    /// Questions that were seen, with when they are to be answered; nothing once they are.
    seen: BTreeMap<QuestionId, Option<(Instant, Scripted)>>,
}

impl Script {
    pub(super) fn new(run: RunId, mode: Mode, answers: Answers) -> Self {
        Self { run, mode, answers, seen: BTreeMap::new() }
    }

    /// When the next answer is due.
    pub(super) fn next_event(&self) -> Option<Instant> {
        self.seen.values().flatten().map(|(due, _)| *due).min()
    }

    /// The records of the answers that are due now.
    pub(super) fn answers(
        &mut self,
        questions: &[QuestionView],
        objects: &dyn Objects,
    ) -> Result<Vec<Draft>, JournalError> {
        let now = Instant::now();
        let mut drafts = Vec::new();
        for question in questions {
            if !self.seen.contains_key(&question.id) {
                let said = self.answers.to(question).cloned();
                let due = said.map(|said| (now.checked_add(said.after.duration()).unwrap_or(now), said));
                self.seen.insert(question.id.clone(), due);
            }
            let Some(due) = self.seen.get_mut(&question.id) else { continue };
            if due.as_ref().is_some_and(|(at, _)| *at <= now)
                && let Some((_, said)) = due.take()
            {
                drafts.extend(self.drafts(question, &said, objects)?);
            }
        }
        // What somebody else answered first is no longer due.
        self.seen.retain(|id, due| due.is_none() || questions.iter().any(|question| question.id == *id));
        Ok(drafts)
    }

    fn drafts(
        &self,
        question: &QuestionView,
        said: &Scripted,
        objects: &dyn Objects,
    ) -> Result<Vec<Draft>, JournalError> {
        let text = |words: &Option<String>| -> Result<Option<ObjectRef>, JournalError> {
            words.as_ref().map(|words| objects.put_text(words)).transpose()
        };
        let mut bodies = Vec::new();
        if let Some(note) = text(&said.note)? {
            bodies.push(Body::Noted(Noted::remark(note, question.step.clone())));
        }
        let because = text(&said.because)?;
        let id = question.id.clone();
        bodies.push(match question.what {
            What::Decide | What::Truth => {
                Body::Decided(Decided { question: id, choice: said.answer.clone(), because, follow_up: None })
            }
            What::Consent => Body::Consented(Consented {
                question: id,
                given: said.answer == "yes",
                plan: question.plan,
                manner: None,
                vkey: None,
                note: None,
                because,
            }),
            // A script is not a second person, and takes over from nobody.
            What::Second | What::Handover => return Ok(Vec::new()),
            What::Manual | What::State | What::Orphan | What::Undo | What::Deliver => {
                let Some(outcome) = said.outcome() else { return Ok(Vec::new()) };
                let ticked = outcome == Outcome::Done;
                let checks = said.checks.clone().unwrap_or_else(|| vec![ticked; question.checks.len()]);
                let mut answers = BTreeMap::new();
                for (id, value) in &said.values {
                    let kind = question.ask.iter().find(|ask| ask.id == *id).map(|ask| &ask.kind);
                    let value = kind.and_then(|kind| value_of(kind, value)).unwrap_or_else(|| value.clone());
                    answers.insert(id.clone(), objects.put_text(&value.to_string())?);
                }
                Body::Answered(Answered { question: id, outcome, checks, answers, because })
            }
        });
        let chosen = question.options.iter().find(|option| option.id == said.answer);
        if let (What::Decide, Some(classifies)) = (question.what, chosen.and_then(|option| option.classifies)) {
            bodies.push(classifies.record(because).into());
        }
        Ok(bodies.into_iter().map(|body| self.draft(said, body)).collect())
    }

    fn draft(&self, said: &Scripted, body: Body) -> Draft {
        let script = NOBODY.parse::<Actor>().unwrap_or_else(|_| Actor::engine());
        let (actor, by) = match &said.by {
            Some(person) => (person.clone(), Some(script)),
            None => (script, None),
        };
        Draft { actor, by, basis: Basis::Console, ..Draft::machine(&self.run, self.mode, body) }
    }
}
