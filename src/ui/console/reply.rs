//! An answer to a question: checked against what was asked, kept, and who won where two were quicker than one another.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::engine::view::{QuestionView, RunView};
use crate::message::{Message, message};
use crate::model::record::{Answered, Consented, Decided, HandedOver, Manner, What};
use crate::model::{
    Actor, Basis, Body, Digest, Draft, Durability, Id, Journal, JournalError, Mode, Name, Objects, Outcome, QuestionId,
    Refusal, RunId, Span, Stamp, StepPath,
};
use crate::policy::duties::Duties;
use crate::step::{Classifies, ValueKind};
use crate::ui::duties;

/// What somebody answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    /// To which question.
    pub(crate) question: QuestionId,
    /// What.
    pub(crate) answer: Answer,
    /// Why, in words.
    pub(crate) because: Option<String>,
}

/// The forms that answers have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// What became of a step.
    Outcome {
        /// What.
        outcome: Outcome,
        /// One for each check.
        checks: Vec<bool>,
        /// The values that were asked for.
        values: BTreeMap<Id, Value>,
    },
    /// A chosen option; `yes` or `no` where the question was whether something holds.
    Choice {
        /// Its id.
        choice: Id,
        /// What is to be done later.
        follow_up: Option<String>,
        /// What it says of the incident.
        classifies: Option<Classifies>,
    },
    /// Consent to a plan, or its refusal.
    Consent {
        /// Whether it is given.
        given: bool,
        /// To which plan.
        plan: Option<Digest>,
        /// How a second person gave it, and who they are.
        second: Option<Second>,
    },
    /// A role that was offered is taken over.
    Taken {
        /// The role.
        role: Id,
        /// Who had it.
        from: Actor,
        /// What was open then.
        open: Open,
    },
}

/// A second person's consent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Second {
    /// How it was given.
    pub(crate) manner: Manner,
    /// Who gave it; nothing where that is who answers.
    pub(crate) who: Option<Actor>,
    /// The key and the note that they signed.
    pub(crate) signed: Option<(String, String)>,
}

/// What is open in a run when a role is handed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Open {
    /// Steps.
    pub(crate) steps: Vec<StepPath>,
    /// Questions.
    pub(crate) questions: Vec<QuestionId>,
    /// Duties of the law that were due or late, or waited for a word.
    pub(crate) duties: Vec<Name>,
}

impl Open {
    /// What is open in `view`, without the question `but`.
    pub(crate) fn of(view: &RunView, standing: &Duties, but: Option<&QuestionId>) -> Self {
        let steps = view.steps.iter().filter(|step| step.open && step.number.is_some());
        let questions = view.questions.iter().filter(|question| Some(&question.id) != but);
        Self {
            steps: steps.map(|step| step.path.clone()).collect(),
            questions: questions.map(|question| question.id.clone()).collect(),
            duties: duties::pressing(standing).into_iter().map(|row| row.id.clone()).collect(),
        }
    }
}

/// Makes an answer whole with what the run holds now: what is open when a role is taken over. Only then it asks where the
/// duties stand.
///
/// # Errors
///
/// Where the role is no longer theirs who offered it.
pub(crate) fn complete(reply: &mut Reply, view: &RunView, standing: impl FnOnce() -> Duties) -> Result<(), Message> {
    if let Answer::Taken { role, from, open } = &mut reply.answer {
        let holder = view.held.iter().find(|held| held.role == *role).and_then(|held| held.holder.as_ref());
        if holder != Some(from) {
            return Err(message!("people-passed-on", role = role.as_str(), who = from.as_str()));
        }
        *open = Open::of(view, &standing(), Some(&reply.question));
    }
    Ok(())
}

/// Whether the question is answered with an outcome, and not with a choice or a consent.
pub(crate) fn asks_outcome(what: What) -> bool {
    !matches!(what, What::Decide | What::Truth | What::Consent | What::Second)
}

