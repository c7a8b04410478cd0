//! The order of steps as nodes that name what follows them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Exporter, Unseen};
use crate::message::message;
use crate::model::Id;
use crate::playbook::write;
use crate::step::{Action, Items, OnFailure, Step};

/// The steps of `steps` by their paths, each with its number in the order of the file.
pub(super) fn order(steps: &[Step]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    number(steps, "", &mut all);
    all
}

fn number(steps: &[Step], parent: &str, all: &mut BTreeMap<String, usize>) {
    for step in steps {
        let path = under(parent, &step.id);
        all.insert(path.clone(), all.len());
        match &step.action {
            Action::Parallel(steps) => number(steps, &path, all),
            Action::Each(each) => number(&each.steps, &path, all),
            Action::Repeat(repeat) => number(&repeat.steps, &path, all),
            _ => {}
        }
    }
}

fn under(parent: &str, id: &Id) -> String {
    if parent.is_empty() { id.to_string() } else { format!("{parent}/{id}") }
}

/// What follows a node.
struct Follows<'n> {
    next: &'n str,
    on_failure: &'n OnFailure,
    target: Option<&'n str>,
    /// Whether the node stands alone in a branch: what follows its failure is the business of the node around it.
    wrapped: bool,
}

impl Follows<'_> {
    fn write(&self, node: &mut Value) {
        match (self.on_failure, self.target, self.wrapped) {
            (OnFailure::Continue, ..) => node["on_completion"] = json!(self.next),
            (OnFailure::Goto(_), Some(target), false) => {
                node["on_success"] = json!(self.next);
                node["on_failure"] = json!(target);
            }
            _ => node["on_success"] = json!(self.next),
        }
    }
}

