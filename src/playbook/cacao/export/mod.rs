//! A playbook as a CACAO document.

mod command;
mod flow;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{EXTENSION_VERSION, SPEC, extension, id, pattern};
use crate::message::{Message, message};
use crate::model::{Expression, Lang};
use crate::playbook::expression::{Piece, pieces};
use crate::playbook::types::{Family, Playbook};
use crate::playbook::write;
use crate::step::{Action, Step, ValueKind};

/// What was made of a playbook.
#[derive(Clone, Debug)]
pub struct Export {
    /// The document. The same playbook gives the same one.
    pub document: Value,
    /// What tools that do not know our extension will not see, a line each.
    pub unseen: Vec<Message>,
}

/// `playbook` as a CACAO document with its texts in `lang`, made by `author` (a unit's name).
#[must_use]
pub fn export(playbook: &Playbook, lang: Lang, author: &str) -> Export {
    let mut exporter = Exporter::new(playbook, lang, author);
    let start = exporter.node("start", "", "");
    let end = exporter.node("end", "", "");
    let first = exporter.sequence(&playbook.steps, "", &end);
    exporter.workflow.insert(end, json!({ "type": "end" }));
    exporter.workflow.insert(start.clone(), json!({ "type": "start", "on_completion": first }));
    let document = exporter.document(&start);
    let unseen = exporter.unseen();
    Export { document, unseen }
}

/// What other tools do not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unseen {
    Undo,
    Clocks,
    Watches,
    Objectives,
    Marks,
    Phases,
    Evidence,
    Retry,
    Captures,
    Conditions,
    Expressions,
    Operations,
    Probes,
    Backups,
    Drill,
    Secrets,
    Needs,
    Loops,
    Defaults,
    Languages,
}

struct Exporter<'a> {
    playbook: &'a Playbook,
    lang: Lang,
    author: &'a str,
    workflow: Map<String, Value>,
    agents: BTreeMap<String, Value>,
    targets: BTreeMap<String, Value>,
    variables: BTreeMap<String, Value>,
    activities: BTreeSet<&'static str>,
    unseen: BTreeMap<Unseen, Vec<String>>,
    /// The place of each step in the order of the file, by its path.
    order: BTreeMap<String, usize>,
    /// The variables that the step at hand names.
    used: BTreeSet<String>,
}

impl<'a> Exporter<'a> {
    fn new(playbook: &'a Playbook, lang: Lang, author: &'a str) -> Self {
        Self {
            playbook,
            lang,
            author,
            workflow: Map::new(),
            agents: BTreeMap::new(),
            targets: BTreeMap::new(),
            variables: BTreeMap::new(),
            activities: BTreeSet::new(),
            unseen: BTreeMap::new(),
            order: flow::order(&playbook.steps),
            used: BTreeSet::new(),
        }
    }

    /// The id of the node that is the `part` of the step at `path`.
    fn node(&self, kind: &str, path: &str, part: &str) -> String {
        id::object(kind, &format!("{}/{path}#{kind}{part}", self.playbook.name))
    }

    fn hidden(&mut self, what: Unseen, step: &str) {
        let steps = self.unseen.entry(what).or_default();
        if !step.is_empty() && steps.last().is_none_or(|last| last != step) {
            steps.push(step.to_owned());
        }
    }

    /// The variable of a name of our expressions, declared.
    fn variable(&mut self, name: &str) -> Option<String> {
        let words: Vec<&str> = name.split('.').collect();
        let variable = pattern::variable(&words)?;
        let entry = match words.as_slice() {
            ["inputs", input] => self.input(input),
            ["secret", _] => json!({ "type": "string", "description": name, "external": true }),
            _ => json!({ "type": "string", "description": name }),
        };
        self.variables.entry(variable.clone()).or_insert(entry);
        Some(variable)
    }

    fn input(&self, id: &str) -> Value {
        let Some(input) = self.playbook.inputs.get(id) else {
            return json!({ "type": "string", "description": format!("inputs.{id}") });
        };
        let kind = match input.kind {
            ValueKind::Integer | ValueKind::Duration => "integer",
            ValueKind::Boolean => "bool",
            _ => "string",
        };
        let title = input.title.as_ref().map_or(id, |title| title.pick(self.lang));
        let mut map = json!({ "type": kind, "description": title });
        if let Some(default) = &input.default {
            map["value"] = json!(default.as_str().map_or_else(|| default.to_string(), str::to_owned));
        }
        map["external"] = json!(true);
        map
    }

