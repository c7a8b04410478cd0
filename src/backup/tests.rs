//! Real folders, and coreutils as the second opinion.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::*;
use crate::model::{NoteState, Notes, Stamp};

fn at(text: &str) -> Stamp {
    text.parse().unwrap()
}

fn never() -> Cancel {
    Cancel::default()
}

/// A key whose signature is its name: what keys really are is for the ledger to test.
struct Key(&'static str);

impl Notes for Key {
    fn note_signer(&self) -> Option<String> {
        Some(self.0.to_owned())
    }

    fn sign_note(&self, text: &str) -> Option<String> {
        Some(format!("{text}signed by {}", self.0))
    }

    fn judge_note(&self, note: &[u8]) -> NoteState {
        match String::from_utf8_lossy(note).rsplit_once("signed by ") {
            Some((text, key)) if key == self.0 => NoteState::Good { text: text.to_owned(), key: key.to_owned() },
            Some((text, _)) => NoteState::UnknownKey { text: text.to_owned() },
            None => NoteState::Bad,
        }
    }
}

const OURS: Key = Key("ungpho/ours");

fn night(day: u8) -> Stamp {
    at(&format!("2026-11-{day:02}T01:00:00+07:00"))
}

/// A folder with what real copies hold: folders, an empty one, a link, odd names.
fn copy_in(parent: &Path, name: &str) -> PathBuf {
    let copy = parent.join(name);
    fs::create_dir_all(copy.join("hồ sơ/2026")).unwrap();
    fs::create_dir(copy.join("trống")).unwrap();
    fs::write(copy.join("one-stop.db"), vec![7; 300_000]).unwrap();
    fs::write(copy.join("hồ sơ/2026/đơn 1.txt"), "đơn xin cấp phép\n").unwrap();
    fs::write(copy.join("empty"), "").unwrap();
    fs::write(copy.join("-"), "dash\n").unwrap();
    fs::write(copy.join("a\\b"), "backslash\n").unwrap();
    fs::write(copy.join("line\nfeed"), "line feed\n").unwrap();
    fs::write(copy.join("cr\r"), "carriage return\n").unwrap();
    fs::write(copy.join(OsStr::from_bytes(b"\xff\xfe.bin")), "no text\n").unwrap();
    symlink("one-stop.db", copy.join("current")).unwrap();
    copy
}

fn sealed(parent: &Path, name: &str, when: Stamp) -> PathBuf {
    let copy = copy_in(parent, name);
    seal_signed(&copy, None, when, &OURS, &never()).unwrap();
    copy
}

#[track_caller]
fn check(copy: &Path, expected: &[(&str, &str)]) {
    let seen = verify(copy, None, None, &OURS, &never()).unwrap();
    let found: Vec<(&str, String)> = seen.findings.iter().map(|f| (f.kind.word(), f.path.to_string())).collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(kind, path)| (*kind, path.as_str())).collect();
    assert_eq!(found, expected);
    assert_eq!(seen.whole, expected.is_empty());
}

fn coreutils_agrees(copy: &Path) -> bool {
    let sums = seal_of(copy).join("SHA256SUMS");
    let checked = Command::new("sha256sum").args(["-c", "--strict", "--quiet"]).arg(sums).current_dir(copy).output();
    checked.unwrap().status.success()
}

#[test]
fn sha256sum_agrees_with_a_seal_and_with_what_breaks_it() {
    let place = tempfile::tempdir().unwrap();
    let copy = sealed(place.path(), "night-1", night(1));
    assert!(coreutils_agrees(&copy));
    check(&copy, &[]);
    fs::write(copy.join("line\nfeed"), "line fEEd\n").unwrap();
    assert!(!coreutils_agrees(&copy));
    check(&copy, &[("changed", "line\nfeed")]);
}

