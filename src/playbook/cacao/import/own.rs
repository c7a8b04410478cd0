//! A document that this program wrote: everything is in it. What was changed in it elsewhere is found by writing it anew.

use serde_json::{Map, Value, json};

use super::{Findings, escape};
use crate::message::message;
use crate::model::{Lang, Name};
use crate::playbook::cacao::{export, extension};
use crate::playbook::read::{Known, read};
use crate::playbook::types::Playbook;
use crate::playbook::write;
use crate::source::{Node, Place};

/// What may differ without the playbook being another: who made it, when, and who vouches for it.
const ABOUT: &[&str] = &[
    "created_by",
    "created",
    "modified",
    "revoked",
    "valid_from",
    "valid_until",
    "derived_from",
    "related_to",
    "markings",
    "data_marking_definitions",
    "signatures",
    "priority",
    "severity",
    "impact",
    "industry_sectors",
];

/// The playbook as it was, with what was changed elsewhere where that can be told; nothing where the document is not ours,
/// or its workflow is no longer the one that we wrote.
pub(super) fn playbook(root: &Node, name: Option<&Name>, found: &mut Findings<'_>) -> Option<(Name, String)> {
    let ours = root.get("playbook_extensions")?.get(&extension())?;
    let document = root.to_value()?;
    let head = ours.get("playbook")?.to_value()?.as_object()?.clone();
    let lang = match ours.get("language").and_then(Node::scalar) {
        Some(("en", _)) => Lang::En,
        _ => Lang::Vi,
    };
    let author = ours.get("author").and_then(Node::scalar).map_or("", |(text, _)| text);
    let mut steps = steps(root)?;
    let written = |steps: &[Value]| {
        let text = write::text(&head, nested(steps)?);
        // The playbooks that it calls need not be here for the comparison.
        read("", &text, &Known::default()).ok()
    };
    let as_it_was: Playbook = written(&steps)?;
    let differences = differences(&export(&as_it_was, lang, author).document, &document);
    let mut changed = Vec::new();
    for pointer in &differences {
        changed.push((pointer, place(root, pointer).unwrap_or(root.place)));
    }
    if !differences.is_empty() {
        for pointer in &differences {
            if !patch(pointer, &document, &mut steps) {
                for (pointer, place) in changed {
                    found.warning(
                        "cacao-edited",
                        place,
                        message!("cacao-edited-away", pointer = pointer.join("/")),
                        None,
                    );
                }
                return None;
            }
        }
        for (pointer, place) in changed {
            found.warning("cacao-edited", place, message!("cacao-edited", pointer = pointer.join("/")), None);
        }
    }
    let mut head = head;
    if let Some(title) = document.get("name").filter(|_| differences.iter().any(|pointer| pointer == &["", "name"])) {
        head.insert("title".to_owned(), title.clone());
    }
    let name = name.cloned().unwrap_or(as_it_was.name);
    head.insert("playbook".to_owned(), json!(name.as_str()));
    for key in ABOUT.iter().skip(3).filter(|key| document.get(**key).is_some()) {
        let pointer = format!("/{key}");
        let place = root.get(key).map_or(root.place, |node| node.place);
        found.warning("cacao-left-out", place, message!("cacao-left-out", pointer = pointer), None);
    }
    Some((name, write::text(&head, nested(&steps)?)))
}

/// Our steps in the workflow, in the order of the file they are from: each `{ path, position, step }`, and its node's id.
fn steps(root: &Node) -> Option<Vec<Value>> {
    let mut all = Vec::new();
    for (key, node) in root.get("workflow")?.members() {
        let ours = node.get("step_extensions").and_then(|extensions| extensions.get(&extension()));
        let Some(ours) = ours.filter(|ours| ours.get("step").is_some()) else { continue };
        let mut step = ours.to_value()?;
        step["node"] = json!(key.text);
        all.push(step);
    }
    all.sort_by_key(|step| step["position"].as_u64());
    (!all.is_empty()).then_some(all)
}

