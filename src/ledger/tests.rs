//! What people would notice of a ledger, on real files.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::tz::Offset;

use super::note::PublicKey;
use super::storage::{How, Storage as _};
use super::*;
use crate::model::record::{Asked, Noted, People, RunEnded, RunStarted, StepEnded, StepStarted, What};
use crate::model::{
    Body, Clock, Draft, Durability, Journal, JournalError, Mode, Moment, Objects, Outcome, Refusal, RunId, RunKind,
    RunResult, Stamp,
};

/// A clock that goes on by a second each time it is read.
#[derive(Default)]
pub(super) struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Moment {
        let seconds = self.0.fetch_add(1, Ordering::Relaxed);
        let at = jiff::Timestamp::from_second(1_790_000_000 + i64::try_from(seconds).expect("small")).expect("a time");
        let offset = Offset::from_seconds(7 * 3600).expect("an offset");
        Moment { at: Stamp::new(at, offset), mono_us: seconds * 1_000_000, boot: "b00t".to_owned() }
    }
}

/// A folder of its own; in memory where there is one there: what is measured here is not the disk.
pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

pub(super) fn clock() -> Arc<dyn Clock> {
    Arc::new(Ticking::default())
}

pub(super) fn make(dir: &Path) -> Ledger {
    Ledger::create_or_open(&dir.join("ledger"), "Sở Y tế", clock(), KeyPlace::folder(&dir.join("keys")))
        .expect("a ledger")
}

pub(super) fn run() -> RunId {
    "DT-2026-001".parse().expect("an id")
}

pub(super) fn draft(body: impl Into<Body>) -> Draft {
    Draft::machine(&run(), Mode::Technical, body.into())
}

pub(super) fn started(ledger: &dyn Objects) -> Draft {
    let plan = ledger.put(br#"{"plan_format":1}"#).expect("an object");
    draft(RunStarted {
        kind: RunKind::Drill,
        playbook: "portal-outage".parse().expect("a name"),
        plan,
        sources: Vec::new(),
        exercise: None,
        test_clock: true,
        people: People::Unattended,
        lab: true,
        script: None,
    })
}

pub(super) fn noted(ledger: &dyn Objects, text: &str) -> Draft {
    draft(Noted::remark(ledger.put_text(text).expect("an object"), None))
}

pub(super) fn begin(step: &str) -> Draft {
    draft(StepStarted { step: step.parse().expect("a path"), attempt: 1, rounds: None, because: None })
}

pub(super) fn end(step: &str) -> Draft {
    draft(StepEnded {
        step: step.parse().expect("a path"),
        attempt: 1,
        outcome: Outcome::Done,
        why: None,
        goto: None,
        tolerated: false,
        again: false,
        last: None,
        confirmed: None,
        exit: Some(0),
        signal: None,
        output: None,
        dropped: None,
        captures: std::collections::BTreeMap::new(),
        detail: None,
        because: None,
    })
}

pub(super) fn append(ledger: &Ledger, drafts: &[Draft]) {
    ledger.append(drafts, Durability::Synced).expect("appended");
}

pub(super) fn log_text(dir: &Path) -> String {
    std::fs::read_to_string(dir.join("ledger/log/000001.jsonl")).expect("a log")
}

#[test]
fn a_new_ledger_begins_with_its_name_and_key() {
    let dir = folder();
    let ledger = make(dir.path());
    let record = ledger.records(0, 1).expect("a record").remove(0);
    let Body::LedgerCreated(created) = record.draft.body else { panic!("record 0 is {record:?}") };
    assert!(created.origin.starts_with("ungpho/so-y-te/"), "{}", created.origin);
    let key = PublicKey::parse(&created.vkey).expect("a key");
    let kept = std::fs::read_to_string(dir.path().join(format!("ledger/keys/{}.vkey", key.hex_id()))).expect("a key");
    assert_eq!(kept.trim(), created.vkey);
}

#[test]
fn what_was_appended_is_there_when_it_is_opened_again() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger), begin("one")]);
    append(&ledger, &[end("one")]);
    let again = make(dir.path());
    assert_eq!(again.size().expect("a size"), 4);
    let records = again.records_of(&run(), 2).expect("records");
    assert_eq!(
        records.iter().map(|r| (r.seq, r.draft.body.kind())).collect::<Vec<_>>(),
        [(2, "step-started"), (3, "step-ended")]
    );
    assert_eq!(again.lifecycle().expect("a state"), ledger.lifecycle().expect("a state"));
}

