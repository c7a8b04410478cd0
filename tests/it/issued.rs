//! Documents that were issued and activities from papers: entered, corrected, taken back; days and numbers that cannot be.

use std::fs;

use serde_json::Value;

use super::desk::{Desk, Done};

const SYSTEM: &str = "format: 1\nid: site\nname: \"Cổng\"\nstate: operating\n\
                      dossier: { status: approved, approved: 3, rules: nd331-2026, decision: { date: 2026-09-01 } }\n";
const NOW: &str = "2026-12-23T08:00:00+07:00";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("inventory/site.yaml", SYSTEM);
    desk.write("copy.pdf", "signed");
    fs::create_dir_all(desk.root().join("policies/cadences")).expect("a folder");
    // A ledger that began later would owe no report of before.
    at(&desk, "2026-11-02T08:00:00+07:00", &["activity", "add", "other", "Việc khác", "--date", "2/11/2026"]).exits(0);
    desk
}

#[track_caller]
fn at(desk: &Desk, time: &str, arguments: &[&str]) -> Done {
    let output = desk.command(arguments).env("UNGPHO_TEST_CLOCK", time).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

#[track_caller]
fn issue(desk: &Desk, document: &[&str], day: &str, number: &str) -> Done {
    let rest = ["--number", number, "--date", day, "--signer", "Nguyễn Văn Bình", "--file", "copy.pdf"];
    at(desk, NOW, &[&["report", "issued"], document, &rest].concat())
}

#[track_caller]
fn correct(desk: &Desk, record: u64, field: &str, to: &str) -> Done {
    at(desk, NOW, &["correct", &record.to_string(), field, "--to", to, "--because", "gõ nhầm"])
}

/// The number of the newest record.
fn newest(desk: &Desk) -> u64 {
    desk.records().last().expect("a record")["seq"].as_u64().expect("a number")
}

/// The last days of what `key` is, as of `on`.
#[track_caller]
fn days(desk: &Desk, on: &str, key: &str) -> Vec<String> {
    let done = desk.run(&["due", "--json", "--on", on]);
    let all: Value = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.err));
    let items = all["items"].as_array().expect("items").iter().filter(|item| item["key"] == key);
    items.map(|item| item["due"].as_str().expect("a day").to_owned()).collect()
}

/// The documents that count, as `annual 45/BC 2026-12-17`.
#[track_caller]
fn listed(desk: &Desk) -> Vec<String> {
    let out = desk.run(&["report", "issued", "--json"]).exits(0).out;
    let all: Value = serde_json::from_str(&out).expect("JSON");
    let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let line = |row: &Value| format!("{} {} {}", word(row, "document"), word(row, "number"), word(row, "date"));
    all["documents"].as_array().expect("rows").iter().map(line).collect()
}

const KEY: &str = "nd331-2026/annual-operator";

