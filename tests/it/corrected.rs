//! What documents say of a night that was entered late, consented to alone, corrected and gone on with: one thing everywhere.

use std::fs;

use super::desk::{Desk, Done};

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", position: \"Cán bộ vận hành\" }\n\
    \x20 - { id: nam, name: \"Huỳnh Nam\", position: \"Cán bộ ca 2\" }\n\
    \x20 - { id: hoa, name: \"Lê Thị Hoa\", position: \"Chuyên viên\" }\n\
    \x20 - { id: binh, name: \"Trần Văn Bình\", position: \"Phó Giám đốc\" }\n\
    roles: { commander: { holder: binh }, operator: { holder: lan } }\n";

const UNIT: &str = "format: 1\nunit: \"Sở Thử nghiệm\"\nlanguage: vi\n\
    recipients: [ { role: authority, name: \"Công an tỉnh\" } ]\n";

const NIGHT: &str = "inputs: { system: { type: system, default: site } }\n\
    roles: { operator: { title: \"Cán bộ vận hành\" }, commander: { title: \"Chỉ huy\" } }\n\
    clocks: { contain: { title: \"Thời gian khống chế\", from: detected, to: contained, limit: 1h } }\n\
    objectives:\n\
    \x20 - { id: fast, title: \"Khống chế nhanh\", measure: \"clocks.contain.seconds <= 3600\" }\n\
    \x20 - { id: slow, title: \"Khống chế chậm\", measure: \"clocks.contain.seconds > 3600\" }\n\
    steps:\n\
    \x20 - { id: cut, title: \"Xóa tệp lạ\", role: operator, run: { argv: [ \"true\" ], effect: destructive } }\n\
    \x20 - { id: stop, title: \"Ngắt mạng\", role: operator, marks: contained, manual: { do: \"Ngắt\", ask: [ { id: host, title: \"Máy nào\", type: string } ] } }\n\
    \x20 - { id: pick, title: \"Chọn bản sao\", role: commander, decide: { ask: \"Bản nào?\", options: [ { id: night, title: \"Bản đêm\" }, { id: week, title: \"Bản tuần\" } ], default: night } }\n";

/// So many minutes before these tests began: two moments of one test are as far apart as they say.
fn ago(minutes: i64) -> String {
    static BEGAN: std::sync::LazyLock<jiff::Timestamp> = std::sync::LazyLock::new(jiff::Timestamp::now);
    let moment = *BEGAN - jiff::SignedDuration::from_mins(minutes);
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An incident found 1,800 minutes ago, contained 70 minutes later.
fn night() -> (Desk, Done) {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.write("ungpho.yaml", UNIT);
    desk.write(
        "inventory/site.yaml",
        "format: 1\nid: site\nname: \"Thử leak\"\nstate: operating\nenvironment: production\n",
    );
    desk.playbook("leak", NIGHT);
    let (since, seen) = (ago(1800), ["--by", "binh", "--basis", "told", "--seen", "Tệp lạ"]);
    let begun = ["respond", "leak", "--yes", "--since", &since, "--because", "Bình gọi"];
    let begun = desk.run(&[&begun[..], &seen[..]].concat()).exits(0);
    asked(&desk, |body| body["what"] == "consent");
    let open = desk.all("asked").pop().expect("it was asked");
    let plan = open["body"]["plan"].as_str().expect("a digest").to_owned();
    desk.run(&["--as", "binh", "answer", "yes", "--plan", &plan]).exits(0);
    asked(&desk, |body| body["what"] == "second");
    desk.run(&["--as", "nam", "answer", "yes", "--second", "alone", "--because", "Không gọi được ai"]).exits(0);
    asked(&desk, |body| body["step"] == "stop");
    let at = ago(1730);
    desk.run(&["answer", "done", "--value", "host=app-01", "--at", &at, "--because", "nhập sau"]).exits(0);
    asked(&desk, |body| body["step"] == "pick");
    let decided =
        ["--as", "binh", "answer", "night", "--because", "đã đối chiếu", "--follow-up", "Nhập lại hồ sơ giấy"];
    desk.run(&decided).exits(0);
    desk.until_kind("run-ended");
    (desk, begun)
}

fn asked(desk: &Desk, about: impl Fn(&serde_json::Value) -> bool) {
    desk.until("a question", |records| records.iter().any(|it| it["type"] == "asked" && about(&it["body"])));
}

/// A document of the incident, without its markup.
fn plain(desk: &Desk, document: &[&str]) -> String {
    let (run, page) = ("SC-2026-001", ["--format", "html", "--out", "-"]);
    let page = desk.run(&[&["report"], document, &[run], &page[..]].concat()).exits(0).out;
    let cells = page.replace("</td>", " | ").replace("</tr>", "\n");
    let text = regex::Regex::new("<[^>]*>").expect("a valid pattern").replace_all(&cells, "").into_owned();
    text.replace("&quot;", "\"").replace("&gt;", ">")
}

#[track_caller]
fn has(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "`{wanted}` is not in:\n{text}");
    }
}

