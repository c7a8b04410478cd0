//! The beginning of steps.

use serde_json::{Value, json};

use super::Walk;
use super::draft::bare_end;
use crate::engine::effect::{Effect, Work};
use crate::engine::plan::{Action, Backup, Copy, Plan, Rounds, Step};
use crate::engine::state::{Kind, NodeId, Said, State};
use crate::model::record::{StepEnded, StepStarted, What, Why};
use crate::model::{Effect as ModelEffect, Expression, JournalError, Mode, Outcome, StepPath};
use crate::playbook::expression::{self, Scope};

/// How a step is carried out in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the loop.
    Work,
    /// By people.
    Ask(What),
    /// By writing it down.
    Instant,
    /// Not at all.
    Skip(Why),
}

/// How `action` is carried out in a run of `plan`.
pub(crate) fn way(plan: &Plan, action: &Action) -> Way {
    let attended = plan.attended();
    match action {
        Action::Manual(_) if attended => Way::Ask(What::Manual),
        Action::Decide(_) if attended => Way::Ask(What::Decide),
        Action::Inject(_) | Action::Fault(_) if plan.mode == Mode::Respond => Way::Skip(Why::DrillOnly),
        Action::Note(_) | Action::Notify(_) | Action::Manual(_) | Action::Decide(_) => Way::Instant,
        Action::Fault(_) if plan.lab => Way::Work,
        Action::Inject(_) | Action::Fault(_) if attended => Way::Ask(What::Deliver),
        // Where nobody is there, nobody tells and nobody is told.
        Action::Inject(_) | Action::Fault(_) => Way::Skip(Why::Unattended),
        _ if plan.mode == Mode::Tabletop || elsewhere(plan, action) => {
            if attended {
                Way::Ask(What::State)
            } else {
                Way::Skip(Why::Unattended)
            }
        }
        _ => Way::Work,
    }
}

/// Whether it is known before the run that `step` is passed over in it: a fault in a real incident, a `when` that asks only
/// about the run itself and does not hold.
pub(in crate::engine) fn left_out(plan: &Plan, step: &Step) -> bool {
    let unmet = |when: &Expression| {
        let scope = Scope::new(json!({ "run": plan.of_run() }));
        when.0.contains("run.") && matches!(expression::truth(when, &scope), Ok(Some(false)))
    };
    step.when.as_ref().is_some_and(unmet) || matches!(way(plan, &step.action), Way::Skip(_))
}

/// Whether a second person has to consent before the step begins.
pub(super) fn needs_second(state: &State, node: NodeId) -> bool {
    let (plan, planned) = (&state.tree.plan, state.node(node));
    let action = &planned.step.action;
    !plan.second_person.is_empty()
        && planned.kind == Kind::Leaf
        && action.effect() == Some(ModelEffect::Destructive)
        && way(plan, action) == Way::Work
}

/// Whether a copy that the action works on is on another machine.
fn elsewhere(plan: &Plan, action: &Action) -> bool {
    let Action::Backup(backup) = action else { return false };
    let (system, one) = match backup {
        Backup::NewestGood(system) => (system, None),
        Backup::Seal(copy) | Backup::Verify { of: copy, .. } | Backup::Prove(copy) => match copy {
            Copy::Backup { system, backup } => (system, Some(backup)),
            Copy::Path(_) => return false,
        },
    };
    plan.systems.get(system).is_some_and(|system| {
        system.backups.iter().any(|backup| backup.host.is_some() && one.is_none_or(|one| *one == backup.id))
    })
}

/// Whether an action only asks or looks: after a crash it is taken up again.
pub(super) fn only_looks(action: &Action) -> bool {
    matches!(
        action,
        Action::Manual(_)
            | Action::Decide(_)
            | Action::Note(_)
            | Action::Notify(_)
            | Action::Probe(_)
            | Action::Wait(_)
            | Action::Inject(_)
            | Action::Backup(Backup::Verify { .. } | Backup::NewestGood(_))
    )
}

