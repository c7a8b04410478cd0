//! The duties of a run: what its record says, as the rules on duties read it, and what a report prints of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::types::Records;
use crate::engine::State;
use crate::model::record::{Grave, Serious};
use crate::model::{Actor, Basis, Digest, Id, Mark, Name, RunKind, Stamp, Text};
use crate::policy::duties::{self, Answered, Book, Classified, Duties, Facts, Overridden, Row, Sent};
use crate::policy::levels;
use crate::policy::recipients::Recipients;

/// The rules that a run is held to.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Every duty.
    pub book: Book,
    /// The criteria for the levels of systems.
    pub levels: levels::Book,
    /// Whom notices go to, by role.
    pub recipients: Recipients,
    /// What the unit itself calls serious.
    pub serious_definition: Option<Text>,
    /// What notices are called.
    pub notices: BTreeMap<Name, Text>,
    /// Files of the unit that are wrong and count for nothing.
    pub unread: Vec<String>,
}

impl Rules {
    /// Where every duty of a run stands at `now`.
    #[must_use]
    pub fn duties(&self, state: &State, now: &Stamp) -> Duties {
        duties::duties(&self.book, &facts(state, now), &self.recipients, self.serious_definition.as_ref())
    }
}

/// What the record of a run says, as far as duties hang on it. Moments are those of the course of events.
#[must_use]
pub fn facts(state: &State, now: &Stamp) -> Facts {
    let incident = state.incident();
    let marked = |mark| state.marks().first(mark).map(|marking| marking.edge.stamp);
    let mut facts = Facts {
        detected: marked(Mark::Detected),
        ended: marked(Mark::Closed).or_else(|| state.ended_at()),
        breach: incident.personal_data().map(|edge| edge.stamp),
        ..Facts::new(state.plan().kind, *now)
    };
    for said in &incident.classified {
        let at = said.edge.stamp;
        if let Some(serious) = said.serious {
            facts.classified.push(Classified { serious, at, because: said.because });
        }
        // Whoever names the gravest cases says of the others that they are not: that is what `--no-grave` says of all.
        if let Some(grave) = &said.grave {
            for (word, case) in GRAVE {
                if let Ok(flag) = word.parse::<Id>() {
                    facts.answered.push(Answered { flag, yes: grave.contains(case), at, because: said.because });
                }
            }
        }
        for (flag, yes) in &said.flags {
            facts.answered.push(Answered { flag: flag.clone(), yes: *yes, at, because: said.because });
        }
    }
    facts.sent = incident
        .sent
        .iter()
        .map(|sent| Sent {
            notice: sent.notice.clone(),
            duties: Vec::new(),
            to: sent.roles.clone(),
            at: sent.edge.stamp,
        })
        .collect();
    facts
}

/// The flags that `classify --grave` answers.
pub const GRAVE: &[(&str, Grave)] = &[
    ("national_security", Grave::NationalSecurity),
    ("public_order", Grave::PublicOrder),
    ("serious_interruption", Grave::SeriousInterruption),
];

/// The duties of a run, for its report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DutyPart {
    /// When the incident was detected (T0).
    pub detected: Option<Stamp>,
    /// When a breach of personal data was found; null where nobody said so, or the last word is that there is none.
    pub breach: Option<Stamp>,
    /// How persons classified it, in the order of the log.
    pub classified: Vec<ClassifiedRow>,
    /// Where each stands, with what was sent for it.
    pub rows: Vec<DutyRow>,
    /// Whether this is a drill: then all of it is simulated.
    pub simulated: bool,
    /// What the unit itself calls serious.
    pub serious_definition: Option<Text>,
    /// Shipped duties in whose place the unit has put its own.
    pub overridden: Vec<Overridden>,
    /// Files of the unit that are wrong and count for nothing.
    pub unread: Vec<String>,
    /// What was sent that no duty asks for.
    pub sent_besides: Vec<SentRow>,
}

impl DutyPart {
    /// The duties that are late, were done late, or were not done when they applied.
    pub fn late(&self) -> impl Iterator<Item = &DutyRow> {
        self.rows.iter().filter(|row| {
            matches!(
                row.row.state,
                duties::State::Late { .. }
                    | duties::State::Done { timing: duties::Timing::Late(_), .. }
                    | duties::State::NotApplying { lapsed: true, .. }
            )
        })
    }
}

/// One duty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DutyRow {
    /// Where it stands.
    #[serde(flatten)]
    pub row: Row,
    /// What was sent for it.
    pub sent: Vec<SentRow>,
}

/// How a person classified it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassifiedRow {
    /// When.
    pub at: Stamp,
    /// Who.
    pub by: Actor,
    /// As what, in words.
    pub text: Text,
    /// Whether it says that the incident is serious, or is not; null where it is about something else.
    pub serious: Option<Serious>,
    /// Whose definition of a serious incident was used: the unit's own, as it was kept with the word; null where it had none.
    pub definition: Option<String>,
    /// Why.
    pub because: Option<String>,
    /// The records it rests on.
    pub records: Records,
}

/// A notice that a person says was sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SentRow {
    /// Which duty or notice.
    pub notice: Name,
    /// What that is called; null where no file has it.
    pub title: Option<Text>,
    /// When.
    pub at: Stamp,
    /// Who sent it.
    pub by: Actor,
    /// Where that is known from.
    pub basis: Basis,
    /// To whom, in words; null where nothing was said, or it was redacted.
    pub to: Option<String>,
    /// To whom, as roles.
    pub roles: Vec<Id>,
    /// The number of the document.
    pub number: Option<String>,
    /// The digest of the receipt.
    pub receipt: Option<Digest>,
    /// The records it rests on.
    pub records: Records,
}

/// The duties of a run with what was `sent` and how it was `classified`; nothing for a drill in which none has begun, nothing was
/// sent and nobody classified anything.
pub(super) fn part(
    rules: &Rules,
    state: &State,
    now: &Stamp,
    sent: &[SentRow],
    classified: Vec<ClassifiedRow>,
) -> Option<DutyPart> {
    let known = facts(state, now);
    let duties = rules.duties(state, now);
    let begun = duties.rows.iter().any(|row| row.start.is_some());
    if state.plan().kind == RunKind::Drill && !begun && sent.is_empty() && classified.is_empty() {
        return None;
    }
    let asked = |row: &Row, sent: &SentRow| row.id == sent.notice || row.notice.as_ref() == Some(&sent.notice);
    let besides: Vec<SentRow> =
        sent.iter().filter(|sent| !duties.rows.iter().any(|row| asked(row, sent))).cloned().collect();
    let rows = duties.rows.into_iter().map(|row| {
        let sent = sent.iter().filter(|sent| asked(&row, sent)).cloned().collect();
        DutyRow { row, sent }
    });
    Some(DutyPart {
        detected: known.detected,
        breach: known.breach,
        classified,
        rows: rows.collect(),
        simulated: duties.simulated,
        serious_definition: duties.serious_definition,
        overridden: rules.book.overridden.clone(),
        unread: rules.unread.clone(),
        sent_besides: besides,
    })
}
