//! Repositories of a real restic and a real Borg.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{data, desk, prove, refused, says, seal, sh, text};
use crate::desk::Desk;

const PASSWORD: &str = "mật-khẩu-rất-dài";

/// A repository with two copies of the data, and the file with its password.
fn repository(desk: &Desk, kind: &str) -> PathBuf {
    let root = desk.root();
    data(&root);
    fs::write(root.join("password"), format!("{PASSWORD}\n")).expect("a file");
    fs::set_permissions(root.join("password"), fs::Permissions::from_mode(0o600)).expect("its mode");
    let script = if kind == "restic" {
        "export RESTIC_PASSWORD_FILE=password\nrestic -q -r repo --no-cache init\n\
         restic -q -r repo --no-cache backup data --tag nightly --time '2026-11-20 01:00:00'\n\
         echo more >> data/numbers\nrestic -q -r repo --no-cache backup data --tag nightly --time '2026-11-21 01:00:00'"
    } else {
        "export BORG_PASSCOMMAND='cat password' BORG_BASE_DIR=$PWD/borg HOME=$PWD\nborg init -e repokey repo 2>/dev/null\n\
         borg create repo::night-1 data\necho more >> data/numbers\nborg create repo::night-2 data"
    };
    sh(&root, script);
    root.join("repo")
}

/// The largest file of a repository: one that holds data.
fn largest(repository: &Path) -> PathBuf {
    let found = sh(repository, "find data -type f -printf '%s %p\\n' | sort -n | tail -n1 | cut -d' ' -f2");
    repository.join(found.trim())
}

#[test]
fn a_good_copy_of_each_is_read_whole_restored_and_proved() {
    for kind in ["restic", "borg"] {
        let desk = desk();
        let repo = repository(&desk, kind);
        let tree = seal(&desk, &desk.root().join("data"));
        let arguments = ["--path", text(&repo), "--secret-file", "password", "--seal", text(&tree)];
        let seen = prove(&desk, &arguments);
        says(&seen, 0, "holds", "yes", &[]);
        assert_eq!(seen.1["integrity_by"], serde_json::json!(["repository", "seal"]));
        assert_eq!((seen.1["kind"].as_str(), seen.1["restorable"].as_str()), (Some(kind), Some("yes")), "{:#}", seen.1);
        let seen = prove(&desk, &["--path", text(&repo), "--secret-file", "password"]);
        says(&seen, 0, "holds", "yes", &[]);
        assert_eq!(seen.1["integrity_by"], serde_json::json!(["repository"]));
        assert_eq!(seen.1["files"], 3);
        let seen = prove(&desk, &["--path", text(&repo), "--secret-file", "password", "--copy", "random"]);
        assert_eq!(seen.0, 0);
        let everything =
            format!("{:?}{}", desk.records(), sh(&desk.root(), "cat -v ledger/objects/sha256/*/* | head -c 200000"));
        assert!(!everything.contains(PASSWORD) && !seen.1.to_string().contains(PASSWORD));
    }
}

#[test]
fn the_inventory_names_a_variable_and_the_copies_that_count() {
    for (kind, copies, named) in [("restic", "night*", None), ("borg", "night-*", Some("night-1"))] {
        let desk = desk();
        repository(&desk, kind);
        let check = if kind == "restic" { "numbers" } else { "data/numbers" };
        let write = |copies: &str| {
            desk.write(
                "inventory/site.yaml",
                &format!(
                    "format: 1\nid: site\nname: Site\nenvironment: drill_target\n\
                     backups: [ {{ id: repo, kind: {kind}, path: ./repo, copies: \"{copies}\", secret: {{ env: REPO_PASSWORD }} }} ]\n\
                     restore: {{ to: ./live, check: {{ argv: [grep, -q, \"59999\", {check}], effect: observe }} }}\n"
                ),
            );
        };
        write(copies);
        let run = |arguments: &[&str]| {
            let output = desk.command(arguments).env("REPO_PASSWORD", PASSWORD).output().expect("it runs");
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), err)
        };
        let (code, out, err) = run(&["backup", "prove", "site/repo", "--json"]);
        assert_eq!(code, Some(0), "{kind}: {out}\n{err}");
        let seen: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((seen["check"].as_str(), seen["made_by"].as_str()), (Some("passed"), Some("repository")));
        if let Some(name) = named {
            let (code, out, _) = run(&["backup", "prove", "site/repo", "--json", "--copy", name]);
            assert_eq!(code, Some(0));
            assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON")["snapshot"], name);
        }
        let (code, _, err) = run(&["backup", "prove", "site/repo", "--copy", "nosuchone"]);
        assert_eq!(code, Some(2), "{err}");
        desk.playbook("prove", "steps:\n  - { id: prove, backup: { prove: site/repo } }\n");
        let (code, _, err) = run(&["drill", "prove", "--technical", "--unattended", "--yes", "--foreground"]);
        assert_eq!(code, Some(0), "{err}");
        refused(&desk, &["site/repo"]).exits(2).says(&["no-variable", "REPO_PASSWORD"]);
        write("weekly-*");
        let (code, _, err) = run(&["backup", "prove", "site/repo"]);
        assert_eq!(code, Some(3), "{err}");
        assert!(err.contains("backup-empty-repository"), "{err}");
    }
}

