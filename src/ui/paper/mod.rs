//! A sheet that was typed in: what its rows say, and everything that is wrong with them, cell by cell.

mod consents;
mod overlay;
mod rows;
mod times;

pub(crate) use overlay::Overlay;
pub(crate) use rows::{Row, Said, read};

use super::{Context, desk};
use crate::engine::PaperProblem;
use crate::message::{Message, message};
use crate::model::{Outcome, RunId, StepPath};
use crate::report::card::{PLAN, SECOND, outcome_title};
pub(crate) use consents::Consent;

/// Something that is wrong in a sheet.
#[derive(Debug)]
pub(crate) struct PaperFinding {
    /// The cell, as `H12`.
    pub(crate) cell: String,
    /// Its kind.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: Message,
    /// What to do.
    pub(crate) help: Option<Message>,
}

/// A finding of this kind.
pub(crate) fn fail(code: &'static str, cell: String, message: Message, help: Option<Message>) -> PaperFinding {
    PaperFinding { cell, code, message, help }
}

/// Prints findings, each with file, sheet and cell.
pub(crate) fn print(context: &Context, path: &str, sheet: &str, findings: &[PaperFinding]) {
    let lang = context.lang;
    let label = message!("cli-error").render(lang);
    let mut text = String::new();
    for finding in findings {
        let head = context.red(&format!("{label}[{}]", finding.code));
        let place = message!("paper-finding-place", sheet = sheet, cell = finding.cell.as_str()).render(lang);
        text.push_str(&format!("{head}: {}\n  --> {path}: {place}\n", finding.message.render(lang)));
        if let Some(help) = &finding.help {
            text.push_str(&format!("  {}: {}\n", message!("cli-help").render(lang), help.render(lang)));
        }
    }
    context.err(&text);
    context.note(&message!("paper-count", count = findings.len()));
}

/// Why the engine does not take a row, as a finding at its cell.
pub(crate) fn problem(problem: &PaperProblem, row: &Row, run: &RunId, context: &Context) -> PaperFinding {
    let step = row.step.as_str();
    let invalid = |code, message, help| fail(code, row.cells.step.clone(), message, help);
    match problem {
        PaperProblem::NoStep => {
            invalid("sheet-step", message!("paper-step-unknown", step = step), Some(message!("paper-no-step-help")))
        }
        PaperProblem::Container => invalid(
            "sheet-step",
            message!("paper-step-container", step = step),
            Some(message!("paper-step-container-help")),
        ),
        PaperProblem::Over(outcome) => invalid(
            "sheet-over",
            message!("paper-step-over", step = step, outcome = title(*outcome)),
            Some(message!("paper-step-over-help")),
        ),
        PaperProblem::Running => invalid(
            "sheet-running",
            message!("paper-step-running", step = step),
            Some(message!("paper-step-running-help")),
        ),
        PaperProblem::DrillOnly => invalid("sheet-step", message!("paper-step-drill-only", step = step), None),
        PaperProblem::NotYet(before) => {
            let message = match before.as_ref().map(StepPath::as_str) {
                Some(before) => message!("paper-step-waits", step = step, before = before),
                None => message!("paper-step-not-yet", step = step),
            };
            invalid("sheet-order", message, Some(message!("paper-step-waits-help")))
        }
        PaperProblem::AfterFailure => invalid(
            "sheet-order",
            message!("paper-step-after-failure", step = step),
            Some(message!("paper-step-after-failure-help")),
        ),
        PaperProblem::PassedOver(by) => {
            invalid("sheet-order", message!("paper-step-passed-over", step = step, by = by.as_str()), None)
        }
        PaperProblem::NoConsent => invalid(
            "sheet-consent",
            message!("paper-no-consent"),
            Some(message!("paper-no-consent-help", run = run.as_str())),
        ),
        PaperProblem::Consented => {
            invalid("sheet-over", message!("paper-consented", step = step), Some(message!("paper-consented-help")))
        }
        PaperProblem::NoSecond => {
            let help = Some(message!("paper-no-second-help", row = format!("{step}{SECOND}")));
            invalid("sheet-second", message!("paper-no-second", step = step), help)
        }
        PaperProblem::NotAgreed => {
            invalid("sheet-second", message!("paper-not-agreed", step = step), Some(message!("paper-not-agreed-help")))
        }
        PaperProblem::SecondUnasked => {
            invalid("sheet-second", message!("paper-second-unasked", step = step), Some(message!("paper-clear-row")))
        }
        PaperProblem::OneAndTheSame => invalid(
            "sheet-second",
            message!("people-first-person", who = row.actor.as_str()),
            Some(message!("paper-one-and-the-same-help")),
        ),
        PaperProblem::NotAsked => {
            invalid("sheet-order", message!("paper-not-asked", step = step), Some(message!("paper-not-asked-help")))
        }
        PaperProblem::Stopping => invalid(
            "sheet-run-over",
            message!("paper-run-over", run = run.as_str()),
            Some(message!("paper-run-over-help", run = run.as_str())),
        ),
        PaperProblem::WrongKind | PaperProblem::NoOption(_) => {
            fail("sheet-answer", row.cells.answer.clone(), message!("paper-no-choice"), None)
        }
        PaperProblem::NoEvidence => fail(
            "sheet-evidence",
            row.cells.remark.clone(),
            message!("paper-evidence-missing", step = step),
            Some(message!("paper-evidence-missing-help")),
        ),
        PaperProblem::EndsBefore(began) => fail(
            "sheet-time",
            row.cells.ended.clone(),
            message!(
                "paper-ends-before",
                ended = times::shown(&row.ended, context),
                began = times::shown(began, context)
            ),
            Some(message!("paper-ends-before-help")),
        ),
        PaperProblem::Refused(refusal) => {
            let (_, reason) = desk::refusal(refusal);
            invalid("sheet-refused", message!("paper-refused", reason = reason), None)
        }
    }
}

/// Why the consent to the plan cannot be entered, as a finding at its cell.
pub(crate) fn consent_problem(problem: &PaperProblem, consent: &Consent) -> PaperFinding {
    let (code, message) = match problem {
        PaperProblem::Refused(refusal) => {
            let (_, reason) = desk::refusal(refusal);
            ("sheet-refused", message!("paper-refused", reason = reason))
        }
        _ => ("sheet-over", message!("paper-consented", step = PLAN)),
    };
    fail(code, consent.cell.clone(), message, Some(message!("paper-consented-help")))
}

/// What an outcome is called on sheets.
pub(crate) fn title(outcome: Outcome) -> Message {
    outcome_title(outcome)
}
