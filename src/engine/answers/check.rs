//! Holds a file of answers to the plan that it is for, before anything begins.

use std::sync::Arc;

use super::{Answers, Scripted};
use crate::engine::plan::{Action, Backup, Plan, Step, value_of};
use crate::engine::state::{Kind, Place as Spot, Tree};
use crate::message::message;
use crate::model::{Id, Outcome, StepPath};
use crate::source::Finding;
use crate::source::suggest::{did_you_mean, one_of_these};
use crate::step::{Ask, ValueKind};

/// What can be said of a step that people carry out.
const OUTCOMES: [&str; 4] = ["done", "failed", "skipped", "unknown"];
const TRUTHS: [&str; 2] = ["yes", "no"];

impl Answers {
    /// What in the file, which findings call `file`, does not fit `plan`: steps that are not there, words that are no answer
    /// to their step, checks and values that nobody asks for.
    #[must_use]
    pub fn check(&self, file: &str, plan: &Arc<Plan>) -> Vec<Finding> {
        let tree = Tree::new(Arc::clone(plan));
        let mut findings = Vec::new();
        for said in self.consent.iter().filter(|said| !said.yes_or_no()) {
            findings.push(unfit(file, said, "consent", &TRUTHS));
        }
        for (path, said) in &self.steps {
            match tree.locate(path.as_str()) {
                Some(Spot::Step(node)) => {
                    let step = &tree.nodes[node].step;
                    check_step(file, path, step, &step.action, said, &mut findings);
                }
                Some(Spot::Undo(node)) => {
                    let step = &tree.nodes[node].step;
                    let undo = step.undo.as_deref().unwrap_or(&step.action);
                    check_step(file, path, step, undo, said, &mut findings);
                }
                // After each round people may be asked whether it was the last.
                Some(Spot::Round(node, _)) if tree.nodes[node].kind == Kind::Repeat => {
                    let wrong = said.iter().filter(|said| !said.yes_or_no());
                    findings.extend(wrong.map(|said| unfit(file, said, path.as_str(), &TRUTHS)));
                }
                _ => {
                    let ids = tree.nodes.iter().map(|node| node.step.id.as_str());
                    let last = path.as_str().rsplit('/').next().unwrap_or_default();
                    let place = self.places.get(path).copied().unwrap_or(crate::source::Place::START);
                    let message = message!("engine-loop-no-such-step", step = path.as_str());
                    findings.push(Finding::error("unknown-step", file, place, message).help(did_you_mean(last, ids)));
                }
            }
        }
        findings.sort_by_key(|finding| (finding.line, finding.column));
        findings
    }
}

fn check_step(
    file: &str,
    path: &StepPath,
    step: &Step,
    action: &Action,
    said: &[Scripted],
    findings: &mut Vec<Finding>,
) {
    let mut words: Vec<&str> = match action {
        Action::Decide(decide) => decide.options.iter().map(|option| option.id.as_str()).collect(),
        action if action.is_container() => Vec::new(),
        _ => OUTCOMES.iter().chain(&TRUTHS).copied().collect(),
    };
    if step.when.is_some() || words.is_empty() {
        words.extend(TRUTHS);
    }
    for said in said {
        if !words.contains(&said.answer.as_str()) {
            findings.push(unfit(file, said, path.as_str(), &words));
            continue;
        }
        let mut wrong = |message| findings.push(Finding::error("unfit-answer", file, said.place, message));
        if let (Some(checks), Action::Manual(manual)) = (&said.checks, action)
            && said.outcome() == Some(Outcome::Done)
            && checks.len() != manual.checks.len()
        {
            let (step, given) = (path.as_str(), checks.len());
            wrong(message!("engine-loop-answer-checks", step = step, total = manual.checks.len(), given = given));
        }
        let asked = asked(step, action);
        for (id, value) in &said.values {
            let Some(ask) = asked.iter().find(|ask| ask.id == *id) else {
                wrong(message!("engine-loop-answer-value", step = path.as_str(), id = id.as_str()));
                continue;
            };
            if value_of(&ask.kind, value).is_none() {
                wrong(message!("engine-loop-answer-kind", step = path.as_str(), id = id.as_str()));
            }
        }
    }
}

/// What can be answered or stated of a step besides its outcome.
pub(crate) fn asked(step: &Step, action: &Action) -> Vec<Ask> {
    if let Action::Manual(manual) = action {
        return manual.ask.clone();
    }
    stated(action, step.capture.iter().map(|capture| &capture.name))
}

/// What can be stated of a step that does not run: its captures, and what its action yields.
fn stated<'a>(action: &Action, captures: impl Iterator<Item = &'a Id>) -> Vec<Ask> {
    let ask = |id: &Id, kind: ValueKind| Ask {
        id: id.clone(),
        title: crate::model::Text::Same(id.to_string()),
        kind,
        tells: None,
    };
    let mut all: Vec<Ask> = captures.map(|id| ask(id, ValueKind::String)).collect();
    if let Action::Backup(Backup::NewestGood(_)) = action
        && let Ok(path) = "path".parse()
    {
        all.push(ask(&path, ValueKind::Path));
    }
    all
}

fn unfit(file: &str, said: &Scripted, step: &str, words: &[&str]) -> Finding {
    let word = said.answer.as_str();
    let message = message!("engine-loop-unfit-answer", word = word, step = step);
    Finding::error("unfit-answer", file, said.place, message).help(one_of_these(word, words.iter().copied()))
}
