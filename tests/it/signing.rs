//! Minutes of every kind as an officer gets them: who was there, one line for a step, what came after, who signs by which
//! right, and no page with signatures alone.

use std::fs;

use super::desk::Desk;
use super::minutes::{close, pdf, told, words};

const UNIT: &str = "format: 1\nunit: \"Sở Khoa học và Công nghệ\"\nparent: \"Ủy ban nhân dân tỉnh Quảng Ngãi\"\n\
    symbol: SKHCN\nplace: \"Quảng Ngãi\"\nlanguage: vi\nsigners:\n\
    \x20 - { position: \"Giám đốc\", name: \"Lê Văn Cường\" }\n\
    \x20 - { authority: \"KT. Giám đốc\", position: \"Phó Giám đốc\", name: \"Trần Văn Bình\" }\n";

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", position: \"Cán bộ vận hành\" }\n\
    \x20 - { id: binh, name: \"Trần Văn Bình\", position: \"Phó Giám đốc\" }\n\
    \x20 - { id: hoa, name: \"Đỗ Thị Hoa\", position: \"Cán bộ an ninh mạng\" }\n\
    \x20 - { id: van-thu, name: \"Phạm Văn Thư\", position: \"Văn thư\" }\n\
    roles: { commander: { holder: binh }, operator: { holder: lan } }\n";

const TALK: &str = r#"
roles: { operator: { title: "Cán bộ vận hành" }, commander: { title: "Chỉ huy" } }
objectives: [ { id: calm, title: "Phối hợp đúng vai" } ]
steps:
  - { id: see, title: "Xác minh sự cố", role: operator, manual: { do: "Xem" }, marks: detected }
  - { id: pick, title: "Chọn cách xử lý", role: commander, decide: { ask: "Cách nào", options: [ { id: cut, title: "Cô lập" }, { id: wait, title: "Chờ" } ] } }
  - { id: cut, title: "Ngắt kết nối", role: operator, manual: { do: "Ngắt" }, marks: contained }
  - { id: tell, title: "Soạn thông báo", notify: { notice: initial-notice } }
"#;

const EXERCISE: &str = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\nplace: \"Phòng họp A\"\nparticipants:\n\
    \x20 - { person: lan, part: player }\n  - { name: \"Võ Văn Chủ\", position: \"Chánh Văn phòng\", unit: \"Sở Nội vụ\", part: chair }\n\
    \x20 - { person: hoa, position: \"Phó trưởng phòng\", part: secretary }\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("ungpho.yaml", UNIT);
    desk.write("people.yaml", PEOPLE);
    desk.playbook("talk", TALK);
    fs::create_dir_all(desk.root().join("exercises")).expect("made");
    desk.write("exercises/q4.yaml", EXERCISE);
    desk
}

/// Answers the steps as people would, to the end; the first question about a step is the one of this number.
fn answered(desk: &Desk, first: usize) {
    let answers: [&[&str]; 3] = [
        &["answer", "done"],
        &["--as", "binh", "answer", "cut", "--because", "Đang lan nhanh"],
        &["answer", "done", "--because", "Rút dây mạng"],
    ];
    for (count, arguments) in (first..).zip(answers) {
        desk.until("a question", |records| records.iter().filter(|it| it["type"] == "asked").count() >= count);
        desk.run(arguments).exits(0);
    }
    desk.until_kind("run-ended");
}

fn drilled() -> Desk {
    let desk = desk();
    desk.run(&["drill", "talk", "--tabletop", "--exercise", "q4", "--yes"]).exits(0);
    answered(&desk, 1);
    desk
}

/// Consents to the plan of the run.
fn consent(desk: &Desk) {
    desk.until_kind("asked");
    let asked = desk.all("asked").remove(0)["body"].take();
    let digest = asked["plan"].as_str().expect("a digest").replace("sha256:", "");
    desk.run(&["--as", "binh", "answer", asked["question"].as_str().expect("an id"), "yes", "--plan", &digest[..8]])
        .exits(0);
}

const RUN: &str = "DT-2026-001";

