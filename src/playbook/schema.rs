//! The JSON Schema of a playbook, for editors. A test holds its keys to those that the reader asks for.

use serde_json::{Value, json};

use crate::model::{Effect, Mark, Phase};
use crate::source::schema::{
    Definitions, by_id, either, id, letters, list, map, name, of, one_of, pattern, span, string, text, truth, whole,
    whole_schema, words,
};
use crate::step::{Classifies, FAULT_KINDS, Tells};

/// The schema (2020-12): each map of the format is a definition under `$defs`, by its own name.
#[must_use]
pub fn schema() -> Value {
    whole_schema(
        "ungpho playbook, format 1",
        "playbook",
        head().into_iter().chain(steps()).chain(actions()).chain(probes()),
    )
}

fn expression() -> Value {
    json!({ "type": ["string", "boolean"] })
}

fn kinds() -> Value {
    words(["system", "path", "string", "integer", "duration", "boolean", "choice"])
}

fn head() -> Definitions {
    let edge = || {
        either(&[words(std::iter::once("outage").chain(Mark::WORDS.iter().map(|(word, _)| *word))), of("clock-edge")])
    };
    vec![
        (
            "playbook",
            map(&[
                ("format!", json!({ "const": 1 })),
                ("playbook!", name()),
                ("version!", whole(1)),
                ("title!", of("words")),
                ("family!", words(["A", "B", "C", "D", "standing"])),
                ("kind!", name()),
                ("signs", list(&of("words"))),
                ("attack", list(&pattern(r"T[0-9]{4}(\.[0-9]{3})?"))),
                ("tasks", list(&pattern(r"[a-z0-9]+(-[a-z0-9]+)*/.+"))),
                ("levels", list(&json!({ "type": "integer", "minimum": 1, "maximum": 5 }))),
                ("keep_running!", of("words")),
                ("inputs", by_id(&of("input"))),
                ("roles", by_id(&of("role"))),
                ("objectives", list(&of("objective"))),
                ("watch", list(&of("watch"))),
                ("clocks", by_id(&of("clock"))),
                ("steps!", of("steps")),
            ]),
        ),
        ("words", either(&[string(), of("text")])),
        ("text", text()),
        (
            "input",
            map(&[
                ("type!", kinds()),
                ("title", of("words")),
                ("default", json!({ "type": ["string", "integer", "boolean"] })),
                ("options", list(&string())),
            ]),
        ),
        ("role", map(&[("title!", of("words"))])),
        ("objective", map(&[("id!", id()), ("title!", of("words")), ("measure", expression())])),
        ("watch", probe_and(&[("id!", id()), ("title", of("words")), ("every", span()), ("confirm", whole(1))])),
        (
            "clock",
            map(&[
                ("title", of("words")),
                ("from!", edge()),
                ("to!", edge()),
                ("limit", json!({ "type": ["string", "integer"] })),
            ]),
        ),
        ("clock-edge", map(&[("step!", id()), ("at!", words(["begin", "end"]))])),
    ]
}

/// A map with one probe and these keys.
fn probe_and(keys: &[(&str, Value)]) -> Value {
    let kinds = super::read::PROBES;
    let all: Vec<(&str, Value)> = keys.iter().cloned().chain(kinds.iter().map(|kind| (*kind, of(kind)))).collect();
    one_of(map(&all), kinds)
}

fn steps() -> Definitions {
    let mut step = vec![
        ("id!", id()),
        ("title", of("words")),
        ("role", id()),
        ("phase", words(Phase::WORDS.iter().map(|(word, _)| *word))),
        ("when", expression()),
        ("timeout", span()),
        ("retry", of("retry")),
        ("on_failure", either(&[words(["stop", "continue"]), of("on_failure")])),
        ("undo", of("undo")),
        ("capture", by_id(&of("capture"))),
        ("repeatable", truth()),
        ("evidence", words(["optional", "required"])),
        ("marks", words(Mark::WORDS.iter().map(|(word, _)| *word))),
        ("needs", list(&id())),
    ];
    let actions = super::read::ACTIONS;
    let action = |word: &'static str| match word {
        "parallel" => (word, of("steps")),
        "note" => (word, of("words")),
        _ => (word, of(word)),
    };
    step.extend(actions.iter().map(|word| action(word)));
    let undo: Vec<(&str, Value)> = actions
        .iter()
        .filter(|word| !matches!(**word, "parallel" | "each" | "repeat" | "call" | "decide"))
        .map(|word| action(word))
        .collect();
    let undo_words: Vec<&str> = undo.iter().map(|(word, _)| *word).collect();
    vec![
        ("steps", json!({ "type": "array", "minItems": 1, "items": of("step") })),
        ("step", one_of(map(&step), actions)),
        ("undo", one_of(map(&undo), &undo_words)),
        (
            "retry",
            map(&[
                ("times!", whole(1)),
                ("delay", span()),
                ("backoff", json!({ "type": "integer", "minimum": 1, "maximum": 10 })),
            ]),
        ),
        ("on_failure", map(&[("goto!", id())])),
        ("capture", map(&[("from!", words(["stdout", "stderr", "body"])), ("regex!", string())])),
    ]
}

