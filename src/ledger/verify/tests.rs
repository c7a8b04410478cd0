use std::path::{Path, PathBuf};

use super::*;
use crate::ledger::tests::{append, begin, draft, end, folder, make, noted, run, started};
use crate::ledger::{KeyPlace, Ledger};
use crate::message::Lang;
use crate::model::record::RunEnded;
use crate::model::{Body, Draft, Durability, Journal as _, Mode, Objects as _, RunResult};

/// A ledger with a run that ended (12 records, signed), in a folder of its own.
pub(super) fn sample() -> (tempfile::TempDir, PathBuf) {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger)]);
    for step in ["one", "two", "three"] {
        append(&ledger, &[begin(step)]);
        append(&ledger, &[noted(&ledger, "lưu ý"), end(step)]);
    }
    append(&ledger, &[draft(RunEnded { result: RunResult::Passed })]);
    let path = dir.path().join("ledger");
    (dir, path)
}

pub(super) fn found(dir: &Path) -> Vec<String> {
    let verification = verify(dir, &Options::default()).expect("verified");
    let list = verification.findings.iter().map(|finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let text = finding.message.render(Lang::En);
        assert!(!finding.message.render(Lang::Vi).starts_with("ledger-"), "{}", finding.message.id);
        assert!(!text.starts_with("ledger-"), "{text}");
        format!("{severity}[{}] {}", finding.code, finding.seq.map_or_else(String::new, |seq| seq.to_string()))
            .trim_end()
            .to_owned()
    });
    let mut list: Vec<_> = list.collect();
    list.push(format!("{} {}/{}/{}", verification.ok, verification.held, verification.signed, verification.size));
    list
}

#[track_caller]
pub(super) fn check(change: impl FnOnce(&Path), expected: &[&str]) {
    let (_keep, dir) = sample();
    change(&dir);
    assert_eq!(found(&dir), expected);
}

fn edit(dir: &Path, from: &str, to: &str) {
    let path = dir.join("log/000001.jsonl");
    let text = std::fs::read_to_string(&path).expect("a log");
    assert!(text.contains(from), "{from} is not in {text}");
    std::fs::write(path, text.replacen(from, to, 1)).expect("written");
}

pub(super) fn open(dir: &Path) -> Ledger {
    Ledger::open(dir, crate::ledger::tests::clock(), KeyPlace::none()).expect("a ledger")
}

#[test]
fn a_whole_ledger_verifies() {
    check(|_| {}, &["true 12/12/12"]);
}

#[test]
fn an_altered_record_is_named() {
    check(
        |dir| {
            edit(
                dir,
                "\"step\":\"two\",\"attempt\":1,\"outcome\":\"done\"",
                "\"step\":\"two\",\"attempt\":1,\"outcome\":\"failed\"",
            );
        },
        &["error[record-altered] 7", "warning[unsigned-tail] 0", "false 7/0/12"],
    );
}

#[test]
fn an_altered_record_is_named_where_it_is_no_record_any_more() {
    check(
        |dir| edit(dir, "\"seq\":7,\"at\":\"2", "\"seq\":7,\"at\":2"),
        &["error[record-altered] 7", "warning[unsigned-tail] 0", "false 7/0/12"],
    );
}

#[test]
fn without_tiles_the_altered_record_is_one_of_those_that_the_checkpoint_covers() {
    check(
        |dir| {
            std::fs::remove_dir_all(dir.join("tile")).expect("removed");
            edit(
                dir,
                "\"step\":\"two\",\"attempt\":1,\"outcome\":\"done\"",
                "\"step\":\"two\",\"attempt\":1,\"outcome\":\"failed\"",
            );
        },
        &["error[record-altered] 0", "warning[unsigned-tail] 0", "false 0/0/12"],
    );
}

#[test]
fn a_removed_line_is_named() {
    check(
        |dir| {
            let path = dir.join("log/000001.jsonl");
            let text = std::fs::read_to_string(&path).expect("a log");
            let kept: Vec<_> = text.lines().enumerate().filter(|(n, _)| *n != 4).map(|(_, line)| line).collect();
            std::fs::write(path, kept.join("\n") + "\n").expect("written");
        },
        &["error[record-misplaced] 4", "error[records-missing] 11", "warning[unsigned-tail] 0", "false 4/0/11"],
    );
}

