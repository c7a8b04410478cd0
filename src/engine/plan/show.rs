//! The plan in full: every command as it would run, `‹steps.x.y›` for what is not known yet.

use serde_json::{Value, json};

use super::Plan;
use super::types::{Action, Backup, Copy, Place, Rounds, Run, Step};
use crate::model::{Effect, Id, Name, StepPath, Text};
use crate::playbook::expression::Scope;
use crate::playbook::shown::{command_line, display, look, quote, waiting};

/// A step with what would run for it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedCommand {
    /// Its path; in the rounds of a list that is not known yet, and of a `repeat`, round 1 stands for all.
    pub path: StepPath,
    /// What people call it.
    pub title: Text,
    /// The action's word.
    pub action: &'static str,
    /// The system it touches, where it is one of the inventory.
    pub system: Option<Name>,
    /// What it may do.
    pub effect: Option<Effect>,
    /// What would run, in full.
    pub command: String,
}

impl Plan {
    /// Each step that runs something, with what would run, in the order of the plan. Undos follow their step.
    #[must_use]
    pub fn commands(&self) -> Vec<PlannedCommand> {
        let mut all = Vec::new();
        collect(self, &self.steps, None, &json!(self.inputs), &json!({}), &mut all);
        all
    }
}

fn collect(
    plan: &Plan,
    steps: &[Step],
    parent: Option<&StepPath>,
    inputs: &Value,
    each: &Value,
    all: &mut Vec<PlannedCommand>,
) {
    let scope = Scope::new(json!({ "inputs": inputs, "each": each }));
    for step in steps {
        let path = parent.map_or_else(|| StepPath::root(&step.id), |parent| parent.child(&step.id));
        let mut push = |path: StepPath, action: &Action| {
            if let Some(command) = command_of(plan, action, &scope) {
                all.push(PlannedCommand {
                    path,
                    title: step.name(),
                    action: action.word(),
                    system: system_of(action).cloned(),
                    effect: action.effect(),
                    command,
                });
            }
        };
        push(path.clone(), &step.action);
        if let Some(undo) = &step.undo {
            push(path.undo(), undo);
        }
        match &step.action {
            Action::Parallel(steps) => collect(plan, steps, Some(&path), inputs, each, all),
            Action::Repeat(repeat) => collect(plan, &repeat.steps, Some(&path.round(1)), inputs, each, all),
            Action::Call(call) => collect(plan, &call.steps, Some(&path), &json!(call.inputs), &json!({}), all),
            Action::Each(inner) => match &inner.rounds {
                Rounds::Known(rounds) => {
                    for (round, number) in rounds.iter().zip(1..) {
                        let each = with(each, &inner.name, Some(round.item.clone()));
                        collect(plan, &round.steps, Some(&path.round(number)), inputs, &each, all);
                    }
                }
                Rounds::Open { steps, .. } => {
                    let each = with(each, &inner.name, None);
                    collect(plan, steps, Some(&path.round(1)), inputs, &each, all);
                }
            },
            _ => {}
        }
    }
}

fn with(each: &Value, name: &Id, item: Option<Value>) -> Value {
    let mut each = each.clone();
    if let Some(members) = each.as_object_mut() {
        match item {
            Some(item) => members.insert(name.to_string(), item),
            None => members.remove(name.as_str()),
        };
    }
    each
}

/// The system that an action touches by its inventory entry.
fn system_of(action: &Action) -> Option<&Name> {
    match action {
        Action::Run(Run { operation: Some((system, _)), .. }) => Some(system),
        Action::Backup(backup) => match backup {
            Backup::NewestGood(system) => Some(system),
            Backup::Seal(copy) | Backup::Verify { of: copy, .. } | Backup::Prove(copy) => match copy {
                Copy::Backup { system, .. } => Some(system),
                Copy::Path(_) => None,
            },
        },
        Action::Restore(restore) => match &restore.to {
            Place::System(system) => Some(system),
            Place::Path(_) => None,
        },
        Action::Fault(fault) => Some(&fault.on),
        _ => None,
    }
}

/// What an action would run, in full; nothing for what runs nothing.
#[must_use]
pub fn command_of(plan: &Plan, action: &Action, scope: &Scope) -> Option<String> {
    match action {
        Action::Run(run) => Some(command_line(&run.command, run.ssh.as_deref(), scope)),
        Action::Probe(spec) => Some(look(spec, scope)),
        Action::Wait(wait) => Some(waiting(wait, scope)),
        Action::Backup(backup) => Some(match backup {
            Backup::Seal(copy) => format!("backup seal {}", copy_text(copy, scope)),
            Backup::Verify { of, sample: Some(sample) } => {
                format!("backup verify {} --sample {sample}%", copy_text(of, scope))
            }
            Backup::Verify { of, sample: None } => format!("backup verify {}", copy_text(of, scope)),
            Backup::NewestGood(system) => format!("backup newest-good {system}"),
            Backup::Prove(copy) => format!("backup prove {}", copy_text(copy, scope)),
        }),
        Action::Restore(restore) => {
            let to = match &restore.to {
                Place::System(system) => plan
                    .systems
                    .get(system)
                    .and_then(|system| system.restore.as_ref())
                    .map_or_else(|| system.to_string(), |place| place.to.clone()),
                Place::Path(path) => display(path, scope),
            };
            Some(format!("restore {} -> {}", quote(&display(&restore.from, scope)), quote(&to)))
        }
        Action::Fault(fault) => Some(format!("fault {} {}", fault.kind, fault.on)),
        _ => None,
    }
}

fn copy_text(copy: &Copy, scope: &Scope) -> String {
    match copy {
        Copy::Backup { system, backup } => format!("{system}/{backup}"),
        Copy::Path(path) => quote(&display(path, scope)),
    }
}
