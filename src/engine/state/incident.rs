//! What people say of a run besides answering its questions: how it is classified, what was sent, who has which role.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::Edge;
use crate::model::record::{Grave, Manner, Serious, Verdict};
use crate::model::{Actor, Basis, Body, Id, Name, ObjectRef, QuestionId, Record};

/// A classification, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// In which record.
    pub seq: u64,
    /// When it was said, or found.
    pub edge: Edge,
    /// Who says so.
    pub actor: Actor,
    /// Where it comes from.
    pub basis: Basis,
    /// Whether it is serious, where that is said.
    pub serious: Option<Serious>,
    /// Which of the gravest cases it is, where that is said.
    pub grave: Option<Vec<Grave>>,
    /// Whether personal data is breached, where that is said.
    pub personal_data: Option<bool>,
    /// Other conditions of duties, where that is said.
    pub flags: BTreeMap<Id, bool>,
    /// Why, in words.
    pub because: Option<ObjectRef>,
}

/// What somebody saw of the incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// In which record.
    pub seq: u64,
    /// When it was seen.
    pub edge: Edge,
    /// Who saw it.
    pub actor: Actor,
    /// Where that comes from.
    pub basis: Basis,
    /// What, in words.
    pub text: ObjectRef,
}

/// A notice that a person sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// In which record.
    pub seq: u64,
    /// When it was sent.
    pub edge: Edge,
    /// Who sent it.
    pub actor: Actor,
    /// Where that comes from.
    pub basis: Basis,
    /// Which duty or notice.
    pub notice: Name,
    /// To whom, in words.
    pub to: Option<ObjectRef>,
    /// To whom, as the roles that duties name.
    pub roles: Vec<Id>,
    /// The number of the document, in words.
    pub number: Option<ObjectRef>,
    /// The receipt.
    pub receipt: Option<ObjectRef>,
}

/// A consent to something destructive that somebody gave alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Alone {
    /// In which record.
    pub seq: u64,
    /// Who.
    pub actor: Actor,
    /// The question.
    pub question: QuestionId,
    /// Who confirmed it afterwards, and in which record.
    pub confirmed: Option<(Actor, u64)>,
}

/// What the chair concluded.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// In which record.
    pub seq: u64,
    /// Who concludes.
    pub actor: Actor,
    /// Whether it passed.
    pub verdict: Verdict,
    /// Why, in words.
    pub because: Option<ObjectRef>,
}

/// What people say of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incident {
    /// How it was classified, in the order of the log.
    pub classified: Vec<Classification>,
    /// What was seen of it, in the order of the log.
    pub seen: Vec<Sighting>,
    /// Notices that were sent, in the order of the log.
    pub sent: Vec<Sent>,
    /// Notices whose text was prepared, with the record of the newest.
    pub prepared: BTreeMap<Name, u64>,
    /// Who has each role now; roles that nobody has taken or given up are not there.
    pub roles: BTreeMap<Id, Actor>,
    /// Roles that were given up and that nobody has taken since.
    pub vacant: BTreeSet<Id>,
    /// Who takes part no longer.
    pub gone: BTreeSet<Actor>,
    /// Consents given alone, with who confirmed them since.
    pub alone: Vec<Alone>,
    /// What the chair concluded; the last counts.
    pub concluded: Option<Conclusion>,
    /// The record that says that the run counts for nothing.
    pub voided: Option<u64>,
}

impl Incident {
    pub(super) fn apply(&mut self, record: &Record) {
        let seq = record.seq;
        let actor = || record.draft.actor.clone();
        match &record.draft.body {
            Body::Joined(joined) => {
                self.gone.remove(&record.draft.actor);
                if let Some(role) = &joined.role {
                    self.take(role, actor());
                }
            }
            Body::Left(_) => {
                let given_up = self.roles.iter().filter(|(_, holder)| **holder == record.draft.actor);
                self.vacant.extend(given_up.map(|(role, _)| role.clone()).collect::<Vec<_>>());
                self.roles.retain(|_, holder| *holder != record.draft.actor);
                self.gone.insert(actor());
            }
            Body::Replaced(replaced) => self.take(&replaced.role, replaced.to.clone()),
            Body::HandedOver(taken) => self.take(&taken.role, actor()),
            Body::Consented(consent) if consent.given && consent.manner == Some(Manner::Alone) => {
                let question = consent.question.clone();
                self.alone.push(Alone { seq, actor: actor(), question, confirmed: None });
            }
            Body::Confirmed(confirmed) => {
                if let Some(alone) = self.alone.iter_mut().find(|alone| alone.seq == confirmed.seq) {
                    alone.confirmed.get_or_insert_with(|| (record.draft.actor.clone(), seq));
                }
            }
            Body::Noted(noted) if noted.seen => self.seen.push(Sighting {
                seq,
                edge: Edge::of(record, None),
                actor: actor(),
                basis: record.draft.basis,
                text: noted.text,
            }),
            Body::NoticePrepared(prepared) => {
                self.prepared.insert(prepared.notice.clone(), seq);
            }
            Body::Classified(said) => self.classified.push(Classification {
                seq,
                edge: Edge::of(record, None),
                actor: actor(),
                basis: record.draft.basis,
                serious: said.serious,
                grave: said.grave.clone(),
                personal_data: said.personal_data,
                flags: said.flags.clone(),
                because: said.because,
            }),
            Body::NoticeSent(sent) => self.sent.push(Sent {
                seq,
                edge: Edge::of(record, None),
                actor: actor(),
                basis: record.draft.basis,
                notice: sent.notice.clone(),
                to: sent.to,
                roles: sent.roles.clone(),
                number: sent.number,
                receipt: sent.receipt,
            }),
            Body::Concluded(concluded) => {
                self.concluded =
                    Some(Conclusion { seq, actor: actor(), verdict: concluded.verdict, because: concluded.because });
            }
            Body::RunVoided(_) => self.voided = Some(seq),
            _ => {}
        }
    }

    fn take(&mut self, role: &Id, who: Actor) {
        self.gone.remove(&who);
        self.vacant.remove(role);
        self.roles.insert(role.clone(), who);
    }

    /// Whether it is serious, as was said last; undecided where nobody has said.
    #[must_use]
    pub fn serious(&self) -> Serious {
        self.classified.iter().rev().find_map(|said| said.serious).unwrap_or_default()
    }

    /// Which of the gravest cases it is, as was said last.
    #[must_use]
    pub fn grave(&self) -> &[Grave] {
        self.classified.iter().rev().find_map(|said| said.grave.as_deref()).unwrap_or_default()
    }

    /// When a breach of personal data was found; nothing where none is known of, or the last word says that there is none.
    #[must_use]
    pub fn personal_data(&self) -> Option<&Edge> {
        let mut found = None;
        for said in &self.classified {
            match said.personal_data {
                Some(true) => found = found.or(Some(&said.edge)),
                Some(false) => found = None,
                None => {}
            }
        }
        found
    }
}