#[track_caller]
fn lacks(text: &str, unwanted: &[&str]) {
    for unwanted in unwanted {
        assert!(!text.contains(unwanted), "`{unwanted}` is in:\n{text}");
    }
}

/// The number of the only record of a type that `holds`.
#[track_caller]
fn seq(desk: &Desk, kind: &str, holds: impl Fn(&serde_json::Value) -> bool) -> String {
    let found: Vec<_> = desk.all(kind).into_iter().filter(|it| holds(it)).collect();
    assert_eq!(found.len(), 1, "{kind}: {found:?}");
    found[0]["seq"].to_string()
}

#[test]
fn an_objective_is_held_against_the_corrected_moment_and_the_recorded_verdict_stands_beside_it() {
    let (desk, begun) = night();
    assert_eq!(
        begun.err.matches("1 d 6 h before SC-2026-001").count(),
        1,
        "it is said once how long before it was: {}",
        begun.err
    );
    let before = plain(&desk, &["minutes"]);
    has(&before, &["1 giờ 10 phút | không đạt (#", "Mục tiêu không đạt: Khống chế nhanh"]);
    let mark = seq(&desk, "marked", |it| it["body"]["mark"] == "detected");
    let at = ago(1780);
    desk.run(&["correct", "SC-2026-001", &mark, "occurred", "--to", &at, "--because", "nhớ nhầm"]).exits(0);
    for document in ["minutes", "after-action"] {
        let after = plain(&desk, &[document]);
        has(
            &after,
            &[
                "50 phút (khi kết thúc: 01 giờ 10 phút) | đạt (khi kết thúc: không đạt) (#",
                "50 phút (khi kết thúc: 01 giờ 10 phút) | không đạt (khi kết thúc: đạt) (#",
            ],
        );
        lacks(&after, &["Mục tiêu không đạt: Khống chế nhanh", "Không đạt mục tiêu: Khống chế nhanh"]);
    }
    has(&plain(&desk, &["after-action"]), &["Không đạt mục tiêu: Khống chế chậm", "Đạt 01 trên 02 mục tiêu đo được"]);
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn who_consented_and_how_who_took_part_and_what_is_next_is_one_thing_in_every_document() {
    let (desk, _) = night();
    let minutes = plain(&desk, &["minutes"]);
    let alone = "Xóa tệp lạ: không có người xác nhận thứ hai: Huỳnh Nam tự đồng ý; chỉ huy CHƯA xác nhận";
    has(&minutes, &[alone, "Huỳnh Nam tự đồng ý một mình", "Việc tiếp theo: Nhập lại hồ sơ giấy."]);
    has(&minutes, &["(nhập sau; Máy nào: app-01)", "(người ghi: Nguyễn Thị Lan)"]);
    lacks(&minutes, &["người thứ hai đồng ý", "trả lời: đồng ý"]);
    // The course is of two days: no row is without its day.
    let course = &minutes[minutes.find("DIỄN BIẾN THEO").expect("a course")..];
    let course = &course[..course.find("NGHĨA VỤ THÔNG BÁO").expect("duties")];
    let rows: Vec<&str> = course.lines().filter(|line| line.contains(" giây")).collect();
    assert!(rows.len() > 6 && rows.iter().all(|row| row.contains(" giây, ngày ")), "{rows:#?}");

    let consent = seq(&desk, "consented", |it| it["body"]["manner"] == "alone");
    desk.run(&["--as", "binh", "confirm", "SC-2026-001", &consent, "--because", "đã nghe báo"]).exits(0);
    let answer = seq(&desk, "answered", |it| it["actor"] == "lan");
    let to_hoa = ["correct", "SC-2026-001", &answer, "actor", "--to", "hoa", "--because", "Hoa làm"];
    desk.run(&to_hoa).exits(0);
    desk.run(&["--as", "hoa", "note", "SC-2026-001", "Gọi điện nhiều", "--gap"]).exits(0);
    desk.run(&["mark", "SC-2026-001", "closed", "--because", "ổn định"]).exits(0);
    let closed = seq(&desk, "marked", |it| it["body"]["mark"] == "closed");
    let confirmed = seq(&desk, "confirmed", |_| true);
    let minutes = plain(&desk, &["minutes"]);
    has(&minutes, &["Huỳnh Nam tự đồng ý; Trần Văn Bình đã xác nhận", &format!("#{confirmed})")]);
    has(&minutes, &["Lê Thị Hoa | Chuyên viên | ", "người thực hiện: Nguyễn Thị Lan → Lê Thị Hoa"]);
    assert!(minutes.contains(&format!("(#{closed})./.")), "the mark ends it:\n{minutes}");
    let after = plain(&desk, &["after-action"]);
    has(&after, &["Thành phần: 04 người", "Nhập lại hồ sơ giấy – Trần Văn Bình", "Gọi điện nhiều – Lê Thị Hoa"]);
    assert!(after.contains(&format!("(#{closed})")), "{after}");
    let run = desk.run(&["report", "run", "SC-2026-001", "--format", "md", "--out", "-", "--lang", "vi"]).exits(0).out;
    has(&run, &["Việc tiếp theo: Nhập lại hồ sơ giấy.", "Trần Văn Bình đã xác nhận"]);

    // What is refused leaves nothing behind.
    let objects = || walk(&desk.root().join("ledger/objects"));
    let before = objects();
    let late = ["answer", "SC-2026-001", "q2", "yes", "--second", "alone", "--because", "muộn"];
    desk.run(&late).exits(1).says(&["no-longer-asked"]);
    assert_eq!(objects(), before);
    desk.run(&["correct", "SC-2026-001", "actor", "--to", "lan", "--because", "x"]).exits(2).says(&["#"]);
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    entries.map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { 1 }).sum()
}