fn actions() -> Definitions {
    let system = || pattern(r"((inputs|each)\.[a-z][a-z0-9_]*|[a-z0-9]+(-[a-z0-9]+)*)");
    let tells = || words(Tells::WORDS.iter().map(|(word, _)| *word));
    let effects = || words(Effect::WORDS.iter().map(|(word, _)| *word));
    vec![
        ("manual", map(&[("do!", of("words")), ("checks", list(&of("words"))), ("ask", list(&of("ask")))])),
        (
            "ask",
            map(&[
                ("id!", id()),
                ("title!", of("words")),
                ("type!", kinds()),
                ("options", list(&string())),
                ("tells", tells()),
            ]),
        ),
        (
            "run",
            one_of(
                map(&[
                    ("on", system()),
                    ("do", id()),
                    ("argv", json!({ "type": "array", "minItems": 1, "items": letters() })),
                    ("shell", string()),
                    ("effect", effects()),
                    ("host", string()),
                    ("env", json!({ "type": "object", "additionalProperties": letters() })),
                    ("stdin", letters()),
                    ("cwd", string()),
                ]),
                &["do", "argv", "shell"],
            ),
        ),
        ("probe", probe_and(&[])),
        ("wait", probe_and(&[("every", span()), ("confirm", whole(1))])),
        (
            "backup",
            one_of(
                map(&[
                    ("seal", string()),
                    ("verify", string()),
                    ("newest_good", system()),
                    ("prove", string()),
                    ("sample", json!({ "type": "integer", "minimum": 1, "maximum": 100 })),
                ]),
                &["seal", "verify", "newest_good", "prove"],
            ),
        ),
        ("restore", map(&[("from!", string()), ("to!", string())])),
        (
            "decide",
            map(&[
                ("ask!", of("words")),
                ("options!", json!({ "type": "array", "minItems": 2, "items": of("option") })),
                ("default", id()),
                ("tells", tells()),
            ]),
        ),
        (
            "option",
            map(&[
                ("id!", id()),
                ("title!", of("words")),
                ("goto", id()),
                ("classifies", words(Classifies::WORDS.iter().map(|(word, _)| *word))),
            ]),
        ),
        ("each", map(&[("of!", json!({ "type": ["array", "string"] })), ("as!", id()), ("steps!", of("steps"))])),
        ("repeat", map(&[("steps!", of("steps")), ("until!", expression()), ("max!", whole(1)), ("every", span())])),
        ("call", map(&[("playbook!", name()), ("with", by_id(&json!({})))])),
        ("notify", map(&[("notice!", name())])),
        ("inject", map(&[("to", id()), ("text!", of("words")), ("expect", of("words"))])),
        (
            "fault",
            map(&[
                ("on!", system()),
                ("kind!", words(FAULT_KINDS.iter().map(|kind| kind.name))),
                ("with", by_id(&json!({}))),
            ]),
        ),
    ]
}

fn probes() -> Definitions {
    let timeout = || ("timeout", span());
    vec![
        (
            "http",
            map(&[
                ("url!", string()),
                ("method", string()),
                ("status", json!({ "type": "integer", "minimum": 100, "maximum": 599 })),
                ("headers", json!({ "type": "object", "additionalProperties": letters() })),
                ("contains", string()),
                ("answers", truth()),
                timeout(),
            ]),
        ),
        ("tcp", map(&[("address!", string()), timeout()])),
        (
            "dns",
            map(&[
                ("name!", string()),
                ("record", words(["A", "AAAA", "MX", "TXT", "NS", "CNAME"])),
                ("server", string()),
                ("expect", string()),
                timeout(),
            ]),
        ),
        ("tls", map(&[("address!", string()), ("name", string()), ("valid_for", span()), timeout()])),
        ("process", map(&[("name!", string()), ("running", truth())])),
        ("service", map(&[("name!", string()), ("active", truth())])),
        (
            "disk",
            map(&[
                ("path!", string()),
                ("free_bytes", whole(0)),
                ("free_percent", json!({ "type": "integer", "minimum": 0, "maximum": 100 })),
            ]),
        ),
        ("port", map(&[("number!", json!({ "type": "integer", "minimum": 1, "maximum": 65535 })), ("open", truth())])),
        (
            "file",
            map(&[
                ("path!", string()),
                ("exists", truth()),
                ("contains", string()),
                ("newer_than", span()),
                ("digest", string()),
            ]),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// One of each map of the format.
    const EVERYTHING: &str = include_str!("../../tests/it/data/everything.yaml");

    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let (findings, shapes) = crate::playbook::read::shapes("everything.yaml", EVERYTHING);
        assert!(findings.is_empty(), "{findings:#?}");
        let schema = schema();
        let definitions = schema["$defs"].as_object().expect("definitions");
        for (shape, keys) in &shapes {
            let definition = definitions.get(*shape).unwrap_or_else(|| panic!("no definition of `{shape}`"));
            let known: BTreeSet<&str> =
                definition["properties"].as_object().expect("a map").keys().map(String::as_str).collect();
            let mut asked: BTreeSet<&str> = keys.clone();
            if *shape == "undo" {
                for word in ["parallel", "each", "repeat", "call", "decide", "undo"] {
                    asked.remove(word);
                }
            }
            assert_eq!(known, asked, "`{shape}`");
        }
        for (name, definition) in definitions {
            let is_map = definition.get("properties").is_some();
            assert!(!is_map || shapes.contains_key(name.as_str()), "the reader knows no `{name}`");
        }
    }

    #[test]
    fn every_reference_of_the_schema_is_there() {
        let text = schema().to_string();
        for reference in text.split("#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(schema()["$defs"].get(name).is_some(), "{name}");
        }
    }
}