#[test]
fn a_batch_with_a_record_that_may_not_follow_leaves_nothing() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger), begin("one")]);
    let (text, life) = (log_text(dir.path()), ledger.lifecycle().expect("a state"));
    let question = |id: &str| draft(Asked::about(id.parse().expect("an id"), None, 0, What::Manual));
    let over = draft(RunEnded { result: RunResult::Passed });
    for batch in [
        vec![end("one"), question("q1"), begin("two"), begin("two")],
        vec![question("q1"), question("q1")],
        vec![end("one"), over.clone(), begin("two")],
        vec![over],
    ] {
        let refused = ledger.append(&batch, Durability::Synced).expect_err("refused");
        assert!(matches!(refused, JournalError::Refused { index, .. } if index == batch.len() - 1), "{refused:?}");
        assert_eq!(log_text(dir.path()), text);
        assert_eq!(ledger.lifecycle().expect("a state"), life);
    }
    append(&ledger, &[end("one")]);
}

#[test]
fn a_line_that_is_too_long_is_refused_whole() {
    let dir = folder();
    let ledger = make(dir.path());
    let body = Body::Unknown { kind: "later-type".to_owned(), body: format!("\"{}\"", "x".repeat(70_000)) };
    let long = Draft { run: None, mode: None, ..draft(body) };
    let text = log_text(dir.path());
    assert!(matches!(ledger.append(&[long], Durability::Synced), Err(JournalError::Failed(_))));
    assert_eq!(log_text(dir.path()), text);
    append(&ledger, &[started(&ledger)]);
}

#[test]
fn two_that_have_it_open_see_each_others_records_and_only_one_wins() {
    let dir = folder();
    let (one, two) = (make(dir.path()), make(dir.path()));
    append(&one, &[started(&one)]);
    append(&two, &[begin("one")]);
    let refused = one.append(&[begin("one")], Durability::Synced).expect_err("refused");
    assert!(matches!(refused, JournalError::Refused { index: 0, refusal: Refusal::CannotStart { .. } }), "{refused:?}");
    append(&one, &[end("one")]);
    assert_eq!(two.size().expect("a size"), 4);
    assert!(two.wait_past(3, Duration::ZERO).expect("a look"));
    assert!(!two.wait_past(4, Duration::ZERO).expect("a look"));
}

#[test]
fn a_waiting_reader_wakes_when_another_appends() {
    let dir = folder();
    let (one, two) = (make(dir.path()), make(dir.path()));
    let start = std::time::Instant::now();
    let woke = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| one.wait_past(1, Duration::from_secs(30)));
        append(&two, &[started(&two)]);
        waiting.join().expect("no panic")
    });
    assert!(woke.expect("a look"));
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_torn_line_is_set_aside_by_the_next_writer_and_kept() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger)]);
    let path = dir.path().join("ledger/log/000001.jsonl");
    let whole = std::fs::read(&path).expect("a log");
    let file = storage::Disk.open(&path, How::Write).expect("a log");
    file.write_at(b"{\"v\":1,\"seq\":2,\"at", whole.len() as u64).expect("written");
    assert_eq!(make(dir.path()).size().expect("a size"), 2, "a reader passes it over");
    append(&ledger, &[begin("one")]);
    let records = ledger.records(2, 9).expect("records");
    let Body::TailRepaired(repaired) = &records[0].draft.body else { panic!("{records:?}") };
    assert_eq!(ledger.get(&repaired.bytes).expect("an object").as_deref(), Some(&b"{\"v\":1,\"seq\":2,\"at"[..]));
    assert_eq!(records[1].draft.body.kind(), "step-started");
    assert!(std::fs::read(&path).expect("a log").starts_with(&whole));
}

