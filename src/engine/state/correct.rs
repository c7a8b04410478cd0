//! Corrections: the later word is in force. What decides the course of a run is not corrected, only told again.

use std::sync::Arc;

use super::State;
use super::parts::Edge;
use crate::model::record::{Corrected, Value};
use crate::model::{Actor, Basis, Mark, Stamp};

impl State {
    /// Takes in that a field of an earlier record was wrong. What the state does not hold is passed over.
    pub(super) fn corrected(&mut self, corrected: &Corrected) {
        match (corrected.field.as_str(), &corrected.is) {
            ("occurred", Value::Word(text)) => {
                if let Ok(stamp) = text.parse() {
                    self.moved(corrected.seq, stamp);
                }
            }
            ("actor", Value::Word(text)) => {
                if let Ok(actor) = text.parse() {
                    self.done_by(corrected.seq, &actor);
                }
            }
            ("basis", Value::Word(word)) => {
                if let Some(basis) = Basis::from_word(word) {
                    self.known_from(corrected.seq, basis);
                }
            }
            ("mark", Value::Word(word)) => {
                if let Some(mark) = Mark::from_word(word) {
                    for marking in self.marks.iter_mut().filter(|marking| marking.seq == corrected.seq) {
                        marking.mark = mark;
                    }
                }
            }
            (field, Value::Words(object)) => {
                if let Some(id) = field.strip_prefix("answers.") {
                    self.answered_otherwise(corrected.seq, id, *object);
                } else if let Some(seen) = self.incident.seen.iter_mut().find(|seen| seen.seq == corrected.seq) {
                    if field == "text" {
                        seen.text = *object;
                    }
                } else if let Some(sent) = self.incident.sent.iter_mut().find(|sent| sent.seq == corrected.seq) {
                    match field {
                        "to" => sent.to = Some(*object),
                        "number" => sent.number = Some(*object),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// What record `seq` tells of happened at another moment.
    fn moved(&mut self, seq: u64, stamp: Stamp) {
        let edge = Edge { stamp, mono: None };
        for marking in self.marks.iter_mut().filter(|marking| marking.seq == seq) {
            marking.edge = edge.clone();
        }
        for said in self.incident.classified.iter_mut().filter(|said| said.seq == seq) {
            said.edge = edge.clone();
        }
        for sent in self.incident.sent.iter_mut().filter(|sent| sent.seq == seq) {
            sent.edge = edge.clone();
        }
        for seen in self.incident.seen.iter_mut().filter(|seen| seen.seq == seq) {
            seen.edge = edge.clone();
        }
        let Some(question) = self.questions.values_mut().find(|it| it.answer.as_ref().is_some_and(|a| a.seq == seq))
        else {
            return;
        };
        let question = Arc::make_mut(question);
        let Some(answer) = &mut question.answer else { return };
        answer.occurred = Some(stamp);
        // What followed from the answer happened with it: the end of its step, and what that end marks.
        let Some(path) = &question.step else { return };
        let attempt = question.attempt;
        if let Some(instance) = self.instances.get_mut(path)
            && instance.attempt == attempt
            && let Some(ended) = instance.ended_edge.clone()
        {
            Arc::make_mut(instance).ended_edge = Some(edge.clone());
            for marking in self.marks.iter_mut() {
                if marking.step.as_ref() == Some(path) && marking.edge == ended {
                    marking.edge = edge.clone();
                }
            }
        }
    }

    /// What record `seq` tells of was done by another.
    fn done_by(&mut self, seq: u64, actor: &Actor) {
        for said in self.incident.classified.iter_mut().filter(|said| said.seq == seq) {
            said.actor = actor.clone();
        }
        for sent in self.incident.sent.iter_mut().filter(|sent| sent.seq == seq) {
            sent.actor = actor.clone();
        }
        for seen in self.incident.seen.iter_mut().filter(|seen| seen.seq == seq) {
            seen.actor = actor.clone();
        }
        for marking in self.marks.iter_mut().filter(|marking| marking.seq == seq) {
            marking.actor = actor.clone();
        }
        for question in self.questions.values_mut() {
            if question.answer.as_ref().is_some_and(|answer| answer.seq == seq)
                && let Some(answer) = &mut Arc::make_mut(question).answer
            {
                answer.actor = actor.clone();
            }
        }
    }

    /// What record `seq` tells of is known from elsewhere.
    fn known_from(&mut self, seq: u64, basis: Basis) {
        for said in self.incident.classified.iter_mut().filter(|said| said.seq == seq) {
            said.basis = basis;
        }
        for sent in self.incident.sent.iter_mut().filter(|sent| sent.seq == seq) {
            sent.basis = basis;
        }
        for seen in self.incident.seen.iter_mut().filter(|seen| seen.seq == seq) {
            seen.basis = basis;
        }
        for marking in self.marks.iter_mut().filter(|marking| marking.seq == seq) {
            marking.basis = basis;
        }
        for question in self.questions.values_mut() {
            if question.answer.as_ref().is_some_and(|answer| answer.seq == seq)
                && let Some(answer) = &mut Arc::make_mut(question).answer
            {
                answer.basis = basis;
            }
        }
    }

    /// A value that was asked for is another: what comes later in the run sees that one.
    fn answered_otherwise(&mut self, seq: u64, id: &str, object: crate::model::ObjectRef) {
        let Some(question) = self.questions.values_mut().find(|it| it.answer.as_ref().is_some_and(|a| a.seq == seq))
        else {
            return;
        };
        let question = Arc::make_mut(question);
        if let Some(answer) = &mut question.answer
            && let super::Said::Outcome { answers, .. } = &mut answer.said
            && let Some(value) = answers.get_mut(id)
        {
            *value = object;
        }
        if let Some(path) = &question.step
            && let Some(instance) = self.instances.get_mut(path)
            && instance.attempt == question.attempt
            && let Some(value) = Arc::make_mut(instance).captures.get_mut(id)
        {
            *value = object;
        }
    }
}
