//! Seals: made of any tree, read by other programs, and never of a copy that cannot be read or holds no still.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use serde_json::Value;

use crate::desk::{Desk, Done, PATIENCE, finish};

/// A copy with a name of every kind.
pub(super) fn copy_of_all_kinds(desk: &Desk) -> PathBuf {
    let copy = desk.root().join("copy");
    fs::create_dir_all(copy.join("hồ sơ/2026")).unwrap();
    fs::create_dir(copy.join("trống")).unwrap();
    let names: [&[u8]; 14] = [
        b"-",
        b"--help",
        b" lead and trail ",
        b"a\\b",
        b"line\nfeed",
        b"cr\r",
        b"tab\t",
        b"\xff\xfe.bin",
        "đơn.txt".as_bytes(),
        b"quote\"s'",
        b"*?[x]",
        b"SHA256 (x) = y",
        &[b'n'; 255],
        b"#comment",
    ];
    for (number, name) in names.iter().enumerate() {
        fs::write(copy.join(OsStr::from_bytes(name)), format!("content {number}\n")).unwrap();
        fs::write(copy.join("hồ sơ").join(OsStr::from_bytes(name)), format!("other {number}\n")).unwrap();
    }
    fs::write(copy.join("hồ sơ/2026/empty"), "").unwrap();
    fs::write(copy.join("big"), vec![7; 3 << 20]).unwrap();
    fs::hard_link(copy.join("big"), copy.join("big too")).unwrap();
    symlink("big", copy.join("current")).unwrap();
    symlink("../..", copy.join("hồ sơ/up")).unwrap();
    symlink("nowhere", copy.join("broken")).unwrap();
    let made = Command::new("mkfifo").arg(copy.join("pipe")).status().unwrap();
    assert!(made.success());
    copy
}

/// What the JSON of a comparison says was found: kind and path, or where it went.
pub(super) fn found(document: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().expect("a list");
    findings.iter().map(|finding| (text(&finding["kind"]), text(&finding["path"]))).collect()
}

#[track_caller]
pub(super) fn verified(desk: &Desk, arguments: &[&str], code: i32) -> Value {
    let done = desk.run(&[&["backup", "verify", "--json"], arguments].concat()).exits(code);
    serde_json::from_str(&done.out).expect("JSON")
}

#[test]
fn coreutils_and_openssl_agree_with_a_seal_of_every_kind_of_name() {
    let desk = Desk::new();
    let copy = copy_of_all_kinds(&desk);
    let done = desk.run(&["backup", "seal", "copy"]).exits(0);
    assert_eq!(done.out.trim_end(), desk.root().join("copy.seal").display().to_string());
    let sums = desk.root().join("copy.seal/SHA256SUMS");
    let checked = Command::new("sha256sum").args(["-c", "--strict"]).arg(&sums).current_dir(&copy).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let lines = String::from_utf8_lossy(&checked.stdout).lines().count();
    assert_eq!(lines, 31, "each file once");
    assert_eq!(found(&verified(&desk, &["copy"], 0)), []);

    // The auditor's way, as docs/backups.md has it.
    let script = auditors_script();
    let vkey = desk.only("ledger-created")["vkey"].as_str().unwrap().to_owned();
    let audit = |seal: &Path| {
        Command::new("bash")
            .args(["-c", &script, "audit"])
            .arg(seal)
            .arg(&vkey)
            .current_dir(desk.root())
            .output()
            .unwrap()
    };
    let seen = audit(&desk.root().join("copy.seal"));
    assert!(
        seen.status.success(),
        "{}{}",
        String::from_utf8_lossy(&seen.stdout),
        String::from_utf8_lossy(&seen.stderr)
    );
    let manifest = desk.root().join("copy.seal/manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replacen("\"mode\":\"0", "\"mode\":\"1", 1)).unwrap();
    assert!(!audit(&desk.root().join("copy.seal")).status.success());
}

/// The commands that docs/backups.md gives an auditor.
fn auditors_script() -> String {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/backups.md")).unwrap();
    let (_, rest) = text.split_once("```bash\n# audit").expect("the page has the script");
    let (script, _) = rest.split_once("```").unwrap();
    script.to_owned()
}

