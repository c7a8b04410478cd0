//! What a step does, as commands for an agent and its targets.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Exporter, Unseen};
use crate::message::{Message, message};
use crate::model::{Command, Id, Phase, Program, Text};
use crate::playbook::cacao::id;
use crate::playbook::expression::{Piece, pieces};
use crate::playbook::shown::quote;
use crate::playbook::types::Playbook;
use crate::probe::Spec;
use crate::probe::spec::Http;
use crate::step::{Action, Backup, Decide, Manual, Run, Step, SystemRef, ValueKind};

impl Exporter<'_> {
    /// The node of a step, without what follows it.
    pub(super) fn body(&mut self, step: &Step, path: &str) -> Value {
        self.used.clear();
        let mut node = match &step.action {
            Action::Parallel(steps) => self.parallel(steps, path),
            Action::Each(_) | Action::Repeat(_) => self.rounds(step, path),
            Action::Call(call) => {
                let mut node = json!({ "type": "playbook-action", "playbook_id": id::playbook(&call.playbook) });
                for value in call.with.values().filter_map(Value::as_str) {
                    self.fill(value, path);
                }
                if !self.used.is_empty() {
                    node["in_args"] = json!(self.used);
                }
                node
            }
            _ => self.action(step, path),
        };
        let mut named = json!({ "type": node["type"], "name": step.name().pick(self.lang) });
        if let Some(timeout) = step.timeout {
            named["timeout"] = json!(timeout.seconds() * 1000);
        }
        if let (Some(named), Some(node)) = (named.as_object_mut(), node.as_object_mut()) {
            named.extend(std::mem::take(node));
        }
        named
    }

    fn action(&mut self, step: &Step, path: &str) -> Value {
        let mut out: Vec<String> = Vec::new();
        let mut yields = |exporter: &mut Self, name: &str, kind: &str| {
            let variable = exporter.variable(&format!("steps.{path}.{name}", path = step.id));
            if let Some(variable) = variable {
                if let Some(entry) = exporter.variables.get_mut(&variable) {
                    entry["type"] = json!(kind);
                }
                out.push(variable);
            }
        };
        match &step.action {
            Action::Manual(manual) => {
                for ask in &manual.ask {
                    let kind = match ask.kind {
                        ValueKind::Integer | ValueKind::Duration => "integer",
                        ValueKind::Boolean => "bool",
                        _ => "string",
                    };
                    yields(self, ask.id.as_str(), kind);
                }
            }
            Action::Decide(_) => yields(self, "choice", "string"),
            Action::Backup(Backup::NewestGood(_)) => {
                for name in ["path", "sealed_at", "rejected"] {
                    yields(self, name, "string");
                }
            }
            _ => {}
        }
        for capture in &step.capture {
            yields(self, capture.name.as_str(), "string");
        }
        let mut made = self.made(step, path);
        let activity = activity(step);
        self.activities.insert(activity);
        made.command["playbook_activity"] = json!(activity);
        let agent = if made.machine { self.machine("localhost") } else { self.agent(step.role.as_ref()) };
        let mut node = json!({ "type": "action", "commands": [made.command], "agent": agent });
        if !made.targets.is_empty() {
            node["targets"] = json!(made.targets);
        }
        let used: Vec<&String> = self.used.iter().filter(|name| !out.contains(name)).collect();
        if !used.is_empty() {
            node["in_args"] = json!(used);
        }
        if !out.is_empty() {
            node["out_args"] = json!(out);
        }
        node
    }

    fn made(&mut self, step: &Step, path: &str) -> Made {
        match &step.action {
            Action::Manual(manual) => {
                let text = self.manual(manual, path);
                Made::by_hand(&text)
            }
            Action::Decide(decide) => {
                if decide.default.is_some() {
                    self.hidden(Unseen::Defaults, path);
                }
                let text = self.decide(decide, path);
                Made::by_hand(&text)
            }
            Action::Run(Run::Command(command)) => self.command(command, path),
            Action::Run(Run::Operation { on, operation }) => {
                self.hidden(Unseen::Operations, path);
                let text = message!("cacao-operation", operation = operation.as_str(), system = system(on));
                self.on_system(&text, on)
            }
            Action::Probe(spec) => self.look(spec, path, None),
            Action::Wait(wait) => {
                let every = message!("cacao-wait", every = wait.every.to_string(), confirm = wait.confirm);
                self.look(&wait.probe, path, Some(&every))
            }
            Action::Backup(_) | Action::Restore(_) => {
                self.hidden(Unseen::Backups, path);
                Made::by_hand(&self.written(step, path))
            }
            Action::Notify(notify) => {
                Made::by_hand(&message!("cacao-notify", notice = notify.notice.as_str()).render(self.lang))
            }
            Action::Inject(inject) => {
                self.hidden(Unseen::Drill, path);
                let mut text = self.text(&inject.text, path);
                if let Some(expect) = &inject.expect {
                    let expect = Text::Same(self.text(expect, path));
                    text = format!("{text}\n{}", message!("cacao-expect", text = expect).render(self.lang));
                }
                Made::by_hand(&message!("cacao-drill", text = text).render(self.lang))
            }
            Action::Fault(fault) => {
                self.hidden(Unseen::Drill, path);
                let text = format!("{} → {}", fault.kind, system(&fault.on));
                self.on_system(&message!("cacao-drill", text = text), &fault.on)
            }
            Action::Note(text) => {
                let text = self.text(text, path);
                Made::by_hand(&message!("cacao-note", text = text).render(self.lang))
            }
            Action::Parallel(_) | Action::Each(_) | Action::Repeat(_) | Action::Call(_) => Made::by_hand(""),
        }
    }

    /// An action as its line in the file says it.
    fn written(&mut self, step: &Step, path: &str) -> String {
        let map = crate::playbook::write::alone(step);
        let settings: Vec<String> = ["backup", "restore"]
            .iter()
            .filter_map(|word| Some((word, map.get(word)?.as_object()?)))
            .flat_map(|(word, members)| {
                let value = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let settings = members.iter().map(move |(key, given)| format!("{key} {}", value(given)));
                std::iter::once((*word).to_owned()).chain(settings).collect::<Vec<_>>()
            })
            .collect();
        self.fill(&settings.join(" "), path)
    }

    fn text(&mut self, text: &Text, path: &str) -> String {
        let text = text.pick(self.lang).to_owned();
        self.fill(&text, path)
    }

    fn manual(&mut self, manual: &Manual, path: &str) -> String {
        let mut lines = vec![self.text(&manual.instruction, path)];
        for check in &manual.checks {
            lines.push(format!("[ ] {}", self.text(check, path)));
        }
        for ask in &manual.ask {
            lines.push(format!("{}: {}", ask.id, self.text(&ask.title, path)));
        }
        lines.join("\n")
    }

    fn decide(&mut self, decide: &Decide, path: &str) -> String {
        let mut lines = vec![self.text(&decide.ask, path)];
        for option in &decide.options {
            lines.push(format!("{}: {}", option.id, self.text(&option.title, path)));
        }
        lines.join("\n")
    }

    /// A command of this machine, or of one that ssh reaches.
    fn command(&mut self, command: &Command, path: &str) -> Made {
        let mut text = match &command.program {
            Program::Shell(script) => script.clone(),
            Program::Argv(words) => words.iter().map(|word| self.word(&word.0, path)).collect::<Vec<_>>().join(" "),
        };
        let shell = matches!(command.program, Program::Shell(_));
        let env: Vec<String> =
            command.env.iter().map(|(name, value)| format!("{name}={}", self.word(&value.0, path))).collect();
        if !env.is_empty() {
            text =
                if shell { format!("export {}; {text}", env.join(" ")) } else { format!("{} {text}", env.join(" ")) };
        }
        if let Some(stdin) = &command.stdin {
            text = format!("printf %s {} | {{ {text}\n}}", self.word(&stdin.0, path));
        }
        if let Some(cwd) = &command.cwd {
            text = format!("cd {} && {text}", self.word(&cwd.0, path));
        }
        let kind = if command.host.is_some() { "ssh" } else { "bash" };
        let mut made = Made { command: json!({ "type": kind }), targets: Vec::new(), machine: true };
        // What has quotes or lines is safer encoded, where no variable has to be seen in it.
        if text.contains(['\'', '"', '\\', '\n']) && self.used.is_empty() {
            made.command["command_b64"] = json!(STANDARD.encode(&text));
        } else {
            made.command["command"] = json!(text);
        }
        if let Some(host) = &command.host {
            let (of, host) = host.split_once('/').unwrap_or(("", host));
            let of = of.strip_prefix("inputs.").map_or_else(|| of.to_owned(), |input| format!("inputs.{input}"));
            made.targets.push(self.host(&format!("{of}/{host}")));
        }
        made
    }

    /// One argument of a shell command; what is filled in stands inside quotes.
    fn word(&mut self, text: &str, path: &str) -> String {
        if pieces(text).iter().any(|piece| matches!(piece, Piece::Expression { .. })) {
            let filled = self.fill(text, path);
            return format!("\"{}\"", filled.replace('\\', "\\\\").replace('"', "\\\""));
        }
        quote(text)
    }

    /// A look, as a request where it is one, else as words.
    fn look(&mut self, spec: &Spec, path: &str, also: Option<&Message>) -> Made {
        self.hidden(Unseen::Probes, path);
        let said = also.map(|also| also.render(self.lang));
        if let Spec::Http(http) = spec {
            let mut made = self.request(http, path);
            made.command["description"] =
                json!(said.into_iter().chain([settings(spec)]).collect::<Vec<_>>().join("; "));
            return made;
        }
        let text = self.fill(&settings(spec), path);
        Made::by_hand(&std::iter::once(text).chain(said).collect::<Vec<_>>().join("; "))
    }

    fn request(&mut self, http: &Http, path: &str) -> Made {
        let url = self.fill(&http.url, path);
        let method = http.method.as_deref().unwrap_or("GET");
        let mut command = json!({ "type": "http-api", "command": format!("{method} {url} HTTP/1.1") });
        let headers: Map<String, Value> =
            http.headers.iter().map(|(name, value)| (name.clone(), json!([self.fill(value, path)]))).collect();
        if !headers.is_empty() {
            command["headers"] = Value::Object(headers);
        }
        let target = id::object("http-api", &format!("{}/target/{url}", self.playbook.name));
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let host = host.split(['/', '?']).next().unwrap_or_default();
        let node = json!({ "type": "http-api", "name": url, "address": { "dname": [host] } });
        self.targets.insert(target.clone(), node);
        Made { command, targets: vec![target], machine: true }
    }

    fn on_system(&mut self, text: &Message, on: &SystemRef) -> Made {
        let mut made = Made::by_hand(&text.render(self.lang));
        made.targets.push(self.host(&system(on)));
        made
    }

    /// The target that is a system, or one of its hosts.
    fn host(&mut self, name: &str) -> String {
        let kind = if name.contains('/') { "ssh" } else { "net-address" };
        let target = id::object(kind, &format!("{}/target/{name}", self.playbook.name));
        let address = match name.strip_prefix("inputs.") {
            Some(rest) => {
                let (input, host) = rest.split_once('/').map_or((rest, ""), |(input, host)| (input, host));
                let variable = self.variable(&format!("inputs.{input}")).unwrap_or_default();
                if !variable.is_empty() {
                    self.used.insert(variable.clone());
                }
                if host.is_empty() { format!("{variable}:value") } else { host.to_owned() }
            }
            None => name.rsplit('/').next().unwrap_or_default().to_owned(),
        };
        let node = json!({ "type": kind, "name": name, "address": { "dname": [address] } });
        self.targets.insert(target.clone(), node);
        target
    }

    /// The agent that has this role; whoever it is where none is named.
    pub(super) fn agent(&mut self, role: Option<&Id>) -> String {
        let playbook: &Playbook = self.playbook;
        let (kind, key, name) = match role {
            Some(role) => {
                let title = playbook.roles.get(role).map_or(role.as_str(), |known| known.title.pick(self.lang));
                ("individual", role.as_str(), title.to_owned())
            }
            None => ("organization", "", self.author.to_owned()),
        };
        let agent = id::object(kind, &format!("{}/agent/{key}", playbook.name));
        self.agents.insert(agent.clone(), json!({ "type": kind, "name": name }));
        agent
    }

    /// The machine that commands run on.
    fn machine(&mut self, host: &str) -> String {
        let agent = id::object("linux", &format!("{}/agent/{host}", self.playbook.name));
        let node = json!({ "type": "linux", "name": host, "address": { "dname": [host] } });
        self.agents.insert(agent.clone(), node);
        agent
    }
}

