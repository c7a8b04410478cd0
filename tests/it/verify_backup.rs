//! Comparing copies with their seals: one test a way of damage, each with exactly its verdicts.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::seal::{close, copy_of_all_kinds, found, powerless, verified};

/// A sealed copy of every kind of name, and its folder.
fn sealed() -> (Desk, PathBuf) {
    let desk = Desk::new();
    let copy = copy_of_all_kinds(&desk);
    desk.run(&["backup", "seal", "copy"]).exits(0);
    (desk, copy)
}

/// Damages a sealed copy, and holds that exactly this is found.
#[track_caller]
fn check(damage: impl FnOnce(&Path), expected: &[(&str, &str)]) -> Value {
    let (desk, copy) = sealed();
    damage(&copy);
    let breaks = expected.iter().any(|(kind, _)| *kind != "metadata");
    let document = verified(&desk, &["copy"], i32::from(breaks));
    let expected: Vec<(String, String)> =
        expected.iter().map(|(kind, path)| ((*kind).to_owned(), (*path).to_owned())).collect();
    assert_eq!(found(&document), expected);
    assert_eq!((&document["seal"], &document["whole"]), (&json!("good"), &json!(!breaks)));
    document
}

#[test]
fn a_changed_byte_is_changed_even_where_size_and_time_are_the_same() {
    check(
        |copy| {
            let file = copy.join("đơn.txt");
            let before = fs::metadata(&file).unwrap().modified().unwrap();
            let mut bytes = fs::read(&file).unwrap();
            bytes[0] ^= 1;
            fs::write(&file, bytes).unwrap();
            fs::File::options().write(true).open(&file).unwrap().set_modified(before).unwrap();
        },
        &[("changed", "đơn.txt")],
    );
}

#[test]
fn a_changed_byte_in_a_large_file_shows_under_both_its_names() {
    check(
        |copy| {
            let mut bytes = fs::read(copy.join("big")).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(copy.join("big"), bytes).unwrap();
        },
        &[("changed", "big"), ("changed", "big too")],
    );
}

#[test]
fn a_shorter_file_is_truncated() {
    check(|copy| fs::write(copy.join("--help"), "c").unwrap(), &[("truncated", "--help")]);
}

#[test]
fn a_longer_file_is_grown() {
    check(|copy| fs::write(copy.join("line\nfeed"), "content 4\nand more\n").unwrap(), &[("grown", "line\nfeed")]);
}

#[test]
fn a_file_that_is_gone_is_missing() {
    check(|copy| fs::remove_file(copy.join("-")).unwrap(), &[("missing", "-")]);
}

#[test]
fn a_folder_that_is_gone_is_missing_with_all_that_lay_in_it() {
    check(
        |copy| fs::remove_dir_all(copy.join("hồ sơ/2026")).unwrap(),
        &[("missing", "hồ sơ/2026"), ("missing", "hồ sơ/2026/empty")],
    );
}

#[test]
fn a_file_that_was_not_sealed_is_new() {
    check(|copy| fs::write(copy.join("READ_ME.txt"), "pay").unwrap(), &[("new", "READ_ME.txt")]);
}

#[test]
fn the_same_content_under_another_name_is_renamed() {
    let document = check(|copy| fs::rename(copy.join("cr\r"), copy.join("trống/cr")).unwrap(), &[("renamed", "cr\r")]);
    assert_eq!(document["findings"][0]["to"], "trống/cr");
}

#[test]
fn a_file_that_became_a_folder_or_a_pipe_is_of_another_type() {
    check(
        |copy| {
            fs::remove_file(copy.join("tab\t")).unwrap();
            fs::create_dir(copy.join("tab\t")).unwrap();
            fs::remove_file(copy.join("#comment")).unwrap();
            assert!(Command::new("mkfifo").arg(copy.join("#comment")).status().unwrap().success());
        },
        &[("type", "#comment"), ("type", "tab\t")],
    );
}