#[test]
fn texts_are_salted_and_files_are_not() {
    let dir = folder();
    let ledger = make(dir.path());
    let (one, two) = (ledger.put_text("có").expect("kept"), ledger.put_text("có").expect("kept"));
    assert_ne!(one.object, two.object);
    assert_eq!(ledger.get_text(&one).expect("read").as_deref(), Some("có"));
    let bytes = ledger.get(&one).expect("read").expect("there");
    assert!(bytes.starts_with(b"ungpho-text/1 ") && bytes[46] == b'\n', "{bytes:?}");
    let path = dir.path().join("a");
    std::fs::write(&path, "abc").expect("written");
    assert_eq!(ledger.put_file(&path).expect("kept"), ledger.put(b"abc").expect("kept"));
    let salted = ledger.put_text_file(&path).expect("kept");
    assert_eq!((salted.size, ledger.get_text(&salted).expect("read").as_deref()), (47 + 3, Some("abc")));
    assert!(ledger.storage.list(&ledger.spool()).expect("a list").iter().all(|name| name == "ballast"));
}

#[test]
fn the_index_is_used_where_it_fits_and_made_anew_where_it_does_not() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger)]);
    for round in 0..3 {
        let batch: Vec<_> =
            (0..100).flat_map(|n| [begin(&format!("s{round}_{n}")), end(&format!("s{round}_{n}"))]).collect();
        append(&ledger, &batch);
    }
    let state = ledger.layout.state();
    let head = index::load(ledger.storage.as_ref(), &ledger.layout).expect("an index");
    assert!(head.snapshot >= 256);
    let all = ledger.records_of(&run(), 0).expect("records");
    assert_eq!(all.len(), 601);
    let tree = ledger.head().expect("a head").root;
    let check = |what: &str| {
        let again = make(dir.path());
        assert_eq!(again.records_of(&run(), 0).expect("records"), all, "{what}");
        assert_eq!(again.records_of(&run(), 400).expect("records"), all[399..], "{what}");
        assert_eq!(again.head().expect("a head").root, tree, "{what}");
        assert_eq!(again.beginning_of(&run()).expect("a record").as_ref(), all.first(), "{what}");
    };
    check("whole index");
    let entries = ledger.layout.entries(&run());
    let good = std::fs::read(&entries).expect("entries");
    std::fs::write(&entries, vec![0; good.len()]).expect("written");
    check("entries of zeros");
    std::fs::write(&entries, &good[..160]).expect("written");
    check("entries cut");
    std::fs::write(&state, "no index").expect("written");
    check("damaged state");
    std::fs::remove_dir_all(ledger.layout.index()).expect("removed");
    check("no index");
}

#[test]
fn a_run_s_end_and_a_request_are_signed() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger)]);
    assert_eq!(ledger.head().expect("a head").signed, 0);
    assert!(ledger.checkpoint().expect("signed"));
    assert_eq!(ledger.head().expect("a head").signed, 2);
    append(&ledger, &[draft(RunEnded { result: RunResult::Passed })]);
    let head = ledger.head().expect("a head");
    assert_eq!(head.signed, 3);
    let (note, checkpoint) =
        checkpoint::parse(&std::fs::read(ledger.layout.checkpoint()).expect("a checkpoint")).expect("a checkpoint");
    assert_eq!((checkpoint.origin, checkpoint.size, checkpoint.root), (head.origin, 3, head.root));
    assert!(ledger.public_key().expect("a key").expect("a key").verifies(&note));
    let keyless = Ledger::open(ledger.dir(), clock(), KeyPlace::none()).expect("a ledger");
    append(&keyless, &[noted(&keyless, "goes on without a key")]);
    assert!(!keyless.checkpoint().expect("no key is no error"));
    assert_eq!(keyless.head().expect("a head").signed, 3);
}

