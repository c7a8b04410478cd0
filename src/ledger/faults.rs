//! What is left when the machine stops, the disk is full or a sync fails.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::storage::recording::{Op, Recording, Replay};
use super::tests::{append, begin, clock, draft, end, folder, log_text, make, noted, run, started};
use super::*;
use crate::model::record::RunEnded;
use crate::model::{Body, Durability, Journal, JournalError, Objects as _, RunResult};

fn recorded(dir: &Path, storage: &Recording) -> Ledger {
    let keys = KeyPlace::folder(&dir.join("keys"));
    Ledger::create_in(Arc::new(storage.clone()), &dir.join("ledger"), "unit", clock(), keys).expect("a ledger")
}

/// A run with objects, batches, an unsynced record, an index and checkpoints; every acknowledgement is noted.
fn scenario(dir: &Path, storage: &Recording) -> Ledger {
    let ledger = recorded(dir, storage);
    let acknowledged = || storage.acknowledged(ledger.size().expect("a size"));
    acknowledged();
    append(&ledger, &[started(&ledger)]);
    acknowledged();
    for step in ["a", "b"] {
        append(&ledger, &[begin(step)]);
        acknowledged();
        ledger.append(&[noted(&ledger, "một lời")], Durability::WithNext).expect("appended");
        append(&ledger, &[end(step)]);
        acknowledged();
    }
    let many: Vec<_> = (0..130).flat_map(|n| [begin(&format!("s{n}")), end(&format!("s{n}"))]).collect();
    append(&ledger, &many);
    acknowledged();
    assert!(ledger.checkpoint().expect("signed"));
    append(&ledger, &[begin("last")]);
    acknowledged();
    append(&ledger, &[end("last"), draft(RunEnded { result: RunResult::Passed })]);
    acknowledged();
    ledger
}

/// Opens what is left, finds everything that was acknowledged, goes on with it, verifies it.
#[track_caller]
fn check_left(replay: &Replay, ops: &[Op], lines: &[&str], what: &str) {
    let acknowledged = ops.iter().rev().find_map(|op| if let Op::Acknowledged(size) = op { Some(*size) } else { None });
    let left = folder();
    replay.write(left.path());
    let ledger = Ledger::create_or_open(
        &left.path().join("ledger"),
        "unit",
        clock(),
        KeyPlace::folder(&left.path().join("keys")),
    )
    .unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let size = ledger.size().expect("a size");
    assert!(size >= acknowledged.unwrap_or(0), "{what}: {size} of {acknowledged:?} acknowledged");
    let before = log_text(left.path());
    if acknowledged.is_some() {
        for (number, line) in before.split_inclusive('\n').filter(|line| line.ends_with('\n')).enumerate() {
            assert_eq!(line.trim_end(), lines[number], "{what}: record {number}");
        }
    }
    ledger
        .append(&[crate::model::Draft { run: None, mode: None, ..draft(later()) }], Durability::Synced)
        .unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let verification = verify(&left.path().join("ledger"), &Options::default()).expect("verified");
    assert!(verification.ok, "{what}: {:#?}", verification.findings);
    assert!(verification.size > size, "{what}");
}

fn later() -> Body {
    Body::Unknown { kind: "later-type".to_owned(), body: "{}".to_owned() }
}

#[test]
fn every_prefix_of_what_was_written_opens_and_verifies() {
    let dir = folder();
    let storage = Recording::new(dir.path());
    scenario(dir.path(), &storage);
    let ops = storage.ops();
    let text = log_text(dir.path());
    let lines: Vec<_> = text.lines().collect();
    let mut replay = Replay::default();
    for (number, op) in ops.iter().enumerate() {
        // Folders and acknowledgements change nothing that the prefix before did not show.
        let quiet = matches!(op, Op::Folder(_) | Op::Acknowledged(_) | Op::Sync(_) | Op::SyncFolder(_));
        if !quiet {
            check_left(&replay, &ops[..number], &lines, &format!("before {number}"));
        }
        if let Op::Write { path, offset, bytes } = op
            && bytes.len() > 1
        {
            // In the middle of a write: also where a line has just ended, and just before that.
            let middle = bytes.len() / 2;
            let line = bytes.iter().position(|b| *b == b'\n').map_or(1, |at| at + 1);
            for cut in [middle, line, line - 1] {
                let mut torn = Replay::default();
                ops[..number].iter().for_each(|op| torn.apply(op));
                torn.apply(&Op::Write { path: path.clone(), offset: *offset, bytes: bytes[..cut].to_vec() });
                check_left(&torn, &ops[..number], &lines, &format!("{cut} bytes into {number}"));
            }
        }
        replay.apply(op);
    }
    check_left(&replay, &ops, &lines, "all");
}

#[test]
fn what_was_acknowledged_is_there_after_a_power_loss() {
    let dir = folder();
    let storage = Recording::new(dir.path());
    scenario(dir.path(), &storage);
    let ops = storage.ops();
    let text = log_text(dir.path());
    let lines: Vec<_> = text.lines().collect();
    for (number, op) in ops.iter().enumerate() {
        if matches!(op, Op::Acknowledged(_) | Op::Rename { .. } | Op::Sync(_) | Op::SyncFolder(_)) {
            let prefix = &ops[..=number];
            check_left(
                &Replay::after_power_loss(prefix),
                prefix,
                &lines,
                &format!("power lost after {number} ({op:?})"),
            );
        }
    }
}

