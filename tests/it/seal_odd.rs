//! Copies with what is no file in them, and with other file systems under them.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::desk::Desk;
use crate::seal::{found, verified};

fn types(desk: &Desk, seal: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(desk.root().join(seal).join("manifest.jsonl")).expect("a manifest");
    let line = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        Some((value["path"].as_str()?.to_owned(), value["type"].as_str()?.to_owned()))
    };
    text.lines().skip(1).filter_map(line).collect()
}

#[test]
fn sockets_pipes_devices_and_links_in_circles_are_listed_and_never_opened() {
    let desk = Desk::new();
    let copy = desk.root().join("copy");
    fs::create_dir_all(copy.join("inner")).expect("folders");
    fs::write(copy.join("inner/file"), "x").expect("a file");
    let listener = UnixListener::bind(copy.join("socket")).expect("a socket");
    assert!(Command::new("mkfifo").arg(copy.join("pipe")).status().expect("it runs").success());
    // Without the right to there is no device, and one kind less.
    let device =
        Command::new("mknod").arg(copy.join("zero")).args(["c", "1", "5"]).status().is_ok_and(|it| it.success());
    symlink("two", copy.join("one")).expect("a link");
    symlink("one", copy.join("two")).expect("a link");
    symlink(".", copy.join("inner/self")).expect("a link");
    symlink("..", copy.join("inner/up")).expect("a link");
    desk.run(&["backup", "seal", "copy"]).exits(0);
    let mut expected = vec![
        ("inner", "folder"),
        ("inner/file", "file"),
        ("inner/self", "link"),
        ("inner/up", "link"),
        ("one", "link"),
        ("pipe", "special"),
        ("socket", "special"),
        ("two", "link"),
    ];
    if device {
        expected.push(("zero", "special"));
    }
    let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(types(&desk, "copy.seal"), expected);
    verified(&desk, &["copy"], 0);
    drop(listener);
    fs::remove_file(copy.join("socket")).expect("it was there");
    fs::write(copy.join("socket"), "a file now").expect("a file");
    let seen = verified(&desk, &["copy"], 1);
    assert_eq!(found(&seen), [("type".to_owned(), "socket".to_owned())]);
}

/// A file system of its own, for as long as this lives.
struct Mounted(PathBuf);

impl Mounted {
    /// Nothing where it may not be mounted.
    fn at(path: &Path) -> Option<Self> {
        let mount = Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(path).output();
        mount.is_ok_and(|output| output.status.success()).then(|| Self(path.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn another_file_system_under_a_copy_is_sealed_and_named_or_left_out_and_named() {
    let desk = Desk::new();
    let copy = desk.root().join("copy");
    fs::create_dir_all(copy.join("other")).expect("folders");
    fs::write(copy.join("file"), "x").expect("a file");
    let Some(_mounted) = Mounted::at(&copy.join("other")) else { return };
    fs::write(copy.join("other/inside"), "y").expect("a file");
    let done = desk.run(&["backup", "seal", "copy"]).exits(0);
    assert!(done.err.contains("is another file system") && done.err.contains("other"), "{}", done.err);
    assert!(types(&desk, "copy.seal").iter().any(|(path, _)| path == "other/inside"));
    verified(&desk, &["copy"], 0);

    let done = desk.run(&["backup", "seal", "copy", "--out", "one.seal", "--one-file-system"]).exits(0);
    assert!(done.err.contains("what lies in it is not sealed"), "{}", done.err);
    assert!(!types(&desk, "one.seal").iter().any(|(path, _)| path == "other/inside"));
    verified(&desk, &["copy", "--seal", "one.seal"], 0);
}

#[test]
fn one_file_is_sealed_and_compared_like_a_folder() {
    let desk = Desk::new();
    fs::create_dir(desk.root().join("dumps")).expect("a folder");
    desk.write("dumps/night-1.dump", "rows");
    desk.write("dumps/beside", "another's");
    desk.run(&["backup", "seal", "dumps/night-1.dump"]).exits(0);
    assert_eq!(types(&desk, "dumps/night-1.dump.seal"), [("night-1.dump".to_owned(), "file".to_owned())]);
    let list = fs::read_to_string(desk.root().join("dumps/night-1.dump.seal/SHA256SUMS")).expect("a list");
    assert!(list.ends_with("  night-1.dump\n") && list.lines().count() == 1, "{list}");
    let agrees = Command::new("sha256sum")
        .args(["-c", "--strict", "night-1.dump.seal/SHA256SUMS"])
        .current_dir(desk.root().join("dumps"))
        .output()
        .expect("it runs");
    assert!(agrees.status.success());
    // What lies beside it comes and goes.
    desk.write("dumps/more", "x");
    assert_eq!(verified(&desk, &["dumps/night-1.dump"], 0)["checked"], 1);
    desk.write("dumps/night-1.dump", "cut");
    assert_eq!(
        found(&verified(&desk, &["dumps/night-1.dump"], 1)),
        [("truncated".to_owned(), "night-1.dump".to_owned())]
    );
}
