//! A system as its file shows it to have been on a day.

use jiff::civil::Date;

use super::System;
use super::dossier::{Control, Decision, Dossier, Regulation, Status};

/// What a file has of a system that is of a later day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Later {
    /// The decision on its level.
    pub decision: Option<Decision>,
    /// The unit's regulation on its security.
    pub regulation: Option<Regulation>,
    /// Controls that somebody checked.
    pub controls: Vec<Control>,
}

impl Later {
    /// Whether there is nothing of a later day.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl System {
    /// The system without what its file dates after `on`, and what that is. What has no date stays.
    #[must_use]
    pub fn as_of(&self, on: Date) -> (Self, Later) {
        let mut then = self.clone();
        let mut later = Later::default();
        if let Some(dossier) = &mut then.dossier {
            later.decision = dossier.decision.take_if(|it| it.date.is_some_and(|date| date > on));
            later.regulation = dossier.regulation.take_if(|it| it.date.is_some_and(|date| date > on));
            if later.decision.is_some() {
                (dossier.approved, dossier.rules) = (None, None);
            }
            dossier.status = stage(dossier, later.decision.is_some(), on);
        }
        (later.controls, then.controls) =
            then.controls.into_iter().partition(|control| control.checked.is_some_and(|checked| checked > on));
        (then, later)
    }
}

/// How far a dossier had come on a day, where its dates tell; nothing where a later one is all that is known.
fn stage(dossier: &Dossier, undecided: bool, on: Date) -> Option<Status> {
    let by = |date: Option<Date>| date.is_some_and(|date| date <= on);
    let after = |date: Option<Date>| date.is_some_and(|date| date > on);
    let appraised = || if by(dossier.appraised) { Some(Status::Appraised) } else { None };
    let submitted = || if by(dossier.submitted) { Some(Status::Submitted) } else { None };
    match dossier.status? {
        Status::Approved if undecided => appraised().or_else(submitted),
        Status::Appraised if after(dossier.appraised) => submitted(),
        Status::Submitted if after(dossier.submitted) => None,
        status => Some(status),
    }
}
