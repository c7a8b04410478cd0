//! Every report in every format, over one workspace: the same bytes twice, opened by `LibreOffice`, and nothing of a ledger
//! that was altered.

use std::fs;

use super::desk::Desk;
use super::minutes::{close, pdf_of_all, told};

const UNIT: &str = "format: 1\nunit: \"Sở Khoa học và Công nghệ\"\nparent: \"UBND tỉnh Quảng Ngãi\"\nsymbol: SKHCN\n\
    place: \"Quảng Ngãi\"\nlanguage: vi\nsigners: [ { position: \"Giám đốc\", name: \"Lê Văn Cường\" } ]\n";

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\", position: \"Cán bộ vận hành\" }\n\
    \x20 - { id: binh, name: \"Trần Văn Bình\", position: \"Phó Giám đốc\" }\n\
    \x20 - { id: minh, name: \"Hồ Minh\" }\n\
    roles: { commander: { holder: binh }, operator: { holder: lan } }\n";

const SYSTEM: &str = "format: 1\nid: portal\nname: \"Cổng thông tin điện tử\"\nowner: \"UBND tỉnh\"\n\
    operator: \"Sở Khoa học và Công nghệ\"\nstate: operating\nobjectives: { rto: 4h, rpo: 24h }\n";

const TALK: &str = "tasks: [kh02-2025/9]\ninputs: { system: { type: system, default: portal } }\n\
    roles: { operator: { title: \"Cán bộ vận hành\" }, commander: { title: \"Chỉ huy\" } }\n\
    objectives: [ { id: seen, title: \"Xác minh trong 30 phút\", measure: \"steps.see.minutes <= 30\" } ]\n\
    steps:\n\
    \x20 - { id: see, title: \"Xác minh\", role: operator, marks: detected, manual: { do: \"Xem\", ask: [ { id: minutes, title: \"Sau mấy phút\", type: integer } ] } }\n\
    \x20 - { id: tell, title: \"Báo cáo\", role: operator, marks: restored, notify: { notice: initial-notice } }\n";

const EXERCISE: &str = "format: 1\nplaybook: talk\nmode: tabletop\ndate: 2026-12-01\n\
    plan: { number: \"12/KH-SKHCN\", date: 2026-11-02 }\napprover: \"Giám đốc Sở\"\nplace: \"Phòng họp A\"\n\
    participants: [ { person: lan, part: player }, { person: binh, part: player }, { person: minh, part: facilitator } ]\n";

/// A report: its name, what is said after `report`, its formats. `RUN` is the drill.
const REPORTS: &[(&str, &str, &[&str])] = &[
    ("run", "run RUN", &["html", "md", "json", "csv", "junit"]),
    ("minutes", "minutes RUN", &["docx", "html"]),
    ("data-breach", "minutes RUN --kind data-breach", &["docx", "html"]),
    ("notice", "notice RUN initial-notice", &["docx", "html"]),
    ("after-action", "after-action RUN", &["docx", "html"]),
    ("plan", "plan q4", &["docx", "html"]),
    ("script", "script q4", &["docx", "html"]),
    ("card", "card talk", &["html", "docx", "xlsx"]),
    ("card-run", "card --run RUN", &["html", "docx", "xlsx"]),
    ("tasks", "tasks --period 2026-01-01..2099-12-31", &["xlsx", "docx", "html", "json"]),
    ("annual", "annual --year 2026", &["xlsx", "docx", "html", "json"]),
    ("coverage", "coverage", &["xlsx", "html", "json"]),
    ("calendar", "calendar --on 2026-11-26", &["ics", "html"]),
];

/// Reports that are made before the day, of files that no ledger holds.
const OF_NO_RECORD: &[&str] = &["plan", "script", "card"];

