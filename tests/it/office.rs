//! The spreadsheet in `LibreOffice`: printed to A4, filled in, saved by it, and entered.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::desk::{Desk, finish, kill_loop};

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", phones: [\"0905 000 001\"] }\n\
    \x20 - { id: binh, name: \"Trần Văn Bình\", phones: [\"0905 000 002\"], second_channel: \"Bộ đàm kênh 3\" }\n\
    roles: { operator: { holder: binh, deputy: lan } }\n\
    contacts_checked: 2026-10-01\n";

/// More than a row of a spreadsheet can hold.
fn long() -> String {
    (1..=900).map(|number| format!("việc{number}đủ")).collect::<Vec<_>>().join("; ")
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    let steps = format!(
        "roles: {{ operator: {{ title: \"Cán bộ vận hành\" }} }}\nsteps:\n\
         \x20 - {{ id: confirm, title: \"Xác minh\", role: operator, marks: detected, manual: {{ do: \"Xem máy & ghi lại\", checks: [ \"Đã chụp\" ], ask: [ {{ id: host, title: \"Máy nào?\", type: string }} ] }} }}\n\
         \x20 - {{ id: long, title: \"Việc dài\", role: operator, manual: {{ do: \"{}\" }} }}\n",
        long()
    );
    desk.playbook("night", &steps);
    desk
}

/// Has `LibreOffice` make `to` of `file` in the workspace, with a profile of this test's own.
fn office(desk: &Desk, file: &str, to: &str) {
    let profile = format!("-env:UserInstallation=file://{}", desk.root().join("office").display());
    let arguments = [profile.as_str(), "--headless", "--convert-to", to, "--outdir", "made", file];
    let mut command = Command::new("soffice");
    command.args(arguments).current_dir(desk.root());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("soffice is there; tests/run installs libreoffice-calc");
    finish(child, &arguments).exits(0);
    let made = Path::new(file).with_extension(to);
    let made = desk.root().join("made").join(made.file_name().expect("a name"));
    assert!(made.is_file(), "LibreOffice made no {}", made.display());
}

/// The text of each page of a PDF.
fn pages(desk: &Desk, file: &str) -> Vec<String> {
    let done = Command::new("pdftotext").args([file, "-"]).current_dir(desk.root()).output();
    let done = done.expect("pdftotext is there; tests/run installs poppler-utils");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(ToOwned::to_owned).collect()
}

fn run_of(program: &str, arguments: &[&str], desk: &Desk) -> String {
    let done = Command::new(program).args(arguments).current_dir(desk.root()).output().expect("it is there");
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// Without spaces and ends of lines: a column breaks lines where it likes.
fn close(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_spreadsheet_prints_on_a4_whole_with_contacts_duties_and_its_version_on_every_page() {
    let desk = desk();
    desk.run(&["report", "card", "night", "--format", "xlsx", "--out", "card.xlsx", "--lang", "vi"]).exits(0);
    office(&desk, "card.xlsx", "pdf");
    let facts = run_of("pdfinfo", &["made/card.pdf"], &desk);
    assert!(facts.contains("(A4)") && facts.contains("841."), "A4 landscape:\n{facts}");
    let pages = pages(&desk, "made/card.pdf");
    let count = pages.len();
    for (number, page) in (1..).zip(&pages) {
        for wanted in ["PHIẾU LÀM VIỆC TRÊN GIẤY", "Sở Thử nghiệm", "night · phiên bản 1", "SHA-256 "]
        {
            assert!(page.contains(wanted), "`{wanted}` is not on page {number}:\n{page}");
        }
        assert!(page.contains(&format!("{number}/{count}")), "page {number} of {count} has no number:\n{page}");
    }
    let all = close(&pages.concat());
    for wanted in [
        "Tiếp nhận hồ sơ giấy",
        "Trần Văn Bình (binh)",
        "0905 000 002",
        "Bộ đàm kênh 3",
        "72 giờ kể từ thời điểm phát hiện",
        "đoạn 2 điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP",
        "Xem máy & ghi lại",
        "Người ghi phiếu",
        "Chỉ huy ứng phó",
    ] {
        assert!(all.contains(&close(wanted)), "`{wanted}` is not in:\n{}", pages.concat());
    }
    // What one row cannot hold goes on in the next: every word of it is on paper.
    for number in 1..=900 {
        let wanted = format!("việc{number}đủ");
        assert!(all.contains(&wanted), "`{wanted}` is cut off");
    }
}

#[test]
fn what_libreoffice_saved_is_entered() {
    let desk = desk();
    desk.run(&["respond", "night", "--yes"]);
    desk.until_kind("asked");
    let plan = desk.only("asked")["plan"].as_str().expect("a plan").to_owned();
    desk.run(&["answer", "yes", "--plan", &plan]).exits(0);
    desk.until("the first step", |records| records.iter().filter(|record| record["type"] == "asked").count() == 2);
    kill_loop(&desk, "SC-2026-001");
    let run = desk.records().iter().find_map(|it| it["run"].as_str().map(ToOwned::to_owned)).expect("a run");
    desk.run(&["report", "card", "--run", &run, "--format", "xlsx", "--out", "sheet.xlsx"]).exits(0);
    let began = desk.all("run-started")[0]["at"].as_str().expect("a time").to_owned();
    let (day, time) = (&began[..10], &began[11..16]);
    let cells = json!([
        ["^Day of this sheet", "", day],
        ["confirm", "Done by", "binh"],
        ["confirm", "Begun", time],
        ["confirm", "Over", time],
        ["confirm", "Outcome", "done"],
        ["confirm", "Confirmed, option, value", "'1"],
        ["confirm", "Remarks", "Thấy tệp lạ"],
        ["confirm?host", "Confirmed, option, value", "app-01"],
    ]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/type_sheet.py");
    run_of("python3", &[script, "sheet.xlsx", &cells.to_string()], &desk);
    // Saved in LibreOffice's own format, opened again, and saved for us.
    office(&desk, "sheet.xlsx", "ods");
    fs::remove_file(desk.root().join("sheet.xlsx")).expect("it can be taken away");
    office(&desk, "made/sheet.ods", "xlsx");
    desk.run(&["record", &run, "--from", "made/sheet.xlsx", "--yes"]).exits(0).says(&["entered 1 row"]);
    let answered = desk.all("answered").into_iter().last().expect("it was answered");
    assert_eq!((&answered["actor"], &answered["basis"]), (&json!("binh"), &json!("paper")), "{answered}");
    assert!(answered["occurred"].as_str().is_some_and(|at| at.starts_with(&began[..16])), "{answered}");
    assert_eq!(answered["body"]["checks"], json!([true]), "{answered}");
    assert!(answered["body"]["answers"].get("host").is_some_and(Value::is_object), "{answered}");
    assert_eq!(desk.all("noted").len(), 1, "the remark");
}
