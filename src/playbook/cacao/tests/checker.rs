//! The rules of the specification that a document has to keep, written from its text: required properties, forms of ids,
//! references, vocabularies, what each kind of step must and must not have.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;

const ACTIVITIES: &[&str] = &[
    "compose-content",
    "deliver-content",
    "identify-audience",
    "identify-channel",
    "scan-system",
    "match-indicator",
    "analyze-collected-data",
    "identify-indicators",
    "scan-vulnerabilities",
    "configure-systems",
    "restrict-access",
    "disconnect-system",
    "eliminate-risk",
    "revert-system",
    "restore-data",
    "restore-capabilities",
    "map-network",
    "identify-steps",
    "step-sequence",
    "prepare-engagement",
    "execute-operation",
    "analyze-engagement-results",
];

const TYPES: &[&str] =
    &["attack", "detection", "engagement", "investigation", "mitigation", "notification", "prevention", "remediation"];

/// What breaks a rule, by its pointer.
pub(super) fn check(document: &Value) -> Vec<String> {
    let mut checker = Checker { document, found: Vec::new(), uuids: BTreeSet::new() };
    checker.head();
    checker.steps();
    checker.branches();
    checker.found
}

struct Checker<'a> {
    document: &'a Value,
    found: Vec<String>,
    uuids: BTreeSet<String>,
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).expect("a valid pattern").is_match(text)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