impl Walk<'_> {
    /// The first attempt of a step, if its `when` holds.
    pub(super) fn start(&mut self, node: NodeId, path: &StepPath, list: Option<&StepPath>) -> Result<(), JournalError> {
        let state = self.state;
        if let Some(when) = &state.node(node).step.when {
            let scope = self.scope(list, &[&when.0])?;
            let holds = match expression::truth(when, &scope) {
                Ok(Some(holds)) => holds,
                Err(fault) => {
                    let words = self.words(&fault);
                    return self.not_begun(node, path, 0, Why::Expression, &words);
                }
                Ok(None) if state.tree.plan.attended() => match self.truth_asked(path, 0, when)? {
                    Some(holds) => holds,
                    None => return Ok(()),
                },
                Ok(None) if state.tree.plan.mode == Mode::Tabletop => {
                    let drafts = vec![self.passed(path, Why::Unattended)];
                    self.record(drafts);
                    return Ok(());
                }
                Ok(None) => {
                    let fault = expression::Fault::Unknown { expression: when.0.clone() };
                    let words = self.words(&fault);
                    return self.not_begun(node, path, 0, Why::Expression, &words);
                }
            };
            if !holds {
                let drafts = vec![self.passed(path, Why::When)];
                self.record(drafts);
                return Ok(());
            }
        }
        match self.second(node, path, list)? {
            Some(true) => self.attempt(node, path, list, 1),
            Some(false) => {
                let drafts = vec![self.passed(path, Why::Person)];
                self.record(drafts);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Whether a second person has consented to a step that may interrupt a service or lose data, where one has to;
    /// nothing while nobody has answered.
    fn second(&mut self, node: NodeId, path: &StepPath, list: Option<&StepPath>) -> Result<Option<bool>, JournalError> {
        let state = self.state;
        let action = &state.node(node).step.action;
        if !needs_second(state, node) {
            return Ok(Some(true));
        }
        if let Some(question) = state.question_about(Some(path), 0, What::Second) {
            return Ok(match question.answer.as_ref().map(|answer| &answer.said) {
                Some(Said::Consent(given)) => Some(*given),
                _ => None,
            });
        }
        if !self.paused && state.stopping().is_none() {
            let question = self.question(path, list, action, 0, What::Second)?;
            self.record(vec![question]);
        }
        Ok(None)
    }

    /// An attempt of a step.
    pub(super) fn attempt(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        attempt: u32,
    ) -> Result<(), JournalError> {
        let state = self.state;
        let planned = state.node(node);
        match planned.kind {
            Kind::Leaf => {
                let action = match path.undone() {
                    Some(_) => planned.step.undo.as_deref().unwrap_or(&planned.step.action),
                    None => &planned.step.action,
                };
                self.begin_leaf(node, path, list, action, attempt)
            }
            Kind::Each => {
                let rounds = match planned.known_rounds() {
                    Some(rounds) => rounds,
                    None => match self.open_rounds(node, list)? {
                        Ok(rounds) => rounds,
                        Err(words) => return self.not_begun(node, path, attempt, Why::Expression, &words),
                    },
                };
                self.begin_container(path, attempt, Some(rounds));
                Ok(())
            }
            Kind::Parallel | Kind::Repeat | Kind::Call => {
                self.begin_container(path, attempt, None);
                Ok(())
            }
        }
    }

    /// How many items a list has that is known only now; else why not, in words.
    fn open_rounds(&self, node: NodeId, list: Option<&StepPath>) -> Result<Result<u32, String>, JournalError> {
        let Action::Each(each) = &self.step(node).action else { return Ok(Ok(0)) };
        let Rounds::Open { of, .. } = &each.rounds else { return Ok(Ok(0)) };
        let scope = self.scope(list, &[&of.0])?;
        Ok(match expression::value(of, &scope) {
            Ok(Some(Value::Array(items))) => Ok(u32::try_from(items.len()).unwrap_or(u32::MAX)),
            Ok(_) => Err(self.words(&expression::Fault::Unknown { expression: of.0.clone() })),
            Err(fault) => Err(self.words(&fault)),
        })
    }

    /// Begins a step (or the undo of one) that holds no others.
    pub(super) fn begin_leaf(
        &mut self,
        node: NodeId,
        path: &StepPath,
        list: Option<&StepPath>,
        action: &Action,
        attempt: u32,
    ) -> Result<(), JournalError> {
        let started = self.draft(StepStarted { step: path.clone(), attempt, rounds: None, because: None });
        match way(&self.state.tree.plan, action) {
            Way::Skip(why) => {
                let end = if attempt == 1 {
                    vec![self.passed(path, why)]
                } else {
                    let end = StepEnded { why: Some(why), ..bare_end(path, attempt, Outcome::Skipped) };
                    vec![started, self.draft(end)]
                };
                self.record(end);
            }
            Way::Ask(what) => {
                let question = self.question(path, list, action, attempt, what)?;
                self.record(vec![started, question]);
            }
            Way::Instant => {
                let mut drafts = vec![started];
                drafts.extend(self.instant(node, path, list, action, attempt)?);
                self.record(drafts);
            }
            Way::Work => match self.work(action, list)? {
                Ok(work) => {
                    let time_limit = self.time_limit(node, path, attempt);
                    self.effects.push(Effect::Begin {
                        records: vec![started],
                        step: path.clone(),
                        attempt,
                        work,
                        time_limit,
                    });
                }
                Err(words) => return self.not_begun(node, path, attempt, Why::Expression, &words),
            },
        }
        Ok(())
    }

    /// How long this attempt may take: what a crash cut in pieces keeps the limit of its first attempt.
    fn time_limit(&self, node: NodeId, path: &StepPath, attempt: u32) -> Option<std::time::Duration> {
        let limit = match (self.step(node).timeout, path.undone()) {
            (Some(timeout), _) => timeout.duration(),
            (None, Some(_)) => super::finish::UNDO_LIMIT,
            (None, None) => return None,
        };
        let before = self.state.instance(path).filter(|before| attempt > 1 && before.why == Some(Why::Orphan));
        match before.and_then(|before| before.limit_from.as_ref()) {
            Some(from) => Some(self.left(from, limit).unwrap_or(std::time::Duration::ZERO)),
            None => Some(limit),
        }
    }

    /// A step that cannot be begun: what it needs is not known, or its expression is at fault.
    pub(super) fn not_begun(
        &mut self,
        node: NodeId,
        path: &StepPath,
        attempt: u32,
        why: Why,
        words: &str,
    ) -> Result<(), JournalError> {
        let detail = Some(self.context.objects.put_text(words)?);
        let mut end = self.ending(node, path, attempt, Outcome::Failed);
        end.why = Some(why);
        end.detail = detail;
        let mut drafts = Vec::new();
        if attempt > 0 {
            drafts.push(self.draft(StepStarted { step: path.clone(), attempt, rounds: None, because: None }));
        }
        drafts.extend(self.end(node, path, end, None));
        self.record(drafts);
        Ok(())
    }

    /// Everything the loop needs for an action; else why it cannot be made, in words.
    fn work(&self, action: &Action, list: Option<&StepPath>) -> Result<Result<Work, String>, JournalError> {
        let texts = super::work::texts(&self.state.tree.plan, action);
        let scope = self.scope_for(list, &texts)?;
        let secrets: Vec<String> = self.context.secrets.values().cloned().collect();
        Ok(super::work::build(&self.state.tree.plan, action, &scope, &self.run, &secrets)
            .map_err(|fault| self.words(&fault)))
    }
}
