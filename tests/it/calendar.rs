//! What falls due in a workspace, and its calendar, through the program.

use std::fs;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use super::desk::{Desk, Done};

const SYSTEM: &str = "format: 1\nid: site\nname: \"Cổng\"\nstate: operating\n\
                      dossier: { status: approved, approved: 3, rules: nd331-2026, decision: { date: 2026-09-01 } }\n\
                      backups:\n  - { id: nightly, path: ./copies, copies: \"night-*\" }\n";
const TALK: &str = "inputs:\n  system: { type: system, default: site }\n\
                    steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem máy\" } }\n";

fn desk(own: &str) -> Desk {
    let desk = Desk::new();
    desk.write("inventory/site.yaml", SYSTEM);
    desk.playbook("talk", TALK);
    desk.write("people.yaml", "people:\n  - { id: lan, name: Lan }\n");
    fs::create_dir_all(desk.root().join("policies/cadences")).expect("a folder");
    fs::create_dir_all(desk.root().join("exercises")).expect("a folder");
    decide(&desk, own);
    desk
}

fn decide(desk: &Desk, own: &str) {
    desk.write("policies/cadences/own.yaml", &format!("format: 1\ncadences: own\ntitle: x\n{own}"));
}

/// Runs the program with the clock set.
#[track_caller]
fn at(desk: &Desk, time: &str, arguments: &[&str]) -> Done {
    let output = desk.command(arguments).env("UNGPHO_TEST_CLOCK", time).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

#[track_caller]
fn items(done: &Done, key: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.err));
    let all = document["items"].as_array().expect("items").clone();
    all.into_iter().filter(|item| item["key"] == key).collect()
}

#[track_caller]
fn item(desk: &Desk, on: &str, key: &str) -> Value {
    let done = desk.run(&["due", "--json", "--on", on]);
    let mut found = items(&done, key);
    assert_eq!(found.len(), 1, "{key} in {}", done.out);
    found.remove(0)
}

#[test]
fn what_is_only_recommended_is_told_apart_and_only_what_was_adopted_gives_exit_code_1() {
    let desk = desk("");
    let seen = desk.run(&["due", "--lang", "vi", "--on", "26/11/2026"]).exits(0).out;
    assert!(seen.contains("KHUYẾN NGHỊ, ĐƠN VỊ CHƯA ÁP DỤNG"), "{seen}");
    assert!(seen.contains("Diễn tập thực chiến [ct18-2022/live-drill]: site: chưa thực hiện lần nào"), "{seen}");
    assert!(!seen.contains("QUÁ HẠN"), "{seen}");
    decide(&desk, "adopt: [ct18-2022/live-drill]\n");
    let seen = desk.run(&["due", "--lang", "vi", "--on", "26/11/2026"]).exits(1).out;
    assert!(seen.contains("QUÁ HẠN, CHƯA THỰC HIỆN (1)\n! Diễn tập thực chiến · Cổng (`site`), cấp độ 3"), "{seen}");
    decide(&desk, "from: 2026-06-01\nadopt: [ct18-2022/live-drill]\n");
    desk.run(&["due", "--on", "2027-06-01", "--json"]).exits(1);
    let live = item(&desk, "2027-06-01", "ct18-2022/live-drill");
    assert_eq!(
        (&live["due"], &live["standing"]["is"], &live["late"]),
        (&"2027-06-01".into(), &"left".into(), &false.into())
    );
    assert_eq!(item(&desk, "2027-06-02", "ct18-2022/live-drill")["late"], true);
}

