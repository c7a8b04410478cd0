//! A playbook as people read it before a run: every step, every command in full, `‹steps.x.y›` for what is not known yet.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::expression::Scope;
use super::shown::{command_line, display, look, quote, waiting};
use super::types::Playbook;
use crate::inventory::System;
use crate::message::{Message, format, message};
use crate::model::{Effect, Id, Lang, Mark, Name, Span, Template, Text};
use crate::step::{Action, Backup, BackupRef, Items, OnFailure, RestoreTo, Run, Step, SystemRef, ValueKind};

/// One step, ready to be printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The ids from the top down, joined by `/`.
    pub path: String,
    /// How deep it stands, from 0.
    pub depth: usize,
    /// What people call it.
    pub title: Text,
    /// The action's word.
    pub action: &'static str,
    /// The role's title.
    pub role: Option<Text>,
    /// What it may do to a machine.
    pub effect: Option<Effect>,
    /// What runs, in full.
    pub command: Option<String>,
    /// Everything else to know of it, a line each.
    pub lines: Vec<Message>,
    /// The operation that it carries out, where it is one.
    pub operation: Option<Id>,
    /// What takes it back, where something does.
    pub undo: Option<Undo>,
    /// What a drill gives the players here.
    pub given: Option<Given>,
    /// What people are asked for: the names in expressions, and the questions.
    pub asks: Vec<(Id, Text)>,
}

/// What takes a step back.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// The action's word.
    pub action: &'static str,
    /// The operation, where it is one.
    pub operation: Option<Id>,
}

/// What a drill gives the players.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A situation that is told.
    Inject {
        /// To which role, by its title.
        to: Option<Text>,
        /// The situation.
        text: Text,
        /// What the organisers expect.
        expect: Option<Text>,
    },
    /// A fault that is made.
    Fault {
        /// Which fault.
        kind: Name,
        /// On which system: its id, else the words that name it.
        on: String,
    },
}

/// Every step of `playbook`, in the order of the text. Inputs have their defaults and what `given` says.
///
/// Steps of called playbooks stand under the call, where `playbooks` has them.
#[must_use]
pub fn show(
    playbook: &Playbook,
    given: &BTreeMap<Id, Value>,
    systems: &BTreeMap<Name, System>,
    playbooks: &BTreeMap<Name, Playbook>,
) -> Vec<Shown> {
    let mut showing = Showing { systems, playbooks, all: Vec::new() };
    let view = View::of(playbook, given, systems);
    showing.steps(&playbook.steps, &view, "", 0);
    showing.all
}

/// What the names of one playbook mean.
struct View<'a> {
    playbook: &'a Playbook,
    inputs: BTreeMap<Id, Value>,
    scope: Scope,
}

impl<'a> View<'a> {
    fn of(playbook: &'a Playbook, given: &BTreeMap<Id, Value>, systems: &BTreeMap<Name, System>) -> Self {
        let mut inputs = BTreeMap::new();
        let mut values = serde_json::Map::new();
        for (id, input) in &playbook.inputs {
            let Some(value) = given.get(id).or(input.default.as_ref()) else { continue };
            inputs.insert(id.clone(), value.clone());
            let value = if input.kind == ValueKind::System {
                let system = value.as_str().and_then(|name| systems.get(name));
                system.map_or_else(|| json!({ "id": value }), System::value)
            } else {
                value.clone()
            };
            values.insert(id.to_string(), value);
        }
        Self { playbook, inputs, scope: Scope::new(json!({ "inputs": values, "steps": {}, "each": {}, "clocks": {} })) }
    }

    /// The system's id as far as it is known, else the words that name it.
    fn system(&self, system: &SystemRef) -> String {
        match system {
            SystemRef::Id(name) => name.to_string(),
            SystemRef::Input(id) => match self.inputs.get(id).and_then(Value::as_str) {
                Some(name) if !name.contains("{{") => name.to_owned(),
                _ => format!("‹inputs.{id}›"),
            },
            SystemRef::Each(id) => format!("‹each.{id}›"),
        }
    }

    fn words(&self, text: &Text) -> Text {
        let fill = |words: &String| display(&Template(words.clone()), &self.scope);
        match text {
            Text::Same(words) => Text::Same(fill(words)),
            Text::Each { vi, en } => Text::Each { vi: vi.as_ref().map(fill), en: en.as_ref().map(fill) },
        }
    }
}

