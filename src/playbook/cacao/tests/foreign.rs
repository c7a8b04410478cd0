//! Playbooks of other tools, good ones and hostile ones.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::model::Program;
use crate::playbook::cacao::import;
use crate::playbook::{Known, Playbook, read};
use crate::step::{Action, Run};

/// A document with these nodes: the first is the start. Ids are given as `action--a`.
fn document(workflow: &Value) -> Value {
    json!({
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": "playbook--00000000-0000-4000-8000-000000000000",
        "name": "Thử / test",
        "created_by": "identity--00000000-0000-4000-8000-000000000000",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "playbook_variables": {
            "__ip__": { "type": "ipv4-addr", "external": true },
            "__count__": { "type": "integer", "value": "3" },
        },
        "workflow_start": "start--a",
        "workflow": workflow,
        "agent_definitions": {
            "individual--lan": { "type": "individual", "name": "Lan" },
            "linux--here": { "type": "linux", "name": "here", "address": { "dname": ["localhost"] } },
        },
        "target_definitions": { "http-api--x": { "type": "http-api", "name": "x", "address": { "url": ["https://x.example/"] } } },
    })
}

#[track_caller]
fn holds(document: &Value) -> (Playbook, Vec<String>, String) {
    let made =
        import("x.json", &document.to_string(), None, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}"));
    let playbook = read("", &made.text, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}\n{}", made.text));
    let mut codes: Vec<String> = made.findings.iter().map(|found| found.code.to_owned()).collect();
    codes.retain(|code| code != "cacao-to-fill");
    (playbook, codes, made.text)
}

#[track_caller]
fn refused(document: &Value) -> Vec<&'static str> {
    let found = import("x.json", &document.to_string(), None, &Known::default()).expect_err("it is refused");
    found.iter().filter(|found| found.severity == crate::source::Severity::Error).map(|found| found.code).collect()
}

fn manual(name: &str, next: &str) -> Value {
    json!({ "type": "action", "name": name, "on_success": next, "agent": "individual--lan", "commands": [{ "type": "manual", "command": "Làm" }] })
}

