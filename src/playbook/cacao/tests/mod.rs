//! Out and back, and what comes from elsewhere.

mod checker;
mod foreign;

use serde_json::{Value, json};

use super::{export, import};
use crate::model::Lang;
use crate::playbook::{Known, Playbook, read, shipped, write};

const EVERYTHING: &str = include_str!("../../../../tests/it/data/everything.yaml");

fn playbooks() -> Vec<Playbook> {
    let shipped = shipped::all().map(|(_, text)| text);
    let jumps = "format: 1\nplaybook: jumps\nversion: 2\ntitle: t\nfamily: C\nkind: k\nkeep_running: k\nsteps:\n  \
        - { id: ask, title: a, decide: { ask: q, options: [ { id: far, title: f, goto: last }, { id: near, title: n, goto: second }, { id: on, title: o } ] } }\n  \
        - { id: first, note: x, when: \"run.mode|upper == 'LIVE'\" }\n  \
        - { id: second, run: { argv: [a], effect: observe }, on_failure: { goto: last }, when: \"run.kind == 'drill'\" }\n  \
        - { id: third, parallel: [ { id: one, note: x }, { id: two, note: y, needs: [one] } ] }\n  \
        - { id: last, note: x }\n";
    shipped
        .chain([EVERYTHING, jumps])
        .map(|text| read("", text, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}")))
        .collect()
}

#[test]
fn a_playbook_is_written_as_it_is_read() {
    for playbook in playbooks() {
        let text = write::yaml(&playbook);
        let again = read("", &text, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}\n{text}"));
        assert_eq!(again, playbook, "{text}");
    }
}

#[test]
fn an_export_keeps_the_rules_of_the_specification() {
    for playbook in playbooks() {
        for lang in [Lang::Vi, Lang::En] {
            let made = export(&playbook, lang, "Sở Thử nghiệm");
            let found = checker::check(&made.document);
            assert!(found.is_empty(), "{}: {found:#?}", playbook.name);
            let again = export(&playbook, lang, "Sở Thử nghiệm");
            assert_eq!(made.document.to_string(), again.document.to_string(), "{}", playbook.name);
        }
    }
}

#[test]
fn what_goes_out_comes_back_as_it_was() {
    for playbook in playbooks() {
        for lang in [Lang::Vi, Lang::En] {
            let text = serde_json::to_string_pretty(&export(&playbook, lang, "ungpho").document).expect("JSON");
            let back = import("x.json", &text, None, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}"));
            assert!(back.findings.is_empty(), "{:#?}", back.findings);
            let again = read("", &back.text, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}"));
            assert_eq!(again, playbook);
        }
    }
}

fn document(name: &str) -> Value {
    let playbook = playbooks().into_iter().find(|playbook| playbook.name == *name).expect("it is there");
    export(&playbook, Lang::Vi, "ungpho").document
}

fn node<'a>(document: &'a mut Value, title: &str) -> &'a mut Value {
    let workflow = document["workflow"].as_object_mut().expect("a map");
    let found = workflow.values_mut().find(|node| node["name"] == title && node["type"] == "action");
    found.expect("it is there")
}

#[test]
fn what_another_tool_changed_is_taken_over_and_said() {
    let mut changed = document("everything");
    node(&mut changed, "Chọn")["name"] = json!("Chọn lại");
    let back = import("x.json", &changed.to_string(), None, &Known::default()).expect("it is imported");
    assert_eq!(back.findings.iter().map(|found| found.code).collect::<Vec<_>>(), ["cacao-edited"]);
    assert!(back.text.contains("Chọn lại") && back.text.contains("delete-backups"), "{}", back.text);
}

#[test]
fn a_workflow_that_another_tool_made_anew_is_imported_as_that_tools() {
    let mut changed = document("everything");
    let next = changed["workflow_start"].as_str().expect("an id").to_owned();
    let target = node(&mut changed, "Chọn")["on_success"].clone();
    changed["workflow"][next]["on_completion"] = target;
    let back =
        import("x.json", &changed.to_string(), None, &Known::default()).unwrap_or_else(|found| panic!("{found:#?}"));
    let codes: Vec<&str> = back.findings.iter().map(|found| found.code).collect();
    assert!(codes.contains(&"cacao-edited") && codes.contains(&"cacao-unreachable"), "{codes:?}");
}

#[test]
fn what_other_tools_do_not_see_is_named() {
    let playbook = playbooks().into_iter().find(|playbook| playbook.name == *"everything").expect("it is there");
    let made = export(&playbook, Lang::En, "ungpho");
    let said: Vec<String> = made.unseen.iter().map(|what| what.render(Lang::En)).collect();
    for expected in
        ["how to undo: operation", "objectives: asked, measured", "where secrets are kept: command, group/http"]
    {
        assert!(said.iter().any(|line| line == expected), "{expected} is not in {said:#?}");
    }
}

#[test]
fn a_foreign_workflow_can_be_made_of_every_export() {
    // Without our extension an export is another tool's playbook: it has to hold when it comes back, too.
    for playbook in playbooks() {
        let mut document = export(&playbook, Lang::Vi, "ungpho").document;
        document.as_object_mut().expect("a map").remove("playbook_extensions");
        let back = import("x.json", &document.to_string(), None, &Known::default());
        assert!(back.is_ok(), "{}: {:#?}", playbook.name, back.err());
    }
}
