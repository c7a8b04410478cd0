//! Minutes and notices as documents: opened by `LibreOffice`, turned into PDF, and measured there against the layout.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use regex::Regex;

use super::desk::{Desk, finish};

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", position: \"Cán bộ vận hành\" }\n\
    \x20 - { id: binh, name: \"Trần Văn Bình\", position: \"Phó Giám đốc\" }\n\
    roles: { commander: { holder: binh }, operator: { holder: lan } }\n";

const UNIT: &str = "format: 1\nunit: \"Sở Khoa học và Công nghệ\"\nparent: \"Ủy ban nhân dân tỉnh Quảng Ngãi\"\n\
    symbol: SKHCN\nplace: \"Quảng Ngãi\"\nlanguage: vi\nsigners: [ { position: \"Giám đốc\", name: \"Lê Văn Cường\" } ]\n\
    recipients: [ { role: authority, name: \"Công an tỉnh\" } ]\n";

const EXERCISE: &str = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\n\
    plan: { number: \"12/KH-SKHCN\", date: 2026-11-02 }\napprover: \"Giám đốc Sở\"\nplace: \"Phòng họp A\"\n\
    participants: [ { person: lan, part: player }, { name: \"Phạm Thị Dung\", unit: \"Công an tỉnh\", part: observer } ]\n";

/// What stands on every page of a drill.
const STAMP: &str = "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT";

/// The parts of form 1.9, in its order.
const FORM: &[&str] = &[
    "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
    "BIÊN BẢN",
    "Kiểm tra kỹ thuật theo kịch bản",
    "Thời gian bắt đầu:",
    "Địa điểm: Phòng họp A",
    "Thành phần tham dự:",
    "Chủ trì (chủ tọa): Trần Văn Bình, Phó Giám đốc",
    "Thư ký (người ghi biên bản): (chưa có số liệu)",
    "Nội dung (theo diễn biến):",
    "Việc kiểm tra kỹ thuật kết thúc vào",
    "THƯ KÝ",
    "Nơi nhận:",
    "- Như thành phần tham dự;",
    "- Lưu: VT, Hồ sơ.",
];

/// A drill that has ended; long enough that its minutes have several pages.
fn drilled() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.write("ungpho.yaml", UNIT);
    let mut steps = String::new();
    for number in 1..=12 {
        let title = format!("Việc thứ {number} của ca trực");
        steps.push_str(&format!(
            "\x20 - {{ id: s{number}, title: \"{title}\", role: operator, manual: {{ do: \"Làm\" }} }}\n"
        ));
    }
    desk.playbook(
        "talk",
        &format!(
            "roles: {{ operator: {{ title: \"Cán bộ vận hành\" }}, commander: {{ title: \"Chỉ huy\" }} }}\n\
             objectives: [ {{ id: said, title: \"Báo cáo kịp thời\" }} ]\nsteps:\n\
             {steps}\x20 - {{ id: tell, title: \"Báo cáo\", notify: {{ notice: initial-notice }} }}\n"
        ),
    );
    fs::create_dir_all(desk.root().join("exercises")).expect("made");
    desk.write("exercises/q4.yaml", EXERCISE);
    desk.run(&["--lang", "vi", "drill", "talk", "--exercise", "q4", "--tabletop", "--unattended", "--yes"]);
    let run = run_of(&desk);
    let conclude = ["--as", "binh", "conclude", &run, "passed", "--because", "Các bước đủ và đúng thứ tự"];
    desk.run(&conclude).exits(0);
    desk
}

fn run_of(desk: &Desk) -> String {
    let record = desk.records().into_iter().find(|record| record["type"] == "run-started").expect("it began");
    record["run"].as_str().expect("its id").to_owned()
}

/// A document as PDF, made by `LibreOffice` with a profile of this test's own.
pub(super) fn pdf(desk: &Desk, file: &str) {
    let profile = format!("-env:UserInstallation=file://{}", desk.root().join("office").display());
    let arguments = [profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir", ".", file];
    let mut command = Command::new("soffice");
    command.args(arguments).current_dir(desk.root()).env("HOME", desk.root());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command.spawn().expect("soffice is there; tests/run installs libreoffice-writer"), &arguments).exits(0);
    assert!(desk.root().join(Path::new(file).with_extension("pdf")).is_file(), "LibreOffice made nothing of {file}");
}

