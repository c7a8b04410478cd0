//! What a node does, as steps of ours. A command of a stranger is destructive until a person has said what it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::condition::ValueKind;
use super::flow::Maker;
use super::values::{self, Part, parts};
use super::workflow::{Kind, Raw};
use crate::message::message;
use crate::playbook::cacao::id_of;
use crate::source::Node;

/// What an HTTP start line may begin with.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

impl Maker<'_, '_, '_> {
    /// The steps that an action or a call of another playbook is; one at least. Their `when` comes later.
    pub(super) fn acts(&mut self, raw: &Raw<'_>, always: bool) -> Vec<Value> {
        self.constants(raw);
        let mut steps = Vec::new();
        if raw.kind == Kind::Call {
            steps.push(self.call(raw));
        } else {
            let commands = raw.node.get("commands").map(Node::items).unwrap_or_default();
            for (at, command) in commands.iter().enumerate() {
                let step = self.command(raw, command, at, at + 1 == commands.len(), always);
                steps.push(step);
            }
            if steps.is_empty() {
                self.warning("cacao-no-command", raw, "", |pointer| message!("cacao-no-command", pointer = pointer));
                let text = Self::title(raw);
                steps.push(self.manual(raw, 0, &text));
                self.answers(raw, &mut steps, always);
            }
        }
        if raw.node.get("delay").is_some() {
            self.warning("cacao-left-out", raw, "delay", |pointer| message!("cacao-left-out", pointer = pointer));
        }
        for step in &mut steps {
            if let Some(milliseconds) = raw.text("timeout").and_then(|text| text.parse::<u64>().ok()) {
                let seconds = milliseconds.div_ceil(1000).clamp(1, crate::model::Span::MAX_SECONDS);
                step["timeout"] = json!(crate::model::Span::from_seconds(seconds).to_string());
            }
            if let Some(role) = raw.text("agent").and_then(|agent| self.role(agent)) {
                step["role"] = json!(role);
            }
        }
        steps
    }

    /// What a node's own variables are from here on.
    pub(super) fn constants(&mut self, raw: &Raw<'_>) {
        for (key, node) in raw.node.get("step_variables").map(Node::members).unwrap_or_default() {
            let value = node.get("value").and_then(Node::scalar).map(|(text, _)| text);
            if let Some(value) = value.filter(|value| *value != "null") {
                self.values.constant(&key.text, value);
            }
        }
    }

    fn manual(&mut self, raw: &Raw<'_>, at: usize, text: &str) -> Value {
        let title = Self::title(raw);
        let text = if text.trim().is_empty() { title.clone() } else { text.to_owned() };
        json!({ "id": self.step_id(raw, at), "title": title, "manual": { "do": text } })
    }

    /// What a manual step has to answer: the values that it gives.
    fn answers(&mut self, raw: &Raw<'_>, steps: &mut [Value], always: bool) {
        let Some(step) = steps.last_mut() else { return };
        let id = step["id"].as_str().unwrap_or_default().to_owned();
        let mut ask = Vec::new();
        for (variable, name) in outputs(raw) {
            let kind = self.kind_of(raw, &variable);
            let word = match kind {
                ValueKind::Text => "string",
                ValueKind::Number => "integer",
                ValueKind::Truth => "boolean",
            };
            ask.push(json!({ "id": name, "title": values::line(&variable), "type": word }));
            self.values.set(&variable, &id, &name, kind, always);
        }
        if !ask.is_empty() {
            step["manual"]["ask"] = json!(ask);
        }
    }

    fn command(&mut self, raw: &Raw<'_>, command: &Node, at: usize, last: bool, always: bool) -> Value {
        let word = command.get("type").and_then(Node::scalar).map_or("", |(text, _)| text);
        let text = self.command_text(raw, command, at);
        let step = match word {
            "bash" if !self.remote(raw) => self.shell(raw, at, &text),
            "http-api" | "openc2-http" => self.request(raw, command, at, &text),
            _ => None,
        };
        if let Some(mut step) = step {
            if last {
                self.captures(raw, &mut step, always);
            }
            return step;
        }
        let about = command.get("description").and_then(Node::scalar).map(|(text, _)| self.fill(raw, text));
        let mut lines: Vec<String> = about.into_iter().collect();
        if word == "manual" {
            lines.push(self.fill(raw, &text));
        } else {
            let pointer = format!("commands/{at}");
            self.warning("cacao-by-hand", raw, &pointer, |pointer| {
                message!("cacao-by-hand", pointer = pointer, kind = values::line(word))
            });
            let whom: Vec<String> = self.whom(raw);
            let head = if whom.is_empty() {
                format!("{}:", values::line(word))
            } else {
                format!("{} ({}):", values::line(word), whom.join(", "))
            };
            lines.push(self.fill(raw, &head));
            lines.push(self.fill(raw, &text));
        }
        let mut steps = vec![self.manual(raw, at, &lines.join("\n"))];
        if last {
            self.answers(raw, &mut steps, always);
        }
        steps.remove(0)
    }

    /// The text of a command, decoded where it is encoded.
    fn command_text(&mut self, raw: &Raw<'_>, command: &Node, at: usize) -> String {
        let plain = command.get("command").and_then(Node::scalar).map(|(text, _)| text.to_owned());
        let encoded = command.get("command_b64").and_then(Node::scalar).map(|(text, _)| text);
        for (key, _) in command.members() {
            if !matches!(
                key.text.as_str(),
                "type"
                    | "command"
                    | "command_b64"
                    | "description"
                    | "playbook_activity"
                    | "headers"
                    | "content"
                    | "content_b64"
            ) {
                let pointer = format!("commands/{at}/{}", super::escape(&key.text));
                self.warning("cacao-left-out", raw, &pointer, |pointer| message!("cacao-left-out", pointer = pointer));
            }
        }
        match (plain, encoded) {
            (Some(text), _) => text,
            (None, Some(encoded)) => decoded(encoded).unwrap_or_else(|| encoded.to_owned()),
            (None, None) => String::new(),
        }
    }

    /// A script of this machine; nothing where its variables cannot be handed over safely.
    fn shell(&mut self, raw: &Raw<'_>, at: usize, text: &str) -> Option<Value> {
        let mut env = serde_json::Map::new();
        let (mut script, mut single) = (String::new(), false);
        for part in parts(&values::clean(text)) {
            match part {
                Part::Text(text) => {
                    single ^= text.matches('\'').count() % 2 == 1;
                    script.push_str(&text);
                }
                // Between single quotes a shell fills nothing in, and inside a document that is read in nobody knows.
                Part::Variable(_) if single || text.contains("<<") || text.contains('\\') => return None,
                Part::Variable(name) => {
                    let known = self.values.get(&name)?;
                    let word = format!("cacao_{}", name.trim_matches('_').replace('-', "_"));
                    env.insert(word.clone(), json!(format!("{{{{ {} }}}}", known.expression)));
                    script.push_str(&format!("${{{word}}}"));
                }
            }
        }
        // What a script of ours must not have: expressions, and a password that nobody types.
        if script.trim().is_empty() || script.contains("{{") || script.contains("sudo") {
            return None;
        }
        self.strange(raw, at);
        let mut run = json!({ "shell": script, "effect": "destructive" });
        if !env.is_empty() {
            run["env"] = Value::Object(env);
        }
        Some(json!({ "id": self.step_id(raw, at), "title": Self::title(raw), "run": run }))
    }

    /// A request, as the program that sends it: what it does on the other side nobody knows.
    fn request(&mut self, raw: &Raw<'_>, command: &Node, at: usize, text: &str) -> Option<Value> {
        let mut words = text.split_whitespace();
        let (method, path) = (words.next()?, words.next()?);
        if !METHODS.contains(&method) {
            return None;
        }
        let base = if path.contains("://") { String::new() } else { self.base(raw)? };
        let path = if base.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let url = format!("{}{path}", base.trim_end_matches('/'));
        let scheme = url.starts_with("http://") || url.starts_with("https://");
        if !scheme {
            return None;
        }
        let mut argv = vec!["curl".to_owned(), "-fsS".to_owned(), "-X".to_owned(), method.to_owned()];
        for (key, list) in command.get("headers").map(Node::members).unwrap_or_default() {
            let items: Vec<&Node> = if list.scalar().is_some() { vec![list] } else { list.items().iter().collect() };
            for (value, _) in items.into_iter().filter_map(Node::scalar) {
                argv.push("-H".to_owned());
                argv.push(self.fill(raw, &format!("{}: {value}", values::line(&key.text))));
            }
        }
        let content = |key: &str| command.get(key).and_then(Node::scalar).map(|(text, _)| text.to_owned());
        let body = match (content("content"), content("content_b64")) {
            (Some(text), _) => Some(text),
            (None, Some(encoded)) => Some(decoded(&encoded)?),
            (None, None) => None,
        };
        if body.is_some() {
            argv.extend(["--data-binary".to_owned(), "@-".to_owned()]);
        }
        argv.push(self.fill(raw, &url));
        self.strange(raw, at);
        let mut run = json!({ "argv": argv, "effect": "destructive" });
        if let Some(body) = body {
            run["stdin"] = json!(self.fill(raw, &body));
        }
        Some(json!({ "id": self.step_id(raw, at), "title": Self::title(raw), "run": run }))
    }

    fn strange(&mut self, raw: &Raw<'_>, at: usize) {
        let pointer = format!("commands/{at}");
        self.warning("cacao-effect", raw, &pointer, |pointer| message!("cacao-effect", pointer = pointer));
    }

    /// What a command printed is the value that it gives; which of several is which, nobody knows.
    fn captures(&mut self, raw: &Raw<'_>, step: &mut Value, always: bool) {
        let all = outputs(raw);
        let id = step["id"].as_str().unwrap_or_default().to_owned();
        match all.as_slice() {
            [] => {}
            [(variable, name)] => {
                step["capture"] = json!({ name: { "from": "stdout", "regex": r"(?s)^(.*?)\s*$" } });
                self.values.set(variable, &id, name, ValueKind::Text, always);
            }
            _ => self.warning("cacao-outputs", raw, "out_args", |pointer| message!("cacao-outputs", pointer = pointer)),
        }
    }

    fn call(&mut self, raw: &Raw<'_>) -> Value {
        let wanted = raw.text("playbook_id").unwrap_or_default();
        let known = self.playbooks().iter().find(|(name, _)| id_of(name) == wanted);
        if let Some((name, Some(outline))) = known {
            // Only where all that it needs is there.
            if outline.inputs.values().all(|input| input.default.is_some()) && raw.node.get("in_args").is_none() {
                let call = json!({ "playbook": name.as_str() });
                return json!({ "id": self.step_id(raw, 0), "title": Self::title(raw), "call": call });
            }
        }
        self.warning("cacao-call", raw, "playbook_id", |pointer| {
            message!("cacao-call", pointer = pointer, id = values::line(wanted))
        });
        let text = message!("cacao-call-do", id = values::line(wanted));
        let mut step = self.manual(raw, 0, "");
        step["manual"]["do"] = super::both(&text);
        let mut steps = vec![step];
        self.answers(raw, &mut steps, false);
        steps.remove(0)
    }

    /// Text with the variables that are known, and what is not named.
    pub(super) fn fill(&mut self, raw: &Raw<'_>, text: &str) -> String {
        let (filled, unknown) = self.values.fill(text);
        for name in unknown {
            self.warning("cacao-unknown-variable", raw, "", |pointer| {
                message!("cacao-unknown-variable", pointer = pointer, name = name.clone())
            });
        }
        filled
    }
}

/// The variables that a node gives, each with a name of ours.
fn outputs(raw: &Raw<'_>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (text, _) in raw.node.get("out_args").map(Node::items).unwrap_or_default().iter().filter_map(Node::scalar) {
        let variable = text.strip_suffix(":value").unwrap_or(text);
        let mut name = values::id(variable.trim_matches('_'));
        if matches!(name.as_str(), "outcome" | "exit" | "choice" | "undo") {
            name.push_str("_value");
        }
        if !all.iter().any(|(_, known)| *known == name) {
            all.push((variable.to_owned(), name));
        }
    }
    all
}

/// The text that is encoded, where it is text.
fn decoded(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    String::from_utf8(STANDARD.decode(compact).ok()?).ok()
}