#[test]
fn a_log_cut_after_it_was_signed_lacks_records() {
    check(
        |dir| {
            let path = dir.join("log/000001.jsonl");
            let text = std::fs::read_to_string(&path).expect("a log");
            let kept: Vec<_> = text.lines().take(9).collect();
            std::fs::write(path, kept.join("\n") + "\n").expect("written");
        },
        &["error[records-missing] 9", "warning[unsigned-tail] 0", "note[object-unnamed]", "false 9/0/9"],
    );
}

#[test]
fn a_torn_tail_and_an_unsigned_tail_are_warnings() {
    check(
        |dir| {
            let ledger = open(dir);
            append(&ledger, &[noted(&ledger, "afterwards")]);
            let path = dir.join("log/000001.jsonl");
            let mut text = std::fs::read(&path).expect("a log");
            text.extend_from_slice(b"{\"v\":1,");
            std::fs::write(path, text).expect("written");
        },
        &["warning[unsigned-tail] 12", "warning[torn-tail]", "true 13/12/13"],
    );
}

#[test]
fn a_checkpoint_one_step_behind_is_a_warning_and_another_is_an_error() {
    let extend = |dir: &Path| {
        let old = std::fs::read(dir.join("checkpoint")).expect("a checkpoint");
        let keys = dir.parent().expect("a folder").join("keys");
        let ledger = Ledger::open(dir, crate::ledger::tests::clock(), KeyPlace::folder(&keys)).expect("a ledger");
        append(&ledger, &[noted(&ledger, "afterwards")]);
        assert!(ledger.checkpoint().expect("signed"));
        old
    };
    check(
        |dir| {
            let old = extend(dir);
            std::fs::write(dir.join("checkpoint"), old).expect("written");
        },
        &["warning[checkpoint-behind]", "true 13/13/13"],
    );
    check(
        |dir| {
            extend(dir);
            std::fs::write(dir.join("checkpoint"), "ungpho").expect("written");
        },
        &["error[checkpoint-altered]", "false 13/13/13"],
    );
    check(
        |dir| {
            let path = dir.join("checkpoints/12");
            let text = std::fs::read_to_string(&path).expect("a checkpoint");
            let changed = text.replacen("\n12\n", "\n11\n", 1);
            std::fs::write(dir.join("checkpoint"), &changed).expect("written");
            std::fs::write(path, changed).expect("written");
        },
        &["error[checkpoint-altered]", "warning[unsigned-tail] 0", "false 12/0/12"],
    );
}

#[test]
fn objects_altered_missing_or_named_nowhere_are_told_apart() {
    fn objects(dir: &Path) -> Vec<PathBuf> {
        let mut list: Vec<_> = walkdir(dir.join("objects/sha256"));
        list.sort();
        list
    }
    fn walkdir(dir: PathBuf) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).expect("a folder");
        entries
            .flat_map(|entry| {
                let path = entry.expect("an entry").path();
                if path.is_dir() { walkdir(path) } else { vec![path] }
            })
            .collect()
    }
    let all = |dir: &Path| objects(dir).len();
    let (_keep, dir) = sample();
    assert_eq!(all(&dir), 4);
    let texts: Vec<_> = objects(&dir)
        .into_iter()
        .filter(|path| std::fs::read(path).expect("an object").starts_with(b"ungpho-text"))
        .collect();
    std::fs::write(&texts[0], "something else").expect("written");
    std::fs::remove_file(&texts[1]).expect("removed");
    open(&dir).put(b"nobody names me").expect("kept");
    let list = found(&dir);
    assert!(list.iter().any(|finding| finding.starts_with("error[object-altered]")), "{list:?}");
    assert!(list.iter().any(|finding| finding.starts_with("error[object-missing]")), "{list:?}");
    assert!(list.iter().any(|finding| finding == "note[object-unnamed]"), "{list:?}");
    assert_eq!(list.last().map(String::as_str), Some("false 12/12/12"));
    // What was taken out on purpose is said, and is no error.
    let name = texts[1].file_name().and_then(|name| name.to_str()).expect("a name");
    let body = format!(r#"{{"objects":[{{"object":"sha256:{name}","size":54}}],"because":null}}"#);
    let ledger = open(&dir);
    let redacted = Draft { run: None, mode: None, ..draft(Body::Unknown { kind: "redacted".to_owned(), body }) };
    append(&ledger, &[redacted]);
    let list = found(&dir);
    assert!(!list.iter().any(|finding| finding.starts_with("error[object-missing]")), "{list:?}");
    assert!(list.iter().any(|finding| finding == "note[redacted] 12"), "{list:?}");
}

