//! The duties of an incident through the program: from detection, whatever the playbook holds.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::desk::Desk;

const PEOPLE: &str = "people:\n  - { id: lan, name: Lan }\n  - { id: binh, name: Bình }\n";

/// A playbook that says nothing of any duty.
const PLAIN: &str = "steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem máy\" } }\n";

/// `minutes` and half of one before now, with its zone: the half keeps whole minutes steady while a test runs.
fn ago(minutes: i64) -> String {
    let moment = Timestamp::now() - SignedDuration::from_mins(minutes) - SignedDuration::from_secs(30);
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook("night", PLAIN);
    desk
}

/// An incident that was detected `minutes` ago.
fn incident(minutes: i64) -> Desk {
    let desk = desk();
    begin(&desk, minutes);
    desk
}

fn begin(desk: &Desk, minutes: i64) {
    desk.run(&["respond", "night", "--yes", "--since", &ago(minutes), "--because", "trực ban báo"]).exits(0);
}

fn classify(desk: &Desk, arguments: &[&str]) {
    let mut all = vec!["classify"];
    all.extend(arguments);
    all.extend(["--because", "đã xem"]);
    desk.run(&all).exits(0);
}

/// The duties of the only run as JSON, and the exit code held.
#[track_caller]
fn due(desk: &Desk, code: i32) -> Value {
    let done = desk.run(&["due", "--json"]).exits(code);
    let document: Value = serde_json::from_str(&done.out).expect("one JSON document");
    assert_eq!(document["version"], 1);
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(1), "{document}");
    document["runs"][0].clone()
}

#[track_caller]
fn row<'a>(run: &'a Value, id: &str) -> &'a Value {
    let rows = run["duties"]["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id} is not in {run}"))
}

#[track_caller]
fn state(desk: &Desk, code: i32, id: &str) -> String {
    row(&due(desk, code), id)["state"]["is"].as_str().expect("a word").to_owned()
}

#[test]
fn what_nobody_classified_shows_both_clocks_and_nothing_is_late() {
    let desk = incident(4 * 60);
    let seen = desk.run(&["due", "--lang", "vi"]).exits(0).out;
    for text in [
        "SC-2026-001 · Thử night",
        "Phân loại: chưa xác định có nghiêm trọng hay không",
        "Thông báo ban đầu về sự cố nghiêm trọng [anm-24]",
        "chờ phân loại: nếu là sự cố nghiêm trọng: còn 19 giờ 59 phút",
        "Báo cáo sự cố [anm-72]",
        "cần thực hiện: còn 2 ngày 19 giờ 59 phút",
        "đoạn 2 điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP",
        "Chưa chắc: Nghị định không định nghĩa",
        "(`authority`), chưa gửi",
    ] {
        assert!(seen.contains(text), "`{text}` is not in:\n{seen}");
    }
    assert!(!seen.contains("DIỄN TẬP"), "{seen}");
    let run = due(&desk, 0);
    assert_eq!(row(&run, "anm-24")["state"]["on"], "classification");
    assert!(row(&run, "anm-24")["state"]["clock"]["left"].as_u64().is_some_and(|left| left < 20 * 3600), "{run}");
    assert_eq!(row(&run, "anm-72")["state"]["is"], "due");
    assert_eq!(row(&run, "dlcn-72")["state"]["is"], "not_applying");
    assert_eq!((&run["kind"], &run["duties"]["simulated"]), (&json!("incident"), &json!(false)));
}

#[test]
fn an_incident_that_was_detected_three_days_ago_is_late_and_says_by_how_much() {
    let desk = incident(74 * 60);
    let seen = desk.run(&["due", "--lang", "vi"]).exits(1).out;
    assert!(seen.contains("! Báo cáo sự cố [anm-72]\n    quá hạn 2 giờ"), "{seen}");
    assert!(seen.contains("nếu là sự cố nghiêm trọng: quá hạn 2 ngày 2 giờ"), "{seen}");
    let run = due(&desk, 1);
    let by = row(&run, "anm-72")["state"]["by_s"].as_u64().expect("seconds");
    assert!((7200..7500).contains(&by), "{by}");
    let seen = desk.run(&["status", "--lang", "vi"]).exits(0).out;
    assert!(seen.contains("! Báo cáo sự cố: quá hạn 2 giờ"), "{seen}");
    let seen = desk.piped(&["attach", "--lang", "vi"], "").exits(0).err;
    assert!(seen.contains("! Báo cáo sự cố: quá hạn 2 giờ"), "{seen}");
}