#[test]
fn a_flipped_byte_and_a_missing_piece_are_found() {
    for kind in ["restic", "borg"] {
        for missing in [false, true] {
            let desk = desk();
            let repo = repository(&desk, kind);
            let piece = largest(&repo);
            if missing {
                fs::remove_file(&piece).expect("it is there");
            } else {
                sh(&repo, &format!("chmod u+w '{}'", piece.display()));
                let at = usize::try_from(fs::metadata(&piece).expect("a file").len() / 2).expect("a size");
                super::flip(&piece, at);
            }
            let seen = prove(&desk, &["--path", text(&repo), "--kind", kind, "--secret-file", "password"]);
            let words = (seen.0, seen.1["integrity"].as_str(), seen.1["proved"].as_bool());
            assert_eq!(words, (1, Some("fails"), Some(false)), "{kind} {missing}: {:#}", seen.1);
        }
    }
}

#[test]
fn a_wrong_password_a_lock_and_an_open_file_say_what_to_do() {
    for kind in ["restic", "borg"] {
        let desk = desk();
        let repo = repository(&desk, kind);
        let root = desk.root();
        fs::write(root.join("wrong"), "another password\n").expect("a file");
        fs::set_permissions(root.join("wrong"), fs::Permissions::from_mode(0o600)).expect("its mode");
        let done = refused(&desk, &["--path", text(&repo), "--secret-file", "wrong"]).exits(2);
        done.says(&["backup-wrong-secret", text(&repo), "--secret-env"]);
        refused(&desk, &["--path", text(&repo)]).exits(2).says(&["backup-wrong-secret", "asks for a password"]);
        fs::set_permissions(root.join("wrong"), fs::Permissions::from_mode(0o644)).expect("its mode");
        refused(&desk, &["--path", text(&repo), "--secret-file", "wrong"])
            .exits(2)
            .says(&["backup-secret-open", "chmod 600"]);
        // Somebody works with the repository.
        let mut holder = if kind == "borg" {
            Command::new("borg")
                .args(["with-lock", text(&repo), "sleep", "600"])
                .env("BORG_PASSPHRASE", PASSWORD)
                .env("BORG_BASE_DIR", root.join("borg"))
                .process_group_of_its_own()
        } else {
            sh(&root, "mkdir -p repo/locks");
            Command::new("sh")
                .args(["-c", "head -c 1 /dev/urandom > /dev/null; yes | restic -r repo --no-cache backup --stdin"])
                .env("RESTIC_PASSWORD", PASSWORD)
                .current_dir(&root)
                .process_group_of_its_own()
        };
        let locked = || sh(&repo, "ls -d lock.exclusive locks/* 2>/dev/null | head -n1 || true");
        let deadline = std::time::Instant::now() + crate::desk::PATIENCE;
        while locked().is_empty() {
            assert!(std::time::Instant::now() < deadline, "nobody locks it");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let done = refused(&desk, &["--path", text(&repo), "--kind", kind, "--secret-file", "password"]);
        holder.end();
        done.exits(3).says(&["backup-locked", if kind == "borg" { "borg break-lock" } else { "unlock" }]);
        let command =
            desk.command(&["backup", "prove", "--path", text(&repo), "--kind", kind]).env("PATH", "/nowhere").output();
        let err = String::from_utf8_lossy(&command.expect("it runs").stderr).into_owned();
        assert!(err.contains("backup-no-program") && err.contains("apt-get install"), "{err}");
    }
}

/// A program with its whole group.
struct Holder(std::process::Child);

trait OwnGroup {
    fn process_group_of_its_own(&mut self) -> Holder;
}

impl OwnGroup for Command {
    fn process_group_of_its_own(&mut self) -> Holder {
        use std::os::unix::process::CommandExt as _;
        use std::process::Stdio;
        let child = self.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Holder(child.expect("it starts"))
    }
}

impl Holder {
    fn end(&mut self) {
        let group = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.0.wait();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.end();
    }
}