/// The minutes as text: a cell ends with a bar, a row and a paragraph with the line.
fn page(desk: &Desk, arguments: &[&str]) -> String {
    let all = [&["report", "minutes", "--format", "html", "--out", "-", "--lang", "vi"], arguments].concat();
    let html = desk.run(&all).exits(0).out;
    let body = html.split("<body").nth(1).expect("a body").replace("</td>", " | ").replace("</tr>", "\n");
    let body = body.replace("</p>", "").replace("</h1>", "\n");
    let mut text = String::new();
    let mut inside = false;
    for letter in body.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.replace("&quot;", "\"")
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn a_step_is_one_line_with_who_did_it_what_it_came_to_its_mark_and_all_its_records() {
    let desk = drilled();
    let text = page(&desk, &[]);
    for title in ["1. Xác minh sự cố", "2. Chọn cách xử lý", "3. Ngắt kết nối", "4. Soạn thông báo"]
    {
        assert_eq!(text.matches(title).count(), 1, "{title}:\n{text}");
    }
    let line = |title: &str| text.lines().find(|line| line.contains(title)).expect("a line").to_owned();
    let seq = |kind: &str, index: usize| desk.all(kind)[index]["seq"].as_u64().expect("a number");
    let see = line("1. Xác minh sự cố");
    has(&see, &["Nguyễn Thị Lan | 1. Xác minh sự cố: đã thực hiện; mốc: phát hiện |"]);
    has(&see, &[&format!("#{}–#{} |", seq("answered", 0), seq("marked", 0))]);
    has(&line("2. Chọn"), &["Trần Văn Bình | 2. Chọn cách xử lý: quyết định: Cô lập (Đang lan nhanh) |"]);
    has(&line("3. Ngắt"), &["| 3. Ngắt kết nối: đã thực hiện (Rút dây mạng); mốc: khống chế |"]);
    has(&line("4. Soạn"), &["đã soạn văn bản \"Thông báo ban đầu về sự cố an ninh mạng nghiêm trọng\" |"]);
    let all = desk.run(&["report", "after-action", "--format", "html", "--out", "-", "--lang", "vi"]).exits(0).out;
    has(&all, &["1. Xác minh sự cố: đã thực hiện; mốc: phát hiện"]);
    assert_eq!(all.matches("Xác minh sự cố").count(), 1, "one builder for both:\n{all}");
}

#[test]
fn attendance_has_who_took_part_and_a_table_says_what_came_after() {
    let desk = drilled();
    desk.write("signed.pdf", "%PDF");
    for arguments in [
        &["--as", "binh", "conclude", RUN, "passed", "--because", "Đúng vai"][..],
        &["--as", "hoa", "score", RUN, "calm", "S", "--because", "Còn chậm"],
        &["--as", "van-thu", "action", "add", RUN, "Lập mẫu thông báo", "--owner", "lan", "--due", "2099-12-31"],
        &[
            "--as",
            "van-thu",
            "report",
            "issued",
            "minutes",
            RUN,
            "--number",
            "12/BB-SKHCN",
            "--date",
            "2026-11-26",
            "--signer",
            "Trần Văn Bình",
            "--file",
            "signed.pdf",
        ],
    ] {
        // The day of a paper is one that has come.
        let day = desk.all("run-started")[0]["at"].as_str().expect("a moment")[..10].to_owned();
        let arguments: Vec<&str> =
            arguments.iter().map(|it| if *it == "2026-11-26" { day.as_str() } else { it }).collect();
        desk.run(&arguments).exits(0);
    }
    let text = page(&desk, &[]);
    let (before, after) = text.split_once("Phát sinh sau khi kết thúc hoặc sau khi ký:").expect("a table");
    let attendance = before.split("Chủ trì (chủ tọa):").next().expect("a part");
    has(attendance, &["Nguyễn Thị Lan", "Trần Văn Bình", "Võ Văn Chủ | Chánh Văn phòng, Sở Nội vụ | Chủ trì"]);
    has(attendance, &["Đỗ Thị Hoa | Phó trưởng phòng | Thư ký"]);
    assert!(!attendance.contains("Phạm Văn Thư"), "who only filed papers was not there:\n{attendance}");
    has(before, &["Chủ trì (chủ tọa): Võ Văn Chủ, Chánh Văn phòng, Sở Nội vụ"]);
    has(before, &["Thư ký (người ghi biên bản): Đỗ Thị Hoa, Phó trưởng phòng"]);
    assert!(!before.contains("theo lời kể, theo sổ giấy"), "a paper that was issued retells nothing:\n{before}");
    has(
        after,
        &[
            "Đánh giá mục tiêu \"Phối hợp đúng vai\": S (Còn chậm) – phát sinh sau khi kết thúc",
            "Việc khắc phục: Lập mẫu thông báo; phụ trách: Nguyễn Thị Lan; hạn: 31/12/2099",
            "Phạm Văn Thư |",
            "Ban hành biên bản số 12/BB-SKHCN ngày ",
        ],
    );
    for raw in ["document-issued", "action-opened", "scored"] {
        assert!(!text.contains(raw), "{raw}");
    }
}

#[test]
fn two_signatures_and_what_came_after_each_are_seen() {
    let desk = drilled();
    let mut people = PEOPLE.to_owned();
    let mut keys = Vec::new();
    for who in ["lan", "binh"] {
        let key = desk.root().parent().expect("a folder").join(format!("{who}.key")).display().to_string();
        let vkey = desk.run(&["evidence", "keys", "new", "--for", who, "--out", &key]).exits(0).out.trim().to_owned();
        people = people.replace(&format!("{{ id: {who},"), &format!("{{ id: {who}, key: \"{vkey}\","));
        keys.push(key);
    }
    desk.write("people.yaml", &people);
    desk.run(&["sign", RUN, "--key", &keys[0]]).exits(0);
    desk.run(&["note", RUN, "Gửi thêm danh sách"]).exits(0);
    desk.run(&["--as", "binh", "sign", RUN, "--key", &keys[1]]).exits(0);
    let seq = desk.all("noted")[0]["seq"].to_string();
    desk.run(&["correct", RUN, &seq, "text", "--to", "Gửi danh sách mới", "--because", "Gõ nhầm"]).exits(0);
    let text = page(&desk, &[]);
    let signed = desk.all("signed");
    for (who, record) in ["Nguyễn Thị Lan", "Trần Văn Bình"].iter().zip(&signed) {
        let size = record["body"]["size"].to_string();
        let row = text.lines().find(|line| line.contains(&format!("{size} bản ghi đầu"))).expect("a row");
        has(row, &[who]);
    }
    has(
        &text,
        &[
            "Ghi chú: Gửi danh sách mới – phát sinh sau khi kết thúc; phát sinh sau khi Nguyễn Thị Lan ký",
            &format!("Đính chính nội dung của bản ghi #{seq}: Gửi thêm danh sách → Gửi danh sách mới (Gõ nhầm)"),
            "phát sinh sau khi Nguyễn Thị Lan, Trần Văn Bình ký",
        ],
    );
}

#[test]
fn minutes_of_an_incident_have_the_secretary_and_the_place_of_its_conclusion_also_corrected() {
    let desk = desk();
    desk.run(&["respond", "talk", "--yes"]).exits(0);
    consent(&desk);
    answered(&desk, 2);
    let run = "SC-2026-001";
    let conclude = ["--as", "binh", "conclude", run, "passed", "--because", "Đã khôi phục", "--secretary"];
    desk.run(&[&conclude[..], &["nobody"]].concat()).exits(2);
    desk.run(&[&conclude[..], &["lan", "--place", "Phòng trực"]].concat()).exits(0);
    let text = page(&desk, &[]);
    has(&text, &["Địa điểm: Phòng trực", "Thư ký (người ghi biên bản): Nguyễn Thị Lan, Cán bộ vận hành"]);
    let seq = desk.all("concluded")[0]["seq"].to_string();
    for (field, value) in [("secretary", "hoa"), ("place", "Phòng họp B")] {
        desk.run(&["--as", "binh", "correct", run, &seq, field, "--to", value, "--because", "Ghi nhầm"]).exits(0);
    }
    let text = page(&desk, &[]);
    has(&text, &["Địa điểm: Phòng họp B", "Thư ký (người ghi biên bản): Đỗ Thị Hoa, Cán bộ an ninh mạng"]);
    has(&text, &["Đỗ Thị Hoa | Cán bộ an ninh mạng | Thư ký"]);
}

/// The parts of form 1.9 in their order, the same for every kind.
const FORM: &[&str] = &[
    "Số:",
    "BIÊN BẢN",
    "Thời gian bắt đầu:",
    "Địa điểm:",
    "Thành phần tham dự:",
    "Chủ trì (chủ tọa):",
    "Thư ký (người ghi biên bản):",
    "Nội dung (theo diễn biến):",
    "I. THÔNG TIN CHUNG",
    "kết thúc vào",
    "THƯ KÝ",
];

/// Holds one kind to form 1.9, as pages.
#[track_caller]
fn form(desk: &Desk, file: &str, title: &str) {
    let path = desk.root().join("reports").join(file);
    fs::copy(&path, desk.root().join(file)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    pdf(desk, file);
    let pages = file.replace(".docx", ".pdf");
    let raw = close(&told(desk, "pdftotext", &[&pages, "-"]));
    let mut at = 0;
    for part in FORM.iter().take(2).chain([&title]).chain(&FORM[2..]) {
        let found = raw[at..].find(&close(part));
        at += found.unwrap_or_else(|| panic!("{file}: `{part}` does not follow:\n{raw}"));
    }
    let head = &raw[..raw.find("BIÊNBẢN").expect("the kind")];
    assert!(!head.contains("ngày"), "{file}: minutes have no place and date:\n{head}");
    let pages = words(desk, &pages);
    let last = pages.last().expect("a page");
    let left = last.iter().rfind(|word| word.text == "THƯ").expect("the secretary");
    let right = last.iter().rfind(|word| word.text == "CHỦ").expect("the chair");
    assert!((left.top - right.top).abs() < 0.5 && left.right < 112.5 && right.left > 112.5, "{file}");
    let to = last.iter().rfind(|word| word.text == "Nơi").expect("the recipients");
    assert!(to.top > left.bottom && to.right < 112.5, "{file}: recipients stand under the signatures, at the left");
    ends_with_text(last, file);
}

/// The closing sentence and some of the text before it stand on the page of the signatures.
#[track_caller]
fn ends_with_text(last: &[super::minutes::Word], file: &str) {
    let top = last.iter().rfind(|word| word.text == "THƯ").expect("the secretary").top;
    let before = last.iter().filter(|word| word.top < top - 0.5 && word.bottom >= 20.0);
    let text: Vec<&str> = before.map(|word| word.text.as_str()).collect();
    let text = text.join(" ");
    assert!(
        text.contains("kết thúc vào") && text.contains("khi lập biên bản này"),
        "{file}: the last page begins so: {text}"
    );
}

#[test]
fn minutes_of_all_four_kinds_are_pages_in_the_order_of_the_form_each_in_a_file_of_its_own() {
    let desk = drilled();
    desk.run(&["report", "minutes", RUN, "--lang", "vi"]).exits(0).says(&[]);
    desk.run(&["classify", RUN, "--personal-data", "yes", "--because", "Thấy lộ"]).exits(0);
    desk.run(&["report", "minutes", RUN, "--lang", "vi", "--kind", "data-breach"]).exits(0);
    form(&desk, "DT-2026-001-minutes.docx", "Diễn tập ứng phó tình huống");
    form(&desk, "DT-2026-001-minutes-data-breach.docx", "Xác nhận vi phạm quy định về bảo vệ dữ liệu cá nhân");
    desk.run(&["respond", "talk", "--yes"]).exits(0);
    desk.run(&["stop", "SC-2026-001", "--because", "báo nhầm"]).exits(0);
    desk.until("the end", |records| records.iter().filter(|it| it["type"] == "run-ended").count() == 2);
    desk.run(&["report", "minutes", "SC-2026-001", "--lang", "vi"]).exits(0);
    form(&desk, "SC-2026-001-minutes.docx", "Ứng phó sự cố");
    restored(&desk);
    desk.run(&["report", "minutes", "DT-2026-002", "--lang", "vi", "--kind", "restore-test"]).exits(0);
    form(&desk, "DT-2026-002-minutes-restore-test.docx", "Khôi phục thử dữ liệu từ bản sao lưu");
    let text = page(&desk, &["DT-2026-002", "--kind", "restore-test"]);
    let (restored, _) = text.split_once("DIỄN BIẾN THEO TRÌNH TỰ THỜI GIAN").expect("the course comes later");
    has(
        restored,
        &[
            "KẾT QUẢ KHÔI PHỤC THỬ",
            "night-1 |",
            "Toàn vẹn của bản sao lưu (đối chiếu bảng kê mã băm): đạt (#",
            "Khôi phục được từ bản sao lưu: đạt (#",
            "Hệ thống hoạt động sau khôi phục (các phép thử): đạt (#",
            "Thời gian khôi phục (RTO) | 01 giờ |",
            "Mức mất dữ liệu (RPO) | 01 ngày | (chưa có số liệu)",
        ],
    );
    has(&text, &["Cửa vào của trang thử: hoạt động"]);
    assert!(!text.to_lowercase().contains("door"), "a watch has a name, not an id:\n{text}");
    assert!(!text.contains(&desk.root().display().to_string()), "paths of copies are the workspace's own:\n{text}");
    // Carried elsewhere, the same ledger gives the same document.
    let elsewhere = desk.root().parent().expect("a folder").join("carried/further");
    fs::create_dir_all(elsewhere.parent().expect("a folder")).expect("made");
    let copied = std::process::Command::new("cp").arg("-a").arg(desk.root()).arg(&elsewhere).status();
    assert!(copied.expect("cp is there").success());
    let make = |folder: &std::path::Path| {
        let arguments = ["report", "minutes", "DT-2026-002", "--kind", "restore-test", "--out", "-"];
        let done = desk.command(&arguments).current_dir(folder).output().expect("the program starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    assert_eq!(make(&desk.root()), make(&elsewhere));
}

/// A trial restore, with a look at what was restored.
fn restored(desk: &Desk) {
    fs::create_dir_all(desk.root().join("copies/night-1")).expect("made");
    desk.write("copies/night-1/live", "as it was");
    desk.run(&["backup", "seal", "copies/night-1"]).exits(0);
    fs::create_dir_all(desk.root().join("data")).expect("made");
    desk.write("data/live", "broken");
    desk.write(
        "inventory/site.yaml",
        "format: 1\nid: site\nname: \"Trang thử\"\nenvironment: drill_target\nobjectives: { rto: 1h, rpo: 1d }\nrestore: { to: ./data }\n",
    );
    desk.playbook(
        "back",
        "watch: [ { id: door, title: { vi: \"Cửa vào của trang thử\", en: \"The entrance\" }, file: { path: ./data/live }, every: 1s, confirm: 1 } ]\n\
         steps:\n  - { id: check, title: \"Đối chiếu\", backup: { verify: ./copies/night-1 } }\n\
         \x20 - { id: prove, title: \"Khôi phục thử\", backup: { prove: ./copies/night-1 } }\n\
         \x20 - { id: back, title: \"Khôi phục\", restore: { from: ./copies/night-1, to: site } }\n\
         \x20 - { id: look, title: \"Xem\", wait: { file: { path: ./data/live }, every: 1s, confirm: 2 }, timeout: 1m }\n",
    );
    desk.run(&["drill", "back", "--technical", "--unattended", "--yes"]).exits(0);
}

#[test]
fn no_page_has_signatures_alone_however_long_the_minutes_are() {
    let desk = drilled();
    for round in 0..6 {
        let file = format!("bb-{round}.docx");
        desk.run(&["report", "minutes", RUN, "--lang", "vi", "--out", &file]).exits(0);
        pdf(&desk, &file);
        let pages = words(&desk, &file.replace(".docx", ".pdf"));
        ends_with_text(pages.last().expect("a page"), &file);
        for number in 0..3 {
            desk.run(&["note", RUN, &format!("Ghi chú {round}.{number}")]).exits(0);
        }
    }
}

#[test]
fn a_document_is_signed_by_right_as_its_layout_writes_it() {
    let desk = drilled();
    let commands: [(&str, &[&str]); 3] = [
        ("bc.docx", &["report", "after-action", RUN]),
        ("kh.docx", &["report", "plan", "q4"]),
        ("tb.docx", &["report", "notice", RUN, "initial-notice"]),
    ];
    for (file, command) in commands {
        desk.run(&[command, &["--out", file, "--lang", "vi"]].concat()).exits(0);
        let html = |signer: &str| {
            let rest = ["--out", "-", "--format", "html", "--lang", "vi", "--signer", signer];
            desk.run(&[command, &rest[..]].concat()).exits(0).out
        };
        let second = html("2");
        assert_eq!(second, html("Trần Văn Bình"));
        assert_eq!(second, html("phó giám đốc"));
        assert_ne!(second, html("1"));
        let rest = ["--out", file, "--lang", "vi", "--signer", "2"];
        desk.run(&[command, &rest[..]].concat()).exits(0);
        pdf(&desk, file);
        let text = told(&desk, "pdftotext", &[&file.replace(".docx", ".pdf"), "-"]);
        let (authority, rest) = text.rsplit_once("KT. GIÁM ĐỐC").unwrap_or_else(|| panic!("{file}:\n{text}"));
        assert!(
            !authority.is_empty() && close(rest).starts_with(&close("PHÓ GIÁM ĐỐC Trần Văn Bình")),
            "{file}: {rest}"
        );
        desk.run(&[command, &["--signer", "3"]].concat()).exits(2).says(&["unknown-signer", "2: Phó Giám đốc"]);
    }
    let party = UNIT.replace("symbol:", "documents: party\nsymbol:").replace("KT. Giám đốc", "TM. Đảng ủy");
    desk.write("ungpho.yaml", &party.replace("Phó Giám đốc", "Bí thư"));
    let arguments = ["report", "after-action", RUN, "--out", "dang.docx", "--lang", "vi", "--signer", "2"];
    desk.run(&arguments).exits(0);
    pdf(&desk, "dang.docx");
    let text = told(&desk, "pdftotext", &["dang.pdf", "-"]);
    let (_, rest) = text.rsplit_once("T/M ĐẢNG ỦY").unwrap_or_else(|| panic!("{text}"));
    assert!(close(rest).starts_with(&close("BÍ THƯ Trần Văn Bình")), "{rest}");
    desk.write("ungpho.yaml", &party.replace("TM. Đảng ủy", "K/T Đảng ủy"));
    desk.run(&["check"]).says(&["collective-signature"]);
}
