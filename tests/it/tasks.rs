//! Six drills, their minutes, checks of copies and activities: the rows of tasks 8 and 9, and every number found again.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::sandbox::Sandbox;

const PORTAL: &str = "format: 1\nplaybook: lab-portal\nversion: 1\ntitle: \"Cổng thông tin ngừng trả lời\"\nfamily: B\n\
    kind: test\nsigns: [ \"không truy cập được\" ]\nlevels: [2, 3]\nkeep_running: \"Thông báo trên kênh khác\"\n\
    inputs: { system: { type: system, default: portal } }\n\
    clocks:\n  restore: { title: { vi: \"Thời gian khôi phục\", en: \"Time to restore\" }, from: detected, to: restored, limit: 4h }\n\
    steps:\n\
    \x20 - { id: see, title: \"Xác nhận\", manual: { do: \"Xem\" }, marks: detected }\n\
    \x20 - { id: pass, title: \"Chờ\", run: { argv: [sleep, \"1\"], effect: observe } }\n\
    \x20 - { id: check, title: \"Đếm\", run: { on: inputs.system, do: records } }\n\
    \x20 - { id: back, title: \"Khôi phục\", manual: { do: \"Xem\" }, marks: restored }\n";

/// A playbook of two things to do.
pub(super) fn talk(name: &str, family: &str, title: &str) -> String {
    format!(
        "format: 1\nplaybook: {name}\nversion: 2\ntitle: \"{title}\"\nfamily: {family}\nkind: test\nsigns: [ \"dấu hiệu\" ]\n\
         levels: [3]\nkeep_running: \"Tiếp nhận hồ sơ giấy\"\nsteps:\n\
         \x20 - {{ id: one, title: \"Một\", manual: {{ do: \"Xem\" }} }}\n\
         \x20 - {{ id: two, title: \"Hai\", manual: {{ do: \"Xem\" }} }}\n"
    )
}

/// A moment after the last day of the data of 2026.
pub(super) const AFTER_2026: &str = "2026-12-28T09:00:00+07:00";

const SYSTEM: &str = "format: 1\nid: land\nname: { vi: \"Hệ thống đất đai\", en: \"Land\" }\nowner: \"UBND tỉnh\"\n\
    operator: \"Đơn vị vận hành (mẫu), tỉnh Quảng Ngãi\"\nstate: operating\nhosts: [ { id: app-77, ssh: app-77 } ]\n\
    facts: { class: [internal] }\ndossier:\n  status: approved\n  proposed: 3\n  approved: 3\n  rules: nd85-2016\n\
    \x20 decision: { number: \"120/QĐ-UBND\", date: 2025-05-12, body: \"UBND tỉnh\" }\n\
    \x20 regulation: { number: \"7/QC-UBND\", date: 2025-01-10 }\n  measures: partial\n  expected_measures: 2026-12-31\n\
    assessments: [ { kind: periodic, date: 2026-05-04, by: \"Sở Khoa học và Công nghệ\" } ]\n\
    controls:\n\
    \x20 - { id: antimalware, state: in_place, evidence: \"12/12 máy, máy chủ app-77 10.20.30.40\", checked: 2026-06-01 }\n\
    \x20 - { id: backup, state: in_place, checked: 2026-06-03 }\n";

/// The program with `input` in a pipe.
fn piped(workspace: &Sandbox, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .args(arguments)
        .current_dir(workspace.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", workspace.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it is read");
    child.wait_with_output().expect("it ends")
}

/// Holds a drill that people answer; gives its id.
#[track_caller]
pub(super) fn drill(workspace: &Sandbox, arguments: &[&str], input: &str) -> String {
    let mut all = vec!["--lang", "vi", "--as", "truc-ban-1", "drill"];
    all.extend(arguments);
    all.push("--yes");
    let done = piped(workspace, &all, input);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("Đã kết thúc DT-"), "{arguments:?} does not end:\n{said}");
    let end = said.find("Đã kết thúc DT-").expect("it ends");
    said[end..].split_whitespace().nth(3).expect("an id").trim_end_matches(':').to_owned()
}