#[test]
fn duties_are_told_by_name_as_of_the_newest_record_and_the_same_ledger_gives_the_same_document() {
    let (desk, _) = night();
    desk.run(&["classify", "SC-2026-001", "--serious", "yes", "--personal-data", "yes", "--because", "lộ"]).exits(0);
    let sent = ["sent", "SC-2026-001", "anm-24", "--role", "authority", "--number", "15/TB-STN"];
    desk.run(&sent).exits(0);
    desk.run(&["notice", "SC-2026-001", "breach-minutes"]).exits(0);
    desk.run(&["notice", "SC-2026-001", "incident-report"]).exits(0);
    let paper = |out: &str| {
        let paper = ["report", "notice", "SC-2026-001", "incident-report", "--format", "html", "--out", out];
        desk.run(&[&paper[..], &["--lang", "vi"]].concat()).exits(0)
    };
    assert!(!paper("n.html").err.contains("soạn lại"), "nothing came after it");
    let mark = seq(&desk, "marked", |it| it["body"]["mark"] == "detected");
    let at = ago(1790);
    desk.run(&["correct", "SC-2026-001", &mark, "occurred", "--to", &at, "--because", "nhớ nhầm"]).exits(0);
    let correction = seq(&desk, "corrected", |_| true);
    let said = paper("n.html").err;
    has(&said, &[&format!("#{correction}"), "soạn lại: `ungpho notice SC-2026-001 incident-report`"]);

    let minutes = plain(&desk, &["minutes"]);
    let named = "Đã gửi văn bản \"Thông báo ban đầu về sự cố nghiêm trọng\", số 15/TB-STN, nơi nhận: Công an tỉnh";
    has(&minutes, &[named, "Chưa ghi việc gửi; chưa đến hạn tính đến ", " | Đã soạn lúc "]);
    lacks(&minutes, &["\"anm-24\"", "chưa đến hạn khi kết thúc"]);
    let breach = plain(&desk, &["minutes", "--kind", "data-breach"]);
    has(&breach, &["Xác nhận vi phạm quy định về bảo vệ dữ liệu cá nhân đối với Thử leak"]);

    // Ten days on nobody has recorded anything: the document is the same, byte for byte.
    let on = |days: i64| {
        let day = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(days * 24);
        let mut command = desk.command(&[
            "report",
            "after-action",
            "SC-2026-001",
            "--format",
            "html",
            "--out",
            "-",
            "--date",
            "2026-12-01",
        ]);
        command.env("UNGPHO_TEST_CLOCK", day.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        String::from_utf8(command.output().expect("it runs").stdout).expect("text")
    };
    let first = on(1);
    assert!(first.contains("Chưa ghi việc gửi"), "{first}");
    assert_eq!(first, on(10));
    // What is recorded ten days on is a moment of which the ledger knows that nothing was sent.
    let day = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(240);
    let mut note = desk.command(&["note", "SC-2026-001", "Vẫn chờ"]);
    note.env("UNGPHO_TEST_CLOCK", day.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    assert!(note.status().expect("it runs").success());
    let late = plain(&desk, &["minutes"]);
    has(&late, &["Chưa ghi việc gửi; đã quá hạn tính đến ", "Nghĩa vụ quá hạn hoặc thực hiện muộn: Thông báo ban đầu"]);
    // The clock stepped, but not in the run.
    lacks(&late, &["Đồng hồ máy thay đổi đột ngột"]);
}

#[test]
fn the_documents_of_a_run_that_counts_for_nothing_show_what_is_to_be_put_right() {
    let (desk, _) = night();
    let add = ["action", "add", "SC-2026-001", "Bật xác thực hai lớp", "--owner", "hoa", "--due", "2027-12-31"];
    desk.run(&add).exits(0);
    desk.run(&["void", "SC-2026-001", "--because", "báo nhầm"]).exits(0);
    let after = plain(&desk, &["after-action"]);
    has(&after, &["Bật xác thực hai lớp (#", "Lê Thị Hoa", "lượt đã bị hủy bỏ; chưa thực hiện"]);
    lacks(&after, &["Chưa ghi việc khắc phục nào"]);
    assert!(!desk.run(&["action", "list"]).out.contains("Bật xác thực"), "it counts for nothing");
}

#[test]
fn in_a_drill_a_file_gives_nobody_a_part() {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook("talk", "steps:\n  - { id: look, title: \"Xem\", manual: { do: \"Xem\" } }\n");
    desk.run(&["drill", "talk", "--tabletop", "--yes"]).exits(0);
    asked(&desk, |body| body["step"] == "look");
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    desk.run(&["--as", "binh", "conclude", "DT-2026-001", "passed", "--because", "đủ"]).exits(0);
    let page = desk.run(&["report", "after-action", "--format", "html", "--out", "-"]).exits(0).out;
    let people = &page[page.find("DANH SÁCH THAM GIA").expect("the annex")..];
    let text = regex::Regex::new("<[^>]*>").expect("a valid pattern").replace_all(people, "|").into_owned();
    for (name, part) in [("Nguyễn Thị Lan", "tham gia"), ("Trần Văn Bình", "chủ trì")] {
        let row = text.find(name).map(|at| &text[at..at + 160]).unwrap_or_default();
        assert!(row.contains(&format!("|{part}|")), "{name}: {row}\n{text}");
    }
    lacks(&text, &["commander", "operator", "Chỉ huy ứng phó"]);
}

#[test]
fn a_step_that_an_answer_ended_moves_with_it_and_what_was_entered_says_that_it_was_corrected() {
    let (desk, _) = night();
    let asked = desk.all("asked").into_iter().find(|it| it["body"]["step"] == "stop").expect("it was asked");
    let answer = seq(&desk, "answered", |it| it["body"]["question"] == asked["body"]["question"]);
    let run = ["--as", "lan", "correct", "SC-2026-001"];
    let correct =
        |to: &str| desk.run(&[&run[..], &[&answer, "occurred", "--to", to, "--because", "xem lại sổ trực"]].concat());
    let later = desk.all("run-ended")[0]["at"].as_str().expect("a moment").to_owned();
    correct(&later).exits(2).says(&["after-it-was-written", &answer]);
    assert!(desk.all("corrected").is_empty());
    correct(&ago(1700)).exits(0);
    let page = plain(&desk, &["minutes"]);
    let row = page.lines().find(|line| line.contains("Ngắt mạng: đã thực hiện")).unwrap_or_else(|| panic!("{page}"));
    assert!(row.contains(&format!("#{answer}–#")), "one line, with the answer, the step's end and its mark: {row}");
    assert!(!page.contains("Chương trình | 2. Ngắt mạng"), "{page}");
    let corrected = seq(&desk, "corrected", |_| true);
    has(&page, &[&format!("sau đó được đính chính #{corrected}")]);
}
