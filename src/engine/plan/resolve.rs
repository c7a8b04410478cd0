//! The walk from a playbook's steps to a plan's.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::names::{expressions, has_secret, names};
use super::types::{self, Action, Clock, Copy, Place, Run};
use super::{PlanProblem, Request};
use crate::inventory::System;
use crate::model::record::People;
use crate::model::{Command, Id, Mode, Name, Program, Span, Template, Text};
use crate::playbook::expression::{self, Scope};
use crate::playbook::{Playbook, Role, Watch};
use crate::probe::Spec;
use crate::step::{self, BackupRef, Restore, RestoreTo, Step};

/// The most steps that a plan may have.
pub(super) const MOST_STEPS: usize = 50_000;

/// An item of an `each` that lies around a step.
pub(super) enum Item {
    /// It is this.
    Known(Value),
    /// It is known when the `each` starts.
    Open,
}

/// Where the walk is: what expressions can name there.
pub(super) struct Env {
    pub(super) inputs: BTreeMap<Id, Value>,
    pub(super) each: BTreeMap<Id, Item>,
    /// The path of the step at hand, one part a step.
    pub(super) parts: Vec<String>,
    /// The playbooks that the walk is in, outermost first.
    pub(super) playbooks: Vec<Name>,
}

impl Env {
    pub(super) fn new(playbook: &Playbook, inputs: BTreeMap<Id, Value>) -> Self {
        Self { inputs, each: BTreeMap::new(), parts: Vec::new(), playbooks: vec![playbook.name.clone()] }
    }

    /// The path of the step at hand.
    pub(super) fn path(&self) -> String {
        self.parts.join("/")
    }

    /// What is known before the run.
    pub(super) fn scope(&self) -> Scope {
        let each: serde_json::Map<String, Value> = self
            .each
            .iter()
            .filter_map(|(id, item)| match item {
                Item::Known(value) => Some((id.to_string(), value.clone())),
                Item::Open => None,
            })
            .collect();
        Scope::new(json!({ "inputs": self.inputs, "each": each }))
    }
}