#[test]
fn every_kind_of_step_is_mapped() {
    let (playbook, codes, text) = holds(&document(&json!({
        "start--a": { "type": "start", "on_completion": "action--look" },
        "action--look": {
            "type": "action", "name": "Look", "on_completion": "if-condition--a", "agent": "linux--here", "timeout": 1500,
            "commands": [{ "type": "bash", "command": "ping -c1 __ip__:value" }], "out_args": ["__seen__"],
        },
        "if-condition--a": {
            "type": "if-condition", "name": "Seen?", "condition": "__seen__:value = 'yes'", "on_true": "action--yes",
            "on_false": "action--no", "on_completion": "switch-condition--a",
        },
        "action--yes": manual("Yes", "end--1"), "end--1": { "type": "end" },
        "action--no": manual("No", "end--2"), "end--2": { "type": "end" },
        "switch-condition--a": {
            "type": "switch-condition", "name": "Which", "switch": "__count__:value",
            "cases": { "1": "action--one", "default": "action--other" }, "on_completion": "while-condition--a",
        },
        "action--one": manual("One", "end--3"), "end--3": { "type": "end" },
        "action--other": manual("Other", "end--4"), "end--4": { "type": "end" },
        "while-condition--a": {
            "type": "while-condition", "name": "Again", "condition": "__seen__:value != 'yes'", "on_true": "action--again",
            "on_completion": "parallel--a",
        },
        "action--again": {
            "type": "action", "name": "Ask", "on_completion": "end--5", "out_args": ["__seen__"],
            "commands": [{ "type": "manual", "command": "__seen__:value?" }],
        },
        "end--5": { "type": "end" },
        "parallel--a": { "type": "parallel", "name": "Both", "next_steps": ["action--p", "action--q"], "on_completion": "action--send" },
        "action--p": manual("P", "action--p2"), "action--p2": manual("P2", "end--6"), "end--6": { "type": "end" },
        "action--q": manual("Q", "end--7"), "end--7": { "type": "end" },
        "action--send": {
            "type": "action", "name": "Send", "on_success": "playbook-action--a", "on_failure": "action--failed", "targets": ["http-api--x"],
            "commands": [{ "type": "http-api", "command": "POST /block?ip=__ip__:value HTTP/1.1", "headers": { "X-A": ["b"] }, "content": "{}" }],
        },
        "action--failed": manual("Failed", "playbook-action--a"),
        "playbook-action--a": { "type": "playbook-action", "name": "Other book", "playbook_id": "playbook--x", "on_completion": "end--8" },
        "end--8": { "type": "end" },
    })));
    let ids: Vec<&str> = playbook.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["look", "yes", "no", "one", "other", "again", "both", "send", "failed", "other_book"], "{text}");
    let when = |id: &str| {
        let step = playbook.steps.iter().find(|step| step.id == *id).expect("it is there");
        step.when.as_ref().map(|when| when.0.clone())
    };
    assert_eq!(when("yes").as_deref(), Some("steps.look.seen|default('') == 'yes'"));
    assert_eq!(when("no").as_deref(), Some("not (steps.look.seen|default('') == 'yes')"));
    assert_eq!(when("one").as_deref(), Some("inputs.count == 1"));
    assert_eq!(when("failed").as_deref(), Some("steps.send.outcome != 'done'"));
    assert_eq!(when("other_book"), None, "after both ways");
    let Action::Run(Run::Command(look)) = &playbook.steps[0].action else { panic!("{text}") };
    assert_eq!(look.program, Program::Shell("ping -c1 ${cacao_ip}".to_owned()));
    assert_eq!(look.effect, crate::model::Effect::Destructive);
    let Action::Parallel(both) = &playbook.steps[6].action else { panic!("{text}") };
    assert_eq!(
        both.iter().map(|step| (step.id.as_str(), step.needs.len())).collect::<Vec<_>>(),
        [("p", 0), ("p2", 1), ("q", 0)]
    );
    for code in ["cacao-effect", "cacao-rounds", "cacao-call"] {
        assert!(codes.iter().any(|known| known == code), "{code} is not in {codes:?}");
    }
}

#[test]
fn what_is_not_simple_is_for_people() {
    let (playbook, codes, text) = holds(&document(&json!({
        "start--a": { "type": "start", "on_completion": "if-condition--a" },
        "if-condition--a": {
            "type": "if-condition", "name": "Is it?", "condition": "[ipv4-addr:value ISSUBSET '10.0.0.0/8']", "on_true": "action--a",
        },
        "action--a": {
            "type": "action", "name": "Hunt {{ x }}", "on_completion": "end--1", "x_own": 1, "delay": 5,
            "commands": [{ "type": "sigma", "command_b64": "dGl0bGU6IHt7IHggfX0=" }, { "type": "bash", "command": "sudo reboot" }],
        },
        "end--1": { "type": "end" },
    })));
    assert!(matches!(playbook.steps[0].action, Action::Decide(_)), "{text}");
    assert!(playbook.steps[1..].iter().all(|step| matches!(step.action, Action::Manual(_))), "{text}");
    assert!(text.contains("ISSUBSET") && text.contains("sudo reboot"), "{text}");
    for code in ["cacao-condition", "cacao-by-hand", "cacao-left-out"] {
        assert!(codes.iter().any(|known| known == code), "{code} is not in {codes:?}");
    }
}

