//! `report coverage`: every cell says which plan there is, when it was last drilled, how, and what is missing.

use std::fs;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use serde_json::Value;

use super::desk::Desk;

const ASKS: &str = r#"
inputs:
  system: { type: system, default: portal }
steps:
  - id: look
    title: "Look at the portal"
    manual: { do: "Look" }
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("inventory/portal.yaml", "format: 1\nid: portal\nname: { vi: \"Cổng <TTĐT>\", en: \"Portal\" }\n");
    desk.write("inventory/archive.yaml", "format: 1\nid: archive\nname: \"Lưu trữ\"\n");
    desk.playbook("fire", ASKS);
    desk
}

fn table(desk: &Desk, code: i32) -> Value {
    let done = desk.run(&["report", "coverage", "--format", "json"]).exits(code);
    serde_json::from_str(&done.out).expect("JSON")
}

/// The plan `fire` in the cell of family B of a system, and what the cell lacks.
fn fire(table: &Value, system: &str) -> (Value, Value) {
    let row = table["systems"].as_array().expect("rows").iter().find(|row| row["id"] == system).expect("a row");
    let cell = row["cells"].as_array().expect("cells").iter().find(|cell| cell["family"] == "B").expect("a cell");
    let plans = cell["plans"].as_array().expect("plans");
    let plan = plans.iter().find(|plan| plan["playbook"] == "fire").cloned().unwrap_or_default();
    (plan, cell["missing"].clone())
}

fn drill(desk: &Desk, more: &[&str]) {
    let (before, asked) = (desk.all("run-ended").len(), desk.all("asked").len());
    desk.run(&[&["drill", "fire", "--tabletop", "--yes"], more].concat()).exits(0);
    if !more.contains(&"--unattended") {
        desk.until("the question", |records| records.iter().filter(|it| it["type"] == "asked").count() > asked);
        desk.run(&["answer", "done"]).exits(0);
    }
    desk.until("the end", |records| records.iter().filter(|it| it["type"] == "run-ended").count() > before);
}

#[test]
fn a_cell_follows_the_plan_from_never_drilled_to_passed_and_to_a_new_version() {
    let desk = desk();
    let empty = table(&desk, 0);
    assert_eq!(empty["ledger"], Value::Null);
    let (plan, _) = fire(&empty, "portal");
    assert_eq!((&plan["version"], &plan["from"]), (&1.into(), &"workspace".into()));
    assert_eq!(plan["missing"], serde_json::json!(["never_drilled"]));
    let (none, missing) = fire(&empty, "archive");
    assert_eq!((none, missing), (Value::Null, serde_json::json!(["no_plan"])));

    drill(&desk, &["--unattended"]);
    assert_eq!(fire(&table(&desk, 0), "portal").0["missing"], serde_json::json!(["only_unattended"]));
    drill(&desk, &[]);
    let seen = table(&desk, 0);
    let (plan, missing) = fire(&seen, "portal");
    assert_eq!((&plan["missing"], &missing), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!((&plan["last"]["run"], &plan["last"]["mode"]), (&"DT-2026-002".into(), &"tabletop".into()));
    // The records that it names are those of that drill.
    let records = desk.records();
    let kinds: Vec<&str> = plan["last"]["records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|seq| {
            records[usize::try_from(seq.as_u64().expect("a number")).expect("small")]["type"].as_str().expect("a type")
        })
        .collect();
    assert_eq!(kinds, ["run-started", "run-ended"]);

    // A playbook that was drilled on another system than the one in its text covers that one too.
    drill(&desk, &["--system", "archive"]);
    assert_eq!(fire(&table(&desk, 0), "archive").0["from"], "drilled");

    desk.run(&["conclude", "DT-2026-002", "failed", "--because", "Chậm"]).exits(0);
    assert_eq!(fire(&table(&desk, 0), "portal").0["missing"], serde_json::json!(["not_passed"]));
    let file = desk.root().join("playbooks/fire.yaml");
    let text = fs::read_to_string(&file).expect("a playbook").replace("version: 1", "version: 2");
    desk.write("playbooks/fire.yaml", &text);
    assert_eq!(fire(&table(&desk, 0), "portal").0["missing"], serde_json::json!(["not_passed", "earlier_version"]));
    desk.run(&["void", "DT-2026-002", "--because", "mistake"]).exits(0);
    assert_eq!(fire(&table(&desk, 0), "portal").0["missing"], serde_json::json!(["only_unattended"]));
}

