//! The inventory as a spreadsheet: out, changed by other programs, and in again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::desk::Desk;

const EVERY: &str = include_str!("data/every-fact.yaml");
const HEAD: &str = "Mã hệ thống;Tên hệ thống;Số người sử dụng;Vận hành từ ngày;Hệ thống cần có để hoạt động";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("inventory/every-fact.yaml", EVERY);
    desk.write("inventory/b.yaml", "# giữ nguyên\nformat: 1\nid: b\nname: \"Hệ thống B\"   # tên\n");
    desk
}

/// Every file of the inventory.
fn files(desk: &Desk) -> BTreeMap<String, String> {
    let entries = fs::read_dir(desk.root().join("inventory")).unwrap().map(Result::unwrap);
    entries.map(|it| (it.file_name().into_string().unwrap(), fs::read_to_string(it.path()).unwrap())).collect()
}

/// Runs the office suite on a file of `folder`, as a person does who opens it and saves it in another form.
fn office(folder: &Path, file: &str, form: &str) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", form, "--outdir", ".", file])
        .current_dir(folder)
        .env("HOME", folder)
        .output()
        .expect("LibreOffice is here: tests/run installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_workbook_that_libreoffice_changed_and_saved_brings_in_the_change_and_nothing_else() {
    let desk = desk();
    let before = files(&desk);
    desk.run(&["--lang", "vi", "inventory", "export", "--out", "danh-muc.xlsx"]).exits(0);
    office(&desk.root(), "danh-muc.xlsx", "fods");
    let flat = fs::read_to_string(desk.root().join("danh-muc.fods")).unwrap();
    assert_eq!(flat.matches(">UBND tỉnh<").count(), 2, "owner and the body of the decision");
    fs::write(desk.root().join("danh-muc.fods"), flat.replacen(">UBND tỉnh<", ">UBND tỉnh Quảng Ngãi<", 1)).unwrap();
    fs::remove_file(desk.root().join("danh-muc.xlsx")).unwrap();
    office(&desk.root(), "danh-muc.fods", "xlsx");
    let seen = desk.run(&["inventory", "import", "danh-muc.xlsx", "--dry-run"]).exits(0);
    assert_eq!(seen.out, "changed: `every-fact`: Owner\n");
    assert_eq!(files(&desk), before, "a dry run writes nothing");
    desk.run(&["inventory", "import", "danh-muc.xlsx"]).exits(0).says(&["0 new, 1 changed, 1 as they were"]);
    let mut wanted = before;
    let every = wanted.get_mut("every-fact.yaml").unwrap();
    *every = every.replacen("owner: \"UBND tỉnh\"", "owner: \"UBND tỉnh Quảng Ngãi\"", 1);
    assert_eq!(files(&desk), wanted);
}

#[test]
fn both_forms_come_back_without_a_change_and_formulas_are_kept_from_running() {
    let desk = desk();
    desk.write("inventory/b.yaml", "format: 1\nid: b\nname: \"=cmd|'/c calc'!A1\"\noperator: \"'@x\"\n");
    let before = files(&desk);
    for (form, lang) in [("xlsx", "vi"), ("xlsx", "en"), ("csv", "vi"), ("csv", "en")] {
        let file = format!("t-{lang}.{form}");
        desk.run(&["--lang", lang, "inventory", "export", "--format", form, "--out", &file]).exits(0);
        desk.run(&["inventory", "import", &file]).exits(0).says(&["0 new, 0 changed, 2 as they were"]);
    }
    assert_eq!(files(&desk), before);
    let csv = fs::read_to_string(desk.root().join("t-vi.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}Mã hệ thống;Tên hệ thống;"), "{csv}");
    assert!(csv.contains(";'=cmd|"), "{csv}");
}

#[test]
fn a_row_that_does_not_fit_is_told_by_its_place_and_nothing_is_half_imported() {
    let desk = desk();
    let before = files(&desk);
    let text = format!(
        "{HEAD}\nnew-one;Hệ thống mới;5.000;01/3/2021;b\nb;Hệ thống B;nhiều;31/02/2021;nowhere\nb;Hệ thống B;;;\nĐ;X;;;\n"
    );
    fs::write(desk.root().join("t.csv"), text).unwrap();
    desk.run(&["inventory", "import", "t.csv"]).exits(2).says(&[
        "error[bad-row]: row 3, column \"Users\": `nhiều` is no whole number",
        "row 3, column \"In operation since\": `31/02/2021` is no day",
        "row 3, column \"Depends on\": the inventory has no system `nowhere`",
        "row 5, column \"System id\"",
        "nothing was imported",
    ]);
    assert_eq!(files(&desk), before);
    let twice = format!("{HEAD}\nb;Hệ thống B;;;\nb;Hệ thống B;;;\n");
    fs::write(desk.root().join("t.csv"), twice).unwrap();
    desk.run(&["inventory", "import", "t.csv"]).exits(2).says(&["row 2 has the id `b` already"]);
    fs::write(desk.root().join("t.csv"), "Mã hệ thống;Tên hệ thốg\nb;x\n").unwrap();
    desk.run(&["inventory", "import", "t.csv"]).exits(2).says(&["error[unknown-column]: column B"]);
    fs::write(desk.root().join("t.csv"), b"id;name.vi\nb;H\xea\n").unwrap();
    desk.run(&["inventory", "import", "t.csv"])
        .exits(2)
        .says(&["error[table-encoding]: line 2 is not UTF-8", "CP1258"]);
    assert_eq!(files(&desk), before);
    assert_eq!(
        fs::read_dir(desk.root())
            .unwrap()
            .filter(|it| it.as_ref().is_ok_and(|it| it.file_name().to_string_lossy().starts_with(".inv")))
            .count(),
        0
    );
}