struct Showing<'a> {
    systems: &'a BTreeMap<Name, System>,
    playbooks: &'a BTreeMap<Name, Playbook>,
    all: Vec<Shown>,
}

/// Calls inside calls that are followed; a circle is a finding elsewhere.
const DEEPEST: usize = 16;

impl Showing<'_> {
    fn steps(&mut self, steps: &[Step], view: &View<'_>, parent: &str, depth: usize) {
        for step in steps {
            let path = if parent.is_empty() { step.id.to_string() } else { format!("{parent}/{}", step.id) };
            let (command, effect) = self.command(&step.action, view);
            let mut lines = before(step, view);
            lines.extend(content(&step.action, view));
            lines.extend(self.after(step, view));
            let role = step.role.as_ref().and_then(|role| view.playbook.roles.get(role));
            self.all.push(Shown {
                path: path.clone(),
                depth,
                title: step.title.clone().unwrap_or_else(|| Text::Same(step.id.to_string())),
                action: word(&step.action),
                role: role.map(|role| role.title.clone()),
                effect,
                command,
                lines,
                operation: operation(&step.action),
                undo: step.undo.as_deref().map(|undo| Undo { action: word(undo), operation: operation(undo) }),
                given: given(&step.action, view),
                asks: asks(&step.action),
            });
            if depth < DEEPEST {
                self.inside(&step.action, view, &path, depth + 1);
            }
        }
    }

    fn inside(&mut self, action: &Action, view: &View<'_>, path: &str, depth: usize) {
        match action {
            Action::Parallel(steps) => self.steps(steps, view, path, depth),
            Action::Each(each) => self.steps(&each.steps, view, path, depth),
            Action::Repeat(repeat) => self.steps(&repeat.steps, view, path, depth),
            Action::Call(call) => {
                let playbooks = self.playbooks;
                if let Some(playbook) = playbooks.get(&call.playbook) {
                    let given = call
                        .with
                        .iter()
                        .map(|(id, value)| match value.as_str().and_then(super::expression::whole) {
                            // A system that is handed on keeps its id.
                            Some(source) => {
                                let input = source.strip_prefix("inputs.").and_then(|id| view.inputs.get(id));
                                (id.clone(), input.cloned().unwrap_or_else(|| value.clone()))
                            }
                            None => (id.clone(), value.clone()),
                        })
                        .collect();
                    let inner = View::of(playbook, &given, self.systems);
                    self.steps(&playbook.steps, &inner, path, depth);
                }
            }
            _ => {}
        }
    }

    /// What runs for an action, in full, and what that may do.
    fn command(&self, action: &Action, view: &View<'_>) -> (Option<String>, Option<Effect>) {
        match action {
            Action::Run(Run::Command(command)) => {
                let ssh = command.host.as_deref().map(|host| self.host(host, view));
                (Some(command_line(command, ssh.as_deref(), &view.scope)), Some(command.effect))
            }
            Action::Run(Run::Operation { on, operation }) => {
                let name = view.system(on);
                let found = self.systems.get(name.as_str());
                match found.and_then(|system| system.operations.get(operation)) {
                    Some(command) => {
                        let ssh = command.host.as_deref().map(|host| self.host(&format!("{name}/{host}"), view));
                        (Some(command_line(command, ssh.as_deref(), &view.scope)), Some(command.effect))
                    }
                    None => (Some(format!("‹{name}: {operation}›")), None),
                }
            }
            Action::Probe(spec) => (Some(look(spec, &view.scope)), Some(Effect::Observe)),
            Action::Wait(wait) => (Some(waiting(wait, &view.scope)), Some(Effect::Observe)),
            Action::Backup(backup) => {
                let text = match backup {
                    Backup::Seal(of) => format!("backup seal {}", copy(of, view)),
                    Backup::Verify { of, sample: Some(sample) } => {
                        format!("backup verify {} --sample {sample}%", copy(of, view))
                    }
                    Backup::Verify { of, sample: None } => format!("backup verify {}", copy(of, view)),
                    Backup::NewestGood(system) => format!("backup newest-good {}", view.system(system)),
                    Backup::Prove(of) => format!("backup prove {}", copy(of, view)),
                };
                (Some(text), Some(Effect::Observe))
            }
            Action::Restore(restore) => {
                let to = match &restore.to {
                    RestoreTo::Path(path) => quote(&display(path, &view.scope)),
                    RestoreTo::System(system) => {
                        let name = view.system(system);
                        let plan = self.systems.get(name.as_str()).and_then(|system| system.restore.as_ref());
                        plan.map_or_else(|| format!("‹{name}: restore.to›"), |plan| quote(&plan.to))
                    }
                };
                let from = quote(&display(&restore.from, &view.scope));
                (Some(format!("restore {from} -> {to}")), Some(Effect::Destructive))
            }
            Action::Fault(fault) => (Some(format!("fault {} {}", fault.kind, view.system(&fault.on))), None),
            _ => (None, None),
        }
    }

    /// The name that ssh knows `SYSTEM/HOST` by.
    fn host(&self, host: &str, view: &View<'_>) -> String {
        let (system, id) = host.split_once('/').unwrap_or(("", host));
        let system = match system.strip_prefix("inputs.").map(str::parse::<Id>) {
            Some(Ok(input)) => view.system(&SystemRef::Input(input)),
            _ => system.to_owned(),
        };
        let found = self.systems.get(system.as_str()).and_then(|system| system.hosts.iter().find(|host| host.id == id));
        found.map_or_else(|| host.to_owned(), |host| host.ssh.clone())
    }

    fn after(&self, step: &Step, view: &View<'_>) -> Vec<Message> {
        let mut lines = Vec::new();
        for capture in &step.capture {
            let message =
                message!("playbook-show-capture", name = capture.name.as_str(), regex = capture.regex.as_str());
            lines.push(message);
        }
        match &step.on_failure {
            OnFailure::Stop => {}
            OnFailure::Continue => lines.push(message!("playbook-show-continue")),
            OnFailure::Goto(id) => lines.push(message!("playbook-show-goto", id = id.as_str())),
        }
        if let Some(undo) = &step.undo {
            let (command, _) = self.command(undo, view);
            let text = command.unwrap_or_else(|| word(undo).to_owned());
            lines.push(message!("playbook-show-undo", command = text));
        }
        if step.evidence_required {
            lines.push(message!("playbook-show-evidence"));
        }
        if let Some(mark) = step.marks {
            lines.push(message!("playbook-show-marks", mark = mark_word(mark)));
        }
        lines
    }
}