impl Reply {
    /// The record's body; words and values become objects first.
    pub(crate) fn keep(&self, objects: &dyn Objects) -> Result<Body, JournalError> {
        let words = |text: &Option<String>| text.as_deref().map(|text| objects.put_text(text)).transpose();
        let because = words(&self.because)?;
        let question = self.question.clone();
        Ok(match &self.answer {
            Answer::Outcome { outcome, checks, values } => {
                let mut answers = BTreeMap::new();
                for (id, value) in values {
                    answers.insert(id.clone(), objects.put_text(&value.to_string())?);
                }
                Answered { question, outcome: *outcome, checks: checks.clone(), answers, because }.into()
            }
            Answer::Choice { choice, follow_up, .. } => {
                Decided { question, choice: choice.clone(), because, follow_up: words(follow_up)? }.into()
            }
            Answer::Consent { given, plan, second } => {
                let manner = second.as_ref().map(|second| second.manner);
                let (vkey, note) = match second.as_ref().and_then(|second| second.signed.as_ref()) {
                    Some((vkey, note)) => (Some(vkey.clone()), Some(objects.put(note.as_bytes())?)),
                    None => (None, None),
                };
                Consented { question, given: *given, plan: *plan, manner, vkey, note, because }.into()
            }
            Answer::Taken { role, from, open } => {
                let Open { steps, questions, duties } = open.clone();
                HandedOver { question, role: role.clone(), from: from.clone(), steps, questions, duties, because }
                    .into()
            }
        })
    }
}

/// What became of an answer.
#[derive(Debug)]
pub(crate) enum Sent {
    /// It is kept.
    Kept {
        /// In which record.
        seq: u64,
    },
    /// Somebody else was first.
    Late {
        /// Who.
        by: Actor,
        /// In which record.
        seq: u64,
    },
    /// The question is not asked any more: its step or the run has ended.
    Gone,
}

/// Who answers, and how that is entered.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    /// Who did it.
    pub(crate) actor: Actor,
    /// Who entered it, if another.
    pub(crate) by: Option<Actor>,
    /// When it was said, if not now.
    pub(crate) occurred: Option<Stamp>,
    /// Where that is known from.
    pub(crate) basis: Basis,
}

impl Voice {
    /// Who answers with `reply` at the console of `actor`: a second person stands by or was called, and `actor` enters it.
    pub(crate) fn of(reply: &Reply, actor: Actor) -> Self {
        let mut voice = Self::at_console(actor);
        if let Answer::Consent { second: Some(Second { manner, who: Some(who), .. }), .. } = &reply.answer {
            voice.by = Some(std::mem::replace(&mut voice.actor, who.clone()));
            if *manner == Manner::Phone {
                voice.basis = Basis::Told;
            }
        }
        voice
    }

    /// Somebody who answers now, at a console.
    pub(crate) fn at_console(actor: Actor) -> Self {
        Self { actor, by: None, occurred: None, basis: Basis::Console }
    }
}

/// Appends `reply`; the first in the log is the one that counts.
pub(crate) fn send(
    journal: &dyn Journal,
    objects: &dyn Objects,
    (run, mode): (&RunId, Mode),
    voice: &Voice,
    reply: &Reply,
) -> Result<Sent, JournalError> {
    let body = reply.keep(objects)?;
    let draft = |body| Draft {
        by: voice.by.clone(),
        occurred: voice.occurred,
        basis: voice.basis,
        ..Draft::console(run, mode, voice.actor.clone(), body)
    };
    // Both or none: who decides how serious it is has said it to the duties as well.
    let classified = match (&body, &reply.answer) {
        (Body::Decided(decided), Answer::Choice { classifies: Some(classifies), .. }) => {
            Some(classifies.record(decided.because).into())
        }
        _ => None,
    };
    let drafts: Vec<Draft> = std::iter::once(body).chain(classified).map(draft).collect();
    match journal.append(&drafts, Durability::Synced) {
        Ok(appended) => Ok(Sent::Kept { seq: appended.records.first().map_or(0, |record| record.seq) }),
        Err(JournalError::Refused { refusal: Refusal::AnsweredBefore { by, seq, .. }, .. }) => {
            Ok(Sent::Late { by, seq })
        }
        Err(JournalError::Refused { refusal: Refusal::NoLongerAsked { .. } | Refusal::Ended { .. }, .. }) => {
            Ok(Sent::Gone)
        }
        Err(error) => Err(error),
    }
}