impl Exporter<'_> {
    /// Makes the nodes of `steps`, which end in the node `after`, and gives the one that they begin with.
    pub(super) fn sequence(&mut self, steps: &[Step], parent: &str, after: &str) -> String {
        self.chain(&steps.iter().collect::<Vec<_>>(), parent, after)
    }

    fn chain(&mut self, steps: &[&Step], parent: &str, after: &str) -> String {
        let paths: Vec<String> = steps.iter().map(|step| under(parent, &step.id)).collect();
        let conditions: Vec<Option<String>> = (0..steps.len()).map(|at| self.guard(steps, at, &paths[at])).collect();
        let own: Vec<String> = steps.iter().zip(&paths).map(|(step, path)| self.node(kind(step), path, "")).collect();
        let entries: Vec<String> = (0..steps.len())
            .map(|at| match conditions[at] {
                Some(_) => self.node("if-condition", &paths[at], "when"),
                None => own[at].clone(),
            })
            .collect();
        for (at, step) in steps.iter().enumerate() {
            let path = &paths[at];
            let target = match &step.on_failure {
                OnFailure::Goto(id) => steps.iter().position(|step| step.id == *id).map(|to| entries[to].as_str()),
                _ => None,
            };
            let next = entries.get(at + 1).map_or(after, String::as_str);
            let mut follows = Follows { next, on_failure: &step.on_failure, target, wrapped: false };
            let end = self.node("end", path, "when");
            if let Some(condition) = &conditions[at] {
                let mut node = json!({
                    "type": "if-condition",
                    "name": step.name().pick(self.lang),
                    "condition": condition,
                    "on_true": own[at],
                });
                follows.write(&mut node);
                let part = json!({ "part": "when", "path": path });
                Self::extend(&mut node, &part);
                self.workflow.insert(entries[at].clone(), node);
                follows = Follows { next: &end, wrapped: true, ..follows };
            }
            let mut node = self.body(step, path);
            follows.write(&mut node);
            let content = json!({ "path": path, "position": self.order.get(path), "step": write::alone(step) });
            Self::extend(&mut node, &content);
            self.workflow.insert(own[at].clone(), node);
            if conditions[at].is_some() {
                self.workflow.insert(end, json!({ "type": "end" }));
            }
            self.common(step, path);
        }
        entries.first().cloned().unwrap_or_else(|| after.to_owned())
    }

    /// When the step number `at` is carried out: its own condition, and no decision before it leads past it.
    fn guard(&mut self, steps: &[&Step], at: usize, path: &str) -> Option<String> {
        let mut parts = Vec::new();
        for (number, before) in steps.iter().enumerate().take(at) {
            let Action::Decide(decide) = &before.action else { continue };
            for option in &decide.options {
                let target = option.goto.as_ref().and_then(|goto| steps.iter().position(|step| step.id == *goto));
                if target.is_some_and(|target| number < at && at < target)
                    && let Some(variable) = self.variable(&format!("steps.{}.choice", before.id))
                {
                    parts.push(format!("{variable}:value != '{}'", option.id));
                }
            }
        }
        if let Some(when) = &steps[at].when {
            let condition = self.condition(when, path);
            parts.push(if parts.is_empty() { condition } else { format!("({condition})") });
        }
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    /// What every step may have and CACAO has no word for.
    fn common(&mut self, step: &Step, path: &str) {
        for (what, there) in [
            (Unseen::Undo, step.undo.is_some()),
            (Unseen::Marks, step.marks.is_some()),
            (Unseen::Phases, step.phase.is_some()),
            (Unseen::Evidence, step.evidence_required),
            (Unseen::Retry, step.retry.is_some() || step.repeatable),
            (Unseen::Captures, !step.capture.is_empty()),
        ] {
            if there {
                self.hidden(what, path);
            }
        }
        let both = write::alone(step).to_string();
        if both.contains("\"vi\":") && both.contains("\"en\":") {
            self.hidden(Unseen::Languages, "");
        }
    }

    /// Steps at the same time. Steps that wait for one another are one branch, in an order that keeps the waiting.
    pub(super) fn parallel(&mut self, steps: &[Step], path: &str) -> Value {
        let groups = groups(steps);
        if groups.iter().any(|group| group.len() > 1) {
            self.hidden(Unseen::Needs, path);
        }
        let mut firsts = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            let end = self.node("end", path, &format!("branch{number}"));
            firsts.push(self.chain(group, path, &end));
            self.workflow.insert(end, json!({ "type": "end" }));
        }
        match firsts.as_slice() {
            // One branch alone is no parallel step.
            [only] => json!({ "type": "if-condition", "condition": "'all' = 'all'", "on_true": only }),
            _ => json!({ "type": "parallel", "next_steps": firsts }),
        }
    }

    /// Steps again and again: a person says after each round whether there is another.
    pub(super) fn rounds(&mut self, step: &Step, path: &str) -> Value {
        self.hidden(Unseen::Loops, path);
        let variable = format!("__again-{}__", path.replace('/', "-").chars().take(190).collect::<String>());
        let (steps, text, more) = match &step.action {
            Action::Repeat(repeat) => {
                let until = repeat.until.0.as_str();
                (&repeat.steps, message!("cacao-repeat", until = until, max = repeat.max), None)
            }
            Action::Each(each) => {
                let of = match &each.of {
                    Items::List(items) => json!(items).to_string(),
                    Items::Expression(template) => template.0.clone(),
                };
                let name = self.variable(&format!("each.{}", each.name));
                if let (Items::List(items), Some(name)) = (&each.of, &name)
                    && let (Some(first), Some(entry)) = (items.first(), self.variables.get_mut(name))
                {
                    entry["value"] = json!(first.as_str().map_or_else(|| first.to_string(), str::to_owned));
                }
                (&each.steps, message!("cacao-each", of = of), name)
            }
            _ => return Value::Null,
        };
        let text = text.render(self.lang);
        self.variables.insert(variable.clone(), json!({ "type": "bool", "description": text, "value": "true" }));
        let (again, end) = (self.node("action", path, "again"), self.node("end", path, "round"));
        let first = self.sequence(steps, path, &again);
        let agent = self.agent(step.role.as_ref());
        let out: Vec<&String> = more.iter().chain([&variable]).collect();
        let mut node = json!({
            "type": "action",
            "name": step.name().pick(self.lang),
            "commands": [{ "type": "manual", "command": text, "playbook_activity": "step-sequence" }],
            "agent": agent,
            "out_args": out,
            "on_completion": end,
        });
        self.activities.insert("step-sequence");
        Self::extend(&mut node, &json!({ "part": "again", "path": path }));
        self.workflow.insert(again, node);
        self.workflow.insert(end, json!({ "type": "end" }));
        json!({ "type": "while-condition", "condition": format!("{variable}:value = true"), "on_true": first })
    }
}

/// The type of the node that a step is.
fn kind(step: &Step) -> &'static str {
    match &step.action {
        Action::Parallel(steps) if groups(steps).len() > 1 => "parallel",
        Action::Parallel(_) => "if-condition",
        Action::Each(_) | Action::Repeat(_) => "while-condition",
        Action::Call(_) => "playbook-action",
        _ => "action",
    }
}

/// Steps that wait for one another stand together, each after those that it waits for.
fn groups(steps: &[Step]) -> Vec<Vec<&Step>> {
    let mut group: Vec<usize> = (0..steps.len()).collect();
    for (at, step) in steps.iter().enumerate() {
        for need in &step.needs {
            if let Some(other) = steps.iter().position(|step| step.id == *need) {
                let (from, to) = (group[at].max(group[other]), group[at].min(group[other]));
                for number in &mut group {
                    if *number == from {
                        *number = to;
                    }
                }
            }
        }
    }
    let mut all: Vec<Vec<&Step>> = Vec::new();
    for first in 0..steps.len() {
        let mut open: Vec<&Step> =
            steps.iter().zip(&group).filter(|(_, of)| **of == first).map(|(step, _)| step).collect();
        let mut ready: Vec<&Step> = Vec::new();
        while !open.is_empty() {
            let met = |step: &&Step| step.needs.iter().all(|need| !open.iter().any(|other| other.id == *need));
            let at = open.iter().position(met).unwrap_or_default();
            ready.push(open.remove(at));
        }
        if !ready.is_empty() {
            all.push(ready);
        }
    }
    all
}