/// The operation that an action carries out.
fn operation(action: &Action) -> Option<Id> {
    match action {
        Action::Run(Run::Operation { operation, .. }) => Some(operation.clone()),
        _ => None,
    }
}

fn given(action: &Action, view: &View<'_>) -> Option<Given> {
    match action {
        Action::Inject(inject) => {
            let role = inject.to.as_ref().and_then(|to| view.playbook.roles.get(to));
            let to = role.map(|role| role.title.clone());
            let expect = inject.expect.as_ref().map(|text| view.words(text));
            Some(Given::Inject { to, text: view.words(&inject.text), expect })
        }
        Action::Fault(fault) => Some(Given::Fault { kind: fault.kind.clone(), on: view.system(&fault.on) }),
        _ => None,
    }
}

fn asks(action: &Action) -> Vec<(Id, Text)> {
    match action {
        Action::Manual(manual) => manual.ask.iter().map(|ask| (ask.id.clone(), ask.title.clone())).collect(),
        _ => Vec::new(),
    }
}

/// What decides whether and how a step runs.
fn before(step: &Step, view: &View<'_>) -> Vec<Message> {
    let mut lines = Vec::new();
    if let Some(when) = &step.when {
        lines.push(message!("playbook-show-when", expression = when.0.as_str()));
    }
    if !step.needs.is_empty() {
        let needs: Vec<&str> = step.needs.iter().map(Id::as_str).collect();
        lines.push(message!("playbook-show-needs", steps = needs.join(", ")));
    }
    if let Some(timeout) = step.timeout {
        lines.push(message!("playbook-show-timeout", time = span(timeout)));
    }
    if let Some(retry) = step.retry {
        lines.push(message!("playbook-show-retry", times = retry.times, delay = span(retry.delay)));
    }
    if let Action::Wait(wait) = &step.action {
        lines.push(message!("playbook-show-every", every = span(wait.every), confirm = wait.confirm));
    }
    if let Action::Run(Run::Operation { on, operation }) = &step.action {
        let system = view.system(on);
        lines.push(message!("playbook-show-operation", operation = operation.as_str(), system = system));
    }
    lines
}

