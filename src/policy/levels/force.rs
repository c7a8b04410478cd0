//! The level in force on a day: the one that was approved, else the one that the facts prove, said to be computed.

use jiff::civil::Date;
use serde::Serialize;

use super::{Book, assess, day};
use crate::inventory::System;
use crate::inventory::dossier::{RulesId, Status};
use crate::message::{Lang, Message, message};
use crate::model::Text;

/// The level of a system on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum InForce {
    /// A decision approves it.
    Approved {
        /// The level.
        level: u8,
        /// By which decree.
        #[serde(skip_serializing_if = "Option::is_none")]
        rules: Option<RulesId>,
        /// The decision's number and symbol.
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// The decision's day.
        #[serde(skip_serializing_if = "Option::is_none")]
        date: Option<Date>,
        /// Who made it.
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<Text>,
        /// Whether no person has confirmed it.
        assumed: bool,
    },
    /// Nothing was approved by that day: the facts prove it.
    Computed {
        /// The level.
        level: u8,
        /// By which decree.
        rules: RulesId,
        /// Whether it rests on facts that no person has confirmed.
        assumed: bool,
    },
    /// Nothing was approved, and no criterion holds for sure.
    Undetermined,
}

impl InForce {
    /// The level, where there is one.
    #[must_use]
    pub fn level(&self) -> Option<u8> {
        match self {
            Self::Approved { level, .. } | Self::Computed { level, .. } => Some(*level),
            Self::Undetermined => None,
        }
    }

    /// Whether it rests on what no person has confirmed.
    #[must_use]
    pub fn assumed(&self) -> bool {
        match self {
            Self::Approved { assumed, .. } | Self::Computed { assumed, .. } => *assumed,
            Self::Undetermined => false,
        }
    }

    /// What there is to say: the level, and on what it rests.
    #[must_use]
    pub fn words(&self) -> Message {
        match self {
            Self::Approved { level, number, date, body, assumed, .. } => {
                let number = number.as_deref().map(Text::from);
                let parts = [number, date.map(day), body.clone()].into_iter().flatten();
                let (vi, en): (Vec<String>, Vec<String>) =
                    parts.map(|part| (part.pick(Lang::Vi).to_owned(), part.pick(Lang::En).to_owned())).unzip();
                let text = if vi.is_empty() {
                    message!("policy-force-approved", level = *level)
                } else {
                    let decision = Text::Each { vi: Some(vi.join(", ")), en: Some(en.join(", ")) };
                    message!("policy-force-decision", level = *level, decision = decision)
                };
                if *assumed { message!("policy-force-assumed", text = text) } else { text }
            }
            Self::Computed { level, rules, assumed } => {
                let text = message!("policy-force-computed", level = *level, rules = Book::title(*rules));
                if *assumed { message!("policy-force-assumed", text = text) } else { text }
            }
            Self::Undetermined => message!("policy-force-none"),
        }
    }
}

/// The level of `system` in force on the day `on`: `dossier.approved`, unless its decision is of a later day or its dossier is
/// not through yet; else what the criteria in force on that day prove.
#[must_use]
pub fn in_force(book: &Book, system: &System, on: Date) -> InForce {
    if let Some(dossier) = &system.dossier
        && let Some(level) = dossier.approved
        && matches!(dossier.status, None | Some(Status::Approved))
        && dossier.decision.as_ref().and_then(|decision| decision.date).is_none_or(|date| date <= on)
    {
        let decision = dossier.decision.as_ref();
        return InForce::Approved {
            level,
            rules: dossier.rules,
            number: decision.and_then(|decision| decision.number.clone()),
            date: decision.and_then(|decision| decision.date),
            body: decision.and_then(|decision| decision.body.clone()),
            assumed: system.assumes("dossier.approved"),
        };
    }
    let rules = book.in_force(on).rules;
    let Some(outcome) = book.set(rules).map(|set| assess(set, system)) else { return InForce::Undetermined };
    let Some(level) = outcome.proved else { return InForce::Undetermined };
    let mut grounds = outcome.matched.iter().filter(|found| found.rule.level() == Some(level));
    InForce::Computed { level, rules, assumed: grounds.all(|found| found.assumed(system) != 0) }
}