#[track_caller]
pub(super) fn issue(workspace: &Sandbox, document: &str, about: &str, number: &str) {
    let today = today(workspace);
    let arguments =
        ["--number", number, "--date", today.as_str(), "--signer", "Nguyễn Văn Bình", "--file", "ban-ky.pdf"];
    let mut all = vec!["report", "issued", document, about];
    all.extend(arguments);
    workspace.ok(&all);
}

pub(super) fn log(workspace: &Sandbox) -> Vec<Value> {
    let log = fs::read_to_string(workspace.path().join("ledger/log/000001.jsonl")).expect("a log");
    log.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

/// The day of the first record, in Vietnam.
fn today(workspace: &Sandbox) -> String {
    let at = log(workspace)[0]["at"].as_str().expect("a moment").parse::<jiff::Timestamp>().expect("a moment");
    (at + jiff::SignedDuration::from_hours(7)).to_string()[..10].to_owned()
}

/// A workspace with six drills, copies, activities; three of the drills count.
pub(super) fn workspace() -> Sandbox {
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    let write = |name: &str, text: &str| fs::write(workspace.path().join(name), text).expect("it is written");
    write("playbooks/lab-portal.yaml", PORTAL);
    write("playbooks/encrypted.yaml", &talk("encrypted", "A", "Mã độc mã hóa dữ liệu"));
    write("playbooks/mistake.yaml", &talk("mistake", "C", "Cấu hình sai"));
    write("inventory/land.yaml", SYSTEM);
    write("ban-ky.pdf", "bản đã ký");
    write("answers.yaml", "format: 1\nanswers:\n  one: done\n  two: done\n");
    let lab = drill(&workspace, &["lab-portal", "--lab"], "c\nc\nc\nc\n");
    let table = drill(&workspace, &["encrypted", "--tabletop"], "c\nc\n");
    let fault = drill(&workspace, &["mistake", "--tabletop"], "c\nk\nchưa đủ người\n");
    let unissued = drill(&workspace, &["encrypted", "--tabletop"], "c\nc\n");
    assert!(unissued.starts_with("DT-"));
    workspace.ok(&["drill", "lab-portal", "--lab", "--unattended", "--yes", "--foreground"]);
    let scripted = drill(&workspace, &["encrypted", "--tabletop", "--answers", "answers.yaml"], "");
    let unattended =
        log(&workspace).iter().rfind(|it| it["body"]["people"] == "unattended").expect("a run")["run"].clone();
    for (run, number) in [(lab.as_str(), "11/BB"), (&table, "12/BB"), (&fault, "13/BB")] {
        issue(&workspace, "minutes", run, number);
    }
    issue(&workspace, "minutes", unattended.as_str().expect("an id"), "14/BB");
    issue(&workspace, "minutes", &scripted, "15/BB");
    // The number was wrong: what is entered later counts.
    issue(&workspace, "minutes", &table, "12/BB-SKHCN");
    workspace.ok(&["--as", "chi-huy-1", "conclude", &lab, "passed", "--because", "Đạt mục tiêu"]);
    workspace.ok(&[
        "--as",
        "chi-huy-1",
        "note",
        &lab,
        "Bản sao trên 10.66.6.6 chưa mở được",
        "--gap",
        "--basis",
        "memory",
    ]);
    workspace.ok(&["--as", "truc-ban-1", "note", &fault, "Thiếu người trực", "--gap", "--basis", "memory"]);
    let open = |what: &str| {
        workspace.ok(&[
            "--as",
            "chi-huy-1",
            "action",
            "add",
            &lab,
            what,
            "--owner-name",
            "Phòng Hạ tầng",
            "--due",
            "2099-12-31",
        ]);
        log(&workspace).last().expect("a record")["seq"].to_string()
    };
    let action = open("Đổi mật khẩu máy app-77");
    open("Lập bản sao thứ ba tại /srv/kho/ban-sao");
    workspace.ok(&["--as", "chi-huy-1", "action", "done", &action, "--because", "Đã đổi"]);
    issue(&workspace, "playbook", "encrypted", "45/QĐ-SKHCN");
    let copy = workspace.path().join("copy");
    fs::create_dir(&copy).expect("a folder");
    for number in 0..1200 {
        fs::write(copy.join(format!("f{number}")), number.to_string()).expect("it is written");
    }
    workspace.ok(&["backup", "seal", "copy"]);
    workspace.ok(&["backup", "verify", "copy"]);
    workspace.ok(&["backup", "prove", "--path", "copy"]);
    fs::write(copy.join("f7"), "x").expect("it is written");
    assert_eq!(workspace.run(&["backup", "verify", "copy"]).status.code(), Some(1));
    let add = ["activity", "add", "--date", "2026-03-12"];
    let more = |rest: &[&str]| workspace.ok(&[&add[..], rest].concat());
    more(&[
        "check",
        "Kiểm tra cổng thông tin",
        "--with",
        "Công an tỉnh",
        "--number",
        "35/BB-CAT",
        "--system",
        "portal",
        "--result",
        "phát hiện 02 lỗ hổng trên 10.9.8.7",
    ]);
    more(&["training", "Tập huấn", "--people", "2184", "--number", "335/SKHCN-BCVT&CĐS"]);
    more(&["drill", "Diễn tập mất điện", "--number", "3/BB-SKHCN"]);
    more(&["letter", "Nhập nhầm"]);
    let wrong = log(&workspace).last().expect("a record")["seq"].to_string();
    workspace.ok(&["activity", "withdraw", &wrong, "--because", "Nhập nhầm"]);
    workspace
}

pub(super) const PERIOD: [&str; 2] = ["--period", "2026-01-01..2099-12-31"];

/// The rows of tasks with these options, as they are printed.
#[track_caller]
fn made(workspace: &Sandbox, options: &[&str]) -> Vec<u8> {
    let all = [&["report", "tasks"], &PERIOD[..], options].concat();
    let done = workspace.speaking("vi", &all);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

#[track_caller]
pub(super) fn says(text: &str, wanted: &[&str]) {
    let close = |text: &str| text.split_whitespace().collect::<String>();
    let whole = close(text);
    for wanted in wanted {
        assert!(whole.contains(&close(wanted)), "`{wanted}` is not in:\n{text}");
    }
}

#[test]
fn every_number_of_row_9_is_found_again_in_the_ledger_without_ungpho() {
    let workspace = workspace();
    let json = made(&workspace, &["--format", "json"]);
    let path = |name: &str| workspace.path().join(name).display().to_string();
    fs::write(path("tasks.json"), &json).expect("it is written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/row9.py");
    let again = || {
        let arguments = [script, &path("ledger"), &path("tasks.json"), "2026-01-01", "2099-12-31"];
        Command::new("python3").args(arguments).output().expect("python3 is there")
    };
    let found = again();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let report: Value = serde_json::from_slice(&json).expect("JSON");
    let sentences = |row: usize| {
        let result = report["rows"][row]["result"].as_array().expect("a list");
        result.iter().filter_map(|it| it["text"].as_str()).collect::<Vec<_>>().join("\n")
    };
    says(
        &sentences(1),
        &[
            "đã ban hành 01 kịch bản ứng phó, trong đó 0 kịch bản khi hệ thống bị lỗi, 01 kịch bản khi hệ thống bị tấn công",
            "\"Mã độc mã hóa dữ liệu\": văn bản số 45/QĐ-SKHCN ngày",
            "Đã tổ chức 03 cuộc diễn tập có biên bản, gồm 01 cuộc kỹ thuật trong môi trường diễn tập, 02 cuộc trên bàn; 02 cuộc với \
         tình huống hệ thống bị lỗi, 01 cuộc với tình huống hệ thống bị tấn công; 04 lượt người tham gia",
            "04/04 bước đạt; thời gian khôi phục: ",
            "(mục tiêu: 04 giờ); kết quả kỹ thuật: đạt; kết luận ngày",
            ": đạt; biên bản số 11/BB",
            "01/02 bước đạt; thời gian khôi phục: không đo (diễn tập trên bàn)",
            "biên bản số 12/BB-SKHCN",
            "Tồn tại qua diễn tập: 02 nội dung",
            ": Bản sao trên 10.66.6.6 chưa mở được",
            "Việc khắc phục: 02 việc, đã thực hiện 01 việc",
            "Đổi mật khẩu máy app-77; người chịu trách nhiệm: Phòng Hạ tầng; thời hạn khắc phục: 31/12/2099; đã thực hiện ngày",
            "Lập bản sao thứ ba tại /srv/kho/ban-sao; người chịu trách nhiệm: Phòng Hạ tầng; thời hạn khắc phục: 31/12/2099; \
             chưa thực hiện",
            "Đã tổ chức 01 cuộc diễn tập khác (nhập từ hồ sơ)",
            "Đã kiểm tra toàn vẹn 02 lượt bản sao lưu bằng mã băm SHA-256, đọc 2.400 tệp, chưa kiểm tra 0 tệp; 01 lượt khớp bảng kê",
            "Đã khôi phục thử 01 lượt, 01 lượt đạt",
            "Tồn tại: 01 lượt kiểm tra không khớp bảng kê",
            "Đã phê duyệt cấp độ 01/08 hệ thống thông tin, đạt 12,50%",
            "Hệ thống đất đai: cấp độ 3, theo Nghị định số 85/2016/NĐ-CP, Quyết định số 120/QĐ-UBND ngày 12/5/2025 của UBND tỉnh",
            "Phần mềm phòng chống mã độc, cập nhật định kỳ: đã triển khai tại 01/08 hệ thống, đạt 12,50%; lần kiểm tra gần nhất ngày 01/6/2026",
            "Phương án phòng chống thất thoát dữ liệu: (chưa có số liệu)",
        ],
    );
    says(
        &sentences(0),
        &[
            "Đã phối hợp tổ chức 01 cuộc kiểm tra",
            "Ngày 12/3/2026: Kiểm tra cổng thông tin; phối hợp với Công an tỉnh; đối với Cổng thông tin điện tử tỉnh; kết quả: phát hiện \
         02 lỗ hổng trên 10.9.8.7; văn bản số 35/BB-CAT (nhập từ hồ sơ)",
            "Đã tổ chức 01 lớp đào tạo, tập huấn cho 2.184 người",
        ],
    );
    assert!(!sentences(0).contains("Nhập nhầm"), "what was withdrawn counts no longer");
    let why: Vec<&str> =
        report["apart"].as_array().expect("a list").iter().filter_map(|it| it["why"].as_str()).collect();
    assert_eq!(why, ["no-minutes", "unattended", "trial"]);
    // The script does find a number that is wrong.
    fs::write(path("tasks.json"), String::from_utf8_lossy(&json).replace("2.400", "2.401")).expect("it is written");
    assert!(!again().status.success(), "a wrong number is found");
}

#[test]
fn the_same_ledger_gives_the_same_bytes_and_an_altered_one_gives_none() {
    let workspace = workspace();
    for format in ["xlsx", "docx", "html", "json"] {
        let options = ["--format", format, "--out", "-"];
        let first = made(&workspace, &options);
        assert!(first.len() > 1000 && first == made(&workspace, &options), "{format} is not the same twice");
    }
    made(&workspace, &["--out", "rows.xlsx"]);
    let traced = workspace.ok(&["report", "trace", "rows.xlsx", "9.drills.count"]);
    let records: Vec<&str> =
        traced.lines().filter(|line| line.contains("run-started") || line.contains("document-issued")).collect();
    assert_eq!(records.len(), 6, "{traced}");
    says(&traced, &["9.drills.count = 03", "12/BB-SKHCN"]);
    says(&workspace.ok(&["report", "trace", "rows.xlsx"]), &["9.backups.files 2.400"]);
    says(&workspace.ok(&["report", "trace", "rows.xlsx", "measures.antimalware.checked"]), &["inventory/land.yaml"]);
    let (code, error) = workspace.refused(&["report", "trace", "rows.xlsx", "9.drill.count"]);
    assert_eq!(code, 2);
    says(&error, &["unknown-figure", "9.drills.count"]);
    // A document that was changed has no index any more.
    fs::copy(workspace.path().join("rows.xlsx.figures.json"), workspace.path().join("other.xlsx.figures.json"))
        .expect("a copy");
    fs::write(workspace.path().join("other.xlsx"), "other").expect("it is written");
    says(&workspace.refused(&["report", "trace", "other.xlsx", "9.drills.count"]).1, &["document-changed"]);
    let log = workspace.path().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    fs::write(&log, text.replacen("\"checked\":1200", "\"checked\":1201", 1)).expect("it is altered");
    for format in ["xlsx", "docx", "html", "json"] {
        let all = [&["report", "tasks"], &PERIOD[..], &["--format", format, "--out", "altered"]].concat();
        let (code, error) = workspace.refused(&all);
        assert_eq!(code, 4, "{error}");
        says(&error, &["ledger-unverified"]);
    }
    assert!(!workspace.path().join("altered").exists(), "nothing is written");
    assert_eq!(workspace.refused(&["report", "trace", "rows.xlsx", "9.drills.count"]).0, 4);
    fs::write(&log, text).expect("it is put back");
    workspace.ok(&["report", "trace", "rows.xlsx", "9.drills.count"]);
}

/// The text of a document once `LibreOffice` has made a PDF of it, and what `pdfinfo` says.
pub(super) fn printed(workspace: &Sandbox, file: &str) -> (String, String) {
    let profile = format!("-env:UserInstallation=file://{}", workspace.path().join("office").display());
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).current_dir(workspace.path()).stdin(Stdio::null()).output();
        let done = done.expect("it is there; tests/run installs it");
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    run("soffice", &[&profile, "--headless", "--convert-to", "pdf", "--outdir", "made", file]);
    let pdf = format!("made/{}.pdf", file.split_once('.').expect("an extension").0);
    (run("pdftotext", &[&pdf, "-"]), run("pdfinfo", &[&pdf]))
}

#[test]
fn the_table_prints_on_a4_and_what_leaves_the_unit_has_no_address_and_no_weakness() {
    let workspace = workspace();
    let sensitive = ["10.9.8.7", "10.20.30.40", "app-77", "lỗ hổng", "Tồn tại", "không khớp", "10.66.6.6", "/srv/kho"];
    for format in ["docx", "xlsx"] {
        let file = format!("rows.{format}");
        made(&workspace, &["--format", format, "--out", &file]);
        let (text, facts) = printed(&workspace, &file);
        assert!(facts.contains("(A4)") && facts.contains("841."), "A4 on its long side:\n{facts}");
        says(&text, &["KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ", "STT", "Thời hạn", "Kết quả thực hiện", "31/12/2025", "2.184"]);
        for word in &sensitive[..3] {
            assert!(text.contains(word), "{word} is in the unit's own {format}");
        }
        let file = format!("out.{format}");
        made(&workspace, &["--format", format, "--leave-out", "--out", &file]);
        let (text, _) = printed(&workspace, &file);
        for word in sensitive {
            assert!(!text.contains(word), "{word} is in {format}:\n{text}");
        }
        says(&text, &["Đã lược bỏ trước khi gửi ra ngoài đơn vị"]);
    }
    let json = String::from_utf8(made(&workspace, &["--format", "json", "--leave-out"])).expect("UTF-8");
    for word in sensitive {
        assert!(!json.contains(word), "{word} is in the figures");
    }
    let index = fs::read_to_string(workspace.path().join("out.xlsx.figures.json")).expect("an index");
    assert!(!index.contains("10.20.30.40") && !index.contains("app-77"), "the index leaves the unit as well");
}

#[test]
fn where_a_result_is_printed_is_a_setting_and_minutes_need_a_day_that_can_be() {
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    let write = |name: &str, text: &str| {
        let path = workspace.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("it is written");
    };
    let text = include_str!("../../policies/tasks/kh02-2025.yaml");
    write("policies/tasks/kh02-2025.yaml", &text.replace("protection_measures: 9", "protection_measures: 8"));
    let report: Value = serde_json::from_slice(&made(&workspace, &["--format", "json"])).expect("JSON");
    let row = |at: usize| report["rows"][at]["result"].to_string();
    assert!(row(0).contains("Kiểm soát truy cập") && !row(1).contains("Kiểm soát truy cập"), "{report}");
    says(&row(1), &["Diễn tập đã có biên bản trong kỳ: (chưa có số liệu)", "đã ban hành: (chưa có số liệu)"]);
    write("policies/tasks/kh02-2025.yaml", &text.replace("drills: 9", "drills: 7"));
    let (code, error) = workspace.refused(&[&["report", "tasks"], &PERIOD[..]].concat());
    assert_eq!(code, 2);
    says(&error, &["unknown-task", "policies/tasks/kh02-2025.yaml"]);
    write("playbooks/encrypted.yaml", &talk("encrypted", "A", "Mã độc"));
    write("ban-ky.pdf", "x");
    let run = drill(&workspace, &["encrypted", "--tabletop"], "c\nc\n");
    let rest = ["--number", "1", "--signer", "B", "--file", "ban-ky.pdf", "--date"];
    for day in ["2020-01-01", "2099-01-01"] {
        let all = [&["report", "issued", "minutes", &run], &rest[..], &[day]].concat();
        let (code, error) = workspace.refused(&all);
        assert_eq!(code, 2);
        says(&error, &["day-not-possible"]);
    }
    says(
        &workspace.refused(&[&["report", "issued", "minutes"], &rest[..], &["2026-01-01"]].concat()).1,
        &["document-of-what"],
    );
    says(&workspace.refused(&["activity", "withdraw", "1", "--because", "x"]).1, &["unknown-activity"]);
}

#[test]
fn the_annual_report_has_the_twelve_columns_of_form_08_and_says_what_is_missing() {
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    let land = workspace.path().join("inventory/land.yaml");
    fs::write(&land, SYSTEM).expect("it is written");
    let annual = |options: &[&str]| {
        let all = [&["report", "annual", "--year", "2026"], options].concat();
        let done = workspace.at(AFTER_2026, "vi", &all);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        (done.stdout, String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let report = || -> Value { serde_json::from_slice(&annual(&["--format", "json"]).0).expect("JSON") };
    let row = |report: &Value| -> Vec<String> {
        let rows = report["rows"].as_array().expect("a list").iter();
        let row = rows.filter_map(Value::as_array).find(|row| row[1] == "Hệ thống đất đai").expect("the row");
        row.iter().map(|cell| cell.as_str().expect("a text").to_owned()).collect()
    };
    let totals = |report: &Value| -> Vec<u64> {
        report["totals"].as_array().expect("a list").iter().filter_map(|total| total["count"].as_u64()).collect()
    };
    let missing = |report: &Value| -> Vec<String> {
        let of = report["missing"].as_array().expect("a list").iter().find(|it| it["system"] == "land");
        let what = of.map(|it| it["what"].as_array().expect("a list").clone()).unwrap_or_default();
        what.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
    };
    let first = report();
    assert_eq!((&first["from"], &first["to"]), (&"2025-12-15".into(), &"2026-12-14".into()));
    assert_eq!(first["deadlines"]["internal"], "2026-12-20");
    assert_eq!(first["deadlines"]["ministry"], "2026-12-25");
    assert_eq!(first["columns"].as_array().expect("a list").len(), 12);
    assert_eq!(
        row(&first)[2..],
        [
            "UBND tỉnh",
            "Đơn vị vận hành (mẫu), tỉnh Quảng Ngãi",
            "3",
            "Đã được phê duyệt",
            "120/QĐ-UBND ngày 12/5/2025, UBND tỉnh",
            "7/QC-UBND ngày 10/01/2025",
            "–",
            "Đã triển khai một số hạng mục",
            "31/12/2026",
            "Định kỳ",
        ]
    );
    assert_eq!(totals(&first), [8, 0, 0, 0, 1, 0, 1], "all, by state, measures, checked");
    assert!(missing(&first).is_empty(), "{first}");
    assert!(!first.to_string().contains("population\",\"name"), "what others run is no row");
    // Each boundary of the year's data, and each of the words.
    for (was, is, place, expected, lacks) in [
        ("date: 2026-05-04", "date: 2025-12-15", 11, "Định kỳ", ""),
        ("date: 2026-05-04", "date: 2025-12-14", 11, "(chưa có số liệu)", "Đã kiểm tra, đánh giá"),
        ("date: 2026-05-04", "date: 2026-12-14", 11, "Định kỳ", ""),
        ("date: 2026-05-04", "date: 2026-12-15", 11, "(chưa có số liệu)", "Đã kiểm tra, đánh giá"),
        ("kind: periodic, date: 2026-05-04", "kind: before_use, date: 2021-02-03", 11, "Trước khi đưa vào sử dụng", ""),
        ("status: approved", "status: draft", 5, "Đang dự thảo", "Dự kiến phê duyệt"),
        ("status: approved", "status: submitted", 5, "Đã gửi thẩm định", "Dự kiến phê duyệt"),
        ("status: approved", "status: appraised", 5, "Đã thẩm định", "Dự kiến phê duyệt"),
        ("measures: partial", "measures: none", 9, "Chưa triển khai", ""),
        ("measures: partial", "measures: full", 9, "Đã triển khai đầy đủ", ""),
        ("owner: \"UBND tỉnh\"\n", "", 2, "(chưa có số liệu)", "Chủ quản"),
        (
            "date: 2025-01-10",
            "date: 2025-05-13",
            7,
            "7/QC-UBND ngày 13/5/2025",
            "Quy chế không có ngày trước quyết định phê duyệt",
        ),
        ("state: operating", "assumed: [owner]\nstate: operating", 2, "UBND tỉnh (số liệu giả định)", ""),
    ] {
        assert!(SYSTEM.contains(was), "{was}");
        fs::write(&land, SYSTEM.replacen(was, is, 1)).expect("it is written");
        let report = report();
        assert_eq!(row(&report)[place], expected, "{is}");
        let missing = missing(&report);
        assert_eq!(missing.is_empty(), lacks.is_empty(), "{is}: {missing:?}");
        assert!(missing.iter().all(|what| what.starts_with(lacks)), "{is}: {missing:?}");
    }
    fs::write(&land, SYSTEM).expect("it is written");
    // A system of which only the owner is known is the unit's where the owner is the unit or the body above it.
    let bare = workspace.path().join("inventory/bare.yaml");
    for (owner, rows) in [("UBND tỉnh Quảng Ngãi", 9), ("Bộ Tài chính", 8)] {
        fs::write(&bare, format!("format: 1\nid: bare\nname: \"Hệ thống mới\"\nowner: \"{owner}\"\n"))
            .expect("it is written");
        let report = report();
        assert_eq!(report["rows"].as_array().map(Vec::len), Some(rows), "{owner}");
        assert_eq!(report["notes"].to_string().contains("Hệ thống mới"), rows == 8, "{owner}");
    }
    fs::remove_file(&bare).expect("it is removed");
    for format in ["docx", "xlsx"] {
        let file = format!("annual.{format}");
        let (_, error) = annual(&["--format", format, "--out", &file]);
        says(&error, &["`lgsp` còn thiếu:", "trước ngày 25/12/2026"]);
        let bytes = fs::read(workspace.path().join(&file)).expect("it is there");
        annual(&["--format", format, "--out", &file]);
        assert!(bytes == fs::read(workspace.path().join(&file)).expect("it is there"), "the same bytes");
        let (text, facts) = printed(&workspace, &file);
        assert!(facts.contains("(A4)") && facts.contains("841."), "A4 on its long side:\n{facts}");
        says(&text, &["Tổng số hệ thống thông tin", "chưa được đối chiếu", "120/QĐ"]);
    }
    says(&workspace.ok(&["report", "trace", "annual.xlsx", "systems.land"]), &["inventory/land.yaml"]);
}
