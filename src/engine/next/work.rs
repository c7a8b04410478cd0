//! Actions with everything filled in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::engine::effect::{CommandWork, CopyRef, Work};
use crate::engine::plan::{Action, Backup, Copy, Place, Plan, Run, quote};
use crate::inventory::System;
use crate::model::{Command, Program, RunId, Template};
use crate::playbook::expression::{self, Fault, Scope};

/// Every text of an action that may hold an expression.
pub(super) fn texts(plan: &Plan, action: &Action) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    match action {
        Action::Run(run) => command_texts(&run.command, &mut all),
        Action::Probe(spec) => all = spec.strings(),
        Action::Wait(wait) => all = wait.probe.strings(),
        Action::Backup(Backup::Seal(copy) | Backup::Verify { of: copy, .. } | Backup::Prove(copy)) => {
            if let Copy::Path(path) = copy {
                all.push(path.0.clone());
            }
        }
        Action::Restore(restore) => {
            all.push(restore.from.0.clone());
            match &restore.to {
                Place::Path(path) => all.push(path.0.clone()),
                Place::System(system) => {
                    let place = plan.systems.get(system).and_then(|system| system.restore.as_ref());
                    if let Some(check) = place.and_then(|place| place.check.as_ref()) {
                        command_texts(check, &mut all);
                    }
                }
            }
        }
        Action::Fault(fault) => {
            all.extend(fault.with.values().filter_map(|value| value.as_str().map(str::to_owned)));
        }
        _ => {}
    }
    all.retain(|text| text.contains("{{"));
    all
}

fn command_texts(command: &Command, all: &mut Vec<String>) {
    if let Program::Argv(argv) = &command.program {
        all.extend(argv.iter().map(|element| element.0.clone()));
    }
    let rest = command.env.values().chain(&command.stdin).chain(&command.cwd);
    all.extend(rest.map(|value| value.0.clone()));
}

fn fill(template: &Template, scope: &Scope) -> Result<String, Fault> {
    if template.is_literal() { Ok(template.0.clone()) } else { expression::fill(template, scope) }
}

/// The work of an action that the loop carries out.
pub(super) fn build(
    plan: &Plan,
    action: &Action,
    scope: &Scope,
    run: &RunId,
    secrets: &[String],
) -> Result<Work, Fault> {
    let look = |spec: &crate::probe::Spec| spec.render(|text| fill(&Template(text.to_owned()), scope));
    Ok(match action {
        Action::Run(Run { command, ssh, .. }) => Work::Command(command_work(command, ssh.as_deref(), scope, secrets)?),
        Action::Probe(spec) => Work::Probe(look(spec)?),
        Action::Wait(wait) => {
            Work::Wait { probe: look(&wait.probe)?, every: wait.every.duration(), confirm: wait.confirm.max(1) }
        }
        Action::Backup(backup) => match backup {
            Backup::Seal(copy) => Work::Seal { copy: copy_ref(plan, copy, scope)? },
            Backup::Verify { of, sample } => Work::Verify { copy: copy_ref(plan, of, scope)?, sample: *sample },
            Backup::Prove(copy) => {
                let copy = copy_ref(plan, copy, scope)?;
                let check = match &copy {
                    CopyRef::Newest { system, .. } => check_work(system, scope, secrets)?,
                    CopyRef::Path(_) => None,
                };
                Work::Prove { copy, check }
            }
            Backup::NewestGood(system) => match plan.systems.get(system) {
                Some(system) => Work::NewestGood { system: system.clone() },
                None => return Err(Fault::Unknown { expression: system.to_string() }),
            },
        },
        Action::Restore(restore) => {
            let from = PathBuf::from(fill(&restore.from, scope)?);
            let (to, check) = match &restore.to {
                Place::Path(path) => (fill(path, scope)?, None),
                Place::System(name) => {
                    let place = plan.systems.get(name).and_then(|system| Some((system, system.restore.as_ref()?)));
                    let Some((system, place)) = place else {
                        return Err(Fault::Unknown { expression: name.to_string() });
                    };
                    (place.to.clone(), check_work(system, scope, secrets)?)
                }
            };
            Work::Restore { from, to: PathBuf::from(to), run: run.to_string(), check }
        }
        Action::Fault(fault) => {
            let mut with = BTreeMap::new();
            for (id, value) in &fault.with {
                let value = match value.as_str().filter(|text| text.contains("{{")) {
                    Some(text) => {
                        let template = Template(text.to_owned());
                        let unknown = || Fault::Unknown { expression: text.to_owned() };
                        expression::value(&template, scope)?.ok_or_else(unknown)?
                    }
                    None => value.clone(),
                };
                with.insert(id.clone(), value);
            }
            Work::Fault { system: fault.on.clone(), kind: fault.kind.clone(), with }
        }
        // People and records do the rest; a plan never comes here.
        _ => Work::Sleep(std::time::Duration::ZERO),
    })
}

