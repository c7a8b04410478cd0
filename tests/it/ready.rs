//! `ungpho ready`: each look through the real program, with real parts, and nothing changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use super::desk::{Desk, Done};
use super::ssh::{Machine, run, system};

/// What was looked at, by `kind what`: whether it holds.
fn looks(done: &Done) -> BTreeMap<String, String> {
    let document: Value = serde_json::from_str(&done.out).expect("one JSON document");
    assert_eq!(document["version"], 1);
    let rows = document["looks"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| {
            assert_eq!(row["remedy"].is_null(), row["holds"] == "yes", "a remedy where it does not hold: {row}");
            (format!("{} {}", text(&row["kind"]), text(&row["what"])), text(&row["holds"]))
        })
        .collect()
}

#[track_caller]
fn check(seen: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (what, holds) in expected {
        let found = seen.iter().find(|(key, _)| key.starts_with(what));
        assert_eq!(found.map(|(_, holds)| holds.as_str()), Some(*holds), "{what}\n{seen:#?}");
    }
}

/// Every file with its bytes.
fn everything(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a list").filter_map(Result::ok) {
        if entry.path().is_dir() {
            everything(&entry.path(), found);
        } else {
            found.insert(entry.path().display().to_string(), fs::read(entry.path()).unwrap_or_default());
        }
    }
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write(
        "people.yaml",
        "people:\n  - { id: lan, name: \"Lan\" }\n  - { id: binh, name: \"Bình\", until: 2020-01-01 }\n\
         roles:\n  operator: { holder: lan, deputy: lan }\n  commander: { holder: binh }\n\
         contacts_checked: 2026-01-02\n",
    );
    desk
}

#[test]
fn what_is_there_holds_what_is_not_says_what_to_do_and_nothing_changes() {
    let desk = desk();
    let _machine = Machine::of(&desk);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 503 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let copies = desk.root().join("copies");
    let copy = copies.join("night-1");
    fs::create_dir_all(&copy).expect("a folder");
    fs::write(copy.join("data"), "whole").expect("a file");
    system(
        &desk,
        &format!(
            "  stop: {{ host: app-01, argv: [sh, -c, 'true'], effect: change }}\n\
             \x20 odd: {{ host: app-01, argv: [no-such-program-there], effect: observe }}\n\
             endpoints: {{ health: \"http://127.0.0.1:{port}/\", dead: \"http://127.0.0.1:1/\", nameless: \"http://nobody.invalid/\" }}\n\
             objectives: {{ rpo: 24h }}\n\
             backups: [ {{ id: nightly, kind: files, path: \"{}\", copies: \"night-*\" }} ]\n\
             restore: {{ to: \"{}\" }}\n",
            copies.display(),
            desk.root().join("restored").display()
        ),
    );
    desk.playbook(
        "far",
        "inputs: { system: { type: system, default: one-stop } }\n\
         roles: { operator: { title: Operator }, commander: { title: Commander }, press: { title: Press } }\nsteps:\n\
         \x20 - { id: stop, run: { on: inputs.system, do: stop } }\n\
         \x20 - { id: odd, run: { on: inputs.system, do: odd } }\n\
         \x20 - { id: here, run: { argv: [no-such-program-here], effect: observe } }\n\
         \x20 - { id: root, run: { argv: [sudo, -n, \"true\"], effect: observe } }\n\
         \x20 - { id: pick, backup: { newest_good: inputs.system } }\n\
         \x20 - { id: restore, restore: { from: \"{{ steps.pick.path }}\", to: inputs.system } }\n",
    );
    let mut before = BTreeMap::new();
    everything(&desk.root(), &mut before);
    let done = run(&desk, &["ready", "far", "--technical", "--json"]).exits(1);
    let seen = looks(&done);
    check(
        &seen,
        &[
            ("role role \"Operator\"", "yes"),
            ("role role \"Commander\"", "no"),
            ("role role \"Press\"", "no"),
            ("contacts", "yes"),
            ("program program `ssh`", "yes"),
            ("program program `no-such-program-here`", "no"),
            ("host app-01 by ssh", "yes"),
            ("program program `sh` on app-01", "yes"),
            ("program program `no-such-program-there` on app-01", "no"),
            ("endpoint endpoint health", "yes"),
            ("endpoint endpoint dead", "no"),
            ("endpoint endpoint nameless", "no"),
            ("backup newest copy of one-stop", "no"),
            ("disk room to restore", "unknown"),
            ("disk room for the ledger", "yes"),
            ("key", "unknown"),
            ("runs", "yes"),
        ],
    );
    assert!(seen.keys().any(|what| what.starts_with("sudo `sudo -n -l true`")), "{seen:#?}");
    assert!(seen.keys().any(|what| what.starts_with("clock")), "{seen:#?}");
    let mut after = BTreeMap::new();
    everything(&desk.root(), &mut after);
    assert_eq!(before, after, "only looked at");
    let text = run(&desk, &["ready", "far", "--technical"]).exits(1);
    assert!(text.out.contains("fails") && text.out.contains("→"), "{}", text.out);
}

#[test]
fn a_host_that_cannot_be_reached_a_key_that_all_can_read_and_an_open_run_do_not_hold() {
    let desk = desk();
    let machine = Machine::of(&desk);
    drop(machine);
    system(&desk, "  stop: { host: app-01, argv: [sh], effect: change }\n");
    desk.playbook("far", "steps:\n  - { id: stop, run: { on: one-stop, do: stop } }\n");
    desk.playbook("wait", "steps:\n  - { id: one, title: \"Một\", manual: { do: \"Chờ\" } }\n");
    let mut waiting = desk.spawn(&["drill", "wait", "--tabletop", "--yes", "--foreground"], "");
    desk.until_kind("asked");
    let done = run(&desk, &["ready", "far", "--technical", "--json"]).exits(1);
    check(&looks(&done), &[("host app-01 by ssh", "no"), ("key", "yes"), ("runs", "no")]);
    let keys = desk.root().parent().expect("a folder").join("keys");
    let key = fs::read_dir(&keys).expect("keys").find_map(Result::ok).expect("a key").path();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let done = run(&desk, &["ready", "far", "--technical", "--json"]).exits(1);
    check(&looks(&done), &[("key", "no")]);
    fs::remove_file(&key).expect("it is ours");
    let done = run(&desk, &["ready", "far", "--technical", "--json"]).exits(1);
    check(&looks(&done), &[("key", "no")]);
    waiting.kill().expect("it is ours");
    let _ = waiting.wait();
    run(&desk, &["ready", "far", "--lab"]).exits(1).says(&["lab-not-up"]);
}
