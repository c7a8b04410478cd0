//! What a report says of a drill as an exercise: its plan, who took part, its situations, what evaluators scored.

use serde::Serialize;

use super::Records;
use crate::message::{Lang, message};
use crate::model::record::Rating;
use crate::model::{Actor, Digest, Id, Name, Stamp, Text};
use crate::playbook::exercise::{Live, Part};

/// A drill as an exercise. While it goes on, what only the organisers may see is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ExercisePart {
    /// The day for which it was planned; null where nothing was planned.
    pub date: Option<String>,
    /// The number and date of the document that orders it.
    pub plan: Option<PlanRow>,
    /// Who approved it.
    pub approver: Option<Text>,
    /// Where.
    pub place: Option<Text>,
    /// What a live drill fixes in advance.
    pub live: Option<Live>,
    /// Who takes part, in the order of the plan.
    pub participants: Vec<ParticipantRow>,
    /// The situations, in the order of the script.
    pub injects: Vec<InjectRow>,
    /// How many situations are left out because the drill goes on.
    pub hidden: usize,
    /// The script that the organisers kept elsewhere.
    pub script: Option<ScriptRow>,
    /// Who evaluated, in the order of their first scores: the columns of `scores`.
    pub evaluators: Vec<Evaluator>,
    /// What they said of each objective, side by side.
    pub scores: Vec<ScoreRow>,
    /// What the attack team did, in the order in which it happened.
    pub attack_actions: Vec<AttackRow>,
    /// The word that stopped the drill.
    pub stop_word: Option<StopWordRow>,
}

/// The document that orders an exercise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanRow {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: String,
}

/// A participant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParticipantRow {
    /// The number in the plan.
    pub number: u32,
    /// The id; null for somebody without an account.
    pub person: Option<Actor>,
    /// The name, where it is known.
    pub name: Option<Text>,
    /// Where they come from.
    pub unit: Option<Text>,
    /// What they are there; null where the plan has none.
    pub position: Option<Text>,
    /// What they do.
    pub part: Part,
}

/// A situation of the script.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InjectRow {
    /// Its number.
    pub number: u32,
    /// When it was planned, in seconds after the start; null where the script is not opened.
    pub planned_s: Option<u64>,
    /// To which role.
    pub to: Option<Id>,
    /// What was planned, or, where that is not known, what was told.
    pub text: Option<Text>,
    /// What was expected.
    pub expect: Option<Text>,
    /// By what it is seen that it was dealt with as it should be.
    pub criterion: Option<Text>,
    /// When it was delivered; null where it was not.
    pub delivered: Option<Stamp>,
    /// Seconds after the start.
    pub delivered_s: Option<u64>,
    /// Who delivered it.
    pub by: Option<Actor>,
    /// The records that say so.
    pub records: Records,
}

/// A script that the organisers kept elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScriptRow {
    /// What the drill's beginning committed to.
    pub digest: Digest,
    /// When it was opened; null while it is not.
    pub revealed: Option<Stamp>,
    /// The records that say so.
    pub records: Records,
}

/// Somebody who evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluator {
    /// The id; for somebody without an account, of whoever entered the scores.
    pub person: Actor,
    /// The number in the plan of somebody without an account.
    pub participant: Option<u32>,
    /// The name.
    pub name: String,
    /// Who entered the scores of somebody without an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered_by: Option<String>,
    /// The records of the scores.
    pub records: Records,
}

impl Evaluator {
    /// The name, and who entered the scores where another did.
    #[must_use]
    pub fn said(&self, lang: Lang) -> String {
        match &self.entered_by {
            Some(who) => {
                message!("report-evaluator-entered", name = self.name.as_str(), who = who.as_str()).render(lang)
            }
            None => self.name.clone(),
        }
    }
}

/// What evaluators said of an objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoreRow {
    /// The objective.
    pub objective: Id,
    /// Its title.
    pub title: Text,
    /// One for each evaluator, in their order; null where one has not scored it.
    pub scores: Vec<Option<Score>>,
}

/// A score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// P, S, M or U.
    pub rating: Rating,
    /// Why; null where it was redacted.
    pub because: Option<String>,
    /// The records: of several the last counts.
    pub records: Records,
}

/// What the attack team did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttackRow {
    /// When.
    pub at: Stamp,
    /// Who did it.
    pub who: Actor,
    /// What; null where it was redacted.
    pub what: Option<String>,
    /// On which system.
    pub system: Option<Name>,
    /// With which tool.
    pub tool: Option<String>,
    /// How far it went.
    pub extent: Option<String>,
    /// The records that say so.
    pub records: Records,
}

/// The word that stopped a drill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StopWordRow {
    /// When.
    pub at: Stamp,
    /// Who said it.
    pub who: Actor,
    /// Why.
    pub because: Option<String>,
    /// The records that say so.
    pub records: Records,
}
