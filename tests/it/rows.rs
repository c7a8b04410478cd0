//! The rows of tasks tell a period by its own days, and the sums of a row add up.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::sandbox::Sandbox;
use super::tasks::{AFTER_2026, drill, issue, log, printed, says, talk};

const LAND: &str = "format: 1\nid: land\nname: \"Hệ thống đất đai\"\nowner: \"UBND tỉnh\"\n\
    operator: \"Đơn vị vận hành (mẫu), tỉnh Quảng Ngãi\"\nstate: operating\nfacts: { class: [internal] }\ndossier:\n\
    \x20 status: approved\n  proposed: 3\n  approved: 3\n  rules: nd85-2016\n\
    \x20 decision: { number: \"120/QĐ-UBND\", date: 2026-05-12, body: \"UBND tỉnh\" }\n\
    \x20 regulation: { number: \"7/QC-UBND\", date: 2026-01-10 }\n  measures: partial\n  expected_measures: 2026-12-31\n\
    controls:\n  - { id: antimalware, state: in_place, evidence: \"12/12 máy\", checked: 2026-06-01 }\n";

/// A playbook whose clock runs between marks that people set.
const HAND: &str = "format: 1\nplaybook: hand\nversion: 1\ntitle: \"Đánh dấu\"\nfamily: B\nkind: test\nsigns: [ \"dấu hiệu\" ]\n\
    levels: [3]\nkeep_running: \"Tiếp nhận hồ sơ giấy\"\n\
    clocks:\n  restore: { title: \"Khôi phục\", from: detected, to: restored }\n\
    steps:\n  - { id: see, title: \"Xem\", manual: { do: \"Xem\" } }\n\
    \x20 - { id: pass, title: \"Chờ\", run: { argv: [sleep, \"1\"], effect: observe } }\n\
    \x20 - { id: back, title: \"Lại\", manual: { do: \"Xem\" } }\n";

fn sandbox() -> Sandbox {
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    write(&workspace, "ban-ky.pdf", "bản đã ký");
    for (name, family) in [("encrypted", "A"), ("mistake", "C"), ("storm", "D"), ("tree", "standing")] {
        write(&workspace, &format!("playbooks/{name}.yaml"), &talk(name, family, name));
    }
    workspace
}

fn write(workspace: &Sandbox, name: &str, text: &str) {
    fs::write(workspace.path().join(name), text).expect("it is written");
}

/// Waits until a run has so many records of a type.
#[track_caller]
fn until(workspace: &Sandbox, kind: &str, run: &str, count: usize) {
    let there = || log(workspace).iter().filter(|it| it["type"] == kind && it["run"] == run).count() >= count;
    let begun = Instant::now();
    while !there() {
        assert!(begun.elapsed() < Duration::from_mins(1), "no {kind}");
        std::thread::yield_now();
    }
}