#[test]
fn a_record_that_may_not_follow_is_an_error() {
    check(
        |dir| {
            let ledger = open(dir);
            append(&ledger, &[noted(&ledger, "afterwards")]);
            edit(dir, "\"seq\":12,", "\"seq\":12, ");
            let record = ledger.records(2, 3).expect("a record").remove(0);
            let mut copy = record.clone();
            copy.seq = 13;
            copy.written = ledger.records(11, 12).expect("a record").remove(0).written;
            let path = dir.join("log/000001.jsonl");
            let mut text = std::fs::read(&path).expect("a log");
            text.extend(copy.to_line().expect("a line"));
            text.push(b'\n');
            std::fs::write(path, text).expect("written");
        },
        &["error[record-refused] 13", "warning[unsigned-tail] 12", "false 13/12/14"],
    );
}

#[test]
fn a_type_of_a_later_version_is_kept_and_said() {
    check(
        |dir| {
            let ledger = open(dir);
            let later = Body::Unknown { kind: "later-type".to_owned(), body: "{\"a\":[1]}".to_owned() };
            append(&ledger, &[Draft::machine(&run(), Mode::Technical, later)]);
        },
        &["warning[unsigned-tail] 12", "note[unknown-type] 12", "true 13/12/13"],
    );
}

#[test]
fn a_wall_clock_that_was_set_back_is_said() {
    check(
        |dir| {
            let ledger = open(dir);
            append(&ledger, &[noted(&ledger, "afterwards"), noted(&ledger, "and later")]);
            let records = ledger.records(11, 14).expect("records");
            let mut later = records[2].written.at;
            later.instant = records[1].written.at.instant - std::time::Duration::from_hours(1);
            edit(
                dir,
                &format!("\"seq\":13,\"at\":\"{}", records[2].written.at),
                &format!("\"seq\":13,\"at\":\"{later}"),
            );
        },
        &["warning[unsigned-tail] 12", "note[clock-stepped] 13", "true 14/12/14"],
    );
}

#[test]
fn a_head_noted_elsewhere_confirms_or_differs() {
    let (_keep, dir) = sample();
    let head = open(&dir).head().expect("a head");
    let text = HeadText { size: head.size, root: head.root };
    let against =
        |head: HeadText| verify(&dir, &Options { against: Some(head), ..Options::default() }).expect("verified").ok;
    assert!(against(text.to_string().parse().expect("a head")));
    assert!(!against(HeadText { root: [0; 32], ..text.clone() }));
    assert!(!against(HeadText { size: 13, ..text.clone() }));
    assert!(!against(HeadText { size: 11, ..text }));
    assert!("12".parse::<HeadText>().is_err());
}

#[test]
fn long_logs_of_many_blocks_and_segments_verify() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger)]);
    let note = noted(&ledger, "again and again");
    let batch = vec![note; 2000];
    for _ in 0..33 {
        ledger.append(&batch, Durability::WithNext).expect("appended");
    }
    append(&ledger, &[draft(RunEnded { result: RunResult::Passed })]);
    assert_eq!(found(&dir.path().join("ledger")), ["true 66003/66003/66003"]);
    assert_eq!(ledger.records_of(&run(), 65_530).expect("records").len(), 473);
    let second = std::fs::read_to_string(dir.path().join("ledger/log/000002.jsonl")).expect("a segment");
    assert!(second.starts_with("{\"v\":1,\"seq\":65536,"));
    let ledger = dir.path().join("ledger");
    let first = std::fs::read(ledger.join("log/000001.jsonl")).expect("a segment");
    std::fs::write(ledger.join("log/000001.jsonl"), [&first[..], b"more"].concat()).expect("written");
    assert_eq!(found(&ledger), ["error[segment-length] 65536", "false 65536/66003/66003"]);
    std::fs::remove_file(ledger.join("log/000001.jsonl")).expect("removed");
    let list = found(&ledger);
    assert!(list.contains(&"error[segment-missing] 0".to_owned()), "{list:?}");
    assert_eq!(list.last().map(String::as_str), Some("false 0/0/467"));
    // No new ledger is begun over what is left of one.
    std::fs::remove_dir_all(ledger.join("index")).expect("removed");
    let again = Ledger::create_or_open(&ledger, "x", crate::ledger::tests::clock(), KeyPlace::none());
    assert!(matches!(again, Err(LedgerError::Gone { .. })));
}
