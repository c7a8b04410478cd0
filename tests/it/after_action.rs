//! The after-action report, and before the day the plan and the script of an exercise.

use std::fs;

use super::desk::Desk;
use super::minutes::{close, pdf, told};

const UNIT: &str = "format: 1\nunit: \"Sở Khoa học và Công nghệ\"\nparent: \"Ủy ban nhân dân tỉnh Quảng Ngãi\"\n\
    symbol: SKHCN\nplace: \"Quảng Ngãi\"\nlanguage: vi\nsigners: [ { position: \"Giám đốc\", name: \"Lê Văn Cường\" } ]\n";

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", position: \"Cán bộ vận hành\" }\n\
    \x20 - { id: minh, name: \"Hồ Minh\" }\n\
    \x20 - { id: hoa, name: \"Đỗ Hoa\" }\n\
    roles: { operator: { holder: lan } }\n";

const SYSTEM: &str = "format: 1\nid: portal\nname: \"Cổng thông tin điện tử\"\nobjectives: { rto: 1s, rpo: 24h }\n";

const TALK: &str = r#"
tasks: [kh02-2025/9]
inputs:
  system: { type: system, default: portal }
roles:
  operator: { title: "Cán bộ vận hành" }
objectives:
  - { id: told, title: "Thông báo trong 30 phút", measure: "steps.tell.minutes <= 30" }
  - { id: calm, title: "Phối hợp đúng vai" }
steps:
  - { id: see, title: "Phát hiện", role: operator, manual: { do: "Xem" }, marks: detected }
  - { id: tell, title: "Thông báo cho dân", role: operator, manual: { do: "Gửi", ask: [ { id: minutes, title: "Sau mấy phút", type: integer } ] }, marks: restored }
"#;

const EXERCISE: &str = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\n\
    plan: { number: \"12/KH-SKHCN\", date: 2026-11-02 }\napprover: \"Giám đốc Sở\"\nplace: \"Phòng họp A\"\n\
    participants:\n  - { person: lan, part: player }\n  - { person: minh, part: facilitator }\n\
    \x20 - { person: hoa, part: evaluator }\n  - { name: \"Trần Văn Bảy\", unit: \"Công an tỉnh\", part: evaluator }\n\
    injects:\n  - { at: 2h, to: operator, text: \"Trang chủ bị thay\", expect: \"Báo cáo chỉ huy\", by: facilitator }\n";

fn planned() -> Desk {
    let desk = Desk::new();
    desk.write("ungpho.yaml", UNIT);
    desk.write("people.yaml", PEOPLE);
    desk.write("inventory/portal.yaml", SYSTEM);
    desk.playbook("talk", TALK);
    fs::create_dir_all(desk.root().join("exercises")).expect("made");
    desk.write("exercises/q4.yaml", EXERCISE);
    desk
}

/// A drill of people that told after 45 minutes, was scored by two, and led to two actions.
fn drilled() -> Desk {
    let desk = planned();
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]).exits(0);
    let asked = |count: usize| {
        desk.until("a question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= count);
    };
    asked(1);
    desk.run(&["answer", "done"]).exits(0);
    asked(2);
    desk.run(&["answer", "done", "--value", "minutes=45"]).exits(0);
    desk.until("the end", |records| records.iter().any(|it| it["type"] == "run-ended"));
    let run = "DT-2026-001";
    for arguments in [
        &["--as", "hoa", "score", run, "told", "M", "--because", "Chưa có mẫu"][..],
        &["--as", "minh", "score", run, "told", "S", "--participant", "4", "--because", "Gửi chậm"],
        &["--as", "hoa", "score", run, "calm", "P", "--because", "Đúng vai"],
        &["note", run, "Phát hiện ngay", "--strength"],
        &["note", run, "Mẫu thông báo chưa có", "--gap", "--because", "Quy trình chưa ban hành"],
        &["action", "add", run, "Lập mẫu thông báo", "--owner", "lan", "--due", "2026-01-31", "--objective", "told"],
        &["action", "add", run, "Tăng người trực", "--owner-name", "Văn phòng Sở", "--due", "31/12/2099"],
    ] {
        desk.run(arguments).exits(0);
    }
    desk
}

/// Each of `parts` follows the one before it in `text`.
#[track_caller]
fn in_order(text: &str, parts: &[&str]) {
    let text = close(text);
    let mut at = 0;
    for part in parts {
        let found = text[at..].find(&close(part));
        at += found.unwrap_or_else(|| panic!("`{part}` does not follow:\n{text}")) + close(part).len();
    }
}