#[test]
fn a_seal_is_the_same_whatever_the_order_of_finishing_and_stands_beside_the_copy() {
    let place = tempfile::tempdir().unwrap();
    let copy = copy_in(place.path(), "night-1");
    let before: Vec<_> = walk::walk(&copy, &never()).unwrap();
    let made = seal(&copy.join(""), None, night(1), &never()).unwrap();
    assert_eq!(made.seal, place.path().join("night-1.seal"));
    assert_eq!(walk::walk(&copy, &never()).unwrap(), before, "nothing is written into the copy");
    assert_eq!(made.counts, Counts { files: 8, folders: 3, links: 1, special: 0, bytes: made.counts.bytes });
    let text = fs::read_to_string(&made.manifest).unwrap();
    let first = text.lines().next().unwrap();
    let header = r#"{"version":1,"algorithm":"sha256","sealed_at":"2026-11-01T01:00:00.000000+07:00","root":"night-1","counts":{"files":8,"folders":3,"links":1,"special":0,"bytes":300071},"sums":""#;
    let sums = crate::model::Digest::of(&fs::read(made.seal.join("SHA256SUMS")).unwrap());
    assert_eq!(first, format!("{header}{sums}\"}}"));
    assert!(text.contains(r#""path_b64":"//4uYmlu""#), "{text}");
    let again = place.path().join("again.seal");
    seal(&copy, Some(&again), night(1), &never()).unwrap();
    assert_eq!(fs::read(again.join("SHA256SUMS")).unwrap(), fs::read(made.seal.join("SHA256SUMS")).unwrap());
}

#[test]
fn every_kind_of_damage_has_its_name() {
    let place = tempfile::tempdir().unwrap();
    let copy = sealed(place.path(), "night-1", night(1));
    fs::write(copy.join("-"), "da").unwrap();
    fs::write(copy.join("a\\b"), "backslash\n\n").unwrap();
    fs::remove_file(copy.join("cr\r")).unwrap();
    fs::remove_file(copy.join("current")).unwrap();
    symlink("elsewhere", copy.join("current")).unwrap();
    fs::remove_file(copy.join("empty")).unwrap();
    fs::create_dir(copy.join("empty")).unwrap();
    fs::rename(copy.join("one-stop.db"), copy.join("one-stop.db.locked")).unwrap();
    fs::write(copy.join("READ_ME.txt"), "pay\n").unwrap();
    check(
        &copy,
        &[
            ("truncated", "-"),
            ("new", "READ_ME.txt"),
            ("grown", "a\\b"),
            ("missing", "cr\r"),
            ("changed", "current"),
            ("type", "empty"),
            ("renamed", "one-stop.db"),
        ],
    );
    let json = verify(&copy, None, None, &OURS, &never()).unwrap().json();
    assert_eq!(json["findings"][6]["to"], "one-stop.db.locked");
    assert_eq!(json["seal"], "good");
    assert_eq!(json["whole"], false);
}

#[test]
fn a_seal_of_the_list_and_the_header_alone_is_compared_and_never_good() {
    let place = tempfile::tempdir().unwrap();
    let copy = sealed(place.path(), "night-1", night(1));
    let manifest = seal_of(&copy).join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{}\n", text.lines().next().unwrap())).unwrap();
    fs::remove_file(seal_of(&copy).join("manifest.note")).unwrap();
    let found = || {
        let seen = verify(&copy, None, None, &OURS, &never()).unwrap();
        // Nobody signs the list of such a seal, whoever signed its header.
        assert_eq!((seen.seal, seen.whole), (SealState::Unsigned, false));
        seen.findings.iter().map(|f| (f.kind.word(), f.path.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(found(), []);
    fs::write(copy.join("empty"), "no longer").unwrap();
    fs::write(copy.join("new"), "new").unwrap();
    assert_eq!(found(), [("changed", "empty".to_owned()), ("new", "new".to_owned())]);
    sign_seal(&seal_of(&copy), &OURS).unwrap();
    assert_eq!(found().len(), 2);
}

#[test]
fn a_seal_that_was_tampered_with_vouches_for_nothing() {
    let place = tempfile::tempdir().unwrap();
    let copy = sealed(place.path(), "night-1", night(1));
    let sums = seal_of(&copy).join("SHA256SUMS");
    let text = fs::read(&sums).unwrap();
    let shorter: Vec<u8> = text.split_inclusive(|b| *b == b'\n').skip(1).flatten().copied().collect();
    fs::write(&sums, shorter).unwrap();
    let seen = verify(&copy, None, None, &OURS, &never()).unwrap();
    assert_eq!((seen.seal, seen.whole), (SealState::Bad, false));
    let proof = prove(&wanted(&copy, place.path()), &never()).unwrap();
    assert!(proof.seal_broken() && !proof.proved());
}

#[test]
fn a_sample_says_how_much_it_did_not_read() {
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("many");
    fs::create_dir(&copy).unwrap();
    for number in 0..400 {
        fs::write(copy.join(format!("{number}")), format!("file {number}")).unwrap();
    }
    seal_signed(&copy, None, night(1), &OURS, &never()).unwrap();
    let seen = verify(&copy, None, Some(25), &OURS, &never()).unwrap();
    assert!(seen.whole);
    assert_eq!(seen.checked + seen.unchecked, 400);
    assert!((20..250).contains(&seen.checked), "{}", seen.checked);
    fs::remove_file(copy.join("399")).unwrap();
    assert!(!verify(&copy, None, Some(0), &OURS, &never()).unwrap().whole, "what is missing shows without reading");
}

#[test]
fn a_seal_is_never_overwritten_nor_put_into_the_copy() {
    let place = tempfile::tempdir().unwrap();
    let copy = sealed(place.path(), "night-1", night(1));
    assert!(matches!(seal(&copy, None, night(2), &never()), Err(BackupError::AlreadySealed { .. })));
    let inside = copy.join("trống/x.seal");
    assert!(matches!(seal(&copy, Some(&inside), night(2), &never()), Err(BackupError::SealInside { .. })));
    check(&copy, &[]);
}

#[test]
fn pipes_are_counted_and_never_opened() {
    let place = tempfile::tempdir().unwrap();
    let copy = copy_in(place.path(), "night-1");
    let made = Command::new("mkfifo").arg(copy.join("pipe")).status().unwrap();
    assert!(made.success());
    assert_eq!(seal_signed(&copy, None, night(1), &OURS, &never()).unwrap().counts.special, 1);
    check(&copy, &[]);
    let to = place.path().join("data");
    restore(&copy, &to, "DT-2026-001", &OURS, &never()).unwrap();
    assert!(!to.join("pipe").exists());
}

#[test]
fn the_signed_seal_of_an_empty_folder_vouches_for_no_list() {
    let place = tempfile::tempdir().unwrap();
    let empty = place.path().join("empty");
    fs::create_dir(&empty).unwrap();
    seal_signed(&empty, None, night(1), &OURS, &never()).unwrap();
    check(&empty, &[]);
    fs::write(empty.join("a"), "a\n").unwrap();
    check(&empty, &[("new", "a")]);
    let digest = crate::model::Digest::of(b"a\n").hex();
    fs::write(seal_of(&empty).join("SHA256SUMS"), format!("{digest}  a\n")).unwrap();
    let seen = verify(&empty, None, None, &OURS, &never()).unwrap();
    assert_eq!((seen.seal, seen.whole), (SealState::Bad, false));
}

fn place(folder: &Path) -> Place {
    Place {
        backup: "nightly".parse().unwrap(),
        folder: folder.to_owned(),
        copies: "night-*".to_owned(),
        kind: Kind::Files,
    }
}

#[test]
fn the_newest_good_copy_is_found_by_the_time_of_sealing_and_not_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let oldest = sealed(folder.path(), "night-9", night(19));
    let good = sealed(folder.path(), "night-1", night(20));
    let damaged = sealed(folder.path(), "night-5", night(22));
    fs::write(damaged.join("one-stop.db"), "encrypted").unwrap();
    let unsealed = copy_in(folder.path(), "night-7");
    let unsigned = copy_in(folder.path(), "night-6");
    seal(&unsigned, None, night(24), &never()).unwrap();
    let unknown = copy_in(folder.path(), "night-8");
    seal_signed(&unknown, None, night(23), &Key("ungpho/other"), &never()).unwrap();
    copy_in(folder.path(), "week-1");
    symlink("night-9", folder.path().join("night-latest")).unwrap();
    let away = place(&folder.path().join("not-mounted"));

    let picked = newest_good(&[place(folder.path()), away.clone()], &OURS, &never());
    assert_eq!(picked.chosen.as_ref().map(|c| (c.path.clone(), c.sealed_at)), Some((good.clone(), night(20))));
    let rejected: Vec<_> = picked.rejected.iter().map(|r| (r.path.clone(), r.why.word(), r.count)).collect();
    let expected = vec![
        (unsigned.clone(), "unsigned", 0),
        (unknown, "unknown-key", 0),
        (damaged, "differs", 1),
        (unsealed, "no-seal", 0),
        (away.folder, "unreadable", 0),
    ];
    assert_eq!(rejected, expected);
    assert_eq!(picked.rejected[2].json()["findings"][0]["kind"], "truncated");
    assert_eq!(picked.older, 1);
    assert_eq!(newest(&[place(folder.path())]), Some(unsigned));

    fs::remove_dir_all(&good).unwrap();
    fs::remove_dir_all(&oldest).unwrap();
    assert_eq!(newest_good(&[place(folder.path())], &OURS, &never()).chosen, None);
}

/// What stands in a folder, without its times.
fn content(folder: &Path) -> Vec<(RelativePath, walk::Kind, u64, u32)> {
    walk::walk(folder, &never()).unwrap().into_iter().map(|f| (f.path, f.kind, f.size, f.mode)).collect()
}

#[test]
fn a_restore_takes_the_place_at_once_and_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let copy = sealed(folder.path(), "night-1", night(1));
    fs::set_permissions(copy.join("one-stop.db"), fs::Permissions::from_mode(0o640)).unwrap();
    let old = SystemTime::now() - Duration::from_hours(72);
    fs::File::options().write(true).open(copy.join("empty")).unwrap().set_modified(old).unwrap();
    let to = folder.path().join("data");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("one-stop.db.locked"), "encrypted").unwrap();

    let restored = restore(&copy, &to, "DT-2026-001", &OURS, &never()).unwrap();
    assert_eq!(content(&to), content(&copy));
    let modified = fs::metadata(to.join("empty")).unwrap().modified().unwrap();
    assert!(modified.duration_since(old).unwrap_or_default() < Duration::from_secs(1));
    assert_eq!(restored.before, Some(folder.path().join("data.before-DT-2026-001")));
    assert!(folder.path().join("data.before-DT-2026-001/one-stop.db.locked").is_file());
    assert_eq!(restored.sealed_at, night(1));

    let again = restore(&copy, &to, "DT-2026-001", &OURS, &never()).unwrap();
    assert_eq!(again.before, Some(folder.path().join("data.before-DT-2026-001-2")));
    assert!(names(folder.path()).iter().all(|name| !name.contains("restoring")), "{:?}", names(folder.path()));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_copy_that_differs_is_not_restored_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let copy = sealed(folder.path(), "night-1", night(1));
    fs::write(copy.join("one-stop.db"), vec![8; 300_000]).unwrap();
    let to = folder.path().join("data");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("kept"), "as it was").unwrap();
    let seen = restore(&copy, &to, "DT-2026-001", &OURS, &never());
    assert!(matches!(seen, Err(BackupError::Differs { .. })), "{seen:?}");
    assert_eq!(fs::read_to_string(to.join("kept")).unwrap(), "as it was");
    assert_eq!(names(folder.path()), ["data", "night-1", "night-1.seal"]);

    let unsealed = copy_in(folder.path(), "night-2");
    assert!(matches!(restore(&unsealed, &to, "DT-2026-001", &OURS, &never()), Err(BackupError::NoSeal { .. })));
    assert!(matches!(
        restore(&copy, &copy.join("hồ sơ"), "DT-2026-001", &OURS, &never()),
        Err(BackupError::Nested { .. })
    ));
    let file = to.join("kept");
    assert!(matches!(restore(&copy, &file, "DT-2026-001", &OURS, &never()), Err(BackupError::NotAFolder { .. })));
}

#[test]
fn what_an_earlier_restore_left_behind_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let copy = sealed(folder.path(), "night-1", night(1));
    let left = folder.path().join("data.restoring-DT-2026-001");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("all there is"), "x").unwrap();
    restore(&copy, &folder.path().join("data"), "DT-2026-001", &OURS, &never()).unwrap();
    assert_eq!(names(&left), ["all there is"]);
    assert_eq!(content(&folder.path().join("data")), content(&copy));
}

