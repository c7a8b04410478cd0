//! Systems and playbooks that a playbook names.

use std::collections::BTreeSet;

use super::{Book, Outline, top};
use crate::inventory::System;
use crate::message::message;
use crate::model::{Id, Name};
use crate::source::suggest::{did_you_mean, one_of_these};
use crate::source::{Key, Node, Place};
use crate::step::{SystemRef, ValueKind};

/// Reads `text` (of `node`) as a system: an id, `inputs.NAME` or `each.NAME`. Whether it is there is looked at later.
pub(super) fn system(book: &Book<'_, '_>, node: &Node, text: &str) -> Option<SystemRef> {
    let found = if let Some(id) = text.strip_prefix("inputs.") {
        id.parse::<Id>().ok().map(SystemRef::Input)
    } else if let Some(id) = text.strip_prefix("each.") {
        id.parse::<Id>().ok().map(SystemRef::Each)
    } else {
        text.parse::<Name>().ok().map(SystemRef::Id)
    };
    if found.is_none() {
        let message = message!("playbook-invalid-system", text = text);
        book.reader.error("invalid-system", node.place, message, message!("playbook-invalid-system-help"));
    }
    found
}

/// Finds that there is no system `name`, where all systems are known.
pub(super) fn known_system(book: &Book<'_, '_>, node: &Node, name: &Name) {
    let known = book.known.systems.contains_key(name) || book.known.broken.contains(name);
    if book.known.complete && !known {
        let help = one_of_these(name.as_str(), book.known.systems.keys().map(Name::as_str));
        let message = message!("playbook-unknown-system", system = name.as_str());
        book.reader.error("unknown-system", node.place, message, help);
    }
}

/// The inventory's entry of the system that the input `id` has by default.
pub(super) fn default_system<'k>(book: &Book<'_, 'k>, id: &str) -> Option<&'k System> {
    let inputs = book.inputs.borrow();
    let input = inputs.get(id)?;
    if input.kind != ValueKind::System {
        return None;
    }
    book.known.systems.get(input.default.as_ref()?.as_str()?)
}

/// Finds that there is no input `id`.
pub(super) fn unknown_input(book: &Book<'_, '_>, place: Place, id: &str) {
    let inputs = book.inputs.borrow();
    let help = one_of_these(id, inputs.keys().map(Id::as_str));
    book.reader.error("unknown-input", place, message!("playbook-unknown-input", input = id), help);
}

/// The outline of the playbook `name` that is called; a call of oneself, however far around, is found.
pub(super) fn callee<'k>(book: &Book<'_, 'k>, node: &Node, name: &Name) -> Option<&'k Outline> {
    let me = book.name.borrow().clone();
    if me.as_ref() == Some(name) || me.as_ref().is_some_and(|me| reaches(book, name, me)) {
        let message = message!("playbook-call-cycle", playbook = name.as_str());
        book.reader.error("call-cycle", node.place, message, None);
        return None;
    }
    if let Some(outline) = book.known.playbooks.get(name) {
        made(book, name);
        return outline.as_ref();
    }
    book.lost.borrow_mut().keys.insert("marks");
    if book.known.complete {
        let help = did_you_mean(name.as_str(), book.known.playbooks.keys().map(Name::as_str))
            .or_else(|| Some(message!("playbook-unknown-playbook-help")));
        let message = message!("playbook-unknown-playbook", playbook = name.as_str());
        book.reader.error("unknown-playbook", node.place, message, help);
    }
    None
}

/// Takes in the marks that `name` and what it calls make. Where one of these cannot be read, nothing is said of marks.
fn made(book: &Book<'_, '_>, name: &Name) {
    let mut seen = BTreeSet::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        if let Some(Some(outline)) = book.known.playbooks.get(name) {
            book.marks.borrow_mut().extend(&outline.marks);
            open.extend(&outline.calls);
        } else {
            book.lost.borrow_mut().keys.insert("marks");
        }
    }
}

fn reaches(book: &Book<'_, '_>, from: &Name, to: &Name) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name)
            && let Some(Some(outline)) = book.known.playbooks.get(name)
        {
            open.extend(&outline.calls);
        }
    }
    false
}

/// What a callee measures when it is a run of its own, and does not where it is called: a run has the watches, clocks and
/// objectives of its own playbook.
pub(super) fn left_out(book: &Book<'_, '_>, node: &Node, outline: &Outline) {
    let Some((name, _)) = node.scalar() else { return };
    if !outline.reads_clocks.is_empty() {
        let message = message!("playbook-call-reads-clocks", playbook = name, clocks = outline.reads_clocks.join(", "));
        book.reader.error("call-reads-clocks", node.place, message, message!("playbook-call-reads-clocks-help"));
    }
    if !outline.measures.is_empty() {
        let message = message!("playbook-call-measures", playbook = name, names = outline.measures.join(", "));
        book.reader.warning("call-measures-nothing", node.place, message, message!("playbook-call-measures-help"));
    }
}

/// The value that a call gives to the input `key`, as far as the callee is known.
pub(super) fn given(
    book: &Book<'_, '_>,
    outline: Option<&Outline>,
    key: &Key,
    node: &Node,
) -> Option<serde_json::Value> {
    let Some(outline) = outline else { return node.to_value() };
    let Some(input) = outline.inputs.get(key.text.as_str()) else {
        let help = one_of_these(&key.text, outline.inputs.keys().map(Id::as_str));
        let message = message!("playbook-unknown-input", input = key.text.as_str());
        book.reader.error("unknown-input", key.place, message, help);
        return None;
    };
    match node.scalar() {
        Some((text, _)) if text.contains("{{") => Some(serde_json::Value::from(text)),
        Some((text, _))
            if input.kind == ValueKind::System && (text.starts_with("inputs.") || text.starts_with("each.")) =>
        {
            let message = message!("playbook-invalid-system", text = text);
            let help = message!("source-did-you-mean", word = format!("\"{{{{ {text} }}}}\""));
            book.reader.error("invalid-system", node.place, message, help);
            None
        }
        _ => top::literal(book, node, &input.kind),
    }
}