#[test]
fn a_word_said_after_twenty_hours_moves_no_limit() {
    let desk = incident(20 * 60);
    assert_eq!(state(&desk, 0, "anm-24"), "waiting");
    classify(&desk, &["--serious", "yes"]);
    let seen = desk.run(&["due", "--lang", "vi"]).exits(0).out;
    assert!(seen.contains("Phân loại: nghiêm trọng"), "{seen}");
    assert!(seen.contains("[anm-24]\n    cần thực hiện: còn 3 giờ 59 phút"), "{seen}");
    classify(&desk, &["--serious", "no"]);
    assert_eq!(state(&desk, 0, "anm-24"), "not_applying");
}

#[test]
fn a_serious_incident_is_late_after_a_day_and_a_notice_that_was_sent_in_time_ends_that() {
    let desk = incident(30 * 60);
    classify(&desk, &["--serious", "yes"]);
    assert_eq!(state(&desk, 1, "anm-24"), "late");
    desk.run(&["sent", "anm-24", "--at", &ago(8 * 60), "--number", "15/TB", "--by", "binh", "--because", "muộn"])
        .exits(0);
    let run = due(&desk, 0);
    assert_eq!(row(&run, "anm-24")["state"]["is"], "done");
    let left = row(&run, "anm-24")["state"]["timing"]["in_time"].as_u64().expect("sent after 22 hours");
    assert!((7190..=7200).contains(&left), "{left}");
}

#[test]
fn what_was_sent_counts_by_when_it_was_sent_and_a_report_says_by_whom_under_which_number() {
    let desk = incident(80 * 60);
    classify(&desk, &["--serious", "yes"]);
    assert_eq!(state(&desk, 1, "anm-72"), "late");
    let sent = ["--to", "Công an tỉnh", "--role", "authority", "--by", "binh", "--because", "gửi giấy"];
    let (before, after) = (ago(60 * 60), ago(60));
    let in_time = [&["sent", "initial-notice", "--at", &before, "--number", "15/TB"], &sent[..]].concat();
    desk.run(&in_time).exits(0);
    let late = [&["sent", "anm-72", "--at", &after, "--number", "16/BC"], &sent[..]].concat();
    desk.run(&late).exits(0);
    let run = due(&desk, 0);
    assert!(row(&run, "anm-24")["state"]["timing"]["in_time"].as_u64().is_some(), "{run}");
    assert!(row(&run, "anm-72")["state"]["timing"]["late"].as_u64().is_some(), "{run}");
    assert_eq!(desk.all("notice-sent")[0]["body"]["roles"], json!(["authority"]));

    desk.run(&["report", "run", "--format", "json", "--out", "r.json"]).exits(0);
    let report: Value = serde_json::from_str(&fs::read_to_string(desk.root().join("r.json")).unwrap()).unwrap();
    let rows = report["duties"]["rows"].as_array().expect("rows");
    let found = rows.iter().find(|row| row["id"] == "anm-72").expect("it is there");
    assert_eq!((&found["sent"][0]["number"], &found["sent"][0]["by"]), (&json!("16/BC"), &json!("binh")));
    for (format, file) in [("html", "r.html"), ("md", "r.md")] {
        desk.run(&["report", "run", "--format", format, "--out", file, "--lang", "vi"]).exits(0);
        let seen = fs::read_to_string(desk.root().join(file)).unwrap();
        for text in [
            "Nghĩa vụ thông báo, báo cáo",
            "đã thực hiện, muộn",
            "muộn 7 giờ",
            "số 16/BC",
            "Nghĩa vụ quá hạn hoặc thực hiện muộn: Báo cáo sự cố",
            "Công an tỉnh",
            "Chưa chắc",
        ] {
            assert!(seen.contains(text), "`{text}` is not in {file}:\n{seen}");
        }
    }
    desk.run(&["sent", "anm-72", "--role", "autority"])
        .exits(2)
        .says(&["unknown-recipient", "did you mean `authority`?"]);
    desk.run(&["sent", "anm-27"]).exits(2).says(&["unknown-notice"]);
}