#[test]
fn a_file_replaced_by_a_link_to_its_own_content_is_of_another_type() {
    check(
        |copy| {
            fs::rename(copy.join("đơn.txt"), copy.parent().unwrap().join("stolen")).unwrap();
            symlink("../stolen", copy.join("đơn.txt")).unwrap();
        },
        &[("type", "đơn.txt")],
    );
}

#[test]
fn a_link_that_leads_elsewhere_is_changed() {
    check(
        |copy| {
            fs::remove_file(copy.join("current")).unwrap();
            symlink("big too", copy.join("current")).unwrap();
        },
        &[("changed", "current")],
    );
}

#[test]
fn another_mode_or_time_is_told_apart_and_the_copy_is_whole() {
    check(
        |copy| {
            close(&copy.join("big"), 0o600);
            let old = SystemTime::now() - Duration::from_hours(72);
            fs::File::options().write(true).open(copy.join("đơn.txt")).unwrap().set_modified(old).unwrap();
            close(&copy.join("trống"), 0o700);
        },
        &[("metadata", "big"), ("metadata", "big too"), ("metadata", "trống"), ("metadata", "đơn.txt")],
    );
}

#[test]
fn what_cannot_be_read_is_unreadable_and_what_lies_in_it_unchecked_not_missing() {
    let (desk, copy) = sealed();
    close(&copy.join("đơn.txt"), 0o000);
    close(&copy.join("hồ sơ"), 0o000);
    let done = powerless(&desk, &["backup", "verify", "copy", "--json"]).exits(1);
    close(&copy.join("hồ sơ"), 0o755);
    let document: Value = serde_json::from_str(&done.out).unwrap();
    let kinds: Vec<(String, String)> = found(&document).into_iter().filter(|(kind, _)| kind != "metadata").collect();
    let expected = [("unreadable".to_owned(), "hồ sơ".to_owned()), ("unreadable".to_owned(), "đơn.txt".to_owned())];
    assert_eq!(kinds, expected);
    assert_eq!((&document["checked"], &document["unchecked"]), (&json!(15), &json!(16)));
}

#[test]
fn a_seal_that_was_tampered_with_says_nothing_of_the_copy() {
    type Tamper = fn(&Path);
    let tampers: [Tamper; 4] = [
        |seal| {
            let text = fs::read_to_string(seal.join("manifest.jsonl")).unwrap();
            fs::write(seal.join("manifest.jsonl"), text.replacen("\"size\":1", "\"size\":2", 1)).unwrap();
        },
        |seal| {
            let text = fs::read(seal.join("SHA256SUMS")).unwrap();
            fs::write(seal.join("SHA256SUMS"), &text[..text.len() - 70]).unwrap();
        },
        |seal| {
            let text = fs::read_to_string(seal.join("manifest.note")).unwrap();
            fs::write(seal.join("manifest.note"), text.replacen("sha256:", "sha256:0", 1)).unwrap();
        },
        |seal| fs::remove_file(seal.join("SHA256SUMS")).unwrap(),
    ];
    for tamper in tampers {
        let (desk, copy) = sealed();
        tamper(&desk.root().join("copy.seal"));
        fs::remove_file(copy.join("-")).unwrap();
        let document = verified(&desk, &["copy"], 4);
        assert_eq!((&document["seal"], &document["whole"]), (&json!("bad"), &json!(false)));
        assert_eq!(found(&document), []);
        assert_eq!(desk.only("backup-verified")["seal"], "bad");
    }
}

#[test]
fn a_seal_whose_signature_was_taken_away_is_said_to_prove_nothing() {
    let (desk, _) = sealed();
    fs::remove_file(desk.root().join("copy.seal/manifest.note")).unwrap();
    let done = desk.run(&["backup", "verify", "copy"]).exits(4);
    assert!(done.out.contains("nobody has signed it") && done.out.contains("manifest.note"), "{}", done.out);
    let document = verified(&desk, &["copy"], 4);
    assert_eq!((&document["seal"], &document["whole"]), (&json!("unsigned"), &json!(false)));
}

