//! Evidence that was changed, cut, signed by nobody or signed with another's key: whatever is printed of it says so, nothing is
//! written over it, and an incident goes on.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use super::desk::Desk;

const RUN: &str = "DT-2026-001";

const PEOPLE: &str = "people:\n\
    \x20 - { id: lan, name: \"Nguyễn Thị Lan\" }\n\
    \x20 - { id: binh, name: \"Trần Văn Bình\" }\n\
    roles: { commander: { holder: binh }, operator: { holder: lan } }\n";

const TALK: &str = "roles: { operator: { title: \"Cán bộ vận hành\" }, commander: { title: \"Chỉ huy\" } }\nsteps:\n\
    \x20 - { id: see, title: \"Xác minh\", role: operator, manual: { do: \"Xem\" }, marks: detected }\n\
    \x20 - { id: tell, title: \"Soạn thông báo\", notify: { notice: initial-notice } }\n";

/// The keys of two people, as `people.yaml` has them, and the files of their private keys; the last is a second one of the first.
struct Keys {
    files: [String; 3],
    people: [String; 2],
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("people.yaml", PEOPLE);
    desk.playbook("talk", TALK);
    desk
}

fn play(desk: &Desk) {
    desk.run(&["drill", "talk", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.run(&["answer", "done"]).exits(0);
    desk.until_kind("run-ended");
    // The loop has signed what it wrote once minutes bear no stamp.
    desk.run(&["report", "minutes", "--format", "html", "--out", "-"]).exits(0);
}

fn drilled() -> Desk {
    let desk = desk();
    play(&desk);
    desk
}

/// Private keys of lan and binh, and another in lan's name; the first two are listed before the drill.
fn with_keys(desk: &Desk) -> Keys {
    let folder = desk.root().parent().expect("a folder").to_owned();
    let files = ["lan.key", "binh.key", "forged.key"].map(|name| folder.join(name).display().to_string());
    let new = |who: &str, file: &str| {
        desk.run(&["evidence", "keys", "new", "--for", who, "--out", file]).exits(0).out.trim().to_owned()
    };
    let (lan, binh, forged) = (new("lan", &files[0]), new("binh", &files[1]), new("lan", &files[2]));
    let listed = |lan: &str| {
        let people = PEOPLE.replace("{ id: lan,", &format!("{{ id: lan, key: \"{lan}\","));
        people.replace("{ id: binh,", &format!("{{ id: binh, key: \"{binh}\","))
    };
    let people = [listed(&lan), listed(&forged)];
    desk.write("people.yaml", &people[0]);
    Keys { files, people }
}

/// One record says that somebody else told it.
fn changed(desk: &Desk) {
    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    let other = text.replacen("\"basis\":\"console\"", "\"basis\":\"machine\"", 1);
    assert_ne!(text, other, "one record is another");
    fs::write(&log, other).expect("written");
}

/// Nothing of what the ledger's key signed is there.
fn unsigned(desk: &Desk) {
    let ledger = desk.root().join("ledger");
    fs::remove_file(ledger.join("checkpoint")).expect("removed");
    for folder in ["checkpoints", "tile", "index"] {
        let _ = fs::remove_dir_all(ledger.join(folder));
    }
}

fn minutes(desk: &Desk, more: &[&str], code: i32) -> String {
    let all = [&["report", "minutes", RUN, "--format", "html", "--out", "-", "--lang", "vi"], more].concat();
    desk.run(&all).exits(code).out
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn a_list_of_a_changed_ledger_says_so_first_and_exits_4() {
    let desk = drilled();
    let lists: [&[&str]; 7] = [
        &["report", "issued"],
        &["activity", "list"],
        &["action", "list"],
        &["status", RUN],
        &["evidence", "list"],
        &["evidence", "show", RUN],
        &["evidence", "changes"],
    ];
    for list in lists {
        let whole = desk.run(list).exits(0);
        assert!(!whole.out.contains("DOES NOT VERIFY"), "{list:?}: {}", whole.out);
        let document = json(&desk.run(&[list, &["--json"]].concat()).exits(0).out);
        assert_eq!(document["ledger"]["ok"], true, "{list:?}");
    }
    changed(&desk);
    for list in lists {
        let first = desk.run(list).exits(4).out;
        assert!(first.starts_with("THE LEDGER DOES NOT VERIFY"), "{list:?}: {first}");
        let document = json(&desk.run(&[list, &["--json"]].concat()).exits(4).out);
        assert_eq!(document["ledger"]["ok"], false, "{list:?}");
    }
    let head = desk.run(&["evidence", "head"]).exits(4).says(&["DOES NOT VERIFY"]);
    assert_eq!(head.out.lines().count(), 1, "the head and nothing else: {}", head.out);
}

#[test]
fn an_incident_goes_on_over_a_changed_ledger_and_every_entry_says_so() {
    let desk = drilled();
    desk.run(&["respond", "talk", "--yes"]).exits(0);
    desk.until("a question", |records| records.iter().filter(|it| it["type"] == "asked").count() == 2);
    changed(&desk);
    let run = "SC-2026-001";
    desk.run(&["note", run, "đã ngắt mạng"]).exits(0).says(&["THE LEDGER DOES NOT VERIFY"]);
    desk.run(&["status", run]).exits(4);
    let asked = desk.all("asked").remove(1)["body"].take();
    let plan = asked["plan"].as_str().expect("a digest").replace("sha256:", "");
    let question = asked["question"].as_str().expect("an id");
    desk.run(&["--as", "binh", "answer", run, question, "yes", "--plan", &plan[..8]]).exits(0);
    desk.until("the first step", |records| records.iter().filter(|it| it["type"] == "asked").count() == 3);
    super::desk::kill_loop(&desk, run);
}

#[test]
fn records_that_nobody_signed_are_stamped_and_no_report_signs_them() {
    let desk = drilled();
    let whole = minutes(&desk, &[], 0);
    has(&whole, &["tất cả đã có chữ ký của sổ"]);
    assert!(!whole.contains("CHƯA ĐƯỢC KHÓA CỦA SỔ CHỨNG CỨ KÝ"), "{whole}");
    // Somebody without the ledger's key adds to the run: the first records stay signed.
    let added = desk.command(&["note", RUN, "thêm"]).env("UNGPHO_KEYS", "/nowhere").output().expect("it runs");
    assert!(added.status.success());
    let size = desk.records().len() - 1;
    let part = format!("{} bản ghi, trong đó {size} bản ghi đầu đã có chữ ký của sổ", size + 1);
    has(&minutes(&desk, &[], 0), &["CÓ BẢN GHI CHƯA ĐƯỢC KHÓA CỦA SỔ CHỨNG CỨ KÝ", &part, "chưa được ký"]);
    for report in [&["tasks", "--period", "2026-01-01..2099-12-31"][..], &["annual", "--year", "2026"], &["coverage"]] {
        let all = [&["report"], report, &["--format", "html", "--out", "-", "--lang", "vi"]].concat();
        // The notice of the inventory is a record too, which stands over the unsigned ones.
        let told = desk.run(&all).exits(0).out;
        has(&told, &[&format!("trong đó {size} bản ghi đầu đã có chữ ký của sổ; các bản ghi từ #{size} chưa được ký")]);
    }
    // Nothing is signed any more, and the inventory has to be noted.
    unsigned(&desk);
    desk.write("ungpho.yaml", "format: 1\nunit: \"Sở Khác\"\nlanguage: vi\n");
    has(
        &minutes(&desk, &[], 0),
        &["CÓ BẢN GHI CHƯA ĐƯỢC KHÓA CỦA SỔ CHỨNG CỨ KÝ", "chưa bản ghi nào có chữ ký của sổ"],
    );
    assert_eq!(desk.records().last().expect("a record")["type"], "inventory-noted");
    assert!(!desk.root().join("ledger/checkpoint").exists(), "nothing was signed");
    let verified = desk.run(&["evidence", "verify", "--json"]).exits(0).out;
    has(&verified, &["unsigned-tail"]);
}

#[test]
fn a_note_after_the_end_is_signed_with_the_run() {
    let desk = drilled();
    desk.run(&["note", RUN, "gửi thêm danh sách"]).exits(0);
    let verified = desk.run(&["evidence", "verify", "--json"]).exits(0).out;
    assert!(!verified.contains("unsigned-tail"), "{verified}");
}

#[test]
fn a_signature_under_a_key_that_is_not_the_persons_is_not_printed_as_theirs() {
    let desk = desk();
    let keys = with_keys(&desk);
    play(&desk);
    desk.run(&["sign", RUN, "--key", &keys.files[0]]).exits(0);
    has(&minutes(&desk, &[], 0), &["Đối chiếu chữ ký", "<p>đạt</p>"]);
    desk.write("people.yaml", &keys.people[1]);
    desk.run(&["sign", RUN, "--key", &keys.files[2]]).exits(0);
    desk.write("people.yaml", &keys.people[0]);
    let said = minutes(&desk, &[], 0);
    has(&said, &["<p>đạt</p>", "khóa không phải khóa đã đăng ký của Nguyễn Thị Lan"]);
    let page = desk.run(&["report", "run", RUN, "--format", "md", "--lang", "vi"]).exits(0).out;
    has(&page, &["khóa không phải khóa đã đăng ký của Nguyễn Thị Lan"]);
    let verified = json(&desk.run(&["evidence", "verify", "--json"]).exits(0).out);
    let other: Vec<&Value> = verified["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["code"] == "person-key-other")
        .collect();
    assert_eq!(other.len(), 1, "{verified}");
    assert_eq!(other[0]["severity"], "warning");
    // A ledger alone knows the keys that were kept with the run, and says of whom it knows none.
    let away = tempfile::tempdir().expect("a folder");
    let copy = away.path().join("ledger");
    copied(&desk.root().join("ledger"), &copy);
    let verified = desk.run(&["evidence", "verify", "--json", "--ledger", &copy.display().to_string()]).exits(0).out;
    has(&verified, &["person-key-other"]);
    desk.run(&["--as", "binh", "sign", "--size", "3", "--key", &keys.files[1]]).exits(0);
    copied(&desk.root().join("ledger"), &copy);
    let verified = desk.run(&["evidence", "verify", "--json", "--ledger", &copy.display().to_string()]).exits(0).out;
    has(&verified, &["person-key-unknown"]);
}

fn copied(from: &std::path::Path, to: &std::path::Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok) {
        let place = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(&place).expect("made");
        } else {
            let _ = fs::remove_file(&place);
            fs::copy(entry.path(), &place).expect("copied");
        }
    }
}

#[test]
fn minutes_name_who_signed_the_ledger_as_such_and_what_came_after() {
    let desk = desk();
    let keys = with_keys(&desk);
    play(&desk);
    let size = desk.records().len().to_string();
    desk.run(&["--as", "binh", "sign", "--size", "1", "--key", &keys.files[1]]).exits(0);
    has(&minutes(&desk, &[], 0), &["Chưa có người nào ký vào sổ chứng cứ."]);
    desk.run(&["--as", "binh", "sign", "--size", &size, "--key", &keys.files[1]]).exits(0);
    desk.run(&["note", RUN, "gửi thêm danh sách"]).exits(0);
    let said = minutes(&desk, &[], 0);
    has(&said, &["<p>Trần Văn Bình</p>", &format!("<p>{size} bản ghi đầu</p>"), "phát sinh sau khi Trần Văn Bình ký"]);
}

#[test]
fn a_changed_ledger_is_not_signed_and_gives_no_head_to_compare_with() {
    let desk = desk();
    let keys = with_keys(&desk);
    play(&desk);
    desk.run(&["sign", RUN, "--key", &keys.files[0]]).exits(0);
    has(&minutes(&desk, &[], 0), &["evidence verify --against", "<svg"]);
    changed(&desk);
    let before = desk.records().len();
    desk.run(&["sign", RUN, "--key", &keys.files[0]]).exits(4).says(&["ledger-unverified"]);
    assert_eq!(desk.records().len(), before, "nothing was kept");
    let said = minutes(&desk, &["--unverified"], 4);
    has(&said, &["SỔ CHỨNG CỨ ĐỐI CHIẾU KHÔNG ĐẠT", "<p>KHÔNG ĐẠT</p>"]);
    assert!(!said.contains("--against") && !said.contains("<svg"), "{said}");
    let add = ["action", "add", RUN, "Rà lại", "--owner", "lan", "--due", "31/12/2030"];
    desk.run(&add).exits(0).says(&["THE LEDGER DOES NOT VERIFY"]);
}

#[test]
fn what_is_kept_is_a_file_and_nothing_waits_for_a_pipe() {
    let desk = drilled();
    let fifo = std::process::Command::new("mkfifo").arg(desk.root().join("pipe")).status().expect("it runs");
    assert!(fifo.success());
    for (file, said) in
        [("pipe", "not a regular file"), ("/dev/zero", "not a regular file"), ("playbooks", "is a directory")]
    {
        let issued = ["report", "issued", "minutes", RUN, "--number", "5", "--date", "2026-11-26", "--signer", "Lan"];
        desk.run(&[&issued[..], &["--file", file]].concat()).exits(3).says(&[said]);
    }
}

#[test]
fn a_line_that_is_missing_is_told_in_the_readers_language() {
    let desk = drilled();
    let log = desk.root().join("ledger/log/000001.jsonl");
    let text = fs::read_to_string(&log).expect("the log");
    let lines: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != 3).map(|(_, line)| line).collect();
    fs::write(&log, lines.join("\n") + "\n").expect("written");
    let done = desk.run(&["evidence", "show", RUN, "--lang", "vi"]).exits(4);
    done.says(&["ledger-damaged", "dòng này ghi là bản ghi 4"]);
}

#[test]
fn no_report_is_written_over_the_evidence_or_over_what_the_workspace_reads() {
    let desk = drilled();
    let read = |path: &str| fs::read(desk.root().join(path)).expect("it is there");
    let kept = [read("ledger/checkpoint"), read("people.yaml"), read("playbooks/talk.yaml")];
    std::os::unix::fs::symlink(desk.root().join("ledger"), desk.root().join("away")).expect("a link");
    std::os::unix::fs::symlink("people.yaml", desk.root().join("m")).expect("a link");
    for out in ["ledger/checkpoint", "away/checkpoint", "people.yaml", "playbooks/talk.yaml", "m", "ledger/new"] {
        desk.run(&["report", "run", RUN, "--format", "json", "--out", out]).exits(2).says(&["place-kept"]);
        desk.run(&["report", "minutes", RUN, "--format", "html", "--out", out]).exits(2).says(&["place-kept"]);
        desk.run(&["report", "calendar", "--format", "html", "--out", out]).exits(2).says(&["place-kept"]);
    }
    assert_eq!(kept, [read("ledger/checkpoint"), read("people.yaml"), read("playbooks/talk.yaml")]);
    assert!(!desk.root().join("ledger/new").exists());
    desk.run(&["report", "minutes", RUN, "--out", "x.pdf"]).exits(2).says(&["other-format", ".docx"]);
    assert!(!desk.root().join("x.pdf").exists());
    fs::create_dir(desk.root().join("papers")).expect("made");
    std::os::unix::fs::symlink("papers/real.html", desk.root().join("link.html")).expect("a link");
    desk.run(&["report", "minutes", RUN, "--format", "html", "--out", "link.html"]).exits(0);
    assert!(fs::symlink_metadata(desk.root().join("link.html")).expect("a link").is_symlink());
    assert!(desk.root().join("papers/real.html").is_file(), "it was written through");
}

#[test]
fn what_standard_output_does_not_take_is_an_error_and_a_closed_pipe_is_none() {
    let desk = drilled();
    let commands: [&[&str]; 6] = [
        &["report", "run", RUN, "--format", "json"],
        &["report", "minutes", RUN, "--format", "html", "--out", "-"],
        &["due", "--json"],
        &["evidence", "verify", "--json"],
        &["status", "--json"],
        &["--help"],
    ];
    for command in commands {
        let full = fs::File::options().write(true).open("/dev/full").expect("it opens");
        let done = desk.command(command).stdout(full).output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(3), "{command:?}: {said}");
        assert!(said.contains("output-lost"), "{command:?}: {said}");
        let mut child = desk.command(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        drop(child.stdout.take());
        let done = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(0), "{command:?}: {said}");
        assert!(!said.contains("output-lost"), "{command:?}: {said}");
    }
}

#[test]
fn a_run_whose_plan_is_gone_is_left_out_and_said_and_the_others_are_shown() {
    let desk = desk();
    desk.run(&["drill", "talk", "--tabletop", "--yes"]).exits(0);
    desk.until_kind("asked");
    desk.playbook("other", &TALK.replace("Xác minh", "Xem lại"));
    desk.run(&["drill", "other", "--tabletop", "--yes"]).exits(0);
    desk.until("both", |records| records.iter().filter(|it| it["type"] == "asked").count() == 2);
    let hex = desk.all("run-started")[1]["body"]["plan"]["object"].as_str().expect("a digest").replace("sha256:", "");
    fs::remove_file(desk.root().join(format!("ledger/objects/sha256/{}/{hex}", &hex[..2]))).expect("removed");
    let done = desk.run(&["status"]).exits(4).says(&["plan-unreadable", "DT-2026-002", "ungpho evidence verify"]);
    has(&done.out, &[RUN]);
    desk.run(&["status", "DT-2026-002"]).exits(4).says(&["plan-unreadable", "ungpho evidence verify"]);
    for run in [RUN, "DT-2026-002"] {
        super::desk::kill_loop(&desk, run);
    }
}