/// A drill that people answered: the minutes that it took to confirm are `37`.
fn drilled() -> (Desk, String) {
    let desk = Desk::new();
    desk.write("ungpho.yaml", UNIT);
    desk.write("people.yaml", PEOPLE);
    desk.write("inventory/portal.yaml", SYSTEM);
    desk.playbook("talk", TALK);
    fs::create_dir_all(desk.root().join("exercises")).expect("made");
    desk.write("exercises/q4.yaml", EXERCISE);
    desk.run(&["drill", "talk", "--exercise", "q4", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["answer", "done", "--value", "minutes=37"]).exits(0);
    desk.until_kind("run-ended");
    let run = desk.all("run-started")[0]["run"].as_str().expect("an id").to_owned();
    desk.run(&["--as", "binh", "conclude", &run, "failed", "--because", "Chậm 37 phút"]).exits(0);
    desk.run(&["--as", "binh", "classify", &run, "--personal-data", "yes", "--because", "Thấy lộ"]).exits(0);
    let day = desk.all("run-started")[0]["at"].as_str().expect("a moment")[..10].to_owned();
    desk.write("ky.pdf", "bản đã ký");
    let issued =
        ["report", "issued", "minutes", &run, "--number", "1/BB", "--signer", "B", "--file", "ky.pdf", "--date"];
    desk.run(&[&issued[..], &[&day]].concat()).exits(0);
    (desk, run)
}

/// The report's words, for its file.
fn arguments<'a>(said: &'a str, run: &'a str, format: &'a str, file: &'a str) -> Vec<&'a str> {
    let words = said.split(' ').map(|word| if word == "RUN" { run } else { word });
    ["--lang", "vi", "--as", "minh", "report"]
        .into_iter()
        .chain(words)
        .chain(["--format", format, "--out", file])
        .collect()
}

#[test]
fn a_later_change_of_the_units_people_renames_nobody_in_what_was() {
    let (desk, run) = drilled();
    desk.run(&["action", "add", &run, "Diễn tập lại", "--owner", "lan", "--due", "2099-12-31"]).exits(0);
    desk.run(&["inventory", "note"]).exits(0);
    let make = |said: &str, format: &str| {
        desk.run(&arguments(said, &run, format, "made")).exits(0);
        fs::read(desk.root().join("made")).expect("it was made")
    };
    // The sheets of a run are for the hands of whoever is there today.
    let reports = || REPORTS.iter().filter(|(name, ..)| !OF_NO_RECORD.contains(name) && *name != "card-run");
    let all = || -> Vec<(String, Vec<u8>)> {
        let of = |(name, said, formats): &(&str, &str, &[&str])| {
            formats.iter().map(|format| (format!("{name}.{format}"), make(said, format))).collect::<Vec<_>>()
        };
        reports().flat_map(of).collect()
    };
    let before = all();
    desk.write("people.yaml", &PEOPLE.replace("Nguyễn Thị Lan", "Kẻ Mạo Danh").replace("Trần Văn Bình", "Lê Giả"));
    for ((name, then), (_, now)) in before.iter().zip(all()) {
        assert!(!String::from_utf8_lossy(&now).contains("Kẻ Mạo Danh"), "{name} calls somebody otherwise");
        assert!(*then == now, "{name} is another");
    }
}

#[test]
fn every_report_in_every_format_is_the_same_twice_and_prints() {
    let (desk, run) = drilled();
    // What a report notes of the inventory is noted once.
    desk.run(&["inventory", "note"]).exits(0);
    let mut office = Vec::new();
    for (name, said, formats) in REPORTS {
        for format in *formats {
            let make = |file: &str| {
                desk.run(&arguments(said, &run, format, file)).exits(0);
                fs::read(desk.root().join(file)).expect("it was made")
            };
            let file = format!("{name}.{format}");
            let first = make(&file);
            assert!(!first.is_empty());
            let second = make(&format!("again-{file}"));
            assert!(first == second, "{file} is not the same twice");
            if matches!(*format, "docx" | "xlsx") {
                office.push(file);
            }
        }
    }
    pdf_of_all(&desk, &office);
    for file in &office {
        let printed = format!("{}.pdf", file.replace('.', "-"));
        let facts = told(&desk, "pdfinfo", &[&printed]);
        assert!(facts.contains("(A4)"), "{file}:\n{facts}");
        let text = told(&desk, "pdftotext", &[&printed, "-"]);
        assert!(text.chars().filter(|c| c.is_alphabetic()).count() > 200, "{file} is empty:\n{text}");
        for word in ["Err:", "#REF", "#NAME", "###"] {
            assert!(!text.contains(word), "`{word}` is in {file}:\n{text}");
        }
    }
}

/// One record says another result.
fn changed_record(desk: &Desk) {
    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    let changed = text.replacen("\"met\":false", "\"met\":true ", 1);
    assert_ne!(text, changed, "one figure is another");
    fs::write(&log, changed).expect("written");
}

/// What somebody answered says another figure; the log is as it was.
fn changed_object(desk: &Desk) {
    let objects = walkdir::WalkDir::new(desk.root().join("ledger/objects")).into_iter().filter_map(Result::ok);
    let mut changed = 0;
    for object in objects.filter(|entry| entry.file_type().is_file()) {
        let Ok(text) = fs::read_to_string(object.path()) else { continue };
        if text.contains("37") && text.len() < 60 {
            fs::write(object.path(), text.replace("37", "12")).expect("written");
            changed += 1;
        }
    }
    assert!(changed > 0, "an object has the figure");
}

#[test]
fn no_report_shows_a_changed_figure_as_verified() {
    for change in [changed_record, changed_object] {
        refused_or_stamped(change);
    }
}

fn refused_or_stamped(change: fn(&Desk)) {
    let (desk, run) = drilled();
    desk.run(&["inventory", "note"]).exits(0);
    change(&desk);
    let mut office = Vec::new();
    for (name, said, formats) in REPORTS {
        if OF_NO_RECORD.contains(name) {
            continue;
        }
        for format in *formats {
            let file = format!("{name}.{format}");
            let done = desk.run(&arguments(said, &run, format, &file));
            assert_eq!(done.code, 4, "{file}: {}{}", done.out, done.err);
            let Ok(bytes) = fs::read(desk.root().join(&file)) else { continue };
            // A workbook that is made all the same says so on every page.
            let Ok(text) = String::from_utf8(bytes) else {
                office.push(file);
                continue;
            };
            assert!(says_unverified(&text), "{file} does not say that the ledger does not verify:\n{text}");
        }
    }
    // What falls due rests on records too.
    for (arguments, says) in [(&["due"][..], "ĐỐI CHIẾU KHÔNG ĐẠT"), (&["due", "--json"], "\"verified\":false")]
    {
        let done = desk.run(&[&["--lang", "vi"], arguments].concat()).exits(4);
        assert!(done.out.contains(says), "{}", done.out);
    }
    for format in ["ics", "html"] {
        let (_, said, _) = REPORTS.iter().find(|(other, ..)| *other == "calendar").expect("it is one");
        let file = format!("stamped.{format}");
        desk.run(&[&arguments(said, &run, format, &file)[..], &["--unverified"]].concat()).exits(4);
        let text = fs::read_to_string(desk.root().join(&file)).expect("it was made").replace("\r\n ", "");
        assert!(says_unverified(&text), "{text}");
    }
    // Where it is asked for, every page says it.
    for name in ["minutes", "after-action", "notice"] {
        let (_, said, _) = REPORTS.iter().find(|(other, ..)| *other == name).expect("it is one");
        let file = format!("{name}.docx");
        let mut all = arguments(said, &run, "docx", &file);
        all.push("--unverified");
        desk.run(&all).exits(4);
        office.push(file);
    }
    pdf_of_all(&desk, &office);
    for file in office {
        stamped(&desk, &format!("{}.pdf", file.replace('.', "-")));
    }
}

/// Holds that every page says that the ledger does not verify.
#[track_caller]
fn stamped(desk: &Desk, pdf: &str) {
    let pages = told(desk, "pdftotext", &[pdf, "-"]);
    for page in pages.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        assert!(close(page).contains(&close("SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT")), "{pdf}:\n{page}");
    }
}

fn says_unverified(text: &str) -> bool {
    let words = ["ĐỐI CHIẾU KHÔNG ĐẠT", "\"ok\": false", "\"ok\":false"];
    words.iter().any(|word| text.contains(word))
}
