//! Paper: sheets are printed, filled in, typed into the spreadsheet, and entered.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::desk::Desk;
use super::desk::kill_loop;

/// A desk with people and an incident that waits at its first step.
struct Night {
    desk: Desk,
}

const STEPS: &str = "roles: { operator: { title: \"Cán bộ vận hành\" } }\n\
steps:\n\
\x20 - { id: confirm, title: \"Xác minh\", role: operator, marks: detected, manual: { do: \"Xem máy\", checks: [ \"Đã chụp\", \"Đã ghi\" ], ask: [ { id: host, title: \"Máy nào?\", type: string } ] } }\n\
\x20 - { id: which, title: \"Cắt mạng?\", role: operator, decide: { ask: \"Cắt?\", options: [ { id: cut, title: \"Cắt\", goto: cut_it }, { id: leave, title: \"Để\" } ] } }\n\
\x20 - { id: between, title: \"Ở giữa\", manual: { do: \"Chờ\" } }\n\
\x20 - { id: cut_it, title: \"Cắt\", marks: contained, run: { argv: [touch, cut], effect: change } }\n\
\x20 - { id: last, title: \"Cuối\", manual: { do: \"Nghỉ\" } }\n";

impl Night {
    fn new() -> Self {
        let desk = Desk::new();
        desk.write(
            "people.yaml",
            "people:\n\
             \x20 - { id: lan, name: \"Nguyễn Thị Lan\", phones: [\"0900 000 001\"] }\n\
             \x20 - { id: binh, name: \"Trần Văn Bình\", phones: [\"0900 000 002\"], second_channel: \"Radio 3\" }\n\
             roles: { operator: { holder: binh, deputy: lan } }\n\
             contacts_checked: 2026-10-01\n",
        );
        desk.playbook("night", STEPS);
        Self { desk }
    }

    /// Begins the incident, and consents; the loop then dies, as it does when the machine goes down.
    fn begun() -> Self {
        let night = Self::new();
        night.desk.run(&["respond", "night", "--yes"]);
        night.desk.until_kind("asked");
        let plan = night.desk.only("asked")["plan"].as_str().expect("a plan").to_owned();
        night.desk.run(&["answer", "yes", "--plan", &plan]).exits(0);
        night
            .desk
            .until("the first step", |records| records.iter().filter(|record| record["type"] == "asked").count() == 2);
        kill_loop(&night.desk, "SC-2026-001");
        night
    }

    fn sheet(&self) -> PathBuf {
        self.desk.run(&["report", "card", "--run", "SC-2026-001", "--format", "xlsx", "--out", "sheet.xlsx"]).exits(0);
        self.desk.root().join("sheet.xlsx")
    }

