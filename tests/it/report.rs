//! `ungpho report run` over the ledgers of real runs.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use serde_json::{Value, json};
use ungpho::engine::run_loop;

use crate::plans::{Place, plan, run, step};

/// The program in `folder`, with an environment of its own.
fn ungpho(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", "/usr/bin:/bin")
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A workspace in which one drill was driven to its end: two commands, of which one fails, and one that is never reached.
fn driven() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ungpho.yaml"), "format: 1\nunit: \"Sở Nội vụ <thử>\"\n").expect("it is written");
    let place = Place::new(folder.path());
    let steps = [
        step("first", run(&["echo", "<b>printed</b>"]), json!({ "title": { "vi": "Bước đầu", "en": "First" } })),
        step("second", run(&["false"]), Value::Null),
        step("third", run(&["true"]), Value::Null),
    ];
    let ledger = place.ledger();
    let plan = Arc::new(plan(&steps, Value::Null));
    let run = place.begin(&ledger, &plan);
    run_loop(place.setup(&ledger, &run, &plan)).expect("the loop works");
    folder
}

#[test]
fn a_page_is_written_into_the_workspace_and_its_place_is_printed() {
    let folder = driven();
    let seen = ungpho(folder.path(), &["report", "run"]);
    assert_eq!(seen.status.code(), Some(0), "{}", String::from_utf8_lossy(&seen.stderr));
    let place = out(&seen);
    assert!(place.trim_end().ends_with("-001.html"), "{place}");
    let page = std::fs::read_to_string(place.trim_end()).expect("the page is there");
    assert!(page.contains("&lt;b&gt;printed&lt;/b&gt;") && !page.contains("<b>printed</b>"));
    assert!(page.contains("Sở Nội vụ &lt;thử&gt;"));
    assert!(page.contains("đối chiếu đạt") && page.contains("không đạt: 2. second"), "{page}");
}

#[test]
fn the_formats_agree_with_each_other_and_with_the_run() {
    let folder = driven();
    let seen = ungpho(folder.path(), &["report", "run", "--format", "json"]);
    let json: Value = serde_json::from_slice(&seen.stdout).expect("one JSON document");
    assert_eq!(json["version"], 1);
    assert_eq!(json["ledger"]["ok"], true);
    assert_eq!(json["run"]["result"], "failed");
    let codes: Vec<&str> =
        json["exceptions"].as_array().expect("a list").iter().filter_map(|e| e["code"].as_str()).collect();
    assert!(codes.starts_with(&["failed"]) && codes.contains(&"unattended"), "{codes:?}");
    let outcomes: Vec<&Value> = json["steps"].as_array().expect("a list").iter().map(|step| &step["outcome"]).collect();
    assert_eq!(outcomes[..2], [&json!("done"), &json!("failed")]);
    let id = json["run"]["id"].as_str().expect("an id");
    let text = out(&ungpho(folder.path(), &["--lang", "en", "report", "run", id, "--format", "md"]));
    assert!(text.contains("✓ The ledger verifies") && text.contains("Failed: 2. second"), "{text}");
}

#[test]
fn a_report_of_a_ledger_that_was_altered_says_so_and_exits_with_4() {
    let folder = driven();
    let log = folder.path().join("ledger/log/000001.jsonl");
    let text = std::fs::read_to_string(&log).expect("the log can be read");
    std::fs::write(&log, text.replacen("\"outcome\":\"failed\"", "\"outcome\":\"done\"  ", 1)).expect("it is altered");
    let seen = ungpho(folder.path(), &["report", "run", "--format", "md"]);
    assert_eq!(seen.status.code(), Some(4), "{}", out(&seen));
    assert!(out(&seen).contains("ĐỐI CHIẾU KHÔNG ĐẠT"), "{}", out(&seen));
}

#[test]
fn a_run_that_nobody_knows_is_no_report() {
    let folder = driven();
    for run in ["DT-2020-999", "nonsense"] {
        let seen = ungpho(folder.path(), &["report", "run", run]);
        assert_eq!(seen.status.code(), Some(2));
        assert!(seen.stdout.is_empty());
        assert!(String::from_utf8_lossy(&seen.stderr).contains("lỗi[unknown-run]"));
    }
}

/// Reads standard input with Python, which shares no code with ours.
fn read_by_python(script: &str, bytes: &[u8]) -> String {
    use std::io::Write as _;
    let mut command = Command::new("python3");
    command.args(["-c", script]).stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().expect("python3 is there");
    child.stdin.take().expect("a pipe").write_all(bytes).expect("it is read");
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success());
    out(&done)
}

#[test]
fn continuous_integration_reads_the_steps_as_test_cases_and_a_broken_ledger_as_an_error() {
    let folder = driven();
    let script = "import sys, xml.etree.ElementTree as t\n\
        root = t.parse(sys.stdin.buffer).getroot()\n\
        print({k: root.get(k) for k in ('tests', 'failures', 'errors', 'skipped')})\n\
        for case in root.iter('testcase'):\n    print(case.get('name'), [child.tag for child in case])\n";
    let report = || ungpho(folder.path(), &["--lang", "en", "report", "run", "--format", "junit"]);
    let seen = report();
    assert_eq!(seen.status.code(), Some(0));
    let read = read_by_python(script, &seen.stdout);
    for line in [
        "{'tests': '5', 'failures': '1', 'errors': '0', 'skipped': '2'}",
        "The ledger verifies []",
        "The run counts ['skipped']",
        "1. First []",
        "2. second ['failure']",
        "3. third ['skipped']",
    ] {
        assert!(read.contains(line), "`{line}` is not in:\n{read}");
    }
    let log = folder.path().join("ledger/log/000001.jsonl");
    let text = std::fs::read_to_string(&log).expect("the log can be read");
    std::fs::write(&log, text.replacen("\"outcome\":\"failed\"", "\"outcome\":\"done\"  ", 1)).expect("it is altered");
    let seen = report();
    assert_eq!(seen.status.code(), Some(4));
    let read = read_by_python(script, &seen.stdout);
    assert!(read.contains("'errors': '1'") && read.contains("The ledger verifies ['error']"), "{read}");
}

#[test]
fn a_spreadsheet_reads_the_course_of_events_and_takes_nothing_for_a_formula() {
    let folder = driven();
    let json = ungpho(folder.path(), &["report", "run", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).expect("one JSON document");
    let run = json["run"]["id"].as_str().expect("an id");
    let noted = ungpho(folder.path(), &["note", run, "=HYPERLINK(\"x\"); \"quoted\"", "--as", "lan"]);
    assert_eq!(noted.status.code(), Some(0), "{}", String::from_utf8_lossy(&noted.stderr));
    for (lang, between) in [("vi", ";"), ("en", ",")] {
        let seen = ungpho(folder.path(), &["--lang", lang, "report", "run", "--format", "csv"]);
        assert!(seen.stdout.starts_with("\u{feff}".as_bytes()));
        let script = format!(
            "import sys, csv, io\nrows = list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, 'utf-8-sig', newline=''), \
             delimiter='{between}'))\nassert len(set(map(len, rows))) == 1\nprint(rows)"
        );
        let read = read_by_python(&script, &seen.stdout);
        assert!(read.contains("\\'=HYPERLINK(\"x\"); \"quoted\""), "{read}");
    }
}
