//! What a paper log says, and why it cannot be entered.

use std::collections::BTreeMap;

use crate::model::record::Manner;
use crate::model::{Actor, Draft, Id, ObjectRef, Outcome, Refusal, Stamp, StepPath};

/// A row of a paper log.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperEntry {
    /// The step.
    pub step: StepPath,
    /// Who did it.
    pub actor: Actor,
    /// Who enters it, if another.
    pub by: Option<Actor>,
    /// When it was begun.
    pub began: Stamp,
    /// When it was over.
    pub ended: Stamp,
    /// What is said of it.
    pub said: Stated,
    /// Why it is entered late, in words.
    pub because: ObjectRef,
    /// What was remarked, in words.
    pub remark: Option<ObjectRef>,
    /// The scan of the sheet and its name: what stands for evidence where a step has to have some.
    pub scan: Option<(ObjectRef, ObjectRef)>,
    /// How a second person consented to it before, where the paper says so.
    pub second: Option<PaperConsent>,
}

/// A consent that was given on paper: to the plan, or a second person's to a dangerous step.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperConsent {
    /// Who consented, or did not.
    pub actor: Actor,
    /// Who enters it, if another.
    pub by: Option<Actor>,
    /// When.
    pub at: Stamp,
    /// Whether it was given.
    pub given: bool,
    /// How a second person gave it; nothing for a plan, or where it was not given.
    pub manner: Option<Manner>,
    /// What was said, or why it is entered late, in words.
    pub because: ObjectRef,
}

/// What a row says of its step.
#[derive(Clone, Debug, PartialEq)]
pub enum Stated {
    /// What became of it.
    Outcome {
        /// What.
        outcome: Outcome,
        /// One for each check.
        checks: Vec<bool>,
        /// Values that were asked for, each a JSON text.
        answers: BTreeMap<Id, ObjectRef>,
    },
    /// The option that was chosen.
    Choice(Id),
    /// Whether the condition holds that people have to say: whether a `repeat` is done after this round, whether what holds
    /// other steps is done at all.
    Truth(bool),
}

/// Why a row cannot be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperProblem {
    /// The plan has no such step.
    NoStep,
    /// It holds other steps, which have rows of their own.
    Container,
    /// It has an outcome already.
    Over(Outcome),
    /// The loop is carrying it out now.
    Running,
    /// It acts only in a drill.
    DrillOnly,
    /// Steps before it have neither an outcome nor a row; the first of them, where one can be named.
    NotYet(Option<StepPath>),
    /// A step before it failed, and the playbook goes no further there.
    AfterFailure,
    /// A choice or failure at this step passed it over.
    PassedOver(Id),
    /// Nobody has consented to the plan.
    NoConsent,
    /// Somebody has consented, or not, before.
    Consented,
    /// A second person has to have consented, and the paper names none.
    NoSecond,
    /// The second person did not consent, and yet it was done.
    NotAgreed,
    /// No second person has to consent to this.
    SecondUnasked,
    /// Who carried it out cannot be the second person.
    OneAndTheSame,
    /// Nobody is asked whether the condition holds: the record says so itself, or it is not come to that.
    NotAsked,
    /// The run is being stopped, or is over.
    Stopping,
    /// A decision needs an option, everything else an outcome.
    WrongKind,
    /// The decision has no such option.
    NoOption(Id),
    /// A remark or a scan has to be there.
    NoEvidence,
    /// It was begun later than it is said to have ended.
    EndsBefore(Stamp),
    /// A rule of the log stands in the way.
    Refused(Refusal),
}

/// The records that enter a paper log; else what is wrong, each with the place of its row; nothing for the consent to the
/// plan.
pub type PaperRecords = Result<Vec<Draft>, Vec<(Option<usize>, PaperProblem)>>;