/// Documents and sheets as PDF: `a.docx` becomes `a-docx.pdf`. One start of `LibreOffice` makes them all.
pub(super) fn pdf_of_all(desk: &Desk, files: &[String]) {
    let copies = desk.root().join("office-copies");
    let _ = fs::remove_dir_all(&copies);
    fs::create_dir(&copies).expect("a folder");
    let named = |file: &String| {
        let path = Path::new(file);
        let extension = path.extension().expect("an extension").to_string_lossy().into_owned();
        format!("{}.{extension}", file.replace('.', "-"))
    };
    for file in files {
        fs::copy(desk.root().join(file), copies.join(named(file))).expect("a copy");
    }
    let profile = format!("-env:UserInstallation=file://{}", desk.root().join("office").display());
    let mut arguments =
        vec![profile, "--headless".into(), "--convert-to".into(), "pdf".into(), "--outdir".into(), ".".into()];
    arguments.extend(files.iter().map(|file| format!("office-copies/{}", named(file))));
    let mut command = Command::new("soffice");
    command.args(&arguments).current_dir(desk.root()).env("HOME", desk.root());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let said: Vec<&str> = arguments.iter().map(String::as_str).collect();
    finish(command.spawn().expect("soffice is there; tests/run installs libreoffice-writer"), &said).exits(0);
    for file in files {
        let made = desk.root().join(Path::new(&named(file)).with_extension("pdf"));
        assert!(made.is_file(), "LibreOffice made nothing of {file}");
    }
}

pub(super) fn told(desk: &Desk, program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).current_dir(desk.root()).output();
    let done = done.expect("it is there; tests/run installs poppler-utils");
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// A word on a page, with its box in millimetres.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) text: String,
}