impl Checker<'_> {
    fn rule(&mut self, holds: bool, pointer: &str, rule: &str) {
        if !holds {
            self.found.push(format!("{pointer}: {rule}"));
        }
    }

    /// Section 10.10: `type--UUID`; all but a playbook of version 4.
    fn id(&mut self, id: &str, kind: &str, pointer: &str) {
        let version = if kind == "playbook" { "[45]" } else { "4" };
        let pattern =
            format!("^{kind}--[0-9a-f]{{8}}-[0-9a-f]{{4}}-{version}[0-9a-f]{{3}}-[89ab][0-9a-f]{{3}}-[0-9a-f]{{12}}$");
        self.rule(matches(&pattern, id), pointer, "the form of an id");
    }

    fn own_id(&mut self, id: &str, kind: &str, pointer: &str) {
        self.id(id, kind, pointer);
        let uuid = id.split("--").nth(1).unwrap_or_default().to_owned();
        let new = self.uuids.insert(uuid);
        self.rule(new, pointer, "a UUID is used once");
    }

    fn known(&mut self, value: &Value, pointer: &str, keys: &[&str]) {
        for (key, _) in members(value) {
            self.rule(keys.contains(&key.as_str()), pointer, &format!("no property `{key}`"));
        }
    }

    fn head(&mut self) {
        let document = self.document;
        for key in
            ["type", "spec_version", "id", "name", "created_by", "created", "modified", "workflow_start", "workflow"]
        {
            self.rule(document.get(key).is_some(), "", &format!("`{key}` is required"));
        }
        self.rule(document["type"] == "playbook" && document["spec_version"] == "cacao-2.0", "", "type and version");
        self.own_id(document["id"].as_str().unwrap_or_default(), "playbook", "/id");
        self.id(document["created_by"].as_str().unwrap_or_default(), "identity", "/created_by");
        let time = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";
        let (created, modified) = (document["created"].as_str(), document["modified"].as_str());
        self.rule(
            [created, modified].iter().all(|at| at.is_some_and(|at| matches(time, at))),
            "/created",
            "milliseconds",
        );
        self.rule(modified >= created, "/modified", "not before created");
        for kind in document["playbook_types"].as_array().into_iter().flatten() {
            self.rule(TYPES.contains(&kind.as_str().unwrap_or_default()), "/playbook_types", "of the vocabulary");
        }
        let commands: BTreeSet<&str> = members(&document["workflow"])
            .flat_map(|(_, step)| step["commands"].as_array().into_iter().flatten())
            .filter_map(|command| command["playbook_activity"].as_str())
            .collect();
        for activity in document["playbook_activities"].as_array().into_iter().flatten() {
            let activity = activity.as_str().unwrap_or_default();
            self.rule(ACTIVITIES.contains(&activity), "/playbook_activities", "of the vocabulary");
            self.rule(commands.contains(activity), "/playbook_activities", "each is in a command");
        }
        for (name, variable) in members(&document["playbook_variables"]) {
            let pointer = format!("/playbook_variables/{name}");
            self.rule(matches("^__[a-zA-Z][a-zA-Z0-9_-]{0,199}__$", name), &pointer, "the form of a variable");
            self.rule(variable["type"].is_string(), &pointer, "a type");
            let value = variable.get("value").is_none_or(Value::is_string);
            self.rule(value, &pointer, "the value is text");
            self.known(variable, &pointer, &["type", "description", "value", "constant", "external"]);
        }
        for reference in document["external_references"].as_array().into_iter().flatten() {
            self.rule(
                reference["name"].is_string() && reference.as_object().is_some_and(|map| map.len() > 1),
                "/external_references",
                "a name and more",
            );
        }
        for (id, definition) in members(&document["extension_definitions"]) {
            self.own_id(id, "extension-definition", "/extension_definitions");
            for key in ["type", "name", "created_by", "schema", "version"] {
                self.rule(definition[key].is_string(), "/extension_definitions", &format!("`{key}` is required"));
            }
        }
        for key in ["agent_definitions", "target_definitions"] {
            self.rule(document.get(key).is_none_or(|all| members(all).count() > 0), key, "not empty");
            for (id, object) in members(&document[key]) {
                let kind = object["type"].as_str().unwrap_or_default();
                self.own_id(id, kind, key);
                self.rule(object["name"].as_str().is_some_and(|name| !name.is_empty()), key, "a name");
                let addressed = matches!(kind, "linux" | "ssh" | "net-address" | "http-api");
                self.rule(addressed == object.get("address").is_some(), key, "an address where it is a machine");
                for (_, list) in members(&object["address"]) {
                    let filled = list
                        .as_array()
                        .is_some_and(|all| all.iter().all(|text| text.as_str().is_some_and(|text| !text.is_empty())));
                    self.rule(filled, key, "addresses are texts");
                }
            }
        }
        let start = document["workflow_start"].as_str().unwrap_or_default();
        self.rule(document["workflow"][start]["type"] == "start", "/workflow_start", "leads to the start");
    }

    fn extension(&mut self, value: &Value, pointer: &str) {
        for (id, content) in members(value) {
            self.rule(self.document["extension_definitions"].get(id).is_some(), pointer, "the extension is defined");
            for (key, _) in members(content) {
                self.rule(matches("^[a-z0-9_]{3,250}$", key), pointer, "the form of an extension's property");
            }
        }
    }

    fn steps(&mut self) {
        let document = self.document;
        let workflow = &document["workflow"];
        self.extension(&document["playbook_extensions"], "/playbook_extensions");
        let used = Regex::new(r"(__[a-zA-Z][a-zA-Z0-9_-]*?__):value").expect("a valid pattern");
        for (id, step) in members(workflow) {
            let pointer = format!("/workflow/{id}");
            let kind = step["type"].as_str().unwrap_or_default();
            self.own_id(id, kind, &pointer);
            self.extension(&step["step_extensions"], &pointer);
            let mut keys = vec!["type", "name", "description", "timeout", "step_extensions"];
            let (goes_on, success, failure) =
                (step.get("on_completion"), step.get("on_success"), step.get("on_failure"));
            if kind != "end" {
                keys.extend(["on_completion", "on_success", "on_failure"]);
                self.rule(goes_on.is_some() != success.is_some(), &pointer, "on_completion or on_success");
                self.rule(goes_on.is_none() || failure.is_none(), &pointer, "no on_failure besides on_completion");
            }
            if kind == "start" {
                self.rule(goes_on.is_some(), &pointer, "a start goes on");
            }
            let own: &[&str] = match kind {
                "start" | "end" => &[],
                "action" => &["commands", "agent", "targets", "in_args", "out_args"],
                "playbook-action" => &["playbook_id", "in_args", "out_args"],
                "parallel" => &["next_steps"],
                "if-condition" => &["condition", "on_true", "on_false"],
                "while-condition" => &["condition", "on_true"],
                _ => &["no kind"],
            };
            keys.extend(own);
            self.known(step, &pointer, &keys);
            for key in own.iter().filter(|key| {
                matches!(**key, "commands" | "agent" | "playbook_id" | "next_steps" | "condition" | "on_true")
            }) {
                self.rule(step.get(*key).is_some(), &pointer, &format!("`{key}` is required"));
            }
            let branches = step["next_steps"].as_array().cloned().unwrap_or_default();
            self.rule(kind != "parallel" || branches.len() > 1, &pointer, "two branches");
            let single = ["on_completion", "on_success", "on_failure", "on_true", "on_false"];
            let links = single.iter().filter_map(|key| step.get(*key)).chain(&branches);
            for link in links {
                self.rule(
                    workflow.get(link.as_str().unwrap_or_default()).is_some(),
                    &pointer,
                    "a reference leads somewhere",
                );
            }
            if kind == "action" {
                self.action(step, &pointer);
            }
            for name in ["in_args", "out_args"].into_iter().flat_map(|key| step[key].as_array().into_iter().flatten()) {
                let declared = document["playbook_variables"].get(name.as_str().unwrap_or_default()).is_some();
                self.rule(declared, &pointer, "arguments are declared");
            }
            let said = format!("{} {}", step["commands"], step["condition"]);
            for found in used.captures_iter(&said) {
                let declared = document["playbook_variables"].get(&found[1]).is_some();
                self.rule(declared, &pointer, &format!("`{}` is declared", &found[1]));
            }
        }
    }

    fn action(&mut self, step: &Value, pointer: &str) {
        let agent = step["agent"].as_str().unwrap_or_default();
        self.rule(self.document["agent_definitions"].get(agent).is_some(), pointer, "the agent is defined");
        for target in step["targets"].as_array().into_iter().flatten() {
            let target = target.as_str().unwrap_or_default();
            self.rule(self.document["target_definitions"].get(target).is_some(), pointer, "the target is defined");
        }
        let commands = step["commands"].as_array().cloned().unwrap_or_default();
        self.rule(!commands.is_empty(), pointer, "a command");
        for command in commands {
            let kind = command["type"].as_str().unwrap_or_default();
            self.rule(["manual", "bash", "ssh", "http-api"].contains(&kind), pointer, "a type of the vocabulary");
            self.known(
                &command,
                pointer,
                &["type", "command", "command_b64", "description", "playbook_activity", "headers"],
            );
            let filled = |key: &str| command[key].as_str().is_some_and(|text| !text.is_empty());
            self.rule(filled("command") != filled("command_b64"), pointer, "a command's text");
            if kind == "http-api" {
                let line = command["command"].as_str().unwrap_or_default();
                self.rule(matches(r"^[A-Z]+ \S.* HTTP/1\.1$", line), pointer, "a start line");
            }
            for (_, values) in members(&command["headers"]) {
                self.rule(values.is_array(), pointer, "headers are lists");
            }
        }
    }

    /// Sections 4.7 to 4.10: each branch has an end of its own.
    fn branches(&mut self) {
        let workflow = &self.document["workflow"];
        let mut ends: Vec<String> = Vec::new();
        let start = self.document["workflow_start"].as_str().unwrap_or_default();
        let mut entries = vec![start];
        for (_, step) in members(workflow) {
            entries.extend(["on_true", "on_false"].iter().filter_map(|key| step[*key].as_str()));
            entries.extend(step["next_steps"].as_array().into_iter().flatten().filter_map(Value::as_str));
        }
        let mut reached = BTreeSet::new();
        for entry in entries {
            let (mut open, mut seen, mut own) = (vec![entry], BTreeSet::new(), BTreeSet::new());
            while let Some(id) = open.pop() {
                if !seen.insert(id) {
                    continue;
                }
                let step = &workflow[id];
                if step["type"] == "end" {
                    own.insert(id.to_owned());
                }
                open.extend(["on_completion", "on_success", "on_failure"].iter().filter_map(|key| step[*key].as_str()));
            }
            self.rule(own.len() == 1, entry, "a branch has one end");
            ends.extend(own);
            reached.extend(seen);
        }
        let unique: BTreeSet<&String> = ends.iter().collect();
        self.rule(unique.len() == ends.len(), "/workflow", "no two branches share an end");
        self.rule(reached.len() == members(workflow).count(), "/workflow", "every step is reached");
    }
}
