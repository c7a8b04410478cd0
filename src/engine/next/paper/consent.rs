//! Consents and conditions that people settled on paper, as a console would have asked for them.

use super::{Log, PaperConsent, PaperEntry, PaperProblem, Stated, Turn, needs_second};
use crate::engine::state::Said;
use crate::model::record::{Asked, Body, Consented, Decided, Manner, What};
use crate::model::{Basis, Draft, JournalError, Outcome, QuestionId, StepPath};

impl Log<'_> {
    /// Somebody consented to the plan on paper.
    pub(super) fn consent_to_the_plan(&mut self, consent: &PaperConsent) -> Result<(), PaperProblem> {
        let plan = Some(self.state.tree.digest);
        let question = match self.state.question_about(None, 0, What::Consent) {
            Some(question) if question.answer.is_some() => return Err(PaperProblem::Consented),
            Some(question) => question.id.clone(),
            None => {
                let id = self.new_question();
                let asked = Asked { plan, ..Asked::about(id.clone(), None, 0, What::Consent) };
                self.keep_consent(consent, Asked { because: Some(consent.because), ..asked }.into())?;
                id
            }
        };
        self.keep_consent(consent, consented(question, consent, plan).into())
    }

    /// How a second person consented to a step that needs one, before it is begun.
    pub(super) fn second(&mut self, row: &PaperEntry, turn: &Turn) -> Result<Result<(), PaperProblem>, JournalError> {
        let asked = self.state.question_about(Some(&turn.path), 0, What::Second);
        let answer = asked.and_then(|question| question.answer.as_ref()).map(|answer| &answer.said);
        let undone = matches!(&row.said, Stated::Outcome { outcome: Outcome::Skipped, .. });
        let consent = match (&row.second, answer) {
            (Some(_), Some(_)) => return Ok(Err(PaperProblem::Consented)),
            (None, Some(Said::Consent(true))) => return Ok(Ok(())),
            (None, _) if undone || !needs_second(&self.state, turn.node) => return Ok(Ok(())),
            (None, Some(_)) => return Ok(Err(PaperProblem::NotAgreed)),
            (None, None) => return Ok(Err(PaperProblem::NoSecond)),
            (Some(_), None) if !needs_second(&self.state, turn.node) => {
                return Ok(Err(PaperProblem::SecondUnasked));
            }
            (Some(consent), None) => consent,
        };
        if !consent.given && !undone {
            return Ok(Err(PaperProblem::NotAgreed));
        }
        let another = matches!(consent.manner, Some(Manner::Present | Manner::Phone));
        if another && consent.actor == row.actor {
            return Ok(Err(PaperProblem::OneAndTheSame));
        }
        let open = asked.map(|question| question.id.clone());
        let action = self.state.node(turn.node).step.action.clone();
        let question = if let Some(question) = open {
            question
        } else {
            let draft = {
                let Some(mut walk) = self.walk(super::Rows::default()) else {
                    return Ok(Err(PaperProblem::NoStep));
                };
                walk.question(&turn.path, turn.list.as_ref(), &action, 0, What::Second)?
            };
            let Body::Asked(asked) = draft.body else { return Ok(Err(PaperProblem::NoStep)) };
            let id = asked.question.clone();
            let asked = Asked { because: Some(consent.because), ..asked };
            if let Err(problem) = self.keep_consent(consent, asked.into()) {
                return Ok(Err(problem));
            }
            id
        };
        Ok(self.keep_consent(consent, consented(question, consent, None).into()))
    }

    /// Whether a condition held, as somebody said on paper.
    pub(super) fn truth(
        &mut self,
        row: &PaperEntry,
        path: &StepPath,
        attempt: u32,
        holds: bool,
    ) -> Result<Result<(), PaperProblem>, JournalError> {
        let because = Some(row.because);
        let mut bodies: Vec<(crate::model::Stamp, Body)> = Vec::new();
        let asked = self.state.question_about(Some(path), attempt, What::Truth).map(|asked| asked.id.clone());
        let question = if let Some(question) = asked {
            question
        } else {
            let id = self.new_question();
            let text = match self.state.told_at(path).and_then(|step| condition(step, attempt)) {
                Some(text) => {
                    let json = serde_json::to_string(&crate::model::Text::Same(text)).unwrap_or_default();
                    Some(self.context.objects.put_text(&json)?)
                }
                None => None,
            };
            let asked = Asked::about(id.clone(), Some(path.clone()), attempt, What::Truth);
            bodies.push((row.began, Asked { text, because, ..asked }.into()));
            id
        };
        let Ok(choice) = (if holds { "yes" } else { "no" }).parse() else {
            return Ok(Err(PaperProblem::WrongKind));
        };
        if let Some(text) = row.remark {
            let noted = crate::model::record::Noted { because, ..crate::model::record::Noted::remark(text, None) };
            bodies.push((row.ended, noted.into()));
        }
        bodies.push((row.ended, Decided { question, choice, because, follow_up: None }.into()));
        for (when, body) in bodies {
            let Some(draft) = self.said(row, when, body) else { return Ok(Err(PaperProblem::NoStep)) };
            if let Err(problem) = self.keep(draft) {
                return Ok(Err(problem));
            }
        }
        self.entered.push((path.clone(), row.ended, row.because));
        Ok(Ok(()))
    }

    fn new_question(&self) -> QuestionId {
        QuestionId::new(self.state.lifecycle().map_or(0, |run| run.asked) + 1)
    }

    fn keep_consent(&mut self, consent: &PaperConsent, body: Body) -> Result<(), PaperProblem> {
        let Some(run) = self.state.run() else { return Err(PaperProblem::NoStep) };
        let draft = Draft {
            by: consent.by.clone(),
            occurred: Some(consent.at),
            basis: Basis::Paper,
            ..Draft::console(run, self.state.mode(), consent.actor.clone(), body)
        };
        self.keep(draft)
    }
}

fn consented(question: QuestionId, consent: &PaperConsent, plan: Option<crate::model::Digest>) -> Consented {
    Consented {
        question,
        given: consent.given,
        plan,
        manner: consent.manner,
        vkey: None,
        note: None,
        because: Some(consent.because),
    }
}

/// The condition that people are asked about: before the first attempt whether it is done, after a round whether it is over.
fn condition(step: &crate::engine::plan::Step, attempt: u32) -> Option<String> {
    match (attempt, &step.action) {
        (1.., crate::engine::plan::Action::Repeat(repeat)) => Some(repeat.until.0.clone()),
        _ => step.when.as_ref().map(|when| when.0.clone()),
    }
}
