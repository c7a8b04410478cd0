//! `ungpho check`, through the program.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn data() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data"))
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .env_clear()
        .env("UNGPHO_LANG", "en")
        .current_dir(folder)
        .arg("check")
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// Exit code, and `code line:column` of each finding with the text that stands there.
#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    let output = check(folder, &arguments);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["version"], 1);
    let row = |finding: &Value| {
        assert_eq!(finding["severity"], "error");
        assert!(finding["message"].as_str().is_some_and(|message| !message.contains("source-")));
        let text = std::fs::read(folder.join(finding["file"].as_str().expect("a file"))).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let (line, column) = (finding["line"].as_u64().expect("a line"), finding["column"].as_u64().expect("a column"));
        let rest = text.lines().nth(usize::try_from(line).expect("small") - 1).unwrap_or_default();
        let word: String = rest
            .chars()
            .skip(usize::try_from(column).expect("small") - 1)
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            .collect();
        format!("{} {line}:{column} {word}", finding["code"].as_str().expect("a code")).trim_end().to_owned()
    };
    // The sample of the format has assumed facts, and says so; `inventory.rs` holds the warning itself.
    let told = document["findings"].as_array().expect("a list").iter();
    let wrong = told.filter(|it| it["code"] != "assumed-fact" || it["severity"] != "warning");
    (output.status.code(), wrong.map(row).collect())
}

#[test]
fn the_sample_of_the_format_is_clean_as_it_stands() {
    for file in ["ransomware-one-stop.yaml", "one-stop.yaml"] {
        assert_eq!(json(data(), &[file]), (Some(0), vec![]), "{file}");
    }
}

#[test]
fn twenty_five_mistakes_are_all_reported_at_their_words_and_none_besides() {
    let (exit, found) = json(data(), &["twenty-five.yaml"]);
    assert_eq!(exit, Some(2));
    let expected = "missing-key 1:1 format
wrong-type 3:10 one
unknown-word 5:9 E
unknown-key 8:1 colour
invalid-duration 11:37 4
compare-kinds 15:66
unknown-key 17:100 confrim
unknown-step 19:36 service_bcak
unknown-role 23:11 operatr
unknown-input 24:46 sytem
reserved-id 25:9 undo
two-of-one 29:5 probe
missing-key 30:9 nothing
duplicate-id 32:9 look
sudo-asks 35:19 sudo
template-in-shell 37:25
secret-not-here 39:35 secret
missing-key 41:5 run
goto-back 44:25 look
missing-key 45:9 service_back
needs-cycle 50:37 b
step-inside 55:21 inner
unknown-option 58:101 opne
regex-group 61:44
undo-action 62:13 parallel";
    assert_eq!(found.join("\n"), expected);
}

#[test]
fn what_is_no_text_of_ours_is_an_error_at_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    write("deep.yaml", "- ".repeat(30_000).as_bytes());
    write("flow.yaml", "[".repeat(60_000).as_bytes());
    write("latin.yaml", b"format: 1\ntitle: t\xeat\n");
    write("zero.yaml", b"format: 1\0\n");
    write("alias.yaml", b"a: &x 1\nb: *x\n");
    std::fs::File::create(folder.path().join("huge.yaml"))
        .and_then(|file| file.set_len(100 * 1024 * 1024))
        .expect("a sparse file");
    let one = |name: &str| {
        let (exit, found) = json(folder.path(), &[name]);
        assert_eq!(exit, Some(2));
        found.first().cloned().unwrap_or_default()
    };
    assert!(one("deep.yaml").starts_with("too-deep 1:"));
    assert!(one("flow.yaml").starts_with("too-deep 1:"));
    assert_eq!(one("latin.yaml"), "not-utf8 2:9");
    assert_eq!(one("zero.yaml"), "control-character 1:10");
    assert!(one("alias.yaml").starts_with("missing-key 1:1"));
    assert_eq!(one("huge.yaml"), "file-too-large 1:1");
    assert_eq!(one("nothing.yaml"), "file-unreadable 1:1");
}

