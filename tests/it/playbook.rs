//! `ungpho playbook`, through the program.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn ungpho(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .env_clear()
        .env("UNGPHO_LANG", "en")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program runs")
}

#[track_caller]
fn text(folder: &Path, arguments: &[&str]) -> String {
    let output = ungpho(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    text(folder.path(), &["init", ".", "--sample", "quang-ngai"]);
    folder
}

#[test]
fn a_new_playbook_passes_check_and_stands_before_a_shipped_one() {
    let folder = workspace();
    text(folder.path(), &["playbook", "new", "portal-outage", "--system", "portal"]);
    assert!(ungpho(folder.path(), &["check"]).status.success());
    let list: Value =
        serde_json::from_str(&text(folder.path(), &["playbook", "list", "--json"])).expect("one JSON document");
    let from = |name: &str| {
        let rows = list["playbooks"].as_array().expect("a list");
        rows.iter().find(|row| row["name"] == name).map(|row| row["from"].clone())
    };
    assert_eq!(from("portal-outage"), Some("workspace".into()));
    assert_eq!(from("ransomware-one-stop"), Some("shipped".into()));
    assert_eq!(ungpho(folder.path(), &["playbook", "new", "portal-outage"]).status.code(), Some(2));
}

#[test]
fn a_new_playbook_passes_check_whatever_the_workspace_has() {
    let empty = tempfile::tempdir().expect("a folder");
    text(empty.path(), &["init", "."]);
    text(empty.path(), &["playbook", "new", "first"]);
    assert!(ungpho(empty.path(), &["check"]).status.success());
    let folder = workspace();
    for (name, system) in [("a", "budget-code"), ("b", "one-stop"), ("c", "lgsp")] {
        text(folder.path(), &["playbook", "new", name, "--system", system]);
    }
    text(folder.path(), &["playbook", "new", "d"]);
    for lang in ["vi", "en"] {
        let output = ungpho(folder.path(), &["check", "--lang", lang]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let refused = ungpho(folder.path(), &["playbook", "new", "e", "--system", "one-stp"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean `one-stop`?"));
    assert!(!folder.path().join("playbooks/e.yaml").exists());
}

#[test]
fn a_playbook_is_shown_in_one_language_only() {
    let folder = workspace();
    for name in ["portal-outage", "ransomware-one-stop"] {
        let shown = text(folder.path(), &["playbook", "show", name, "--lang", "vi"]);
        for english in ["every 1s", "in a row", "no answer", "only if", "within", "marks:", "failed"] {
            assert!(!shown.contains(english), "{english} is in\n{shown}");
        }
        let graph = text(folder.path(), &["playbook", "graph", name, "--lang", "vi"]);
        assert!(!graph.contains("failed") && !graph.contains("not:"), "{graph}");
    }
}

#[test]
fn a_playbook_is_shown_with_every_command_in_full() {
    let folder = workspace();
    let shown = text(folder.path(), &["playbook", "show", "ransomware-one-stop"]);
    for expected in
        ["$ ssh one-stop-app-01: sudo -n systemctl stop one-stop", "$ restore ‹steps.pick.path› -> /srv/one-stop"]
    {
        assert!(shown.contains(expected), "{expected} is not in\n{shown}");
    }
    let nowhere = tempfile::tempdir().expect("a folder");
    let shown = text(nowhere.path(), &["playbook", "show", "ransomware-one-stop"]);
    assert!(shown.contains("$ ‹one-stop: stop›"), "{shown}");
    let document: Value =
        serde_json::from_str(&text(folder.path(), &["playbook", "show", "portal-outage", "--json"])).expect("JSON");
    assert_eq!((&document["version"], &document["playbook"]), (&1.into(), &"portal-outage".into()));
}

#[test]
fn an_unknown_playbook_is_named_with_the_nearest() {
    let folder = workspace();
    let output = ungpho(folder.path(), &["playbook", "show", "ransomware-one-stp"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("did you mean `ransomware-one-stop`?"), "{error}");
}

#[test]
fn a_graph_joins_every_step_and_the_schema_is_one_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let graph = text(folder.path(), &["playbook", "graph", "ransomware-one-stop"]);
    assert!(graph.starts_with("flowchart TD\n") && graph.contains("s_eradicate --> s_bring_back"), "{graph}");
    let schema: Value = serde_json::from_str(&text(folder.path(), &["playbook", "schema"])).expect("JSON");
    assert_eq!(schema["$ref"], "#/$defs/playbook");
}