#[test]
fn a_proof_cleans_up_after_itself_whole_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let copy = copy_in(folder.path(), "night-1");
    fs::set_permissions(copy.join("hồ sơ"), fs::Permissions::from_mode(0o555)).unwrap();
    seal_signed(&copy, None, night(1), &OURS, &never()).unwrap();
    let proof = prove(&wanted(&copy, scratch.path()), &never()).unwrap();
    assert!(proof.proved());
    assert_eq!(proof.restored, 8);
    assert!(names(scratch.path()).is_empty());
    fs::remove_file(copy.join("empty")).unwrap();
    let proof = prove(&wanted(&copy, scratch.path()), &never()).unwrap();
    assert!(!proof.proved());
    assert_eq!(proof.findings[0].kind, FindingKind::Missing);
    assert!(names(scratch.path()).is_empty());
    let none = wanted(&folder.path().join("none"), scratch.path());
    assert!(matches!(prove(&none, &never()), Err(BackupError::Read { .. })));
}

fn wanted(copy: &Path, scratch: &Path) -> Request {
    Request::new(copy.to_owned(), scratch.to_owned(), std::sync::Arc::new(OURS), night(25))
}

#[test]
fn work_that_is_ended_before_it_is_done_leaves_all_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let copy = sealed(folder.path(), "night-1", night(1));
    let unsealed = copy_in(folder.path(), "night-2");
    let (to, scratch) = (folder.path().join("data"), tempfile::tempdir().unwrap());
    fs::create_dir(&to).unwrap();
    fs::write(to.join("live"), "live").unwrap();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let ended = Cancel::default();
    ended.cancel();
    let cancelled = |error: BackupError| matches!(error, BackupError::Cancelled);
    assert!(cancelled(seal(&unsealed, None, night(2), &ended).unwrap_err()));
    assert!(cancelled(verify(&copy, None, None, &OURS, &ended).unwrap_err()));
    assert!(cancelled(prove(&wanted(&copy, scratch.path()), &ended).unwrap_err()));
    assert!(cancelled(restore(&copy, &to, "DT-2026-001", &OURS, &ended).unwrap_err()));
    let place = Place {
        backup: "nightly".parse().unwrap(),
        folder: folder.path().to_owned(),
        copies: "*".to_owned(),
        kind: Kind::Files,
    };
    assert_eq!(newest_good(&[place], &OURS, &ended).chosen, None);
    assert_eq!(names(), before);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
    assert_eq!(fs::read_to_string(to.join("live")).unwrap(), "live");
}