#[test]
fn a_workspace_is_checked_as_a_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for name in ["inventory", "playbooks"] {
        std::fs::create_dir(root.join(name)).expect("made");
    }
    let copy = |from: &str, to: &str| std::fs::copy(data().join(from), root.join(to)).expect("copied");
    std::fs::write(root.join("ungpho.yaml"), "format: 1\nunit: x\n").expect("written");
    copy("one-stop.yaml", "inventory/one-stop.yaml");
    copy("ransomware-one-stop.yaml", "playbooks/ransomware-one-stop.yaml");
    let (exit, found) = json(root, &[]);
    assert_eq!(
        (exit, found),
        (Some(2), vec!["unknown-system 32:14 lgsp".to_owned(), "unknown-system 32:20 national-portal".to_owned()])
    );
    let text = std::fs::read_to_string(root.join("playbooks/ransomware-one-stop.yaml")).expect("read");
    std::fs::write(root.join("playbooks/ransomware-one-stop.yaml"), text.replace("do: stop", "do: stpo"))
        .expect("written");
    let (_, found) = json(root, &["playbooks/ransomware-one-stop.yaml"]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("unknown-operation") && found[0].ends_with("stpo"), "{found:?}");
}

#[test]
fn a_playbook_that_calls_a_broken_one_is_found_when_it_is_checked_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir(root.join("playbooks")).expect("made");
    std::fs::write(root.join("ungpho.yaml"), "format: 1\nunit: x\n").expect("written");
    let write = |name: &str, steps: &str| {
        let head = "version: 1\ntitle: x\nfamily: A\nkind: x\nkeep_running: x";
        let text = format!("format: 1\nplaybook: {name}\n{head}\nsteps: {steps}\n");
        std::fs::write(root.join(format!("playbooks/{name}.yaml")), text).expect("written");
    };
    write("one", "[ { id: a, call: { playbook: two } } ]");
    write("two", "[ { id: b, nte: x } ]");
    assert_eq!(json(root, &["playbooks/one.yaml"]).1, ["playbook-broken 8:37 two"]);
    assert_eq!(json(root, &[]).1, ["unknown-key 8:19 nte"], "what is shown anyway is not said twice");
    write("two", "[ { id: b, note: x } ]");
    assert_eq!(json(root, &["playbooks/one.yaml"]), (Some(0), vec![]));
}

#[test]
fn without_json_findings_look_like_a_compiler_s() {
    let output = check(data(), &["twenty-five.yaml", "--color", "never"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.stdout.is_empty());
    let expected = "error[unknown-role]: no role is named `operatr`
  --> twenty-five.yaml:23:11
   |
23 |     role: operatr
   |           ^^^^^^^
   |
   = help: did you mean `operator`?
";
    assert!(text.contains(expected), "{text}");
    assert!(text.ends_with("files checked: 1; errors: 25; warnings: 0\n"), "{text}");
}

#[test]
fn a_clock_on_a_mark_that_only_a_person_makes_is_a_warning_and_such_a_playbook_starts() {
    let desk = super::desk::Desk::new();
    desk.playbook(
        "night",
        "clocks:\n  c: { from: detected, to: restored }\n\
         steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem máy\" } }\n",
    );
    let done = desk.run(&["check"]).exits(0);
    let said = format!("{}{}", done.out, done.err);
    for wanted in [
        "warning[mark-never-made]: no step marks `detected`",
        "`--since` with `ungpho respond`",
        "warning[mark-never-made]: no step marks `restored`",
        "`ungpho mark restored`",
        "errors: 0; warnings: 2",
    ] {
        assert!(said.contains(wanted), "`{wanted}` is not in:\n{said}");
    }
    desk.run(&["drill", "night", "--tabletop", "--yes"]).exits(0);
    desk.run(&["mark", "detected"]).exits(0);
    desk.run(&["mark", "restored"]).exits(0);
    desk.until("the clock's end", |records| records.iter().any(|it| it["type"] == "clock-stopped"));
}