#[test]
fn a_report_that_the_law_asks_for_is_overdue_from_the_day_before_which_it_was_due() {
    let desk = desk("");
    desk.run(&["due", "--on", "2026-12-19"]).exits(0);
    let seen = desk.run(&["due", "--lang", "vi", "--on", "2026-12-20"]).exits(1).out;
    assert!(seen.contains("quá hạn 1 ngày: trước ngày 20/12/2026 (ngày cuối cùng: 19/12/2026)"), "{seen}");
    decide(&desk, "done:\n  - { what: nd331-2026/annual-operator, date: 2026-12-17, document: \"45/BC\" }\n");
    desk.run(&["due", "--on", "2026-12-20"]).exits(0);
    decide(&desk, "done:\n  - { what: nd331-2026/anual-operator, date: 2026-12-17, document: \"45/BC\" }\n");
    desk.run(&["due"]).exits(2).says(&["unknown-cadence", "own.yaml:5:13", "`nd331-2026/annual-operator`"]);
    desk.run(&["check"]).exits(2).says(&["unknown-cadence"]);
}

/// Today in Vietnam, and so many days after.
fn today(days: i64) -> Date {
    let now = jiff::tz::offset(7).to_datetime(jiff::Timestamp::now());
    now.date().checked_add(days.days()).expect("a day")
}

#[test]
fn a_drill_of_people_moves_the_day_and_one_without_people_or_with_its_clock_set_does_not() {
    let desk = desk("adopt: [tcvn14423-2026/drill, ct18-2022/live-drill]\n");
    let on = today(30).to_string();
    desk.run(&["drill", "talk", "--tabletop", "--unattended", "--yes"]).exits(0);
    let drill = item(&desk, &on, "tcvn14423-2026/drill");
    assert_eq!((&drill["standing"]["is"], &drill["last"]), (&"never".into(), &Value::Null));
    let note = format!("DT-{}-001 on {} does not count: nobody took part", today(0).year(), today(0));
    assert!(drill["notes"].to_string().contains(&note), "{drill}");

    let count = |kind: &'static str| move |records: &[Value]| records.iter().filter(|it| it["type"] == kind).count();
    let time = "2026-10-05T08:00:00+07:00";
    at(&desk, time, &["drill", "talk", "--tabletop", "--yes"]).exits(0);
    desk.until("the question", |records| count("asked")(records) == 1);
    at(&desk, time, &["answer", "done"]).exits(0);
    desk.until("the end", |records| count("run-ended")(records) == 2);
    assert_eq!(item(&desk, &on, "tcvn14423-2026/drill")["standing"]["is"], "never");
    let before = item(&desk, "2026-10-06", "tcvn14423-2026/drill");
    assert!(before["notes"].to_string().contains("does not count: its clock was set"), "{before}");

    desk.run(&["drill", "talk", "--tabletop", "--yes"]).exits(0);
    desk.until("the question", |records| count("asked")(records) == 2);
    desk.run(&["answer", "done"]).exits(0);
    desk.until("the end", |records| count("run-ended")(records) == 3);
    let drill = item(&desk, &on, "tcvn14423-2026/drill");
    let run = drill["last"]["run"].as_str().expect("a run").to_owned();
    let due = today(0).checked_add(12.months()).expect("a day").to_string();
    assert_eq!(drill["due"], due.as_str(), "{drill}");
    let live = item(&desk, &on, "ct18-2022/live-drill");
    assert_eq!(live["standing"]["is"], "never");
    assert!(live["notes"].to_string().contains("it was a tabletop drill; asked for is a live drill"), "{live}");
    // What has not happened yet by the day counts for nothing.
    assert_eq!(item(&desk, &today(-1).to_string(), "tcvn14423-2026/drill")["standing"]["is"], "never");
    desk.run(&["void", &run, "--because", "trial"]).exits(0);
    assert_eq!(item(&desk, &on, "tcvn14423-2026/drill")["standing"]["is"], "never");
}

#[test]
fn a_trial_restore_that_went_well_moves_the_day_and_its_record_is_named() {
    let desk = desk("adopt: [tcvn14423-2026/restore-test]\n");
    fs::create_dir_all(desk.root().join("copies/night-1")).expect("a folder");
    desk.write("copies/night-1/a", "a");
    assert_eq!(item(&desk, "2026-12-01", "tcvn14423-2026/restore-test")["standing"]["is"], "never");
    at(&desk, "2026-12-01T02:00:00+07:00", &["backup", "seal", "copies/night-1"]).exits(0);
    at(&desk, "2026-12-01T03:00:00+07:00", &["backup", "prove", "site/nightly"]).exits(0);
    let test = item(&desk, "2026-12-01", "tcvn14423-2026/restore-test");
    assert_eq!((&test["due"], &test["backup"], &test["months"]), (&"2027-06-01".into(), &"nightly".into(), &6.into()));
    assert!(test["last"]["seq"].as_u64().is_some_and(|seq| seq > 1), "{test}");
}