#[test]
fn the_manifest_or_the_seal_names_the_copy_as_well() {
    let (desk, copy) = sealed();
    for named in ["copy.seal/manifest.jsonl", "copy.seal"] {
        verified(&desk, &[named], 0);
    }
    fs::rename(desk.root().join("copy.seal"), desk.root().join("kept apart")).unwrap();
    desk.run(&["backup", "verify", "copy"]).exits(2).says(&["backup-no-seal"]);
    verified(&desk, &["copy", "--seal", "kept apart"], 0);
    fs::remove_dir_all(copy).unwrap();
    desk.run(&["backup", "verify", "copy", "--seal", "kept apart"]).exits(3).says(&["backup-read"]);
}

#[test]
fn a_comparison_is_recorded_with_what_it_found() {
    let (desk, copy) = sealed();
    fs::remove_file(copy.join("-")).unwrap();
    verified(&desk, &["copy"], 1);
    let body = desk.only("backup-verified");
    assert_eq!((&body["whole"], &body["seal"], &body["checked"]), (&json!(false), &json!("good"), &json!(30)));
    assert_eq!(body["manifest"], desk.only("backup-sealed")["manifest"]["object"]);
    assert!(body["findings"]["object"].is_string());
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn lists_of_gnu_and_bsd_are_compared_with_a_word_on_what_they_do_not_prove() {
    let (desk, copy) = sealed();
    let sums = fs::read_to_string(desk.root().join("copy.seal/SHA256SUMS"));
    // Names that are no text stand in it too.
    assert!(sums.is_err());
    let list = ["--sums", "copy.seal/SHA256SUMS"];
    let done = desk.run(&[&["backup", "verify", "copy"], &list[..]].concat()).exits(0);
    assert!(done.out.contains("without a signature"), "{}", done.out);
    let bsd = Command::new("sha256sum").args(["--tag", "./đơn.txt", "line\nfeed"]).current_dir(&copy).output().unwrap();
    desk.write("bsd.txt", &String::from_utf8(bsd.stdout).unwrap());
    let document = verified(&desk, &["copy", "--sums", "bsd.txt"], 1);
    assert_eq!(document["checked"], 2);
    assert!(found(&document).iter().all(|(kind, _)| kind == "new"), "what the list does not name is new");
    fs::write(copy.join("đơn.txt"), "forged").unwrap();
    let kinds = found(&verified(&desk, &["copy", "--sums", "bsd.txt"], 1));
    assert!(kinds.contains(&("changed".to_owned(), "đơn.txt".to_owned())));
}

#[test]
fn what_is_wrong_with_a_list_is_a_finding_of_the_list_and_nothing_outside_is_read() {
    let desk = Desk::new();
    fs::create_dir(desk.root().join("few")).unwrap();
    desk.write("few/a", "a\n");
    let sum = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";
    let other = "0".repeat(64);
    desk.write("good.txt", &format!("{sum} *a\n{sum}  ./a\n"));
    let document = verified(&desk, &["few", "--sums", "good.txt"], 0);
    assert_eq!(document["list"], json!([{"line": 2, "problem": "twice", "name": "a"}]));
    desk.write("bad.txt", &format!("{sum}  a\n{other}  a\n{sum}  /etc/passwd\n{sum}  ../few/a\nrubbish\n"));
    let document = verified(&desk, &["few", "--sums", "bad.txt"], 1);
    let problems: Vec<&str> =
        document["list"].as_array().unwrap().iter().map(|it| it["problem"].as_str().unwrap()).collect();
    assert_eq!(problems, ["conflict", "absolute", "outside", "unreadable"]);
    assert_eq!((&document["whole"], found(&document)), (&json!(false), vec![]));
}

#[test]
fn a_list_of_a_million_lines_is_read() {
    let desk = Desk::new();
    fs::create_dir(desk.root().join("few")).unwrap();
    desk.write("few/file 7", "");
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let lines: Vec<String> = (0..1_000_000).map(|number| format!("{empty}  file {number}\n")).collect();
    let text = lines.concat();
    desk.write("list.txt", &text);
    let document = verified(&desk, &["few", "--sums", "list.txt"], 1);
    assert_eq!((&document["files"], &document["checked"]), (&json!(1_000_000), &json!(1)));
    assert_eq!(document["findings"].as_array().unwrap().len(), 999_999);
}

#[test]
fn a_sample_states_its_chances_and_what_it_passed_over() {
    let desk = Desk::new();
    let copy = desk.root().join("many");
    fs::create_dir(&copy).unwrap();
    for number in 0..400 {
        fs::write(copy.join(format!("{number}")), format!("file {number}")).unwrap();
    }
    desk.run(&["backup", "seal", "many"]).exits(0);
    let document = verified(&desk, &["many", "--sample", "25%"], 0);
    let (checked, unchecked) = (document["checked"].as_u64().unwrap(), document["unchecked"].as_u64().unwrap());
    assert_eq!(checked + unchecked, 400);
    assert!((40..200).contains(&checked), "{checked}");
    let missed = document["sample"]["chances"][0]["missed"].as_f64().unwrap();
    assert!((missed - f64::from(u32::try_from(unchecked).unwrap()) / 400.0).abs() < 1e-9);
    for wrong in ["0", "101", "x%"] {
        desk.run(&["backup", "verify", "many", "--sample", wrong]).exits(2);
    }
}

#[test]
fn a_cycle_reads_every_file_once_before_it_begins_anew() {
    let desk = Desk::new();
    let copy = desk.root().join("many");
    fs::create_dir(&copy).unwrap();
    for number in 0..300 {
        fs::write(copy.join(format!("{number}")), format!("file {number}")).unwrap();
    }
    desk.run(&["backup", "seal", "many"]).exits(0);
    let mut checked = 0;
    for day in 1..=5 {
        let mut command = desk.command(&["backup", "verify", "many", "--cycle", "5d", "--json"]);
        command.env("UNGPHO_TEST_CLOCK", format!("2027-01-0{day}T02:00:00+07:00"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let share = document["checked"].as_u64().unwrap();
        assert!((20..140).contains(&share), "day {day}: {share}");
        checked += share;
    }
    // The clock runs on for as long as the command takes: a second in five days may be read twice.
    assert!((300..=305).contains(&checked), "{checked}");
    let away = tempfile::tempdir().unwrap();
    fs::create_dir(away.path().join("copy")).unwrap();
    let mut command = desk.command(&["backup", "verify", "copy", "--cycle", "5d"]);
    assert_eq!(command.current_dir(away.path()).output().unwrap().status.code(), Some(2));
}

#[test]
fn an_interrupted_comparison_says_what_is_left_and_goes_on_from_there() {
    let desk = Desk::new();
    let copy = desk.root().join("slow");
    fs::create_dir(&copy).unwrap();
    for number in 10..60 {
        // A folder each: those are read in the order of their names, the files of one folder in that of their inodes.
        fs::create_dir(copy.join(format!("{number}"))).unwrap();
        fs::write(copy.join(format!("{number}/f")), vec![number; 1_000_000]).unwrap();
    }
    desk.run(&["backup", "seal", "slow"]).exits(0);
    fs::write(copy.join("10/f"), vec![0; 1_000_000]).unwrap();
    let going = desk.spawn(&["backup", "verify", "slow", "--limit-rate", "20M", "--json"], "");
    // By what it has read it is on its way, and at this rate not near its end.
    until(|| read_by(going.id()) > 5_000_000);
    let pid = rustix::process::Pid::from_raw(i32::try_from(going.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let done = crate::desk::finish(going, &["backup", "verify"]).exits(3);
    let first: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((&first["interrupted"], &first["whole"]), (&json!(true), &json!(false)));
    let (checked, left) = (first["checked"].as_u64().unwrap(), first["unchecked"].as_u64().unwrap());
    assert_eq!(checked + left, 50);
    assert!(checked > 0 && left > 0, "{checked} {left}");
    // What was found before is found, though it is no longer there to be found.
    fs::write(copy.join("10/f"), vec![10; 1_000_000]).unwrap();
    fs::write(copy.join("59/f"), vec![0; 1_000_000]).unwrap();
    let second = verified(&desk, &["slow", "--resume"], 1);
    assert_eq!(second["checked"], 50);
    let expected = [("changed".to_owned(), "10/f".to_owned()), ("changed".to_owned(), "59/f".to_owned())];
    assert_eq!(found(&second), expected);
    desk.run(&["backup", "verify", "slow", "--resume"]).exits(1).says(&["nothing to go on from"]);
}

/// Waits until something holds, and gives up in the end.
#[track_caller]
fn until(holds: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + crate::desk::PATIENCE;
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "it never holds");
        std::thread::yield_now();
    }
}

/// How many bytes a process has read.
fn read_by(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/io")).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse().ok()).unwrap_or(0)
}

#[test]
fn a_comparison_that_was_killed_goes_on_from_seconds_before() {
    let desk = Desk::new();
    let copy = desk.root().join("slow");
    fs::create_dir(&copy).unwrap();
    for number in 10..60 {
        fs::write(copy.join(format!("{number}")), vec![number; 1_000_000]).unwrap();
    }
    desk.run(&["backup", "seal", "slow"]).exits(0);
    let mut going = desk.spawn(&["backup", "verify", "slow", "--limit-rate", "4M"], "");
    let spool = desk.root().join("ledger/spool");
    let aside = || {
        let entries = fs::read_dir(&spool).into_iter().flatten().filter_map(Result::ok);
        // Not the one that is being written.
        let ended = |path: &std::path::Path| path.extension().is_some_and(|ending| ending == "json");
        let ours = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("verify-");
        entries.filter(|entry| ended(&entry.path()) && ours(&entry.file_name())).count()
    };
    until(|| aside() > 0);
    going.kill().unwrap();
    going.wait().unwrap();
    let second = verified(&desk, &["slow", "--resume"], 0);
    assert_eq!((&second["checked"], &second["unchecked"]), (&json!(50), &json!(0)));
    assert_eq!(aside(), 0, "what it went on from is taken away");
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn a_rate_is_kept() {
    let desk = Desk::new();
    fs::create_dir(desk.root().join("slow")).unwrap();
    for number in 0..10 {
        fs::write(desk.root().join(format!("slow/{number}")), vec![1; 100_000]).unwrap();
    }
    desk.run(&["backup", "seal", "slow"]).exits(0);
    let begun = std::time::Instant::now();
    verified(&desk, &["slow", "--limit-rate", "1M"], 0);
    assert!(begun.elapsed() > Duration::from_millis(900), "{:?}", begun.elapsed());
}

#[test]
fn signs_of_ransomware_warn_and_decide_nothing() {
    let desk = Desk::new();
    let copy = desk.root().join("files");
    fs::create_dir(&copy).unwrap();
    for number in 0..40 {
        fs::write(copy.join(format!("{number}.txt")), format!("dòng {number}\n").repeat(2000)).unwrap();
    }
    desk.run(&["backup", "seal", "files"]).exits(0);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for number in 0..30 {
        fs::remove_file(copy.join(format!("{number}.txt"))).unwrap();
        let bytes: Vec<u8> = (0..20_000)
            .map(|_| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                random.to_be_bytes()[0]
            })
            .collect();
        fs::write(copy.join(format!("{number}.txt.locked")), bytes).unwrap();
    }
    let document = verified(&desk, &["files"], 1);
    assert_eq!(document["signs"]["many"], json!({"changed": 30, "files": 40}));
    assert_eq!(document["signs"]["ending"], json!({"ending": "locked", "files": 30}));
    assert_eq!(document["signs"]["random"], 30);
    desk.run(&["backup", "verify", "files"]).exits(1).says(&[
        "warning",
        "ransomware",
        ".locked".trim_start_matches('.'),
    ]);
}