#[test]
fn the_report_sets_measured_against_set_and_scores_side_by_side_and_gives_none_of_its_own() {
    let desk = drilled();
    let arguments = ["report", "after-action", "--number", "7", "--date", "2026-02-06", "--lang", "vi", "--out"];
    desk.run(&[&arguments[..], &["bc.docx"]].concat()).exits(0);
    pdf(&desk, "bc.docx");
    let text = told(&desk, "pdftotext", &["-layout", "bc.pdf", "-"]);
    in_order(
        &text,
        &[
            "Số: 07/BC-SKHCN",
            "Quảng Ngãi, ngày 06 tháng 02 năm 2026",
            "BÁO CÁO",
            "Kết quả diễn tập ứng phó tình huống \"Thử talk\"",
            "I. TÌNH HÌNH TỔ CHỨC",
            "Kế hoạch: số 12/KH-SKHCN ngày 02/11/2026",
            "II. KẾT QUẢ",
            "Thời gian đo được so với mục tiêu đặt ra",
            "Mục tiêu, căn cứ đo được",
            "III. ĐÁNH GIÁ",
            "Phát hiện ngay – Nguyễn Thị Lan",
            "P cho mục tiêu \"Phối hợp đúng vai\"; lý do: Đúng vai – Đỗ Hoa",
            "Tồn tại, hạn chế và nguyên nhân",
            "Mẫu thông báo chưa có; nguyên nhân: Quy trình chưa ban hành",
            "Không đạt mục tiêu: Thông báo trong 30 phút",
            "M cho mục tiêu \"Thông báo trong 30 phút\"; lý do: Chưa có mẫu – Đỗ Hoa",
            "S cho mục tiêu \"Thông báo trong 30 phút\"; lý do: Gửi chậm – Trần Văn Bảy",
            "IV. BÀI HỌC KINH NGHIỆM, KIẾN NGHỊ",
            "(chưa có số liệu)",
            "V. KẾ HOẠCH KHẮC PHỤC",
            "Lập mẫu thông báo",
            "31/01/2026",
            "Tăng người trực",
            "31/12/2099",
            "./.",
            "GIÁM ĐỐC",
            "Phụ lục I",
            "Phụ lục II",
            "Trần Văn Bảy",
            "Phụ lục III",
            "Mã chốt sổ:",
        ],
    );
    // Side by side: one row with the measured grounds and both letters.
    let page = desk.run(&[&arguments[..], &["-", "--format", "html"]].concat()).exits(0).out;
    let plain = regex::Regex::new("<[^>]*>").expect("a valid pattern").replace_all(&page, "|").into_owned();
    let row = plain.split("Thông báo trong 30 phút").nth(1).expect("the objective's row");
    let row = &row[..row.find("Phối hợp đúng vai").expect("the next row")];
    in_order(row, &["không đạt", "steps.tell.minutes &lt;= 30", "M (#", "S (#"]);
    // The records that the letters rest on are those of the scores.
    for record in desk.all("scored") {
        assert!(plain.contains(&format!("(#{})", record["seq"])), "{record}");
    }
    assert!(close(&plain).contains(&close("quá hạn 6 ngày")), "overdue on the document's day");
}

#[test]
fn the_same_record_gives_the_same_bytes_and_a_changed_one_is_refused() {
    let desk = drilled();
    let make = |file: &str, more: &[&str]| desk.run(&[&["report", "after-action", "--out", file], more].concat());
    make("a.docx", &[]).exits(0);
    make("b.docx", &[]).exits(0);
    let read = |file: &str| fs::read(desk.root().join(file)).expect("it was made");
    assert_eq!(read("a.docx"), read("b.docx"));
    desk.run(&["--as", "lan", "sign", "DT-2026-001"]);
    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    fs::write(&log, text.replacen("\"rating\":\"M\"", "\"rating\":\"P\"", 1)).expect("written");
    make("c.docx", &[]).exits(4).says(&["document-unverified"]);
    assert!(!desk.root().join("c.docx").exists());
    make("c.html", &["--unverified", "--format", "html", "--lang", "vi"]).exits(4);
    let page = fs::read_to_string(desk.root().join("c.html")).expect("the page");
    assert!(page.contains("SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT"), "stamped");
}