/// The words of each page.
pub(super) fn words(desk: &Desk, file: &str) -> Vec<Vec<Word>> {
    let html = told(desk, "pdftotext", &["-bbox", file, "-"]);
    let word = Regex::new(r#"<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>"#)
        .expect("a valid pattern");
    let length = |text: &str| text.parse::<f64>().expect("a number") / 72.0 * 25.4;
    html.split("<page ")
        .skip(1)
        .map(|page| {
            word.captures_iter(page)
                .map(|found| Word {
                    left: length(&found[1]),
                    top: length(&found[2]),
                    right: length(&found[3]),
                    bottom: length(&found[4]),
                    text: found[5].to_owned(),
                })
                .collect()
        })
        .collect()
}

/// Without spaces and ends of lines: a column breaks lines where it likes.
pub(super) fn close(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A line of text with the size of its letters in points, and how it is set: `<b>`, `<i>`.
fn set(desk: &Desk, file: &str) -> Vec<(String, String)> {
    let xml = told(desk, "pdftohtml", &["-xml", "-i", "-stdout", "-zoom", "1", file]);
    let font = Regex::new(r#"<fontspec id="(\d+)" size="(\d+)""#).expect("a valid pattern");
    let text = Regex::new(r#"<text [^>]*font="(\d+)">(.*?)</text>"#).expect("a valid pattern");
    let sizes: Vec<(String, String)> =
        font.captures_iter(&xml).map(|found| (found[1].to_owned(), found[2].to_owned())).collect();
    let size = |id: &str| sizes.iter().find(|(other, _)| other == id).map(|(_, size)| size.clone());
    text.captures_iter(&xml).map(|found| (size(&found[1]).unwrap_or_default(), found[2].to_owned())).collect()
}

#[track_caller]
fn sized(lines: &[(String, String)], text: &str, points: u16) {
    let line = lines.iter().find(|(_, line)| line.starts_with(text));
    let (size, _) = line.unwrap_or_else(|| panic!("no `{text}` in {lines:#?}"));
    assert_eq!(*size, points.to_string(), "`{text}`");
}

#[test]
fn minutes_stand_in_the_order_of_form_1_9_and_have_the_measures_of_the_decree() {
    let desk = drilled();
    desk.run(&["report", "minutes", "--number", "5", "--out", "bb.docx", "--lang", "vi"]).exits(0);
    pdf(&desk, "bb.docx");
    let text = close(&told(&desk, "pdftotext", &["-layout", "bb.pdf", "-"]));
    let raw = close(&told(&desk, "pdftotext", &["bb.pdf", "-"]));
    let mut at = 0;
    for part in FORM {
        let found = raw[at..].find(&close(part));
        at += found.unwrap_or_else(|| panic!("`{part}` does not follow:\n{raw}"));
    }
    for part in ["Số:05/BB-SKHCN", "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM", "Độclập-Tựdo-Hạnhphúc", "CHỦTỌA", "PhạmThịDung"]
    {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    assert!(raw.contains("số12/KH-SKHCN,ngày02tháng11năm2026"), "{raw}");

    let facts = told(&desk, "pdfinfo", &["bb.pdf"]);
    assert!(facts.contains("(A4)"), "{facts}");
    let fonts = told(&desk, "pdffonts", &["bb.pdf"]);
    let serif = |line: &&str| line.contains("LiberationSerif") || line.contains("TimesNewRoman");
    assert!(fonts.lines().skip(2).all(|line| serif(&line)), "{fonts}");

    let pages = words(&desk, "bb.pdf");
    assert!(pages.len() >= 2, "{} pages", pages.len());
    for (page, number) in pages.iter().zip(1..) {
        // What says that it is a drill stands there too.
        let stamp = |word: &&Word| STAMP.split(' ').any(|part| part == word.text);
        let numbers: Vec<&Word> = page.iter().filter(|word| word.bottom < 20.0 && !stamp(word)).collect();
        if number == 1 {
            assert!(numbers.is_empty(), "page 1 shows {numbers:?}");
        } else {
            let [shown] = numbers.as_slice() else { panic!("page {number} shows {numbers:?}") };
            assert_eq!(shown.text, number.to_string());
            let middle = f64::midpoint(shown.left, shown.right);
            assert!(
                (middle - f64::midpoint(30.0, 195.0)).abs() < 1.0,
                "page {number}: the number stands at {middle} mm"
            );
        }
        for word in page.iter().filter(|word| word.bottom >= 20.0) {
            assert!(word.left > 29.5 && word.right < 195.5, "page {number}: {word:?}");
            assert!(word.bottom < 277.5, "page {number}: {word:?}");
        }
    }
    let first = &pages[0];
    assert!(first.iter().all(|word| word.text != "tháng" || word.top > 60.0), "minutes have no place and date");
    let lines = set(&desk, "bb.pdf");
    sized(&lines, "<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>", 13);
    sized(&lines, "<b>Độc lập - Tự do - Hạnh phúc</b>", 14);
    sized(&lines, "ỦY BAN NHÂN DÂN", 13);
    sized(&lines, "<b>SỞ KHOA HỌC", 13);
    sized(&lines, "Số: 05/BB-SKHCN", 13);
    sized(&lines, "<b>BIÊN BẢN</b>", 14);
    sized(&lines, "<b>Kiểm tra kỹ thuật", 14);
    sized(&lines, "<b>Thời gian bắt đầu: </b>", 14);
    sized(&lines, "<b>THƯ KÝ</b>", 14);
    sized(&lines, "<i><b>Nơi nhận:</b></i>", 12);
    sized(&lines, "- Lưu: VT, Hồ sơ.", 11);
    assert!(lines.contains(&("14".to_owned(), "2".to_owned())), "the page's number has 14 points");
    let last = pages.last().expect("a page");
    // The secretary at the left, the chair at the right, on one line.
    let (left, right) = (
        last.iter().rfind(|word| word.text == "THƯ").expect("the secretary"),
        last.iter().rfind(|word| word.text == "CHỦ").expect("the chair"),
    );
    assert!((left.top - right.top).abs() < 0.5 && left.right < 112.5 && right.left > 112.5);
}

#[test]
fn the_same_record_gives_the_same_bytes_and_a_changed_one_gives_none_that_is_not_stamped() {
    let desk = drilled();
    let make = |file: &str| desk.run(&["report", "minutes", "--out", file, "--lang", "vi"]);
    make("a.docx").exits(0);
    make("b.docx").exits(0);
    make("a.pdf").exits(2).says(&["other-format"]);
    make("a.html").exits(0);
    let read = |file: &str| fs::read(desk.root().join(file)).expect("it was made");
    assert_eq!(read("a.docx"), read("b.docx"));
    assert!(read("a.html").starts_with(b"<!DOCTYPE html>"), "the ending says the format");
    let head = desk.run(&["evidence", "head"]).exits(0).out;
    assert!(!head.trim().is_empty());

    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    let changed = text.replacen("\"verdict\":\"passed\"", "\"verdict\":\"failed\"", 1);
    assert_ne!(text, changed);
    fs::write(&log, changed).expect("written");
    make("c.docx").exits(4).says(&["document-unverified"]);
    assert!(!desk.root().join("c.docx").exists());
    desk.run(&["report", "minutes", "--unverified", "--out", "c.docx", "--lang", "vi"]).exits(4);
    pdf(&desk, "c.docx");
    let pages = told(&desk, "pdftotext", &["c.pdf", "-"]);
    let pages: Vec<&str> = pages.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 2);
    for page in pages {
        assert!(close(page).contains(&close("SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT")), "{page}");
    }
}

#[test]
fn the_code_in_the_minutes_is_the_head_that_the_ledger_verifies_against() {
    let desk = drilled();
    let page = desk.run(&["report", "minutes", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    let head = Regex::new("--against &quot;([0-9]+ [A-Za-z0-9+/=]+)&quot;").expect("a valid pattern");
    let head = head.captures(&page).expect("the head is printed")[1].to_owned();
    desk.run(&["evidence", "verify", "--against", &head]).exits(0);
    assert!(page.contains("<svg role=\"img\"") && page.contains(&format!("<title>{head}</title>")));
    assert!(page.contains("margin: 20mm 15mm 20mm 30mm") && page.contains("size: 210mm 297mm"));
}

#[test]
fn a_notice_of_a_drill_says_so_on_every_page_and_leaves_room_to_sign() {
    let desk = drilled();
    let run = run_of(&desk);
    desk.run(&["report", "notice", &run, "final-report"]).exits(2).says(&["not-prepared", "initial-notice"]);
    desk.run(&["report", "notice", &run, "breach-minutes"]).exits(2).says(&["not-a-notice"]);
    desk.run(&["report", "notice", &run, "initial-notice", "--out", "tb.docx", "--date", "2026-02-06", "--lang", "vi"])
        .exits(0);
    pdf(&desk, "tb.docx");
    let pages = told(&desk, "pdftotext", &["tb.pdf", "-"]);
    for page in pages.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        assert!(close(page).contains(&close("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT")), "{page}");
    }
    // A stamp and a note push nothing down: the text begins at the margin.
    let first = words(&desk, "tb.pdf").remove(0);
    let heading = first.iter().find(|word| word.text == "CỘNG").expect("the heading");
    assert!((19.5..21.0).contains(&heading.top), "{heading:?}");
    let text = close(&pages);
    for part in
        ["Quảng Ngãi, ngày 06 tháng 02 năm 2026", "THÔNG BÁO", "Kính gửi:", "GIÁM ĐỐC", "Lê Văn Cường", "Nơi nhận:"]
    {
        assert!(text.contains(&close(part)), "`{part}` is not in:\n{pages}");
    }
    // What an officer is to know of the text is told on the screen and is not signed.
    for instruction in ["Soạn lúc", "dự thảo", "chưa gửi", "Văn bản lấy nguyên từ"] {
        assert!(!pages.contains(instruction), "`{instruction}` is in:\n{pages}");
    }
    let said = desk.run(&["report", "notice", &run, "initial-notice", "--out", "tb.docx", "--lang", "vi"]).exits(0);
    said.says(&["văn bản lấy nguyên từ #", "chương trình không gửi"]);
    let party = ["report", "notice", &run, "initial-notice", "--format", "html", "--out", "-", "--layout", "hd05-2026"];
    let page = desk.run(&party).exits(0).out;
    assert!(page.contains("<p class=\"text basis\">- Căn cứ đoạn 3 điểm d khoản 2 Điều 31"), "{page}");
    // Names in a title stand as they are written; who gets it stands where somebody gets it.
    fs::create_dir_all(desk.root().join("policies/notices")).expect("made");
    desk.write(
        "policies/notices/pause.yaml",
        "format: 1\nnotice: pause\ntitle: \"Thông báo tạm ngừng\"\npages:\n  - vi: |\n      {{ unit }}\n\n      \
         THÔNG BÁO TẠM NGỪNG LGSP TỈNH QUẢNG NGÃI\n\n      Tạm ngừng từ 22 giờ.\n",
    );
    desk.run(&["notice", "pause", &run]).exits(0);
    let page = desk.run(&["report", "notice", &run, "pause", "--format", "html", "--out", "-"]).exits(0).out;
    assert!(page.contains("Tạm ngừng LGSP tỉnh Quảng Ngãi") && !page.contains("Như trên"), "{page}");
    // The unit has had another name since: its heading has today's, and the title stays a title.
    desk.write("ungpho.yaml", &UNIT.replace("Sở Khoa học và Công nghệ", "Trung tâm Chuyển đổi số"));
    let page = desk.run(&["report", "notice", &run, "initial-notice", "--format", "html", "--out", "-"]).exits(0).out;
    assert!(!page.contains("Sở Khoa học và Công nghệ"), "{page}");
    assert!(page.contains(">THÔNG BÁO<") && page.matches("Kính gửi:").count() == 1, "{page}");
}

#[test]
fn the_party_s_documents_have_the_layout_of_their_day_and_a_unit_s_own_file_goes_before_it() {
    let desk = drilled();
    let party = |arguments: &[&str]| {
        let all =
            [&["report", "minutes", "--format", "html", "--out", "-", "--lang", "vi", "--layout"], arguments].concat();
        desk.run(&all)
    };
    let page = party(&["hd05-2026", "--number", "5"]).exits(0).out;
    for part in
        ["ĐẢNG CỘNG SẢN VIỆT NAM", "Số 05-BB/SKHCN", "NGƯỜI GHI BIÊN BẢN", "CHỦ TRÌ HỘI NGHỊ", "I- THÔNG TIN CHUNG"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("CỘNG HÒA XÃ HỘI"));
    desk.write("ungpho.yaml", &UNIT.replace("symbol:", "documents: party\nsymbol:"));
    for (date, layout) in [("2026-05-26", "hd36-2018"), ("2026-05-27", "hd05-2026")] {
        let arguments = ["report", "minutes", "--format", "html", "--out", "-", "--date", date];
        let done = desk.run(&arguments).exits(0).says(&[layout]);
        assert!(done.out.contains("ĐẢNG CỘNG SẢN VIỆT NAM"));
    }
    desk.write("ungpho.yaml", UNIT);
    party(&["hd05-2027"]).exits(2).says(&["unknown-layout", "hd05-2026"]);
    party(&["hd05-2026"]).exits(0).says(&["chưa đọc bản gốc"]);

    let shipped = include_str!("../../policies/layouts/nd30-2020.yaml");
    fs::create_dir_all(desk.root().join("policies/layouts")).expect("made");
    desk.write("policies/layouts/nd30-2020.yaml", &shipped.replace("right: 15", "right: 20"));
    let done = desk.run(&["report", "minutes", "--format", "html", "--out", "-"]).exits(0);
    assert!(done.out.contains("margin: 20mm 20mm 20mm 30mm"));
    done.says(&["policies/layouts/nd30-2020.yaml"]);
    desk.write("policies/layouts/nd30-2020.yaml", &shipped.replace("right: 15", "rihgt: 15"));
    desk.run(&["report", "minutes"]).exits(2).says(&["did you mean `right`?"]);
}

#[test]
fn minutes_of_an_incident_are_not_made_of_a_drill() {
    let desk = drilled();
    desk.run(&["report", "minutes", "--kind", "incident"]).exits(2).says(&["minutes-kind", "restore-test"]);
    // Of what nobody classified as a breach, and of what was not restored, nobody can sign that it was.
    let of =
        |kind: &str| desk.run(&["report", "minutes", "--kind", kind, "--format", "html", "--out", "-", "--lang", "vi"]);
    of("data-breach").exits(2).says(&["minutes-kind", "không có phân loại nào", "ungpho classify"]);
    of("restore-test").exits(2).says(&["minutes-kind", "không khôi phục bản sao lưu nào"]);
    desk.run(&["--as", "binh", "classify", &run_of(&desk), "--personal-data", "yes", "--because", "Thấy lộ"]).exits(0);
    let page = of("data-breach").exits(0).out;
    for part in [
        "Xác nhận vi phạm quy định về bảo vệ dữ liệu cá nhân",
        "Loại dữ liệu: (chưa có số liệu)",
        "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT",
    ] {
        assert!(page.contains(part), "{part}");
    }
    desk.run(&["--as", "binh", "classify", &run_of(&desk), "--personal-data", "no", "--because", "Đã xét"]).exits(0);
    of("data-breach").exits(2);
}

#[test]
fn every_page_of_the_minutes_of_a_drill_says_that_it_is_one() {
    let desk = drilled();
    desk.run(&["report", "minutes", "--out", "a.docx", "--lang", "vi"]).exits(0);
    pdf(&desk, "a.docx");
    let text = told(&desk, "pdftotext", &["a.pdf", "-"]);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 2);
    for page in pages {
        assert!(close(page).contains(&close("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT")), "{page}");
    }
    // Nobody took part: it is called a check, and whom a file gives a role led nothing.
    assert!(close(&text).contains(&close("Kiểm tra kỹ thuật theo kịch bản")) && !text.contains("Cuộc diễn tập"));
    assert!(!text.contains("Courier") && !told(&desk, "pdffonts", &["a.pdf"]).contains("Courier"));
    assert!(close(&text).contains(&close("Không có nghĩa vụ nào đã bắt đầu tính thời hạn.")), "{text}");
}

#[test]
fn minutes_say_who_signed_which_state_and_what_came_after() {
    let desk = drilled();
    let run = run_of(&desk);
    let page = || {
        let arguments = ["report", "minutes", "--format", "html", "--out", "-", "--lang", "vi"];
        desk.run(&arguments).exits(0).out
    };
    assert!(page().contains("Chưa có người nào ký vào sổ chứng cứ."));
    let key = desk.root().parent().expect("a folder").join("lan.key").display().to_string();
    let vkey = desk.run(&["evidence", "keys", "new", "--for", "lan", "--out", &key]).exits(0).out.trim().to_owned();
    desk.write("people.yaml", &PEOPLE.replace("{ id: lan,", &format!("{{ id: lan, key: \"{vkey}\",")));
    desk.run(&["sign", &run, "--key", &key]).exits(0);
    let size = desk.only("signed")["size"].to_string();
    let signed = page();
    for part in [format!("<p>{size} bản ghi đầu</p>"), "<p>Nguyễn Thị Lan</p>".to_owned()] {
        assert!(signed.contains(&part), "`{part}` is not in:\n{signed}");
    }
    desk.run(&["note", &run, "Gửi thêm danh sách"]).exits(0);
    let later = page();
    assert!(
        later.contains("Phát sinh sau khi kết thúc hoặc sau khi ký:")
            && later.contains(
                "Ghi chú: Gửi thêm danh sách – phát sinh sau khi kết thúc; phát sinh sau khi Nguyễn Thị Lan ký"
            ),
        "{later}"
    );
}

#[test]
fn steps_that_a_stop_left_undone_are_one_line_and_what_is_to_be_put_right_stands_in_the_course() {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    let step =
        |id: &str| format!("  - {{ id: {id}, title: \"Việc {id}\", role: operator, manual: {{ do: \"Làm\" }} }}\n");
    let steps: String = ["a", "b", "c", "d"].map(step).concat();
    desk.playbook("talk", &format!("roles: {{ operator: {{ title: \"Trực\" }} }}\nsteps:\n{steps}"));
    desk.run(&["--as", "lan", "drill", "talk", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    let run = run_of(&desk);
    let action = ["action", "add", &run, "Mua đèn pin", "--owner", "lan", "--due", "2099-12-31"];
    desk.run(&[&["--as", "binh"], &action[..]].concat()).exits(0);
    desk.run(&["--as", "binh", "stop", &run, "--because", "Hết giờ"]).exits(0);
    desk.until_kind("run-ended");
    let page = desk.run(&["--lang", "vi", "report", "minutes", &run, "--format", "html", "--out", "-"]).exits(0).out;
    assert!(
        page.contains("03 bước không thực hiện do đã dừng: từ &quot;2. Việc b&quot; đến &quot;4. Việc d&quot;"),
        "{page}"
    );
    assert!(page.contains("Mua đèn pin"), "{page}");
}
