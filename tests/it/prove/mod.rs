//! `ungpho backup prove`: copies made by other people's programs, and damaged as copies are.

#[cfg(test)]
mod archives;
#[cfg(test)]
mod databases;
#[cfg(test)]
mod files;
#[cfg(test)]
mod repositories;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::desk::{Desk, Done};

/// Runs a program of the system, which has to pass.
#[track_caller]
fn sh(folder: &Path, script: &str) -> String {
    let output = Command::new("/bin/sh").args(["-ec", script]).current_dir(folder).output().expect("a shell");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{err}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Seals a folder or a file with the key of the workspace's ledger.
#[track_caller]
fn seal(desk: &Desk, copy: &Path) -> PathBuf {
    let seal = PathBuf::from(format!("{}.seal", copy.display()));
    let _ = fs::remove_dir_all(&seal);
    desk.run(&["backup", "seal", text(copy)]).exits(0);
    seal
}

/// The data of a system: folders, odd names, a link.
fn data(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    fs::create_dir_all(data.join("hồ sơ/2026")).expect("folders");
    fs::write(data.join("hồ sơ/2026/đơn 1.txt"), "đơn xin cấp phép\n".repeat(400)).expect("a file");
    let numbers = (0..60_000).map(|n: u32| n.to_string()).collect::<Vec<_>>().join("\n");
    fs::write(data.join("numbers"), numbers).expect("a file");
    fs::write(data.join("empty"), "").expect("a file");
    std::os::unix::fs::symlink("numbers", data.join("current")).expect("a link");
    data
}

/// Flips one byte of a file.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("a file");
    bytes[at] ^= 0x40;
    fs::write(path, bytes).expect("it can be written");
}

/// Cuts a file.
fn cut(path: &Path, by: u64) {
    let size = fs::metadata(path).expect("a file").len();
    fs::OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(size - by)).expect("it can be cut");
}

/// What `prove --json` said, with its exit code.
#[track_caller]
fn prove(desk: &Desk, arguments: &[&str]) -> (i32, Value) {
    let mut all = vec!["backup", "prove", "--json"];
    all.extend(arguments);
    let done = desk.run(&all);
    let value = serde_json::from_str(&done.out)
        .unwrap_or_else(|_| panic!("no JSON, exit {}:\n{}\n{}", done.code, done.out, done.err));
    left_nothing(desk);
    (done.code, value)
}

/// What it said where it could say nothing of the copy.
#[track_caller]
fn refused(desk: &Desk, arguments: &[&str]) -> Done {
    let mut all = vec!["backup", "prove"];
    all.extend(arguments);
    let done = desk.run(&all);
    left_nothing(desk);
    done
}

/// Holds that nothing of a trial restore is left.
#[track_caller]
fn left_nothing(desk: &Desk) {
    let mut left = Vec::new();
    for folder in [desk.root().join("ledger/spool/restores"), desk.root().join("scratch")] {
        left.extend(fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path()));
    }
    assert!(left.is_empty(), "{left:?}");
}

/// The verdict in short: exit code, integrity, restorability, the kinds of what was found.
fn short((code, value): &(i32, Value)) -> (i32, &str, &str, Vec<&str>) {
    let word = |key: &str| value[key].as_str().unwrap_or("?");
    let found = value["findings"].as_array().into_iter().flatten();
    (*code, word("integrity"), word("restorable"), found.filter_map(|it| it["kind"].as_str()).collect())
}

/// Holds a verdict in short.
#[track_caller]
fn says(seen: &(i32, Value), code: i32, integrity: &str, restorable: &str, found: &[&str]) {
    assert_eq!(short(seen), (code, integrity, restorable, found.to_vec()), "{:#}", seen.1);
}

/// A workspace with a ledger.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.playbook("note", "steps:\n  - { id: note, note: \"x\" }\n");
    desk.run(&["drill", "note", "--technical", "--unattended", "--yes"]).exits(0);
    desk
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}
