//! What is known of one incident, as far as duties hang on it.

pub use crate::model::record::Serious;
use crate::model::{Id, Name, ObjectRef, RunKind, Stamp};

/// What the record says of one incident. Moments are when things happened, not when they were entered.
///
/// Whatever is later than `now` counts for nothing: the same facts with an earlier `now` say how things stood then.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Whether it is a drill.
    pub kind: RunKind,
    /// The moment for which the duties are computed.
    pub now: Stamp,
    /// When the incident was detected.
    pub detected: Option<Stamp>,
    /// When the response ended.
    pub ended: Option<Stamp>,
    /// When the personal-data breach was found, if one was.
    pub breach: Option<Stamp>,
    /// Every classification, in the order of the record.
    pub classified: Vec<Classified>,
    /// Every answer to a flag, in the order of the record.
    pub answered: Vec<Answered>,
    /// Every notice that a person says was sent.
    pub sent: Vec<Sent>,
}

impl Facts {
    /// An incident or drill of which nothing is known at `now`.
    #[must_use]
    pub fn new(kind: RunKind, now: Stamp) -> Self {
        Self {
            kind,
            now,
            detected: None,
            ended: None,
            breach: None,
            classified: Vec::new(),
            answered: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// The classification in force at `moment`: the latest, the later in the record of two at once.
    #[must_use]
    pub fn serious_at(&self, moment: &Stamp) -> Option<&Classified> {
        let earlier = self.classified.iter().filter(|one| one.at.instant <= moment.instant);
        earlier.max_by_key(|one| one.at.instant)
    }

    /// The answer to `flag` in force at `moment`.
    #[must_use]
    pub fn answer_at(&self, flag: &Id, moment: &Stamp) -> Option<&Answered> {
        let earlier = self.answered.iter().filter(|one| one.flag == *flag && one.at.instant <= moment.instant);
        earlier.max_by_key(|one| one.at.instant)
    }
}

/// One classification by a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Classified {
    /// As what.
    pub serious: Serious,
    /// When.
    pub at: Stamp,
    /// Why, an object.
    pub because: Option<ObjectRef>,
}

/// One answer of a person to a flag.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The flag.
    pub flag: Id,
    /// Yes or no.
    pub yes: bool,
    /// When.
    pub at: Stamp,
    /// Why, an object.
    pub because: Option<ObjectRef>,
}

/// A notice that a person says was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Which notice, or which duty.
    pub notice: Name,
    /// The duties that it fulfils, where a person named them; else those that ask for this notice or are named by it.
    pub duties: Vec<Name>,
    /// To whom, by role. Empty where the record has no role, only words: then it counts for a duty that names one recipient,
    /// and for none of those that name several, because nobody said which of them has it.
    pub to: Vec<Id>,
    /// When.
    pub at: Stamp,
}
