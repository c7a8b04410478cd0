//! The nodes of a workflow, and what they lead to.

use std::collections::HashMap;

use super::{Findings, escape};
use crate::message::message;
use crate::source::{Data, Node, Place};

/// A node of the workflow.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a> {
    pub(super) id: &'a str,
    pub(super) place: Place,
    pub(super) node: &'a Node,
    pub(super) kind: Kind,
}

/// The kinds of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    End,
    Action,
    Call,
    Parallel,
    If,
    While,
    Switch,
}

const KINDS: &[(&str, Kind)] = &[
    ("start", Kind::Start),
    ("end", Kind::End),
    ("action", Kind::Action),
    ("playbook-action", Kind::Call),
    ("parallel", Kind::Parallel),
    ("if-condition", Kind::If),
    ("while-condition", Kind::While),
    ("switch-condition", Kind::Switch),
];

/// What every node may have.
const COMMON: &[&str] =
    &["type", "name", "description", "timeout", "delay", "step_variables", "on_completion", "on_success", "on_failure"];

impl Kind {
    /// What a node of this kind may have besides.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Start | Self::End => &[],
            Self::Action => &["commands", "agent", "targets", "in_args", "out_args"],
            Self::Call => &["playbook_id", "in_args", "out_args"],
            Self::Parallel => &["next_steps"],
            Self::If => &["condition", "on_true", "on_false"],
            Self::While => &["condition", "on_true"],
            Self::Switch => &["switch", "cases"],
        }
    }
}

impl<'a> Raw<'a> {
    /// The text under `key`.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.scalar().map(|(text, _)| text)
    }

    /// The pointer to this node, or to something in it.
    pub(super) fn pointer(&self, key: &str) -> String {
        let slash = if key.is_empty() { "" } else { "/" };
        format!("/workflow/{}{slash}{key}", escape(self.id))
    }
}

/// A workflow whose references all lead somewhere.
pub(super) struct Workflow<'a> {
    pub(super) nodes: HashMap<&'a str, Raw<'a>>,
    /// The ids in the order of the document.
    pub(super) order: Vec<&'a str>,
    pub(super) start: &'a str,
}

impl<'a> Workflow<'a> {
    pub(super) fn get(&self, id: &str) -> Option<Raw<'a>> {
        self.nodes.get(id).copied()
    }
}

/// Reads the workflow; every reference in it is looked up.
pub(super) fn read<'a>(root: &'a Node, found: &mut Findings<'_>) -> Option<Workflow<'a>> {
    let Some(node) = root.get("workflow") else {
        found.error("missing-key", root.place, message!("source-missing-key", key = "workflow"));
        return None;
    };
    let mut nodes = HashMap::new();
    let mut order = Vec::new();
    if !matches!(node.data, Data::Map(_)) {
        wrong(found, node.place, "/workflow");
        return None;
    }
    let before = found.all.len();
    for (key, node) in node.members() {
        let pointer = format!("/workflow/{}", escape(&key.text));
        let word = node.get("type").and_then(Node::scalar).map(|(text, _)| text);
        match word.and_then(|word| KINDS.iter().find(|(known, _)| *known == word)) {
            Some((_, kind)) => {
                let raw = Raw { id: &key.text, place: key.place, node, kind: *kind };
                check(&raw, found);
                nodes.insert(key.text.as_str(), raw);
                order.push(key.text.as_str());
            }
            None => found.error("cacao-unknown-step", key.place, message!("cacao-unknown-step", pointer = pointer)),
        }
    }
    let workflow = Workflow { nodes, order, start: "" };
    for id in &workflow.order {
        if let Some(raw) = workflow.get(id) {
            for (place, pointer, to) in references(&raw) {
                // A node of no known kind is one mistake, not two.
                if node.get(to).is_none() {
                    let message = message!("cacao-missing-step", pointer = pointer, id = super::values::line(to));
                    found.error("cacao-missing-step", place, message);
                }
            }
        }
    }
    let start = root.get("workflow_start").and_then(Node::scalar).map(|(text, _)| text);
    let place = root.get("workflow_start").map_or(root.place, |node| node.place);
    let start = start.filter(|id| workflow.nodes.contains_key(id));
    if start.is_none() {
        let message = message!("cacao-missing-step", pointer = "/workflow_start", id = "");
        found.error("cacao-missing-step", place, message);
    }
    if found.all[before..].iter().any(|finding| finding.severity == crate::source::Severity::Error) {
        return None;
    }
    Some(Workflow { start: start?, ..workflow })
}

fn wrong(found: &mut Findings<'_>, place: Place, pointer: &str) {
    found.error("wrong-type", place, message!("cacao-wrong-type", pointer = pointer));
}

/// Finds what has another type than it must have, and what nobody knows.
fn check(raw: &Raw<'_>, found: &mut Findings<'_>) {
    for (key, node) in raw.node.members() {
        let name = key.text.as_str();
        if !COMMON.contains(&name) && !raw.kind.keys().contains(&name) {
            let message = message!("cacao-left-out", pointer = raw.pointer(&escape(name)));
            found.warning("cacao-left-out", key.place, message, None);
            continue;
        }
        let fits = match name {
            "commands" | "targets" | "in_args" | "out_args" | "next_steps" => matches!(node.data, Data::List(_)),
            "cases" | "step_variables" => matches!(node.data, Data::Map(_)),
            "timeout" | "delay" => {
                node.meaning().is_some_and(|value| matches!(value, crate::source::Meaning::Integer(0..)))
            }
            _ => node.meaning() == Some(crate::source::Meaning::Text),
        };
        if !fits {
            wrong(found, node.place, &raw.pointer(&escape(name)));
        }
        for (at, item) in node.items().iter().enumerate() {
            let fits = if name == "commands" {
                matches!(item.data, Data::Map(_))
            } else {
                item.meaning() == Some(crate::source::Meaning::Text)
            };
            if !fits {
                wrong(found, item.place, &raw.pointer(&format!("{name}/{at}")));
            }
        }
    }
}

/// Every reference of a node to another, with its place and pointer.
fn references<'a>(raw: &Raw<'a>) -> Vec<(Place, String, &'a str)> {
    let mut all = Vec::new();
    for key in ["on_completion", "on_success", "on_failure", "on_true", "on_false"] {
        if let Some(node) = raw.node.get(key)
            && let Some(to) = words(node)
        {
            all.push((node.place, raw.pointer(key), to));
        }
    }
    for (at, item) in raw.node.get("next_steps").map(Node::items).unwrap_or_default().iter().enumerate() {
        all.extend(words(item).map(|to| (item.place, raw.pointer(&format!("next_steps/{at}")), to)));
    }
    for (key, item) in raw.node.get("cases").map(Node::members).unwrap_or_default() {
        let pointer = raw.pointer(&format!("cases/{}", escape(&key.text)));
        match item.scalar() {
            Some((to, _)) => all.push((item.place, pointer, to)),
            None => all.push((item.place, pointer, "")),
        }
    }
    all
}

/// The text of a node that is text.
fn words(node: &Node) -> Option<&str> {
    let (text, _) = node.scalar()?;
    (node.meaning() == Some(crate::source::Meaning::Text)).then_some(text)
}
