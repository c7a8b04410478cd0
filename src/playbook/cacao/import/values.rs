//! Texts and variables of a document, as ours.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::condition::{Known, ValueKind, is_variable, quoted};
use crate::source::Node;

/// One line for people: without line ends and characters that no text of ours holds.
pub(super) fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ").replace("{{", "{ {")
}

/// Text without the characters that no text of ours holds.
pub(super) fn clean(text: &str) -> String {
    let ours = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let text = text.replace("\r\n", "\n");
    text.chars()
        .map(|c| if ours(c) && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{85}') { c } else { '\u{fffd}' })
        .collect()
}

/// A letter without its marks, in lower case: names in Vietnamese stay readable.
pub(super) fn plain(c: char) -> char {
    const LETTERS: &[(char, &str)] = &[
        ('a', "àáảãạăằắẳẵặâầấẩẫậ"),
        ('e', "èéẻẽẹêềếểễệ"),
        ('i', "ìíỉĩị"),
        ('o', "òóỏõọôồốổỗộơờớởỡợ"),
        ('u', "ùúủũụưừứửữự"),
        ('y', "ỳýỷỹỵ"),
        ('d', "đ"),
    ];
    let c = c.to_lowercase().next().unwrap_or(c);
    LETTERS.iter().find(|(_, marked)| marked.contains(c)).map_or(c, |(letter, _)| *letter)
}

/// An id made of words: lower-case letters, digits and `_`.
pub(super) fn id(text: &str) -> String {
    let mut id = String::new();
    for c in text.chars().map(plain) {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.ends_with('_') && !id.is_empty() {
            id.push('_');
        }
        if id.len() >= 40 {
            break;
        }
    }
    let id = id.trim_matches('_').to_owned();
    if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) {
        format!("step_{id}").trim_end_matches('_').to_owned()
    } else {
        id
    }
}

/// What variables are at a place of the workflow.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    known: BTreeMap<String, Known>,
}

impl Values {
    /// What `variable` is here.
    pub(super) fn get(&self, variable: &str) -> Option<Known> {
        self.known.get(variable).cloned()
    }

    /// From here on the variable is what step `id` gave as `name`. Where the step may be skipped, it stays what it was.
    pub(super) fn set(&mut self, variable: &str, id: &str, name: &str, kind: ValueKind, always: bool) {
        let mut expression = format!("steps.{id}.{name}");
        if !always {
            let before = self.known.get(variable).filter(|before| before.kind == kind);
            let nothing = match kind {
                ValueKind::Text => "''",
                ValueKind::Number => "0",
                ValueKind::Truth => "false",
            };
            let before = before.map_or(nothing, |before| before.expression.as_str());
            // A chain of what it was before what it was is for nobody.
            let before = if before.len() > 200 { nothing } else { before };
            expression = format!("{expression}|default({before})");
        }
        self.known.insert(variable.to_owned(), Known { expression, kind });
    }

    /// From here on the variable is this text.
    pub(super) fn constant(&mut self, variable: &str, value: &str) {
        if let Some(expression) = quoted(value) {
            self.known.insert(variable.to_owned(), Known { expression, kind: ValueKind::Text });
        }
    }

    /// `text` with its variables as expressions, and the variables that are not known here.
    pub(super) fn fill(&self, text: &str) -> (String, Vec<String>) {
        let (mut filled, mut unknown) = (String::new(), Vec::new());
        for part in parts(&clean(text)) {
            match part {
                Part::Text(text) => filled.push_str(&text.replace("{{", "{{ '{{' }}")),
                Part::Variable(name) => {
                    if let Some(known) = self.known.get(&name) {
                        filled.push_str(&format!("{{{{ {} }}}}", known.expression));
                    } else {
                        filled.push_str(&format!("{name}:value"));
                        unknown.push(name);
                    }
                }
            }
        }
        (filled, unknown)
    }
}

/// A part of a text.
pub(super) enum Part {
    Text(String),
    Variable(String),
}

/// A text and the variables in it.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(":value") {
        let (before, after) = rest.split_at(at);
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let start =
            before.rfind(|c| !word(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        // What touches the variable from the left is no part of it.
        let start = before[start..].find("__").map_or(start, |found| start + found);
        if is_variable(&before[start..]) {
            all.push(Part::Text(before[..start].to_owned()));
            all.push(Part::Variable(before[start..].to_owned()));
        } else {
            all.push(Part::Text(rest[..at + ":value".len()].to_owned()));
        }
        rest = &after[":value".len()..];
    }
    all.push(Part::Text(rest.to_owned()));
    all
}

/// The kind of value that a type of the vocabulary is.
pub(super) fn kind(node: &Node) -> ValueKind {
    match node.get("type").and_then(Node::scalar).map(|(text, _)| text) {
        Some("integer" | "long") => ValueKind::Number,
        Some("bool") => ValueKind::Truth,
        _ => ValueKind::Text,
    }
}

/// The inputs that the playbook's variables are: what is given from outside, or has a value. `given` are the variables that
/// some step gives a value.
pub(super) fn inputs(variables: &Node, given: &BTreeSet<&str>) -> (Map<String, Value>, Values) {
    let (mut inputs, mut values) = (Map::new(), Values::default());
    for (key, node) in variables.members().iter().filter(|(key, _)| is_variable(&key.text)) {
        let value = node.get("value").and_then(Node::scalar).map(|(text, _)| clean(text));
        let value = value.filter(|value| value != "null" && !value.contains("{{"));
        let external = node.get("external").and_then(Node::scalar).is_some_and(|(text, _)| text == "true");
        if value.is_none() && !external && given.contains(key.text.as_str()) {
            continue;
        }
        let mut id = id(key.text.trim_matches('_'));
        let mut number = 2;
        while inputs.contains_key(&id) {
            id = format!("{}_{number}", id.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_'));
            number += 1;
        }
        let kind = kind(node);
        let (word, default) = match kind {
            ValueKind::Number => {
                ("integer", value.as_ref().and_then(|value| value.parse::<i64>().ok()).map(Value::from))
            }
            ValueKind::Truth => {
                ("boolean", value.as_ref().and_then(|value| value.parse::<bool>().ok()).map(Value::from))
            }
            ValueKind::Text => ("string", value.map(Value::from)),
        };
        let mut input = json!({ "type": word });
        let title = node.get("description").and_then(Node::scalar).map(|(text, _)| line(text)).unwrap_or_default();
        if !title.is_empty() {
            input["title"] = json!(title);
        }
        if let Some(default) = default {
            input["default"] = default;
        }
        values.known.insert(key.text.clone(), Known { expression: format!("inputs.{id}"), kind });
        inputs.insert(id, input);
    }
    (inputs, values)
}