#[test]
fn merged_cells_are_refused_by_their_names() {
    let desk = desk();
    desk.run(&["inventory", "export", "--template", "--out", "t.xlsx"]).exits(0);
    office(&desk.root(), "t.xlsx", "fods");
    let flat = fs::read_to_string(desk.root().join("t.fods")).unwrap();
    let at = flat.find("<table:table-cell").unwrap();
    let flat = format!(
        "{}<table:table-cell table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\"{}",
        &flat[..at],
        &flat[at + "<table:table-cell".len()..]
    );
    fs::write(desk.root().join("t.fods"), flat).unwrap();
    office(&desk.root(), "t.fods", "xlsx");
    desk.run(&["inventory", "import", "t.xlsx"]).exits(2).says(&["error[merged-cells]", "A1:A2"]);
}

#[test]
fn a_filled_in_template_makes_files_that_hold() {
    let desk = Desk::new();
    desk.run(&["--lang", "vi", "inventory", "export", "--template", "--format", "csv", "--out", "mau.csv"]).exits(0);
    let head = fs::read_to_string(desk.root().join("mau.csv")).unwrap();
    let titles: Vec<&str> = head.trim().trim_start_matches('\u{feff}').split(';').collect();
    let value = |title: &&str| match *title {
        "Mã hệ thống" => "cong-ttdt",
        "Tên hệ thống" => "Cổng thông tin điện tử",
        "Loại hình hệ thống" => "\"phục vụ người dân, doanh nghiệp; hoạt động nội bộ\"",
        "Giải quyết thủ tục hành chính" => "Không",
        "Số người sử dụng" => "12.500",
        "Vận hành từ ngày" => "01/03/2021",
        "Cấp độ đề xuất" => "2",
        _ => "",
    };
    let row: Vec<&str> = titles.iter().map(value).collect();
    fs::write(desk.root().join("mau.csv"), format!("{head}{}\r\n", row.join(";"))).unwrap();
    desk.run(&["inventory", "import", "mau.csv"]).exits(0).says(&["1 new, 0 changed"]);
    desk.run(&["check"]).exits(0);
    let shown: Value =
        serde_json::from_str(&desk.run(&["inventory", "show", "cong-ttdt", "--json"]).exits(0).out).unwrap();
    let facts = &shown["system"]["facts"];
    assert_eq!(facts["class"], serde_json::json!(["public_service", "internal"]));
    assert_eq!((&facts["one_stop"], &facts["users"]), (&Value::Bool(false), &Value::from(12_500)));
    assert_eq!(shown["system"]["operating_since"], "2021-03-01");
}

#[test]
fn thousands_of_systems_come_in_and_go_out() {
    let desk = Desk::new();
    let rows: Vec<String> = (0..2000).map(|at| format!("s{at};Hệ thống {at};{at};01/3/2021;")).collect();
    fs::write(desk.root().join("t.csv"), format!("{HEAD}\n{}\n", rows.join("\n"))).unwrap();
    desk.run(&["inventory", "import", "t.csv"]).exits(0).says(&["2,000 new"]);
    desk.run(&["inventory", "export", "--out", "t.xlsx"]).exits(0);
    desk.run(&["inventory", "import", "t.xlsx"]).exits(0).says(&["0 new, 0 changed, 2,000 as they were"]);
}

#[test]
fn an_import_that_is_killed_changes_nothing_and_the_next_one_clears_what_it_left() {
    let desk = desk();
    fs::create_dir_all(desk.root().join("inventory/giay-to")).unwrap();
    let rows: Vec<String> = (0..3000).map(|at| format!("s{at};Hệ thống {at};{at};01/3/2021;")).collect();
    fs::write(desk.root().join("t.csv"), format!("{HEAD}\n{}\n", rows.join("\n"))).unwrap();
    let staged = desk.root().join(".inventory-new");
    let mut child = Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .args(["inventory", "import", "t.csv"])
        .current_dir(desk.root())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    while !staged.join("s5.yaml").exists() {
        assert!(std::time::Instant::now() < deadline && child.try_wait().unwrap().is_none(), "it is not in the middle");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(staged.is_dir(), "it was killed in the middle");
    assert_eq!(fs::read_dir(desk.root().join("inventory")).unwrap().count(), 3, "nothing is half-imported");
    // What lives is left alone: the lock says so, whoever holds it.
    let lock = fs::File::open(desk.root()).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    desk.run(&["inventory", "import", "t.csv"]).exits(3).says(&["error[import-running]"]);
    assert!(staged.is_dir());
    drop(lock);
    // Killed after the exchange: the old folder is what is left, with what is no file.
    fs::create_dir_all(staged.join("anh")).unwrap();
    desk.run(&["inventory", "import", "t.csv"]).exits(0).says(&["3,000 new"]);
    assert!(!staged.exists());
    let inventory = desk.root().join("inventory");
    assert!(inventory.join("giay-to").is_dir() && inventory.join("anh").is_dir());
    assert_eq!(fs::read_dir(inventory).unwrap().count(), 3004);
}