/// A command, whom it is for.
struct Made {
    command: Value,
    targets: Vec<String>,
    /// Whether a machine carries it out.
    machine: bool,
}

impl Made {
    fn by_hand(text: &str) -> Self {
        Self { command: json!({ "type": "manual", "command": text }), targets: Vec::new(), machine: false }
    }
}

/// A look's settings as the file writes them.
fn settings(spec: &Spec) -> String {
    let all = serde_json::to_value(spec).unwrap_or_default();
    let members: BTreeMap<String, Value> =
        all.get(spec.word()).and_then(Value::as_object).cloned().unwrap_or_default().into_iter().collect();
    let said = members.iter().filter(|(name, value)| !value.is_null() && name.as_str() != "headers");
    let value = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let said: Vec<String> = said.map(|(name, given)| format!("{name}={}", value(given))).collect();
    format!("{}: {}", spec.word(), said.join(" "))
}

fn system(system: &SystemRef) -> String {
    match system {
        SystemRef::Id(name) => name.to_string(),
        SystemRef::Input(id) => format!("inputs.{id}"),
        SystemRef::Each(id) => format!("each.{id}"),
    }
}

/// The activity of the vocabulary that a step comes nearest to.
fn activity(step: &Step) -> &'static str {
    match &step.action {
        Action::Probe(_) | Action::Wait(_) => "scan-system",
        Action::Backup(_) => "analyze-collected-data",
        Action::Restore(_) => "restore-data",
        Action::Decide(_) => "identify-steps",
        Action::Notify(_) => "compose-content",
        Action::Inject(_) => "deliver-content",
        Action::Fault(_) => "execute-operation",
        _ => match step.phase {
            Some(Phase::Receive) => "analyze-collected-data",
            Some(Phase::Contain) => "restrict-access",
            Some(Phase::Recover) => "restore-capabilities",
            _ => "step-sequence",
        },
    }
}