#[test]
fn a_document_entered_by_mistake_is_corrected_or_taken_back_and_due_follows() {
    let desk = desk();
    issue(&desk, &["annual"], "2026-10-19", "45/BC-SKHC")
        .exits(0)
        .says(&["it counts for the report of 2025", "`nd331-2026/annual-operator-2026`"]);
    let first = newest(&desk);
    let open = ["2026-12-19", "2027-12-19"];
    assert_eq!(days(&desk, "2026-12-20", KEY), open, "before the data of 2026 end it is the report of 2025");
    correct(&desk, first, "number", "45/BC-SKHCN").exits(0).says(&["45/BC-SKHC → 45/BC-SKHCN"]);
    correct(&desk, first, "date", "17/12/2026").exits(0);
    correct(&desk, first, "signer", "Trần Thị Lan").exits(0);
    assert_eq!(listed(&desk), ["annual 45/BC-SKHCN 2026-12-17"]);
    assert_eq!(days(&desk, "2026-12-16", KEY), ["2026-12-19"], "by its own day");
    assert_eq!(days(&desk, "2026-12-20", KEY), ["2027-12-19"]);
    // What cannot be corrected says what to do instead, and what cannot be is refused.
    correct(&desk, first, "file", "x").exits(2).says(&["not-correctable", "`ungpho report issued`"]);
    correct(&desk, first, "date", "25/12/2026").exits(2).says(&["day-not-possible"]);
    correct(&desk, first, "date", "17/12/2026").exits(2).says(&["same-value"]);
    correct(&desk, first, "number", " ").exits(2).says(&["empty-value"]);
    correct(&desk, 0, "origin", "x").exits(2).says(&["not-correctable", "machine"]);
    correct(&desk, newest(&desk), "is", "x").exits(2).says(&["correction-of-correction"]);
    let number = first.to_string();
    desk.run(&["correct", "SC-2020-001", &number, "number", "--to", "1", "--because", "x"])
        .exits(2)
        .says(&["of-another-run"]);

    // Entered again, the later entry holds.
    let later = issue(&desk, &["annual"], "2026-12-18", "45/BC-SKHCN").exits(0).says(&["for the report of 2026"]);
    assert!(!later.err.contains("2027"), "{}", later.err);
    assert_eq!(listed(&desk), ["annual 45/BC-SKHCN 2026-12-18"]);
    let again = newest(&desk).to_string();
    let withdraw = |record: &str, because: &[&str]| {
        at(&desk, NOW, &[&["report", "issued", "--withdraw", record], because].concat())
    };
    withdraw(&again, &[]).exits(2);
    withdraw(&again, &["--because", " "]).exits(2).says(&["empty-value"]);
    withdraw("0", &["--because", "x"]).exits(2).says(&["unknown-issued", "ungpho report issued"]);
    withdraw(&again, &["--because", "nhập nhầm"]).exits(0);
    assert_eq!(listed(&desk), ["annual 45/BC-SKHCN 2026-12-17"], "as if it had not been entered");
    withdraw(&format!("#{first}"), &["--because", "chưa gửi"]).exits(0);
    assert_eq!(listed(&desk), Vec::<String>::new());
    assert_eq!(days(&desk, "2026-12-20", KEY), ["2026-12-19", "2027-12-19"], "open again");
    desk.run(&["due", "--on", "2026-12-20"]).exits(1);
    withdraw(&again, &["--because", "lần nữa"]).exits(2).says(&["unknown-issued"]);
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn an_activity_entered_with_a_mistake_is_corrected() {
    let desk = desk();
    let add = ["activity", "add", "scan", "Rà quét", "--date", "01/9/2026", "--until", "3-9-2026", "--number", "3/BB"];
    at(&desk, NOW, &add).exits(0);
    let scan = newest(&desk);
    correct(&desk, scan, "number", "35/BB").exits(0).says(&["3/BB → 35/BB"]);
    correct(&desk, scan, "what", "Rà quét lỗ hổng").exits(0);
    correct(&desk, scan, "until", "31/8/2026").exits(2).says(&["day-not-possible"]);
    correct(&desk, scan, "until", "02/9/2026").exits(0);
    correct(&desk, scan, "date", "2026-09-03").exits(2).says(&["day-not-possible"]);
    correct(&desk, scan, "date", "2026-09-02").exits(0);
    correct(&desk, scan, "kind", "hunt").exits(2).says(&["not-correctable", "ungpho activity add"]);
    let out = desk.run(&["activity", "list", "--json", "--period", "01/9/2026..30/9/2026"]).exits(0).out;
    let row = serde_json::from_str::<Value>(&out).expect("JSON")["activities"][0].clone();
    let seen = ["what", "number", "date", "until"].map(|key| row[key].as_str().unwrap_or_default().to_owned());
    assert_eq!(seen, ["Rà quét lỗ hổng", "35/BB", "2026-09-02", "2026-09-02"]);
}

#[test]
fn an_activity_entered_twice_counts_once_and_a_copy_without_anything_in_it_is_no_copy() {
    let desk = desk();
    let add = |words: &[&str]| {
        at(&desk, NOW, &[&["activity", "add", "check", "Kiểm tra", "--date", "12/3/2026"], words].concat())
    };
    add(&["--number", "35/BB-CAT"]).exits(0);
    let first = newest(&desk).to_string();
    let help = format!("--replaces {first}");
    add(&["--number", " 35/bb-cat"]).exits(2).says(&["activity-again", &help, "--another"]);
    add(&["--number", "35/BB-CAT", "--replaces", &first]).exits(0);
    add(&["--number", "35/BB-CAT", "--another"]).exits(0);
    add(&[]).exits(0);
    let alike = format!("record {} has the same", newest(&desk));
    add(&[]).exits(0).says(&[&alike]);
    add(&["--number", "36/BB", "--system", "site", "--system", "site"]).exits(0);
    assert_eq!(desk.records().last().expect("kept")["body"]["systems"], serde_json::json!(["site"]));
    desk.write("empty.pdf", "");
    add(&["--number", "37/BB", "--file", "empty.pdf"]).exits(2).says(&["empty-copy"]);
    let rest = ["--number", "1/BC", "--date", "2026-12-17", "--signer", "Bình", "--file", "empty.pdf"];
    at(&desk, NOW, &[&["report", "issued", "annual"], &rest[..]].concat()).exits(2).says(&["empty-copy", "empty.pdf"]);
    for wrong in ["-1", "0", "2.18", "1.2.3", "."] {
        add(&["--people", wrong]).exits(2).says(&["--people", "whole number"]);
    }
    // Both the list and the rows tell an activity in the period in which it ended.
    let listed = |period: &str| desk.run(&["activity", "list", "--json", "--period", period]).exits(0).out;
    let scan = ["activity", "add", "scan", "Rà quét", "--date", "01/5/2026", "--until", "5/7/2026"];
    at(&desk, NOW, &scan).exits(0);
    assert!(!listed("quý II/2026").contains("Rà quét") && listed("2026-Q3").contains("Rà quét"));
}

#[test]
fn minutes_are_corrected_or_taken_back_in_their_run() {
    let desk = desk();
    desk.playbook("talk", "steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem máy\" } }\n");
    desk.write("answers.yaml", "format: 1\nanswers:\n  look: done\n");
    desk.run(&["drill", "talk", "--tabletop", "--yes", "--answers", "answers.yaml"]).exits(0);
    let run = desk.all("run-ended").last().expect("it ended")["run"].as_str().expect("an id").to_owned();
    let today = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(7);
    let today = today.to_string()[..10].to_owned();
    let rest = ["--number", "1/BB", "--date", &today, "--signer", "Bình", "--file", "copy.pdf"];
    desk.run(&[&["report", "issued", "minutes", &run], &rest[..]].concat()).exits(0);
    let record = newest(&desk).to_string();
    let correct = |field: &str, to: &str| desk.run(&["correct", &run, &record, field, "--to", to, "--because", "x"]);
    correct("file", "x").exits(2).says(&["not-correctable", "`ungpho report issued`"]);
    correct("date", "01/01/2020").exits(2).says(&["day-not-possible", "began on"]);
    correct("number", "12/BB").exits(0);
    assert_eq!(listed(&desk), [format!("minutes 12/BB {today}")]);
    // A number that stands on another run's minutes is said; of several minutes of one run the list says which hold.
    desk.run(&["drill", "talk", "--tabletop", "--yes", "--answers", "answers.yaml"]).exits(0);
    let other = desk.all("run-ended").last().expect("it ended")["run"].as_str().expect("an id").to_owned();
    let again = |number: &str, day: &str, clock: &str| {
        let rest = ["--number", number, "--date", day, "--signer", "Bình", "--file", "copy.pdf"];
        at(&desk, clock, &[&["report", "issued", "minutes", &other], &rest[..]].concat()).exits(0)
    };
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).to_string();
    again("12/BB", &today, &soon).says(&[&run, "check the number"]);
    let second = newest(&desk).to_string();
    again("13/BB", "2098-01-01", "2098-01-02T08:00:00+07:00");
    let out = desk.run(&["report", "issued"]).exits(0).out;
    let in_force = format!("(record {}, entered later, is in force)", newest(&desk));
    assert!(out.lines().any(|line| line.starts_with(&format!("#{second} ")) && line.ends_with(&in_force)), "{out}");
    desk.run(&["report", "issued", "--withdraw", &newest(&desk).to_string(), "--because", "x"]).exits(0);
    desk.run(&["report", "issued", "--withdraw", &second, "--because", "x"]).exits(0);
    desk.run(&["report", "issued", "--withdraw", &record, "--because", "nhầm lượt"]).exits(0);
    assert_eq!(listed(&desk), Vec::<String>::new());
    let told = desk.run(&["report", "run", &run, "--format", "md"]).exits(0).out;
    assert!(told.contains("activity of the unit") && told.contains("| nhầm lượt |"), "{told}");
}