/// Collects problems and systems on the way.
pub(super) struct Resolver<'a> {
    pub(super) request: &'a Request,
    pub(super) problems: Vec<PlanProblem>,
    pub(super) touched: BTreeMap<Name, System>,
    /// The roles of the playbooks that are called, where the run's own has none of that id.
    pub(super) roles: IndexMap<Id, Role>,
    pub(super) count: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(request: &'a Request) -> Self {
        Self { request, problems: Vec::new(), touched: BTreeMap::new(), roles: IndexMap::new(), count: 0 }
    }

    pub(super) fn touch(&mut self, system: &System) {
        if !self.touched.contains_key(&system.id) {
            self.touched.insert(system.id.clone(), system.clone());
        }
    }

    pub(super) fn steps(&mut self, env: &mut Env, steps: &[Step]) -> Vec<types::Step> {
        let mut all = Vec::with_capacity(steps.len());
        for step in steps {
            self.count += 1;
            if self.count > MOST_STEPS {
                let problem = PlanProblem::TooManySteps { limit: MOST_STEPS };
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                return all;
            }
            env.parts.push(step.id.to_string());
            all.extend(self.step(env, step));
            env.parts.pop();
        }
        all
    }

    fn step(&mut self, env: &mut Env, step: &Step) -> Option<types::Step> {
        let action = self.action(env, &step.action);
        let undo = step.undo.as_ref().map(|undo| {
            env.parts.push("undo".to_owned());
            let undo = self.action(env, undo);
            if undo.as_ref().is_some_and(Action::is_container) {
                self.problems.push(PlanProblem::UndoContainer { step: env.path() });
            }
            env.parts.pop();
            undo
        });
        let action = action?;
        if action.is_container() && step.retry.is_some() {
            self.problems.push(PlanProblem::RetryContainer { step: env.path() });
        }
        let undo = match undo {
            Some(undo) => Some(Box::new(undo?)),
            None => None,
        };
        Some(step.with(action, undo))
    }

    fn action(&mut self, env: &mut Env, action: &step::Action) -> Option<Action> {
        Some(match action {
            step::Action::Manual(manual) => {
                self.text(env, &manual.instruction);
                Action::Manual(manual.clone())
            }
            step::Action::Run(run) => Action::Run(self.run(env, run)?),
            step::Action::Probe(spec) => {
                self.spec(env, spec);
                Action::Probe(spec.clone())
            }
            step::Action::Wait(wait) => {
                self.spec(env, &wait.probe);
                Action::Wait(wait.clone())
            }
            step::Action::Backup(backup) => Action::Backup(self.backup(env, backup)?),
            step::Action::Restore(restore) => Action::Restore(self.restore(env, restore)?),
            step::Action::Decide(decide) => {
                self.text(env, &decide.ask);
                if self.request.people == People::Unattended && decide.default.is_none() {
                    self.problems.push(PlanProblem::NobodyDecides { step: env.path() });
                }
                Action::Decide(decide.clone())
            }
            step::Action::Parallel(steps) => Action::Parallel(self.steps(env, steps)),
            step::Action::Each(each) => Action::Each(self.each(env, each)),
            step::Action::Repeat(repeat) => Action::Repeat(types::Repeat {
                steps: self.steps(env, &repeat.steps),
                until: repeat.until.clone(),
                max: repeat.max.max(1),
                every: repeat.every,
            }),
            step::Action::Call(call) => Action::Call(self.call(env, call)?),
            step::Action::Notify(notify) => Action::Notify(notify.clone()),
            step::Action::Inject(inject) => {
                self.text(env, &inject.text);
                Action::Inject(inject.clone())
            }
            step::Action::Fault(fault) => {
                // A fault acts in the lab only, on what the lab gave; everywhere else it is told.
                let system = self.system(env, &fault.on, self.request.lab)?;
                if self.request.lab {
                    self.check_target(env, system);
                    if step::fault_kind(&fault.kind).is_none_or(|kind| !kind.lab) {
                        let kind = fault.kind.clone();
                        self.problems.push(PlanProblem::FaultNotMade { step: env.path(), kind });
                    }
                }
                for text in fault.with.values().filter_map(Value::as_str) {
                    self.template(env, text);
                }
                Action::Fault(types::Fault {
                    on: system.id.clone(),
                    kind: fault.kind.clone(),
                    with: fault.with.clone(),
                })
            }
            step::Action::Note(text) => {
                self.text(env, text);
                Action::Note(text.clone())
            }
        })
    }

    fn run(&mut self, env: &Env, run: &step::Run) -> Option<Run> {
        match run {
            step::Run::Operation { on, operation } => {
                let system = self.system(env, on, true)?;
                self.check_target(env, system);
                let Some(command) = system.operations.get(operation) else {
                    self.problems.push(PlanProblem::UnknownOperation {
                        step: env.path(),
                        system: system.id.clone(),
                        operation: operation.clone(),
                    });
                    return None;
                };
                let ssh = match &command.host {
                    Some(host) => Some(self.host(env, system, host)?),
                    None => None,
                };
                self.command(env, command, ssh.is_some());
                Some(Run { operation: Some((system.id.clone(), operation.clone())), command: command.clone(), ssh })
            }
            step::Run::Command(command) => {
                self.check_literal(env, command.effect);
                let ssh = match &command.host {
                    Some(host) => Some(self.literal_host(env, host)?),
                    None => None,
                };
                self.command(env, command, ssh.is_some());
                Some(Run { operation: None, command: command.clone(), ssh })
            }
        }
    }

    fn host(&mut self, env: &Env, system: &System, host: &str) -> Option<String> {
        let found = system.hosts.iter().find(|known| known.id == *host);
        if found.is_none() {
            self.problems.push(PlanProblem::UnknownHost { step: env.path(), host: format!("{}/{host}", system.id) });
        }
        found.map(|host| host.ssh.clone())
    }

    fn literal_host(&mut self, env: &Env, host: &str) -> Option<String> {
        let system = host
            .split_once('/')
            .and_then(|(system, rest)| Some((self.request.systems.get(&system.parse::<Name>().ok()?)?, rest)));
        let Some((system, rest)) = system else {
            self.problems.push(PlanProblem::UnknownHost { step: env.path(), host: host.to_owned() });
            return None;
        };
        self.touch(system);
        self.host(env, system, rest)
    }

    fn command(&mut self, env: &Env, command: &Command, remote: bool) {
        if let Program::Argv(argv) = &command.program {
            for element in argv {
                self.template(env, &element.0);
            }
        }
        for value in command.env.values() {
            self.template(env, &value.0);
            if remote && has_secret(&value.0) {
                self.problems.push(PlanProblem::SecretOverSsh { step: env.path() });
            }
        }
        for value in command.stdin.iter().chain(&command.cwd) {
            self.template(env, &value.0);
        }
    }

    fn copy(&mut self, env: &Env, reference: &BackupRef) -> Option<Copy> {
        match reference {
            BackupRef::Path(path) => {
                self.template(env, &path.0);
                Some(Copy::Path(path.clone()))
            }
            BackupRef::Backup { system, backup } => {
                let system = self.system(env, system, false)?;
                if !system.backups.iter().any(|known| known.id == *backup) {
                    self.problems.push(PlanProblem::UnknownBackup {
                        step: env.path(),
                        system: system.id.clone(),
                        backup: backup.clone(),
                    });
                    return None;
                }
                Some(Copy::Backup { system: system.id.clone(), backup: backup.clone() })
            }
        }
    }

    fn backup(&mut self, env: &Env, backup: &step::Backup) -> Option<types::Backup> {
        Some(match backup {
            step::Backup::Seal(of) => types::Backup::Seal(self.copy(env, of)?),
            step::Backup::Verify { of, sample } => types::Backup::Verify { of: self.copy(env, of)?, sample: *sample },
            step::Backup::NewestGood(system) => types::Backup::NewestGood(self.system(env, system, false)?.id.clone()),
            step::Backup::Prove(of) => types::Backup::Prove(self.copy(env, of)?),
        })
    }

    fn restore(&mut self, env: &Env, restore: &Restore) -> Option<types::Restore> {
        self.template(env, &restore.from.0);
        let to = match &restore.to {
            RestoreTo::System(system) => {
                let system = self.system(env, system, true)?;
                self.check_target(env, system);
                let Some(place) = &system.restore else {
                    self.problems.push(PlanProblem::NoRestorePlace { step: env.path(), system: system.id.clone() });
                    return None;
                };
                if let Some(check) = &place.check {
                    if let Some(host) = &check.host {
                        self.host(env, system, host)?;
                    }
                    self.command(env, check, check.host.is_some());
                }
                Place::System(system.id.clone())
            }
            RestoreTo::Path(path) => {
                self.check_path(env);
                self.template(env, &path.0);
                Place::Path(path.clone())
            }
        };
        Some(types::Restore { from: restore.from.clone(), to })
    }

    /// Watches with all filled in but secrets.
    pub(super) fn watches(&mut self, env: &Env, watches: &[Watch]) -> Vec<Watch> {
        let scope = env.scope();
        let mut all = Vec::with_capacity(watches.len());
        for watch in watches {
            let before = self.problems.len();
            self.spec(env, &watch.probe);
            if self.problems.len() > before {
                continue;
            }
            let filled = watch.probe.render(|text| {
                if has_secret(text) {
                    Ok(text.to_owned())
                } else {
                    expression::fill(&Template(text.to_owned()), &scope).map_err(|fault| (text.to_owned(), fault))
                }
            });
            match filled {
                Ok(probe) => all.push(Watch { probe, ..watch.clone() }),
                Err((text, fault)) => self.fault(env, &text, fault),
            }
        }
        all
    }

    /// Clocks with their limits in seconds.
    pub(super) fn clocks(env: &Env, playbook: &Playbook) -> IndexMap<Id, Clock> {
        let scope = env.scope();
        let mut all = IndexMap::new();
        for (id, rule) in &playbook.clocks {
            let limit_s = match rule.limit.as_ref().map(|limit| expression::value(limit, &scope)) {
                Some(Ok(Some(Value::Number(number)))) => number.as_u64(),
                Some(Ok(Some(Value::String(text)))) => text.parse::<Span>().ok().map(Span::seconds),
                _ => None,
            };
            let clock = Clock { title: rule.title.clone(), from: rule.from.clone(), to: rule.to.clone(), limit_s };
            all.insert(id.clone(), clock);
        }
        all
    }

    fn spec(&mut self, env: &Env, spec: &Spec) {
        for text in spec.strings() {
            self.template(env, &text);
        }
    }

    fn text(&mut self, env: &Env, text: &Text) {
        if self.request.mode != Mode::Tabletop {
            for text in text.strings() {
                self.template(env, text);
            }
        }
    }

    /// Finds what a template names of the inputs and will never get.
    pub(super) fn template(&mut self, env: &Env, text: &str) {
        if !text.contains("{{") {
            return;
        }
        for expression in expressions(text) {
            let found = names(expression);
            if found.contains(&"default") || found.contains(&"defined") {
                continue;
            }
            for name in found {
                let missing = name.strip_prefix("inputs.").is_some_and(|rest| !self.has(env, rest));
                let problem = PlanProblem::ValueMissing { step: env.path(), name: name.to_owned() };
                if missing && !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
        }
    }

    /// Whether the inputs have the member `rest`; what an input that is itself missing lacks is said where it is missing.
    fn has(&self, env: &Env, rest: &str) -> bool {
        let mut parts = rest.split('.');
        let Some(mut value) = parts.next().and_then(|input| env.inputs.get(input)) else {
            return !self.problems.is_empty();
        };
        for part in parts {
            match value.get(part) {
                Some(inner) => value = inner,
                None => return value.is_string() && value.as_str().is_some_and(|text| text.contains("{{")),
            }
        }
        !value.is_null()
    }

    pub(super) fn fault(&mut self, env: &Env, text: &str, fault: expression::Fault) {
        self.problems.push(PlanProblem::Expression { step: env.path(), expression: text.to_owned(), fault });
    }
}
