//! The rows of a report that tell what was entered late, corrected, added, concluded and signed; and the course of events.

use serde::Serialize;

use super::Records;
use crate::model::record::Verdict;
use crate::model::{Actor, Basis, Outcome, RunId, Stamp, StepPath, Text};

/// What is particular about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It was entered after it happened.
    Late,
    /// It is known from what was told, from paper or from memory.
    Retold,
    /// Somebody entered it for another.
    ForAnother,
    /// It corrects an earlier record.
    Corrected,
    /// It takes out objects.
    Redacted,
    /// It was added after the run had ended.
    AfterEnd,
    /// It is not covered by a signature that a person had given before.
    AfterSignature,
}

impl ChangeKind {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Retold => "retold",
            Self::ForAnother => "for-another",
            Self::Corrected => "corrected",
            Self::Redacted => "redacted",
            Self::AfterEnd => "after-end",
            Self::AfterSignature => "after-signature",
        }
    }
}

/// A record that was entered late, for another, corrects, takes out, or was added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeRow {
    /// Its number.
    pub seq: u64,
    /// Its run.
    pub run: Option<RunId>,
    /// What is particular about it.
    pub kinds: Vec<ChangeKind>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was written.
    pub written: Stamp,
    /// When it happened, if not then; as it was entered, before corrections.
    pub occurred: Option<Stamp>,
    /// Who did it.
    pub actor: Actor,
    /// Who entered it, if another.
    pub by: Option<Actor>,
    /// Where it is known from.
    pub basis: Basis,
    /// Why; null where nobody said, or it was redacted.
    pub because: Option<String>,
    /// What it says, in words; null where that is not known without the run, or its type says it all.
    pub told: Option<Text>,
    /// What it corrects.
    pub correction: Option<Correction>,
    /// How many objects it takes out.
    pub redacted: Option<usize>,
    /// Sizes that were signed before and do not cover it.
    pub after: Records,
}

impl ChangeRow {
    /// Whether it is of this kind.
    #[must_use]
    pub fn is(&self, kind: ChangeKind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// Which field, and both values. A moment is in RFC 3339.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Correction {
    /// The record that was wrong.
    pub seq: u64,
    /// Its field.
    pub field: String,
    /// What was in force before; null where nothing was, or it was redacted.
    pub was: Option<String>,
    /// What is in force from then on; null where it was redacted.
    pub is: Option<String>,
}

/// Something that happened, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRow {
    /// When, after corrections.
    pub at: Stamp,
    /// Where the moment is known from, where the machine did not see it come.
    pub basis: Option<Basis>,
    /// Who.
    pub actor: Actor,
    /// Who entered it, if another.
    pub by: Option<Actor>,
    /// What happened.
    pub text: Text,
    /// What was said with it; null where nothing was, or it was redacted.
    pub words: Option<String>,
    /// The step that it is about.
    pub step: Option<StepPath>,
    /// The type of its record.
    #[serde(rename = "type")]
    pub kind: String,
    /// What an answer or the end of a step came to.
    pub outcome: Option<Outcome>,
    /// The records it rests on.
    pub records: Records,
}

/// What the chair concluded. It stands apart from the technical result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conclusion {
    /// Whether it passed.
    pub verdict: Verdict,
    /// Who concluded.
    pub by: Actor,
    /// When.
    pub at: Stamp,
    /// Where that is known from, where the machine did not see it come.
    pub basis: Option<Basis>,
    /// Who writes the minutes.
    pub secretary: Option<Actor>,
    /// Where people met; null where nobody said, or it was redacted.
    pub place: Option<String>,
    /// Why.
    pub because: Option<String>,
    /// The records it rests on.
    pub records: Records,
}

/// That the run counts for nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Voided {
    /// Who said so.
    pub by: Actor,
    /// When.
    pub at: Stamp,
    /// Why.
    pub because: Option<String>,
    /// The records it rests on.
    pub records: Records,
}

/// A person's signature over the ledger as it stood: of this run, of the ledger, or of another run and reaching into this one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignatureRow {
    /// Who signed.
    pub by: Actor,
    /// When.
    pub at: Stamp,
    /// How many records it covers.
    pub size: u64,
    /// The public key.
    pub key: String,
    /// What comparing it came to.
    pub standing: SignatureStanding,
    /// The run that was signed; null for the ledger as such.
    pub run: Option<RunId>,
    /// The records it rests on.
    pub records: Records,
}

/// What comparing a person's signature came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureStanding {
    /// It is good, under the key that `people.yaml` has of that person.
    Good,
    /// It is good under its key, and that is not the one that `people.yaml` has of that person.
    OtherKey,
    /// It is good under its key, and `people.yaml` has none of that person.
    NoKey,
    /// It does not hold.
    Broken,
    /// It was redacted.
    Gone,
    /// Nobody looked, or the ledger does not hold up to it.
    NotLooked,
}
