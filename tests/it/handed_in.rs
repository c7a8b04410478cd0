//! What is handed in on paper, and what leaves the unit: sheets that can be read, the unit's own layout, nothing that stood in the
//! inventory or in the ledger and is not for others.

use std::fs;
use std::io::{Cursor, Read as _};
use std::process::Command;

use serde_json::Value;

use super::sandbox::Sandbox;
use super::tasks::{PERIOD, log, printed, says, workspace};

/// What stood in the inventory or in the ledger of [`workspace`] and is not for others.
const SENSITIVE: [&str; 13] = [
    "10.9.8.7",
    "10.20.30.40",
    "10.66.6.6",
    "app-77",
    "/srv/kho",
    "02 lỗ hổng",
    "chưa mở được",
    "Thiếu người trực",
    "Đổi mật khẩu",
    "Lập bản sao thứ ba",
    "12/12 máy",
    "cổng quản trị mở ra ngoài",
    "một tài khoản lạ",
];

#[track_caller]
fn vi(workspace: &Sandbox, arguments: &[&str]) -> Vec<u8> {
    let done = workspace.speaking("vi", arguments);
    assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// The run that began first: the one on the lab.
fn first_run(workspace: &Sandbox) -> String {
    log(workspace).iter().find_map(|record| record["run"].as_str().map(str::to_owned)).expect("a run")
}

/// All the text of a file: what stands in the entries of an archive, or the file itself.
fn text(bytes: &[u8]) -> String {
    if !bytes.starts_with(b"PK") {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut whole = String::new();
    for index in 0..archive.len() {
        let mut content = Vec::new();
        archive.by_index(index).expect("an entry").read_to_end(&mut content).expect("it is read");
        whole.push_str(&String::from_utf8_lossy(&content));
    }
    whole
}

#[test]
fn no_report_for_others_has_anything_that_is_not_for_others() {
    let workspace = workspace();
    for (kind, found) in [("scan", "cổng quản trị mở ra ngoài"), ("hunt", "một tài khoản lạ")] {
        workspace.ok(&["activity", "add", kind, "Việc của tổ", "--date", "2026-04-01", "--result", found]);
    }
    let year = ["--year", "2026"];
    let first = first_run(&workspace);
    let run: &[&str] = &[&first];
    let mut seen = std::collections::BTreeSet::new();
    for (report, about, formats) in [
        ("tasks", &PERIOD[..], &["xlsx", "docx", "html", "json"][..]),
        ("annual", &year[..], &["xlsx", "docx", "html", "json"]),
        ("coverage", &[], &["xlsx", "html", "json"]),
        ("run", run, &["html", "md", "json"]),
        ("minutes", run, &["docx", "html"]),
        ("after-action", run, &["docx", "html"]),
    ] {
        for format in formats {
            let make = |more: &[&str]| {
                let file = format!("{report}{}.{format}", more.len());
                let all = [&["report", report], about, &["--format", format, "--out", &file], more].concat();
                vi(&workspace, &all);
                let mut whole = text(&fs::read(workspace.path().join(&file)).expect("it is there"));
                let index = fs::read_to_string(workspace.path().join(format!("{file}.figures.json")));
                whole.push_str(&index.unwrap_or_default());
                whole
            };
            let (inside, outside) = (make(&[]), make(&["--leave-out"]));
            for word in SENSITIVE {
                assert!(!outside.contains(word), "{word} is in the {format} of {report}");
                if inside.contains(word) {
                    seen.insert(word);
                }
            }
            assert!(outside.contains("Đã lược bỏ trước khi gửi ra ngoài đơn vị: "), "{report} {format} says so");
            assert!(!inside.contains("Đã lược bỏ trước khi gửi"), "{report} {format}");
            // A run's page says when it was made; what is handed in is the same twice.
            assert!(report == "run" || outside == make(&["--leave-out"]), "{report} {format} is not the same twice");
        }
    }
    assert_eq!(seen.len(), SENSITIVE.len(), "each of them stands in the unit's own reports: {seen:?}");
}

#[test]
fn what_was_left_out_can_be_traced_by_number_and_a_unit_has_profiles_of_its_own() {
    let workspace = workspace();
    let make = |more: &[&str]| vi(&workspace, &[&["report", "tasks"], &PERIOD[..], more].concat());
    make(&["--leave-out", "--out", "out.xlsx"]);
    let traced = workspace.ok(&["report", "trace", "out.xlsx", "8.check.count"]);
    assert!(traced.contains("activity,") && !traced.contains("10.9.8.7"), "{traced}");
    let traced: Value =
        serde_json::from_str(&workspace.ok(&["report", "trace", "out.xlsx", "8.check.count", "--json"])).expect("JSON");
    assert_eq!(traced["left_out"], "outside");
    assert_eq!(traced["records"][0]["type"], "activity");
    assert!(traced["records"][0].get("body").is_none());
    // Another ledger, and one that lost what the document rests on, are told apart.
    let other = Sandbox::new();
    other.ok(&["init", ".", "--sample", "quang-ngai"]);
    other.ok(&["activity", "add", "letter", "x", "--date", "2026-03-12"]);
    for name in ["out.xlsx", "out.xlsx.figures.json"] {
        fs::copy(workspace.path().join(name), other.path().join(name)).expect("a copy");
    }
    let (code, error) = other.refused(&["report", "trace", "out.xlsx", "8.check.count"]);
    assert_eq!(code, 4);
    says(&error, &["ledger-other"]);
    let index = workspace.path().join("out.xlsx.figures.json");
    let kept = fs::read_to_string(&index).expect("an index");
    let size = serde_json::from_str::<Value>(&kept).expect("JSON")["ledger"]["size"].to_string();
    fs::write(&index, kept.replacen(&format!("\"size\": {size}"), "\"size\": 9999", 1)).expect("it is written");
    let (code, error) = workspace.refused(&["report", "trace", "out.xlsx", "8.check.count"]);
    assert_eq!(code, 4);
    says(&error, &["ledger-behind", "9999"]);
    // Neither a figure nor the records behind it pass for the document's where they are others in its index alone.
    for format in ["xlsx", "docx", "html", "json"] {
        let file = format!("own.{format}");
        make(&["--out", &file]);
        let index = workspace.path().join(format!("{file}.figures.json"));
        let kept = fs::read_to_string(&index).expect("an index");
        let figures: Value = serde_json::from_str(&kept).expect("JSON");
        let record = figures["figures"][0]["records"][0].to_string();
        assert!(workspace.ok(&["report", "trace", &file]).contains(&format!("#{record}")));
        let changed = kept.replacen(&format!("\n        {record}"), "\n        0", 1);
        assert_ne!(kept, changed, "{kept}");
        fs::write(&index, changed).expect("it is written");
        for figure in [&[][..], &["8.check.count"]] {
            let (code, error) = workspace.refused(&[&["report", "trace", &file], figure].concat());
            assert_eq!(code, 1, "{error}");
            says(&error, &["figures-changed"]);
        }
    }
    fs::write(&index, kept).expect("it is put back");
    fs::copy(workspace.path().join("out.xlsx"), other.path().join("out.xlsx")).expect("a copy");
    let (code, error) = other.refused(&["report", "trace", "out.xlsx"]);
    assert_eq!(code, 4, "a list of figures, too, is of one ledger: {error}");
    let (code, error) = workspace.refused(&[&["report", "tasks"], &PERIOD[..], &["--leave-out=outsied"]].concat());
    assert_eq!(code, 2);
    says(&error, &["unknown-redaction", "did you mean `outside`?"]);
    fs::create_dir_all(workspace.path().join("policies/redaction")).expect("a folder");
    let own = "format: 1\nredaction: kept\ntitle: \"Giữ lại\"\nleave_out: [people]\nnote: \"Đã che\"\n";
    fs::write(workspace.path().join("policies/redaction/kept.yaml"), own).expect("it is written");
    let json = String::from_utf8(make(&["--leave-out=kept", "--format", "json"])).expect("UTF-8");
    assert!(json.contains("10.9.8.7") && json.contains("Đã che: "), "only what the profile names goes:\n{json}");
}

/// Every word of a PDF with its page and its box: left, top, right, bottom in points.
fn boxes(workspace: &Sandbox, pdf: &str) -> Vec<(usize, [f64; 4], String)> {
    let done = Command::new("pdftotext").args(["-bbox", pdf, "-"]).current_dir(workspace.path()).output();
    let text = String::from_utf8(done.expect("it is there").stdout).expect("UTF-8");
    let mut page = 0;
    let mut words = Vec::new();
    for line in text.lines() {
        page += usize::from(line.trim_start().starts_with("<page "));
        let Some(rest) = line.trim_start().strip_prefix("<word ") else { continue };
        let value = |key: &str| {
            let rest = rest.split_once(&format!("{key}=\"")).expect("a side").1;
            rest.split('"').next().expect("an end").parse::<f64>().expect("a number")
        };
        let word = rest.split_once('>').expect("a word").1.trim_end_matches("</word>").to_owned();
        words.push((page, ["xMin", "yMin", "xMax", "yMax"].map(value), word));
    }
    words
}

#[test]
fn sheets_are_printed_as_large_as_they_can_be_read_and_no_line_lies_on_another() {
    let workspace = workspace();
    let year = ["--year", "2026"];
    // Points of the smallest letters: 12 in the table, 85 and 75 per cent of it where many columns stand beside each other.
    for (report, about, least) in [("tasks", &PERIOD[..], 11.5), ("annual", &year[..], 10.0), ("coverage", &[], 8.8)] {
        let file = format!("{report}.xlsx");
        vi(&workspace, &[&["report", report], about, &["--format", "xlsx", "--out", &file]].concat());
        let (text, facts) = printed(&workspace, &file);
        assert!(facts.contains("(A4)") && facts.contains("841."), "A4 on its long side:\n{facts}");
        assert!(!text.contains("###"), "no cell is too narrow for what stands in it");
        let mut words = boxes(&workspace, &format!("made/{report}.pdf"));
        // A cell over two pages is written on both, and what has no room on the second is clipped: it stands above the paper's
        // text and is not seen.
        words.retain(|(page, sides, word)| *page == 1 || sides[1] > 50.0 || word.parse::<u32>().is_ok());
        for (page, [left, top, right, bottom], word) in &words {
            // The box of a word is as high as its line: 1.1 of its size.
            assert!(
                (bottom - top) / 1.107 > least,
                "{report}: `{word}` on page {page} is {} points",
                (bottom - top) / 1.107
            );
            // 30 mm at the left, 15 at the right, 20 above and below; page numbers stand above.
            assert!(
                *left > 84.0 && *right < 842.0 - 40.0 && *bottom < 595.0 - 50.0,
                "{report}: `{word}` on page {page} at {left} to {right}, {top} to {bottom}"
            );
            assert!(
                *top > 50.0 || word.parse::<u32>().is_ok(),
                "{report}: `{word}` on page {page} stands in the margin"
            );
        }
        for (at, (page, one, word)) in words.iter().enumerate() {
            for (other_page, other, next) in &words[at + 1..] {
                let across = one[2].min(other[2]) - one[0].max(other[0]);
                let down = one[3].min(other[3]) - one[1].max(other[1]);
                let lies = page == other_page && across > 1.0 && down > (one[3] - one[1]) * 0.35;
                assert!(!lies, "{report}: `{word}` and `{next}` lie on each other on page {page}");
            }
        }
        // The first page shows no number; the others do, above and in the middle.
        let number = |on: usize| {
            let on_it = words.iter().filter(|(page, sides, _)| *page == on && sides[1] < 50.0);
            on_it.map(|(_, _, word)| word.clone()).collect::<Vec<_>>()
        };
        assert!(number(1).is_empty(), "{report}: {:?}", number(1));
        assert_eq!(number(2), ["2"], "{report}");
    }
    // Files that figures rest on stand once.
    let bytes = fs::read(workspace.path().join("tasks.xlsx")).expect("it is there");
    assert_eq!(text(&bytes).matches("inventory/land.yaml").count(), 1);
}

#[test]
fn a_long_row_goes_on_over_the_page_and_the_heading_is_that_of_the_units_own_body() {
    let workspace = workspace();
    let make = |more: &[&str]| {
        let all = [&["report", "tasks"], &PERIOD[..], &["--format", "docx", "--out", "rows.docx"], more].concat();
        vi(&workspace, &all);
        printed(&workspace, "rows.docx").0
    };
    let state = make(&["--number", "7", "--date", "2026-11-25"]);
    says(&state, &["Phụ lục I", "/BC-", "07/BC-", "ngày 25 tháng 11 năm 2026 của"]);
    assert!(!state.contains("(tiếp)"), "a row is one row");
    let words = boxes(&workspace, "made/rows.pdf");
    // Row 9 fills the first page and goes on at the top of the next, under the heading.
    let bottom = words.iter().filter(|(page, ..)| *page == 1).map(|(_, sides, _)| sides[3]).fold(0.0, f64::max);
    assert!(bottom > 480.0, "the first page is filled down to {bottom}");
    let titles = words.iter().filter(|(_, _, word)| word == "STT").map(|(page, ..)| *page).collect::<Vec<_>>();
    assert!(titles.starts_with(&[1, 2]), "the heading is repeated: {titles:?}");
    let unit = workspace.path().join("ungpho.yaml");
    let text = fs::read_to_string(&unit).expect("a unit");
    let text: String = text
        .lines()
        .filter(|line| !line.starts_with("symbol:") && !line.starts_with("documents:"))
        .fold(String::new(), |text, line| text + line + "\n");
    fs::write(&unit, format!("{text}symbol: ĐU\ndocuments: party\n")).expect("it is written");
    let party = make(&["--number", "12", "--date", "2026-11-25"]);
    says(&party, &["(Kèm theo Báo cáo số 12-BC/ĐU ngày 25/11/2026 của"]);
    says(&make(&[]), &["-BC/ĐU ngày"]);
}

#[test]
fn documents_that_were_issued_are_listed() {
    let workspace = workspace();
    let listed = String::from_utf8(vi(&workspace, &["report", "issued"])).expect("UTF-8");
    let first = format!("biên bản {}: số 11/BB, ngày", first_run(&workspace));
    says(&listed, &[&first, "người ký Nguyễn Văn Bình", "encrypted: số 45/QĐ-SKHCN"]);
    assert!(!listed.contains("số 12/BB,"), "what was entered later counts:\n{listed}");
    let json: Value = serde_json::from_slice(&vi(&workspace, &["report", "issued", "--json"])).expect("JSON");
    assert_eq!(json["documents"].as_array().map(Vec::len), Some(6));
    let (code, error) = workspace.refused(&["report", "issued", "minutes", "DT-1"]);
    assert_eq!(code, 2);
    says(&error, &["--number"]);
}
