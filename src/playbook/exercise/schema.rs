//! The JSON Schema of planned drills, for editors. A test holds its keys to those that the reader asks for.

use serde_json::{Value, json};

use super::{ExerciseMode, Giver, Part};
use crate::model::Actor;
use crate::source::schema::{id, list, map, name, of, one_of, pattern, span, string, text, whole_schema, words};

/// The schema (2020-12): each map of the format is a definition under `$defs`, by its own name.
#[must_use]
pub fn schema() -> Value {
    let date = || json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
    let modes = words(ExerciseMode::WORDS.iter().map(|(word, _)| *word));
    let parts = words(Part::WORDS.iter().map(|(word, _)| *word));
    let givers = words(Giver::WORDS.iter().map(|(word, _)| *word));
    let all = vec![
        ("words", json!({ "anyOf": [string(), of("text")] })),
        ("text", text()),
        (
            "exercise",
            map(&[
                ("format!", json!({ "const": 1 })),
                ("id", name()),
                ("playbook!", name()),
                ("mode!", modes),
                ("date!", date()),
                ("plan", of("exercise-plan")),
                ("approver", of("words")),
                ("place", of("words")),
                ("budget", of("words")),
                ("participants", list(&of("participant"))),
                ("injects", list(&of("planned-inject"))),
                ("script", pattern("sha256:[0-9a-f]{64}")),
                ("live", of("live")),
            ]),
        ),
        ("exercise-plan", map(&[("number!", string()), ("date!", date())])),
        (
            "participant",
            one_of(
                map(&[
                    ("person", pattern(Actor::PATTERN)),
                    ("name", of("words")),
                    ("unit", of("words")),
                    ("position", of("words")),
                    ("part", parts),
                ]),
                &["person", "name"],
            ),
        ),
        (
            "planned-inject",
            map(&[
                ("at!", span()),
                ("to", id()),
                ("text!", of("words")),
                ("expect", of("words")),
                ("with", list(&id())),
                ("criterion", of("words")),
                ("by", givers),
            ]),
        ),
        (
            "live",
            map(&[
                ("aims!", of("words")),
                ("players!", of("words")),
                ("tools!", of("words")),
                ("extent!", of("words")),
                ("time!", of("words")),
                ("commitment", string()),
            ]),
        ),
    ];
    whole_schema("ungpho planned drill, format 1", "exercise", all)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const EVERYTHING: &str = "format: 1
id: q4
playbook: portal-outage
mode: live
date: 2026-12-01
plan: { number: \"12/KH\", date: 2026-11-02 }
place: a
budget: b
participants: [ { person: lan, unit: \"A\", part: facilitator } ]
injects: [ { at: 10m, to: operator, text: { vi: a, en: b }, expect: c, with: [security], criterion: d, by: facilitator } ]
live: { aims: a, players: b, tools: c, extent: d, time: e }
";

    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let (findings, shapes) = crate::playbook::exercise::shapes("q4.yaml", EVERYTHING);
        assert!(findings.is_empty(), "{findings:#?}");
        let schema = schema();
        let definitions = schema["$defs"].as_object().expect("definitions");
        for (shape, asked) in &shapes {
            let definition = definitions.get(*shape).unwrap_or_else(|| panic!("no definition of `{shape}`"));
            let known: BTreeSet<&str> =
                definition["properties"].as_object().expect("a map").keys().map(String::as_str).collect();
            assert_eq!(known, *asked, "`{shape}`");
        }
        for (name, definition) in definitions {
            let is_map = definition.get("properties").is_some();
            assert!(!is_map || shapes.contains_key(name.as_str()), "the reader knows no `{name}`");
        }
        let text = schema.to_string();
        for reference in text.split("#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
    }
}