#[test]
fn a_report_is_kept_by_its_set_and_blank_words_and_days_that_cannot_be_are_refused() {
    let desk = desk();
    let own = |set: &str| {
        let text = format!(
            "format: 1\ncadences: {set}\ntitle: x\nfrom: 2026-06-01\n\
             dates:\n  - {{ id: bao-cao, title: x, before: \"12-20\" }}\n"
        );
        desk.write(&format!("policies/cadences/{set}.yaml"), &text);
    };
    own("so");
    own("tinh");
    issue(&desk, &["periodic", "bao-cao"], "2026-12-10", "1/BC").exits(2).says(&["`so/bao-cao`", "`tinh/bao-cao`"]);
    issue(&desk, &["periodic", "so/bao-cao"], "2026-12-10", "1/BC").exits(0);
    assert_eq!(days(&desk, "2026-12-20", "so/bao-cao"), ["2027-12-19"]);
    assert_eq!(days(&desk, "2026-12-20", "tinh/bao-cao"), ["2026-12-19", "2027-12-19"]);
    let out = desk.run(&["report", "issued"]).exits(0).out;
    assert!(out.contains("so/bao-cao: no. 1/BC"), "{out}");
    // Of two sets of the law the one in force on the day is meant.
    issue(&desk, &["annual", "annual-owner"], "17/12/2025", "2/BC").exits(0);
    assert_eq!(desk.all("document-issued").last().expect("kept")["body"]["set"], "tt12-2022");
    issue(&desk, &["annual", "annual-owner"], "17/12/2026", "3/BC").exits(0);
    assert_eq!(desk.all("document-issued").last().expect("kept")["body"]["set"], "nd331-2026");
    issue(&desk, &["annual"], "16/12/2026", "4/BC").exits(0);
    let out = desk.run(&["report", "issued", "--lang", "vi"]).exits(0).out;
    assert!(out.contains("báo cáo định kỳ hằng năm: số 4/BC") && !out.contains('–'), "{out}");

    let before = desk.records().len();
    for (document, day) in [
        (&["annual"][..], "1900-01-01"),
        (&["annual", "annual-owner"], "1900-01-01"),
        (&["annual", "nd331-2026/annual-owner"], "2026-08-18"),
        (&["periodic", "so/bao-cao"], "31/5/2026"),
        (&["annual"], "24/12/2026"),
    ] {
        issue(&desk, document, day, "9/BC").exits(2).says(&["day-not-possible"]);
    }
    issue(&desk, &["annual"], "17/12/2026", " ").exits(2).says(&["empty-value", "--number"]);
    let blank = ["--number", "1", "--date", "2026-12-17", "--signer", " ", "--file", "copy.pdf"];
    at(&desk, NOW, &[&["report", "issued", "annual"], &blank[..]].concat()).exits(2).says(&["empty-value", "--signer"]);
    let add = |what: &str, rest: &[&str]| {
        at(&desk, NOW, &[&["activity", "add", "check", what, "--date", "2026-12-01"], rest].concat())
    };
    add(" ", &[]).exits(2).says(&["empty-value"]);
    add("Kiểm tra", &["--with", "\u{a0}"]).exits(2).says(&["empty-value", "--with"]);
    assert_eq!(desk.records().len(), before, "nothing was written");
}

