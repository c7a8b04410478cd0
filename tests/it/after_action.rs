//! The after-action report, and before the day the plan and the script of an exercise.

use std::fs;

use super::desk::Desk;
use super::minutes::{close, pdf, told};

pub(super) const UNIT: &str = "format: 1\nunit: \"Sở Khoa học và Công nghệ\"\nparent: \"Ủy ban nhân dân tỉnh Quảng Ngãi\"\n\
    symbol: SKHCN\nplace: \"Quảng Ngãi\"\nlanguage: vi\nsigners: [ { position: \"Giám đốc\", name: \"Lê Văn Cường\" } ]\n";

pub(super) const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", position: \"Cán bộ vận hành\" }\n\
    \x20 - { id: minh, name: \"Hồ Minh\" }\n\
    \x20 - { id: hoa, name: \"Đỗ Hoa\" }\n\
    roles: { operator: { holder: lan } }\n";

const SYSTEM: &str = "format: 1\nid: portal\nname: \"Cổng thông tin điện tử\"\nobjectives: { rto: 1s, rpo: 24h }\n";

pub(super) const TALK: &str = r#"
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

pub(super) const EXERCISE: &str = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\n\
    plan: { number: \"12/KH-SKHCN\", date: 2026-11-02 }\napprover: \"Giám đốc Sở\"\nplace: \"Phòng họp A\"\nbudget: \"15 triệu đồng, nguồn chi thường xuyên\"\n\
    participants:\n  - { person: lan, part: player }\n  - { person: minh, part: facilitator }\n\
    \x20 - { person: hoa, part: evaluator }\n  - { name: \"Trần Văn Bảy\", unit: \"Công an tỉnh\", position: \"Đội trưởng\", part: evaluator }\n\
    injects:\n  - { at: 2h, to: operator, text: \"Trang chủ bị thay\", expect: \"Báo cáo chỉ huy\", criterion: \"Báo trong 10 phút\", by: facilitator }\n";

pub(super) fn planned() -> Desk {
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
pub(super) fn drilled() -> Desk {
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
        &["note", run, "In sẵn danh bạ cho bộ phận một cửa", "--lesson", "--because", "Mạng mất thì không tra được"],
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
            "Kế hoạch: số 12/KH-SKHCN, ngày 02 tháng 11 năm 2026",
            "II. KẾT QUẢ",
            "Thời gian đo được so với mục tiêu đặt ra",
            "Mục tiêu, căn cứ đo được",
            "Các tình huống",
            "Tiêu chí đạt:",
            "III. ĐÁNH GIÁ",
            "Phát hiện ngay – Nguyễn Thị Lan",
            "S cho mục tiêu \"Thông báo trong 30 phút\"; lý do: Gửi chậm – Trần Văn Bảy",
            "P cho mục tiêu \"Phối hợp đúng vai\"; lý do: Đúng vai – Đỗ Hoa",
            "Tồn tại, hạn chế và nguyên nhân",
            "Mẫu thông báo chưa có; nguyên nhân: Quy trình chưa ban hành",
            "Không đạt mục tiêu: Thông báo trong 30 phút; thực tế: 45",
            "M cho mục tiêu \"Thông báo trong 30 phút\"; lý do: Chưa có mẫu – Đỗ Hoa",
            "IV. BÀI HỌC KINH NGHIỆM, KIẾN NGHỊ",
            "In sẵn danh bạ cho bộ phận một cửa; lý do: Mạng mất thì không tra được – Nguyễn Thị Lan",
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
    in_order(row, &["Sau mấy phút (bước 2) không quá 30", "45", "không đạt (#", "M (#", "S (#"]);
    assert!(!page.contains("steps.tell"), "no expression is left");
    // The records that the letters rest on are those of the scores.
    for record in desk.all("scored") {
        assert!(plain.contains(&format!("(#{})", record["seq"])), "{record}");
    }
    assert!(close(&plain).contains(&close("quá hạn 06 ngày")), "overdue on the document's day");
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
        "Căn cứ Kế hoạch số 02-KH/BCĐTW ngày 19 tháng 6 năm 2025 của Ban Chỉ đạo Trung ương (nhiệm vụ 9);",
        "Căn cứ khoản 3 Điều 31 Nghị định số 331/2026/NĐ-CP ngày 19 tháng 8 năm 2026 của Chính phủ.",
        "I. MỤC ĐÍCH, YÊU CẦU",
        "Thông báo trong 30 phút",
        "II. NỘI DUNG",
        "Cổng thông tin điện tử",
        "III. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN",
        "Phòng họp A",
        "IV. KINH PHÍ",
        "15 triệu đồng, nguồn chi thường xuyên.",
        "Thông tư số 121/2018/TT-BTC",
        "V. TỔ CHỨC THỰC HIỆN",
        "Nơi nhận:",
        "Phụ lục",
        "(Kèm theo Kế hoạch số 12/KH-SKHCN ngày 02 tháng 11 năm 2026 của Sở Khoa học và Công nghệ)",
        "Trần Văn Bảy",
    ];
    in_order(&plan, &parts);
    assert!(!plan.contains("Phụ lục I"), "one annex alone has no number:\n{plan}");
    assert!(close(&plan).contains(&close("tại Phụ lục kèm theo Kế hoạch này")), "{plan}");
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
        "RTO đặt ra của Cổng thông tin điện tử: 01 giây",
        "IV. VAI TRÒ",
        "V. DIỄN BIẾN",
        "02 giờ",
        "VI. ĐIỀU KIỆN DỪNG, HOÀN TÁC",
        "VII. AN TOÀN",
        "Phụ lục",
        "Thông báo cho dân",
    ];
    in_order(&text, &parts);
    assert!(!told(&desk, "pdffonts", &["kb.pdf"]).contains("Courier"), "one typeface throughout");
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

/// The words of a page without its stamps, and those of a document's text: letters only.
fn words_of(desk: &Desk, made: &[&str], file: &str) -> (String, String) {
    let whole = |format: &str, out: &str| {
        desk.run(&[made, &["--lang", "vi", "--format", format, "--out", out]].concat()).exits(0)
    };
    whole("docx", file);
    let page = whole("html", "-").out;
    let mut package = zip::ZipArchive::new(fs::File::open(desk.root().join(file)).expect("made")).expect("a package");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut package.by_name("word/document.xml").expect("its text"), &mut text)
        .expect("read");
    let without =
        |text: &str, pattern: &str| regex::Regex::new(pattern).expect("a pattern").replace_all(text, "").into_owned();
    let plain = |text: &str| {
        let text = without(text, "<[^>]*>").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        close(&text.replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&")).replace('\u{a0}', "")
    };
    let body = without(&page, "(?s)^.*<body>|<p class=\"stamp screen\">[^<]*</p>");
    (plain(&body), plain(&text))
}

#[test]
fn the_page_says_what_the_document_says() {
    let desk = drilled();
    let minh = ["--as", "minh"];
    for (name, made) in [
        ("bc", &["report", "after-action"][..]),
        ("kh", &["report", "plan", "q4"]),
        ("kb", &["report", "script", "q4"]),
    ] {
        let (page, document) = words_of(&desk, &[&minh[..], made].concat(), &format!("{name}.docx"));
        assert!(document.chars().count() > 500, "{name}");
        // The heading's two columns are rows in one and columns in the other: below it word for word, in it letter for letter.
        let split = |text: &str| {
            let kinds = ["BÁOCÁO", "KẾHOẠCH", "KỊCHBẢNDIỄNTẬP"];
            let at = kinds.iter().find_map(|kind| text.find(kind)).expect("the kind");
            let mut head: Vec<char> = text[..at].chars().collect();
            head.sort_unstable();
            (head, text[at..].to_owned())
        };
        assert_eq!(split(&page), split(&document), "{name}");
    }
}

#[test]
fn people_stand_by_name_and_position_and_only_those_who_took_part_are_counted() {
    let desk = drilled();
    desk.run(&["--as", "kim", "note", "DT-2026-001", "Ghi sau"]).exits(0);
    let page = desk.run(&["report", "after-action", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    let plain = regex::Regex::new("<[^>]*>").expect("a valid pattern").replace_all(&page, "|").into_owned();
    // Lan answered, Hoa scored, Bảy was scored for; Minh gave nothing but the entries of another.
    let list = &plain[plain.find("DANH SÁCH THAM GIA").expect("the annex")..];
    in_order(
        list,
        &["Nguyễn Thị Lan", "Cán bộ vận hành", "Hồ Minh", "Đỗ Hoa", "Trần Văn Bảy", "Đội trưởng, Công an tỉnh"],
    );
    for id in ["kim", "operator"] {
        assert!(!list.contains(&format!("|{id}")), "{id} in {list}");
    }
    // In the minutes, that somebody was scored for is a record of theirs.
    let page = desk.run(&["report", "minutes", "--format", "html", "--out", "-"]).exits(0).out;
    let plain = regex::Regex::new("(<[^>]*>|\\s)+").expect("a valid pattern").replace_all(&page, "|").into_owned();
    let row = &plain[plain.find("Bảy|").expect("the row")..];
    let row: String = row.chars().take(60).collect();
    assert!(row.contains("sổ|chứng|cứ"), "{row}");
}

#[test]
fn strengths_are_what_people_say_and_one_sentence_on_what_was_met() {
    let desk = planned();
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]).exits(0);
    let asked = |count: usize| {
        desk.until("a question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= count);
    };
    asked(1);
    desk.run(&["answer", "done"]).exits(0);
    asked(2);
    desk.run(&["answer", "done", "--value", "minutes=20"]).exits(0);
    desk.until("the end", |records| records.iter().any(|it| it["type"] == "run-ended"));
    let page = desk.run(&["report", "after-action", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    let plain = regex::Regex::new("<[^>]*>").expect("a valid pattern").replace_all(&page, "|").into_owned();
    let part = |from: &str, to: &str| {
        let rest = &plain[plain.find(from).unwrap_or_else(|| panic!("{from} in {plain}"))..];
        rest[..rest.find(to).unwrap_or_else(|| panic!("{to} in {plain}"))].to_owned()
    };
    let strengths = part("Ưu điểm", "Tồn tại");
    let measured = desk.all("objective-measured");
    let told = measured.iter().find(|it| it["body"]["objective"] == "told").expect("measured");
    assert!(strengths.contains(&format!("Đạt 01 trên 01 mục tiêu đo được (#{})", told["seq"])), "{strengths}");
    assert!(!strengths.contains("Thông báo trong 30 phút"), "each objective is not told again: {strengths}");
    assert!(part("Tồn tại", "BÀI HỌC").contains("(chưa có số liệu)"), "{plain}");
    assert!(part("BÀI HỌC", "KẾ HOẠCH KHẮC PHỤC").contains("(chưa có số liệu)"), "nobody noted a lesson");
}

#[test]
fn the_script_of_a_lab_drill_tells_faults_in_words_its_own_injects_and_both_targets() {
    let desk = planned();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/samples/quang-ngai/inventory/one-stop.yaml");
    desk.write("inventory/one-stop.yaml", &fs::read_to_string(sample).expect("the sample ships"));
    let lab =
        EXERCISE.replace("playbook: talk", "playbook: ransomware-one-stop").replace("mode: tabletop", "mode: lab");
    let lab = lab.replace("by: facilitator }", "by: facilitator, with: [commander, security] }");
    desk.write("exercises/lab.yaml", &lab);
    let made = desk.run(&["--as", "minh", "report", "script", "lab", "--format", "html", "--out", "-", "--lang", "vi"]);
    let page = made.exits(0).out;
    let plain = regex::Regex::new("<[^>]*>").expect("a valid pattern").replace_all(&page, "|").into_owned();
    in_order(
        &plain,
        &[
            "toàn bộ dữ liệu bị mã hóa, có thông báo đòi tiền chuộc: Hệ thống",
            "đo bằng: thời gian khôi phục (RTO) không quá 30 phút",
            ": đo theo mục tiêu của môi trường diễn tập (RTO 30 phút, RPO 03 ngày)",
            "RTO 04 giờ, RPO 01 ngày; không được đo",
            "V. DIỄN BIẾN",
            "Sau bước",
            "Chờ dịch vụ hoạt động ổn định trước khi tạo lỗi",
            "Toàn bộ dữ liệu bị mã hóa",
            "Bộ phận một cửa báo: không mở được hồ sơ",
            "Cán bộ vận hành xác minh trên máy chủ",
            "02 giờ",
            "Trang chủ bị thay (người điều hành đưa ra, tình huống số 1)",
            "Báo cáo chỉ huy",
            "Cán bộ vận hành",
            "Chỉ huy ứng phó; Cán bộ chuyên trách về an ninh mạng",
            "Báo trong 10 phút",
            "VII. AN TOÀN",
            "Phụ lục",
            "đóng cửa vào của người dân",
            "hoàn tác: mở lại cửa vào của người dân",
            "không có hoàn tác",
        ],
    );
    for id in ["encrypt", "begin_fault", "clocks.", "inputs.", "RTO đặt ra của"] {
        assert!(!plain.contains(id), "{id}");
    }
    let everybody = desk.run(&["report", "plan", "lab", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    for told in ["không quá 30 phút", "RTO 04 giờ, RPO 01 ngày"] {
        assert!(everybody.contains(told), "{told}");
    }
    assert!(!everybody.contains("mã hóa, có thông báo") && !everybody.contains("clocks."), "{everybody}");
}

#[test]
fn the_report_of_an_incident_has_no_words_of_drills() {
    let desk = planned();
    let incident = TALK.replace("steps:\n", "steps:\n  - { id: make, title: \"Tạo lỗi\", fault: { on: inputs.system, kind: kill } }\n  - { id: scene, title: \"Đưa ra tình huống\", inject: { to: operator, text: \"Báo hỏng\" } }\n");
    desk.playbook("talk", &incident);
    desk.run(&["respond", "talk", "--yes"]).exits(0);
    let asked = |count: usize| {
        desk.until("a question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= count);
    };
    asked(1);
    let question = desk.all("asked")[0].clone();
    assert_eq!(question["body"]["what"], "consent");
    let digest = question["body"]["plan"].as_str().expect("a digest").replace("sha256:", "");
    desk.run(&["answer", "SC-2026-001", "q1", "yes", "--plan", &digest[..8]]).exits(0);
    asked(2);
    desk.run(&["answer", "done"]).exits(0);
    asked(3);
    desk.run(&["answer", "done", "--value", "minutes=20"]).exits(0);
    desk.until("the end", |records| records.iter().any(|it| it["type"] == "run-ended"));
    let page = desk.run(&["report", "after-action", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    let body = &page[page.find("<body>").expect("a body")..];
    for word in ["diễn tập", "DIỄN TẬP", "Diễn tập", "Đưa ra tình huống", "Tạo lỗi", "Các tình huống"]
    {
        assert!(!body.contains(word), "{word} in {body}");
    }
    assert!(body.contains("Kết quả ứng phó sự cố"));
}