#[test]
fn a_trial_that_was_answered_from_a_file_is_no_drill() {
    let desk = desk();
    desk.write("answers.yaml", "format: 1\nanswers:\n  look: done\n");
    desk.run(&["drill", "fire", "--tabletop", "--yes", "--answers", "answers.yaml"]).exits(0);
    let seen = table(&desk, 0);
    let (plan, missing) = fire(&seen, "portal");
    assert_eq!((&plan["drills"], &plan["trials"]), (&0.into(), &1.into()));
    assert!(missing.to_string().contains("only_trials") && seen["summary"]["drilled"] == 0, "{seen}");
    let page = desk.run(&["report", "coverage", "--out", "-", "--lang", "vi"]).exits(0).out;
    assert!(page.contains("chạy thử, câu trả lời lấy từ tệp") && page.contains("mới chạy thử"), "{page}");
}

#[test]
fn the_page_and_the_workbook_say_the_same_as_the_document() {
    let desk = desk();
    drill(&desk, &[]);
    let path = desk.run(&["report", "coverage", "--lang", "vi"]).exits(0).out;
    let page = fs::read_to_string(path.trim()).expect("the page");
    for words in [
        "Mức bao phủ kịch bản",
        "Cổng &lt;TTĐT&gt;",
        "DT-2026-001",
        "chưa có kịch bản",
        "chưa diễn tập",
        "diễn tập trên bàn",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("http://"));
    let out = desk.root().join("coverage.xlsx");
    let arguments = ["report", "coverage", "--format", "xlsx", "--out", "coverage.xlsx", "--lang", "vi"];
    desk.run(&arguments).exits(0);
    let bytes = fs::read(&out).expect("the workbook");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range("Căn cứ").expect("the second sheet");
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let drilled = rows.iter().find(|row| row[0] == "portal" && row[2] == "fire").expect("the plan");
    assert_eq!((drilled[4].as_str(), drilled[6].as_str(), drilled[10].as_str()), ("DT-2026-001", "1", ""));
    let lacks = rows.iter().find(|row| row[0] == "archive" && row[2].is_empty()).expect("a row without a plan");
    assert_eq!(lacks[10], "chưa có kịch bản");
}

#[test]
fn the_same_ledger_gives_the_same_table_on_any_day_and_an_earlier_day_knows_no_later_drill() {
    let desk = desk();
    drill(&desk, &[]);
    for format in ["html", "xlsx", "json"] {
        let arguments = ["report", "coverage", "--format", format, "--out", "-"];
        let made = |command: &mut std::process::Command| {
            let output = command.output().expect("it runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        let now = made(&mut desk.command(&arguments));
        let later = made(desk.command(&arguments).env("UNGPHO_TEST_CLOCK", "2097-03-04T05:06:07+07:00"));
        assert!(now.len() > 1000 && now == later, "{format} depends on the day on which it is made");
    }
    let done = desk.run(&["report", "coverage", "--format", "json", "--on", "2020-01-01"]).exits(0);
    let before: Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(before["on"], "2020-01-01");
    assert_eq!(fire(&before, "portal").0["missing"], serde_json::json!(["never_drilled"]));
}

#[test]
fn a_ledger_that_does_not_verify_is_said_on_every_page() {
    let desk = desk();
    drill(&desk, &[]);
    // The end is signed after it is written.
    let signed = || {
        let note = fs::read_to_string(desk.root().join("ledger/checkpoint")).unwrap_or_default();
        note.lines().nth(1).and_then(|size| size.parse::<usize>().ok()).unwrap_or_default()
    };
    desk.until("the checkpoint", |records| signed() == records.len());
    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("a log");
    fs::write(&log, text.replacen("\"at\":\"20", "\"at\":\"21", 1)).expect("written");
    let done = desk.run(&["report", "coverage", "--out", "-", "--lang", "en"]).exits(4);
    assert!(done.out.contains("THE LEDGER DOES NOT VERIFY"), "{}", done.out);
    assert!(done.out.contains("@top-right { content: \""), "in the margin of every printed page");
}