#[test]
fn a_day_is_typed_as_officials_write_it_everywhere_and_what_is_none_says_the_forms() {
    let desk = desk();
    desk.playbook("talk", "steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem máy\" } }\n");
    let day = "ngày 19 tháng 10 năm 2026";
    at(&desk, NOW, &["activity", "add", "check", "Kiểm tra", "--date", day]).exits(0);
    issue(&desk, &["annual"], "19.10.2026", "1/BC").exits(0);
    desk.run(&["exercise", "new", "quy-4", "--playbook", "talk", "--mode", "tabletop", "--date", "01/12/2026"])
        .exits(0);
    let file = fs::read_to_string(desk.root().join("exercises/quy-4.yaml")).expect("it was written");
    assert!(file.contains("date: 2026-12-01"), "{file}");
    desk.run(&["activity", "list", "--period", "01/10/2026..31/10/2026"]).exits(0);
    desk.run(&["report", "tasks", "--period", "01/7/2026..30/9/2026", "--format", "json"]).exits(0);
    let table: &[(&[&str], &str)] = &[
        (&["due", "--on", "19-13-2026"], "25/11/2026"),
        (&["due", "--on", "20261219"], "25/11/2026"),
        (&["due", "--on", "+1/1/2027"], "25/11/2026"),
        (&["due", "--on", "1/1/27"], "four digits"),
        (&["report", "calendar", "--on", "x"], "25/11/2026"),
        (&["report", "calendar", "--months", "99"], "from 1 to 36"),
        (&["due", "--on", "29/02/2027"], "month 2 of 2027 has no day 29"),
        (&["report", "annual", "--year", "x"], "whole number"),
        (&["inventory", "level", "--on", "x"], "25/11/2026"),
        (&["report", "coverage", "--on", "x"], "25/11/2026"),
        (&["report", "tasks", "--period", "01/7/2026-30/9/2026"], "01/7/2026..30/9/2026"),
        (&["activity", "list", "--period", "30/9/2026..01/7/2026"], "exchange the two"),
        (&["activity", "list", "--period", "01/9/2026..31/9/2026"], "month 9 of 2026 has no day 31"),
        (&["activity", "withdraw", "x", "--because", "y"], "number of a record"),
        (&["activity", "add", "check", "x", "--date", "x"], "25/11/2026"),
        (&["activity", "add", "check", "x", "--date", "1/1/2026", "--people", "x"], "whole number"),
        (&["exercise", "new", "x", "--playbook", "talk", "--mode", "tabletop", "--date", "x"], "25/11/2026"),
        (&["backup", "verify", "--sample", "0%"], "from 1 to 100"),
    ];
    for (command, hint) in table {
        let done = desk.run(command).exits(2).says(&["command-line", "help: ", hint]);
        assert!(!done.err.contains("--help`"), "{}", done.err);
    }
}