#[test]
fn a_seal_is_recorded_with_its_manifest_and_is_never_made_twice() {
    let desk = Desk::new();
    copy_of_all_kinds(&desk);
    desk.run(&["backup", "seal", "copy"]).exits(0);
    let sealed = desk.only("backup-sealed");
    let manifest = fs::read(desk.root().join("copy.seal/manifest.jsonl")).unwrap();
    let digest = sealed["manifest"]["object"].as_str().unwrap().trim_start_matches("sha256:").to_owned();
    let object = desk.root().join(format!("ledger/objects/sha256/{}/{digest}", &digest[..2]));
    assert_eq!(fs::read(object).unwrap(), manifest);
    assert_eq!(sealed["files"], 31);
    let links = String::from_utf8(manifest).unwrap();
    let linked: Vec<&str> = links.lines().filter(|line| line.contains("\"link\":\"big\"")).collect();
    assert_eq!(linked.len(), 1, "the second name of a file says which the first is");
    assert!(linked[0].contains("\"path\":\"big too\""), "{}", linked[0]);
    let before = fs::read(desk.root().join("copy.seal/manifest.note")).unwrap();
    desk.run(&["backup", "seal", "copy"]).exits(2).says(&["backup-already-sealed"]);
    desk.run(&["backup", "seal", "copy", "--out", "copy/hồ sơ/x.seal"]).exits(2).says(&["backup-seal-inside"]);
    desk.run(&["backup", "seal", "copy", "--out", "elsewhere"]).exits(0);
    assert_eq!(fs::read(desk.root().join("copy.seal/manifest.note")).unwrap(), before);
    desk.run(&["evidence", "verify"]).exits(0);
}

#[test]
fn without_a_workspace_a_seal_needs_a_key() {
    let desk = Desk::new();
    let away = tempfile::tempdir().unwrap();
    fs::create_dir(away.path().join("copy")).unwrap();
    fs::write(away.path().join("copy/a"), "a").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = desk.command(arguments);
        command.current_dir(away.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        finish(command.spawn().unwrap(), arguments)
    };
    run(&["backup", "seal", "copy"]).exits(2).says(&["no-workspace", "--key FILE"]);
    assert!(!away.path().join("copy.seal").exists());
    desk.write("people.yaml", "format: 1\npeople:\n  - { id: lan, name: Lan }\n");
    let key = away.path().join("lan.key").display().to_string();
    let vkey = desk.run(&["evidence", "keys", "new", "--for", "lan", "--out", &key]).exits(0).out;
    run(&["backup", "seal", "copy", "--key", "lan.key"]).exits(0);
    run(&["backup", "verify", "copy"]).exits(4);
    run(&["backup", "verify", "copy", "--key", vkey.trim()]).exits(0);
    let document = verified(&desk, &[&away.path().join("copy").display().to_string()], 4);
    assert_eq!((&document["seal"], &document["whole"]), (&"unknown-key".into(), &false.into()));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    run(&["backup", "seal", "copy", "--out", "two", "--key", "lan.key"]).exits(2).says(&["key-open"]);
    run(&["backup", "verify", "copy", "--key", "rubbish"]).exits(2).says(&["invalid-key"]);
}