/// What a person does, answers and reads.
fn content(action: &Action, view: &View<'_>) -> Vec<Message> {
    match action {
        Action::Manual(manual) => {
            let mut lines = vec![message!("playbook-show-do", text = view.words(&manual.instruction))];
            lines.extend(manual.checks.iter().map(|check| message!("playbook-show-check", text = view.words(check))));
            lines.extend(manual.ask.iter().map(|ask| message!("playbook-show-ask", text = view.words(&ask.title))));
            lines
        }
        Action::Decide(decide) => {
            let mut lines = vec![message!("playbook-show-do", text = view.words(&decide.ask))];
            for option in &decide.options {
                let text = view.words(&option.title);
                let id = option.id.as_str();
                lines.push(match &option.goto {
                    Some(goto) => message!("playbook-show-option-goto", id = id, text = text, goto = goto.as_str()),
                    None => message!("playbook-show-option", id = id, text = text),
                });
            }
            if let Some(default) = &decide.default {
                lines.push(message!("playbook-show-default", id = default.as_str()));
            }
            lines
        }
        Action::Each(each) => {
            let of = match &each.of {
                Items::List(items) => Value::Array(items.clone()).to_string(),
                Items::Expression(of) => of.0.clone(),
            };
            vec![message!("playbook-show-each", name = each.name.as_str(), of = of)]
        }
        Action::Repeat(repeat) => {
            vec![message!("playbook-show-repeat", until = repeat.until.0.as_str(), max = repeat.max)]
        }
        Action::Call(call) => vec![message!("playbook-show-call", playbook = call.playbook.as_str())],
        Action::Notify(notify) => vec![message!("playbook-show-notify", notice = notify.notice.as_str())],
        Action::Inject(inject) => {
            let mut lines = vec![message!("playbook-show-drill-only")];
            lines.push(message!("playbook-show-do", text = view.words(&inject.text)));
            lines.extend(inject.expect.as_ref().map(|text| message!("playbook-show-expect", text = view.words(text))));
            lines
        }
        Action::Note(text) => vec![message!("playbook-show-do", text = view.words(text))],
        Action::Fault(_) => vec![message!("playbook-show-drill-only")],
        _ => Vec::new(),
    }
}

/// A mark in words.
fn mark_word(mark: Mark) -> Message {
    match mark {
        Mark::Detected => message!("playbook-mark-detected"),
        Mark::Declared => message!("playbook-mark-declared"),
        Mark::Contained => message!("playbook-mark-contained"),
        Mark::Restored => message!("playbook-mark-restored"),
        Mark::Closed => message!("playbook-mark-closed"),
    }
}

/// A duration in words of both languages.
fn span(span: Span) -> Text {
    let words = |lang| format::duration(span.duration(), lang);
    Text::Each { vi: Some(words(Lang::Vi)), en: Some(words(Lang::En)) }
}

fn copy(of: &BackupRef, view: &View<'_>) -> String {
    match of {
        BackupRef::Backup { system, backup } => format!("{}/{backup}", view.system(system)),
        BackupRef::Path(path) => quote(&display(path, &view.scope)),
    }
}

/// The action's word in a playbook.
#[must_use]
pub fn word(action: &Action) -> &'static str {
    match action {
        Action::Manual(_) => "manual",
        Action::Run(_) => "run",
        Action::Probe(_) => "probe",
        Action::Wait(_) => "wait",
        Action::Backup(_) => "backup",
        Action::Restore(_) => "restore",
        Action::Decide(_) => "decide",
        Action::Parallel(_) => "parallel",
        Action::Each(_) => "each",
        Action::Repeat(_) => "repeat",
        Action::Call(_) => "call",
        Action::Notify(_) => "notify",
        Action::Inject(_) => "inject",
        Action::Fault(_) => "fault",
        Action::Note(_) => "note",
    }
}