#[test]
fn personal_data_has_a_moment_of_its_own() {
    let desk = incident(40 * 60);
    classify(&desk, &["--personal-data", "yes", "--at", &ago(10 * 60)]);
    let run = due(&desk, 0);
    let (incident, breach) = (row(&run, "anm-72"), row(&run, "dlcn-72"));
    assert_ne!(incident["start"], breach["start"]);
    let left = |row: &Value| row["state"]["clock"]["left"].as_u64().expect("a clock");
    let apart = left(breach) - left(incident);
    // What was said later was said so much later: a machine with much to do takes its time in between.
    assert!((30 * 3600 - 5..=30 * 3600 + 120).contains(&apart), "{apart}");
    classify(&desk, &["--personal-data", "no"]);
    assert_eq!(state(&desk, 0, "dlcn-72"), "not_applying");
}

#[test]
fn the_gravest_cases_and_other_conditions_are_answered_by_people() {
    let desk = incident(60);
    assert_eq!(state(&desk, 0, "anm-now"), "waiting");
    classify(&desk, &["--no-grave"]);
    assert_eq!(state(&desk, 0, "anm-now"), "not_applying");
    classify(&desk, &["--grave", "public-order"]);
    assert!(row(&due(&desk, 0), "anm-now")["state"]["clock"]["at_once"].as_u64().is_some());
    classify(&desk, &["--flag", "complex=yes"]);
    assert_eq!(state(&desk, 0, "anm-end"), "due");
    desk.run(&["report", "run", "--format", "md", "--out", "r.md", "--lang", "vi"]).exits(0);
    let seen = fs::read_to_string(desk.root().join("r.md")).unwrap();
    assert!(seen.contains("sự cố phức tạp"), "{seen}");
    classify(&desk, &["--flag", "complex=no"]);
    assert_eq!(state(&desk, 0, "anm-end"), "not_applying");
    let refused = |flag: &str| desk.run(&["classify", "--flag", flag, "--because", "x"]).exits(2);
    refused("complx=yes").says(&["unknown-flag", "did you mean `complex`?"]);
    refused("complex").says(&["not-a-flag"]);
    refused("public_order=no").says(&["unknown-flag"]);
}

#[test]
fn in_a_drill_everything_is_stamped_and_simulated() {
    let desk = desk();
    desk.run(&["drill", "night", "--tabletop", "--yes"]).exits(0);
    let seen = desk.run(&["due", "--lang", "vi"]).exits(0).out;
    assert!(seen.contains("chưa tính (mô phỏng): chưa có thời điểm phát hiện"), "{seen}");
    desk.run(&["mark", "detected"]).exits(0);
    let seen = desk.run(&["due", "--lang", "vi"]).exits(0).out;
    assert!(seen.starts_with("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT\n"), "{seen}");
    assert!(seen.contains("cần thực hiện (mô phỏng): còn 2 ngày 23 giờ 59 phút"), "{seen}");
    assert_eq!(due(&desk, 0)["duties"]["simulated"], true);
    desk.run(&["report", "run", "--format", "md", "--out", "r.md", "--lang", "vi"]).exits(0);
    let seen = fs::read_to_string(desk.root().join("r.md")).unwrap();
    assert!(seen.contains("cần thực hiện (mô phỏng)"), "{seen}");
}

const OURS: &str = "format: 1\nset: our-rules\ndocuments:\n  rules: { short: \"Quy chế 12\", full: \"Quy chế số 12\" }\n\
                    duties:\n  - id: anm-72\n    title: \"Báo cáo sớm\"\n    starts: detected\n    limit: 2h\n\
                    \x20   applies: always\n    to: [authority]\n    cites:\n\
                    \x20     - { document: rules, article: \"Điều 5\", read: full_text, confidence: high }\n";

