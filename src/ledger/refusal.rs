//! Why a record may not follow, in words.

use super::verify::malformed::shown;
use crate::message::{Message, message};
use crate::model::Refusal;

/// Why a record may not follow, in words.
#[must_use]
pub fn words(refusal: &Refusal) -> Message {
    match refusal {
        Refusal::NotTheFirst => message!("ledger-why-first"),
        Refusal::NoRun { kind } => message!("ledger-why-no-run", kind = shown(kind)),
        Refusal::UnknownRun { run } => message!("ledger-why-unknown-run", run = run.as_str()),
        Refusal::CannotBegin { run } => message!("ledger-why-cannot-begin", run = run.as_str()),
        Refusal::Ended { run } => message!("ledger-why-ended", run = run.as_str()),
        Refusal::Paused { run } => message!("ledger-why-paused", run = run.as_str()),
        Refusal::NotPaused { run } => message!("ledger-why-not-paused", run = run.as_str()),
        Refusal::Stopping { run } => message!("ledger-why-stopping", run = run.as_str()),
        Refusal::CannotStart { step, attempt } => {
            message!("ledger-why-cannot-start", step = shown(step), attempt = *attempt)
        }
        Refusal::NotOpen { step, attempt } => {
            message!("ledger-why-not-open", step = shown(step), attempt = *attempt)
        }
        Refusal::StillOpen { step } => message!("ledger-why-still-open", step = shown(step.as_str())),
        Refusal::AskedBefore { question } => message!("ledger-why-asked-before", question = question.as_str()),
        Refusal::NeverAsked { question } => message!("ledger-why-never-asked", question = question.as_str()),
        Refusal::AnsweredBefore { question, by, seq } => message!(
            "ledger-why-answered-before",
            question = question.as_str(),
            by = by.as_str(),
            seq = seq.to_string()
        ),
        Refusal::WrongKind { question } => message!("ledger-why-wrong-kind", question = question.as_str()),
        Refusal::NoLongerAsked { question } => message!("ledger-why-no-longer-asked", question = question.as_str()),
        Refusal::NotYours { question, to } => {
            message!("ledger-why-not-yours", question = question.as_str(), who = to.as_str())
        }
        Refusal::NothingToCorrect { seq } => message!("ledger-why-nothing-to-correct", seq = seq.to_string()),
        Refusal::NoManner { question } => message!("ledger-why-no-manner", question = question.as_str()),
        Refusal::SamePerson { who } => message!("ledger-why-same-person", who = who.as_str()),
        Refusal::NothingToConfirm { seq } => message!("ledger-why-nothing-to-confirm", seq = seq.to_string()),
        Refusal::Delivered { inject, seq } => {
            message!("ledger-why-delivered", inject = inject.to_string(), seq = seq.to_string())
        }
        Refusal::NoAction { seq } => message!("ledger-why-no-action", seq = seq.to_string()),
        Refusal::ActionClosed { seq } => message!("ledger-why-action-closed", seq = seq.to_string()),
        Refusal::NoScript => message!("ledger-why-no-script"),
        Refusal::OtherScript => message!("ledger-why-other-script"),
        Refusal::NoReason => message!("ledger-why-no-reason"),
    }
}
