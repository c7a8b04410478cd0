//! The shipped playbooks, carried out on the lab: data is destroyed, a damaged copy is rejected, an older one restored.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A sample workspace.
fn workspace() -> Sandbox {
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    workspace
}

/// What the report says of `run`.
#[track_caller]
fn report(workspace: &Sandbox, run: &str) -> Value {
    serde_json::from_str(&workspace.ok(&["report", "run", run, "--format", "json", "--out", "-"])).unwrap()
}

/// Every text in a document, at any depth.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

/// Objectives say in words what was set and measured, and every document which targets were measured against.
#[track_caller]
fn measured_in_words(workspace: &Sandbox, run: &str, report: &Value) {
    for objective in report["objectives"].as_array().unwrap() {
        assert!(objective["set"]["vi"].is_string() && objective["measured"]["vi"].is_string(), "{objective}");
    }
    let system = &report["run"]["systems"][0];
    assert!(system["rto"].as_u64() < system["owner_rto"].as_u64(), "the lab's own, and the owner's: {system}");
    let hours = system["owner_rto"].as_u64().unwrap() / 3600;
    for document in ["after-action", "minutes"] {
        let page = workspace.ok(&["report", document, run, "--format", "html", "--out", "-", "--lang", "vi"]);
        assert!(page.contains(&format!("đặt ra cho hệ thống thật: RTO {hours:02} giờ")), "{document}");
        assert!(!page.contains("clocks.") && !page.contains("inputs."), "{document}");
    }
    let log = std::fs::read_to_string(workspace.path().join("ledger/log/000001.jsonl")).unwrap();
    assert!(log.contains("\"values\":{\"clocks."), "what a measure read of clocks is in the record");
}

#[test]
fn both_shipped_playbooks_really_run_one_after_the_other_on_a_lab_made_anew() {
    let workspace = workspace();
    for (number, playbook, system, lost) in
        [(1, "portal-outage", "portal", 9), (2, "ransomware-one-stop", "one-stop", 72)]
    {
        workspace.ok(&["drill", playbook, "--lab", "--unattended", "--yes", "--foreground"]);
        let run = &format!("DT-{}-00{number}", year(&workspace));
        let before = workspace.path().join(format!("lab/{system}/data.before-{run}"));
        assert!(before.is_dir(), "what was damaged is kept in {}", before.display());
        let report = report(&workspace, run);
        let mut said = Vec::new();
        texts(&report, &mut said);
        let note = said.iter().find(|text| text.starts_with("Before the fault there were")).unwrap();
        let number = |at: usize| {
            let digits = note.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty()).nth(at);
            digits.unwrap().parse::<u64>().unwrap()
        };
        assert!(number(1) >= lost, "{note}");
        measured_in_words(&workspace, run, &report);
        let rejected = report["backups"].as_array().unwrap().iter().filter(|row| row["fate"] == "rejected").count();
        assert_eq!(rejected, 1, "{}", report["backups"]);
        let status: Value = serde_json::from_slice(&workspace.run(&["lab", "status", "--json"]).stdout).unwrap();
        let systems = status["systems"].as_array().unwrap();
        let entry = systems.iter().find(|entry| entry["id"] == system).unwrap();
        assert_eq!((&entry["healthy"], &entry["state"]), (&true.into(), &"running".into()), "{entry}");
        // What no drill has named yet was not started.
        let named = systems.iter().filter(|entry| entry["state"] != "idle").count();
        assert_eq!(named, if system == "portal" { 1 } else { 12 });
    }
    let verified: Value = serde_json::from_str(&workspace.ok(&["evidence", "verify", "--json"])).unwrap();
    assert_eq!(verified["ok"], true, "{verified}");
    assert_eq!(verified["held"], verified["size"]);
}

/// The year in the ids of this ledger's runs.
fn year(workspace: &Sandbox) -> String {
    let listed: Value = serde_json::from_str(&workspace.ok(&["evidence", "list", "--json"])).unwrap();
    let mut said = Vec::new();
    texts(&listed, &mut said);
    let run = said.into_iter().find(|text| text.starts_with("DT-")).unwrap();
    run.split('-').nth(1).unwrap().to_owned()
}

#[test]
fn a_second_drill_does_not_take_the_lab_from_the_first() {
    let workspace = workspace();
    // Nobody is at the terminal: the console leaves, the drill waits for its people.
    let first = workspace.run(&["drill", "ransomware-one-stop", "--lab", "--yes"]);
    let second = workspace.run(&["drill", "portal-outage", "--lab", "--unattended", "--yes", "--foreground"]);
    let deadline = Instant::now() + Duration::from_mins(1);
    while workspace.run(&["stop", "--now"]).status.code() != Some(2) {
        assert!(Instant::now() < deadline, "the first drill never ends");
        std::thread::sleep(Duration::from_millis(100));
    }
    let said = String::from_utf8_lossy(&first.stderr);
    let error = String::from_utf8_lossy(&second.stderr);
    assert!(!said.contains("error["), "the first drill began: {said}");
    assert_eq!(second.status.code(), Some(2), "{said}\n{error}");
    assert!(error.contains("error[lab-in-use]") && error.contains("DT-"), "{said}\n{error}");
}

#[test]
fn a_drill_that_nobody_can_agree_to_brings_no_lab_up() {
    let workspace = workspace();
    let (code, error) = workspace.refused(&["drill", "portal-outage", "--lab"]);
    assert_eq!(code, 2, "{error}");
    assert!(error.contains("error[nobody-to-ask]"), "{error}");
    assert!(!workspace.lab().exists(), "the lab was brought up");
}