#[test]
fn a_technical_check_is_not_called_a_drill() {
    let desk = planned();
    desk.run(&["drill", "talk", "--tabletop", "--unattended", "--yes"]).exits(0);
    let page = desk.run(&["report", "after-action", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    assert!(page.contains("Kết quả kiểm tra kỹ thuật") && !page.contains("Kết quả diễn tập"));
    assert!(page.contains("đây là kiểm tra kỹ thuật, không phải diễn tập"));
}

#[test]
fn the_plan_is_for_everybody_and_the_script_for_the_organisers() {
    let desk = planned();
    desk.run(&["report", "plan", "q4", "--out", "kh.docx", "--lang", "vi"]).exits(0);
    pdf(&desk, "kh.docx");
    let plan = told(&desk, "pdftotext", &["-layout", "kh.pdf", "-"]);
    let parts = [
        "Số: 12/KH-SKHCN",
        "Quảng Ngãi, ngày 02 tháng 11 năm 2026",
        "KẾ HOẠCH",
        "Kế hoạch số 02-KH/BCĐTW ngày 19/6/2025, nhiệm vụ 9",
        "I. MỤC ĐÍCH, YÊU CẦU",
        "Thông báo trong 30 phút",
        "II. NỘI DUNG",
        "Cổng thông tin điện tử",
        "III. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN",
        "Phòng họp A",
        "IV. KINH PHÍ",
        "(chưa có số liệu)",
        "V. TỔ CHỨC THỰC HIỆN",
        "Nơi nhận:",
        "Phụ lục I",
        "Trần Văn Bảy",
    ];
    in_order(&plan, &parts);
    for hidden in ["Trang chủ bị thay", "Báo cáo chỉ huy", "Thông báo cho dân"] {
        assert!(!close(&plan).contains(&close(hidden)), "{hidden} in {plan}");
    }
    let script = ["--as", "minh", "report", "script", "q4", "--lang", "vi", "--out"];
    desk.run(&[&script[..], &["kb.docx"]].concat()).exits(0);
    pdf(&desk, "kb.docx");
    let text = told(&desk, "pdftotext", &["-layout", "kb.pdf", "-"]);
    let parts = [
        "KỊCH BẢN DIỄN TẬP",
        "I. THÔNG TIN CHUNG",
        "II. BỐI CẢNH, GIẢ ĐỊNH",
        "dấu hiệu",
        "III. MỤC TIÊU",
        "RTO đặt ra của Cổng thông tin điện tử: 1 giây",
        "IV. VAI TRÒ",
        "V. DIỄN BIẾN",
        "2 giờ",
        "VI. ĐIỀU KIỆN DỪNG, HOÀN TÁC",
        "VII. AN TOÀN",
        "Phụ lục I",
        "Thông báo cho dân",
    ];
    in_order(&text, &parts);
    assert!(close(&told(&desk, "pdftotext", &["kb.pdf", "-"])).contains(&close("Trang chủ bị thay")));
    for page in text.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        assert!(page.contains("KHÔNG ĐƯA CHO NGƯỜI THAM GIA"), "{page}");
    }
    desk.run(&["report", "script", "q4"]).exits(2).says(&["not-your-part"]);
    desk.run(&["report", "plan", "q5"]).exits(2).says(&["unknown-exercise"]);
}

#[test]
fn the_plan_of_a_live_drill_tells_nothing_of_the_scenario_and_a_sealed_script_is_elsewhere() {
    let desk = planned();
    let live = "live: { aims: \"Phát hiện sớm\", players: \"Đội phòng thủ\", tools: \"nmap\", extent: \"Chỉ dò quét\", time: \"08 giờ đến 11 giờ\" }\n";
    desk.write("exercises/tc.yaml", &(EXERCISE.replace("mode: tabletop", "mode: live") + live));
    let page = desk.run(&["report", "plan", "tc", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    for told in ["Phát hiện sớm", "Chỉ dò quét", "Chỉ thị số 60/CT-BTTTT", "Không công bố kịch bản"]
    {
        assert!(page.contains(told), "{told}");
    }
    for hidden in ["Thử talk", "Trang chủ bị thay", "Thông báo trong 30 phút", "Cổng thông tin điện tử", "giấy"]
    {
        assert!(!page.contains(hidden), "{hidden}");
    }
    desk.run(&["exercise", "seal", "tc", "--out", "exercises/sealed.yaml"]).exits(0);
    desk.run(&["--as", "minh", "report", "script", "sealed"]).exits(2).says(&["script-elsewhere"]);
}