#[test]
fn a_hostile_document_is_refused_at_its_place() {
    let start = |rest: &Value| {
        let mut all = json!({ "start--a": { "type": "start", "on_completion": "action--a" } });
        all.as_object_mut().expect("a map").extend(rest.as_object().expect("a map").clone());
        document(&all)
    };
    let end = json!({ "type": "end" });
    assert_eq!(refused(&start(&json!({ "action--a": manual("A", "action--b") }))), ["cacao-missing-step"]);
    assert_eq!(
        refused(&start(&json!({ "action--a": manual("A", "action--b"), "action--b": manual("B", "action--a") }))),
        ["cacao-cycle"]
    );
    assert_eq!(refused(&start(&json!({ "action--a": { "type": "action", "on_completion": 5 } }))), ["wrong-type"]);
    assert_eq!(refused(&start(&json!({ "action--a": { "type": "wait" } }))), ["cacao-unknown-step"]);
    assert_eq!(refused(&start(&json!({ "action--a": end }))), ["cacao-empty"]);
    let inner =
        json!({ "type": "while-condition", "condition": "x", "on_true": "action--a", "on_completion": "end--1" });
    assert_eq!(refused(&start(&json!({ "action--a": inner, "end--1": { "type": "end" } }))), ["cacao-cycle"]);
    assert_eq!(refused(&json!({ "type": "playbook", "spec_version": "1.1" })), ["cacao-not-playbook"]);
    assert_eq!(refused(&json!([])), ["wrong-type"]);
    // Branches at the same time that all lead on to the same: each has a copy, and twice as many each time.
    let mut nodes =
        json!({ "start--a": { "type": "start", "on_completion": "parallel--0" }, "end--1": { "type": "end" } });
    for number in 0..30 {
        let branch = |way: &str| {
            manual("A", &format!("parallel--{}", number + 1)).as_object().map(|_| format!("action--{way}{number}"))
        };
        let next = if number < 29 { format!("parallel--{}", number + 1) } else { "end--1".to_owned() };
        nodes[format!("action--x{number}")] = manual("X", &next);
        nodes[format!("action--y{number}")] = manual("Y", &next);
        nodes[format!("parallel--{number}")] =
            json!({ "type": "parallel", "next_steps": [branch("x"), branch("y")] , "on_completion": "end--1" });
    }
    let codes = refused(&document(&nodes));
    assert!(codes.iter().all(|code| matches!(*code, "cacao-too-large" | "too-deep")), "{codes:?}");
    let twice = document(&json!({})).to_string().replacen("{\"type\"", "{\"name\":\"x\",\"type\"", 1);
    let found = import("x.json", &twice, None, &Known::default()).expect_err("a key stands twice");
    assert_eq!(found[0].code, "duplicate-key");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is done to a good document: it is refused with findings, or what is made of it holds.
    #[test]
    fn bytes_never_make_a_playbook_that_does_not_hold(at in 0usize..1000, length in 0usize..20, put in "[\\[\\]{}\",:0-9a-z_ -]{0,8}") {
        let good = document(&json!({
            "start--a": { "type": "start", "on_completion": "action--a" },
            "action--a": { "type": "action", "name": "A", "on_success": "if-condition--a", "on_failure": "end--1", "commands": [{ "type": "bash", "command": "a __ip__:value" }], "out_args": ["__o__"] },
            "if-condition--a": { "type": "if-condition", "condition": "__o__:value = '1'", "on_true": "while-condition--a", "on_completion": "end--1" },
            "while-condition--a": { "type": "while-condition", "condition": "__count__:value > 1", "on_true": "action--b", "on_completion": "end--2" },
            "action--b": manual("B", "end--3"),
            "end--1": { "type": "end" }, "end--2": { "type": "end" }, "end--3": { "type": "end" },
        })).to_string();
        let chars: Vec<char> = good.chars().collect();
        let from = chars.len() * at / 1000;
        let to = (from + length).min(chars.len());
        let text: String = chars[..from].iter().copied().chain(put.chars()).chain(chars[to..].iter().copied()).collect();
        match import("x.json", &text, None, &Known::default()) {
            Ok(made) => prop_assert!(read("", &made.text, &Known::default()).is_ok()),
            Err(found) => {
                prop_assert!(!found.is_empty());
                prop_assert!(found.iter().all(|found| found.code != "cacao-unmapped"), "{found:#?}");
            }
        }
    }
}