#[test]
fn a_log_that_was_changed_after_it_was_signed_is_not_signed_anew() {
    let dir = folder();
    let ledger = make(dir.path());
    append(&ledger, &[started(&ledger)]);
    append(&ledger, &[draft(RunEnded { result: RunResult::Passed })]);
    assert_eq!(ledger.head().expect("a head").signed, 3);
    let (newest, kept) = (ledger.layout.checkpoint(), ledger.layout.checkpoints().join("3"));
    let before = (std::fs::read(&newest).expect("read"), std::fs::read(&kept).expect("read"));
    let log = dir.path().join("ledger/log/000001.jsonl");
    let text = std::fs::read_to_string(&log).expect("read");
    std::fs::write(&log, text.replacen("\"passed\"", "\"failed\"", 1)).expect("written");
    // Who has it open reads the last line again, and so does who opens it now.
    for other in [ledger.checkpoint(), make(dir.path()).checkpoint()] {
        assert!(other.is_err(), "{other:?}");
    }
    assert_eq!((std::fs::read(&newest).expect("read"), std::fs::read(&kept).expect("read")), before);
}

#[test]
fn names_of_units_lose_their_marks() {
    for (unit, expected) in [
        ("Sở Thông tin và Truyền thông tỉnh Quảng Ngãi", "so-thong-tin-va-truyen-thong-tinh-quang"),
        ("Ủy ban  nhân dân — Đức Phổ", "uy-ban-nhan-dan-duc-pho"),
        ("***", "unit"),
    ] {
        assert_eq!(slug(unit), expected);
    }
}

#[test]
fn of_several_that_make_a_ledger_at_once_one_wins_and_leaves_one_key() {
    let dir = folder();
    let origins: Vec<_> = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..4).map(|_| scope.spawn(|| make(dir.path()).head().expect("a head").origin)).collect();
        makers.into_iter().map(|maker| maker.join().expect("made")).collect()
    });
    assert!(origins.iter().all(|origin| *origin == origins[0]), "{origins:?}");
    let names = |path: &str| std::fs::read_dir(dir.path().join(path)).expect("a folder").count();
    assert_eq!((log_text(dir.path()).lines().count(), names("ledger/keys"), names("keys")), (1, 1, 1));
    assert!(make(dir.path()).checkpoint().expect("signed"), "the key that is left is the ledger's");
    let key = std::fs::read_dir(dir.path().join("keys")).expect("a folder").next().expect("a key").expect("an entry");
    let mode = std::os::unix::fs::PermissionsExt::mode(&key.metadata().expect("a file").permissions());
    assert_eq!(mode & 0o777, 0o600, "only its owner reads it");
}

#[test]
fn a_script_is_opened_once_and_only_as_it_was_committed_to() {
    use crate::model::record::{Injected, ScriptRevealed};
    let dir = folder();
    let ledger = make(dir.path());
    let script = |ledger: &Ledger, text: &str| ledger.put_text(text).expect("an object");
    let (planned, other) = (script(&ledger, "[1]"), script(&ledger, "[1]"));
    let mut begin = started(&ledger);
    let Body::RunStarted(body) = &mut begin.body else { panic!("it begins") };
    body.script = Some(planned.object);
    append(&ledger, &[begin]);
    let reveal = |script| draft(ScriptRevealed { script, because: None });
    let refused = |draft: Draft| match ledger.append(&[draft], Durability::Synced) {
        Err(JournalError::Refused { refusal, .. }) => refusal,
        other => panic!("{other:?}"),
    };
    // The same words under another salt are another script.
    assert_eq!(refused(reveal(other)), Refusal::OtherScript);
    append(&ledger, &[reveal(planned)]);
    assert_eq!(refused(reveal(planned)), Refusal::NoScript);
    let inject = || draft(Injected { step: None, inject: Some(2), to: None, text: None, because: None });
    append(&ledger, &[inject()]);
    assert_eq!(refused(inject()), Refusal::Delivered { inject: 2, seq: 3 });
}