#[test]
fn the_unit_s_own_duty_stands_in_the_place_of_the_shipped_one_and_is_shown_as_such() {
    let desk = desk();
    fs::create_dir_all(desk.root().join("policies/duties")).unwrap();
    desk.write("policies/duties/our-rules.yaml", OURS);
    desk.write(
        "ungpho.yaml",
        "format: 1\nunit: \"Sở\"\nlanguage: vi\nrecipients:\n  - { role: authority, name: \"Phòng An ninh mạng\" }\n",
    );
    begin(&desk, 3 * 60);
    let seen = desk.run(&["due", "--lang", "vi"]).exits(1).out;
    for text in [
        "! Báo cáo sớm [anm-72]\n    quá hạn 1 giờ",
        "Điều 5 Quy chế 12",
        "Phòng An ninh mạng",
        "Đơn vị thay nghĩa vụ anm-72 có sẵn (\"Báo cáo sự cố\") bằng policies/duties/our-rules.yaml",
    ] {
        assert!(seen.contains(text), "`{text}` is not in:\n{seen}");
    }
    // The report is held to the rules that the run began with.
    fs::remove_file(desk.root().join("policies/duties/our-rules.yaml")).unwrap();
    assert_eq!(state(&desk, 0, "anm-72"), "due");
    desk.run(&["report", "run", "--format", "md", "--out", "r.md", "--lang", "vi"]).exits(0);
    let seen = fs::read_to_string(desk.root().join("r.md")).unwrap();
    assert!(seen.contains("Báo cáo sớm") && seen.contains("quá hạn 1 giờ"), "{seen}");
}

#[test]
fn a_wrong_file_is_told_of_and_the_shipped_duties_run_all_the_same() {
    let desk = incident(60);
    fs::create_dir_all(desk.root().join("policies/duties")).unwrap();
    desk.write("policies/duties/our-rules.yaml", &OURS.replace("limit: 2h", "limit: soon"));
    let done = desk.run(&["due"]).exits(0).says(&["policies/duties/our-rules.yaml"]);
    assert!(done.out.contains("policies/duties/our-rules.yaml is not used"), "{}", done.out);
    assert!(done.out.contains("Incident report [anm-72]"), "{}", done.out);
}

#[test]
fn an_ended_incident_stays_on_the_list_until_its_duties_are_done() {
    let desk = incident(60);
    classify(&desk, &["--serious", "no", "--no-grave", "--flag", "complex=no"]);
    desk.run(&["stop", "--because", "hết"]).exits(0);
    desk.until_kind("run-ended");
    assert_eq!(state(&desk, 0, "anm-72"), "due");
    desk.run(&["sent", "SC-2026-001", "anm-72"]).exits(0);
    desk.run(&["due"]).exits(0).says(&["nothing falls due"]);
    desk.run(&["due", "SC-2026-001"]).exits(0);
}

#[test]
fn the_sheets_for_paper_list_the_duties() {
    let desk = desk();
    desk.run(&["report", "card", "night", "--lang", "vi", "--out", "card.html"]).exits(0);
    let seen = fs::read_to_string(desk.root().join("card.html")).unwrap();
    for text in ["Báo cáo sự cố", "72 giờ kể từ thời điểm phát hiện", "Điều 31 Nghị định số 331/2026/NĐ-CP"]
    {
        assert!(seen.contains(text), "`{text}` is not on:\n{seen}");
    }
}