/// The steps inside one another, by their paths.
fn nested(steps: &[Value]) -> Option<Vec<Value>> {
    inside(steps, "", 0)
}

fn inside(steps: &[Value], parent: &str, depth: usize) -> Option<Vec<Value>> {
    if depth > crate::source::DEEPEST {
        return None;
    }
    let mut all = Vec::new();
    for step in steps {
        let path = step["path"].as_str()?;
        let of = path.rsplit_once('/').map_or("", |(of, _)| of);
        if of != parent {
            continue;
        }
        let mut step = step["step"].clone();
        let members = step.as_object_mut()?;
        for word in ["each", "repeat"] {
            if let Some(block) = members.get_mut(word).and_then(Value::as_object_mut) {
                block.insert("steps".to_owned(), Value::Array(inside(steps, path, depth + 1)?));
            }
        }
        if members.contains_key("parallel") {
            members.insert("parallel".to_owned(), Value::Array(inside(steps, path, depth + 1)?));
        }
        all.push(step);
    }
    Some(all)
}

/// The pointers at which two documents differ, a part each.
fn differences(ours: &Value, theirs: &Value) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    differ(ours, theirs, &mut vec![String::new()], &mut all);
    all
}

fn differ(ours: &Value, theirs: &Value, at: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    if let (Value::Object(ours), Value::Object(theirs)) = (ours, theirs) {
        let keys = ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
        for key in keys {
            if at.len() == 1 && ABOUT.contains(&key.as_str()) {
                continue;
            }
            at.push(escape(key));
            let nothing = Value::Null;
            differ(ours.get(key).unwrap_or(&nothing), theirs.get(key).unwrap_or(&nothing), at, all);
            at.pop();
        }
    } else if ours != theirs {
        all.push(at.clone());
    }
}

/// Takes a change over into the step that it is of. Titles, the texts of manual steps without questions, and times.
fn patch(pointer: &[String], document: &Value, steps: &mut [Value]) -> bool {
    let parts: Vec<&str> = pointer.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["", "name"] => document["name"].as_str().is_some_and(|name| !name.trim().is_empty()),
        ["", "workflow", node, key] => {
            let changed = &document["workflow"][*node];
            let Some(step) = steps.iter_mut().find(|step| step["node"] == **node) else { return false };
            patch_step(&mut step["step"], key, changed)
        }
        _ => false,
    }
}

fn patch_step(step: &mut Value, key: &str, changed: &Value) -> bool {
    match key {
        "name" => match changed["name"].as_str() {
            Some(name) if !name.trim().is_empty() && !name.contains("{{") => {
                step["title"] = json!(name);
                true
            }
            _ => false,
        },
        "timeout" => match changed["timeout"].as_u64() {
            Some(milliseconds) => {
                let seconds = milliseconds.div_ceil(1000).max(1);
                step["timeout"] = json!(crate::model::Span::from_seconds(seconds).to_string());
                true
            }
            None => false,
        },
        "commands" => {
            let plain = step
                .get("manual")
                .and_then(Value::as_object)
                .is_some_and(|manual: &Map<String, Value>| manual.len() == 1);
            let commands = changed["commands"].as_array().map(Vec::as_slice).unwrap_or_default();
            match commands {
                [command] if plain && command["type"] == "manual" => {
                    let text = command["command"].as_str().unwrap_or_default();
                    let safe = !text.trim().is_empty() && !text.contains("{{") && !text.contains("__:value");
                    if safe {
                        step["manual"]["do"] = json!(text);
                    }
                    safe
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Where a pointer leads.
fn place(root: &Node, pointer: &[String]) -> Option<Place> {
    let mut node = root;
    let mut place = root.place;
    for part in pointer.iter().skip(1) {
        let (key, next) = node.members().iter().find(|(key, _)| escape(&key.text) == *part)?;
        (node, place) = (next, key.place);
    }
    Some(place)
}