#[test]
fn a_planned_exercise_is_late_until_its_drill_has_begun() {
    // The reports of the law are not what this is about.
    let aside = ["operator", "owner"].map(|who| format!("  - {{ what: nd331-2026/annual-{who}, because: x }}\n"));
    let desk = desk(&format!("set_aside:\n{}", aside.concat()));
    let day = today(0);
    desk.write("exercises/q4.yaml", &format!("format: 1\nplaybook: talk\nmode: tabletop\ndate: {day}\n"));
    desk.run(&["due", "--on", &day.to_string()]).exits(0);
    let after = today(1).to_string();
    desk.run(&["due", "--on", &after]).exits(1);
    let drill = ["drill", "talk", "--tabletop", "--exercise", "q4", "--unattended", "--yes"];
    at(&desk, "2026-11-01T08:00:00+07:00", &drill).exits(0);
    desk.run(&["due", "--on", &after]).exits(1);
    desk.run(&drill).exits(0);
    desk.run(&["due", "--on", &after]).exits(0);
}

#[test]
fn the_calendar_is_the_same_bytes_on_the_same_day_and_has_what_binds() {
    let desk = desk("from: 2026-06-01\nadopt: [ct18-2022/live-drill]\n");
    let make = |arguments: &[&str]| desk.run(&[&["report", "calendar", "--on", "2026-11-26"], arguments].concat());
    let text = make(&["--out", "-"]).exits(0).out;
    assert_eq!(make(&["--out", "-"]).out, text);
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let events = |text: &str| text.matches("BEGIN:VEVENT").count();
    assert_eq!((events(&text), text.matches("BEGIN:VALARM").count()), (4, 12), "{text}");
    assert!(text.contains("DTSTART;VALUE=DATE:20270601\r\n"), "{text}");
    assert!(events(&make(&["--out", "-", "--recommended"]).out) > 4);
    assert_eq!(make(&["--out", "-", "--remind", "none"]).out.matches("VALARM").count(), 0);
    make(&["--remind", "soon"]).exits(2).says(&["wrong-reminder"]);
    make(&[]).exits(0);
    let kept = fs::read_to_string(desk.root().join("reports/calendar.ics")).expect("it is there");
    assert_eq!(kept, text);
    make(&["--format", "html", "--months", "2"]).exits(0);
    let page = fs::read_to_string(desk.root().join("reports/calendar.html")).expect("it is there");
    assert_eq!(page.matches("<section class=\"month\">").count(), 2);
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "{page}");
}

#[test]
fn one_run_is_asked_about_without_a_day() {
    let desk = desk("");
    desk.run(&["due", "SC-2026-001", "--on", "2026-12-01"]).exits(2).says(&["on-with-run"]);
    desk.run(&["due", "--on", "soon"]).exits(2);
}

#[test]
fn the_page_s_sample_of_what_a_unit_decides_is_read_and_its_units_are_accepted_by_systemd() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/due.md")).expect("the page ships");
    let sample = text.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a sample");
    let desk = desk("");
    desk.write("policies/cadences/own.yaml", sample);
    desk.write("inventory/one-stop.yaml", &SYSTEM.replace("id: site", "id: one-stop"));
    desk.run(&["check"]).exits(0);
    let folder = tempfile::tempdir().expect("a folder");
    let (mut units, mut commands) = (Vec::new(), Vec::new());
    for part in text.split("`/etc/systemd/system/").skip(1) {
        let name = part.split('`').next().expect("a name");
        let body = part.split("```ini\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a unit");
        // The program and the user of the docs are not on the machine of a test.
        let body = body.replace("/usr/local/bin/ungpho", env!("CARGO_BIN_EXE_ungpho")).replace("User=ungpho\n", "");
        commands.extend(body.lines().filter_map(|line| Some(line.strip_prefix("ExecStart=")?.to_owned())));
        fs::write(folder.path().join(name), body).expect("a unit");
        units.push(folder.path().join(name));
    }
    assert_eq!((units.len(), commands.len()), (3, 2));
    let seen = std::process::Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&units).output();
    let said = String::from_utf8_lossy(&seen.expect("tests/run installs it").stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("ungpho")).collect();
    assert!(ours.is_empty(), "{ours:#?}");
    for (command, code) in commands.iter().zip([1, 0]) {
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        at(&desk, "2027-02-01T07:30:00+07:00", &words).exits(code);
    }
}