/// Reads a value of the kind that was asked for.
///
/// # Errors
///
/// What would have been right.
pub(crate) fn value(kind: &ValueKind, text: &str) -> Result<Value, Message> {
    let text = text.trim();
    match kind {
        ValueKind::String | ValueKind::Path if text.is_empty() => Err(message!("console-value-empty")),
        ValueKind::String | ValueKind::Path => Ok(Value::from(text)),
        ValueKind::System => match text.parse::<Name>() {
            Ok(name) => Ok(Value::from(name.as_str())),
            Err(_) => Err(message!("console-value-system")),
        },
        ValueKind::Integer => match text.parse::<i64>() {
            Ok(number) => Ok(Value::from(number)),
            Err(_) => Err(message!("console-value-integer")),
        },
        ValueKind::Duration => match text.parse::<Span>() {
            Ok(span) => Ok(Value::from(span.seconds())),
            Err(_) => Err(message!("console-value-duration")),
        },
        ValueKind::Boolean => match text.to_lowercase().as_str() {
            "c" | "yes" | "y" | "true" => Ok(Value::from(true)),
            "k" | "no" | "n" | "false" => Ok(Value::from(false)),
            _ => Err(message!("console-value-boolean")),
        },
        ValueKind::Choice(words) => {
            let picked = text.parse::<usize>().ok().and_then(|number| words.get(number.checked_sub(1)?));
            match picked.or_else(|| words.iter().find(|word| word.as_str() == text)) {
                Some(word) => Ok(Value::from(word.as_str())),
                None => Err(message!("console-value-choice", words = numbered(words))),
            }
        }
    }
}

/// `[1] red, [2] green`.
pub(crate) fn numbered(words: &[String]) -> String {
    let list: Vec<String> = words.iter().enumerate().map(|(index, word)| format!("[{}] {word}", index + 1)).collect();
    list.join(", ")
}

/// What the option `choice` says of the incident.
pub(crate) fn classifies(question: &QuestionView, choice: &Id) -> Option<Classifies> {
    question.options.iter().find(|option| option.id == *choice)?.classifies
}

/// The option that `text` names: by its number, from 1, or by its id.
pub(crate) fn option(question: &QuestionView, text: &str) -> Option<Id> {
    let picked = text.parse::<usize>().ok().and_then(|number| question.options.get(number.checked_sub(1)?));
    picked.or_else(|| question.options.iter().find(|option| option.id == *text)).map(|option| option.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(kind: &ValueKind, text: &str, expected: Option<&Value>) {
        assert_eq!(value(kind, text).ok().as_ref(), expected, "{text}");
    }

    #[test]
    fn a_value_is_read_as_the_kind_that_was_asked_for() {
        reads(&ValueKind::Integer, " 12 ", Some(&12.into()));
        reads(&ValueKind::Integer, "twelve", None);
        reads(&ValueKind::Duration, "1h30m", Some(&5400.into()));
        reads(&ValueKind::Duration, "90", None);
        reads(&ValueKind::Boolean, "c", Some(&true.into()));
        reads(&ValueKind::Boolean, "", None);
        reads(&ValueKind::String, "", None);
        reads(&ValueKind::System, "one-stop", Some(&"one-stop".into()));
        reads(&ValueKind::System, "One Stop", None);
        let words = ValueKind::Choice(vec!["red".into(), "green".into()]);
        reads(&words, "2", Some(&"green".into()));
        reads(&words, "red", Some(&"red".into()));
        reads(&words, "3", None);
        reads(&words, "0", None);
    }
}