/// The rows for a period, found again by the script that does not use the program.
#[track_caller]
fn rows(workspace: &Sandbox, from: &str, to: &str) -> Value {
    let period = format!("{from}..{to}");
    let done = workspace.speaking("vi", &["report", "tasks", "--period", &period, "--format", "json"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    fs::write(workspace.path().join("tasks.json"), &done.stdout).expect("it is written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/row9.py");
    let mut python = Command::new("python3");
    python.args([script, "ledger", "tasks.json", from, to]).current_dir(workspace.path());
    let found = python.output().expect("python3 is there");
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    serde_json::from_slice(&done.stdout).expect("JSON")
}

/// The sentences of a row.
fn text_of(report: &Value, row: usize) -> String {
    let result = report["rows"][row]["result"].as_array().expect("a list");
    result.iter().filter_map(|it| it["text"].as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_came_after_a_period_changes_nothing_in_it() {
    let workspace = sandbox();
    let issued = |name: &str, number: &str, date: &str| {
        let rest = ["--number", number, "--date", date, "--signer", "Trần Thị Chi", "--file", "ban-ky.pdf"];
        workspace.ok(&[&["report", "issued", "playbook", name], &rest[..]].concat());
    };
    issued("encrypted", "45/QĐ-SKHCN", "2026-03-02");
    issued("storm", "47/QĐ-SKHCN", "2026-04-01");
    issued("encrypted", "46/QĐ-SKHCN", "2026-07-29");
    // The same document once more is not another one.
    issued("storm", "47/QĐ-SKHCN", "2026-04-01");
    let add = |words: &[&str]| workspace.ok(&[&["activity", "add"], words].concat());
    add(&["check", "Tự kiểm tra", "--date", "2026-03-01"]);
    add(&["check", "Kiểm tra chung", "--date", "2026-03-02", "--with", "Công an tỉnh"]);
    add(&["scan", "Rà quét", "--date", "2026-05-01", "--until", "2026-07-05"]);
    add(&["training", "Lớp một", "--date", "2026-02-01", "--people", "30"]);
    add(&["training", "Lớp hai", "--date", "2026-02-02"]);
    write(&workspace, "inventory/land.yaml", LAND);
    let half = || rows(&workspace, "2026-01-01", "2026-06-30");
    let report = half();
    let (eight, nine) = (text_of(&report, 0), text_of(&report, 1));
    says(
        &nine,
        &[
            "Đến ngày 30/6/2026, đã ban hành 02 kịch bản ứng phó, trong đó 0 kịch bản khi hệ thống bị lỗi, 01 kịch bản khi hệ \
             thống bị tấn công, 01 kịch bản thuộc nhóm thiên tai",
            "45/QĐ-SKHCN ngày 02/3/2026",
            "Đã phê duyệt cấp độ 01/08 hệ thống thông tin",
            "lần kiểm tra gần nhất ngày 01/6/2026",
        ],
    );
    assert!(!nine.contains("46/QĐ") && !nine.contains("chưa kết thúc"), "{nine}");
    says(&eight, &["Đã phối hợp tổ chức 01 cuộc kiểm tra", "Đã tự kiểm tra an toàn thông tin, an ninh mạng 01 cuộc"]);
    says(&eight, &["các lớp có ghi số người có 30 người; 01 lớp chưa ghi số người"]);
    assert!(!eight.contains("Rà quét"), "it is told of in the period in which it ended: {eight}");
    let later = rows(&workspace, "2026-07-01", "2026-07-31");
    says(&text_of(&later, 1), &["46/QĐ-SKHCN ngày 29/7/2026"]);
    says(&text_of(&later, 0), &["Từ ngày 01/5/2026 đến ngày 05/7/2026: Rà quét"]);
    // A decision and a check of a later day are named and do not count; a system that is being built does not either.
    let moved =
        LAND.replace("date: 2026-05-12", "date: 2026-07-20").replace("checked: 2026-06-01", "checked: 2026-07-20");
    write(&workspace, "inventory/land.yaml", &moved);
    write(
        &workspace,
        "inventory/new.yaml",
        "format: 1\nid: new\nname: \"Mới\"\nstate: building\nfacts: { class: [internal] }\n",
    );
    let nine = text_of(&half(), 1);
    says(
        &nine,
        &[
            "0/08 hệ thống; quyết định phê duyệt: (chưa có số liệu)",
            "Phần mềm phòng chống mã độc, cập nhật định kỳ: (chưa có số liệu)",
            "Không tính nội dung có ngày sau ngày 30/6/2026 của 01 hệ thống thông tin",
            "quyết định phê duyệt cấp độ số 120/QĐ-UBND ngày 20/7/2026; 01 biện pháp kiểm tra sau ngày đó, gần nhất ngày 20/7/2026",
        ],
    );
    // A day that has not come is seen before a report leaves it out.
    write(&workspace, "inventory/land.yaml", &LAND.replace("date: 2026-05-12", "date: 2099-07-20"));
    let done = workspace.run(&["check"]);
    assert_eq!(done.status.code(), Some(0), "a warning");
    says(&String::from_utf8_lossy(&done.stderr), &["warning[day-to-come]: 2099-07-20 has not come yet"]);
    // Nor was a decision made by a decree that came later.
    write(&workspace, "inventory/land.yaml", &LAND.replace("rules: nd85-2016", "rules: nd331-2026"));
    let said = String::from_utf8_lossy(&workspace.run(&["check"]).stderr).into_owned();
    says(&said, &["warning[decision-before-rules]: the decision of 2026-05-12 is of a day before"]);
}

#[test]
fn a_period_that_still_runs_says_up_to_when_it_tells_and_one_to_come_has_no_rows() {
    let workspace = sandbox();
    let rest = ["--number", "45/QĐ", "--date", "2026-03-02", "--signer", "B", "--file", "ban-ky.pdf"];
    workspace.ok(&[&["report", "issued", "playbook", "encrypted"], &rest[..]].concat());
    let report = rows(&workspace, "2026-01-01", "2099-12-31");
    let nine = text_of(&report, 1);
    says(&nine, &["khi kỳ báo cáo (đến hết ngày 31/12/2099) chưa kết thúc", "đã ban hành 01 kịch bản ứng phó"]);
    assert!(!nine.contains("Đến ngày 31/12/2099") && report["until"] != "2099-12-31", "{nine}");
    let (code, error) = workspace.refused(&["report", "tasks", "--period", "9998-01-01..9999-12-31"]);
    assert_eq!(code, 2);
    says(&error, &["period-to-come"]);
    // A report that is dated ahead tells no day that has not come, and no period.
    let ahead = |from: &str| {
        ["report", "tasks", "--date", "2098-01-01", "--format", "json", "--period", from].map(str::to_owned)
    };
    let arguments = ahead("2026-01-01..2099-12-31");
    let told = workspace.ok(&arguments.each_ref().map(String::as_str));
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert!(
        told["until"].as_str().is_some_and(|until| until < "2097") && told["attached"].to_string().contains("2098"),
        "{told}"
    );
    let (code, error) = workspace.refused(&ahead("2097-01-01..2097-12-31").each_ref().map(String::as_str));
    assert_eq!(code, 2);
    says(&error, &["period-to-come"]);
}

#[test]
fn what_was_corrected_rests_on_its_corrections_and_an_action_says_how_late_it_is_and_what_showed_it() {
    let workspace = sandbox();
    let storm = drill(&workspace, &["storm", "--tabletop"], "c\nc\n");
    let newest = || log(&workspace).last().expect("a record")["seq"].to_string();
    issue(&workspace, "minutes", &storm, "1/BB");
    let minutes = newest();
    let by = |words: &[&str]| workspace.ok(&[&["--as", "chi-huy-1"], words].concat());
    by(&["note", &storm, "Thiếu đèn", "--gap", "--basis", "memory"]);
    let gap = newest();
    let open = |what: &str, due: &str| {
        by(&["action", "add", &storm, what, "--owner", "truc-ban-1", "--due", due]);
        newest()
    };
    let (late, overdue, moved) =
        (open("Mua đèn", "1/11/2026"), open("Mua pin", "2/11/2026"), open("Học", "31/12/2098"));
    by(&["action", "done", &late, "--because", "Đã mua"]);
    let again = drill(&workspace, &["storm", "--tabletop"], "c\nc\n");
    by(&["action", "done", &late, "--retested", &again, "--because", "Đủ đèn"]);
    workspace.ok(&["activity", "add", "check", "Kiểm tra", "--date", "1/11/2026", "--number", "9/BB"]);
    let check = newest();
    for manner in ["live", "live", "tabletop"] {
        workspace.ok(&["activity", "add", "drill", "Diễn tập", "--date", "3/11/2026", "--manner", manner]);
    }
    // Marks that people set in a drill on the lab: its clock follows them.
    write(&workspace, "playbooks/hand.yaml", HAND);
    workspace.ok(&["--as", "truc-ban-1", "drill", "hand", "--lab", "--yes"]);
    let hand = log(&workspace).last().expect("a record")["run"].as_str().expect("an id").to_owned();
    let mark = |mark: &str| {
        workspace.ok(&["--as", "truc-ban-1", "mark", mark]);
        let records = log(&workspace);
        let marked = records.iter().rfind(|it| it["type"] == "marked").expect("a mark");
        (
            marked["seq"].to_string(),
            marked["at"].as_str().expect("a moment").parse::<jiff::Timestamp>().expect("a moment"),
        )
    };
    mark("detected");
    workspace.ok(&["--as", "truc-ban-1", "answer", "done"]);
    // A step of a second lies between the two questions.
    until(&workspace, "asked", &hand, 2);
    let (restored, at) = mark("restored");
    workspace.ok(&["--as", "truc-ban-1", "answer", "done"]);
    until(&workspace, "run-ended", &hand, 1);
    issue(&workspace, "minutes", &hand, "2/BB");
    let earlier = (at - jiff::SignedDuration::from_secs(1)).to_string();
    let correct = |record: &str, field: &str, to: &str| {
        let of_run: &[&str] = match record {
            _ if *record == check => &[],
            _ if *record == restored => &[&hand],
            _ => &[&storm],
        };
        by(&[&["correct"], of_run, &[record, field, "--to", to, "--because", "gõ nhầm"]].concat());
        newest()
    };
    let table = [
        (&moved, "due", "15/01/2099", format!("9.actions.{moved}.due")),
        (&moved, "owner", "chi-huy-2", format!("9.actions.{moved}.owner")),
        (&minutes, "number", "1/BB-SKHCN", format!("9.drills.{storm}.minutes")),
        (&gap, "text", "Thiếu đèn pin", format!("9.drills.{storm}.gap.{gap}")),
        (&check, "number", "19/BB", format!("8.check.{check}.number")),
        (&restored, "occurred", &earlier, format!("9.drills.{hand}.clock.restore")),
    ];
    let corrections: Vec<String> = table.iter().map(|(record, field, to, _)| correct(record, field, to)).collect();
    let nine = text_of(&rows(&workspace, "2026-01-01", "2099-12-31"), 1);
    workspace.ok(&["report", "tasks", "--period", "2026-01-01..2099-12-31", "--out", "rows.xlsx"]);
    for ((record, _, to, figure), correction) in table.iter().zip(&corrections) {
        let traced = workspace.ok(&["report", "trace", "rows.xlsx", figure, "--json"]);
        let traced: Value = serde_json::from_str(&traced).expect("JSON");
        let records: Vec<String> =
            traced["records"].as_array().expect("a list").iter().map(|it| it["seq"].to_string()).collect();
        assert!(records.contains(record) && records.contains(correction), "{figure} {to}: {records:?}");
    }
    let lines = |number: &str| -> String {
        let begin = nine.find(number).unwrap_or_else(|| panic!("{number} in {nine}"));
        nine[begin..].lines().next().unwrap_or_default().to_owned()
    };
    assert!(
        lines("Mua đèn").contains("chậm ") && lines("Mua đèn").contains(&format!("diễn tập lại: {again} ngày")),
        "{nine}"
    );
    assert!(lines("Mua pin").contains("chưa thực hiện, quá hạn ") && !overdue.is_empty(), "{nine}");
    says(&nine, &["03 cuộc diễn tập khác (nhập từ hồ sơ), gồm 02 cuộc thực chiến, 01 cuộc trên bàn"]);
    says(&nine, &["Ngày 03/11/2026: Diễn tập; diễn tập thực chiến; văn bản số"]);
}

#[test]
fn a_kind_of_activity_may_have_a_row_of_its_own_and_a_row_without_any_result_says_so() {
    let workspace = sandbox();
    let text = include_str!("../../policies/tasks/kh02-2025.yaml");
    let plan = |text: &str| {
        fs::create_dir_all(workspace.path().join("policies/tasks")).expect("a folder");
        write(&workspace, "policies/tasks/kh02-2025.yaml", text);
        let done = workspace.run(&["report", "tasks", "--period", "năm 2026", "--format", "json"]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        (serde_json::from_slice::<Value>(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}")), said)
    };
    workspace.ok(&["activity", "add", "training", "Lớp", "--date", "1/11/2026", "--people", "2.184"]);
    workspace.ok(&["activity", "add", "letter", "Văn bản", "--date", "1/11/2026"]);
    let (report, said) = plan(&text.replace("coordination: 8", "training: 8\n  coordination: 9"));
    assert!(!said.contains("assigns it to none"), "{said}");
    let (eight, nine) = (text_of(&report, 0), text_of(&report, 1));
    assert!(eight.contains("Courses held: 1, for people: 2,184") && !eight.contains("Documents"), "{eight}");
    assert!(nine.contains("Documents on information security issued: 1") && !nine.contains("Courses"), "{nine}");
    let some = text.split("results:").next().expect("a beginning").replace("rows: [8, 9] }", "rows: [9] }");
    let (report, said) = plan(&(some + "results: { drills: 9 }\n"));
    says(&said, &["assigns it to none: coordination, checks", "backups"]);
    assert_eq!(text_of(&report, 0), "(no kind of result is assigned to this task)");
    assert!(report["rows"][0]["group"].is_null() && report["rows"][1]["group"].is_string(), "{report}");
    says(&String::from_utf8_lossy(&workspace.run(&["check"]).stderr), &["warning[result-without-row]"]);
}

#[test]
fn the_sums_of_drills_add_up_and_a_drill_that_was_stopped_says_so() {
    let workspace = sandbox();
    let storm = drill(&workspace, &["storm", "--tabletop"], "c\nc\n");
    let tree = drill(&workspace, &["tree", "--tabletop"], "c\nc\n");
    workspace.ok(&["--as", "truc-ban-1", "drill", "mistake", "--tabletop", "--yes"]);
    let stopped = log(&workspace).iter().rfind(|it| it["type"] == "run-started").expect("a run")["run"].clone();
    let stopped = stopped.as_str().expect("an id");
    workspace.ok(&["--as", "chi-huy-1", "stop", stopped, "--because", "Hết giờ"]);
    until(&workspace, "run-ended", stopped, 1);
    for (run, number) in [(storm.as_str(), "1/BB"), (&tree, "2/BB"), (stopped, "3/BB")] {
        issue(&workspace, "minutes", run, number);
    }
    // Who only writes something down afterwards took no part.
    workspace.ok(&["--as", "an-ninh-1", "note", &storm, "Thiếu\nđèn pin", "--gap", "--basis", "memory"]);
    let add = ["--owner", "truc-ban-1", "--due", "2099-12-31"];
    workspace.ok(&[&["--as", "chi-huy-1", "action", "add", &storm, "Mua đèn pin"], &add[..]].concat());
    let number = log(&workspace).last().expect("a record")["seq"].to_string();
    let done = ["action", "done", &number, "--at", "2026-01-02 08:00", "--because", "Đã mua"];
    let (code, error) = workspace.refused(&[&["--as", "chi-huy-1"], &done[..]].concat());
    assert_eq!(code, 2);
    says(&error, &["done-before-opened"]);
    let nine = text_of(&rows(&workspace, "2026-01-01", "2099-12-31"), 1);
    says(
        &nine,
        &[
            "Đã tổ chức 02 cuộc diễn tập có biên bản, gồm 02 cuộc trên bàn; 01 cuộc với tình huống hệ thống bị lỗi, 0 cuộc với \
             tình huống hệ thống bị tấn công, 01 cuộc với tình huống thuộc nhóm thiên tai; 02 lượt người tham gia",
            "01 cuộc dừng giữa chừng",
            "kết quả kỹ thuật: dừng giữa chừng",
            "Đã thực hiện 01 lượt kiểm tra định kỳ có biên bản, không tính là cuộc diễn tập; 01 lượt người tham gia",
            "Thiếu đèn pin (ghi nhận ngày",
            "người chịu trách nhiệm: Cán bộ vận hành, ca 1 (truc-ban-1)",
        ],
    );
    workspace.ok(&["--as", "chi-huy-1", "void", stopped, "--because", "Nhập nhầm"]);
    let junit = workspace.ok(&["report", "run", stopped, "--format", "junit", "--out", "-"]);
    says(&junit, &["<property name=\"counts\" value=\"no\"", "<failure type=\"voided\""]);
}

#[test]
fn the_annual_report_leaves_out_what_is_dated_after_its_cut_off_and_breaks_no_day() {
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    let annual = |text: &str| -> Value {
        write(&workspace, "inventory/land.yaml", text);
        let done = workspace.at(AFTER_2026, "vi", &["report", "annual", "--year", "2026", "--format", "json"]);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).expect("JSON")
    };
    let missing = |report: &Value| {
        let of = report["missing"].as_array().expect("a list").iter().find(|it| it["system"] == "land");
        of.map(|it| it["what"].to_string()).unwrap_or_default()
    };
    let of_land = |report: &Value, column: usize| {
        let rows = report["rows"].as_array().expect("a list");
        let row = rows.iter().find(|row| row[1] == "Hệ thống đất đai").expect("the row");
        row[column].as_str().expect("a text").to_owned()
    };
    let moved = LAND.replace("date: 2026-05-12", "date: 2026-12-20").replace("date: 2026-01-10", "date: 2026-12-20");
    let report = annual(&moved);
    assert_eq!((report["totals"][4]["count"].as_u64(), &*of_land(&report, 6)), (Some(0), "(chưa có số liệu)"));
    assert_eq!(of_land(&report, 7), "(chưa có số liệu)");
    says(&missing(&report), &["Quyết định phê duyệt 120/QĐ-UBND ngày 20/12/2026", "sau ngày chốt số liệu 14/12/2026"]);
    says(
        &report["notes"].to_string(),
        &["Không tính nội dung có ngày sau ngày chốt số liệu 14/12/2026 của: Hệ thống đất đai"],
    );
    // What was in force on the day of the decision is cited; the regulation has to be of a day before it.
    for (regulation, decision, cited) in [
        ("2026-05-11", "2026-05-12", ""),
        ("2026-05-12", "2026-05-12", "khoản 7 Điều 9"),
        ("2026-09-12", "2026-09-12", "khoản 7 Điều 30"),
    ] {
        let dated = LAND.replace("2026-05-12", decision).replace("2026-01-10", regulation);
        let missing = missing(&annual(&dated));
        assert_eq!(missing.contains("Quy chế không có ngày trước"), !cited.is_empty(), "{missing}");
        says(&missing, &[cited]);
    }
    let done =
        workspace.speaking("vi", &["report", "annual", "--year", "2026", "--format", "docx", "--out", "annual.docx"]);
    assert_eq!(done.status.code(), Some(0));
    let (text, _) = printed(&workspace, "annual.docx");
    let first = text.split('\u{c}').next().expect("a page");
    assert!(text.contains("31/12/2026"), "a day stands on one line:\n{text}");
    says(first, &["(12)", "Tổng số hệ thống thông tin"]);
}