/// A run that has ended, from which actions are opened.
fn held(desk: &Desk) {
    at(desk, "2026-10-01T08:00:00+07:00", &["drill", "talk", "--tabletop", "--unattended", "--yes"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn a_corrective_action_is_late_the_day_after_its_own_until_it_is_done_and_corrections_count() {
    let desk = desk("");
    held(&desk);
    let time = "2026-11-20T09:00:00+07:00";
    let add = |what: &str, arguments: &[&str]| {
        let all = [&["action", "add", "DT-2026-001", what, "--due", "2026-12-01"], arguments].concat();
        at(&desk, time, &all).exits(0);
        let opened = desk.all("action-opened").pop().expect("it was opened");
        opened["seq"].as_u64().expect("a number").to_string()
    };
    let first = add("Đặt lại máy dự phòng", &["--owner", "lan"]);
    let key = format!("action/{first}");
    desk.run(&["due", "--on", "2026-12-01"]).exits(0);
    let seen = desk.run(&["due", "--lang", "vi", "--on", "2026-12-02"]).exits(1).out;
    assert!(seen.contains("! Việc khắc phục: Đặt lại máy dự phòng"), "{seen}");
    assert!(seen.contains("người chịu trách nhiệm: Lan") && seen.contains("quá hạn 1 ngày: ngày 01/12/2026"), "{seen}");
    let ics = |on: &str| desk.run(&["report", "calendar", "--out", "-", "--on", on, "--lang", "vi"]).exits(0).out;
    let event = |text: &str| text.matches(&format!("UID:action.{first}@")).count();
    assert_eq!(event(&ics("2026-12-02")), 1);
    assert!(ics("2026-12-02").contains("QUÁ HẠN: Việc khắc phục: Đặt lại máy dự phòng"), "{}", ics("2026-12-02"));

    // The day was wrong: the one that is in force counts, and so do the right owner and the right words.
    for (field, to) in [("due", "2026-12-10"), ("what", "Đặt lại máy dự phòng số 2")] {
        at(&desk, time, &["correct", "DT-2026-001", &first, field, "--to", to, "--because", "nhầm"]).exits(0);
    }
    desk.run(&["due", "--on", "2026-12-02"]).exits(0);
    desk.run(&["due", "--on", "2026-12-11"]).exits(1);
    let corrected = item(&desk, "2026-12-11", &key);
    assert_eq!((&corrected["due"], &corrected["standing"]["days"]), (&"2026-12-10".into(), &1.into()));
    assert!(corrected["title"].as_str().is_some_and(|it| it.ends_with("số 2")), "{corrected}");

    // Done, it falls due no more; as of a day before that it does.
    at(&desk, "2026-12-12T09:00:00+07:00", &["action", "done", &first, "--because", "đã đặt"]).exits(0);
    desk.run(&["due", "--on", "2026-12-12"]).exits(0);
    desk.run(&["due", "--on", "2026-12-11"]).exits(1);
    assert_eq!((event(&ics("2026-12-12")), event(&ics("2026-12-11"))), (0, 1));

    // What came from a run that counts for nothing is nobody's to do.
    let second = add("Việc khác", &["--owner-name", "Trung tâm dữ liệu"]);
    let other = item(&desk, "2026-12-13", &format!("action/{second}"));
    assert!(other["notes"].to_string().contains("Trung tâm dữ liệu"), "{other}");
    desk.run(&["due", "--on", "2026-12-13"]).exits(1);
    desk.run(&["void", "DT-2026-001", "--because", "làm thử"]).exits(0);
    desk.run(&["due", "--on", "2026-12-13"]).exits(0);
}

#[test]
fn a_report_that_was_issued_is_done_without_a_line_in_the_unit_s_file() {
    let desk = desk("");
    desk.write("copy.pdf", "signed");
    let issue = |document: &[&str], day: &str, number: &str| {
        let rest = ["--number", number, "--date", day, "--signer", "Nguyễn Văn Bình", "--file", "copy.pdf"];
        at(&desk, "2026-12-23T08:00:00+07:00", &[&["report", "issued"], document, &rest].concat())
    };
    // A ledger that began later would owe no report of before.
    at(&desk, "2026-11-02T08:00:00+07:00", &["activity", "add", "other", "Việc khác", "--date", "2026-11-02"]).exits(0);
    let days = |on: &str, key: &str| -> Vec<String> {
        let found = items(&desk.run(&["due", "--json", "--on", on]), key);
        found.iter().map(|item| item["due"].as_str().expect("a day").to_owned()).collect()
    };
    issue(&["annual"], "2026-12-17", "45/BC-SKHCN").exits(0);
    desk.run(&["due", "--on", "2026-12-20"]).exits(0);
    assert_eq!(days("2026-12-20", "nd331-2026/annual-operator"), ["2027-12-19"]);
    let next = item(&desk, "2026-12-20", "nd331-2026/annual-operator");
    assert_eq!((&next["last"]["on"], &next["last"]["document"]), (&"2026-12-17".into(), &"45/BC-SKHCN".into()));
    // The owner's report is another document, and says so.
    assert_eq!(days("2026-12-25", "nd331-2026/annual-owner"), ["2026-12-24", "2027-12-24"]);
    desk.run(&["due", "--on", "2026-12-25"]).exits(1);
    issue(&["annual", "nd331-2026/annual-owner"], "2026-12-22", "50/BC-UBND").exits(0);
    desk.run(&["due", "--on", "2026-12-25"]).exits(0);
    // Before it was issued it was open.
    assert_eq!(days("2026-12-16", "nd331-2026/annual-operator"), ["2026-12-19"]);

    issue(&["annual", "annual-oner"], "2026-12-22", "51/BC").exits(2).says(&["unknown-cadence", "`annual-owner`"]);
    issue(&["periodic"], "2026-12-22", "51/BC").exits(2).says(&["document-of-what", "self-check"]);
    decide(&desk, "adopt: [legacy-2017/periodic-december]\n");
    desk.run(&["due", "--on", "2026-12-15"]).exits(1);
    issue(&["periodic", "periodic-december"], "2026-12-10", "44/BC").exits(0);
    desk.run(&["due", "--on", "2026-12-15"]).exits(0);
    // Reports of several years stand beside each other.
    assert_eq!(desk.all("document-issued").len(), 3);
}

#[test]
fn an_activity_from_papers_counts_where_its_kind_is_asked_for_and_says_that_it_is_from_papers() {
    let desk = desk("from: 2026-01-01\nadopt: [ct18-2022/vulnerability-scan, ct18-2022/live-drill]\n");
    let add = |kind: &str, day: &str, rest: &[&str]| {
        at(
            &desk,
            "2026-11-26T08:00:00+07:00",
            &[&["activity", "add", kind, "Việc đã làm", "--date", day], rest].concat(),
        )
    };
    desk.run(&["due", "--on", "2026-11-26"]).exits(1);
    add("scan", "2026-09-01", &["--system", "site", "--number", "35/BB"]).exits(0);
    let scan = item(&desk, "2026-11-26", "ct18-2022/vulnerability-scan");
    assert_eq!(
        (&scan["due"], &scan["last"]["papers"], &scan["late"]),
        (&"2027-03-01".into(), &true.into(), &false.into())
    );
    let seen = desk.run(&["due", "--lang", "vi", "--on", "2026-11-26"]).exits(0).out;
    assert!(seen.contains("lần gần nhất: 01/9/2026 (theo hồ sơ 35/BB, nhập ở bản ghi "), "{seen}");

    // Live and technical drills stay apart, and what the papers do not say is not guessed.
    add("drill", "2026-10-01", &["--system", "site"]).exits(0);
    add("drill", "2026-10-02", &["--system", "site", "--manner", "technical"]).exits(0);
    let live = item(&desk, "2027-02-01", "ct18-2022/live-drill");
    assert_eq!((&live["due"], &live["last"], &live["late"]), (&"2027-01-01".into(), &Value::Null, &true.into()));
    assert!(live["notes"].to_string().contains("asked for is a live drill"), "{live}");
    add("drill", "2026-10-03", &["--system", "site", "--manner", "live"]).exits(0);
    assert_eq!(item(&desk, "2027-02-01", "ct18-2022/live-drill")["due"], "2027-10-03");
    assert!(desk.run(&["activity", "list", "--lang", "vi"]).out.contains("hình thức: diễn tập thực chiến"));
    let withdrawn = desk.all("activity").pop().expect("it was entered")["seq"].as_u64().expect("a number").to_string();
    desk.run(&["activity", "withdraw", &withdrawn, "--because", "nhập nhầm"]).exits(0);
    assert_eq!(item(&desk, "2027-02-01", "ct18-2022/live-drill")["due"], "2027-01-01");
    add("scan", "2026-10-03", &["--manner", "live"]).exits(2).says(&["manner-without-drill"]);
}

/// A ledger of which one byte of what papers tell is another: the day of an activity.
fn altered(desk: &Desk) {
    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    let changed = text.replacen("\"date\":\"2024-09-01\"", "\"date\":\"2026-09-01\"", 1);
    assert_ne!(text, changed, "the day is another");
    fs::write(&log, changed).expect("written");
}

#[test]
fn a_ledger_that_was_altered_closes_no_day_without_a_word() {
    let desk = desk("from: 2024-01-01\nadopt: [ct18-2022/vulnerability-scan]\n");
    let scan = ["activity", "add", "scan", "Rà quét", "--date", "2024-09-01", "--system", "site"];
    at(&desk, "2026-11-20T08:00:00+07:00", &scan).exits(0);
    let on = ["--on", "2026-11-26"];
    let due = |rest: &[&str]| desk.run(&[&["due", "--lang", "vi"], &on[..], rest].concat());
    let verified = |done: &Done| serde_json::from_str::<Value>(&done.out).expect("a document")["verified"].clone();
    let stamp = "SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT";
    assert!(!due(&[]).exits(1).out.contains(stamp));
    assert_eq!(verified(&due(&["--json"]).exits(1)), true);
    altered(&desk);
    let seen = due(&[]).exits(4).out;
    assert!(seen.starts_with(stamp), "{seen}");
    assert_eq!(verified(&due(&["--json"]).exits(4)), false);
    for format in ["ics", "html"] {
        let make = |rest: &[&str]| {
            let words = ["report", "calendar", "--lang", "vi", "--format", format, "--out", "-"];
            desk.run(&[&words[..], &on, rest].concat()).exits(4)
        };
        let refused = make(&[]).says(&["ledger-unverified", "--unverified"]);
        assert_eq!(refused.out, "");
        let text = make(&["--unverified"]).out.replace("\r\n ", "");
        assert!(text.contains("CHƯA ĐƯỢC XÁC NHẬN: SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT"), "{text}");
    }
}

/// The names of the events.
fn uids(text: &str) -> Vec<String> {
    let text = text.replace("\r\n ", "");
    text.lines().filter_map(|line| Some(line.strip_prefix("UID:")?.trim_end().to_owned())).collect()
}

#[test]
fn events_keep_their_names_when_a_day_is_moved_or_the_unit_s_name_is_corrected() {
    let desk = desk("");
    at(&desk, "2026-11-20T08:00:00+07:00", &["activity", "add", "other", "Việc", "--date", "2026-11-02"]).exits(0);
    let unit = |name: &str| desk.write("ungpho.yaml", &format!("format: 1\nunit: \"{name}\"\nlanguage: vi\n"));
    let plan = |day: &str| {
        desk.write("exercises/q4.yaml", &format!("format: 1\nplaybook: talk\nmode: tabletop\ndate: {day}\n"));
    };
    let ics = || desk.run(&["report", "calendar", "--out", "-", "--on", "2026-11-26"]).exits(0).out;
    unit("Sở Khoa học và Công nghê");
    plan("2026-12-31");
    let before = ics();
    unit("Sở Khoa học và Công nghệ");
    plan("2027-01-05");
    let after = ics();
    assert!(before.contains("DTSTART;VALUE=DATE:20261231") && after.contains("DTSTART;VALUE=DATE:20270105"));
    let sorted = |text: &str| {
        let mut names = uids(text);
        names.sort();
        names
    };
    assert_eq!(sorted(&before), sorted(&after));
    let alarms = |remind: &str| {
        let done = desk.run(&["report", "calendar", "--out", "-", "--on", "2026-11-26", "--remind", remind]);
        done.exits(0).out.matches("BEGIN:VALARM").count()
    };
    assert_eq!(alarms("1d,1d"), alarms("1d"));
}

#[test]
fn what_was_never_done_is_in_the_calendar_and_one_without_events_says_so() {
    let desk = desk("adopt: [ct18-2022/live-drill]\n");
    let ics = || desk.run(&["report", "calendar", "--out", "-", "--on", "2026-11-26", "--lang", "vi"]).exits(0);
    assert!(ics().out.contains("SUMMARY:CHƯA THỰC HIỆN LẦN NÀO: Diễn tập thực chiến: Cổng"), "{}", ics().out);
    fs::remove_file(desk.root().join("inventory/site.yaml")).expect("it was there");
    let empty = ics().says(&["lịch không có việc nào"]).out;
    assert!(empty.contains("BEGIN:VTIMEZONE\r\n") && !empty.contains("BEGIN:VEVENT"), "{empty}");
}

#[test]
fn as_of_an_earlier_day_a_playbook_has_the_edition_of_then() {
    let desk = desk("adopt: [ct18-2022/playbook-review]\n");
    desk.write("inventory/site.yaml", &SYSTEM.replace("2026-09-01", "2024-09-01"));
    desk.write("copy.pdf", "signed");
    for (time, day) in [("2025-03-03", "2025-03-02"), ("2026-11-02", "2026-11-02")] {
        let words = ["report", "issued", "playbook", "talk", "--number", "1/QĐ", "--signer", "B", "--file", "copy.pdf"];
        at(&desk, &format!("{time}T08:00:00+07:00"), &[&words[..], &["--date", day]].concat()).exits(0);
    }
    for (on, last) in [("2026-06-01", "2025-03-02"), ("2026-11-26", "2026-11-02")] {
        assert_eq!(item(&desk, on, "ct18-2022/playbook-review")["last"]["on"], last);
    }
    // A report can say for which year it is.
    let issue = |name: &str| {
        let words = ["report", "issued", "annual", name, "--number", "2/BC", "--signer", "B", "--file", "copy.pdf"];
        at(&desk, "2026-12-23T08:00:00+07:00", &[&words[..], &["--date", "2026-12-10"]].concat())
    };
    let days = || {
        let found = items(&desk.run(&["due", "--json", "--on", "2026-12-23"]), "nd331-2026/annual-operator");
        found.iter().map(|item| item["due"].as_str().expect("a day").to_owned()).collect::<Vec<_>>()
    };
    issue("annual-operator").exits(0);
    assert_eq!(days(), ["2026-12-19", "2027-12-19"], "before its data end it is another year's");
    issue("nd331-2026/annual-operator-2026").exits(0);
    assert_eq!(days(), ["2027-12-19"]);
    issue("annual-oner-2026").exits(2).says(&["unknown-cadence"]);
}