    /// Types rows into the spreadsheet, as a person would: cells by step and heading.
    fn typed(&self, cells: &[(&str, &str, &str)]) {
        self.sheet();
        let edits: Vec<Value> =
            cells.iter().map(|(step, column, text)| serde_json::json!([step, column, text])).collect();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/type_sheet.py");
        let done = Command::new("python3")
            .args([script, "sheet.xlsx", &Value::from(edits).to_string()])
            .current_dir(self.desk.root())
            .output()
            .expect("python3 is there");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn record(&self, more: &[&str]) -> super::desk::Done {
        let mut arguments = vec!["record", "SC-2026-001", "--from", "sheet.xlsx", "--lang", "en"];
        arguments.extend(more);
        self.desk.run(&arguments)
    }

    /// The day and minute in which the run began, and the minute now, as people would write them.
    fn now(&self) -> (String, String) {
        let began = self.desk.all("run-started")[0]["at"].as_str().expect("a time").to_owned();
        let (day, time) = began.split_once('T').expect("RFC 3339");
        (day.to_owned(), time[..5].to_owned())
    }
}

/// A whole row: step, who, begun, over, outcome, answer, remark; nothing where empty.
fn row<'a>(step: &'a str, fields: [&'a str; 6]) -> Vec<(&'a str, &'a str, &'a str)> {
    let headings = ["Done by", "Begun", "Over", "Outcome", "Confirmed, option, value", "Remarks"];
    headings
        .into_iter()
        .zip(fields)
        .filter(|(_, text)| !text.is_empty())
        .map(|(heading, text)| (step, heading, text))
        .collect()
}

#[test]
fn a_paper_log_is_entered_whole_with_writer_typist_times_and_scan() {
    let night = Night::begun();
    let (day, time) = night.now();
    let time = time.as_str();
    fs::write(night.desk.root().join("scan.pdf"), b"%PDF-1.4 a scan").expect("it can be written");
    let mut cells = vec![("^Day of this sheet", "", day.as_str())];
    cells.extend(row("confirm", ["binh", time, time, "done", "1, 2", "thấy tệp lạ"]));
    cells.push(("confirm?host", "Confirmed, option, value", "app-01"));
    cells.extend(row("which", ["Trần Văn Bình", time, time, "", "1", ""]));
    cells.extend(row("cut_it", ["lan", time, time, "done", "", ""]));
    night.typed(&cells);
    let before = night.desk.records().len();
    let shown = night.record(&["--dry-run"]).exits(0).says(&["confirm", "binh", "3 rows"]);
    assert!(shown.err.contains("thấy tệp lạ"));
    assert_eq!(night.desk.records().len(), before, "--dry-run writes nothing");
    night.record(&[]).exits(2).says(&["nobody-to-ask"]);
    night.record(&["--scan", "scan.pdf", "--yes"]).exits(0).says(&["entered 3 rows"]);
    let entered: Vec<Value> = night.desk.records().split_off(before);
    let of = |kind: &str| entered.iter().filter(|it| it["type"] == kind).cloned().collect::<Vec<Value>>();
    assert_eq!(of("attached").len(), 2, "the sheet and the scan");
    let answered = &of("answered")[0];
    assert_eq!(
        (&answered["actor"], &answered["by"], &answered["basis"]),
        (&"binh".into(), &"lan".into(), &"paper".into())
    );
    assert!(answered["body"]["because"].is_object());
    assert_eq!(answered["body"]["checks"], serde_json::json!([true, true]));
    assert!(answered["body"]["answers"]["host"].is_object());
    let occurred = answered["occurred"].as_str().expect("a time");
    assert!(occurred.starts_with(&format!("{day}T{time}:00")), "{occurred}");
    assert_eq!(of("decided")[0]["body"]["choice"], "cut");
    let own = of("answered");
    assert_eq!((&own[1]["actor"], &own[1]["by"]), (&"lan".into(), &Value::Null), "who types their own row is but one");
    let outcomes = night.desk.outcomes();
    let outcome = |step: &str| outcomes.iter().find(|(of, _)| of == step).map(|(_, outcome)| outcome.as_str());
    assert_eq!(
        ["confirm", "which", "between", "cut_it", "last"].map(outcome),
        [Some("done"), Some("done"), Some("skipped"), Some("done"), None]
    );
    assert!(!night.desk.root().join("cut").exists(), "what was done by hand is not done again");
    let marks: Vec<Value> = of("marked").into_iter().map(|it| it["body"]["mark"].clone()).collect();
    assert_eq!(marks, ["detected", "contained"]);
    night.desk.run(&["evidence", "verify"]).exits(0);
    night.record(&["--yes"]).exits(2).says(&["error[sheet-over]", "sheet.xlsx: Log!B"]);
}

#[test]
fn a_loop_that_lives_meanwhile_goes_on_from_what_was_entered() {
    let night = Night::begun();
    let (day, time) = night.now();
    let time = time.as_str();
    night.desk.run(&["resume", "SC-2026-001", "--detach"]).exits(0);
    night.desk.until("a new loop", |records| records.iter().any(|it| it["type"] == "run-continued"));
    let mut cells = vec![("^Day of this sheet", "", day.as_str())];
    cells.extend(row("confirm", ["binh", time, time, "done", "all", ""]));
    cells.extend(row("which", ["binh", time, time, "", "leave", ""]));
    cells.extend(row("between", ["binh", time, time, "skipped", "", "không cần"]));
    night.typed(&cells);
    night.record(&["--yes"]).exits(0);
    // The loop runs what follows on its own and asks the last question.
    night.desk.until("the command", |records| {
        records.iter().any(|it| it["type"] == "step-ended" && it["body"]["step"] == "cut_it")
    });
    assert!(night.desk.root().join("cut").exists());
    night.desk.until("the last question", |records| {
        records.iter().any(|it| it["type"] == "asked" && it["body"]["step"] == "last")
    });
    night.desk.run(&["answer", "done"]).exits(0);
    night.desk.until_kind("run-ended");
    assert_eq!(night.desk.only("run-ended")["result"], "passed");
    night.desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn every_cell_that_is_wrong_is_named_and_nothing_is_entered() {
    let night = Night::begun();
    let (day, time) = night.now();
    let time = time.as_str();
    let check = |cells: &[(&str, &str, &str)], says: &[&str]| {
        night.typed(cells);
        let before = night.desk.records().len();
        let done = night.record(&["--yes"]).exits(2).says(says);
        assert_eq!(night.desk.records().len(), before, "{}", done.err);
    };
    let head = ("^Day of this sheet", "", day.as_str());
    let with = |fields: [&'static str; 6]| -> Vec<(&str, &str, &str)> {
        let fields = fields.map(|field| if field == "T" { time } else { field });
        let mut cells = vec![head];
        cells.extend(row("confirm", fields));
        cells
    };
    check(&with(["ai đó", "T", "T", "done", "1", ""]), &["error[sheet-person]", "`ai đó`", "Log!F9"]);
    check(&with(["", "T", "T", "done", "1", ""]), &["who did it is missing"]);
    check(&with(["binh", "2h75", "T", "done", "1", ""]), &["error[sheet-time]", "`2h75` is no time", "Log!H9"]);
    check(&with(["binh", "", "T", "done", "1", ""]), &["when it was begun is missing"]);
    check(&with(["binh", "T", "2099-01-01 00:10", "done", "1", ""]), &["has not come yet", "Log!I9"]);
    check(&with(["binh", "2001-01-01 00:10", "T", "done", "1", ""]), &["is before SC-2026-001 began"]);
    check(&with(["binh", "T", "2001-01-01 00:10", "done", "1", ""]), &["before it was begun"]);
    check(&with(["binh", "T", "T", "ổn", "1", ""]), &["error[sheet-outcome]", "`ổn` is no outcome"]);
    check(&with(["binh", "T", "T", "done", "3", ""]), &["error[sheet-answer]", "`3`", "from 1 to 2"]);
    check(&with(["binh", "T", "T", "skipped", "", ""]), &["error[sheet-reason]"]);
    check(&row("confirm", ["binh", time, time, "done", "1", ""]), &["there is no day for the time"]);
    check(&with(["binh", "T", "T", "done", "", ""]), &["error[sheet-answer]", "what is confirmed is missing"]);
    // A day that cannot be read is said once, and not for every time that rests on it; the rest as it is read.
    let mut unread = vec![("^Day of this sheet", "", "32/11/2026")];
    unread.extend(row("confirm", ["ai đó", "2h75", time, "done", "9", ""]));
    check(&unread, &["`32/11/2026` is no day", "4 findings"]);
    let said = night.record(&["--yes"]).err;
    let places: Vec<&str> = said.lines().filter_map(|line| line.split_once("Log!").map(|(_, cell)| cell)).collect();
    assert_eq!(places, ["C5", "F9", "H9", "K9"], "{said}");
    let mut cells = vec![head];
    cells.extend(row("which", ["binh", time, time, "", "1", ""]));
    check(&cells, &["error[sheet-order]", "step `confirm` has no outcome"]);
    let mut cells = vec![head];
    cells.extend(row("which", ["binh", time, time, "", "7", ""]));
    check(&cells, &["has no option `7`", "cut, leave"]);
    check(&[head, ("+3", "Remarks", "viết gì đó")], &["error[sheet-step]", "no step id"]);
    check(&[head, ("confirm?host", "Confirmed, option, value", "app-01")], &["nothing in the row of the step"]);
    check(&[head], &["error[sheet-empty]"]);
    check(&[head, ("^Run", "", "SC-2026-007")], &["error[sheet-other-run]", "SC-2026-007"]);
    fs::write(night.desk.root().join("sheet.xlsx"), "not a spreadsheet").expect("it can be written");
    night.record(&["--yes"]).exits(2).says(&["error[not-a-sheet]"]);
}

#[test]
fn the_sheets_on_paper_have_all_that_is_needed_when_the_machine_is_down() {
    let night = Night::new();
    let page = night.desk.run(&["report", "card", "night", "--out", "-", "--lang", "vi"]).exits(0).out;
    for text in [
        "Tiếp nhận hồ sơ giấy",
        "Trần Văn Bình",
        "0900 000 002",
        "Radio 3",
        "2026-10-01",
        "touch cut",
        "Đã chụp",
        "Máy nào?",
        "→ bước 4",
        "phiên bản 1",
        "Cán bộ vận hành",
        "Người thực hiện",
        "PHIẾU LÀM VIỆC TRÊN GIẤY",
    ] {
        assert!(page.contains(text), "`{text}` is not on the sheets");
    }
    let file = fs::read(night.desk.root().join("playbooks/night.yaml")).expect("it is there");
    let digest = ungpho::model::Digest::of(&file).hex();
    assert!(page.contains(&digest), "the digest of the file");
    assert!(!page.contains("<script") && !page.contains("http://"));
    night.desk.run(&["report", "card", "night", "--format", "xlsx"]).exits(0);
    let bytes = fs::read(night.desk.root().join("reports/night-card.xlsx")).expect("it is there");
    let sheet = ungpho::report::card::read_sheet(&bytes).expect("it reads back");
    let steps: Vec<String> = sheet
        .rows
        .iter()
        .filter_map(|row| match &row.cell(ungpho::report::card::Column::Step)?.entered {
            ungpho::report::card::Entered::Text(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(steps, ["!plan", "confirm", "confirm?host", "which", "between", "cut_it", "last"]);
    assert!(sheet.rows.iter().all(|row| !row.filled()), "nothing is filled in yet");
    night.desk.run(&["report", "card"]).exits(2).says(&["no-playbook"]);
}