    /// Text with our names as variables. What is more than a name stays as it is written.
    fn fill(&mut self, text: &str, step: &str) -> String {
        let mut filled = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Literal(text) | Piece::Open(text) => filled.push_str(text),
                Piece::Expression { source, .. } => {
                    let name = pattern::name(source.trim());
                    if name.as_ref().is_some_and(|name| name.starts_with("secret.")) {
                        self.hidden(Unseen::Secrets, step);
                    }
                    if let Some(variable) = name.and_then(|name| self.variable(&name)) {
                        filled.push_str(&format!("{variable}:value"));
                        self.used.insert(variable);
                    } else {
                        self.hidden(Unseen::Expressions, step);
                        filled.push_str(&format!("{{{{{source}}}}}"));
                    }
                }
            }
        }
        filled
    }

    /// `when` as a condition: in the words of STIX where it can be said, else a variable that somebody has to set.
    fn condition(&mut self, when: &Expression, path: &str) -> String {
        if let Some(condition) = pattern::condition(&when.0)
            && condition.names.iter().all(|name| self.variable(name).is_some())
        {
            return condition.text;
        }
        self.hidden(Unseen::Conditions, path);
        let variable = format!("__when-{}__", path.replace('/', "-").chars().take(190).collect::<String>());
        self.variables.insert(variable.clone(), json!({ "type": "bool", "description": when.0, "external": true }));
        format!("{variable}:value = true")
    }

    /// What our extension says of a node.
    fn extend(node: &mut Value, content: &Value) {
        node["step_extensions"] = json!({ extension(): content });
    }

    fn document(&mut self, start: &str) -> Value {
        let playbook = self.playbook;
        for id in playbook.inputs.keys() {
            let _ = self.variable(&format!("inputs.{id}"));
        }
        for (role, _) in &playbook.roles {
            self.agent(Some(role));
        }
        self.measures();
        let created = "2026-01-01T00:00:00.000Z";
        let mut map = json!({
            "type": "playbook",
            "spec_version": SPEC,
            "id": id::playbook(&playbook.name),
            "name": playbook.title.pick(self.lang),
            "description": self.description(),
        });
        if !self.activities.is_empty() {
            map["playbook_types"] = json!(self.types());
            map["playbook_activities"] = json!(self.activities);
        }
        map["playbook_processing_summary"] = self.summary();
        map["created_by"] = json!(id::object("identity", self.author));
        map["created"] = json!(created);
        map["modified"] = json!(stamp(playbook.version));
        map["labels"] = self.labels();
        map["external_references"] = self.references();
        if !self.variables.is_empty() {
            map["playbook_variables"] = json!(self.variables);
        }
        map["workflow_start"] = json!(start);
        map["workflow"] = Value::Object(std::mem::take(&mut self.workflow));
        map["playbook_extensions"] = json!({
            extension(): { "language": self.lang, "author": self.author, "playbook": write::head(playbook) }
        });
        if !self.agents.is_empty() {
            map["agent_definitions"] = json!(self.agents);
        }
        if !self.targets.is_empty() {
            map["target_definitions"] = json!(self.targets);
        }
        map["extension_definitions"] = json!({ extension(): {
            "type": "extension-definition",
            "name": "ungpho",
            "description": message!("cacao-extension").render(self.lang),
            "created_by": id::object("identity", "ungpho"),
            "schema": "The head and the steps of a playbook, by the JSON Schema that `ungpho playbook schema` prints.",
            "version": EXTENSION_VERSION,
        } });
        map
    }

    fn description(&self) -> String {
        let lang = self.lang;
        let mut lines: Vec<String> = self
            .playbook
            .signs
            .iter()
            .map(|sign| message!("cli-playbook-sign", text = sign.clone()).render(lang))
            .collect();
        let meanwhile = message!("cli-playbook-keep-running", text = self.playbook.keep_running.clone());
        lines.push(meanwhile.render(lang));
        lines.join("\n")
    }

    fn types(&self) -> Vec<&'static str> {
        let mut types = match self.playbook.family {
            Family::A => vec!["mitigation", "remediation"],
            Family::B | Family::C | Family::D => vec!["remediation"],
            Family::Standing => vec!["prevention"],
        };
        if self.activities.contains("compose-content") {
            types.push("notification");
        }
        types
    }

    fn labels(&self) -> Value {
        let playbook = self.playbook;
        let mut labels = vec![format!("kind:{}", playbook.kind), format!("family:{}", write::family(playbook.family))];
        labels.extend(playbook.levels.iter().map(|level| format!("level:{level}")));
        labels.extend(playbook.tasks.iter().map(|task| format!("task:{task}")));
        json!(labels)
    }

    fn references(&self) -> Value {
        // The circular that asks for `keep_running`, and whose phases the steps have.
        let mut all = vec![json!({ "name": "20/2017/TT-BTTTT", "external_id": "12.2" })];
        if any(&self.playbook.steps, &|step| step.phase.is_some()) {
            all.push(json!({ "name": "20/2017/TT-BTTTT", "external_id": "11" }));
        }
        all.extend(self.playbook.attack.iter().map(|technique| {
            let url = format!("https://attack.mitre.org/techniques/{}/", technique.replace('.', "/"));
            json!({ "name": "MITRE ATT&CK", "external_id": technique, "url": url })
        }));
        json!(all)
    }

    fn summary(&self) -> Value {
        let kinds: BTreeSet<&str> = self.workflow.values().filter_map(|node| node["type"].as_str()).collect();
        let manual = |node: &Value| {
            let commands = node["commands"].as_array();
            commands.is_none_or(|all| all.iter().all(|command| command["type"] == "manual"))
        };
        json!({
            "manual_playbook": self.workflow.values().all(manual),
            "external_playbooks": kinds.contains("playbook-action"),
            "parallel_processing": kinds.contains("parallel"),
            "if_logic": kinds.contains("if-condition"),
            "while_logic": kinds.contains("while-condition"),
            "switch_logic": kinds.contains("switch-condition"),
            "temporal_logic": self.workflow.values().any(|node| node.get("timeout").is_some()),
            "extensions": true,
        })
    }

    /// What the head of a playbook has that CACAO has no word for.
    fn measures(&mut self) {
        let playbook = self.playbook;
        let ids = |list: &mut dyn Iterator<Item = String>| list.collect::<Vec<_>>();
        for (what, names) in [
            (Unseen::Clocks, ids(&mut playbook.clocks.keys().map(ToString::to_string))),
            (Unseen::Watches, ids(&mut playbook.watches.iter().map(|watch| watch.id.to_string()))),
            (Unseen::Objectives, ids(&mut playbook.objectives.iter().map(|objective| objective.id.to_string()))),
        ] {
            for name in names {
                self.hidden(what, &name);
            }
        }
        if write::head(playbook).values().any(|value| value.get("vi").is_some() && value.get("en").is_some()) {
            self.hidden(Unseen::Languages, "");
        }
    }

    fn unseen(&self) -> Vec<Message> {
        let lines = self.unseen.iter().map(|(what, names)| {
            let what = word(*what);
            if names.is_empty() { what } else { message!("cacao-unseen", what = what, names = names.join(", ")) }
        });
        lines.collect()
    }
}