#[test]
fn a_full_disk_leaves_whole_records_and_room_for_the_pause() {
    let dir = folder();
    let storage = Recording::new(dir.path());
    let ledger = recorded(dir.path(), &storage);
    append(&ledger, &[started(&ledger), begin("one")]);
    let text = log_text(dir.path());
    assert!(dir.path().join("ledger/spool/ballast").exists());
    storage.leave_room(Some(300));
    let batch: Vec<_> = (0..10).flat_map(|n| [begin(&format!("s{n}")), end(&format!("s{n}"))]).collect();
    let error = ledger.append(&batch, Durability::Synced).expect_err("the disk is full");
    assert!(matches!(error, JournalError::Full(_)), "{error:?}");
    assert_eq!(log_text(dir.path()), text, "cut back to the last whole line");
    assert!(!dir.path().join("ledger/spool/ballast").exists());
    append(&ledger, &[end("one")]);
    storage.leave_room(Some(10));
    assert!(matches!(ledger.put_text("no room for these words"), Err(JournalError::Full(_))));
    storage.leave_room(None);
    append(&ledger, &[noted(&ledger, "there is room again")]);
    let verification = verify(ledger.dir(), &Options::default()).expect("verified");
    assert!(verification.ok, "{:?}", verification.findings);
    assert_eq!(verification.size, 5);
    make(dir.path());
    assert!(dir.path().join("ledger/spool/ballast").exists(), "room is kept back again");
}

#[test]
fn a_failed_sync_is_not_retried_and_leaves_nothing_of_the_batch() {
    let dir = folder();
    let storage = Recording::new(dir.path());
    let ledger = recorded(dir.path(), &storage);
    append(&ledger, &[started(&ledger)]);
    let text = log_text(dir.path());
    storage.fail_sync_after(Some(0));
    let error = ledger.append(&[begin("one")], Durability::Synced).expect_err("not synced");
    assert!(matches!(error, JournalError::Failed(_)), "{error:?}");
    assert_eq!(log_text(dir.path()), text);
    append(&ledger, &[begin("one")]);
    append(&ledger, &[end("one")]);
    let again = Ledger::read_only(ledger.dir()).expect("a ledger");
    assert_eq!(again.records_of(&run(), 0).expect("records").len(), 3);
    assert!(verify(ledger.dir(), &Options::default()).expect("verified").ok);
}

#[test]
fn threads_that_append_at_the_same_time_share_syncs() {
    let dir = folder();
    let storage = Recording::new(dir.path());
    let ledger = recorded(dir.path(), &storage);
    append(&ledger, &[started(&ledger)]);
    storage.sync_takes(std::time::Duration::from_millis(20));
    let before = storage.syncs();
    let start = std::sync::Barrier::new(64);
    std::thread::scope(|scope| {
        for n in 0..64 {
            let (ledger, start) = (&ledger, &start);
            scope.spawn(move || {
                start.wait();
                append(ledger, &[begin(&format!("s{n}"))]);
                append(ledger, &[end(&format!("s{n}"))]);
            });
        }
    });
    let syncs = storage.syncs() - before;
    assert!(syncs <= 128 / 4, "{syncs} syncs for 128 appends");
    assert_eq!(ledger.records_of(&run(), 0).expect("records").len(), 129);
    assert!(verify(ledger.dir(), &Options::default()).expect("verified").ok);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_batches_are_kept_whole_or_not_at_all(
        batches in proptest::collection::vec(proptest::collection::vec((0usize..6, any::<bool>()), 1..5), 1..12),
        cut in 1usize..400,
    ) {
        let dir = folder();
        let ledger = make(dir.path());
        append(&ledger, &[started(&ledger)]);
        for batch in &batches {
            let drafts: Vec<_> =
                batch.iter().map(|(n, on)| if *on { begin(&format!("s{n}")) } else { end(&format!("s{n}")) }).collect();
            let (size, life) = (ledger.size().expect("a size"), ledger.lifecycle().expect("a state"));
            match ledger.append(&drafts, Durability::Synced) {
                Ok(appended) => prop_assert_eq!(appended.records.len(), drafts.len()),
                Err(JournalError::Refused { index, .. }) => {
                    prop_assert!(index < drafts.len());
                    prop_assert_eq!(ledger.size().expect("a size"), size);
                    prop_assert_eq!(ledger.lifecycle().expect("a state"), life);
                }
                Err(other) => prop_assert!(false, "{other:?}"),
            }
        }
        let whole = ledger.lifecycle().expect("a state");
        prop_assert_eq!(&make(dir.path()).lifecycle().expect("a state"), &whole);
        // A tail torn anywhere: what is whole is kept, and the next writer sets the rest aside.
        let path = dir.path().join("ledger/log/000001.jsonl");
        let bytes = std::fs::read(&path).expect("a log");
        let first = bytes.iter().position(|b| *b == b'\n').expect("record 0") + 1;
        let end = bytes.len().saturating_sub(cut).max(first);
        std::fs::write(&path, &bytes[..end]).expect("written");
        let lines = bytes[..end].split(|b| *b == b'\n').count() as u64 - 1;
        let again = make(dir.path());
        prop_assert_eq!(again.size().expect("a size"), lines);
        again.append(&[crate::model::Draft { run: None, mode: None, ..draft(later()) }], Durability::Synced).expect("appended");
        let verification = verify(ledger.dir(), &Options::default()).expect("verified");
        prop_assert!(verification.ok, "{:?}", verification.findings);
        prop_assert_eq!(verification.size, lines + 1 + u64::from(bytes[end - 1] != b'\n'));
    }
}