fn copy_ref(plan: &Plan, copy: &Copy, scope: &Scope) -> Result<CopyRef, Fault> {
    match copy {
        Copy::Path(path) => Ok(CopyRef::Path(PathBuf::from(fill(path, scope)?))),
        Copy::Backup { system, backup } => match plan.systems.get(system) {
            Some(found) => Ok(CopyRef::Newest { system: Box::new(found.clone()), backup: backup.clone() }),
            None => Err(Fault::Unknown { expression: Value::from(system.as_str()).to_string() }),
        },
    }
}

/// The system's own check of what was restored.
fn check_work(system: &System, scope: &Scope, secrets: &[String]) -> Result<Option<CommandWork>, Fault> {
    let Some(check) = system.restore.as_ref().and_then(|place| place.check.as_ref()) else { return Ok(None) };
    let ssh = check.host.as_ref().and_then(|host| system.hosts.iter().find(|known| known.id == **host));
    command_work(check, ssh.map(|host| host.ssh.as_str()), scope, secrets).map(Some)
}

fn command_work(command: &Command, ssh: Option<&str>, scope: &Scope, secrets: &[String]) -> Result<CommandWork, Fault> {
    let mut argv = match &command.program {
        Program::Argv(argv) => argv.iter().map(|element| fill(element, scope)).collect::<Result<Vec<_>, _>>()?,
        Program::Shell(script) => vec!["/bin/sh".to_owned(), "-c".to_owned(), script.clone()],
    };
    let mut env = BTreeMap::new();
    for (name, value) in &command.env {
        env.insert(name.clone(), fill(value, scope)?);
    }
    let remote = ssh.is_some();
    let mut cwd = command.cwd.as_ref().map(|cwd| fill(cwd, scope)).transpose()?;
    if let Some(host) = ssh {
        argv = through_ssh(host, &argv, &env, cwd.as_deref());
        env = BTreeMap::new();
        cwd = None;
    }
    Ok(CommandWork {
        argv,
        env,
        stdin: command.stdin.as_ref().map(|stdin| fill(stdin, scope)).transpose()?,
        cwd: cwd.map(PathBuf::from),
        effect: command.effect,
        secrets: secrets.to_vec(),
        remote,
    })
}

/// The remote shell joins its arguments with spaces and reads them again, so each is quoted once more.
fn through_ssh(host: &str, argv: &[String], env: &BTreeMap<String, String>, cwd: Option<&str>) -> Vec<String> {
    let mut words: Vec<String> = argv.iter().map(|element| quote(element)).collect();
    if !env.is_empty() {
        let values = env.iter().map(|(name, value)| quote(&format!("{name}={value}")));
        words = std::iter::once("env".to_owned()).chain(values).chain(words).collect();
    }
    let mut line = words.join(" ");
    if let Some(cwd) = cwd {
        line = format!("cd {} && {line}", quote(cwd));
    }
    ["ssh", "-o", "BatchMode=yes", host, "--", &line].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_with_blanks_stays_one_argument_through_ssh() {
        let argv = ["echo".to_owned(), "a b".to_owned(), "it's".to_owned()];
        let env = BTreeMap::from([("NAME".to_owned(), "x y".to_owned())]);
        let words = through_ssh("app-01", &argv, &env, Some("/srv/one stop"));
        assert_eq!(words[..5], ["ssh", "-o", "BatchMode=yes", "app-01", "--"]);
        assert_eq!(words[5], r"cd '/srv/one stop' && env 'NAME=x y' echo 'a b' 'it'\''s'");
    }
}
