//! A system as its file shows it to have been on a day.

use jiff::civil::Date;

use super::System;
use super::dossier::{Assessment, Control, Decision, Dossier, Regulation, Status};
use crate::message::message;
use crate::source::{Document, Finding, Node};

/// What a file has of a system that is of a later day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Later {
    /// The decision on its level.
    pub decision: Option<Decision>,
    /// The unit's regulation on its security.
    pub regulation: Option<Regulation>,
    /// The day on which its dossier was handed in.
    pub submitted: Option<Date>,
    /// The day on which its dossier was appraised.
    pub appraised: Option<Date>,
    /// Controls that somebody checked.
    pub controls: Vec<Control>,
    /// Assessments of its security.
    pub assessments: Vec<Assessment>,
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
            later.submitted = dossier.submitted.take_if(|date| *date > on);
            later.appraised = dossier.appraised.take_if(|date| *date > on);
            if later.decision.is_some() {
                (dossier.approved, dossier.rules) = (None, None);
            }
            dossier.status = stage(dossier, &later);
        }
        (later.assessments, then.assessments) = then.assessments.into_iter().partition(|one| one.date > on);
        (later.controls, then.controls) =
            then.controls.into_iter().partition(|control| control.checked.is_some_and(|checked| checked > on));
        (then, later)
    }
}

/// Finds days in a system's file that tell of what was done and have not come yet on `today`: a typing mistake, or a document
/// that is not signed yet. Reports leave it out until its day.
#[must_use]
pub fn days_to_come(document: &Document, today: Date) -> Vec<Finding> {
    let Some(root) = &document.root else { return Vec::new() };
    let dossier = root.get("dossier");
    let of_dossier = |part: &str| dossier?.get(part)?.get("date");
    let each = |list: &str, key: &'static str| {
        root.get(list).map(Node::items).unwrap_or_default().iter().filter_map(move |item| item.get(key))
    };
    let days = [of_dossier("decision"), of_dossier("regulation")].into_iter().flatten();
    let days = days.chain(["submitted", "appraised"].iter().filter_map(|part| dossier?.get(part)));
    let days = days.chain(each("controls", "checked")).chain(each("assessments", "date"));
    let late = days.filter_map(|node| Some((node, node.scalar()?.0))).filter(|(_, text)| {
        let day: Option<Date> = text.parse().ok();
        day.is_some_and(|day| day > today)
    });
    let finding = |(node, text): (&Node, &str)| {
        let message = message!("inventory-day-to-come", day = text);
        Finding::error("day-to-come", &document.file, node.place, message)
            .help(message!("inventory-day-to-come-help"))
            .warning()
    };
    late.map(finding).collect()
}

/// How far a dossier had come that shows no day of later any more, where its dates tell; nothing where what is of `later` is all
/// that is known.
fn stage(dossier: &Dossier, later: &Later) -> Option<Status> {
    let reached = match (dossier.appraised, dossier.submitted) {
        (Some(_), _) => Some(Status::Appraised),
        (None, Some(_)) => Some(Status::Submitted),
        (None, None) => None,
    };
    match dossier.status? {
        Status::Approved if later.decision.is_some() => reached,
        Status::Appraised if later.appraised.is_some() => reached,
        Status::Submitted if later.submitted.is_some() => None,
        status => Some(status),
    }
}
