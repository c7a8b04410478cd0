//! Admits the records of a batch one after the other, and takes them back where a later one may not follow.

use crate::model::stage::{Question, StepStage};
use crate::model::{Body, Draft, Lifecycle, QuestionId, Refusal, RunId, RunState, Stage, StepPath};

/// What a record changed, so that it can be taken back.
enum Before {
    Nothing,
    /// The run was not there.
    NoRun(RunId),
    /// Everything, for what changes much and is rare.
    Run(RunId, RunState),
    /// The stage, and one step or question.
    Part {
        run: RunId,
        stage: Stage,
        asked: u32,
        step: Option<(StepPath, Option<StepStage>)>,
        question: Option<(QuestionId, Option<Question>)>,
    },
}

/// Records that were taken in and may still be taken back.
#[derive(Default)]
pub(super) struct Trial {
    size: Option<u64>,
    before: Vec<Before>,
}

impl Trial {
    /// Takes in `draft` as the next record, if it may follow.
    pub(super) fn admit(&mut self, life: &mut Lifecycle, draft: &Draft) -> Result<(), Refusal> {
        life.admit(draft)?;
        self.size.get_or_insert(life.size);
        self.before.push(before(life, draft));
        let seq = life.size;
        life.apply(seq, draft);
        Ok(())
    }

    /// Takes back everything that was taken in.
    pub(super) fn undo(self, life: &mut Lifecycle) {
        for before in self.before.into_iter().rev() {
            match before {
                Before::Nothing => {}
                Before::NoRun(run) => {
                    life.runs.remove(&run);
                }
                Before::Run(run, state) => {
                    life.runs.insert(run, state);
                }
                Before::Part { run, stage, asked, step, question } => {
                    let Some(kept) = life.runs.get_mut(&run) else { continue };
                    kept.stage = stage;
                    kept.asked = asked;
                    match step {
                        Some((path, Some(before))) => {
                            kept.steps.insert(path, before);
                        }
                        Some((path, None)) => {
                            kept.steps.remove(&path);
                        }
                        None => {}
                    }
                    match question {
                        Some((id, Some(question))) => {
                            kept.questions.insert(id, question);
                        }
                        Some((id, None)) => {
                            kept.questions.remove(&id);
                        }
                        None => {}
                    }
                }
            }
        }
        if let Some(size) = self.size {
            life.size = size;
        }
    }
}

fn before(life: &Lifecycle, draft: &Draft) -> Before {
    let Some(run) = &draft.run else { return Before::Nothing };
    let Some(state) = life.runs.get(run) else { return Before::NoRun(run.clone()) };
    let (step, question) = match &draft.body {
        Body::StepStarted(started) => (Some(&started.step), None),
        Body::StepEnded(ended) => (Some(&ended.step), None),
        Body::Asked(asked) => (None, Some(&asked.question)),
        Body::Answered(answer) => (None, Some(&answer.question)),
        Body::Decided(answer) => (None, Some(&answer.question)),
        Body::Consented(answer) if answer.manner.is_none() => (None, Some(&answer.question)),
        body if Lifecycle::looks_into(body.kind()) && !matches!(body, Body::ProcessStarted(_)) => {
            return Before::Run(run.clone(), state.clone());
        }
        _ => return Before::Nothing,
    };
    Before::Part {
        run: run.clone(),
        stage: state.stage.clone(),
        asked: state.asked,
        step: step.map(|path| (path.clone(), state.steps.get(path).cloned())),
        question: question.map(|id| (id.clone(), state.questions.get(id).cloned())),
    }
}