#[test]
fn paths_longer_than_the_system_takes_are_sealed_and_compared() {
    let desk = Desk::new();
    let copy = desk.root().join("copy");
    fs::create_dir(&copy).unwrap();
    // 40 folders of 200 letters: 8,000 bytes of path, which no call of the system takes in one.
    let name = "d".repeat(200);
    let mut folder = rustix::fs::open(&copy, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    for _ in 0..40 {
        rustix::fs::mkdirat(&folder, &name, Mode::RWXU).unwrap();
        folder = rustix::fs::openat(&folder, &name, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
    let flags = OFlags::WRONLY | OFlags::CREATE;
    let file = rustix::fs::openat(&folder, "deep", flags, Mode::RUSR | Mode::WUSR).unwrap();
    rustix::io::write(&file, b"deep\n").unwrap();
    desk.run(&["backup", "seal", "copy"]).exits(0);
    let document = verified(&desk, &["copy"], 0);
    assert_eq!((&document["checked"], &document["whole"]), (&1.into(), &true.into()));
    rustix::io::write(&file, b"deeper\n").unwrap();
    assert_eq!(found(&verified(&desk, &["copy"], 1))[0].0, "grown");
    drop((file, folder));
    let removed = Command::new("rm").arg("-rf").arg(&copy).status().unwrap();
    assert!(removed.success());
}

/// A process that changes a copy until it is dropped.
struct Changing(std::process::Child);

impl Changing {
    fn begin(copy: &Path, script: &str) -> Self {
        Self(Command::new("sh").args(["-c", script]).current_dir(copy).spawn().unwrap())
    }
}

impl Drop for Changing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_copy_that_is_still_being_written_is_not_sealed() {
    for script in [
        "while :; do echo x >> grows; done",
        "i=0; while :; do i=$((i+1)); echo x > new-$i; rm -f new-$i; done",
        "while :; do mv moves moved; mv moved moves; done",
    ] {
        let desk = Desk::new();
        let copy = desk.root().join("copy");
        fs::create_dir(&copy).unwrap();
        fs::write(copy.join("grows"), "").unwrap();
        fs::write(copy.join("moves"), "").unwrap();
        for number in 0..2000 {
            fs::write(copy.join(format!("file {number}")), vec![0; 20_000]).unwrap();
        }
        let writer = Changing::begin(&copy, script);
        // Not before it has begun.
        let begun = Instant::now();
        let size = || fs::metadata(&copy).map(|it| it.modified().unwrap()).unwrap();
        let first = (size(), fs::metadata(copy.join("grows")).unwrap().len());
        while (size(), fs::metadata(copy.join("grows")).unwrap().len()) == first {
            assert!(begun.elapsed() < PATIENCE, "{script}");
            std::thread::sleep(Duration::from_millis(5));
        }
        let done = desk.run(&["backup", "seal", "copy"]);
        drop(writer);
        let done = done.exits(3);
        assert!(done.err.contains("backup-changing") || done.err.contains("backup-read"), "{}", done.err);
        let names: Vec<_> = fs::read_dir(desk.root()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().starts_with("copy.seal")), "{names:?}");
        assert_eq!(desk.all("backup-sealed").len(), 0);
    }
}

/// Runs the program without the right to read what is closed, also where the tests are root's.
#[track_caller]
pub(super) fn powerless(desk: &Desk, arguments: &[&str]) -> Done {
    let mut command = desk.command(arguments);
    if rustix::process::geteuid().is_root() {
        let mut other = Command::new("setpriv");
        other
            .args(["--bounding-set", "-dac_override,-dac_read_search", "--"])
            .arg(command.get_program())
            .args(arguments);
        other.current_dir(desk.root()).env_clear();
        other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command = other;
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command.spawn().unwrap(), arguments)
}

pub(super) fn close(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_is_sealed() {
    let desk = Desk::new();
    let copy = desk.root().join("copy");
    fs::create_dir_all(copy.join("closed")).unwrap();
    fs::write(copy.join("secret"), "x").unwrap();
    close(&copy.join("secret"), 0o000);
    powerless(&desk, &["backup", "seal", "copy"]).exits(3).says(&["backup-read", "secret"]);
    fs::remove_file(copy.join("secret")).unwrap();
    close(&copy.join("closed"), 0o000);
    powerless(&desk, &["backup", "seal", "copy"]).exits(3).says(&["backup-read", "closed"]);
    close(&copy.join("closed"), 0o700);
    assert!(!desk.root().join("copy.seal").exists());
    powerless(&desk, &["backup", "seal", "copy"]).exits(0);
}

#[test]
fn ctrl_c_ends_a_seal_and_leaves_nothing() {
    let desk = Desk::new();
    let copy = desk.root().join("copy");
    fs::create_dir(&copy).unwrap();
    fs::File::create(copy.join("big")).unwrap().set_len(512 << 30).unwrap();
    let going = desk.spawn(&["backup", "seal", "copy"], "");
    let begun = Instant::now();
    while !names(&desk).iter().any(|name| name.starts_with("copy.seal.new")) {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(going.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    finish(going, &["backup", "seal"]).exits(3).says(&["backup-cancelled"]);
    assert!(!names(&desk).iter().any(|name| name.starts_with("copy.seal")), "{:?}", names(&desk));
}

fn names(desk: &Desk) -> Vec<String> {
    fs::read_dir(desk.root()).unwrap().map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
