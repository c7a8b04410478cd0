//! The JSON Schema of an information system, for editors. A test holds its keys to those that the reader asks for.

use serde_json::{Value, json};

use super::BackupPlan;
use super::dossier::{AssessmentKind, ControlState, Measures, RulesId, State, Status};
use super::facts::{Class, Grade, Harm, Information, Online, Scope};
use super::host::Protocol;
use crate::model::Effect;
use crate::source::schema::{
    Definitions, by_id, either, letters, list, map, name, of, one_of, span, string, text, truth, whole, whole_schema,
    words,
};

/// The schema (2020-12): each map of the format is a definition under `$defs`, by its own name.
#[must_use]
pub fn schema() -> Value {
    let all = head().into_iter().chain(facts()).chain(level()).chain(machines());
    whole_schema("ungpho information system, format 1", "system", all)
}

fn of_words<T>(all: &[(&'static str, T)]) -> Value {
    words(all.iter().map(|(word, _)| *word))
}

fn date() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

fn a_level() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 5 })
}

/// The same, or nothing.
fn maybe(value: &Value) -> Value {
    either(&[value.clone(), json!({ "type": "null" })])
}

fn head() -> Definitions {
    vec![
        (
            "system",
            map(&[
                ("format!", json!({ "const": 1 })),
                ("id!", name()),
                ("name!", of("words")),
                ("owner", of("words")),
                ("operator", of("words")),
                ("security_unit", of("words")),
                ("state", of_words(State::WORDS)),
                ("operating_since", date()),
                ("environment", words(["production", "drill_target"])),
                ("facts", of("facts")),
                ("assumed", list(&string())),
                ("components", list(&of("component"))),
                ("depends_on", list(&name())),
                ("endpoints", by_id(&string())),
                ("hosts", list(&of("host"))),
                ("operations", by_id(&of("operation"))),
                ("objectives", of("targets")),
                ("backups", list(&of("backup"))),
                ("restore", of("restore-plan")),
                ("dossier", of("dossier")),
                ("assessments", list(&of("assessment"))),
                ("risk", of("risk")),
                ("changes", list(&of("change"))),
                ("controls", list(&of("control"))),
                ("figures", list(&of("figure"))),
            ]),
        ),
        ("words", either(&[string(), of("text")])),
        ("text", text()),
        (
            "figure",
            map(&[
                ("id!", name()),
                ("value!", whole(0)),
                ("about", truth()),
                ("unit!", of("words")),
                ("source!", of("words")),
            ]),
        ),
    ]
}

fn facts() -> Definitions {
    let count = || maybe(&whole(0));
    let yes = || maybe(&truth());
    let word = |all: Value| maybe(&all);
    vec![
        (
            "facts",
            map(&[
                ("class", maybe(&list(&of_words(Class::WORDS)))),
                ("information", maybe(&list(&of_words(Information::WORDS)))),
                ("one_stop", yes()),
                ("online_service", word(of_words(Online::WORDS))),
                ("conditional_business", yes()),
                ("users", count()),
                ("subjects_basic", count()),
                ("subjects_sensitive", count()),
                ("scope", word(of_words(Scope::WORDS))),
                ("national_egov", yes()),
                ("always_on", yes()),
                ("no_unplanned_stop", yes()),
                ("defence_security", yes()),
                ("harm", word(of_words(Harm::WORDS))),
                ("strategic", yes()),
                ("works_grade", word(of_words(Grade::WORDS))),
                ("national_critical_data", yes()),
                ("international_link", yes()),
                ("decided_level", maybe(&a_level())),
            ]),
        ),
        ("component", map(&[("id!", name()), ("facts", of("facts")), ("host", of("host-facts"))])),
        (
            "host-facts",
            map(&[
                ("seen", date()),
                ("name", string()),
                ("os", string()),
                ("kernel", string()),
                ("architecture", string()),
                ("processors", whole(0)),
                ("memory", whole(0)),
                ("up_days", whole(0)),
                ("disks", list(&of("host-disk"))),
                ("ports", list(&of("host-port"))),
                ("services", list(&string())),
                ("time_synchronised", truth()),
                ("antimalware", list(&string())),
                ("restart_pending", truth()),
            ]),
        ),
        ("host-disk", map(&[("mount!", string()), ("size!", whole(0)), ("free!", whole(0))])),
        (
            "host-port",
            map(&[
                ("protocol!", of_words(Protocol::WORDS)),
                ("address!", string()),
                ("port!", json!({ "type": "integer", "minimum": 1, "maximum": 65535 })),
                ("process", string()),
            ]),
        ),
    ]
}

fn level() -> Definitions {
    vec![
        (
            "dossier",
            map(&[
                ("status", maybe(&of_words(Status::WORDS))),
                ("proposed", maybe(&a_level())),
                ("approved", maybe(&a_level())),
                ("rules", maybe(&of_words(RulesId::WORDS))),
                ("submitted", maybe(&date())),
                ("appraised", maybe(&date())),
                ("appraiser", maybe(&of("appraiser"))),
                ("decision", maybe(&of("decision"))),
                ("regulation", maybe(&of("regulation"))),
                ("expected_approval", maybe(&date())),
                ("measures", maybe(&of_words(Measures::WORDS))),
                ("expected_measures", maybe(&date())),
            ]),
        ),
        ("appraiser", map(&[("unit!", of("words")), ("council", truth())])),
        ("decision", map(&[("number", string()), ("date", date()), ("body", of("words")), ("file", string())])),
        ("regulation", map(&[("number", string()), ("date", date())])),
        (
            "assessment",
            map(&[
                ("kind!", of_words(AssessmentKind::WORDS)),
                ("date!", date()),
                ("by", of("words")),
                ("file", string()),
            ]),
        ),
        ("risk", map(&[("result_level", a_level()), ("date", date()), ("file", string())])),
        ("change", map(&[("date!", date()), ("what!", of("words")), ("determined", maybe(&date()))])),
        (
            "control",
            map(&[
                ("id!", name()),
                ("state!", of_words(ControlState::WORDS)),
                ("evidence", string()),
                ("checked", date()),
            ]),
        ),
    ]
}

fn machines() -> Definitions {
    let effects = words(Effect::WORDS.iter().map(|(word, _)| *word));
    vec![
        ("host", map(&[("id!", name()), ("ssh!", string())])),
        (
            "operation",
            one_of(
                map(&[
                    ("argv", json!({ "type": "array", "minItems": 1, "items": letters() })),
                    ("shell", string()),
                    ("effect", effects),
                    ("host", string()),
                    ("env", json!({ "type": "object", "additionalProperties": letters() })),
                    ("stdin", letters()),
                    ("cwd", string()),
                ]),
                &["argv", "shell"],
            ),
        ),
        ("targets", map(&[("rto", span()), ("rpo", span())])),
        (
            "backup",
            map(&[
                ("id!", name()),
                ("host", name()),
                ("kind", words(BackupPlan::KINDS.iter().map(|(word, _)| *word))),
                ("rows", json!({ "type": "object", "additionalProperties": whole(0) })),
                ("secret", of("secret-place")),
                ("path!", string()),
                ("copies", string()),
                ("medium", string()),
                ("offsite", truth()),
                ("schedule", string()),
            ]),
        ),
        ("secret-place", one_of(map(&[("env", string()), ("file", string())]), &["env", "file"])),
        ("restore-plan", map(&[("to!", string()), ("check", of("operation"))])),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// One of each map of the format.
    const EVERYTHING: &str = include_str!("../../tests/it/data/every-fact.yaml");

    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let (findings, shapes) = crate::inventory::read::shapes("every-fact.yaml", EVERYTHING);
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