#[test]
fn a_prepared_notice_is_the_template_filled_with_what_the_record_holds() {
    let desk = desk();
    desk.write(
        "ungpho.yaml",
        "format: 1\nunit: \"Sở Thử nghiệm\"\nlanguage: vi\nrecipients:\n  - { role: authority, name: \"Phòng An ninh mạng\" }\n",
    );
    desk.playbook(
        "night",
        "steps:\n  - { id: look, title: \"Ngắt mạng máy app-01\", manual: { do: \"Ngắt\" }, marks: detected }\n\
         \x20 - { id: tell, notify: { notice: incident-report } }\n",
    );
    desk.run(&["drill", "night", "--tabletop", "--yes", "--lang", "vi"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    let text = desk.only("notice-prepared")["text"]["object"].as_str().expect("an object").replace("sha256:", "");
    let text = fs::read_to_string(desk.root().join("ledger/objects/sha256").join(&text[..2]).join(&text)).unwrap();
    for wanted in [
        "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT",
        "Sở Thử nghiệm",
        "Kính gửi: Phòng An ninh mạng",
        "BÁO CÁO SỰ CỐ AN NINH MẠNG",
        "Điều 31 Nghị định số 331/2026/NĐ-CP",
        "72 giờ kể từ thời điểm phát hiện",
        "- Ngắt mạng máy app-01",
        "Duy trì phục vụ: Tiếp nhận hồ sơ giấy",
        "(chưa có số liệu)",
    ] {
        assert!(text.contains(wanted), "`{wanted}` is not in:\n{text}");
    }
}

#[test]
fn where_nothing_has_ever_begun_nothing_is_open_and_nothing_is_due() {
    let desk = desk();
    for (command, says) in [("status", "no run is open"), ("due", "nothing falls due")] {
        let done = desk.run(&[command]).exits(0).says(&[says]);
        assert_eq!(done.out, "");
        let done = desk.run(&[command, "--json"]).exits(0);
        let document: Value = serde_json::from_str(&done.out).expect("one JSON document");
        assert_eq!((&document["version"], &document["runs"]), (&json!(1), &json!([])), "{document}");
        // Who names a run is told that there is none, and nothing is made by looking.
        desk.run(&[command, "SC-2026-001"]).exits(2).says(&["no-ledger"]);
    }
    assert!(!desk.root().join("ledger").exists());
}

/// Starts a run of the playbook that says nothing, as the night of 20 November would have it, and leaves it waiting.
fn begun_at(desk: &Desk, time: &str, arguments: &[&str]) {
    let mut command = desk.command(arguments);
    let done = command.env("UNGPHO_TEST_CLOCK", time).output().expect("it runs");
    assert!(done.status.success(), "{arguments:?}:\n{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_duty_that_becomes_late_is_told_on_an_open_console_without_a_key() {
    let desk = desk();
    let since = ["--since", "2026-11-20T01:40:00+07:00", "--because", "trực ban báo"];
    begun_at(&desk, "2026-11-20T02:00:00+07:00", &[&["respond", "night", "--yes"][..], &since].concat());
    desk.until_kind("asked");
    // Ten seconds before 72 hours are over; a day is long over.
    let mut screen = desk.terminal_at(&["attach", "--lang", "vi"], Some("2026-11-23T01:39:50+07:00"));
    screen.shows("Báo cáo sự cố: cần thực hiện: còn ");
    screen.shows("QUÁ HẠN: Báo cáo sự cố: vừa quá hạn");
    // What was late before is not told again, and this not twice.
    let text = screen.text();
    assert_eq!(text.matches("QUÁ HẠN").count(), 1, "{text}");
    assert!(text.contains("nếu là sự cố nghiêm trọng: quá hạn 1 ngày 23 giờ"), "{text}");
    screen.close();
}

#[test]
fn in_a_drill_a_console_says_that_a_duty_became_late_in_simulation() {
    let desk = desk();
    let at = |time: &str, arguments: &[&str]| begun_at(&desk, time, arguments);
    at("2026-11-20T01:40:00+07:00", &["drill", "night", "--tabletop", "--yes"]);
    desk.until_kind("asked");
    at("2026-11-20T01:41:00+07:00", &["mark", "detected"]);
    at("2026-11-20T02:00:00+07:00", &["classify", "--serious", "yes", "--because", "đã xem"]);
    let mut screen = desk.terminal_at(&["attach", "--lang", "vi"], Some("2026-11-21T01:40:50+07:00"));
    screen.shows("QUÁ HẠN (mô phỏng): Thông báo ban đầu");
    screen.close();
}
