//! The plan in full: every command as it would run, `‹steps.x.y›` for what is not known yet.

use serde_json::{Value, json};

use super::Plan;
use super::names::{has_secret, names};
use super::types::{Action, Backup, Copy, Place, Rounds, Run, Step};
use crate::message::format;
use crate::model::{Command, Effect, Id, Lang, Name, Program, Stamp, StepPath, Template, Text};
use crate::playbook::expression::{self, Piece, Scope, pieces};
use crate::probe::Spec;

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
        Action::Wait(wait) => {
            Some(format!("wait {} --every {} --confirm {}", look(&wait.probe, scope), wait.every, wait.confirm))
        }
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
        Action::Fault(fault) => Some(format!("fault {} {}", fault.on, fault.kind)),
        _ => None,
    }
}

fn copy_text(copy: &Copy, scope: &Scope) -> String {
    match copy {
        Copy::Backup { system, backup } => format!("{system}/{backup}"),
        Copy::Path(path) => quote(&display(path, scope)),
    }
}

fn look(spec: &Spec, scope: &Scope) -> String {
    let strings: Vec<String> = spec.strings().iter().map(|text| display(&Template(text.clone()), scope)).collect();
    let more = match spec {
        Spec::Port(port) => port.number.to_string(),
        Spec::Http(http) if http.answers == Some(false) => "--answers false".to_owned(),
        Spec::Http(http) => http.status.map(|status| format!("--status {status}")).unwrap_or_default(),
        _ => String::new(),
    };
    format!("{} {} {more}", spec.word(), strings.join(" ")).trim_end().to_owned()
}

fn command_line(command: &Command, ssh: Option<&str>, scope: &Scope) -> String {
    let mut words = Vec::new();
    for (name, value) in &command.env {
        words.push(format!("{name}={}", quote(&display(value, scope))));
    }
    match &command.program {
        Program::Argv(argv) => words.extend(argv.iter().map(|element| quote(&display(element, scope)))),
        Program::Shell(script) => words.push(format!("sh -c {}", quote(script))),
    }
    let line = words.join(" ");
    match ssh {
        Some(host) => format!("ssh {host}: {line}"),
        None => line,
    }
}

/// The text of `template` with what `scope` knows; `‹name›` for the rest, and for every secret.
#[must_use]
pub fn display(template: &Template, scope: &Scope) -> String {
    filled(template, scope, |known| known)
}

/// As [`display`], for people: a moment is written as their language writes it.
#[must_use]
pub fn in_words(template: &Template, scope: &Scope, lang: Lang) -> String {
    filled(template, scope, |known| match known.parse::<Stamp>() {
        Ok(stamp) => format::time(&stamp, lang),
        Err(_) => known,
    })
}

fn filled(template: &Template, scope: &Scope, write: impl Fn(String) -> String) -> String {
    if template.is_literal() {
        return template.0.clone();
    }
    let mut text = String::new();
    for piece in pieces(&template.0) {
        match piece {
            Piece::Literal(literal) | Piece::Open(literal) => text.push_str(literal),
            Piece::Expression { source, .. } => {
                let whole = Template(format!("{{{{{source}}}}}"));
                let known = if has_secret(&whole.0) { None } else { expression::fill(&whole, scope).ok() };
                match known {
                    Some(known) => text.push_str(&write(known)),
                    None => text.push_str(&format!("‹{}›", unknown(source))),
                }
            }
        }
    }
    text
}

/// What stands for an expression that is not known: the name that it rests on, where it is but one.
fn unknown(source: &str) -> &str {
    match names(source).as_slice() {
        [name, ..] if name.contains('.') => name,
        _ => source.trim(),
    }
}

/// One argument as a shell would read it back.
#[must_use]
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| {
        c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '@' | '%' | '+' | ',' | '‹' | '›')
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