/// When this version was made, as far as order goes: a playbook has a version and no time, and CACAO tells versions by
/// time. Seconds after the first moment of 2026.
fn stamp(version: u32) -> String {
    let seconds = i64::from(version.saturating_sub(1));
    let text = crate::model::Stamp::from_microseconds((1_767_225_600 + seconds) * 1_000_000, 0).to_string();
    // To the millisecond, in UTC.
    format!("{}.000Z", text.get(..19).unwrap_or_default())
}

/// Whether any step, however deep, is so.
fn any(steps: &[Step], so: &dyn Fn(&Step) -> bool) -> bool {
    steps.iter().any(|step| {
        so(step)
            || match &step.action {
                Action::Parallel(steps) => any(steps, so),
                Action::Each(each) => any(&each.steps, so),
                Action::Repeat(repeat) => any(&repeat.steps, so),
                _ => false,
            }
    })
}

fn word(what: Unseen) -> Message {
    match what {
        Unseen::Undo => message!("cacao-unseen-undo"),
        Unseen::Clocks => message!("cacao-unseen-clocks"),
        Unseen::Watches => message!("cacao-unseen-watches"),
        Unseen::Objectives => message!("cacao-unseen-objectives"),
        Unseen::Marks => message!("cacao-unseen-marks"),
        Unseen::Phases => message!("cacao-unseen-phases"),
        Unseen::Evidence => message!("cacao-unseen-evidence"),
        Unseen::Retry => message!("cacao-unseen-retry"),
        Unseen::Captures => message!("cacao-unseen-captures"),
        Unseen::Conditions => message!("cacao-unseen-conditions"),
        Unseen::Expressions => message!("cacao-unseen-expressions"),
        Unseen::Operations => message!("cacao-unseen-operations"),
        Unseen::Probes => message!("cacao-unseen-probes"),
        Unseen::Backups => message!("cacao-unseen-backups"),
        Unseen::Drill => message!("cacao-unseen-drill"),
        Unseen::Secrets => message!("cacao-unseen-secrets"),
        Unseen::Needs => message!("cacao-unseen-needs"),
        Unseen::Loops => message!("cacao-unseen-loops"),
        Unseen::Defaults => message!("cacao-unseen-defaults"),
        Unseen::Languages => message!("cacao-unseen-languages"),
    }
}
