//! The annual report on levels lists whose systems it is about, counts what has happened by its day, and says what is missing.

use serde_json::Value;

use super::desk::{Desk, Done};

const UNIT: &str = "format: 1\nunit: \"Trung tâm Chuyển đổi số tỉnh\"\nparent: \"UBND tỉnh\"\nsymbol: TTCĐS\n";
/// A dossier with nothing missing.
const WHOLE: &str = "dossier:\n  status: approved\n  proposed: 3\n  approved: 3\n  rules: nd331-2026\n  \
    decision: { number: 1/QĐ, date: 2026-09-20, body: UBND tỉnh }\n  regulation: { number: 2/QC, date: 2026-09-01 }\n  \
    measures: full\nassessments: [ { kind: periodic, date: 2026-10-01 } ]\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("ungpho.yaml", UNIT);
    desk
}

fn system(desk: &Desk, id: &str, text: &str) {
    desk.write(&format!("inventory/{id}.yaml"), &format!("format: 1\nid: {id}\nname: \"HT {id}\"\n{text}"));
}

/// Runs the program on a day.
#[track_caller]
fn on(desk: &Desk, day: &str, arguments: &[&str]) -> Done {
    let mut command = desk.command(arguments);
    let output = command.env("UNGPHO_TEST_CLOCK", format!("{day}T09:00:00+07:00")).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

#[track_caller]
fn report(desk: &Desk, day: &str, more: &[&str]) -> Value {
    let all = [&["report", "annual", "--year", "2026", "--format", "json"], more].concat();
    serde_json::from_str(&on(desk, day, &all).exits(0).out).expect("JSON")
}

/// The names in the list, and the notes.
fn listed(report: &Value) -> (String, String) {
    let rows = report["rows"].as_array().expect("a list").iter();
    let names: Vec<&str> = rows.filter_map(|row| row[1].as_str()?.strip_prefix("HT ")).collect();
    (names.join(" "), report["notes"].to_string())
}

#[test]
fn the_operators_list_has_what_the_unit_runs_and_the_owners_what_belongs_to_it() {
    let desk = desk();
    for (id, text) in [
        ("ours", "owner: Bộ Tài chính\noperator: \" trung tâm  chuyển đổi số tỉnh\"\n".to_owned()),
        ("others", format!("owner: UBND tỉnh\noperator: Văn phòng UBND tỉnh\nhosts: [ {{ id: a, ssh: a }} ]\n{WHOLE}")),
        // The same letters, put together from parts.
        ("owned", "owner: \"Trung ta\u{302}m Chuye\u{302}\u{309}n đo\u{302}\u{309}i so\u{302}\u{301} ti\u{309}nh\"\noperator: Văn phòng UBND tỉnh\n".to_owned()),
        ("described", format!("owner: Bộ Tài chính\n{WHOLE}")),
        ("range", format!("owner: UBND tỉnh\nenvironment: drill_target\n{WHOLE}")),
        ("nobody", String::new()),
    ] {
        system(&desk, id, &text);
    }
    for (side, names, out) in [
        (
            &[][..],
            "described ours",
            "Không đưa vào danh sách hệ thống do cơ quan khác vận hành: HT nobody; HT others; HT owned",
        ),
        (&["--for", "operator"], "described ours", "HT others"),
        (
            &["--for", "owner"],
            "others owned",
            "Không đưa vào danh sách hệ thống chưa ghi chủ quản hoặc của chủ quản khác: HT described; HT nobody; HT ours",
        ),
    ] {
        let (seen, notes) = listed(&report(&desk, "2026-12-15", &[&["--lang", "vi"], side].concat()));
        assert_eq!(seen, names, "{side:?}: {notes}");
        assert!(notes.contains(out), "{side:?}: {notes}");
        assert!(notes.contains("Không đưa vào danh sách hệ thống dành cho diễn tập: HT range"), "{notes}");
    }
    // Which of the two answers which duty.
    let due = on(&desk, "2026-12-15", &["due", "--lang", "vi"]).out;
    for make in ["`ungpho report annual --year 2026`", "`ungpho report annual --year 2026 --for owner`"] {
        assert!(due.contains(make), "{due}");
    }
}

#[test]
fn once_its_year_is_over_the_list_tells_all_of_it_whenever_the_ledger_was_written_last() {
    let desk = desk();
    system(&desk, "one", &format!("owner: UBND tỉnh\noperator: Trung tâm Chuyển đổi số tỉnh\n{WHOLE}"));
    // What has not changed since is not noted anew.
    for (day, until) in [("2026-11-26", "2026-11-26"), ("2026-12-01", "2026-11-26"), ("2026-12-22", "2026-12-14")] {
        assert_eq!(report(&desk, day, &[])["until"], until, "on {day}");
    }
}

#[test]
fn what_had_not_happened_by_the_day_is_named_and_not_counted() {
    let desk = desk();
    for (day, dossier, lacks) in [
        (
            "2026-11-26",
            ("date: 2026-09-20", "date: 2026-12-10"),
            "Quyết định phê duyệt 1/QĐ ngày 10/12/2026, UBND tỉnh: sau ngày tính số liệu 26/11/2026, không tính",
        ),
        ("2026-12-10", ("date: 2026-09-20", "date: 2026-12-10"), ""),
        (
            "2026-11-26",
            ("date: 2026-09-01", "date: 2026-11-27"),
            "Quy chế 2/QC ngày 27/11/2026: sau ngày tính số liệu 26/11/2026, không tính",
        ),
        (
            "2026-11-26",
            ("date: 2026-10-01", "date: 2026-12-01"),
            "Đã kiểm tra, đánh giá ngày 01/12/2026: sau ngày tính số liệu 26/11/2026, không tính",
        ),
        (
            "2026-12-28",
            ("date: 2026-10-01", "date: 2026-12-15"),
            "Đã kiểm tra, đánh giá ngày 15/12/2026: sau ngày chốt số liệu 14/12/2026, không tính",
        ),
        // Half of a document is none.
        (
            "2026-12-15",
            ("number: 1/QĐ, date: 2026-09-20, body: UBND tỉnh", "number: 1/QĐ"),
            "Quyết định phê duyệt (số, ngày, cơ quan): thiếu ngày, cơ quan ban hành",
        ),
        ("2026-12-15", ("number: 2/QC, date: 2026-09-01", "date: 2026-09-01"), "Quy chế: thiếu số"),
        (
            "2026-12-15",
            ("measures: full", "measures: partial\n  expected_measures: 2026-12-10"),
            "Ngày dự kiến triển khai đầy đủ 10/12/2026 không sau ngày chốt số liệu 14/12/2026, phương án chưa được triển khai đầy đủ",
        ),
    ] {
        let (was, is) = dossier;
        assert!(WHOLE.contains(was), "{was}");
        system(
            &desk,
            "one",
            &format!("owner: UBND tỉnh\noperator: Trung tâm Chuyển đổi số tỉnh\n{}", WHOLE.replacen(was, is, 1)),
        );
        let report = report(&desk, day, &["--lang", "vi", "--date", day]);
        let missing: Vec<&str> = report["missing"]
            .as_array()
            .expect("a list")
            .iter()
            .flat_map(|it| it["what"].as_array().expect("a list"))
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(missing.join(" | "), lacks, "{is} on {day}");
        let named = report["notes"].to_string().contains("của: HT one");
        assert_eq!(named, lacks.contains("không tính"), "{is} on {day}: {report}");
    }
    let sent = "owner: UBND tỉnh\noperator: Trung tâm Chuyển đổi số tỉnh\ndossier:\n  status: submitted\n  proposed: 3\n  submitted: 2026-12-20\n";
    system(&desk, "one", sent);
    let report = report(&desk, "2026-12-22", &["--lang", "vi"]);
    let missing = report["missing"].to_string();
    assert!(
        missing.contains("Gửi thẩm định ngày 20/12/2026: sau ngày chốt số liệu 14/12/2026, không tính"),
        "{missing}"
    );
    assert!(!missing.contains("Tình trạng phê duyệt"), "what was said is not missing: {missing}");
    let warned = on(&desk, "2026-12-19", &["check", "--lang", "vi"]);
    assert!(warned.err.contains("day-to-come"), "{}", warned.err);
}

#[test]
fn the_words_of_the_form_are_its_own_in_every_language_and_its_years_are_those_of_its_decree() {
    let desk = desk();
    system(&desk, "one", &format!("operator: Trung tâm Chuyển đổi số tỉnh\n{WHOLE}"));
    let report = report(&desk, "2026-12-15", &["--lang", "en"]);
    assert_eq!(report["columns"][5], "State of the approval");
    assert_eq!(report["figures"][0]["value"], "row 1 of the list", "the cells stand in the list");
    let cells = [5, 9, 11].map(|column| report["rows"][0][column].as_str().expect("a text").to_owned());
    assert_eq!(cells, ["Đã được phê duyệt", "Đã triển khai đầy đủ", "Định kỳ"]);
    assert_eq!((&report["totals"][4]["id"], &report["for"]), (&"approved".into(), &"operator".into()));
    for (day, arguments, says) in [
        ("2026-12-14", &["--year", "2027"][..], "year-to-come"),
        ("2026-12-14", &["--year", "2027", "--date", "20/12/2027"], "15/12/2026"),
        ("2026-12-15", &["--year", "2025"], "331/2026/NĐ-CP"),
    ] {
        on(&desk, day, &[&["report", "annual", "--lang", "vi"], arguments].concat()).exits(2).says(&[says]);
    }
    on(&desk, "2026-12-15", &["report", "annual", "--year", "2027", "--format", "json"]).exits(0);
}
